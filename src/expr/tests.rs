//! The language on a small workshop: what formulas mean, and what is wrong
//! with those that mean nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;

use super::*;
use crate::value::{Date, Units, Value};

/// A bicycle being put together: one `frame`, several `wheel`s, at most one
/// `light`, which is empty.
struct Workshop {
    units: Units,
    frame: BTreeMap<&'static str, Operand>,
    wheels: Vec<(u64, BTreeMap<&'static str, Operand>)>,
}

fn known(text: &str) -> Operand {
    let units = Units::new();
    if let Ok(quantity) = units.parse_quantity(text) {
        return Operand::Known(Value::Number(quantity));
    }
    if let Ok(range) = units.parse_range(text) {
        return Operand::Known(Value::Range(range));
    }
    match (Date::parse(text), text) {
        (Some(date), _) => Operand::Known(Value::Date(date)),
        (None, "yes") => Operand::Known(Value::Bool(true)),
        (None, text) => Operand::Known(Value::Text(text.into())),
    }
}

fn workshop() -> Workshop {
    let row = |fields: &[(&'static str, &str)]| {
        let field = |(name, text): &(&'static str, &str)| match *text {
            "?" => (*name, Operand::unknown(format!("`{name}` is not given"))),
            text => (*name, known(text)),
        };
        fields.iter().map(field).collect::<BTreeMap<_, _>>()
    };
    let mut frame = row(&[
        ("price", "1200 USD"),
        ("weight", "2.4 kg"),
        ("wattage", "250 W"),
        ("material", "steel"),
        ("made", "2024-03-01"),
        ("limit", "60 °C"),
        ("spare", "?"),
        ("speed", "5..25 km/h"),
        ("folds", "yes"),
    ]);
    let sizes = ["26-inch", "28-inch"].map(Arc::from).into_iter().collect();
    frame.insert("sizes", Operand::Known(Value::Set(Arc::new(sizes))));
    let wheel = |price, weight, size, rating| {
        row(&[
            ("price", price),
            ("weight", weight),
            ("size", size),
            ("rating", rating),
        ])
    };
    Workshop {
        units: Units::new(),
        frame,
        wheels: vec![
            (2, wheel("150 USD", "900 g", "28-inch", "4")),
            (1, wheel("99.5 USD", "1.1 kg", "26-inch", "?")),
        ],
    }
}

fn field_type(field: &str, units: &Units) -> Option<Type> {
    let number = |unit: &str| Type::number(units.parse(unit).expect("built in"));
    let sizes: Arc<[Arc<str>]> = ["26-inch", "28-inch"].map(Arc::from).into();
    Some(match field {
        "price" => number("USD"),
        "weight" => number("kg"),
        "wattage" => number("W"),
        "rating" | "spare" => number(""),
        "limit" => number("°C"),
        "material" => Type::text(),
        "size" => Type::Text {
            choices: Some(sizes),
        },
        "sizes" => Type::Set {
            choices: Some(sizes),
        },
        "made" => Type::Date,
        "folds" => Type::Bool,
        "speed" => Type::Range {
            unit: units.parse("km/h").expect("built in"),
        },
        _ => return None,
    })
}

impl Scope for Workshop {
    fn resolve(&self, path: &[Segment]) -> Result<Resolved, NameError> {
        let names: Vec<&str> = path.iter().map(|s| s.text.as_ref()).collect();
        let id = |text: &str| Id::from(text);
        let (reference, field) = match names.as_slice() {
            ["frame", field] => (
                Ref::Slot {
                    slot: id("frame"),
                    field: id(field),
                },
                *field,
            ),
            ["light", field] => (
                Ref::Slot {
                    slot: id("light"),
                    field: id(field),
                },
                *field,
            ),
            ["wheel", field] => {
                let group = Group::Slot(id("wheel"));
                (
                    Ref::Each {
                        group,
                        field: id(field),
                    },
                    *field,
                )
            }
            ["parts", field] => (
                Ref::Each {
                    group: Group::Parts,
                    field: id(field),
                },
                *field,
            ),
            ["input", "hours"] => {
                let ty = Type::number(self.units.parse("h/d").expect("built in"));
                return Ok(Resolved {
                    reference: Ref::Input { id: id("hours") },
                    ty,
                });
            }
            _ => {
                let message = format!("there is no `{}` here", names.join("."));
                return Err(NameError::new(0, message));
            }
        };
        let ty = field_type(field, &self.units)
            .ok_or_else(|| NameError::new(1, format!("there is no field `{field}`")))?;
        Ok(Resolved { reference, ty })
    }

    fn group(&self, path: &[Segment]) -> Option<Group> {
        let [only] = path else { return None };
        match only.text.as_ref() {
            "parts" => Some(Group::Parts),
            slot @ ("frame" | "wheel" | "light") => Some(Group::Slot(slot.into())),
            _ => None,
        }
    }

    fn units(&self) -> &Units {
        &self.units
    }
}

impl Env for Workshop {
    fn value(&self, reference: &Ref) -> Operand {
        match reference {
            Ref::Slot { slot, field } if slot.as_ref() == "frame" => self
                .frame
                .get(field.as_ref())
                .cloned()
                .unwrap_or(Operand::None),
            Ref::Input { .. } => known("5 h/d"),
            _ => Operand::None,
        }
    }

    fn members(&self, group: &Group) -> Vec<Member> {
        let member = |slot: &str, component: String, quantity| Member {
            slot: Some(slot.into()),
            category: slot.into(),
            component: component.into(),
            quantity,
        };
        let wheels = self.wheels.iter().enumerate();
        let mut all: Vec<Member> = wheels
            .map(|(i, (quantity, _))| member("wheel", i.to_string(), *quantity))
            .collect();
        all.push(member("frame", "frame".to_owned(), 1));
        match group {
            Group::Slot(slot) => all.retain(|m| m.category == *slot),
            Group::Parts => {}
            _ => all.clear(),
        }
        all
    }

    fn member_value(&self, _: &Group, member: &Member, field: &str) -> Operand {
        let row = match member.component.parse::<usize>() {
            Ok(wheel) => &self.wheels[wheel].1,
            Err(_) => &self.frame,
        };
        row.get(field).cloned().unwrap_or(Operand::None)
    }
}

/// The result in the notation of formulas, or all errors.
fn run(text: &str) -> String {
    let workshop = workshop();
    let expr = match compile(text, &workshop) {
        Ok(expr) => expr,
        Err(errors) => {
            let show = |e: &ExprError| format!("{} [{}]", e.message, &text[e.range.clone()]);
            return errors.iter().map(show).collect::<Vec<_>>().join("; ");
        }
    };
    match expr.evaluate(&workshop) {
        Operand::Known(Value::Number(quantity)) => quantity.to_string(),
        Operand::Known(Value::Bool(value)) => value.to_string(),
        Operand::Known(Value::Text(text)) => format!("{text:?}"),
        Operand::Known(other) => format!("{other:?}"),
        Operand::Unknown(reason) => format!("unknown: {reason}"),
        Operand::None => "none".to_owned(),
    }
}

fn check(cases: &[(&str, &str)]) {
    for (formula, expected) in cases {
        assert_eq!(run(formula), *expected, "{formula}");
    }
}

#[test]
fn arithmetic_is_exact_and_knows_units() {
    check(&[
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("0.1 + 0.2", "0.3"),
        ("10 - 4 - 3", "3"),
        ("2 / 3", "0.666666667"),
        ("-2 / 3", "-0.666666667"),
        ("frame.weight + 300 g", "2.7 kg"),
        ("300 g + frame.weight", "2700 g"),
        ("5 min + 1 h", "65 min"),
        ("1 h + 5 min", "1.083333333 h"),
        ("(1 h + 5 min) * 12 - 12 h", "1 h"),
        ("1 inch + 1 mm - 1 inch", "0.039370079 inch"),
        ("1 mm + 1 inch - 1 inch", "1 mm"),
        ("frame.price * 80 %", "960 USD"),
        ("80 % * 50 %", "40 %"),
        ("frame.price / frame.weight", "500 USD/kg"),
        ("frame.wattage * 4 h", "1000 Wh"),
        ("1.5 kW * 2 h", "3 kWh"),
        ("3 kWh / 2 h", "1.5 kW"),
        ("0.219 USD/kWh * (2 kW * 10 h)", "4.38 USD"),
        ("0.219 USD/kWh * 2 kW * 10 h", "4.38 USD"),
        ("0 kWh + frame.wattage * input.hours * 365 d", "456.25 kWh"),
        ("1 TB / 500 GB", "2"),
        ("2 TB / 500 MB/s", "4000 s"),
        ("12 V * 3 A", "36 W"),
        ("2 m * 30 cm", "0.6 m²"),
        ("frame.limit - 20 °C", "40 K"),
        ("frame.limit + 5 K", "65 °C"),
        ("50 °F - 10 °C", "0 K"),
        ("45 dBA - 30 dBA", "15 dB"),
        ("round(66.665, 2)", "66.67"),
        ("round(-2.5)", "-3"),
        ("floor(-2.5)", "-3"),
        ("ceil(1201 g / 1 kg, 1)", "1.3"),
        ("floor(20.5 °C)", "20 °C"),
        ("abs(3 W - 5 W)", "2 W"),
        ("-frame.weight", "-2.4 kg"),
    ]);
}

#[test]
fn comparison_and_membership_convert() {
    check(&[
        ("900 GB < 1.2 TB", "true"),
        ("1 h == 60 min", "true"),
        ("50 °F == 10 °C", "true"),
        ("80 % >= 0.8", "true"),
        ("frame.made < \"2024-12-23\"", "true"),
        ("frame.made - frame.made", "0 d"),
        (
            "frame.material == 'steel' and not frame.material != 'steel'",
            "true",
        ),
        ("'28-inch' in frame.sizes", "true"),
        ("'28-inch' not in frame.sizes", "false"),
        ("frame.material in ['steel', 'titanium']", "true"),
        ("20 km/h in frame.speed", "true"),
        ("25001 m/h in frame.speed", "false"),
        ("min(frame.speed)", "5 km/h"),
        ("max(frame.speed)", "25 km/h"),
        ("if frame.folds then 1 kg else 500 g", "1 kg"),
        ("if(not frame.folds, 1 kg, 500 g)", "0.5 kg"),
        ("if 1 > 2 then 1 else if 2 > 1 then 2 else 3", "2"),
    ]);
}

#[test]
fn aggregates_weigh_by_quantity() {
    check(&[
        ("sum(wheel.price)", "399.5 USD"),
        ("sum(wheel.price * 1.1)", "439.45 USD"),
        ("count(wheel)", "3"),
        ("count(wheel.price > 100 USD)", "2"),
        ("avg(wheel.weight)", "0.966666667 kg"),
        ("min(wheel.weight)", "0.9 kg"),
        ("sum(wheel.price / count(wheel))", "133.166666667 USD"),
        ("any(wheel.size == '26-inch')", "true"),
        ("all(wheel.size in frame.sizes)", "true"),
        ("sum(parts.price)", "1599.5 USD"),
        ("count(parts)", "4"),
        ("sum(parts.wattage)", "250 W"),
        ("sum(frame.price)", "1200 USD"),
        ("max(150 USD, frame.price / 4)", "300 USD"),
        ("max(frame.made, frame.made) == frame.made", "true"),
    ]);
}

#[test]
fn unknown_spreads_and_none_is_stronger() {
    let unknown = "unknown: `spare` is not given";
    let rating = "unknown: `rating` is not given";
    check(&[
        ("frame.spare + 1", unknown),
        ("frame.spare > 1 and 1 > 2", "false"),
        ("frame.spare > 1 or 1 < 2", "true"),
        ("frame.spare > 1 and 1 < 2", unknown),
        ("not frame.spare > 1", unknown),
        ("known(frame.spare)", "false"),
        ("default(frame.spare, 4)", "4"),
        ("if frame.spare > 1 then 1 else 2", unknown),
        ("sum(wheel.rating)", rating),
        ("all(wheel.rating > 5)", "false"),
        ("any(wheel.rating > 5)", rating),
        ("light.price", "none"),
        ("light.rating + frame.spare", "none"),
        ("light.price > 1 USD and 1 > 2", "false"),
        ("light.price > 1 USD or 1 < 2", "true"),
        ("light.price > 1 USD and frame.spare > 1", "none"),
        ("known(light.price)", "false"),
        ("default(light.price, 0 USD)", "0 USD"),
        ("sum(light.price)", "0 USD"),
        ("count(light)", "0"),
        ("max(light.price)", "none"),
        ("avg(light.weight)", "none"),
        ("all(light.price > 1 USD)", "true"),
        ("any(light.price > 1 USD)", "false"),
        ("max(light.price, 2 USD)", "none"),
        (
            "1 / (frame.weight - 2400 g)",
            "unknown: division by zero: `(frame.weight - 2400 g)` is 0",
        ),
    ]);
}

#[test]
fn mistakes_are_named_where_they_are() {
    check(&[
        (
            "frame.wattage + 3 kg",
            "`W` and `kg` can't be added or subtracted [3 kg]",
        ),
        (
            "frame.price + 5 EUR",
            "`USD` and `EUR` can't be added or subtracted [5 EUR]",
        ),
        (
            "frame.price > 0",
            "`USD` and plain numbers can't be compared [0]",
        ),
        ("20 °C + 20 °C", "two figures in `°C` have no sum [20 °C]"),
        (
            "5 K - 20 °C",
            "`°C` can't be taken from a difference [20 °C]",
        ),
        (
            "sum(wheel.price) + frame.limit * 2",
            "`*` makes no sense of a point on a scale, as `°C` is [frame.limit]",
        ),
        (
            "30 dBA + 30 dBA",
            "two figures in `dBA` have no sum [30 dBA]",
        ),
        (
            "frame.limit > 20 K",
            "`°C` and `K` can't be compared [20 K]",
        ),
        (
            "wheel.price + 1 USD",
            "`wheel.price` is a figure of several parts, not of one [wheel.price]",
        ),
        (
            "sum(wheel.price * parts.price)",
            "one aggregate goes over the parts of one group [parts.price]",
        ),
        (
            "sum(1 + 2)",
            "`sum` goes over several parts, and `1 + 2` is one figure [1 + 2]",
        ),
        ("1 < 2 < 3", "comparisons can't be chained [<]"),
        ("1 +2", "`+` needs a space on both sides [+]"),
        ("frame.wheight", "there is no field `wheight` [wheight]"),
        ("5 kgg", "there is no unit `kgg` [kgg]"),
        (
            "5 kgg + 3 qq",
            "there is no unit `kgg` [kgg]; there is no unit `qq` [qq]",
        ),
        (
            "frame.material < 'x'",
            "a text has no order [frame.material < 'x']",
        ),
        (
            "frame.material == 5",
            "a text and a plain number can't be compared [5]",
        ),
        (
            "any(wheel.size == '27-inch')",
            "`27-inch` is none of the choices ['27-inch']",
        ),
        ("frame.made < 'soon'", "`soon` is no date ['soon']"),
        ("summ(wheel.price)", "there is no function `summ` [summ]"),
        ("abs(1, 2)", "`abs` doesn't take 2 arguments [abs(1, 2)]"),
        ("1 / 0", "division by zero [0]"),
        (
            "1 and 2",
            "a condition must be true or false, this is a plain number [1]; a condition must be true or false, this is a plain number [2]",
        ),
        (
            "if 1 > 2 then 1 else 'a'",
            "both branches must be of one type ['a']",
        ),
        (
            "round(1.5, 10)",
            "decimals are a whole number from 0 to 9 [10]",
        ),
        ("(1 + 2", "the formula ends where `)` is expected []"),
        ("1 2", "expected an operator, found `2` [2]"),
        (
            "",
            "the formula ends where a figure, a name or a number is expected []",
        ),
        ("a && b", "a formula can't hold `&&` here [&&]"),
        (
            "frame.speed == 5 km/h",
            "a range in `km/h` and a number in `km/h` can't be compared [5 km/h]",
        ),
    ]);
}

#[test]
fn depth_and_length_are_limited() {
    let nested = format!("{}1{}", "(".repeat(60), ")".repeat(60));
    assert_eq!(run(&nested), "1");
    let deep = format!("{}1{}", "(".repeat(5000), ")".repeat(5000));
    assert_eq!(run(&deep[..4000]), "this formula nests too deeply [(]");
    assert_eq!(run(&deep), "a formula has 4096 bytes at most []");
    let chain = vec!["1"; 99].join(" + ");
    assert_eq!(run(&chain), "99");
    let chain = vec!["1"; 300].join(" + ");
    assert!(run(&chain).starts_with("this formula nests too deeply"));
    assert!(run(&"-".repeat(3000)).starts_with("this formula nests too deeply"));
    assert!(run(&"not ".repeat(900)).starts_with("this formula nests too deeply"));
    let huge = ["9999999999999999999"; 5].join(" * ");
    assert_eq!(
        run(&huge),
        format!(
            "unknown: `{}` has more digits than fit",
            ["9999999999999999999"; 3].join(" * ")
        )
    );
}

#[test]
fn a_mistake_is_shown_in_the_file() {
    use crate::diag::{SourceFile, Span, Spanned};
    let text = "where = \"frame.wattage + 3 kg\"\nw = \"'\\u0061' + 3 kg\"";
    let file = SourceFile::new("a.md", text);
    let formula = Spanned::new("frame.wattage + 3 kg", Span::new(&file, 8..30));
    let error = compile(&formula, &workshop())
        .expect_err("units clash")
        .remove(0);
    let diagnostic = error.into_diagnostic(&formula);
    assert_eq!(
        diagnostic.span.map(|s| s.text().to_owned()),
        Some("3 kg".to_owned())
    );
    assert_eq!(diagnostic.secondary[0].span.text(), "frame.wattage");
    let escaped = Spanned::new("'a' + 3 kg", Span::new(&file, 35..54));
    let error = compile(&escaped, &workshop())
        .expect_err("a text")
        .remove(0);
    let diagnostic = error.into_diagnostic(&escaped);
    assert_eq!(diagnostic.span.map(|s| s.range), Some(35..54));
}

#[test]
fn dependencies_are_listed() {
    let expr =
        compile("sum(wheel.price) + frame.price * count(parts)", &workshop()).expect("is right");
    let found = expr.dependencies();
    let refs: Vec<String> = found.refs.iter().map(ToString::to_string).collect();
    assert_eq!(refs, ["wheel.price", "frame.price"]);
    let groups: Vec<String> = found.groups.iter().map(ToString::to_string).collect();
    assert_eq!(groups, ["wheel", "parts"]);
}

proptest! {
    #[test]
    fn any_text_compiles_or_not_without_a_panic(text in ".{0,60}") {
        run(&text);
    }

    #[test]
    fn any_words_compile_or_not_without_a_panic(
        words in prop::collection::vec(prop::sample::select(vec![
            "frame.price", "wheel.price", "parts.weight", "light.price", "frame.speed", "frame.sizes",
            "1", "2 kg", "0", "-3 °C", "80 %", "5 USD", "'steel'", "['a']", "+", "-", "*", "/", "(", ")",
            ",", "<", "==", "in", "and", "or", "not", "if", "then", "else", "sum(", "max(", "count(wheel)",
            "avg(", "any(", "round(", "default(", "known(", "true", "frame.made", "frame.spare",
        ]), 0..14),
    ) {
        run(&words.join(" "));
    }
}
