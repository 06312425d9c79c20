//! The author's own HTML: what can act, load or break the page is taken out,
//! by an allow-list of elements and attributes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use ammonia::Builder;

use super::{Host, PLACE};
use crate::parse::{HtmlTag, Markup, html_markup, html_tags};
use crate::render::escape::escape;
use crate::site::SCHEMES;

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
        .url_schemes(SCHEMES.into_iter().collect())
        .attribute_filter(|_, name, value| (name != "src" || is_own(value)).then(|| value.into()))
        .link_rel(None)
        .strip_comments(true);
    builder.clean(html).to_string()
}

/// Whether an image's address is one that a [`Host`] gave. Whatever a parser
/// took for an image where this program did not is left without one.
fn is_own(address: &str) -> bool {
    address.starts_with("./") || address.starts_with("../")
}

/// The author's HTML of one block or element with its addresses resolved as
/// those of Markdown are. A link that leads nowhere loses its address, and an
/// image that can't be shown is left out. What nothing ends would take in the
/// page that follows: a tag stays as text, a comment ends with the block.
pub fn resolve(html: &str, host: &mut dyn Host) -> String {
    let mut resolved = String::with_capacity(html.len());
    let mut end = 0;
    for markup in html_markup(html) {
        let (place, written) = match markup {
            // The author can't write what stands for a generated block.
            Markup::Tag(tag) if tag.is(PLACE) => (tag.range, String::new()),
            Markup::Tag(tag) => match resolved_tag(html, &tag, host) {
                Some(found) => found,
                None => continue,
            },
            Markup::OpenTag(range) => (range.clone(), escape(&html[range])),
            Markup::OpenComment(range) => (range, String::new()),
        };
        resolved.push_str(&html[end..place.start]);
        resolved.push_str(&written);
        end = place.end;
    }
    resolved.push_str(&html[end..]);
    resolved
}

/// What of a tag is written otherwise, and how.
fn resolved_tag(
    html: &str,
    tag: &HtmlTag<'_>,
    host: &mut dyn Host,
) -> Option<(Range<usize>, String)> {
    let found = tag.address(html)?;
    let (name, written) = match found.image {
        true => ("src", host.image(&found.address)),
        false => ("href", host.link(&found.address)),
    };
    match written {
        // As written: its entities stay entities.
        Some(written) if written == found.address => None,
        Some(written) => Some((found.attribute, format!("{name}=\"{}\"", escape(&written)))),
        None if found.image => Some((tag.range.clone(), String::new())),
        None => Some((found.attribute, String::new())),
    }
}

/// Elements and attributes that will be taken out of a piece of HTML, each once
/// and where it is first, for warnings. An end goes with its beginning, which
/// may be in another piece.
pub fn removed_by_sanitising(html: &str) -> Vec<(String, Range<usize>)> {
    let mut told = HashSet::new();
    let begin = html_tags(html).filter(|tag| !tag.closes);
    let removed = begin.filter_map(|tag| removed_of_tag(&tag));
    removed
        .filter(|(what, _)| told.insert(what.clone()))
        .collect()
}

fn removed_of_tag(tag: &HtmlTag<'_>) -> Option<(String, Range<usize>)> {
    if !ELEMENTS.iter().any(|name| tag.is(name)) || tag.is(PLACE) {
        let name = tag.name.to_ascii_lowercase();
        return Some((format!("element `{name}`"), tag.range.clone()));
    }
    tag.attributes.iter().find_map(|attribute| {
        let name = attribute.name.to_ascii_lowercase();
        let acts = name.starts_with("on") || name == "style" || name == "srcdoc";
        acts.then(|| (format!("attribute `{name}`"), attribute.range.clone()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(html: &str, expected: &[&str]) {
        let removed = removed_by_sanitising(html);
        let found: Vec<_> = removed.iter().map(|(what, _)| what.as_str()).collect();
        assert_eq!(found, expected, "{html}");
    }

    #[test]
    fn what_is_taken_out_is_named_once() {
        check("<a <b <i >x</i>", &[]);
        check(
            "<a><marquee>x</marquee><BLINK>",
            &["element `marquee`", "element `blink`"],
        );
        check("<a <b ONCLICK=\"x\">", &["attribute `onclick`"]);
        check("<p/style=x>", &["attribute `style`"]);
    }

    #[test]
    fn what_only_looks_like_a_tag_is_not() {
        check("<img alt=\"<script> onload=x\"><!-- <style> -->", &[]);
        check("<p>onclick=\"x\" style=y < script ></p>", &[]);
    }

    #[test]
    fn no_image_of_another_site_is_left_by_any_spelling() {
        for html in [
            "<img src=//x><img src='https://x'><img src=/\\x>",
            "<image src=//x><svg><title><img src=//x></title></svg>",
            "<img src=' \t//x'><img src=&#47;/x><img src='\\\\x'>",
            "<div title=\"<p>\"<img src=//x>",
        ] {
            let left = sanitise(html);
            assert!(!left.contains("src"), "{html}: {left}");
        }
        let own = "<img src=\"./a.png\"><img src=\"../b.png\">";
        assert_eq!(sanitise(own), own);
    }
}
