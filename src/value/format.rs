//! Showing values in a language: `$1,599.00`, `1.008 GB/s`, `800–2,000 RPM`.

use super::currency::{SIGNS, lookup};
use super::locale::{MoneyPlace, NBSP};
use super::{Date, Decimal, Locale, Operand, Quantity, QuantityRange, Unit, Value};

/// How an amount of money is written, for those who format it elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MoneyStyle {
    /// Before the digits and after a minus sign.
    pub prefix: String,
    /// After the digits.
    pub suffix: String,
    /// Digits of the fraction at least.
    pub minor: u8,
}

/// A value in words and digits. `decimals` bounds the fraction; without it a
/// number shows all its digits. Money always shows its minor units, and no
/// more unless it is a rate.
pub fn format_value(value: &Value, decimals: Option<u8>, locale: &Locale) -> String {
    match value {
        Value::Number(quantity) => format_quantity(quantity, decimals, locale),
        Value::Text(text) => text.to_string(),
        Value::Bool(true) => locale.yes.to_owned(),
        Value::Bool(false) => locale.no.to_owned(),
        Value::Date(date) => format_date(*date, locale),
        Value::Set(set) => join(set.iter()),
        Value::List(list) => join(list.iter()),
        Value::Range(range) => format_range(range, decimals, locale),
    }
}

/// A figure as a table shows it: `—` where there is none, `unknown` where
/// nobody gave it.
pub fn format_operand(operand: &Operand, decimals: Option<u8>, locale: &Locale) -> String {
    match operand {
        Operand::Known(value) => format_value(value, decimals, locale),
        Operand::Unknown(_) => "unknown".to_owned(),
        Operand::None => "—".to_owned(),
    }
}

fn join<'a>(texts: impl Iterator<Item = &'a std::sync::Arc<str>>) -> String {
    let texts: Vec<&str> = texts.map(AsRef::as_ref).collect();
    texts.join(", ")
}

fn format_quantity(quantity: &Quantity, decimals: Option<u8>, locale: &Locale) -> String {
    let (.., most) = style(&quantity.unit, quantity.number, decimals, locale);
    format_digits(quantity, most, locale)
}

/// A quantity with at most `most` digits of a fraction, also where it is money.
pub fn format_digits(quantity: &Quantity, most: Option<u8>, locale: &Locale) -> String {
    let (prefix, suffix, least, _) = style(&quantity.unit, quantity.number, None, locale);
    let digits = format_number(quantity.number, least, most, locale);
    match digits.strip_prefix(MINUS) {
        Some(digits) => format!("{MINUS}{prefix}{digits}{suffix}"),
        None => format!("{prefix}{digits}{suffix}"),
    }
}

fn format_range(range: &QuantityRange, decimals: Option<u8>, locale: &Locale) -> String {
    let (prefix, suffix, least, most) = style(&range.unit, range.high, decimals, locale);
    let low = format_number(range.low, least, most, locale);
    let high = format_number(range.high, least, most, locale);
    // A dash after a dash can't be read.
    let dash = match high.starts_with(MINUS) || low.starts_with(MINUS) {
        true => "\u{a0}…\u{a0}",
        false => "–",
    };
    match suffix.is_empty() {
        true => format!("{prefix}{low}{dash}{prefix}{high}"),
        false => format!("{prefix}{low}{dash}{high}{suffix}"),
    }
}

/// What stands before and after the digits, and how many digits the fraction
/// has at least and at most.
fn style(
    unit: &Unit,
    number: Decimal,
    decimals: Option<u8>,
    locale: &Locale,
) -> (String, String, u8, Option<u8>) {
    if let Some(money) = money_style(unit, locale) {
        let most = match unit.is_money() {
            true => money.minor,
            false => decimals.unwrap_or(number.scale()).max(money.minor),
        };
        return (money.prefix, money.suffix, money.minor, Some(most));
    }
    let suffix = match unit.symbol() {
        "" => String::new(),
        "°" => "°".to_owned(),
        share @ ("%" | "‰") => format!("{}{share}", locale.percent_space),
        symbol => format!("{NBSP}{symbol}"),
    };
    (String::new(), suffix, 0, decimals)
}

/// How a currency or a rate of money (`USD/kWh`) is written; none for other
/// units.
pub fn money_style(unit: &Unit, locale: &Locale) -> Option<MoneyStyle> {
    let (code, minor) = unit.currency()?;
    let rate = unit.rate();
    let sign = sign(code, locale);
    // A word before digits needs a space, a sign doesn't.
    let word = sign.ends_with(|c: char| c.is_alphabetic());
    let (prefix, suffix) = match locale.money {
        MoneyPlace::Before if !word => (sign.to_owned(), rate),
        MoneyPlace::Before | MoneyPlace::BeforeSpaced => (format!("{sign}{NBSP}"), rate),
        MoneyPlace::After => (String::new(), format!("{NBSP}{sign}{rate}")),
    };
    Some(MoneyStyle {
        prefix,
        suffix,
        minor,
    })
}

/// A currency's sign; at home its own (`kr`, `zł`), else the one that the
/// world knows, else its code.
fn sign<'a>(code: &'a str, locale: &Locale) -> &'a str {
    const HOME: &[(&str, &str, &str)] = &[
        ("cs", "CZK", "Kč"),
        ("da", "DKK", "kr."),
        ("en-AU", "AUD", "$"),
        ("en-CA", "CAD", "$"),
        ("en-NZ", "NZD", "$"),
        ("en-ZA", "ZAR", "R"),
        ("es-MX", "MXN", "$"),
        ("hu", "HUF", "Ft"),
        ("ja", "JPY", "￥"),
        ("nb", "NOK", "kr"),
        ("nn", "NOK", "kr"),
        ("no", "NOK", "kr"),
        ("pl", "PLN", "zł"),
        ("sv", "SEK", "kr"),
        ("tr", "TRY", "₺"),
        ("uk", "UAH", "₴"),
        ("zh", "CNY", "¥"),
    ];
    let at_home = |(tag, home, _): &&(&str, &str, &str)| {
        let locale = locale.tag.as_ref();
        let language = locale.split('-').next().unwrap_or_default();
        *home == code && (*tag == locale || *tag == language)
    };
    match HOME.iter().find(at_home) {
        Some((_, _, sign)) => sign,
        None => lookup(SIGNS, code).unwrap_or(code),
    }
}

const MINUS: &str = "\u{2212}";

/// Digits in groups, with a fraction of `least` to `most` digits (rounded half
/// away from zero).
pub fn format_number(number: Decimal, least: u8, most: Option<u8>, locale: &Locale) -> String {
    let number = most.map_or(number, |most| number.round(most));
    let text = number.to_string();
    let (sign, digits) = match text.strip_prefix('-') {
        Some(digits) => (MINUS, digits),
        None => ("", text.as_str()),
    };
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let mut shown = String::from(sign);
    for (i, digit) in whole.chars().enumerate() {
        let left = whole.len() - i;
        if i > 0 && left.is_multiple_of(3) && whole.len() >= locale.group_from {
            shown.push(locale.group);
        }
        shown.push(digit);
    }
    let width = fraction.len().max(usize::from(least));
    if width > 0 {
        shown.push(locale.decimal);
        shown.push_str(&format!("{fraction:0<width$}"));
    }
    shown
}

fn format_date(date: Date, locale: &Locale) -> String {
    let mut shown = String::new();
    for c in locale.date.chars() {
        match c {
            'Y' => shown.push_str(&format!("{:04}", date.year())),
            'M' => shown.push_str(&format!("{:02}", date.month())),
            'D' => shown.push_str(&format!("{:02}", date.day())),
            'm' => shown.push_str(&date.month().to_string()),
            'd' => shown.push_str(&date.day().to_string()),
            other => shown.push(other),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::value::Units;

    fn show(text: &str, decimals: Option<u8>, tag: &str) -> String {
        let quantity = Units::new().parse_quantity(text).expect(text);
        format_value(&Value::Number(quantity), decimals, &Locale::new(tag))
    }

    #[test]
    fn money_follows_the_language() {
        for (tag, shown) in [
            ("en", "$1,599.00"),
            ("de", "1.599,00\u{a0}$"),
            ("fr", "1\u{202f}599,00\u{a0}$"),
            ("nl", "$\u{a0}1.599,00"),
            ("es", "1599,00\u{a0}$"),
            ("ja", "$1,599.00"),
        ] {
            assert_eq!(show("1599 USD", None, tag), shown);
        }
        assert_eq!(show("1599.5 EUR", None, "de"), "1.599,50\u{a0}€");
        assert_eq!(show("-5 USD", None, "en"), "\u{2212}$5.00");
        assert_eq!(show("66.666 USD", Some(4), "en"), "$66.67");
        assert_eq!(show("1500 JPY", None, "en"), "¥1,500");
        assert_eq!(show("20 CHF", None, "en"), "CHF\u{a0}20.00");
        assert_eq!(show("250 SEK", None, "sv"), "250,00\u{a0}kr");
    }

    #[test]
    fn rates_have_more_decimals_than_money() {
        assert_eq!(show("0.219 USD/kWh", None, "en"), "$0.219/kWh");
        assert_eq!(show("0.2 USD/kWh", None, "en"), "$0.20/kWh");
        assert_eq!(show("66.625 USD/GB", Some(2), "en"), "$66.63/GB");
        assert_eq!(show("0.32 EUR/kWh", None, "de"), "0,32\u{a0}€/kWh");
    }

    #[test]
    fn quantities_keep_number_and_unit_together() {
        assert_eq!(show("1008 GB/s", None, "en"), "1,008\u{a0}GB/s");
        assert_eq!(show("24.50 GB", Some(2), "en"), "24.5\u{a0}GB");
        assert_eq!(show("80 %", None, "en"), "80%");
        assert_eq!(show("80 %", None, "de"), "80\u{a0}%");
        assert_eq!(show("-40 °C", None, "en"), "\u{2212}40\u{a0}°C");
        assert_eq!(show("45 °", None, "en"), "45°");
        assert_eq!(show("1234567.891", Some(1), "en"), "1,234,567.9");
    }

    #[test]
    fn other_values() {
        let units = Units::new();
        let en = Locale::new("en");
        let range = |text: &str| {
            let range = units.parse_range(text).expect(text);
            format_value(&Value::Range(range), None, &en)
        };
        assert_eq!(range("800..2000 RPM"), "800–2,000\u{a0}RPM");
        assert_eq!(range("-5..40 °C"), "\u{2212}5\u{a0}…\u{a0}40\u{a0}°C");
        assert_eq!(range("100..150 USD"), "$100.00–$150.00");
        let date = Value::Date(Date::new(2024, 12, 3).expect("exists"));
        assert_eq!(format_value(&date, None, &en), "2024-12-03");
        assert_eq!(format_value(&date, None, &Locale::new("fi")), "3.12.2024");
        assert_eq!(
            format_value(&Value::Bool(false), None, &Locale::new("de")),
            "nein"
        );
        let set = ["b", "a"].map(std::sync::Arc::from).into_iter().collect();
        assert_eq!(
            format_value(&Value::Set(std::sync::Arc::new(set)), None, &en),
            "a, b"
        );
        assert_eq!(format_operand(&Operand::None, None, &en), "—");
    }
}
