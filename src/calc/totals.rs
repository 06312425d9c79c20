//! Reading `[[calculator.totals]]`: each formula is checked after those that it
//! uses, whatever their order.

use std::cell::Cell;
use std::sync::Arc;

use super::names::{CalculatorNames, Typed};
use super::read::{label, named, note_lost, read_id, read_unit, report, retain_unique};
use super::{Calculator, Total};
use crate::catalog::{Catalog, decimals_of};
use crate::diag::{Code, Diagnostic, Spanned};
use crate::expr::{self, Expr, Id};
use crate::parse::{Reader, Table};
use crate::value::{Type, Unit};

/// Decimals of a total that declares none.
const TOTAL_DECIMALS: u8 = 2;

/// A total while the formulas are checked.
pub(super) struct Draft {
    pub id: Spanned<Id>,
    label: Arc<str>,
    formula: Spanned<Arc<str>>,
    unit: Option<Unit>,
    decimals: Option<u8>,
    help: Option<Arc<str>>,
    pub state: State,
}

/// How far a total is.
pub(super) enum State {
    /// Its formula waits for others.
    Waits,
    /// Its formula is wrong, which has been reported.
    Failed,
    Ready(Expr, Unit, u8),
}

impl Draft {
    fn waits(&self) -> bool {
        matches!(self.state, State::Waits)
    }
}

/// Reads the totals and checks their formulas, each after those that it uses.
pub(super) fn read_totals(
    tables: &[&Table],
    calculator: &mut Calculator,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) {
    let mut drafts = Vec::new();
    for table in tables {
        let draft = read_total(table, catalog, sink);
        note_lost(table, draft.is_none(), calculator);
        drafts.extend(draft);
    }
    retain_unique("totals", &mut drafts, |draft: &Draft| &draft.id, sink);
    let mut order = Vec::new();
    let mut positions: Vec<usize> = (0..drafts.len()).collect();
    loop {
        let before = drafts.iter().filter(|draft| draft.waits()).count();
        for &position in &positions {
            if !drafts[position].waits() {
                continue;
            }
            let state = settle(position, &drafts, calculator, catalog, sink);
            if let State::Ready(..) = state {
                order.push(drafts[position].id.value.clone());
            }
            drafts[position].state = state;
        }
        if drafts.iter().filter(|draft| draft.waits()).count() == before {
            break;
        }
        // To and fro: many totals, each below one that uses it, take two rounds.
        positions.reverse();
    }
    report_cycle(&drafts, sink);
    let unfinished = (drafts.iter()).filter(|draft| !matches!(draft.state, State::Ready(..)));
    (calculator.lost).extend(unfinished.map(|draft| Arc::clone(&draft.id.value)));
    calculator.totals = drafts.into_iter().filter_map(finished).collect();
    calculator.order = order
        .iter()
        .filter_map(|id| calculator.total_position(id))
        .collect();
}

fn finished(draft: Draft) -> Option<Total> {
    let State::Ready(expr, unit, decimals) = draft.state else {
        return None;
    };
    Some(Total {
        id: draft.id,
        label: draft.label,
        formula: draft.formula,
        expr,
        unit,
        decimals,
        help: draft.help,
    })
}

fn read_total(table: &Table, catalog: &Catalog, sink: &mut Vec<Diagnostic>) -> Option<Draft> {
    let reader = Reader::new(table, "a total");
    let id = read_id(&reader, "a total");
    let formula = reader.required_string("formula");
    let unit = read_unit(&reader, catalog);
    let decimals = decimals_of(&reader);
    let label = label(&reader, &named(id.as_ref()));
    let help = reader.string("help").map(|help| help.value);
    reader.finish(sink);
    Some(Draft {
        id: id?,
        label,
        formula: formula?,
        unit: unit.ok()?,
        decimals,
        help,
        state: State::Waits,
    })
}

/// Checks the formula of a total, unless it has to wait for others.
fn settle(
    position: usize,
    drafts: &[Draft],
    calculator: &Calculator,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) -> State {
    let draft = &drafts[position];
    let blocked = Cell::new(false);
    let typed = Typed::Drafts {
        calculator,
        drafts,
        blocked: &blocked,
    };
    let compiled = expr::compile(&draft.formula, &CalculatorNames { catalog, typed });
    if blocked.get() {
        return State::Waits;
    }
    let checked = compiled.and_then(|expr| {
        let fits = match &draft.unit {
            Some(unit) => expr.expect_unit(unit),
            None => expr.expect_number(),
        };
        fits.map(|()| expr).map_err(|error| vec![error])
    });
    match checked {
        Ok(expr) => {
            let found = expr.ty().unit().cloned().unwrap_or_else(Unit::one);
            let decimals = match (draft.decimals, expr.ty()) {
                (None, Type::Number { decimals, .. }) => decimals.unwrap_or(TOTAL_DECIMALS),
                (given, _) => given.unwrap_or(TOTAL_DECIMALS),
            };
            State::Ready(expr, draft.unit.clone().unwrap_or(found), decimals)
        }
        Err(errors) => {
            report(errors, &draft.formula, sink);
            State::Failed
        }
    }
}

fn report_cycle(drafts: &[Draft], sink: &mut Vec<Diagnostic>) {
    let circle: Vec<&Draft> = drafts.iter().filter(|draft| draft.waits()).collect();
    let Some((first, others)) = circle.split_first() else {
        return;
    };
    let names: Vec<String> = circle
        .iter()
        .map(|draft| format!("`{}`", draft.id.value))
        .collect();
    let message = format!("totals depend on each other: {}", names.join(", "));
    let place = first.formula.span.clone();
    let mut diagnostic = Diagnostic::error(Code::FormulaCycle, place, message)
        .label("needs itself, directly or by way of the others");
    for draft in others {
        let place = draft.formula.span.clone();
        diagnostic = diagnostic.also(place, "part of the circle, or needs it");
    }
    sink.push(diagnostic);
}
