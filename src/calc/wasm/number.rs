//! Fixed-point numbers as the module holds them: an `i64` of known step, of
//! which interval analysis knows how far it can go.

use crate::value::{Ratio, Rounding};

/// The largest magnitude that a number may reach, so that negating it and
/// adding one stay within 64 bits.
const MOST: i128 = (1 << 63) - 2;
/// The largest magnitude of an output, so that a 64-bit float holds it exactly.
pub(super) const MOST_OUTPUT: i128 = 1 << 53;

/// A number `i` that stands for `i · step + offset` in the base unit of its
/// dimension, with `i` from `low` to `high`. The offset is that of a point on
/// a scale; all other numbers have none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fixed {
    pub step: Ratio,
    pub offset: Ratio,
    pub low: i128,
    pub high: i128,
}

/// Why an operation can't be done in 64 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct TooLarge;

pub(super) type Fits<T> = Result<T, TooLarge>;

/// What brings a number to another step and offset: `i · factor + shift`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Move {
    pub factor: i64,
    pub shift: i64,
}

impl Fixed {
    /// A number within bounds; an error if they leave 64 bits.
    pub fn new(step: Ratio, offset: Ratio, low: i128, high: i128) -> Fits<Self> {
        if low < -MOST || high > MOST {
            return Err(TooLarge);
        }
        Ok(Self {
            step,
            offset,
            low,
            high,
        })
    }

    /// With other bounds.
    pub fn within(&self, low: i128, high: i128) -> Fits<Self> {
        Self::new(self.step, self.offset, low, high)
    }

    /// With bounds that include zero: what stands where a figure is missing.
    pub fn or_zero(&self) -> Self {
        Self {
            low: self.low.min(0),
            high: self.high.max(0),
            ..self.clone()
        }
    }

    /// With bounds that include those of another number of the same step.
    pub fn or(&self, other: &Self) -> Self {
        Self {
            low: self.low.min(other.low),
            high: self.high.max(other.high),
            ..self.clone()
        }
    }

    /// The largest magnitude.
    pub fn magnitude(&self) -> i128 {
        self.low.abs().max(self.high.abs())
    }

    /// The number after a move.
    pub fn moved(&self, by: Move, step: Ratio, offset: Ratio) -> Fits<Self> {
        let end = |end: i128| {
            let scaled = end.checked_mul(by.factor.into()).ok_or(TooLarge)?;
            // The product stands for a moment in 64 bits, too.
            match scaled.abs() > MOST {
                true => Err(TooLarge),
                false => Ok(scaled + i128::from(by.shift)),
            }
        };
        Self::new(step, offset, end(self.low)?, end(self.high)?)
    }

    /// The moves of two numbers to a step of both and the offset of the first.
    pub fn align(&self, other: &Self) -> Fits<(Move, Move, Ratio)> {
        let apart = other.offset.checked_sub(self.offset).ok_or(TooLarge)?;
        let mut step = self.step.gcd(other.step).ok_or(TooLarge)?;
        if !apart.is_zero() {
            step = step.gcd(apart).ok_or(TooLarge)?;
        }
        let first = Move {
            factor: multiple(self.step, step)?,
            shift: 0,
        };
        let second = Move {
            factor: multiple(other.step, step)?,
            shift: multiple(apart, step)?,
        };
        Ok((first, second, step))
    }
}

/// How many times `step` goes into `value`, of which it is a divisor.
fn multiple(value: Ratio, step: Ratio) -> Fits<i64> {
    let times = value.checked_div(step).ok_or(TooLarge)?;
    match times.den() {
        1 => i64::try_from(times.num()).map_err(|_| TooLarge),
        _ => Err(TooLarge),
    }
}

/// What rounds a number to another step: a move, then a division.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Rounded {
    pub first: Move,
    /// Above zero; 1 where nothing is to be rounded.
    pub divisor: i64,
}

impl Fixed {
    /// What rounds this number to whole multiples of `step` above `offset`.
    pub fn rounded(&self, step: Ratio, offset: Ratio) -> Fits<Rounded> {
        let apart = self.offset.checked_sub(offset).ok_or(TooLarge)?;
        let mut fine = self.step;
        if !apart.is_zero() {
            fine = fine.gcd(apart).ok_or(TooLarge)?;
        }
        let ratio = fine.checked_div(step).ok_or(TooLarge)?;
        let num = i64::try_from(ratio.num()).map_err(|_| TooLarge)?;
        let times = |count: i64| count.checked_mul(num).ok_or(TooLarge);
        Ok(Rounded {
            first: Move {
                factor: times(multiple(self.step, fine)?)?,
                shift: times(multiple(apart, fine)?)?,
            },
            divisor: i64::try_from(ratio.den()).map_err(|_| TooLarge)?,
        })
    }

    /// The number after a rounding.
    pub fn after(&self, by: Rounded, rounding: Rounding, step: Ratio, offset: Ratio) -> Fits<Self> {
        let moved = self.moved(by.first, step, offset)?;
        let end = |end: i128| divide(end, by.divisor.into(), rounding);
        moved.within(end(moved.low)?, end(moved.high)?)
    }
}

/// A quotient rounded to a whole number; the divisor is above zero.
pub(super) fn divide(num: i128, den: i128, rounding: Rounding) -> Fits<i128> {
    let quotient = Ratio::new(num, den).and_then(|ratio| ratio.round_to(0, rounding));
    quotient
        .and_then(|quotient| quotient.to_integer(0))
        .ok_or(TooLarge)
}

/// The bounds of a product.
pub(super) fn product_bounds(a: &Fixed, b: &Fixed) -> Fits<(i128, i128)> {
    let mut ends = Vec::with_capacity(4);
    for x in [a.low, a.high] {
        for y in [b.low, b.high] {
            ends.push(x.checked_mul(y).ok_or(TooLarge)?);
        }
    }
    let low = ends.iter().copied().min().unwrap_or(0);
    let high = ends.iter().copied().max().unwrap_or(0);
    Ok((low, high))
}
