//! What a page's Markdown asks of the page: links, figures, generated blocks,
//! code.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

use super::build::{BuildPlace, build_html};
use super::calculator::calculator_html;
use super::changes::{ChangesPlace, PlaceOf, changes_html};
use super::chart::{ChartPlace, chart_html};
use super::claims::claims_html;
use super::code::{Highlighted, highlight};
use super::diagram;
use super::escape::{Escaped, escape};
use super::figure::{FigurePlace, figure_html, figure_text};
use super::guide::Guide;
use super::markdown::{CodeHtml, Host, HtmlLimit};
use super::side_by_side::{has_side_by_side, side_by_side_address};
use super::table::{TablePlace, table_html};
use super::toc::{changes_id, level_below};
use crate::diag::{Code, Diagnostic, Span};
use crate::directive::{Directive, Inline, Mermaid, ShownChanges, nearest_directive};
use crate::site::{Page, PageId, Target, relative};
use crate::value::Locale;

/// The host of one page's Markdown.
pub struct PageHost<'a> {
    guide: &'a Guide,
    page: &'a Page,
    id: PageId,
    headings: usize,
    fences: usize,
    /// How many blocks of each kind were drawn, for their ids.
    drawn: BTreeMap<&'static str, usize>,
    /// How often each build was drawn.
    builds: BTreeMap<Arc<str>, usize>,
    diagnostics: Vec<Diagnostic>,
    calculator: bool,
}

impl<'a> PageHost<'a> {
    pub fn new(guide: &'a Guide, id: PageId) -> Self {
        Self {
            guide,
            page: guide.page(id),
            id,
            headings: 0,
            fences: 0,
            drawn: BTreeMap::new(),
            builds: BTreeMap::new(),
            diagnostics: Vec::new(),
            calculator: false,
        }
    }

    /// The findings, and whether the page holds the calculator.
    pub fn finish(self) -> (Vec<Diagnostic>, bool) {
        (self.diagnostics, self.calculator)
    }

    fn next_id(&mut self, kind: &'static str) -> String {
        let count = self.drawn.entry(kind).or_insert(0);
        *count += 1;
        format!("{kind}-{count}")
    }

    fn generated(&mut self, directive: &Directive) -> String {
        let guide = self.guide;
        let locale = &guide.catalog.locale;
        match directive {
            Directive::Build(build) => match guide.catalog.build(&build.id) {
                Some(build) => {
                    let own = self.page.document.front.build.is_some();
                    let count = self.builds.entry(build.id.value.clone()).or_insert(0);
                    *count += 1;
                    let id = match *count {
                        1 => format!("build-{}", build.id.value),
                        count => format!("build-{}_{count}", build.id.value),
                    };
                    let place = BuildPlace {
                        page: self.page,
                        id,
                        level: if own { 2 } else { 3 },
                        explained: true,
                    };
                    build_html(guide, build, &place)
                }
                None => String::new(),
            },
            Directive::Calculator => match (&guide.calculator, &guide.module) {
                (Some(calculator), Some(module)) => {
                    self.calculator = true;
                    calculator_html(guide, calculator, module, self.id)
                }
                _ => String::new(),
            },
            Directive::Compare(compare) => {
                let category = guide.catalog.category(&compare.category);
                let page = self.page;
                let id = self.next_id("compare");
                let comparable = category.is_some_and(has_side_by_side);
                let address = side_by_side_address(&compare.category);
                let place = TablePlace {
                    side_by_side: comparable.then(|| relative(&page.address, &address)),
                    data: vec![
                        ("CSV", format!("./{id}.csv")),
                        ("JSON", format!("./{id}.json")),
                    ],
                    id,
                    subject: category.map_or("", |c| &c.title),
                    locale,
                    link: &|id| guide.component_link(page, &compare.category, id),
                };
                table_html(compare, &place)
            }
            Directive::Changes(shown) => self.changes(shown),
            Directive::Chart(chart) => {
                let place = ChartPlace {
                    id: self.next_id("chart"),
                    locale,
                };
                chart_html(chart, &place)
            }
            Directive::Claims(claims) => claims_html(claims, guide),
            Directive::Mermaid(mermaid) => self.diagram(mermaid),
        }
    }

    fn changes(&mut self, shown: &ShownChanges) -> String {
        let (guide, page) = (self.guide, self.page);
        let number = self.drawn.entry("changes").or_insert(0);
        *number += 1;
        let Some(changes) = guide.changes.get(&shown.key()) else {
            return String::new();
        };
        let here = format!("{}{}", guide.version.prefix, page.address);
        let place = ChangesPlace {
            id: changes_id(page, *number),
            level: level_below(page, self.headings),
            link: &|(there, anchor): &PlaceOf| {
                let anchor = anchor.as_ref().map_or(String::new(), |a| format!("#{a}"));
                format!("{}{anchor}", relative(&here, there))
            },
        };
        changes_html(changes, shown.category.as_deref(), &place)
    }

    fn diagram(&mut self, mermaid: &Mermaid) -> String {
        let id = self.next_id("diagram");
        let shared = &self.guide.shared;
        let key = crate::memo::key(
            "diagram",
            [
                diagram::WRAPPER_VERSION.as_bytes(),
                format!("{:?}", shared.diagrams).as_bytes(),
                mermaid.source.as_bytes(),
                self.page.title.as_bytes(),
            ],
        );
        let kept = shared.memo.get(&key).and_then(|bytes| unpack(&bytes));
        let (title, svg) = match kept {
            Some(kept) => kept,
            None => {
                let drawn = diagram::draw(
                    &mermaid.source,
                    &self.page.title,
                    &shared.diagrams,
                    &*shared.worker,
                );
                match drawn {
                    Ok(drawing) => {
                        let kept = (drawing.title, drawing.svg);
                        shared.memo.put(&key, pack(&kept).into());
                        kept
                    }
                    Err(error) => {
                        self.diagnostics.push(diagram_finding(mermaid, error));
                        return String::new();
                    }
                }
            }
        };
        let svg = diagram::with_id_prefix(&svg, &format!("{id}-"));
        format!(
            "<figure class=\"diagram\" id=\"{id}\"><div class=\"diagram-scroll\" tabindex=\"0\" role=\"region\" aria-label=\"Diagram: {}\">{svg}</div></figure>\n",
            Escaped(&title)
        )
    }
}

fn pack((title, svg): &(String, String)) -> Vec<u8> {
    let length = u32::try_from(title.len()).unwrap_or_default();
    let mut bytes = length.to_le_bytes().to_vec();
    bytes.extend_from_slice(title.as_bytes());
    bytes.extend_from_slice(svg.as_bytes());
    bytes
}

fn unpack(bytes: &[u8]) -> Option<(String, String)> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length = usize::try_from(u32::from_le_bytes(*length)).ok()?;
    let (title, svg) = std::str::from_utf8(rest).ok()?.split_at_checked(length)?;
    Some((title.to_string(), svg.to_string()))
}

fn diagram_finding(mermaid: &Mermaid, error: diagram::DiagramError) -> Diagnostic {
    let span = match error.range {
        Some(range) => mermaid.span(range),
        None => mermaid.fence.span.clone(),
    };
    Diagnostic::error(Code::Diagram, span, error.message).help_if(error.help)
}

/// A figure as text, by the number of its call.
pub fn page_text(inlines: &BTreeMap<usize, Inline>, number: usize, locale: &Locale) -> String {
    (inlines.get(&number)).map_or_else(String::new, |inline| figure_text(inline, locale))
}

impl Host for PageHost<'_> {
    fn link(&mut self, address: &str) -> Option<String> {
        let target = self.guide.resolve(self.page, address)?;
        Some(target.href(&self.guide.site, &self.page.address))
    }

    fn image(&mut self, address: &str) -> Option<String> {
        // The content security policy loads images of the site alone.
        match self.guide.resolve(self.page, address)? {
            Target::External(_) => None,
            target => Some(target.href(&self.guide.site, &self.page.address)),
        }
    }

    fn heading_id(&mut self) -> Option<String> {
        let heading = self.page.outline.headings.get(self.headings);
        self.headings += 1;
        heading.map(|h| h.id.to_string())
    }

    fn skips_first_heading(&self) -> bool {
        self.page.title_in_body
    }

    fn call(&mut self, number: usize, plain: bool) -> String {
        let locale = &self.guide.catalog.locale;
        let content = &self.guide.contents[self.id.0];
        let Some(inline) = content.inlines.get(&number) else {
            return String::new();
        };
        if plain {
            return escape(&figure_text(inline, locale));
        }
        let url = inline.figure.as_ref().and_then(|figure| {
            let url = self
                .guide
                .component_link(self.page, &figure.category, &figure.id)?;
            Some(match url.contains('#') {
                true => url,
                false => format!("{url}#{}", figure.field),
            })
        });
        let place = FigurePlace {
            name: &|name| super::names::reader_name(self.guide, name),
            locale,
            id: self.next_id("figure"),
            url,
        };
        figure_html(inline, &place)
    }

    fn code(&mut self, info: &str, text: &str, range: Range<usize>) -> CodeHtml {
        let mut words = info.split_whitespace();
        let language = words.next().unwrap_or_default();
        if crate::directive::is_directive(language) {
            let number = self.fences;
            self.fences += 1;
            let directive = self.guide.contents[self.id.0].directives.get(number);
            let html = match directive {
                Some(Some(directive)) => self.generated(directive),
                _ => String::new(),
            };
            return CodeHtml::Block(html);
        }
        let highlighted = highlight(language, text, &*self.guide.shared.memo);
        let span = self.page.document.span(range).first_line();
        let found = match &highlighted {
            Highlighted::Plain(_, Some(why)) => Some(shown_as_code(language, text, why, span)),
            _ if language.is_empty() => undrawn(text, span),
            _ => None,
        };
        self.diagnostics.extend(found);
        CodeHtml::Listing(listing(language, info, highlighted.html()))
    }

    fn removed(&mut self, what: String, range: Range<usize>) {
        let span = self.page.document.span(range);
        let message = format!("{what} is not published");
        self.diagnostics.push(
            Diagnostic::warning(Code::UnsafeHtml, span.first_line(), message).help(
                "pages hold text, links, images and tables; scripts and styles belong to the theme",
            ),
        );
    }

    fn too_much_html(&mut self, limit: HtmlLimit, range: Range<usize>) {
        let span = self.page.document.span(range);
        let (message, help) = limit.words();
        let found = Diagnostic::error(Code::Limit, span.first_line(), message);
        self.diagnostics.push(found.help(help));
    }

    fn math_error(&mut self, message: String, range: Range<usize>) {
        let span = self.page.document.span(range);
        let message = format!("the formula can't be read: {message}");
        self.diagnostics
            .push(Diagnostic::error(Code::Syntax, span, message));
    }
}

/// A block of an unknown language, or of a directive that is misspelt: then its
/// source would stand where readers look for a table.
fn shown_as_code(language: &str, text: &str, why: &str, span: Span) -> Diagnostic {
    let is_none = |text: &str| text.trim().is_empty();
    match nearest_directive(language).filter(|_| is_none(text) || begins_with_key(text)) {
        Some(meant) => {
            let message = format!("there is no directive `{language}`");
            Diagnostic::error(Code::Directive, span, message)
                .help(format!("did you mean `{meant}`?"))
                .help("a block of code that is called so by chance can be called `text`")
                .once_right()
        }
        None => {
            let message = format!("code is not highlighted: {why}");
            Diagnostic::warning(Code::Highlight, span, message)
                .help("use `text` for blocks without a language")
        }
    }
}

/// Whether the first line that says something is `key = …`, as directives are
/// written.
fn begins_with_key(text: &str) -> bool {
    let mut lines = text.lines().map(str::trim);
    let line = lines.find(|line| !line.is_empty() && !line.starts_with('#'));
    let Some((key, value)) = line.and_then(|line| line.split_once('=')) else {
        return false;
    };
    let key = key.trim();
    let is_quoted = key.len() > 2 && key.starts_with('"') && key.ends_with('"');
    let is_bare = |c: char| c.is_alphanumeric() || "-_".contains(c);
    let is_key = !key.is_empty() && key.chars().all(is_bare);
    (is_key || is_quoted) && !value.starts_with(['=', '>']) && !value.trim().is_empty()
}

/// A diagram in a block that says nothing of it.
fn undrawn(text: &str, span: Span) -> Option<Diagnostic> {
    let message = "this looks like a diagram, and is shown as code";
    diagram::is_headed(text).then(|| {
        Diagnostic::warning(Code::Directive, span, message)
            .help("begin it with the line ```` ```mermaid ````")
            .help("if its source is meant to be read, call it `text`")
    })
}

/// A listing with its language and, from `title="…"`, its title.
fn listing(language: &str, info: &str, html: &str) -> String {
    let title = info
        .split_once("title=\"")
        .and_then(|(_, rest)| rest.split_once('"'));
    let mut head = String::new();
    if !language.is_empty() && language != "text" {
        head.push_str(&format!(
            "<span class=\"code-lang\">{}</span>",
            Escaped(language)
        ));
    }
    if let Some((title, _)) = title {
        head.push_str(&format!(
            "<span class=\"code-title\">{}</span>",
            Escaped(title)
        ));
    }
    if !head.is_empty() {
        head = format!("<div class=\"code-head\">{head}</div>");
    }
    format!("<div class=\"code\">{head}<pre><code>{html}</code></pre></div>")
}
