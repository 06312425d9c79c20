//! Findings that the author knows of and wants no more word about.

use super::{Code, Span};

/// Whether the line of a finding, or the line before it that is not empty,
/// allows its code: `rigbook: allow NAME`, in a comment.
pub fn is_allowed(span: &Span, code: Code) -> bool {
    let text: &str = &span.file.text;
    let start = text.floor_char_boundary(span.range.start.min(text.len()));
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
    let before = text[..line_start]
        .lines()
        .rev()
        .find(|line| !line.trim().is_empty());
    let allows = |line: &str| {
        let listed = line.split_once("rigbook: allow ").map(|(_, names)| names);
        let names =
            listed.map(|names| names.split(|c: char| !(c.is_ascii_lowercase() || c == '-')));
        names.is_some_and(|mut names| names.any(|name| name == code.name()))
    };
    allows(&text[line_start..line_end]) || before.is_some_and(allows)
}
