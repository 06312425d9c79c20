//! The search index: every page's text in, one script out that the theme's
//! search loads. Its format is described in the theme's README.

mod merge;
mod packed;
mod terms;

use std::collections::BTreeMap;
use std::sync::Arc;

use blake3::Hash;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use rayon::prelude::*;
use serde::Serialize;

use super::common::page_text_hash;
use super::guide::Guide;
use super::page::{cut, description, heading_text, page_text};
use crate::memo::key;
use crate::parse::{Piece, markdown_options, mask};
use crate::site::{PageId, encode_path};
use crate::value::format_value;
use merge::terms_and_posts;
use packed::{Entry, PageIndex, Posts, pack};
use terms::each_term;

/// Counts up when the same page would be indexed differently.
const VERSION: &str = "search 4";
/// How much of an entry's text the index holds for excerpts, in characters.
const EXCERPT: usize = 1_000;
/// Weights of a term by where it stands.
const IN_TITLE: u32 = 8;
const IN_HEADING: u32 = 4;
const OF_CATEGORY: u32 = 2;
/// However often a text has a term, it is not what the page is about: its title
/// says that.
const MOST_IN_TEXT: u32 = 6;

/// The script with the index of a version.
pub fn search_index(guide: &Guide) -> String {
    let listed: Vec<PageId> = (guide.site.order.iter().copied())
        .filter(|id| !guide.page(*id).document.front.noindex)
        .collect();
    let packed: Vec<Arc<[u8]>> = listed.par_iter().map(|id| remembered(guide, *id)).collect();
    let (size, parts) = {
        let pages: Vec<PageIndex<'_>> = packed.iter().map(|page| PageIndex::read(page)).collect();
        let entries = pages.iter().map(|page| page.size() + 20 * page.len());
        (entries.sum::<usize>(), terms_and_posts(&pages))
    };
    let (terms, posts): (Vec<Vec<u8>>, Vec<Vec<u8>>) = parts.into_iter().unzip();
    let lists = terms.iter().chain(&posts).map(|part| part.len() + 1);
    // The largest file of the site: one that grew would be there twice.
    let mut script = Vec::with_capacity(size + size / 8 + lists.sum::<usize>() + (64 << 10));
    script.extend(b"rigbookSearch({\"docs\":");
    script_json(&docs(guide, &listed), &mut script);
    script.extend(b",\"entries\":[");
    write_entries(packed, &mut script);
    for (name, parts, between) in [("terms", terms, b' '), ("posts", posts, b'|')] {
        script.extend(if name == "terms" { "]" } else { "\"" }.bytes());
        script.extend(format!(",\"{name}\":\"").bytes());
        for (number, part) in parts.into_iter().enumerate() {
            script.extend((number > 0).then_some(between));
            script.extend(part);
        }
    }
    script.extend(b"\"})\n");
    String::from_utf8(script)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
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

/// How many pages' entries are written at once.
const HEAP: usize = 256;

/// Writes of each entry its document, heading, id and text. Pages go as they
/// are written, to make room.
fn write_entries(mut packed: Vec<Arc<[u8]>>, script: &mut Vec<u8>) {
    let (mut first, mut is_first) = (0, true);
    while !packed.is_empty() {
        let rest = packed.split_off(packed.len().min(HEAP));
        let heap = std::mem::replace(&mut packed, rest);
        let of_page = |(number, page): (usize, &Arc<[u8]>)| -> Vec<Vec<u8>> {
            let entries = PageIndex::read(page).entries();
            let json = |e: packed::Entry<'_>| {
                let mut json = Vec::with_capacity(e.text.len() + e.heading.len() + 64);
                script_json(&(first + number, e.heading, e.id, e.text), &mut json);
                json
            };
            entries.map(json).collect()
        };
        let written: Vec<Vec<Vec<u8>>> = heap.par_iter().enumerate().map(of_page).collect();
        for entry in written.iter().flatten() {
            script.extend((!is_first).then_some(b','));
            script.extend(entry);
            is_first = false;
        }
        first += heap.len();
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

/// A page's part, packed. Its key is what the part is made from: the page's
/// own text and the figures it shows, but nothing of other pages.
fn remembered(guide: &Guide, id: PageId) -> Arc<[u8]> {
    let page = guide.page(id);
    let of_component = component_sections(guide, id);
    let key = key_of(guide, id, &of_component);
    let make = || {
        let memo = &guide.shared.memo;
        let bytes = memo.get(&key).unwrap_or_else(|| {
            let bytes: Arc<[u8]> = index_page(guide, id, of_component).into();
            memo.put(&key, Arc::clone(&bytes));
            bytes
        });
        (bytes, true)
    };
    let text = page_text_hash(page, &guide.texts[id.0]);
    (guide.shared.searched).remember(&text, || Some(key), make)
}

/// A hash of what a page's part is made from.
fn key_of(guide: &Guide, id: PageId, of_component: &[Section]) -> Hash {
    let page = guide.page(id);
    let inlines = &guide.contents[id.0].inlines;
    let mut shown = String::new();
    for number in inlines.keys() {
        shown.push_str(&page_text(inlines, *number, &guide.catalog.locale));
        shown.push('\0');
    }
    for section in of_component {
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

fn index_page(guide: &Guide, id: PageId, of_component: Vec<Section>) -> Vec<u8> {
    let page = guide.page(id);
    let mut sections = vec![Section::default()];
    if page.description.is_some()
        && let Some(description) = description(guide, id)
    {
        sections[0].add(&description);
        sections[0].add(" ");
    }
    read_body(guide, id, &mut sections);
    sections.extend(of_component);
    let mut terms = Terms::default();
    let names = Names::of(guide, id);
    terms.name(0, &page.title, IN_TITLE);
    terms.name(0, &names.own, IN_TITLE);
    terms.name(0, &names.category, OF_CATEGORY);
    for (number, section) in (0..).zip(&sections) {
        terms.name(number, &section.heading, IN_HEADING);
        terms.text(number, &section.text);
    }
    let excerpts: Vec<String> = (sections.iter())
        .map(|section| cut(section.text.trim(), EXCERPT))
        .collect();
    let entries = sections.iter().zip(&excerpts).map(|(section, text)| Entry {
        heading: &section.heading,
        id: &section.id,
        text,
    });
    pack(&entries.collect::<Vec<_>>(), &terms.posts())
}

/// What readers call a page beside its title.
#[derive(Default)]
struct Names {
    /// The last part of its address, and the category's id: `bike`.
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

/// Terms of a page while they are counted.
#[derive(Default)]
struct Terms(BTreeMap<String, Vec<Counted>>);

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
            if !self.0.contains_key(term) {
                self.0.insert(term.to_owned(), Vec::new());
            }
            let entries = self.0.get_mut(term).expect("just put there");
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

/// A recipe's hash over all that the index depends on.
pub fn search_inputs(guide: &Arc<Guide>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(VERSION.as_bytes());
    hasher.update(guide.inputs.as_bytes());
    for text in &guide.texts {
        hasher.update(text.as_bytes());
    }
    hasher.finalize()
}
