//! Tables of products: a row each, its name first, then its figures. Such a
//! table becomes components, and a `compare` block in its place. Where it is not
//! sure that a table is one, it stays as it is.

use std::collections::BTreeSet;

use super::facts::{facts, plain};
use super::fields::{Measured, is_figure, is_missing, measured, unit_of_head, with_unit};
use super::slug;
use super::tree::Node;

/// Stands where a table stood that became components, until the block that
/// shows them is known.
pub(super) const PLACE: &str = "<!-- rigbook: table -->";

/// How many rows and columns make a table of products.
const LEAST_ROWS: usize = 2;
const LEAST_COLUMNS: usize = 3;
/// A longer text is no name.
const LONGEST_NAME: usize = 60;

/// Names of rows that are no product.
const SUMS: [&str; 7] = [
    "average", "gesamt", "mean", "median", "sum", "summe", "total",
];

/// What became of a table.
pub(super) struct Outcome {
    /// The heading that it stood under.
    pub under: String,
    /// How many components it became, or why it stayed.
    pub result: Result<usize, &'static str>,
}

/// Makes children of the rows of product tables, in all of a tree, under
/// headings of a level or below.
pub(super) fn expand(node: &mut Node, level: usize, outcomes: &mut Vec<Outcome>) {
    for child in &mut node.children {
        expand(child, level, outcomes);
    }
    let lines: Vec<&str> = node.own.lines().collect();
    let tables: Vec<Table> = tables(&lines);
    let mixed = tables.iter().filter(|table| table.is_mixed());
    outcomes.extend(mixed.map(|_| Outcome {
        under: node.title.clone(),
        result: Err("its columns hold figures of several kinds"),
    }));
    let likely: Vec<&Table> = tables.iter().filter(|table| table.has_figures()).collect();
    let [table] = likely[..] else {
        outcomes.extend(likely.iter().map(|_| Outcome {
            under: node.title.clone(),
            result: Err("there are several under one heading"),
        }));
        return;
    };
    let result = match table.fault(node, level) {
        Some(fault) => Err(fault),
        None => Ok(table.rows.len()),
    };
    outcomes.push(Outcome {
        under: node.title.clone(),
        result,
    });
    if result.is_err() {
        return;
    }
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
        let is_head = !is_code && line.contains('|') && !lines[at].starts_with("    ");
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
        .map(|cell| cell.trim().replace('\u{0}', "|"))
        .collect()
}

impl Table {
    /// The values of a column that are given, without marks of emphasis.
    fn column(&self, at: usize) -> Vec<String> {
        let cells = self.rows.iter().filter_map(|row| row.get(at));
        let values = cells.map(|cell| plain(cell));
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
        let values = cells.map(|cell| plain(cell));
        let mut given = values.filter(|value| !value.is_empty() && !is_missing(value));
        given.all(|value| {
            let is_number = value
                .bytes()
                .all(|b| b.is_ascii_digit() || b".,".contains(&b));
            is_number && is_figure(&with_unit(&value, unit))
        })
    }

    fn is_large(&self) -> bool {
        self.rows.len() >= LEAST_ROWS && self.head.len() >= LEAST_COLUMNS
    }

    /// Whether it has a column of money, or two of other figures.
    fn has_figures(&self) -> bool {
        let weigh = |at: usize| {
            let values = self.column(at);
            let values: Vec<&str> = values.iter().map(String::as_str).collect();
            match measured(&values) {
                Some(Measured::Money) => 2,
                Some(Measured::Other) => 1,
                None => 0,
            }
        };
        self.is_large() && (1..self.head.len()).map(weigh).sum::<usize>() >= 2
    }

    /// Whether most of its cells are figures all the same.
    fn is_mixed(&self) -> bool {
        let columns = (1..self.head.len()).map(|at| self.column(at));
        let values: Vec<String> = columns.flatten().collect();
        let figures = values.iter().filter(|value| is_figure(value)).count();
        self.is_large() && !self.has_figures() && figures * 2 > values.len()
    }

    /// Why it can't become components.
    fn fault(&self, node: &Node, level: usize) -> Option<&'static str> {
        let names: Vec<String> = self.rows.iter().map(|row| name_of(&row[0])).collect();
        let is_name = |name: &String| {
            name.contains(char::is_alphabetic)
                && name.chars().count() <= LONGEST_NAME
                && !is_figure(name)
        };
        let slugs: BTreeSet<String> = names.iter().map(|name| slug(name)).collect();
        let heads: Vec<String> = self.head.iter().map(|head| slug(&label_of(head))).collect();
        let distinct: BTreeSet<&String> = heads.iter().collect();
        let others = self.rows.iter().flat_map(|row| row.iter().skip(1));
        let mut cells = names.iter().chain(&self.head).chain(others);
        match () {
            () if node.level < level => Some("it stands under no heading of its own"),
            () if facts(node).is_some() => Some("the text above it describes one product"),
            () if node.children.iter().any(|child| facts(child).is_some()) => {
                Some("the products have headings of their own")
            }
            () if !names.iter().all(is_name) => Some("its first column holds more than names"),
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
            () if cells.any(|cell| has_marks(cell)) => Some("its cells hold links, notes or HTML"),
            () if !self.products(0).iter().all(is_read) => {
                Some("a row has too few figures, or a column's name is too long")
            }
            () => None,
        }
    }

    /// A heading for each row, with its figures as a list.
    fn products(&self, level: usize) -> Vec<Node> {
        self.rows
            .iter()
            .map(|row| {
                let mut own = String::new();
                for (at, cell) in row.iter().enumerate().skip(1) {
                    let value = plain(cell);
                    if !value.is_empty() {
                        let label = self.label(at);
                        own.push_str(&format!("- {label}: {}\n", self.whole(at, &value)));
                    }
                }
                if row[0].contains("](") {
                    own.push_str(&format!("\n{}\n", row[0]));
                }
                Node {
                    level,
                    title: name_of(&row[0]),
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

fn label_of(head: &str) -> String {
    plain(head).replace([':', '.', '!', '?'], "")
}

/// Whether a row is read as a product, and whole.
fn is_read(product: &Node) -> bool {
    let is_left = |line: &str| line.starts_with("- ");
    facts(product).is_some_and(|facts| !facts.rest.lines().any(is_left))
}

/// The name in a cell, without the link that it may be.
fn name_of(cell: &str) -> String {
    let cell = cell.trim();
    let inner = cell
        .strip_prefix('[')
        .and_then(|rest| rest.split_once("]("));
    match inner {
        Some((name, rest)) if rest.ends_with(')') && !rest.trim_end_matches(')').contains(')') => {
            plain(name)
        }
        _ => plain(cell),
    }
}

/// Whether a cell holds more than text.
fn has_marks(cell: &str) -> bool {
    ["](", "[^", "<", "{{", "!["]
        .iter()
        .any(|mark| cell.contains(mark))
}
