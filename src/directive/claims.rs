//! `claims`: statements that must hold of the data.
//!
//! ````markdown
//! ```claims
//! "The tourer is the heaviest" = "frame.tourer.weight >= max(frame.weight)"
//! "As printed in 2020" = { formula = "frame.tourer.weight < 2 kg", expect = false }
//! ```
//! ````

use std::sync::Arc;

use super::deciding::deciding;
use super::{Directive, Facts, toml_body};
use crate::diag::{Checked, Code, Diagnostic, Spanned};
use crate::expr::Expr;
use crate::parse::{Fence, Kind, Node, Reader};
use crate::value::{Locale, Operand, Reason, Type, Value, format_operand};

/// The statements of one block.
#[derive(Clone, Debug)]
pub struct Claims {
    pub claims: Vec<Claim>,
}

/// A statement and what the data says of it.
#[derive(Clone, Debug)]
pub struct Claim {
    pub statement: Arc<str>,
    pub formula: Arc<str>,
    pub state: ClaimState,
    /// What the author expects: false for a statement that is shown to be
    /// wrong.
    pub expected: bool,
    /// The figures that the formula uses or that decide it, with their values.
    pub figures: Vec<(Arc<str>, Operand)>,
    /// How many more parts there are that break it.
    pub more: usize,
}

/// What the data says of a claim.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimState {
    Holds,
    Fails,
    /// And why.
    Unknown(Reason),
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    let table = toml_body(fence, &mut diagnostics);
    if table.as_ref().is_some_and(|table| table.entries.is_empty()) {
        let message = "a `claims` block has no claims";
        diagnostics.push(
            Diagnostic::error(Code::MissingKey, fence.language.span.clone(), message)
                .help("write statements with their formulas: `\"The tourer is the heaviest\" = \"frame.tourer.weight >= max(frame.weight)\"`"),
        );
    }
    let mut claims = Vec::new();
    for (statement, node) in table.iter().flat_map(|t| &t.entries) {
        let Some((formula, expected)) = formula_of(node, &mut diagnostics) else {
            continue;
        };
        if statement.trim().is_empty() {
            let message = "a claim says nothing";
            diagnostics.push(
                Diagnostic::error(Code::InvalidValue, statement.span.clone(), message)
                    .help("readers see this text beside what the data says of it"),
            );
        }
        match facts.compile(&formula) {
            Ok(expr) if *expr.ty() != Type::Bool => {
                let message = format!("a claim is true or false, found {}", expr.ty().describe());
                diagnostics.push(
                    Diagnostic::error(Code::TypeMismatch, formula.span.clone(), message)
                        .help(format!("compare it, as in `{}`", expr.compared())),
                );
            }
            Ok(expr) => {
                let claim = judge(statement, &formula, expected, &expr, facts);
                diagnostics.extend(finding(&claim, &formula));
                claims.push(claim);
            }
            Err(errors) => diagnostics.extend(errors),
        }
    }
    Checked::new(Some(Directive::Claims(Claims { claims })), diagnostics)
}

/// `"formula"`, or `{ formula, expect }`.
fn formula_of(node: &Node, sink: &mut Vec<Diagnostic>) -> Option<(Spanned<Arc<str>>, bool)> {
    match &node.kind {
        Kind::String(formula) => Some((Spanned::new(Arc::clone(formula), node.span.clone()), true)),
        Kind::Table(table) => {
            let reader = Reader::new(table, "a claim");
            let formula = reader.required_string("formula");
            let expected = reader.bool("expect").unwrap_or(true);
            reader.finish(sink);
            Some((formula?, expected))
        }
        other => {
            let message = format!("a claim is a formula in quotes, found {}", other.name());
            sink.push(Diagnostic::error(
                Code::InvalidValue,
                node.span.clone(),
                message,
            ));
            None
        }
    }
}

fn judge(
    statement: &Spanned<Arc<str>>,
    formula: &Spanned<Arc<str>>,
    expected: bool,
    expr: &Expr,
    facts: &Facts<'_>,
) -> Claim {
    let state = match facts.evaluate(expr) {
        Operand::Known(Value::Bool(true)) => ClaimState::Holds,
        Operand::Known(_) => ClaimState::Fails,
        Operand::Unknown(reason) => ClaimState::Unknown(reason),
        Operand::None => ClaimState::Unknown(Reason::new("it speaks of a part that is not there")),
    };
    let mut figures = facts.figures_of(expr);
    let deciding = deciding(expr, facts);
    for figure in deciding.figures {
        if figures.iter().all(|(name, _)| *name != figure.0) {
            figures.push(figure);
        }
    }
    Claim {
        more: deciding.more,
        statement: Arc::clone(&statement.value),
        formula: Arc::clone(&formula.value),
        state,
        expected,
        figures,
    }
}

/// A claim that is not as expected is an error, one that can't be judged a
/// warning.
fn finding(claim: &Claim, formula: &Spanned<Arc<str>>) -> Option<Diagnostic> {
    let locale = Locale::new("en");
    let figures: Vec<String> = (claim.figures.iter())
        .map(|(name, value)| format!("`{name}` is {}", format_operand(value, None, &locale)))
        .collect();
    let mut label = figures.join(", ");
    if claim.more > 0 {
        label.push_str(&format!(", and {} more", claim.more));
    }
    let at = formula.span.clone();
    match (&claim.state, claim.expected) {
        (ClaimState::Unknown(reason), _) if reason.is_reported() => None,
        (ClaimState::Unknown(reason), _) => {
            let message = format!(
                "the claim \"{}\" can't be judged: {reason}",
                claim.statement
            );
            Some(Diagnostic::warning(Code::ClaimUnknown, at, message).label(label))
        }
        (ClaimState::Fails, true) => {
            let message = format!("the claim \"{}\" does not hold", claim.statement);
            Some(Diagnostic::error(Code::ClaimFailed, at, message).label(label))
        }
        (ClaimState::Holds, false) => {
            let message = format!(
                "the claim \"{}\" holds, and is expected not to",
                claim.statement
            );
            Some(
                Diagnostic::error(Code::ClaimFailed, at, message)
                    .label(label)
                    .help("leave out `expect = false`"),
            )
        }
        _ => None,
    }
}
