//! Texts of front matter and blocks with figures in them: titles, descriptions,
//! strengths and weaknesses.

use std::sync::Arc;

use super::{Facts, shown_decimals};
use crate::diag::{Code, Diagnostic, Spanned};
use crate::parse::{Part, split};
use crate::value::format_operand;

impl Facts<'_> {
    /// A text with its `{{ … }}` filled in; `\{{` stands for braces. A formula
    /// that can't be read leaves nothing.
    pub fn fill(&self, text: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> Arc<str> {
        let whole = &text.value;
        if !whole.contains("{{") {
            return Arc::clone(whole);
        }
        let mut filled = String::with_capacity(whole.len());
        for part in split(whole) {
            match part {
                Part::Text(text) => filled.push_str(text),
                Part::Formula(formula) => filled.push_str(&self.figure(formula, text, sink)),
                Part::Open(rest) => {
                    sink.push(unclosed(text));
                    filled.push_str(rest);
                }
            }
        }
        filled.into()
    }

    fn figure(
        &self,
        formula: &str,
        text: &Spanned<Arc<str>>,
        sink: &mut Vec<Diagnostic>,
    ) -> String {
        let at = text.span.text().find(formula);
        let span = match at.filter(|_| !formula.is_empty()) {
            Some(at) => text.span.part(at..at + formula.len()),
            None => text.span.clone(),
        };
        match self.compile(&Spanned::new(formula.into(), span)) {
            Ok(expr) => {
                let value = self.evaluate(&expr);
                format_operand(&value, shown_decimals(&expr), self.locale())
            }
            Err(errors) => {
                sink.extend(errors);
                String::new()
            }
        }
    }
}

fn unclosed(text: &Spanned<Arc<str>>) -> Diagnostic {
    let message = "`{{` is not closed by `}}`";
    Diagnostic::error(Code::FormulaSyntax, text.span.clone(), message)
        .help("for braces as text write `\\{{`, in TOML between single quotes")
}
