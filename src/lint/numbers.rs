//! Numbers in prose: digits with their unit, as people write them.

use std::ops::Range;

use crate::value::{Decimal, Locale, Quantity, Unit, Units};

/// A number of a text.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Written {
    /// With its sign and unit.
    pub range: Range<usize>,
    pub quantity: Quantity,
    /// The word that follows a number without a unit, in lower case.
    pub counted: Option<String>,
}

/// Signs of currencies that stand before a number.
const SIGNS: [(&str, &str); 4] = [("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")];
/// Units that prose spells out, in English.
const WORDS: [(&str, &str); 36] = [
    ("centimeters", "cm"),
    ("centimetres", "cm"),
    ("day", "d"),
    ("days", "d"),
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("gigabyte", "GB"),
    ("gigabytes", "GB"),
    ("gram", "g"),
    ("grams", "g"),
    ("hour", "h"),
    ("hours", "h"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("kilometers", "km"),
    ("kilometres", "km"),
    ("kilowatt", "kW"),
    ("kilowatts", "kW"),
    ("liters", "L"),
    ("litres", "L"),
    ("megabytes", "MB"),
    ("meters", "m"),
    ("metres", "m"),
    ("millimeters", "mm"),
    ("millimetres", "mm"),
    ("minute", "min"),
    ("minutes", "min"),
    ("percent", "%"),
    ("seconds", "s"),
    ("terabyte", "TB"),
    ("terabytes", "TB"),
    ("volts", "V"),
    ("watt", "W"),
    ("watts", "W"),
];

/// Finds the numbers of a text. Ranges, products, versions and numbers that are
/// part of a name are no numbers.
pub(super) fn numbers(text: &str, units: &Units, locale: &Locale) -> Vec<Written> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find(|c: char| c.is_ascii_digit()) {
        let start = at + start;
        let (end, digits) = digits(&text[start..], locale);
        let end = start + end;
        at = end;
        if is_of_a_name(&text[..start]) || is_joined(text, start, end) {
            at = end + name_tail(&text[end..]);
            continue;
        }
        let Some(number) = Decimal::parse(&digits) else {
            continue;
        };
        let (sign, number_start) = sign(&text[..start]);
        let (unit, until) = match sign {
            Some(unit) => match units.parse(unit) {
                Ok(unit) => (Some(unit), end),
                Err(_) => continue,
            },
            None => {
                unit(&text[end..], units).map_or((None, end), |(unit, n)| (Some(unit), end + n))
            }
        };
        if sign.is_none() && unit.is_none() && text[end..].starts_with(char::is_alphabetic) {
            at = end + name_tail(&text[end..]);
            continue;
        }
        let counted = match unit {
            None => word(&text[end..]),
            Some(_) => None,
        };
        found.push(Written {
            range: number_start..until,
            quantity: Quantity::new(number, unit.unwrap_or_else(Unit::one)),
            counted,
        });
        at = until;
    }
    found
}

/// The length of the digits at the start of a text, and the number as the
/// program writes it.
fn digits(text: &str, locale: &Locale) -> (usize, String) {
    let may_be_of_it =
        |c: char| c.is_ascii_digit() || c == locale.group || c == locale.decimal || c == '\u{202f}';
    let end = text.find(|c| !may_be_of_it(c)).unwrap_or(text.len());
    let chars: Vec<(usize, char)> = text[..end].char_indices().collect();
    let digit = |i: usize| chars.get(i).is_some_and(|(_, c)| c.is_ascii_digit());
    let mut number = String::new();
    let mut fraction = false;
    let mut i = 0;
    while let Some(&(_, c)) = chars.get(i) {
        let thousands = c == locale.group || (locale.group == ',' && c == '\u{202f}');
        if c.is_ascii_digit() {
            number.push(c);
        } else if c == locale.decimal && !fraction && digit(i + 1) {
            number.push('.');
            fraction = true;
        } else if !(thousands
            && !fraction
            && digit(i + 1)
            && digit(i + 2)
            && digit(i + 3)
            && !digit(i + 4))
        {
            break;
        }
        i += 1;
    }
    (chars.get(i).map_or(end, |(at, _)| *at), number)
}

/// Whether digits after this text belong to a name or a version: `KX4090`,
/// `DDR5-6000`, `v2.0`, `1.2.3`.
fn is_of_a_name(before: &str) -> bool {
    let mut chars = before.chars().rev();
    match chars.next() {
        Some('.' | '_' | '#' | '/') => true,
        Some('-' | '\u{2011}') => chars.next().is_some_and(char::is_alphanumeric),
        Some(c) => c.is_alphabetic(),
        None => false,
    }
}

/// Whether a number is an end of a range or a factor of a product.
fn is_joined(text: &str, start: usize, end: usize) -> bool {
    const JOINTS: [char; 6] = ['–', '—', '×', '÷', '+', '±'];
    let digit_or = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
    let before = text[..start].trim_end_matches([' ', '\u{a0}', '\u{202f}']);
    let after = &text[end..];
    let trimmed = after.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let first = trimmed.chars().next();
    let spaced_x = |text: &str| {
        text.strip_prefix(['x', 'X'])
            .is_some_and(|rest| digit_or(rest.trim_start().chars().next()))
    };
    let x_before = before
        .strip_suffix(['x', 'X'])
        .is_some_and(|rest| digit_or(rest.trim_end().chars().next_back()));
    before.ends_with(JOINTS)
        || first.is_some_and(|c| JOINTS.contains(&c))
        || (after.starts_with('-') && digit_or(after[1..].chars().next()))
        || spaced_x(trimmed)
        || x_before
        || (after.starts_with('.') && digit_or(after[1..].chars().next()))
        || trimmed
            .strip_prefix("to ")
            .is_some_and(|rest| digit_or(rest.chars().next()))
        || before
            .strip_suffix(" to")
            .is_some_and(|rest| digit_or(rest.chars().next_back()))
}

/// The length of what goes on with a name after its digits.
fn name_tail(text: &str) -> usize {
    let stop = |c: char| !(c.is_alphanumeric() || c == '.' || c == '-' || c == '_');
    text.find(stop).unwrap_or(text.len())
}

/// The currency whose sign stands before a number, and where the whole starts.
fn sign(before: &str) -> (Option<&'static str>, usize) {
    for (sign, code) in SIGNS {
        if let Some(rest) = before.strip_suffix(sign) {
            return (Some(code), rest.len());
        }
    }
    (None, before.len())
}

/// The unit at the start of a text, and how far it reaches.
fn unit(text: &str, units: &Units) -> Option<(Unit, usize)> {
    let rest = text.trim_start_matches([' ', '\u{a0}', '\u{202f}']);
    let rest = match text.len() == rest.len() {
        true => text.strip_prefix('-').unwrap_or(text),
        false => rest,
    };
    let skipped = text.len() - rest.len();
    let stop = |c: char| c.is_whitespace() || ",;:()[]!?\"“”–—|".contains(c);
    let token = rest[..rest.find(stop).unwrap_or(rest.len())].trim_end_matches(['.', '\'', '’']);
    let shorter = token.split(['-', '\u{2011}']).next().unwrap_or(token);
    for token in [token, shorter] {
        if token.is_empty() {
            continue;
        }
        let spelled = WORDS
            .iter()
            .find(|(word, _)| token.eq_ignore_ascii_case(word));
        let name = spelled.map_or(token, |(_, unit)| unit);
        if let Ok(unit) = units.parse(name)
            && !unit.is_one()
        {
            return Some((unit, skipped + token.len()));
        }
    }
    None
}

/// The first word of a text, in lower case.
fn word(text: &str) -> Option<String> {
    let rest = text.trim_start_matches([' ', '\u{a0}', '-']);
    let end = rest
        .find(|c: char| !c.is_alphabetic())
        .unwrap_or(rest.len());
    (end > 0 && rest.len() < text.len()).then(|| rest[..end].to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<String> {
        let locale = Locale::new("en");
        let written = numbers(text, &Units::new(), &locale);
        let show = |w: &Written| {
            let counted = w.counted.as_deref().unwrap_or_default();
            format!(
                "{}|{} {}|{counted}",
                &text[w.range.clone()],
                w.quantity.number,
                w.quantity.unit.symbol()
            )
        };
        written.iter().map(show).collect()
    }

    #[test]
    fn people_write_numbers_in_many_ways() {
        assert_eq!(found("It has 24 GB of it."), ["24 GB|24 GB|"]);
        assert_eq!(
            found("a 450-watt card, a 24-GB one"),
            ["450-watt|450 W|", "24-GB|24 GB|"]
        );
        assert_eq!(
            found("$1,599 or 1,599.50 USD"),
            ["$1,599|1599 USD|", "1,599.50 USD|1599.5 USD|"]
        );
        assert_eq!(
            found("1.01 TB/s, then 80 %"),
            ["1.01 TB/s|1.01 TB/s|", "80 %|80 %|"]
        );
        assert_eq!(found("It has 16 cores."), ["16|16 |cores"]);
        assert_eq!(found("24GB, 300W."), ["24GB|24 GB|", "300W|300 W|"]);
    }

    #[test]
    fn names_versions_ranges_and_products_are_none() {
        for text in [
            "the KX 4090X and KX4090 and i9-149K",
            "DDR5-6000",
            "v2.0 and 1.2.3",
            "800–2000 W",
            "24-48 GB",
            "2 × 24 GB",
            "2x24 GB",
            "24 to 48 GB",
        ] {
            assert_eq!(found(text), Vec::<String>::new(), "{text}");
        }
    }
}
