//! Builds that are new, gone or made of other parts.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Presence, build_before, category_before, former, predecessor};
use crate::catalog::{Build, Catalog, Component};

#[derive(Clone, Debug)]
pub struct BuildDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    /// The id that it had before, if that was another.
    pub former: Option<Arc<str>>,
    /// The title that it had before, if that was another.
    pub former_title: Option<Arc<str>>,
    /// By slot and component.
    pub parts: Vec<PartDiff>,
}

/// A component that a build has in another quantity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartDiff {
    pub slot: Arc<str>,
    /// Of the slot, if a calculator has it.
    pub category: Option<Arc<str>>,
    /// Its id in the newer edition, if that has it.
    pub component: Arc<str>,
    /// None in the older edition is 0.
    pub from: u32,
    pub to: u32,
}

/// The category of each slot of both editions' calculators.
pub type SlotCategories = BTreeMap<Arc<str>, Arc<str>>;

/// Quantities by slot and component.
type Parts = BTreeMap<(Arc<str>, Arc<str>), u32>;

pub(super) fn diff_builds(old: &Catalog, new: &Catalog, slots: &SlotCategories) -> Vec<BuildDiff> {
    let editions = Editions { old, new, slots };
    let kept_or_new = (new.builds.iter()).map(|build| (build_before(build, old), Some(build)));
    let gone = old.builds.iter();
    let gone = gone.filter(|build| build_before(build, new).is_none());
    let gone = gone.map(|build| (Some(build), None));
    kept_or_new
        .chain(gone)
        .filter_map(|(before, after)| editions.build(before, after))
        .collect()
}

#[derive(Clone, Copy)]
enum Age {
    Old,
    New,
}

struct Editions<'a> {
    old: &'a Catalog,
    new: &'a Catalog,
    slots: &'a SlotCategories,
}

impl Editions<'_> {
    /// None for a build that is the same.
    fn build(&self, before: Option<&Build>, after: Option<&Build>) -> Option<BuildDiff> {
        let shown = after.or(before)?;
        let presence = match (before, after) {
            (None, _) => Presence::Added,
            (_, None) => Presence::Removed,
            _ => Presence::Kept,
        };
        let had = before.map_or_else(Parts::new, |build| self.parts(build, Age::Old));
        let has = after.map_or_else(Parts::new, |build| self.parts(build, Age::New));
        let former_title = before.and_then(|before| former(&before.title, &shown.title));
        let former = before.and_then(|before| former(&before.id.value, &shown.id.value));
        let is_renamed = former.is_some() || former_title.is_some();
        if had == has && presence == Presence::Kept && !is_renamed {
            return None;
        }
        Some(BuildDiff {
            id: Arc::clone(&shown.id.value),
            title: Arc::clone(&shown.title),
            presence,
            former,
            former_title,
            parts: self.moved_parts(&had, &has),
        })
    }

    fn moved_parts(&self, had: &Parts, has: &Parts) -> Vec<PartDiff> {
        let keys: BTreeSet<_> = had.keys().chain(has.keys()).collect();
        let quantity = |parts: &Parts, key| parts.get(key).copied().unwrap_or(0);
        let parts = keys.into_iter().map(|key| PartDiff {
            slot: Arc::clone(&key.0),
            category: self.slots.get(&key.0).cloned(),
            component: Arc::clone(&key.1),
            from: quantity(had, key),
            to: quantity(has, key),
        });
        parts.filter(|part| part.from != part.to).collect()
    }

    /// By the ids of the newer edition.
    fn parts(&self, build: &Build, edition: Age) -> Parts {
        let mut parts = Parts::new();
        for part in &build.parts {
            let (slot, id) = (&part.slot.value, &part.component.value);
            let now = match edition {
                Age::Old => self.renamed(slot, id),
                Age::New => None,
            };
            let id = now.unwrap_or_else(|| Arc::clone(id));
            *parts.entry((Arc::clone(slot), id)).or_default() += part.quantity;
        }
        parts
    }

    /// The id that a component of the older edition has in the newer one.
    fn renamed(&self, slot: &str, id: &str) -> Option<Arc<str>> {
        let category = self.slots.get(slot)?;
        // Where both calculators have the slot, the category is the newer one's.
        let new = self.new.category(category)?;
        let old = category_before(new, self.old)?;
        let was = old.component(id)?;
        let is = |before: &Component| before.id.value == was.id.value;
        let mut components = new.components.iter();
        let now = components.find(|now| predecessor(now, old).is_some_and(is))?;
        Some(Arc::clone(&now.id.value))
    }
}
