//! Texts in which no figure is filled in: labels, helps, titles of categories.
//! They are the same everywhere, so a figure in one is refused.

use crate::diag::{Code, Diagnostic};
use crate::parse::{Kind, Node, Table};

/// Keys of formulas, which say themselves that braces have no place there.
const FORMULAS: [&str; 2] = ["formula", "require"];

/// Reports each text of a table that holds `{{`, but for those under keys where
/// figures are filled in.
pub fn refuse_figures(table: &Table, filled: &[&str], sink: &mut Vec<Diagnostic>) {
    for (key, node) in &table.entries {
        let key = key.value.as_ref();
        if !filled.contains(&key) && !FORMULAS.contains(&key) {
            refuse(node, filled, sink);
        }
    }
}

fn refuse(node: &Node, filled: &[&str], sink: &mut Vec<Diagnostic>) {
    match &node.kind {
        Kind::String(text) if text.contains("{{") => {
            let message = "figures are not filled in here";
            sink.push(
                Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                    .help("they are in titles and descriptions of pages and builds, in strengths and weaknesses, and in the messages of rules"),
            );
        }
        Kind::Array(items) => items.iter().for_each(|item| refuse(item, filled, sink)),
        Kind::Table(table) => refuse_figures(table, filled, sink),
        _ => {}
    }
}
