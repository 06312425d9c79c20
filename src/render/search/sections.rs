//! What the index has of a page: its text heading by heading, and what readers
//! call it.

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::super::guide::Guide;
use super::super::page::{description, heading_text, page_text};
use crate::parse::{Piece, markdown_options, mask};
use crate::site::PageId;
use crate::value::format_value;

/// What the index has of a page, heading by heading.
pub fn sections_of(guide: &Guide, id: PageId) -> Vec<Section> {
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
pub struct Names {
    /// The last part of its address, the category's id, and the author's keywords: `bike`.
    pub own: String,
    /// For a component, how its category is called.
    pub category: String,
}

impl Names {
    pub fn of(guide: &Guide, id: PageId) -> Self {
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

/// What stands under a heading, or above the first.
#[derive(Default)]
pub struct Section {
    pub heading: String,
    pub id: String,
    pub text: String,
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
pub fn component_sections(guide: &Guide, id: PageId) -> Vec<Section> {
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
