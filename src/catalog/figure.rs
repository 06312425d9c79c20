//! Figures: one value of one field of one component, with source and date.

mod measured;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::example::{plain_number, wanted};
use super::schema::{Field, FieldKind, declared_here};
use crate::diag::{Code, Diagnostic, Span, help_nearest};
use crate::parse::{Kind, Node, Reader};
use crate::value::{Date, Decimal, Operand, Quantity, Type, UnitError, Units, Value};

use measured::{missing_unit, quantity, range};

/// A figure, its origin and its place.
#[derive(Clone, Debug)]
pub struct Figure {
    pub value: Operand,
    pub source: Option<Arc<str>>,
    pub as_of: Option<Date>,
    /// Where it is given; none for defaults, derived figures and missing ones.
    pub span: Option<Span>,
}

/// Reads a figure: a value alone, or a table of value, source and date.
pub fn read_figure(
    field: &Field,
    node: &Node,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Option<Figure> {
    let mut figure = Figure {
        value: Operand::None,
        source: None,
        as_of: None,
        span: Some(node.span.clone()),
    };
    let value = match &node.kind {
        Kind::Table(table) => {
            let reader = Reader::new(table, "a figure");
            let value = reader.node("value");
            figure.source = reader.string("source").map(|s| s.value);
            figure.as_of = read_date(&reader, "as_of");
            if value.is_none() {
                let message = format!("the figure of `{}` has no `value`", field.name.value);
                reader.report(Diagnostic::error(
                    Code::MissingKey,
                    node.span.clone(),
                    message,
                ));
            }
            reader.finish(sink);
            parse_value(field, value?, units, sink)?
        }
        _ => parse_value(field, node, units, sink)?,
    };
    figure.value = Operand::Known(value);
    Some(figure)
}

/// A date under a key; what is no date is reported.
pub fn read_date(reader: &Reader<'_>, key: &'static str) -> Option<Date> {
    let text = reader.date(key)?;
    let date = Date::parse(&text);
    if date.is_none() {
        let message = format!(
            "`{key}` must be a date such as `2024-12-23`, found `{}`",
            text.value
        );
        let help = date_help(&text);
        reader.report(Diagnostic::error(Code::InvalidValue, text.span, message).help(help));
    }
    date
}

/// What to do about a figure that nobody knows.
const LEAVE_OUT: &str = "leave it out where it is not known: it is shown as unknown";
/// Texts that say so.
const UNKNOWN: [&str; 9] = ["", "-", "–", "?", "n/a", "na", "tba", "tbd", "unknown"];

fn date_help(text: &str) -> String {
    let date = meant_date(text).map_or_else(|| "YYYY-MM-DD".to_owned(), |date| date.to_string());
    format!("write the year, the month and the day: `{date}`")
}

/// The day that a date in another order means, `1.3.2026`, or the first of a
/// month, `2026-03`.
fn meant_date(text: &str) -> Option<Date> {
    let parts: Vec<&str> = text.split(['.', '-', '/']).collect();
    let (year, month, day) = match parts[..] {
        [year, month] if year.len() == 4 => (year, month, "1"),
        [year, month, day] if year.len() == 4 => (year, month, day),
        // With slashes the day may come first or second.
        [day, month, year] if year.len() == 4 && text.contains('.') => (year, month, day),
        _ => return None,
    };
    Date::parse(&format!("{year}-{month:0>2}-{day:0>2}"))
}

/// Reads a value by the type of its field.
pub fn parse_value(
    field: &Field,
    node: &Node,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Option<Value> {
    let parsed = match (field.kind, &node.kind) {
        (FieldKind::Text, Kind::String(s)) => Ok(Value::Text(Arc::clone(s))),
        (FieldKind::Url, Kind::String(s)) => url(s),
        (FieldKind::Bool, Kind::Bool(b)) => Ok(Value::Bool(*b)),
        (FieldKind::Bool, Kind::String(s)) => Err(no_bool(field, s)),
        (FieldKind::Date, Kind::Date(s) | Kind::String(s)) => {
            Date::parse(s).map(Value::Date).ok_or_else(|| Problem {
                help: Some(date_help(s)),
                ..Problem::value(format!("`{s}` is not a day"))
            })
        }
        (_, Kind::Null) if !field.required => Err(Problem {
            help: Some(LEAVE_OUT.to_owned()),
            ..Problem::value(format!("`{}` holds nothing", field.name.value))
        }),
        (FieldKind::Integer, Kind::Number(s) | Kind::String(s)) => integer(s),
        (FieldKind::Number, Kind::Number(s) | Kind::String(s)) => number(s),
        (FieldKind::Quantity | FieldKind::Money, Kind::String(s)) => quantity(field, s, units),
        (FieldKind::Quantity | FieldKind::Money, Kind::Number(s)) => Err(missing_unit(field, s)),
        (FieldKind::Range, Kind::String(s)) => range(field, s, units),
        (FieldKind::Choice, Kind::String(s)) => choice(field, s).map(Value::Text),
        (FieldKind::Set, Kind::Array(items)) => set(field, items, sink),
        (FieldKind::List, Kind::Array(items)) => texts(items).map(|l| Value::List(l.into())),
        (FieldKind::Derived, _) => Err(Problem::value(format!(
            "`{}` is computed by its formula and can't be given",
            field.name.value
        ))),
        (_, kind) => Err(Problem::value(format!(
            "`{}` must be {}, found {}",
            field.name.value,
            wanted(field),
            kind.name()
        ))),
    };
    match parsed.map(|value| round_declared(field, node, value, sink)) {
        Ok(value) => Some(value),
        Err(problem) if problem.reported => None,
        Err(problem) => {
            let (span, text) = declared_here(field);
            sink.push(
                Diagnostic::error(problem.code, node.span.clone(), problem.message)
                    .label(problem.label)
                    .also(span, text)
                    .help_if(problem.help),
            );
            None
        }
    }
}

/// `yes` and `no` are texts in YAML 1.2, as they are in TOML.
fn no_bool(field: &Field, text: &str) -> Problem {
    let meant = match text.to_ascii_lowercase().as_str() {
        "yes" | "y" | "on" | "true" => Some(true),
        "no" | "n" | "off" | "false" => Some(false),
        _ => None,
    };
    Problem {
        help: meant.map(|meant| format!("write `{meant}`, without quotes")),
        ..Problem::value(format!(
            "`{}` must be {}, found `{text}`",
            field.name.value,
            wanted(field)
        ))
    }
}

/// Why a text is no value of its field.
struct Problem {
    code: Code,
    message: String,
    label: String,
    help: Option<String>,
    /// Whether it was reported elsewhere.
    reported: bool,
}

impl Problem {
    fn value(message: impl Into<String>) -> Self {
        Self {
            code: Code::InvalidValue,
            message: message.into(),
            label: String::new(),
            help: None,
            reported: false,
        }
    }

    fn unit(error: UnitError) -> Self {
        Self {
            code: Code::UnknownUnit,
            help: error.help,
            reported: error.reported,
            ..Self::value(error.message)
        }
    }
}

fn number(text: &str) -> Result<Value, Problem> {
    let number = Decimal::parse(&text.replace('_', ""));
    let number = number.ok_or_else(|| Problem {
        help: plain_help(text),
        ..Problem::value(format!("`{text}` is not a plain number"))
    })?;
    Ok(Value::Number(Quantity::plain(number)))
}

/// The number alone, without separators and words.
fn plain_help(text: &str) -> Option<String> {
    if UNKNOWN.contains(&text.trim().to_lowercase().as_str()) {
        return Some(LEAVE_OUT.to_owned());
    }
    let end = text.find(|c: char| !(c.is_ascii_digit() || ".,'".contains(c)));
    let number = plain_number(&text[..end.unwrap_or(text.len())])?;
    (!number.is_empty()).then(|| format!("write the number alone: `{number}`"))
}

fn integer(text: &str) -> Result<Value, Problem> {
    match number(text)? {
        Value::Number(q) if q.number.is_integer() => Ok(Value::Number(q)),
        _ => Err(Problem::value(format!("`{text}` is not a whole number"))),
    }
}

fn url(text: &Arc<str>) -> Result<Value, Problem> {
    if crate::config::is_base_url(text.split(['?', '#']).next().unwrap_or_default()) {
        return Ok(Value::Text(Arc::clone(text)));
    }
    Err(Problem {
        help: Some("an address starts with `https://` or `http://`".to_string()),
        ..Problem::value(format!("`{text}` is not an address"))
    })
}

fn choice(field: &Field, text: &Arc<str>) -> Result<Arc<str>, Problem> {
    let Some(options) = field.options() else {
        return Ok(Arc::clone(text));
    };
    if let Some(option) = options.iter().find(|o| *o == text) {
        return Ok(Arc::clone(option));
    }
    Err(Problem {
        help: help_nearest(text, options.iter().map(AsRef::as_ref)),
        ..Problem::value(format!(
            "`{text}` is not an option of `{}`",
            field.name.value
        ))
    })
}

fn texts(items: &[Node]) -> Result<Vec<Arc<str>>, Problem> {
    (items.iter())
        .map(|item| match &item.kind {
            Kind::String(s) | Kind::Number(s) | Kind::Date(s) => Ok(Arc::clone(s)),
            other => Err(Problem::value(format!(
                "a list holds texts, found {}",
                other.name()
            ))),
        })
        .collect()
}

/// Each wrong option is reported at its own place.
fn set(field: &Field, items: &[Node], sink: &mut Vec<Diagnostic>) -> Result<Value, Problem> {
    let mut options = BTreeSet::new();
    let mut reported = false;
    for (item, text) in items.iter().zip(texts(items)?) {
        match choice(field, &text) {
            Ok(option) => {
                options.insert(option);
            }
            Err(problem) => {
                reported = true;
                let (span, text) = declared_here(field);
                sink.push(
                    Diagnostic::error(problem.code, item.span.clone(), problem.message)
                        .also(span, text)
                        .help_if(problem.help),
                );
            }
        }
    }
    match reported {
        true => Err(Problem {
            reported,
            ..Problem::value("")
        }),
        false => Ok(Value::Set(Arc::new(options))),
    }
}

/// A field that declares its decimals is rounded to them once, and the author
/// is told.
fn round_declared(field: &Field, node: &Node, value: Value, sink: &mut Vec<Diagnostic>) -> Value {
    let (Value::Number(quantity), Some(decimals), Type::Number { .. }) =
        (&value, field.decimals, &field.ty)
    else {
        return value;
    };
    let rounded = quantity.number.round(decimals);
    if rounded == quantity.number {
        return value;
    }
    let message = format!(
        "`{}` keeps {decimals} decimals: {} becomes {rounded}",
        field.name.value, quantity.number
    );
    let (span, text) = declared_here(field);
    sink.push(Diagnostic::warning(Code::InvalidValue, node.span.clone(), message).also(span, text));
    Value::Number(Quantity::new(rounded, quantity.unit.clone()))
}
