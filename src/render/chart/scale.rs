//! From numbers to positions: the ends of an axis and its ticks at 1, 2 or 5
//! times a power of ten.

use crate::value::{Decimal, MAX_SCALE};

/// An axis from its low to its high end.
pub struct Scale {
    low: Decimal,
    span: f64,
    /// Upwards, all within the axis.
    pub ticks: Vec<Decimal>,
}

/// A line that stays above this part of its highest value stands on an axis
/// without zero: otherwise nothing of its course would show.
const ZERO_FROM: f64 = 0.6;

impl Scale {
    /// From zero, or the lowest negative number, to the highest number, with
    /// about `count` ticks; for bars, whose length is the value.
    pub fn of_bars(values: impl Iterator<Item = Decimal>, count: usize) -> Self {
        let (low, high) = ends(values);
        let (low, high) = (low.min(Decimal::ZERO), high.max(Decimal::ZERO));
        let step = Step::near(difference(high, low), count);
        let ticks = step.between(low, high);
        Self::new(low, high, ticks)
    }

    /// From tick to tick around all numbers, with zero where it is near.
    pub fn of_line(values: impl Iterator<Item = Decimal>, count: usize) -> Self {
        let (low, high) = ends(values);
        let (least, most) = (
            float(low).abs().min(float(high).abs()),
            float(low).abs().max(float(high).abs()),
        );
        let across = low.is_negative() != high.is_negative();
        if low != high && !across && least > most * ZERO_FROM {
            let step = Step::near(difference(high, low), count);
            if let (Some(first), Some(last)) = (step.floor(low), step.ceil(high)) {
                return Self::new(first, last, step.between(first, last));
            }
        }
        let (low, high) = (low.min(Decimal::ZERO), high.max(Decimal::ZERO));
        let step = Step::near(difference(high, low), count);
        let first = step.floor(low).unwrap_or(low);
        let last = step.ceil(high).unwrap_or(high);
        Self::new(first, last, step.between(first, last))
    }

    fn new(low: Decimal, high: Decimal, ticks: Vec<Decimal>) -> Self {
        let span = difference(high, low);
        Self {
            low,
            span: if span > 0.0 { span } else { 1.0 },
            ticks,
        }
    }

    /// 0 at the low end, 1 at the high end.
    pub fn position(&self, number: Decimal) -> f64 {
        difference(number, self.low) / self.span
    }
}

/// The lowest and the highest number; zeros if there is none.
pub fn ends(values: impl Iterator<Item = Decimal>) -> (Decimal, Decimal) {
    let ends = values.fold(None, |ends: Option<(Decimal, Decimal)>, n| match ends {
        None => Some((n, n)),
        Some((low, high)) => Some((low.min(n), high.max(n))),
    });
    ends.unwrap_or_default()
}

/// For geometry alone.
pub fn float(number: Decimal) -> f64 {
    number.mantissa() as f64 / 10i128.pow(number.scale().into()) as f64
}

/// `a - b`, reckoned exactly where it fits, so that close numbers stay apart.
fn difference(a: Decimal, b: Decimal) -> f64 {
    a.checked_sub(b).map_or_else(|| float(a) - float(b), float)
}

/// A distance between ticks: `digit * 10^exponent`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Step {
    digit: i128,
    exponent: i32,
}

/// Of the largest power of ten that a decimal holds.
const LARGEST: i32 = 38;

/// More ticks than any axis has.
const MOST_TICKS: usize = 100;

impl Step {
    /// The step that cuts a span into `count` parts at most.
    fn near(span: f64, count: usize) -> Self {
        let raw = span / count.max(1) as f64;
        let mut exponent = -i32::from(MAX_SCALE);
        while exponent < LARGEST - 1 && power(exponent + 1) <= raw {
            exponent += 1;
        }
        for digit in [1, 2, 5] {
            if digit as f64 * power(exponent) >= raw * 0.999_999 {
                return Self { digit, exponent };
            }
        }
        Self {
            digit: 1,
            exponent: exponent + 1,
        }
    }

    /// All multiples from `low` to `high`.
    fn between(self, low: Decimal, high: Decimal) -> Vec<Decimal> {
        let mut ticks = Vec::new();
        let Some(first) = self.floor_count(low) else {
            return ticks;
        };
        for count in (first..).take(MOST_TICKS) {
            match self.times(count) {
                Some(tick) if tick > high => break,
                Some(tick) if tick >= low => ticks.push(tick),
                // Below the axis, or too large for a decimal.
                _ => {}
            }
        }
        ticks
    }

    fn floor(self, number: Decimal) -> Option<Decimal> {
        self.times(self.floor_count(number)?)
    }

    fn ceil(self, number: Decimal) -> Option<Decimal> {
        let floor = self.floor_count(number)?;
        let tick = self.times(floor)?;
        if tick == number {
            Some(tick)
        } else {
            self.times(floor.checked_add(1)?)
        }
    }

    fn times(self, count: i128) -> Option<Decimal> {
        let number = self.digit.checked_mul(count)?;
        match u32::try_from(self.exponent) {
            Ok(exponent) => Decimal::new(number.checked_mul(10i128.checked_pow(exponent)?)?, 0),
            Err(_) => Decimal::new(number, u8::try_from(-self.exponent).ok()?),
        }
    }

    /// How often the step goes into a number, rounded down; exact.
    fn floor_count(self, number: Decimal) -> Option<i128> {
        let shift = self.exponent + i32::from(number.scale());
        let power = 10i128.checked_pow(shift.unsigned_abs());
        if shift <= 0 {
            let number = number.mantissa().checked_mul(power?)?;
            return Some(number.div_euclid(self.digit));
        }
        match power.and_then(|p| p.checked_mul(self.digit)) {
            Some(step) => Some(number.mantissa().div_euclid(step)),
            // The step is larger than any number.
            None => Some(if number.is_negative() { -1 } else { 0 }),
        }
    }
}

/// `10^exponent`, the nearest there is; the same on every machine.
fn power(exponent: i32) -> f64 {
    format!("1e{exponent}")
        .parse()
        .expect("a number in the range of floats")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        Decimal::parse(text).expect(text)
    }

    fn ticks(scale: &Scale) -> String {
        let ticks: Vec<String> = scale.ticks.iter().map(ToString::to_string).collect();
        ticks.join(" ")
    }

    #[test]
    fn bars_stand_on_zero() {
        for (values, count, expected) in [
            (&["3.5", "7.4", "12.4"][..], 5, "0 5 10"),
            (&["450"], 5, "0 100 200 300 400"),
            (&["-20", "35"], 6, "-20 -10 0 10 20 30"),
            (&["-3", "-1"], 3, "-3 -2 -1 0"),
            (&["0"], 5, "0"),
            (&[], 5, "0"),
            (
                &["0.0000000000000000000000000003"],
                3,
                "0 0.0000000000000000000000000001 0.0000000000000000000000000002 0.0000000000000000000000000003",
            ),
        ] {
            let scale = Scale::of_bars(values.iter().map(|v| d(v)), count);
            assert_eq!(ticks(&scale), expected, "{values:?}");
        }
    }

    #[test]
    fn lines_leave_zero_when_it_is_far() {
        for (values, expected) in [
            (&["1", "1.9", "2.7", "3.4"][..], "0 1 2 3 4"),
            (&["1000", "1010"], "1000 1002 1004 1006 1008 1010"),
            (&["7", "7"], "0 2 4 6 8"),
            (&["-7", "-7"], "-8 -6 -4 -2 0"),
            (&["-5", "5"], "-6 -4 -2 0 2 4 6"),
            (
                &["100000000000000000000.1", "100000000000000000000.2"],
                "100000000000000000000.1 100000000000000000000.12 100000000000000000000.14 100000000000000000000.16 100000000000000000000.18 100000000000000000000.2",
            ),
        ] {
            let scale = Scale::of_line(values.iter().map(|v| d(v)), 5);
            assert_eq!(ticks(&scale), expected, "{values:?}");
        }
    }

    #[test]
    fn the_largest_numbers_have_an_axis() {
        let huge = Decimal::new(i128::MAX, 0).expect("fits");
        let low = huge.checked_neg().expect("fits");
        let scale = Scale::of_line([low, huge].into_iter(), 4);
        assert!((scale.position(huge) - 1.0).abs() < 1e-9);
        assert!(scale.position(low).abs() < 1e-9);
        assert!(scale.ticks.contains(&Decimal::ZERO));
    }

    proptest! {
        #[test]
        fn positions_are_within_and_ticks_few(
            values in prop::collection::vec((any::<i128>(), 0u8..=28), 1..6),
            count in 1usize..8,
        ) {
            let values: Vec<Decimal> = values.into_iter().filter_map(|(m, s)| Decimal::new(m, s)).collect();
            for scale in [
                Scale::of_bars(values.iter().copied(), count),
                Scale::of_line(values.iter().copied(), count),
            ] {
                for value in &values {
                    prop_assert!((-1e-9..=1.0 + 1e-9).contains(&scale.position(*value)));
                }
                prop_assert!(scale.ticks.len() <= count + 3);
                prop_assert!(scale.ticks.is_sorted());
            }
        }
    }
}
