//! What changed between two catalogs: the catalogs of two editions in, a
//! [`CatalogDiff`] out. Only what differs is in it. It knows no pages.

mod build;
mod field;
mod figure;
mod points;

use std::collections::BTreeSet;
use std::sync::Arc;

use super::{Build, Catalog, Category, Component};
use crate::diag::Spanned;

pub use build::{BuildDiff, PartDiff, SlotCategories};
pub use field::{FieldDiff, field_before};
pub use figure::{FigureDiff, Movement, diff_figures, movement, same_figure};

pub use points::PointsDiff;

use build::diff_builds;
use field::diff_fields;
use points::diff_points;

/// Everything that differs between two catalogs.
#[derive(Clone, Debug, Default)]
pub struct CatalogDiff {
    /// In the newer catalog's order, then those that are gone.
    pub categories: Vec<CategoryDiff>,
    pub builds: Vec<BuildDiff>,
}

/// Whether something is in both editions, and if not, in which.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    Added,
    Removed,
    Kept,
}

impl Presence {
    pub fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Removed => "removed",
            Self::Kept => "kept",
        }
    }
}

#[derive(Clone, Debug)]
pub struct CategoryDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    /// The id that it had before, if that was another.
    pub former: Option<Arc<str>>,
    /// The title that it had before, if that was another.
    pub former_title: Option<Arc<str>>,
    pub fields: Vec<FieldDiff>,
    pub components: Vec<ComponentDiff>,
}

#[derive(Clone, Debug)]
pub struct ComponentDiff {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub presence: Presence,
    /// The id that it had before, if that was another.
    pub former: Option<Arc<str>>,
    /// The title that it had before, if that was another.
    pub former_title: Option<Arc<str>>,
    /// Of fields that both editions have.
    pub figures: Vec<FigureDiff>,
    /// Strengths and weaknesses.
    pub points: Vec<PointsDiff>,
}

/// Compares two catalogs.
pub fn diff_catalogs(old: &Catalog, new: &Catalog, slots: &SlotCategories) -> CatalogDiff {
    let mut diff = CatalogDiff::default();
    for category in &new.categories {
        let found = match category_before(category, old) {
            Some(before) => diff_category(before, category),
            None => whole_category(category, Presence::Added),
        };
        if !found.is_same() {
            diff.categories.push(found);
        }
    }
    let gone = old.categories.iter();
    let gone = gone.filter(|category| category_before(category, new).is_none());
    diff.categories
        .extend(gone.map(|category| whole_category(category, Presence::Removed)));
    diff.builds = diff_builds(old, new, slots);
    diff
}

impl CategoryDiff {
    fn is_same(&self) -> bool {
        let nothing = self.fields.is_empty() && self.components.is_empty();
        nothing && !self.is_renamed() && self.presence == Presence::Kept
    }

    /// Whether it has another id or title now.
    pub fn is_renamed(&self) -> bool {
        self.former.is_some() || self.former_title.is_some()
    }
}

impl ComponentDiff {
    fn is_same(&self) -> bool {
        self.figures.is_empty() && self.points.is_empty() && !self.is_renamed()
    }

    /// Whether it has another id or title now.
    pub fn is_renamed(&self) -> bool {
        self.former.is_some() || self.former_title.is_some()
    }
}

/// What something was called, if that was another.
fn former(before: &Arc<str>, now: &Arc<str>) -> Option<Arc<str>> {
    (before != now).then(|| Arc::clone(before))
}

fn whole_category(category: &Category, presence: Presence) -> CategoryDiff {
    CategoryDiff {
        id: Arc::clone(&category.id.value),
        title: Arc::clone(&category.title),
        presence,
        former: None,
        former_title: None,
        fields: Vec::new(),
        components: (category.components.iter())
            .map(|component| whole_component(component, presence))
            .collect(),
    }
}

fn whole_component(component: &Component, presence: Presence) -> ComponentDiff {
    ComponentDiff {
        id: Arc::clone(&component.id.value),
        title: Arc::clone(&component.title),
        presence,
        former: None,
        former_title: None,
        figures: Vec::new(),
        points: Vec::new(),
    }
}

fn diff_category(old: &Category, new: &Category) -> CategoryDiff {
    let mut diff = CategoryDiff {
        id: Arc::clone(&new.id.value),
        title: Arc::clone(&new.title),
        presence: Presence::Kept,
        former: former(&old.id.value, &new.id.value),
        former_title: former(&old.title, &new.title),
        fields: diff_fields(old, new),
        components: Vec::new(),
    };
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for component in &new.components {
        let Some(before) = predecessor(component, old) else {
            let added = whole_component(component, Presence::Added);
            diff.components.push(added);
            continue;
        };
        met.insert(&before.id.value);
        let found = ComponentDiff {
            former: former(&before.id.value, &component.id.value),
            former_title: former(&before.title, &component.title),
            figures: diff_figures((old, before), (new, component)),
            points: diff_points(before, component),
            ..whole_component(component, Presence::Kept)
        };
        if !found.is_same() {
            diff.components.push(found);
        }
    }
    let gone = old.components.iter();
    let gone = gone.filter(|component| !met.contains(component.id.value.as_ref()));
    diff.components
        .extend(gone.map(|component| whole_component(component, Presence::Removed)));
    diff
}

/// What a component was in another edition: by its id, else by a former id of
/// either.
pub fn predecessor<'a>(component: &Component, old: &'a Category) -> Option<&'a Component> {
    let former = component.former.iter().map(|id| &id.value);
    let mut ids = std::iter::once(&component.id.value).chain(former);
    let named = |id: &Arc<str>| old.component(id).filter(|c| c.id.value == *id);
    ids.find_map(named)
        .or_else(|| old.component(&component.id.value))
}

/// What a category was in another edition: by its id, else by a former id of
/// either.
pub fn category_before<'a>(category: &Category, other: &'a Catalog) -> Option<&'a Category> {
    let all = &other.categories;
    let found = same_of((&category.id, &category.former), all, |c| {
        (&c.id, &c.former)
    });
    found.map(|at| &all[at])
}

/// What a build was in another edition: by its id, else by a former id of
/// either.
pub fn build_before<'a>(build: &Build, other: &'a Catalog) -> Option<&'a Build> {
    let all = &other.builds;
    let found = same_of((&build.id, &build.former), all, |b| (&b.id, &b.former));
    found.map(|at| &all[at])
}

/// An id, and those that it was before.
type Named<'a> = (&'a Spanned<Arc<str>>, &'a Vec<Spanned<Arc<str>>>);

fn same_of<T>(wanted: Named<'_>, all: &[T], named: impl Fn(&T) -> Named<'_>) -> Option<usize> {
    let (id, former) = wanted;
    let mut ids = std::iter::once(id).chain(former);
    let by_id = |id: &Spanned<Arc<str>>| all.iter().position(|item| named(item).0 == id);
    let was_called = |item: &T| named(item).1.contains(id);
    ids.find_map(by_id)
        .or_else(|| all.iter().position(was_called))
}
