//! What the outline of a page holds of the author's own HTML.

use std::ops::Range;

use super::{Collector, LinkUse};
use crate::diag::{Code, Diagnostic, Span};
use crate::parse::{HtmlBlock, HtmlTag, Markup, html_comment, html_markup, is_figure, mask};

impl Collector<'_> {
    /// Takes links, images and anchors of the author's own HTML.
    pub(super) fn html(&mut self, html: &HtmlBlock) {
        self.outline.has_html = true;
        let mut in_code = 0_usize;
        let mut end = 0;
        for markup in html_markup(&html.text) {
            let range = match &markup {
                Markup::Tag(tag) => tag.range.clone(),
                Markup::OpenTag(range) | Markup::OpenComment(range) => range.clone(),
            };
            if in_code == 0 {
                self.unfilled(html, end..range.start);
            }
            end = range.end;
            match markup {
                Markup::Tag(tag) => {
                    if tag.is_code() || tag.has_raw_text() {
                        in_code = match tag.closes {
                            true => in_code.saturating_sub(1),
                            false => in_code + 1,
                        };
                    }
                    self.tag(html, &tag);
                }
                Markup::OpenTag(range) => self.open_html(
                    self.document.span(html.place(range)),
                    "nothing closes this HTML tag in its block, so that it is shown as text",
                    "close it by `>`, or write `&lt;` for the sign itself",
                ),
                Markup::OpenComment(range) => self.open_html(
                    self.document.span(html.place(range)),
                    "nothing closes this HTML comment in its block, so that it ends with it",
                    "close it by `-->` before the next empty line",
                ),
            }
        }
        if in_code == 0 {
            self.unfilled(html, end..html.text.len());
        }
    }

    /// Tells of the first figure in a text between tags: only Markdown fills
    /// figures in.
    fn unfilled(&mut self, html: &HtmlBlock, text: Range<usize>) {
        let mut from = text.start;
        while from < text.end {
            let rest = &html.text[from..text.end];
            let comment = rest.find("<!--");
            let shown = &rest[..comment.unwrap_or(rest.len())];
            let mut calls = mask(shown).calls.into_iter();
            let is_figure =
                |call: &Range<usize>| is_figure(shown[call.clone()].trim_matches(['{', '}', ' ']));
            if let Some(call) = calls.find(is_figure) {
                let place = html.place(from + call.start..from + call.end);
                let message = "a figure in a block of HTML is not filled in";
                self.diagnostics.push(
                    Diagnostic::warning(Code::FormulaSyntax, self.document.span(place), message)
                        .help("put the text between empty lines, so that it is Markdown")
                        .help("for the braces themselves write `&#123;{`"),
                );
                return;
            }
            let length = comment.and_then(|at| Some(at + 1 + html_comment(&rest[at + 1..])??));
            from += length.unwrap_or(rest.len());
        }
    }

    fn tag(&mut self, html: &HtmlBlock, tag: &HtmlTag<'_>) {
        if let Some(found) = tag.address(&html.text) {
            self.outline.links.push(LinkUse {
                address: found.address.as_ref().into(),
                image: found.image,
                span: self.document.span(html.place(found.range)),
            });
        }
        let name = tag.is("a").then_some("name");
        let names = ["id"].into_iter().chain(name).filter(|_| !tag.closes);
        let anchors = names.filter_map(|name| tag.attribute(name));
        let anchors = anchors.map(|anchor| html.text[anchor.value.clone()].into());
        self.outline.html_anchors.extend(anchors);
    }

    fn open_html(&mut self, place: Span, message: &str, help: &str) {
        self.diagnostics
            .push(Diagnostic::warning(Code::Syntax, place.first_line(), message).help(help));
    }
}
