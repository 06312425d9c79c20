//! Footnotes: definitions wherever they stand, shown at the end of the page in
//! the order of their first references, with links back.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::render::escape::escape;

/// Sorts events into the page's text and its footnotes.
#[derive(Default)]
pub struct Footnotes<'a> {
    body: Vec<Event<'a>>,
    /// The events of each footnote, by name.
    definitions: BTreeMap<String, Vec<Event<'a>>>,
    /// Names in the order of first reference, with the count of references.
    references: Vec<(String, usize)>,
    /// The place of each name among the references.
    places: BTreeMap<String, usize>,
    open: Vec<String>,
}

impl<'a> Footnotes<'a> {
    pub fn push(&mut self, event: Event<'a>) {
        match self.open.last() {
            Some(name) => self
                .definitions
                .entry(name.clone())
                .or_default()
                .push(event),
            None => self.body.push(event),
        }
    }

    pub fn open(&mut self, name: &str) {
        self.open.push(name.to_string());
    }

    pub fn close(&mut self) {
        self.open.pop();
    }

    /// The HTML of a reference.
    pub fn reference(&mut self, name: &str) -> String {
        let index = match self.places.get(name) {
            Some(index) => *index,
            None => {
                let index = self.references.len();
                self.references.push((name.to_string(), 0));
                self.places.insert(name.to_string(), index);
                index
            }
        };
        self.references[index].1 += 1;
        let number = index + 1;
        let id = back_id(number, self.references[index].1);
        format!(
            "<sup class=\"footnote-reference\"><a href=\"#fn-{number}\" id=\"{id}\"><span class=\"vh\">Footnote </span>{number}</a></sup>"
        )
    }

    pub fn finish(mut self) -> Vec<Event<'a>> {
        if self.references.is_empty() {
            return self.body;
        }
        self.body.push(Event::Html(
            "<section class=\"footnotes\" aria-label=\"Footnotes\"><ol>\n".into(),
        ));
        for (index, (name, count)) in self.references.iter().enumerate() {
            let number = index + 1;
            let open = format!("<li id=\"fn-{number}\">");
            self.body.push(Event::Html(open.into()));
            let mut events = self.definitions.remove(name).unwrap_or_default();
            let back = Event::InlineHtml(back_links(number, *count, name).into());
            match events.last() {
                Some(Event::End(TagEnd::Paragraph)) => events.insert(events.len() - 1, back),
                _ => {
                    events.push(Event::Start(Tag::Paragraph));
                    events.push(back);
                    events.push(Event::End(TagEnd::Paragraph));
                }
            }
            self.body.append(&mut events);
            self.body.push(Event::Html("</li>\n".into()));
        }
        self.body.push(Event::Html("</ol></section>\n".into()));
        self.body
    }
}

fn back_id(number: usize, count: usize) -> String {
    match count {
        1 => format!("fnref-{number}"),
        _ => format!("fnref-{number}-{count}"),
    }
}

fn back_links(number: usize, count: usize, name: &str) -> String {
    (1..=count)
        .map(|which| {
            let label = match count {
                1 => format!("Back to the text of note {}", escape(name)),
                _ => format!("Back to the text of note {}, place {which}", escape(name)),
            };
            format!(
                " <a href=\"#{}\" aria-label=\"{label}\">↩</a>",
                back_id(number, which)
            )
        })
        .collect()
}
