//! Whether something of one edition is plainly something of another under a new
//! name. Successors are not: they have other figures. Nor is what agrees in
//! little, or in what others have as well.

use std::collections::BTreeSet;
use std::sync::Arc;

use crate::catalog::{
    Build, Category, Component, Field, FieldKind, Figure, field_before, same_figure,
};
use crate::diag::meant;
use crate::site::Page;
use crate::value::{Operand, Value};

/// How many figures must agree where nothing else does.
const ENOUGH: usize = 3;
/// How many values of a field must differ among themselves to tell it by, and
/// how many where they are such as many fields have.
const VALUES: usize = 2;
const COMMON_VALUES: usize = 4;
/// A plain number below this is one that many fields have.
const COMMON: i64 = 100;

/// By what two things are alike, the surest last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likeness {
    None,
    Content,
    Name,
}

impl Likeness {
    fn of(is_named: bool, has_content: impl FnOnce() -> bool) -> Self {
        match is_named {
            true => Self::Name,
            false if has_content() => Self::Content,
            false => Self::None,
        }
    }
}

/// What is gone and what is new and like it. Where one is as much like several,
/// it is not clear which is meant, and none is taken.
pub fn pairs<'a, T: ?Sized>(
    gone: &[&'a T],
    new: &[&'a T],
    like: impl Fn(&T, &T) -> Likeness,
) -> Vec<(&'a T, &'a T)> {
    let mut found = Vec::new();
    for (now, is) in new.iter().enumerate() {
        let Some(then) = best(gone.iter().map(|was| like(was, is))) else {
            continue;
        };
        let was = gone[then];
        if best(new.iter().map(|is| like(was, is))) == Some(now) {
            found.push((was, *is));
        }
    }
    found
}

/// The place of the greatest likeness, if there is one and only one.
fn best(all: impl Iterator<Item = Likeness>) -> Option<usize> {
    let all: Vec<Likeness> = all.collect();
    let most = all.iter().max().filter(|most| **most > Likeness::None)?;
    let mut places = (0..all.len()).filter(|place| all[*place] == *most);
    let first = places.next()?;
    places.next().is_none().then_some(first)
}

/// By title, or most of their components.
pub fn like_categories(old: &Category, new: &Category) -> Likeness {
    let ids = |category: &Category| -> BTreeSet<Arc<str>> {
        let components = category.components.iter();
        components.map(|c| Arc::clone(&c.id.value)).collect()
    };
    Likeness::of(same_words(&old.title, &new.title), || {
        let (had, has) = (ids(old), ids(new));
        let kept = had.intersection(&has).count();
        kept > 0 && kept * 2 > had.len().max(has.len())
    })
}

/// By title; by all figures, if they are enough to tell; or by a name that is
/// near, and most figures.
pub fn like_components(old: (&Category, &Component), new: (&Category, &Component)) -> Likeness {
    let ((_, was), (_, is)) = (old, new);
    Likeness::of(same_words(&was.title.value, &is.title.value), || {
        let agreement = Agreement::of(old, new);
        let is_near = meant(&is.id.value, [was.id.value.as_ref()]).is_some();
        let Agreement { equal, all, .. } = agreement;
        agreement.telling >= ENOUGH && equal == all
            || is_near && agreement.telling >= 2 && equal * 4 >= all * 3
    })
}

/// Of the given figures that two components both have.
struct Agreement {
    all: usize,
    equal: usize,
    /// How many of the equal ones no other component had.
    telling: usize,
}

impl Agreement {
    fn of(old: (&Category, &Component), new: (&Category, &Component)) -> Self {
        let mut found = Self {
            all: 0,
            equal: 0,
            telling: 0,
        };
        for (field, now) in new.0.fields.iter().zip(&new.1.figures) {
            let Some(at) = field_before(field, old.0).filter(|_| field.formula.is_none()) else {
                continue;
            };
            let before = &old.1.figures[at];
            if before.value.known().is_none() || now.value.known().is_none() {
                continue;
            }
            found.all += 1;
            if same_figure(&before.value, &now.value) {
                found.equal += 1;
                let having = old.0.components.iter();
                let having = having.filter(|c| same_figure(&c.figures[at].value, &now.value));
                let is_telling = !is_common(field, now) && having.count() == 1;
                found.telling += usize::from(is_telling);
            }
        }
        found
    }
}

/// Whether a figure is such as others have by chance: a choice, yes or no, a
/// small plain number.
fn is_common(field: &Field, figure: &Figure) -> bool {
    match field.kind {
        FieldKind::Bool | FieldKind::Choice | FieldKind::Set => true,
        _ => match figure.value.known() {
            Some(Value::Number(number)) => {
                number.unit.is_one() && number.number.abs().is_none_or(|n| n < COMMON.into())
            }
            _ => false,
        },
    }
}

/// By label or, of what is measured alike, by the figures of all components
/// that both editions have.
pub fn like_fields(old: (&Category, &Field), new: (&Category, &Field)) -> Likeness {
    if old.1.kind != new.1.kind {
        return Likeness::None;
    }
    Likeness::of(same_words(&old.1.label, &new.1.label), || {
        old.1.kind != FieldKind::Bool && same_columns(old, new)
    })
}

fn same_columns(old: (&Category, &Field), new: (&Category, &Field)) -> bool {
    let figure = |(category, field): (&Category, &Field), component: &Component| {
        let at = category.field_position(&field.name.value)?;
        Some(component.figures.get(at)?.clone())
    };
    let mut values: Vec<Operand> = Vec::new();
    let mut all_common = true;
    for component in &new.0.components {
        let before = old.0.component(&component.id.value);
        let before = before.and_then(|before| figure(old, before));
        let (Some(before), Some(now)) = (before, figure(new, component)) else {
            continue;
        };
        if before.value.known().is_none() || now.value.known().is_none() {
            continue;
        }
        if !same_figure(&before.value, &now.value) {
            return false;
        }
        all_common &= is_common(new.1, &now);
        if !values.iter().any(|value| same_figure(value, &now.value)) {
            values.push(now.value);
        }
    }
    values.len() >= if all_common { COMMON_VALUES } else { VALUES }
}

/// By title, or by their parts.
pub fn like_builds(old: &Build, new: &Build) -> Likeness {
    let parts = |build: &Build| -> BTreeSet<(Arc<str>, Arc<str>, u32)> {
        let parts = build.parts.iter();
        parts
            .map(|part| {
                let (slot, id) = (&part.slot.value, &part.component.value);
                (Arc::clone(slot), Arc::clone(id), part.quantity)
            })
            .collect()
    };
    Likeness::of(same_words(&old.title.value, &new.title.value), || {
        !new.parts.is_empty() && parts(old) == parts(new)
    })
}

/// By title, or by their text.
pub fn like_pages(old: &Page, new: &Page) -> Likeness {
    Likeness::of(same_words(&old.title, &new.title), || {
        let body = new.document.body().trim();
        !body.is_empty() && body == old.document.body().trim()
    })
}

fn same_words(a: &str, b: &str) -> bool {
    let words =
        |text: &str| -> Vec<String> { text.split_whitespace().map(str::to_lowercase).collect() };
    words(a) == words(b)
}
