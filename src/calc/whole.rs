//! Aggregates of a calculator that go over a whole category. A slot may be
//! called otherwise than what it holds; who writes the category's name then
//! adds up everything that there is, whatever the reader chose.

use super::Calculator;
use crate::diag::{Code, Diagnostic, Severity, Spanned, is_allowed};
use crate::expr::ir::{Aggregate, Kind, Node};
use crate::expr::{Expr, ExprError, Group};

/// Reports the aggregates of totals, rules and messages over whole categories,
/// unless a comment allows it.
pub(super) fn report_whole(calculator: &Calculator, sink: &mut Vec<Diagnostic>) {
    // A slot that can't be read may be the one that holds the category.
    if calculator.lost_slot {
        return;
    }
    let mut report = |expr: &Expr, formula: &Spanned<_>| {
        expr.root().walk(&mut |node| {
            let found = finding(calculator, expr, node);
            let found = found.map(|(severity, error)| Diagnostic {
                severity,
                ..error.into_diagnostic(formula)
            });
            sink.extend(found.filter(|found| {
                let place = found.span.as_ref();
                !place.is_some_and(|place| is_allowed(place, found.code))
            }));
        });
    };
    for total in &calculator.totals {
        report(&total.expr, &total.formula);
    }
    for rule in &calculator.rules {
        report(&rule.expr, &rule.require);
        for figure in rule.message.figures() {
            report(figure, &rule.message.place_of(figure.text()));
        }
    }
}

/// Of a category that slots hold any aggregate is likely meant for them. One
/// that none holds can be looked up (the dearest of all), but its sum is the
/// same whatever is chosen.
fn finding(calculator: &Calculator, expr: &Expr, node: &Node) -> Option<(Severity, ExprError)> {
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
    let message = format!("this goes over all of `{category}`, not over what the reader chose");
    let error = ExprError::new(Code::WholeCategory, node.range.clone(), message);
    let (severity, error) = match *slots {
        [] if *aggregate == Aggregate::Sum => {
            let label = format!("no slot holds `{category}`");
            (Severity::Warning, error.label(label))
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
            (Severity::Error, error.help(help))
        }
        _ => {
            let help = format!(
                "what the reader chose is in the slots `{}`",
                slots.join("`, `")
            );
            (Severity::Error, error.help(help))
        }
    };
    let allow = "if all are meant, say so before the line: `# rigbook: allow whole-category`";
    Some((severity, error.help(allow)))
}
