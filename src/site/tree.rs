//! The tree of sections and pages, their addresses and reading order.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::page::{Page, PageId, PageKind, title_of};
use crate::diag::{Checked, Code, Diagnostic};
use crate::parse::{Document, Outline};

/// All pages of one version.
#[derive(Debug, Default)]
pub struct Site {
    /// By the path of their document.
    pub pages: Vec<Page>,
    by_path: BTreeMap<Arc<str>, PageId>,
    by_address: BTreeMap<Arc<str>, PageId>,
    /// Files beside the pages, relative to `content/`.
    pub assets: BTreeMap<Arc<str>, ()>,
    /// Files of `static/`, relative to it.
    pub statics: BTreeMap<Arc<str>, ()>,
    /// All pages in reading order, the home page first.
    pub order: Vec<PageId>,
}

impl Site {
    pub fn page(&self, id: PageId) -> &Page {
        &self.pages[id.0]
    }

    /// The page of a document, by its path relative to `content/`.
    pub fn by_path(&self, path: &str) -> Option<PageId> {
        self.by_path.get(path).copied()
    }

    /// The page at an address such as `a/b/`.
    pub fn by_address(&self, address: &str) -> Option<PageId> {
        self.by_address.get(address).copied()
    }

    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.by_path.keys().map(AsRef::as_ref)
    }

    /// The home page; every site has one.
    pub fn home(&self) -> Option<PageId> {
        self.by_address("")
    }

    /// The page and the sections above it, the home page first.
    pub fn ancestors(&self, id: PageId) -> Vec<PageId> {
        let mut line = vec![id];
        while let Some(parent) = line.last().and_then(|id| self.page(*id).parent) {
            line.push(parent);
        }
        line.reverse();
        line
    }
}

/// Gives every document its place. Documents come sorted by path.
pub fn build_site(
    documents: &[(Arc<Document>, Arc<Outline>)],
    assets: impl IntoIterator<Item = Arc<str>>,
    statics: impl IntoIterator<Item = Arc<str>>,
) -> Checked<Site> {
    let mut diagnostics = Vec::new();
    let slugs = section_slugs(documents);
    let mut site = Site {
        assets: assets.into_iter().map(|a| (a, ())).collect(),
        statics: statics.into_iter().map(|a| (a, ())).collect(),
        ..Site::default()
    };
    for (document, outline) in documents {
        let address: Arc<str> = address_of(document, &slugs).into();
        let id = PageId(site.pages.len());
        if let Some(first) = site.by_address.get(&address) {
            let other = site.pages[first.0].document.top();
            let message = format!("two pages have the address `/{address}`");
            diagnostics.push(
                Diagnostic::error(Code::PathCollision, document.top(), message)
                    .also(other, "the other page")
                    .help("rename one of the files, or give it a `slug`"),
            );
            continue;
        }
        let (title, title_in_body) = title_of(document, outline);
        site.by_path.insert(Arc::clone(&document.path), id);
        site.by_address.insert(Arc::clone(&address), id);
        site.pages.push(Page {
            document: Arc::clone(document),
            outline: Arc::clone(outline),
            kind: kind_of(document, &address),
            title,
            nav_title: document.front.nav_title.clone().map(|text| text.value),
            description: document.front.description.clone().map(|text| text.value),
            title_in_body,
            address,
            parent: None,
            children: Vec::new(),
            previous: None,
            next: None,
        });
    }
    connect(&mut site);
    Checked::new(site, diagnostics)
}

/// The slugs of sections that have one, by folder.
fn section_slugs(documents: &[(Arc<Document>, Arc<Outline>)]) -> BTreeMap<&str, &str> {
    (documents.iter())
        .filter(|(d, _)| d.is_section())
        .filter_map(|(d, _)| Some((d.folder(), d.front.slug.as_ref()?.value.as_ref())))
        .collect()
}

fn address_of(document: &Document, slugs: &BTreeMap<&str, &str>) -> String {
    let mut address = String::new();
    let folder = document.folder();
    let mut end = 0;
    for part in folder.split('/').filter(|p| !p.is_empty()) {
        end += part.len() + usize::from(end > 0);
        address.push_str(slugs.get(&folder[..end]).unwrap_or(&part));
        address.push('/');
    }
    if !document.is_section() && document.stem() != "index" {
        let slug = document.front.slug.as_ref();
        address.push_str(slug.map_or(document.stem(), |s| &s.value));
        address.push('/');
    }
    address
}

fn kind_of(document: &Document, address: &str) -> PageKind {
    let front = &document.front;
    match () {
        () if address.is_empty() => PageKind::Home,
        () if document.is_section() => PageKind::Section,
        () if front.component.is_some() => PageKind::Component,
        () if front.build.is_some() => PageKind::Build,
        () => PageKind::Page,
    }
}

/// Parents, children in order, neighbours.
fn connect(site: &mut Site) {
    let sections: BTreeMap<String, PageId> = (site.pages.iter().enumerate())
        .filter(|(_, page)| page.document.is_section())
        .map(|(i, page)| (page.document.folder().to_string(), PageId(i)))
        .collect();
    for index in 0..site.pages.len() {
        let page = &site.pages[index];
        let mut folder = Some(page.document.folder());
        if page.document.is_section() {
            folder = above(page.document.folder());
        }
        let mut parent = None;
        while let Some(current) = folder {
            if let Some(found) = sections.get(current) {
                parent = Some(*found);
                break;
            }
            folder = above(current);
        }
        site.pages[index].parent = parent;
        if let Some(parent) = parent {
            site.pages[parent.0].children.push(PageId(index));
        }
    }
    for index in 0..site.pages.len() {
        let mut children = std::mem::take(&mut site.pages[index].children);
        children.sort_by_cached_key(|id| {
            let page = site.page(*id);
            let weight = page.document.front.weight;
            (
                weight.is_none(),
                weight,
                page.nav_title().to_lowercase(),
                Arc::clone(&page.document.path),
            )
        });
        site.pages[index].children = children;
    }
    site.order = reading_order(site);
    for pair in site.order.clone().windows(2) {
        if let [before, after] = *pair {
            site.pages[before.0].next = Some(after);
            site.pages[after.0].previous = Some(before);
        }
    }
}

/// The folder above, or none above the top.
fn above(folder: &str) -> Option<&str> {
    match folder.rsplit_once('/') {
        Some((above, _)) => Some(above),
        None if folder.is_empty() => None,
        None => Some(""),
    }
}

fn reading_order(site: &Site) -> Vec<PageId> {
    let mut order = Vec::with_capacity(site.pages.len());
    let mut stack: Vec<PageId> = (0..site.pages.len())
        .rev()
        .map(PageId)
        .filter(|id| site.page(*id).parent.is_none())
        .collect();
    // The home page stands before pages without a section.
    stack.sort_by_key(|id| std::cmp::Reverse(!site.page(*id).address.is_empty()));
    while let Some(id) = stack.pop() {
        order.push(id);
        stack.extend(site.page(id).children.iter().rev());
    }
    order
}
