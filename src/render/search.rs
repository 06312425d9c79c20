//! Search: every page's text in, scripts out that the theme's search loads. One
//! lists the pages; some have the terms of a good many pages each, so that a
//! change to a page changes one of them; others have the texts of a few pages,
//! for excerpts. Their format is described in the theme's README.

mod count;
mod merge;
mod packed;
mod sections;
mod shelf;
mod terms;

use std::sync::Arc;

use blake3::Hash;
use serde::Serialize;

use super::guide::Guide;
use super::page::{cut, page_text};
use crate::memo::{InMemory, Memo, key};
use crate::site::{PageId, encode_path};
use count::{IN_HEADING, IN_TITLE, OF_CATEGORY, Terms};
use merge::terms_and_posts;
use packed::{Entry, pack};
use sections::{Names, Section, component_sections, sections_of};
use shelf::Shelf;

/// Counts up when the same page would be indexed differently.
const VERSION: &str = "search 5";
/// How many pages are indexed at once, and have their texts in one file.
const CHUNK: usize = 8;
/// How many pages at least have their terms in one file, and how many such files
/// there are at most.
const PART: usize = 128;
const PARTS: usize = 16;
/// How much of an entry's text there is for excerpts, in characters.
const EXCERPT: usize = 1_000;
/// A few pages, indexed.
struct Chunk {
    /// Terms and entries.
    packed: Arc<[u8]>,
    /// The texts of the entries, as JSON.
    texts: Arc<[u8]>,
}

/// What all editions keep while they are made.
pub struct Kept {
    /// What files of texts have in them.
    texts: Shelf<Arc<[u8]>>,
    /// What files of terms have in them.
    terms: Shelf<Arc<[u8]>>,
    /// Terms and entries, on the way from the texts to the index.
    packed: Arc<dyn Memo>,
}

/// How many chunks' texts are kept where other editions may have the same.
const TEXTS_KEPT: usize = 256;
/// The same of files of terms, of which some are large.
const TERMS_KEPT: usize = PARTS;

impl Kept {
    pub fn new(editions: usize, memo: &Arc<dyn Memo>) -> Self {
        let room = |files| if editions > 1 { files } else { 0 };
        Self {
            texts: Shelf::new(room(TEXTS_KEPT)),
            terms: Shelf::new(room(TERMS_KEPT)),
            packed: match memo.keeps() {
                true => Arc::clone(memo),
                false => Arc::new(InMemory::new(Arc::clone(memo))),
            },
        }
    }
}

/// The pages of a version that can be found.
pub struct Searched {
    listed: Vec<PageId>,
}

impl Searched {
    pub fn of(guide: &Guide) -> Self {
        let order = guide.site.order.iter().copied();
        Self {
            listed: order
                .filter(|id| !guide.page(*id).document.front.noindex)
                .collect(),
        }
    }

    /// Of how many files the texts are.
    pub fn text_files(&self) -> usize {
        self.listed.len().div_ceil(CHUNK)
    }

    /// Of how many files the terms are.
    pub fn term_files(&self) -> usize {
        self.listed.len().div_ceil(self.part())
    }

    /// How many pages have their terms in one file.
    fn part(&self) -> usize {
        let needed = self.listed.len().div_ceil(PART * PARTS);
        PART * needed.next_power_of_two()
    }

    /// A recipe's hash over all pages and their texts.
    pub fn inputs(&self, guide: &Guide) -> Hash {
        inputs(guide, &self.listed)
    }

    /// The same of the list of pages, of which a page's text is no part.
    pub fn list_inputs(&self, guide: &Guide) -> Hash {
        inputs(guide, &[])
    }

    /// The same of one file of terms.
    pub fn term_inputs(&self, guide: &Guide, number: usize) -> Hash {
        inputs(guide, self.pages(self.part(), number))
    }

    /// The same of one file of texts.
    pub fn text_inputs(&self, guide: &Guide, number: usize) -> Hash {
        inputs(guide, self.pages(CHUNK, number))
    }

    /// Those of a file that holds so many.
    fn pages(&self, size: usize, number: usize) -> &[PageId] {
        self.listed.chunks(size).nth(number).unwrap_or_default()
    }

    /// The script that lists the pages.
    pub fn list(&self, guide: &Guide) -> Vec<u8> {
        let mut script = b"rigbookSearch({\"docs\":".to_vec();
        script_json(&docs(guide, &self.listed), &mut script);
        let parts = self.term_files();
        script.extend(format!(",\"chunk\":{CHUNK},\"parts\":{parts}}})\n").bytes());
        script
    }

    /// The script with the terms of some pages.
    pub fn terms(&self, guide: &Guide, number: usize) -> Vec<u8> {
        let chunks = self.pages(self.part(), number).chunks(CHUNK);
        let chunks: Vec<(&[PageId], Hash)> =
            chunks.map(|pages| (pages, key_of(guide, pages))).collect();
        let first = number * self.part();
        let place = first.to_le_bytes();
        let keys = chunks.iter().map(|(_, key)| &key.as_bytes()[..]);
        let key = key(VERSION, keys.chain([&place[..]]));
        let made = (guide.shared.search.terms).take(&key, || terms(guide, &chunks, first));
        [format!("rigbookTerms({number},").as_bytes(), &made, b")\n"].concat()
    }

    /// The script with the texts of some pages.
    pub fn texts(&self, guide: &Guide, number: usize) -> Vec<u8> {
        let pages = self.pages(CHUNK, number);
        let key = key_of(guide, pages);
        let texts = (guide.shared.search.texts).take(&key, || chunk(guide, pages, &key).texts);
        [format!("rigbookTexts({number},").as_bytes(), &texts, b")\n"].concat()
    }
}

/// The terms of chunks, as JSON. `first` is the number of the first document.
fn terms(guide: &Guide, chunks: &[(&[PageId], Hash)], first: usize) -> Arc<[u8]> {
    let chunks = chunks.iter();
    let packed: Vec<Arc<[u8]>> = chunks
        .map(|(pages, key)| packed(guide, pages, key))
        .collect();
    let chunks: Vec<packed::Chunk<'_>> = packed
        .iter()
        .map(|bytes| packed::Chunk::read(bytes))
        .collect();
    let (terms, posts) = terms_and_posts(&chunks);
    let entries = chunks.iter().map(|chunk| chunk.size() + 20 * chunk.len());
    let size = entries.sum::<usize>() + terms.len() + posts.len();
    let mut script = Vec::with_capacity(size + size / 8 + 100);
    script.extend(b"{\"entries\":[");
    write_entries(&chunks, first, &mut script);
    // On a large site this is what takes most room: each goes as soon as
    // it can.
    drop(packed);
    script.extend(b"],\"terms\":\"");
    script.extend(terms);
    script.extend(b"\",\"posts\":\"");
    script.extend(posts);
    script.extend(b"\"}");
    script.into()
}

fn inputs(guide: &Guide, pages: &[PageId]) -> Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(VERSION.as_bytes());
    hasher.update(guide.inputs.as_bytes());
    for id in pages {
        hasher.update(guide.texts[id.0].as_bytes());
    }
    hasher.finalize()
}

/// Of each document its title, its address, and the titles of the sections above.
fn docs<'a>(guide: &'a Guide, listed: &[PageId]) -> Vec<(&'a str, String, String)> {
    let doc = |id: &PageId| {
        let page = guide.page(*id);
        let address = encode_path(&page.address);
        (page.title.as_ref(), address, place(guide, *id))
    };
    listed.iter().map(doc).collect()
}

/// Writes of each entry its document, heading, id and length. `first` is the
/// number of the first chunk's first document.
fn write_entries(chunks: &[packed::Chunk<'_>], first: usize, script: &mut Vec<u8>) {
    let mut is_first = true;
    for (number, chunk) in chunks.iter().enumerate() {
        for entry in chunk.entries() {
            script.extend((!is_first).then_some(b','));
            let document = first + number * CHUNK + entry.page as usize;
            script_json(&(document, entry.heading, entry.id, entry.length), script);
            is_first = false;
        }
    }
}

/// Writes a value as JSON without a `<`, since the script may stand in a page.
fn script_json<T: Serialize>(value: &T, script: &mut Vec<u8>) {
    let mut serializer = serde_json::Serializer::with_formatter(script, NoTags);
    value
        .serialize(&mut serializer)
        .expect("strings and numbers are JSON");
}

/// Writes `<` in strings as an escape.
struct NoTags;

impl serde_json::ser::Formatter for NoTags {
    fn write_string_fragment<W: ?Sized + std::io::Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> std::io::Result<()> {
        for (number, piece) in fragment.split('<').enumerate() {
            if number > 0 {
                writer.write_all(b"\\u003c")?;
            }
            writer.write_all(piece.as_bytes())?;
        }
        Ok(())
    }
}

/// Titles of the sections above, without the front page.
fn place(guide: &Guide, id: PageId) -> String {
    let line = guide.site.ancestors(id);
    let above = line.len().saturating_sub(1);
    let titles = line
        .iter()
        .take(above)
        .skip(1)
        .map(|id| guide.page(*id).nav_title().as_ref());
    titles.collect::<Vec<_>>().join(" / ")
}

/// Terms and entries of pages.
fn packed(guide: &Guide, pages: &[PageId], key: &Hash) -> Arc<[u8]> {
    let kept = guide.shared.search.packed.get(key);
    kept.unwrap_or_else(|| chunk(guide, pages, key).packed)
}

/// A hash of what a chunk is made from: the pages' own texts and the figures
/// that they show, but nothing of other pages.
fn key_of(guide: &Guide, pages: &[PageId]) -> Hash {
    let pages: Vec<Hash> = pages.iter().map(|id| page_key(guide, *id)).collect();
    key(VERSION, pages.iter().map(|page| page.as_bytes().as_slice()))
}

fn page_key(guide: &Guide, id: PageId) -> Hash {
    let page = guide.page(id);
    let inlines = &guide.contents[id.0].inlines;
    let mut shown = String::new();
    for number in inlines.keys() {
        shown.push_str(&page_text(inlines, *number, &guide.catalog.locale));
        shown.push('\0');
    }
    for section in component_sections(guide, id) {
        shown.push_str(&section.text);
        shown.push('\0');
    }
    let names = Names::of(guide, id);
    let parts = [
        page.document.path.as_bytes(),
        page.title.as_bytes(),
        names.own.as_bytes(),
        names.category.as_bytes(),
        page.description.as_deref().unwrap_or_default().as_bytes(),
        guide.texts[id.0].as_bytes(),
        shown.as_bytes(),
    ];
    key(VERSION, parts)
}

/// Indexes pages, and keeps what the index needs.
fn chunk(guide: &Guide, pages: &[PageId], key: &Hash) -> Chunk {
    let mut terms = Terms::default();
    let mut sections: Vec<(u32, Section)> = Vec::new();
    for (number, id) in (0..).zip(pages) {
        let first = sections.len() as u32;
        let of_page = sections_of(guide, *id);
        let page = guide.page(*id);
        let names = Names::of(guide, *id);
        terms.name(first, &page.title, IN_TITLE);
        terms.name(first, &names.own, IN_TITLE);
        terms.name(first, &names.category, OF_CATEGORY);
        for (entry, section) in (first..).zip(of_page) {
            terms.name(entry, &section.heading, IN_HEADING);
            terms.text(entry, &section.text);
            sections.push((number, section));
        }
    }
    let texts: Vec<String> = (sections.iter())
        .map(|(_, section)| cut(section.text.trim(), EXCERPT))
        .collect();
    let entries = sections.iter().zip(&texts);
    let entries = entries.map(|((page, section), text)| Entry {
        page: *page,
        heading: &section.heading,
        id: &section.id,
        length: text.encode_utf16().count() as u32,
    });
    let mut json = Vec::with_capacity(texts.iter().map(|text| text.len() + 8).sum());
    script_json(&texts, &mut json);
    let packed: Arc<[u8]> = pack(&entries.collect::<Vec<_>>(), &terms.posts()).into();
    (guide.shared.search.packed).put(key, Arc::clone(&packed));
    Chunk {
        packed,
        texts: json.into(),
    }
}
