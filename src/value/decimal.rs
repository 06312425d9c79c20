//! Exact decimal numbers: text comes in, text goes out, and no binary
//! fraction is ever between.

use std::cmp::Ordering;
use std::fmt;

use super::Ratio;

/// Digits behind the point that a [`Decimal`] holds at most.
pub const MAX_SCALE: u8 = 28;
/// Digits behind the point that a quotient keeps.
pub const QUOTIENT_DECIMALS: u8 = 9;

/// A decimal number, exact: `mantissa / 10^scale`, with no zero at the end of
/// its fraction, so that equal numbers are equal in every field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Decimal {
    mantissa: i128,
    scale: u8,
}

impl Decimal {
    pub const ZERO: Decimal = Decimal {
        mantissa: 0,
        scale: 0,
    };
    pub const ONE: Decimal = Decimal {
        mantissa: 1,
        scale: 0,
    };

    /// `mantissa / 10^scale`; none if that needs more than [`MAX_SCALE`] digits
    /// behind the point.
    pub fn new(mantissa: i128, scale: u8) -> Option<Self> {
        let (mut mantissa, mut scale) = (mantissa, scale);
        while scale > 0 && mantissa % 10 == 0 {
            mantissa /= 10;
            scale -= 1;
        }
        (scale <= MAX_SCALE).then_some(Self { mantissa, scale })
    }

    /// Reads `-12.50`: an optional sign, digits, and at most one point with
    /// digits on both sides. None for anything else, and for numbers too long
    /// to hold.
    pub fn parse(text: &str) -> Option<Self> {
        let (negative, digits) = match text.strip_prefix(['-', '\u{2212}']) {
            Some(rest) => (true, rest),
            None => (false, text.strip_prefix('+').unwrap_or(text)),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
        let fits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !fits(whole) || !fits(fraction) {
            return None;
        }
        let fraction = fraction.trim_end_matches('0');
        let scale = u8::try_from(fraction.len()).ok()?;
        let mut mantissa: i128 = 0;
        for digit in whole.bytes().chain(fraction.bytes()) {
            mantissa = mantissa
                .checked_mul(10)?
                .checked_add(i128::from(digit - b'0'))?;
        }
        Self::new(if negative { -mantissa } else { mantissa }, scale)
    }

    pub fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// Digits behind the point.
    pub fn scale(self) -> u8 {
        self.scale
    }

    pub fn is_zero(self) -> bool {
        self.mantissa == 0
    }

    pub fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    pub fn is_integer(self) -> bool {
        self.scale == 0
    }

    pub fn abs(self) -> Option<Self> {
        Some(Self {
            mantissa: self.mantissa.checked_abs()?,
            ..self
        })
    }

    pub fn checked_neg(self) -> Option<Self> {
        Some(Self {
            mantissa: self.mantissa.checked_neg()?,
            ..self
        })
    }

    /// The exact sum; none if it does not fit.
    pub fn checked_add(self, other: Self) -> Option<Self> {
        let scale = self.scale.max(other.scale);
        let sum = self
            .to_integer(scale)?
            .checked_add(other.to_integer(scale)?)?;
        Self::new(sum, scale)
    }

    /// The exact difference; none if it does not fit.
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(other.checked_neg()?)
    }

    /// The exact product; none if it does not fit.
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        let mantissa = self.mantissa.checked_mul(other.mantissa)?;
        Self::new(mantissa, self.scale + other.scale)
    }

    /// The quotient with [`QUOTIENT_DECIMALS`] digits behind the point, half
    /// away from zero; none for a zero divisor or where it does not fit.
    #[expect(clippy::should_implement_trait, reason = "it can fail")]
    pub fn div(self, other: Self) -> Option<Self> {
        Ratio::from(self)
            .checked_div(Ratio::from(other))?
            .round(QUOTIENT_DECIMALS)
    }

    /// Rounded to `decimals` digits behind the point, half away from zero.
    pub fn round(self, decimals: u8) -> Self {
        if self.scale <= decimals {
            return self;
        }
        let unit = 10i128.pow(u32::from(self.scale - decimals));
        let (whole, rest) = (self.mantissa / unit, self.mantissa % unit);
        let up = i128::from(rest.abs() >= unit - rest.abs());
        Self::new(whole + up * self.mantissa.signum(), decimals).unwrap_or(self)
    }

    /// The number times `10^scale` where that is an integer that fits.
    pub fn to_integer(self, scale: u8) -> Option<i128> {
        let shift = scale.checked_sub(self.scale)?;
        self.mantissa
            .checked_mul(10i128.checked_pow(u32::from(shift))?)
    }

    /// `integer / 10^scale`; none for a scale above [`MAX_SCALE`] that zeros do
    /// not fill.
    pub fn from_integer(integer: i128, scale: u8) -> Option<Self> {
        Self::new(integer, scale)
    }
}

impl From<i64> for Decimal {
    fn from(integer: i64) -> Self {
        Self {
            mantissa: i128::from(integer),
            scale: 0,
        }
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        // Whole parts first: bringing both to one scale could overflow.
        let split = |d: &Self| {
            let unit = 10i128.pow(u32::from(d.scale));
            (d.mantissa.div_euclid(unit), d.mantissa.rem_euclid(unit))
        };
        let ((a, a_rest), (b, b_rest)) = (split(self), split(other));
        a.cmp(&b).then_with(|| {
            let scale = self.scale.max(other.scale);
            let align = |rest: i128, d: &Self| rest * 10i128.pow(u32::from(scale - d.scale));
            align(a_rest, self).cmp(&align(b_rest, other))
        })
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

/// All digits, with `.` and no grouping: `-0.5`, `1599`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.mantissa.unsigned_abs().to_string();
        let scale = usize::from(self.scale);
        let sign = if self.mantissa < 0 { "-" } else { "" };
        if scale == 0 {
            return write!(f, "{sign}{digits}");
        }
        let padded = format!("{digits:0>width$}", width = scale + 1);
        let (whole, fraction) = padded.split_at(padded.len() - scale);
        write!(f, "{sign}{whole}.{fraction}")
    }
}

impl fmt::Debug for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    #[test]
    fn reads_plain_decimals_and_nothing_else() {
        assert_eq!(d("1599.00"), d("1599"));
        assert_eq!(d("-0.50").to_string(), "-0.5");
        assert_eq!(d("+7").to_string(), "7");
        assert_eq!(d("0.0000001").scale(), 7);
        for bad in [
            "", "-", ".5", "5.", "1,000", "1e9", "0x1", "1.2.3", " 1", "∞",
        ] {
            assert_eq!(Decimal::parse(bad), None, "{bad}");
        }
        assert_eq!(Decimal::parse(&"9".repeat(60)), None);
        assert_eq!(Decimal::parse(&format!("0.{}1", "0".repeat(40))), None);
    }

    #[test]
    fn rounds_half_away_from_zero() {
        for (number, decimals, rounded) in [
            ("2.5", 0, "3"),
            ("-2.5", 0, "-3"),
            ("2.49", 0, "2"),
            ("1.005", 2, "1.01"),
            ("-1.005", 2, "-1.01"),
            ("0.004", 2, "0"),
            ("99.995", 2, "100"),
        ] {
            assert_eq!(d(number).round(decimals).to_string(), rounded);
        }
    }

    #[test]
    fn a_quotient_keeps_nine_decimals() {
        assert_eq!(d("2").div(d("3")), Some(d("0.666666667")));
        assert_eq!(d("-2").div(d("3")), Some(d("-0.666666667")));
        assert_eq!(d("1599").div(d("24")), Some(d("66.625")));
        assert_eq!(d("1").div(d("0")), None);
    }

    #[test]
    fn too_much_is_none() {
        let huge = Decimal::new(i128::MAX, 0).expect("fits");
        assert_eq!(huge.checked_add(Decimal::ONE), None);
        assert_eq!(huge.checked_mul(d("10")), None);
        assert!(d("0.5") < huge && huge > d("-0.0001"));
    }

    proptest! {
        #[test]
        fn print_and_parse_agree(mantissa: i64, scale in 0u8..20) {
            let number = Decimal::new(i128::from(mantissa), scale).expect("fits");
            prop_assert_eq!(Decimal::parse(&number.to_string()), Some(number));
        }

        #[test]
        fn any_text_reads_without_a_panic(text in ".*") {
            let _ = Decimal::parse(&text);
        }

        #[test]
        fn order_agrees_with_subtraction(a: i64, x in 0u8..12, b: i64, y in 0u8..12) {
            let a = Decimal::new(i128::from(a), x).expect("fits");
            let b = Decimal::new(i128::from(b), y).expect("fits");
            let difference = a.checked_sub(b).expect("fits");
            prop_assert_eq!(a.cmp(&b), difference.cmp(&Decimal::ZERO));
            prop_assert_eq!(difference.checked_add(b), Some(a));
        }
    }
}
