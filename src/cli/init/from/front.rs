//! The front matter of a guide's file: what pages have here, too, is kept under
//! the name that it has here.

use std::fmt::Write as _;

use super::names::{quoted, quoted_prose};
use crate::diag::{Severity, SourceFile};
use crate::parse::{Kind, Node, Origin, Table, parse_toml, parse_yaml};
use crate::value::Date;

/// What a page says of itself.
#[derive(Clone, Debug, Default)]
pub(super) struct Front {
    pub title: Option<String>,
    pub nav_title: Option<String>,
    pub description: Option<String>,
    pub weight: Option<i64>,
    pub date: Option<String>,
    pub keywords: Vec<String>,
    pub draft: bool,
    /// What else was said, as it was written.
    pub dropped: Vec<String>,
}

impl Front {
    /// The keys as lines of TOML.
    pub fn toml(&self) -> String {
        let mut lines = String::new();
        if let Some(weight) = self.weight {
            let _ = writeln!(lines, "weight = {weight}");
        }
        let texts = [
            ("title", &self.title),
            ("nav_title", &self.nav_title),
            ("description", &self.description),
        ];
        for (key, text) in texts {
            if let Some(text) = text {
                let _ = writeln!(lines, "{key} = {}", quoted_prose(text));
            }
        }
        if let Some(date) = &self.date {
            let _ = writeln!(lines, "date = {date}");
        }
        if !self.keywords.is_empty() {
            let words: Vec<String> = self.keywords.iter().map(|word| quoted(word)).collect();
            let _ = writeln!(lines, "keywords = [{}]", words.join(", "));
        }
        if self.draft {
            lines.push_str("draft = true\n");
        }
        lines
    }

    /// Takes a key of another program's.
    fn take(&mut self, key: &str, value: &Node) -> Option<()> {
        match key.to_lowercase().as_str() {
            "title" => self.title = Some(text(value)?),
            "nav_title" | "linktitle" | "sidebar_label" => self.nav_title = Some(text(value)?),
            "description" | "summary" | "excerpt" if self.description.is_none() => {
                self.description = Some(text(value)?);
            }
            "weight" | "sidebar_position" | "nav_order" | "order" => {
                self.weight = Some(text(value)?.parse().ok()?);
            }
            "date" => self.date = Some(day(&text(value)?)?),
            "keywords" | "tags" | "categories" | "tag" | "category" => {
                self.keywords.extend(words(value)?);
            }
            "draft" => self.draft = truth(value)?,
            "published" => self.draft = !truth(value)?,
            _ => return None,
        }
        Some(())
    }
}

/// The front matter of a file, and the rest of it.
pub(super) fn read(file: &str) -> (Front, &str) {
    let Some((fence, inner, body)) = split(file) else {
        return (Front::default(), file);
    };
    let mut front = Front::default();
    match table(fence, inner) {
        Some(table) => {
            for (key, value) in &table.entries {
                if front.take(&key.value, value).is_none() && !matches!(value.kind, Kind::Null) {
                    let value = text(value).unwrap_or_else(|| value.to_json().to_string());
                    front.dropped.push(format!("{}: {value}", key.value));
                }
            }
        }
        // Between two rules of a text there are no keys.
        None if !inner.lines().any(|line| pair(line).is_some()) => {
            return (Front::default(), file);
        }
        None => read_lines(inner, &mut front),
    }
    (front, body)
}

/// Its mark, what stands between its marks, and what behind.
fn split(text: &str) -> Option<(&str, &str, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let fence = first.trim_end();
    if !["---", "+++"].contains(&fence) {
        return None;
    }
    let mut end = 0;
    for line in rest.split_inclusive('\n') {
        if line.trim_end() == fence {
            return Some((fence, &rest[..end], &rest[end + line.len()..]));
        }
        end += line.len();
    }
    None
}

fn table(fence: &str, text: &str) -> Option<Table> {
    let file = SourceFile::new("", text);
    let origin = Origin::contiguous(&file, 0);
    let read = match fence {
        "---" => parse_yaml(text, &origin),
        _ => parse_toml(text, &origin),
    };
    let fails = (read.diagnostics.iter()).any(|found| found.severity == Severity::Error);
    (!fails).then_some(read.value)
}

/// Reads what is not quite YAML, such as `title: a: b`.
fn read_lines(text: &str, front: &mut Front) {
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        match pair(line) {
            Some(("title", value)) => front.title = Some(value.to_owned()),
            Some(("description", value)) => front.description = Some(value.to_owned()),
            Some(("draft", "true")) => front.draft = true,
            _ => front.dropped.push(line.trim().to_owned()),
        }
    }
}

fn pair(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once([':', '='])?;
    let (key, value) = (key.trim(), value.trim().trim_matches(['"', '\'']));
    let is_key = !key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || "-_".contains(c));
    (is_key && !value.is_empty()).then_some((key, value))
}

fn text(value: &Node) -> Option<String> {
    let text = match &value.kind {
        Kind::String(text) | Kind::Number(text) | Kind::Date(text) => text.trim().to_owned(),
        Kind::Bool(truth) => truth.to_string(),
        Kind::Null | Kind::Array(_) | Kind::Table(_) => return None,
    };
    (!text.is_empty()).then_some(text)
}

fn truth(value: &Node) -> Option<bool> {
    match value.kind {
        Kind::Bool(truth) => Some(truth),
        _ => None,
    }
}

/// The day of a day with or without a time.
fn day(text: &str) -> Option<String> {
    let day = text.get(..10)?;
    Date::parse(day).map(|_| day.to_owned())
}

/// A list of words, or one text of them between commas.
fn words(value: &Node) -> Option<Vec<String>> {
    match &value.kind {
        Kind::Array(items) => items.iter().map(text).collect(),
        _ => Some(
            text(value)?
                .split(',')
                .map(|word| word.trim().to_owned())
                .filter(|word| !word.is_empty())
                .collect(),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_other_programs_are_kept_under_their_names_here() {
        let text = "---\ntitle: 'A: b'\ndescription: >\n  Long\n  text\ndraft: true\n\
                    sidebar_position: 3\ntags: [x, y]\ndate: 2024-01-05T10:00:00Z\n\
                    layout:\n  a: 1\n---\n# Body\n";
        let (front, body) = read(text);
        assert_eq!(body, "# Body\n");
        assert_eq!(
            front.toml(),
            "weight = 3\ntitle = \"A: b\"\ndescription = \"Long text\"\ndate = 2024-01-05\n\
             keywords = [\"x\", \"y\"]\ndraft = true\n"
        );
        assert_eq!(front.dropped, ["layout: {\"a\":1}"]);
    }

    #[test]
    fn what_is_no_front_matter_stays() {
        for text in [
            "---\nJust a text.\n---\nmore\n",
            "---\ntitle: a\n",
            "a\n---\n",
        ] {
            assert_eq!(read(text).1, text);
        }
        let (front, body) = read("---\ntitle: Tents: all\nlayout: \"x\n---  \nb");
        assert_eq!((front.title.as_deref(), body), (Some("Tents: all"), "b"));
        assert_eq!(front.dropped, ["layout: \"x"]);
        let (front, _) = read("+++\ntitle = \"T\"\n[extra]\na = 1\n+++\n");
        assert_eq!(front.toml(), "title = \"T\"\n");
    }
}
