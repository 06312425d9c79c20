//! Exact fractions, for what a decimal can't hold: a minute in hours, an inch
//! in feet. Figures are decimals; fractions live only inside a calculation.

use std::cmp::Ordering;

use super::Decimal;
use super::decimal::MAX_SCALE;

/// A fraction in lowest terms with a positive denominator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Ratio {
    num: i128,
    den: i128,
}

/// Which way [`Ratio::round_to`] goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Rounding {
    /// To the nearest, half away from zero.
    Nearest,
    /// Towards minus infinity.
    Floor,
    /// Towards plus infinity.
    Ceil,
}

impl Ratio {
    pub const ZERO: Ratio = Ratio { num: 0, den: 1 };
    pub const ONE: Ratio = Ratio { num: 1, den: 1 };

    /// `num / den` in lowest terms; none for a zero denominator or where it
    /// does not fit.
    pub fn new(num: i128, den: i128) -> Option<Self> {
        if den == 0 || num == i128::MIN || den == i128::MIN {
            return None;
        }
        let divisor = gcd(num, den) * den.signum();
        Some(Self {
            num: num / divisor,
            den: den / divisor,
        })
    }

    pub const fn integer(num: i64) -> Self {
        Self {
            num: num as i128,
            den: 1,
        }
    }

    pub fn num(self) -> i128 {
        self.num
    }

    pub fn den(self) -> i128 {
        self.den
    }

    pub fn is_zero(self) -> bool {
        self.num == 0
    }

    pub fn abs(self) -> Self {
        Self {
            num: self.num.abs(),
            ..self
        }
    }

    #[expect(
        clippy::should_implement_trait,
        reason = "a method reads better in formulas of ratios"
    )]
    pub fn neg(self) -> Self {
        Self {
            num: -self.num,
            ..self
        }
    }

    pub fn checked_add(self, other: Self) -> Option<Self> {
        let shared = gcd(self.den, other.den);
        let left = self.num.checked_mul(other.den / shared)?;
        let right = other.num.checked_mul(self.den / shared)?;
        Self::new(
            left.checked_add(right)?,
            self.den.checked_mul(other.den / shared)?,
        )
    }

    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.neg())
    }

    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let a = gcd(self.num, other.den);
        let b = gcd(other.num, self.den);
        Self::new(
            (self.num / a).checked_mul(other.num / b)?,
            (self.den / b).checked_mul(other.den / a)?,
        )
    }

    /// None for a zero divisor, too.
    pub fn checked_div(self, other: Self) -> Option<Self> {
        self.checked_mul(Self::new(other.den, other.num)?)
    }

    /// To the power of `exponent`; none where it does not fit.
    pub fn checked_pow(self, exponent: i8) -> Option<Self> {
        let mut power = Self::ONE;
        for _ in 0..exponent.unsigned_abs() {
            power = power.checked_mul(self)?;
        }
        if exponent < 0 {
            return Self::ONE.checked_div(power);
        }
        Some(power)
    }

    /// The largest fraction of which both are whole multiples; none where it
    /// does not fit. For zero and `x` it is `x`.
    pub fn gcd(self, other: Self) -> Option<Self> {
        let den = (self.den / gcd(self.den, other.den)).checked_mul(other.den)?;
        let left = self.num.checked_mul(den / self.den)?;
        let right = other.num.checked_mul(den / other.den)?;
        if left == 0 && right == 0 {
            return Some(Self::ZERO);
        }
        Self::new(gcd(left, right), den)
    }

    /// The decimal that it is; none if its digits don't end (or don't fit).
    pub fn to_decimal(self) -> Option<Decimal> {
        let (mut den, mut twos, mut fives) = (self.den, 0u32, 0u32);
        while den % 2 == 0 {
            den /= 2;
            twos += 1;
        }
        while den % 5 == 0 {
            den /= 5;
            fives += 1;
        }
        let scale = twos.max(fives);
        if den != 1 || scale > u32::from(MAX_SCALE) {
            return None;
        }
        let shift = 10i128.pow(scale) / self.den;
        Decimal::new(
            self.num.checked_mul(shift)?,
            u8::try_from(scale).expect("at most MAX_SCALE"),
        )
    }

    /// Rounded to `decimals` digits behind the point, half away from zero.
    pub fn round(self, decimals: u8) -> Option<Decimal> {
        self.round_to(decimals, Rounding::Nearest)
    }

    /// Rounded to `decimals` digits behind the point; none where it does not
    /// fit.
    pub fn round_to(self, decimals: u8, rounding: Rounding) -> Option<Decimal> {
        let decimals = decimals.min(MAX_SCALE);
        let scaled = self.checked_mul(Self::new(10i128.pow(u32::from(decimals)), 1)?)?;
        let floor = scaled.num.div_euclid(scaled.den);
        let rest = scaled.num.rem_euclid(scaled.den);
        let up = match rounding {
            Rounding::Floor => false,
            Rounding::Ceil => rest > 0,
            Rounding::Nearest if scaled.num < 0 => rest > scaled.den - rest,
            Rounding::Nearest => rest > 0 && rest >= scaled.den - rest,
        };
        Decimal::new(floor.checked_add(i128::from(up))?, decimals)
    }
}

/// The greatest common divisor, positive; 1 for two zeros.
fn gcd(a: i128, b: i128) -> i128 {
    let (mut a, mut b) = (a.unsigned_abs(), b.unsigned_abs());
    while b != 0 {
        (a, b) = (b, a % b);
    }
    i128::try_from(a.max(1)).unwrap_or(1)
}

impl From<Decimal> for Ratio {
    fn from(decimal: Decimal) -> Self {
        let den = 10i128.pow(u32::from(decimal.scale()));
        Self::new(decimal.mantissa(), den).unwrap_or(Self::ZERO)
    }
}

impl Ord for Ratio {
    /// Exact, without a product that could overflow: whole parts first, then
    /// the remainders' reciprocals the other way round.
    fn cmp(&self, other: &Self) -> Ordering {
        let (mut a, mut b) = (*self, *other);
        let mut turned = false;
        loop {
            let (x, y) = (a.num.div_euclid(a.den), b.num.div_euclid(b.den));
            let (p, q) = (a.num.rem_euclid(a.den), b.num.rem_euclid(b.den));
            let order = match x.cmp(&y) {
                Ordering::Equal if p == 0 || q == 0 => p.cmp(&q),
                Ordering::Equal => {
                    a = Self { num: a.den, den: p };
                    b = Self { num: b.den, den: q };
                    turned = !turned;
                    continue;
                }
                order => order,
            };
            return if turned { order.reverse() } else { order };
        }
    }
}

impl PartialOrd for Ratio {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn r(num: i128, den: i128) -> Ratio {
        Ratio::new(num, den).expect("fits")
    }

    #[test]
    fn fractions_that_end_are_decimals() {
        assert_eq!(r(1, 8).to_decimal(), Decimal::parse("0.125"));
        assert_eq!(r(1, 3).to_decimal(), None);
        assert_eq!(r(1, -4), r(-1, 4));
        assert_eq!(r(254, 10000).gcd(r(1, 1000)), Some(r(1, 5000)));
    }

    #[test]
    fn rounding_goes_where_it_says() {
        let text = |ratio: Ratio, rounding| ratio.round_to(1, rounding).map(|d| d.to_string());
        for (ratio, nearest, floor, ceil) in [
            (r(1, 3), "0.3", "0.3", "0.4"),
            (r(-1, 3), "-0.3", "-0.4", "-0.3"),
            (r(1, 20), "0.1", "0", "0.1"),
            (r(-1, 20), "-0.1", "-0.1", "0"),
            (r(3, 10), "0.3", "0.3", "0.3"),
        ] {
            assert_eq!(text(ratio, Rounding::Nearest).as_deref(), Some(nearest));
            assert_eq!(text(ratio, Rounding::Floor).as_deref(), Some(floor));
            assert_eq!(text(ratio, Rounding::Ceil).as_deref(), Some(ceil));
        }
    }

    proptest! {
        #[test]
        fn order_agrees_with_cross_products(a: i32, b in 1i32.., c: i32, d in 1i32..) {
            let (left, right) = (r(a.into(), b.into()), r(c.into(), d.into()));
            let crossed = (i64::from(a) * i64::from(d)).cmp(&(i64::from(c) * i64::from(b)));
            prop_assert_eq!(left.cmp(&right), crossed);
        }

        #[test]
        fn adding_and_taking_away_comes_back(a: i32, b in 1i32.., c: i32, d in 1i32..) {
            let (left, right) = (r(a.into(), b.into()), r(c.into(), d.into()));
            let sum = left.checked_add(right).expect("fits");
            prop_assert_eq!(sum.checked_sub(right), Some(left));
            let product = left.checked_mul(right).expect("fits");
            if c != 0 {
                prop_assert_eq!(product.checked_div(right), Some(left));
            }
        }
    }
}
