//! What the loops of an aggregate have found, put together to its value.

use wasm_encoder::Instruction as I;

use super::code::Local;
use super::lower::{Lower, ROUND_NEAREST, decimal_step};
use super::number::{Fits, Fixed, TooLarge};
use super::place::{KNOWN, NONE, Place, Shape};
use crate::expr::ir::{Aggregate, Node};
use crate::value::{QUOTIENT_DECIMALS, Ratio, Rounding, Unit};

/// What a loop has found.
pub(super) struct Found {
    /// The sum, the best, or whether the decisive was met.
    pub value: Local,
    /// The sum of quantities.
    pub weight: Local,
    /// 32 bits: whether there was a member.
    pub any: Local,
    pub status: Local,
    /// The members' numbers, or other values.
    pub shape: Shape,
    pub most: i128,
}

impl Lower<'_> {
    /// Puts what two loops have found together.
    pub(super) fn merge(&mut self, aggregate: Aggregate, a: Found, b: Found) -> Fits<Found> {
        let weight = self.code.get(a.weight).get(b.weight).push(I::I64Add).keep();
        let any = self.code.get(a.any).get(b.any).push(I::I32Or).keep_narrow();
        let status = self
            .both(Some(a.status), Some(b.status))
            .unwrap_or(a.status);
        let (x, y) = match (&a.shape, &b.shape) {
            (Shape::Number(x), Shape::Number(y)) => (x, y),
            _ => {
                let value = match aggregate {
                    Aggregate::Any | Aggregate::All => {
                        self.code.get(a.value).get(b.value).push(I::I64Or).keep()
                    }
                    Aggregate::Least | Aggregate::Greatest => {
                        self.merge_best(aggregate, (a.value, a.any), (b.value, b.any))
                    }
                    _ => self.code.get(a.value).get(b.value).push(I::I64Add).keep(),
                };
                return Ok(Found {
                    value,
                    weight,
                    any,
                    status,
                    shape: a.shape,
                    most: a.most + b.most,
                });
            }
        };
        let (first, second, step) = x.align(y)?;
        let bounds = x
            .moved(first, step, x.offset)?
            .or(&y.moved(second, step, x.offset)?);
        let most = a.most + b.most;
        let value = match aggregate {
            Aggregate::Least | Aggregate::Greatest => {
                let (left, right) = (self.moved(a.value, first), self.moved(b.value, second));
                self.merge_best(aggregate, (left, a.any), (right, b.any))
            }
            _ => {
                weighted(&bounds, most)?;
                // A shift counts once for each part.
                self.code
                    .scaled(a.value, first.factor)
                    .plus_scaled(b.value, second.factor)
                    .plus_scaled(b.weight, second.shift)
                    .keep()
            }
        };
        Ok(Found {
            value,
            weight,
            any,
            status,
            shape: Shape::Number(bounds),
            most,
        })
    }

    fn merge_best(
        &mut self,
        aggregate: Aggregate,
        (a, a_any): (Local, Local),
        (b, b_any): (Local, Local),
    ) -> Local {
        let test = if aggregate == Aggregate::Least {
            I::I64LtS
        } else {
            I::I64GtS
        };
        self.code.get(b).get(a).get(b).get(a).push(test);
        self.code.get(a_any).push(I::I32Eqz).push(I::I32Or);
        self.code.get(b_any).push(I::I32And).push(I::Select).keep()
    }

    /// The value of an aggregate, given all that was found.
    pub(super) fn conclude(
        &mut self,
        aggregate: Aggregate,
        found: Found,
        node: &Node,
    ) -> Fits<Place> {
        let status = Some(found.status);
        match aggregate {
            Aggregate::Sum => {
                let Shape::Number(fixed) = &found.shape else {
                    return Err(TooLarge);
                };
                let shape = Shape::Number(weighted(fixed, found.most)?);
                Ok(Place::known(found.value, shape).with_status(status))
            }
            Aggregate::Count => {
                let fixed = Fixed::new(Ratio::ONE, Ratio::ZERO, 0, found.most)?;
                Ok(Place::known(found.value, Shape::Number(fixed)).with_status(status))
            }
            Aggregate::Average => self.average(&found, node),
            Aggregate::Least | Aggregate::Greatest => {
                let shape = match &found.shape {
                    Shape::Number(fixed) => Shape::Number(fixed.or_zero()),
                    other => other.clone(),
                };
                let status = self.none_unless(found.any, found.status);
                Ok(Place::known(found.value, shape).with_status(Some(status)))
            }
            Aggregate::Any | Aggregate::All => {
                let decisive = aggregate == Aggregate::Any;
                let decided = self.code.get(found.value).push(I::I32WrapI64).keep_narrow();
                let (yes, no) = (i64::from(decisive), i64::from(!decisive));
                self.code.i64(yes).i64(no).get(decided).push(I::Select);
                let value = self.code.keep();
                self.code
                    .i32(KNOWN)
                    .get(found.status)
                    .get(decided)
                    .push(I::Select);
                let status = self.code.keep_narrow();
                Ok(Place::known(value, Shape::Bool).with_status(Some(status)))
            }
        }
    }

    fn none_unless(&mut self, any: Local, status: Local) -> Local {
        self.code
            .get(status)
            .i32(NONE)
            .get(any)
            .push(I::Select)
            .keep_narrow()
    }

    /// The sum over the quantities, with 9 decimals in the node's unit.
    fn average(&mut self, found: &Found, node: &Node) -> Fits<Place> {
        let Shape::Number(fixed) = &found.shape else {
            return Err(TooLarge);
        };
        let one = Unit::one();
        let unit = node.ty.unit().unwrap_or(&one);
        let (step, offset) = (decimal_step(unit, QUOTIENT_DECIMALS)?, unit.offset());
        let by = fixed.rounded(step, offset)?;
        weighted(fixed, found.most)?;
        weighted(&fixed.moved(by.first, step, offset)?, found.most)?;
        Fixed::new(
            step,
            offset,
            0,
            found.most.checked_mul(by.divisor.into()).ok_or(TooLarge)?,
        )?;
        let bounds = fixed.after(by, Rounding::Nearest, step, offset)?.or_zero();
        self.code
            .scaled(found.value, by.first.factor)
            .plus_scaled(found.weight, by.first.shift)
            .scaled(found.weight, by.divisor)
            .i64(1);
        // Any divisor will do where there is nothing.
        self.code
            .get(found.any)
            .push(I::Select)
            .push(I::Call(ROUND_NEAREST));
        let value = self.code.keep();
        let status = self.none_unless(found.any, found.status);
        Ok(Place::known(value, Shape::Number(bounds)).with_status(Some(status)))
    }
}

/// The bounds of a sum of numbers whose quantities come to `most`.
pub(super) fn weighted(fixed: &Fixed, most: i128) -> Fits<Fixed> {
    let times = |end: i128| end.checked_mul(most.max(1)).ok_or(TooLarge);
    fixed.within(times(fixed.low.min(0))?, times(fixed.high.max(0))?)
}
