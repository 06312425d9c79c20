//! Figures of one component or build that moved, folded under its name. The
//! fold's own line says the first of them.

use std::sync::Arc;

use super::Moved;
use super::items::worded;
use crate::catalog::PointsDiff;
use crate::render::escape::Escaped;

/// What moved of one component or build.
pub struct Fold<'a> {
    pub id: String,
    pub title: &'a str,
    /// Where its page is.
    pub href: Option<String>,
    pub lines: Vec<Line<'a>>,
    /// Strengths and weaknesses that came or went.
    pub points: &'a [PointsDiff],
    pub open: bool,
}

/// A figure that moved.
pub struct Line<'a> {
    pub id: String,
    pub label: &'a str,
    pub moved: Moved,
}

impl Fold<'_> {
    /// None where nothing moved.
    pub fn html(&self) -> Option<String> {
        let note = match self.lines.first() {
            Some(first) => self.note(first),
            None => Escaped(&points_note(self.points.first()?)).to_string(),
        };
        let points: String = self.points.iter().map(points_list).collect();
        Some(format!(
            "<details class=\"details change-fold\" id=\"{}\"{}><summary><span class=\"fold-name\">{}</span> <span class=\"fold-note\">{note}</span></summary>\n\
             {}{points}{}</details>\n",
            self.id,
            if self.open { " open" } else { "" },
            Escaped(self.title),
            self.table(),
            self.link(),
        ))
    }

    fn table(&self) -> String {
        if self.lines.is_empty() {
            return String::new();
        }
        let title = Escaped(self.title);
        let rows: String = self.lines.iter().map(row).collect();
        format!(
            "<table><caption class=\"vh\">{title}</caption><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Before</th><th scope=\"col\">Now</th><th scope=\"col\">Change</th></tr></thead><tbody>\n\
             {rows}</tbody></table>\n",
        )
    }

    /// "Price +$200.00, +12.5%; 2 more": of a number that moved, if there is one.
    fn note(&self, first: &Line<'_>) -> String {
        let number = self.lines.iter().find(|line| line.moved.is_number());
        let line = number.unwrap_or(first);
        let note = format!("{} {}", Escaped(line.label), line.moved.change_html());
        match self.lines.len() {
            1 => note.trim_end().to_owned(),
            more => format!("{}; {} more", note.trim_end(), more - 1),
        }
    }

    fn link(&self) -> String {
        let title = Escaped(self.title);
        match &self.href {
            Some(href) => format!("<p><a href=\"{}\">{title}</a></p>", Escaped(href)),
            None => String::new(),
        }
    }
}

/// A long list, folded under how much is in it: "14 added, 1 removed".
pub fn folded_list(counts: &[(usize, &str)], list: &str) -> String {
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts = counts.map(|(count, how)| format!("{count} {how}"));
    format!(
        "<details class=\"details change-fold\"><summary>{}</summary>\n{list}</details>\n",
        counts.collect::<Vec<_>>().join(", ")
    )
}

/// "Strengths: 2 new, 1 gone".
fn points_note(points: &PointsDiff) -> String {
    let counts = [(points.added.len(), "new"), (points.removed.len(), "gone")];
    let counts = counts.iter().filter(|(count, _)| *count > 0);
    let counts: Vec<String> = counts
        .map(|(count, how)| format!("{count} {how}"))
        .collect();
    format!("{}: {}", points.what, counts.join(", "))
}

fn points_list(points: &PointsDiff) -> String {
    let items = |points: &[Arc<str>], word| -> String {
        let items = points.iter();
        let items = items.map(|point| worded(word, None, &Escaped(point).to_string()));
        items.collect()
    };
    let (added, removed) = (items(&points.added, "New"), items(&points.removed, "Gone"));
    format!(
        "<p class=\"change-points\">{}</p>\n<ul class=\"change-list\">\n{added}{removed}</ul>\n",
        points.what
    )
}

fn row(line: &Line<'_>) -> String {
    format!(
        "<tr id=\"{}\"><th scope=\"row\">{}</th><td class=\"was\">{}</td><td>{}</td><td>{}</td></tr>\n",
        line.id,
        Escaped(line.label),
        Escaped(&line.moved.from),
        Escaped(&line.moved.to),
        line.moved.change_html()
    )
}
