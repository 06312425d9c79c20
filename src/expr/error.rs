//! What is wrong with a formula, with places inside it.

use std::ops::Range;

use crate::diag::{Code, Diagnostic, Spanned};

/// One mistake in a formula. Ranges are bytes of its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ExprError {
    pub code: Code,
    /// Where the author must change something.
    pub range: Range<usize>,
    /// Lower case, names in backticks.
    pub message: String,
    /// Text beside the primary mark; may be empty.
    pub label: String,
    /// Further places, such as both operands with their units.
    pub labels: Vec<(Range<usize>, String)>,
    pub help: Vec<String>,
}

impl ExprError {
    pub(crate) fn new(code: Code, range: Range<usize>, message: impl Into<String>) -> Self {
        Self {
            code,
            range,
            message: message.into(),
            label: String::new(),
            labels: Vec::new(),
            help: Vec::new(),
        }
    }

    pub(crate) fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    pub(crate) fn also(mut self, range: Range<usize>, text: impl Into<String>) -> Self {
        self.labels.push((range, text.into()));
        self
    }

    pub(crate) fn help(mut self, text: impl Into<String>) -> Self {
        self.help.push(text.into());
        self
    }

    /// The diagnostic, given the formula as it stands in a file. The span may
    /// cover quotes; where escapes keep the formula's text from standing there
    /// letter by letter, all of it is marked.
    pub fn into_diagnostic<T: AsRef<str>>(self, formula: &Spanned<T>) -> Diagnostic {
        let text = formula.value.as_ref();
        let start = match text.is_empty() {
            true => None,
            false => formula.span.text().find(text),
        };
        let place = |range: Range<usize>| match start {
            Some(start) => formula.span.part(start + range.start..start + range.end),
            None => formula.span.clone(),
        };
        let mut diagnostic =
            Diagnostic::error(self.code, place(self.range), self.message).label(self.label);
        for (range, text) in self.labels {
            diagnostic = diagnostic.also(place(range), text);
        }
        for line in self.help {
            diagnostic = diagnostic.help(line);
        }
        diagnostic
    }
}
