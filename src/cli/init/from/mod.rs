//! `rigbook init --from`: a guide in one Markdown file or in a folder of them in,
//! the files of a site out. Headings become sections and pages, lists of `Key: value` become
//! components of typed fields; all other text stays as it is. Nothing here reads
//! or writes a file.
//!
//! # Steps
//! 1. What the file says of itself is kept ([`front`]), and marks that other
//!    programs have are written as they are here ([`marks`]).
//! 2. The headings make a tree ([`tree`]).
//! 3. The rows of a table of products become headings ([`table`]).
//! 4. Each heading with a list of facts is a component, what is right above
//!    components a category ([`facts`]).
//! 5. The facts of a category's components give its fields ([`fields`]).
//! 6. Every heading gets a file ([`writer`]), and links between them follow
//!    ([`links`]).

mod facts;
mod fields;
mod folder;
mod front;
mod links;
mod marks;
mod names;
mod order;
mod table;
mod tree;
mod uses;
mod writer;
mod written;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use front::Front;
use links::{Addresses, Around};
use names::{quoted, slug, title_of_stem};
use tree::Node;
use writer::Writer;

use crate::parse::{HtmlTag, html_tags};

pub(super) use folder::convert_folder;

/// A site made from one file.
#[derive(Debug, Default)]
pub struct Converted {
    /// Paths relative to the site, and texts.
    pub files: Vec<(String, String)>,
    /// Images and other files: from where, relative to the file, to where.
    pub copies: Vec<(String, String)>,
    /// What the author should look at.
    pub notes: Vec<String>,
}

/// Converts a guide. `stem` names it where it has no title; `exists` says which
/// paths, relative to the file, are files.
pub fn convert(text: &str, stem: &str, exists: &dyn Fn(&str) -> bool) -> Converted {
    let mut writer = Writer::default();
    let text = with_unix_lines(text);
    let (mut front, body) = front::read(&text);
    let body = marks::rewritten(body);
    let mut root = titled(&body, stem, &mut front);
    if front.draft {
        front.draft = false;
        front.dropped.push("draft: true".to_owned());
    }
    writer.notes.extend(dropped("the file", &front));
    let before = root.children.len();
    root.children.retain(|child| !is_contents(child));
    if root.children.len() < before {
        let dropped = "The table of contents was dropped: every page has its own.";
        writer.notes.push(dropped.to_owned());
    }
    let mut tables = Vec::new();
    let parts = slugs_below(&root);
    table::expand(&mut root, &parts, &mut tables);
    writer.section(&root, front, "");
    writer.notes.extend(tables.iter().map(table::Outcome::told));
    let mut made = Converted {
        notes: std::mem::take(&mut writer.notes),
        ..Converted::default()
    };
    let addresses = Addresses::of(&writer.pages, &body);
    let around = Around {
        folder: "",
        guide: "",
        others: &BTreeMap::new(),
        hidden: &BTreeSet::new(),
        exists,
    };
    for page in &writer.pages {
        let body = addresses.rewrite(&page.path, &page.body, &around, &mut made);
        made.files
            .push((format!("content/{}", page.path), page.text(&body)));
    }
    configure(&mut made, &root.title, &writer.units);
    made
}

/// A file without a byte order mark, its lines ended as on Unix.
fn with_unix_lines(text: &str) -> String {
    text.trim_start_matches('\u{feff}').replace("\r\n", "\n")
}

/// The headings of a file. Its title is the heading that readers saw, that of
/// its front matter, or its name.
fn titled(body: &str, stem: &str, front: &mut Front) -> Node {
    let mut root = tree::read(body, &title_of_stem(stem));
    let given = front.title.take();
    if root.level == 0 && given.is_none() {
        take_html_title(&mut root);
    }
    match given {
        Some(title) if root.level == 0 => root.title = title,
        Some(title) if title != root.title => front.dropped.push(format!("title: {title}")),
        _ => {}
    }
    root
}

/// Takes the title from a heading in HTML at the start; one that holds more than
/// text stays as a paragraph.
fn take_html_title(root: &mut Node) {
    let own = root.own.trim_start();
    let mut tags = html_tags(own);
    let Some(open) = tags.find(|tag| tag.is("h1") && !tag.closes) else {
        return;
    };
    let within: Vec<HtmlTag<'_>> = tags.take_while(|tag| !tag.is("h1")).collect();
    let end = own[open.range.end..]
        .find("</h1")
        .map(|at| open.range.end + at);
    let (true, Some(end)) = (
        own.starts_with('<') && !own[..open.range.start].contains("```"),
        end,
    ) else {
        return;
    };
    let mut title = String::new();
    let mut from = open.range.end;
    for tag in within.iter().filter(|tag| tag.range.end <= end) {
        title.push_str(&own[from..tag.range.start]);
        from = tag.range.end;
    }
    title.push_str(&own[from..end]);
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    if title.is_empty() {
        return;
    }
    let behind = own[end..].find('>').map_or(own.len(), |at| end + at + 1);
    let kept = match within.iter().any(|tag| tag.is("img") || tag.is("a")) {
        true => format!("<p>{}</p>", &own[open.range.end..end]),
        false => String::new(),
    };
    root.anchor = tree::anchor(&title);
    root.own = format!("{}{kept}{}", &own[..open.range.start], &own[behind..]);
    root.title = title;
}

/// What is said of front matter that was dropped.
fn dropped(what: &str, front: &Front) -> Option<String> {
    let list = front.dropped.join("; ");
    (!list.is_empty()).then(|| format!("{what}: of its front matter this was dropped: {list}"))
}

/// The slugs of the headings below one.
fn slugs_below(node: &Node) -> BTreeSet<String> {
    let below = node.children.iter().flat_map(slugs_below);
    let own = node.children.iter().map(|child| slug(&child.title));
    own.chain(below).collect()
}

/// Writes `rigbook.toml`.
fn configure(made: &mut Converted, title: &str, units: &BTreeSet<String>) {
    let mut config = format!("title = {}\n", quoted(title));
    if !units.is_empty() {
        config.push_str("\n[units]\n");
        for unit in units {
            let _ = writeln!(config, "{} = {{ label = {} }}", quoted(unit), quoted(unit));
        }
        let listed: Vec<&str> = units.iter().map(String::as_str).collect();
        let became = match listed[..] {
            [only] => format!("`{only}` became a unit of its own; say what it measures"),
            _ => format!(
                "`{}` became units of their own; say what they measure",
                listed.join("`, `")
            ),
        };
        made.notes.push(format!("rigbook.toml: {became}"));
    }
    made.files.push(("rigbook.toml".to_owned(), config));
}

/// Whether a heading holds nothing but links to the others.
fn is_contents(node: &Node) -> bool {
    let title = node.title.to_lowercase();
    let named = ["contents", "content", "index", "toc"].contains(&title.as_str())
        || title.contains("table of contents")
        || ["inhalt", "inhaltsverzeichnis"].contains(&title.as_str());
    let is_link = |line: &str| line.is_empty() || line.contains("](#");
    named && node.children.is_empty() && node.own.lines().all(|line| is_link(line.trim()))
}
