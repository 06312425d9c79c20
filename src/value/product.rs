//! The unit of a product or quotient, as a reader would write it: what cancels
//! is gone, and a named unit stands for what it equals.

use std::sync::{Arc, LazyLock};

use super::unit::Atom;
use super::{Ratio, Unit, Units};

type Powers = Vec<(Arc<Atom>, i8)>;

/// Units that may stand for a product; the first that fits is taken.
static NAMES: LazyLock<Vec<Arc<Atom>>> = LazyLock::new(|| {
    const SYMBOLS: &[&str] = &[
        "W", "kW", "MW", "mW", "Wh", "kWh", "MWh", "mWh", "J", "kJ", "V", "mV", "A", "mA", "Ah",
        "mAh", "Ω", "N", "B", "kB", "MB", "GB", "TB",
    ];
    let units = Units::new();
    let atom = |symbol: &&str| units.atom(symbol).expect("a unit that every site knows");
    SYMBOLS.iter().map(atom).collect()
});

/// The unit of a product in both units; none where it does not fit. Figures in
/// it differ from the product of the figures by [`correction`].
pub fn product(left: &Unit, right: &Unit) -> Option<Unit> {
    combine(left, right, 1)
}

/// The unit of a quotient.
pub fn quotient(left: &Unit, right: &Unit) -> Option<Unit> {
    combine(left, right, -1)
}

/// What the product (quotient for `power` -1) of two plain figures is to be
/// multiplied by, to be a figure in `unit`: 1 unless other prefixes cancelled.
pub fn correction(left: &Unit, right: &Unit, power: i8, unit: &Unit) -> Option<Ratio> {
    let both = left
        .factor()
        .checked_mul(right.factor().checked_pow(power)?)?;
    both.checked_div(unit.factor())
}

fn combine(left: &Unit, right: &Unit, sign: i8) -> Option<Unit> {
    let mut powers: Powers = left.atoms().to_vec();
    for (atom, power) in right.atoms() {
        let power = power.checked_mul(sign)?;
        match powers.iter_mut().find(|(a, _)| a.symbol == atom.symbol) {
            Some((_, sum)) => *sum = sum.checked_add(power)?,
            None => powers.push((Arc::clone(atom), power)),
        }
    }
    powers.retain(|(_, power)| *power != 0);
    drop_shares(&mut powers);
    unite(&mut powers)?;
    let whole = Unit::of(powers)?;
    Some(named(&whole).unwrap_or(whole))
}

/// Per cent of a watt is a watt; per cent of per cent is per cent.
fn drop_shares(powers: &mut Powers) {
    let share = |atom: &Atom| atom.dimension.is_none();
    if powers.iter().any(|(atom, _)| !share(atom)) {
        powers.retain(|(atom, _)| !share(atom));
        return;
    }
    powers.retain(|(_, power)| *power > 0);
    powers.truncate(1);
    for (_, power) in powers {
        *power = 1;
    }
}

/// Writes what measures the same in the unit that stands first: `m·mm` as
/// `m²`, `TB/GB` as a number.
fn unite(powers: &mut Powers) -> Option<()> {
    let mut united: Powers = Vec::new();
    for (atom, power) in powers.drain(..) {
        match united
            .iter_mut()
            .find(|(a, _)| a.dimension == atom.dimension)
        {
            Some((_, sum)) => *sum = sum.checked_add(power)?,
            None => united.push((atom, power)),
        }
    }
    united.retain(|(_, power)| *power != 0);
    *powers = united;
    Some(())
}

/// A single unit for a product of several: one of its own factors where the
/// rest cancels (`USD/kWh·kW·h` is `USD`), or a well-known unit that is equal
/// (`kW·h` is `kWh`).
fn named(whole: &Unit) -> Option<Unit> {
    if whole.atoms().len() < 2 {
        return None;
    }
    if whole.dimension().is_none() {
        return Some(Unit::one());
    }
    let own = whole.atoms().iter().filter(|(_, power)| *power > 0);
    let own = own.map(|(atom, _)| atom);
    let own = own.filter(|atom| atom.dimension == *whole.dimension());
    let equal = NAMES
        .iter()
        .filter(|atom| atom.dimension == *whole.dimension() && atom.factor == whole.factor());
    let atom = equal.chain(own).next()?;
    Unit::of(vec![(Arc::clone(atom), 1)])
}
