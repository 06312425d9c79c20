//! The tree that TOML and YAML both become: values with places, tables in the
//! order in which they were written.

use std::ops::Range;
use std::sync::Arc;

use crate::diag::{SourceFile, Span, Spanned};

/// A value of TOML or YAML and where it stands.
#[derive(Clone, Debug)]
pub struct Node {
    pub kind: Kind,
    pub span: Span,
}

/// What a [`Node`] holds. Numbers and dates keep their spelling, so that no
/// digit is lost on the way to an exact decimal.
#[derive(Clone, Debug)]
pub enum Kind {
    Null,
    Bool(bool),
    Number(Arc<str>),
    Date(Arc<str>),
    String(Arc<str>),
    Array(Vec<Node>),
    Table(Table),
}

impl Kind {
    /// The word for messages.
    pub fn name(&self) -> &'static str {
        match self {
            Kind::Null => "nothing",
            Kind::Bool(_) => "true or false",
            Kind::Number(_) => "a number",
            Kind::Date(_) => "a date",
            Kind::String(_) => "a text",
            Kind::Array(_) => "a list",
            Kind::Table(_) => "a table",
        }
    }
}

impl Node {
    /// The node as JSON, for templates.
    pub fn to_json(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            Kind::Null => Value::Null,
            Kind::Bool(b) => Value::Bool(*b),
            Kind::Number(n) => serde_json::from_str(&n.replace('_', ""))
                .unwrap_or_else(|_| Value::String(n.to_string())),
            Kind::Date(s) | Kind::String(s) => Value::String(s.to_string()),
            Kind::Array(items) => Value::Array(items.iter().map(Node::to_json).collect()),
            Kind::Table(table) => Value::Object(
                (table.entries.iter())
                    .map(|(key, node)| (key.value.to_string(), node.to_json()))
                    .collect(),
            ),
        }
    }
}

/// Keys and values in the order of the file.
#[derive(Clone, Debug)]
pub struct Table {
    pub entries: Vec<(Spanned<Arc<str>>, Node)>,
    pub span: Span,
}

impl Table {
    pub fn empty(span: Span) -> Self {
        Self {
            entries: Vec::new(),
            span,
        }
    }

    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, node)| node)
    }

    pub fn entry(&self, key: &str) -> Option<&(Spanned<Arc<str>>, Node)> {
        self.entries.iter().find(|(k, _)| k.value.as_ref() == key)
    }
}

/// Where a text that was cut out of a file came from. The body of a fence in a
/// list is not one piece of the file: each of its lines lost an indentation.
#[derive(Clone, Debug)]
pub struct Origin {
    pub file: Arc<SourceFile>,
    /// Pairs of an offset in the text and the offset in the file from which
    /// the text goes on, ascending.
    pieces: Vec<(usize, usize)>,
}

impl Origin {
    /// Of a text that is one piece of the file, from `start`.
    pub fn contiguous(file: &Arc<SourceFile>, start: usize) -> Self {
        Self::pieced(file, vec![(0, start)])
    }

    pub fn pieced(file: &Arc<SourceFile>, pieces: Vec<(usize, usize)>) -> Self {
        Self {
            file: Arc::clone(file),
            pieces,
        }
    }

    /// Pairs of an offset in the text and in the file, ascending.
    pub fn pieces(&self) -> &[(usize, usize)] {
        &self.pieces
    }

    /// The place in the file of a range of the text.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.offset(range.start);
        let end = match range.end.checked_sub(1) {
            Some(last) if range.end > range.start => self.offset(last) + 1,
            _ => start,
        };
        let length = self.file.text.len();
        Span::new(
            &self.file,
            start.min(length)..end.clamp(start, length.max(start)),
        )
    }

    fn offset(&self, inner: usize) -> usize {
        let index = self.pieces.partition_point(|&(from, _)| from <= inner);
        match index.checked_sub(1).and_then(|i| self.pieces.get(i)) {
            Some(&(from, outer)) => outer + (inner - from),
            None => inner,
        }
    }
}
