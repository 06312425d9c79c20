//! The contents of a page: its headings, and those of what directives and
//! templates add to it.

use serde_json::{Value as Json, json};

use super::changes::{ChangesPlace, Section, changes_sections};
use super::guide::Guide;
use super::history::has_history;
use super::page::heading_text;
use crate::directive::Directive;
use crate::site::{Page, PageId};

/// Headings of the second and third level, nested.
pub fn toc(guide: &Guide, page: &Page) -> Vec<Json> {
    let Some(id) = guide.site.by_path(&page.document.path) else {
        return Vec::new();
    };
    let mut toc: Vec<(Json, Vec<Json>)> = Vec::new();
    let mut add = |id: &str, title: &str, level: u8| {
        let entry = json!({ "id": id, "title": title, "level": level, "children": [] });
        match (level, toc.last_mut()) {
            (2, _) => toc.push((entry, Vec::new())),
            (3, Some((_, children))) => children.push(entry),
            _ => {}
        }
    };
    let mut generated = generated_headings(guide, id).into_iter().peekable();
    for (index, heading) in page.outline.headings.iter().enumerate() {
        while let Some((_, section, title, level)) = generated.next_if(|h| h.0 <= index) {
            add(&section, &title, level);
        }
        let text = heading_text(guide, id, &heading.text);
        add(&heading.id, &text, heading.level);
    }
    for (_, section, title, level) in generated {
        add(&section, &title, level);
    }
    toc.extend(component_sections(guide, page));
    // One heading is in sight anyway.
    if let [(_, children)] = toc.as_slice()
        && children.is_empty()
    {
        return Vec::new();
    }
    toc.into_iter()
        .map(|(mut entry, children)| {
            entry["children"] = Json::Array(children);
            entry
        })
        .collect()
}

/// The headings that `changes` blocks make: how many headings of the page stand
/// before, id, title and level.
fn generated_headings(guide: &Guide, id: PageId) -> Vec<(usize, String, String, u8)> {
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
        let heading = |s: Section| (fence.headings, s.id, s.title, place.level);
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
fn component_sections(guide: &Guide, page: &Page) -> Vec<(Json, Vec<Json>)> {
    let Some(component) = guide.component_of(page) else {
        return Vec::new();
    };
    let entry = |id: &str, title: &str| {
        (
            json!({ "id": id, "title": title, "level": 2, "children": [] }),
            Vec::new(),
        )
    };
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
