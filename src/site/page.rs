//! A page of the site.

use std::sync::Arc;

use crate::parse::{Document, HeadingPiece, Kind, Outline};

/// The number of a page in its [`super::Site`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PageId(pub usize);

/// What a page is, which decides its template.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PageKind {
    Home,
    Section,
    Page,
    Component,
    Build,
}

impl PageKind {
    /// The name in templates, and of the default template.
    pub fn name(self) -> &'static str {
        match self {
            PageKind::Home => "home",
            PageKind::Section => "section",
            PageKind::Page => "page",
            PageKind::Component => "component",
            PageKind::Build => "build",
        }
    }
}

/// A page: its document and its place in the site.
#[derive(Debug)]
pub struct Page {
    pub document: Arc<Document>,
    pub outline: Arc<Outline>,
    pub kind: PageKind,
    pub title: Arc<str>,
    /// The title in the sidebar, where the author gives one.
    pub nav_title: Option<Arc<str>>,
    /// As the author gives it.
    pub description: Option<Arc<str>>,
    /// Whether the body's first heading repeats the title and is not shown.
    pub title_in_body: bool,
    /// The address relative to the version's root, decoded: `a/b/`, or empty
    /// for the home page.
    pub address: Arc<str>,
    pub parent: Option<PageId>,
    /// In reading order.
    pub children: Vec<PageId>,
    pub previous: Option<PageId>,
    pub next: Option<PageId>,
}

impl Page {
    /// The path of the page's file in the version's folder.
    pub fn file(&self) -> String {
        format!("{}index.html", self.address)
    }

    /// The title for the sidebar.
    pub fn nav_title(&self) -> &Arc<str> {
        self.nav_title.as_ref().unwrap_or(&self.title)
    }

    /// Whether an anchor exists on the page.
    pub fn has_anchor(&self, anchor: &str) -> bool {
        let outline = &self.outline;
        outline.headings.iter().any(|h| h.id.as_ref() == anchor)
            || outline.html_anchors.iter().any(|a| a.as_ref() == anchor)
    }

    /// The anchors of the page's headings.
    pub fn anchors(&self) -> impl Iterator<Item = &str> {
        self.outline.headings.iter().map(|h| h.id.as_ref())
    }

    /// The ids of the components in the page's list, which are anchors, too.
    pub fn entries(&self) -> impl Iterator<Item = &str> {
        let tables = self.document.front.components.iter();
        tables.filter_map(|table| match &table.get("id")?.kind {
            Kind::String(id) => Some(id.as_ref()),
            _ => None,
        })
    }
}

/// Title of a document, and whether its body's first heading is that title:
/// the front matter's, else that of a heading of the first level with which
/// the body starts, else made from the file's name.
pub fn title_of(document: &Document, outline: &Outline) -> (Arc<str>, bool) {
    let first = outline.headings.first().filter(|h| {
        let plain = h.text.iter().all(|p| matches!(p, HeadingPiece::Text(_)));
        h.level == 1 && plain && document.body().trim_start().starts_with('#')
    });
    let heading: Option<String> = first.map(|h| {
        let texts = h.text.iter().filter_map(|p| match p {
            HeadingPiece::Text(text) => Some(text.as_str()),
            HeadingPiece::Call(_) => None,
        });
        texts.collect()
    });
    match (&document.front.title, heading) {
        (Some(title), heading) => {
            let same = heading.is_some_and(|h| h == title.value.as_ref());
            (Arc::clone(&title.value), same)
        }
        (None, Some(heading)) => (heading.into(), true),
        (None, None) => (humanised(document).into(), false),
    }
}

/// `gear-ratios.md` is "Gear ratios".
fn humanised(document: &Document) -> String {
    let name = match document.stem() {
        "_index" | "index" => document.folder().rsplit('/').next().unwrap_or_default(),
        stem => stem,
    };
    let words = name.replace(['-', '_'], " ");
    let mut letters = words.chars();
    match letters.next() {
        Some(first) => first.to_uppercase().chain(letters).collect(),
        None => "Home".to_string(),
    }
}
