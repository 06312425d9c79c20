//! Findings that the author knows of and wants no more word about.

use std::ops::Range;

use super::{Code, Span};

/// What stands before the names, in a comment.
pub const ALLOW: &str = "rigbook: allow ";

/// Whether the line of a finding, or the line before it that is not empty,
/// allows its code: `rigbook: allow NAME`, in a comment.
pub fn is_allowed(span: &Span, code: Code) -> bool {
    allowed_at(span, code).is_some()
}

/// Where the line begins that allows a finding.
pub fn allowed_at(span: &Span, code: Code) -> Option<usize> {
    let text: &str = &span.file.text;
    let start = text.floor_char_boundary(span.range.start.min(text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let before = text[..line_start]
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    let allows = |line: &&str| {
        let mut names = allowed_names(line);
        names.any(|name| line[name] == *code.name())
    };
    let line = Some(&text[line_start..line_end]).filter(allows);
    let line = line.or_else(|| before.filter(allows))?;
    Some(line.as_ptr() as usize - text.as_ptr() as usize)
}

/// Where a line has the names of what it allows, and the words after them.
pub fn allowed_names(line: &str) -> impl Iterator<Item = Range<usize>> {
    let start = line.find(ALLOW).map(|at| at + ALLOW.len());
    let rest = start.map_or("", |start| &line[start..]);
    let names = rest.split(|c: char| !(c.is_ascii_lowercase() || c == '-'));
    let names = names.filter(|name| name.contains(|c: char| c != '-'));
    names.map(|name| {
        let at = name.as_ptr() as usize - line.as_ptr() as usize;
        at..at + name.len()
    })
}
