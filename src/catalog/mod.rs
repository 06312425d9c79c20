//! Collecting: the documents of one version in, a [`Catalog`] out: categories
//! with their schemas, components with their figures, builds. Nothing here
//! knows pages, links or HTML.

mod braces;
mod build;
mod component;
mod derive;
mod diff;
mod example;
mod figure;
mod lost;
mod names;
mod schema;
mod scope;
mod units;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::config::Config;
use crate::diag::{Checked, Code, Diagnostic, Span, Spanned, help_nearest};
use crate::parse::{Document, Kind, Table};
use crate::value::{Locale, Units};

pub use braces::refuse_figures;
pub use build::{Build, MOST_QUANTITY, PartUse};
pub use component::{Component, Place};
pub use derive::{DEFAULT_DECIMALS, settle_type, settle_value};
pub use diff::{
    BuildDiff, CatalogDiff, CategoryDiff, ComponentDiff, FieldDiff, FigureDiff, Movement, PartDiff,
    PointsDiff, Presence, SlotCategories, build_before, category_before, diff_catalogs,
    diff_figures, field_before, movement, predecessor, same_figure,
};
pub use figure::Figure;
pub use lost::Lost;
pub use names::{is_id, is_reserved, is_taken_field};
pub use schema::{Better, Category, Field, FieldKind, better_of, decimals_of, humanise};
pub use scope::{ComponentNames, FigureValues};

/// All categories, components and builds of one version.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub units: Units,
    /// How figures are shown.
    pub locale: Locale,
    /// In the order of their documents' paths.
    pub categories: Vec<Category>,
    pub builds: Vec<Build>,
    category_index: BTreeMap<Arc<str>, usize>,
    build_index: BTreeMap<Arc<str>, usize>,
    /// The category that a folder's components belong to.
    folders: BTreeMap<Arc<str>, usize>,
    /// What could not be read.
    pub lost: Lost,
    /// What drafts would declare: by id, the path of the document.
    drafts: BTreeMap<Arc<str>, Arc<str>>,
}

/// A mistake stands in the way that has been reported.
struct Reported;

impl Catalog {
    pub fn category(&self, id: &str) -> Option<&Category> {
        Some(&self.categories[*self.category_index.get(id)?])
    }

    pub fn component(&self, category: &str, id: &str) -> Option<&Component> {
        self.category(category)?.component(id)
    }

    pub fn build(&self, id: &str) -> Option<&Build> {
        Some(&self.builds[*self.build_index.get(id)?])
    }

    pub fn category_ids(&self) -> impl Iterator<Item = &str> {
        self.category_index.keys().map(AsRef::as_ref)
    }

    pub fn build_ids(&self) -> impl Iterator<Item = &str> {
        self.build_index.keys().map(AsRef::as_ref)
    }

    /// What to do about an id that is not among those that are known: publish
    /// the draft that declares it, or take the nearest.
    pub fn help_id<'a>(
        &self,
        id: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Option<String> {
        match (self.drafts.get(id), self.called_now(id)) {
            (Some(path), _) => Some(format!(
                "`content/{path}` declares it and is a draft: publish it, or give `--drafts`"
            )),
            (None, Some(now)) => Some(format!("it is called `{now}` now")),
            (None, None) => help_nearest(id, known),
        }
    }

    /// The id that a category or a build has now which had another.
    fn called_now(&self, former: &str) -> Option<&str> {
        let is = |id: &Spanned<Arc<str>>| id.value.as_ref() == former;
        let categories = self.categories.iter().map(|c| (&c.id, &c.former));
        let mut all = categories.chain(self.builds.iter().map(|b| (&b.id, &b.former)));
        let (id, _) = all.find(|(_, former)| former.iter().any(is))?;
        Some(&id.value)
    }

    /// The category of a folder: its own, or the nearest one above.
    pub fn category_of_folder(&self, folder: &str) -> Option<&Category> {
        let index = self.folder_category(folder).ok()??;
        Some(&self.categories[index])
    }

    fn folder_category(&self, folder: &str) -> Result<Option<usize>, Reported> {
        let mut current = folder;
        loop {
            if let Some(index) = self.folders.get(current) {
                return Ok(Some(*index));
            }
            if self.lost.has_folder(current) {
                return Err(Reported);
            }
            current = match current.rsplit_once('/') {
                Some((above, _)) => above,
                None if current.is_empty() => return Ok(None),
                None => "",
            };
        }
    }
}

/// Collects the catalog of a version from its documents, which come sorted by
/// path. Of `drafts`, which are not published, only the ids are noted.
///
/// # Steps
/// 1. Units are declared.
/// 2. Sections declare categories with their schemas.
/// 3. Components are read against the schema of their category.
/// 4. Derived fields are compiled and computed.
/// 5. Builds are read.
pub fn collect(
    documents: &[Arc<Document>],
    drafts: &[Arc<Document>],
    config: &Config,
) -> Checked<Catalog> {
    let mut diagnostics = Vec::new();
    let mut catalog = Catalog {
        units: units::declare(config, &mut diagnostics),
        locale: Locale::new(&config.language),
        ..Catalog::default()
    };
    for draft in drafts {
        let ids = declared_ids(draft).into_iter();
        let path = || Arc::clone(&draft.path);
        catalog.drafts.extend(ids.map(|id| (id, path())));
    }
    let is_lost = |document: &&Arc<Document>| document.malformed || document.front.lost_tables;
    for document in documents.iter().filter(is_lost) {
        catalog.lost.malformed(document);
    }
    for document in documents.iter().filter(|document| document.front.strays) {
        catalog.lost.name(document.stem());
        catalog.lost.document(document);
        if document.front.misplaced.iter().any(|key| *key != "fields") {
            catalog.lost.name("calculator");
        }
    }
    for document in documents {
        declare_category(document, &mut catalog, &mut diagnostics);
    }
    for document in documents {
        component::read_components(document, &mut catalog, &mut diagnostics);
    }
    derive::derive(&mut catalog, &mut diagnostics);
    for document in documents {
        build::read_builds(document, &mut catalog, &mut diagnostics);
    }
    check_former(&catalog, &mut diagnostics);
    Checked::new(catalog, diagnostics)
}

/// A former id of a category or a build must be free: it is the id of one alone.
fn check_former(catalog: &Catalog, sink: &mut Vec<Diagnostic>) {
    let categories = catalog.categories.iter();
    let categories: Vec<_> = categories.map(|c| (&c.id, &c.former)).collect();
    let builds = catalog.builds.iter();
    let builds: Vec<_> = builds.map(|build| (&build.id, &build.former)).collect();
    for (what, all) in [("categories", categories), ("builds", builds)] {
        let ids = all.iter().map(|(id, _)| (id.value.as_ref(), *id));
        let mut taken: BTreeMap<&str, &Spanned<Arc<str>>> = ids.collect();
        for former in all.iter().flat_map(|(_, former)| former.iter()) {
            match taken.get(former.value.as_ref()) {
                Some(first) => sink.push(twice(what, former, &first.span)),
                None => {
                    taken.insert(&former.value, former);
                }
            }
        }
    }
}

/// The ids of what a document declares, as far as they can be told.
fn declared_ids(document: &Document) -> Vec<Arc<str>> {
    let front = &document.front;
    let id = |table: &Table| match table.get("id").map(|node| &node.kind) {
        Some(Kind::String(id)) => Some(Arc::clone(id)),
        _ => None,
    };
    let own = front.component.iter().chain(&front.build);
    let lists = front.components.iter().chain(&front.builds);
    own.map(|table| id(table).unwrap_or_else(|| document.stem().into()))
        .chain(front.category.iter().chain(lists).filter_map(id))
        .collect()
}

fn declare_category(document: &Arc<Document>, catalog: &mut Catalog, sink: &mut Vec<Diagnostic>) {
    let Some(table) = &document.front.category else {
        return;
    };
    refuse_figures(table, &[], sink);
    // The id stands in a table of another name.
    let is_told = document.front.lost_tables && table.get("id").is_none();
    if is_told || try_declare(document, table, catalog, sink).is_none() {
        catalog.lost.folder(document);
        match table.get("id").map(|node| &node.kind) {
            Some(Kind::String(id)) => catalog.lost.category(id),
            _ => catalog.lost.any_category(),
        }
    }
}

/// None if the category can't be declared, which is reported.
fn try_declare(
    document: &Arc<Document>,
    table: &Table,
    catalog: &mut Catalog,
    sink: &mut Vec<Diagnostic>,
) -> Option<()> {
    if !document.is_section() {
        sink.push(
            Diagnostic::error(
                Code::InvalidValue,
                table.span.first_line(),
                "only a section can declare a category",
            )
            .help("move `[category]` to the `_index.md` of the folder that holds the components"),
        );
        return None;
    }
    let category = schema::read_category(document, table, &catalog.units, sink)?;
    if let Some(outer) = catalog.category_of_folder(document.folder()) {
        let message = format!(
            "category `{}` stands within category `{}`, whose schema its section inherits",
            category.id.value, outer.id.value
        );
        sink.push(
            Diagnostic::error(Code::DuplicateId, category.id.span.clone(), message)
                .also(outer.id.span.clone(), "the outer category"),
        );
        return None;
    }
    if let Some(first) = catalog.category(&category.id.value) {
        sink.push(twice("categories", &category.id, &first.id.span));
        return None;
    }
    let index = catalog.categories.len();
    let id = Arc::clone(&category.id.value);
    catalog.category_index.insert(id, index);
    catalog.folders.insert(document.folder().into(), index);
    catalog.categories.push(category);
    Some(())
}

/// "two categories have the id `x`", with both places.
fn twice(what: &str, id: &Spanned<Arc<str>>, first: &Span) -> Diagnostic {
    let message = format!("two {what} have the id `{}`", id.value);
    Diagnostic::error(Code::DuplicateId, id.span.clone(), message)
        .label("used again here")
        .also(first.clone(), "first used here")
}

fn unknown_category(id: &Spanned<Arc<str>>, catalog: &Catalog) -> Diagnostic {
    let message = format!("there is no category `{}`", id.value);
    Diagnostic::error(Code::UnknownName, id.span.clone(), message)
        .help_if(catalog.help_id(&id.value, catalog.category_ids()))
}
