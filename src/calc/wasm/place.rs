//! Where a value stands in a function, and what is known of it.

use super::code::Local;
use super::number::Fixed;

/// Figures that are known, unknown, or none: the larger one wins where
/// operands meet.
pub(super) const KNOWN: i32 = 0;
pub(super) const UNKNOWN: i32 = 1;
pub(super) const NONE: i32 = 2;

/// A value in locals. Whatever its status, the value is within the bounds of
/// its shape.
#[derive(Clone, Debug)]
pub(super) struct Place {
    /// 64 bits: a number, 0 or 1, a day, the number of a text or set, or the
    /// lower end of a range.
    pub value: Local,
    /// The upper end of a range.
    pub upper: Option<Local>,
    /// 32 bits; none for what is always known.
    pub status: Option<Local>,
    pub shape: Shape,
}

/// What a value means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Number(Fixed),
    Range(Fixed),
    Bool,
    Date,
    Text,
    Set,
}

impl Place {
    /// A value that is always known.
    pub fn known(value: Local, shape: Shape) -> Self {
        Self {
            value,
            upper: None,
            status: None,
            shape,
        }
    }

    pub fn with_status(self, status: Option<Local>) -> Self {
        Self { status, ..self }
    }

    /// The bounds of a number or range.
    pub fn fixed(&self) -> Option<&Fixed> {
        match &self.shape {
            Shape::Number(fixed) | Shape::Range(fixed) => Some(fixed),
            _ => None,
        }
    }
}
