//! Markdown that is read otherwise than it was meant: alerts of a kind that
//! there is not, headings without a space, tables whose lines differ, marks of
//! other programs. Each would stand on the page as plain text.

mod finder;

use std::ops::Range;

use crate::diag::nearest;

pub use finder::{Broken, Finder};

/// Something that is likely a slip, in bytes of the block.
#[derive(Debug, PartialEq, Eq)]
pub struct Slip {
    pub range: Range<usize>,
    pub message: String,
    pub help: Vec<String>,
}

impl Slip {
    fn new(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Self {
        Self {
            range,
            message: message.into(),
            help: vec![help.into()],
        }
    }
}

/// The kinds of alerts, as code hosts know them.
const ALERTS: [&str; 5] = ["NOTE", "TIP", "IMPORTANT", "WARNING", "CAUTION"];

/// What other programs call them.
const CALLED: [(&str, &str); 12] = [
    ("ATTENTION", "WARNING"),
    ("BUG", "CAUTION"),
    ("DANGER", "CAUTION"),
    ("ERROR", "CAUTION"),
    ("FAILURE", "CAUTION"),
    ("HINT", "TIP"),
    ("INFO", "NOTE"),
    ("INFORMATION", "NOTE"),
    ("QUESTION", "NOTE"),
    ("SUCCESS", "TIP"),
    ("SUMMARY", "NOTE"),
    ("WARN", "WARNING"),
];

/// A quotation that was to be an alert.
pub fn quotation(text: &str) -> Option<Slip> {
    // Of quotations in quotations the innermost counts, and the others cost
    // nothing.
    let rest = text.strip_prefix('>')?;
    let rest = rest.strip_prefix(' ').unwrap_or(rest);
    if !rest.starts_with('[') {
        return None;
    }
    let start = text.len() - rest.len();
    let line = text.lines().next()?;
    let head = line[start..].strip_prefix('[')?;
    let inner = head.split(']').next()?;
    let name = inner.trim_start_matches('!').trim();
    let upper = name.to_uppercase();
    let is_marked = inner.starts_with('!');
    let is_word = !name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '-');
    if !is_word || !is_marked && !ALERTS.contains(&upper.as_str()) {
        return None;
    }
    let range = start..start + (inner.len() + 2).min(line.len() - start);
    let rest = &head[inner.len()..];
    // Else it is a link, or begins one.
    if !is_marked && !matches!(rest.trim_end(), "" | "]") {
        return None;
    }
    if !ALERTS.contains(&upper.as_str()) {
        let message = format!("there is no alert `{name}`");
        let called = CALLED.iter().find(|(called, _)| *called == upper);
        let meant = called
            .map(|(_, kind)| *kind)
            .or_else(|| nearest(&upper, ALERTS));
        let help = match meant {
            Some(kind) => format!("write `> [!{kind}]`"),
            None => format!("kinds are `{}`", ALERTS.join("`, `")),
        };
        return Some(Slip::new(range, message, help));
    }
    // `[!NOTE] Title` is an alert in other programs alone.
    let message = match rest.strip_prefix(']') {
        Some(rest) if is_marked && !rest.trim().is_empty() => {
            "an alert's kind stands alone on its line"
        }
        _ => "this alert is not read as one",
    };
    let help = format!("write `> [!{upper}]`, and its text on the next line");
    Some(Slip::new(range, message, help))
}

/// A block between backticks that stands too far in to be one.
pub fn indented(text: &str) -> Option<Slip> {
    let line = text.lines().next()?;
    let start = line.len() - line.trim_start().len();
    let mark = line[start..].starts_with("```");
    let help = "begin its lines further left: four spaces make code of them";
    mark.then(|| {
        Slip::new(
            start..line.len(),
            "this block is shown as it is written",
            help,
        )
    })
}

/// A paragraph that was to be something else.
pub fn paragraph(text: &str) -> Option<Slip> {
    let line = text.lines().next()?;
    match line.as_bytes().first()? {
        b'#' => heading(line, text.trim_end() == line.trim_end()),
        b':' if line.starts_with(":::") => Some(admonition(line)),
        b'!' if line.starts_with("!!! ") => Some(admonition(line)),
        b'?' if line.starts_with("??? ") => Some(admonition(line)),
        _ => None,
    }
    .or_else(|| table(text))
}

/// A paragraph that begins with a sign may be about a tag (`#rigbook`) or a
/// colour; a title stands alone and begins with a capital.
fn heading(line: &str, is_alone: bool) -> Option<Slip> {
    let level = line.len() - line.trim_start_matches('#').len();
    let words = &line[level..];
    let end = words.find(|c: char| !c.is_alphanumeric());
    let word = &words[..end.unwrap_or(words.len())];
    let is_colour =
        [3, 4, 6, 8].contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit());
    let is_title = match level {
        1 => is_alone && !is_colour && words.starts_with(char::is_uppercase),
        _ => words.starts_with(char::is_alphabetic),
    };
    (level <= 6 && is_title).then(|| {
        let help = format!("write `{} {}`", &line[..level], &line[level..]);
        let mut slip = Slip::new(0..line.len(), "a heading has a space behind its `#`", help);
        slip.help.push("for the sign itself write `\\#`".to_owned());
        slip
    })
}

fn admonition(line: &str) -> Slip {
    let message = "this mark of another program is shown as it is";
    Slip::new(
        0..line.len(),
        message,
        "write `> [!NOTE]`, and `> ` before each line of its text",
    )
}

/// A paragraph that begins like a formula and holds none: its braces differ in
/// number.
pub fn formula(text: &str) -> Option<Slip> {
    if !text.starts_with("$$") {
        return None;
    }
    let count = |sign| text.matches(sign).count() - text.matches(&format!("\\{sign}")).count();
    let (open, closed) = (count("{"), count("}"));
    let line = text.lines().next().unwrap_or_default();
    (open != closed).then(|| {
        let message = format!("this formula opens {open} braces and closes {closed}");
        Slip::new(0..line.len(), message, "close each brace of a formula")
    })
}

/// A table is one only if the line under its head has as many columns.
fn table(text: &str) -> Option<Slip> {
    memchr::memchr(b'|', text.as_bytes())?;
    let mut before: Option<&str> = None;
    for line in text.lines() {
        let line = line.trim_start_matches(['>', ' ']);
        let is_rule = line.contains('-') && line.contains('|');
        let is_rule = is_rule && line.bytes().all(|b| b"|-: \t".contains(&b));
        if let (Some(head), true) = (before.filter(|head| head.contains('|')), is_rule) {
            let (columns, given) = (cells(head), cells(line));
            let start = line.as_ptr() as usize - text.as_ptr() as usize;
            let counted = |count| match count {
                1 => "1 column".to_owned(),
                count => format!("{count} columns"),
            };
            let message = format!(
                "this table's head has {}, and the line under it {}",
                counted(columns),
                counted(given)
            );
            let help = format!("write `|{}`", "---|".repeat(columns));
            return Some(Slip::new(
                start..start + line.trim_end().len(),
                message,
                help,
            ));
        }
        before = Some(line);
    }
    None
}

fn cells(row: &str) -> usize {
    let row = row.trim();
    let row = row.strip_prefix('|').unwrap_or(row);
    let row = row.strip_suffix('|').unwrap_or(row);
    row.replace("\\|", "").matches('|').count() + 1
}

/// `[[page]]` in a text, which is no link here.
pub fn wiki_link(text: &str) -> Option<Slip> {
    let start = memchr::memmem::find(text.as_bytes(), b"[[")?;
    let length = text[start..].find("]]")?;
    let inner = &text[start + 2..start + length];
    // `[[ -f x ]]` is a test of a shell.
    let is_name =
        !inner.is_empty() && !inner.starts_with(' ') && !inner.contains(['[', ']', '\n', '`']);
    let is_plain = !text[..start].ends_with('\\');
    let is_link = text[start + length + 2..].starts_with(['(', '[', ':']);
    (is_name && is_plain && !is_link).then(|| {
        let name = inner.split('|').next().unwrap_or_default().trim();
        let message = format!("`[[{inner}]]` is no link");
        Slip::new(
            start..start + length + 2,
            message,
            format!("write `[{name}](path/to/page.md)`"),
        )
    })
}

/// The longest name of a note that is looked for, in bytes.
const LONGEST_NOTE: usize = 100;

/// The names of notes that a text refers to, with their `^`. Markdown takes
/// those that nothing defines for text.
pub fn notes(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    for start in memchr::memmem::find_iter(text.as_bytes(), b"[^") {
        if text[..start].ends_with('\\') {
            continue;
        }
        let rest = text.as_bytes()[start..].iter().take(LONGEST_NOTE);
        let Some(length) = { rest }.position(|&byte| byte == b']') else {
            continue;
        };
        let word = &text[start + 2..start + length];
        if !word.is_empty() && !word.contains(char::is_whitespace) {
            found.push(start + 1..start + length);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    fn help(slip: Option<Slip>) -> String {
        slip.map_or_else(String::new, |slip| slip.help[0].clone())
    }

    #[test]
    fn alerts_of_other_kinds_and_forms() {
        for (text, kind) in [
            ("> [!TIPP]\n> x", "TIP"),
            ("> [!info]\n> x", "NOTE"),
            ("> [!danger] Hot\n> x", "CAUTION"),
            ("> [!NOTE] Title\n> x", "NOTE"),
            ("> [NOTE]\n> x", "NOTE"),
            ("> [! WARNING]\n> x", "WARNING"),
            ("> [!NOTE\n> x", "NOTE"),
        ] {
            let found = help(quotation(text));
            assert!(found.contains(&format!("`> [!{kind}]`")), "{text}: {found}");
        }
        for text in [
            "> x",
            "> [x](y)",
            "> [1] x",
            "> [!]",
            "> [!a b](x)",
            "> [Warning](https://example.org/) is a page",
            "> [Note][1] says",
            "> [Important]: https://example.org/",
        ] {
            assert_eq!(quotation(text), None, "{text}");
        }
    }

    #[test]
    fn paragraphs_that_were_to_be_something_else() {
        for (text, part) in [
            ("#Heading", "`# Heading`"),
            (":::note\nx\n:::", "[!NOTE]"),
            ("!!! tip\n    x", "[!NOTE]"),
            ("##heading", "`## heading`"),
            ("|a|b|\n|-|\n|1|2|", "`|---|---|`"),
        ] {
            let found = help(paragraph(text));
            assert!(found.contains(part), "{text}: {found}");
        }
        assert!(help(formula("$$\n\\frac{1}{\n$$")).contains("close each brace"));
        let found = help(wiki_link("See [[other page|it]]."));
        assert!(found.contains("`[other page](path/to/page.md)`"), "{found}");
        assert_eq!(wiki_link("[[x]](y)"), None);
        assert_eq!(wiki_link("If [[ -f x ]] holds."), None);
        for text in [
            "#1 in sales",
            "#rigbook",
            "#Tags and\nmore",
            "#e63946 is red.",
            "#FFF is white.",
            "a | b\nc",
            "!important",
            "x - y | z\n- a",
        ] {
            assert_eq!(paragraph(text), None, "{text}");
        }
    }
}
