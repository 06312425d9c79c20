//! The terms of all pages as the script lists them: those of each page in, two
//! long lists out, made in parts at once.

use std::collections::HashMap;

use rayon::prelude::*;

use super::packed::{PageIndex, Terms};

/// How many parts of the lists are made at once.
const PARTS: usize = 8;

/// All terms, sorted, and the posts of each, in parts that follow each other.
/// Letters, digits and points are all that is in them, so they are JSON as they
/// are.
pub fn terms_and_posts(pages: &[PageIndex<'_>]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let bounds = bounds(pages);
    let split: Vec<Vec<Terms<'_>>> = (pages.par_iter())
        .map(|page| page.terms().split(&bounds))
        .collect();
    (0..=bounds.len())
        .into_par_iter()
        .map(|part| {
            let terms = split.iter().map(|parts| parts[part]);
            merged(pages.iter().map(|page| page.len()).zip(terms))
        })
        .filter(|(terms, _)| !terms.is_empty())
        .collect()
}

/// Terms that part all into about [`PARTS`] equal heaps. Whichever they are,
/// the index is the same.
fn bounds<'a>(pages: &[PageIndex<'a>]) -> Vec<&'a [u8]> {
    let some = pages.iter().step_by(pages.len() / 16 + 1);
    let mut sample: Vec<&[u8]> = some.flat_map(|page| page.terms().map(|t| t.0)).collect();
    sample.sort_unstable();
    let heap = sample.len() / PARTS + 1;
    let mut bounds: Vec<&[u8]> = sample.into_iter().step_by(heap).skip(1).collect();
    bounds.dedup();
    bounds
}

/// The terms of pages, each with how many entries it has, as two lists: the
/// terms, sorted, and the posts of each.
fn merged<'a>(pages: impl Iterator<Item = (usize, Terms<'a>)>) -> (Vec<u8>, Vec<u8>) {
    let mut first = 0;
    let mut posts: HashMap<&[u8], PostsText> = HashMap::new();
    for (entries, terms) in pages {
        for (term, of_page) in terms {
            let text = posts.entry(term).or_default();
            for (entry, weight) in of_page {
                text.push(first + entry as usize, weight);
            }
        }
        first += entries;
    }
    let mut terms: Vec<(&[u8], PostsText)> = posts.into_iter().collect();
    terms.sort_unstable_by_key(|(term, _)| *term);
    let names: Vec<&[u8]> = terms.iter().map(|(term, _)| *term).collect();
    let posts: Vec<&[u8]> = terms
        .iter()
        .map(|(_, posts)| posts.text.as_bytes())
        .collect();
    (names.join(&b' '), posts.join(&b'|'))
}

/// A term's posts as the script holds them: how far each entry is from the one
/// before, and the term's weight in it.
#[derive(Default)]
struct PostsText {
    text: String,
    last: usize,
}

impl PostsText {
    /// Adds an entry after all that are there.
    fn push(&mut self, entry: usize, weight: u32) {
        if !self.text.is_empty() {
            self.text.push(' ');
        }
        push_number(&mut self.text, entry - self.last);
        self.text.push(' ');
        push_number(&mut self.text, weight as usize);
        self.last = entry;
    }
}

fn push_number(text: &mut String, number: usize) {
    if number >= 10 {
        push_number(text, number / 10);
    }
    text.push(char::from(b'0' + (number % 10) as u8));
}
