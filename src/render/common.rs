//! What pages of several editions have in common. An edition that is frozen
//! repeats most of its pages in the next one: what is equal in both is made
//! once, by whichever edition comes first, and dropped when the last has taken
//! it.

use std::collections::HashMap;
use std::fmt::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use blake3::{Hash, Hasher};

use super::guide::Guide;
use super::inputs::may_link_unseen;
use super::names::reader_name;
use super::side_by_side::has_side_by_side;
use crate::directive::Directive;
use crate::site::{Page, PageId};
use crate::source::hash_part;
use crate::value::Operand;

/// Results that editions may share, while one of them still waits for its own.
pub struct Common<T: ?Sized> {
    /// In how many editions a page's text stands at the same path.
    editions: HashMap<Hash, usize>,
    kept: Mutex<HashMap<Hash, Kept<T>>>,
}

struct Kept<T: ?Sized> {
    result: Arc<T>,
    /// How many editions have not taken it.
    waiting: usize,
}

impl<T: ?Sized> Common<T> {
    /// Starts from the pages of all editions, each as [`page_text_hash`] has it.
    pub fn new(pages: impl IntoIterator<Item = Hash>) -> Self {
        let mut editions = HashMap::new();
        for page in pages {
            *editions.entry(page).or_insert(0) += 1;
        }
        editions.retain(|_, count| *count > 1);
        Self {
            editions,
            kept: Mutex::default(),
        }
    }

    /// What was kept under the key, else what `make` makes. That is kept where
    /// another edition may want it: there is a key, and `make` says that the
    /// result can be shared.
    pub fn remember(
        &self,
        page: &Hash,
        key: impl FnOnce() -> Option<Hash>,
        make: impl FnOnce() -> (Arc<T>, bool),
    ) -> Arc<T> {
        let Some(editions) = self.editions.get(page) else {
            return make().0;
        };
        let Some(key) = key() else {
            return make().0;
        };
        if let Some(result) = self.take(&key) {
            return result;
        }
        let (result, shared) = make();
        if shared {
            let kept = Kept {
                result: Arc::clone(&result),
                waiting: editions - 1,
            };
            self.kept().entry(key).or_insert(kept);
        }
        result
    }

    fn take(&self, key: &Hash) -> Option<Arc<T>> {
        let mut kept = self.kept();
        let found = kept.get_mut(key)?;
        found.waiting -= 1;
        match found.waiting {
            0 => kept.remove(key).map(|last| last.result),
            _ => Some(Arc::clone(&found.result)),
        }
    }

    fn kept(&self) -> std::sync::MutexGuard<'_, HashMap<Hash, Kept<T>>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A hash of a page's path and text, equal in all editions that have both.
pub fn page_text_hash(page: &Page, text: &Hash) -> Hash {
    let mut hasher = Hasher::new();
    hash_part(&mut hasher, page.document.path.as_bytes());
    hasher.update(text.as_bytes());
    hasher.finalize()
}

/// A hash of everything that a page's body shows, whatever its edition; none
/// where the body speaks of its edition, or may link to what its outline does
/// not list.
pub fn body_key(guide: &Guide, id: PageId) -> Option<Hash> {
    let page = guide.page(id);
    if may_link_unseen(page) {
        return None;
    }
    let content = &guide.contents[id.0];
    let mut key = Key(Hasher::new());
    key.part(page.document.path.as_bytes());
    key.part(page.address.as_bytes());
    key.part(page.title.as_bytes());
    key.0.update(guide.texts[id.0].as_bytes());
    key.shown(&guide.catalog.locale);
    for link in &page.outline.links {
        let target = guide.resolve(page, &link.address);
        key.shown(&target.map(|target| target.href(&guide.site, &page.address)));
    }
    for (number, inline) in &content.inlines {
        key.shown(&(number, inline));
        if let Some(figure) = &inline.figure {
            key.shown(&guide.component_link(page, &figure.category, &figure.id));
        }
        key.names(guide, &inline.figures);
    }
    for directive in &content.directives {
        match directive {
            Some(Directive::Compare(table)) => {
                let category = guide.catalog.category(&table.category);
                let comparable = category.is_some_and(has_side_by_side);
                key.shown(&(table, category.map(|c| &c.title), comparable));
                for row in &table.rows {
                    key.shown(&guide.component_link(page, &table.category, &row.component));
                }
            }
            Some(Directive::Mermaid(mermaid)) => key.part(mermaid.source.as_bytes()),
            Some(Directive::Chart(chart)) => key.shown(chart),
            Some(Directive::Claims(claims)) => {
                key.shown(claims);
                for claim in &claims.claims {
                    key.names(guide, &claim.figures);
                }
            }
            Some(Directive::Build(_) | Directive::Calculator | Directive::Changes(_)) => {
                return None;
            }
            None => key.part(b""),
        }
    }
    Some(key.0.finalize())
}

/// A hash that values are written into as their debug form, which shows every
/// part of them.
struct Key(Hasher);

impl Key {
    fn part(&mut self, bytes: &[u8]) {
        hash_part(&mut self.0, bytes);
    }

    /// What figures are called in this edition.
    fn names(&mut self, guide: &Guide, figures: &[(Arc<str>, Operand)]) {
        for (name, _) in figures {
            self.part(reader_name(guide, name).as_bytes());
        }
    }

    fn shown(&mut self, value: &dyn fmt::Debug) {
        write!(self, "{value:?}\0").expect("a hash takes all text");
    }
}

impl Write for Key {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.0.update(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hash(of: &str) -> Hash {
        blake3::hash(of.as_bytes())
    }

    #[test]
    fn what_three_editions_share_is_made_once_and_dropped() {
        let page = hash("page");
        let common: Common<str> = Common::new([page, page, page]);
        let key = || Some(hash("key"));
        let made = common.remember(&page, key, || ("first".into(), true));
        let second = common.remember(&page, key, || panic!("made twice"));
        assert_eq!((&*made, &*second), ("first", "first"));
        common.remember(&page, key, || panic!("made twice"));
        assert!(common.kept().is_empty(), "the last one took it");
    }

    #[test]
    fn what_differs_is_made_for_each() {
        let page = hash("page");
        let common: Common<str> = Common::new([page, page]);
        let one = common.remember(&page, || Some(hash("1")), || ("one".into(), true));
        let other = common.remember(&page, || Some(hash("2")), || ("other".into(), true));
        assert_eq!((&*one, &*other), ("one", "other"));
    }

    #[test]
    fn nothing_is_kept_of_one_edition_or_of_a_finding() {
        let (alone, twice) = (hash("alone"), hash("twice"));
        let common: Common<str> = Common::new([alone, twice, twice]);
        common.remember(&alone, || panic!("not asked"), || ("text".into(), true));
        common.remember(&twice, || None, || ("text".into(), true));
        common.remember(&twice, || Some(twice), || ("text".into(), false));
        assert!(common.kept().is_empty());
    }
}
