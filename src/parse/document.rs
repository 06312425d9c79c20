//! One Markdown file: front matter, and where its body starts.

use std::ops::Range;
use std::sync::Arc;

use super::front::{FrontMatter, read_front};
use super::toml::parse_toml;
use super::tree::{Origin, Table};
use super::yaml::parse_yaml;
use crate::diag::{Checked, Code, Diagnostic, SourceFile, Span};

/// How large front matter may be, in bytes.
const FRONT_MATTER_LIMIT: usize = 1 << 20;

/// A Markdown file as it was written, its front matter read.
#[derive(Clone, Debug)]
pub struct Document {
    /// Relative to `content/`, with `/`: `bikes/_index.md`.
    pub path: Arc<str>,
    pub file: Arc<SourceFile>,
    pub front: FrontMatter,
    /// Whether its front matter can't be read, so that keys may be missing.
    pub malformed: bool,
    /// Where the Markdown starts in the file.
    pub body_start: usize,
}

impl Document {
    /// The Markdown below the front matter.
    pub fn body(&self) -> &str {
        &self.file.text[self.body_start..]
    }

    /// A place in the body.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.body_start;
        Span::new(&self.file, start + range.start..start + range.end)
    }

    /// The file's stem: `tourer` of `bikes/tourer.md`.
    pub fn stem(&self) -> &str {
        let name = self.path.rsplit('/').next().unwrap_or(&self.path);
        name.strip_suffix(".md").unwrap_or(name)
    }

    /// Whether this is a section's own page.
    pub fn is_section(&self) -> bool {
        self.stem() == "_index"
    }

    /// The folder that holds the file, without a slash at the end.
    pub fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// The first line of the file, for findings about the whole of it.
    pub fn top(&self) -> Span {
        let end = self.file.text.find('\n').unwrap_or(self.file.text.len());
        Span::new(&self.file, 0..end)
    }
}

/// Splits off the front matter and reads it.
pub fn parse_document(path: &str, file: &Arc<SourceFile>) -> Checked<Document> {
    let text: &str = &file.text;
    let mut diagnostics = Vec::new();
    let (table, body_start) = match split(text) {
        Split::None => (Table::empty(Span::new(file, 0..0)), 0),
        Split::Unopened => {
            let line = text.find('\n').unwrap_or(text.len());
            diagnostics.push(
                Diagnostic::error(
                    Code::Syntax,
                    Span::new(file, 0..line),
                    "the front matter is not opened by a line `+++`",
                )
                .help("a line `+++` stands above it, and one below"),
            );
            (Table::empty(Span::new(file, 0..0)), text.len())
        }
        Split::Unclosed(fence) => {
            let message = format!("the front matter is never closed by a line `{fence}`");
            diagnostics.push(
                Diagnostic::error(Code::Syntax, Span::new(file, 0..fence.len()), message)
                    .label("opened here")
                    .help(format!(
                        "write a line `{fence}` between the front matter and the text"
                    )),
            );
            (Table::empty(Span::new(file, 0..0)), text.len())
        }
        Split::Found {
            format,
            start,
            end,
            body,
        } if end - start > FRONT_MATTER_LIMIT => {
            let _ = format;
            let message = format!(
                "the front matter has {} bytes; at most {FRONT_MATTER_LIMIT} are read",
                end - start
            );
            diagnostics.push(Diagnostic::error(
                Code::Limit,
                Span::new(file, start..start),
                message,
            ));
            (Table::empty(Span::new(file, 0..0)), body)
        }
        Split::Found {
            format,
            start,
            end,
            body,
        } => {
            let origin = Origin::contiguous(file, start);
            let parse = match format {
                Format::Toml => parse_toml,
                Format::Yaml => parse_yaml,
            };
            let parsed = parse(&text[start..end], &origin);
            if let Some(found) = other_format(&parsed, &format, file, start..end) {
                diagnostics.push(found);
                (parsed.value, body)
            } else {
                (parsed.drain_into(&mut diagnostics), body)
            }
        }
    };
    let malformed = !diagnostics.is_empty();
    let mut found = Vec::new();
    let mut front = read_front(&table, &mut found);
    // A broken table lacks keys that are in the file: say only that it is broken.
    match malformed {
        true => front.forget_catalog(),
        false => diagnostics.append(&mut found),
    }
    let document = Document {
        path: path.into(),
        file: Arc::clone(file),
        front,
        malformed,
        body_start,
    };
    Checked::new(document, diagnostics)
}

enum Format {
    Toml,
    Yaml,
}

/// One finding for TOML between the lines of YAML, or YAML between those of
/// TOML.
fn other_format(
    parsed: &Checked<Table>,
    format: &Format,
    file: &Arc<SourceFile>,
    range: Range<usize>,
) -> Option<Diagnostic> {
    let text = &file.text[range.clone()];
    let first = text.lines().find(|line| !line.trim().is_empty())?;
    let (found, fence, right) = match format {
        Format::Yaml if is_key(first, '=') => ("TOML", "---", "+++"),
        Format::Toml if is_key(first, ':') => ("YAML", "+++", "---"),
        _ => return None,
    };
    let message = format!("this is {found}, which does not stand between lines of `{fence}`");
    let span = Span::new(file, range.start..range.start + first.len());
    let found = Diagnostic::error(Code::Syntax, span, message);
    (parsed.has_errors()).then(|| {
        found.help(format!(
            "write `{right}` above and below it, or change the text"
        ))
    })
}

/// Whether a line starts with a key and a sign behind it.
fn is_key(line: &str, sign: char) -> bool {
    let is_word = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    let rest = line.trim_start_matches(is_word);
    rest.len() < line.len() && rest.trim_start_matches(' ').starts_with(sign)
}

/// Whether a line is none of a text, but the first of front matter.
fn begins_front_matter(line: &str) -> bool {
    const TABLES: [&str; 4] = ["[build]", "[calculator]", "[category]", "[component]"];
    let title = line.strip_prefix("title").map(str::trim_start);
    let value = title.and_then(|rest| rest.strip_prefix('='));
    TABLES.contains(&line) || value.is_some_and(|value| value.trim_start().starts_with(['"', '\'']))
}

enum Split {
    None,
    /// A line `+++` ends what nothing has opened, or there is none.
    Unopened,
    Unclosed(&'static str),
    Found {
        format: Format,
        start: usize,
        end: usize,
        body: usize,
    },
}

fn split(text: &str) -> Split {
    let (format, fence) = match text.lines().next().map(str::trim_end) {
        Some("+++") => (Format::Toml, "+++"),
        Some("---") => (Format::Yaml, "---"),
        Some(first) if is_key(first, '=') && text.lines().any(|line| line.trim_end() == "+++") => {
            return Split::Unopened;
        }
        Some(first) if begins_front_matter(first) => return Split::Unopened,
        _ => return Split::None,
    };
    let start = text.find('\n').map_or(text.len(), |i| i + 1);
    let mut at = start;
    for line in text[start..].split_inclusive('\n') {
        if line.trim_end() == fence {
            let body = at + line.len();
            return Split::Found {
                format,
                start,
                end: at,
                body,
            };
        }
        at += line.len();
    }
    Split::Unclosed(fence)
}
