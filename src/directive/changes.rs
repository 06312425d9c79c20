//! `changes`: what changed between two editions.
//!
//! ````markdown
//! ```changes
//! from = "1.0"
//! to = "2.0"
//! category = "bicycle"
//! ```
//! ````
//!
//! All keys may be left out: `to` is then the edition that the page is in,
//! `from` the last one before `to` by date or, where dates are not given, the one
//! that stands after `to` in `rigbook.toml`.

use std::sync::Arc;

use super::{Directive, Facts, toml_body};
use crate::diag::{Checked, Span, Spanned};
use crate::parse::{Fence, Reader};

/// Which editions to compare. Other editions are not known where a page is
/// read, so whether there are such is seen when all of them are.
#[derive(Clone, Debug)]
pub struct ShownChanges {
    pub from: Option<Spanned<Arc<str>>>,
    pub to: Option<Spanned<Arc<str>>>,
    /// The only category to show.
    pub category: Option<Arc<str>>,
    /// Of the fence's word.
    pub span: Span,
}

impl ShownChanges {
    /// The editions as they are written.
    pub fn key(&self) -> (Option<Arc<str>>, Option<Arc<str>>) {
        let text = |id: &Option<Spanned<Arc<str>>>| id.as_ref().map(|id| Arc::clone(&id.value));
        (text(&self.from), text(&self.to))
    }
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    let Some(table) = toml_body(fence, &mut diagnostics) else {
        return Checked::new(None, diagnostics);
    };
    let reader = Reader::new(&table, "a `changes` block");
    let (from, to) = (reader.string("from"), reader.string("to"));
    let category = reader.string("category");
    reader.finish(&mut diagnostics);
    if let Some(category) = &category
        && facts.category(category, &mut diagnostics).is_none()
    {
        return Checked::new(None, diagnostics);
    }
    let changes = ShownChanges {
        from,
        to,
        category: category.map(|category| category.value),
        span: fence.language.span.clone(),
    };
    Checked::new(Some(Directive::Changes(changes)), diagnostics)
}
