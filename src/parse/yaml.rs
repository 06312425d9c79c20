//! YAML text to a [`Table`] with spans. Aliases are refused: they can name a
//! value that is exponentially larger than the file, and no front matter
//! needs them.

use std::collections::BTreeMap;
use std::sync::Arc;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError};

use super::tree::{Kind, Node, Origin, Table};
use crate::diag::{Checked, Code, Diagnostic, Span, Spanned};

/// How deep lists and mappings may nest.
const DEPTH: usize = 32;

/// How many keys that come twice are reported.
const ERRORS: usize = 50;

/// Reads a YAML document that is a mapping and stands at `origin`. Reading
/// stops at the first malformed line, as YAML has no way to go on after one.
pub fn parse_yaml(text: &str, origin: &Origin) -> Checked<Table> {
    let mut builder = Builder {
        offsets: Offsets::new(text),
        origin,
        stack: Vec::new(),
        root: None,
        diagnostics: Vec::new(),
    };
    let mut parser = Parser::new_from_str(text);
    while let Some(event) = parser.next_event() {
        let step = match event {
            Ok((event, span)) => {
                let range = builder.offsets.byte(span.start.index())
                    ..builder.offsets.byte(span.end.index());
                builder.accept(event, range)
            }
            Err(error) => builder.fail(&error),
        };
        if step.is_none() {
            break;
        }
    }
    let whole = origin.span(0..text.len());
    let Builder {
        root,
        mut diagnostics,
        ..
    } = builder;
    let table = match root {
        Some(Node {
            kind: Kind::Table(table),
            ..
        }) => table,
        None
        | Some(Node {
            kind: Kind::Null, ..
        }) => Table::empty(whole),
        Some(node) => {
            let message = format!("expected keys and values, found {}", node.kind.name());
            diagnostics.push(Diagnostic::error(Code::Syntax, node.span, message));
            Table::empty(whole)
        }
    };
    Checked::new(table, diagnostics)
}

/// Byte offsets of character indices, which is how the parser counts.
struct Offsets(Option<Vec<usize>>, usize);

impl Offsets {
    fn new(text: &str) -> Self {
        let map = (!text.is_ascii()).then(|| text.char_indices().map(|(i, _)| i).collect());
        Self(map, text.len())
    }

    fn byte(&self, index: usize) -> usize {
        match &self.0 {
            Some(map) => map.get(index).copied().unwrap_or(self.1),
            None => index.min(self.1),
        }
    }
}

enum Open {
    List(Vec<Node>, usize),
    Mapping(Mapping),
}

#[derive(Default)]
struct Mapping {
    entries: Vec<(Spanned<Arc<str>>, Node)>,
    /// The key whose value comes next.
    key: Option<Spanned<Arc<str>>>,
    seen: BTreeMap<Arc<str>, Span>,
    start: usize,
}

struct Builder<'a> {
    offsets: Offsets,
    origin: &'a Origin,
    stack: Vec<Open>,
    root: Option<Node>,
    diagnostics: Vec<Diagnostic>,
}

impl Builder<'_> {
    /// Takes an event; none when reading must stop.
    fn accept(&mut self, event: Event<'_>, range: std::ops::Range<usize>) -> Option<()> {
        match event {
            Event::Scalar(text, style, _, _) => {
                let span = self.origin.span(trim(range, self.origin, &text));
                self.value(scalar(&text, style), span)
            }
            Event::Alias(_) => self.refuse(range, "aliases (`*name`) are not allowed here"),
            Event::SequenceStart(..) => self.open(Open::List(Vec::new(), range.start), range),
            Event::MappingStart(..) => {
                let mapping = Mapping {
                    start: range.start,
                    ..Mapping::default()
                };
                self.open(Open::Mapping(mapping), range)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop()? {
                Open::List(items, start) => {
                    let span = trimmed(self.origin.span(start..range.end.max(start)));
                    self.value(Kind::Array(items), span)
                }
                Open::Mapping(mapping) => {
                    let start = mapping.start;
                    let span = trimmed(self.origin.span(start..range.end.max(start)));
                    let table = Table {
                        entries: mapping.entries,
                        span: span.clone(),
                    };
                    self.value(Kind::Table(table), span)
                }
            },
            Event::DocumentStart(_) if self.root.is_some() => {
                self.refuse(range, "a second YAML document is not allowed here")
            }
            _ => Some(()),
        }
    }

    fn open(&mut self, open: Open, range: std::ops::Range<usize>) -> Option<()> {
        if self.stack.len() >= DEPTH {
            let span = self.origin.span(range);
            let message = format!("nested deeper than {DEPTH} levels");
            self.diagnostics
                .push(Diagnostic::error(Code::Limit, span, message));
            return None;
        }
        self.stack.push(open);
        Some(())
    }

    fn value(&mut self, kind: Kind, span: Span) -> Option<()> {
        match self.stack.last_mut() {
            None => self.root = Some(Node { kind, span }),
            Some(Open::List(items, _)) => items.push(Node { kind, span }),
            Some(Open::Mapping(mapping)) => match mapping.key.take() {
                Some(key) => mapping.entries.push((key, Node { kind, span })),
                None => {
                    let name: Arc<str> = match kind {
                        Kind::String(s) | Kind::Number(s) | Kind::Date(s) => s,
                        Kind::Bool(b) => b.to_string().into(),
                        Kind::Null | Kind::Array(_) | Kind::Table(_) => {
                            let message = format!("a key must be a text, found {}", kind.name());
                            self.diagnostics
                                .push(Diagnostic::error(Code::Syntax, span, message));
                            return None;
                        }
                    };
                    if let Some(first) = mapping.seen.get(&name)
                        && self.diagnostics.len() < ERRORS
                    {
                        let message = format!("`{name}` is given twice");
                        self.diagnostics.push(
                            Diagnostic::error(Code::Syntax, span.clone(), message)
                                .also(first.clone(), "first given here"),
                        );
                    }
                    mapping.seen.insert(Arc::clone(&name), span.clone());
                    mapping.key = Some(Spanned::new(name, span));
                }
            },
        }
        Some(())
    }

    fn refuse(&mut self, range: std::ops::Range<usize>, message: &str) -> Option<()> {
        let span = self.origin.span(range);
        self.diagnostics
            .push(Diagnostic::error(Code::Syntax, span, message));
        None
    }

    fn fail(&mut self, error: &ScanError) -> Option<()> {
        let at = self.offsets.byte(error.marker().index());
        let message = format!("malformed YAML: {}", error.info());
        let mut diagnostic = Diagnostic::error(Code::Syntax, self.origin.span(at..at + 1), message);
        if self.origin.file.text.contains("\t") {
            diagnostic = diagnostic.help("YAML is indented with spaces, never with tabs");
        } else {
            diagnostic = diagnostic.help(
                "keys of one table start in the same column, and `key: value` needs a space after the colon; quote texts that hold `: ` or start with a sign",
            );
        }
        self.diagnostics.push(diagnostic);
        None
    }
}

/// A collection's range reaches to the next token; cut it to its text.
fn trimmed(span: Span) -> Span {
    let length = span.text().trim_end().len();
    span.part(0..length)
}

/// The range of a plain scalar can reach over the line's end; cut it to what
/// is text.
fn trim(range: std::ops::Range<usize>, origin: &Origin, text: &str) -> std::ops::Range<usize> {
    let span = origin.span(range.clone());
    let trimmed = span.text().trim_end();
    if trimmed.is_empty() {
        return range.start..range.start + text.len();
    }
    range.start..range.start + trimmed.len()
}

/// Types of the YAML 1.2 core schema, with decimal numbers and ISO dates only.
fn scalar(text: &str, style: ScalarStyle) -> Kind {
    if style != ScalarStyle::Plain {
        return Kind::String(text.into());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Kind::Null,
        "true" | "True" | "TRUE" => Kind::Bool(true),
        "false" | "False" | "FALSE" => Kind::Bool(false),
        _ if is_date(text) => Kind::Date(text.into()),
        _ if is_number(text) => Kind::Number(text.into()),
        _ => Kind::String(text.into()),
    }
}

fn is_number(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, "0"));
    !whole.is_empty()
        && !rest.is_empty()
        && whole.bytes().all(|b| b.is_ascii_digit())
        && rest.bytes().all(|b| b.is_ascii_digit())
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(i, b)| match i {
            4 | 7 => *b == b'-',
            _ => b.is_ascii_digit(),
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceFile;

    fn parse(text: &str) -> Checked<Table> {
        let file = SourceFile::new("f", text);
        parse_yaml(text, &Origin::contiguous(&file, 0))
    }

    #[test]
    fn places_count_bytes_though_the_parser_counts_characters() {
        let checked = parse("a: ééé\nb:\n  c: [1, x]  \n");
        assert!(checked.diagnostics.is_empty());
        let Some(Node {
            kind: Kind::Table(b),
            ..
        }) = checked.value.get("b")
        else {
            panic!("b is a table")
        };
        assert_eq!(b.get("c").expect("c").span.text(), "[1, x]");
        assert_eq!(checked.value.get("a").expect("a").span.text(), "ééé");
    }

    #[test]
    fn aliases_and_depth_are_refused() {
        assert!(parse("a: &x 1\nb: *x\n").has_errors());
        let deep = format!("a: {}1{}", "[".repeat(500), "]".repeat(500));
        assert!(parse(&deep).has_errors());
    }

    #[test]
    fn scalars_have_the_types_of_the_core_schema() {
        let table = parse("a: 1.50\nb: 2024-12-23\nc: yes\nd: '1'\n").value;
        let kinds: Vec<_> = table.entries.iter().map(|(_, n)| n.kind.name()).collect();
        assert_eq!(kinds, ["a number", "a date", "a text", "a text"]);
    }
}
