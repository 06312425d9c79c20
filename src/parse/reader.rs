//! Reads a [`Table`] key by key with types, and reports what is left over.

use std::cell::RefCell;
use std::ops::RangeInclusive;
use std::sync::Arc;

use super::tree::{Kind, Node, Table};
use crate::diag::{Code, Diagnostic, Spanned, help_nearest, meant, nearest};
use crate::value::Date;

/// How many unknown keys of one table are reported one by one.
const UNKNOWN_KEYS: usize = 20;

/// Keys whose texts readers see in a place of their own, so that an empty one
/// leaves a hole.
const SHOWN: [&str; 9] = [
    "caption",
    "group",
    "label",
    "message",
    "name",
    "nav_title",
    "short",
    "source",
    "title",
];

/// Reads the keys of one table. The keys that were asked for are the known
/// ones; [`Reader::finish`] reports all others with the nearest of these.
pub struct Reader<'a> {
    table: &'a Table,
    /// What the table is, for messages: "the front matter", "a slot".
    what: &'static str,
    asked: RefCell<Vec<&'static str>>,
    /// Keys that must be there and are not, with what to say of them.
    missing: RefCell<Vec<(&'static str, Diagnostic)>>,
    diagnostics: RefCell<Vec<Diagnostic>>,
}

impl<'a> Reader<'a> {
    pub fn new(table: &'a Table, what: &'static str) -> Self {
        Self {
            table,
            what,
            asked: RefCell::default(),
            missing: RefCell::default(),
            diagnostics: RefCell::default(),
        }
    }

    pub fn table(&self) -> &'a Table {
        self.table
    }

    /// The value of a key, of any type.
    pub fn node(&self, key: &'static str) -> Option<&'a Node> {
        self.asked.borrow_mut().push(key);
        self.table.get(key)
    }

    /// The value of a key with the key's own place.
    pub fn entry(&self, key: &'static str) -> Option<&'a (Spanned<Arc<str>>, Node)> {
        self.asked.borrow_mut().push(key);
        self.table.entry(key)
    }

    pub fn string(&self, key: &'static str) -> Option<Spanned<Arc<str>>> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::String(s) if s.trim().is_empty() && SHOWN.contains(&key) => {
                let message = format!("`{key}` is empty");
                self.report(
                    Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                        .help("write what readers see, or leave the key out")
                        .once_right(),
                );
                Some(Spanned::new(Arc::clone(s), node.span.clone()))
            }
            Kind::String(s) => Some(Spanned::new(Arc::clone(s), node.span.clone())),
            _ => self.wrong(node, key, "a text"),
        }
    }

    pub fn bool(&self, key: &'static str) -> Option<bool> {
        let node = self.node(key)?;
        match node.kind {
            Kind::Bool(b) => Some(b),
            _ => self.wrong(node, key, "true or false"),
        }
    }

    pub fn integer(&self, key: &'static str) -> Option<Spanned<i64>> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Number(n) if n.replace('_', "").parse::<i64>().is_ok() => {
                let value = n.replace('_', "").parse().unwrap_or_default();
                Some(Spanned::new(value, node.span.clone()))
            }
            _ => self.wrong(node, key, "a whole number"),
        }
    }

    /// A whole number within bounds; none if it is not, which is reported.
    pub fn integer_in(
        &self,
        key: &'static str,
        bounds: RangeInclusive<i64>,
    ) -> Option<Spanned<i64>> {
        let number = self.integer(key)?;
        if bounds.contains(&number.value) {
            return Some(number);
        }
        let (least, most) = bounds.into_inner();
        let message = format!("`{key}` must be {least} to {most}, found {}", number.value);
        self.report(Diagnostic::error(Code::InvalidValue, number.span, message));
        None
    }

    /// A date in its ISO spelling, written as a date or as a text.
    pub fn date(&self, key: &'static str) -> Option<Spanned<Arc<str>>> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Date(s) | Kind::String(s) => Some(Spanned::new(Arc::clone(s), node.span.clone())),
            _ => self.wrong(node, key, "a date such as `2024-12-23`"),
        }
    }

    /// A date that is a day of the calendar; none if it is not, which is
    /// reported.
    pub fn day(&self, key: &'static str) -> Option<Spanned<Arc<str>>> {
        let date = self.date(key)?;
        if Date::parse(&date).is_none() {
            let message = format!(
                "`{key}` must be a day such as `2026-03-01`, found `{}`",
                date.value
            );
            self.report(Diagnostic::error(
                Code::InvalidValue,
                date.span.clone(),
                message,
            ));
            return None;
        }
        Some(date)
    }

    /// A list of texts; none if the key is missing.
    pub fn strings(&self, key: &'static str) -> Option<Vec<Spanned<Arc<str>>>> {
        let node = self.node(key)?;
        let Kind::Array(items) = &node.kind else {
            return self.wrong(node, key, "a list of texts");
        };
        let mut strings = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::String(s) => strings.push(Spanned::new(Arc::clone(s), item.span.clone())),
                _ => {
                    self.wrong::<()>(item, key, "a list of texts");
                    break;
                }
            }
        }
        Some(strings)
    }

    pub fn sub_table(&self, key: &'static str) -> Option<&'a Table> {
        let node = self.node(key)?;
        match &node.kind {
            Kind::Table(table) => Some(table),
            _ => self.wrong(node, key, "a table"),
        }
    }

    /// The tables of `[[key]]`; empty if there are none.
    pub fn tables(&self, key: &'static str) -> Vec<&'a Table> {
        let Some(node) = self.node(key) else {
            return Vec::new();
        };
        if let Kind::Table(table) = &node.kind {
            let message = format!("`{key}` must be a list of tables, found one table");
            let help = format!("write `[[{key}]]`, with two brackets, above each");
            self.report(
                Diagnostic::error(Code::InvalidValue, node.span.clone(), message).help(help),
            );
            // It is read as the only one, since others may speak of it.
            return vec![table];
        }
        let Kind::Array(items) = &node.kind else {
            self.wrong::<()>(node, key, "a list of tables");
            return Vec::new();
        };
        let mut tables = Vec::with_capacity(items.len());
        for item in items {
            match &item.kind {
                Kind::Table(table) => tables.push(table),
                _ => {
                    self.wrong::<()>(item, key, "a list of tables");
                }
            }
        }
        tables
    }

    /// A text that must be there.
    pub fn required_string(&self, key: &'static str) -> Option<Spanned<Arc<str>>> {
        if self.table.get(key).is_none() {
            let message = format!("{} has no `{key}`", self.what);
            let mut span = self.table.span.clone();
            span.range.end = span
                .range
                .end
                .min(span.range.start + first_line(span.text()));
            let found = Diagnostic::error(Code::MissingKey, span, message);
            self.missing.borrow_mut().push((key, found));
        }
        self.string(key)
    }

    /// Whether a key is not there, but another in its place.
    pub fn is_misspelt(&self, key: &'static str) -> bool {
        self.table.get(key).is_none() && self.is_misspelt_once(key)
    }

    /// The same of a key that may stand there as well, rightly written.
    pub fn is_misspelt_once(&self, key: &'static str) -> bool {
        let asked = self.asked.borrow();
        let mut others = self.table.entries.iter().map(|(other, _)| &*other.value);
        others.any(|other| !asked.contains(&other) && meant(other, [key]).is_some())
    }

    /// Keeps a finding until [`Reader::finish`].
    pub fn report(&self, diagnostic: Diagnostic) {
        self.diagnostics.borrow_mut().push(diagnostic);
    }

    fn wrong<T>(&self, node: &Node, key: &str, expected: &str) -> Option<T> {
        let written = node.span.text();
        let found = match (&node.kind, expected) {
            (Kind::Number(_), "a whole number") => format!("`{written}`"),
            (kind, _) => kind.name().to_owned(),
        };
        let message = format!("`{key}` must be {expected}, found {found}");
        let help = match (&node.kind, expected) {
            (Kind::Number(_) | Kind::Date(_) | Kind::Bool(_), "a text") => {
                Some(format!("write it in quotes: `\"{written}\"`"))
            }
            (Kind::String(text), "a list of texts") => Some(format!("write `[\"{text}\"]`")),
            (Kind::Array(_), "a table") if is_list_of_tables(node) => Some(match list_key(key) {
                list if list == key => format!("write `[{key}]`"),
                list => format!("write `[[{list}]]`"),
            }),
            (Kind::String(text), "a whole number") if text.parse::<i64>().is_ok() => {
                Some(format!("write `{text}`, without quotes"))
            }
            (Kind::String(text), "true or false") if ["true", "yes"].contains(&&**text) => {
                Some("write `true`, without quotes".to_owned())
            }
            _ => None,
        };
        self.report(
            Diagnostic::error(Code::InvalidValue, node.span.clone(), message).help_if(help),
        );
        None
    }

    /// Hands over the findings; of the keys that nobody asked for nothing is
    /// said, since another reader knows them.
    pub fn finish_quietly(self, sink: &mut Vec<Diagnostic>) {
        let missing = self.missing.take().into_iter();
        sink.extend(missing.map(|(_, found)| found));
        sink.append(&mut self.diagnostics.borrow_mut());
    }

    /// Whether there are keys that nobody has asked for yet.
    pub fn has_unknown(&self) -> bool {
        let asked = self.asked.borrow();
        let mut keys = self.table.entries.iter().map(|(key, _)| &*key.value);
        keys.any(|key| !asked.contains(&key))
    }

    /// The first keys that nobody asked for, without those that resemble one
    /// that is known.
    pub(super) fn strays(&self) -> Vec<&'a Spanned<Arc<str>>> {
        let asked = self.asked.borrow();
        let keys = self.table.entries.iter().map(|(key, _)| key);
        keys.filter(|key| !asked.contains(&&*key.value))
            .take(UNKNOWN_KEYS)
            .filter(|key| nearest(&key.value, asked.iter().copied()).is_none())
            .collect()
    }

    /// Reports the keys that nobody asked for and hands over all findings.
    pub fn finish(self, sink: &mut Vec<Diagnostic>) {
        self.finish_but(&[], sink);
    }

    /// The same but for keys of which something was said.
    pub(super) fn finish_but(self, excused: &[&Spanned<Arc<str>>], sink: &mut Vec<Diagnostic>) {
        sink.append(&mut self.diagnostics.borrow_mut());
        let asked = self.asked.borrow();
        let unknown: Vec<_> = self
            .table
            .entries
            .iter()
            .filter(|(key, _)| !asked.contains(&key.value.as_ref()) && !excused.contains(&key))
            .collect();
        // A key that is misspelt is not missing as well.
        let mut missing = self.missing.take();
        for (key, node) in unknown.iter().take(UNKNOWN_KEYS) {
            let message = format!("unknown key `{}` in {}", key.value, self.what);
            let found = Diagnostic::error(Code::UnknownKey, key.span.clone(), message);
            let place = meant(&key.value, missing.iter().map(|(key, _)| *key))
                .and_then(|meant| missing.iter().position(|(key, _)| *key == meant));
            sink.push(match place.map(|place| missing.remove(place)) {
                Some((meant, _)) => found.help(format!("did you mean `{meant}`?")),
                None => {
                    let lists = asked.iter().copied().filter(|key| key.ends_with('s'));
                    let list = is_list_of_tables(node).then(|| nearest(&key.value, lists));
                    let help = list.flatten().map(|list| format!("did you mean `{list}`?"));
                    let nearest = || help_nearest(&key.value, asked.iter().copied());
                    found.help_if(help.or_else(nearest))
                }
            });
        }
        sink.extend(missing.into_iter().map(|(_, found)| found));
        if let Some((key, _)) = unknown.get(UNKNOWN_KEYS) {
            let message = format!(
                "{} more unknown keys in {}",
                unknown.len() - UNKNOWN_KEYS,
                self.what
            );
            sink.push(Diagnostic::error(
                Code::UnknownKey,
                key.span.clone(),
                message,
            ));
        }
    }
}

/// The key of a list of what one key has one of.
pub(super) fn list_key(key: &str) -> String {
    match key {
        "component" | "build" => format!("{key}s"),
        key => key.to_owned(),
    }
}

/// Whether a value is written with two brackets: `[[slots]]`.
pub(super) fn is_list_of_tables(node: &Node) -> bool {
    let is_table = |item: &Node| matches!(item.kind, Kind::Table(_));
    matches!(&node.kind, Kind::Array(items) if items.first().is_some_and(is_table))
}

fn first_line(text: &str) -> usize {
    text.find('\n').unwrap_or(text.len())
}
