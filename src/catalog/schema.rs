//! Categories and their schemas: what a section declares under `[category]`.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::component::Component;
use super::figure::parse_value;
use super::names::{check_category_id, check_field_name, read_former};
use super::twice;
use crate::diag::{Code, Diagnostic, Span, Spanned, help_nearest, meant};
use crate::expr::Expr;
use crate::parse::{Document, Kind, Node, Reader, Table};
use crate::value::{Choices, Type, Unit, Units, Value};

/// A kind of component, with the fields that its components have.
#[derive(Clone, Debug)]
pub struct Category {
    pub id: Spanned<Arc<str>>,
    pub title: Arc<str>,
    /// Ids that it had in earlier editions.
    pub former: Vec<Spanned<Arc<str>>>,
    /// The path of the section's document, relative to `content/`.
    pub path: Arc<str>,
    /// In the order of declaration, which is the order of columns.
    pub fields: Vec<Field>,
    /// In the order of weight and title.
    pub components: Vec<Component>,
    pub(super) field_index: BTreeMap<Arc<str>, usize>,
    /// The names of fields whose declarations have errors: nothing more is said
    /// of their figures.
    pub(super) malformed: Vec<Arc<str>>,
    /// Whether its fields stand where they are not read, which is reported.
    pub(super) lost_fields: bool,
    pub(super) component_index: BTreeMap<Arc<str>, usize>,
}

impl Category {
    pub fn field(&self, name: &str) -> Option<&Field> {
        Some(&self.fields[self.field_position(name)?])
    }

    pub fn field_position(&self, name: &str) -> Option<usize> {
        self.field_index.get(name).copied()
    }

    /// Whether a name is that of a field whose declaration has errors.
    pub fn is_malformed(&self, name: &str) -> bool {
        let is_declared = self.field_index.contains_key(name);
        self.malformed.iter().any(|field| field.as_ref() == name)
            || self.lost_fields && !is_declared
    }

    /// Whether a field has no usable declaration, which has been reported: it
    /// is malformed, or its formula is wrong.
    pub fn is_lost_field(&self, name: &str) -> bool {
        let is_uncompiled = |field: &Field| field.formula.is_some() && field.expr.is_none();
        self.is_malformed(name) || self.field(name).is_some_and(is_uncompiled)
    }

    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.field_index.keys().map(AsRef::as_ref)
    }

    /// The component with an id or, failing that, with a former id.
    pub fn component(&self, id: &str) -> Option<&Component> {
        Some(&self.components[*self.component_index.get(id)?])
    }

    pub fn component_ids(&self) -> impl Iterator<Item = &str> {
        self.component_index.keys().map(AsRef::as_ref)
    }
}

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

/// Reads a `[category]` table; none if it has no usable id.
pub fn read_category(
    document: &Document,
    table: &Table,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Option<Category> {
    let reader = Reader::new(table, "`[category]`");
    let id = reader.required_string("id");
    let title = reader.string("title").map(|t| t.value);
    let fields = reader.sub_table("fields");
    let former = read_former("category", &reader, sink);
    reader.finish(sink);
    let id = id.filter(|id| check_category_id(id, sink))?;
    let mut category = Category {
        title: title
            .or_else(|| document.front.title.as_ref().map(|t| Arc::clone(&t.value)))
            .unwrap_or_else(|| Arc::clone(&id.value)),
        id,
        former,
        path: Arc::clone(&document.path),
        fields: Vec::new(),
        components: Vec::new(),
        field_index: BTreeMap::new(),
        malformed: Vec::new(),
        lost_fields: document.front.misplaced.contains(&"fields"),
        component_index: BTreeMap::new(),
    };
    for (name, node) in fields.map_or(&[][..], |f| &f.entries) {
        let malformed = Arc::clone(&name.value);
        if !check_field_name(name, sink) {
            category.malformed.push(malformed.to_lowercase().into());
            category.malformed.push(malformed);
            continue;
        }
        let Kind::Table(table) = &node.kind else {
            category.malformed.push(malformed);
            let message = format!(
                "field `{}` must be a table, found {}",
                name.value,
                node.kind.name()
            );
            let help = declaration(name, &node.kind, units);
            sink.push(
                Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                    .help(format!("write `{help}`")),
            );
            continue;
        };
        if let Some(field) = read_field(name, table, units, sink) {
            let position = category.fields.len();
            category
                .field_index
                .insert(Arc::clone(&name.value), position);
            category.fields.push(field);
        } else {
            category.malformed.push(malformed);
        }
    }
    check_former_names(&category, sink);
    Some(category)
}

/// How a field is declared that was given a type or a unit alone.
fn declaration(name: &Spanned<Arc<str>>, given: &Kind, units: &Units) -> String {
    let label = humanise(&name.value);
    let given = match given {
        Kind::String(text) => text.as_ref(),
        _ => "",
    };
    let kind = meant(given, FieldKind::TABLE.iter().map(|(_, name, _)| *name));
    let ty = match (kind, units.parse(given)) {
        (_, Ok(unit)) if unit.is_money() => format!("type = \"money\", unit = \"{given}\""),
        (_, Ok(unit)) if !unit.is_one() => format!("type = \"quantity\", unit = \"{given}\""),
        (Some(kind), _) => format!("type = \"{kind}\""),
        _ => "type = \"text\"".to_owned(),
    };
    format!("{} = {{ {ty}, label = \"{label}\" }}", name.value)
}

/// A former name must be free: it is the name of one field alone.
fn check_former_names(category: &Category, sink: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<&str, &Spanned<Arc<str>>> = (category.fields.iter())
        .map(|field| (field.name.value.as_ref(), &field.name))
        .collect();
    for former in category.fields.iter().flat_map(|field| &field.former) {
        match taken.get(former.value.as_ref()) {
            Some(first) => sink.push(twice("fields", former, &first.span)),
            None => {
                taken.insert(&former.value, former);
            }
        }
    }
}

fn read_field(
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

/// Options are what a choice or a set may hold, each once.
fn check_options(kind: FieldKind, options: &[Spanned<Arc<str>>], reader: &Reader<'_>) {
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

fn kind_of(
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

fn parse_unit(unit: &Spanned<Arc<str>>, units: &Units, reader: &Reader<'_>) -> Option<Unit> {
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

fn type_of(
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
    let decimals = reader.integer("decimals")?;
    if (0..=MOST_DECIMALS).contains(&decimals.value) {
        return u8::try_from(decimals.value).ok();
    }
    let message = format!(
        "`decimals` must be 0 to {MOST_DECIMALS}, found {}",
        decimals.value
    );
    reader.report(Diagnostic::error(
        Code::InvalidValue,
        decimals.span,
        message,
    ));
    None
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
