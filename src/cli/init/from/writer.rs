//! The pages that headings become: sections, pages and products.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use super::facts::{Facts, parts};
use super::fields::{Column, columns};
use super::front::Front;
use super::names::{path_slug, quoted, slug};
use super::table;
use super::tree::Node;
use super::written::is_missing;
use crate::catalog::is_id;

/// Columns that a category's first table shows.
const SHOWN: usize = 6;

/// A file to be.
pub(super) struct Page {
    /// Relative to `content/`.
    pub path: String,
    pub front: Front,
    /// What it declares for the catalog, as TOML.
    tables: String,
    pub body: String,
    /// The anchor of its title in the file that it was of; empty if it has none.
    pub anchor: String,
    /// Further anchors that lead to it.
    pub below: Vec<String>,
}

impl Page {
    fn new(path: String, node: &Node, front: Front, body: &str) -> Self {
        let title = Some(node.title.clone());
        let body = format!("{}\n\n{body}", node.links.join(" "));
        let body = match body.trim() {
            "" => String::new(),
            body => format!("\n{body}\n"),
        };
        Self {
            path,
            front: Front { title, ..front },
            tables: String::new(),
            body,
            anchor: node.anchor.clone(),
            below: Vec::new(),
        }
    }

    /// With the anchors of what stood below its heading.
    fn with_all_below(mut self, node: &Node) -> Self {
        self.below = node.anchors().split_off(1);
        self
    }

    /// The file with its body rewritten.
    pub fn text(&self, body: &str) -> String {
        format!("+++\n{}{}+++\n{body}", self.front.toml(), self.tables)
    }
}

/// Gathers the pages of a guide.
#[derive(Default)]
pub(super) struct Writer {
    pub pages: Vec<Page>,
    /// What the author should look at.
    pub notes: Vec<String>,
    /// Units that nothing knew.
    pub units: BTreeSet<String>,
    /// Paths without `.md` that are in use.
    taken: BTreeSet<String>,
    categories: BTreeSet<String>,
}

/// A category that was written.
struct Category {
    id: String,
    columns: Vec<Column>,
    tables: String,
}

impl Writer {
    /// Writes a heading that has a folder.
    pub fn section(&mut self, node: &Node, front: Front, folder: &str) {
        let parts = parts(node);
        let place = self.pages.len();
        let is_root = folder.is_empty();
        // One heading with facts on the page of the site is not all of it.
        let is_category = parts.len() >= if is_root { 2 } else { 1 };
        let mut body = node.own.trim().to_owned();
        let mut tables = String::new();
        match is_category {
            true if is_root => self.carve_out(node, &parts, "", &mut body),
            true => {
                let category = self.category(&parts, folder);
                category.show(&mut body);
                tables = category.tables;
            }
            false => {}
        }
        // No category stands within another: its section is beside this one.
        let below = match is_category {
            true => folder.rsplit_once('/').map_or("", |(above, _)| above),
            false => folder,
        };
        for (number, child) in node.children.iter().enumerate() {
            let is_part = is_category && parts.iter().any(|(part, _)| std::ptr::eq(*part, child));
            match () {
                () if is_part => {}
                () if is_root || has_parts(child) => self.child(child, below, number),
                () => {
                    let _ = write!(body, "\n\n{}", child.markdown(node.level));
                }
            }
        }
        let page = Page::new(front_page_of(folder), node, front, &body);
        self.pages.insert(place, Page { tables, ..page });
    }

    /// Writes a heading below a section: a folder where components are below it,
    /// else one page.
    fn child(&mut self, node: &Node, folder: &str, number: usize) {
        let front = Front {
            weight: i64::try_from(number + 1).ok(),
            ..Front::default()
        };
        let path = self.free_page(folder, &node.title);
        match has_parts(node) {
            true => self.section(node, front, &path),
            false => self.page(node, front, format!("{path}.md")),
        }
    }

    /// Writes a heading and all below it as one page.
    pub fn page(&mut self, node: &Node, front: Front, path: String) {
        let page = Page::new(path, node, front, &node.body());
        self.pages.push(page.with_all_below(node));
    }

    /// Writes a heading that stays one page; the products below it go to sections
    /// of their own, and tables of them stand in their place.
    pub fn overview(&mut self, node: &Node, front: Front, folder: &str) {
        let place = self.pages.len();
        let body = self.carved(node, node.level, folder);
        let page = Page::new(front_page_of(folder), node, front, &body);
        self.pages.insert(place, page);
    }

    fn carved(&mut self, node: &Node, above: usize, folder: &str) -> String {
        let parts = parts(node);
        let mut body = node.own.trim().to_owned();
        if !parts.is_empty() {
            self.carve_out(node, &parts, folder, &mut body);
        }
        for child in &node.children {
            if !parts.iter().any(|(part, _)| std::ptr::eq(*part, child)) {
                let text = self.carved(child, above, folder);
                let _ = write!(body, "\n\n{}\n\n{}", child.heading(above), text.trim());
            }
        }
        body
    }

    /// Makes a section of the products below a heading, whose text shows them.
    fn carve_out(
        &mut self,
        node: &Node,
        parts: &[(&Node, Facts)],
        folder: &str,
        body: &mut String,
    ) {
        let path = self.free(folder, &node.title);
        let place = self.pages.len();
        let category = self.category(parts, &path);
        category.show(body);
        let mut own = String::new();
        category.show(&mut own);
        let title = Node {
            title: node.title.clone(),
            ..Node::default()
        };
        let page = Page::new(front_page_of(&path), &title, Front::default(), &own);
        let tables = category.tables;
        self.pages.insert(place, Page { tables, ..page });
    }

    /// Declares the category of a folder and writes its products.
    fn category(&mut self, parts: &[(&Node, Facts)], folder: &str) -> Category {
        let id = self.category_id(folder);
        let facts: Vec<&Facts> = parts.iter().map(|(_, facts)| facts).collect();
        let columns = columns(&facts, &mut self.units);
        let mut tables = format!("\n[category]\nid = {}\n\n[category.fields]\n", quoted(&id));
        for column in &columns {
            let _ = writeln!(tables, "{}", column.declaration());
            if let Some(doubt) = &column.doubt {
                let note = format!("content/{folder}/_index.md: `{}` {doubt}", column.name);
                self.notes.push(note);
            }
        }
        for (number, (child, facts)) in parts.iter().enumerate() {
            self.component((number + 1, child), facts, &columns, folder);
        }
        Category {
            id,
            columns,
            tables,
        }
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
        let mut tables = "\n[component]\n".to_owned();
        let mut body = facts.rest.trim().to_owned();
        for column in columns {
            let Some(pair) = column.pair(facts) else {
                continue;
            };
            let said = format!("content/{path}.md: `{}: {}`", column.label, pair.value);
            match () {
                () if is_missing(&pair.value) => {
                    self.notes.push(format!("{said} was taken for not known"));
                }
                () if column.is_remarked(&pair.value) => {
                    self.notes
                        .push(format!("{said} has a remark, which is a comment there"));
                }
                () => {}
            }
            let _ = writeln!(tables, "{}", column.line(pair));
            if let Some(link) = column.link(pair) {
                let _ = write!(body, "\n\n{link}");
            }
        }
        for (key, lines) in [("pros", &facts.pros), ("cons", &facts.cons)] {
            if !lines.is_empty() {
                let lines: Vec<String> = (lines.iter())
                    .map(|line| super::names::quoted_prose(line))
                    .collect();
                let _ = writeln!(tables, "{key} = [{}]", lines.join(", "));
            }
        }
        for child in &node.children {
            let _ = write!(body, "\n\n{}", child.markdown(node.level));
        }
        let front = Front {
            weight: i64::try_from(number).ok(),
            ..Front::default()
        };
        let page = Page::new(format!("{path}.md"), node, front, &body);
        let page = page.with_all_below(node);
        self.pages.push(Page { tables, ..page });
    }

    /// Keeps a folder's name from pages.
    pub fn take(&mut self, folder: &str) {
        self.taken.insert(folder.to_owned());
    }

    /// A path below a folder that nothing has, made from a title; its last part
    /// may be an id.
    pub fn free(&mut self, folder: &str, title: &str) -> String {
        self.free_slug(folder, &slug(title))
    }

    /// The same for a page, whose name may be of any script.
    pub fn free_page(&mut self, folder: &str, title: &str) -> String {
        self.free_slug(folder, &path_slug(title))
    }

    fn free_slug(&mut self, folder: &str, slug: &str) -> String {
        let slug = match slug {
            "" => "section",
            // A page called so is the folder's own.
            "index" => "index-page",
            slug => slug,
        };
        let whole = |slug: &str| match folder {
            "" => slug.to_owned(),
            folder => format!("{folder}/{slug}"),
        };
        let mut path = whole(slug);
        let mut number = 2;
        while !self.taken.insert(path.clone()) {
            path = whole(&format!("{slug}-{number}"));
            number += 1;
        }
        path
    }

    fn category_id(&mut self, folder: &str) -> String {
        let stem = folder.rsplit('/').next().unwrap_or(folder);
        let stem = slug(stem);
        // A formula would read a number.
        let stem = match stem.trim_start_matches(|c: char| c.is_ascii_digit() || c == '-') {
            "" => "category",
            bare => bare,
        };
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

impl Category {
    /// Puts a table of all in a text, where they stood in one or below it.
    fn show(&self, body: &mut String) {
        let has_place = body.contains(table::PLACE);
        let most = if has_place { usize::MAX } else { SHOWN };
        let shown = self.columns.iter().filter(|c| has_place || !c.is_long());
        let shown: Vec<String> = shown.take(most).map(|c| quoted(&c.name)).collect();
        if shown.is_empty() {
            return;
        }
        let block = format!(
            "```compare\ncategory = {}\ncolumns = [{}]\n```",
            quoted(&self.id),
            shown.join(", ")
        );
        match has_place {
            true => *body = body.replacen(table::PLACE, &block, 1),
            false => {
                let _ = write!(body, "\n\n{block}");
            }
        }
    }
}

/// The file of a section.
pub(super) fn front_page_of(folder: &str) -> String {
    match folder {
        "" => "_index.md".to_owned(),
        folder => format!("{folder}/_index.md"),
    }
}

/// Whether components stand anywhere below a heading.
pub(super) fn has_parts(node: &Node) -> bool {
    !parts(node).is_empty() || node.children.iter().any(has_parts)
}
