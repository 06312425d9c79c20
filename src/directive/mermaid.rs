//! `mermaid`: a diagram. In a fence marked `mermaid figures` the `{{ … }}` of
//! prose are filled in; elsewhere they are Mermaid's own hexagons.

use std::sync::Arc;

use super::{Directive, Facts, shown_decimals};
use crate::diag::{Checked, Code, Diagnostic, Spanned};
use crate::parse::{Fence, Origin, is_figure, mask};
use crate::value::format_operand;

/// A diagram's source, its figures filled in.
#[derive(Clone, Debug)]
pub struct Mermaid {
    pub source: Arc<str>,
    /// Where the source stands, for errors; true where no figure before the
    /// place changed its length.
    pub origin: Origin,
    /// The word of the fence, for errors without a place.
    pub fence: Spanned<Arc<str>>,
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    let source = match fence.words.iter().any(|w| w.as_ref() == "figures") {
        true => filled(fence, facts, &mut diagnostics),
        false => {
            diagnostics.extend(unfilled(fence));
            Arc::clone(&fence.body)
        }
    };
    let mermaid = Mermaid {
        source,
        origin: fence.origin.clone(),
        fence: fence.language.clone(),
    };
    Checked::new(Some(Directive::Mermaid(mermaid)), diagnostics)
}

/// What looks like a figure in a diagram that fills in none.
fn unfilled(fence: &Fence) -> Option<Diagnostic> {
    let masked = mask(&fence.body);
    let is_meant = |call: &&std::ops::Range<usize>| {
        // A hexagon follows its id at once.
        let before = fence.body[..call.start].chars().next_back();
        let inner = fence.body[call.start + 2..call.end - 2].trim();
        !before.is_some_and(char::is_alphanumeric) && is_figure(inner)
    };
    let call = masked.calls.iter().find(is_meant)?;
    let place = fence.origin.span(call.clone());
    let message = "figures are not filled into this diagram";
    Some(
        Diagnostic::warning(Code::FormulaSyntax, place, message)
            .help("begin it with the line ```` ```mermaid figures ````"),
    )
}

fn filled(fence: &Fence, facts: &Facts<'_>, sink: &mut Vec<Diagnostic>) -> Arc<str> {
    let masked = mask(&fence.body);
    let mut source = String::with_capacity(fence.body.len());
    let mut end = 0;
    for call in &masked.calls {
        source.push_str(&fence.body[end..call.start]);
        end = call.end;
        let inner = &fence.body[call.start + 2..call.end - 2];
        let start = call.start + 2 + inner.len() - inner.trim_start().len();
        let range = start..start + inner.trim().len();
        let formula = Spanned::new(inner.trim().into(), fence.origin.span(range));
        match facts.compile(&formula) {
            Ok(expr) => {
                let value = facts.evaluate(&expr);
                let text = format_operand(&value, shown_decimals(&expr), facts.locale());
                // A label's own marks must not end it.
                source.push_str(&text.replace(['"', '[', ']', '{', '}', '|'], " "));
            }
            Err(errors) => sink.extend(errors),
        }
    }
    source.push_str(&fence.body[end..]);
    source.into()
}
