//! Looks for slips while a page's Markdown is read.

use std::collections::HashSet;
use std::ops::Range;

use pulldown_cmark::{BrokenLink, CodeBlockKind, Event, LinkType, Tag, TagEnd};

use super::{Slip, formula, indented, notes, paragraph, quotation, wiki_link};
use crate::diag::{Code, Diagnostic};
use crate::parse::document::Document;
use crate::parse::{HtmlTag, html_tags};

/// What is known at a place of the page.
pub struct Finder<'a> {
    document: &'a Document,
    /// The body, its calls masked.
    body: &'a str,
    /// Whether the page has brackets that could be a slip at all.
    has_brackets: bool,
    in_code: bool,
    /// How many elements for code are open in the author's HTML.
    in_html: usize,
    has_formula: bool,
    /// The text of the block that is open, without code, formulas, HTML and the
    /// addresses of links: there are spaces instead.
    text: String,
    /// Where it starts.
    start: usize,
    /// Names that were reported.
    told: HashSet<String>,
    found: Vec<Diagnostic>,
}

impl<'a> Finder<'a> {
    pub fn new(document: &'a Document, body: &'a str) -> Self {
        let has = |mark: &[u8]| memchr::memmem::find(body.as_bytes(), mark).is_some();
        Self {
            document,
            body,
            has_brackets: has(b"[^") || has(b"[["),
            in_code: false,
            in_html: 0,
            has_formula: false,
            text: String::new(),
            start: 0,
            told: HashSet::new(),
            found: Vec::new(),
        }
    }

    /// Looks at what is read.
    pub fn accept(&mut self, event: &Event<'_>, range: &Range<usize>) {
        match event {
            Event::Start(tag) => self.open(tag, range),
            Event::End(tag) => self.close(*tag, range),
            Event::Text(_) if self.has_brackets && !self.in_code && self.in_html == 0 => {
                self.add(range);
            }
            Event::InlineMath(_) | Event::DisplayMath(_) => self.has_formula = true,
            Event::InlineHtml(html) => self.html(html),
            _ => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>, range: &Range<usize>) {
        if !is_inline(tag.to_end()) {
            self.end_block();
        }
        match tag {
            Tag::CodeBlock(kind) => {
                self.in_code = true;
                if matches!(kind, CodeBlockKind::Indented) {
                    self.slip(range, indented);
                }
            }
            Tag::Paragraph => {
                self.has_formula = false;
                self.slip(range, paragraph);
            }
            // `:::` at the end makes a term of what it was to close.
            Tag::DefinitionListTitle => self.slip(range, paragraph),
            Tag::BlockQuote(None) => self.slip(range, quotation),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd, range: &Range<usize>) {
        if !is_inline(tag) {
            self.end_block();
        }
        match tag {
            TagEnd::CodeBlock => self.in_code = false,
            TagEnd::Paragraph if !self.has_formula => self.slip(range, formula),
            _ => {}
        }
    }

    fn html(&mut self, html: &str) {
        for tag in html_tags(html).filter(HtmlTag::is_code) {
            self.in_html = match tag.closes {
                true => self.in_html.saturating_sub(1),
                false => self.in_html + 1,
            };
        }
    }

    /// Adds what stands at a range to the block's text.
    fn add(&mut self, range: &Range<usize>) {
        if self.text.is_empty() {
            // A backslash is no part of what it stands before.
            let is_escaped = self.body[..range.start].ends_with('\\');
            self.start = range.start - usize::from(is_escaped);
        }
        let Some(between) = self.body.get(self.start + self.text.len()..range.start) else {
            return;
        };
        let blank = |byte| match byte {
            b'\\' | b'\n' => char::from(byte),
            _ => ' ',
        };
        self.text.extend(between.bytes().map(blank));
        self.text
            .push_str(self.body.get(range.clone()).unwrap_or_default());
    }

    fn end_block(&mut self) {
        let text = std::mem::take(&mut self.text);
        self.in_html = 0;
        let start = self.start;
        if let Some(slip) = wiki_link(&text) {
            self.tell(start, slip);
        }
        for name in notes(&text) {
            let place = start + name.start - 1..start + name.end + 1;
            self.undefined(place, &text[name]);
        }
    }

    /// Reports what of a block is likely a slip.
    fn slip(&mut self, block: &Range<usize>, find: fn(&str) -> Option<Slip>) {
        let text = self.document.body().get(block.clone()).unwrap_or_default();
        if let Some(slip) = find(text) {
            self.tell(block.start, slip);
        }
    }

    fn tell(&mut self, start: usize, slip: Slip) {
        let place = self
            .document
            .span(start + slip.range.start..start + slip.range.end);
        let mut found = Diagnostic::warning(Code::Syntax, place, slip.message);
        found.help = slip.help;
        self.found.push(found);
    }

    /// Reports a reference to what nothing defines: an address, or a note. Each
    /// name is reported once.
    fn undefined(&mut self, range: Range<usize>, name: &str) {
        if !self.told.insert(name.to_lowercase()) {
            return;
        }
        let what = if name.starts_with('^') {
            "note"
        } else {
            "address"
        };
        let message = format!("nothing defines the {what} `[{name}]`");
        let place = self.document.span(range);
        self.found.push(
            Diagnostic::warning(Code::BrokenLink, place, message)
                .help(format!("define it on a line of its own: `[{name}]: …`")),
        );
    }

    /// All that was found, given the links that lead to no address.
    pub fn finish(mut self, broken: Vec<Broken>) -> Vec<Diagnostic> {
        self.end_block();
        for Broken { range, name } in broken {
            // `f[i][j]` is no link.
            let before = self.body[..range.start].chars().next_back();
            if !before.is_some_and(char::is_alphanumeric) {
                self.undefined(range, &name);
            }
        }
        self.found
    }
}

/// A link to what nothing defines.
pub struct Broken {
    range: Range<usize>,
    name: String,
}

impl Broken {
    /// Of a link that was meant as one: brackets alone often are none.
    pub fn of(link: BrokenLink<'_>) -> Option<Self> {
        let is_short = matches!(
            link.link_type,
            LinkType::Shortcut | LinkType::ShortcutUnknown
        );
        (!is_short).then(|| Self {
            range: link.span,
            name: link.reference.to_string(),
        })
    }
}

/// Whether a tag stands in a line of text.
fn is_inline(tag: TagEnd) -> bool {
    matches!(
        tag,
        TagEnd::Emphasis
            | TagEnd::Strong
            | TagEnd::Strikethrough
            | TagEnd::Superscript
            | TagEnd::Subscript
            | TagEnd::Link
            | TagEnd::Image
    )
}
