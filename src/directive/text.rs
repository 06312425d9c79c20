//! Texts of front matter and blocks with figures in them: titles, descriptions,
//! strengths and weaknesses.

use std::sync::Arc;

use super::{Facts, shown_decimals};
use crate::diag::{Code, Diagnostic, Spanned};
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
        let mut rest: &str = whole;
        while let Some(at) = rest.find("{{") {
            if let Some(before) = rest[..at].strip_suffix('\\') {
                filled.push_str(before);
                filled.push_str("{{");
                rest = &rest[at + 2..];
                continue;
            }
            filled.push_str(&rest[..at]);
            rest = &rest[at..];
            let Some(end) = rest.find("}}") else {
                sink.push(unclosed(text));
                break;
            };
            filled.push_str(&self.figure(rest[2..end].trim(), text, sink));
            rest = &rest[end + 2..];
        }
        filled.push_str(rest);
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
