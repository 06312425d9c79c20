//! `calculator`: where the version's calculator stands. The fence is empty; the
//! model is the front matter of a page.

use super::{Directive, Facts, toml_body};
use crate::diag::Checked;
use crate::parse::{Fence, Reader};

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    if let Some(table) = toml_body(fence, &mut diagnostics) {
        Reader::new(&table, "a `calculator` block").finish(&mut diagnostics);
    }
    let message = "this version has no calculator";
    let calculator = facts.calculator(&fence.language.span, message, &mut diagnostics);
    Checked::new(calculator.map(|_| Directive::Calculator), diagnostics)
}
