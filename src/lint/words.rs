//! Words of labels and titles, as prose may have them.

use super::subjects::Known;

/// Words of labels that say nothing.
const EMPTY: [&str; 12] = [
    "of", "the", "per", "in", "a", "at", "for", "and", "to", "on", "by", "with",
];

/// A label within a sentence: an abbreviation stays as it is.
pub(super) fn lower(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first
            .to_lowercase()
            .chain(label[first.len_utf8()..].chars())
            .collect(),
        _ => label.to_owned(),
    }
}

/// Whether a word is one of a figure's label or name.
pub(super) fn is_word_of(word: &str, known: &Known) -> bool {
    let word = stem(word);
    words(&known.label).contains(&word) || words(&known.name.replace('_', " ")).contains(&word)
}

/// The telling words of a text, in lower case and without a plural's `s`.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase);
    words
        .filter(|w| w.len() > 1 && !EMPTY.contains(&w.as_str()))
        .map(|w| stem(&w))
        .collect()
}

fn stem(word: &str) -> String {
    let cut = word
        .strip_suffix('s')
        .filter(|rest| rest.len() > 2 && !rest.ends_with('s'));
    cut.unwrap_or(word).to_owned()
}
