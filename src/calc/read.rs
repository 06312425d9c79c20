//! Reading `[calculator]`: front matter and catalog in, a checked
//! [`Calculator`] out.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::inputs::read_input;
use super::rules::read_rule;
use super::slots::{RESERVED, read_slot};
use super::totals::read_totals;
use super::whole::report_whole;
use super::{Calculator, Own};
use crate::catalog::{Catalog, Category, humanise, refuse_figures};
use crate::diag::{Checked, Code, Diagnostic, Span, Spanned};
use crate::expr::{ExprError, Id, Ref};
use crate::parse::{Document, Kind, Reader, Table};
use crate::value::{Decimal, Unit, Value};

/// The field that readers may set where the calculator names none.
const OWN: &str = "price";
/// The most that a reader may set for a part, unless one costs more than a
/// tenth of it.
const OWN_MOST: i64 = 1_000_000;

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
    let lost = ["slots", "inputs", "totals"].map(|key| reader.is_misspelt_once(key));
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
        lost_any: !document.front.misplaced.is_empty() || lost.contains(&true),
        lost_slot: document.front.misplaced.contains(&"slots") || lost[0],
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
