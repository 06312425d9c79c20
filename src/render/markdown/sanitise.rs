//! The author's own HTML: what can act, load or break the page is taken out,
//! by an allow-list of elements and attributes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ammonia::Builder;

use super::limits::tag_length;
use super::{Host, PLACE};
use crate::parse::html_addresses;
use crate::render::escape::escape;

/// Elements that pages may hold. MathML, SVG and forms are made by this
/// program alone.
const ELEMENTS: &[&str] = &[
    "a",
    "abbr",
    "article",
    "aside",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "center",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "footer",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "i",
    "img",
    "input",
    "ins",
    "kbd",
    "li",
    "mark",
    "nav",
    "ol",
    "p",
    "picture",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "section",
    "small",
    "source",
    "span",
    "strike",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
    "wbr",
    PLACE,
];

/// Schemes that links and images of raw HTML may have.
const SCHEMES: &[&str] = &["http", "https", "mailto", "tel", "ftp"];

/// The HTML with everything else taken out.
pub fn sanitise(html: &str) -> String {
    let attributes: HashMap<&str, HashSet<&str>> = HashMap::from([
        ("a", HashSet::from(["href", "hreflang", "name", "download"])),
        (
            "img",
            HashSet::from(["src", "alt", "width", "height", "loading"]),
        ),
        ("input", HashSet::from(["disabled", "checked"])),
        ("ol", HashSet::from(["start", "reversed", "type"])),
        ("li", HashSet::from(["value"])),
        ("td", HashSet::from(["colspan", "rowspan", "headers"])),
        (
            "th",
            HashSet::from(["colspan", "rowspan", "headers", "scope"]),
        ),
        ("col", HashSet::from(["span"])),
        ("colgroup", HashSet::from(["span"])),
        ("details", HashSet::from(["open"])),
        ("time", HashSet::from(["datetime"])),
        ("del", HashSet::from(["datetime", "cite"])),
        ("ins", HashSet::from(["datetime", "cite"])),
        ("blockquote", HashSet::from(["cite"])),
        ("q", HashSet::from(["cite"])),
    ]);
    let mut builder = Builder::empty();
    builder
        .tags(ELEMENTS.iter().copied().collect())
        .tag_attributes(attributes)
        .tag_attribute_values(HashMap::from([(
            "input",
            HashMap::from([("type", HashSet::from(["checkbox"]))]),
        )]))
        .generic_attributes(HashSet::from([
            "class", "id", "title", "lang", "dir", "role",
        ]))
        .generic_attribute_prefixes(HashSet::from(["aria-"]))
        .clean_content_tags(HashSet::from([
            "script", "style", "iframe", "object", "template",
        ]))
        .url_schemes(SCHEMES.iter().copied().collect())
        .link_rel(None)
        .strip_comments(true);
    builder.clean(html).to_string()
}

/// A piece of the author's HTML with its addresses resolved as those of
/// Markdown are. A link that leads nowhere loses its address, and an image that
/// can't be shown is left out.
pub fn resolve_addresses(html: &str, host: &mut dyn Host) -> String {
    let mut resolved = String::with_capacity(html.len());
    let mut end = 0;
    for found in html_addresses(html) {
        if found.attribute.start < end {
            // Of an element that is left out.
            continue;
        }
        let address = &html[found.range.clone()];
        let written = match found.image {
            true => host.image(address),
            false => host.link(address),
        };
        let (place, written) = match written {
            // As written: its entities stay entities.
            Some(written) if written == address => {
                (found.attribute.clone(), html[found.attribute].to_owned())
            }
            Some(written) => {
                let name = if found.image { "src" } else { "href" };
                (found.attribute, format!("{name}=\"{}\"", escape(&written)))
            }
            None if found.image => (element(html, end, &found.attribute), String::new()),
            None => (found.attribute, String::new()),
        };
        resolved.push_str(&html[end..place.start]);
        resolved.push_str(&written);
        end = place.end;
    }
    resolved.push_str(&html[end..]);
    resolved
}

/// The tag around an attribute, as far as the piece holds it from a place on.
fn element(html: &str, from: usize, attribute: &Range<usize>) -> Range<usize> {
    let start = html[from..attribute.start].rfind('<').map(|at| from + at);
    let rest = &html[attribute.end..];
    let length = (tag_length(rest) + 1).min(rest.len());
    match start {
        Some(start) => start..attribute.end + length,
        None => attribute.clone(),
    }
}

/// Names of elements and attributes in a piece of HTML that will be taken
/// out, for a warning.
pub fn removed_by_sanitising(html: &str) -> Option<String> {
    // Each `<` ends the tag before it, so that tags without an end cost no more
    // than their length.
    html.split('<').skip(1).find_map(removed_of_tag)
}

/// The same of what follows one `<`.
fn removed_of_tag(text: &str) -> Option<String> {
    let tag = text.strip_prefix('/').unwrap_or(text);
    let end = tag
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(tag.len());
    let name = tag[..end].to_ascii_lowercase();
    if name.is_empty() || !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    if !ELEMENTS.contains(&name.as_str()) || name == PLACE {
        return Some(format!("element `{name}`"));
    }
    let inside = &tag[end..tag.find('>').unwrap_or(tag.len()).max(end)];
    active_attribute(inside).map(|attribute| format!("attribute `{attribute}`"))
}

fn active_attribute(inside: &str) -> Option<String> {
    inside
        .split(|c: char| c.is_whitespace() || c == '/')
        .filter_map(|word| {
            word.split_once('=')
                .map(|(name, _)| name.to_ascii_lowercase())
        })
        .find(|name| name.starts_with("on") || name == "style" || name == "srcdoc")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_taken_out_is_named() {
        let found = |html| removed_by_sanitising(html);
        assert_eq!(found("<a <b <i >x</i>"), None);
        assert_eq!(found("<a><marquee>").as_deref(), Some("element `marquee`"));
        let handler = found("<a <b onclick=\"x\">");
        assert_eq!(handler.as_deref(), Some("attribute `onclick`"));
    }
}
