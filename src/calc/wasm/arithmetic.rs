//! Arithmetic: sums, products, quotients, and the days between two dates.

use wasm_encoder::Instruction as I;

use super::lower::{Lower, Lowered, ROUND_NEAREST, decimal_step, too_large};
use super::number::{Fits, Fixed, TooLarge, divide, product_bounds};
use super::place::{KNOWN, Place, Shape, UNKNOWN};
use crate::expr::ir::{Arithmetic, Node};
use crate::value::{QUOTIENT_DECIMALS, Ratio, Rounding, Unit};

/// Seconds of a day, the unit in which dates differ.
const DAY: i64 = 86_400;
/// Days between the first and the last date that there is.
const MOST_DAYS: i128 = 3_660_000;

impl Lower<'_> {
    pub(super) fn negate(&mut self, of: &Node, node: &Node) -> Lowered {
        let of = self.node(of)?;
        let shape = match of.fixed() {
            Some(fixed) => Shape::Number(
                fixed
                    .within(-fixed.high, -fixed.low)
                    .map_err(too_large(node))?,
            ),
            None => of.shape.clone(),
        };
        let value = self.code.i64(0).get(of.value).push(I::I64Sub).keep();
        Ok(Place::known(value, shape).with_status(of.status))
    }

    pub(super) fn absolute(&mut self, of: &Node, node: &Node) -> Lowered {
        let of = self.node(of)?;
        let shape = match of.fixed() {
            Some(fixed) => Shape::Number(
                fixed
                    .within(0, fixed.magnitude())
                    .map_err(too_large(node))?,
            ),
            None => of.shape.clone(),
        };
        self.code
            .i64(0)
            .get(of.value)
            .push(I::I64Sub)
            .get(of.value)
            .get(of.value);
        let value = self.code.i64(0).push(I::I64LtS).push(I::Select).keep();
        Ok(Place::known(value, shape).with_status(of.status))
    }

    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &Node,
        right: &Node,
        node: &Node,
    ) -> Lowered {
        let (left, right) = (self.node(left)?, self.node(right)?);
        match operator {
            Arithmetic::Add => self.add(&left, &right, node),
            Arithmetic::Subtract => self.subtract(&left, &right),
            Arithmetic::Multiply => self.multiply(&left, &right),
            Arithmetic::Divide => self.divide(&left, &right, node),
        }
        .map_err(too_large(node))
    }

    /// Both numbers at one step, each with its own offset.
    pub(super) fn at_one_step(
        &mut self,
        left: &Place,
        right: &Place,
    ) -> Fits<(Place, Fixed, Place, Fixed)> {
        let (a, b) = (
            left.fixed().ok_or(TooLarge)?,
            right.fixed().ok_or(TooLarge)?,
        );
        let flat = |fixed: &Fixed| Fixed {
            offset: Ratio::ZERO,
            ..fixed.clone()
        };
        let flat_place = |place: &Place, fixed: &Fixed| Place {
            shape: Shape::Number(flat(fixed)),
            ..place.clone()
        };
        let (x, y, _) = self.aligned(&flat_place(left, a), &flat_place(right, b))?;
        let (Some(p), Some(q)) = (x.fixed().cloned(), y.fixed().cloned()) else {
            return Err(TooLarge);
        };
        Ok((x, p, y, q))
    }

    fn add(&mut self, left: &Place, right: &Place, node: &Node) -> Fits<Place> {
        let offset = match node.ty.unit().is_some_and(Unit::is_point) {
            true => {
                let offsets = [left, right].map(|place| place.fixed().map(|fixed| fixed.offset));
                offsets
                    .into_iter()
                    .flatten()
                    .find(|offset| !offset.is_zero())
            }
            false => None,
        };
        let (x, p, y, q) = self.at_one_step(left, right)?;
        let mut sum = p.within(p.low + q.low, p.high + q.high)?;
        sum.offset = offset.unwrap_or(Ratio::ZERO);
        let value = self.code.get(x.value).get(y.value).push(I::I64Add).keep();
        let status = self.both(left.status, right.status);
        Ok(Place::known(value, Shape::Number(sum)).with_status(status))
    }

    /// Of two points their difference; of a point and a difference a point.
    fn subtract(&mut self, left: &Place, right: &Place) -> Fits<Place> {
        let (a, b) = (
            left.fixed().ok_or(TooLarge)?,
            right.fixed().ok_or(TooLarge)?,
        );
        let points = !b.offset.is_zero();
        let offset = if points { Ratio::ZERO } else { a.offset };
        let (x, y) = match points {
            true => {
                let (x, y, _) = self.aligned(left, right)?;
                (x, y)
            }
            false => {
                let (x, _, y, _) = self.at_one_step(left, right)?;
                (x, y)
            }
        };
        let (p, q) = (x.fixed().ok_or(TooLarge)?, y.fixed().ok_or(TooLarge)?);
        let mut difference = p.within(p.low - q.high, p.high - q.low)?;
        difference.offset = offset;
        let value = self.code.get(x.value).get(y.value).push(I::I64Sub).keep();
        let status = self.both(left.status, right.status);
        Ok(Place::known(value, Shape::Number(difference)).with_status(status))
    }

    fn multiply(&mut self, left: &Place, right: &Place) -> Fits<Place> {
        let (a, b) = (
            left.fixed().ok_or(TooLarge)?,
            right.fixed().ok_or(TooLarge)?,
        );
        let step = a.step.checked_mul(b.step).ok_or(TooLarge)?;
        let (low, high) = product_bounds(a, b)?;
        let product = Fixed::new(step, Ratio::ZERO, low, high)?;
        let value = self
            .code
            .get(left.value)
            .get(right.value)
            .push(I::I64Mul)
            .keep();
        let status = self.both(left.status, right.status);
        Ok(Place::known(value, Shape::Number(product)).with_status(status))
    }

    /// The quotient with 9 decimals in the node's unit; unknown for a divisor
    /// of zero.
    fn divide(&mut self, left: &Place, right: &Place, node: &Node) -> Fits<Place> {
        let (a, b) = (
            left.fixed().ok_or(TooLarge)?,
            right.fixed().ok_or(TooLarge)?,
        );
        let one = Unit::one();
        let step = decimal_step(node.ty.unit().unwrap_or(&one), QUOTIENT_DECIMALS)?;
        let divisor_step = b.step.checked_mul(step).ok_or(TooLarge)?;
        let ratio = a.step.checked_div(divisor_step).ok_or(TooLarge)?;
        let factors = (i64::try_from(ratio.num()), i64::try_from(ratio.den()));
        let (Ok(above), Ok(below)) = factors else {
            return Err(TooLarge);
        };
        let times = |fixed: &Fixed, factor: i64| {
            let end = |end: i128| end.checked_mul(factor.into()).ok_or(TooLarge);
            fixed.within(end(fixed.low)?, end(fixed.high)?)
        };
        let (num, den) = (times(a, above)?, times(b, below)?);
        let least = least_magnitude(b) * i128::from(below);
        let most = divide(num.magnitude(), least, Rounding::Nearest)?;
        let low = if num.low < 0 || den.low < 0 { -most } else { 0 };
        let quotient = Fixed::new(step, Ratio::ZERO, low, most)?;

        let zero = self.code.get(right.value).push(I::I64Eqz).keep_narrow();
        self.code.get(left.value).i64(above).push(I::I64Mul);
        // Any divisor will do where there is none.
        self.code.i64(1).get(right.value).i64(below).push(I::I64Mul);
        self.code
            .get(zero)
            .push(I::Select)
            .push(I::Call(ROUND_NEAREST));
        let result = self.code.keep();
        let nothing = self.code.i64(0).keep();
        let value = self.choose(nothing, result, zero);
        let place = Place::known(value, Shape::Number(quotient));
        let status = self.both(left.status, right.status);
        if b.low > 0 || b.high < 0 {
            return Ok(place.with_status(status));
        }
        let unknown = self
            .code
            .i32(UNKNOWN)
            .i32(KNOWN)
            .get(zero)
            .push(I::Select)
            .keep_narrow();
        let status = self.both(status, Some(unknown));
        Ok(place.with_status(status))
    }

    pub(super) fn days(&mut self, left: &Node, right: &Node, node: &Node) -> Lowered {
        let (left, right) = (self.node(left)?, self.node(right)?);
        let fixed = Fixed::new(Ratio::integer(DAY), Ratio::ZERO, -MOST_DAYS, MOST_DAYS);
        let shape = Shape::Number(fixed.map_err(too_large(node))?);
        let value = self
            .code
            .get(left.value)
            .get(right.value)
            .push(I::I64Sub)
            .keep();
        let status = self.both(left.status, right.status);
        Ok(Place::known(value, shape).with_status(status))
    }
}

/// The smallest magnitude of a divisor, zero left out.
fn least_magnitude(fixed: &Fixed) -> i128 {
    match fixed.low <= 0 && fixed.high >= 0 {
        true => 1,
        false => fixed.low.abs().min(fixed.high.abs()),
    }
}
