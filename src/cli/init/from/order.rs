//! The order of pages that a guide's `SUMMARY.md` gives, as mdBook has it.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use super::folder::Source;
use crate::parse::markdown_options;
use crate::site::{decode_path, normalise};

/// The place of a file, and what it is called in the list.
pub(super) struct Place {
    pub number: i64,
    pub title: String,
}

/// Places by path, and the files that say nothing else. What is no link in them
/// is told.
pub(super) fn order(sources: &[Source], notes: &mut Vec<String>) -> BTreeMap<String, Place> {
    let mut places = BTreeMap::new();
    for (path, text) in sources.iter().filter(|(path, _)| is_summary(path)) {
        let mut others = Vec::new();
        let mut title: Option<(String, String)> = None;
        for event in Parser::new_ext(text, markdown_options()) {
            match (event, &mut title) {
                (Event::Start(Tag::Link { dest_url, .. }), _) => {
                    title = Some((dest_url.to_string(), String::new()));
                }
                (Event::Text(text) | Event::Code(text), Some((_, title))) => title.push_str(&text),
                (Event::Text(text) | Event::Code(text), None) => others.push(text.to_string()),
                (Event::End(TagEnd::Link), Some(_)) => {
                    let Some((address, title)) = title.take() else {
                        continue;
                    };
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    let file = address.split('#').next().unwrap_or_default();
                    let file = decode_path(file).and_then(|file| normalise(folder, &file));
                    match file.filter(|file| sources.iter().any(|(path, _)| path == file)) {
                        Some(file) => {
                            let number = i64::try_from(places.len() + 1).unwrap_or(i64::MAX);
                            places.entry(file).or_insert(Place { number, title });
                        }
                        None => others.push(title),
                    }
                }
                _ => {}
            }
        }
        let also = match others.is_empty() {
            true => String::new(),
            false => format!("; it also said: {}", others.join(", ")),
        };
        notes.push(format!(
            "{path} gave the pages their order and was dropped{also}"
        ));
    }
    places
}

/// Whether a file lists the others and is no page.
pub(super) fn is_summary(path: &str) -> bool {
    path == "SUMMARY.md" || path.ends_with("/SUMMARY.md")
}
