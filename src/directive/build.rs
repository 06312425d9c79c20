//! `build`: a preset with its parts, totals and rules.
//!
//! ````markdown
//! ```build
//! id = "commuter"
//! ```
//! ````

use std::sync::Arc;

use super::{Directive, Facts, toml_body};
use crate::diag::Checked;
use crate::parse::{Fence, Reader};

/// The id of a build that exists.
#[derive(Clone, Debug)]
pub struct ShownBuild {
    pub id: Arc<str>,
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    let Some(table) = toml_body(fence, &mut diagnostics) else {
        return Checked::new(None, diagnostics);
    };
    let reader = Reader::new(&table, "a `build` block");
    let id = reader.required_string("id");
    reader.finish(&mut diagnostics);
    let Some(id) = id else {
        return Checked::new(None, diagnostics);
    };
    if facts.build(&id, &mut diagnostics).is_none() {
        return Checked::new(None, diagnostics);
    }
    let build = ShownBuild { id: id.value };
    Checked::new(Some(Directive::Build(build)), diagnostics)
}
