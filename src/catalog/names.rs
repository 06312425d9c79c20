//! Ids and field names: their form, and which are reserved.

use crate::diag::{Code, Diagnostic, Spanned};
use crate::parse::Reader;
use std::sync::Arc;

/// Names that formulas give a meaning, so that no category may have them.
const RESERVED: &[&str] = &[
    "build", "total", "parts", "input", "this", "min", "max", "sum", "count", "avg", "any", "all",
    "round", "floor", "ceil", "abs", "known", "default", "and", "or", "not", "in", "if", "then",
    "else", "true", "false", "none",
];

/// Words of the expression language, which no field may be called.
const KEYWORDS: &[&str] = &[
    "and", "or", "not", "in", "if", "then", "else", "true", "false", "none",
];

/// Keys of a component beside its fields.
pub const COMPONENT_KEYS: &[&str] = &[
    "id", "title", "category", "pros", "cons", "former", "source", "as_of",
];

/// Whether a text has the form of an id: `[a-z0-9][a-z0-9-]*`.
pub fn is_id(text: &str) -> bool {
    let letter = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit();
    text.bytes().next().is_some_and(letter) && text.bytes().all(|b| letter(b) || b == b'-')
}

/// Whether an id means something else in formulas.
pub fn is_reserved(id: &str) -> bool {
    RESERVED.contains(&id)
}

/// Whether no field may have a name: a word of formulas, or a component's key.
pub fn is_taken_field(name: &str) -> bool {
    KEYWORDS.contains(&name) || COMPONENT_KEYS.contains(&name)
}

/// Whether a text has the form of a field's name: `[a-z][a-z0-9_]*`.
fn is_field_name(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next().is_some_and(|b| b.is_ascii_lowercase())
        && bytes.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Reports an id that is malformed; returns whether it can be used.
pub fn check_id(what: &str, id: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> bool {
    if is_id(id) {
        return true;
    }
    let message = format!("`{}` can't be the id of a {what}", id.value);
    sink.push(
        Diagnostic::error(Code::InvalidId, id.span.clone(), message)
            .help("an id has lower-case letters, digits and hyphens, and starts with a letter or digit")
            .help_if(suggestion(id).map(|s| format!("for example `{s}`"))),
    );
    false
}

/// Reads `former`, the ids that something had in earlier editions. Addresses
/// are made of them.
pub fn read_former(
    what: &str,
    reader: &Reader<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Spanned<Arc<str>>> {
    let mut former = reader.strings("former").unwrap_or_default();
    former.retain(|id| check_id(what, id, sink));
    former
}

/// As [`check_id`], of a name that formulas use.
pub fn check_category_id(id: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> bool {
    if !check_id("category", id, sink) {
        return false;
    }
    if RESERVED.contains(&id.value.as_ref()) {
        let message = format!("`{}` means something else in formulas", id.value);
        sink.push(
            Diagnostic::error(Code::InvalidId, id.span.clone(), message)
                .help("choose another id for the category"),
        );
        return false;
    }
    true
}

/// Reports a field name that is malformed or reserved.
pub fn check_field_name(name: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> bool {
    let text = name.value.as_ref();
    let reserved = COMPONENT_KEYS.contains(&text) || KEYWORDS.contains(&text);
    if is_field_name(text) && !reserved {
        return true;
    }
    let message = match reserved {
        true => format!("`{text}` is reserved and can't be a field"),
        false => format!("`{text}` can't be the name of a field"),
    };
    let fixed: String = text
        .to_lowercase()
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c } else { '_' })
        .collect();
    let example = (is_field_name(&fixed) && !reserved).then(|| format!("for example `{fixed}`"));
    sink.push(
        Diagnostic::error(Code::InvalidId, name.span.clone(), message)
            .help("a field's name has lower-case letters, digits and `_`, and starts with a letter")
            .help_if(example),
    );
    false
}

pub(super) fn suggestion(text: &str) -> Option<String> {
    let mut id = String::new();
    for c in text.to_lowercase().chars() {
        match c {
            c if c.is_ascii_alphanumeric() => id.push(c),
            _ if !id.ends_with('-') => id.push('-'),
            _ => {}
        }
    }
    let id = id.trim_matches('-').to_string();
    is_id(&id).then_some(id)
}
