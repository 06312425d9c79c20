//! Help that speaks of the author's own fields: how a value of a field is
//! written, and which field a wrong name may mean.

use super::names::COMPONENT_KEYS;
use super::schema::{Category, Field, FieldKind};
use crate::diag::{help_nearest, meant, nearest};
use crate::value::{Unit, Units};

/// What a field holds and how that is written, after "must be" or "give".
pub fn wanted(field: &Field) -> String {
    let example = example(field);
    match field.kind {
        FieldKind::Quantity | FieldKind::Money => {
            let unit = field.unit.as_ref().map(Unit::describe).unwrap_or_default();
            format!("a number {unit} in quotes, such as `{example}`")
        }
        FieldKind::Range => format!("two bounds and a unit, such as `{example}`"),
        FieldKind::Choice => format!("one of {}", options(field, "`", "`, `")),
        FieldKind::Set => format!("a list of options, such as `{example}`"),
        kind => kind.example().to_owned(),
    }
}

/// A value as it stands in front matter.
fn example(field: &Field) -> String {
    let unit = field.unit.as_ref().map_or("", |unit| unit.symbol());
    match field.kind {
        FieldKind::Range => format!("\"10..20 {unit}\""),
        FieldKind::Set => format!("[{}]", options(field, "\"", "\", \"")),
        _ => format!("\"10 {unit}\""),
    }
}

/// How many options a help line lists.
const MOST_OPTIONS: usize = 8;

fn options(field: &Field, quote: &str, between: &str) -> String {
    let options = field.options().unwrap_or_default();
    let shown: Vec<&str> = (options.iter().take(MOST_OPTIONS))
        .map(AsRef::as_ref)
        .collect();
    format!("{quote}{}{quote}", shown.join(between))
}

/// What a text that is no quantity of the field was likely meant to be:
/// `14,90 €` is `14.90 EUR`.
pub fn repaired(field: &Field, text: &str, units: &Units) -> Option<String> {
    let unit = field.unit.as_ref()?;
    let starts = |c: char| c.is_ascii_digit();
    let start = text.find(starts)?;
    let end = text.rfind(starts)? + 1;
    let number = plain_number(&text[start..end])?;
    let signs = [("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")];
    let sign = signs.iter().find(|(sign, _)| text.contains(sign));
    let given = match sign {
        Some((_, code)) => (*code).to_owned(),
        None => text[end..].trim().to_owned(),
    };
    let fits = units.parse(&given).is_ok_and(|found| {
        !found.is_one() && (found.is_compatible(unit) || found.is_money() && unit.is_money())
    });
    let symbol = if fits { given.as_str() } else { unit.symbol() };
    Some(format!("\"{number} {symbol}\""))
}

/// `1.234,50`, `1,234.50` and `1 234,50` as `1234.50`; none for what is more
/// than one number.
pub fn plain_number(text: &str) -> Option<String> {
    let is_part = |c: char| c.is_ascii_digit() || ".,' \u{a0}\u{202f}".contains(c);
    if !text.chars().all(is_part) {
        return None;
    }
    let last = text.rfind(['.', ',']);
    let point = last.filter(|&at| {
        let separator = &text[at..=at];
        let is_alone = text.matches(separator).count() == 1;
        let behind = text.len() - at - 1;
        // Three digits behind the only comma are thousands.
        is_alone && (separator == "." || behind != 3 || text[..at].contains('.'))
    });
    let digits = |part: &str| {
        part.chars()
            .filter(char::is_ascii_digit)
            .collect::<String>()
    };
    Some(match point {
        Some(at) => format!("{}.{}", digits(&text[..at]), digits(&text[at + 1..])),
        None => digits(text),
    })
}

/// Two bounds in whatever spelling: `56-58 HRC` as `"56..58 HRC"`.
pub fn repaired_range(field: &Field, text: &str) -> String {
    let unit = field.unit.as_ref().map_or("", |unit| unit.symbol());
    let is_number = |part: &&str| !part.is_empty() && !part.starts_with('.');
    let numbers = text.split(|c: char| !(c.is_ascii_digit() || c == '.'));
    let numbers: Vec<&str> = numbers
        .map(|part| part.trim_matches('.'))
        .filter(is_number)
        .collect();
    match numbers[..] {
        [low, high] => format!("\"{low}..{high} {unit}\""),
        _ => example(field),
    }
}

impl Category {
    /// The field that a name may mean, or a list of all; `others` are names
    /// that may stand in its place.
    pub fn help_field(&self, name: &str, others: &[&str]) -> Option<String> {
        if ["title", "name", "id"].contains(&name) && !others.contains(&name) {
            return Some(format!(
                "`{name}` is no field: tables and charts name their components themselves"
            ));
        }
        if COMPONENT_KEYS.contains(&name) && !others.contains(&name) {
            return Some(format!(
                "`{name}` is no field: the pages of components show it"
            ));
        }
        let names = || self.field_names().chain(others.iter().copied());
        if nearest(name, names()).is_none()
            && let Some(field) = self.labelled(name)
        {
            let field = &field.name.value;
            return Some(format!("`{name}` is the label of the field `{field}`"));
        }
        help_nearest(name, names())
    }

    /// Whether a text is an option of any field.
    pub(super) fn has_option(&self, text: &str) -> bool {
        let options = self.fields.iter().filter_map(Field::options).flatten();
        { options }.any(|option| option.as_ref() == text)
    }

    /// The field that a name means, if only its spelling is wrong.
    pub(super) fn meant_field(&self, name: &str) -> Option<usize> {
        self.field_position(meant(name, self.field_names())?)
    }

    fn labelled(&self, name: &str) -> Option<&Field> {
        let folded = |text: &str| text.to_lowercase().replace([' ', '-'], "_");
        let mut fields = self.fields.iter();
        fields.find(|field| folded(&field.label) == folded(name))
    }
}

#[cfg(test)]
mod tests {
    use super::plain_number;

    #[test]
    fn numbers_of_any_country_are_read() {
        for (text, number) in [
            ("14,90", "14.90"),
            ("1.234,50", "1234.50"),
            ("1,234.50", "1234.50"),
            ("1,900", "1900"),
            ("1 234", "1234"),
            ("2.5", "2.5"),
            ("1.234.567", "1234567"),
        ] {
            assert_eq!(plain_number(text).as_deref(), Some(number), "{text}");
        }
        assert_eq!(plain_number("10 to 20"), None);
    }
}
