//! What authors write for units that are called otherwise here.

use super::Units;
use crate::diag::help_nearest;

impl Units {
    /// "did you mean `GB`?"
    pub(super) fn help(&self, name: &str) -> Option<String> {
        if let Some((sign, code)) = SIGNS.iter().find(|(sign, _)| name.contains(sign)) {
            return Some(format!(
                "write money with its ISO code: `{code}` instead of `{sign}`"
            ));
        }
        let folded = name.to_lowercase();
        let singular = folded.strip_suffix('s').unwrap_or(&folded);
        if let Some((_, unit)) = NAMES.iter().find(|(name, _)| *name == singular) {
            return Some(format!("write `{unit}`"));
        }
        // A unit has no plural: `kgs`.
        let one = name.strip_suffix('s').filter(|one| self.parse(one).is_ok());
        if let Some(unit) = one {
            return Some(format!("write `{unit}`"));
        }
        let candidates = || {
            let known = self.names();
            known.chain(COMMON.iter().copied())
        };
        if let Some(same) = candidates().find(|c| c.to_lowercase() == folded) {
            return Some(format!("did you mean `{same}`?"));
        }
        help_nearest(name, candidates())
    }
}

/// Prefixed units that are near enough to be meant by a slip.
const COMMON: &[&str] = &[
    "GB", "GHz", "GiB", "KiB", "MB", "MHz", "MiB", "TB", "TiB", "cm", "kB", "kHz", "kW", "kWh",
    "kg", "km", "mA", "mAh", "mL", "mm", "ms", "mW", "µs",
];

/// Signs of money, and the codes that they most often stand for.
const SIGNS: &[(&str, &str)] = &[("$", "USD"), ("€", "EUR"), ("£", "GBP"), ("¥", "JPY")];
/// Names of units in full, and how they are written.
const NAMES: &[(&str, &str)] = &[
    ("\"", "inch"),
    ("byte", "B"),
    ("centimeter", "cm"),
    ("centimetre", "cm"),
    ("day", "d"),
    ("degree", "°"),
    ("dollar", "USD"),
    ("euro", "EUR"),
    ("foot", "ft"),
    ("gigabyte", "GB"),
    ("gram", "g"),
    ("hour", "h"),
    ("in", "inch"),
    ("kilo", "kg"),
    ("kilogram", "kg"),
    ("kilometer", "km"),
    ("kilometre", "km"),
    ("liter", "L"),
    ("litre", "L"),
    ("meter", "m"),
    ("metre", "m"),
    ("millimeter", "mm"),
    ("millimetre", "mm"),
    ("minute", "min"),
    ("ounce", "oz"),
    ("percent", "%"),
    ("pound", "lb"),
    ("second", "s"),
    ("volt", "V"),
    ("watt", "W"),
];
