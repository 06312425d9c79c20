//! Links and images of the one file, as those of many.

use std::collections::BTreeMap;
use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use super::{Converted, Page};
use crate::parse::markdown_options;
use crate::site::normalise;

/// What a file may refer to beside itself.
pub(super) struct Around<'a> {
    /// The folder of the file, below that of the guide.
    pub folder: &'a str,
    /// The other files by their paths: the page that each became, and its
    /// anchors.
    pub others: &'a BTreeMap<&'a str, (&'a str, &'a Addresses)>,
    /// Which paths, relative to the guide's folder, are files.
    pub exists: &'a dyn Fn(&str) -> bool,
}

/// Where the anchors of the one file are now, and what pages may need of it.
pub(super) struct Addresses {
    /// Path and anchor, by the anchor in the one file.
    anchors: BTreeMap<String, (String, Option<String>)>,
    /// Definitions of links and footnotes, by what they define.
    definitions: BTreeMap<String, String>,
}

impl Addresses {
    pub fn of(pages: &[Page], text: &str) -> Self {
        let mut anchors = BTreeMap::new();
        for page in pages {
            for (number, anchor) in page.anchors.iter().enumerate() {
                let below = (number > 0).then(|| anchor.clone());
                anchors.insert(anchor.clone(), (page.path.clone(), below));
            }
            for anchor in headings(&page.body) {
                anchors
                    .entry(anchor.clone())
                    .or_insert((page.path.clone(), Some(anchor)));
            }
        }
        let defined = text.lines().filter_map(|line| {
            let name = line.trim_start().strip_prefix('[')?;
            let (name, rest) = name.split_once("]:")?;
            (!rest.trim().is_empty()).then(|| (name.to_lowercase(), line.trim().to_owned()))
        });
        Self {
            anchors,
            definitions: defined.collect(),
        }
    }

    /// A page's body with links that lead where they led.
    pub fn rewrite(
        &self,
        path: &str,
        body: &str,
        around: &Around<'_>,
        made: &mut Converted,
    ) -> String {
        let body = self.with_definitions(&with_braces_as_text(body));
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for (event, range) in Parser::new_ext(&body, markdown_options()).into_offset_iter() {
            let (kind, url, image) = match event {
                Event::Start(Tag::Link {
                    link_type,
                    dest_url,
                    ..
                }) => (link_type, dest_url, false),
                Event::Start(Tag::Image {
                    link_type,
                    dest_url,
                    ..
                }) => (link_type, dest_url, true),
                _ => continue,
            };
            let local = !url.is_empty() && !url.contains("://") && !url.starts_with("mailto:");
            if !local || kind != LinkType::Inline {
                continue;
            }
            let source = &body[range.clone()];
            let Some(at) = source.rfind(&*url) else {
                continue;
            };
            let place = range.start + at..range.start + at + url.len();
            match self.address(path, &url, around, made) {
                Some(new) => edits.push((place, new)),
                None => {
                    let text = source.trim_start_matches('!').trim_start_matches('[');
                    let text = text.split("](").next().unwrap_or_default();
                    let what = if image { "image" } else { "link" };
                    made.notes.push(format!(
                        "content/{path}: the {what} to `{url}` leads nowhere and became text"
                    ));
                    edits.push((range, format!("{text} (`{url}`)")));
                }
            }
        }
        let mut body = body;
        edits.sort_by_key(|(range, _)| range.start);
        let mut before = usize::MAX;
        for (range, new) in edits.into_iter().rev() {
            if range.end <= before {
                before = range.start;
                body.replace_range(range, &new);
            }
        }
        self.with_defined_addresses(path, &body, around, made)
    }

    /// Rewrites the addresses of the body's own `[name]: address` lines.
    fn with_defined_addresses(
        &self,
        path: &str,
        body: &str,
        around: &Around<'_>,
        made: &mut Converted,
    ) -> String {
        let line = |line: &str| {
            let (name, address) = line.split_once("]: ")?;
            let is_definition = name.starts_with('[') && !name.starts_with("[^");
            let local = is_definition && !address.contains("://");
            let (address, title) = address.split_once(' ').unwrap_or((address, ""));
            let new = local.then(|| self.address(path, address, around, made))??;
            Some(format!("{name}]: {new} {title}").trim_end().to_owned())
        };
        let mut line = line;
        let lines: Vec<String> = (body.lines())
            .map(|own| line(own).unwrap_or_else(|| own.to_owned()))
            .collect();
        lines.join("\n") + if body.ends_with('\n') { "\n" } else { "" }
    }

    /// What a link's address becomes; none if there is nothing.
    fn address(
        &self,
        path: &str,
        url: &str,
        around: &Around<'_>,
        made: &mut Converted,
    ) -> Option<String> {
        if let Some(anchor) = url.strip_prefix('#') {
            let found = self.anchors.get(&anchor.to_lowercase())?;
            return Some(to_anchor(path, found));
        }
        let (file, anchor) = url.split_once('#').unwrap_or((url, ""));
        let file = file.split('?').next().unwrap_or_default();
        if file.starts_with('/') {
            return None;
        }
        let file = normalise(around.folder, file)?;
        let folder = ["README.md", "index.md", "_index.md"].map(|name| match file.as_str() {
            "" => name.to_owned(),
            file => format!("{file}/{name}"),
        });
        let mut names = std::iter::once(&file).chain(&folder);
        if let Some((page, other)) = names.find_map(|name| around.others.get(name.as_str())) {
            let found = other.anchors.get(&anchor.to_lowercase());
            return Some(found.map_or_else(|| between(path, page), |found| to_anchor(path, found)));
        }
        let is_image = [".png", ".jpg", ".jpeg", ".gif", ".svg", ".webp", ".avif"]
            .iter()
            .any(|end| file.to_lowercase().ends_with(end));
        if !is_image || !(around.exists)(&file) {
            return None;
        }
        let copy = (file.clone(), format!("content/{file}"));
        if !made.copies.contains(&copy) {
            made.copies.push(copy);
        }
        Some(between(path, &file))
    }

    /// Adds the definitions that a page uses and does not have.
    fn with_definitions(&self, body: &str) -> String {
        let lower = body.to_lowercase();
        let mut whole = body.to_owned();
        for (name, line) in &self.definitions {
            let used = lower.contains(&format!("[{name}]"));
            let has = body.lines().any(|own| own.trim() == line);
            if used && !has {
                whole.push_str(&format!("\n{line}\n"));
            }
        }
        whole
    }
}

/// The way from a page to an anchor: a page, and a place on it.
fn to_anchor(path: &str, (target, below): &(String, Option<String>)) -> String {
    let below = below
        .as_ref()
        .map_or_else(String::new, |below| format!("#{below}"));
    match target == path {
        true if below.is_empty() => between(path, target),
        true => below,
        false => format!("{}{below}", between(path, target)),
    }
}

/// Markdown whose `{{` is text. In code and in diagrams it is so already.
fn with_braces_as_text(body: &str) -> String {
    let mut places = Vec::new();
    let mut in_code = false;
    for (event, range) in Parser::new_ext(body, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => {
                let found = body[range.clone()].match_indices("{{");
                places.extend(found.map(|(at, _)| range.start + at));
            }
            _ => {}
        }
    }
    let mut escaped = body.to_owned();
    for at in places.into_iter().rev() {
        escaped.insert(at, '\\');
    }
    escaped
}

/// The anchors of a body's headings, as code hosts make them.
fn headings(body: &str) -> Vec<String> {
    let root = super::tree::read(&format!("# x\n\n{body}"), "");
    root.children
        .iter()
        .flat_map(super::tree::Node::anchors)
        .collect()
}

/// The way from one file below `content/` to another.
fn between(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    let mut to: Vec<&str> = to.split('/').collect();
    from.pop();
    while from.first() == to.first() && !from.is_empty() && to.len() > 1 {
        from.remove(0);
        to.remove(0);
    }
    let up = "../".repeat(from.len());
    format!("{up}{}", to.join("/"))
}
