//! Figures that prose has between single braces, or in a block of a template
//! language: they were meant to be filled in.

use std::ops::Range;

/// The places of such figures in a text, with the figure alone.
pub fn single_braces(text: &str) -> Vec<(Range<usize>, &str)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('{').map(|at| from + at) {
        from = at + 1;
        let Some(length) = text[from..].find('}') else {
            break;
        };
        let inner = &text[from..from + length];
        let is_double = text[..at].ends_with('{') || inner.starts_with('{');
        let figure = inner.trim().trim_matches('%').trim();
        if !is_double && is_figure(figure) {
            found.push((at..from + length + 1, figure));
        }
        from += length;
    }
    found
}

/// Whether a text is a dotted name.
pub fn is_figure(text: &str) -> bool {
    let is_name = |part: &str| {
        !part.is_empty()
            && part.starts_with(|c: char| c.is_ascii_lowercase())
            && part
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-' || b == b'_')
    };
    text.contains('.') && text.split('.').all(is_name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn figures(text: &str) -> Vec<&str> {
        single_braces(text)
            .into_iter()
            .map(|(_, figure)| figure)
            .collect()
    }

    #[test]
    fn only_what_looks_like_a_figure_is_found() {
        assert_eq!(
            figures("a { bike.steppe.price } b {this.weight}"),
            ["bike.steppe.price", "this.weight"]
        );
        assert_eq!(figures("{% this.price %} {% endfor %}"), ["this.price"]);
        assert_eq!(figures("{ a } {B.c} {{ a.b }} {1.5} { a.b"), [""; 0]);
        let long = "{".repeat(100_000);
        assert_eq!(figures(&long), [""; 0]);
    }
}
