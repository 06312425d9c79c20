//! Aggregates of a calculator that go over a whole category. A slot may be
//! called otherwise than what it holds; who writes the category's name then
//! adds up everything that there is, whatever the reader chose.

use super::Calculator;
use crate::diag::{Code, Diagnostic, Severity, Spanned, is_allowed};
use crate::expr::ir::{Aggregate, Kind, Node};
use crate::expr::{Expr, ExprError, Group, Ref};

/// Reports the aggregates of totals, rules and messages over whole categories,
/// unless a comment allows it.
pub(super) fn report_whole(calculator: &Calculator, sink: &mut Vec<Diagnostic>) {
    // A slot that can't be read may be the one that holds the category.
    if calculator.lost_slot {
        return;
    }
    // `with` is the rule whose message the formula stands in.
    let mut report = |expr: &Expr, formula: &Spanned<_>, with: Option<&Expr>| {
        let beside = [Some(expr), with];
        expr.root().walk(&mut |node| {
            let found = finding(calculator, expr, node, &beside);
            let found = found.map(|(severity, error)| Diagnostic {
                severity,
                once_right: true,
                ..error.into_diagnostic(formula)
            });
            sink.extend(found.filter(|found| {
                let place = found.span.as_ref();
                !place.is_some_and(|place| is_allowed(place, found.code))
            }));
        });
    };
    for total in &calculator.totals {
        report(&total.expr, &total.formula, None);
    }
    for rule in &calculator.rules {
        report(&rule.expr, &rule.require, None);
        for figure in rule.message.figures() {
            let place = rule.message.place_of(figure.text());
            report(figure, &place, Some(&rule.expr));
        }
    }
}

/// Of a category that slots hold a sum is meant for them. Other aggregates
/// likely are, unless the choice stands beside them: then they are what it is
/// compared with. What no slot holds can be looked up (the dearest of all),
/// but its sum is the same whatever is chosen.
fn finding(
    calculator: &Calculator,
    expr: &Expr,
    node: &Node,
    beside: &[Option<&Expr>],
) -> Option<(Severity, ExprError)> {
    let Kind::Aggregate {
        aggregate,
        group: Group::Category(category),
        ..
    } = &node.kind
    else {
        return None;
    };
    let slots = calculator.slots.iter();
    let slots = slots.filter(|slot| slot.category == *category);
    let slots: Vec<&str> = slots.map(|slot| slot.id.value.as_ref()).collect();
    let is_sum = *aggregate == Aggregate::Sum;
    let mut formulas = beside.iter().flatten();
    if !is_sum && formulas.any(|formula| uses(formula, &slots)) {
        return None;
    }
    let severity = match is_sum && !slots.is_empty() {
        true => Severity::Error,
        false => Severity::Warning,
    };
    let message = format!("this goes over all of `{category}`, not over what the reader chose");
    let error = ExprError::new(Code::WholeCategory, node.range.clone(), message);
    let error = match *slots {
        [] if is_sum => {
            let label = format!("no slot holds `{category}`");
            error.label(label)
        }
        [] => return None,
        [slot] => {
            let written = &expr.text()[node.range.clone()];
            let meant = written
                .replace(&format!("{category}."), &format!("{slot}."))
                .replace(&format!("({category})"), &format!("({slot})"));
            let help = match meant == written {
                true => format!("what the reader chose is in slot `{slot}`"),
                false => format!("what the reader chose is in slot `{slot}`: write `{meant}`"),
            };
            error.help(help)
        }
        _ => {
            let help = format!(
                "what the reader chose is in the slots `{}`",
                slots.join("`, `")
            );
            error.help(help)
        }
    };
    let allow = "if all are meant, say so before the line: `# rigbook: allow whole-category`";
    Some((severity, error.help(allow)))
}

/// Whether a formula reads what one of the slots holds.
fn uses(formula: &Expr, slots: &[&str]) -> bool {
    let mut is_used = false;
    formula.root().walk(&mut |node| {
        let slot = match &node.kind {
            Kind::Figure(Ref::Slot { slot, .. })
            | Kind::Aggregate {
                group: Group::Slot(slot),
                ..
            } => slot,
            _ => return,
        };
        is_used |= slots.contains(&slot.as_ref());
    });
    is_used
}
