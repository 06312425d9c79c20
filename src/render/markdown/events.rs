//! The events of a page's Markdown, changed on their way to HTML.

use std::borrow::Cow;
use std::ops::Range;

use pulldown_cmark::{BlockQuoteKind, CodeBlockKind, CowStr, Event, LinkType, Tag, TagEnd};

use super::autolinks::autolinks;
use super::footnotes::Footnotes;
use super::sanitise::{removed_by_sanitising, resolve};
use super::tables::Tables;
use super::together::together;
use super::{CodeHtml, Generated, Host, math};
use crate::parse::{HtmlBlock, Masked, Piece, html_tags};
use crate::render::escape::escape;

/// Takes the parser's events and gathers those for the HTML writer.
pub struct Collector<'a> {
    source: &'a str,
    masked: &'a Masked<'a>,
    host: &'a mut dyn Host,
    footnotes: Footnotes<'a>,
    generated: Generated,
    /// The block of the author's HTML that is open.
    html_block: Option<HtmlBlock>,
    /// Where the author's own HTML begins.
    first_html: Option<Range<usize>>,
    tables: Tables,
    /// The info string, text and start of an open code block.
    code: Option<(String, String, usize)>,
    headings: usize,
    /// Whether the events of the first heading are dropped.
    dropping: bool,
    /// How many headings and links are open, in which figures are plain text.
    plain: usize,
    /// For each open link or image whether its element was written.
    links: Vec<bool>,
    images: Vec<bool>,
    /// Whether a link of the author's own HTML is open.
    in_html_link: bool,
}

impl<'a> Collector<'a> {
    pub fn new(source: &'a str, masked: &'a Masked<'a>, host: &'a mut dyn Host) -> Self {
        Self {
            source,
            masked,
            host,
            footnotes: Footnotes::default(),
            generated: Generated::default(),
            html_block: None,
            first_html: None,
            tables: Tables::default(),
            code: None,
            headings: 0,
            dropping: false,
            plain: 0,
            links: Vec::new(),
            images: Vec::new(),
            in_html_link: false,
        }
    }

    pub fn finish(self) -> (Vec<Event<'a>>, Generated, Option<Range<usize>>) {
        (self.footnotes.finish(), self.generated, self.first_html)
    }

    pub fn accept(&mut self, event: Event<'a>, range: Range<usize>) {
        match event {
            // The spaces of a line that a tab indents come as a text.
            Event::Html(html) | Event::Text(html) if self.html_block.is_some() => {
                let html = self.restored(html, range.start);
                if let Some(block) = &mut self.html_block {
                    block.push(&html, range.start);
                }
            }
            Event::Start(tag) => self.start(tag, range),
            Event::End(tag) => self.end(tag, range),
            Event::Text(text) => self.text(text, range),
            Event::Code(text) => {
                let text = self.restored(text, range.start);
                self.push(Event::Code(text));
            }
            Event::InlineMath(text) => self.math(&text, false, range),
            Event::DisplayMath(text) => self.math(&text, true, range),
            Event::Html(html) | Event::InlineHtml(html) => {
                let mut element = HtmlBlock::default();
                element.push(&self.restored(html, range.start), range.start);
                self.authors_html(element, range);
            }
            Event::FootnoteReference(name) => {
                let reference = self.footnotes.reference(&name);
                self.push(Event::InlineHtml(reference.into()));
            }
            Event::TaskListMarker(done) => self.push(Event::InlineHtml(
                match done {
                    true => "<input type=\"checkbox\" disabled checked aria-label=\"done\"> ",
                    false => "<input type=\"checkbox\" disabled aria-label=\"to do\"> ",
                }
                .into(),
            )),
            Event::SoftBreak | Event::HardBreak | Event::Rule => self.push(event),
        }
    }

    fn push(&mut self, event: Event<'a>) {
        if !self.dropping {
            self.footnotes.push(event);
        }
    }

    fn html(&mut self, html: impl Into<CowStr<'a>>) {
        self.push(Event::InlineHtml(html.into()));
    }

    fn restored(&self, text: CowStr<'a>, start: usize) -> CowStr<'a> {
        match self.masked.restore(&text, start, self.source) {
            Cow::Borrowed(_) => text,
            Cow::Owned(restored) => restored.into(),
        }
    }

    /// A block or an element of the author's HTML with its addresses resolved;
    /// what will be taken out is reported.
    fn authors_html(&mut self, html: HtmlBlock, range: Range<usize>) {
        for tag in html_tags(&html.text).filter(|tag| tag.is("a")) {
            // It ends the one before it; an anchor alone is often not closed.
            self.in_html_link = !tag.closes && tag.attribute("href").is_some();
        }
        if self.host.trusts_html() {
            return self.html(html.text);
        }
        self.first_html.get_or_insert(range);
        for (what, place) in removed_by_sanitising(&html.text) {
            self.host.removed(what, html.place(place));
        }
        let resolved = resolve(&html.text, self.host);
        self.html(resolved);
    }

    fn start(&mut self, tag: Tag<'a>, range: Range<usize>) {
        match tag {
            Tag::Heading {
                level,
                classes,
                attrs: _,
                id: _,
            } => {
                let id = self.host.heading_id();
                self.headings += 1;
                self.plain += 1;
                self.dropping = self.headings == 1 && self.host.skips_first_heading();
                self.push(Event::Start(Tag::Heading {
                    level,
                    id: id.map(Into::into),
                    classes,
                    attrs: Vec::new(),
                }));
            }
            Tag::CodeBlock(kind) => {
                let info = match kind {
                    CodeBlockKind::Fenced(info) => info.to_string(),
                    CodeBlockKind::Indented => String::new(),
                };
                self.code = Some((info, String::new(), range.start));
            }
            Tag::BlockQuote(Some(kind)) => {
                let (class, title) = callout(kind);
                self.html(format!(
                    "<div class=\"callout callout-{class}\" role=\"note\"><p class=\"callout-title\">{title}</p>\n"
                ));
            }
            Tag::Link {
                link_type,
                dest_url,
                title,
                id,
            } => self.link(link_type, dest_url, title, id, range.start),
            Tag::Image {
                link_type,
                dest_url,
                title,
                id,
            } => {
                let address = self.restored(dest_url, range.start);
                let written = self.host.image(&address);
                self.images.push(written.is_some());
                self.plain += 1;
                if let Some(address) = written {
                    self.push(Event::Start(Tag::Image {
                        link_type,
                        dest_url: address.into(),
                        title,
                        id,
                    }));
                }
            }
            Tag::FootnoteDefinition(name) => self.footnotes.open(&name),
            Tag::Table(alignments) => {
                let html = self.tables.start(alignments);
                self.html(html);
            }
            Tag::TableHead | Tag::TableRow | Tag::TableCell => {
                let html = self.tables.open(&tag);
                self.html(html);
            }
            Tag::HtmlBlock => self.html_block = Some(HtmlBlock::default()),
            Tag::MetadataBlock(_) => {}
            tag => self.push(Event::Start(tag)),
        }
    }

    fn end(&mut self, tag: TagEnd, range: Range<usize>) {
        match tag {
            TagEnd::Heading(_) => {
                self.plain = self.plain.saturating_sub(1);
                self.push(Event::End(tag));
                self.dropping = false;
            }
            TagEnd::CodeBlock => self.close_code(range),
            TagEnd::BlockQuote(Some(_)) => self.html("</div>\n"),
            TagEnd::Link => {
                self.plain = self.plain.saturating_sub(1);
                if self.links.pop() == Some(true) {
                    self.push(Event::End(tag));
                }
            }
            TagEnd::Image => {
                self.plain = self.plain.saturating_sub(1);
                if self.images.pop() == Some(true) {
                    self.push(Event::End(tag));
                }
            }
            TagEnd::FootnoteDefinition => self.footnotes.close(),
            TagEnd::Table | TagEnd::TableHead | TagEnd::TableRow | TagEnd::TableCell => {
                let html = self.tables.close(&tag);
                self.html(html);
            }
            TagEnd::HtmlBlock => {
                if let Some(block) = self.html_block.take() {
                    self.authors_html(block, range);
                }
            }
            TagEnd::MetadataBlock(_) => {}
            tag => self.push(Event::End(tag)),
        }
    }

    fn link(
        &mut self,
        link_type: LinkType,
        dest_url: CowStr<'a>,
        title: CowStr<'a>,
        id: CowStr<'a>,
        start: usize,
    ) {
        self.plain += 1;
        let address = self.restored(dest_url, start);
        let written = match link_type {
            LinkType::Email => Some(address.to_string()),
            _ => self.host.link(&address),
        };
        self.links.push(written.is_some());
        if let Some(address) = written {
            self.push(Event::Start(Tag::Link {
                link_type,
                dest_url: address.into(),
                title,
                id,
            }));
        }
    }

    fn text(&mut self, text: CowStr<'a>, range: Range<usize>) {
        if let Some((_, code, _)) = &mut self.code {
            code.push_str(&self.masked.restore(&text, range.start, self.source));
            return;
        }
        let mut before = self.source[..range.start].chars().next_back();
        if self.masked.calls.is_empty() {
            return self.prose(text, before);
        }
        let mut pieces = self
            .masked
            .pieces(&text, range.start)
            .into_iter()
            .peekable();
        let mut bracket = "";
        while let Some(piece) = pieces.next() {
            match piece {
                Piece::Text(text) => {
                    let followed = matches!(pieces.peek(), Some(Piece::Call(_)));
                    let (text, end) = match text.strip_suffix('(') {
                        Some(text) if followed => (text, "("),
                        _ => (text, ""),
                    };
                    bracket = end;
                    if !text.is_empty() {
                        self.prose(text.to_string().into(), before);
                        before = text.chars().next_back();
                    }
                }
                Piece::Call(number) => {
                    before = Some('}');
                    self.call(number, std::mem::take(&mut bracket));
                }
            }
        }
    }

    /// A figure, and the bracket before it.
    fn call(&mut self, number: usize, bracket: &str) {
        let html = self.host.call(number, self.plain > 0);
        // An image's text is an attribute: it takes no elements.
        if !self.images.is_empty() {
            return self.push(Event::Text(format!("{bracket}{html}").into()));
        }
        // A line may break before a button, which leaves a bracket behind alone.
        let html = match bracket {
            "" => html,
            _ if html.starts_with("<button") => {
                format!("<span class=\"together\">{bracket}{html}</span>")
            }
            _ => format!("{bracket}{html}"),
        };
        let event = self.generated.keep(html);
        self.push(event);
    }

    /// A text with its bare addresses as links, unless it stands in a link.
    fn prose(&mut self, text: CowStr<'a>, before: Option<char>) {
        let text = match together(&text) {
            Cow::Borrowed(_) => text,
            Cow::Owned(kept) => kept.into(),
        };
        let in_link = !self.links.is_empty() || !self.images.is_empty() || self.in_html_link;
        let found = match in_link {
            true => Vec::new(),
            false => autolinks(&text, before),
        };
        if found.is_empty() {
            return self.push(Event::Text(text));
        }
        let mut end = 0;
        for link in found {
            self.push(Event::Text(text[end..link.range.start].to_string().into()));
            end = link.range.end;
            self.push(Event::Start(Tag::Link {
                link_type: LinkType::Autolink,
                dest_url: link.address.into(),
                title: "".into(),
                id: "".into(),
            }));
            self.push(Event::Text(text[link.range].to_string().into()));
            self.push(Event::End(TagEnd::Link));
        }
        self.push(Event::Text(text[end..].to_string().into()));
    }

    fn close_code(&mut self, range: Range<usize>) {
        let Some((info, text, start)) = self.code.take() else {
            return;
        };
        let html = match self.host.code(&info, &text, start..range.end) {
            CodeHtml::Block(html) | CodeHtml::Listing(html) => html,
        };
        let event = self.generated.keep(html);
        self.push(event);
        self.html("\n");
    }

    fn math(&mut self, text: &str, display: bool, range: Range<usize>) {
        let text = self.masked.restore(text, range.start, self.source);
        let html = match math::to_mathml(&text, display) {
            // The library escapes the entity that it writes itself.
            Ok(html) => html.replace("&amp;nbsp;", "\u{a0}"),
            Err(message) => {
                self.host.math_error(message, range);
                format!("<code>{}</code>", escape(&text))
            }
        };
        let event = self.generated.keep(html);
        self.push(event);
    }
}

fn callout(kind: BlockQuoteKind) -> (&'static str, &'static str) {
    match kind {
        BlockQuoteKind::Note => ("note", "Note"),
        BlockQuoteKind::Tip => ("tip", "Tip"),
        BlockQuoteKind::Important => ("important", "Important"),
        BlockQuoteKind::Warning => ("warning", "Warning"),
        BlockQuoteKind::Caution => ("caution", "Caution"),
    }
}
