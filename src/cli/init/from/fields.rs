//! The fields that the facts of several products have, with guessed types.

use std::collections::BTreeSet;

use super::facts::Facts;
use super::{quoted, slug};
use crate::value::{Date, Decimal, Units};

/// A field to be.
#[derive(Clone, Debug)]
pub(super) struct Column {
    pub name: String,
    pub label: String,
    kind: Kind,
    /// Whether its figures are what stands before a remark in brackets.
    bare: bool,
    /// What the author should look at.
    pub doubt: Option<String>,
}

#[derive(Clone, Debug, PartialEq)]
enum Kind {
    Text,
    Integer,
    Number,
    Bool,
    Date,
    Url,
    Quantity(String),
    Range(String),
    Money(String),
}

/// Texts that say that a figure is missing.
const MISSING: [&str; 10] = [
    "n/a", "na", "unknown", "tbd", "tba", "-", "–", "—", "?", "none",
];
const SIGNS: [(&str, &str); 4] = [("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")];
/// Beyond so many characters a text is no column of a table.
const LONG: usize = 40;

/// The fields of a category's products, in the order in which they come up.
/// Units that nothing knows are added to `units`.
pub(super) fn columns(parts: &[&Facts], units: &mut BTreeSet<String>) -> Vec<Column> {
    let mut labels: Vec<&str> = Vec::new();
    for (label, _) in parts.iter().flat_map(|facts| &facts.pairs) {
        if !labels.iter().any(|known| name_of(known) == name_of(label)) {
            labels.push(label);
        }
    }
    let column = |label: &str| {
        let name = name_of(label);
        let values: Vec<&str> = (parts.iter().flat_map(|facts| &facts.pairs))
            .filter(|(key, value)| name_of(key) == name && !is_missing(value))
            .map(|(_, value)| value.as_str())
            .collect();
        let (mut kind, mut doubt) = guess(&values, units);
        let bare_values: Vec<&str> = values.iter().map(|value| bare(value)).collect();
        let mut is_bare = false;
        if kind == Kind::Text && bare_values != values {
            let (bare_kind, bare_doubt) = guess(&bare_values, units);
            if bare_kind != Kind::Text {
                (kind, doubt, is_bare) = (bare_kind, bare_doubt, true);
            }
        }
        Column {
            bare: is_bare,
            name,
            label: label.to_owned(),
            kind,
            doubt,
        }
    };
    labels.into_iter().map(column).collect()
}

impl Column {
    /// The field's line in the category's front matter.
    pub fn declaration(&self) -> String {
        // Nothing is filled into labels.
        let label = quoted(&self.label.replace("{{", "{ {"));
        let (kind, unit) = match &self.kind {
            Kind::Text => ("text", None),
            Kind::Integer => ("integer", None),
            Kind::Number => ("number", None),
            Kind::Bool => ("bool", None),
            Kind::Date => ("date", None),
            Kind::Url => ("url", None),
            Kind::Quantity(unit) => ("quantity", Some(unit)),
            Kind::Range(unit) => ("range", Some(unit)),
            Kind::Money(unit) => ("money", Some(unit)),
        };
        let unit = unit.map_or_else(String::new, |unit| format!(", unit = {}", quoted(unit)));
        format!(
            "{} = {{ type = \"{kind}\"{unit}, label = {label} }}",
            self.name
        )
    }

    /// Whether its values are sentences.
    pub fn is_long(&self) -> bool {
        self.kind == Kind::Url || self.doubt.as_deref() == Some(SENTENCES)
    }

    /// The figure of a product as TOML; none if it has none. The error is a text
    /// that says that there is none.
    pub fn figure(&self, facts: &Facts) -> Result<Option<String>, String> {
        let Some((_, value)) = facts
            .pairs
            .iter()
            .find(|(key, _)| name_of(key) == self.name)
        else {
            return Ok(None);
        };
        if is_missing(value) {
            return Err(value.clone());
        }
        let value = if self.bare { bare(value) } else { value };
        Ok(Some(match &self.kind {
            Kind::Text | Kind::Url => quoted(value),
            Kind::Integer | Kind::Number => number(value).unwrap_or_else(|| quoted(value)),
            Kind::Bool => truth(value).unwrap_or(false).to_string(),
            Kind::Date => value.to_owned(),
            Kind::Quantity(_) => {
                written(value).map_or_else(|| quoted(value), |(n, u)| quoted(&format!("{n} {u}")))
            }
            Kind::Range(_) => range(value).map_or_else(
                || quoted(value),
                |(a, b, u)| quoted(&format!("{a}..{b} {u}")),
            ),
            Kind::Money(_) => {
                money(value).map_or_else(|| quoted(value), |(n, u)| quoted(&format!("{n} {u}")))
            }
        }))
    }
}

impl Column {
    /// The whole value of a product whose figure is only what stands before a
    /// remark.
    pub fn remarked<'a>(&self, facts: &'a Facts) -> Option<&'a str> {
        let (_, value) = (facts.pairs.iter()).find(|(key, _)| name_of(key) == self.name)?;
        (self.bare && bare(value) != value).then_some(value)
    }
}

/// A value without a remark in brackets at its end: `16 kg (with pedals)`.
fn bare(value: &str) -> &str {
    let value = value.trim();
    let open = value.rfind('(').filter(|_| value.ends_with(')'));
    let before = open.map_or(value, |at| value[..at].trim_end());
    if before.is_empty() { value } else { before }
}

const SENTENCES: &str = "holds sentences, and is a text";

/// The type that all values have.
fn guess(values: &[&str], units: &mut BTreeSet<String>) -> (Kind, Option<String>) {
    let all = |is: &dyn Fn(&str) -> bool| !values.is_empty() && values.iter().all(|v| is(v));
    let known = Units::new();
    if is_ambiguous(values) {
        let doubt = "stayed a text, since its commas stand for thousands or for a point";
        return (Kind::Text, Some(doubt.to_owned()));
    }
    if all(&|v| truth(v).is_some()) {
        return (Kind::Bool, None);
    }
    if all(&|v| v.parse::<i64>().is_ok()) {
        return (Kind::Integer, None);
    }
    if all(&|v| number(v).is_some()) {
        return (Kind::Number, None);
    }
    if all(&|v| Date::parse(v).is_some()) {
        return (Kind::Date, None);
    }
    if all(&|v| (v.starts_with("https://") || v.starts_with("http://")) && !v.contains(' ')) {
        return (Kind::Url, None);
    }
    if let Some(unit) = common(values, &|v| money(v).map(|(_, unit)| unit), &|a, b| a == b) {
        let about = values.iter().find(|value| exact(value) != value.trim());
        let doubt = about.map(|value| format!("was taken for exact where it says `{value}`"));
        return (Kind::Money(unit), doubt);
    }
    let alike = |a: &str, b: &str| match (known.parse(a), known.parse(b)) {
        (Ok(a), Ok(b)) => a.is_compatible(&b),
        _ => a == b,
    };
    let mut declare = |unit: String, kind: fn(String) -> Kind| {
        let doubt = known
            .parse(&unit)
            .is_err()
            .then(|| format!("is measured in `{unit}`, which nothing knew"));
        if doubt.is_some() {
            units.insert(unit.clone());
        }
        (kind(unit), doubt)
    };
    if let Some(unit) = common(values, &|v| written(v).map(|(_, unit)| unit), &alike) {
        return declare(unit, Kind::Quantity);
    }
    if let Some(unit) = common(values, &|v| range(v).map(|(_, _, unit)| unit), &alike) {
        return declare(unit, Kind::Range);
    }
    if values.iter().any(|value| value.chars().count() > LONG) {
        return (Kind::Text, Some(SENTENCES.to_owned()));
    }
    let numbers = values
        .iter()
        .filter(|value| value.starts_with(|c: char| c.is_ascii_digit() || "$€£~".contains(c)));
    let doubt = (numbers.count() > 0).then(|| {
        let odd = values
            .iter()
            .find(|v| written(v).is_none() && money(v).is_none() && number(v).is_none());
        let odd = odd.or(values.first()).copied().unwrap_or_default();
        format!("stayed a text, since not all its values are numbers of one unit: `{odd}`")
    });
    (Kind::Text, doubt)
}

/// The unit of the first value, if all values have one like it.
fn common(
    values: &[&str],
    unit: &dyn Fn(&str) -> Option<String>,
    alike: &dyn Fn(&str, &str) -> bool,
) -> Option<String> {
    let first = unit(values.first()?)?;
    let all = values
        .iter()
        .all(|value| unit(value).is_some_and(|unit| alike(&first, &unit)));
    all.then_some(first)
}

pub(super) fn is_missing(value: &str) -> bool {
    MISSING.contains(&value.trim().to_lowercase().as_str())
}

/// What values are that are figures of one kind.
pub(super) enum Measured {
    Money,
    Other,
}

/// Whether all values are figures of one kind, with a unit.
pub(super) fn measured(values: &[&str]) -> Option<Measured> {
    let values: Vec<&str> = values.iter().map(|value| bare(value)).collect();
    match guess(&values, &mut BTreeSet::new()).0 {
        Kind::Money(_) => Some(Measured::Money),
        Kind::Quantity(_) | Kind::Range(_) => Some(Measured::Other),
        _ => None,
    }
}

/// Whether a text is a number with a unit, a range or an amount of money.
pub(super) fn is_figure(value: &str) -> bool {
    let value = bare(value);
    written(value).is_some() || money(value).is_some() || range(value).is_some()
}

/// A label and the unit behind it: `Weight (kg)`, `Price [€]`.
pub(super) fn unit_of_head(head: &str) -> Option<(&str, &str)> {
    let head = head.trim().trim_matches('*');
    let inner = head.strip_suffix([')', ']'])?;
    let (label, unit) = inner.rsplit_once(['(', '['])?;
    let (label, unit) = (label.trim(), unit.trim());
    let is_unit = SIGNS.iter().any(|(sign, _)| *sign == unit) || Units::new().parse(unit).is_ok();
    (!label.is_empty() && !unit.is_empty() && is_unit).then_some((label, unit))
}

/// A number with a unit that stood elsewhere.
pub(super) fn with_unit(value: &str, unit: &str) -> String {
    match SIGNS.iter().any(|(sign, _)| *sign == unit) {
        true => format!("{unit}{value}"),
        false => format!("{value} {unit}"),
    }
}

/// Whether commas stand before three digits in some values and before fewer in
/// others, so that it can't be told what they mean.
fn is_ambiguous(values: &[&str]) -> bool {
    let digits_behind = |value: &&&str| {
        let behind = value.rsplit_once(',')?.1;
        Some(behind.bytes().take_while(u8::is_ascii_digit).count())
    };
    let counts: Vec<usize> = values
        .iter()
        .filter_map(|value| digits_behind(&value))
        .collect();
    counts.contains(&3) && counts.iter().any(|count| (1..3).contains(count))
}

fn truth(value: &str) -> Option<bool> {
    match value.to_lowercase().as_str() {
        "yes" | "true" | "✓" | "✔" | "✅" => Some(true),
        "no" | "false" | "✗" | "✘" | "❌" => Some(false),
        _ => None,
    }
}

/// A number without thousands separators, with a point before its fraction.
fn number(text: &str) -> Option<String> {
    let text = text.trim();
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
    let bare = if grouped {
        text.replace(',', "")
    } else {
        text.to_owned()
    };
    (bare.starts_with(|c: char| c.is_ascii_digit() || c == '-') && Decimal::parse(&bare).is_some())
        .then_some(bare)
}

/// `450 W`, `24GB`: the number and the unit.
fn written(text: &str) -> Option<(String, String)> {
    let text = text.trim();
    let end = text.find(|c: char| !(c.is_ascii_digit() || matches!(c, '.' | ',' | '-')))?;
    let (number_text, unit) = text.split_at(end);
    let unit = unit.trim();
    let fits = !unit.is_empty()
        && unit.chars().count() <= 8
        && unit
            .chars()
            .all(|c| c.is_alphabetic() || "/°µ²³%".contains(c))
        && unit.starts_with(|c: char| c.is_alphabetic() || "°%".contains(c));
    if !fits {
        return None;
    }
    // A word that is no unit counts things: `12 gears`.
    let is_word = unit.chars().count() > 4 && unit.chars().all(char::is_lowercase);
    if is_word && Units::new().parse(unit).is_err() {
        return None;
    }
    Some((number(number_text)?, unit.to_owned()))
}

/// `800–2000 RPM`: both ends and the unit.
fn range(text: &str) -> Option<(String, String, String)> {
    let (low, rest) = text
        .split_once(['–', '—'])
        .or_else(|| text.split_once(" to "))
        .or_else(|| text.split_once('-'))?;
    let (high, unit) = written(rest)?;
    let low =
        number(low.trim()).or_else(|| written(low).filter(|(_, u)| *u == unit).map(|(n, _)| n))?;
    Some((low, high, unit))
}

/// Words before a price that is not exact.
const FROM: [&str; 8] = ["from ", "about ", "around ", "ab ", "ca. ", "c. ", "~", "≈"];

/// `$1,599`, `1599 USD`, `14,90 €`, `from €300`: the amount and the currency's
/// code.
fn money(text: &str) -> Option<(String, String)> {
    let text = exact(text).trim_start_matches("US");
    for (sign, code) in SIGNS {
        if let Some(rest) = text.strip_prefix(sign).or_else(|| text.strip_suffix(sign)) {
            return Some((amount(rest)?, code.to_owned()));
        }
    }
    let end = text.rfind(|c: char| c.is_ascii_digit() || c == '-')? + 1;
    let unit = text[end..].trim();
    let parsed = Units::new().parse(unit).ok()?;
    (parsed.is_money()).then_some((amount(&text[..end])?, unit.to_owned()))
}

/// A price without the word before it.
fn exact(text: &str) -> &str {
    let text = text.trim();
    let is_head = |word: &&&str| {
        let head = text.get(..word.len());
        head.is_some_and(|head| head.eq_ignore_ascii_case(word))
    };
    let word = FROM.iter().find(is_head);
    word.map_or(text, |word| text[word.len()..].trim())
}

/// An amount of money: three digits behind a point are thousands, and `-`
/// stands for no cents.
fn amount(text: &str) -> Option<String> {
    let text = text.trim();
    let text = text
        .strip_suffix(",-")
        .or_else(|| text.strip_suffix(".-"))
        .unwrap_or(text);
    match text.rsplit_once('.') {
        Some((whole, last)) if last.len() == 3 && !text.contains(',') => {
            number(&format!("{}{last}", whole.replace('.', "")))
        }
        _ => number(text),
    }
}

/// A label as a field's name.
fn name_of(label: &str) -> String {
    let name = slug(label).replace('-', "_");
    let name = match name.chars().next() {
        Some('a'..='z') => name,
        _ => format!("field_{name}"),
    };
    match crate::catalog::is_taken_field(&name) {
        true => format!("{name}_"),
        false => name,
    }
}
