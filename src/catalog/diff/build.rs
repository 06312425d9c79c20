//! Builds that are new, gone or made of other parts.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Presence, former};
use crate::catalog::{Build, Catalog};

#[derive(Clone, Debug)]
pub struct BuildDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    /// The title that it had before, if that was another.
    pub former_title: Option<Arc<str>>,
    /// Slot, component and quantity, of parts that only the older has.
    pub parts_removed: Vec<Part>,
    pub parts_added: Vec<Part>,
}

/// A component in a slot, with its quantity.
pub type Part = (Arc<str>, Arc<str>, u32);

pub(super) fn diff_builds(old: &Catalog, new: &Catalog) -> Vec<BuildDiff> {
    let parts = |build: Option<&Build>| -> BTreeSet<Part> {
        let parts = build.into_iter().flat_map(|build| &build.parts);
        let part = parts.map(|part| {
            let (slot, component) = (&part.slot.value, &part.component.value);
            (Arc::clone(slot), Arc::clone(component), part.quantity)
        });
        part.collect()
    };
    let mut found = Vec::new();
    let mut compare = |before: Option<&Build>, after: Option<&Build>| {
        let Some(shown) = after.or(before) else {
            return;
        };
        let presence = match (before, after) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Kept,
        };
        let (had, has) = (parts(before), parts(after));
        let former_title = before.and_then(|before| former(&before.title, &shown.title));
        if had == has && presence == Presence::Kept && former_title.is_none() {
            return;
        }
        found.push(BuildDiff {
            id: Arc::clone(&shown.id.value),
            title: Arc::clone(&shown.title),
            presence,
            former_title,
            parts_removed: had.difference(&has).cloned().collect(),
            parts_added: has.difference(&had).cloned().collect(),
        });
    };
    for build in &new.builds {
        compare(old.build(&build.id.value), Some(build));
    }
    for build in &old.builds {
        if new.build(&build.id.value).is_none() {
            compare(Some(build), None);
        }
    }
    found
}
