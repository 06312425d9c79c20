//! The contents of a page: its headings, and those of what directives and
//! templates add to it.

use super::changes::{ChangesPlace, Section, changes_sections};
use super::context::TocEntry;
use super::guide::Guide;
use super::history::has_history;
use super::page::heading_text;
use crate::directive::Directive;
use crate::site::{Page, PageId};

/// Headings of the second and third level, nested.
pub fn toc(guide: &Guide, page: &Page) -> Vec<TocEntry> {
    let Some(id) = guide.site.by_path(&page.document.path) else {
        return Vec::new();
    };
    let mut toc: Vec<TocEntry> = Vec::new();
    let mut add = |entry: TocEntry| match (entry.level, toc.last_mut()) {
        (2, _) => toc.push(entry),
        (3, Some(above)) => above.children.push(entry),
        _ => {}
    };
    let mut generated = generated_headings(guide, id).into_iter().peekable();
    for (index, heading) in page.outline.headings.iter().enumerate() {
        while let Some((_, section)) = generated.next_if(|h| h.0 <= index) {
            add(section);
        }
        let title = heading_text(guide, id, &heading.text);
        add(TocEntry::new(&heading.id, title, heading.level));
    }
    generated.for_each(|(_, section)| add(section));
    toc.extend(component_sections(guide, page));
    // One heading is in sight anyway.
    match toc.as_slice() {
        [alone] if alone.children.is_empty() => Vec::new(),
        _ => toc,
    }
}

/// The headings that `changes` blocks make: how many headings of the page stand
/// before, and each.
fn generated_headings(guide: &Guide, id: PageId) -> Vec<(usize, TocEntry)> {
    let page = guide.page(id);
    let mut found = Vec::new();
    let mut number = 0;
    for (fence, directive) in page
        .outline
        .fences
        .iter()
        .zip(&guide.contents[id.0].directives)
    {
        let Some(Directive::Changes(shown)) = directive else {
            continue;
        };
        number += 1;
        let Some(changes) = guide.changes.get(&shown.key()) else {
            continue;
        };
        let place = ChangesPlace {
            id: changes_id(page, number),
            level: level_below(page, fence.headings),
            link: &|_| String::new(),
        };
        let sections = changes_sections(changes, shown.category.as_deref(), &place);
        let heading = |s: Section| {
            let entry = TocEntry::new(&s.id, s.title, place.level);
            (fence.headings, entry)
        };
        found.extend(sections.into_iter().map(heading));
    }
    found
}

/// What the ids of a page's `changes` block start with, counted from 1.
pub fn changes_id(page: &Page, number: usize) -> String {
    let mut id = match number {
        1 => "changes".to_owned(),
        _ => format!("changes-{number}"),
    };
    let is_taken = |id: &str| page.anchors().any(|anchor| anchor.starts_with(id));
    while is_taken(&format!("{id}-")) || is_taken(&format!("{id}.")) {
        id.push_str("-of");
    }
    id
}

/// The level of a generated heading that stands after so many of the page's.
pub fn level_below(page: &Page, headings: usize) -> u8 {
    let above = headings
        .checked_sub(1)
        .and_then(|at| page.outline.headings.get(at));
    above.map_or(2, |heading| (heading.level + 1).clamp(2, 6))
}

/// The sections that the template of a component's page adds.
fn component_sections(guide: &Guide, page: &Page) -> Vec<TocEntry> {
    let Some(component) = guide.component_of(page) else {
        return Vec::new();
    };
    let entry = |id: &str, title: &str| TocEntry::new(id, title.to_owned(), 2);
    let mut sections = Vec::new();
    if !component.pros.is_empty() || !component.cons.is_empty() {
        sections.push(entry("verdict", "Strengths and weaknesses"));
    }
    sections.push(entry("specifications", "Specifications"));
    if !guide.index.mentions(component).is_empty() {
        sections.push(entry("used-in", "Where it is used"));
    }
    let category = guide.catalog.category(&component.category);
    if category.is_some_and(|category| has_history(guide, category, component)) {
        sections.push(entry("history", "History"));
    }
    sections
}
