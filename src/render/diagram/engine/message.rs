//! An engine's message in our words, and at the place where the author must change something.

use std::ops::Range;

use crate::render::diagram::DiagramError;
use crate::render::diagram::kind::{self, Kind};

use super::EngineError;

/// A list of what was expected longer than this says nothing.
const EXPECTED: usize = 4;

/// What opens a block that a line `end` closes.
const BLOCKS: [&str; 10] = [
    "subgraph", "block", "alt", "opt", "loop", "par", "critical", "break", "rect", "box",
];

/// An engine's refusal, for the author of a source.
pub fn readable(error: &EngineError, source: &str, kind: &Kind) -> DiagramError {
    if error.message.contains("resource limit") || error.message.contains("deadline_exceeded") {
        return DiagramError {
            message: format!("this {} is too large to be drawn", kind.name),
            range: Some(kind::header_range(source)),
            help: Some("split it into smaller diagrams".to_owned()),
        };
    }
    if let Some(error) = unclosed(&error.message, source) {
        return error;
    }
    let text = error
        .message
        .strip_prefix("Diagram parse error (")
        .and_then(|rest| rest.split_once("): "))
        .map_or(error.message.as_str(), |(_, message)| message);
    let text = text
        .strip_prefix("invalid semantic model: ")
        .unwrap_or(text);
    // What the engine says of a sequence diagram without anyone in it.
    if text.contains("actorOrder") {
        return nothing_drawn(source, kind);
    }
    let (text, advice) = split_advice(text);
    let range = place(error, text, source).unwrap_or_else(|| kind::header_range(source));
    let text = without_offset(&without_long_list(text));
    DiagramError {
        message: format!("this {} can't be read: {}", kind.name, lower_first(&text)),
        range: Some(range),
        help: Some(advice.unwrap_or_else(|| format!("an example that works: {}", kind.example))),
    }
}

/// A diagram with a type and nothing else.
pub fn nothing_drawn(source: &str, kind: &Kind) -> DiagramError {
    DiagramError {
        message: format!("this {} draws nothing", kind.name),
        range: Some(kind::header_range(source)),
        help: Some(format!(
            "something must follow its type, as {}",
            kind.example
        )),
    }
}

/// A block whose end is missing: the engine sees it at the end, the author at its beginning.
fn unclosed(message: &str, source: &str) -> Option<DiagramError> {
    if !message.contains("nexpected end of input") && !message.contains("EOF inside") {
        return None;
    }
    let mut open: Vec<(&str, &str)> = Vec::new();
    for line in source.lines() {
        let text = line.trim();
        let word = text
            .split(|c: char| !c.is_alphanumeric())
            .next()
            .unwrap_or_default();
        if text.ends_with('{') {
            open.push((text, "}"));
        } else if BLOCKS.contains(&word) {
            open.push((text, "end"));
        } else if text.starts_with('}') || word == "end" {
            open.pop();
        }
    }
    let (line, end) = open.pop()?;
    let start = line.as_ptr() as usize - source.as_ptr() as usize;
    Some(DiagramError {
        message: format!("this block is never closed: `{end}` is missing"),
        range: Some(start..start + line.len()),
        help: Some(format!(
            "add a line `{end}` after the last line that belongs to it"
        )),
    })
}

/// Where the mistake stands: the engine's own span, else what its message quotes.
fn place(error: &EngineError, text: &str, source: &str) -> Option<Range<usize>> {
    let own = error.range.clone().and_then(|range| visible(source, range));
    // For a label with brackets in it the engine names a place behind it.
    if text.contains("structural characters") {
        let end = own.map_or(source.len(), |range| range.end);
        return unquoted_label(source.get(..end)?);
    }
    if text.contains("missing '\"'") {
        let end = own.as_ref().map_or(source.len(), |range| range.end);
        if let Some(range) = unclosed_text(source.get(..end)?) {
            return Some(range);
        }
    }
    own.or_else(|| {
        let quotes = [
            after_colon(text),
            between(text, '(', ')'),
            between(text, '"', '"'),
        ];
        let quotes = quotes.into_iter().flatten();
        let quotes = quotes.map(|quote| quote.trim().trim_end_matches('.'));
        let mut quotes = quotes.filter(|quote| quote.len() > 1 || quote.parse::<u32>().is_ok());
        quotes.find_map(|quote| source.rfind(quote).map(|at| at..at + quote.len()))
    })
    .or_else(|| {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let mut words = words.filter(|word| word.chars().any(char::is_uppercase));
        let at = words.find_map(|word| source.rfind(word).filter(|_| word.len() > 4))?;
        line_around(source, at)
    })
}

fn after_colon(text: &str) -> Option<&str> {
    text.split_once(':').map(|(_, rest)| rest)
}

fn between(text: &str, open: char, close: char) -> Option<&str> {
    let (_, rest) = text.split_once(open)?;
    rest.split_once(close)
        .map(|(inner, _)| inner.trim_matches('"'))
}

/// Two brackets that open one label.
const SHAPES: [(char, char); 5] = [('(', '['), ('[', '['), ('[', '('), ('(', '('), ('{', '{')];

/// The last line with a bracket inside a label that has no quotes.
fn unquoted_label(source: &str) -> Option<Range<usize>> {
    let line = source.lines().rev().find(|line| {
        let mut depth = 0;
        let mut before = ' ';
        let mut is_quoted = false;
        let inner = line.chars().any(|c| {
            let opens = matches!(c, '[' | '(' | '{');
            let is_shape = SHAPES.contains(&(before, c));
            let is_inner = opens && depth > 0 && !is_quoted && !is_shape;
            match c {
                '"' => is_quoted = !is_quoted,
                _ if opens => depth += 1,
                ']' | ')' | '}' => depth -= 1,
                _ => {}
            }
            before = c;
            is_inner
        });
        inner || depth > 0
    })?;
    let start = line.as_ptr() as usize - source.as_ptr() as usize;
    visible(source, start..start + line.len())
}

/// The last line with a quotation mark that nothing closes.
fn unclosed_text(source: &str) -> Option<Range<usize>> {
    let is_open = |line: &&str| line.matches('"').count() % 2 == 1;
    let line = source.lines().rev().find(is_open)?;
    let start = line.as_ptr() as usize - source.as_ptr() as usize;
    visible(source, start..start + line.len())
}

/// The text of the line around an offset, without the space at its ends.
fn line_around(source: &str, at: usize) -> Option<Range<usize>> {
    let start = source.get(..at)?.rfind('\n').map_or(0, |end| end + 1);
    let end = source[start..]
        .find('\n')
        .map_or(source.len(), |end| start + end);
    visible(source, start..end)
}

/// A range on character boundaries with at least one visible character: an empty range, or one of
/// line ends alone, grows to the nearest text before it.
fn visible(source: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut end = range.end.min(source.len());
    while !source.is_char_boundary(end) {
        end += 1;
    }
    let mut start = range.start.min(end);
    while !source.is_char_boundary(start) {
        start -= 1;
    }
    let text = &source[start..end];
    if text.trim().is_empty() {
        let before = source[..start].trim_end();
        let last = before.chars().next_back()?;
        return Some(before.len() - last.len_utf8()..before.len());
    }
    let start = start + (text.len() - text.trim_start().len());
    let first_line = source[start..end].lines().next().unwrap_or_default();
    Some(start..start + first_line.trim_end().len())
}

/// The engine's own advice, which it writes into brackets.
fn split_advice(text: &str) -> (&str, Option<String>) {
    let Some((message, advice)) = text.split_once("(Help") else {
        return (text, None);
    };
    let advice = advice
        .trim_start_matches([':', ' '])
        .trim_end_matches([')', '.', ' ']);
    (
        message.trim_end_matches([' ', '.']),
        Some(lower_first(advice)),
    )
}

fn without_long_list(text: &str) -> String {
    match text.split_once("; expected ") {
        Some((message, list)) if list.split(", ").count() > EXPECTED => message.to_owned(),
        _ => text.to_owned(),
    }
}

/// "… at 19": the place is shown otherwise.
fn without_offset(text: &str) -> String {
    match text.rsplit_once(" at ") {
        Some((message, number)) if number.bytes().all(|byte| byte.is_ascii_digit()) => {
            message.to_owned()
        }
        _ => text.to_owned(),
    }
}

/// Lower case at the start, unless an abbreviation stands there.
fn lower_first(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    match (chars.next(), chars.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(chars).collect()
        }
        _ => text.to_owned(),
    }
}
