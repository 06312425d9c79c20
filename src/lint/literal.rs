//! Figures that prose writes out: equal to what the catalog has, and so bound
//! to drift; or other than it, and so drifted already.
//!
//! Here the prose of a page is gone through: what each sentence speaks of is
//! put together for [`Scene`], which judges its numbers.

use std::ops::Range;

use super::numbers::numbers;
use super::prose::passages;
use super::scene::Scene;
use super::subjects::{Mention, Subjects};
use crate::diag::Diagnostic;
use crate::render::Guide;
use crate::site::{Page, Target};

/// Looks through the prose of a page.
pub(super) fn literal_figures(
    guide: &Guide,
    subjects: &Subjects,
    number: usize,
    sink: &mut Vec<Diagnostic>,
) {
    let page = &guide.site.pages[number];
    let calls = &guide.contents[number].inlines;
    let called = |call: &usize| {
        let figure = calls.get(call)?.figure.as_ref()?;
        subjects.by_reference(&figure.category, &figure.id)
    };
    let of_page = subjects.own(&page.document.path);
    let mut topics: Vec<(u8, Option<usize>)> = Vec::new();
    for passage in passages(&page.document) {
        let mut mentions = subjects.mentions(&passage.text);
        let names = mentions.clone();
        mentions.extend(passage.calls.iter().filter_map(|(at, call)| {
            let subject = called(call)?;
            Some(Mention {
                range: *at..*at,
                subject,
            })
        }));
        mentions.extend(passage.links.iter().filter_map(|(range, address)| {
            let subject = linked(guide, subjects, page, address)?;
            let named = |m: &Mention| m.range.start < range.end && range.start < m.range.end;
            (!names.iter().any(named)).then(|| Mention {
                range: range.clone(),
                subject,
            })
        }));
        mentions.sort_by_key(|mention| mention.range.start);
        if let Some(level) = passage.heading {
            topics.retain(|(above, _)| *above < level);
            topics.push((level, mentions.first().map(|m| m.subject)));
        }
        let written = numbers(&passage.text, &guide.catalog.units, &guide.catalog.locale);
        if written.is_empty() {
            continue;
        }
        let own = match &passage.entry {
            Some(id) => listed(guide, subjects, page, id),
            None => of_page,
        };
        let row = passage.cell.as_ref().and_then(|cell| {
            let named = subjects.mentions(&cell.row).first().map(|m| m.subject);
            named
                .or_else(|| cell.row_calls.iter().find_map(called))
                .or_else(|| subjects.mentions(&cell.head).first().map(|m| m.subject))
        });
        let topic = topics.iter().rev().find_map(|(_, topic)| *topic);
        for sentence in passage.sentences() {
            let within =
                |range: &Range<usize>| sentence.start <= range.start && range.end <= sentence.end;
            let scene = Scene {
                guide,
                subjects,
                page,
                number,
                passage: &passage,
                named: mentions.iter().filter(|m| within(&m.range)).collect(),
                row,
                about: mentions
                    .iter()
                    .rfind(|m| m.range.end <= sentence.start)
                    .map(|m| m.subject)
                    .into_iter()
                    .chain(topic)
                    .chain(own)
                    .collect(),
                sentence: sentence.clone(),
            };
            for written in written.iter().filter(|w| within(&w.range)) {
                let in_name = names.iter().any(|m| {
                    m.range.start < written.range.end && written.range.start < m.range.end
                });
                if !in_name {
                    sink.extend(scene.judge(written));
                }
            }
        }
    }
}

/// The component that a link leads to: its page, or its anchor in a list.
fn linked(guide: &Guide, subjects: &Subjects, page: &Page, address: &str) -> Option<usize> {
    let Target::Page(id, anchor) = guide.resolve(page, address)? else {
        return None;
    };
    let path = &guide.page(id).document.path;
    match anchor {
        None => subjects.own(path),
        Some(anchor) => listed(guide, subjects, guide.page(id), &anchor),
    }
}

/// The component of a page's list by its id.
fn listed(guide: &Guide, subjects: &Subjects, page: &Page, id: &str) -> Option<usize> {
    let categories = guide.catalog.categories.iter();
    let mut components = categories.flat_map(|category| &category.components);
    let path = &page.document.path;
    let component = components.find(|c| c.path == *path && *c.id.value == *id)?;
    subjects.by_reference(&component.category, &component.id.value)
}
