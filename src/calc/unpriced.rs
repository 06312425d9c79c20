//! What the totals of a selection come to without the parts whose price nobody
//! gave: a sum that is unknown as a whole is known in part.

use std::sync::Arc;

use super::{Builds, Calculator, Outcome, Selection, evaluate};
use crate::catalog::{Catalog, Component};
use crate::expr::Id;
use crate::value::{Decimal, Operand, Value};

/// The totals of a selection as far as its prices are known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unpriced {
    /// By position; what a total is at least. None of those that are known, or
    /// that don't rise with a price.
    pub least: Vec<Option<Operand>>,
    /// The titles of the parts without a price.
    pub parts: Vec<Arc<str>>,
}

/// Reckons the totals with each missing price at nothing; nothing where all
/// prices are known, or none is missed.
pub fn unpriced(
    calculator: &Calculator,
    catalog: &Catalog,
    builds: &Builds,
    (selection, outcome): (&Selection, &Outcome),
) -> Option<Unpriced> {
    let missing = without_price(calculator, catalog, selection);
    let unknown = |total: &Operand| matches!(total, Operand::Unknown(_));
    if missing.is_empty() || !outcome.totals.iter().any(unknown) {
        return None;
    }
    let at = |price: Decimal| {
        let mut selection = selection.clone();
        for (category, component) in &missing {
            let key = (Arc::clone(category), Arc::clone(&component.id.value));
            selection.prices.insert(key, price);
        }
        evaluate(calculator, catalog, builds, &selection).totals
    };
    let (free, dear) = (at(Decimal::ZERO), at(Decimal::ONE));
    let least = (outcome.totals.iter().zip(free).zip(dear)).map(|((total, free), dear)| {
        let at_least = unknown(total) && rises(&free, &dear);
        at_least.then_some(free)
    });
    Some(Unpriced {
        least: least.collect(),
        parts: missing.iter().map(|(_, c)| Arc::clone(&c.title)).collect(),
    })
}

fn rises(from: &Operand, to: &Operand) -> bool {
    match (from, to) {
        (Operand::Known(Value::Number(from)), Operand::Known(Value::Number(to))) => {
            from.number < to.number
        }
        _ => false,
    }
}

/// The chosen parts of which the field that readers may set is not known, and
/// that they have not set.
fn without_price<'a>(
    calculator: &Calculator,
    catalog: &'a Catalog,
    selection: &Selection,
) -> Vec<(Id, &'a Component)> {
    let Some(own) = &calculator.own else {
        return Vec::new();
    };
    let mut missing = Vec::new();
    for slot in &calculator.slots {
        let Some(category) = catalog.category(&slot.category) else {
            continue;
        };
        let Some(position) = category.field_position(&own.field) else {
            continue;
        };
        for (id, _) in selection.parts(&slot.id.value) {
            let key = (Arc::clone(&slot.category), Arc::clone(id));
            let Some(component) = category.component(id) else {
                continue;
            };
            let given = selection.prices.contains_key(&key);
            if !given && matches!(component.figures[position].value, Operand::Unknown(_)) {
                missing.push((Arc::clone(&slot.category), component));
            }
        }
    }
    missing
}
