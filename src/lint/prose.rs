//! The prose of a page as passages of plain text that know where they stand.

use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{Event, Parser, Tag, TagEnd};

use crate::diag::Span;
use crate::parse::{Document, Kind, Piece, markdown_options, mask};

/// Stands in a passage for what is no prose: a call, code.
const GAP: char = '\u{fffc}';

/// A paragraph, a heading, an item or a cell.
#[derive(Clone, Debug, Default)]
pub(super) struct Passage {
    pub text: String,
    /// Where the text starts a run, and that run's offset in the file.
    runs: Vec<(usize, usize)>,
    /// Of a text of front matter that is written with escapes, the whole: the
    /// places of its parts are not known.
    whole: Option<Span>,
    /// Of a text of front matter, the id of the component in a list that it is
    /// about.
    pub entry: Option<Arc<str>>,
    /// The calls in it: where, and their numbers.
    pub calls: Vec<(usize, usize)>,
    /// The links in it: their texts, and where they lead.
    pub links: Vec<(Range<usize>, String)>,
    /// Of a heading, its level.
    pub heading: Option<u8>,
    /// Of a cell: the head of its column, and the first cell of its row.
    pub cell: Option<Cell>,
}

#[derive(Clone, Debug, Default)]
pub(super) struct Cell {
    pub head: String,
    pub row: String,
    /// The calls in the first cell of the row.
    pub row_calls: Vec<usize>,
}

/// The longest sentence that is looked at, in bytes. For each of its numbers all
/// of its words are weighed, and what is longer is none that people wrote.
const LONGEST: usize = 4_000;

impl Passage {
    /// A part of the text as a place in the file.
    pub fn span(&self, document: &Document, range: &Range<usize>) -> Span {
        if let Some(whole) = &self.whole {
            return whole.clone();
        }
        let place = |at: usize| {
            let run = self.runs.partition_point(|(text, _)| *text <= at);
            let (text, file) = self.runs[run.saturating_sub(1)];
            file + (at - text)
        };
        let end = place(range.end.saturating_sub(1).max(range.start)) + 1;
        let mut end = end.min(document.file.text.len());
        while !document.file.text.is_char_boundary(end) {
            end += 1;
        }
        Span::new(&document.file, place(range.start)..end)
    }

    /// The sentences of the text.
    pub fn sentences(&self) -> Vec<Range<usize>> {
        let mut sentences = Vec::new();
        let mut start = 0;
        let mut before = ' ';
        for (at, c) in self.text.char_indices() {
            if c.is_whitespace() && matches!(before, '.' | '!' | '?' | ';') {
                sentences.push(start..at);
                start = at;
            }
            before = c;
        }
        sentences.push(start..self.text.len());
        sentences.retain(|sentence| sentence.len() <= LONGEST);
        sentences
    }
}

/// All passages of a document: the texts of its front matter, then its body.
pub(super) fn passages(document: &Document) -> Vec<Passage> {
    let mut found = of_front(document);
    found.append(&mut of_body(document));
    found
}

/// The description, strengths and weaknesses. Titles are names, in which numbers
/// stand rightly.
fn of_front(document: &Document) -> Vec<Passage> {
    let front = &document.front;
    let description = front.description.iter();
    let mut found: Vec<Passage> = description
        .map(|text| passage(&text.value, &text.span, None))
        .collect();
    let entries = front.components.iter().map(|table| (table, true));
    for (table, is_entry) in front.component.iter().map(|t| (t, false)).chain(entries) {
        let id = match table.get("id").map(|node| &node.kind) {
            Some(Kind::String(id)) if is_entry => Some(id),
            _ => None,
        };
        let lists = ["pros", "cons"]
            .into_iter()
            .filter_map(|key| table.get(key));
        for list in lists {
            let Kind::Array(texts) = &list.kind else {
                continue;
            };
            for text in texts {
                if let Kind::String(value) = &text.kind {
                    found.push(passage(value, &text.span, id));
                }
            }
        }
    }
    found
}

fn passage(text: &str, span: &Span, entry: Option<&Arc<str>>) -> Passage {
    let written = span.text().find(text);
    let start = span.range.start + written.unwrap_or_default();
    let masked = mask(text);
    let mut reader = Reader::default();
    let mut offset = 0;
    for piece in masked.pieces(&masked.text, 0) {
        match piece {
            Piece::Text(text) => {
                reader.text(text, start + offset);
                offset += text.len();
            }
            Piece::Call(call) => {
                reader.gap(start + offset);
                offset = masked.calls[call].end;
            }
        }
    }
    Passage {
        entry: entry.cloned(),
        whole: written.is_none().then(|| span.clone()),
        ..reader.passage
    }
}

/// All passages of a document's body.
fn of_body(document: &Document) -> Vec<Passage> {
    let source = document.body();
    let masked = mask(source);
    let mut reader = Reader {
        start: document.body_start,
        ..Reader::default()
    };
    for (event, range) in Parser::new_ext(&masked.text, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(tag) => reader.start(&tag),
            Event::End(tag) => reader.end(tag),
            Event::Text(text) if !reader.in_code => {
                let mut offset = range.start;
                for piece in masked.pieces(&text, range.start) {
                    match piece {
                        Piece::Text(text) => {
                            reader.text(text, offset);
                            offset += text.len();
                        }
                        Piece::Call(call) => {
                            reader.passage.calls.push((reader.passage.text.len(), call));
                            reader.gap(offset);
                            offset = masked.calls[call].end;
                        }
                    }
                }
            }
            Event::Code(_) | Event::InlineMath(_) | Event::DisplayMath(_) => {
                reader.gap(range.start)
            }
            Event::SoftBreak | Event::HardBreak => reader.text(" ", range.start),
            _ => {}
        }
    }
    reader.flush();
    reader.found
}

#[derive(Default)]
struct Reader {
    found: Vec<Passage>,
    passage: Passage,
    /// Where offsets start in the file.
    start: usize,
    in_code: bool,
    /// Of the table at hand: its heads, the first cell of the row, the column.
    heads: Vec<String>,
    in_head: bool,
    row: Option<(String, Vec<usize>)>,
    column: usize,
}

impl Reader {
    fn text(&mut self, text: &str, offset: usize) {
        let run = (self.passage.text.len(), self.start + offset);
        self.passage.runs.push(run);
        self.passage.text.push_str(text);
    }

    fn gap(&mut self, offset: usize) {
        self.text(GAP.encode_utf8(&mut [0; 4]), offset);
    }

    fn flush(&mut self) {
        let passage = std::mem::take(&mut self.passage);
        if !passage.runs.is_empty() {
            self.found.push(passage);
        }
    }

    fn start(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::CodeBlock(_) => {
                self.flush();
                self.in_code = true;
            }
            Tag::Table(_) => {
                self.flush();
                self.heads.clear();
            }
            Tag::TableHead => self.in_head = true,
            Tag::TableRow => {
                self.row = None;
                self.column = 0;
            }
            Tag::TableCell => self.flush(),
            Tag::Link { dest_url, .. } => {
                let at = self.passage.text.len();
                self.passage.links.push((at..at, dest_url.to_string()));
            }
            Tag::Heading { level, .. } => {
                self.flush();
                self.passage.heading = Some(*level as u8);
            }
            tag if is_block(tag) => self.flush(),
            _ => {}
        }
    }

    fn end(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Link => {
                let end = self.passage.text.len();
                if let Some((range, _)) = self.passage.links.last_mut() {
                    range.end = end;
                }
            }
            TagEnd::TableHead => self.in_head = false,
            TagEnd::TableCell if self.in_head => {
                self.heads.push(self.passage.text.clone());
                self.flush();
            }
            TagEnd::TableCell => self.cell(),
            TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item => self.flush(),
            TagEnd::DefinitionListTitle | TagEnd::DefinitionListDefinition => self.flush(),
            _ => {}
        }
    }

    fn cell(&mut self) {
        let (row, row_calls) = match &self.row {
            Some(row) => row.clone(),
            None => {
                let calls = self.passage.calls.iter().map(|(_, call)| *call);
                let first = (self.passage.text.clone(), calls.collect());
                self.row = Some(first);
                (String::new(), Vec::new())
            }
        };
        let head = self.heads.get(self.column).cloned().unwrap_or_default();
        self.passage.cell = Some(Cell {
            head,
            row,
            row_calls,
        });
        self.column += 1;
        self.flush();
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(
        tag,
        Tag::Emphasis
            | Tag::Strong
            | Tag::Strikethrough
            | Tag::Superscript
            | Tag::Subscript
            | Tag::Link { .. }
            | Tag::Image { .. }
    )
}
