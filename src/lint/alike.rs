//! Whether something of one edition is plainly something of another under a new
//! name. Successors are not: they have other figures.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{Build, Category, Component, Field, field_before, same_figure};
use crate::diag::meant;
use crate::site::Page;

/// How many figures must agree where nothing else does.
const ENOUGH: usize = 3;

/// By title, or most of their components.
pub fn same_categories(old: &Category, new: &Category) -> bool {
    let ids = |category: &Category| -> BTreeSet<Arc<str>> {
        let components = category.components.iter();
        components.map(|c| Arc::clone(&c.id.value)).collect()
    };
    let (had, has) = (ids(old), ids(new));
    let kept = had.intersection(&has).count();
    same_words(&old.title, &new.title) || kept > 0 && kept * 2 > had.len().max(has.len())
}

/// By title; by all figures, if they are enough to tell; or by a name that is
/// near, and most figures.
pub fn same_components(old: (&Category, &Component), new: (&Category, &Component)) -> bool {
    let ((_, was), (_, is)) = (old, new);
    if same_words(&was.title.value, &is.title.value) {
        return true;
    }
    let (equal, all) = agreement(old, new);
    let is_near = meant(&is.id.value, [was.id.value.as_ref()]).is_some();
    equal >= ENOUGH && equal == all || is_near && equal >= 2 && equal * 4 >= all * 3
}

/// How many given figures are equal, of those that both have.
fn agreement(old: (&Category, &Component), new: (&Category, &Component)) -> (usize, usize) {
    let fields = new.0.fields.iter().zip(&new.1.figures);
    let given =
        fields.filter(|(field, figure)| field.formula.is_none() && figure.value.known().is_some());
    let pairs = given.filter_map(|(field, figure)| {
        let before = &old.1.figures[field_before(field, old.0)?];
        before.value.known().is_some().then_some((before, figure))
    });
    pairs.fold((0, 0), |(equal, all), (before, now)| {
        let is_equal = same_figure(&before.value, &now.value);
        (equal + usize::from(is_equal), all + 1)
    })
}

/// By label or, of what is measured alike, by the figures of all components
/// that both editions have.
pub fn same_fields(old: (&Category, &Field), new: (&Category, &Field)) -> bool {
    if old.1.kind != new.1.kind {
        return false;
    }
    if same_words(&old.1.label, &new.1.label) {
        return true;
    }
    let figure = |(category, field): (&Category, &Field), component: &Component| {
        let at = category.field_position(&field.name.value)?;
        Some(component.figures.get(at)?.value.clone())
    };
    let pairs = new.0.components.iter().filter_map(|component| {
        let before = figure(old, old.0.component(&component.id.value)?)?;
        let now = figure(new, component)?;
        (before.known().is_some() && now.known().is_some()).then_some((before, now))
    });
    let pairs: Vec<_> = pairs.collect();
    pairs.len() >= 2 && pairs.iter().all(|(before, now)| same_figure(before, now))
}

/// By title, or by their parts.
pub fn same_builds(old: &Build, new: &Build) -> bool {
    let parts = |build: &Build| -> BTreeSet<(Arc<str>, Arc<str>, u32)> {
        let parts = build.parts.iter();
        parts
            .map(|part| {
                let (slot, id) = (&part.slot.value, &part.component.value);
                (Arc::clone(slot), Arc::clone(id), part.quantity)
            })
            .collect()
    };
    same_words(&old.title.value, &new.title.value) || parts(old) == parts(new)
}

/// Whether two pages have the same text.
pub fn same_body(old: &Page, new: &Page) -> bool {
    let body = new.document.body().trim();
    !body.is_empty() && body == old.document.body().trim()
}

fn same_words(a: &str, b: &str) -> bool {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    words(a) == words(b)
}
