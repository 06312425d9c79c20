//! The addresses in a piece of the author's HTML, which may be a line of a
//! longer tag.

use std::ops::Range;

/// An address: the value of an `href` or a `src`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlAddress {
    /// The value without its quotes.
    pub range: Range<usize>,
    /// The whole attribute.
    pub attribute: Range<usize>,
    pub image: bool,
    pub quoted: bool,
}

/// The addresses in their order. Each place is looked at once, so that a page
/// of links costs no more than its length.
pub fn html_addresses(html: &str) -> impl Iterator<Item = HtmlAddress> {
    let mut from = 0;
    let mut tag = InTag::default();
    std::iter::from_fn(move || {
        while let Some(equals) = html[from..].find('=').map(|i| from + i) {
            from = equals + 1;
            let Some(image) = names_address(&html[..equals]) else {
                continue;
            };
            let space = html[from..].len() - html[from..].trim_start().len();
            let start = from + space;
            let (range, quoted) = match html[start..].chars().next()? {
                quote @ ('"' | '\'') => {
                    let length = html[start + 1..].find(quote)?;
                    (start + 1..start + 1 + length, true)
                }
                // Without quotes it may as well be a text.
                _ if !tag.at(html, equals) => continue,
                _ => {
                    let ends = |c: char| c.is_whitespace() || c == '>';
                    let length = html[start..].find(ends).unwrap_or(html.len() - start);
                    (start..start + length, false)
                }
            };
            from = range.end;
            let name = html[..equals].trim_end().len() - if image { 3 } else { 4 };
            return Some(HtmlAddress {
                attribute: name..range.end + usize::from(quoted),
                range,
                image,
                quoted,
            });
        }
        None
    })
}

/// Whether the name of an attribute with an address ends a text, and whether
/// it is an image's.
fn names_address(before: &str) -> Option<bool> {
    let before = before.trim_end();
    [("href", false), ("src", true)]
        .into_iter()
        .find_map(|(name, image)| {
            let at = before.len().checked_sub(name.len())?;
            let is_name = before.get(at..)?.eq_ignore_ascii_case(name);
            let above = before[..at].chars().next_back();
            let starts = above.is_none_or(|c| c.is_whitespace() || "/\"'".contains(c));
            (is_name && starts).then_some(image)
        })
}

/// Whether a place is inside of a tag that the piece opens.
#[derive(Default)]
struct InTag {
    looked_until: usize,
    open: bool,
}

impl InTag {
    /// For places in their order.
    fn at(&mut self, html: &str, place: usize) -> bool {
        let new = &html[self.looked_until..place];
        if let Some(last) = new.rfind(['<', '>']) {
            self.open = new[last..].starts_with('<');
        }
        self.looked_until = place;
        self.open
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_found_however_they_are_written() {
        let found = |html: &str| -> Vec<String> {
            let shown = |a: HtmlAddress| {
                let mark = if a.image { "!" } else { "" };
                format!("{mark}{}", &html[a.range])
            };
            html_addresses(html).map(shown).collect()
        };
        let html = "<a title=\"x=y\" href='a'>b</a><img src=\"c d\" alt='href='>";
        assert_eq!(found(html), ["a", "!c d"]);
        assert_eq!(
            found("<A HREF=\"a\"><IMG\tSRC = b><a x/href=c>"),
            ["a", "!b", "c"]
        );
        assert_eq!(found("href=\"a\""), ["a"], "a line of a longer tag");
        assert_eq!(
            found("<p>src=a</p> data-src=\"b\" <a\nhref=c\nid=d>"),
            ["c"]
        );
        assert_eq!(found("<a href=\"a"), [""; 0], "not closed");
    }
}
