//! What changed between the pages of two editions: added, moved, removed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::{Page, Site};

/// The pages that differ, by address below the edition's root.
#[derive(Clone, Debug, Default)]
pub struct PagesDiff {
    /// Title and address.
    pub added: Vec<(Arc<str>, Arc<str>)>,
    /// Title, old and new address.
    pub moved: Vec<(Arc<str>, Arc<str>, Arc<str>)>,
    pub removed: Vec<(Arc<str>, Arc<str>)>,
}

/// Compares the pages of two editions. A page is the same one if its document's
/// path is, if `renamed` leads from its old path to the new one, or if the new
/// page has the old address among its aliases.
pub fn diff_pages(old: &Site, new: &Site, renamed: &BTreeMap<Arc<str>, Arc<str>>) -> PagesDiff {
    let mut diff = PagesDiff::default();
    let by_path: BTreeMap<&str, &Page> = new
        .pages
        .iter()
        .map(|page| (page.document.path.as_ref(), page))
        .collect();
    let by_alias: BTreeMap<&str, &Page> = new
        .pages
        .iter()
        .flat_map(|page| {
            let aliases = page.document.front.aliases.iter();
            aliases.map(move |alias| (alias.value.trim_matches('/'), page))
        })
        .collect();
    let mut met: BTreeSet<&str> = BTreeSet::new();
    for page in &old.pages {
        let path = page.document.path.as_ref();
        let now = renamed.get(path).map_or(path, AsRef::as_ref);
        let now = (by_path.get(now)).or_else(|| by_alias.get(page.address.trim_matches('/')));
        let entry = (Arc::clone(&page.title), Arc::clone(&page.address));
        match now {
            None => diff.removed.push(entry),
            Some(now) => {
                met.insert(&now.document.path);
                if now.address != page.address {
                    let (old, new) = (entry.1, Arc::clone(&now.address));
                    diff.moved.push((Arc::clone(&now.title), old, new));
                }
            }
        }
    }
    let added = new.pages.iter();
    let added = added.filter(|page| !met.contains(page.document.path.as_ref()));
    diff.added = added
        .map(|page| (Arc::clone(&page.title), Arc::clone(&page.address)))
        .collect();
    diff
}
