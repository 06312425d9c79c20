//! An engine's message in our words: lower case, names in backticks, what to do about it.

use crate::render::diagram::kind::Kind;

/// A message for the author, and what it says about its place.
pub struct Readable {
    pub message: String,
    pub help: Option<String>,
    /// Line from 1, if the message names one.
    pub line: Option<usize>,
    /// A piece of the source that the message quotes.
    pub quoted: Option<String>,
}

/// Rewrites an engine's message.
pub fn readable(raw: &str, kind: &Kind) -> Readable {
    let line = number_after(raw, "line ");
    let quoted = quoted(raw);
    let text = raw
        .strip_prefix("Diagram parse error (")
        .and_then(|rest| rest.split_once("): "))
        .map_or(raw, |(_, message)| message);
    Readable {
        message: format!("this {} can't be read: {}", kind.noun(), lower_first(text)),
        help: Some(format!("an example that works: {}", kind.example)),
        line,
        quoted,
    }
}

fn lower_first(text: &str) -> String {
    let text = text.trim().trim_end_matches('.');
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_lowercase().chain(chars).collect(),
        None => String::new(),
    }
}

fn number_after(text: &str, word: &str) -> Option<usize> {
    let (_, rest) = text.split_once(word)?;
    let digits: String = rest.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

fn quoted(text: &str) -> Option<String> {
    ['`', '"', '\'']
        .into_iter()
        .filter_map(|quote| {
            let start = text.find(quote)? + 1;
            let end = start + text[start..].find(quote)?;
            (end > start).then(|| text[start..end].to_owned())
        })
        .next()
}
