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
    /// Where its tag starts, unless that is before the piece.
    pub tag: Option<usize>,
    pub image: bool,
    pub quoted: bool,
}

/// The addresses in their order. Each place is looked at once, so that a page
/// of links costs no more than its length.
pub fn html_addresses(html: &str) -> impl Iterator<Item = HtmlAddress> {
    let mut from = 0;
    let mut place = Place::Unknown;
    std::iter::from_fn(move || {
        while let Some(mark) = html[from..].find(['<', '>', '=']).map(|i| from + i) {
            from = mark + 1;
            match html.as_bytes()[mark] {
                b'<' => place = place.behind(mark, html.as_bytes().get(from)),
                b'>' => place = Place::Text,
                _ if place == Place::Text => {}
                _ => {
                    let (range, quoted) = value(html, from)?;
                    // Without quotes it may as well be a text.
                    if !quoted && place == Place::Unknown {
                        continue;
                    }
                    from = range.end + usize::from(quoted);
                    let Some(image) = names_address(&html[..mark]) else {
                        continue;
                    };
                    let name = html[..mark].trim_end().len() - if image { 3 } else { 4 };
                    return Some(HtmlAddress {
                        attribute: name..from,
                        range,
                        tag: place.tag(),
                        image,
                        quoted,
                    });
                }
            }
        }
        None
    })
}

/// The value behind an equals sign, and whether it has quotes; none if they
/// don't end.
fn value(html: &str, behind: usize) -> Option<(Range<usize>, bool)> {
    let start = html.len() - html[behind..].trim_start().len();
    if let Some(quote @ ('"' | '\'')) = html[start..].chars().next() {
        let length = html[start + 1..].find(quote)?;
        return Some((start + 1..start + 1 + length, true));
    }
    let ends = |c: char| c.is_whitespace() || c == '>';
    let length = html[start..].find(ends).unwrap_or(html.len() - start);
    Some((start..start + length, false))
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

/// Where a place is.
#[derive(Clone, Copy, PartialEq)]
enum Place {
    /// Before any tag: perhaps in one that an earlier line opened.
    Unknown,
    /// In a tag that starts here.
    Tag(usize),
    Text,
}

impl Place {
    /// Where it is behind a `<`.
    fn behind(self, mark: usize, next: Option<&u8>) -> Self {
        match (self, next) {
            (Self::Tag(_), _) if !matches!(next, Some(b'/')) => self,
            (_, Some(c)) if c.is_ascii_alphabetic() => Self::Tag(mark),
            (_, Some(b'/' | b'!')) => Self::Text,
            _ => self,
        }
    }

    fn tag(self) -> Option<usize> {
        match self {
            Self::Tag(start) => Some(start),
            _ => None,
        }
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
            found("<p>write src=\"a\"</p><code>a href='b'</code> </p href='c'>"),
            [""; 0],
            "a text"
        );
        assert_eq!(
            found("<img alt=\"x > src='a' z\" src=\"b\"><a title='<' href='c'>"),
            ["!b", "c"]
        );
        assert_eq!(found("class=\"a > b\" href=\"c\">d"), ["c"]);
        assert_eq!(
            found("<p>src=a</p> data-src=\"b\" <a\nhref=c\nid=d>"),
            ["c"]
        );
        assert_eq!(found("<a href=\"a"), [""; 0], "not closed");
    }
}
