//! The search index: every page's text in, one script out that the theme's
//! search loads. Its format is described in the theme's README.

mod packed;

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use blake3::Hash;
use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use rayon::prelude::*;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::common::page_text_hash;
use super::guide::Guide;
use super::page::{cut, description, heading_text, page_text};
use crate::memo::key;
use crate::parse::{Piece, markdown_options, mask};
use crate::site::{PageId, encode_path};
use crate::value::format_value;
use packed::{Entry, PageIndex, Posts, pack, unpack};

/// Counts up when the same page would be indexed differently.
const VERSION: &str = "search 3";
/// How much of an entry's text the index holds for excerpts, in characters.
const EXCERPT: usize = 1_000;
/// Longer terms are dropped.
const TERM: usize = 40;
/// Weights of a term by where it stands.
const IN_TITLE: u32 = 8;
const IN_HEADING: u32 = 4;
const OF_CATEGORY: u32 = 2;
/// How many parts of the index are made at once.
const PARTS: usize = 8;
/// However often a text has a term, it is not what the page is about: its title
/// says that.
const MOST_IN_TEXT: u32 = 6;

/// The script with the index of a version.
pub fn search_index(guide: &Guide) -> String {
    let listed: Vec<PageId> = (guide.site.order.iter().copied())
        .filter(|id| !guide.page(*id).document.front.noindex)
        .collect();
    let packed: Vec<Arc<[u8]>> = listed.par_iter().map(|id| remembered(guide, *id)).collect();
    let pages: Vec<PageIndex<'_>> = (packed.par_iter())
        .map(|page| unpack(page).unwrap_or_default())
        .collect();
    let (mut script, (terms, posts)) = rayon::join(
        || docs_and_entries(guide, &listed, &pages),
        || terms_json(&pages),
    );
    // The largest file of the site: what went into it makes room for it.
    drop(pages);
    drop(packed);
    script.reserve_exact(terms.len() + posts.len() + 32);
    for piece in [",\"terms\":\"", &terms, "\",\"posts\":\"", &posts, "\"})\n"] {
        script.push_str(piece);
    }
    script
}

/// The beginning of the script, up to the entries.
fn docs_and_entries(guide: &Guide, listed: &[PageId], pages: &[PageIndex<'_>]) -> String {
    let text = |page: &PageIndex<'_>| -> usize {
        let entries = page.entries.iter();
        entries
            .map(|e| e.heading.len() + e.id.len() + e.text.len() + 20)
            .sum()
    };
    let size: usize = pages.iter().map(text).sum();
    let mut script = Vec::with_capacity(size + size / 16);
    script.extend(b"rigbookSearch({\"docs\":");
    script_json(&docs(guide, listed), &mut script);
    script.extend(b",\"entries\":");
    script_json(&entries(pages), &mut script);
    String::from_utf8(script).expect("JSON of strings is UTF-8")
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

/// Of each entry its document, heading, id and text.
fn entries<'a>(pages: &[PageIndex<'a>]) -> Vec<(usize, &'a str, &'a str, &'a str)> {
    let of_page = |(document, page): (usize, &PageIndex<'a>)| {
        let entries = page.entries.clone().into_iter();
        entries.map(move |entry| (document, entry.heading, entry.id, entry.text))
    };
    pages.iter().enumerate().flat_map(of_page).collect()
}

/// All terms, sorted, and the posts of each. Letters, digits and points are
/// all that is in them, so they are JSON as they are.
fn terms_json(pages: &[PageIndex<'_>]) -> (String, String) {
    let bounds = bounds(pages);
    let parts: Vec<(String, String)> = (0..=bounds.len())
        .into_par_iter()
        .map(|part| {
            let from = part.checked_sub(1).map(|before| bounds[before]);
            terms_between(pages, from, bounds.get(part).copied())
        })
        .filter(|(terms, _)| !terms.is_empty())
        .collect();
    let (terms, posts): (Vec<String>, Vec<String>) = parts.into_iter().unzip();
    (terms.join(" "), posts.join("|"))
}

/// Terms that part all into about [`PARTS`] equal heaps. Whichever they are,
/// the index is the same.
fn bounds<'a>(pages: &[PageIndex<'a>]) -> Vec<&'a str> {
    let some = pages.iter().step_by(pages.len() / 16 + 1);
    let mut sample: Vec<&str> = some
        .flat_map(|page| page.terms.iter().map(|t| t.0))
        .collect();
    sample.sort_unstable();
    let heap = sample.len() / PARTS + 1;
    let mut bounds: Vec<&str> = sample.into_iter().step_by(heap).skip(1).collect();
    bounds.dedup();
    bounds
}

/// The terms from a bound to another, sorted, and their posts.
fn terms_between(
    pages: &[PageIndex<'_>],
    from: Option<&str>,
    to: Option<&str>,
) -> (String, String) {
    let mut first = 0;
    let mut posts: HashMap<&str, PostsText> = HashMap::new();
    for page in pages {
        let place = |bound: &str| page.terms.partition_point(|(term, _)| *term < bound);
        let (start, end) = (from.map_or(0, place), to.map_or(page.terms.len(), place));
        for (term, of_page) in page.terms.get(start..end).unwrap_or_default() {
            let text = posts.entry(term).or_default();
            for (entry, weight) in of_page.iter() {
                text.push(first + entry as usize, weight);
            }
        }
        first += page.entries.len();
    }
    let mut terms: Vec<(&str, PostsText)> = posts.into_iter().collect();
    terms.sort_unstable_by_key(|(term, _)| *term);
    let names: Vec<&str> = terms.iter().map(|(term, _)| *term).collect();
    let posts: Vec<&str> = terms.iter().map(|(_, posts)| posts.text.as_str()).collect();
    (names.join(" "), posts.join("|"))
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
        guide.texts[id.0].as_bytes(),
        shown.as_bytes(),
    ];
    key(VERSION, parts)
}

fn index_page(guide: &Guide, id: PageId, of_component: Vec<Section>) -> Vec<u8> {
    let page = guide.page(id);
    let mut sections = vec![Section::default()];
    if page.document.front.description.is_some()
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
    /// The last part of its address, and the category's id: `gpu`.
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

/// Calls `found` with the terms of a text, in its order.
fn each_term(text: &str, found: &mut dyn FnMut(&str)) {
    let folded = match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => {
            let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
            bare.nfc().flat_map(char::to_lowercase).collect()
        }
    };
    let letters: Vec<char> = folded.chars().collect();
    let mut term = String::new();
    let mut length = 0;
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    for (i, c) in letters.iter().enumerate() {
        let between = i > 0 && digit(i - 1) && digit(i + 1);
        let thousands = between && digit(i + 2) && digit(i + 3) && !digit(i + 4);
        match c {
            ',' if thousands => {}
            '.' if between => {
                term.push('.');
                length += 1;
            }
            c if is_single(*c) => {
                flush(&mut term, &mut length, found);
                found(c.encode_utf8(&mut [0; 4]));
            }
            c if c.is_alphanumeric() => {
                term.push(*c);
                length += 1;
            }
            _ => flush(&mut term, &mut length, found),
        }
    }
    flush(&mut term, &mut length, found);
}

/// Characters of scripts without spaces are terms of their own.
fn is_single(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

fn flush(term: &mut String, length: &mut usize, found: &mut dyn FnMut(&str)) {
    if *length > 0 && *length <= TERM {
        found(term);
    }
    term.clear();
    *length = 0;
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

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        each_term(text, &mut |term| terms.push(term.to_owned()));
        terms
    }

    #[test]
    fn terms_follow_the_theme_s_rules() {
        assert_eq!(
            terms("The 1,599.50 USD Café-RTX4090"),
            ["the", "1599.50", "usd", "cafe", "rtx4090"]
        );
        assert_eq!(terms("12,3456 and 1,23"), ["12", "3456", "and", "1", "23"]);
        assert_eq!(terms("v2.0. end"), ["v2.0", "end"]);
        assert_eq!(terms("重い車"), ["重", "い", "車"]);
        assert_eq!(terms(&"x".repeat(41)), Vec::<String>::new());
    }
}
