//! The `{{ … }}` of prose. They are found before Markdown is read, since an
//! expression may hold what Markdown takes for emphasis or a link, and are
//! masked by as many bytes of inert text, so that every offset stays true.

use std::borrow::Cow;
use std::ops::Range;

/// A text whose calls are masked.
pub struct Masked<'a> {
    pub text: Cow<'a, str>,
    /// The calls with their braces, in order.
    pub calls: Vec<Range<usize>>,
    /// The character that starts each mask; it is nowhere else in the text.
    mark: char,
}

/// What a piece of text between events is.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    Text(&'a str),
    /// The number of the call in [`Masked::calls`].
    Call(usize),
}

/// Masks each `{{ … }}` that stands on one line and has no backslash before
/// it.
pub fn mask(text: &str) -> Masked<'_> {
    let calls = find(text);
    let mark = ('\u{E000}'..='\u{F8FF}')
        .find(|mark| !text.contains(*mark))
        .filter(|_| !calls.is_empty());
    let Some(mark) = mark else {
        return Masked {
            text: Cow::Borrowed(text),
            calls: Vec::new(),
            mark: '\u{E000}',
        };
    };
    let mut masked = String::with_capacity(text.len());
    let mut end = 0;
    for call in &calls {
        masked.push_str(&text[end..call.start]);
        masked.push(mark);
        let filler = call.len() - mark.len_utf8();
        masked.extend(std::iter::repeat_n('x', filler));
        end = call.end;
    }
    masked.push_str(&text[end..]);
    Masked {
        text: Cow::Owned(masked),
        calls,
        mark,
    }
}

/// A part of a text of front matter.
#[derive(Debug, PartialEq, Eq)]
pub enum Part<'a> {
    Text(&'a str),
    /// What stands between braces, without the space around it.
    Formula(&'a str),
    /// The rest from braces on that nothing closes.
    Open(&'a str),
}

/// Splits a text that is no Markdown at its `{{ … }}`; `\{{` stands for braces.
pub fn split(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        if let Some(before) = before.strip_suffix('\\') {
            parts.extend([Part::Text(before), Part::Text("{{")]);
            rest = &from[2..];
            continue;
        }
        parts.push(Part::Text(before));
        let Some(end) = from.find("}}") else {
            parts.push(Part::Open(from));
            return parts;
        };
        parts.push(Part::Formula(from[2..end].trim()));
        rest = &from[end + 2..];
    }
    parts.push(Part::Text(rest));
    parts
}

/// Each line's end and each missing end of a call is looked for once, so that
/// a long line of braces costs no more than its length.
fn find(text: &str) -> Vec<Range<usize>> {
    let mut calls = Vec::new();
    let mut from = 0;
    let mut line = 0;
    while let Some(start) = text[from..].find("{{").map(|i| from + i) {
        from = start + 2;
        if start >= line {
            line = text[start..].find('\n').map_or(text.len(), |i| start + i);
        }
        if is_escaped(text, start) {
            continue;
        }
        match text[start + 2..line].find("}}") {
            Some(length) => {
                from = start + 2 + length + 2;
                calls.push(start..from);
            }
            None => from = line,
        }
    }
    calls
}

/// Whether an odd number of backslashes stands before a place.
fn is_escaped(text: &str, at: usize) -> bool {
    let before = text[..at].bytes().rev();
    before.take_while(|&b| b == b'\\').count() % 2 == 1
}

impl Masked<'_> {
    /// Splits the text of a Markdown event that started at `offset` of the
    /// source.
    pub fn pieces<'t>(&self, text: &'t str, offset: usize) -> Vec<Piece<'t>> {
        let mut pieces = Vec::new();
        if self.calls.is_empty() {
            pieces.push(Piece::Text(text));
            return pieces;
        }
        let mut next = self.calls.partition_point(|call| call.start < offset);
        let mut rest = text;
        while let Some(at) = rest.find(self.mark) {
            let Some(call) = self.calls.get(next) else {
                break;
            };
            if at > 0 {
                pieces.push(Piece::Text(&rest[..at]));
            }
            pieces.push(Piece::Call(next));
            next += 1;
            rest = rest.get(at + call.len()..).unwrap_or_default();
        }
        if !rest.is_empty() {
            pieces.push(Piece::Text(rest));
        }
        pieces
    }

    /// The text of an event with its calls as they were written: for code,
    /// raw HTML and addresses.
    pub fn restore<'t>(&self, text: &'t str, offset: usize, source: &str) -> Cow<'t, str> {
        if self.calls.is_empty() || !text.contains(self.mark) {
            return Cow::Borrowed(text);
        }
        let mut restored = String::with_capacity(text.len());
        for piece in self.pieces(text, offset) {
            match piece {
                Piece::Text(text) => restored.push_str(text),
                Piece::Call(call) => restored.push_str(&source[self.calls[call].clone()]),
            }
        }
        Cow::Owned(restored)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_splits_at_its_formulas() {
        use Part::{Formula, Open, Text};
        assert_eq!(split("a"), [Text("a")]);
        assert_eq!(split("a {{ b }} c"), [Text("a "), Formula("b"), Text(" c")]);
        assert_eq!(
            split("\\{{ a }} {{b}}"),
            [Text(""), Text("{{"), Text(" a }} "), Formula("b"), Text("")]
        );
        assert_eq!(split("é {{ b"), [Text("é "), Open("{{ b")]);
        assert_eq!(split("{{}}"), [Text(""), Formula(""), Text("")]);
    }

    #[test]
    fn masks_keep_offsets_and_come_back() {
        let source = "a {{ x * y }} b \\{{ no }} `{{ code }}`";
        let masked = mask(source);
        assert_eq!(masked.text.len(), source.len());
        assert_eq!(masked.calls.len(), 2);
        assert_eq!(masked.restore(&masked.text, 0, source), source);
        let pieces = masked.pieces(&masked.text, 0);
        assert_eq!(pieces[0], Piece::Text("a "));
        assert_eq!(pieces[1], Piece::Call(0));
    }

    #[test]
    fn a_call_ends_on_its_line() {
        assert!(mask("{{ a\n}}").calls.is_empty());
        assert!(mask("{{").calls.is_empty());
        let call = |text: &str| match &mask(text).calls[..] {
            [only] => Some(only.clone()),
            _ => None,
        };
        assert_eq!(call("{{}}"), Some(0..4));
        assert_eq!(call("\\{{ {{1}}"), Some(4..9));
        assert_eq!(call("{{ a\n{{1}}"), Some(5..10));
    }
}
