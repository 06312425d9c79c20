//! Values: exact decimals, units, quantities, dates, and how a language shows
//! them.
//!
//! In come texts such as `24 GB`; out go [`Value`]s and texts such as
//! `1.599,00 €`. Nothing here knows where a value stands in a file, and no
//! number is ever a binary fraction.

mod builtin;
mod currency;
mod date;
mod decimal;
mod foreign;
mod format;
mod locale;
mod product;
mod quantity;
mod ratio;
mod unit;
mod units;

use std::collections::BTreeSet;
use std::fmt;
use std::sync::Arc;

pub use builtin::builtin_units;
pub use date::Date;
pub use decimal::{Decimal, MAX_SCALE, QUOTIENT_DECIMALS};
pub use format::{
    MoneyStyle, format_digits, format_number, format_operand, format_value, money_style,
};
pub use locale::Locale;
pub use product::{correction, product, quotient};
pub(crate) use quantity::split_number;
pub use quantity::{ConvertError, Quantity, QuantityRange, convert};
pub use ratio::{Ratio, Rounding};
pub use unit::{Dimension, Unit};
pub(crate) use units::is_unit_letter;
pub use units::{Declaration, UnitError, Units, is_builtin_unit};

/// The value of a field.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Value {
    /// A number, with a unit or plain.
    Number(Quantity),
    /// A text, a choice, an address.
    Text(Arc<str>),
    Bool(bool),
    Date(Date),
    /// A set of choices.
    Set(Arc<BTreeSet<Arc<str>>>),
    /// Texts in the author's order.
    List(Arc<[Arc<str>]>),
    /// A range of a quantity.
    Range(QuantityRange),
}

/// Why a figure is unknown, in words with names: `` `Price` of `Steppe` is not given ``.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Reason {
    text: Arc<str>,
    reported: bool,
}

impl Reason {
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self {
            text: text.into(),
            reported: false,
        }
    }

    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text for readers of a page, without the marks round names.
    pub fn plain(&self) -> String {
        self.text.replace('`', "")
    }

    /// Whether a mistake is behind it that has been reported, so that nothing
    /// more is to be said.
    pub fn is_reported(&self) -> bool {
        self.reported
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A figure as formulas meet it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Operand {
    Known(Value),
    /// There is such a figure, and nobody gave it.
    Unknown(Reason),
    /// There is no such figure: an optional slot is empty.
    None,
}

impl Operand {
    /// Unknown, with its reason.
    pub fn unknown(reason: impl Into<Arc<str>>) -> Self {
        Self::Unknown(Reason::new(reason))
    }

    /// Unknown by a mistake that has been reported.
    pub fn reported(reason: impl Into<Arc<str>>) -> Self {
        Self::Unknown(Reason {
            text: reason.into(),
            reported: true,
        })
    }

    /// Whether it is unknown by a mistake that has been reported.
    pub fn is_reported(&self) -> bool {
        matches!(self, Self::Unknown(reason) if reason.is_reported())
    }

    /// The value, if there is one.
    pub fn known(&self) -> Option<&Value> {
        match self {
            Self::Known(value) => Some(value),
            Self::Unknown(_) | Self::None => None,
        }
    }
}

/// The texts that a choice may have, in the schema's order; none for free text.
pub type Choices = Option<Arc<[Arc<str>]>>;

/// The type of a field or a formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// `decimals`: to how many digits it is rounded and shown, where declared.
    Number {
        unit: Unit,
        decimals: Option<u8>,
    },
    Text {
        choices: Choices,
    },
    Bool,
    Date,
    Set {
        choices: Choices,
    },
    List,
    Range {
        unit: Unit,
    },
}

impl Type {
    /// A number in a unit, with no decimals declared.
    pub fn number(unit: Unit) -> Self {
        Self::Number {
            unit,
            decimals: None,
        }
    }

    /// Free text.
    pub fn text() -> Self {
        Self::Text { choices: None }
    }

    /// The unit of a number or a range.
    pub fn unit(&self) -> Option<&Unit> {
        match self {
            Self::Number { unit, .. } | Self::Range { unit } => Some(unit),
            _ => None,
        }
    }

    /// The type in words for messages: ``a number in `W` (power)``.
    pub fn describe(&self) -> String {
        match self {
            Self::Number { unit, .. } if unit.is_one() => "a plain number".to_owned(),
            Self::Number { unit, .. } => format!("a number {}", unit.describe()),
            Self::Text { choices: None } => "a text".to_owned(),
            Self::Text { .. } => "a choice".to_owned(),
            Self::Bool => "yes or no".to_owned(),
            Self::Date => "a date".to_owned(),
            Self::Set { .. } => "a set".to_owned(),
            Self::List => "a list".to_owned(),
            Self::Range { unit } if unit.is_one() => "a range".to_owned(),
            Self::Range { unit } => format!("a range {}", unit.describe()),
        }
    }
}
