//! TOML text to a [`Table`] with spans, and all of its errors.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use ::toml::de::{DeTable, DeValue};

use super::reader::list_key;
use super::tree::{Kind, Node, Origin, Table};
use crate::diag::{Checked, Code, Diagnostic, Spanned};

/// How many malformed lines of one document are reported.
const ERRORS: usize = 50;

/// Reads a TOML document that stands at `origin`. Parts that are malformed are
/// left out and reported.
pub fn parse_toml(text: &str, origin: &Origin) -> Checked<Table> {
    let (table, errors) = DeTable::parse_recoverable(text);
    // One slip can upset the rest of its line: only the first of a line counts.
    let mut first: BTreeMap<usize, Diagnostic> = BTreeMap::new();
    let mut twice: Option<&str> = None;
    let starts = line_starts(text);
    let mut seen = BTreeSet::new();
    for error in &errors {
        let range = error.span().unwrap_or(0..text.len().min(1));
        let line = starts.partition_point(|&start| start <= range.start) - 1;
        if !seen.insert(line) {
            continue;
        }
        let written = text[starts[line]..].lines().next().unwrap_or_default();
        let written = written.trim();
        let message = error.message().lines().collect::<Vec<_>>().join(", ");
        if message.contains("duplicate key") {
            // What stands below a table that comes twice is twice, too.
            let header = written.starts_with('[').then_some(written);
            let again = twice.is_some() && (header.is_none() || header == twice);
            twice = header.or(twice);
            if again {
                continue;
            }
        }
        let help = help(&message, written);
        let message = format!("malformed TOML: {message}");
        let found = Diagnostic::error(Code::Syntax, origin.span(range), message).help_if(help);
        first.insert(line, found);
        if first.len() >= ERRORS {
            break;
        }
    }
    let diagnostics = first.into_values().collect();
    let span = origin.span(0..text.len());
    Checked::new(table_of(table.get_ref(), origin, span), diagnostics)
}

/// Where each line starts, the first at 0.
fn line_starts(text: &str) -> Vec<usize> {
    let ends = text.match_indices('\n').map(|(at, _)| at + 1);
    std::iter::once(0).chain(ends).collect()
}

/// What to write instead, given the parser's message and the line.
fn help(message: &str, line: &str) -> Option<String> {
    let is = |part| message.contains(part);
    if is("must be quoted") && line.contains(['“', '”', '„', '‘', '’']) {
        return Some("texts stand between straight quotes: `\"`".to_owned());
    }
    if is("must be quoted") {
        return Some("texts stand in quotes: `title = \"A title\"`".to_owned());
    }
    if is("invalid date") {
        return Some("a date has a year, a month and a day: `2026-03-01`".to_owned());
    }
    if is("leading zero") {
        return Some("a date is written `2026-03-01`, and a number without zeros before it".into());
    }
    if is("extra comma in inline table") {
        return Some("each value in braces has a key: `{ value = \"…\", source = \"…\" }`".into());
    }
    if is("missing comma") {
        return Some("a comma stands between two keys or values".to_owned());
    }
    if is("invalid boolean") {
        let (_, value) = line.split_once('=')?;
        let value = value.trim().to_lowercase();
        return Some(match value.as_str() {
            "true" | "false" => format!("write `{value}`"),
            _ => "texts stand in quotes: `title = \"A title\"`".to_owned(),
        });
    }
    if is("duplicate key") && line.starts_with('[') {
        let name = line.trim_matches(['[', ']']);
        let list = list_key(name);
        return Some(format!("write `[[{list}]]` above each to have several"));
    }
    if !is("key with no value") {
        return None;
    }
    let (key, equal) = match line.split_once(['=', ':']) {
        Some((key, _)) => (key.trim(), line[key.len()..].starts_with('=')),
        None => return Some("each line is a key, `=` and a value".to_owned()),
    };
    Some(match key.contains(' ') && equal {
        true => format!("a key with spaces stands in quotes: `\"{key}\" = …`"),
        false => format!("TOML has `=` between a key and its value: `{key} = …`"),
    })
}

fn table_of(table: &DeTable<'_>, origin: &Origin, span: crate::diag::Span) -> Table {
    let mut entries: Vec<_> = table
        .iter()
        .map(|(key, value)| {
            let name = Spanned::new(Arc::from(key.get_ref().as_ref()), origin.span(key.span()));
            (key.span().start, name, node_of(value, origin))
        })
        .collect();
    entries.sort_by_key(|(start, ..)| *start);
    Table {
        entries: entries.into_iter().map(|(_, k, n)| (k, n)).collect(),
        span,
    }
}

fn node_of(value: &::toml::Spanned<DeValue<'_>>, origin: &Origin) -> Node {
    let span = origin.span(value.span());
    let kind = match value.get_ref() {
        DeValue::String(s) => Kind::String(Arc::from(s.as_ref())),
        DeValue::Integer(i) if i.radix() == 10 => Kind::Number(Arc::from(i.as_str())),
        DeValue::Integer(i) => match i128::from_str_radix(i.as_str(), i.radix()) {
            Ok(n) => Kind::Number(n.to_string().into()),
            Err(_) => Kind::String(i.to_string().into()),
        },
        DeValue::Float(f) => Kind::Number(Arc::from(f.as_str())),
        DeValue::Boolean(b) => Kind::Bool(*b),
        DeValue::Datetime(d) => Kind::Date(d.to_string().into()),
        DeValue::Array(items) => {
            Kind::Array(items.iter().map(|item| node_of(item, origin)).collect())
        }
        DeValue::Table(table) => Kind::Table(table_of(table, origin, span.clone())),
    };
    Node { kind, span }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceFile;

    #[test]
    fn places_and_all_errors() {
        let text = "a = 1\nb = [1, 'x']\nc = \nd = = 2\n";
        let file = SourceFile::new("f", text);
        let checked = parse_toml(text, &Origin::contiguous(&file, 0));
        assert_eq!(checked.diagnostics.len(), 2, "{:?}", checked.diagnostics);
        let b = checked.value.get("b").expect("b is there");
        assert_eq!(b.span.text(), "[1, 'x']");
    }
}
