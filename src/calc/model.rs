//! What a calculator is: slots to fill, numbers to set, totals to reckon and
//! rules to keep. All formulas are checked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::diag::{Severity, Span, Spanned};
use crate::expr::{Expr, Id};
use crate::value::{Decimal, Type, Unit};

/// The calculator of a version.
#[derive(Clone, Debug)]
pub struct Calculator {
    pub title: Arc<str>,
    /// The path of its document, relative to `content/`.
    pub path: Arc<str>,
    pub span: Span,
    /// What readers may set of a part.
    pub own: Option<Own>,
    pub slots: Vec<Slot>,
    pub inputs: Vec<Input>,
    /// In the author's order.
    pub totals: Vec<Total>,
    /// Positions of the totals, each after those that it uses.
    pub order: Vec<usize>,
    pub rules: Vec<Rule>,
    /// The ids of slots, inputs and totals whose declarations have errors.
    pub lost: BTreeSet<Id>,
    /// Whether any may be, since some stand where they are not read.
    pub lost_any: bool,
    /// Whether one of these is a slot, whose fields are not known.
    pub lost_slot: bool,
}

/// The field whose figure readers may set for a part: its price in their shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Own {
    pub field: Id,
    /// A currency.
    pub unit: Unit,
    /// The most that may be set.
    pub most: Decimal,
    /// By category, the derived fields that depend on it.
    pub derived: BTreeMap<Id, BTreeSet<Id>>,
}

impl Own {
    /// Digits behind the point that may be set: those of the minor unit.
    pub fn decimals(&self) -> u8 {
        self.unit.currency().map_or(0, |(_, minor)| minor)
    }

    /// What is reckoned with if a reader sets `price`.
    pub fn settle(&self, price: Decimal) -> Decimal {
        price.round(self.decimals()).clamp(Decimal::ZERO, self.most)
    }
}

/// A place for components of one category.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its name in formulas.
    pub id: Spanned<Id>,
    pub label: Arc<str>,
    pub category: Id,
    /// How many parts it holds at least and at most, by quantity.
    pub min: u32,
    pub max: u32,
    pub help: Option<Arc<str>>,
}

impl Slot {
    /// Whether it holds one part at most, so that its figures need no
    /// aggregate.
    pub fn is_single(&self) -> bool {
        self.max == 1
    }
}

/// A number that the reader may set.
#[derive(Clone, Debug)]
pub struct Input {
    pub id: Spanned<Id>,
    pub label: Arc<str>,
    pub unit: Unit,
    /// Digits behind the point that it may have.
    pub decimals: u8,
    /// All three in its unit.
    pub default: Decimal,
    pub min: Decimal,
    pub max: Decimal,
    pub help: Option<Arc<str>>,
}

/// A number about a build.
#[derive(Clone, Debug)]
pub struct Total {
    pub id: Spanned<Id>,
    pub label: Arc<str>,
    pub formula: Spanned<Arc<str>>,
    pub expr: Expr,
    /// In which it is rounded, once, and shown.
    pub unit: Unit,
    pub decimals: u8,
    pub help: Option<Arc<str>>,
}

impl Total {
    /// The type that other formulas see.
    pub fn ty(&self) -> Type {
        Type::Number {
            unit: self.unit.clone(),
            decimals: Some(self.decimals),
        }
    }
}

/// A condition that a build should satisfy.
#[derive(Clone, Debug)]
pub struct Rule {
    pub id: Spanned<Id>,
    pub label: Arc<str>,
    pub severity: Severity,
    pub require: Spanned<Arc<str>>,
    pub expr: Expr,
    /// What to say where it is broken.
    pub message: Message,
    pub help: Option<Arc<str>>,
}

/// A text with figures in it.
#[derive(Clone, Debug)]
pub struct Message {
    /// As it was written.
    pub source: Spanned<Arc<str>>,
    pub pieces: Vec<Piece>,
}

/// A piece of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(Arc<str>),
    /// What stood in `{{ … }}`.
    Figure(Expr),
}

impl Calculator {
    pub fn slot(&self, id: &str) -> Option<&Slot> {
        self.slots.iter().find(|slot| slot.id.value.as_ref() == id)
    }

    pub fn input(&self, id: &str) -> Option<&Input> {
        self.inputs
            .iter()
            .find(|input| input.id.value.as_ref() == id)
    }

    pub fn total(&self, id: &str) -> Option<&Total> {
        Some(&self.totals[self.total_position(id)?])
    }

    pub fn total_position(&self, id: &str) -> Option<usize> {
        self.totals
            .iter()
            .position(|total| total.id.value.as_ref() == id)
    }

    /// Whether an id is that of a slot, an input or a total that can't be read,
    /// which is reported.
    pub fn is_lost(&self, id: &str) -> bool {
        let is_declared =
            || self.slot(id).is_some() || self.input(id).is_some() || self.total(id).is_some();
        self.lost.contains(id) || self.lost_any && !is_declared()
    }

    pub fn rule(&self, id: &str) -> Option<&Rule> {
        self.rules.iter().find(|rule| rule.id.value.as_ref() == id)
    }
}

impl Message {
    /// The formulas in it, in order.
    pub fn figures(&self) -> impl Iterator<Item = &Expr> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Text(_) => None,
            Piece::Figure(expr) => Some(expr),
        })
    }

    /// A formula of the message, with its own place where it can be found.
    pub fn place_of(&self, formula: &str) -> Spanned<Arc<str>> {
        place_within(formula, &self.source)
    }
}

/// A formula within a longer text, with its own place where it can be found.
pub(super) fn place_within(formula: &str, whole: &Spanned<Arc<str>>) -> Spanned<Arc<str>> {
    let at = whole
        .span
        .text()
        .find(formula)
        .filter(|_| !formula.is_empty());
    let span = match at {
        Some(at) => whole.span.part(at..at + formula.len()),
        None => whole.span.clone(),
    };
    Spanned::new(formula.into(), span)
}
