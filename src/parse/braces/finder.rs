//! Looks for braces that fill in nothing while a page's Markdown is read.

use std::ops::Range;

use super::single_braces;
use crate::diag::{Code, Diagnostic};
use crate::parse::document::Document;

/// What was found so far.
pub struct BracesFinder<'a> {
    document: &'a Document,
    /// Up to where an open call was reported.
    told_until: usize,
    ahead: Ahead,
    found: Vec<Diagnostic>,
}

impl<'a> BracesFinder<'a> {
    pub fn new(document: &'a Document) -> Self {
        Self {
            document,
            told_until: 0,
            ahead: Ahead::default(),
            found: Vec::new(),
        }
    }

    /// Looks at a run of text; `masked` is the body, its calls masked.
    pub fn accept(&mut self, text: &str, range: Range<usize>, masked: &str) {
        for (place, braces) in single_braces(text) {
            // An escape starts a run of its own, behind its backslash.
            let before = &self.document.body()[..range.start];
            if place.start == 0 && before.ends_with('\\') {
                continue;
            }
            let place = range.start + place.start..range.start + place.end;
            let (message, help) = braces.told();
            let found =
                Diagnostic::warning(Code::FormulaSyntax, self.document.span(place), message);
            self.found.push(found.help(help));
        }
        self.open_call(range, masked);
    }

    /// All that was found.
    pub fn finish(self) -> Vec<Diagnostic> {
        self.found
    }

    /// Reports the first `{{` of a line that nothing closes.
    fn open_call(&mut self, range: Range<usize>, masked: &str) {
        let slice = masked.get(range.clone()).unwrap_or_default();
        let open = (slice.match_indices("{{"))
            .map(|(at, _)| range.start + at)
            .find(|&at| !masked[..at].ends_with('\\'));
        if let Some(at) = open.filter(|&at| at >= self.told_until) {
            let body = self.document.body();
            self.told_until = self.ahead.line.find(body, at, "\n");
            let close = self.ahead.close.find(body, at, "}}");
            let message = "`{{` is not closed by `}}` on its line";
            let help = match close < self.ahead.paragraph.find(body, at, "\n\n") {
                true => "write the whole formula on one line",
                false => "for braces as text write `\\{{`",
            };
            self.found.push(
                Diagnostic::error(Code::FormulaSyntax, self.document.span(at..at + 2), message)
                    .help(help),
            );
        }
    }
}

/// Where things stand behind the place that is read.
#[derive(Default)]
struct Ahead {
    line: Next,
    close: Next,
    paragraph: Next,
}

/// The next place of a text. Each is looked for once, so that a page of braces
/// costs no more than its length.
#[derive(Default)]
struct Next(Option<usize>);

impl Next {
    /// Of the text from a place on, which only grows; the end if there is none.
    fn find(&mut self, body: &str, from: usize, text: &str) -> usize {
        match self.0 {
            Some(known) if known >= from => known,
            _ => {
                let found = body[from..].find(text).map_or(body.len(), |at| from + at);
                *self.0.insert(found)
            }
        }
    }
}
