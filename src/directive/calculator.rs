//! `calculator`: where the version's calculator stands. The fence is empty; the
//! model is the front matter of a page.

use super::{Directive, Facts, toml_body};
use crate::diag::{Checked, Code, Diagnostic};
use crate::parse::{Fence, Reader};

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    if let Some(table) = toml_body(fence, &mut diagnostics) {
        Reader::new(&table, "a `calculator` block").finish(&mut diagnostics);
    }
    if facts.calculator.is_none() {
        let message = "this version has no calculator";
        diagnostics.push(
            Diagnostic::error(Code::Directive, fence.language.span.clone(), message)
                .help("declare `[calculator]` in the front matter of a page"),
        );
        return Checked::new(None, diagnostics);
    }
    Checked::new(Some(Directive::Calculator), diagnostics)
}
