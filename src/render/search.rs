//! Search: every page's text in, scripts out that the theme's search loads. One
//! is the index, the others have the texts of a few pages each, for excerpts.
//! Their format is described in the theme's README.

mod merge;
mod packed;
mod shelf;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use blake3::Hash;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use rayon::prelude::*;
use rustc_hash::FxHashMap;
use serde::Serialize;

use super::guide::Guide;
use super::page::{cut, description, heading_text, page_text};
use crate::memo::{InMemory, Memo, key};
use crate::parse::{Piece, markdown_options, mask};
use crate::site::{PageId, encode_path};
use crate::value::format_value;
use merge::terms_and_posts;
use packed::{Entry, Posts, pack};
use shelf::Shelf;
use terms::each_term;

/// Counts up when the same page would be indexed differently.
const VERSION: &str = "search 5";
/// How many pages are indexed at once, and have their texts in one file.
const CHUNK: usize = 8;
/// How much of an entry's text there is for excerpts, in characters.
const EXCERPT: usize = 1_000;
/// Weights of a term by where it stands.
const IN_TITLE: u32 = 8;
const IN_HEADING: u32 = 4;
const OF_CATEGORY: u32 = 2;
/// However often a text has a term, it is not what the page is about: its title
/// says that.
const MOST_IN_TEXT: u32 = 6;

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
    /// Terms and entries, on the way from the texts to the index.
    packed: Arc<dyn Memo>,
}

/// How many chunks' texts are kept where other editions may have the same.
const TEXTS_KEPT: usize = 256;

impl Kept {
    pub fn new(editions: usize, memo: &Arc<dyn Memo>) -> Self {
        Self {
            texts: Shelf::new(if editions > 1 { TEXTS_KEPT } else { 0 }),
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

    /// A recipe's hash over all that the index depends on.
    pub fn inputs(&self, guide: &Guide) -> Hash {
        inputs(guide, &self.listed)
    }

    /// The same of one file of texts.
    pub fn text_inputs(&self, guide: &Guide, number: usize) -> Hash {
        inputs(guide, self.pages(number))
    }

    fn pages(&self, number: usize) -> &[PageId] {
        self.listed.chunks(CHUNK).nth(number).unwrap_or_default()
    }

    /// The script with the index.
    pub fn index(&self, guide: &Guide) -> Vec<u8> {
        let chunks = self.listed.par_chunks(CHUNK);
        let packed: Vec<Arc<[u8]>> = chunks.map(|pages| packed(guide, pages)).collect();
        let chunks: Vec<packed::Chunk<'_>> = packed
            .iter()
            .map(|bytes| packed::Chunk::read(bytes))
            .collect();
        let parts = terms_and_posts(&chunks);
        let entries = chunks.iter().map(|chunk| chunk.size() + 20 * chunk.len());
        let lists = parts
            .iter()
            .map(|(terms, posts)| terms.len() + posts.len() + 2);
        let size = entries.sum::<usize>() + lists.sum::<usize>();
        let mut script = Vec::with_capacity(size + size / 8 + (64 << 10));
        script.extend(b"rigbookSearch({\"docs\":");
        script_json(&docs(guide, &self.listed), &mut script);
        script.extend(b",\"entries\":[");
        write_entries(&chunks, &mut script);
        // On a large site this is what takes most room: each goes as soon as
        // it can.
        drop(packed);
        let (terms, posts): (Vec<Vec<u8>>, Vec<Vec<u8>>) = parts.into_iter().unzip();
        for (name, parts, between) in [("terms", terms, b' '), ("posts", posts, b'|')] {
            script.extend(if name == "terms" { "]" } else { "\"" }.bytes());
            script.extend(format!(",\"{name}\":\"").bytes());
            for (number, part) in parts.into_iter().enumerate() {
                script.extend((number > 0).then_some(between));
                script.extend(part);
            }
        }
        script.extend(format!("\",\"chunk\":{CHUNK}}})\n").bytes());
        script
    }

    /// The script with the texts of some pages.
    pub fn texts(&self, guide: &Guide, number: usize) -> Vec<u8> {
        let pages = self.pages(number);
        let key = key_of(guide, pages);
        let texts = (guide.shared.search.texts).take(&key, || chunk(guide, pages, &key).texts);
        [format!("rigbookTexts({number},").as_bytes(), &texts, b")\n"].concat()
    }
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

/// Writes of each entry its document, heading, id and length.
fn write_entries(chunks: &[packed::Chunk<'_>], script: &mut Vec<u8>) {
    let mut is_first = true;
    for (number, chunk) in chunks.iter().enumerate() {
        for entry in chunk.entries() {
            script.extend((!is_first).then_some(b','));
            let document = number * CHUNK + entry.page as usize;
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
fn packed(guide: &Guide, pages: &[PageId]) -> Arc<[u8]> {
    let key = key_of(guide, pages);
    let kept = guide.shared.search.packed.get(&key);
    kept.unwrap_or_else(|| chunk(guide, pages, &key).packed)
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

/// What the index has of a page, heading by heading.
fn sections_of(guide: &Guide, id: PageId) -> Vec<Section> {
    let mut sections = vec![Section::default()];
    if guide.page(id).description.is_some()
        && let Some(description) = description(guide, id)
    {
        sections[0].add(&description);
        sections[0].add(" ");
    }
    read_body(guide, id, &mut sections);
    sections.extend(component_sections(guide, id));
    sections
}

/// What readers call a page beside its title.
#[derive(Default)]
struct Names {
    /// The last part of its address, the category's id, and the author's keywords: `bike`.
    own: String,
    /// For a component, how its category is called.
    category: String,
}

impl Names {
    fn of(guide: &Guide, id: PageId) -> Self {
        let page = guide.page(id);
        let mut names = Self {
            own: (page.address.trim_end_matches('/').rsplit('/').next())
                .unwrap_or_default()
                .to_owned(),
            category: String::new(),
        };
        let categories = &guide.catalog.categories;
        let declared = categories.iter().find(|c| c.path == page.document.path);
        if let Some(category) = declared {
            names.own = format!("{} {}", names.own, category.id.value);
        }
        for keyword in &page.document.front.keywords {
            names.own = format!("{} {}", names.own, keyword.value);
        }
        let component = guide.component_of(page);
        if let Some(category) = component.and_then(|c| guide.catalog.category(&c.category)) {
            names.category = format!("{} {}", category.title, category.id.value);
        }
        names
    }
}

#[derive(Default)]
struct Section {
    heading: String,
    id: String,
    text: String,
}

impl Section {
    /// Adds text, its white space made one space.
    fn add(&mut self, text: &str) {
        for c in text.chars() {
            match c.is_whitespace() && c != '\u{a0}' {
                true if self.text.is_empty() || self.text.ends_with(' ') => {}
                true => self.text.push(' '),
                false => self.text.push(c),
            }
        }
    }
}

/// Terms of pages while they are counted.
#[derive(Default)]
struct Terms(FxHashMap<String, Vec<Counted>>);

/// What an entry has of a term.
struct Counted {
    entry: u32,
    /// Of the best place that it has outside the text.
    weight: u32,
    in_text: u32,
}

impl Terms {
    /// Adds the terms of a title, heading or name.
    fn name(&mut self, entry: u32, text: &str, weight: u32) {
        self.add(entry, text, &|counted| {
            counted.weight = counted.weight.max(weight)
        });
    }

    /// Adds the terms of running text.
    fn text(&mut self, entry: u32, text: &str) {
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

    fn posts(self) -> BTreeMap<String, Posts> {
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

/// Adds the sections of a page's Markdown.
fn read_body(guide: &Guide, id: PageId, sections: &mut Vec<Section>) {
    let page = guide.page(id);
    let inlines = &guide.contents[id.0].inlines;
    let locale = &guide.catalog.locale;
    let source = page.document.body();
    let masked = mask(source);
    let mut headings = page.outline.headings.iter();
    let (mut in_heading, mut in_block) = (false, false);
    for (event, range) in Parser::new_ext(&masked.text, markdown_options()).into_offset_iter() {
        let Some(section) = sections.last_mut() else {
            return;
        };
        match event {
            Event::Start(Tag::Heading { .. }) => {
                in_heading = true;
                let heading = headings.next();
                if let Some(heading) = heading.filter(|h| (2..=4).contains(&h.level)) {
                    sections.push(Section {
                        heading: heading_text(guide, id, &heading.text),
                        id: heading.id.to_string(),
                        text: String::new(),
                    });
                }
            }
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            Event::Start(Tag::CodeBlock(kind)) => {
                let info = match &kind {
                    pulldown_cmark::CodeBlockKind::Fenced(info) => info.as_ref(),
                    pulldown_cmark::CodeBlockKind::Indented => "",
                };
                let language = info.split_whitespace().next().unwrap_or_default();
                in_block = crate::directive::is_directive(language);
            }
            Event::End(TagEnd::CodeBlock) => {
                in_block = false;
                section.add(" ");
            }
            Event::Text(text) if !in_heading && !in_block => {
                for piece in masked.pieces(&text, range.start) {
                    match piece {
                        Piece::Text(text) => section.add(text),
                        Piece::Call(number) => section.add(&page_text(inlines, number, locale)),
                    }
                }
            }
            Event::Code(text) | Event::InlineMath(text) | Event::DisplayMath(text)
                if !in_heading =>
            {
                section.add(&masked.restore(&text, range.start, source));
            }
            Event::SoftBreak | Event::HardBreak if !in_heading => section.add(" "),
            Event::End(TagEnd::TableCell) => section.add(". "),
            Event::End(TagEnd::Paragraph | TagEnd::Item | TagEnd::DefinitionListTitle) => {
                section.add(" ")
            }
            _ => {}
        }
    }
}

/// What the template of a component's page shows.
fn component_sections(guide: &Guide, id: PageId) -> Vec<Section> {
    let mut sections = Vec::new();
    let Some(component) = guide.component_of(guide.page(id)) else {
        return sections;
    };
    let Some(category) = guide.catalog.category(&component.category) else {
        return sections;
    };
    let mut verdict = Section {
        heading: "Strengths and weaknesses".to_string(),
        id: "verdict".to_string(),
        text: String::new(),
    };
    for line in component.pros.iter().chain(&component.cons) {
        verdict.add(line);
        verdict.add(". ");
    }
    if !verdict.text.is_empty() {
        sections.push(verdict);
    }
    let mut figures = Section {
        heading: "Specifications".to_string(),
        id: "specifications".to_string(),
        text: String::new(),
    };
    for (field, figure) in category.fields.iter().zip(&component.figures) {
        if let Some(value) = figure.value.known() {
            let shown = format_value(value, field.decimals, &guide.catalog.locale);
            figures.add(&format!("{} {shown}. ", field.label));
        }
    }
    sections.push(figures);
    sections
}
