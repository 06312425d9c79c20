//! A value with what was found while making it.

use super::Diagnostic;

/// What every stage returns: its value, as good as it could be made, and its
/// diagnostics. A stage never stops at the first error.
#[derive(Clone, Debug, Default)]
#[must_use]
pub struct Checked<T> {
    pub value: T,
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Checked<T> {
    pub fn new(value: T, diagnostics: Vec<Diagnostic>) -> Self {
        Self { value, diagnostics }
    }

    /// A value about which nothing is to be said.
    pub fn clean(value: T) -> Self {
        Self::new(value, Vec::new())
    }

    /// Moves the diagnostics to `sink` and returns the value.
    pub fn drain_into(self, sink: &mut Vec<Diagnostic>) -> T {
        sink.extend(self.diagnostics);
        self.value
    }

    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Checked<U> {
        Checked::new(f(self.value), self.diagnostics)
    }

    /// Whether any diagnostic is an error.
    pub fn has_errors(&self) -> bool {
        self.diagnostics
            .iter()
            .any(|d| d.severity == super::Severity::Error)
    }
}
