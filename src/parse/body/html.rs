//! What the outline of a page holds of the author's own HTML.

use super::{Collector, LinkUse};
use crate::diag::{Code, Diagnostic, Span};
use crate::parse::{HtmlBlock, HtmlTag, Markup, html_markup};

impl Collector<'_> {
    /// Takes links, images and anchors of the author's own HTML.
    pub(super) fn html(&mut self, html: &HtmlBlock) {
        self.outline.has_html = true;
        for markup in html_markup(&html.text) {
            match markup {
                Markup::Tag(tag) => self.tag(html, &tag),
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
