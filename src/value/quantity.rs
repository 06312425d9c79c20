//! Figures with units: reading, converting and comparing them.

use std::cmp::Ordering;
use std::fmt;

use super::units::is_unit_letter;
use super::{Decimal, Ratio, Unit, UnitError, Units};

/// A number in a unit; the unit of plain numbers is [`Unit::one`].
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Quantity {
    pub number: Decimal,
    pub unit: Unit,
}

/// All figures between two, both included, in one unit: `800..2000 RPM`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct QuantityRange {
    pub low: Decimal,
    pub high: Decimal,
    pub unit: Unit,
}

/// Why a quantity is not converted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ConvertError {
    /// The units measure different things.
    Dimension,
    /// The result has digits without end, or more than fit.
    Inexact,
}

impl Quantity {
    pub fn new(number: Decimal, unit: Unit) -> Self {
        Self { number, unit }
    }

    /// A plain number.
    pub fn plain(number: Decimal) -> Self {
        Self::new(number, Unit::one())
    }

    /// The same quantity in another unit, exactly or not at all.
    pub fn convert(&self, to: &Unit) -> Result<Quantity, ConvertError> {
        if !self.unit.is_compatible(to) {
            return Err(ConvertError::Dimension);
        }
        let number = convert(self.number.into(), &self.unit, to).and_then(Ratio::to_decimal);
        let number = number.ok_or(ConvertError::Inexact)?;
        Ok(Quantity::new(number, to.clone()))
    }

    /// The same quantity in another unit, rounded to `decimals` digits.
    pub fn convert_rounded(&self, to: &Unit, decimals: u8) -> Result<Quantity, ConvertError> {
        if !self.unit.is_compatible(to) {
            return Err(ConvertError::Dimension);
        }
        let number = convert(self.number.into(), &self.unit, to);
        let number = number.and_then(|number| number.round(decimals));
        let number = number.ok_or(ConvertError::Inexact)?;
        Ok(Quantity::new(number, to.clone()))
    }

    /// Compares what is measured, whatever the prefix: `900 GB` is less than
    /// `1.2 TB`. None for units that measure different things.
    pub fn compare(&self, other: &Quantity) -> Option<Ordering> {
        if self.unit == other.unit {
            return Some(self.number.cmp(&other.number));
        }
        if !self.unit.is_compatible(&other.unit) {
            return None;
        }
        let moved = convert(other.number.into(), &other.unit, &self.unit)?;
        Some(Ratio::from(self.number).cmp(&moved))
    }
}

/// A figure in `from` as a figure in `to`, which measures the same; none where
/// it does not fit.
pub fn convert(number: Ratio, from: &Unit, to: &Unit) -> Option<Ratio> {
    if from == to {
        return Some(number);
    }
    let scale = from.factor().checked_div(to.factor())?;
    let shift = from.offset().checked_sub(to.offset())?;
    let moved = number.checked_mul(scale)?;
    if shift.is_zero() {
        return Some(moved);
    }
    moved.checked_add(shift.checked_div(to.factor())?)
}

impl QuantityRange {
    /// The lower end.
    pub fn lower(&self) -> Quantity {
        Quantity::new(self.low, self.unit.clone())
    }

    /// The upper end.
    pub fn upper(&self) -> Quantity {
        Quantity::new(self.high, self.unit.clone())
    }

    /// The same range in another unit, exactly or not at all.
    pub fn convert(&self, to: &Unit) -> Result<QuantityRange, ConvertError> {
        Ok(QuantityRange {
            low: self.lower().convert(to)?.number,
            high: self.upper().convert(to)?.number,
            unit: to.clone(),
        })
    }
}

/// `24 GB`: as it is read.
impl fmt::Display for Quantity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.number)?;
        if self.unit.is_one() {
            return Ok(());
        }
        write!(f, " {}", self.unit)
    }
}

/// `800..2000 RPM`: as it is read.
impl fmt::Display for QuantityRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.low, self.upper())
    }
}

/// Splits a text into its number and what follows.
pub(crate) fn split_number(text: &str) -> (&str, &str) {
    let sign = text.starts_with(['-', '+', '\u{2212}']);
    let start = text
        .chars()
        .next()
        .filter(|_| sign)
        .map_or(0, char::len_utf8);
    let mut end = start;
    let mut point = false;
    let bytes = text.as_bytes();
    while let Some(byte) = bytes.get(end) {
        let digit_next = bytes.get(end + 1).is_some_and(u8::is_ascii_digit);
        match byte {
            b'0'..=b'9' => {}
            b'.' if !point && end > start && digit_next => point = true,
            _ => break,
        }
        end += 1;
    }
    text.split_at(end)
}

pub(super) fn parse(units: &Units, text: &str) -> Result<Quantity, UnitError> {
    let text = text.trim();
    let (digits, rest) = split_number(text);
    if digits.is_empty() || !digits.ends_with(|c: char| c.is_ascii_digit()) {
        return Err(no_number(text));
    }
    let Some(number) = Decimal::parse(digits) else {
        return Err(UnitError::new(format!("`{digits}` has too many digits")));
    };
    let unit = rest.trim_start();
    if !unit.is_empty() && !unit.starts_with(|c: char| is_unit_letter(c) || "1$€£¥\"".contains(c))
    {
        return Err(no_number(text));
    }
    Ok(Quantity::new(number, units.parse(unit)?))
}

fn no_number(text: &str) -> UnitError {
    let mut error = UnitError::new(format!("`{text}` is no number with a unit"));
    let grouped = text.contains(',');
    error.help = Some(match text.chars().next() {
        Some('$' | '€' | '£' | '¥') => {
            "write money with its ISO code, as in `1599 USD`".to_owned()
        }
        _ if grouped => "write `1599.5`: no commas, a point before the fraction".to_owned(),
        _ => "write a number, a space and a unit, as in `2.5 kg`".to_owned(),
    });
    error
}

impl Units {
    /// Reads `800..2000 RPM` or `0.8 m..120 cm`; ends in the unit of the upper
    /// one.
    pub fn parse_range(&self, text: &str) -> Result<QuantityRange, UnitError> {
        let text = text.trim();
        let Some((low, high)) = text.split_once("..") else {
            let mut error = UnitError::new(format!("`{text}` is no range"));
            error.help = Some("write both ends with `..` between, as in `800..2000 RPM`".into());
            return Err(error);
        };
        let high = self.parse_quantity(high)?;
        let mut low = self.parse_quantity(low)?;
        if low.unit.is_one() {
            low.unit = high.unit.clone();
        }
        let low = low
            .convert(&high.unit)
            .map_err(|_| UnitError::new(format!("`{low}` and `{high}` don't measure the same")))?;
        if low.number > high.number {
            return Err(UnitError::new(format!("`{text}` runs downwards")));
        }
        Ok(QuantityRange {
            low: low.number,
            high: high.number,
            unit: high.unit,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn q(text: &str) -> Quantity {
        Units::new().parse_quantity(text).expect(text)
    }

    fn unit(text: &str) -> Unit {
        Units::new().parse(text).expect(text)
    }

    #[test]
    fn reads_numbers_with_units() {
        for (text, read) in [
            ("24 GB", "24 GB"),
            ("450W", "450 W"),
            ("-5 °C", "-5 °C"),
            ("80 %", "80 %"),
            ("12", "12"),
            ("0.219 USD/kWh", "0.219 USD/kWh"),
            ("10 us", "10 µs"),
            ("3 m^2", "3 m²"),
            ("2 1/min", "2 1/min"),
            ("1.5 W/(m²*K)", "1.5 W/(m²·K)"),
        ] {
            assert_eq!(q(text).to_string(), read);
        }
        for bad in [
            "GB",
            "",
            "1,599 USD",
            "$5",
            "5 $",
            "5 qux",
            "5 GB GB",
            "5 GB/",
            "5 (m)",
            "1e5 m",
            "5 ^",
        ] {
            assert!(Units::new().parse_quantity(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn converts_exactly_or_not_at_all() {
        let text = |from: &str, to: &str| q(from).convert(&unit(to)).map(|q| q.to_string());
        assert_eq!(text("1.2 TB", "GB"), Ok("1200 GB".into()));
        assert_eq!(text("1 GiB", "B"), Ok("1073741824 B".into()));
        assert_eq!(text("12 inch", "mm"), Ok("304.8 mm".into()));
        assert_eq!(text("72.5 °F", "°C"), Ok("22.5 °C".into()));
        assert_eq!(text("70 °F", "°C"), Err(ConvertError::Inexact));
        assert_eq!(text("5 min", "h"), Err(ConvertError::Inexact));
        assert_eq!(text("450 GB", "W"), Err(ConvertError::Dimension));
        assert_eq!(text("20 °C", "K"), Err(ConvertError::Dimension));
        assert_eq!(text("800 RPM", "Hz"), Err(ConvertError::Dimension));
        assert_eq!(text("5 USD", "EUR"), Err(ConvertError::Dimension));
        let rounded = q("70 °F")
            .convert_rounded(&unit("°C"), 1)
            .expect("temperature");
        assert_eq!(rounded.to_string(), "21.1 °C");
    }

    #[test]
    fn sorts_across_prefixes() {
        assert_eq!(q("900 GB").compare(&q("1.2 TB")), Some(Ordering::Less));
        assert_eq!(q("1 h").compare(&q("60 min")), Some(Ordering::Equal));
        assert_eq!(q("1 W").compare(&q("1 Wh")), None);
    }

    #[test]
    fn reads_ranges() {
        let range = |text| Units::new().parse_range(text).map(|r| r.to_string());
        assert_eq!(range("800..2000 RPM"), Ok("800..2000 RPM".into()));
        assert_eq!(range("0.8 m..120 cm"), Ok("80..120 cm".into()));
        assert_eq!(range("-5..5 °C"), Ok("-5..5 °C".into()));
        for bad in ["800", "5..3 m", "1 W..2 m", "..", "1.. m"] {
            assert!(range(bad).is_err(), "{bad}");
        }
    }

    proptest! {
        #[test]
        fn there_and_back_is_exact_or_refused(
            mantissa in -1_000_000_000i64..1_000_000_000,
            scale in 0u8..6,
            pair in prop::sample::select(vec![
                ("GB", "TiB"), ("mm", "inch"), ("h", "min"), ("°C", "°F"), ("kWh", "J"), ("GB/s", "Mbit/h"),
            ]),
        ) {
            let number = Decimal::new(mantissa.into(), scale).expect("fits");
            let (from, to) = (unit(pair.0), unit(pair.1));
            let start = Quantity::new(number, from.clone());
            if let Ok(there) = start.convert(&to) {
                prop_assert_eq!(there.convert(&from), Ok(start));
            }
        }

        #[test]
        fn printed_quantities_read_back(mantissa: i32, scale in 0u8..6, symbol in prop::sample::select(vec![
            "GB/s", "", "%", "°C", "USD/kWh", "m²", "W·h", "1/min", "W/(m²·K)", "µs", "Ω",
        ])) {
            let start = Quantity::new(Decimal::new(mantissa.into(), scale).expect("fits"), unit(symbol));
            prop_assert_eq!(q(&start.to_string()), start);
        }

        #[test]
        fn any_text_reads_without_a_panic(text in ".{0,40}", tail in "[-+0-9.%/()^²·*a-zA-Z$ ]{0,20}") {
            let units = Units::new();
            let _ = (units.parse(&text), units.parse(&tail), units.parse_range(&tail));
            let _ = (units.parse_quantity(&text), units.parse_quantity(&tail));
        }
    }
}
