//! The figures of a build's parts, one for each slot: what charts of a build
//! show.

use std::sync::Arc;

use super::{Facts, compile};
use crate::calc::{Calculator, is_broken};
use crate::diag::{Code, Diagnostic, Spanned};
use crate::expr::{Env, Group};
use crate::value::{Decimal, Operand, Quantity, Type, Value};

/// The label of each slot of a build that has the figure, and the figure summed
/// over its parts by quantity; none after a mistake, here or in the build.
pub fn shares(
    facts: &Facts<'_>,
    build: &Spanned<Arc<str>>,
    formula: &Spanned<Arc<str>>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Vec<(Arc<str>, Operand)>> {
    let message = "a chart of a build needs a calculator, which names the slots";
    let calculator = facts.calculator(&build.span, message, sink)?;
    let declared = facts.build(build, sink)?;
    if is_broken(declared, calculator, facts.catalog) {
        return None;
    }
    let used: Vec<&Arc<str>> = declared.parts.iter().map(|p| &p.slot.value).collect();
    let slots = calculator
        .slots
        .iter()
        .filter(|slot| used.contains(&&slot.id.value));
    let mut found = Vec::new();
    let mut errors = Vec::new();
    for slot in slots {
        match share(facts, calculator, &build.value, &slot.id.value, formula) {
            Ok(Some(value)) => found.push((Arc::clone(&slot.label), value)),
            Ok(None) => {}
            Err(diagnostics) => errors.push(diagnostics),
        }
    }
    // Slots whose category lacks the field add nothing, unless none has it.
    if found.is_empty()
        && let Some(first) = errors.into_iter().next()
    {
        sink.extend(first);
        return None;
    }
    Some(found)
}

fn share(
    facts: &Facts<'_>,
    calculator: &Calculator,
    build: &Arc<str>,
    slot: &Arc<str>,
    formula: &Spanned<Arc<str>>,
) -> Result<Option<Operand>, Vec<Diagnostic>> {
    let slot = calculator.slot(slot);
    let category = slot.and_then(|slot| facts.catalog.category(&slot.category));
    let (Some(slot), Some(category)) = (slot, category) else {
        return Ok(None);
    };
    let expr = compile(formula, &facts.names_of(category))?;
    let Type::Number { unit, .. } = expr.ty() else {
        let message = format!("a chart shows numbers, found {}", expr.ty().describe());
        return Err(vec![Diagnostic::error(
            Code::TypeMismatch,
            formula.span.clone(),
            message,
        )]);
    };
    let group = Group::BuildSlot {
        build: Arc::clone(build),
        slot: Arc::clone(&slot.id.value),
    };
    let mut sum = Decimal::ZERO;
    let members = facts.figures(None).members(&group);
    if members.is_empty() {
        return Ok(None);
    }
    for member in members {
        let Some(component) = category.component(&member.component) else {
            continue;
        };
        let value = facts.evaluate_for(&expr, component);
        let Operand::Known(Value::Number(quantity)) = value else {
            return Ok(Some(value));
        };
        let times = Decimal::from_integer(i128::from(member.quantity), 0);
        let added = quantity
            .convert(unit)
            .ok()
            .and_then(|q| q.number.checked_mul(times?))
            .and_then(|n| sum.checked_add(n));
        match added {
            Some(total) => sum = total,
            None => return Ok(Some(Operand::unknown("the sum is too large"))),
        }
    }
    Ok(Some(Operand::Known(Value::Number(Quantity::new(
        sum,
        unit.clone(),
    )))))
}
