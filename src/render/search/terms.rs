//! Text to terms, by the rules that the theme's search follows, too: its README
//! gives them.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longer terms are dropped.
const TERM: usize = 40;

/// Calls `found` with the terms of a text, in its order.
pub fn each_term(text: &str, found: &mut dyn FnMut(&str)) {
    let folded = match text.is_ascii() {
        true => text.to_ascii_lowercase(),
        false => {
            let bare: String = text.nfkd().filter(|c| !is_combining_mark(*c)).collect();
            bare.nfc().flat_map(char::to_lowercase).collect()
        }
    };
    let letters: Vec<char> = folded.chars().collect();
    let mut term = String::new();
    let mut length = 0;
    let digit = |at: usize| letters.get(at).is_some_and(char::is_ascii_digit);
    for (i, c) in letters.iter().enumerate() {
        let between = i > 0 && digit(i - 1) && digit(i + 1);
        let thousands = between && digit(i + 2) && digit(i + 3) && !digit(i + 4);
        match c {
            ',' if thousands => {}
            '.' if between => {
                term.push('.');
                length += 1;
            }
            c if is_single(*c) => {
                flush(&mut term, &mut length, found);
                found(c.encode_utf8(&mut [0; 4]));
            }
            c if c.is_alphanumeric() => {
                term.push(*c);
                length += 1;
            }
            _ => flush(&mut term, &mut length, found),
        }
    }
    flush(&mut term, &mut length, found);
}

/// Characters of scripts without spaces are terms of their own.
fn is_single(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{AC00}'..='\u{D7AF}')
}

fn flush(term: &mut String, length: &mut usize, found: &mut dyn FnMut(&str)) {
    if *length > 0 && *length <= TERM {
        found(term);
    }
    term.clear();
    *length = 0;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(text: &str) -> Vec<String> {
        let mut terms = Vec::new();
        each_term(text, &mut |term| terms.push(term.to_owned()));
        terms
    }

    #[test]
    fn terms_follow_the_theme_s_rules() {
        assert_eq!(
            terms("The 1,599.50 USD Café-RTX4090"),
            ["the", "1599.50", "usd", "cafe", "rtx4090"]
        );
        assert_eq!(terms("12,3456 and 1,23"), ["12", "3456", "and", "1", "23"]);
        assert_eq!(terms("v2.0. end"), ["v2.0", "end"]);
        assert_eq!(terms("重い車"), ["重", "い", "車"]);
        assert_eq!(terms(&"x".repeat(41)), Vec::<String>::new());
    }
}
