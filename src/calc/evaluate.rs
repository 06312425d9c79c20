//! The native calculator: a selection in, totals and judged rules out.

use super::figures::SelectionFigures;
use super::{Builds, Calculator, Filling, Message, Piece, SHOWN_DECIMALS, Selection};
use crate::catalog::Catalog;
use crate::expr::{Env, Expr};
use crate::value::{Locale, Operand, Reason, Type, Value, format_operand};

/// What a calculator says about a selection. All lists are in the order of the
/// calculator's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub slots: Vec<Filling>,
    pub totals: Vec<Operand>,
    pub rules: Vec<Judgement>,
}

/// What became of a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    pub state: State,
    /// One for each figure of the rule's message.
    pub figures: Vec<Operand>,
}

/// Whether a rule is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    Ok,
    Broken,
    /// A figure is missing: why.
    Unknown(Reason),
    /// It speaks of something that the selection does not have.
    NotApplicable,
}

impl State {
    /// The stable spelling, such as `not-applicable`.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Broken => "broken",
            Self::Unknown(_) => "unknown",
            Self::NotApplicable => "not-applicable",
        }
    }
}

/// Reckons the totals of a selection and judges its rules.
pub fn evaluate(
    calculator: &Calculator,
    catalog: &Catalog,
    builds: &Builds,
    selection: &Selection,
) -> Outcome {
    let mut totals = vec![Operand::None; calculator.totals.len()];
    for &position in &calculator.order {
        let figures = SelectionFigures::new((calculator, catalog), builds, selection, &totals);
        totals[position] = figures.total(position);
    }
    let figures = SelectionFigures::new((calculator, catalog), builds, selection, &totals);
    let judge = |rule: &super::Rule| Judgement {
        state: state(&rule.expr, &figures),
        figures: (rule.message.figures())
            .map(|expr| show(expr, &figures))
            .collect(),
    };
    let rules = calculator.rules.iter().map(judge).collect();
    let slots = calculator.slots.iter();
    let slots = slots
        .map(|slot| selection.filling(calculator, &slot.id))
        .collect();
    Outcome {
        slots,
        totals,
        rules,
    }
}

fn state(expr: &Expr, env: &dyn Env) -> State {
    match expr.evaluate(env) {
        Operand::Known(Value::Bool(true)) => State::Ok,
        Operand::Known(_) => State::Broken,
        Operand::Unknown(reason) => State::Unknown(reason),
        Operand::None => State::NotApplicable,
    }
}

/// The decimals in which a formula's number is shown: those of the field that
/// it is, else two; money has its minor units.
pub fn shown_decimals(ty: &Type) -> u8 {
    match ty {
        Type::Number {
            decimals: Some(decimals),
            ..
        } => *decimals,
        Type::Number { unit, .. } | Type::Range { unit } if unit.is_money() => {
            unit.currency().map_or(SHOWN_DECIMALS, |(_, minor)| minor)
        }
        _ => SHOWN_DECIMALS,
    }
}

/// Evaluates a formula for showing, its number rounded once.
pub fn show(expr: &Expr, env: &dyn Env) -> Operand {
    match expr.ty() {
        Type::Number { unit, .. } => expr.evaluate_in(env, unit, shown_decimals(expr.ty())),
        _ => expr.evaluate(env),
    }
}

impl Message {
    /// The message with its figures in words and digits. `figures` has one for
    /// each formula.
    pub fn render(&self, figures: &[Operand], locale: &Locale) -> String {
        let mut figures = figures.iter();
        let mut text = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(piece) => text.push_str(piece),
                Piece::Figure(expr) => {
                    let decimals = Some(shown_decimals(expr.ty()));
                    let figure = figures.next().unwrap_or(&Operand::None);
                    text.push_str(&format_operand(figure, decimals, locale));
                }
            }
        }
        text
    }
}
