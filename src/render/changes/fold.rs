//! Figures of one component or build that moved, folded under its name. The
//! fold's own line says the first of them.

use super::Moved;
use crate::render::escape::Escaped;

/// What moved of one component or build.
pub struct Fold<'a> {
    pub id: String,
    pub title: &'a str,
    /// Where its page is.
    pub href: Option<String>,
    pub lines: Vec<Line<'a>>,
    pub open: bool,
}

/// A figure that moved.
pub struct Line<'a> {
    pub id: String,
    pub label: &'a str,
    pub moved: Moved,
}

impl Fold<'_> {
    /// Nothing where nothing moved.
    pub fn html(&self) -> Option<String> {
        let first = self.lines.first()?;
        let rows: String = self.lines.iter().map(row).collect();
        Some(format!(
            "<details class=\"details change-fold\" id=\"{}\"{}><summary><span class=\"fold-name\">{title}</span> <span class=\"fold-note\">{}</span></summary>\n\
             <table><caption class=\"vh\">{title}</caption><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Before</th><th scope=\"col\">Now</th><th scope=\"col\">Change</th></tr></thead><tbody>\n\
             {rows}</tbody></table>\n{}</details>\n",
            self.id,
            if self.open { " open" } else { "" },
            self.note(first),
            self.link(),
            title = Escaped(self.title),
        ))
    }

    /// "Price +$200.00, +12.5%; 2 more".
    fn note(&self, first: &Line<'_>) -> String {
        let (label, change) = (Escaped(first.label), first.moved.change_html());
        let rest = match self.lines.len() {
            1 => String::new(),
            more => format!("; {} more", more - 1),
        };
        format!("{label} {change}{rest}")
    }

    fn link(&self) -> String {
        let title = Escaped(self.title);
        match &self.href {
            Some(href) => format!("<p><a href=\"{}\">{title}</a></p>", Escaped(href)),
            None => String::new(),
        }
    }
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
