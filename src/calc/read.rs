//! Reading `[calculator]`: front matter and catalog in, a checked
//! [`Calculator`] out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::rules::read_rule;
use super::totals::read_totals;
use super::whole::report_whole;
use super::{Calculator, Input, Own, Slot};
use crate::catalog::{Catalog, Category, decimals_of, humanise, refuse_figures};
use crate::diag::{Checked, Code, Diagnostic, Span, Spanned};
use crate::expr::{ExprError, Id, Ref, function_names};
use crate::parse::{Document, Kind, Reader, Table};
use crate::value::{Decimal, MAX_SCALE, Quantity, Unit, Value};

/// The field that readers may set where the calculator names none.
const OWN: &str = "price";
/// The most that a reader may set for a part, unless one costs more than a
/// tenth of it.
const OWN_MOST: i64 = 1_000_000;
/// How many parts a slot may hold: far above any real build, so that totals
/// stay within what 64 bits hold.
const MOST_PARTS: i64 = 10_000;
/// The most digits that an input's bounds have, so that a page can hold them.
const INPUT_DIGITS: u32 = 15;
/// Names that mean something else at the head of a path.
const RESERVED: &[&str] = &["build", "total", "parts", "input", "this"];

/// Reads the calculator of a version, of which there is one at most.
pub fn read_calculator(
    documents: &[Arc<Document>],
    catalog: &Catalog,
) -> Checked<Option<Calculator>> {
    let mut sink = Vec::new();
    let mut found: Option<Calculator> = None;
    for document in documents {
        let Some(table) = &document.front.calculator else {
            continue;
        };
        let span = table.span.first_line();
        match &found {
            Some(first) => sink.push(
                Diagnostic::error(Code::DuplicateId, span, "a version has one calculator")
                    .label("a second one")
                    .also(first.span.clone(), "the first one"),
            ),
            None => found = Some(read(document, table, span, catalog, &mut sink)),
        }
    }
    Checked::new(found, sink)
}

fn read(
    document: &Document,
    table: &Table,
    span: Span,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) -> Calculator {
    refuse_figures(table, &["message"], sink);
    let reader = Reader::new(table, "the calculator");
    let title = reader.string("title").map(|title| title.value);
    let page_title = document
        .front
        .title
        .as_ref()
        .map(|title| Arc::clone(&title.value));
    let own = reader.string("own");
    let (slots, inputs) = (reader.tables("slots"), reader.tables("inputs"));
    let (totals, rules) = (reader.tables("totals"), reader.tables("rules"));
    reader.finish(sink);
    let mut calculator = Calculator {
        title: title.or(page_title).unwrap_or_else(|| "Calculator".into()),
        path: Arc::clone(&document.path),
        span,
        own: None,
        slots: Vec::new(),
        inputs: Vec::new(),
        totals: Vec::new(),
        order: Vec::new(),
        rules: Vec::new(),
        lost: BTreeSet::new(),
        lost_any: !document.front.misplaced.is_empty(),
        lost_slot: document.front.misplaced.contains(&"slots"),
    };
    for table in slots {
        let slot = read_slot(table, catalog, sink);
        note_lost(table, slot.is_none(), &mut calculator);
        calculator.lost_slot |= slot.is_none();
        calculator.lost_any |= slot.is_none() && is_taken(table, catalog);
        calculator.slots.extend(slot);
    }
    for table in inputs {
        let input = read_input(table, catalog, sink);
        note_lost(table, input.is_none(), &mut calculator);
        calculator.inputs.extend(input);
    }
    retain_unique("slots", &mut calculator.slots, |slot| &slot.id, sink);
    retain_unique("inputs", &mut calculator.inputs, |input| &input.id, sink);
    calculator.own = own_field(own, &calculator, catalog, sink);
    read_totals(&totals, &mut calculator, catalog, sink);
    for table in rules {
        let rule = read_rule(table, &calculator, catalog, sink);
        calculator.rules.extend(rule);
    }
    retain_unique("rules", &mut calculator.rules, |rule| &rule.id, sink);
    report_whole(&calculator, sink);
    calculator
}

/// Whether a slot has an id that is not its own to have: then formulas will
/// know it by another.
fn is_taken(table: &Table, catalog: &Catalog) -> bool {
    match table.get("id").map(|node| &node.kind) {
        Some(Kind::String(id)) => RESERVED.contains(&&**id) || catalog.category(id).is_some(),
        _ => true,
    }
}

/// Notes the id of what can't be read.
pub(super) fn note_lost(table: &Table, is_lost: bool, calculator: &mut Calculator) {
    let id = table.get("id").map(|node| &node.kind);
    if let (Some(Kind::String(id)), true) = (id, is_lost) {
        calculator.lost.insert(Arc::clone(id));
    }
}

/// Reports the second of two equal ids, and drops it.
pub(super) fn retain_unique<T>(
    what: &str,
    items: &mut Vec<T>,
    id: impl Fn(&T) -> &Spanned<Id>,
    sink: &mut Vec<Diagnostic>,
) {
    let mut seen: Vec<Spanned<Id>> = Vec::new();
    items.retain(|item| {
        let id = id(item);
        let first = seen.iter().find(|other| *other == id);
        if let Some(first) = first {
            let message = format!("two {what} have the id `{}`", id.value);
            sink.push(
                Diagnostic::error(Code::DuplicateId, id.span.clone(), message)
                    .label("used again here")
                    .also(first.span.clone(), "first used here"),
            );
            return false;
        }
        seen.push(id.clone());
        true
    });
}

/// An id that formulas can name.
pub(super) fn read_id(reader: &Reader<'_>, what: &str) -> Option<Spanned<Id>> {
    let id = reader.required_string("id")?;
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    let first = id.bytes().next().is_some_and(letter);
    let rest = id.bytes().all(|b| letter(b) || b == b'-' || b == b'_');
    if !first || !rest || id.ends_with('-') || id.contains("--") {
        let message = format!("`{}` can't be the id of {what}", id.value);
        reader.report(
            Diagnostic::error(Code::InvalidId, id.span.clone(), message)
                .help("an id has lower-case letters, digits, `-` and `_`, and starts with a letter or digit"),
        );
        return None;
    }
    Some(id)
}

/// The label of what declares none: its id in words.
pub(super) fn named(id: Option<&Spanned<Id>>) -> Arc<str> {
    id.map_or_else(|| "".into(), |id| humanise(&id.value))
}

pub(super) fn label(reader: &Reader<'_>, id: &str) -> Arc<str> {
    match reader.string("label") {
        Some(label) => label.value,
        None => id.into(),
    }
}

fn read_slot(table: &Table, catalog: &Catalog, sink: &mut Vec<Diagnostic>) -> Option<Slot> {
    let reader = Reader::new(table, "a slot");
    let id = read_id(&reader, "a slot");
    let category = reader.string("category").or_else(|| id.clone());
    let bounds = (part_bound(&reader, "min"), part_bound(&reader, "max"));
    let slot = id.zip(category).and_then(|(id, category)| {
        let found = check_slot(&reader, &id, &category, catalog)?;
        let (min, max) = check_bounds(&reader, bounds, &id)?;
        Some(Slot {
            label: label(&reader, found),
            category: category.value,
            min,
            max,
            help: reader.string("help").map(|help| help.value),
            id,
        })
    });
    // What a wrong key says of it is not known.
    if slot.is_some() && reader.has_unknown() {
        reader.finish(sink);
        return None;
    }
    match slot {
        Some(_) => reader.finish(sink),
        None => reader.finish_quietly(sink),
    }
    slot
}

/// The title of the slot's category; none if either can't be used.
fn check_slot<'a>(
    reader: &Reader<'_>,
    id: &Spanned<Id>,
    category: &Spanned<Id>,
    catalog: &'a Catalog,
) -> Option<&'a str> {
    if RESERVED.contains(&id.as_ref()) || function_names().any(|name| name == id.value.as_ref()) {
        let message = format!("`{}` means something else in formulas", id.value);
        reader.report(
            Diagnostic::error(Code::InvalidId, id.span.clone(), message)
                .help("choose another id for the slot"),
        );
        return None;
    }
    let Some(found) = catalog.category(category) else {
        if catalog.lost.has_category(category) {
            return None;
        }
        let message = match reader.table().get("category") {
            Some(_) => format!("there is no category `{}`", category.value),
            None => format!(
                "slot `{}` has no `category`, and none is called so",
                id.value
            ),
        };
        reader.report(
            Diagnostic::error(Code::UnknownName, category.span.clone(), message)
                .help_if(catalog.help_id(category, catalog.category_ids())),
        );
        return None;
    };
    if let Some(other) = catalog.category(id)
        && id.value != category.value
    {
        let message = format!(
            "slot `{}` takes `{}` and is named like another category",
            id.value, category.value
        );
        reader.report(
            Diagnostic::error(Code::InvalidId, id.span.clone(), message)
                .also(other.id.span.clone(), "the category of that name")
                .help("choose another id for the slot"),
        );
        return None;
    }
    Some(&found.title)
}

fn part_bound(reader: &Reader<'_>, key: &'static str) -> Option<Spanned<i64>> {
    let bound = reader.integer(key)?;
    if (0..=MOST_PARTS).contains(&bound.value) {
        return Some(bound);
    }
    let message = format!("`{key}` must be 0 to {MOST_PARTS}, found {}", bound.value);
    reader.report(Diagnostic::error(Code::InvalidValue, bound.span, message));
    None
}

fn check_bounds(
    reader: &Reader<'_>,
    (min, max): (Option<Spanned<i64>>, Option<Spanned<i64>>),
    id: &Spanned<Id>,
) -> Option<(u32, u32)> {
    let bound = |given: &Option<Spanned<i64>>, or: i64| given.as_ref().map_or(or, |g| g.value);
    let most = bound(&max, 1.max(bound(&min, 1)));
    let least = bound(&min, 1.min(most));
    if least > most || most == 0 {
        let span = max
            .or(min)
            .map_or_else(|| id.span.clone(), |given| given.span);
        let message = format!(
            "slot `{}` holds {least} parts at least and {most} at most",
            id.value
        );
        reader.report(Diagnostic::error(Code::InvalidValue, span, message));
        return None;
    }
    let bound = |value: i64| u32::try_from(value).unwrap_or(1);
    Some((bound(least), bound(most)))
}

fn read_input(table: &Table, catalog: &Catalog, sink: &mut Vec<Diagnostic>) -> Option<Input> {
    let reader = Reader::new(table, "an input");
    let id = read_id(&reader, "an input");
    let unit = read_unit(&reader, catalog);
    let label = label(&reader, &named(id.as_ref()));
    let decimals = decimals_of(&reader);
    let unit = unit.ok().map(|unit| unit.unwrap_or_else(Unit::one));
    let bound = |key: &'static str| {
        unit.as_ref()
            .and_then(|u| read_number(&reader, key, u, catalog))
    };
    let (default, min, max) = (bound("default"), bound("min"), bound("max"));
    // Without a unit they mean nothing, and are known all the same.
    for key in ["default", "min", "max"] {
        reader.node(key);
    }
    let help = reader.string("help").map(|help| help.value);
    if table.get("default").is_none() {
        let message = "an input has no `default`";
        reader.report(Diagnostic::error(
            Code::MissingKey,
            table.span.first_line(),
            message,
        ));
    }
    let input = id.zip(unit).zip(default).and_then(|((id, unit), default)| {
        let place = default.span.clone();
        let least = min.map_or(Decimal::ZERO.min(default.value), |min| min.value);
        let most = max.map_or_else(|| a_hundredfold(default.value), |max| Some(max.value))?;
        let scale = default.scale().max(least.scale()).max(most.scale());
        let input = Input {
            id,
            label,
            unit,
            decimals: decimals.unwrap_or(scale.max(2)),
            default: default.value,
            min: least,
            max: most,
            help,
        };
        check_input(input, place, &reader)
    });
    reader.finish(sink);
    input
}

/// The upper bound of an input that declares none.
fn a_hundredfold(number: Decimal) -> Option<Decimal> {
    let hundredfold = number.abs()?.checked_mul(Decimal::from(100))?;
    Some(hundredfold.max(Decimal::from(100)))
}

fn check_input(mut input: Input, place: Span, reader: &Reader<'_>) -> Option<Input> {
    let fits = |number: Decimal| {
        let integer = number.round(input.decimals).to_integer(input.decimals);
        integer.is_some_and(|i| i.unsigned_abs() < 10u128.pow(INPUT_DIGITS))
    };
    let message = match input {
        _ if input.min > input.max => "`min` is above `max`".to_owned(),
        _ if !fits(input.min) || !fits(input.max) => {
            format!("an input has {INPUT_DIGITS} digits at most")
        }
        _ if input.default < input.min || input.default > input.max => {
            format!("`default` must be {} to {}", input.min, input.max)
        }
        _ => {
            for number in [&mut input.default, &mut input.min, &mut input.max] {
                *number = number.round(input.decimals);
            }
            return Some(input);
        }
    };
    reader.report(Diagnostic::error(Code::InvalidValue, place, message));
    None
}

/// `unit`, if it is given; an error was reported if it can't be read.
pub(super) fn read_unit(reader: &Reader<'_>, catalog: &Catalog) -> Result<Option<Unit>, ()> {
    let Some(text) = reader.string("unit") else {
        return Ok(None);
    };
    catalog.units.parse(&text).map(Some).map_err(|error| {
        if error.reported {
            return;
        }
        reader.report(
            Diagnostic::error(Code::UnknownUnit, text.span.clone(), error.message)
                .help_if(error.help),
        );
    })
}

/// A number, or a quantity in a text, in `unit`.
fn read_number(
    reader: &Reader<'_>,
    key: &'static str,
    unit: &Unit,
    catalog: &Catalog,
) -> Option<Spanned<Decimal>> {
    let node = reader.node(key)?;
    let quantity = match &node.kind {
        Kind::Number(text) => Decimal::parse(&text.replace('_', ""))
            .map(|number| Quantity::new(number, unit.clone()))
            .ok_or_else(|| format!("`{key}` must be a number, found `{text}`")),
        Kind::String(text) => (catalog.units.parse_quantity(text)).map_err(|error| error.message),
        other => Err(format!("`{key}` must be a number, found {}", other.name())),
    };
    let number = quantity.and_then(|quantity| {
        let moved = quantity.convert_rounded(unit, MAX_SCALE.min(9));
        let moved =
            moved.map_err(|_| format!("`{quantity}` can't be shown {}", unit.describe()))?;
        Ok(moved.number)
    });
    match number {
        Ok(number) => Some(Spanned::new(number, node.span.clone())),
        Err(message) => {
            reader.report(Diagnostic::error(
                Code::InvalidValue,
                node.span.clone(),
                message,
            ));
            None
        }
    }
}

/// The field that readers may set: the one that is named, or `price` where it
/// is money in one currency.
fn own_field(
    named: Option<Spanned<Id>>,
    calculator: &Calculator,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) -> Option<Own> {
    let name = named.as_ref().map_or(OWN, |name| name.value.as_ref());
    let own = find_own(name, calculator, catalog);
    let categories = (calculator.slots.iter()).filter_map(|slot| catalog.category(&slot.category));
    let is_lost = { categories }.any(|category| category.is_lost_field(name));
    if let (None, Some(named), false) = (&own, &named, is_lost) {
        let message = format!(
            "`{}` is not a field of money, in one currency, that parts are given",
            named.value
        );
        let span = named.span.clone();
        sink.push(Diagnostic::error(Code::UnknownName, span, message));
    }
    own
}

fn find_own(name: &str, calculator: &Calculator, catalog: &Catalog) -> Option<Own> {
    let mut unit: Option<&Unit> = None;
    let mut derived = BTreeMap::new();
    let mut most = Decimal::from(OWN_MOST);
    for slot in &calculator.slots {
        let Some(category) = catalog.category(&slot.category) else {
            continue;
        };
        let Some(position) = category.field_position(name) else {
            continue;
        };
        let field = &category.fields[position];
        let own = field
            .ty
            .unit()
            .filter(|unit| unit.is_money() && field.is_number())?;
        if field.formula.is_some() || unit.is_some_and(|unit| unit != own) {
            return None;
        }
        unit = Some(own);
        for component in &category.components {
            if let Some(Value::Number(price)) = component.figures[position].value.known() {
                let tenfold = price.number.checked_mul(Decimal::from(10));
                most = most.max(tenfold.unwrap_or(most));
            }
        }
        derived.insert(slot.category.clone(), derived_from(name, category));
    }
    Some(Own {
        field: name.into(),
        unit: unit?.clone(),
        most: most.round(0),
        derived,
    })
}

/// The derived fields that use a field, themselves or by way of others.
fn derived_from(name: &str, category: &Category) -> BTreeSet<Id> {
    let mut found: BTreeSet<Id> = BTreeSet::new();
    loop {
        let before = found.len();
        for field in &category.fields {
            let uses = |reference: &Ref| matches!(reference, Ref::Own { field } if field.as_ref() == name || found.contains(field));
            let Some(expr) = &field.expr else { continue };
            if expr.dependencies().refs.iter().any(uses) {
                found.insert(field.name.value.clone());
            }
        }
        if found.len() == before {
            return found;
        }
    }
}

pub(super) fn report(
    errors: Vec<ExprError>,
    formula: &Spanned<Arc<str>>,
    sink: &mut Vec<Diagnostic>,
) {
    sink.extend(
        errors
            .into_iter()
            .map(|error| error.into_diagnostic(formula)),
    );
}
