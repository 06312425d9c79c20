//! Diagnostics as annotations of GitHub's workflow commands, which show beside
//! the changed lines of a pull request.
//!
//! Format: <https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions>

use std::fmt::Write as _;

use super::further;
use super::lines::Lines;
use crate::diag::{Diagnostic, Severity};

/// Renders one command a line. `folder` is where the site lies in the
/// repository, with a `/` at its end, or empty.
pub fn github(diagnostics: &[Diagnostic], folder: &str) -> String {
    let mut lines = Lines::default();
    let mut out = String::new();
    for diagnostic in diagnostics {
        out.push_str(command(diagnostic.severity));
        out.push(' ');
        if let Some(span) = &diagnostic.span {
            let place = lines.place(span);
            let path = property(&format!("{folder}{}", span.file.path));
            let _ = write!(out, "file={path},line={}", place.line);
            // A column is only allowed where the place is within one line.
            if place.line == place.end_line {
                let _ = write!(out, ",col={},endColumn={}", place.column, place.end_column);
            } else {
                let _ = write!(out, ",endLine={}", place.end_line);
            }
            out.push(',');
        }
        let _ = writeln!(
            out,
            "title={}::{}",
            property(diagnostic.code.name()),
            data(&message(diagnostic))
        );
    }
    out
}

fn command(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "::error",
        Severity::Warning => "::warning",
        Severity::Note => "::notice",
    }
}

fn message(diagnostic: &Diagnostic) -> String {
    let mut message = diagnostic.message.clone();
    if !diagnostic.label.is_empty() {
        let _ = write!(message, "\n{}", diagnostic.label);
    }
    let (further, rest) = further(diagnostic);
    for label in further {
        let (line, _) = label.span.file.line_column(label.span.range.start);
        let _ = write!(message, "\n{}:{line}: {}", label.span.file.path, label.text);
    }
    for help in diagnostic.help.iter().chain(&rest) {
        let _ = write!(message, "\nhelp: {help}");
    }
    message
}

fn data(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
