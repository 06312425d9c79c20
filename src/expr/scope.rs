//! What names mean: the question that the checker asks, and the answers that
//! whoever owns the catalog gives.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;

use crate::value::{Type, Units};

/// An id or the name of a field.
pub type Id = Arc<str>;

/// One part of a dotted name, and the bytes of the formula where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Segment {
    pub text: Id,
    pub range: Range<usize>,
}

/// A figure that a name means.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ref {
    /// A component's own field.
    Own { field: Id },
    /// A field of a named component.
    Figure {
        category: Id,
        component: Id,
        field: Id,
    },
    /// A field of each member of a group; stands inside an aggregate alone.
    Each { group: Group, field: Id },
    /// A field of what a slot of one part holds.
    Slot { slot: Id, field: Id },
    /// The same of a named build.
    BuildSlot { build: Id, slot: Id, field: Id },
    /// A total of a named build.
    BuildTotal { build: Id, total: Id },
    /// A total of the build at hand.
    Total { id: Id },
    /// A number that the reader may set.
    Input { id: Id },
}

/// Several components that an aggregate goes over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// All components of a category, each once.
    Category(Id),
    /// What a slot holds, by quantity.
    Slot(Id),
    /// What all slots hold, by quantity.
    Parts,
    /// What a slot of a named build holds.
    BuildSlot { build: Id, slot: Id },
    /// What all slots of a named build hold.
    BuildParts { build: Id },
}

/// What a name was found to mean.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Resolved {
    pub reference: Ref,
    pub ty: Type,
}

/// Why a name means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NameError {
    /// Lower case, names in backticks.
    pub message: String,
    /// The first segment that is wrong.
    pub at: usize,
    pub help: Vec<String>,
    /// Whether the name is of something whose declaration has an error, which
    /// has been reported.
    pub reported: bool,
}

impl NameError {
    pub fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            at,
            help: Vec::new(),
            reported: false,
        }
    }

    /// A name whose declaration has an error that has been reported.
    pub fn reported(at: usize) -> Self {
        Self {
            reported: true,
            ..Self::new(at, "its declaration has an error")
        }
    }

    /// Adds lines of help.
    #[must_use]
    pub fn help(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.help.extend(lines);
        self
    }
}

/// What the names of a formula mean where it stands.
pub trait Scope {
    /// The figure that a name means.
    fn resolve(&self, path: &[Segment]) -> Result<Resolved, NameError>;

    /// The components that a name means in `count(…)`: a slot, a category,
    /// `parts`, `build.x.slot`. None if it means none.
    fn group(&self, path: &[Segment]) -> Option<Group>;

    /// What one part is called that is chosen from a group.
    fn one_of(&self, _: &Group) -> Option<Id> {
        None
    }

    /// The units that literals may have.
    fn units(&self) -> &Units;
}

/// As it is written in formulas: `frame.weight`, `build.basic.total.price`.
impl fmt::Display for Ref {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Own { field } => write!(f, "{field}"),
            Self::Figure {
                category,
                component,
                field,
            } => write!(f, "{category}.{component}.{field}"),
            Self::Each { group, field } => write!(f, "{group}.{field}"),
            Self::Slot { slot, field } => write!(f, "{slot}.{field}"),
            Self::BuildSlot { build, slot, field } => write!(f, "build.{build}.{slot}.{field}"),
            Self::BuildTotal { build, total } => write!(f, "build.{build}.total.{total}"),
            Self::Total { id } => write!(f, "total.{id}"),
            Self::Input { id } => write!(f, "input.{id}"),
        }
    }
}

impl fmt::Display for Group {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Category(id) | Self::Slot(id) => write!(f, "{id}"),
            Self::Parts => f.write_str("parts"),
            Self::BuildSlot { build, slot } => write!(f, "build.{build}.{slot}"),
            Self::BuildParts { build } => write!(f, "build.{build}.parts"),
        }
    }
}
