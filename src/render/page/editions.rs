//! Where a page stands in the other editions: for the switcher, for the banner of
//! an old one and for search engines.

use std::sync::Arc;

use crate::config::Status;
use crate::render::Guide;
use crate::render::context::EditionLink;
use crate::site::{Page, encode_path, relative};

/// The same page in each version, or what is nearest to it.
pub(super) fn versions<'a>(guide: &'a Guide, page: &Page) -> Vec<EditionLink<'a>> {
    let here = format!("{}{}", guide.version.prefix, page.address);
    let all = guide.shared.versions.iter();
    let names = guide.names_of(page);
    all.map(|pages| {
        let current = pages.version.id == guide.version.id;
        let (address, kept) = match current {
            true => (Arc::clone(&page.address), true),
            false => pages.counterpart(&page.document.path, &names, &page.address),
        };
        let component = guide.component_of(page).filter(|_| !kept);
        let entry = component.and_then(|component| pages.entry_of(component));
        let (address, kept) = match entry {
            Some((section, _)) => (Arc::clone(section), true),
            None => (address, kept),
        };
        let there = format!("{}{address}", pages.version.prefix);
        let anchor = entry.map_or(String::new(), |(_, anchor)| format!("#{anchor}"));
        let url = format!("{}{anchor}", relative(&here, &there));
        EditionLink::new(&pages.version, guide, url, kept)
    })
    .collect()
}

/// The way to the page in the current version.
pub(super) fn current_url(guide: &Guide, page: &Page) -> String {
    let here = format!("{}{}", guide.version.prefix, page.address);
    relative(&here, &current_address(guide, page).0)
}

/// The address of the page in the current version, and whether it is kept.
fn current_address(guide: &Guide, page: &Page) -> (Arc<str>, bool) {
    let mut versions = guide.shared.versions.iter();
    match versions.find(|v| v.version.status == Status::Current) {
        Some(current) if current.version.id != guide.version.id => {
            let names = guide.names_of(page);
            current.counterpart(&page.document.path, &names, &page.address)
        }
        _ => (Arc::clone(&page.address), true),
    }
}

/// The canonical address: of the page in the current version if it is there.
pub(super) fn canonical(guide: &Guide, page: &Page) -> Option<String> {
    let base = guide.shared.base_url.as_ref()?;
    match current_address(guide, page) {
        (address, true) => Some(format!("{base}{}", encode_path(&address))),
        _ => guide.canonical(&page.address),
    }
}
