//! What the index has of a few pages, as bytes: small in the cache and in
//! memory, and read without copying a string.
//!
//! First come how many entries there are and how many bytes the terms take, then the terms
//! (each with how many posts it has, and the entry and the weight of each),
//! then the entries (page, heading, id, length of the text).

use std::collections::BTreeMap;
use std::ops::Range;

use crate::memo::{put_number, put_string, take_bytes, take_number, take_string};

/// A term's entries of a few pages, with the weight in each.
pub type Posts = Vec<(u32, u32)>;

/// A few pages as the index sees them, borrowed from their bytes.
#[derive(Clone, Copy, Default)]
pub struct Chunk<'a> {
    count: u32,
    terms: &'a [u8],
    entries: &'a [u8],
}

/// What is under one heading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Entry<'a> {
    /// The page's number in the chunk.
    pub page: u32,
    pub heading: &'a str,
    pub id: &'a str,
    /// Of the text, in UTF-16 units.
    pub length: u32,
}

impl<'a> Chunk<'a> {
    /// Reads what [`pack`] wrote. What can't be read is left out.
    pub fn read(mut bytes: &'a [u8]) -> Self {
        let mut parts = || {
            let count = take_u32(&mut bytes)?;
            let size = take_number(&mut bytes)?;
            let (terms, entries) = bytes.split_at_checked(size)?;
            Some(Self {
                count,
                terms,
                entries,
            })
        };
        parts().unwrap_or_default()
    }

    /// How many entries there are.
    pub fn len(self) -> usize {
        self.count as usize
    }

    /// About how many bytes the entries take.
    pub fn size(self) -> usize {
        self.entries.len()
    }

    pub fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let mut bytes = self.entries;
        (0..self.count).map(move |_| Entry {
            page: take_u32(&mut bytes).unwrap_or_default(),
            heading: take_string(&mut bytes).unwrap_or_default(),
            id: take_string(&mut bytes).unwrap_or_default(),
            length: take_u32(&mut bytes).unwrap_or_default(),
        })
    }

    /// In their order.
    pub fn terms(self) -> Terms<'a> {
        Terms {
            bytes: self.terms,
            entries: self.count,
        }
    }
}

/// Terms with their posts.
pub struct Terms<'a> {
    bytes: &'a [u8],
    entries: u32,
}

impl<'a> Iterator for Terms<'a> {
    /// A term's bytes, and its entries with their weights.
    type Item = (&'a [u8], PostsIter<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let term = take_bytes(&mut self.bytes)?;
        let posts = PostsIter {
            left: take_u32(&mut self.bytes)?,
            bytes: self.bytes,
            entries: 0..self.entries,
        };
        for _ in 0..posts.left {
            take_u32(&mut self.bytes)?;
            take_u32(&mut self.bytes)?;
        }
        Some((term, posts))
    }
}

/// Entries, ascending, and weights.
pub struct PostsIter<'a> {
    left: u32,
    bytes: &'a [u8],
    /// Those that may still come.
    entries: Range<u32>,
}

impl Iterator for PostsIter<'_> {
    type Item = (u32, u32);

    fn next(&mut self) -> Option<(u32, u32)> {
        self.left = self.left.checked_sub(1)?;
        let post = (take_u32(&mut self.bytes)?, take_u32(&mut self.bytes)?);
        self.entries.contains(&post.0).then_some(())?;
        self.entries.start = post.0 + 1;
        Some(post)
    }
}

/// Packs entries and terms.
pub fn pack(entries: &[Entry<'_>], terms: &BTreeMap<String, Posts>) -> Vec<u8> {
    let mut packed = Vec::new();
    for (term, posts) in terms {
        put_string(&mut packed, term);
        put_number(&mut packed, posts.len());
        for (entry, weight) in posts {
            put_number(&mut packed, *entry as usize);
            put_number(&mut packed, *weight as usize);
        }
    }
    let mut bytes = Vec::with_capacity(packed.len() + 64);
    put_number(&mut bytes, entries.len());
    put_number(&mut bytes, packed.len());
    bytes.append(&mut packed);
    for entry in entries {
        put_number(&mut bytes, entry.page as usize);
        put_string(&mut bytes, entry.heading);
        put_string(&mut bytes, entry.id);
        put_number(&mut bytes, entry.length as usize);
    }
    bytes.shrink_to_fit();
    bytes
}

fn take_u32(bytes: &mut &[u8]) -> Option<u32> {
    u32::try_from(take_number(bytes)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms_of(terms: Terms<'_>) -> Vec<(&str, Posts)> {
        let text = |term| std::str::from_utf8(term).unwrap_or_default();
        terms
            .map(|(term, posts)| (text(term), posts.collect()))
            .collect()
    }

    #[test]
    fn a_chunk_comes_back_and_damage_is_no_panic() {
        let heading = "x".repeat(300);
        let entry = |page, heading| Entry {
            page,
            heading,
            id: "cafe",
            length: 20_000,
        };
        let entries = [entry(0, "Café"), entry(15, heading.as_str())];
        let terms = BTreeMap::from([
            ("one".to_string(), vec![(0, 9)]),
            ("two".to_string(), vec![(0, 1), (1, 200)]),
        ]);
        let bytes = pack(&entries, &terms);
        let chunk = Chunk::read(&bytes);
        assert_eq!(chunk.len(), 2);
        assert!(chunk.entries().eq(entries));
        let all = vec![("one", vec![(0, 9)]), ("two", vec![(0, 1), (1, 200)])];
        assert_eq!(terms_of(chunk.terms()), all);
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 0xFF;
            for bytes in [&bytes[..at], &damaged] {
                let chunk = Chunk::read(bytes);
                chunk.entries().take(9).count();
                terms_of(chunk.terms());
            }
        }
    }
}
