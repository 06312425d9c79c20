//! A number and its unit stay on one line: the space between them becomes one at which no line
//! breaks, as in figures that are filled in.

use std::borrow::Cow;

use crate::value::is_builtin_unit;

/// Longer names of units are words, which a line may start with.
const LONGEST: usize = 8;

/// A text in which no line starts with the unit of the number before it.
pub fn together(text: &str) -> Cow<'_, str> {
    let mut kept: Option<String> = None;
    let mut end = 0;
    for (at, _) in text.match_indices(' ') {
        let after_digit = text[..at].ends_with(|c: char| c.is_ascii_digit());
        if after_digit && starts_with_unit(&text[at + 1..]) {
            let kept = kept.get_or_insert_default();
            kept.push_str(&text[end..at]);
            kept.push('\u{a0}');
            end = at + 1;
        }
    }
    match kept {
        None => Cow::Borrowed(text),
        Some(mut kept) => {
            kept.push_str(&text[end..]);
            Cow::Owned(kept)
        }
    }
}

fn starts_with_unit(text: &str) -> bool {
    let word = text.split([' ', '\n']).next().unwrap_or_default();
    let word = word.trim_end_matches(['.', ',', ';', ':', ')', '?', '!', '"', '”', '’']);
    // `in` is an inch, but more often it is not; single small letters are as often names.
    let is_word = word == "in" || word.len() == 1 && word.starts_with(char::is_lowercase);
    word.len() <= LONGEST && !is_word && word.split('/').all(is_builtin_unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        assert_eq!(together(text), expected.replace('~', "\u{a0}"));
    }

    #[test]
    fn a_number_stays_with_its_unit() {
        check("25 %, then 12 GB/s; 5 K.", "25~%, then 12~GB/s; 5~K.");
        check(
            "(20–30 °C) and 15 A at 120 V",
            "(20–30~°C) and 15~A at 120~V",
        );
        check("35 mm of 4 TB", "35~mm of 4~TB");
    }

    #[test]
    fn words_after_numbers_may_start_a_line() {
        for text in [
            "5 in a row",
            "24 cards",
            "2 a day",
            "in 2024 the",
            "4 x 4",
            "7",
            "3 ",
            "  ",
        ] {
            check(text, text);
        }
    }
}
