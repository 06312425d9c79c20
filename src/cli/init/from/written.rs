//! Values as people write them: `~460 W`, `$1,599`, `−10 to 40 °C`, `2 weeks`.
//! A text in, its number as TOML and units hold it out.

use std::borrow::Cow;

use crate::value::{Decimal, Quantity, Units};

/// Texts that say that a figure is missing.
const MISSING: [&str; 12] = [
    "n/a", "na", "n.a.", "unknown", "tbd", "tba", "-", "–", "—", "\u{2212}", "?", "none",
];
const SIGNS: [(&str, &str); 4] = [("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")];

/// Words before a figure that is not exact.
const ABOUT: [&str; 14] = [
    "from ", "about ", "around ", "approx. ", "approx ", "circa ", "roughly ", "ab ", "etwa ",
    "ca. ", "ca ", "c. ", "~", "≈",
];

/// Units as they are written out, and their symbols.
const SPELLINGS: [(&str, &str); 44] = [
    ("dollar", "USD"),
    ("dollars", "USD"),
    ("euro", "EUR"),
    ("euros", "EUR"),
    ("feet", "ft"),
    ("foot", "ft"),
    ("gram", "g"),
    ("grams", "g"),
    ("hour", "h"),
    ("hours", "h"),
    ("hrs", "h"),
    ("in", "inch"),
    ("inches", "inch"),
    ("\"", "inch"),
    ("kgs", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("litre", "L"),
    ("litres", "L"),
    ("liter", "L"),
    ("liters", "L"),
    ("lumen", "lm"),
    ("lumens", "lm"),
    ("meter", "m"),
    ("meters", "m"),
    ("metre", "m"),
    ("metres", "m"),
    ("minute", "min"),
    ("minutes", "min"),
    ("mins", "min"),
    ("ounce", "oz"),
    ("ounces", "oz"),
    ("percent", "%"),
    ("pound", "lb"),
    ("pounds", "lb"),
    ("second", "s"),
    ("seconds", "s"),
    ("secs", "s"),
    ("stunden", "h"),
    ("tage", "d"),
    ("volt", "V"),
    ("watt", "W"),
    ("watts", "W"),
    ("wochen", "week"),
];

pub(super) fn is_missing(value: &str) -> bool {
    MISSING.contains(&value.trim().to_lowercase().as_str())
}

/// Whether a text is a number with a unit, a range or an amount of money.
pub(super) fn is_figure(value: &str) -> bool {
    let value = bare(value);
    written(value).is_some() || money(value).is_some() || range(value).is_some()
}

/// Whether a text is a figure without a unit: a number, yes or no.
pub(super) fn is_plain(value: &str) -> bool {
    let value = bare(value);
    number(value).is_some() || truth(value).is_some()
}

/// A value without a remark in brackets at its end: `16 kg (with pedals)`.
pub(super) fn bare(value: &str) -> &str {
    let value = value.trim();
    let open = value.rfind('(').filter(|_| value.ends_with(')'));
    let before = open.map_or(value, |at| value[..at].trim_end());
    if before.is_empty() { value } else { before }
}

/// A figure without the word or the sign that says that it is not exact.
pub(super) fn exact(text: &str) -> &str {
    let text = text.trim();
    let is_head = |word: &&&str| {
        let head = text.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let word = ABOUT.iter().find(is_head);
    let text = word.map_or(text, |word| text[word.len()..].trim());
    let least = text.strip_suffix('+');
    let is_number = |text: &&str| text.ends_with(|c: char| c.is_ascii_digit());
    least.filter(is_number).unwrap_or(text)
}

pub(super) fn truth(value: &str) -> Option<bool> {
    match value.to_lowercase().as_str() {
        "yes" | "true" | "ja" | "✓" | "✔" | "✔\u{fe0f}" | "✅" => Some(true),
        "no" | "false" | "nein" | "✗" | "✘" | "❌" | "✖\u{fe0f}" => Some(false),
        _ => None,
    }
}

/// A number without thousands separators, with a point before its fraction.
pub(super) fn number(text: &str) -> Option<String> {
    let text = grouped(exact(text));
    if let Some((whole, fraction)) = text.rsplit_once(',')
        && (1..=2).contains(&fraction.len())
        && !whole.contains(',')
    {
        let whole = whole.replace('.', "");
        return number(&format!("{whole}.{fraction}"));
    }
    let groups: Vec<&str> = text.split(',').collect();
    let grouped = groups.len() > 1
        && (1..=3).contains(&groups[0].trim_start_matches('-').len())
        && groups[1..]
            .iter()
            .all(|group| group.split('.').next().is_some_and(|g| g.len() == 3));
    let bare = match grouped {
        true => text.replace(',', ""),
        false => text.into_owned(),
    };
    (bare.starts_with(|c: char| c.is_ascii_digit() || c == '-') && Decimal::parse(&bare).is_some())
        .then_some(bare)
}

/// A number with a hyphen for each minus, and without spaces and apostrophes
/// between its thousands.
fn grouped(text: &str) -> Cow<'_, str> {
    const SPACES: [char; 6] = [' ', '\u{a0}', '\u{2009}', '\u{202f}', '\'', '’'];
    if !text.contains(SPACES) && !text.contains('\u{2212}') {
        return Cow::Borrowed(text);
    }
    let text = text.replace('\u{2212}', "-");
    let mut groups = text.split(SPACES).skip(1).peekable();
    let is_grouped = groups.all(|group| {
        let whole = group.split(['.', ',']).next().unwrap_or_default();
        whole.len() == 3 && whole.bytes().all(|b| b.is_ascii_digit())
    });
    match is_grouped {
        true => Cow::Owned(text.replace(SPACES, "")),
        false => Cow::Owned(text),
    }
}

/// `450 W`, `24GB`, `~2 weeks`: the number and the unit's symbol.
pub(super) fn written(text: &str) -> Option<(String, String)> {
    let text = exact(text);
    let in_number =
        |c: char| c.is_ascii_digit() || ".,-\u{2212} \u{a0}\u{2009}\u{202f}'’".contains(c);
    let end = text.find(|c: char| !in_number(c))?;
    let (number_text, unit) = text.split_at(end);
    let unit = unit.trim();
    let fits = !unit.is_empty()
        && unit.chars().count() <= 9
        && unit
            .chars()
            .all(|c| c.is_alphabetic() || "/°µ²³%\"″".contains(c))
        && unit.starts_with(|c: char| c.is_alphabetic() || "°%\"″".contains(c));
    if !fits {
        return None;
    }
    let unit = symbol(unit);
    // A word that is no unit counts things: `12 gears`.
    let is_word = unit.chars().count() > 4 && unit.chars().all(char::is_lowercase);
    if is_word && Units::new().parse(unit).is_err() {
        return None;
    }
    Some((number(number_text.trim())?, unit.to_owned()))
}

/// The symbol of a unit that is written out.
fn symbol(unit: &str) -> &str {
    let lower = unit.to_lowercase();
    let known = SPELLINGS.iter().find(|(name, _)| *name == lower);
    known.map_or(unit, |(_, symbol)| symbol)
}

/// `800–2000 RPM`: both ends and the unit.
pub(super) fn range(text: &str) -> Option<(String, String, String)> {
    let text = exact(text);
    // A hyphen at the start is a minus.
    let hyphen = || {
        let at = text.get(1..)?.find('-')? + 1;
        Some((&text[..at], &text[at + 1..]))
    };
    let (low, rest) = text
        .split_once(['–', '—', '…'])
        .or_else(|| text.split_once(" to "))
        .or_else(|| text.split_once(" bis "))
        .or_else(hyphen)?;
    let (high, unit) = written(rest)?;
    let low =
        number(low.trim()).or_else(|| written(low).filter(|(_, u)| *u == unit).map(|(n, _)| n))?;
    Some((low, high, unit))
}

/// `$1,599`, `1599 USD`, `EUR 14,90`, `14,90 €`, `from €300`: the amount and
/// the currency's code.
pub(super) fn money(text: &str) -> Option<(String, String)> {
    let text = exact(text).trim_start_matches("US");
    for (sign, code) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return Some((amount(rest)?, code.to_owned()));
        }
    }
    let currency = |unit: &str| {
        let unit = symbol(unit.trim());
        let parsed = Units::new().parse(unit).ok()?;
        parsed.is_money().then(|| unit.to_owned())
    };
    let start = text.find(|c: char| c.is_ascii_digit())?;
    if let Some(code) = currency(&text[..start]) {
        return Some((amount(&text[start..])?, code));
    }
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '-')? + 1;
    Some((amount(&text[..end])?, currency(&text[end..])?))
}

/// An amount of money: three digits behind a point are thousands, and `-`
/// stands for no cents.
fn amount(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text
        .strip_suffix(",-")
        .or_else(|| text.strip_suffix(".-"))
        .or_else(|| text.strip_suffix(".–"))
        .unwrap_or(text);
    match text.rsplit_once('.') {
        Some((whole, last)) if last.len() == 3 && !text.contains(',') => {
            number(&format!("{}{last}", whole.replace('.', "")))
        }
        _ => number(text),
    }
}

/// A label and the unit behind it: `Weight (kg)`, `Price [€]`, `Depth in mm`.
pub(super) fn unit_of_head(head: &str) -> Option<(&str, &str)> {
    let head = head.trim().trim_matches('*');
    let (label, unit) = match head.strip_suffix([')', ']']) {
        Some(inner) => inner.rsplit_once(['(', '['])?,
        None => head
            .rsplit_once(", ")
            .or_else(|| head.rsplit_once(" in "))?,
    };
    let (label, unit) = (label.trim(), unit.trim());
    let is_unit =
        SIGNS.iter().any(|(sign, _)| *sign == unit) || Units::new().parse(symbol(unit)).is_ok();
    (!label.is_empty() && !unit.is_empty() && is_unit).then_some((label, unit))
}

/// A number with a unit that stood elsewhere.
pub(super) fn with_unit(value: &str, unit: &str) -> String {
    match SIGNS.iter().any(|(sign, _)| *sign == unit) {
        true => format!("{unit}{}", exact(value)),
        false => format!("{value} {unit}"),
    }
}

/// The numbers of a value and their unit.
pub(super) struct Measure {
    pub numbers: Vec<String>,
    pub unit: String,
}

/// The unit, of those that values have, in which all of them are exact: two
/// minutes are 120 seconds, and 40 seconds no number of minutes.
pub(super) fn unit_of_all(values: &[Measure]) -> Option<String> {
    let units = Units::new();
    let fits = |symbol: &str| {
        let Ok(to) = units.parse(symbol) else {
            // One that nothing knows is like itself alone.
            return values.iter().all(|value| value.unit == symbol);
        };
        values.iter().all(|value| {
            let from = units.parse(&value.unit).ok();
            let from = from.filter(|from| from.is_compatible(&to));
            from.is_some_and(|from| {
                let numbers = value.numbers.iter();
                let mut numbers = numbers.filter_map(|number| Decimal::parse(number));
                numbers.all(|number| Quantity::new(number, from.clone()).convert(&to).is_ok())
            })
        })
    };
    let mut symbols: Vec<&String> = values.iter().map(|value| &value.unit).collect();
    symbols.dedup();
    symbols.into_iter().find(|symbol| fits(symbol)).cloned()
}

/// Whether units measure the same.
pub(super) fn are_alike<'a>(mut symbols: impl Iterator<Item = &'a str>) -> bool {
    let units = Units::new();
    let first = symbols.next().and_then(|symbol| units.parse(symbol).ok());
    let Some(first) = first else {
        return false;
    };
    symbols.all(|symbol| {
        units
            .parse(symbol)
            .is_ok_and(|unit| unit.is_compatible(&first))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn figures_are_read_as_people_write_them() {
        let shown = |text: &str| match (money(text), written(text)) {
            (Some((amount, code)), _) => format!("{amount} {code}"),
            (None, Some((number, unit))) => format!("{number} {unit}"),
            (None, None) => number(text).unwrap_or_default(),
        };
        for (text, expected) in [
            ("~460", "460"),
            ("ca. 460 W", "460 W"),
            ("\u{2212}20 °C", "-20 °C"),
            ("EUR 99", "99 EUR"),
            ("$250+", "250 USD"),
            ("CHF 1'299.50", "1299.50 CHF"),
            ("1 299,00 €", "1299.00 EUR"),
            ("$1,599", "1599 USD"),
            ("12 euros", "12 EUR"),
            ("2 weeks", "2 weeks"),
            ("3 hours", "3 h"),
            ("15.6\"", "15.6 inch"),
            ("40s", "40 s"),
            ("12 gears", ""),
            ("3 x 4", ""),
            ("2 stroke engine", ""),
            ("A4", ""),
        ] {
            assert_eq!(shown(text), expected, "{text}");
        }
        assert_eq!(
            range("\u{2212}10 to 40 °C"),
            Some(("-10".into(), "40".into(), "°C".into()))
        );
        assert_eq!(
            range("-10-40 °C"),
            Some(("-10".into(), "40".into(), "°C".into()))
        );
        assert_eq!(unit_of_head("Depth in mm"), Some(("Depth", "mm")));
        assert_eq!(unit_of_head("Made in Spain"), None);
    }

    #[test]
    fn the_unit_of_a_column_makes_all_its_figures_exact() {
        let unit = |texts: &[&str]| {
            let values: Option<Vec<_>> = texts.iter().map(|text| written(text)).collect();
            let values = values.expect("figures").into_iter();
            let measure = |(number, unit)| Measure {
                numbers: vec![number],
                unit,
            };
            unit_of_all(&values.map(measure).collect::<Vec<_>>())
        };
        assert_eq!(unit(&["3 min", "40 s"]).as_deref(), Some("s"));
        assert_eq!(unit(&["2 weeks", "3 days"]).as_deref(), Some("days"));
        assert_eq!(unit(&["1 kg", "900 g"]).as_deref(), Some("kg"));
        assert_eq!(unit(&["1 kg", "2 W"]), None);
        assert_eq!(unit(&["2 MP", "3 MP"]).as_deref(), Some("MP"));
    }
}
