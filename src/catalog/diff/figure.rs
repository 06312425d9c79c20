//! Figures that are others now, and how far they moved.

use std::sync::Arc;

use super::field_before;
use crate::catalog::{Better, Category, Component};
use crate::value::{Decimal, Operand, QUOTIENT_DECIMALS, Quantity, Ratio, Unit, Value};

/// A figure that is another one now.
#[derive(Clone, Debug)]
pub struct FigureDiff {
    pub name: Arc<str>,
    pub label: Arc<str>,
    pub from: Operand,
    pub to: Operand,
    pub decimals: Option<u8>,
    /// Of numbers: how far it moved.
    pub movement: Option<Movement>,
    /// Whether the movement is for the better, where the field says what is.
    pub improves: Option<bool>,
}

/// How far a number moved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Movement {
    /// New less old, in the new figure's unit; of points on a scale in the
    /// unit of their differences, with nine decimals.
    pub difference: Quantity,
    /// The same as digits of the new figure's unit: from 100 °F to 110 °F it is
    /// 10, which are 5.56 K.
    pub digits: Decimal,
    /// Of the old figure, with one decimal or, below that, as many as say more
    /// than nothing; none where that was zero or has no share.
    pub percent: Option<Decimal>,
}

impl Movement {
    pub fn rises(&self) -> bool {
        !self.digits.is_negative()
    }
}

/// The figures of a component that are others now, of fields that both
/// editions have.
pub fn diff_figures(old: (&Category, &Component), new: (&Category, &Component)) -> Vec<FigureDiff> {
    let mut found = Vec::new();
    for (field, figure) in new.0.fields.iter().zip(&new.1.figures) {
        let position = field_before(field, old.0);
        let Some(before) = position.and_then(|at| old.1.figures.get(at)) else {
            continue;
        };
        if same_figure(&before.value, &figure.value) {
            continue;
        }
        let movement = movement(&before.value, &figure.value);
        let rises = movement.as_ref().map(Movement::rises);
        found.push(FigureDiff {
            name: Arc::clone(&field.name.value),
            label: Arc::clone(&field.label),
            from: before.value.clone(),
            to: figure.value.clone(),
            decimals: field.decimals,
            improves: rises
                .zip(field.better)
                .map(|(rises, better)| rises == (better == Better::Higher)),
            movement,
        });
    }
    found
}

/// How a number moved; none unless both are numbers that measure the same.
pub fn movement(from: &Operand, to: &Operand) -> Option<Movement> {
    let (Some(Value::Number(from)), Some(Value::Number(to))) = (from.known(), to.known()) else {
        return None;
    };
    let nearly = || from.convert_rounded(&to.unit, QUOTIENT_DECIMALS);
    let before = from.convert(&to.unit).or_else(|_| nearly()).ok()?.number;
    let digits = to.number.checked_sub(before)?;
    // A share of a temperature says nothing, since its zero is arbitrary; one
    // of a share reads as the difference itself.
    let percent = match to.unit.is_point() || to.unit.symbol() == "%" {
        true => None,
        false => percent_of(digits, before),
    };
    Some(Movement {
        difference: difference(digits, &to.unit)?,
        digits,
        percent,
    })
}

fn difference(digits: Decimal, unit: &Unit) -> Option<Quantity> {
    let Some(measured) = unit.difference() else {
        return Some(Quantity::new(digits, unit.clone()));
    };
    let scale = unit.factor().checked_div(measured.factor())?;
    let number = Ratio::from(digits).checked_mul(scale)?;
    let number = number
        .to_decimal()
        .or_else(|| number.round(QUOTIENT_DECIMALS))?;
    Some(Quantity::new(number, measured))
}

/// Whether two figures say the same, in whatever prefix, and for whatever
/// reason they are unknown.
pub fn same_figure(from: &Operand, to: &Operand) -> bool {
    match (from, to) {
        (Operand::Known(Value::Number(a)), Operand::Known(Value::Number(b))) => {
            a.compare(b).is_some_and(std::cmp::Ordering::is_eq)
        }
        (Operand::Unknown(_), Operand::Unknown(_)) => true,
        _ => from == to,
    }
}

/// With one decimal, and where that says nothing up to the first digit that
/// does.
fn percent_of(difference: Decimal, before: Decimal) -> Option<Decimal> {
    let share = difference.div(before.abs()?)?;
    let percent = share.checked_mul(Decimal::from(100))?;
    let rounded = percent.round(1);
    if !rounded.is_zero() || difference.is_zero() {
        return Some(rounded);
    }
    let size = percent.abs()?;
    let says = |decimals: &u8| Decimal::new(1, *decimals).is_some_and(|least| size >= least);
    let decimals = (2..=QUOTIENT_DECIMALS).find(says)?;
    Some(percent.round(decimals))
}
