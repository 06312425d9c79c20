//! The figures of a category as constant data: one column a field.

use std::collections::BTreeMap;

use super::data::Data;
use super::number::{Fits, Fixed, TooLarge};
use super::place::{KNOWN, NONE, Shape, UNKNOWN};
use crate::catalog::Catalog;
use crate::expr::Id;
use crate::value::{Operand, Quantity, Ratio, Type, Unit, Value};

/// The figures of one field, in the order of the category's components.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub shape: Shape,
    pub values: Integers,
    /// The upper ends of ranges.
    pub upper: Option<Integers>,
    /// A byte each; none where all are known.
    pub status: Option<u32>,
}

/// Integers in memory.
#[derive(Clone, Copy, Debug)]
pub(super) struct Integers {
    pub at: u32,
    /// Bytes of each, as a power of two.
    pub align: u32,
}

/// The columns that formulas use.
#[derive(Default)]
pub(super) struct Columns(BTreeMap<(Id, Id), Column>);

impl Columns {
    /// The column of a category's field, put down when it is first asked for.
    pub fn get(
        &mut self,
        (category, field): (&Id, &Id),
        catalog: &Catalog,
        data: &mut Data,
    ) -> Fits<Column> {
        let key = (category.clone(), field.clone());
        if let Some(column) = self.0.get(&key) {
            return Ok(column.clone());
        }
        let found = catalog.category(category);
        let position = found.and_then(|category| category.field_position(field));
        let (Some(found), Some(position)) = (found, position) else {
            return Err(TooLarge);
        };
        let components = found.components.iter();
        let figures: Vec<&Operand> = components.map(|c| &c.figures[position].value).collect();
        let column = encode(&figures, &found.fields[position].ty, data)?;
        self.0.insert(key, column.clone());
        Ok(column)
    }
}

/// Puts figures of one type down.
pub(super) fn encode(figures: &[&Operand], ty: &Type, data: &mut Data) -> Fits<Column> {
    let status: Vec<i32> = figures.iter().map(|figure| status(figure)).collect();
    let complete = status.iter().all(|status| *status == KNOWN);
    let (shape, rows) = rows(figures, ty, data)?;
    let (low, high): (Vec<i64>, Vec<i64>) = rows.into_iter().unzip();
    let values = integers(&low, data);
    let upper = matches!(shape, Shape::Range(_)).then(|| integers(&high, data));
    let status = (!complete).then(|| {
        let bytes: Vec<i64> = status.into_iter().map(i64::from).collect();
        data.integers(&bytes, 1)
    });
    Ok(Column {
        shape,
        values,
        upper,
        status,
    })
}

/// The status of a figure.
pub(super) fn status(figure: &Operand) -> i32 {
    match figure {
        Operand::Known(_) => KNOWN,
        Operand::Unknown(_) => UNKNOWN,
        Operand::None => NONE,
    }
}

/// The narrowest integers that hold all values.
fn integers(values: &[i64], data: &mut Data) -> Integers {
    let fits = |bits: u32| {
        values
            .iter()
            .all(|v| (*v << (64 - bits)) >> (64 - bits) == *v)
    };
    let align = if fits(8) {
        0
    } else if fits(16) {
        1
    } else if fits(32) {
        2
    } else {
        3
    };
    Integers {
        at: data.integers(values, 1 << align),
        align,
    }
}

/// The lower and upper integer of each figure, zero where it is missing; they
/// differ for ranges alone.
fn rows(figures: &[&Operand], ty: &Type, data: &mut Data) -> Fits<(Shape, Vec<(i64, i64)>)> {
    if let Some(unit) = ty.unit() {
        let (fixed, rows) = numbers(figures, unit)?;
        let shape = match ty {
            Type::Range { .. } => Shape::Range(fixed),
            _ => Shape::Number(fixed),
        };
        return Ok((shape, rows));
    }
    let shape = match ty {
        Type::Bool => Shape::Bool,
        Type::Date => Shape::Date,
        Type::Set { .. } | Type::List => Shape::Set,
        _ => Shape::Text,
    };
    let mut row = |figure: &&Operand| -> i64 {
        match figure.known() {
            Some(Value::Bool(value)) => i64::from(*value),
            Some(Value::Date(date)) => i64::from(date.day_number()),
            Some(Value::Text(text)) => data.text(text).into(),
            Some(Value::Set(set)) => data.set(set.iter()).into(),
            Some(Value::List(list)) => data.set(list.iter()).into(),
            _ => 0,
        }
    };
    let rows = figures.iter().map(&mut row).map(|row| (row, row)).collect();
    Ok((shape, rows))
}

/// Numbers as multiples of the largest step that fits all of them.
fn numbers(figures: &[&Operand], unit: &Unit) -> Fits<(Fixed, Vec<(i64, i64)>)> {
    let offset = unit.offset();
    let mut ends: Vec<Option<(Ratio, Ratio)>> = Vec::with_capacity(figures.len());
    let mut step = Ratio::ZERO;
    for figure in figures {
        let pair = match figure.known() {
            Some(Value::Number(quantity)) => {
                let number = base(quantity, offset)?;
                Some((number, number))
            }
            Some(Value::Range(range)) => {
                Some((base(&range.lower(), offset)?, base(&range.upper(), offset)?))
            }
            _ => None,
        };
        for end in pair.into_iter().flat_map(|(low, high)| [low, high]) {
            step = step.gcd(end).ok_or(TooLarge)?;
        }
        ends.push(pair);
    }
    if step.is_zero() {
        step = unit.factor();
    }
    let integer = |end: Ratio| {
        let times = end.checked_div(step).ok_or(TooLarge)?;
        i64::try_from(times.num()).map_err(|_| TooLarge)
    };
    let mut rows = Vec::with_capacity(ends.len());
    let (mut least, mut most) = (i64::MAX, i64::MIN);
    for pair in ends {
        let row = match pair {
            Some((low, high)) => (integer(low)?, integer(high)?),
            None => (0, 0),
        };
        least = least.min(row.0);
        most = most.max(row.1);
        rows.push(row);
    }
    let bounds = match rows.is_empty() {
        true => (0, 0),
        false => (least.into(), most.into()),
    };
    Ok((Fixed::new(step, offset, bounds.0, bounds.1)?, rows))
}

/// A number in the base unit, less the offset.
fn base(quantity: &Quantity, offset: Ratio) -> Fits<Ratio> {
    let number = Ratio::from(quantity.number).checked_mul(quantity.unit.factor());
    let number = number.and_then(|number| number.checked_add(quantity.unit.offset()));
    number
        .and_then(|number| number.checked_sub(offset))
        .ok_or(TooLarge)
}
