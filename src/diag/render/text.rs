//! Diagnostics for people, in rustc's look: message, excerpt with marks, help.

use std::ops::Range;
use std::sync::Arc;

use annotate_snippets::renderer::DecorStyle;
use annotate_snippets::{
    Annotation, AnnotationKind, Element, Group, Level, Origin, Renderer, Snippet,
};

use super::further;
use super::lines::{Lines, within};
use crate::diag::{Diagnostic, Severity, SourceFile, Span};

/// What the terminal can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Look {
    pub color: bool,
    /// In columns.
    pub width: usize,
}

impl Default for Look {
    fn default() -> Self {
        Self {
            color: false,
            width: 100,
        }
    }
}

/// Renders all diagnostics, with a blank line after each.
pub fn text(diagnostics: &[Diagnostic], look: Look) -> String {
    let renderer = if look.color {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let renderer = renderer
        .decor_style(DecorStyle::Ascii)
        .term_width(look.width.max(NARROWEST));
    let mut lines = Lines::default();
    let mut out = String::new();
    for diagnostic in diagnostics {
        let excerpts = excerpts(diagnostic, &mut lines);
        let report = [report(diagnostic, &excerpts)];
        let rendered = renderer.render(&report);
        out.push_str(with_true_columns(&rendered, &excerpts).trim_end());
        out.push_str("\n\n");
    }
    out
}

/// A terminal narrower than this gets lines of this width all the same.
const NARROWEST: usize = 60;
/// A line longer than this, in bytes, is shown in part.
const LONG_LINE: usize = 400;
/// How much of a long line is shown to each side of a mark, in bytes.
const AROUND: usize = 80;
/// Marks of one file further apart than this, in lines, have excerpts of their
/// own; a mark over more lines is cut to its first.
const FAR: usize = 30;

/// A mark in an excerpt. The range counts from the excerpt's start.
struct Mark<'a> {
    range: Range<usize>,
    kind: AnnotationKind,
    label: &'a str,
}

/// Part of a file with marks in it.
struct Excerpt<'a> {
    path: String,
    first_line: usize,
    origin: From,
    text: String,
    marks: Vec<Mark<'a>>,
}

fn report<'a>(diagnostic: &'a Diagnostic, excerpts: &'a [Excerpt<'a>]) -> Group<'a> {
    let level = match diagnostic.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let title = level
        .primary_title(diagnostic.message.as_str())
        .id(diagnostic.code.name());
    let mut elements: Vec<Element<'a>> = Vec::new();
    for excerpt in excerpts {
        elements.push(element(excerpt));
    }
    for help in &diagnostic.help {
        elements.push(Level::HELP.message(help.as_str()).into());
    }
    if let Some(rest) = further(diagnostic).1 {
        elements.push(Level::HELP.message(rest).into());
    }
    Group::with_title(title).elements(elements)
}

fn element<'a>(excerpt: &'a Excerpt<'a>) -> Element<'a> {
    let path = excerpt.path.as_str();
    match excerpt.origin {
        From::File => Origin::path(path).into(),
        From::Line(line) => Origin::path(path).line(line).char_column(1).into(),
        From::Excerpt | From::CutLine { .. } => Snippet::source(excerpt.text.as_str())
            .path(path)
            .line_start(excerpt.first_line)
            .annotations(excerpt.marks.iter().map(annotation))
            .into(),
    }
}

/// Names the column in the file where the renderer knows that in the excerpt
/// only.
fn with_true_columns(rendered: &str, excerpts: &[Excerpt<'_>]) -> String {
    let mut rendered = rendered.to_owned();
    for excerpt in excerpts {
        if let From::CutLine { column, shown } = excerpt.origin {
            let place = format!("{}:{}:", excerpt.path, excerpt.first_line);
            rendered = rendered.replacen(
                &format!("{place}{shown}\n"),
                &format!("{place}{column}\n"),
                1,
            );
        }
    }
    rendered
}

fn annotation<'a>(mark: &'a Mark<'a>) -> Annotation<'a> {
    let annotation = mark.kind.span(mark.range.clone());
    if mark.label.is_empty() {
        annotation
    } else {
        annotation.label(mark.label)
    }
}

/// One excerpt for each run of marks that are near each other, the one with
/// the primary mark first.
fn excerpts<'a>(diagnostic: &'a Diagnostic, lines: &mut Lines) -> Vec<Excerpt<'a>> {
    let primary = diagnostic
        .span
        .iter()
        .map(|span| (span, AnnotationKind::Primary, diagnostic.label.as_str()));
    let secondary = further(diagnostic)
        .0
        .iter()
        .map(|label| (&label.span, AnnotationKind::Context, label.text.as_str()));
    let mut groups: Vec<(Arc<SourceFile>, Vec<Placed<'a>>)> = Vec::new();
    for (span, kind, label) in primary.chain(secondary) {
        let placed = placed(span, kind, label, lines);
        let near = groups.iter_mut().find(|(file, group)| {
            Arc::ptr_eq(file, &span.file) && group.iter().all(|other| placed.is_near(other))
        });
        match near {
            Some((_, group)) => group.push(placed),
            None => groups.push((Arc::clone(&span.file), vec![placed])),
        }
    }
    groups
        .iter()
        .map(|(file, group)| excerpt(file, group))
        .collect()
}

/// Where an excerpt is from.
enum From {
    /// Its own lines tell.
    Excerpt,
    /// A line that is cut at its start: the column of the mark in the file and
    /// in the excerpt.
    CutLine { column: usize, shown: usize },
    /// A line without text.
    Line(usize),
    /// The file as a whole.
    File,
}

/// A mark with the lines that it touches.
struct Placed<'a> {
    range: Range<usize>,
    kind: AnnotationKind,
    label: &'a str,
    first_line: usize,
    /// The bytes from the first line's start to the last one's end.
    lines: Range<usize>,
    long: bool,
}

impl Placed<'_> {
    fn is_near(&self, other: &Self) -> bool {
        !self.long && !other.long && self.first_line.abs_diff(other.first_line) <= FAR
    }
}

fn placed<'a>(span: &Span, kind: AnnotationKind, label: &'a str, lines: &mut Lines) -> Placed<'a> {
    let mut range = within(span);
    let (first_line, first) = lines.line(&span.file, range.start);
    let (last_line, mut last) = lines.line(&span.file, range.end);
    if last_line - first_line > FAR || last.end - first.start > LONG_LINE * FAR {
        range.end = first.end;
        last = first.clone();
    }
    Placed {
        range,
        kind,
        label,
        first_line,
        long: first.len().max(last.len()) > LONG_LINE,
        lines: first.start..last.end,
    }
}

fn excerpt<'a>(file: &SourceFile, group: &[Placed<'a>]) -> Excerpt<'a> {
    if let [only] = group
        && only.long
    {
        return part_of_line(file, only);
    }
    let start = group.iter().map(|p| p.lines.start).min().unwrap_or(0);
    let end = group.iter().map(|p| p.lines.end).max().unwrap_or(0);
    let mark = |p: &Placed<'a>| Mark {
        range: p.range.start - start..p.range.end - start,
        kind: p.kind,
        label: p.label,
    };
    let first_line = group.iter().map(|p| p.first_line).min().unwrap_or(1);
    let origin = if start < end {
        From::Excerpt
    } else if file.text.is_empty() {
        From::File
    } else {
        From::Line(first_line)
    };
    Excerpt {
        path: shown_path(file),
        first_line,
        origin,
        text: file.text[start..end].to_owned(),
        marks: group.iter().map(mark).collect(),
    }
}

/// The surroundings of a mark within a line that is too long to show.
fn part_of_line<'a>(file: &SourceFile, placed: &Placed<'a>) -> Excerpt<'a> {
    let text = &file.text;
    let line = &placed.lines;
    let mark_start = placed.range.start;
    let longest = text.floor_char_boundary((mark_start + AROUND).min(line.end));
    let mark_end = placed.range.end.min(longest).max(mark_start);
    let start = text.ceil_char_boundary(mark_start.saturating_sub(AROUND).max(line.start));
    let start = start.min(mark_start);
    let end = text.floor_char_boundary((mark_end + AROUND).min(line.end));
    let before = if start > line.start { "…" } else { "" };
    let after = if end < line.end { "…" } else { "" };
    // Several lines may be left if the place runs on; the first is shown.
    let shown_end = text[start..end].find('\n').map_or(end, |at| start + at);
    let cut = format!("{before}{}{after}", &text[start..shown_end]);
    let shift = |at: usize| at.min(shown_end) - start + before.len();
    let column = text[line.start..mark_start].chars().count() + 1;
    Excerpt {
        path: shown_path(file),
        first_line: placed.first_line,
        origin: From::CutLine {
            column,
            shown: text[start..mark_start].chars().count() + before.chars().count() + 1,
        },
        text: cut,
        marks: vec![Mark {
            range: shift(mark_start)..shift(mark_end),
            kind: placed.kind,
            label: placed.label,
        }],
    }
}

/// The path with control characters escaped, since a terminal obeys them.
fn shown_path(file: &SourceFile) -> String {
    let mut path = String::with_capacity(file.path.len());
    for c in file.path.chars() {
        if c.is_control() {
            path.extend(c.escape_default());
        } else {
            path.push(c);
        }
    }
    path
}
