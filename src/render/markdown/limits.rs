//! What the author's HTML may hold, so that an HTML parser reads it in a time
//! that grows with its length. In comes HTML; out goes the limit that it
//! breaks. Tags are found as a parser finds them, but for comments and texts
//! that look like tags.

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
    for text in html.split('<').skip(1) {
        counts.count(text)?;
    }
    // A tag may hold `<` in a value, where the pieces above end.
    match tags(html).all(|inside| attributes(inside) <= ATTRIBUTES) {
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
}

impl Counts {
    /// Takes what follows a `<`.
    fn count(&mut self, text: &str) -> Result<(), HtmlLimit> {
        let closes = text.starts_with('/');
        let name = text.strip_prefix('/').unwrap_or(text);
        let name = &name[..name
            .find(|c: char| !c.is_ascii_alphanumeric())
            .unwrap_or(name.len())];
        if name.is_empty() {
            return Ok(());
        }
        let is_of = |names: &[&str]| names.iter().any(|n| n.eq_ignore_ascii_case(name));
        if !is_of(UNCOUNTED) {
            self.depth = step(self.depth, closes);
        }
        if is_of(FORMATTING) {
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

/// What stands behind the names of opening tags, as far as the HTML goes.
fn tags(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            rest = &rest[rest.find('<')? + 1..];
            if rest.starts_with(|c: char| c.is_ascii_alphabetic()) {
                let name = rest.find(|c: char| c.is_whitespace() || c == '/' || c == '>')?;
                let inside = &rest[name..];
                let length = tag_length(inside);
                rest = &inside[length..];
                return Some(&inside[..length]);
            }
        }
    })
}

/// Up to the `>` that ends a tag: one in a quoted value does not.
pub(super) fn tag_length(inside: &str) -> usize {
    let mut at = 0;
    while let Some(found) = inside[at..].find(['>', '=']) {
        at += found;
        if inside[at..].starts_with('>') {
            return at;
        }
        at += 1;
        at += inside[at..].len() - inside[at..].trim_start().len();
        if let Some(quote @ (b'"' | b'\'')) = inside.as_bytes().get(at) {
            let rest = &inside[at + 1..];
            let Some(length) = rest.find(char::from(*quote)) else {
                return inside.len();
            };
            at += length + 2;
        }
    }
    inside.len()
}

/// How many attributes are in a tag, at most: each starts behind a space, a
/// slash or a quoted value.
fn attributes(inside: &str) -> usize {
    let mut count = 0;
    let mut at = 0;
    while let Some(name) = inside[at..].find(|c: char| !c.is_whitespace() && c != '/') {
        at += name;
        count += 1;
        let rest = &inside[at..];
        let Some(end) = rest[1..].find(|c: char| c.is_whitespace() || c == '/' || c == '=') else {
            return count;
        };
        at += 1 + end;
        let rest = inside[at..].trim_start();
        let Some(value) = rest.strip_prefix('=') else {
            continue;
        };
        let value = value.trim_start();
        let end = match value.chars().next() {
            Some(quote @ ('"' | '\'')) => value[1..].find(quote).map(|at| at + 2),
            _ => value.find(char::is_whitespace),
        };
        match end {
            Some(end) => at = inside.len() - value.len() + end,
            None => return count,
        }
    }
    count
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
                counts.count(text).expect("no limit");
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
    fn attributes_are_counted_behind_values_of_any_kind() {
        assert_eq!(attributes(" href=\"a b=c\" class = 'd e' f g=h/i"), 4);
        assert_eq!(attributes(" a=\"1\"b=\"2\"c"), 3);
        assert_eq!(attributes(" / a = x"), 1);
        let inside: Vec<_> = tags("a < b <p><a title=\"> <i x>\" b>c</a>").collect();
        assert_eq!(inside, ["", " title=\"> <i x>\" b"]);
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
