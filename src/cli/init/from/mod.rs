//! `rigbook init --from`: a guide in one Markdown file or in a folder of them in,
//! the files of a site out. Headings become sections and pages, lists of `Key: value` become
//! components of typed fields; all other text stays as it is. Nothing here reads
//! or writes a file.
//!
//! # Steps
//! 1. The headings make a tree ([`tree`]).
//! 2. The rows of a table of products become headings ([`table`]).
//! 3. Each heading with a list of facts is a component, what is right above
//!    components a category ([`facts`]).
//! 4. The facts of a category's components give its fields ([`fields`]).
//! 5. Every heading gets a file, and links between them follow ([`links`]).

mod facts;
mod fields;
mod folder;
mod links;
mod table;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::catalog::is_id;
use facts::{Facts, facts};
use fields::{Column, columns};
use links::{Addresses, Around};
use tree::Node;

pub(super) use folder::convert_folder;

/// A site made from one file.
#[derive(Debug, Default)]
pub struct Converted {
    /// Paths relative to the site, and texts.
    pub files: Vec<(String, String)>,
    /// Images: from where, relative to the file, to where.
    pub copies: Vec<(String, String)>,
    /// What the author should look at.
    pub notes: Vec<String>,
}

/// Columns that a category's first table shows.
const SHOWN: usize = 6;

/// Converts a guide. `stem` names it where it has no title; `exists` says which
/// paths, relative to the file, are files.
pub fn convert(text: &str, stem: &str, exists: &dyn Fn(&str) -> bool) -> Converted {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let (front, body) = without_front_matter(&text);
    let mut root = tree::read(body, stem);
    let mut writer = Writer::new();
    if !front.trim().is_empty() {
        let kept = format!(
            "The front matter was dropped: {}",
            front.trim().replace('\n', "; ")
        );
        writer.made.notes.push(kept);
    }
    let before = root.children.len();
    root.children.retain(|child| !is_contents(child));
    if root.children.len() < before {
        let dropped = "The table of contents was dropped: every page has its own.";
        writer.made.notes.push(dropped.to_owned());
    }
    let mut tables = Vec::new();
    table::expand(&mut root, 2, &mut tables);
    writer.section(&root, "");
    writer.made.notes.extend(tables.iter().map(told));
    let Writer {
        mut made,
        units,
        pages,
        ..
    } = writer;
    let addresses = Addresses::of(&pages, body);
    let around = Around {
        folder: "",
        others: &BTreeMap::new(),
        exists,
    };
    for page in &pages {
        let body = addresses.rewrite(&page.path, &page.body, &around, &mut made);
        made.files.push((
            format!("content/{}", page.path),
            format!("{}{body}", page.front),
        ));
    }
    configure(&mut made, &root.title, &units);
    made
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
        made.notes.push(format!(
            "rigbook.toml: {} became units of their own; say what they measure",
            listed.join(", ")
        ));
    }
    made.files.push(("rigbook.toml".to_owned(), config));
}

/// What is said of a table.
fn told(table: &table::Outcome) -> String {
    let under = &table.under;
    match table.result {
        Ok(count) => format!(
            "The table under \"{under}\" became {count} components; a `compare` block stands in its place"
        ),
        Err(why) => format!("The table under \"{under}\" stayed as it was: {why}"),
    }
}

/// A file to be.
struct Page {
    /// Relative to `content/`.
    path: String,
    front: String,
    body: String,
    /// The anchors that lead to it in the one file.
    anchors: Vec<String>,
}

struct Writer {
    made: Converted,
    /// Paths without `.md` that are in use.
    taken: BTreeSet<String>,
    categories: BTreeSet<String>,
    units: BTreeSet<String>,
    pages: Vec<Page>,
}

impl Writer {
    fn new() -> Self {
        Self {
            made: Converted::default(),
            taken: BTreeSet::new(),
            categories: BTreeSet::new(),
            units: BTreeSet::new(),
            pages: Vec::new(),
        }
    }

    /// Writes a heading that has a folder.
    fn section(&mut self, node: &Node, folder: &str) {
        let parts: Vec<(&Node, Facts)> = (node.children.iter())
            .filter_map(|child| Some((child, facts(child)?)))
            .collect();
        let is_category = !parts.is_empty() && !folder.is_empty();
        let mut front = format!("title = {}\n", quoted_prose(&node.title));
        let mut body = node.own.trim().to_owned();
        if is_category {
            let id = self.category_id(folder);
            let facts: Vec<&Facts> = parts.iter().map(|(_, facts)| facts).collect();
            let columns = columns(&facts, &mut self.units);
            let _ = write!(
                front,
                "\n[category]\nid = {}\n\n[category.fields]\n",
                quoted(&id)
            );
            for column in &columns {
                let _ = writeln!(front, "{}", column.declaration());
            }
            self.note_columns(folder, &columns);
            insert_table(&mut body, &id, &columns);
            for (number, (child, facts)) in parts.iter().enumerate() {
                self.component((number + 1, child), facts, &columns, folder);
            }
        }
        let place = self.pages.len();
        // No category stands within another: its section is beside this one.
        let below = match is_category {
            true => folder.rsplit_once('/').map_or("", |(above, _)| above),
            false => folder,
        };
        for (number, child) in node.children.iter().enumerate() {
            let is_part = is_category && parts.iter().any(|(part, _)| std::ptr::eq(*part, child));
            match () {
                () if is_part => {}
                () if folder.is_empty() || has_parts(child) => self.child(child, below, number),
                () => {
                    let _ = write!(body, "\n\n{}", child.markdown(node.level));
                }
            }
        }
        let path = match folder {
            "" => "_index.md".to_owned(),
            folder => format!("{folder}/_index.md"),
        };
        let mut anchors = vec![node.anchor.clone()];
        anchors.retain(|anchor| !anchor.is_empty());
        self.pages.insert(place, page(path, &front, &body, anchors));
    }

    /// Writes a heading below a section: a folder where components are below it,
    /// else one page.
    fn child(&mut self, node: &Node, folder: &str, number: usize) {
        let path = self.free(folder, &node.title);
        if has_parts(node) {
            self.section(node, &path);
            if let Some(page) = self
                .pages
                .iter_mut()
                .find(|page| page.path == format!("{path}/_index.md"))
            {
                page.front
                    .insert_str(4, &format!("weight = {}\n", number + 1));
            }
            return;
        }
        let front = format!(
            "weight = {}\ntitle = {}\n",
            number + 1,
            quoted_prose(&node.title)
        );
        let anchors = node.anchors();
        self.pages
            .push(page(format!("{path}.md"), &front, &body_of(node), anchors));
    }

    /// Writes a product, which keeps its place among the others.
    fn component(
        &mut self,
        (number, node): (usize, &Node),
        facts: &Facts,
        columns: &[Column],
        folder: &str,
    ) {
        let path = self.free(folder, &node.title);
        let title = quoted_prose(&node.title);
        let mut front = format!("weight = {number}\ntitle = {title}\n\n[component]\n");
        for column in columns {
            if let Some(whole) = column.remarked(facts) {
                self.made.notes.push(format!(
                    "content/{path}.md: the remark of `{}: {whole}` was left out",
                    column.label
                ));
            }
            match column.figure(facts) {
                Ok(Some(value)) => {
                    let _ = writeln!(front, "{} = {value}", column.name);
                }
                Ok(None) => {}
                Err(text) => self.made.notes.push(format!(
                    "content/{path}.md: `{}: {text}` was taken for not known",
                    column.label
                )),
            }
        }
        for (key, lines) in [("pros", &facts.pros), ("cons", &facts.cons)] {
            if !lines.is_empty() {
                let lines: Vec<String> = lines.iter().map(|line| quoted_prose(line)).collect();
                let _ = writeln!(front, "{key} = [{}]", lines.join(", "));
            }
        }
        let mut body = facts.rest.trim().to_owned();
        for child in &node.children {
            let _ = write!(body, "\n\n{}", child.markdown(node.level));
        }
        let mut anchors = node.anchors();
        anchors.retain(|anchor| !anchor.is_empty());
        self.pages
            .push(page(format!("{path}.md"), &front, &body, anchors));
    }

    fn note_columns(&mut self, folder: &str, columns: &[Column]) {
        for column in columns {
            if let Some(doubt) = &column.doubt {
                let note = format!("content/{folder}/_index.md: `{}` {doubt}", column.name);
                self.made.notes.push(note);
            }
        }
    }

    /// A path below a folder that nothing has, made from a title.
    fn free(&mut self, folder: &str, title: &str) -> String {
        let slug = match slug(title) {
            slug if slug.is_empty() => "section".to_owned(),
            slug => slug,
        };
        let whole = |slug: &str| match folder {
            "" => slug.to_owned(),
            folder => format!("{folder}/{slug}"),
        };
        let mut path = whole(&slug);
        let mut number = 2;
        while !self.taken.insert(path.clone()) {
            path = whole(&format!("{slug}-{number}"));
            number += 1;
        }
        path
    }

    fn category_id(&mut self, folder: &str) -> String {
        let stem = folder.rsplit('/').next().unwrap_or(folder);
        let mut id = stem.to_owned();
        let mut number = 2;
        while !is_id(&id) || crate::catalog::is_reserved(&id) || !self.categories.insert(id.clone())
        {
            id = format!("{stem}-{number}");
            number += 1;
        }
        id
    }
}

/// The text of a heading that is a page, with all below it.
fn body_of(node: &Node) -> String {
    let mut body = node.own.trim().to_owned();
    for child in &node.children {
        let _ = write!(body, "\n\n{}", child.markdown(node.level));
    }
    body
}

/// Puts a table of a category where its products stood in one, or below the
/// text.
fn insert_table(body: &mut String, category: &str, columns: &[Column]) {
    let has_place = body.contains(table::PLACE);
    let most = if has_place { usize::MAX } else { SHOWN };
    let shown = columns.iter().filter(|c| has_place || !c.is_long());
    let shown: Vec<String> = shown.take(most).map(|c| quoted(&c.name)).collect();
    if shown.is_empty() {
        return;
    }
    let block = format!(
        "```compare\ncategory = {}\ncolumns = [{}]\n```",
        quoted(category),
        shown.join(", ")
    );
    match has_place {
        true => *body = body.replacen(table::PLACE, &block, 1),
        false => {
            let _ = write!(body, "\n\n{block}");
        }
    }
}

fn page(path: String, front: &str, body: &str, anchors: Vec<String>) -> Page {
    let body = match body.trim() {
        "" => String::new(),
        body => format!("\n{body}\n"),
    };
    Page {
        path,
        front: format!("+++\n{front}+++\n"),
        body,
        anchors,
    }
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

/// Whether components stand anywhere below a heading.
fn has_parts(node: &Node) -> bool {
    node.children
        .iter()
        .any(|child| facts(child).is_some() || has_parts(child))
}

/// The front matter of the file, and the rest.
fn without_front_matter(text: &str) -> (&str, &str) {
    for fence in ["---\n", "+++\n"] {
        if let Some(rest) = text.strip_prefix(fence)
            && let Some((front, body)) = rest.split_once(&format!("\n{fence}"))
        {
            return (front, body);
        }
    }
    ("", text)
}

/// A text as an id: lower-case letters, digits and hyphens.
fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'à' | 'á' | 'â' | 'å' => slug.push('a'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ò' | 'ó' | 'ô' | 'ø' => slug.push('o'),
            'ç' => slug.push('c'),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A text in which figures would be filled in, as a string of TOML: its braces
/// stay braces.
fn quoted_prose(text: &str) -> String {
    quoted(&text.replace("{{", "\\{{"))
}

/// A text as a string of TOML.
fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
