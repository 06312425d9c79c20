//! Marks that other programs add to Markdown, written as they are here: boxes
//! (`:::note`, `!!! note`, `> [!info]- Title`) and links between double brackets.

use std::ops::Range;

use pulldown_cmark::{Event, Parser, Tag};

use super::links::between;
use super::tree::anchor;
use crate::parse::markdown_options;

/// Names of boxes, and what they are called here.
const BOXES: [(&str, &str); 20] = [
    ("abstract", "NOTE"),
    ("attention", "WARNING"),
    ("bug", "WARNING"),
    ("caution", "CAUTION"),
    ("danger", "CAUTION"),
    ("error", "CAUTION"),
    ("example", "NOTE"),
    ("failure", "WARNING"),
    ("hint", "TIP"),
    ("important", "IMPORTANT"),
    ("info", "NOTE"),
    ("note", "NOTE"),
    ("quote", "NOTE"),
    ("question", "NOTE"),
    ("success", "TIP"),
    ("summary", "NOTE"),
    ("tip", "TIP"),
    ("tldr", "NOTE"),
    ("todo", "NOTE"),
    ("warning", "WARNING"),
];

/// A text with its boxes as alerts. One that nothing closes stays.
pub(super) fn rewritten(body: &str) -> String {
    if ![":::", "!!! ", "??? ", "???+ ", "[!"]
        .iter()
        .any(|mark| body.contains(mark))
    {
        return body.to_owned();
    }
    let code = places_of_code(body);
    let mut lines: Vec<(usize, &str)> = Vec::new();
    let mut start = 0;
    for line in body.split_inclusive('\n') {
        lines.push((start, line));
        start += line.len();
    }
    let mut written = String::with_capacity(body.len());
    let mut at = 0;
    while let Some(&(start, line)) = lines.get(at) {
        at += 1;
        let found = match code.iter().any(|range| range.contains(&start)) {
            true => None,
            false => fenced(line, &lines[at..]).or_else(|| indented(line, &lines[at..])),
        };
        let Some(found) = found else {
            written.push_str(callout(line).as_deref().unwrap_or(line));
            continue;
        };
        at += found.lines;
        if !written.is_empty() && !written.ends_with("\n\n") {
            written.push('\n');
        }
        written.push_str(&found.text());
    }
    written
}

/// A box that was found.
struct Found {
    kind: &'static str,
    title: String,
    inner: String,
    /// How many lines behind its first are its own.
    lines: usize,
}

impl Found {
    fn text(&self) -> String {
        let title = match self.title.as_str() {
            "" => String::new(),
            title => format!("**{title}**\n\n"),
        };
        let inner = format!("{title}{}", rewritten(self.inner.trim_matches('\n')));
        let mut text = format!("> [!{}]\n", self.kind);
        for line in inner.lines() {
            text.push_str(format!("> {line}").trim_end());
            text.push('\n');
        }
        text.push('\n');
        text
    }
}

fn kind_of(name: &str) -> Option<&'static str> {
    let name = name.to_lowercase();
    let known = BOXES.iter().find(|(known, _)| *known == name);
    known.map(|(_, kind)| *kind)
}

/// `:::note Title` up to a line of as many colons.
fn fenced(line: &str, behind: &[(usize, &str)]) -> Option<Found> {
    let rest = line.trim_start_matches(':');
    let colons = &line[..line.len() - rest.len()];
    let rest = rest.trim();
    let end = rest
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(rest.len());
    let kind = kind_of(&rest[..end]).filter(|_| colons.len() >= 3)?;
    let lines = behind.iter().position(|(_, line)| line.trim() == colons)?;
    Some(Found {
        kind,
        title: rest[end..].trim().trim_matches(['[', ']']).to_owned(),
        inner: behind[..lines].iter().map(|(_, line)| *line).collect(),
        lines: lines + 1,
    })
}

/// `!!! note "Title"` with the indented lines below.
fn indented(line: &str, behind: &[(usize, &str)]) -> Option<Found> {
    let rest = ["!!! ", "??? ", "???+ "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))?
        .trim();
    let (name, title) = rest.split_once(' ').unwrap_or((rest, ""));
    let kind = kind_of(name)?;
    let is_own = |line: &str| line.trim().is_empty() || line.starts_with("    ");
    let mut lines = behind.iter().take_while(|(_, line)| is_own(line)).count();
    while lines > 0 && behind[lines - 1].1.trim().is_empty() {
        lines -= 1;
    }
    let inner = behind[..lines].iter();
    Some(Found {
        kind,
        title: title.trim().trim_matches('"').to_owned(),
        inner: inner
            .map(|(_, line)| line.strip_prefix("    ").unwrap_or("\n"))
            .collect(),
        lines,
    })
}

/// `> [!info]- Title`, which is an alert but for its kind and its title.
fn callout(line: &str) -> Option<String> {
    let at = line.find(|c: char| c != '>' && c != ' ')?;
    let (before, rest) = line.split_at(at);
    let (name, title) = rest.strip_prefix("[!")?.split_once(']')?;
    let kind = kind_of(name).filter(|_| before.contains('>'))?;
    let title = title.trim_start_matches(['-', '+']).trim();
    let title = match title {
        "" => String::new(),
        title => format!("{before}**{title}**\n{}\n", before.trim_end()),
    };
    Some(format!("{before}[!{kind}]\n{title}"))
}

/// A file's text with `[[Page]]` and `![[picture.png]]` as links, where the
/// guide has what they name. `files` are the paths of all that it has.
pub(super) fn linked(body: &str, path: &str, files: &[&str]) -> String {
    if !body.contains("[[") {
        return body.to_owned();
    }
    let code = places_of_code(body);
    let mut written = String::with_capacity(body.len());
    let mut end = 0;
    for (at, _) in body.match_indices("[[") {
        let is_text = at >= end && !code.iter().any(|range| range.contains(&at));
        if !is_text || body[..at].ends_with('\\') {
            continue;
        }
        let Some((inner, behind)) = body[at + 2..].split_once("]]") else {
            break;
        };
        if inner.contains(['\n', '[']) || behind.starts_with('(') {
            continue;
        }
        let is_shown = body[..at].ends_with('!');
        let Some(link) = wiki_link(inner, is_shown, path, files) else {
            continue;
        };
        written.push_str(&body[end..at - usize::from(is_shown)]);
        written.push_str(&link);
        end = at + 2 + inner.len() + 2;
    }
    written.push_str(&body[end..]);
    written
}

/// The Markdown of what stands between double brackets.
fn wiki_link(inner: &str, is_shown: bool, path: &str, files: &[&str]) -> Option<String> {
    let (target, alias) = match inner.split_once('|') {
        Some((target, alias)) => (target.trim_end_matches('\\'), alias.trim()),
        None => (inner, ""),
    };
    let (name, heading) = target.split_once('#').unwrap_or((target, ""));
    let heading = heading.rsplit('#').next().unwrap_or_default();
    let anchor = match anchor(heading) {
        // A block has no anchor.
        _ if heading.is_empty() || heading.starts_with('^') => String::new(),
        anchor => format!("#{anchor}"),
    };
    let way = match name.trim() {
        "" => String::new(),
        name => between(path, file_named(name, files)?),
    };
    let is_picture = is_shown && !way.to_lowercase().ends_with(".md");
    let is_size = alias.bytes().all(|b| b.is_ascii_digit() || b == b'x');
    let text = match alias {
        "" if heading.is_empty() => name.trim(),
        "" => inner.trim_start_matches('#'),
        _ if is_picture && is_size => name.trim(),
        alias => alias,
    };
    let mark = if is_picture { "!" } else { "" };
    let text = text.replace(['[', ']'], "");
    (!way.is_empty() || !anchor.is_empty()).then(|| format!("{mark}[{text}](<{way}{anchor}>)"))
}

/// The file that a name means: by its path or, wherever it stands, by its name.
fn file_named<'a>(name: &str, files: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let is_named = |path: &str| {
        let path = path.to_lowercase();
        let stem = path.strip_suffix(".md").unwrap_or(&path);
        [stem, &path].iter().any(|path| {
            let before = path.strip_suffix(&name);
            before.is_some_and(|before| before.is_empty() || before.ends_with('/'))
        })
    };
    let found = files.iter().filter(|path| is_named(path));
    found.min_by_key(|path| path.matches('/').count()).copied()
}

/// Where code and HTML stand, in which marks are none.
fn places_of_code(body: &str) -> Vec<Range<usize>> {
    let events = Parser::new_ext(body, markdown_options()).into_offset_iter();
    let places = events.filter(|(event, _)| {
        matches!(
            event,
            Event::Code(_)
                | Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Start(Tag::CodeBlock(_))
        )
    });
    places.map(|(_, range)| range).collect()
}

/// What is said of marks that fill in something when another program builds
/// the guide.
pub(super) fn unread(path: &str, body: &str) -> Option<String> {
    let code = places_of_code(body);
    let is_text = |at: usize| !code.iter().any(|range| range.contains(&at));
    let marks = ["{{<", "{{%", "{%"];
    let found = marks.iter().flat_map(|mark| body.match_indices(mark));
    let first = found.map(|(at, _)| at).filter(|at| is_text(*at)).min()?;
    let line = body[first..].lines().next().unwrap_or_default();
    Some(format!(
        "{path}: marks for another program stand as text: `{}`",
        line.trim()
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_become_alerts() {
        let text = "a\n:::note[Read *this*]\nb\n\n- c\n:::\nd\n";
        let expected = "a\n\n> [!NOTE]\n> **Read *this***\n>\n> b\n>\n> - c\n\nd\n";
        assert_eq!(rewritten(text), expected);
        let text = "!!! warning \"Hot\"\n    a\n\n        b\n\nc\n";
        assert_eq!(
            rewritten(text),
            "> [!WARNING]\n> **Hot**\n>\n> a\n>\n>     b\n\n\nc\n"
        );
        for text in [
            "```\n:::note\na\n:::\n```\n",
            ":::note\nopen\n",
            ":::chart\na\n:::\n",
        ] {
            assert_eq!(rewritten(text), text);
        }
    }

    #[test]
    fn double_brackets_become_links_to_what_there_is() {
        let files = ["a/Big Tent.md", "img/dome.png", "b/c.md"];
        let check = |text: &str, expected: &str| {
            assert_eq!(linked(text, "a/x.md", &files), expected);
        };
        check("[[Big Tent]]", "[Big Tent](<Big Tent.md>)");
        check(
            "[[big tent#Its Poles|poles]]",
            "[poles](<Big Tent.md#its-poles>)",
        );
        check("![[dome.png|300]]", "![dome.png](<../img/dome.png>)");
        check("![[b/c]]", "[b/c](<../b/c.md>)");
        check("[[#Own]]", "[Own](<#own>)");
        check("[[gone]] `[[c]]` [[1]](u)", "[[gone]] `[[c]]` [[1]](u)");
    }
}
