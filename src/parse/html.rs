//! Tags and comments in the author's HTML, found as the WHATWG's tokenizer
//! finds them: a text that only looks like a tag or an attribute is none. In
//! comes the HTML of one block or of one inline element; nothing is read
//! across its end, where Markdown goes on.

use std::borrow::Cow;
use std::ops::Range;

use super::entities::decode;

/// What stands between texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Markup<'a> {
    Tag(HtmlTag<'a>),
    /// A tag that nothing ends, to the end of the HTML.
    OpenTag(Range<usize>),
    /// A comment that nothing ends, to the end of the HTML.
    OpenComment(Range<usize>),
}

/// An opening or a closing tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlTag<'a> {
    /// From its `<` to behind its `>`.
    pub range: Range<usize>,
    pub name: &'a str,
    pub closes: bool,
    /// Whether a `>` ends it.
    pub is_whole: bool,
    /// As written, also those given twice.
    pub attributes: Vec<HtmlAttribute<'a>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlAttribute<'a> {
    pub range: Range<usize>,
    pub name: &'a str,
    /// Without its quotes; empty where none is given.
    pub value: Range<usize>,
}

/// The address of a link or an image.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HtmlAddress<'a> {
    /// With its entities read.
    pub address: Cow<'a, str>,
    /// The value without its quotes.
    pub range: Range<usize>,
    /// The whole attribute.
    pub attribute: Range<usize>,
    pub image: bool,
}

impl<'a> HtmlTag<'a> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Whether its element shows a text letter by letter, as code is.
    pub fn is_code(&self) -> bool {
        CODE.iter().any(|name| self.is(name))
    }

    /// Whether its element's text holds no tags.
    pub fn has_raw_text(&self) -> bool {
        RAW_TEXT.iter().any(|name| self.is(name))
    }

    /// The first attribute of a name: a parser ignores further ones.
    pub fn attribute(&self, name: &str) -> Option<&HtmlAttribute<'a>> {
        let mut attributes = self.attributes.iter();
        attributes.find(|attribute| attribute.name.eq_ignore_ascii_case(name))
    }

    /// Where a link leads or an image is from; `html` is what the tag is of.
    pub fn address(&self, html: &'a str) -> Option<HtmlAddress<'a>> {
        let image = self.is("img");
        if self.closes || !image && !self.is("a") {
            return None;
        }
        let found = self.attribute(if image { "src" } else { "href" })?;
        Some(HtmlAddress {
            address: decode(&html[found.value.clone()]),
            range: found.value.clone(),
            attribute: found.range.clone(),
            image,
        })
    }
}

/// Tags and what is open, in their order. Each place is read once, so that a
/// page costs no more than its length.
pub fn html_markup(html: &str) -> impl Iterator<Item = Markup<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        while let Some(start) = html[from..].find('<').map(|at| from + at) {
            let rest = &html[start + 1..];
            let name = rest.strip_prefix('/').unwrap_or(rest);
            if name.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let tag = html_tag(html, start);
                from = tag.range.end;
                if !tag.is_whole {
                    return Some(Markup::OpenTag(tag.range));
                }
                if !tag.closes {
                    from += raw_text(tag.name, &html[from..]);
                }
                return Some(Markup::Tag(tag));
            }
            match html_comment(rest) {
                Some(Some(length)) => from = start + 1 + length,
                Some(None) => {
                    from = html.len();
                    return Some(Markup::OpenComment(start..html.len()));
                }
                None => from = start + 1,
            }
        }
        None
    })
}

/// The tags of some HTML.
pub fn html_tags(html: &str) -> impl Iterator<Item = HtmlTag<'_>> {
    html_markup(html).filter_map(|markup| match markup {
        Markup::Tag(tag) => Some(tag),
        Markup::OpenTag(_) | Markup::OpenComment(_) => None,
    })
}

/// The tag whose `<` and, perhaps, `/` stand before a letter at a place.
pub fn html_tag(html: &str, start: usize) -> HtmlTag<'_> {
    let closes = html[start + 1..].starts_with('/');
    let name = start + 1 + usize::from(closes);
    let mut at = until(html, name, ends_name);
    let mut tag = HtmlTag {
        range: start..html.len(),
        name: &html[name..at],
        closes,
        is_whole: false,
        attributes: Vec::new(),
    };
    loop {
        at = until(html, at, |byte| !is_space(byte) && byte != b'/');
        match html.as_bytes().get(at) {
            None => return tag,
            Some(b'>') => {
                tag.range.end = at + 1;
                tag.is_whole = true;
                return tag;
            }
            Some(_) => {
                let attribute = attribute(html, at);
                at = attribute.range.end;
                tag.attributes.push(attribute);
            }
        }
    }
}

/// The attribute that starts at a place. A quoted value that nothing ends goes
/// to the end.
fn attribute(html: &str, start: usize) -> HtmlAttribute<'_> {
    // An equals sign at the start is part of the name.
    let end = until(html, start + 1, |byte| ends_name(byte) || byte == b'=');
    let found = |range_end, value| HtmlAttribute {
        range: start..range_end,
        name: &html[start..end],
        value,
    };
    let equals = until(html, end, |byte| !is_space(byte));
    if html.as_bytes().get(equals) != Some(&b'=') {
        return found(end, end..end);
    }
    let value = until(html, equals + 1, |byte| !is_space(byte));
    match html.as_bytes().get(value) {
        Some(&quote @ (b'"' | b'\'')) => {
            let close = until(html, value + 1, |byte| byte == quote);
            found((close + 1).min(html.len()), value + 1..close)
        }
        _ => {
            let close = until(html, value, |byte| is_space(byte) || byte == b'>');
            found(close, value..close)
        }
    }
}

/// How long the comment is that stands behind a `<`, and none if it is no
/// comment; within, none if nothing ends it. Declarations and instructions
/// are comments as well.
pub fn html_comment(rest: &str) -> Option<Option<usize>> {
    if let Some(text) = rest.strip_prefix("!--") {
        let at_once = ["->", ">"].into_iter().find(|end| text.starts_with(end));
        if let Some(end) = at_once {
            return Some(Some("!--".len() + end.len()));
        }
        let mut ends = text.match_indices('>').map(|(at, _)| at);
        let end = ends.find(|&at| text[..at].ends_with("--") || text[..at].ends_with("--!"));
        return Some(end.map(|end| "!--".len() + end + 1));
    }
    let is_other = rest.starts_with(['!', '?']) || rest.starts_with('/') && rest.len() > 1;
    is_other.then(|| rest.find('>').map(|at| at + 1))
}

/// How much of what follows an element's tag is its text, whatever it looks
/// like.
fn raw_text(name: &str, rest: &str) -> usize {
    if !RAW_TEXT.iter().any(|raw| raw.eq_ignore_ascii_case(name)) {
        return 0;
    }
    let ends = |&(at, _): &(usize, &str)| {
        let behind = &rest[at + 2..];
        let is_name = (behind.get(..name.len())).is_some_and(|b| b.eq_ignore_ascii_case(name));
        is_name && behind[name.len()..].starts_with(|c: char| c.is_ascii() && ends_name(c as u8))
    };
    rest.match_indices("</")
        .find(ends)
        .map_or(rest.len(), |(at, _)| at)
}

const CODE: [&str; 5] = ["code", "kbd", "pre", "samp", "var"];

/// Elements whose text holds no tags and no comments.
pub const RAW_TEXT: &[&str] = &[
    "iframe",
    "noembed",
    "noframes",
    "noscript",
    "plaintext",
    "script",
    "style",
    "textarea",
    "title",
    "xmp",
];

/// The first place from one on whose byte is like this. Only ASCII is looked
/// for, so that it is a boundary of characters.
fn until(html: &str, from: usize, is_like: impl Fn(u8) -> bool) -> usize {
    let rest = html.as_bytes().get(from..).unwrap_or_default();
    let found = rest.iter().position(|&byte| is_like(byte));
    found.map_or(html.len(), |at| from + at)
}

fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0c)
}

fn ends_name(byte: u8) -> bool {
    is_space(byte) || matches!(byte, b'/' | b'>')
}

/// The HTML of a block, gathered from its lines: what containers write before
/// each is no part of it.
#[derive(Debug, Default)]
pub struct HtmlBlock {
    pub text: String,
    /// Where lines start in the text and in the source.
    lines: Vec<(usize, usize)>,
}

impl HtmlBlock {
    /// Adds what stands at a place of the source.
    pub fn push(&mut self, html: &str, start: usize) {
        self.lines.push((self.text.len(), start));
        self.text.push_str(html);
    }

    /// Where a range of the text stands in the source.
    pub fn place(&self, range: Range<usize>) -> Range<usize> {
        let last = range.end.max(range.start + 1) - 1;
        self.at(range.start)..self.at(last) + range.len().min(1)
    }

    fn at(&self, place: usize) -> usize {
        let line = self.lines.partition_point(|&(start, _)| start <= place);
        match line.checked_sub(1).and_then(|line| self.lines.get(line)) {
            Some((start, source)) => source + (place - start),
            None => place,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &[&str]) {
        let addresses = html_tags(html).filter_map(|tag| tag.address(html));
        let found: Vec<String> = addresses
            .map(|a| format!("{}{}", if a.image { "!" } else { "" }, a.address))
            .collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn addresses_are_found_however_they_are_written() {
        check(
            "<a title=\"x=y\" href='a'>b</a><img src=\"c d\" alt='href='>",
            &["a", "!c d"],
        );
        check(
            "<A HREF=\"a\"><IMG\tSRC = b><a x/href=c>",
            &["a", "!b", "c"],
        );
        check("<a\nhref=c\nid=d><img/src='e'/>", &["c", "!e"]);
        check("<img alt=\"x > src='a' z\" src=\"b\">", &["!b"]);
        check("<a title='<' href='c'><a href>", &["c", ""]);
        check("<img src=a src=b><a x='1'href=c>", &["!a", "c"]);
        check(
            "<a href='&#47;a?b&amp;c&#x3D;d&no;&#xFFFFFFFF;&#+47;&#x+3D;'>",
            &["/a?b&c=d&no;&#xFFFFFFFF;&#+47;&#x+3D;"],
        );
        check("<i =href=a><a =\"><a href=b>", &["b"]);
    }

    #[test]
    fn what_only_looks_like_an_address_is_none() {
        for html in [
            "<p>write src=\"a\"</p><code>a href='b'</code> </a href='c'>",
            "<p>src=a href=\"b\"</p>",
            "<a data-href=\"b\" src=c><img href=d><video src=e>",
            "<!-- <a href='a'> --><!DOCTYPE <a><?a <a?>",
            "<script>'<img src=a>'</script><TITLE><a href=b></titles></Title >",
            "< a href='a'> <3 a href='b'>",
            "<a href=\"a>",
            "<a href=a",
            "<!-- <a href=a>",
        ] {
            check(html, &[]);
        }
        check("<!--><a href=a>--><!---><a href=b>-->", &["a", "b"]);
        check("<!-- x --!><a href=a>", &["a"]);
    }

    #[test]
    fn what_is_not_ended_is_told() {
        let open = |html| html_markup(html).last();
        assert_eq!(open("é <a b='>"), Some(Markup::OpenTag(3..10)));
        assert_eq!(open("a <b </b"), Some(Markup::OpenTag(2..8)));
        assert_eq!(open("<!-- a --"), Some(Markup::OpenComment(0..9)));
        assert_eq!(open("a <"), None);
        assert_eq!(open("a </"), None);
    }

    #[test]
    fn lines_of_a_block_keep_their_places() {
        let mut block = HtmlBlock::default();
        block.push("<a\n", 10);
        block.push("b>", 15);
        assert_eq!(block.place(0..5), 10..17);
        assert_eq!(block.place(3..4), 15..16);
        assert_eq!(block.place(3..3), 15..15);
    }
}
