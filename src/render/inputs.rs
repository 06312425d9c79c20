//! What a page is made from, as a hash: the whole that all pages of a version
//! share, and of other pages only what this one shows.
//!
//! Equal hashes mean equal bytes; where it is not known in advance what a page
//! may ask for, its hash covers more than it shows.

use blake3::{Hash, Hasher};

use super::guide::Guide;
use super::page::description;
use crate::catalog::Component;
use crate::site::{Page, PageId, PageKind};
use crate::source::hash_part;

/// A hash of everything that rendering a page looks at.
pub fn page_inputs(guide: &Guide, id: PageId) -> Hash {
    let page = guide.page(id);
    let mut hasher = Hasher::new();
    hasher.update(guide.inputs.as_bytes());
    hash_part(&mut hasher, page.document.path.as_bytes());
    hasher.update(guide.texts[id.0].as_bytes());
    for component in components(guide, page) {
        hash_part(&mut hasher, component.id.value.as_bytes());
        for mention in guide.index.mentions(component) {
            hash_part(&mut hasher, guide.page(*mention).address.as_bytes());
        }
    }
    if page.kind == PageKind::Section {
        for child in &page.children {
            let shown = description(guide, *child).unwrap_or_default();
            hash_part(&mut hasher, shown.as_bytes());
        }
    }
    anchors(guide, page, &mut hasher);
    hasher.finalize()
}

/// The components whose mentions a page shows: its own, or those it lists.
fn components<'a>(guide: &'a Guide, page: &'a Page) -> impl Iterator<Item = &'a Component> {
    let lists = !page.document.front.components.is_empty();
    let categories = guide.catalog.categories.iter().filter(move |_| lists);
    let listed = categories
        .flat_map(|category| &category.components)
        .filter(|component| component.path == page.document.path);
    guide.component_of(page).into_iter().chain(listed)
}

/// Which of the anchors that a page links to are there.
fn anchors(guide: &Guide, page: &Page, hasher: &mut Hasher) {
    if may_link_unseen(page) {
        hasher.update(guide.headings.as_bytes());
        return;
    }
    for link in &page.outline.links {
        if link.address.contains('#') && !link.address.starts_with('#') {
            let found = guide.resolve(page, &link.address).is_some();
            hasher.update(&[u8::from(found)]);
        }
    }
}

/// Whether a page may have links that its outline does not list: of a front
/// page's buttons, and of HTML that is written in an unusual way.
pub fn may_link_unseen(page: &Page) -> bool {
    let front = &page.document.front;
    let has_hero = front
        .extra
        .as_ref()
        .is_some_and(|e| e.get("hero").is_some());
    has_hero || (page.outline.has_html && has_attribute(page.document.body().as_bytes()))
}

/// Whether a text may hold HTML with an address: `href` or `src` beside a `<`.
fn has_attribute(text: &[u8]) -> bool {
    let is = |at: usize, word: &[u8]| {
        let there = text.get(at..at + word.len());
        there.is_some_and(|there| there.eq_ignore_ascii_case(word))
    };
    memchr::memchr(b'<', text).is_some()
        && (memchr::memchr2_iter(b'h', b'H', text).any(|at| is(at, b"href"))
            || memchr::memchr2_iter(b's', b'S', text).any(|at| is(at, b"src")))
}

/// A hash of every anchor that the headings of a version's pages set.
pub fn headings<'a>(pages: impl IntoIterator<Item = &'a Page>) -> Hash {
    let mut hasher = Hasher::new();
    for page in pages {
        hash_part(&mut hasher, page.document.path.as_bytes());
        for heading in &page.outline.headings {
            hash_part(&mut hasher, heading.id.as_bytes());
        }
    }
    hasher.finalize()
}
