//! What other stages must know of a page's Markdown before it is rendered: its
//! headings, links, calls and fences with their places. The Markdown itself is
//! read again when the page is rendered, so that memory holds no events.

mod html;

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Options, Parser, Tag, TagEnd};

use super::braces::BracesFinder;
use super::calls::{Piece, mask};
use super::document::Document;
use super::html::HtmlBlock;
use super::slips::{Broken, Finder};
use super::tree::Origin;
use crate::diag::{Checked, Code, Diagnostic, Span, Spanned};

/// How long a page's summary may be, in characters.
const SUMMARY: usize = 300;

/// CommonMark and the extensions that pages may use.
pub fn markdown_options() -> Options {
    Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS
        | Options::ENABLE_HEADING_ATTRIBUTES
        | Options::ENABLE_GFM
        | Options::ENABLE_DEFINITION_LIST
        | Options::ENABLE_MATH
}

/// A heading of a page's body.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Heading {
    /// 1 to 6.
    pub level: u8,
    /// The anchor: given by `{#id}`, or made from the text.
    pub id: Arc<str>,
    /// Text and, between its pieces, the numbers of calls.
    pub text: Vec<HeadingPiece>,
}

/// A run of a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HeadingPiece {
    Text(String),
    Call(usize),
}

/// A link or an image.
#[derive(Clone, Debug)]
pub struct LinkUse {
    pub address: Arc<str>,
    pub image: bool,
    pub span: Span,
}

/// A fenced code block that is more than code.
#[derive(Clone, Debug)]
pub struct Fence {
    /// The first word of the info string.
    pub language: Spanned<Arc<str>>,
    /// The other words.
    pub words: Vec<Arc<str>>,
    pub body: Arc<str>,
    /// Where the body stands.
    pub origin: Origin,
    /// The whole block, in bytes of the body of the document.
    pub range: Range<usize>,
    /// How many headings of the body stand before it.
    pub headings: usize,
    /// Whether a line of backticks ends it; else the page does.
    pub closed: bool,
}

/// What a page's Markdown holds.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    pub headings: Vec<Heading>,
    pub links: Vec<LinkUse>,
    /// The expressions between `{{` and `}}` that stand in prose, by the
    /// number of the call among all of the page.
    pub calls: Vec<(usize, Spanned<Arc<str>>)>,
    pub fences: Vec<Fence>,
    /// Anchors that the page's own HTML sets.
    pub html_anchors: Vec<Arc<str>>,
    pub has_html: bool,
    /// The first paragraph, cut.
    pub summary: Vec<HeadingPiece>,
}

/// Collects the outline of a document; `keep` says which fences are more than
/// code.
pub fn outline(document: &Document, keep: &dyn Fn(&str) -> bool) -> Checked<Outline> {
    let source = document.body();
    let masked = mask(source);
    let mut collector = Collector {
        document,
        keep,
        outline: Outline::default(),
        ids: HashMap::new(),
        heading: None,
        fence: None,
        html_block: None,
        in_code: false,
        summary: Summary::Before,
        braces: BracesFinder::new(document),
        diagnostics: Vec::new(),
    };
    let mut broken = Vec::new();
    let mut note = |link: BrokenLink<'_>| {
        broken.extend(Broken::of(link));
        None
    };
    let mut finder = Finder::new(document, &masked.text);
    let parser =
        Parser::new_with_broken_link_callback(&masked.text, markdown_options(), Some(&mut note));
    for (event, range) in parser.into_offset_iter() {
        finder.accept(&event, &range);
        collector.accept(event, range, &masked);
    }
    collector.diagnostics.extend(collector.braces.finish());
    collector.diagnostics.extend(finder.finish(broken));
    collector.outline.shrink();
    Checked::new(collector.outline, collector.diagnostics)
}

impl Outline {
    /// Gives back the room that lists have grown for: a heading's is four
    /// pieces, and nearly all have one.
    fn shrink(&mut self) {
        self.headings.shrink_to_fit();
        for heading in &mut self.headings {
            heading.text.shrink_to_fit();
        }
        self.links.shrink_to_fit();
        self.calls.shrink_to_fit();
        self.fences.shrink_to_fit();
        self.summary.shrink_to_fit();
    }
}

struct Collector<'a> {
    document: &'a Document,
    keep: &'a dyn Fn(&str) -> bool,
    outline: Outline,
    /// How often each anchor was used.
    ids: HashMap<Arc<str>, usize>,
    heading: Option<(u8, Option<Arc<str>>, Vec<HeadingPiece>)>,
    fence: Option<OpenFence>,
    /// The block of the author's HTML that is open.
    html_block: Option<HtmlBlock>,
    in_code: bool,
    summary: Summary,
    braces: BracesFinder<'a>,
    diagnostics: Vec<Diagnostic>,
}

struct OpenFence {
    info: String,
    range: Range<usize>,
    body: String,
    pieces: Vec<(usize, usize)>,
}

#[derive(PartialEq)]
enum Summary {
    Before,
    Inside,
    Done,
}

impl Collector<'_> {
    fn accept(&mut self, event: Event<'_>, range: Range<usize>, masked: &super::calls::Masked<'_>) {
        if let (Event::Html(html) | Event::Text(html), Some(block)) = (&event, &mut self.html_block)
        {
            block.push(
                &masked.restore(html, range.start, self.document.body()),
                range.start,
            );
            return;
        }
        match event {
            Event::Start(Tag::CodeBlock(kind)) => {
                self.in_code = true;
                if let CodeBlockKind::Fenced(info) = kind
                    && (self.keep)(info.split_whitespace().next().unwrap_or_default())
                {
                    self.fence = Some(OpenFence {
                        info: info.to_string(),
                        range,
                        body: String::new(),
                        pieces: Vec::new(),
                    });
                }
            }
            Event::End(TagEnd::CodeBlock) => {
                self.in_code = false;
                if let Some(fence) = self.fence.take() {
                    let fence = self.close_fence(fence);
                    self.outline.fences.push(fence);
                }
            }
            Event::Text(text) if self.in_code => {
                if let Some(fence) = &mut self.fence {
                    let text = masked.restore(&text, range.start, self.document.body());
                    let outer = self.document.body_start + range.start;
                    fence.pieces.push((fence.body.len(), outer));
                    fence.body.push_str(&text);
                }
            }
            Event::Text(text) => self.text(&text, range, masked),
            Event::Code(text) => {
                let text = masked.restore(&text, range.start, self.document.body());
                self.inline(HeadingPiece::Text(text.into_owned()));
            }
            Event::InlineMath(text) => self.inline(HeadingPiece::Text(text.to_string())),
            Event::SoftBreak | Event::HardBreak => self.inline(HeadingPiece::Text(" ".into())),
            Event::Start(Tag::Heading { level, id, .. }) => {
                let id = id.map(|id| Arc::from(id.as_ref()));
                self.heading = Some((level as u8, id, Vec::new()));
            }
            Event::End(TagEnd::Heading(_)) => self.close_heading(),
            Event::Start(Tag::Paragraph) if self.summary == Summary::Before => {
                self.summary = Summary::Inside;
            }
            Event::End(TagEnd::Paragraph) if self.summary == Summary::Inside => {
                self.summary = Summary::Done;
            }
            Event::Start(Tag::Link {
                dest_url,
                link_type,
                ..
            }) if link_type != LinkType::Email => self.link(&dest_url, false, range, masked),
            Event::Start(Tag::Image { dest_url, .. }) => {
                self.link(&dest_url, true, range, masked);
            }
            Event::Start(Tag::HtmlBlock) => self.html_block = Some(HtmlBlock::default()),
            Event::End(TagEnd::HtmlBlock) => {
                if let Some(block) = self.html_block.take() {
                    self.html(&block);
                }
            }
            Event::Html(html) | Event::InlineHtml(html) => {
                let html = masked.restore(&html, range.start, self.document.body());
                let mut element = HtmlBlock::default();
                element.push(&html, range.start);
                self.html(&element);
            }
            _ => {}
        }
    }

    fn text(&mut self, text: &str, range: Range<usize>, masked: &super::calls::Masked<'_>) {
        for piece in masked.pieces(text, range.start) {
            match piece {
                Piece::Text(text) => self.inline(HeadingPiece::Text(text.to_string())),
                Piece::Call(number) => {
                    let call = masked.calls[number].clone();
                    let inner = call.start + 2..call.end - 2;
                    let expression = &self.document.body()[inner.clone()];
                    let start = inner.start + expression.len() - expression.trim_start().len();
                    let expression: Arc<str> = expression.trim().into();
                    let span = self.document.span(start..start + expression.len());
                    let call = Spanned::new(expression, span);
                    self.outline.calls.push((number, call));
                    self.inline(HeadingPiece::Call(number));
                }
            }
        }
        self.braces.accept(text, range, &masked.text);
    }

    /// Adds to the heading and the summary that are open.
    fn inline(&mut self, piece: HeadingPiece) {
        if self.summary == Summary::Inside && self.heading.is_none() {
            let length: usize = self.outline.summary.iter().map(piece_length).sum();
            if length < SUMMARY {
                self.outline.summary.push(piece.clone());
            }
        }
        if let Some((_, _, text)) = &mut self.heading {
            text.push(piece);
        }
    }

    fn close_heading(&mut self) {
        let Some((level, id, text)) = self.heading.take() else {
            return;
        };
        let base: Arc<str> = id.unwrap_or_else(|| slug(&text).into());
        let id = self.unique(base);
        self.outline.headings.push(Heading { level, id, text });
    }

    /// The anchor itself, or with `-1`, `-2`, … if it is taken, as code hosts
    /// do it.
    fn unique(&mut self, base: Arc<str>) -> Arc<str> {
        let mut count = self.ids.get(&base).copied().unwrap_or(0);
        let mut id = Arc::clone(&base);
        while self.ids.contains_key(&id) {
            count += 1;
            id = format!("{base}-{count}").into();
        }
        self.ids.insert(base, count);
        self.ids.entry(Arc::clone(&id)).or_insert(0);
        id
    }

    fn link(
        &mut self,
        address: &str,
        image: bool,
        range: Range<usize>,
        masked: &super::calls::Masked<'_>,
    ) {
        let address = masked.restore(address, range.start, self.document.body());
        if address.trim().is_empty() {
            let what = if image { "image" } else { "link" };
            let message = format!("this {what} has no address");
            let place = self.document.span(range.clone());
            let found = Diagnostic::error(Code::BrokenLink, place, message);
            self.diagnostics.push(found);
        }
        self.outline.links.push(LinkUse {
            address: address.as_ref().into(),
            image,
            span: self.document.span(range),
        });
    }

    fn close_fence(&self, fence: OpenFence) -> Fence {
        let source = self.document.body();
        let block = source.get(fence.range.clone()).unwrap_or_default();
        let last = block.trim_end().rsplit('\n').next().unwrap_or_default();
        let last = last.trim_start_matches(|c: char| c.is_whitespace() || c == '>');
        let ends = last.starts_with("```") || last.starts_with("~~~");
        let closed = ends && block.trim_end().contains('\n');
        let mut words = fence.info.split_whitespace();
        let language = words.next().unwrap_or_default();
        let at = fence.range.start + block.find(language).unwrap_or_default();
        let origin = match fence.pieces.is_empty() {
            true => Origin::contiguous(
                &self.document.file,
                self.document.body_start + at + fence.info.len(),
            ),
            false => Origin::pieced(&self.document.file, fence.pieces),
        };
        Fence {
            language: Spanned::new(language.into(), self.document.span(at..at + language.len())),
            words: words.map(Arc::from).collect(),
            body: fence.body.into(),
            origin,
            range: fence.range,
            headings: self.outline.headings.len(),
            closed,
        }
    }
}

fn piece_length(piece: &HeadingPiece) -> usize {
    match piece {
        HeadingPiece::Text(text) => text.chars().count(),
        HeadingPiece::Call(_) => 8,
    }
}

/// The anchor that code hosts make of a heading's text: lower case, letters,
/// digits, `-` and `_` only, spaces as `-`. Calls count for nothing, so that
/// an anchor does not move with a figure.
fn slug(text: &[HeadingPiece]) -> String {
    let mut slug = String::new();
    for piece in text {
        let HeadingPiece::Text(text) = piece else {
            continue;
        };
        for c in text.chars() {
            match c {
                ' ' => slug.push('-'),
                '-' | '_' => slug.push(c),
                c if c.is_alphanumeric() => slug.extend(c.to_lowercase()),
                _ => {}
            }
        }
    }
    match slug.trim_matches('-') {
        "" => "section".to_string(),
        trimmed => trimmed.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::SourceFile;

    fn of(text: &str) -> Checked<Outline> {
        let file = SourceFile::new("a.md", text);
        let document = super::super::parse_document("a.md", &file).value;
        outline(&document, &|language| language == "compare")
    }

    #[test]
    fn anchors_are_unique_and_do_not_move_with_figures() {
        let found = of("# A b!\n# A b\n# A b-1\n# {{ x.y }} cost {#own}\n# {{ x.y }} cost\n").value;
        let ids: Vec<_> = found.headings.iter().map(|h| h.id.as_ref()).collect();
        assert_eq!(ids, ["a-b", "a-b-1", "a-b-1-1", "own", "cost"]);
    }

    #[test]
    fn calls_have_the_place_of_their_expression() {
        let found = of("+++\ntitle = 'é'\n+++\n*a* {{ x.y * 2 }} `{{ no }}`\n").value;
        assert_eq!(found.calls.len(), 1);
        assert_eq!(found.calls[0].1.span.text(), "x.y * 2");
    }

    #[test]
    fn the_body_of_an_indented_fence_keeps_its_places() {
        let found = of("- a\n\n  ```compare\n  category = \"x\"\n  sort = \"y\"\n  ```\n").value;
        let fence = &found.fences[0];
        let at = fence.body.find("sort").expect("in the body");
        assert_eq!(fence.origin.span(at..at + 4).text(), "sort");
    }

    #[test]
    fn a_figure_between_single_braces_is_a_warning_unless_it_is_escaped() {
        assert_eq!(of("a { b.c } d\n").diagnostics.len(), 1);
        assert_eq!(of("a \\{ b.c } `{ d.e }`\n").diagnostics.len(), 0);
    }

    #[test]
    fn an_open_call_is_an_error_in_prose_alone() {
        assert_eq!(of("a {{ b\n").diagnostics.len(), 1);
        assert_eq!(of("`{{ b`\n\n    {{ c\n\n\\{{ d\n").diagnostics.len(), 0);
    }
}
