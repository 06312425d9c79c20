//! Diagnostics: what an author did, where, and what to do about it.
//!
//! In come places in source text and messages; out go [`Diagnostic`]s in a
//! stable order. Nothing here reads a file or prints.

mod allow;
mod checked;
mod code;
mod gather;
pub mod render;
mod span;
mod suggest;

use std::collections::BTreeMap;
use std::sync::Arc;

pub use allow::{ALLOW, allowed_at, allowed_names, is_allowed};
pub use checked::Checked;
pub use code::Code;
pub use span::{SourceFile, Span, Spanned};
pub use suggest::{help_nearest, meant, nearest};

/// How bad it is: errors stop publishing, warnings do not (unless `--strict`),
/// notes inform.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    Error,
    Warning,
    Note,
}

impl Severity {
    /// The word that the terminal, JSON and annotations use.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A second place that explains the first, such as the line of the schema
/// that a figure clashes with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// One finding about the content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    pub severity: Severity,
    pub code: Code,
    /// Lower case, names in backticks, no full stop.
    pub message: String,
    /// Where the author must change something; none for findings about the
    /// site as a whole.
    pub span: Option<Span>,
    /// Text beside the primary mark; empty for a bare underline.
    pub label: String,
    pub secondary: Vec<Label>,
    /// What to do about it: nearest names, a rewrite.
    pub help: Vec<String>,
    /// How many findings it stands for; more than one if it tells of the rest of
    /// its kind.
    pub stands_for: usize,
    /// Whether earlier versions of the program took what it finds for right, so
    /// that an edition which is kept as it was may have it.
    pub once_right: bool,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, Some(span), message)
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, Some(span), message)
    }

    /// A finding of any severity, with or without a place.
    pub fn new(
        severity: Severity,
        code: Code,
        span: Option<Span>,
        message: impl Into<String>,
    ) -> Self {
        Self {
            severity,
            code,
            message: message.into(),
            span,
            label: String::new(),
            secondary: Vec::new(),
            help: Vec::new(),
            stands_for: 1,
            once_right: false,
        }
    }

    /// Says that what it finds was right once.
    #[must_use]
    pub fn once_right(self) -> Self {
        Self {
            once_right: true,
            ..self
        }
    }

    /// Sets the text beside the primary mark.
    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    /// Adds a second place.
    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.secondary.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Adds a line of help.
    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// Adds a line of help where there is one.
    #[must_use]
    pub fn help_if(mut self, text: Option<String>) -> Self {
        self.help.extend(text);
        self
    }
}

/// How many findings of one kind are told of one file: nobody reads more, and a
/// file of nothing else would give megabytes of them.
const OF_A_KIND: usize = 500;

/// Sorts by path, offset, severity, code and message, drops repeats and gathers
/// what has one cause, so that a run says each thing once and always in the same
/// order. Of more than
/// [`OF_A_KIND`] of a kind in a file the rest becomes one finding, which stands
/// for as many when it is sorted again.
pub fn sort(diagnostics: &mut Vec<Diagnostic>) {
    diagnostics.sort_by(|a, b| sort_key(a).cmp(&sort_key(b)));
    diagnostics.dedup();
    gather::gather(diagnostics);
    if diagnostics.len() > OF_A_KIND {
        fold(diagnostics);
    }
    for diagnostic in diagnostics {
        shorten(&mut diagnostic.message);
        diagnostic.help.iter_mut().for_each(shorten);
    }
}

/// How long a message may be, in bytes: it may repeat what an author wrote.
const LONGEST: usize = 2000;

fn shorten(message: &mut String) {
    if message.len() > LONGEST {
        let end = message.floor_char_boundary(LONGEST * 3 / 4);
        let rest = message.ceil_char_boundary(message.len() - LONGEST / 4);
        message.replace_range(end..rest, " … ");
    }
}

fn fold(diagnostics: &mut Vec<Diagnostic>) {
    let kind = |d: &Diagnostic| {
        let path = d.span.as_ref().map(|span| Arc::clone(&span.file.path));
        (path, d.severity, d.code)
    };
    let mut counts: BTreeMap<_, usize> = BTreeMap::new();
    let mut totals: BTreeMap<_, usize> = BTreeMap::new();
    diagnostics.retain(|d| {
        let count = counts.entry(kind(d)).or_default();
        *count += 1;
        *totals.entry(kind(d)).or_default() += d.stands_for;
        // One more is kept: it turns into what is said of the rest.
        *count <= OF_A_KIND + 1
    });
    let mut seen: BTreeMap<_, usize> = BTreeMap::new();
    for d in diagnostics {
        let seen = seen.entry(kind(d)).or_default();
        *seen += 1;
        if *seen > OF_A_KIND {
            let rest = totals[&kind(d)] - OF_A_KIND;
            let message = format!("{rest} more of this kind in this file");
            *d = Diagnostic::new(d.severity, d.code, d.span.clone(), message);
            d.stands_for = rest;
        }
    }
}

fn sort_key(d: &Diagnostic) -> (Option<(&str, usize, usize)>, Severity, Code, &str) {
    let place = d
        .span
        .as_ref()
        .map(|s| (s.file.path.as_ref(), s.range.start, s.range.end));
    (place, d.severity, d.code, &d.message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_message_is_cut_in_its_middle() {
        let file = SourceFile::new("a.md", "x");
        let long = format!("unknown key `{}` in a slot", "é".repeat(100_000));
        let found = Diagnostic::error(Code::Syntax, Span::new(&file, 0..1), long);
        let mut found = vec![found.help("x".repeat(2000))];
        sort(&mut found);
        let message = &found[0].message;
        assert!(message.starts_with("unknown key `é") && message.ends_with("é` in a slot"));
        assert!(message.contains("é … é") && message.len() < 2010);
        assert_eq!(found[0].help[0].len(), 2000);
    }

    #[test]
    fn many_of_a_kind_are_told_in_part() {
        let file = SourceFile::new("a.md", "x".repeat(2000));
        let of = |code, at: usize| Diagnostic::error(code, Span::new(&file, at..at + 1), "m");
        let mut found: Vec<_> = (0..1200).map(|at| of(Code::BrokenLink, at)).collect();
        found.extend((0..OF_A_KIND).map(|at| of(Code::Syntax, at)));
        sort(&mut found);
        sort(&mut found);
        assert_eq!(found.iter().map(|d| d.stands_for).sum::<usize>(), 1700);
        let (links, others): (Vec<_>, Vec<_>) =
            { found.into_iter() }.partition(|d| d.code == Code::BrokenLink);
        assert_eq!((links.len(), others.len()), (OF_A_KIND + 1, OF_A_KIND));
        let last = links.last().map(|d| d.message.as_str());
        assert_eq!(last, Some("700 more of this kind in this file"));
    }
}
