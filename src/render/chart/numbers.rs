//! The numbers of a chart as texts: exact in the table, short at marks and
//! ticks, in one language.

use crate::directive::Chart;
use crate::value::{Decimal, Locale, Quantity, Value, format_number, format_value, money_style};

/// How the numbers of one chart are written.
pub struct Numbers<'a> {
    chart: &'a Chart,
    locale: &'a Locale,
    prefix: String,
    suffix: String,
    /// Digits of a fraction at marks, at least and at most.
    least: u8,
    most: Option<u8>,
    caption: String,
    /// What completes a number at a mark: a symbol, or what a rate is by.
    unit: String,
}

impl<'a> Numbers<'a> {
    pub fn new(chart: &'a Chart, locale: &'a Locale) -> Self {
        let unit = &chart.unit;
        let known: Vec<Decimal> = (chart.series.iter())
            .flat_map(|s| &s.values)
            .filter_map(|v| super::number(v, chart))
            .collect();
        let mut numbers = Self {
            chart,
            locale,
            prefix: String::new(),
            suffix: String::new(),
            least: 0,
            most: chart.decimals.or_else(|| enough_digits(&known)),
            caption: String::new(),
            unit: String::new(),
        };
        let Some(money) = money_style(unit, locale) else {
            match unit.symbol() {
                "" => {}
                "°" => numbers.suffix = "°".to_owned(),
                share @ ("%" | "‰") => {
                    numbers.suffix = format!("{}{share}", locale.percent_space)
                }
                symbol => {
                    numbers.caption = symbol.to_owned();
                    numbers.unit = format!("\u{a0}{symbol}");
                }
            }
            return numbers;
        };
        let rate = unit.rate();
        numbers.prefix = money.prefix;
        numbers.suffix = match money.suffix.strip_suffix(rate.as_str()) {
            Some(sign) => sign.to_owned(),
            None => money.suffix,
        };
        if !rate.is_empty() {
            numbers.caption = unit.symbol().to_owned();
            numbers.unit = rate;
        }
        if unit.is_money() {
            numbers.most = Some(money.minor);
        }
        if known.iter().any(|n| !n.is_integer()) {
            numbers.least = money.minor;
        }
        numbers
    }

    /// The unit, where numbers at marks are bare; else empty.
    pub fn caption(&self) -> &str {
        &self.caption
    }

    /// With its unit and all its digits.
    pub fn full(&self, number: Decimal) -> String {
        let quantity = Quantity::new(number, self.chart.unit.clone());
        format_value(&Value::Number(quantity), self.chart.decimals, self.locale)
    }

    /// At a mark.
    pub fn label(&self, number: Decimal) -> String {
        let vanishes = |most: &u8| number.round(*most).is_zero() && !number.is_zero();
        let most = self.most.filter(|most| !vanishes(most));
        self.write(number, self.least, most)
    }

    /// At a mark that stands far from the axis.
    pub fn with_unit(&self, number: Decimal) -> String {
        self.label(number) + &self.unit
    }

    /// At an axis, with no more digits than it has.
    pub fn tick(&self, number: Decimal) -> String {
        self.write(number, 0, None)
    }

    /// A share of a whole, in thousandths: `12.5%`.
    pub fn percent(&self, thousandths: u32, decimals: u8) -> String {
        let share = Decimal::new(thousandths.into(), 1).unwrap_or_default();
        let digits = format_number(share, decimals, Some(decimals), self.locale);
        format!("{digits}{}%", self.locale.percent_space)
    }

    fn write(&self, number: Decimal, least: u8, most: Option<u8>) -> String {
        let digits = format_number(number, least, most, self.locale);
        let (sign, digits) = match digits.strip_prefix('\u{2212}') {
            Some(digits) => ("\u{2212}", digits),
            None => ("", digits.as_str()),
        };
        format!("{sign}{}{digits}{}", self.prefix, self.suffix)
    }
}

/// Digits behind the point that are enough at marks where nobody declared
/// them: quotients have nine.
fn enough_digits(known: &[Decimal]) -> Option<u8> {
    let longest = known.iter().map(|n| n.scale()).max()?;
    if longest <= 3 {
        return None;
    }
    let largest = known
        .iter()
        .map(|n| n.mantissa().unsigned_abs() / 10u128.pow(n.scale().into()))
        .max()?;
    Some(match largest {
        0 => 3,
        1..100 => 2,
        100..10_000 => 1,
        _ => 0,
    })
}

#[cfg(test)]
mod tests {
    use crate::render::chart::tests::{bars, numbers_of};
    use crate::value::{Decimal, Locale};

    #[test]
    fn short_at_marks_and_whole_in_the_table() {
        for (unit, values, label, full, caption) in [
            ("W", ["450", "80"], "450", "450\u{a0}W", "W"),
            ("USD", ["1599", "20"], "$1,599", "$1,599.00", ""),
            ("USD", ["1599.5", "20"], "$1,599.50", "$1,599.50", ""),
            ("USD/kWh", ["0.219", "1"], "$0.219", "$0.219/kWh", "USD/kWh"),
            ("%", ["80", "20"], "80%", "80%", ""),
            ("", ["66.666666667", "20"], "66.67", "66.666666667", ""),
            ("", ["0.000001", "1.00000001"], "0.000001", "0.000001", ""),
        ] {
            let chart = bars(unit, &values);
            let locale = Locale::new("en");
            let numbers = numbers_of(&chart, &locale);
            let number = Decimal::parse(values[0]).expect("a number");
            assert_eq!(numbers.label(number), label);
            assert_eq!(numbers.full(number), full);
            assert_eq!(numbers.caption(), caption);
        }
    }
}
