//! The registry of units: those that every site knows and those that a site
//! declares. In comes a symbol, out goes a [`Unit`] or why there is none.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::{Arc, LazyLock};

use super::builtin::{self, BINARY, POINTS, Prefixes, UNITS};
use super::currency::CURRENCIES;
use super::unit::{Atom, AtomKind};
use super::{Dimension, Quantity, Ratio, Unit};

/// All units of a site. Cheap to clone.
#[derive(Clone, Debug, Default)]
pub struct Units {
    declared: Arc<BTreeMap<String, Arc<Atom>>>,
    /// Units whose declarations have errors, which have been reported.
    lost: Arc<BTreeSet<String>>,
}

/// A unit that a site declares.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Declaration {
    /// A unit of its own: nothing else converts to it. The label says what it
    /// measures.
    Own { label: String },
    /// A multiple of another unit: `735.49875 W`.
    Multiple { is: String, label: Option<String> },
}

/// Why a text is no unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnitError {
    /// Lower case, names in backticks.
    pub message: String,
    pub help: Option<String>,
    /// Whether it speaks of a unit whose declaration has an error, which has
    /// been reported.
    pub reported: bool,
}

impl UnitError {
    pub(super) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
            reported: false,
        }
    }
}

impl fmt::Display for UnitError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for UnitError {}

/// The longest unit that is read, in bytes.
const LONGEST: usize = 64;
/// Words of the expression language, which no unit may be called.
const WORDS: &[&str] = &[
    "and", "or", "not", "in", "if", "then", "else", "true", "false", "none",
];

impl Units {
    /// The units that every site knows.
    pub fn new() -> Self {
        Self::default()
    }

    /// Declares a unit. Multiples refer to units that are known already; for
    /// several that refer to each other see [`Units::declare_all`].
    pub fn declare(&mut self, name: &str, declaration: &Declaration) -> Result<(), UnitError> {
        check_name(name)?;
        if self.atom(name).is_some() {
            let error = UnitError::new(format!("`{name}` is a unit already"));
            let help = Some("leave this line out".to_owned());
            return Err(UnitError { help, ..error });
        }
        let atom = match declaration {
            Declaration::Own { label } => Atom {
                symbol: name.into(),
                label: label.as_str().into(),
                dimension: Dimension::base(&format!("declared {name}")),
                factor: Ratio::ONE,
                kind: AtomKind::Plain,
            },
            Declaration::Multiple { is, label } => self.multiple(name, is, label.as_deref())?,
        };
        Arc::make_mut(&mut self.declared).insert(name.to_owned(), Arc::new(atom));
        Ok(())
    }

    fn multiple(&self, name: &str, is: &str, label: Option<&str>) -> Result<Atom, UnitError> {
        let of = self.parse_quantity(is)?;
        if of.unit.is_point() {
            let message = format!("`{}` is a point on a scale and has no multiples", of.unit);
            return Err(UnitError::new(message));
        }
        if of.number.is_zero() || of.number.is_negative() {
            return Err(UnitError::new(format!("`{is}` is not above zero")));
        }
        let factor = Ratio::from(of.number).checked_mul(of.unit.factor());
        Ok(Atom {
            symbol: name.into(),
            label: label.or(of.unit.label()).unwrap_or(name).into(),
            dimension: of.unit.dimension().clone(),
            factor: factor.ok_or_else(|| UnitError::new(format!("`{is}` is too large")))?,
            kind: AtomKind::Plain,
        })
    }

    /// Says nothing more of names, since their declarations can't be read.
    pub fn lose(&mut self, names: impl IntoIterator<Item = String>) {
        Arc::make_mut(&mut self.lost).extend(names);
    }

    /// Declares units in whatever order their references need; returns what is
    /// wrong with those that can't be, in order of name. One that only refers
    /// to another such is not among them.
    pub fn declare_all(
        &mut self,
        declarations: &BTreeMap<String, Declaration>,
    ) -> Vec<(String, UnitError)> {
        let mut left: Vec<(&String, &Declaration)> = declarations.iter().collect();
        loop {
            let mut errors = Vec::new();
            let before = left.len();
            left.retain(
                |(name, declaration)| match self.declare(name, declaration) {
                    Ok(()) => false,
                    Err(error) => {
                        errors.push((name.to_string(), error));
                        true
                    }
                },
            );
            if left.is_empty() {
                return errors;
            }
            if left.len() == before {
                self.lose(left.iter().map(|(name, _)| name.to_string()));
                return self.causes(&left, errors);
            }
        }
    }

    /// The errors that follow from no other; all where they go in a circle.
    fn causes(
        &mut self,
        left: &[(&String, &Declaration)],
        errors: Vec<(String, UnitError)>,
    ) -> Vec<(String, UnitError)> {
        let again = (left.iter())
            .filter_map(|(name, declaration)| {
                let error = self.declare(name, declaration).err()?;
                (!error.reported).then(|| (name.to_string(), error))
            })
            .collect::<Vec<_>>();
        if again.is_empty() { errors } else { again }
    }

    /// Reads `GB/s`, `USD/kWh`, `m^2`, `W·h`, `W/(m²·K)`, `1/min`; the empty
    /// text and `1` are the unit of plain numbers.
    pub fn parse(&self, text: &str) -> Result<Unit, UnitError> {
        let text = text.trim();
        if text.len() > LONGEST {
            return Err(UnitError::new("this unit is too long"));
        }
        if text.is_empty() || text == "1" {
            return Ok(Unit::one());
        }
        if let Some(atom) = self.atom(text) {
            return single(atom, text);
        }
        let mut atoms = Vec::new();
        let mut reader = Reader {
            units: self,
            whole: text,
            rest: text,
            atoms: &mut atoms,
        };
        reader.product(1, false)?;
        merge(&mut atoms);
        Unit::of(atoms).ok_or_else(|| UnitError::new(format!("`{text}` is too large")))
    }

    /// Reads a number and its unit: `24 GB`, `450W`, `-5 °C`, `80 %`, `12`.
    pub fn parse_quantity(&self, text: &str) -> Result<Quantity, UnitError> {
        super::quantity::parse(self, text)
    }

    /// The names of all units without a prefix.
    pub(super) fn names(&self) -> impl Iterator<Item = &str> {
        KNOWN.keys().chain(self.declared.keys()).map(String::as_str)
    }

    /// A unit by its exact name, with or without a prefix.
    pub(super) fn atom(&self, name: &str) -> Option<Arc<Atom>> {
        let known = || KNOWN.get(name).cloned();
        let declared = || self.declared.get(name).cloned();
        known().or_else(declared).or_else(|| prefixed(name))
    }
}

fn check_name(name: &str) -> Result<(), UnitError> {
    let letters = name.chars().all(|c| is_unit_letter(c) && c != '%');
    if name.is_empty() || !letters || name.len() > LONGEST {
        let message = format!("`{name}` is no name for a unit: letters and `°` only");
        return Err(UnitError::new(message));
    }
    if WORDS.contains(&name) {
        let message = format!("`{name}` is a word of the formula language");
        return Err(UnitError::new(message));
    }
    Ok(())
}

/// Whether a name is that of a unit that every site knows, with or without a prefix.
pub fn is_builtin_unit(name: &str) -> bool {
    KNOWN.contains_key(name) || prefixed(name).is_some()
}

/// Whether a character may stand in the name of a unit.
pub(crate) fn is_unit_letter(c: char) -> bool {
    c.is_alphabetic() || matches!(c, '%' | '‰' | '°' | '″' | '℃' | '℉' | '\u{2126}')
}

/// All units without prefixes, by every spelling.
static KNOWN: LazyLock<BTreeMap<String, Arc<Atom>>> = LazyLock::new(|| {
    let mut known = BTreeMap::new();
    for row in UNITS {
        let atom = Arc::new(Atom {
            symbol: row.symbol.into(),
            label: row.label.into(),
            dimension: dimension(row.dimension),
            factor: ratio(row.factor),
            kind: AtomKind::Plain,
        });
        for name in row.aliases.iter().chain([&row.symbol]) {
            known.insert((*name).to_owned(), Arc::clone(&atom));
        }
    }
    for (symbol, aliases, label, factor, offset, difference) in POINTS {
        let difference = Arc::clone(&known[*difference]);
        let atom = Arc::new(Atom {
            symbol: (*symbol).into(),
            label: (*label).into(),
            dimension: difference.dimension.clone(),
            factor: ratio(*factor),
            kind: AtomKind::Point {
                offset: ratio(*offset),
                difference,
            },
        });
        for name in aliases.iter().chain([symbol]) {
            known.insert((*name).to_owned(), Arc::clone(&atom));
        }
    }
    for (code, minor) in CURRENCIES {
        let atom = Atom {
            symbol: (*code).into(),
            label: "money".into(),
            dimension: Dimension::base(&format!("money {code}")),
            factor: Ratio::ONE,
            kind: AtomKind::Currency { minor: *minor },
        };
        known.insert((*code).to_owned(), Arc::new(atom));
    }
    known
});

fn dimension(powers: &[(&str, i8)]) -> Dimension {
    let times = |dimension: Dimension, (name, power): &(&str, i8)| {
        let product = dimension.times(&Dimension::base(name), *power);
        product.expect("powers of the table are small")
    };
    powers.iter().fold(Dimension::default(), times)
}

fn ratio((num, den): (i64, i64)) -> Ratio {
    Ratio::new(num.into(), den.into()).expect("factors of the table are fractions")
}

/// `GB` as `G` and `B`.
fn prefixed(name: &str) -> Option<Arc<Atom>> {
    for row in UNITS.iter().filter(|row| row.prefixes != Prefixes::None) {
        for spelling in row.aliases.iter().chain([&row.symbol]) {
            let Some(prefix) = name.strip_suffix(spelling).filter(|p| !p.is_empty()) else {
                continue;
            };
            if let Some(atom) = with_prefix(row, prefix) {
                return Some(Arc::new(atom));
            }
        }
    }
    None
}

fn with_prefix(row: &builtin::Row, prefix: &str) -> Option<Atom> {
    // The micro sign, the Greek letter and its usual stand-in are one prefix.
    let prefix = match prefix {
        "u" | "\u{3bc}" => "µ",
        other => other,
    };
    let binary = BINARY
        .iter()
        .find(|(name, _)| *name == prefix && row.prefixes == Prefixes::Binary);
    let (base, power) = match binary {
        Some((_, power)) => (1024, *power),
        None => (10, builtin::metric(prefix, row.prefixes)?),
    };
    let multiple = Ratio::integer(base).checked_pow(power)?;
    Some(Atom {
        symbol: format!("{prefix}{}", row.symbol).into(),
        label: row.label.into(),
        dimension: dimension(row.dimension),
        factor: ratio(row.factor).checked_mul(multiple)?,
        kind: AtomKind::Plain,
    })
}

fn single(atom: Arc<Atom>, text: &str) -> Result<Unit, UnitError> {
    Unit::of(vec![(atom, 1)]).ok_or_else(|| UnitError::new(format!("`{text}` is too large")))
}

/// Puts equal atoms together.
fn merge(atoms: &mut Vec<(Arc<Atom>, i8)>) {
    let mut merged: Vec<(Arc<Atom>, i8)> = Vec::new();
    for (atom, power) in atoms.drain(..) {
        match merged.iter_mut().find(|(a, _)| a.symbol == atom.symbol) {
            Some((_, sum)) => *sum = sum.saturating_add(power),
            None => merged.push((atom, power)),
        }
    }
    merged.retain(|(_, power)| *power != 0);
    *atoms = merged;
}

/// Reads a compound unit from left to right.
struct Reader<'a> {
    units: &'a Units,
    whole: &'a str,
    rest: &'a str,
    atoms: &'a mut Vec<(Arc<Atom>, i8)>,
}

impl Reader<'_> {
    /// Factors between `·`, `*` and `/`, to the power of `sign`.
    fn product(&mut self, sign: i8, inside: bool) -> Result<(), UnitError> {
        self.factor(sign)?;
        loop {
            let mut rest = self.rest.chars();
            let sign = match rest.next() {
                None if !inside => return Ok(()),
                Some(')') if inside => return Ok(()),
                Some('/') => -sign,
                Some('·' | '*' | '⋅') => sign,
                _ => return Err(self.malformed()),
            };
            self.rest = rest.as_str();
            if let Some(group) = self.rest.strip_prefix('(') {
                if inside {
                    return Err(self.malformed());
                }
                self.rest = group;
                self.product(sign, true)?;
                self.rest = &self.rest[1..];
            } else {
                self.factor(sign)?;
            }
        }
    }

    fn factor(&mut self, sign: i8) -> Result<(), UnitError> {
        if let Some(rest) = self.rest.strip_prefix('1') {
            self.rest = rest;
            return Ok(());
        }
        let end = self
            .rest
            .find(|c| !is_unit_letter(c))
            .unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at(end);
        if name.is_empty() {
            return Err(self.malformed());
        }
        self.rest = rest;
        let power = self.power()?;
        let atom = self.units.atom(name).ok_or_else(|| UnitError {
            message: format!("there is no unit `{name}`"),
            help: self.units.help(name),
            reported: self.units.lost.contains(name),
        })?;
        self.atoms.push((atom, power * sign));
        Ok(())
    }

    /// `²`, `^2`, `^-1`, or nothing.
    fn power(&mut self) -> Result<i8, UnitError> {
        if let Some(rest) = self.rest.strip_prefix('^') {
            let end = rest
                .find(|c: char| !c.is_ascii_digit() && c != '-')
                .unwrap_or(rest.len());
            let power = rest[..end].parse::<i8>().ok().filter(|p| p.abs() <= 9);
            self.rest = &rest[end..];
            return power.ok_or_else(|| self.malformed());
        }
        for (sign, power) in [('²', 2), ('³', 3)] {
            if let Some(rest) = self.rest.strip_prefix(sign) {
                self.rest = rest;
                return Ok(power);
            }
        }
        Ok(1)
    }

    fn malformed(&self) -> UnitError {
        let whole = self.whole;
        UnitError {
            message: format!("`{whole}` is no unit"),
            help: self.units.help(whole),
            reported: false,
        }
    }
}
