//! Lines and columns of many places, each file counted once.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use crate::diag::{SourceFile, Span};

/// Where the lines of the files seen so far start.
#[derive(Default)]
pub struct Lines {
    starts: HashMap<*const SourceFile, Vec<usize>>,
}

/// A place from its first to past its last character; lines and columns from
/// 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
    pub end_line: usize,
    pub end_column: usize,
}

impl Lines {
    pub fn place(&mut self, span: &Span) -> Place {
        let range = within(span);
        let (line, column) = self.line_column(&span.file, range.start);
        let (end_line, end_column) = self.line_column(&span.file, range.end);
        Place {
            line,
            column,
            end_line,
            end_column,
        }
    }

    /// The number of a line (from 1) and the bytes of it, without its end.
    pub fn line(&mut self, file: &Arc<SourceFile>, offset: usize) -> (usize, Range<usize>) {
        let starts = self.starts(file);
        let number = starts.partition_point(|&start| start <= offset);
        let start = starts[number - 1];
        let end = starts.get(number).map_or(file.text.len(), |next| next - 1);
        (number, start..end)
    }

    fn line_column(&mut self, file: &Arc<SourceFile>, offset: usize) -> (usize, usize) {
        let (number, line) = self.line(file, offset);
        let before = &file.text[line.start..offset];
        (number, before.chars().count() + 1)
    }

    fn starts(&mut self, file: &Arc<SourceFile>) -> &[usize] {
        self.starts.entry(Arc::as_ptr(file)).or_insert_with(|| {
            let ends = file.text.bytes().enumerate().filter(|&(_, b)| b == b'\n');
            std::iter::once(0)
                .chain(ends.map(|(at, _)| at + 1))
                .collect()
        })
    }
}

/// The span's range, cut to the text and to whole characters.
pub fn within(span: &Span) -> Range<usize> {
    let text = &span.file.text;
    let start = text.floor_char_boundary(span.range.start.min(text.len()));
    let end = text.ceil_char_boundary(span.range.end.min(text.len()));
    start..end.max(start)
}
