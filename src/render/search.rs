//! The search index: every page's text in, one script out that the theme's
//! search loads. Its format is described in the theme's README.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use serde_json::json;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::guide::Guide;
use super::page::{cut, description, heading_text, page_text};
use crate::memo::key;
use crate::parse::{Piece, markdown_options, mask};
use crate::site::{PageId, encode_path};
use crate::value::format_value;

/// Counts up when the same page would be indexed differently.
const VERSION: &str = "search 1";
/// How much of an entry's text the index holds for excerpts, in characters.
const EXCERPT: usize = 1_000;
/// Longer terms are dropped.
const TERM: usize = 40;
/// Weights of a term by where it stands.
const IN_TITLE: u32 = 8;
const IN_HEADING: u32 = 4;
const MOST_WEIGHT: u32 = 63;

/// A page as the index sees it.
#[derive(Default, Serialize, Deserialize)]
struct PageIndex {
    entries: Vec<Entry>,
}

/// The text under one heading, and its terms with their weights.
#[derive(Default, Serialize, Deserialize)]
struct Entry {
    heading: String,
    id: String,
    text: String,
    terms: Vec<(String, u32)>,
}

/// The script with the index of a version.
pub fn search_index(guide: &Guide) -> String {
    let listed: Vec<PageId> = (guide.site.order.iter().copied())
        .filter(|id| !guide.page(*id).document.front.noindex)
        .collect();
    let pages: Vec<PageIndex> = listed.par_iter().map(|id| remembered(guide, *id)).collect();
    let docs: Vec<_> = (listed.iter())
        .map(|id| {
            let page = guide.page(*id);
            json!([page.title, encode_path(&page.address), place(guide, *id)])
        })
        .collect();
    let mut entries = Vec::new();
    let mut posts: HashMap<&str, Vec<(usize, u32)>> = HashMap::new();
    for (document, page) in pages.iter().enumerate() {
        for entry in &page.entries {
            let number = entries.len();
            entries.push(json!([document, entry.heading, entry.id, entry.text]));
            for (term, weight) in &entry.terms {
                posts.entry(term).or_default().push((number, *weight));
            }
        }
    }
    let mut terms: Vec<(&str, Vec<(usize, u32)>)> = posts.into_iter().collect();
    terms.sort_unstable_by_key(|(term, _)| *term);
    let names: Vec<&str> = terms.iter().map(|(term, _)| *term).collect();
    let index = json!({
        "docs": docs,
        "entries": entries,
        "terms": names.join(" "),
        "posts": posts_text(&terms),
    });
    format!(
        "rigbookSearch({})\n",
        index.to_string().replace('<', "\\u003c")
    )
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

fn posts_text(terms: &[(&str, Vec<(usize, u32)>)]) -> String {
    let mut text = String::new();
    for (index, (_, posts)) in terms.iter().enumerate() {
        if index > 0 {
            text.push('|');
        }
        let mut before = 0;
        for (i, (entry, weight)) in posts.iter().enumerate() {
            if i > 0 {
                text.push(' ');
            }
            text.push_str(&format!("{} {weight}", entry - before));
            before = *entry;
        }
    }
    text
}

fn remembered(guide: &Guide, id: PageId) -> PageIndex {
    let page = guide.page(id);
    let text = page.document.file.text.as_bytes();
    let key = key(
        VERSION,
        [
            guide.inputs.as_bytes().as_slice(),
            page.document.path.as_bytes(),
            text,
        ],
    );
    let memo = &guide.shared.memo;
    if let Some(bytes) = memo.get(&key)
        && let Ok(index) = serde_json::from_slice(&bytes)
    {
        return index;
    }
    let index = index_page(guide, id);
    if let Ok(bytes) = serde_json::to_vec(&index) {
        memo.put(&key, bytes.into());
    }
    index
}

fn index_page(guide: &Guide, id: PageId) -> PageIndex {
    let page = guide.page(id);
    let mut sections = vec![Section::default()];
    if page.document.front.description.is_some()
        && let Some(description) = description(guide, id)
    {
        sections[0].add(&description);
        sections[0].add(" ");
    }
    read_body(guide, id, &mut sections);
    component_sections(guide, id, &mut sections);
    let entries = sections.into_iter().enumerate().map(|(index, section)| {
        let title = (index == 0).then_some(page.title.as_ref());
        section.entry(title)
    });
    PageIndex {
        entries: entries.collect(),
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

    fn entry(self, title: Option<&str>) -> Entry {
        let mut weights: BTreeMap<String, u32> = BTreeMap::new();
        let parts = [
            (title.unwrap_or_default(), IN_TITLE),
            (self.heading.as_str(), IN_HEADING),
            (self.text.as_str(), 1),
        ];
        for (text, weight) in parts {
            for term in terms(text) {
                let sum = weights.entry(term).or_insert(0);
                *sum = (*sum + weight).min(MOST_WEIGHT);
            }
        }
        Entry {
            text: cut(self.text.trim(), EXCERPT),
            heading: self.heading,
            id: self.id,
            terms: weights.into_iter().collect(),
        }
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

/// Adds what the template of a component's page shows.
fn component_sections(guide: &Guide, id: PageId, sections: &mut Vec<Section>) {
    let Some(component) = guide.component_of(guide.page(id)) else {
        return;
    };
    let Some(category) = guide.catalog.category(&component.category) else {
        return;
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
}

/// The terms of a text, in its order.
fn terms(text: &str) -> Vec<String> {
    let folded = match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => {
            let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
            bare.nfc().flat_map(char::to_lowercase).collect()
        }
    };
    let letters: Vec<char> = folded.chars().collect();
    let mut terms = Vec::new();
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
                flush(&mut term, &mut length, &mut terms);
                terms.push(c.to_string());
            }
            c if c.is_alphanumeric() => {
                term.push(*c);
                length += 1;
            }
            _ => flush(&mut term, &mut length, &mut terms),
        }
    }
    flush(&mut term, &mut length, &mut terms);
    terms
}

/// Characters of scripts without spaces are terms of their own.
fn is_single(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

fn flush(term: &mut String, length: &mut usize, terms: &mut Vec<String>) {
    if *length > 0 && *length <= TERM {
        terms.push(std::mem::take(term));
    }
    term.clear();
    *length = 0;
}

/// A recipe's hash over all that the index depends on.
pub fn search_inputs(guide: &Arc<Guide>) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(VERSION.as_bytes());
    hasher.update(guide.inputs.as_bytes());
    for page in &guide.site.pages {
        hasher.update(blake3::hash(page.document.file.text.as_bytes()).as_bytes());
    }
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    use super::*;

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
