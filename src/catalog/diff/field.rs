//! Columns that are new, gone, renamed or derived otherwise.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Presence, former};
use crate::catalog::{Category, Field};

/// A formula before and after; none for a given figure.
pub type Formulas = (Option<Arc<str>>, Option<Arc<str>>);

#[derive(Clone, Debug)]
pub struct FieldDiff {
    pub name: Arc<str>,
    pub label: Arc<str>,
    pub presence: Presence,
    /// The name that it had before, if that was another.
    pub former: Option<Arc<str>>,
    /// The label that it had before, if that was another.
    pub former_label: Option<Arc<str>>,
    /// Its formulas, if they differ.
    pub formula: Option<Formulas>,
}

/// What a field was in another edition, by its position: by its name, else by
/// a former name of either.
pub fn field_before(field: &Field, old: &Category) -> Option<usize> {
    let former = field.former.iter().map(|name| &name.value);
    let mut names = std::iter::once(&field.name.value).chain(former);
    names.find_map(|name| old.field_position(name)).or_else(|| {
        let is = |name: &crate::diag::Spanned<Arc<str>>| name.value == field.name.value;
        (old.fields.iter()).position(|before| before.former.iter().any(is))
    })
}

pub(super) fn diff_fields(old: &Category, new: &Category) -> Vec<FieldDiff> {
    let whole = |field: &Field, presence| FieldDiff {
        name: Arc::clone(&field.name.value),
        label: Arc::clone(&field.label),
        presence,
        former: None,
        former_label: None,
        formula: None,
    };
    let formula = |field: &Field| field.formula.as_ref().map(|f| Arc::clone(&f.value));
    let mut found = Vec::new();
    let mut met: BTreeSet<usize> = BTreeSet::new();
    for field in &new.fields {
        let Some(position) = field_before(field, old) else {
            found.push(whole(field, Presence::Added));
            continue;
        };
        met.insert(position);
        let before = &old.fields[position];
        let (from, to) = (formula(before), formula(field));
        let kept = FieldDiff {
            former: former(&before.name.value, &field.name.value),
            former_label: former(&before.label, &field.label),
            formula: (from != to).then_some((from, to)),
            ..whole(field, Presence::Kept)
        };
        if kept.former.is_some() || kept.former_label.is_some() || kept.formula.is_some() {
            found.push(kept);
        }
    }
    let gone = old.fields.iter().enumerate();
    let gone = gone.filter(|(position, _)| !met.contains(position));
    found.extend(gone.map(|(_, field)| whole(field, Presence::Removed)));
    found
}
