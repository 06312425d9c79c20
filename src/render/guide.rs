//! What rendering starts from: one version of the guide, linked, with the
//! theme and its place among the other versions.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::changes::{Changes, Step};
use super::common::Common;
use super::diagram::{DiagramConfig, DiagramWorker};
use super::search;
use super::theme::Templates;
use crate::calc::{Builds, Calculator, Module};
use crate::catalog::{Catalog, Category, Component, Place};
use crate::config::{Author, Status};
use crate::diag::{Diagnostic, Severity};
use crate::directive::{Directive, Facts, Inline};
use crate::memo::Memo;
use crate::site::{LinkError, Page, PageId, Site, Target, relative};

/// Two editions as a block names them, or leaves them out.
pub type Between = (Option<Arc<str>>, Option<Arc<str>>);

/// One version, ready to be rendered.
pub struct Guide {
    pub title: Arc<str>,
    pub description: Option<Arc<str>>,
    pub language: Arc<str>,
    pub shared: Arc<Shared>,
    pub version: Version,
    pub catalog: Arc<Catalog>,
    pub site: Site,
    /// What each page's Markdown asks for, by page.
    pub contents: Vec<Content>,
    /// A hash of each page's whole text, by page.
    pub texts: Vec<blake3::Hash>,
    /// Of the anchors of all headings.
    pub headings: blake3::Hash,
    /// The day of each document's last change, by path relative to `content/`.
    pub changed: BTreeMap<Arc<str>, Arc<str>>,
    /// Of everything that any page of this version may show.
    pub inputs: blake3::Hash,
    pub nav: super::nav::Nav,
    /// Where components and their mentions are, found once.
    pub index: Index,
    /// What `changes` blocks show, by their editions as written.
    pub changes: BTreeMap<Between, Changes>,
    pub calculator: Option<Calculator>,
    /// The presets, reckoned.
    pub builds: Builds,
    /// The calculator, compiled; none where a formula can overflow.
    pub module: Option<Module>,
}

/// Components by the path of their page, and the pages that mention each.
#[derive(Default)]
pub struct Index {
    /// Positions of category and component.
    pages: BTreeMap<Arc<str>, (usize, usize)>,
    /// By category and id.
    mentions: BTreeMap<(Arc<str>, Arc<str>), Vec<PageId>>,
}

impl Index {
    pub fn new(catalog: &Catalog, contents: &[Content]) -> Self {
        let mut index = Self::default();
        for (c, category) in catalog.categories.iter().enumerate() {
            for (i, component) in category.components.iter().enumerate() {
                if component.place == Place::Page {
                    index.pages.insert(Arc::clone(&component.path), (c, i));
                }
            }
        }
        for (page, content) in contents.iter().enumerate() {
            for mentioned in content.mentions() {
                let pages = index.mentions.entry(mentioned).or_default();
                if pages.last() != Some(&PageId(page)) {
                    pages.push(PageId(page));
                }
            }
        }
        index
    }

    /// The component whose page a document is.
    pub fn component_at<'a>(&self, catalog: &'a Catalog, path: &str) -> Option<&'a Component> {
        let (category, component) = *self.pages.get(path)?;
        catalog.categories.get(category)?.components.get(component)
    }

    /// The pages whose prose or tables show a component.
    pub fn mentions(&self, component: &Component) -> &[PageId] {
        let key = (
            Arc::clone(&component.category),
            Arc::clone(&component.id.value),
        );
        self.mentions.get(&key).map_or(&[], Vec::as_slice)
    }
}

/// What all versions share.
pub struct Shared {
    pub templates: Arc<Templates>,
    pub base_url: Option<Arc<str>>,
    pub repository: Option<Arc<str>>,
    pub edit_branch: Arc<str>,
    pub edit_root: Arc<str>,
    pub author: Option<Author>,
    pub index_archived: bool,
    /// All versions, the current one first.
    pub versions: Vec<VersionPages>,
    /// From each edition to the next, in the order of the later ones.
    pub steps: Vec<Step>,
    /// The catalogs of all versions, by id.
    pub catalogs: BTreeMap<Arc<str>, Arc<Catalog>>,
    /// Bodies of pages as HTML.
    pub bodies: Common<str>,
    pub search: search::Kept,
    pub diagrams: DiagramConfig,
    pub memo: Arc<dyn Memo>,
    pub worker: Arc<dyn DiagramWorker + Send + Sync>,
}

impl Shared {
    /// What changed in an edition; none for the first.
    pub fn step_to(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| step.to.id.as_ref() == id)
    }
}

/// A version and its place on the site.
#[derive(Clone, Debug)]
pub struct Version {
    pub id: Arc<str>,
    pub title: Arc<str>,
    pub date: Option<Arc<str>>,
    pub status: Status,
    /// The folder of the site: empty for the current version, else `1.0/`.
    pub prefix: Arc<str>,
    /// Whether it is kept as it was, and not the one that is written.
    pub is_frozen: bool,
}

impl Version {
    /// A finding about the version. What was right when an edition was frozen
    /// can't be put right in it, so later checks only warn of it.
    pub fn judged(&self, mut found: Diagnostic) -> Diagnostic {
        if self.is_frozen && found.once_right {
            found.severity = found.severity.max(Severity::Warning);
        }
        found
    }
}

/// Where the pages of a version are, for switching between versions.
#[derive(Clone, Debug)]
pub struct VersionPages {
    pub version: Version,
    /// Addresses by the path of the document.
    pub by_path: BTreeMap<Arc<str>, Arc<str>>,
    /// Addresses by what the page is about (see [`names`]).
    pub by_name: BTreeMap<String, Arc<str>>,
    /// Address of the section and anchor of each component that one lists, by
    /// its keys.
    pub by_entry: BTreeMap<String, (Arc<str>, Arc<str>)>,
    /// Addresses by former address.
    pub by_alias: BTreeMap<String, Arc<str>>,
    /// The ids of the categories that have a page side by side, by all ids that
    /// these have or had.
    pub compared: BTreeMap<Arc<str>, Arc<str>>,
}

/// What a page's Markdown asks for, found while linking.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// Figures by the number of their call.
    pub inlines: BTreeMap<usize, Inline>,
    /// Generated blocks in the order of their fences; none where one is
    /// malformed.
    pub directives: Vec<Option<Directive>>,
}

impl Content {
    /// The comparison tables, in the order of the page.
    pub fn tables(&self) -> impl Iterator<Item = &crate::directive::Compare> {
        self.directives
            .iter()
            .flatten()
            .filter_map(|directive| match directive {
                Directive::Compare(table) => Some(table),
                _ => None,
            })
    }

    /// Category and id of each component that the page shows.
    fn mentions(&self) -> impl Iterator<Item = (Arc<str>, Arc<str>)> {
        let figures = self
            .inlines
            .values()
            .filter_map(|inline| inline.figure.as_ref());
        let figures = figures.map(|f| (Arc::clone(&f.category), Arc::clone(&f.id)));
        let rows = self.tables().flat_map(|table| {
            let rows = table.rows.iter();
            rows.map(|row| (Arc::clone(&table.category), Arc::clone(&row.component)))
        });
        figures.chain(rows)
    }
}

impl Guide {
    pub fn page(&self, id: PageId) -> &Page {
        self.site.page(id)
    }

    /// The component whose page it is.
    pub fn component_of(&self, page: &Page) -> Option<&Component> {
        page.document.front.component.as_ref()?;
        self.index.component_at(&self.catalog, &page.document.path)
    }

    /// What a page is about, by all names that this has or had.
    pub fn names_of(&self, page: &Page) -> Vec<String> {
        names(&self.catalog, &self.index, page)
    }

    /// What formulas on a page can speak about.
    pub fn facts<'a>(&'a self, page: &Page) -> Facts<'a> {
        Facts {
            catalog: &self.catalog,
            calculator: self.calculator.as_ref(),
            builds: &self.builds,
            own: self.component_of(page),
            lost_own: self.catalog.lost.has_document(&page.document.path),
        }
    }

    /// Where a component is shown, relative to the version's root: the address
    /// of its page, or of its section with its anchor.
    pub fn component_address(&self, component: &Component) -> Option<String> {
        let page = self.site.by_path(&component.path)?;
        let address = &self.page(page).address;
        Some(match component.place {
            Place::Page => address.to_string(),
            Place::Entry => format!("{address}#{}", component.id.value),
        })
    }

    /// The way from a page to a component.
    pub fn component_link(&self, from: &Page, category: &str, id: &str) -> Option<String> {
        let component = self.catalog.component(category, id)?;
        let address = self.component_address(component)?;
        Some(match address.split_once('#') {
            Some((page, anchor)) => format!("{}#{anchor}", relative(&from.address, page)),
            None => relative(&from.address, &address),
        })
    }

    /// Whether a page has an anchor that its Markdown does not set: of a
    /// listed component, or of a figure on a component's page.
    pub fn extra_anchor(&self, id: PageId, anchor: &str) -> bool {
        extra_anchor(&self.catalog, &self.index, self.page(id), anchor)
    }

    /// Resolves an address of a page's Markdown.
    pub fn resolve(&self, page: &Page, address: &str) -> Option<Target> {
        let extra = |id: PageId, anchor: &str| self.extra_anchor(id, anchor);
        crate::site::resolve(&self.site, page, address, &extra)
    }

    /// The same, or why it leads nowhere.
    pub fn resolve_or_error(&self, page: &Page, address: &str) -> Result<Target, LinkError> {
        let extra = |id: PageId, anchor: &str| self.extra_anchor(id, anchor);
        crate::site::resolve_or_explain(&self.site, page, address, &extra)
    }

    /// Whether this is an edition that has been followed by another.
    pub fn is_old(&self) -> bool {
        self.version.status == Status::Archived
    }

    /// Whether search engines should leave all pages of this version out.
    pub fn noindex(&self) -> bool {
        self.version.status != Status::Current && !self.shared.index_archived
    }

    /// The whole address of a page of this version; none without a base.
    pub fn canonical(&self, address: &str) -> Option<String> {
        let base = self.shared.base_url.as_ref()?;
        let prefix = &self.version.prefix;
        Some(format!(
            "{base}{}",
            crate::site::encode_path(&format!("{prefix}{address}"))
        ))
    }
}

/// What a page is about, by all names that this has or had: a component's keys,
/// `category/` of a section that declares one, `build/id` of a preset. No
/// category can be called `build`.
pub fn names(catalog: &Catalog, index: &Index, page: &Page) -> Vec<String> {
    let (path, front) = (&page.document.path, &page.document.front);
    let mut found: Vec<String> = Vec::new();
    if let Some(component) = index.component_at(catalog, path) {
        found.extend(component.keys());
    }
    if front.category.is_some() {
        let category = catalog.categories.iter().find(|c| c.path == *path);
        let ids = category
            .into_iter()
            .flat_map(|c| [&c.id].into_iter().chain(&c.former));
        found.extend(ids.map(|id| format!("{}/", id.value)));
    }
    if front.build.is_some() {
        let build = catalog
            .builds
            .iter()
            .find(|b| b.own_page && b.path == *path);
        let ids = build
            .into_iter()
            .flat_map(|b| [&b.id].into_iter().chain(&b.former));
        found.extend(ids.map(|id| format!("build/{}", id.value)));
    }
    found
}

/// See [`Guide::extra_anchor`].
pub fn extra_anchor(catalog: &Catalog, index: &Index, page: &Page, anchor: &str) -> bool {
    let front = &page.document.front;
    let path = &page.document.path;
    if catalog.lost.has_component(path, anchor) || page.document.malformed {
        return true;
    }
    if !front.components.is_empty() {
        let mut components = catalog
            .categories
            .iter()
            .filter_map(|c| c.component(anchor));
        if components.any(|c| c.place == Place::Entry && c.path == *path) {
            return true;
        }
    }
    if front.component.is_some()
        && let Some(component) = index.component_at(catalog, path)
        && let Some(category) = catalog.category(&component.category)
    {
        let sections = ["verdict", "specifications", "used-in", "history"];
        return category.field(anchor).is_some() || sections.contains(&anchor);
    }
    false
}

impl VersionPages {
    /// Where this version lists a component that has a page in another.
    pub fn entry_of(&self, component: &Component) -> Option<&(Arc<str>, Arc<str>)> {
        component.keys().find_map(|key| self.by_entry.get(&key))
    }

    /// The id that a category has in this version, if that has a page of its
    /// components side by side.
    pub fn compared(&self, category: &Category) -> Option<&Arc<str>> {
        let mut ids = std::iter::once(&category.id).chain(&category.former);
        ids.find_map(|id| self.compared.get(&id.value))
    }

    /// The page of this version that answers to one of another, and whether it
    /// is the same page: by what it is about, path or former address; else the
    /// nearest section.
    pub fn counterpart(&self, path: &str, names: &[String], address: &str) -> (Arc<str>, bool) {
        if let Some(found) = names.iter().find_map(|name| self.by_name.get(name)) {
            return (Arc::clone(found), true);
        }
        if let Some(found) = self.by_path.get(path) {
            return (Arc::clone(found), true);
        }
        if let Some(found) = self.by_alias.get(address) {
            return (Arc::clone(found), true);
        }
        let mut folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
        loop {
            let index = match folder {
                "" => "_index.md".to_string(),
                _ => format!("{folder}/_index.md"),
            };
            if let Some(found) = self.by_path.get(index.as_str()).filter(|_| index != path) {
                return (Arc::clone(found), false);
            }
            if folder.is_empty() {
                return ("".into(), false);
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}
