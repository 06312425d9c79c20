//! The terms of some pages as a script lists them: those of each chunk in, two
//! long lists out.

use rustc_hash::FxHashMap;

use super::packed::Chunk;

/// A term in all chunks.
struct Merged<'a> {
    term: &'a [u8],
    /// How many bytes its posts take.
    length: usize,
    /// The entry that came last.
    last: usize,
    /// Where the next post goes.
    at: usize,
}

/// The terms of chunks as two lists: the terms, sorted, and the posts of each. A
/// post is how far its entry is from the one before, and the term's weight in
/// it. Letters, digits and points are all that is in them, so they are JSON as
/// they are.
///
/// The chunks are read twice, first to measure: a text for each term, grown
/// post by post, costs more.
pub fn terms_and_posts(chunks: &[Chunk<'_>]) -> (Vec<u8>, Vec<u8>) {
    let mut numbers: FxHashMap<&[u8], u32> = FxHashMap::default();
    let mut merged: Vec<Merged<'_>> = Vec::new();
    // Which term each one of each chunk is.
    let mut order: Vec<u32> = Vec::new();
    let mut first = 0;
    for chunk in chunks {
        for (term, posts) in chunk.terms() {
            let number = *numbers.entry(term).or_insert_with(|| {
                merged.push(Merged {
                    term,
                    length: 0,
                    last: 0,
                    at: 0,
                });
                merged.len() as u32 - 1
            });
            order.push(number);
            let of_term = &mut merged[number as usize];
            for (entry, weight) in posts {
                let entry = first + entry as usize;
                of_term.length += digits(entry - of_term.last) + digits(weight as usize) + 2;
                of_term.last = entry;
            }
        }
        first += chunk.len();
    }
    let (terms, length) = place(&mut merged);
    // Between the numbers is a space, and behind a term's last a `|`.
    let mut text = vec![b' '; length];
    let mut order = order.into_iter();
    let mut first = 0;
    for chunk in chunks {
        for ((_, posts), number) in chunk.terms().zip(&mut order) {
            let of_term = &mut merged[number as usize];
            for (entry, weight) in posts {
                let entry = first + entry as usize;
                for number in [entry - of_term.last, weight as usize] {
                    of_term.at += write_number(&mut text[of_term.at..], number) + 1;
                }
                of_term.last = entry;
            }
        }
        first += chunk.len();
    }
    for term in merged.iter().filter(|term| term.length > 0) {
        text[term.at - 1] = b'|';
    }
    text.pop();
    (terms, text)
}

/// Gives each term its place in the order of terms; gives the list of terms and
/// the length of all posts.
fn place(merged: &mut [Merged<'_>]) -> (Vec<u8>, usize) {
    let mut sorted: Vec<usize> = (0..merged.len()).collect();
    sorted.sort_unstable_by_key(|number| merged[*number].term);
    let (mut terms, mut at) = (Vec::new(), 0);
    for number in sorted {
        let term = &mut merged[number];
        (term.at, term.last) = (at, 0);
        at += term.length;
        terms.extend(term.term);
        terms.push(b' ');
    }
    terms.pop();
    (terms, at)
}

fn digits(number: usize) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// Writes a number at the front; gives the number of its digits.
fn write_number(text: &mut [u8], mut number: usize) -> usize {
    let count = digits(number);
    for at in (0..count).rev() {
        text[at] = b'0' + (number % 10) as u8;
        number /= 10;
    }
    count
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::super::packed::{Entry, Posts, pack};
    use super::*;

    #[test]
    fn terms_are_sorted_and_entries_count_on() {
        let chunk = |entries: usize, terms: &[(&str, Posts)]| {
            let terms: BTreeMap<String, Posts> = (terms.iter())
                .map(|(term, posts)| ((*term).to_owned(), posts.clone()))
                .collect();
            pack(&vec![Entry::default(); entries], &terms)
        };
        let packed = [
            chunk(12, &[("b", vec![(0, 9), (11, 1)]), ("d", vec![(3, 14)])]),
            chunk(0, &[]),
            chunk(2, &[("a", vec![(1, 2)]), ("b", vec![(1, 10)])]),
        ];
        let chunks: Vec<Chunk<'_>> = packed.iter().map(|bytes| Chunk::read(bytes)).collect();
        let (terms, posts) = terms_and_posts(&chunks);
        let text = |bytes| String::from_utf8(bytes).expect("ASCII");
        assert_eq!(text(terms), "a b d");
        assert_eq!(text(posts), "13 2|0 9 11 1 2 10|3 14");
        assert_eq!(terms_and_posts(&[]), (Vec::new(), Vec::new()));
    }
}
