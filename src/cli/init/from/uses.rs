//! What a body of Markdown refers to, and what of it would be more than text
//! here.

use std::ops::Range;

use pulldown_cmark::{Event, LinkType, Parser, Tag, TagEnd};

use crate::parse::{HtmlBlock, html_tags, markdown_options};
use crate::render::markdown::to_mathml;

/// A link or an image in a body.
pub(super) struct Use {
    /// The whole of it, and its address.
    pub range: Range<usize>,
    pub address: Range<usize>,
    pub url: String,
    pub image: bool,
    /// What stands for it where it leads nowhere.
    pub text: String,
    /// The text alone.
    pub label: String,
    /// What its address is called, if that stands elsewhere.
    pub reference: Option<String>,
}

/// The links and images of a body, in Markdown and in HTML.
pub(super) fn uses(body: &str) -> Vec<Use> {
    let mut found = Vec::new();
    let mut block: Option<HtmlBlock> = None;
    let mut in_heading = false;
    for (event, range) in Parser::new_ext(body, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(Tag::HtmlBlock) => block = Some(HtmlBlock::default()),
            Event::End(TagEnd::HtmlBlock) => {
                found.extend(block.take().iter().flat_map(uses_in_html));
            }
            Event::Html(html) | Event::InlineHtml(html) | Event::Text(html) if block.is_some() => {
                if let Some(block) = &mut block {
                    block.push(&html, range.start);
                }
            }
            Event::InlineHtml(html) => {
                let mut element = HtmlBlock::default();
                element.push(&html, range.start);
                found.extend(uses_in_html(&element));
            }
            Event::Start(Tag::Link {
                link_type,
                dest_url,
                id,
                ..
            }) if link_type != LinkType::Email => {
                let link = Written {
                    kind: link_type,
                    url: &dest_url,
                    name: &id,
                    image: false,
                    in_heading,
                };
                found.extend(use_in_markdown(body, range, &link));
            }
            Event::Start(Tag::Image {
                link_type,
                dest_url,
                id,
                ..
            }) => {
                let image = Written {
                    kind: link_type,
                    url: &dest_url,
                    name: &id,
                    image: true,
                    in_heading,
                };
                found.extend(use_in_markdown(body, range, &image));
            }
            Event::Start(Tag::Heading { .. }) => in_heading = true,
            Event::End(TagEnd::Heading(_)) => in_heading = false,
            _ => {}
        }
    }
    found
}

/// How a link or an image is written in Markdown.
struct Written<'a> {
    kind: LinkType,
    url: &'a str,
    /// What it is called where it stands elsewhere.
    name: &'a str,
    image: bool,
    in_heading: bool,
}

fn use_in_markdown(body: &str, range: Range<usize>, written: &Written<'_>) -> Option<Use> {
    let (kind, url) = (written.kind, written.url);
    let source = &body[range.clone()];
    let is_reference = !matches!(kind, LinkType::Inline | LinkType::Autolink);
    let reference = is_reference.then(|| written.name.to_owned());
    let at = match is_reference {
        true => 0,
        false => source.rfind(url)?,
    };
    let inner = source.trim_start_matches('!').trim_start_matches('[');
    let text = match kind {
        LinkType::Autolink => String::new(),
        LinkType::Inline => inner
            .rsplit_once("](")
            .map_or("", |(text, _)| text)
            .to_owned(),
        LinkType::Reference | LinkType::ReferenceUnknown => inner
            .rsplit_once("][")
            .map_or("", |(text, _)| text)
            .to_owned(),
        _ => {
            let inner = inner.strip_suffix("[]").unwrap_or(inner);
            inner.strip_suffix(']').unwrap_or(inner).to_owned()
        }
    };
    let label = text.clone();
    let text = match url.trim() {
        "" => text,
        _ if written.in_heading => text,
        url if text.is_empty() => format!("`{url}`"),
        url => format!("{text} (`{url}`)"),
    };
    Some(Use {
        address: range.start + at..range.start + at + url.len(),
        range,
        url: url.to_owned(),
        image: written.image,
        text,
        label,
        reference,
    })
}

/// Those in a piece of HTML: a link that leads nowhere loses its address, and an
/// image becomes its text.
fn uses_in_html(html: &HtmlBlock) -> Vec<Use> {
    let found = html_tags(&html.text).filter_map(|tag| {
        let found = tag.address(&html.text)?;
        let alt = tag
            .attribute("alt")
            .map(|alt| &html.text[alt.value.clone()]);
        let (range, text) = match found.image {
            true => {
                let text = format!("{} <code>{}</code>", alt.unwrap_or_default(), found.address);
                (tag.range.clone(), text.trim_start().to_owned())
            }
            false => (found.attribute, String::new()),
        };
        Some(Use {
            range: html.place(range),
            address: html.place(found.range),
            url: found.address.into_owned(),
            image: found.image,
            text,
            label: String::new(),
            reference: None,
        })
    });
    found.collect()
}

/// How often such marks are looked for: where one was made text, another may
/// have a meaning.
const ROUNDS: usize = 20;

/// Markdown whose `{{` is text, and what no formula is between `$`. In code and
/// in diagrams they are so already.
pub(super) fn with_marks_as_text(body: &str) -> String {
    let mut body = body.to_owned();
    for _ in 0..ROUNDS {
        let places = marks(&body);
        if places.is_empty() {
            break;
        }
        for at in places.into_iter().rev() {
            body.insert(at, '\\');
        }
    }
    body
}

/// Where backslashes are due, in order.
fn marks(body: &str) -> Vec<usize> {
    let mut places = Vec::new();
    let mut in_code = false;
    let is_escaped = |at: usize| {
        let before = body[..at].bytes().rev();
        before.take_while(|&byte| byte == b'\\').count() % 2 == 1
    };
    for (event, range) in Parser::new_ext(body, markdown_options()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            Event::Text(_) if !in_code => {
                let found = body[range.clone()].match_indices("{{");
                let found = found.map(|(at, _)| range.start + at);
                places.extend(found.filter(|at| !is_escaped(*at)));
            }
            Event::InlineMath(formula) if to_mathml(&formula, false).is_err() => {
                places.extend([range.start, range.end - 1]);
            }
            Event::DisplayMath(formula) if to_mathml(&formula, true).is_err() => {
                let (start, end) = (range.start, range.end);
                places.extend([start, start + 1, end - 2, end - 1]);
            }
            _ => {}
        }
    }
    places.sort_unstable();
    places
}
