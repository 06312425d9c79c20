//! Formulas that are right in type and unit, of random shape.

use crate::random::Random;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Dimension {
    Plain,
    Power,
    Money,
}

/// Writes formulas that are right in type and unit.
pub struct Writer<'a> {
    pub random: &'a mut Random,
    /// Totals so far, by dimension.
    pub totals: Vec<(usize, Dimension)>,
    /// The group of the aggregate around, if any.
    pub group: Option<&'static str>,
}

impl Writer<'_> {
    pub fn pick(&mut self, from: &[&'static str]) -> &'static str {
        from[self.random.below(from.len())]
    }

    pub fn dimension(&mut self) -> Dimension {
        [Dimension::Plain, Dimension::Power, Dimension::Money][self.random.below(3)]
    }

    /// Whose figures may stand here bare.
    fn owner(&mut self) -> &'static str {
        let single = self.pick(&["one", "two"]);
        match self.group {
            Some(group) if self.random.below(4) > 0 => group,
            _ => single,
        }
    }

    fn literal(&mut self, dimension: Dimension) -> String {
        let number = match self.random.below(6) {
            0 => "0".to_owned(),
            1 => format!("{}", 1 + self.random.below(9)),
            2 => format!("0.{:03}", 1 + self.random.below(999)),
            3 => format!("{}.{}", self.random.below(5000), self.random.below(10)),
            4 => format!("-{}", 1 + self.random.below(300)),
            _ => format!("{}", 10 + self.random.below(90_000)),
        };
        match dimension {
            Dimension::Plain if self.random.below(4) == 0 => format!("({number} %)"),
            Dimension::Plain => format!("({number})"),
            Dimension::Power => format!("({number} {})", self.pick(&["W", "mW", "kW"])),
            Dimension::Money => format!("({number} USD)"),
        }
    }

    fn figure(&mut self, dimension: Dimension) -> String {
        let owner = self.owner();
        let field = match dimension {
            Dimension::Plain => self.pick(&["factor", "whole"]),
            Dimension::Power => self.pick(&["power", "tiny"]),
            Dimension::Money => self.pick(&["price", "share"]),
        };
        format!("{owner}.{field}")
    }

    pub fn number(&mut self, dimension: Dimension, depth: usize) -> String {
        if depth == 0 {
            return match self.random.below(4) {
                0 => self.literal(dimension),
                1 => self.known_number(dimension),
                _ => self.figure(dimension),
            };
        }
        let d = depth - 1;
        match self.random.below(15) {
            0 | 1 => format!(
                "({} + {})",
                self.number(dimension, d),
                self.number(dimension, d)
            ),
            2 | 3 => format!(
                "({} - {})",
                self.number(dimension, d),
                self.number(dimension, d)
            ),
            4 => format!(
                "({} * {})",
                self.number(dimension, d),
                self.number(Dimension::Plain, 0)
            ),
            5 => format!(
                "({} / {})",
                self.number(dimension, d),
                self.number(Dimension::Plain, 0)
            ),
            6 if dimension == Dimension::Plain => {
                let other = self.dimension();
                format!("({} / {})", self.number(other, d), self.number(other, 0))
            }
            6 | 7 => format!(
                "(if {} then {} else {})",
                self.condition(d),
                self.number(dimension, d),
                self.number(dimension, d)
            ),
            8 => format!(
                "default({}, {})",
                self.number(dimension, d),
                self.number(dimension, 0)
            ),
            9 => format!("abs({})", self.number(dimension, d)),
            10 => {
                let which = self.pick(&["min", "max"]);
                format!(
                    "{which}({}, {})",
                    self.number(dimension, d),
                    self.number(dimension, d)
                )
            }
            11 => {
                let which = self.pick(&["round", "floor", "ceil"]);
                let to = self.pick(&["", ", 1", ", 3"]);
                format!("{which}({}{to})", self.number(dimension, d))
            }
            12 => format!("-{}", self.number(dimension, 0)),
            _ if self.group.is_none() => self.aggregate(dimension, d),
            _ => self.figure(dimension),
        }
    }

    /// A total, an input, or a figure of one component.
    fn known_number(&mut self, dimension: Dimension) -> String {
        let fitting = self.totals.iter().filter(|(_, of)| *of == dimension);
        let fitting: Vec<usize> = fitting.map(|(number, _)| *number).collect();
        if !fitting.is_empty() && self.random.below(2) == 0 {
            let total = fitting[self.random.below(fitting.len())];
            return format!("total.t{total}");
        }
        match dimension {
            Dimension::Plain => "input.ratio".to_owned(),
            Dimension::Power => self.pick(&["input.load", "alpha.alpha-0.power"]).to_owned(),
            Dimension::Money => self
                .pick(&["gamma.gamma-1.price", "beta.beta-0.share"])
                .to_owned(),
        }
    }

    fn aggregate(&mut self, dimension: Dimension, depth: usize) -> String {
        let group = self.pick(&["many", "pile", "parts"]);
        if dimension == Dimension::Plain && self.random.below(3) == 0 {
            return match self.random.below(2) {
                0 => format!("count({group})"),
                _ => format!("count({})", self.members(group, 1)),
            };
        }
        let which = self.pick(&["sum", "sum", "min", "max", "avg"]);
        let of = self.within(group, |own| {
            let first = own.group.expect("it was just set");
            let anchor = match dimension {
                Dimension::Plain => "factor",
                Dimension::Power => "power",
                Dimension::Money => "price",
            };
            // One figure of each part at least, or there is nothing to go over.
            let rest = own.number(dimension, depth.min(2));
            match own.random.below(3) {
                0 => format!("{first}.{anchor}"),
                1 => format!("({first}.{anchor} + {rest})"),
                _ => format!("(if {first}.flag then {rest} else {first}.{anchor})"),
            }
        });
        format!("{which}({of})")
    }

    fn within(&mut self, group: &'static str, write: impl FnOnce(&mut Self) -> String) -> String {
        self.group = Some(group);
        let written = write(self);
        self.group = None;
        written
    }

    /// A condition on each part of a group.
    fn members(&mut self, group: &'static str, depth: usize) -> String {
        let sign = self.pick(&["or", "and"]);
        let rest = self.within(group, |own| own.condition(depth));
        format!("({group}.flag {sign} {rest})")
    }

    pub fn condition(&mut self, depth: usize) -> String {
        let owner = self.owner();
        if depth == 0 {
            let other = self.owner();
            return match self.random.below(9) {
                0 => format!("{owner}.flag"),
                1 => format!("{owner}.dear"),
                2 => format!("({owner}.kind == \"{}\")", self.pick(&["x", "y", "z"])),
                3 => format!("({owner}.kind in {other}.fits)"),
                4 => format!("({owner}.kind in [\"x\", \"z\"])"),
                5 => format!("({owner}.name {} {other}.name)", self.pick(&["==", "!="])),
                6 => {
                    let sign = self.pick(&["<", "<=", ">", ">=", "=="]);
                    format!("({owner}.made {sign} {other}.made)")
                }
                7 => format!(
                    "known({owner}.{})",
                    self.pick(&["power", "band", "name", "made", "fits"])
                ),
                _ => format!("({owner}.kind != {other}.kind)"),
            };
        }
        let d = depth - 1;
        match self.random.below(10) {
            0 | 1 => format!("({} and {})", self.condition(d), self.condition(d)),
            2 | 3 => format!("({} or {})", self.condition(d), self.condition(d)),
            4 => format!("(not {})", self.condition(d)),
            5 if self.group.is_none() => {
                let group = self.pick(&["many", "pile", "parts"]);
                let which = self.pick(&["any", "all"]);
                let of = self.members(group, d.min(1));
                format!("{which}({of})")
            }
            _ => {
                let dimension = self.dimension();
                let sign = self.pick(&["<", "<=", ">", ">=", "==", "!="]);
                format!(
                    "({} {sign} {})",
                    self.number(dimension, d),
                    self.number(dimension, d)
                )
            }
        }
    }

    /// What a message may show: a figure of any type.
    pub fn shown(&mut self) -> String {
        let owner = self.pick(&["one", "two"]);
        match self.random.below(8) {
            0 => format!("{owner}.band"),
            1 => format!(
                "{owner}.{}",
                self.pick(&["name", "kind", "fits", "made", "flag", "dear"])
            ),
            2 => self.condition(2),
            _ => {
                let dimension = self.dimension();
                self.number(dimension, 3)
            }
        }
    }
}
