//! Units and dimensions: what a figure is measured in, and what may be added
//! to what.

use std::fmt;
use std::sync::{Arc, LazyLock};

use super::Ratio;

/// A product of powers of base quantities (`length`, `money USD`, a unit that
/// the site declares), sorted by name; empty for plain numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Dimension(Vec<(Arc<str>, i8)>);

impl Dimension {
    /// The dimension of a base quantity.
    pub fn base(name: &str) -> Self {
        Self(vec![(name.into(), 1)])
    }

    pub fn is_none(&self) -> bool {
        self.0.is_empty()
    }

    /// This dimension times `other` to the power of `exponent`; none if an
    /// exponent leaves -99 to 99.
    pub fn times(&self, other: &Self, exponent: i8) -> Option<Self> {
        let mut powers = self.0.clone();
        for (name, power) in &other.0 {
            let added = power.checked_mul(exponent)?;
            match powers.binary_search_by(|(n, _)| n.cmp(name)) {
                Ok(i) => powers[i].1 = powers[i].1.checked_add(added)?,
                Err(i) => powers.insert(i, (Arc::clone(name), added)),
            }
        }
        powers.retain(|(_, power)| *power != 0);
        let fits = powers.iter().all(|(_, power)| power.abs() <= 99);
        fits.then_some(Self(powers))
    }
}

/// One named unit, such as `GB` or `h`.
#[derive(Debug)]
pub(super) struct Atom {
    pub symbol: Arc<str>,
    /// What it measures, for messages: `power`.
    pub label: Arc<str>,
    pub dimension: Dimension,
    /// One of it in the base unit of its dimension.
    pub factor: Ratio,
    pub kind: AtomKind,
}

#[derive(Debug)]
pub(super) enum AtomKind {
    Plain,
    /// A point on a scale: two of them have a difference and no sum.
    Point {
        /// Its zero in the base unit.
        offset: Ratio,
        /// The unit of differences.
        difference: Arc<Atom>,
    },
    /// Money, with the digits of its minor unit.
    Currency {
        minor: u8,
    },
}

/// A unit, cheap to clone. Equal units have equal symbols and mean the same.
#[derive(Clone)]
pub struct Unit(Arc<UnitData>);

pub(super) struct UnitData {
    /// Named units and their powers, none zero, in the order of writing.
    pub atoms: Vec<(Arc<Atom>, i8)>,
    pub dimension: Dimension,
    pub factor: Ratio,
    pub symbol: Arc<str>,
}

impl Unit {
    /// The unit of plain numbers.
    pub fn one() -> Self {
        static ONE: LazyLock<Unit> = LazyLock::new(|| Unit::of(Vec::new()).expect("1 fits"));
        ONE.clone()
    }

    /// The product of powers of named units; none where its factor does not
    /// fit.
    pub(super) fn of(atoms: Vec<(Arc<Atom>, i8)>) -> Option<Self> {
        let mut dimension = Dimension::default();
        let mut factor = Ratio::ONE;
        for (atom, power) in &atoms {
            dimension = dimension.times(&atom.dimension, *power)?;
            factor = factor.checked_mul(atom.factor.checked_pow(*power)?)?;
        }
        let symbol = symbol(&atoms).into();
        Some(Self(Arc::new(UnitData {
            atoms,
            dimension,
            factor,
            symbol,
        })))
    }

    pub(super) fn atoms(&self) -> &[(Arc<Atom>, i8)] {
        &self.0.atoms
    }

    fn single(&self) -> Option<&Atom> {
        match self.0.atoms.as_slice() {
            [(atom, 1)] => Some(atom),
            _ => None,
        }
    }

    /// How it is written: `GB/s`, `m²`, `USD/kWh`; empty for plain numbers.
    pub fn symbol(&self) -> &str {
        &self.0.symbol
    }

    /// Whether this is the unit of plain numbers.
    pub fn is_one(&self) -> bool {
        self.0.atoms.is_empty()
    }

    pub fn dimension(&self) -> &Dimension {
        &self.0.dimension
    }

    /// One of it in the base unit of its dimension.
    pub fn factor(&self) -> Ratio {
        self.0.factor
    }

    /// Where its zero lies in the base unit: 273.15 for `°C`, else 0.
    pub fn offset(&self) -> Ratio {
        match self.single().map(|atom| &atom.kind) {
            Some(AtomKind::Point { offset, .. }) => *offset,
            _ => Ratio::ZERO,
        }
    }

    /// Whether its figures are points on a scale (`°C`, `dBA`), which have
    /// differences and no sums.
    pub fn is_point(&self) -> bool {
        self.difference().is_some()
    }

    /// The unit of the difference of two points; none for other units.
    pub fn difference(&self) -> Option<Unit> {
        match self.single().map(|atom| &atom.kind) {
            Some(AtomKind::Point { difference, .. }) => Unit::of(vec![(Arc::clone(difference), 1)]),
            _ => None,
        }
    }

    /// Whether figures in both may be compared and converted.
    pub fn is_compatible(&self, other: &Unit) -> bool {
        self.dimension() == other.dimension() && self.is_point() == other.is_point()
    }

    /// The currency that it is or starts with (`USD`, `USD/kWh`): its code and
    /// the digits of its minor unit.
    pub fn currency(&self) -> Option<(&str, u8)> {
        match self.0.atoms.first() {
            Some((atom, 1)) => match atom.kind {
                AtomKind::Currency { minor } => Some((&atom.symbol, minor)),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether it is a currency and nothing else.
    pub fn is_money(&self) -> bool {
        self.0.atoms.len() == 1 && self.currency().is_some()
    }

    /// What stands behind the currency of a rate: `/kWh`; empty elsewhere.
    pub fn rate(&self) -> String {
        match self.currency() {
            Some(_) if self.0.atoms.len() > 1 => denominator(&self.0.atoms[1..])
                .unwrap_or_else(|| format!("·{}", symbol(&self.0.atoms[1..]))),
            _ => String::new(),
        }
    }

    /// What it measures, for messages: `power`; none where no word is known.
    pub fn label(&self) -> Option<&str> {
        self.single().map(|atom| atom.label.as_ref())
    }

    /// The unit in words for messages: ``in `W` (power)`` or `a plain number`.
    pub fn describe(&self) -> String {
        match self.label() {
            _ if self.is_one() => "a plain number".to_owned(),
            Some(label) => format!("in `{}` ({label})", self.symbol()),
            None => format!("in `{}`", self.symbol()),
        }
    }
}

/// `/kWh` if all powers are negative.
fn denominator(atoms: &[(Arc<Atom>, i8)]) -> Option<String> {
    let below = atoms.iter().all(|(_, power)| *power < 0);
    below.then(|| symbol(atoms).trim_start_matches('1').to_owned())
}

/// Writes a product of powers: `GB·h/s`, `W/(m²·K)`, `1/min`.
fn symbol(atoms: &[(Arc<Atom>, i8)]) -> String {
    let write = |above: bool| -> Vec<String> {
        let chosen = atoms.iter().filter(|(_, power)| (*power > 0) == above);
        let power = |(atom, power): &(Arc<Atom>, i8)| {
            format!("{}{}", atom.symbol, superscript(power.unsigned_abs()))
        };
        chosen.map(power).collect()
    };
    let (above, below) = (write(true), write(false));
    let top = above.join("·");
    match below.as_slice() {
        [] => top,
        [one] if top.is_empty() => format!("1/{one}"),
        [one] => format!("{top}/{one}"),
        several => {
            let top = if top.is_empty() { "1" } else { &top };
            format!("{top}/({})", several.join("·"))
        }
    }
}

fn superscript(power: u8) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    if power == 1 {
        return String::new();
    }
    let digits = power.to_string();
    digits
        .bytes()
        .map(|b| DIGITS[usize::from(b - b'0')])
        .collect()
}

impl PartialEq for Unit {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
            || (self.symbol() == other.symbol()
                && self.factor() == other.factor()
                && self.is_compatible(other))
    }
}

impl Eq for Unit {}

impl std::hash::Hash for Unit {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.symbol().hash(state);
        self.factor().hash(state);
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.symbol())
    }
}

impl fmt::Debug for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Unit({})", self.symbol())
    }
}
