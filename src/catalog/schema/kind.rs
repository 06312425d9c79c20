//! The types of fields: which there are, and what a declaration makes of one.

use std::sync::Arc;

use crate::diag::{Code, Diagnostic, Span, Spanned, help_nearest};
use crate::parse::Reader;
use crate::value::{Choices, Type, Unit, Units};

/// The types of fields, as authors spell them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    Text,
    Integer,
    Number,
    Quantity,
    Range,
    Money,
    Bool,
    Date,
    Choice,
    Set,
    List,
    Url,
    /// Computed by a formula.
    Derived,
}

impl FieldKind {
    /// The types that `type` may name, each with what it holds.
    pub const TABLE: &'static [(FieldKind, &'static str, &'static str)] = &[
        (FieldKind::Text, "text", "any text"),
        (
            FieldKind::Integer,
            "integer",
            "a whole number, such as `24`",
        ),
        (
            FieldKind::Number,
            "number",
            "a number without a unit, such as `4.5`",
        ),
        (
            FieldKind::Quantity,
            "quantity",
            "a number with a unit of the field's dimension, such as `\"1.2 TB\"`",
        ),
        (
            FieldKind::Range,
            "range",
            "two bounds and a unit, such as `\"800..2000 RPM\"`",
        ),
        (
            FieldKind::Money,
            "money",
            "an amount with its ISO currency, such as `\"1599 USD\"`",
        ),
        (FieldKind::Bool, "bool", "`true` or `false`"),
        (FieldKind::Date, "date", "a day, such as `2024-12-23`"),
        (FieldKind::Choice, "choice", "one of the field's `options`"),
        (
            FieldKind::Set,
            "set",
            "some of the field's `options`, such as `[\"a\", \"b\"]`",
        ),
        (
            FieldKind::List,
            "list",
            "texts in an order, such as `[\"a\", \"b\"]`",
        ),
        (
            FieldKind::Url,
            "url",
            "an address that starts with `https://` or `http://`",
        ),
    ];

    fn named(name: &str) -> Option<Self> {
        let row = Self::TABLE.iter().find(|(_, n, _)| *n == name)?;
        Some(row.0)
    }

    /// The spelling in schemas.
    pub fn name(self) -> &'static str {
        let row = Self::TABLE.iter().find(|(kind, ..)| *kind == self);
        row.map_or("formula", |(_, name, _)| name)
    }

    /// How a value is written, for help lines.
    pub fn example(self) -> &'static str {
        let row = Self::TABLE.iter().find(|(kind, ..)| *kind == self);
        row.map_or("nothing: it is computed", |(.., example)| example)
    }
}

/// Options are what a choice or a set may hold, each once.
pub(super) fn check_options(kind: FieldKind, options: &[Spanned<Arc<str>>], reader: &Reader<'_>) {
    let report = |span: &Span, message: String| {
        reader.report(Diagnostic::error(Code::InvalidValue, span.clone(), message));
    };
    let node = reader.table().get("options");
    if let (Some(node), false) = (node, matches!(kind, FieldKind::Choice | FieldKind::Set)) {
        let message = format!("a field of type `{}` has no `options`", kind.name());
        reader.report(
            Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                .help("one of several is a `choice`, some of several are a `set`"),
        );
    } else if let (Some(node), []) = (node, options) {
        report(&node.span, "`options` has none".to_owned());
    }
    for (at, option) in options.iter().enumerate() {
        if options[..at].contains(option) {
            report(
                &option.span,
                format!("`{}` is an option twice", option.value),
            );
        }
    }
}

pub(super) fn kind_of(
    reader: &Reader<'_>,
    name: &Spanned<Arc<str>>,
    formula: Option<&Spanned<Arc<str>>>,
) -> Option<FieldKind> {
    let given = reader.string("type");
    if let Some(formula) = formula {
        if let Some(given) = given {
            reader.report(
                Diagnostic::error(
                    Code::InvalidValue,
                    given.span,
                    "a derived field has no `type`: its formula decides",
                )
                .also(formula.span.clone(), "the formula"),
            );
        }
        return Some(FieldKind::Derived);
    }
    let names = FieldKind::TABLE.iter().map(|(_, name, _)| *name);
    let Some(given) = given else {
        let message = format!("field `{}` has neither `type` nor `formula`", name.value);
        let names: Vec<&str> = names.collect();
        reader.report(
            Diagnostic::error(Code::MissingKey, name.span.clone(), message)
                .help(format!("types are {}", names.join(", "))),
        );
        return None;
    };
    let kind = FieldKind::named(&given);
    if kind.is_none() {
        let message = format!("there is no type `{}`", given.value);
        reader.report(
            Diagnostic::error(Code::InvalidValue, given.span.clone(), message)
                .help_if(help_nearest(&given.value, names)),
        );
    }
    kind
}

pub(super) fn parse_unit(
    unit: &Spanned<Arc<str>>,
    units: &Units,
    reader: &Reader<'_>,
) -> Option<Unit> {
    match units.parse(unit) {
        Ok(unit) => Some(unit),
        Err(error) if error.reported => None,
        Err(error) => {
            let own = "units of the site's own are declared under `[units]` in `rigbook.toml`";
            let help = error.help.unwrap_or_else(|| own.to_owned());
            reader.report(
                Diagnostic::error(Code::UnknownUnit, unit.span.clone(), error.message).help(help),
            );
            None
        }
    }
}

pub(super) fn type_of(
    reader: &Reader<'_>,
    name: &Spanned<Arc<str>>,
    kind: Option<FieldKind>,
    unit: Option<Unit>,
    unit_name: Option<&Spanned<Arc<str>>>,
    options: Option<Vec<Spanned<Arc<str>>>>,
) -> Option<Type> {
    let kind = kind?;
    let choices: Choices = options
        .as_ref()
        .map(|options| options.iter().map(|o| Arc::clone(&o.value)).collect());
    let needs_unit = matches!(
        kind,
        FieldKind::Quantity | FieldKind::Money | FieldKind::Range
    );
    if needs_unit && unit_name.is_none() {
        let message = format!(
            "field `{}` is a {} and has no `unit`",
            name.value,
            kind.name()
        );
        let example = match kind {
            FieldKind::Money => "for example `unit = \"USD\"`",
            _ => "for example `unit = \"kg\"`",
        };
        reader
            .report(Diagnostic::error(Code::MissingKey, name.span.clone(), message).help(example));
        return None;
    }
    if let (Some(given), false) = (unit_name, needs_unit || kind == FieldKind::Derived) {
        let message = format!("a field of type `{}` has no unit", kind.name());
        reader.report(
            Diagnostic::error(Code::InvalidValue, given.span.clone(), message)
                .help("a number with a unit has `type = \"quantity\"`"),
        );
    }
    if let (FieldKind::Money, Some(unit), Some(given)) = (kind, &unit, unit_name)
        && unit.currency().is_none()
    {
        let message = format!("`{}` is not a currency", given.value);
        reader.report(
            Diagnostic::error(Code::UnitMismatch, given.span.clone(), message)
                .help("give an ISO code such as `USD`, or `type = \"quantity\"`"),
        );
        return None;
    }
    if kind == FieldKind::Choice && choices.is_none() {
        let message = format!("field `{}` is a choice and has no `options`", name.value);
        reader.report(
            Diagnostic::error(Code::MissingKey, name.span.clone(), message)
                .help("for example `options = [\"steel\", \"carbon\"]`"),
        );
        return None;
    }
    Some(match kind {
        FieldKind::Integer | FieldKind::Number => Type::number(Unit::one()),
        FieldKind::Quantity | FieldKind::Money => Type::number(unit?),
        FieldKind::Range => Type::Range { unit: unit? },
        FieldKind::Bool => Type::Bool,
        FieldKind::Date => Type::Date,
        FieldKind::Choice => Type::Text { choices },
        FieldKind::Set => Type::Set { choices },
        FieldKind::List => Type::List,
        FieldKind::Text | FieldKind::Url | FieldKind::Derived => Type::text(),
    })
}
