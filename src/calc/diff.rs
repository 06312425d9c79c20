//! What changed between the calculators of two editions: totals and rules, and
//! what each preset comes to.

use std::sync::Arc;

use super::{Builds, Calculator};
use crate::catalog::{Movement, Presence, movement, same_figure};
use crate::value::Operand;

/// A calculator with its presets reckoned; none where an edition has none.
pub type Reckoned<'a> = (Option<&'a Calculator>, &'a Builds);

/// Everything that differs between two calculators.
#[derive(Clone, Debug, Default)]
pub struct CalculatorDiff {
    pub totals: Vec<FormulaDiff>,
    pub rules: Vec<FormulaDiff>,
    /// Of builds and totals that both editions have.
    pub figures: Vec<TotalDiff>,
}

/// A total or a rule that is new, gone, or reckons otherwise.
#[derive(Clone, Debug)]
pub struct FormulaDiff {
    pub id: Arc<str>,
    pub label: Arc<str>,
    pub presence: Presence,
    pub from: Option<Arc<str>>,
    pub to: Option<Arc<str>>,
}

/// A preset that comes to another total.
#[derive(Clone, Debug)]
pub struct TotalDiff {
    pub build: Arc<str>,
    pub total: Arc<str>,
    pub label: Arc<str>,
    pub from: Operand,
    pub to: Operand,
    pub decimals: u8,
    pub movement: Option<Movement>,
}

/// Id, label and formula.
type Formula<'a> = (&'a Arc<str>, &'a Arc<str>, Arc<str>);

/// Compares two calculators and their presets.
pub fn diff_calculators(old: Reckoned<'_>, new: Reckoned<'_>) -> CalculatorDiff {
    CalculatorDiff {
        totals: diff_formulas(&totals(old.0), &totals(new.0)),
        rules: diff_formulas(&rules(old.0), &rules(new.0)),
        figures: diff_totals(old, new),
    }
}

fn totals(calculator: Option<&Calculator>) -> Vec<Formula<'_>> {
    let totals = calculator.into_iter().flat_map(|c| &c.totals);
    totals
        .map(|t| (&t.id.value, &t.label, Arc::clone(&t.formula.value)))
        .collect()
}

/// A rule's formula, with its severity: an error that becomes a note is a
/// change.
fn rules(calculator: Option<&Calculator>) -> Vec<Formula<'_>> {
    let rules = calculator.into_iter().flat_map(|c| &c.rules);
    rules
        .map(|rule| {
            let formula = format!("{}: {}", rule.severity.name(), rule.require.value);
            (&rule.id.value, &rule.label, formula.into())
        })
        .collect()
}

fn diff_formulas(old: &[Formula<'_>], new: &[Formula<'_>]) -> Vec<FormulaDiff> {
    let find = |list: &[Formula<'_>], id: &str| {
        let found = list.iter().find(|(other, ..)| other.as_ref() == id);
        found.map(|(.., formula)| Arc::clone(formula))
    };
    let diff = |(id, label, _): &Formula<'_>, presence| FormulaDiff {
        id: Arc::clone(id),
        label: Arc::clone(label),
        presence,
        from: find(old, id),
        to: find(new, id),
    };
    let mut found = Vec::new();
    for formula in new {
        match find(old, formula.0) {
            None => found.push(diff(formula, Presence::Added)),
            Some(before) if before != formula.2 => found.push(diff(formula, Presence::Kept)),
            Some(_) => {}
        }
    }
    let gone = old.iter().filter(|formula| find(new, formula.0).is_none());
    found.extend(gone.map(|formula| diff(formula, Presence::Removed)));
    found
}

fn diff_totals(old: Reckoned<'_>, new: Reckoned<'_>) -> Vec<TotalDiff> {
    let ((Some(before), had), (Some(after), has)) = (old, new) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (build, totals) in &has.totals {
        let Some(earlier) = had.totals.get(build) else {
            continue;
        };
        for (total, to) in after.totals.iter().zip(totals) {
            let position = before.total_position(&total.id.value);
            let Some(from) = position.and_then(|at| earlier.get(at)) else {
                continue;
            };
            if same_figure(from, to) {
                continue;
            }
            found.push(TotalDiff {
                build: Arc::clone(build),
                total: Arc::clone(&total.id.value),
                label: Arc::clone(&total.label),
                from: from.clone(),
                to: to.clone(),
                decimals: total.decimals,
                movement: movement(from, to),
            });
        }
    }
    found
}
