use super::*;
use crate::directive::MOST_DIGITS;
use crate::directive::Series;
use crate::value::{Quantity, Unit, Units};

pub fn unit(symbol: &str) -> Unit {
    Units::new().parse(symbol).expect(symbol)
}

/// `?` is unknown, `-` alone is none.
pub fn series(name: &str, symbol: &str, values: &[&str]) -> Series {
    let operand = |text: &&str| match *text {
        "?" => Operand::unknown("`weight` is not given"),
        "-" => Operand::None,
        text => {
            let number = Decimal::parse(text).expect(text);
            Operand::Known(Value::Number(Quantity::new(number, unit(symbol))))
        }
    };
    Series {
        name: name.into(),
        values: values.iter().map(operand).collect(),
    }
}

pub fn chart(kind: ChartKind, symbol: &str, labels: &[&str], rows: &[(&str, &[&str])]) -> Chart {
    Chart {
        kind,
        title: "Frames".into(),
        unit: unit(symbol),
        decimals: None,
        labels: labels.iter().map(|l| (*l).into()).collect(),
        series: rows
            .iter()
            .map(|(name, values)| series(name, symbol, values))
            .collect(),
        left_out: 0,
    }
}

pub fn bars(symbol: &str, values: &[&str]) -> Chart {
    let labels: Vec<String> = (1..=values.len()).map(|i| format!("Frame {i}")).collect();
    let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
    chart(ChartKind::Bar, symbol, &labels, &[("Weight", values)])
}

pub fn numbers_of<'a>(chart: &'a Chart, locale: &'a Locale) -> Numbers<'a> {
    Numbers::new(chart, locale)
}

fn html(chart: &Chart) -> String {
    let locale = Locale::new("en");
    let place = ChartPlace {
        id: "chart-1".to_owned(),
        locale: &locale,
    };
    chart_html(chart, &place)
}

/// The drawing of a chart, which must be XML with every number in bounds.
fn drawing(chart: &Chart) -> String {
    let html = html(chart);
    let drawings: Vec<&str> = html
        .split_inclusive("</svg>")
        .filter_map(|part| Some(&part[part.find("<svg")?..]))
        .collect();
    for svg in &drawings {
        check_drawing(svg);
    }
    drawings.first().expect("a drawing").to_string()
}

fn check_drawing(svg: &str) {
    let document = roxmltree::Document::parse(svg).expect("well-formed");
    let root = document.root_element();
    let length = |name: &str| -> f64 {
        let length = root.attribute(name).and_then(|h| h.parse().ok());
        length.expect("a length")
    };
    let (room, height) = (length("width"), length("height"));
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        for attribute in node.attributes() {
            assert_ne!(attribute.name(), "style", "the policy forbids it");
            let bound = match attribute.name() {
                "x" | "x1" | "x2" | "width" => room,
                "y" | "y1" | "y2" | "height" => height,
                _ => continue,
            };
            let value: f64 = attribute.value().parse().expect("a number");
            assert!(
                (-0.01..=bound + 0.01).contains(&value),
                "{attribute:?} in {svg}"
            );
        }
        if node.has_tag_name("text") {
            within(&node, room, svg);
        }
    }
}

/// A text of one line lies in the drawing, as far as widths can be estimated.
fn within(node: &roxmltree::Node<'_, '_>, room: f64, svg: &str) {
    let Some(x) = node.attribute("x").and_then(|x| x.parse::<f64>().ok()) else {
        return;
    };
    let own = node.children().filter(|c| !c.has_tag_name("title"));
    let text: String = own
        .flat_map(|c| c.descendants())
        .filter(roxmltree::Node::is_text)
        .filter_map(|t| t.text())
        .collect();
    let width = text::width(&text);
    let (left, right) = match node.attribute("text-anchor") {
        None => (x, x + width),
        Some("middle") => (x - width / 2.0, x + width / 2.0),
        Some(_) => (x - width, x),
    };
    assert!(
        left >= -1.0 && right <= room + 1.0,
        "`{text}` from {left} to {right} in {svg}"
    );
}

const KINDS: [ChartKind; 3] = [ChartKind::Bar, ChartKind::Line, ChartKind::Pie];

#[test]
fn odd_numbers_are_drawn_within_bounds() {
    let huge = "9".repeat(MOST_DIGITS as usize);
    let low = format!("-{huge}");
    let cases: &[&[&str]] = &[
        &["5"],
        &["0"],
        &["?"],
        &["-"],
        &["5", "5", "5"],
        &["0", "0"],
        &["?", "?", "-"],
        &["-4", "3", "?"],
        &["-4", "-7"],
        &["-1000000", "1", "?"],
        &[&huge, "1"],
        &[&huge, &low],
        &[
            "0.0000000000000000000000000001",
            "0.0000000000000000000000000002",
        ],
        &["1", "0.000000001", "1000000000000"],
        &["100", "100.000000001"],
    ];
    for kind in KINDS {
        for unit in ["", "kg", "USD", "USD/kWh", "%"] {
            for values in cases {
                let mut chart = bars(unit, values);
                chart.kind = kind;
                drawing(&chart);
            }
        }
    }
}

#[test]
fn many_marks_are_drawn_within_bounds() {
    let values: Vec<String> = (0..500).map(|i| format!("{}", i * i - 900)).collect();
    let values: Vec<&str> = values.iter().map(String::as_str).collect();
    let positive: Vec<&str> = values[31..].to_vec();
    for kind in KINDS {
        for values in [&values, &positive] {
            let mut chart = bars("W", values);
            chart.kind = kind;
            drawing(&chart);
        }
        let names: Vec<String> = (0..30)
            .map(|i| format!("A series with a long name, number {i}"))
            .collect();
        let rows: Vec<(&str, &[&str])> = names
            .iter()
            .map(|n| (n.as_str(), &["1", "?", "3"][..]))
            .collect();
        drawing(&chart(
            kind,
            "W",
            &["Idle", "Climbing a steep hill", "Descent"],
            &rows,
        ));
    }
}

#[test]
fn hostile_texts_are_escaped() {
    let label = "<script>alert('&\"')</script>";
    for kind in KINDS {
        let mut chart = chart(
            kind,
            "kg",
            &[label, "b", label],
            &[(label, &["1", "?", "3"]), (label, &["-1", "2", "3"])],
        );
        chart.title = label.into();
        drawing(&chart);
        chart.series.truncate(1);
        drawing(&chart);
        let html = html(&chart);
        assert!(!html.contains("<script"), "{html}");
        assert!(html.contains("&lt;script&gt;"));
        assert!(!html.contains("style="));
    }
}

#[test]
fn equal_charts_are_equal_bytes() {
    for kind in KINDS {
        let mut chart = bars("kg", &["1.37", "2.2", "?", "3.14159"]);
        chart.kind = kind;
        assert_eq!(html(&chart), html(&chart.clone()));
    }
}

#[test]
fn an_unknown_value_is_never_a_bar() {
    let svg = drawing(&bars("kg", &["2", "?", "0"]));
    assert_eq!(svg.matches("<rect").count(), 1);
    assert_eq!(svg.matches("class=\"chart-unknown\"").count(), 1);
    assert!(svg.contains(">unknown</text>") && svg.contains(">0</text>"));
    let html = html(&bars("kg", &["2", "?", "0"]));
    assert!(html.contains("<figcaption>1 value is unknown and not drawn.</figcaption>"));
}

#[test]
fn an_unknown_value_breaks_a_line() {
    let mut chart = bars("kg", &["1", "2", "?", "4", "5"]);
    chart.kind = ChartKind::Line;
    let svg = drawing(&chart);
    let line = svg
        .lines()
        .find(|l| l.contains("chart-line"))
        .expect("a line");
    assert_eq!(line.matches('M').count(), 2);
    assert_eq!(svg.matches("chart-point").count(), 4);
}

#[test]
fn negative_shares_become_bars() {
    let mut chart = bars("kg", &["1", "-2"]);
    chart.kind = ChartKind::Pie;
    let html = html(&chart);
    assert!(html.contains("<desc id=\"chart-1-desc\">Bar chart of Weight for 2 labels. Highest: Frame 1: 1\u{a0}kg. Lowest: Frame 2: \u{2212}2\u{a0}kg."), "{html}");
    assert!(html.contains("because a negative value is no share of a whole"));
}

#[test]
fn shares_have_percent_and_value() {
    let mut chart = bars("USD", &["50", "30", "20", "?", "0"]);
    chart.kind = ChartKind::Pie;
    let svg = drawing(&chart);
    assert_eq!(svg.matches("chart-slice").count(), 3);
    assert_eq!(svg.matches("chart-empty").count(), 2);
    for text in ["50%", "$30", "$100", "known", "unknown"] {
        assert!(svg.contains(&format!(">{text}</text>")), "{text} in {svg}");
    }
}

#[test]
fn the_smallest_of_many_shares_have_one_colour() {
    let mut chart = bars(
        "W",
        &["10", "1", "20", "30", "40", "50", "60", "70", "2", "3"],
    );
    chart.kind = ChartKind::Pie;
    let svg = drawing(&chart);
    assert_eq!(svg.matches("chart-slice").count(), 8);
    assert!(svg.contains("<title>3 others: 2%</title>"), "{svg}");
    assert_eq!(svg.matches("<rect class=\"series-8\"").count(), 3);
}

#[test]
fn the_table_is_complete() {
    let rows: &[(&str, &[&str])] = &[("Idle", &["1.5", "?"]), ("Load", &["-", "4000"])];
    let html = html(&chart(ChartKind::Line, "W", &["Uphill", "Downhill"], rows));
    let missing = |word| {
        format!(
            "<td class=\"num unknown\"><span aria-hidden=\"true\">—</span><span class=\"vh\">{word}</span></td>"
        )
    };
    for part in [
        "<th scope=\"col\" class=\"num\">Idle</th><th scope=\"col\" class=\"num\">Load</th>"
            .to_owned(),
        format!(
            "<tr><th scope=\"row\">Uphill</th><td class=\"num\">1.5\u{a0}W</td>{}</tr>",
            missing("none")
        ),
        format!(
            "<tr><th scope=\"row\">Downhill</th>{}<td class=\"num\">4,000\u{a0}W</td></tr>",
            missing("unknown")
        ),
    ] {
        assert!(html.contains(&part), "{part} in {html}");
    }
}

#[test]
fn short_labels_stand_and_long_ones_lie() {
    let rows: &[(&str, &[&str])] = &[("Speed", &["3.5", "7.4", "12.4"])];
    let upright = drawing(&chart(
        ChartKind::Bar,
        "km/h",
        &["Gravel", "Road", "Track"],
        rows,
    ));
    let long = "A bicycle with a name that is much too long for its place under a bar";
    let lying = drawing(&chart(
        ChartKind::Bar,
        "km/h",
        &[long, "Road", "Track"],
        rows,
    ));
    assert!(upright.contains("text-anchor=\"middle\">Gravel</text>"));
    assert!(lying.contains("text-anchor=\"end\">Road</text>"));
    assert!(lying.contains(&format!("<title>{long}</title>")), "{lying}");
}

#[test]
fn numbers_follow_the_language() {
    let locale = Locale::new("de");
    let place = ChartPlace {
        id: "chart-1".to_owned(),
        locale: &locale,
    };
    let html = chart_html(&bars("kg", &["1234.5", "2"]), &place);
    assert!(
        html.contains(">1.234,5</text>") && html.contains("1.234,5\u{a0}kg</td>"),
        "{html}"
    );
}
