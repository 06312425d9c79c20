//! The units that every site knows, as a table.

/// One row: symbol, other spellings, what it measures, its base quantities and
/// their powers, its factor to the base unit as a fraction, and the prefixes
/// that it takes.
pub(super) struct Row {
    pub symbol: &'static str,
    pub aliases: &'static [&'static str],
    pub label: &'static str,
    pub dimension: &'static [(&'static str, i8)],
    pub factor: (i64, i64),
    pub prefixes: Prefixes,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Prefixes {
    None,
    /// `n` to `P`.
    Metric,
    /// `k` and above, and `Ki` and above.
    Binary,
    /// `m`, `c`, `d`: lengths and volumes.
    Length,
}

const fn row(
    symbol: &'static str,
    aliases: &'static [&'static str],
    label: &'static str,
    dimension: &'static [(&'static str, i8)],
    factor: (i64, i64),
    prefixes: Prefixes,
) -> Row {
    Row {
        symbol,
        aliases,
        label,
        dimension,
        factor,
        prefixes,
    }
}

/// The units that every site knows: symbol, other spellings, what it measures,
/// and whether prefixes may stand before it.
pub fn builtin_units()
-> impl Iterator<Item = (&'static str, &'static [&'static str], &'static str, bool)> {
    UNITS
        .iter()
        .map(|row| (row.symbol, row.aliases, row.label, row.prefixes != Plain))
}

const TIME: &[(&str, i8)] = &[("time", 1)];
const LENGTH: &[(&str, i8)] = &[("length", 1)];
const VOLUME: &[(&str, i8)] = &[("length", 3)];
const MASS: &[(&str, i8)] = &[("mass", 1)];
const FORCE: &[(&str, i8)] = &[("length", 1), ("mass", 1), ("time", -2)];
const PRESSURE: &[(&str, i8)] = &[("length", -1), ("mass", 1), ("time", -2)];
const ENERGY: &[(&str, i8)] = &[("length", 2), ("mass", 1), ("time", -2)];
const POWER: &[(&str, i8)] = &[("length", 2), ("mass", 1), ("time", -3)];
const CURRENT: &[(&str, i8)] = &[("current", 1)];
const CHARGE: &[(&str, i8)] = &[("current", 1), ("time", 1)];
const VOLTAGE: &[(&str, i8)] = &[("current", -1), ("length", 2), ("mass", 1), ("time", -3)];
const RESISTANCE: &[(&str, i8)] = &[("current", -2), ("length", 2), ("mass", 1), ("time", -3)];
const CAPACITANCE: &[(&str, i8)] = &[("current", 2), ("length", -2), ("mass", -1), ("time", 4)];
const DATA: &[(&str, i8)] = &[("data", 1)];
const LIGHT: &[(&str, i8)] = &[("light", 1)];

use Prefixes::{Binary, Length, Metric, None as Plain};

/// Bases: second, metre, gram, ampere, kelvin, candela, byte, degree of arc.
/// Sources of the factors: the SI brochure (9th edition) and NIST SP 811,
/// appendix B; all are exact. The gram is the base of mass, so that a newton
/// is 1000 of the bases.
pub(super) const UNITS: &[Row] = &[
    row("%", &[], "share", &[], (1, 100), Plain),
    row("‰", &[], "share", &[], (1, 1000), Plain),
    row("s", &["sec"], "time", TIME, (1, 1), Metric),
    row("min", &[], "time", TIME, (60, 1), Plain),
    row("h", &["hr"], "time", TIME, (3600, 1), Plain),
    row("d", &["day", "days"], "time", TIME, (86_400, 1), Plain),
    row("week", &["weeks"], "time", TIME, (604_800, 1), Plain),
    row("m", &[], "length", LENGTH, (1, 1), Metric),
    row("inch", &["″"], "length", LENGTH, (254, 10_000), Plain),
    row("ft", &[], "length", LENGTH, (3048, 10_000), Plain),
    row("yd", &[], "length", LENGTH, (9144, 10_000), Plain),
    row(
        "mi",
        &["mile", "miles"],
        "length",
        LENGTH,
        (1_609_344, 1000),
        Plain,
    ),
    row("ha", &[], "area", &[("length", 2)], (10_000, 1), Plain),
    row("L", &["l"], "volume", VOLUME, (1, 1000), Length),
    row(
        "gal",
        &[],
        "volume",
        VOLUME,
        (3_785_411_784, 1_000_000_000_000),
        Plain,
    ),
    row("g", &[], "mass", MASS, (1, 1), Metric),
    row("t", &[], "mass", MASS, (1_000_000, 1), Plain),
    row("lb", &["lbs"], "mass", MASS, (45_359_237, 100_000), Plain),
    row("oz", &[], "mass", MASS, (45_359_237, 1_600_000), Plain),
    row("N", &[], "force", FORCE, (1000, 1), Metric),
    row("Pa", &[], "pressure", PRESSURE, (1000, 1), Metric),
    row("bar", &[], "pressure", PRESSURE, (100_000_000, 1), Metric),
    row(
        "psi",
        &[],
        "pressure",
        PRESSURE,
        // 0.45359237 kg × 9.80665 m/s² over 0.0254² m², in g/(m·s²).
        (8_896_443_230_521, 1_290_320),
        Plain,
    ),
    row("J", &[], "energy", ENERGY, (1000, 1), Metric),
    row("Wh", &[], "energy", ENERGY, (3_600_000, 1), Metric),
    row("cal", &[], "energy", ENERGY, (4184, 1), Metric),
    row(
        "BTU",
        &[],
        "energy",
        ENERGY,
        (1_055_055_852_620, 1_000_000),
        Plain,
    ),
    row("W", &[], "power", POWER, (1000, 1), Metric),
    row("VA", &[], "power", POWER, (1000, 1), Metric),
    row("A", &[], "current", CURRENT, (1, 1), Metric),
    row("Ah", &[], "charge", CHARGE, (3600, 1), Metric),
    row("V", &[], "voltage", VOLTAGE, (1000, 1), Metric),
    row(
        "Ω",
        &["ohm", "\u{2126}"],
        "resistance",
        RESISTANCE,
        (1000, 1),
        Metric,
    ),
    row("F", &[], "capacitance", CAPACITANCE, (1, 1000), Metric),
    row("Hz", &[], "frequency", &[("time", -1)], (1, 1), Metric),
    row(
        "RPM",
        &["rpm"],
        "rotation speed",
        &[("rotation", 1), ("time", -1)],
        (1, 60),
        Plain,
    ),
    row("rev", &[], "rotation", &[("rotation", 1)], (1, 1), Plain),
    row("B", &["byte", "bytes"], "data", DATA, (1, 1), Binary),
    row("bit", &["b", "bits"], "data", DATA, (1, 8), Binary),
    row(
        "K",
        &[],
        "temperature difference",
        &[("temperature", 1)],
        (1, 1),
        Metric,
    ),
    row(
        "dB",
        &[],
        "sound level difference",
        &[("level", 1)],
        (1, 1),
        Plain,
    ),
    row("°", &["deg"], "angle", &[("angle", 1)], (1, 1), Plain),
    row("cd", &[], "luminous intensity", LIGHT, (1, 1), Metric),
    row("lm", &[], "luminous flux", &[("flux", 1)], (1, 1), Metric),
    row(
        "lx",
        &["lux"],
        "illuminance",
        &[("flux", 1), ("length", -2)],
        (1, 1),
        Metric,
    ),
    row("mol", &[], "amount", &[("amount", 1)], (1, 1), Metric),
    row(
        "px",
        &["pixel", "pixels"],
        "pixels",
        &[("pixel", 1)],
        (1, 1),
        Metric,
    ),
];

/// Points on a scale: symbol, other spellings, label, factor, zero in the base
/// unit, symbol of the unit of differences.
pub(super) type PointRow = (
    &'static str,
    &'static [&'static str],
    &'static str,
    (i64, i64),
    (i64, i64),
    &'static str,
);

pub(super) const POINTS: &[PointRow] = &[
    (
        "°C",
        &["degC", "℃"],
        "temperature",
        (1, 1),
        (27_315, 100),
        "K",
    ),
    (
        "°F",
        &["degF", "℉"],
        "temperature",
        (5, 9),
        (45_967, 180),
        "K",
    ),
    ("dBA", &["dB(A)"], "sound level", (1, 1), (0, 1), "dB"),
];

/// Metric prefixes with their power of ten.
pub(super) const METRIC: &[(&str, i8)] = &[
    ("n", -9),
    ("µ", -6),
    ("m", -3),
    ("c", -2),
    ("d", -1),
    ("k", 3),
    ("M", 6),
    ("G", 9),
    ("T", 12),
    ("P", 15),
];

/// Binary prefixes with their power of 1024.
pub(super) const BINARY: &[(&str, i8)] = &[("Ki", 1), ("Mi", 2), ("Gi", 3), ("Ti", 4), ("Pi", 5)];

/// The power of ten of a metric prefix, if units of the kind take it.
pub(super) fn metric(prefix: &str, kind: Prefixes) -> Option<i8> {
    let (_, power) = METRIC.iter().find(|(name, _)| *name == prefix)?;
    let taken = match kind {
        Plain => false,
        Metric => true,
        Binary => *power >= 3,
        Length => (-3..0).contains(power),
    };
    taken.then_some(*power)
}
