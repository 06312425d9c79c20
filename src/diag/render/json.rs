//! Diagnostics as JSON: an array with one object, on a line of its own, for
//! each.

use serde::Serialize;

use super::lines::Lines;
use crate::diag::{Diagnostic, Span};

#[derive(Serialize)]
struct Object<'a> {
    severity: &'static str,
    code: &'static str,
    message: &'a str,
    #[serde(flatten)]
    place: Option<Place<'a>>,
    #[serde(skip_serializing_if = "str::is_empty")]
    label: &'a str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    secondary: Vec<Secondary<'a>>,
    #[serde(skip_serializing_if = "<[_]>::is_empty")]
    help: &'a [String],
}

/// Lines and columns count from 1, columns in characters; the end is past the
/// last character.
#[derive(Serialize)]
struct Place<'a> {
    path: &'a str,
    line: usize,
    column: usize,
    end_line: usize,
    end_column: usize,
}

#[derive(Serialize)]
struct Secondary<'a> {
    #[serde(flatten)]
    place: Place<'a>,
    label: &'a str,
}

/// Renders all diagnostics as one JSON array.
pub fn json(diagnostics: &[Diagnostic]) -> String {
    let mut lines = Lines::default();
    let objects: Vec<String> = diagnostics
        .iter()
        .map(|diagnostic| {
            let object = object(diagnostic, &mut lines);
            serde_json::to_string(&object).expect("an object of strings and numbers is JSON")
        })
        .collect();
    if objects.is_empty() {
        return "[]\n".to_owned();
    }
    format!("[\n{}\n]\n", objects.join(",\n"))
}

fn object<'a>(diagnostic: &'a Diagnostic, lines: &mut Lines) -> Object<'a> {
    let secondary = diagnostic.secondary.iter().map(|label| Secondary {
        place: place(&label.span, lines),
        label: &label.text,
    });
    let secondary = secondary.collect();
    Object {
        severity: diagnostic.severity.name(),
        code: diagnostic.code.name(),
        message: &diagnostic.message,
        place: diagnostic.span.as_ref().map(|span| place(span, lines)),
        label: &diagnostic.label,
        secondary,
        help: &diagnostic.help,
    }
}

fn place<'a>(span: &'a Span, lines: &mut Lines) -> Place<'a> {
    let place = lines.place(span);
    Place {
        path: &span.file.path,
        line: place.line,
        column: place.column,
        end_line: place.end_line,
        end_column: place.end_column,
    }
}
