//! Terms of pages, weighed by where they stand.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::packed::Posts;
use super::terms::each_term;

/// Weights of a term by where it stands.
pub const IN_TITLE: u32 = 8;
pub const IN_HEADING: u32 = 4;
pub const OF_CATEGORY: u32 = 2;
/// However often a text has a term, it is not what the page is about: its title
/// says that.
const MOST_IN_TEXT: u32 = 6;

/// Terms of pages while they are counted.
#[derive(Default)]
pub struct Terms(FxHashMap<String, Vec<Counted>>);

/// What an entry has of a term.
struct Counted {
    entry: u32,
    /// Of the best place that it has outside the text.
    weight: u32,
    in_text: u32,
}

impl Terms {
    /// Adds the terms of a title, heading or name.
    pub fn name(&mut self, entry: u32, text: &str, weight: u32) {
        self.add(entry, text, &|counted| {
            counted.weight = counted.weight.max(weight)
        });
    }

    /// Adds the terms of running text.
    pub fn text(&mut self, entry: u32, text: &str) {
        self.add(entry, text, &|counted| {
            counted.in_text = (counted.in_text + 1).min(MOST_IN_TEXT);
        });
    }

    fn add(&mut self, entry: u32, text: &str, count: &dyn Fn(&mut Counted)) {
        each_term(text, &mut |term| {
            let entries = match self.0.get_mut(term) {
                Some(entries) => entries,
                None => self.0.entry(term.to_owned()).or_default(),
            };
            if entries.last().is_none_or(|last| last.entry != entry) {
                entries.push(Counted {
                    entry,
                    weight: 0,
                    in_text: 0,
                });
            }
            if let Some(counted) = entries.last_mut() {
                count(counted);
            }
        });
    }

    pub fn posts(self) -> BTreeMap<String, Posts> {
        let posts = |counted: Vec<Counted>| {
            let entries = counted.into_iter();
            entries.map(|c| (c.entry, c.weight + c.in_text)).collect()
        };
        let terms = self.0.into_iter();
        terms
            .map(|(term, entries)| (term, posts(entries)))
            .collect()
    }
}
