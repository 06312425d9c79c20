//! Tables of products: a row each, its name first, then its figures. Such a
//! table becomes components, and a `compare` block in its place. Where it is not
//! sure that a table is one, it stays as it is.

use std::collections::BTreeSet;

use super::facts::{facts, is_other, plain, whole_link};
use super::fields::{Measured, measured};
use super::names::slug;
use super::tree::Node;
use super::written::{is_figure, is_missing, number, unit_of_head, with_unit};
use crate::parse::html_markup;

/// Stands where a table stood that became components, until the block that
/// shows them is known.
pub(super) const PLACE: &str = "<!-- rigbook: table -->";

/// How many rows and columns make a table of products.
const LEAST_ROWS: usize = 2;
const LEAST_COLUMNS: usize = 3;
/// A longer text is no name.
const LONGEST_NAME: usize = 60;

/// Heads of a column that says what a thing is for in one build.
const ROLES: [&str; 6] = ["component", "komponente", "part", "parts", "slot", "teil"];

/// Names of rows that are no product.
const SUMS: [&str; 7] = [
    "average", "gesamt", "mean", "median", "sum", "summe", "total",
];

/// What became of a table.
pub(super) struct Outcome {
    /// The heading that it stood under.
    pub under: String,
    /// How many components it became, or why it stayed.
    pub result: Result<usize, String>,
}

impl Outcome {
    /// What the author is told.
    pub fn told(&self) -> String {
        let under = &self.under;
        match &self.result {
            Ok(count) => format!(
                "The table under \"{under}\" became {count} components; a `compare` block stands in its place"
            ),
            Err(why) => format!("The table under \"{under}\" stayed as it was: {why}"),
        }
    }
}

/// Makes children of the rows of product tables, in all of a tree. At its top a
/// table whose rows are called as parts of the guide, by their slugs, is one of
/// contents.
pub(super) fn expand(node: &mut Node, guide: &BTreeSet<String>, outcomes: &mut Vec<Outcome>) {
    for child in &mut node.children {
        expand(child, &BTreeSet::new(), outcomes);
    }
    let lines: Vec<&str> = node.own.lines().collect();
    let tables: Vec<Table> = tables(&lines);
    let mut tell = |result: Result<usize, String>| {
        outcomes.push(Outcome {
            under: node.title.clone(),
            result,
        });
    };
    let doubtful = tables.iter().filter(|table| !table.has_figures());
    doubtful
        .filter_map(Table::doubt)
        .for_each(|doubt| tell(Err(doubt.to_owned())));
    let likely: Vec<&Table> = tables.iter().filter(|table| table.has_figures()).collect();
    let [table] = likely[..] else {
        let several = "there are several under one heading; give each its own";
        likely.iter().for_each(|_| tell(Err(several.to_owned())));
        return;
    };
    if let Some(fault) = table.fault(node, guide) {
        return tell(Err(fault));
    }
    tell(Ok(table.rows.len()));
    let products = table.products(node.level + 1);
    let mut own: Vec<&str> = lines[..table.from].to_vec();
    own.push(PLACE);
    own.extend(&lines[table.to..]);
    node.own = own.join("\n");
    let others = std::mem::take(&mut node.children);
    node.children = products.into_iter().chain(others).collect();
}

/// A table of Markdown.
struct Table {
    /// Its lines.
    from: usize,
    to: usize,
    head: Vec<String>,
    rows: Vec<Vec<String>>,
}

fn tables(lines: &[&str]) -> Vec<Table> {
    let mut found = Vec::new();
    let mut at = 0;
    let mut is_code = false;
    while at < lines.len() {
        let line = lines[at].trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            is_code = !is_code;
        }
        let is_head = !is_code && line.contains('|') && !lines[at].starts_with("  ");
        if !is_head || !lines.get(at + 1).is_some_and(|line| is_rule(line)) {
            at += 1;
            continue;
        }
        let rows = lines[at + 2..].iter();
        let count = rows.take_while(|line| line.contains('|')).count();
        let to = at + 2 + count;
        found.push(Table {
            from: at,
            to,
            head: cells(line),
            rows: lines[at + 2..to].iter().map(|line| cells(line)).collect(),
        });
        at = to;
    }
    found
}

fn is_rule(line: &str) -> bool {
    let line = line.trim();
    line.contains('-') && line.contains('|') && line.bytes().all(|b| b"|-: ".contains(&b))
}

/// The cells of a row; `\|` is a sign of its own.
fn cells(row: &str) -> Vec<String> {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    let row = row.replace("\\|", "\u{0}");
    row.split('|')
        .map(|cell| broken(&cell.trim().replace('\u{0}', "|")))
        .collect()
}

/// A cell in one line.
fn broken(cell: &str) -> String {
    let mut cell = cell.to_owned();
    for mark in ["<br>", "<br/>", "<br />"] {
        cell = cell.replace(mark, ", ");
    }
    cell.replace(" , ", ", ")
}

impl Table {
    /// The values of a column that are given, without marks of emphasis.
    fn column(&self, at: usize) -> Vec<String> {
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let values = cells.map(|cell| text_of(cell));
        let given = values.filter(|value| !value.is_empty() && !is_missing(value));
        given.map(|value| self.whole(at, &value)).collect()
    }

    /// A value with the unit that the head of its column has.
    fn whole(&self, at: usize, value: &str) -> String {
        let head = self.head.get(at).map_or("", String::as_str);
        let unit = unit_of_head(head).map(|(_, unit)| unit);
        let unit = unit.filter(|unit| self.all_bare(at, unit));
        unit.map_or_else(|| value.to_owned(), |unit| with_unit(value, unit))
    }

    /// Whether all figures of a column lack the unit of its head.
    fn all_bare(&self, at: usize, unit: &str) -> bool {
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let values = cells.map(|cell| text_of(cell));
        let mut given = values.filter(|value| !value.is_empty() && !is_missing(value));
        given.all(|value| number(&value).is_some() && is_figure(&with_unit(&value, unit)))
    }

    fn is_large(&self) -> bool {
        self.rows.len() >= LEAST_ROWS && self.head.len() >= LEAST_COLUMNS
    }

    /// Its columns of figures with a unit, and of numbers without one; a column
    /// of money counts twice.
    fn measured(&self) -> (usize, usize) {
        let mut found = (0, 0);
        for at in 1..self.head.len() {
            let values = self.column(at);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            match measured(&values) {
                Some(Measured::Money) => found.0 += 2,
                Some(Measured::Other) => found.0 += 1,
                Some(Measured::Plain) => found.1 += 1,
                None => {}
            }
        }
        found
    }

    /// Whether it has a column of money, or of another figure beside a second.
    fn has_figures(&self) -> bool {
        let (measured, plain) = self.measured();
        let is_other = self
            .head
            .first()
            .is_some_and(|head| is_other(&plain_head(head)));
        self.is_large() && measured >= 1 && measured + plain >= 2 && !is_other
    }

    /// Why it may be a table of products and is not taken for one. Of tables
    /// that are none nothing is said.
    fn doubt(&self) -> Option<&'static str> {
        let columns = (1..self.head.len()).map(|at| self.column(at));
        let values: Vec<String> = columns.flatten().collect();
        let figures = values.iter().filter(|value| is_figure(value)).count();
        let is_other = self
            .head
            .first()
            .is_some_and(|head| is_other(&plain_head(head)));
        let (measured, _) = self.measured();
        match () {
            () if self.rows.len() < LEAST_ROWS => None,
            () if is_other && measured > 0 => Some("its rows seem to be no products"),
            () if is_other => None,
            () if self.head.len() < LEAST_COLUMNS && measured >= 2 => {
                Some("it says one thing of each row; a component needs two")
            }
            () if self.head.len() < LEAST_COLUMNS => None,
            () if measured > 0 => Some("only one of its columns holds figures"),
            () if figures * 2 > values.len() => Some("its columns hold figures of several kinds"),
            () => None,
        }
    }

    /// Why it can't become components.
    fn fault(&self, node: &Node, guide: &BTreeSet<String>) -> Option<String> {
        let names: Vec<String> = self.rows.iter().map(|row| text_of(&row[0])).collect();
        let is_name = |name: &String| {
            name.contains(char::is_alphabetic)
                && name.chars().count() <= LONGEST_NAME
                && !is_figure(name)
        };
        let slugs: BTreeSet<String> = names.iter().map(|name| slug(name)).collect();
        let heads: Vec<String> = self.head.iter().map(|head| slug(&label_of(head))).collect();
        let distinct: BTreeSet<&String> = heads.iter().collect();
        let cells = self.rows.iter().flatten().chain(&self.head);
        let marked = cells
            .map(|cell| unlinked(cell))
            .find_map(|cell| marks_of(&cell));
        if let Some(marks) = marked {
            return Some(marks);
        }
        let fault = match () {
            () if slugs.iter().filter(|name| guide.contains(*name)).count() * 2 >= names.len() => {
                Some("its rows are parts of the guide")
            }
            () if facts(node).is_some() => Some("the text above it describes one product"),
            () if node.children.iter().any(|child| facts(child).is_some()) => {
                Some("the products have headings of their own")
            }
            () if !names.iter().all(is_name) => Some("its first column holds more than names"),
            () if ROLES.contains(&slug(&self.head[0]).as_str()) => {
                Some("its rows are parts of one build; see `[build]`")
            }
            () if names.iter().any(|name| SUMS.contains(&slug(name).as_str())) => {
                Some("one of its rows sums up the others")
            }
            () if slugs.len() < names.len() || slugs.contains("") => Some("two rows have one name"),
            () if self.rows.iter().any(|row| row.len() != self.head.len()) => {
                Some("its rows differ in length")
            }
            () if heads[1..].iter().any(String::is_empty) || distinct.len() < heads.len() => {
                Some("its columns have no names of their own")
            }
            () if !self.products(0).iter().all(is_read) => {
                Some("a row has too few figures, or a column's name is too long")
            }
            () => None,
        };
        fault.map(str::to_owned)
    }

    /// A heading for each row, with its figures as a list.
    fn products(&self, level: usize) -> Vec<Node> {
        self.rows
            .iter()
            .map(|row| {
                let mut own = String::new();
                let mut links = String::new();
                for (at, cell) in row.iter().enumerate().skip(1) {
                    let value = text_of(cell);
                    if value.is_empty() {
                        continue;
                    }
                    let value = self.whole(at, &value);
                    let label = self.label(at);
                    let value = match whole_link(&plain(cell)) {
                        Some((_, address)) => format!("[{value}]({address})"),
                        // A field has one link at most.
                        None if cell.contains("](") => {
                            links.push_str(&format!("\n{label}: {cell}\n"));
                            value
                        }
                        None => value,
                    };
                    own.push_str(&format!("- {label}: {value}\n"));
                }
                if row[0].contains("](") {
                    links.insert_str(0, &format!("\n{}\n", row[0]));
                }
                own.push_str(&links);
                Node {
                    level,
                    title: text_of(&row[0]),
                    own,
                    ..Node::default()
                }
            })
            .collect()
    }

    /// The name of a column; its unit stands with each value.
    fn label(&self, at: usize) -> String {
        match unit_of_head(&self.head[at]) {
            Some((label, unit)) if self.all_bare(at, unit) => label_of(label),
            _ => label_of(&self.head[at]),
        }
    }
}

fn plain_head(head: &str) -> String {
    plain(text_of(head).trim_start_matches('#'))
}

fn label_of(head: &str) -> String {
    text_of(head).replace([':', '.', '!', '?'], "")
}

/// Whether a row is read as a product, and whole.
fn is_read(product: &Node) -> bool {
    let is_left = |line: &str| line.starts_with("- ");
    facts(product).is_some_and(|facts| !facts.rest.lines().any(is_left))
}

/// A cell as it was written, its links as their texts.
fn unlinked(cell: &str) -> String {
    let mut text = String::with_capacity(cell.len());
    let mut rest = cell;
    while let Some(middle) = rest.find("](") {
        let close = rest[middle..].find(')').map(|at| middle + at + 1);
        let (Some(open), Some(close)) = (rest[..middle].rfind('['), close) else {
            break;
        };
        match rest[..open].ends_with('!') {
            true => text.push_str(&rest[..close]),
            false => {
                text.push_str(&rest[..open]);
                text.push_str(&rest[open + 1..middle]);
            }
        }
        rest = &rest[close..];
    }
    text.push_str(rest);
    text
}

/// The text of a cell.
fn text_of(cell: &str) -> String {
    let text = plain(&unlinked(cell));
    // A link to a page that is not there yet.
    match text
        .strip_prefix("[[")
        .and_then(|text| text.strip_suffix("]]"))
    {
        Some(name) => name.trim().to_owned(),
        None => text,
    }
}

/// What a cell holds beside text, in words.
fn marks_of(cell: &str) -> Option<String> {
    let marks = [
        ("![", "an image"),
        ("](", "a link in its text"),
        ("[^", "a note"),
        ("{{", "braces"),
    ];
    // In code they are a text.
    let text: String = cell.split('`').step_by(2).collect();
    let marked = marks.into_iter().find(|(mark, _)| text.contains(mark));
    let html = || html_markup(&text).next().map(|_| ("", "HTML"));
    let (_, what) = marked.or_else(html)?;
    Some(format!("its cell `{cell}` holds {what}"))
}
