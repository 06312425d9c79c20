//! A checked formula: every node has its type and unit, every name its
//! meaning. The reference evaluator and the compiler to WASM both read it.

use std::collections::BTreeSet;
use std::ops::Range;

use super::scope::{Group, Id, Ref};
use crate::value::{Rounding, Type, Value};

/// A node of a checked formula.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Node {
    pub kind: Kind,
    /// For numbers with the unit in which the node is shown and, where it
    /// rounds, in which it rounds.
    pub ty: Type,
    /// Bytes of the formula.
    pub range: Range<usize>,
}

/// What a node computes. Operands of one operation have compatible units, not
/// necessarily equal ones.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    Constant(Value),
    Figure(Ref),
    /// The number with the other sign.
    Negate(Box<Node>),
    Abs(Box<Node>),
    /// `+ - *` are exact. A quotient has 9 decimals in the node's unit, half
    /// away from zero; by zero it is unknown.
    Arithmetic {
        operator: Arithmetic,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// Days from the right date to the left.
    Days {
        left: Box<Node>,
        right: Box<Node>,
    },
    /// To `decimals` digits in the node's unit.
    Round {
        rounding: Rounding,
        decimals: u8,
        of: Box<Node>,
    },
    /// Numbers and dates have an order, other values only equality.
    Compare {
        comparison: Comparison,
        left: Box<Node>,
        right: Box<Node>,
    },
    /// Whether a set, list or range (its ends included) holds the item.
    Contains {
        item: Box<Node>,
        collection: Box<Node>,
    },
    And(Box<Node>, Box<Node>),
    Or(Box<Node>, Box<Node>),
    Not(Box<Node>),
    If {
        condition: Box<Node>,
        then: Box<Node>,
        otherwise: Box<Node>,
    },
    /// Whether the operand is neither unknown nor none. Never unknown.
    Known(Box<Node>),
    /// `of` if it is known, else `otherwise`.
    Default {
        of: Box<Node>,
        otherwise: Box<Node>,
    },
    /// The least or greatest of two or more.
    Extreme {
        extreme: Extreme,
        of: Vec<Node>,
    },
    /// The lower or upper end of a range.
    End {
        extreme: Extreme,
        of: Box<Node>,
    },
    /// Over the members of a group, by their quantities. In the body,
    /// [`Ref::Each`] of this group means the member at hand; a member that
    /// lacks one of `fields` (sorted) is left out.
    Aggregate {
        aggregate: Aggregate,
        group: Group,
        fields: Vec<Id>,
        /// None for the count of all members.
        body: Option<Box<Node>>,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extreme {
    Least,
    Greatest,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Aggregate {
    /// Each member's number times its quantity; 0 for none.
    Sum,
    /// How many, by quantity; with a body those for which it is true. 0 for
    /// none.
    Count,
    /// By quantity, 9 decimals in the node's unit; none for none.
    Average,
    /// None for none.
    Least,
    /// None for none.
    Greatest,
    /// False for none.
    Any,
    /// True for none.
    All,
}

impl Comparison {
    /// Whether the order of two operands satisfies it.
    pub fn holds(self, order: std::cmp::Ordering) -> bool {
        match self {
            Self::Equal => order.is_eq(),
            Self::NotEqual => order.is_ne(),
            Self::Less => order.is_lt(),
            Self::LessOrEqual => order.is_le(),
            Self::Greater => order.is_gt(),
            Self::GreaterOrEqual => order.is_ge(),
        }
    }
}

/// The figures and groups that a formula uses.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dependencies {
    pub refs: BTreeSet<Ref>,
    pub groups: BTreeSet<Group>,
}

impl Node {
    /// The operands, in the order of writing.
    pub fn operands(&self) -> Vec<&Node> {
        match &self.kind {
            Kind::Constant(_) | Kind::Figure(_) => Vec::new(),
            Kind::Negate(of) | Kind::Abs(of) | Kind::Not(of) | Kind::Known(of) => vec![of],
            Kind::Round { of, .. } | Kind::End { of, .. } => vec![of],
            Kind::Arithmetic { left, right, .. }
            | Kind::Days { left, right }
            | Kind::Compare { left, right, .. }
            | Kind::And(left, right)
            | Kind::Or(left, right) => vec![left, right],
            Kind::Contains { item, collection } => vec![item, collection],
            Kind::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            Kind::Default { of, otherwise } => vec![of, otherwise],
            Kind::Extreme { of, .. } => of.iter().collect(),
            Kind::Aggregate { body, .. } => body.iter().map(|body| &**body).collect(),
        }
    }

    /// The operands, to be changed.
    pub(super) fn operands_mut(&mut self) -> Vec<&mut Node> {
        match &mut self.kind {
            Kind::Constant(_) | Kind::Figure(_) => Vec::new(),
            Kind::Negate(of) | Kind::Abs(of) | Kind::Not(of) | Kind::Known(of) => vec![of],
            Kind::Round { of, .. } | Kind::End { of, .. } => vec![of],
            Kind::Arithmetic { left, right, .. }
            | Kind::Days { left, right }
            | Kind::Compare { left, right, .. }
            | Kind::And(left, right)
            | Kind::Or(left, right) => vec![left, right],
            Kind::Contains { item, collection } => vec![item, collection],
            Kind::If {
                condition,
                then,
                otherwise,
            } => vec![condition, then, otherwise],
            Kind::Default { of, otherwise } => vec![of, otherwise],
            Kind::Extreme { of, .. } => of.iter_mut().collect(),
            Kind::Aggregate { body, .. } => body.iter_mut().map(|body| &mut **body).collect(),
        }
    }

    /// Calls `visit` with this node and all below it.
    pub fn walk<'a>(&'a self, visit: &mut impl FnMut(&'a Node)) {
        visit(self);
        for operand in self.operands() {
            operand.walk(visit);
        }
    }

    /// The figures and groups that it uses.
    pub fn dependencies(&self) -> Dependencies {
        let mut found = Dependencies::default();
        self.walk(&mut |node| match &node.kind {
            Kind::Figure(reference) => {
                found.refs.insert(reference.clone());
            }
            Kind::Aggregate { group, .. } => {
                found.groups.insert(group.clone());
            }
            _ => {}
        });
        found
    }
}
