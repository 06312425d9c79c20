//! Markdown to HTML: one page's body in, its HTML out. What is beyond one page
//! (links, figures, generated blocks, highlighting) is asked of a [`Host`].

mod autolinks;
mod events;
mod footnotes;
mod limits;
mod math;
mod sanitise;
mod tables;
mod together;

pub use limits::HtmlLimit;
pub use math::to_mathml;

use std::ops::Range;

use pulldown_cmark::{Event, Parser, TextMergeWithOffset, html};

use crate::parse::{markdown_options, mask};

/// What rendering asks of the page that the Markdown belongs to.
pub trait Host {
    /// The address to write for one in a link; none where the link leads
    /// nowhere and only its text is kept.
    fn link(&mut self, address: &str) -> Option<String>;

    /// The address to write for an image, which starts with `./` or `../`; none
    /// where only its text is kept.
    fn image(&mut self, address: &str) -> Option<String>;

    /// The anchor of the next heading.
    fn heading_id(&mut self) -> Option<String>;

    /// Whether the page's first heading is its title, which the template
    /// prints.
    fn skips_first_heading(&self) -> bool;

    /// The HTML of a call, by its number; plain text inside headings and
    /// links.
    fn call(&mut self, number: usize, plain: bool) -> String;

    /// The HTML of a fenced or indented code block.
    fn code(&mut self, info: &str, text: &str, range: Range<usize>) -> CodeHtml;

    /// HTML of the author's that is not published: an element or an attribute.
    fn removed(&mut self, what: String, range: Range<usize>);

    /// The author's HTML is beyond a limit: the page has no body.
    fn too_much_html(&mut self, limit: HtmlLimit, range: Range<usize>);

    /// Whether the author's HTML is published as it is. No page does that; the
    /// CommonMark suite does, since it says what raw HTML becomes.
    fn trusts_html(&self) -> bool {
        false
    }

    /// A formula that could not be read; its source is shown instead.
    fn math_error(&mut self, message: String, range: Range<usize>);
}

/// What a block of code became.
pub enum CodeHtml {
    /// Made by this program as a whole.
    Block(String),
    /// An ordinary listing.
    Listing(String),
}

/// Renders a page's body.
pub fn render(source: &str, host: &mut dyn Host) -> String {
    let masked = mask(source);
    let parser = Parser::new_ext(&masked.text, markdown_options()).into_offset_iter();
    let mut collector = events::Collector::new(source, &masked, host);
    for (event, range) in TextMergeWithOffset::new(parser) {
        collector.accept(event, range);
    }
    let (events, generated, first_html) = collector.finish();
    let mut html = String::with_capacity(source.len() * 2);
    html::push_html(&mut html, events.into_iter());
    if let Some(range) = first_html {
        html = match limits::check(&html) {
            Ok(()) => sanitise::sanitise(&html),
            Err(limit) => {
                host.too_much_html(limit, range);
                String::new()
            }
        };
    }
    // A head that says nothing is no head to a screen reader.
    if html.contains(EMPTY_HEAD) {
        html = html.replace(EMPTY_HEAD, "<td></td>");
    }
    generated.fill(html)
}

/// How an empty cell in a table's head is written.
const EMPTY_HEAD: &str = "<th scope=\"col\"></th>";

/// HTML that this program made, kept out of the way while the author's own is
/// sanitised.
#[derive(Default)]
struct Generated {
    blocks: Vec<String>,
}

/// The element that stands for a generated block. No author can write it: in
/// their HTML it is removed by name, and a block is filled in once.
const PLACE: &str = "rb-generated";

impl Generated {
    /// Keeps a block and returns what stands for it.
    fn keep(&mut self, html: String) -> Event<'static> {
        let number = self.blocks.len();
        self.blocks.push(html);
        Event::InlineHtml(format!("<{PLACE} id=\"{number}\"></{PLACE}>").into())
    }

    fn fill(mut self, html: String) -> String {
        if self.blocks.is_empty() {
            return html;
        }
        let open = format!("<{PLACE} id=\"");
        let close = format!("\"></{PLACE}>");
        let length: usize = self.blocks.iter().map(String::len).sum();
        let mut filled = String::with_capacity(html.len() + length);
        let mut rest = html.as_str();
        while let Some(at) = rest.find(&open) {
            filled.push_str(&rest[..at]);
            rest = &rest[at + open.len()..];
            let end = rest.find(&close).unwrap_or(0);
            let number = rest[..end].parse().ok();
            if let Some(block) = number.and_then(|n: usize| self.blocks.get_mut(n)) {
                filled.push_str(&std::mem::take(block));
            }
            rest = rest.get(end + close.len()..).unwrap_or_default();
        }
        filled.push_str(rest);
        filled
    }
}
