//! The fields that the facts of several products have, with guessed types.

use std::collections::BTreeSet;

use super::facts::{Facts, Pair};
use super::names::{quoted, slug};
use super::written::{
    Measure, are_alike, bare, exact, is_missing, money, number, range, truth, unit_of_all, written,
};
use crate::value::{Date, Units};

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

/// Beyond so many characters a text is no column of a table.
const LONG: usize = 40;

/// The fields of a category's products, in the order in which they come up.
/// Units that nothing knows are added to `units`.
pub(super) fn columns(parts: &[&Facts], units: &mut BTreeSet<String>) -> Vec<Column> {
    let mut labels: Vec<&str> = Vec::new();
    for pair in parts.iter().flat_map(|facts| &facts.pairs) {
        let known = |known: &&str| name_of(known) == name_of(&pair.key);
        if !labels.iter().any(known) {
            labels.push(&pair.key);
        }
    }
    let column = |label: &str| {
        let name = name_of(label);
        let values: Vec<&str> = (parts.iter().flat_map(|facts| &facts.pairs))
            .filter(|pair| name_of(&pair.key) == name && !is_missing(&pair.value))
            .map(|pair| pair.value.as_str())
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
        // Where all say `shop`, only their addresses differ.
        let pairs = parts.iter().flat_map(|facts| &facts.pairs);
        let mut links = pairs.filter(|pair| name_of(&pair.key) == name && !is_missing(&pair.value));
        let all_alike = values.windows(2).all(|pair| pair[0] == pair[1]);
        if kind == Kind::Text && all_alike && links.all(Pair::leads_out) {
            (kind, doubt) = (Kind::Url, None);
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

    /// What a product says of it.
    pub fn pair<'a>(&self, facts: &'a Facts) -> Option<&'a Pair> {
        let mut pairs = facts.pairs.iter();
        pairs.find(|pair| name_of(&pair.key) == self.name)
    }

    /// The line of a product's figure, with what was said beside it as a
    /// comment.
    pub fn line(&self, pair: &Pair) -> String {
        let value = &pair.value;
        if is_missing(value) {
            return format!("# {}: {value}", self.label.replace('\n', " "));
        }
        let link = pair.link.as_ref().filter(|_| pair.leads_out());
        let figure = match (link, &self.kind) {
            (None, _) | (_, Kind::Text) => self.figure(value),
            (Some(link), Kind::Url) => quoted(link),
            (Some(link), _) => {
                let figure = self.figure(value);
                format!("{{ value = {figure}, source = {} }}", quoted(link))
            }
        };
        let is_whole = match &self.kind {
            Kind::Text => true,
            Kind::Url => link.is_none(),
            _ => exact(value) == value && !self.is_remarked(value),
        };
        match is_whole {
            true => format!("{} = {figure}", self.name),
            false => format!("{} = {figure} # {value}", self.name),
        }
    }

    /// The link that a value was, where the figure does not say it.
    pub fn link(&self, pair: &Pair) -> Option<String> {
        let address = pair.link.as_ref()?;
        let is_text = self.kind == Kind::Text || is_missing(&pair.value);
        match (is_text, pair.leads_out()) {
            (true, _) => Some(format!("[{}]({address})", pair.value)),
            (false, true) => None,
            (false, false) => Some(format!("[{}]({address})", self.label)),
        }
    }

    /// A value as TOML.
    fn figure(&self, value: &str) -> String {
        let value = if self.bare { bare(value) } else { value };
        let read = match &self.kind {
            Kind::Text | Kind::Url => None,
            Kind::Integer | Kind::Number => number(value),
            Kind::Bool => Some(truth(value).unwrap_or(false).to_string()),
            Kind::Date => Some(value.to_owned()),
            Kind::Quantity(_) => written(value).map(|(n, u)| quoted(&format!("{n} {u}"))),
            Kind::Range(_) => range(value).map(|(a, b, u)| quoted(&format!("{a}..{b} {u}"))),
            Kind::Money(_) => money(value).map(|(n, u)| quoted(&format!("{n} {u}"))),
        };
        read.unwrap_or_else(|| quoted(value))
    }

    /// Whether the figure is only what stands before a remark.
    pub fn is_remarked(&self, value: &str) -> bool {
        self.bare && bare(value) != value
    }
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
    let about = values.iter().find(|value| exact(value) != value.trim());
    let about = about.map(|value| format!("was taken for exact where it says `{value}`"));
    if all(&|v| number(v).is_some_and(|number| number.parse::<i64>().is_ok())) {
        return (Kind::Integer, about);
    }
    if all(&|v| number(v).is_some()) {
        return (Kind::Number, about);
    }
    if all(&|v| Date::parse(v).is_some()) {
        return (Kind::Date, None);
    }
    if all(&|v| (v.starts_with("https://") || v.starts_with("http://")) && !v.contains(' ')) {
        return (Kind::Url, None);
    }
    let amounts: Option<Vec<_>> = values.iter().map(|value| money(value)).collect();
    if let Some([(_, unit), others @ ..]) = amounts.as_deref()
        && others.iter().all(|(_, other)| other == unit)
    {
        return (Kind::Money(unit.clone()), about);
    }
    let mut declare = |unit: String, kind: fn(String) -> Kind| {
        let doubt = known
            .parse(&unit)
            .is_err()
            .then(|| format!("is measured in `{unit}`, which nothing knew"));
        if doubt.is_some() {
            units.insert(unit.clone());
        }
        let doubts: Vec<String> = doubt.into_iter().chain(about.clone()).collect();
        let doubt = (!doubts.is_empty()).then(|| doubts.join(" and "));
        (kind(unit), doubt)
    };
    let quantity = |value: &&str| {
        written(value).map(|(number, unit)| Measure {
            numbers: vec![number],
            unit,
        })
    };
    if let Some(unit) = common(values, &quantity) {
        return declare(unit, Kind::Quantity);
    }
    let range = |value: &&str| {
        range(value).map(|(low, high, unit)| Measure {
            numbers: vec![low, high],
            unit,
        })
    };
    if let Some(unit) = common(values, &range) {
        return declare(unit, Kind::Range);
    }
    if values.iter().any(|value| value.chars().count() > LONG) {
        return (Kind::Text, Some(SENTENCES.to_owned()));
    }
    let numbers = values.iter().filter(|value| {
        exact(value).starts_with(|c: char| c.is_ascii_digit() || "$€£".contains(c))
    });
    let doubt = (numbers.count() * 2 >= values.len() && !values.is_empty()).then(|| {
        let read: Vec<_> = values.iter().filter_map(|value| written(value)).collect();
        if read.len() == values.len() && are_alike(read.iter().map(|(_, unit)| unit.as_str())) {
            let list = values.join("`, `");
            return format!(
                "stayed a text, since there is no unit in which all are exact: `{list}`"
            );
        }
        let odd = values
            .iter()
            .find(|v| written(v).is_none() && money(v).is_none() && number(v).is_none());
        let odd = odd.or(values.first()).copied().unwrap_or_default();
        format!("stayed a text, since not all its values are numbers of one unit: `{odd}`")
    });
    (Kind::Text, doubt)
}

/// The unit of all values, if there is one in which all of them are exact.
fn common(values: &[&str], read: &dyn Fn(&&str) -> Option<Measure>) -> Option<String> {
    let read: Option<Vec<Measure>> = values.iter().map(read).collect();
    unit_of_all(&read?)
}

/// What values are that are figures of one kind.
pub(super) enum Measured {
    Money,
    Other,
    /// Numbers without a unit.
    Plain,
}

/// What all values are, if they are figures of one kind.
pub(super) fn measured(values: &[&str]) -> Option<Measured> {
    let values: Vec<&str> = values.iter().map(|value| bare(value)).collect();
    match guess(&values, &mut BTreeSet::new()).0 {
        Kind::Money(_) => Some(Measured::Money),
        Kind::Quantity(_) | Kind::Range(_) => Some(Measured::Other),
        Kind::Integer | Kind::Number => Some(Measured::Plain),
        Kind::Text | Kind::Bool | Kind::Date | Kind::Url => None,
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
