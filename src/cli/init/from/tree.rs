//! The headings of a file as a tree, each with the text of its own.

use std::collections::HashMap;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::parse::markdown_options;

/// A heading with what stands below it.
#[derive(Clone, Debug, Default)]
pub(super) struct Node {
    /// 0 for the root.
    pub level: usize,
    pub title: String,
    /// The heading's text as it was written.
    pub source: String,
    /// Its links and images, which no title holds.
    pub links: Vec<String>,
    /// The anchor that code hosts give it.
    pub anchor: String,
    /// The text up to the next heading.
    pub own: String,
    pub children: Vec<Node>,
}

impl Node {
    /// The node with all below it as Markdown, in a page whose title is a
    /// heading of level `above`.
    pub fn markdown(&self, above: usize) -> String {
        let mut text = format!("{}\n\n{}", self.heading(above), self.own.trim());
        for child in &self.children {
            text.push_str("\n\n");
            text.push_str(&child.markdown(above));
        }
        text.trim_end().to_owned()
    }

    /// Its heading, in a page whose title is one of level `above`.
    pub fn heading(&self, above: usize) -> String {
        let level = (self.level.saturating_sub(above) + 1).clamp(2, 6);
        format!("{} {}", "#".repeat(level), self.source)
    }

    /// The text of a page whose title is this heading, with all below it.
    pub fn body(&self) -> String {
        let mut body = self.own.trim().to_owned();
        for child in &self.children {
            body.push_str("\n\n");
            body.push_str(&child.markdown(self.level));
        }
        body
    }

    /// All anchors of the node and below, its own first.
    pub fn anchors(&self) -> Vec<String> {
        let below = self.children.iter().flat_map(Node::anchors);
        [self.anchor.clone()].into_iter().chain(below).collect()
    }
}

/// Reads a file. One heading of level 1 is the title of the whole.
pub(super) fn read(text: &str, stem: &str) -> Node {
    let mut flat = headings(text);
    let tops = flat.iter().filter(|node| node.level == 1).count();
    let mut root = Node {
        title: stem.to_owned(),
        ..Node::default()
    };
    let first = flat.first().map_or(text.len(), |node| node.start);
    root.own = text[..first].trim().to_owned();
    if tops == 1 && flat.first().is_some_and(|node| node.level == 1) {
        let title = flat.remove(0).node;
        if !title.title.is_empty() {
            root.title = title.title;
        }
        root.links = title.links;
        root.anchor = title.anchor;
        root.own = [root.own, title.own].join("\n\n").trim().to_owned();
        root.level = 1;
    }
    let mut open: Vec<Node> = vec![root];
    for heading in flat {
        while open.len() > 1
            && open
                .last()
                .is_some_and(|above| above.level >= heading.level)
        {
            close(&mut open);
        }
        let mut node = heading.node;
        if node.title.is_empty() {
            node.title = "Untitled".to_owned();
        }
        open.push(node);
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().unwrap_or_default()
}

fn close(open: &mut Vec<Node>) {
    if let (Some(node), Some(above)) = (open.pop(), open.last_mut()) {
        above.children.push(node);
    }
}

struct Flat {
    level: usize,
    start: usize,
    node: Node,
}

fn headings(text: &str) -> Vec<Flat> {
    let mut found: Vec<Flat> = Vec::new();
    let mut ends = Vec::new();
    let mut seen: HashMap<String, usize> = HashMap::new();
    let (mut title, mut within, mut depth) = (String::new(), false, 0usize);
    // Up to where the last link goes: an image may stand in it.
    let mut linked = 0;
    let mut images = 0usize;
    for (event, range) in Parser::new_ext(text, markdown_options()).into_offset_iter() {
        let is_link = matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }));
        if let (true, true, Some(flat)) =
            (within, is_link && range.start >= linked, found.last_mut())
        {
            flat.node.links.push(text[range.clone()].to_owned());
            linked = range.end;
        }
        match event {
            Event::Start(Tag::Heading { level, .. }) if depth == 0 => {
                title.clear();
                within = true;
                found.push(Flat {
                    level: level as usize,
                    start: range.start,
                    node: Node::default(),
                });
                ends.push(range.end);
            }
            Event::End(TagEnd::Heading(_)) if within => {
                within = false;
                let Some(flat) = found.last_mut() else {
                    continue;
                };
                let source = text[flat.start..range.end].trim();
                let line = source.lines().next().unwrap_or_default();
                flat.node.source = line
                    .trim_start_matches('#')
                    .trim()
                    .trim_end_matches('#')
                    .trim()
                    .to_owned();
                flat.node.level = flat.level;
                flat.node.title = title.trim().to_owned();
                let anchor = anchor(&title);
                let count = seen.entry(anchor.clone()).or_insert(0);
                flat.node.anchor = match *count {
                    0 => anchor,
                    n => format!("{anchor}-{n}"),
                };
                *count += 1;
            }
            Event::Start(Tag::Image { .. }) => images += 1,
            Event::End(TagEnd::Image) => images -= 1,
            Event::Text(text) | Event::Code(text) if within && images == 0 => title.push_str(&text),
            Event::SoftBreak if within => title.push(' '),
            Event::Start(Tag::List(_) | Tag::BlockQuote(_)) => depth += 1,
            Event::End(TagEnd::List(_) | TagEnd::BlockQuote(_)) => depth -= 1,
            _ => {}
        }
    }
    let starts: Vec<usize> = found
        .iter()
        .map(|flat| flat.start)
        .skip(1)
        .chain([text.len()])
        .collect();
    for ((flat, end), next) in found.iter_mut().zip(ends).zip(starts) {
        flat.node.own = text[end.min(next)..next].trim_matches('\n').to_owned();
    }
    found
}

/// The anchor that code hosts make from a heading.
pub(super) fn anchor(title: &str) -> String {
    let kept = title.trim().chars().flat_map(char::to_lowercase);
    let kept = kept.filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}
