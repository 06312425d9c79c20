//! What the author's HTML may hold, so that an HTML parser reads it in a time
//! that grows with its length. In comes HTML; out goes the limit that it
//! breaks. Tags are found as a parser finds them, but for texts that look like
//! tags.

use crate::parse::{HtmlTag, RAW_TEXT, html_comment, html_tag};

/// A limit that a page's HTML breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HtmlLimit {
    Depth,
    Attributes,
    OutsideOfCells,
    Unclosed,
}

/// How deep elements may nest. The time of a parser grows with the square of
/// the depth; browsers stop at 512.
const DEPTH: usize = 400;
/// How many attributes an element may have: each is compared with all others.
const ATTRIBUTES: usize = 100;
/// How many elements may stand in tables outside of their cells. A parser moves
/// each before the table, and looks for its place among all that stand there.
const OUTSIDE_OF_CELLS: usize = 200;
/// How many elements a parser may open again. What is bold and not closed goes
/// on in each later paragraph: twenty kilobytes can become twenty megabytes.
const REOPENED: usize = 50_000;

impl HtmlLimit {
    /// What is said of it, and what to do.
    pub fn words(self) -> (String, &'static str) {
        match self {
            Self::Depth => (
                format!("the HTML of this page nests more than {DEPTH} elements deep"),
                "close each element where it ends",
            ),
            Self::Attributes => (
                format!("an HTML element of this page has more than {ATTRIBUTES} attributes"),
                "close the element's tag with `>`",
            ),
            Self::OutsideOfCells => (
                format!(
                    "the tables of this page's HTML hold more than {OUTSIDE_OF_CELLS} elements outside of their cells"
                ),
                "what stands in a table stands in a `<td>` or a `<th>`",
            ),
            Self::Unclosed => (
                "elements such as `<b>` that are not closed go on through too much of this page"
                    .to_owned(),
                "close each element where it ends",
            ),
        }
    }
}

/// Checks the whole HTML of a page.
pub fn check(html: &str) -> Result<(), HtmlLimit> {
    let mut counts = Counts::default();
    let mut from = 0;
    let mut tag_end = 0;
    while let Some(at) = html[from..].find('<').map(|i| from + i) {
        from = at + 1;
        let rest = &html[from..];
        if at >= tag_end {
            if rest.starts_with("!--") && !counts.has_raw_text {
                let Some(Some(length)) = html_comment(rest) else {
                    break;
                };
                from += length;
                continue;
            }
            if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                tag_end = html_tag(html, at).range.end;
            }
        }
        let next = rest.find('<').map_or(html.len(), |next| from + next);
        counts.count(&html[at..next])?;
    }
    // A tag may hold `<` in a value, where the pieces above end.
    match tags(html).all(|tag| tag.attributes.len() <= ATTRIBUTES) {
        true => Ok(()),
        false => Err(HtmlLimit::Attributes),
    }
}

#[derive(Default)]
struct Counts {
    depth: usize,
    /// Elements of [`FORMATTING`] that are open.
    formatting: usize,
    reopened: usize,
    tables: usize,
    in_cell: bool,
    outside: usize,
    in_link: bool,
    ruby: usize,
    select: usize,
    drawing: Drawing,
    /// Whether there was an element whose text holds no comments.
    has_raw_text: bool,
}

/// Where a place is in an `<svg>`, whose elements may end themselves.
#[derive(Clone, Copy, Default, PartialEq)]
enum Drawing {
    #[default]
    Outside,
    Inside,
    /// In an element of it that holds HTML.
    Html,
}

impl Drawing {
    fn step(self, name: &str, closes: bool) -> Self {
        let is_of = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        match self {
            _ if is_of(&["svg"]) && closes => Self::Outside,
            _ if is_of(&["svg"]) => Self::Inside,
            Self::Inside if is_of(HOLD_HTML) && !closes => Self::Html,
            Self::Inside if is_of(END_SVG) => Self::Outside,
            Self::Html if is_of(HOLD_HTML) && closes => Self::Inside,
            Self::Html => Self::Outside,
            _ => self,
        }
    }
}

impl Counts {
    /// Takes a `<` and what follows up to the next.
    fn count(&mut self, text: &str) -> Result<(), HtmlLimit> {
        let closes = text[1..].starts_with('/');
        let name = &text[1 + usize::from(closes)..];
        let name = &name[..name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len())];
        if name.is_empty() {
            return Ok(());
        }
        let is_of = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        self.drawing = self.drawing.step(name, closes);
        let ends_itself = self.drawing == Drawing::Inside && ends_itself(text);
        if ends_itself && !closes {
            if is_of(&["svg"]) {
                self.drawing = Drawing::Outside;
            }
            return Ok(());
        }
        self.has_raw_text |= is_of(RAW_TEXT);
        // A link ends the one before it.
        let is_same_link = is_of(&["a"]) && self.in_link != closes;
        let is_ended = is_of(&["rt", "rp"]) && self.ruby > 0
            || is_of(&["optgroup"]) && self.select > 0
            || is_same_link;
        if !is_of(UNCOUNTED) && !is_ended {
            self.depth = step(self.depth, closes);
        }
        match () {
            () if is_of(&["a"]) => self.in_link = !closes,
            () if is_of(&["ruby"]) => self.ruby = step(self.ruby, closes),
            () if is_of(&["select"]) => self.select = step(self.select, closes),
            () => {}
        }
        if is_same_link {
            // As many are open as before.
        } else if is_of(FORMATTING) {
            self.formatting = step(self.formatting, closes);
        } else if !closes && !is_of(INLINE) {
            self.reopened += self.formatting;
        }
        if is_of(&["table"]) {
            self.tables = step(self.tables, closes);
            self.in_cell = closes;
        } else if is_of(CELLS) {
            self.in_cell = !closes;
        } else if is_of(ROWS) {
            self.in_cell = false;
        } else if self.tables > 0 && !self.in_cell {
            self.outside += 1;
        }
        match () {
            () if self.depth > DEPTH => Err(HtmlLimit::Depth),
            () if self.reopened > REOPENED => Err(HtmlLimit::Unclosed),
            () if self.outside > OUTSIDE_OF_CELLS => Err(HtmlLimit::OutsideOfCells),
            () => Ok(()),
        }
    }
}

fn step(count: usize, closes: bool) -> usize {
    match closes {
        true => count.saturating_sub(1),
        false => count + 1,
    }
}

/// Opening tags, as far as the HTML goes, and also where a text would be that
/// holds none.
fn tags(html: &str) -> impl Iterator<Item = HtmlTag<'_>> {
    let mut from = 0;
    std::iter::from_fn(move || {
        loop {
            let at = from + html[from..].find('<')?;
            from = at + 1;
            if html[from..].starts_with(|c: char| c.is_ascii_alphabetic()) {
                let tag = html_tag(html, at);
                from = tag.range.end;
                return Some(tag);
            }
        }
    })
}

/// Whether the tag that starts a text ends its element.
fn ends_itself(text: &str) -> bool {
    let tag = html_tag(text, 0);
    let last = tag.attributes.last().map_or(1, |last| last.range.end);
    text[last..tag.range.end].ends_with("/>")
}

/// Elements without an end, or whose end may be left out: the next one of them
/// ends them, so that they don't nest.
const UNCOUNTED: &[&str] = &[
    "area", "base", "br", "col", "dd", "dt", "embed", "hr", "img", "input", "li", "link", "meta",
    "option", "p", "source", "tbody", "td", "tfoot", "th", "thead", "tr", "track", "wbr",
];

/// Elements that a parser opens again where a block has ended them.
const FORMATTING: &[&str] = &[
    "a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u",
];

/// Elements that end nothing; `rb` stands for a generated block.
const INLINE: &[&str] = &[
    "abbr", "bdi", "bdo", "br", "cite", "del", "dfn", "img", "input", "ins", "kbd", "mark", "q",
    "rb", "samp", "span", "sub", "sup", "time", "var", "wbr",
];

/// Elements of an `<svg>` that hold HTML.
const HOLD_HTML: &[&str] = &["desc", "foreignObject", "title"];
/// Elements of HTML that end an `<svg>`.
const END_SVG: &[&str] = &[
    "b",
    "big",
    "blockquote",
    "body",
    "br",
    "center",
    "code",
    "dd",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "head",
    "hr",
    "i",
    "img",
    "li",
    "listing",
    "menu",
    "meta",
    "nobr",
    "ol",
    "p",
    "pre",
    "ruby",
    "s",
    "small",
    "span",
    "strike",
    "strong",
    "sub",
    "sup",
    "table",
    "tt",
    "u",
    "ul",
    "var",
];
/// Parts of a table that hold text.
const CELLS: &[&str] = &["td", "th", "caption"];
/// Parts of a table that hold others.
const ROWS: &[&str] = &["tr", "tbody", "thead", "tfoot", "col", "colgroup"];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stays_open_nests() {
        let depth = |html: &str| {
            let mut counts = Counts::default();
            let deepest = html.split('<').skip(1).map(|text| {
                counts.count(&format!("<{text}")).expect("no limit");
                counts.depth
            });
            deepest.max().unwrap_or(0)
        };
        assert_eq!(depth("<div><b>x</b><i>y</i></div>"), 2);
        assert_eq!(depth("<p>a<p>b<br><li>c<li>d"), 0);
        assert_eq!(depth("a < b </div> <div>"), 1);
        assert_eq!(check(&"<SPAN>".repeat(401)), Err(HtmlLimit::Depth));
    }

    #[test]
    fn what_ends_by_itself_does_not_nest() {
        let many = |html: &str| html.repeat(450);
        for html in [
            format!("<ruby>x{}</ruby>", many("<rp>(<rt>y")),
            format!("<select>{}</select>", many("<optgroup><option>x")),
            many("<a id=\"n\"/>"),
            format!("<!-- {} -->x", many("<div>")),
            format!("<svg><title>x</title>{}</svg>", many("<path d=\"M0 0\" />")),
        ] {
            assert_eq!(check(&html), Ok(()), "{html}");
        }
        for html in [
            many("<rt>"),
            many("<path/>"),
            format!("<svg><p>{}", many("<path/>")),
            format!("<a title=\"<!--\">{}", many("<div>")),
            format!("<style><!--</style>{}", many("<div>")),
            format!("<!-- x -->{}", many("<div>")),
        ] {
            assert_eq!(check(&html), Err(HtmlLimit::Depth), "{html}");
        }
    }

    #[test]
    fn attributes_are_counted_behind_values_of_any_kind() {
        let attributes = |html| tags(html).map(|tag| tag.attributes.len()).collect();
        let counts: Vec<usize> = attributes("a < b <p><a title=\"> <i x>\" b>c</a>");
        assert_eq!(counts, [0, 2]);
        let counts: Vec<usize> = attributes("<a href=\"a b=c\" class = 'd e' f g=h/i>");
        assert_eq!(counts, [4]);
        let counts: Vec<usize> = attributes("<a a=\"1\"b=\"2\"c/><a / a = x><a b c");
        assert_eq!(counts, [3, 1, 2]);
        let many: String = (0..101).map(|i| format!(" a{i}")).collect();
        assert_eq!(check(&format!("<a{many}>")), Err(HtmlLimit::Attributes));
        assert_eq!(check(&format!("<a title=\"{many}\">")), Ok(()));
    }

    #[test]
    fn loose_elements_and_open_ones_are_counted_over_the_page() {
        let loose = "x<br>".repeat(201);
        assert_eq!(
            check(&format!("<table>{loose}")),
            Err(HtmlLimit::OutsideOfCells)
        );
        let cells = "<tr><td>x<br>y</td></tr>".repeat(201);
        assert_eq!(check(&format!("<table>{cells}</table>{loose}")), Ok(()));
        let nested = format!("<table><tr><td><table>{cells}</table>{loose}</td></tr></table>");
        assert_eq!(check(&nested), Ok(()));
        let paragraphs = "<p>x".repeat(1000);
        assert_eq!(check(&format!("<p><b>{paragraphs}")), Ok(()));
        let open = "<b>".repeat(100);
        assert_eq!(
            check(&format!("<p>{open}{paragraphs}")),
            Err(HtmlLimit::Unclosed)
        );
    }
}
