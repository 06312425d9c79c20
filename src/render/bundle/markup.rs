//! The markup of rendered pages, attribute by attribute: what a bundle needs to
//! lead links elsewhere. It reads HTML that this program wrote, so tags are
//! well formed and attribute values quoted; anything else is passed through.

use std::fmt::Write as _;

use crate::render::escape::Escaped;

/// What becomes of an attribute.
#[derive(Debug, PartialEq, Eq)]
pub enum Change {
    Keep,
    Drop,
    /// Another value, not yet escaped.
    Set(String),
    /// The same, and an attribute after it.
    SetWith(String, (&'static str, String)),
}

/// An attribute as a rewriter sees it.
#[derive(Clone, Copy, Debug)]
pub struct Attribute<'a> {
    pub tag: &'a str,
    pub name: &'a str,
    /// As written, with its entities.
    pub value: &'a str,
    /// The other attributes of the tag, as written.
    pub tag_text: &'a str,
}

/// Elements that end a line: white space beside one of their tags is not shown.
const BLOCKS: [&str; 29] = [
    "article",
    "blockquote",
    "caption",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "header",
    "li",
    "nav",
    "ol",
    "p",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "th",
    "thead",
    "tr",
    "ul",
];

/// The HTML with each attribute that has a value as `change` says, and without
/// the lines between blocks. Contents of scripts and comments stay as they are.
pub fn rewrite(html: &str, change: &mut dyn FnMut(Attribute<'_>) -> Change) -> String {
    let mut out = String::with_capacity(html.len() + html.len() / 8);
    let mut rest = html;
    let mut after_block = false;
    while let Some(open) = rest.find('<') {
        let between = &rest[..open];
        rest = &rest[open..];
        let line = between.starts_with('\n') && between.trim_ascii().is_empty();
        if !(line && (after_block || is_block(rest))) {
            out.push_str(between);
        }
        after_block = is_block(rest);
        if rest.starts_with("<!--") {
            let end = rest.find("-->").map_or(rest.len(), |i| i + 3);
            out.push_str(&rest[..end]);
            rest = &rest[end..];
            continue;
        }
        let end = tag_end(rest);
        let tag = &rest[..end];
        let name = tag_name(tag);
        if name.is_empty() {
            let end = if rest.starts_with("</") { end } else { 1 };
            if !is_implied(&rest[..end], &rest[end..]) {
                out.push_str(&rest[..end]);
            }
            rest = &rest[end..];
            continue;
        }
        rewrite_tag(&mut out, tag, name, change);
        rest = &rest[end..];
        if name.eq_ignore_ascii_case("script") {
            let end = rest.find("</script").unwrap_or(rest.len());
            out.push_str(&rest[..end]);
            rest = &rest[end..];
        }
    }
    out.push_str(rest);
    out
}

/// End tags that HTML does without, and what must follow them for that.
const IMPLIED: [(&str, &[&str]); 5] = [
    ("</td>", &["<td", "<th", "</tr>"]),
    ("</th>", &["<td", "<th", "</tr>"]),
    ("</tr>", &["<tr", "</tbody>"]),
    ("</li>", &["<li", "</ul>", "</ol>"]),
    ("</dd>", &["<dt", "<dd", "</dl>"]),
];

fn is_implied(tag: &str, after: &str) -> bool {
    let after = after.trim_ascii_start();
    let found = IMPLIED.iter().find(|(end, _)| *end == tag);
    found.is_some_and(|(_, followers)| {
        let follows = |start: &&str| {
            let rest = after.strip_prefix(*start);
            rest.is_some_and(|r| !r.starts_with(|c: char| c.is_ascii_alphanumeric()))
        };
        followers.iter().any(follows)
    })
}

/// Whether a text starts with a tag of a block.
fn is_block(text: &str) -> bool {
    let name = text[1..].trim_start_matches('/');
    let end = name.find(|c: char| !c.is_ascii_alphanumeric());
    BLOCKS.contains(&&name[..end.unwrap_or(name.len())])
}

/// The name of a start tag; empty for anything else.
fn tag_name(tag: &str) -> &str {
    let name = &tag[1..];
    let length = name
        .find(|c: char| c.is_whitespace() || c == '>' || c == '/')
        .unwrap_or(name.len());
    match name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        true => &name[..length],
        false => "",
    }
}

/// Where a tag ends: behind the first `>` that is not quoted.
fn tag_end(tag: &str) -> usize {
    let mut quote = None;
    for (at, byte) in tag.bytes().enumerate() {
        match (quote, byte) {
            (None, b'"' | b'\'') => quote = Some(byte),
            (None, b'>') => return at + 1,
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    tag.len()
}

fn rewrite_tag(
    out: &mut String,
    tag: &str,
    name: &str,
    change: &mut dyn FnMut(Attribute<'_>) -> Change,
) {
    let mut from = 0;
    while let Some(equals) = tag[from..].find("=\"").map(|i| from + i) {
        let value_start = equals + 2;
        let Some(length) = tag[value_start..].find('"') else {
            break;
        };
        let start = tag[from..equals]
            .rfind(char::is_whitespace)
            .map_or(from, |i| from + i);
        let attribute = Attribute {
            tag: name,
            name: tag[start..equals].trim_start(),
            value: &tag[value_start..value_start + length],
            tag_text: tag,
        };
        out.push_str(&tag[from..start]);
        match change(attribute) {
            Change::Keep => out.push_str(&tag[start..value_start + length + 1]),
            Change::Drop => {}
            Change::Set(value) => put(out, attribute.name, &value),
            Change::SetWith(value, (name, other)) => {
                put(out, attribute.name, &value);
                put(out, name, &other);
            }
        }
        from = value_start + length + 1;
    }
    out.push_str(&tag[from..]);
}

fn put(out: &mut String, name: &str, value: &str) {
    write!(out, " {name}=\"{}\"", Escaped(value)).expect("writing to a string never fails");
}

/// A value with its entities resolved, as far as this program writes any.
pub fn unescape(value: &str) -> String {
    value
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace("&#x2F;", "/")
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&")
}

/// The HTML without the elements that carry an attribute, which hold no other
/// element of their own name.
pub fn without(html: &str, attribute: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(attribute) {
        let open = rest[..at].rfind('<').unwrap_or(at);
        let close = format!("</{}>", tag_name(&rest[open..]));
        let end = rest[at..].find(&close).map(|i| at + i + close.len());
        let Some(end) = end.filter(|_| open < at && close.len() > 3) else {
            out.push_str(&rest[..at + attribute.len()]);
            rest = &rest[at + attribute.len()..];
            continue;
        };
        out.push_str(&rest[..open]);
        rest = &rest[end..];
    }
    out.push_str(rest);
    out
}

/// What stands in the first element that starts with `open`, up to `close`.
pub fn inner<'a>(html: &'a str, open: &str, close: &str) -> Option<&'a str> {
    let start = html.find(open)?;
    let start = start + tag_end(&html[start..]);
    let end = html[start..].find(close)?;
    Some(&html[start..start + end])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &str) {
        let found = rewrite(html, &mut |a| match a.name {
            "href" => Change::Set(format!("[{}]", a.value)),
            "srcset" => Change::Drop,
            _ => Change::Keep,
        });
        assert_eq!(found, expected);
    }

    #[test]
    fn attributes_change_and_text_stays() {
        check(
            "a < b <a class=\"x\" href=\"y>z\" hidden>href=\"no\"</a>",
            "a < b <a class=\"x\" href=\"[y&gt;z]\" hidden>href=\"no\"</a>",
        );
        check("<img srcset=\"a\" alt=\"b\">", "<img alt=\"b\">");
        check("<br/><hr>", "<br/><hr>");
    }

    #[test]
    fn lines_between_blocks_go_and_those_in_code_stay() {
        check(
            "<ul>\n<li>a</li>\n\n<li>b</li>\n</ul>",
            "<ul><li>a<li>b</ul>",
        );
        check("<p><i>a</i>\n<b>b</b></p>", "<p><i>a</i>\n<b>b</b></p>");
        check("<p>a\n</p> <p>", "<p>a\n</p> <p>");
        check(
            "<pre><i>a</i>\n<i>b</i></pre>",
            "<pre><i>a</i>\n<i>b</i></pre>",
        );
    }

    #[test]
    fn end_tags_that_are_implied_go() {
        check(
            "<table><thead><tr><th>a</th></tr></thead>\n<tbody><tr><td>b</td>\n<td>c</td></tr><tr><th>d</th></tr></tbody></table>",
            "<table><thead><tr><th>a</tr></thead><tbody><tr><td>b<td>c<tr><th>d</tbody></table>",
        );
        check("<td>a</td><thead>", "<td>a</td><thead>");
        check("<li>a</li> b", "<li>a</li> b");
    }

    #[test]
    fn scripts_and_comments_are_left_alone() {
        let html = "<script type=\"x\">\"<a href=\\\"b\\\">\"</script><!-- <a href=\"c\"> -->";
        check(html, html);
    }

    #[test]
    fn values_are_escaped_again() {
        let found = rewrite("<a href=\"a&amp;b\">", &mut |a| {
            Change::Set(unescape(a.value))
        });
        assert_eq!(found, "<a href=\"a&amp;b\">");
    }

    #[test]
    fn marked_elements_are_left_out() {
        let html = "<p>a</p><ul data-online><li>b</li></ul><p data-online>c</p>d";
        assert_eq!(without(html, " data-online"), "<p>a</p>d");
        assert_eq!(
            without("x data-online y", " data-online"),
            "x data-online y"
        );
    }

    #[test]
    fn an_element_is_found_by_its_start() {
        let html = "<p><main id=\"main\" title=\">\">in</main>";
        assert_eq!(inner(html, "<main", "</main>"), Some("in"));
        assert_eq!(inner(html, "<nav", "</nav>"), None);
    }
}
