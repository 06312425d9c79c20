//! Figures that prose has between single braces, or in a block of a template
//! language: they were meant to be filled in.

mod finder;

use std::ops::Range;

pub use finder::BracesFinder;

/// Braces that fill in nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Braces<'a> {
    /// A figure that was meant.
    Figure(&'a str),
    /// A tag of a template language, such as `{% raw %}`.
    Tag,
}

impl Braces<'_> {
    /// What is wrong with them, and what to write.
    pub fn told(self) -> (&'static str, String) {
        match self {
            Self::Figure(figure) => (
                "a figure stands between two braces on each side",
                format!("write `{{{{ {figure} }}}}`, or `\\{{` for the brace itself"),
            ),
            Self::Tag => (
                "this tag of a template language is shown as it is",
                "leave it out: braces are left alone in code, and `\\{{` prints them in a text"
                    .to_owned(),
            ),
        }
    }
}

/// The places of such braces in a text. A tag that ends or goes on with another
/// is told with that one.
pub fn single_braces(text: &str) -> Vec<(Range<usize>, Braces<'_>)> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(at) = text[from..].find('{').map(|at| from + at) {
        from = at + 1;
        let Some(length) = text[from..].find('}') else {
            break;
        };
        let inner = &text[from..from + length];
        let is_double = text[..at].ends_with('{') || inner.starts_with('{');
        let tag = inner.strip_prefix('%');
        let word = inner.trim_matches(['%', ' ', '-']);
        let braces = match tag {
            _ if is_double => None,
            _ if is_figure(word) => Some(Braces::Figure(word)),
            Some(_) if word.starts_with("end") || word.starts_with("else") => None,
            Some(_) => Some(Braces::Tag),
            None => None,
        };
        found.extend(braces.map(|braces| (at..from + length + 1, braces)));
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
            .map(|(_, braces)| match braces {
                Braces::Figure(figure) => figure,
                Braces::Tag => "tag",
            })
            .collect()
    }

    #[test]
    fn only_what_looks_like_a_figure_is_found() {
        assert_eq!(
            figures("a { bike.steppe.price } b {this.weight}"),
            ["bike.steppe.price", "this.weight"]
        );
        assert_eq!(figures("{% this.price %} {% endfor %}"), ["this.price"]);
        assert_eq!(figures("{% raw %}{{ x }}{% endraw %}"), ["tag"]);
        assert_eq!(figures("{%- if a %} b {% else %} c {% end %}"), ["tag"]);
        assert_eq!(figures("{ a } {B.c} {{ a.b }} {1.5} { a.b"), [""; 0]);
        let long = "{".repeat(100_000);
        assert_eq!(figures(&long), [""; 0]);
    }
}
