//! Where the evaluator gets its figures.

use super::scope::{Group, Id, Ref};
use crate::value::Operand;

/// One of the components that an aggregate goes over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Member {
    /// The slot that holds it; none for members of a category.
    pub slot: Option<Id>,
    pub category: Id,
    pub component: Id,
    /// How often it counts.
    pub quantity: u64,
}

/// The figures of a formula's names.
pub trait Env {
    /// The figure that a name means; numbers in any unit of the right
    /// dimension.
    fn value(&self, reference: &Ref) -> Operand;

    /// The members of a group, in a stable order.
    fn members(&self, group: &Group) -> Vec<Member>;

    /// A member's field; none if its category has no such field.
    fn member_value(&self, group: &Group, member: &Member, field: &str) -> Operand;
}
