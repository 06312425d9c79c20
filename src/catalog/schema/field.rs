//! A field of a schema: what its declaration says.

use std::sync::Arc;

use super::kind::{FieldKind, check_options, kind_of, parse_unit, type_of};
use crate::catalog::figure::parse_value;
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::expr::Expr;
use crate::parse::{Node, Reader, Table};
use crate::value::{Choices, Type, Unit, Units, Value};

/// A typed, labelled column.
#[derive(Clone, Debug)]
pub struct Field {
    pub name: Spanned<Arc<str>>,
    /// Names that it had in earlier editions.
    pub former: Vec<Spanned<Arc<str>>>,
    pub kind: FieldKind,
    /// The type that formulas see. Of a derived field it is known once its
    /// formula is compiled; until then it is text.
    pub ty: Type,
    /// The unit as declared: the one in which figures are shown.
    pub unit: Option<Unit>,
    pub label: Arc<str>,
    /// The label in narrow columns.
    pub short: Option<Arc<str>>,
    pub better: Option<Better>,
    pub required: bool,
    pub default: Option<Value>,
    /// Whether it has a default that can't be read.
    pub lost_default: bool,
    pub group: Option<Arc<str>>,
    pub decimals: Option<u8>,
    pub help: Option<Arc<str>>,
    /// In days.
    pub max_age: Option<i64>,
    pub formula: Option<Spanned<Arc<str>>>,
    /// The compiled formula of a derived field.
    pub expr: Option<Arc<Expr>>,
}

impl Field {
    pub fn short_label(&self) -> &Arc<str> {
        self.short.as_ref().unwrap_or(&self.label)
    }

    pub fn is_number(&self) -> bool {
        matches!(self.ty, Type::Number { .. })
    }

    fn choices(&self) -> Option<&Choices> {
        match &self.ty {
            Type::Text { choices } | Type::Set { choices } => Some(choices),
            _ => None,
        }
    }

    /// The allowed texts of a choice or a set.
    pub fn options(&self) -> Option<&[Arc<str>]> {
        self.choices()?.as_deref()
    }
}

/// Which way a figure is better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Higher,
    Lower,
}

/// Reads a declaration; none where the type of the field can't be told.
pub(super) fn read_field(
    name: &Spanned<Arc<str>>,
    table: &Table,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Option<Field> {
    let reader = Reader::new(table, "a field");
    let Some(mut field) = field_of(&reader, name, units) else {
        reader.finish_quietly(sink);
        return None;
    };
    let default = reader.node("default");
    reader.finish(sink);
    if let Some(node) = default {
        field.default = default_of(&field, node, units, sink);
        field.lost_default = field.default.is_none();
    }
    Some(field)
}

/// A field without its default; none where its type can't be told.
fn field_of(reader: &Reader<'_>, name: &Spanned<Arc<str>>, units: &Units) -> Option<Field> {
    let formula = reader.string("formula");
    let kind = kind_of(reader, name, formula.as_ref());
    let unit_name = reader.string("unit");
    let unit = unit_name
        .as_ref()
        .and_then(|u| parse_unit(u, units, reader));
    let options = reader.strings("options");
    if let (Some(kind), Some(options)) = (kind, &options) {
        check_options(kind, options, reader);
    }
    let ty = type_of(
        reader,
        name,
        kind,
        unit.clone(),
        unit_name.as_ref(),
        options,
    );
    let mut field = Field {
        name: name.clone(),
        former: reader.strings("former").unwrap_or_default(),
        kind: kind?,
        ty: ty?,
        unit,
        label: (reader.string("label")).map_or_else(|| humanise(&name.value), |l| l.value),
        short: reader.string("short").map(|s| s.value),
        better: better_of(reader).filter(|_| has_order(kind, reader)),
        required: reader.bool("required").unwrap_or(false) && is_given(kind, reader),
        default: None,
        lost_default: false,
        group: reader.string("group").map(|g| g.value),
        decimals: decimals_of(reader),
        help: reader.string("help").map(|h| h.value),
        max_age: max_age_of(reader, units),
        formula,
        expr: None,
    };
    if let Type::Number { decimals, .. } = &mut field.ty {
        *decimals = match field.kind {
            FieldKind::Integer => Some(0),
            _ => field.decimals,
        };
    }
    Some(field)
}

/// Whether one figure of a type can be better than another; reported where
/// `better` is given and none can.
fn has_order(kind: Option<FieldKind>, reader: &Reader<'_>) -> bool {
    use FieldKind::{Choice, List, Set, Text, Url};
    let Some(kind @ (Choice | List | Set | Text | Url)) = kind else {
        return true;
    };
    if let Some(node) = reader.table().get("better") {
        let message = format!("of figures of type `{}` none is better", kind.name());
        reader.report(
            Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                .help("leave `better` out"),
        );
    }
    false
}

/// Whether a field's figures are given; reported where one that is computed is
/// required.
fn is_given(kind: Option<FieldKind>, reader: &Reader<'_>) -> bool {
    if kind != Some(FieldKind::Derived) {
        return true;
    }
    if let Some(node) = reader.table().get("required") {
        let message = "a derived field is never given, and can't be `required`";
        reader.report(
            Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                .help("require the fields that its formula uses"),
        );
    }
    false
}

/// `max_speed` and `max-speed` are "Max speed".
pub fn humanise(name: &str) -> Arc<str> {
    let words = name.replace(['_', '-'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first
            .to_uppercase()
            .chain(letters)
            .collect::<String>()
            .into(),
        None => "".into(),
    }
}

/// Reads `better`: `higher` or `lower`.
pub fn better_of(reader: &Reader<'_>) -> Option<Better> {
    let better = reader.string("better")?;
    match better.value.as_ref() {
        "higher" => Some(Better::Higher),
        "lower" => Some(Better::Lower),
        other => {
            let message = format!("`better` must be `higher` or `lower`, found `{other}`");
            reader.report(Diagnostic::error(
                Code::InvalidValue,
                better.span.clone(),
                message,
            ));
            None
        }
    }
}

/// How many decimals a field may have.
const MOST_DECIMALS: i64 = 9;

/// Reads `decimals`, 0 to 9.
pub fn decimals_of(reader: &Reader<'_>) -> Option<u8> {
    let decimals = reader.integer_in("decimals", 0..=MOST_DECIMALS)?;
    u8::try_from(decimals.value).ok()
}

fn max_age_of(reader: &Reader<'_>, units: &Units) -> Option<i64> {
    let text = reader.string("max_age")?;
    let day = units.parse("d").ok()?;
    let days = units
        .parse_quantity(&text)
        .ok()
        .and_then(|q| q.convert_rounded(&day, 0).ok())
        .and_then(|q| i64::try_from(q.number.to_integer(0)?).ok());
    if days.is_none_or(|d| d <= 0) {
        let message = format!(
            "`max_age` must be a time such as `180 d`, found `{}`",
            text.value
        );
        reader.report(Diagnostic::error(
            Code::InvalidValue,
            text.span.clone(),
            message,
        ));
    }
    days
}

fn default_of(
    field: &Field,
    node: &Node,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Option<Value> {
    if field.kind == FieldKind::Derived {
        let message = "a derived field has no `default`: write `default(…)` in its formula";
        sink.push(Diagnostic::error(
            Code::InvalidValue,
            node.span.clone(),
            message,
        ));
        return None;
    }
    parse_value(field, node, units, sink)
}

/// The place of a field's declaration, for second labels.
pub fn declared_here(field: &Field) -> (Span, String) {
    let unit = match &field.unit {
        Some(unit) => format!(" in `{}`", unit.symbol()),
        None => String::new(),
    };
    let text = format!(
        "`{}` is declared as {}{unit}",
        field.name.value,
        field.kind.name()
    );
    (field.name.span.clone(), text)
}
