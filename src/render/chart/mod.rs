//! Charts: numbers with labels in, a figure with a static drawing and its data
//! as a table out.
//!
//! A drawing has its geometry in attributes and its paint in classes, so one
//! drawing serves the light and the dark theme, and no style, script or number
//! of a browser is in it. Positions are rounded to a hundredth of a pixel; all
//! texts come from exact decimals.

mod bar;
mod canvas;
mod column;
mod describe;
mod history;
mod legend;
mod line;
mod marker;
mod numbers;
mod pie;
mod scale;
mod table;
mod text;

use canvas::Canvas;
pub use history::{Moment, history_svg};
use numbers::Numbers;

use super::escape::Escaped;
use crate::directive::{Chart, ChartKind};
use crate::value::{Decimal, Locale, Operand, Value};

/// What a chart needs to know of the page that it stands on.
pub struct ChartPlace<'a> {
    /// Unique on the page: `chart-1`.
    pub id: String,
    pub locale: &'a Locale,
}

/// Width of a drawing in pixels: the theme's measure within its frame.
const WIDTH: f64 = 680.0;

/// Of the drawing that stands in its place on a phone.
const NARROW: f64 = 300.0;

/// Colours that a theme has for series; after the last the first comes again.
const COLORS: usize = 8;

/// Draws a chart.
pub fn chart_html(chart: &Chart, place: &ChartPlace<'_>) -> String {
    let shape = Shape::of(chart);
    let plot = |room| Plot {
        chart,
        numbers: Numbers::new(chart, place.locale),
        room,
    };
    let (narrow, plot) = (plot(NARROW), plot(WIDTH));
    let title = Escaped(&chart.title);
    let id = Escaped(&place.id);
    let mut svg = draw(&plot, shape).svg(&place.id, &describe::describe(&plot, shape));
    let mut frame = "chart-scroll";
    if narrow.fits() {
        frame = "chart-scroll chart-two";
        svg += "\n";
        svg += &draw(&narrow, shape).svg_beside(&place.id, "chart-narrow");
    }
    let table = table::table_html(&plot, shape);
    let notes = notes(chart, shape);
    format!(
        "<figure class=\"chart\" id=\"{id}\">\n\
         <p class=\"chart-title\" id=\"{id}-title\">{title}</p>\n\
         <div class=\"{frame}\">{svg}</div>\n\
         <details class=\"chart-data\"><summary>Data as a table</summary><div class=\"table-scroll\">{table}</div></details>\n\
         {notes}</figure>\n"
    )
}

fn draw(plot: &Plot<'_>, shape: Shape) -> Canvas {
    match shape {
        Shape::Columns => column::draw(plot).unwrap_or_else(|| bar::draw(plot)),
        Shape::Line => line::draw(plot),
        Shape::Pie => pie::draw(plot),
    }
}

/// How a chart is drawn in the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shape {
    /// Upright bars where labels and values fit, else lying ones.
    Columns,
    Line,
    Pie,
}

impl Shape {
    fn of(chart: &Chart) -> Self {
        match chart.kind {
            ChartKind::Bar => Self::Columns,
            ChartKind::Line => Self::Line,
            ChartKind::Pie if why_no_pie(chart).is_some() => Self::Columns,
            ChartKind::Pie => Self::Pie,
        }
    }
}

/// Why numbers are no shares of a whole.
fn why_no_pie(chart: &Chart) -> Option<&'static str> {
    let values = || chart.series.iter().flat_map(|s| &s.values);
    if values().any(|v| number(v, chart).is_some_and(Decimal::is_negative)) {
        return Some("Drawn as bars, because a negative value is no share of a whole.");
    }
    (chart.series.len() > 1).then_some("Drawn as bars, because a pie shows one series.")
}

/// What all drawings share.
struct Plot<'a> {
    chart: &'a Chart,
    numbers: Numbers<'a>,
    /// Width of the drawing.
    room: f64,
}

impl Plot<'_> {
    /// An empty drawing. Beside the wide one the narrow one is for fingers, which
    /// don't hover, and has the same words in its table.
    fn canvas(&self) -> Canvas {
        match self.is_narrow() {
            true => Canvas::without_tips(self.room),
            false => Canvas::new(self.room),
        }
    }

    /// Whether names stand above what they name, because beside it there is no
    /// room.
    fn is_narrow(&self) -> bool {
        self.room < WIDTH
    }

    /// Whether the longest value leaves room for what it is the value of.
    fn fits(&self) -> bool {
        let mut texts = self.known().map(|n| self.numbers.with_unit(n));
        texts.all(|text| text::width(&text) <= self.room * 0.4)
    }

    /// The number at a label, if it is known and in the chart's unit.
    fn number(&self, series: usize, label: usize) -> Option<Decimal> {
        let value = self.chart.series.get(series)?.values.get(label)?;
        number(value, self.chart)
    }

    /// All known numbers, by series, then by label.
    fn known(&self) -> impl Iterator<Item = Decimal> {
        let values = self.chart.series.iter().flat_map(|s| &s.values);
        values.filter_map(|v| number(v, self.chart))
    }

    /// What stands where nothing can be drawn.
    fn missing(&self, series: usize, label: usize) -> &'static str {
        match self
            .chart
            .series
            .get(series)
            .and_then(|s| s.values.get(label))
        {
            Some(Operand::None) => "none",
            _ => "unknown",
        }
    }

    /// A mark in words: `Frame, weight: 1.2 kg`.
    fn tip(&self, series: usize, label: usize) -> String {
        let chart = self.chart;
        let value = match self.number(series, label) {
            Some(number) => self.numbers.full(number),
            None => self.missing(series, label).to_owned(),
        };
        let name = &chart.labels[label];
        match chart.series.len() {
            1 => format!("{name}: {value}"),
            _ => format!("{name}, {}: {value}", chart.series[series].name),
        }
    }
}

fn number(value: &Operand, chart: &Chart) -> Option<Decimal> {
    match value.known() {
        Some(Value::Number(quantity)) if quantity.unit == chart.unit => Some(quantity.number),
        _ => None,
    }
}

/// The class that fills a mark of a series, counted from 0.
fn color(series: usize) -> usize {
    series % COLORS + 1
}

fn notes(chart: &Chart, shape: Shape) -> String {
    let mut notes: Vec<String> = Vec::new();
    if let (ChartKind::Pie, Some(why)) = (chart.kind, why_no_pie(chart)) {
        notes.push(why.to_owned());
    }
    let unknown = |v: &&Operand| matches!(v, Operand::Unknown(_));
    match (chart.series.iter().flat_map(|s| &s.values))
        .filter(unknown)
        .count()
    {
        0 => {}
        1 if shape == Shape::Pie => notes.push("1 value is unknown and not in the shares.".into()),
        n if shape == Shape::Pie => {
            notes.push(format!("{n} values are unknown and not in the shares."))
        }
        1 => notes.push("1 value is unknown and not drawn.".into()),
        n => notes.push(format!("{n} values are unknown and not drawn.")),
    }
    match chart.left_out {
        0 => {}
        1 => notes.push(
            "1 component is left out, because a figure that the filter asks for is unknown.".into(),
        ),
        n => notes.push(format!(
            "{n} components are left out, because a figure that the filter asks for is unknown."
        )),
    }
    match notes.is_empty() {
        true => String::new(),
        false => format!("<figcaption>{}</figcaption>\n", notes.join(" ")),
    }
}

#[cfg(test)]
mod tests;
