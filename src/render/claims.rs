//! Claims as a list: each statement, whether it holds, and its figures.

use super::escape::Escaped;
use crate::directive::{Claim, ClaimState, Claims};
use crate::value::{Locale, format_operand};

/// Draws the claims of a block.
pub fn claims_html(claims: &Claims, locale: &Locale) -> String {
    let items: String = claims
        .claims
        .iter()
        .map(|c| claim_html(c, locale))
        .collect();
    format!("<ul class=\"claims\">{items}</ul>\n")
}

fn claim_html(claim: &Claim, locale: &Locale) -> String {
    let (class, state) = match (&claim.state, claim.expected) {
        (ClaimState::Holds, _) => ("ok", "Holds"),
        (ClaimState::Fails, _) => ("error", "Fails"),
        (ClaimState::Unknown(_), _) => ("unknown", "Unknown"),
    };
    let mut figures: Vec<String> = (claim.figures.iter())
        .map(|(name, value)| {
            format!(
                "{} is {}",
                Escaped(name),
                Escaped(&format_operand(value, None, locale))
            )
        })
        .collect();
    if let ClaimState::Unknown(reason) = &claim.state {
        figures.push(Escaped(&reason.replace('`', "")).to_string());
    }
    let figures = match figures.is_empty() {
        true => String::new(),
        false => format!(": {}", figures.join("; ")),
    };
    format!(
        "<li class=\"rule rule-{class}\"><span class=\"rule-state\">{state}</span><p>{}</p><p class=\"claim-formula\"><code>{}</code>{figures}</p></li>\n",
        Escaped(&claim.statement),
        Escaped(&claim.formula)
    )
}
