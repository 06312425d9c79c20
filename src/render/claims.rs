//! Claims as a list: each statement and whether it holds; behind it the formula
//! and its figures.

use super::escape::Escaped;
use super::guide::Guide;
use super::names::reader_name;
use crate::directive::{Claim, ClaimState, Claims};
use crate::value::format_operand;

/// Draws the claims of a block.
pub fn claims_html(claims: &Claims, guide: &Guide) -> String {
    let items: String = (claims.claims.iter())
        .map(|claim| claim_html(claim, guide))
        .collect();
    format!("<ul class=\"claims\">{items}</ul>\n")
}

fn claim_html(claim: &Claim, guide: &Guide) -> String {
    let (class, state) = match (&claim.state, claim.expected) {
        (ClaimState::Holds, _) => ("ok", "Holds"),
        (ClaimState::Fails, _) => ("error", "Fails"),
        (ClaimState::Unknown(_), _) => ("unknown", "Unknown"),
    };
    // What does not hold is what a reader looks into.
    let open = match claim.state {
        ClaimState::Holds => "",
        _ => " open",
    };
    let reason = match &claim.state {
        ClaimState::Unknown(reason) => {
            format!("<p>{}</p>", Escaped(&reason.plain()))
        }
        _ => String::new(),
    };
    let locale = &guide.catalog.locale;
    let figures: String = (claim.figures.iter())
        .map(|(name, value)| {
            format!(
                "<dt>{}</dt><dd>{}</dd>",
                Escaped(&reader_name(guide, name)),
                Escaped(&format_operand(value, None, locale))
            )
        })
        .collect();
    let figures = match figures.is_empty() {
        true => String::new(),
        false => format!("<dl>{figures}</dl>"),
    };
    format!(
        "<li class=\"rule rule-{class}\"><span class=\"rule-state\">{state}</span><p>{}</p><details class=\"why\"{open}><summary>Why</summary>{reason}<p><code>{}</code></p>{figures}</details></li>\n",
        Escaped(&claim.statement),
        Escaped(&claim.formula)
    )
}
