//! What changed between two editions, whole: two guides in, [`Changes`] out,
//! and from these the text and the JSON that commands print.

mod feed;
mod fold;
mod html;
mod items;
mod json;
mod moved;
mod page;
mod step;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Guide, Version};
use crate::calc::{Builds, Calculator, CalculatorDiff, diff_calculators};
use crate::catalog::{
    Catalog, CatalogDiff, Place, Presence, SlotCategories, build_before, category_before,
    diff_catalogs, predecessor,
};
use crate::site::{PagesDiff, Site, diff_pages};
use crate::value::Locale;

pub(super) use feed::{FEED, has_feed};
pub(super) use html::{ChangesPlace, Section, changes_html, changes_sections};
pub use json::changes_json;
pub(super) use moved::Moved;
pub(super) use page::render_changes_page;
pub use step::{PageOf, Step, insert_steps, step_page};
pub use text::changes_text;

/// Everything that differs between two editions.
pub struct Changes {
    /// Ids of the editions.
    pub from: Arc<str>,
    pub to: Arc<str>,
    /// The folders of the editions, from the site's root.
    pub roots: (Arc<str>, Arc<str>),
    /// How figures are shown: as in the newer edition.
    pub locale: Locale,
    /// Where components (by category and id) and builds are, from the site's
    /// root; those that are gone, in the older edition.
    pub places: BTreeMap<(Arc<str>, Arc<str>), PlaceOf>,
    /// Titles of components and builds, by the same; of the newer edition, if
    /// that has them.
    pub titles: BTreeMap<(Arc<str>, Arc<str>), Arc<str>>,
    pub catalog: CatalogDiff,
    pub calculator: CalculatorDiff,
    pub pages: PagesDiff,
}

/// The address of a page from the site's root, and an anchor on it.
pub type PlaceOf = (String, Option<Arc<str>>);

/// The name that stands for a category where a build is meant: no category can
/// have it.
const BUILD: &str = "build";

/// What is compared of an edition.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    pub version: &'a Version,
    pub catalog: &'a Catalog,
    pub site: &'a Site,
    pub calculator: Option<&'a Calculator>,
    /// The presets, reckoned.
    pub builds: &'a Builds,
}

impl<'a> From<&'a Guide> for Compared<'a> {
    fn from(guide: &'a Guide) -> Self {
        Self {
            version: &guide.version,
            catalog: &guide.catalog,
            site: &guide.site,
            calculator: guide.calculator.as_ref(),
            builds: &guide.builds,
        }
    }
}

/// Compares two editions of a guide.
pub fn changes(old: Compared<'_>, new: Compared<'_>) -> Changes {
    let renamed = renamed_pages(old.catalog, new.catalog);
    let catalog = diff_catalogs(old.catalog, new.catalog, &slot_categories(old, new));
    let mut pages = diff_pages(old.site, new.site, &renamed);
    let others = |edition, presence| {
        let own = own_pages(edition, &catalog, presence);
        move |(_, address): &(Arc<str>, Arc<str>)| !own.contains(address)
    };
    pages.added.retain(others(new, Presence::Added));
    pages.removed.retain(others(old, Presence::Removed));
    Changes {
        from: Arc::clone(&old.version.id),
        to: Arc::clone(&new.version.id),
        roots: (
            Arc::clone(&old.version.prefix),
            Arc::clone(&new.version.prefix),
        ),
        places: places(old, new),
        titles: titles(old.catalog, new.catalog),
        locale: new.catalog.locale.clone(),
        catalog,
        calculator: diff_calculators(
            (old.calculator, old.builds, old.catalog),
            (new.calculator, new.builds, new.catalog),
        ),
        pages,
    }
}

impl Changes {
    /// What a component or a build is called; its id where nothing has it.
    fn title<'a>(&'a self, kind: &str, id: &'a Arc<str>) -> &'a Arc<str> {
        self.titles
            .get(&(kind.into(), Arc::clone(id)))
            .unwrap_or(id)
    }

    pub fn is_empty(&self) -> bool {
        let (calculator, pages) = (&self.calculator, &self.pages);
        self.catalog.categories.is_empty()
            && self.catalog.builds.is_empty()
            && calculator.slots.is_empty()
            && calculator.inputs.is_empty()
            && calculator.totals.is_empty()
            && calculator.rules.is_empty()
            && calculator.figures.is_empty()
            && pages.added.is_empty()
            && pages.moved.is_empty()
            && pages.removed.is_empty()
    }
}

/// How much changed, in words: "12 figures changed", "1 component added".
fn summary(changes: &Changes) -> Vec<String> {
    let components = || {
        changes
            .catalog
            .categories
            .iter()
            .flat_map(|c| &c.components)
    };
    let of = |presence| components().filter(|c| c.presence == presence).count();
    let figures: usize = components().map(|c| c.figures.len()).sum();
    let points = |what| -> usize {
        let points = components().flat_map(|c| &c.points);
        let points = points.filter(|points| points.what == what);
        points.map(|p| p.added.len() + p.removed.len()).sum()
    };
    let renamed = components().filter(|c| c.is_renamed()).count();
    let (calculator, pages) = (&changes.calculator, &changes.pages);
    let fields = changes.catalog.categories.iter().flat_map(|c| &c.fields);
    let counts = [
        (figures, "figure", "changed"),
        (points("Strengths"), "strength", "changed"),
        (points("Weaknesses"), "weakness", "changed"),
        (of(Presence::Added), "component", "added"),
        (of(Presence::Removed), "component", "removed"),
        (renamed, "component", "renamed"),
        (fields.count(), "column", "changed"),
        (changes.catalog.builds.len(), "build", "changed"),
        (calculator.figures.len(), "total of builds", "changed"),
        (calculator.totals.len(), "total", "changed"),
        (calculator.rules.len(), "rule", "changed"),
        (calculator.slots.len(), "slot", "changed"),
        (calculator.inputs.len(), "input", "changed"),
        (pages.added.len(), "page", "added"),
        (pages.moved.len(), "page", "moved"),
        (pages.removed.len(), "page", "removed"),
    ];
    let counts = counts.iter().filter(|(count, ..)| *count > 0);
    counts
        .map(|(count, what, how)| match count {
            1 => format!("1 {what} {how}"),
            _ => format!("{count} {} {how}", several(what)),
        })
        .collect()
}

fn several(what: &str) -> String {
    match what.split_once(' ') {
        Some((what, of)) => format!("{what}s {of}"),
        None if what.ends_with('s') => format!("{what}es"),
        None => format!("{what}s"),
    }
}

/// The addresses of the pages that came or went with their component or build,
/// which is told already.
fn own_pages(edition: Compared<'_>, diff: &CatalogDiff, presence: Presence) -> BTreeSet<Arc<str>> {
    let mut paths: BTreeSet<&str> = BTreeSet::new();
    for category in &diff.categories {
        let components = category.components.iter();
        let ids = components.filter(|c| c.presence == presence).map(|c| &c.id);
        let found = ids.filter_map(|id| edition.catalog.component(&category.id, id));
        let pages = found.filter(|component| component.place == Place::Page);
        paths.extend(pages.map(|component| component.path.as_ref()));
    }
    let builds = diff.builds.iter().filter(|b| b.presence == presence);
    let builds = builds.filter_map(|build| edition.catalog.build(&build.id));
    let builds = builds.filter(|build| build.own_page);
    paths.extend(builds.map(|build| build.path.as_ref()));
    let pages = edition.site.pages.iter();
    let pages = pages.filter(|page| paths.contains(page.document.path.as_ref()));
    pages.map(|page| Arc::clone(&page.address)).collect()
}

fn titles(old: &Catalog, new: &Catalog) -> BTreeMap<(Arc<str>, Arc<str>), Arc<str>> {
    let mut titles = BTreeMap::new();
    for catalog in [old, new] {
        for category in &catalog.categories {
            // Parts that are gone are told under the category's name of today.
            let now = category_before(category, new).unwrap_or(category);
            for component in &category.components {
                let id = &component.id.value;
                for category in [category, now] {
                    let key = (Arc::clone(&category.id.value), Arc::clone(id));
                    titles.insert(key, Arc::clone(&component.title));
                }
            }
        }
        for build in &catalog.builds {
            let key = (BUILD.into(), Arc::clone(&build.id.value));
            titles.insert(key, Arc::clone(&build.title));
        }
    }
    titles
}

fn slot_categories(old: Compared<'_>, new: Compared<'_>) -> SlotCategories {
    let calculators = [old, new]
        .into_iter()
        .filter_map(|edition| edition.calculator);
    let slots = calculators.flat_map(|calculator| &calculator.slots);
    slots
        .map(|slot| (Arc::clone(&slot.id.value), Arc::clone(&slot.category)))
        .collect()
}

/// Where all components and builds are; the newer edition counts.
fn places(old: Compared<'_>, new: Compared<'_>) -> BTreeMap<(Arc<str>, Arc<str>), PlaceOf> {
    let mut places = BTreeMap::new();
    for edition in [old, new] {
        let mut add = |kind: &Arc<str>, id: &Arc<str>, path: &str, anchor| {
            if let Some(page) = edition.site.by_path(path) {
                let address = &edition.site.page(page).address;
                let address = format!("{}{address}", edition.version.prefix);
                places.insert((Arc::clone(kind), Arc::clone(id)), (address, anchor));
            }
        };
        for component in edition
            .catalog
            .categories
            .iter()
            .flat_map(|c| &c.components)
        {
            let id = &component.id.value;
            let entry = component.place == Place::Entry;
            let anchor = entry.then(|| Arc::clone(id));
            add(&component.category, id, &component.path, anchor);
        }
        for build in &edition.catalog.builds {
            add(&BUILD.into(), &build.id.value, &build.path, None);
        }
    }
    places
}

/// Where the page of each component, category and build of the older catalog is
/// in the newer one.
fn renamed_pages(old: &Catalog, new: &Catalog) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut renamed = BTreeMap::new();
    for category in &new.categories {
        let Some(before) = category_before(category, old) else {
            continue;
        };
        renamed.insert(Arc::clone(&before.path), Arc::clone(&category.path));
        for component in &category.components {
            if let Some(earlier) = predecessor(component, before)
                && (component.place, earlier.place) == (Place::Page, Place::Page)
            {
                renamed.insert(Arc::clone(&earlier.path), Arc::clone(&component.path));
            }
        }
    }
    for build in new.builds.iter().filter(|build| build.own_page) {
        if let Some(before) = build_before(build, old).filter(|before| before.own_page) {
            renamed.insert(Arc::clone(&before.path), Arc::clone(&build.path));
        }
    }
    renamed
}
