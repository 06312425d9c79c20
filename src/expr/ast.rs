//! The tree of a formula as it was written, before names mean anything.

use std::ops::Range;

use super::Segment;
use super::ir::{Arithmetic, Comparison};
use crate::value::Decimal;

/// A node and the bytes where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Ast {
    pub kind: AstKind,
    pub range: Range<usize>,
    /// Levels from here down, this one included.
    pub depth: usize,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum AstKind {
    Number(Decimal, Option<(String, Range<usize>)>),
    Text(String),
    Bool(bool),
    /// `["a", "b"]`
    Texts(Vec<String>),
    Path(Vec<Segment>),
    Negate(Box<Ast>),
    Not(Box<Ast>),
    Binary {
        operator: Operator,
        left: Box<Ast>,
        right: Box<Ast>,
    },
    If {
        condition: Box<Ast>,
        then: Box<Ast>,
        otherwise: Box<Ast>,
    },
    Call {
        name: Segment,
        arguments: Vec<Ast>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Operator {
    Or,
    And,
    In,
    NotIn,
    Compare(Comparison),
    Arithmetic(Arithmetic),
}

impl Operator {
    /// How tightly it binds; comparisons don't chain.
    pub fn power(self) -> u8 {
        match self {
            Self::Or => 1,
            Self::And => 2,
            // 3 is `not`.
            Self::In | Self::NotIn | Self::Compare(_) => 4,
            Self::Arithmetic(Arithmetic::Add | Arithmetic::Subtract) => 5,
            Self::Arithmetic(Arithmetic::Multiply | Arithmetic::Divide) => 6,
        }
    }
}
