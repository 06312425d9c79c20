//! Reading `[[calculator.slots]]`: places for parts of a category.

use super::Slot;
use super::read::{label, read_id};
use crate::catalog::Catalog;
use crate::diag::{Code, Diagnostic, Spanned};
use crate::expr::{Id, function_names};
use crate::parse::{Reader, Table};

/// How many parts a slot may hold: far above any real build, so that totals
/// stay within what 64 bits hold.
const MOST_PARTS: i64 = 10_000;
/// Names that mean something else at the head of a path.
pub(super) const RESERVED: &[&str] = &["build", "total", "parts", "input", "this"];

pub(super) fn read_slot(
    table: &Table,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) -> Option<Slot> {
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
    reader.integer_in(key, 0..=MOST_PARTS)
}

fn check_bounds(
    reader: &Reader<'_>,
    (min, max): (Option<Spanned<i64>>, Option<Spanned<i64>>),
    id: &Spanned<Id>,
) -> Option<(u32, u32)> {
    // What a malformed bound would allow is not known.
    let is_lost = |key, given: &Option<_>| given.is_none() && reader.table().get(key).is_some();
    if is_lost("min", &min) || is_lost("max", &max) {
        return None;
    }
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
