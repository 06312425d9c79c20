//! A page's part of the search index as bytes: small in the cache, and read
//! without copying a string.
//!
//! A string is its length (four bytes, little-endian) and its bytes. First come
//! the entries (heading, id, text), then the terms, each with its posts (entry
//! and weight), each list after its length.

use std::collections::BTreeMap;

/// A term's entries of a page, with the weight in each.
pub type Posts = Vec<(u32, u32)>;

/// A page as the index sees it, borrowed from its bytes.
#[derive(Default)]
pub struct PageIndex<'a> {
    pub entries: Vec<Entry<'a>>,
    /// In the order of the terms; each one's entries ascend.
    pub terms: Vec<(&'a str, PackedPosts<'a>)>,
}

/// A term's posts, as they are packed.
#[derive(Clone, Copy)]
pub struct PackedPosts<'a>(&'a [u8]);

/// The bytes of a post.
const POST: usize = 8;

impl PackedPosts<'_> {
    /// Entries, ascending, and weights.
    pub fn iter(self) -> impl Iterator<Item = (u32, u32)> {
        self.0.chunks_exact(POST).map(|post| {
            let number = |at: usize| [post[at], post[at + 1], post[at + 2], post[at + 3]];
            (u32::from_le_bytes(number(0)), u32::from_le_bytes(number(4)))
        })
    }
}

/// The text under one heading.
#[derive(Clone, Copy)]
pub struct Entry<'a> {
    pub heading: &'a str,
    pub id: &'a str,
    pub text: &'a str,
}

/// Packs entries and terms.
pub fn pack(entries: &[Entry<'_>], terms: &BTreeMap<String, Posts>) -> Vec<u8> {
    let mut bytes = Vec::new();
    number(&mut bytes, entries.len());
    for entry in entries {
        string(&mut bytes, entry.heading);
        string(&mut bytes, entry.id);
        string(&mut bytes, entry.text);
    }
    number(&mut bytes, terms.len());
    for (term, posts) in terms {
        string(&mut bytes, term);
        number(&mut bytes, posts.len());
        for (entry, weight) in posts {
            bytes.extend(entry.to_le_bytes());
            bytes.extend(weight.to_le_bytes());
        }
    }
    bytes
}

/// Reads what [`pack`] wrote; none if it is anything else.
pub fn unpack(mut bytes: &[u8]) -> Option<PageIndex<'_>> {
    let count = take(&mut bytes)?;
    let mut entries = Vec::new();
    for _ in 0..count {
        entries.push(Entry {
            heading: take_string(&mut bytes)?,
            id: take_string(&mut bytes)?,
            text: take_string(&mut bytes)?,
        });
    }
    let count = take(&mut bytes)?;
    let mut terms = Vec::with_capacity((count as usize).min(bytes.len() / POST));
    for _ in 0..count {
        let term = take_string(&mut bytes)?;
        let size = (take(&mut bytes)? as usize).checked_mul(POST)?;
        let (posts, rest) = bytes.split_at_checked(size)?;
        bytes = rest;
        let posts = PackedPosts(posts);
        let fits = |(entry, _): (u32, u32)| (entry as usize) < entries.len();
        posts.iter().all(fits).then_some(())?;
        terms.push((term, posts));
    }
    bytes.is_empty().then_some(PageIndex { entries, terms })
}

fn number(bytes: &mut Vec<u8>, number: usize) {
    let number = u32::try_from(number).expect("a source has 16 MiB at most");
    bytes.extend(number.to_le_bytes());
}

fn string(bytes: &mut Vec<u8>, text: &str) {
    number(bytes, text.len());
    bytes.extend(text.as_bytes());
}

fn take(bytes: &mut &[u8]) -> Option<u32> {
    let (head, rest) = bytes.split_first_chunk()?;
    *bytes = rest;
    Some(u32::from_le_bytes(*head))
}

fn take_string<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let length = usize::try_from(take(bytes)?).ok()?;
    let (head, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    std::str::from_utf8(head).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_comes_back_and_damage_is_no_panic() {
        let entry = |text| Entry {
            heading: "Café",
            id: "cafe",
            text,
        };
        let entries = [entry("one"), entry("")];
        let terms = BTreeMap::from([
            ("one".to_string(), vec![(0, 9)]),
            ("two".to_string(), vec![(0, 1), (1, 63)]),
        ]);
        let bytes = pack(&entries, &terms);
        let page = unpack(&bytes).expect("it is whole");
        assert_eq!(page.entries.len(), 2);
        assert_eq!(page.entries[0].heading, "Café");
        assert_eq!(page.entries[0].text, "one");
        let terms: Vec<(&str, Posts)> = (page.terms.iter())
            .map(|(term, posts)| (*term, posts.iter().collect()))
            .collect();
        assert_eq!(
            terms,
            [("one", vec![(0, 9)]), ("two", vec![(0, 1), (1, 63)])]
        );
        for at in 0..bytes.len() {
            assert!(unpack(&bytes[..at]).is_none(), "cut at {at}");
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xFF;
            let _ = unpack(&damaged);
        }
    }
}
