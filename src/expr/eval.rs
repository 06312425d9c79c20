//! The reference evaluator: a checked formula and an [`Env`] to a value.
//!
//! Numbers are exact fractions in the unit of their node, so that nothing is
//! rounded but where the language says so. What the compiler to WASM makes is
//! measured against this.

mod operators;

use std::cell::RefCell;
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use super::ir::{Aggregate, Extreme, Kind, Node};
use super::{Env, Group, Id, Member, Ref};
use crate::value::{
    Date, Operand, QUOTIENT_DECIMALS, Quantity, QuantityRange, Ratio, Reason, Type, Unit, Value,
    convert,
};

/// A value in the midst of a calculation. Numbers are in the unit of their
/// node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Item {
    Number(Ratio),
    Text(Arc<str>),
    Bool(bool),
    Date(Date),
    Set(Arc<BTreeSet<Arc<str>>>),
    List(Arc<[Arc<str>]>),
    Range(Ratio, Ratio),
}

/// Why there is no value. None is stronger than unknown: what does not apply
/// needs no figure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Missing {
    None,
    Unknown(Reason),
}

pub(super) type Outcome = Result<Item, Missing>;

/// Evaluates a node. `text` is the formula, for reasons.
pub(super) fn evaluate(node: &Node, text: &str, env: &dyn Env) -> Outcome {
    let aggregates = RefCell::default();
    let evaluator = Evaluator {
        text,
        env,
        member: None,
        aggregates: &aggregates,
    };
    evaluator.node(node)
}

/// Evaluates the body of an aggregate for each member of its group that has
/// its fields.
pub(super) fn by_member(
    (group, fields): (&Group, &[Id]),
    body: &Node,
    text: &str,
    env: &dyn Env,
) -> Vec<(Member, Outcome)> {
    let mut found = Vec::new();
    for member in env.members(group) {
        let lacks = |field: &Id| env.member_value(group, &member, field) == Operand::None;
        if member.quantity == 0 || fields.iter().any(lacks) {
            continue;
        }
        let evaluator = Evaluator {
            text,
            env,
            member: Some((group, &member)),
            aggregates: &RefCell::default(),
        };
        let outcome = evaluator.node(body);
        found.push((member, outcome));
    }
    found
}

/// A figure as a value in the node's unit. With `to`, numbers are rounded
/// once, to a unit and decimals; else they stay exact where their digits end
/// and have 9 decimals where they don't.
pub(super) fn operand(outcome: Outcome, ty: &Type, to: Option<(&Unit, u8)>) -> Operand {
    let item = match outcome {
        Ok(item) => item,
        Err(Missing::None) => return Operand::None,
        Err(Missing::Unknown(reason)) => return Operand::Unknown(reason),
    };
    let one = Unit::one();
    let from = ty.unit().unwrap_or(&one);
    let unit = to.map_or(from, |(unit, _)| unit);
    let number = |ratio: Ratio| {
        if !from.is_compatible(unit) {
            return None;
        }
        let moved = convert(ratio, from, unit)?;
        match to {
            Some((_, decimals)) => moved.round(decimals),
            None => moved
                .to_decimal()
                .or_else(|| moved.round(QUOTIENT_DECIMALS)),
        }
    };
    let value = match item {
        Item::Number(ratio) => {
            number(ratio).map(|number| Value::Number(Quantity::new(number, unit.clone())))
        }
        Item::Range(low, high) => match (number(low), number(high)) {
            (Some(low), Some(high)) => Some(Value::Range(QuantityRange {
                low,
                high,
                unit: unit.clone(),
            })),
            _ => None,
        },
        Item::Text(text) => Some(Value::Text(text)),
        Item::Bool(value) => Some(Value::Bool(value)),
        Item::Date(date) => Some(Value::Date(date)),
        Item::Set(set) => Some(Value::Set(set)),
        Item::List(list) => Some(Value::List(list)),
    };
    value.map_or_else(
        || Operand::unknown("it is too large to show"),
        Operand::Known,
    )
}

/// Puts operands together, of which all are needed: none if one is none, else
/// unknown if one is unknown.
fn all(outcomes: Vec<Outcome>) -> Result<Vec<Item>, Missing> {
    if outcomes.contains(&Err(Missing::None)) {
        return Err(Missing::None);
    }
    outcomes.into_iter().collect()
}

struct Evaluator<'a> {
    text: &'a str,
    env: &'a dyn Env,
    /// The member that the aggregate around this place is at.
    member: Option<(&'a Group, &'a Member)>,
    /// Aggregates by the address of their node. One within another does not
    /// depend on the other's member, so each is reckoned once.
    aggregates: &'a RefCell<HashMap<*const Node, Outcome>>,
}

impl Evaluator<'_> {
    fn node(&self, node: &Node) -> Outcome {
        match &node.kind {
            Kind::Constant(value) => self.value(value, node),
            Kind::Figure(reference) => self.figure(reference, node),
            Kind::Negate(of) => Ok(Item::Number(self.number(of, &node.ty)?.neg())),
            Kind::Abs(of) => Ok(Item::Number(self.number(of, &node.ty)?.abs())),
            Kind::Arithmetic {
                operator,
                left,
                right,
            } => self.arithmetic(*operator, left, right, node),
            Kind::Days { left, right } => match self.pair(left, right)? {
                (Item::Date(left), Item::Date(right)) => {
                    let days = left.days_since(right);
                    Ok(Item::Number(Ratio::integer(days.into())))
                }
                _ => Err(self.mistyped(node)),
            },
            Kind::Round {
                rounding,
                decimals,
                of,
            } => {
                let number = self.number(of, &node.ty)?;
                let rounded = number.round_to(*decimals, *rounding);
                self.fits(rounded.map(Ratio::from), node)
            }
            Kind::Compare {
                comparison,
                left,
                right,
            } => {
                let order = self.order(left, right, node)?;
                Ok(Item::Bool(comparison.holds(order)))
            }
            Kind::Contains { item, collection } => self.contains(item, collection, node),
            Kind::And(left, right) => self.kleene(false, [self.node(left), self.node(right)]),
            Kind::Or(left, right) => self.kleene(true, [self.node(left), self.node(right)]),
            Kind::Not(of) => Ok(Item::Bool(!self.truth(self.node(of)?, of)?)),
            Kind::If {
                condition,
                then,
                otherwise,
            } => match self.truth(self.node(condition)?, condition)? {
                true => self.converted(then, &node.ty),
                false => self.converted(otherwise, &node.ty),
            },
            // What a reported mistake hides is neither known nor missing.
            Kind::Known(of) => match self.node(of) {
                Err(Missing::Unknown(reason)) if reason.is_reported() => {
                    Err(Missing::Unknown(reason))
                }
                found => Ok(Item::Bool(found.is_ok())),
            },
            Kind::Default { of, otherwise } => match self.converted(of, &node.ty) {
                Ok(item) => Ok(item),
                Err(Missing::Unknown(reason)) if reason.is_reported() => {
                    Err(Missing::Unknown(reason))
                }
                Err(_) => self.converted(otherwise, &node.ty),
            },
            Kind::Extreme { extreme, of } => {
                let items = of.iter().map(|of| self.converted(of, &node.ty)).collect();
                self.pick(*extreme, all(items)?, node)
            }
            Kind::End { extreme, of } => match (self.converted(of, &node.ty)?, extreme) {
                (Item::Range(low, _), Extreme::Least) => Ok(Item::Number(low)),
                (Item::Range(_, high), Extreme::Greatest) => Ok(Item::Number(high)),
                _ => Err(self.mistyped(node)),
            },
            Kind::Aggregate {
                aggregate,
                group,
                fields,
                body,
            } => {
                let key = std::ptr::from_ref(node);
                if let Some(known) = self.aggregates.borrow().get(&key) {
                    return known.clone();
                }
                let outcome = self.aggregate(*aggregate, (group, fields), body.as_deref(), node);
                self.aggregates.borrow_mut().insert(key, outcome.clone());
                outcome
            }
        }
    }

    /// A value from outside, its numbers brought to the node's unit.
    fn value(&self, value: &Value, node: &Node) -> Outcome {
        let moved = |quantity: &Quantity| {
            let unit = node.ty.unit()?;
            let same = quantity.unit.is_compatible(unit);
            same.then(|| convert(quantity.number.into(), &quantity.unit, unit))
                .flatten()
        };
        match (value, &node.ty) {
            (Value::Number(quantity), Type::Number { .. }) => self.fits(moved(quantity), node),
            (Value::Range(range), Type::Range { .. }) => {
                match (moved(&range.lower()), moved(&range.upper())) {
                    (Some(low), Some(high)) => Ok(Item::Range(low, high)),
                    _ => Err(self.too_large(node)),
                }
            }
            (Value::Text(text), Type::Text { .. }) => Ok(Item::Text(Arc::clone(text))),
            (Value::Bool(value), Type::Bool) => Ok(Item::Bool(*value)),
            (Value::Date(date), Type::Date) => Ok(Item::Date(*date)),
            (Value::Set(set), Type::Set { .. }) => Ok(Item::Set(Arc::clone(set))),
            (Value::List(list), Type::List) => Ok(Item::List(Arc::clone(list))),
            _ => Err(self.mistyped(node)),
        }
    }

    fn figure(&self, reference: &Ref, node: &Node) -> Outcome {
        let operand = match (reference, self.member) {
            (Ref::Each { group, field }, Some((_, member))) => {
                self.env.member_value(group, member, field)
            }
            _ => self.env.value(reference),
        };
        match operand {
            Operand::Known(value) => self.value(&value, node),
            Operand::Unknown(reason) => Err(Missing::Unknown(reason)),
            Operand::None => Err(Missing::None),
        }
    }

    /// The node's item, its numbers brought to the unit of `ty`.
    fn converted(&self, of: &Node, ty: &Type) -> Outcome {
        let item = self.node(of)?;
        let (Some(from), Some(to)) = (of.ty.unit(), ty.unit()) else {
            return Ok(item);
        };
        match item {
            Item::Number(number) => self.fits(convert(number, from, to), of),
            Item::Range(low, high) => match (convert(low, from, to), convert(high, from, to)) {
                (Some(low), Some(high)) => Ok(Item::Range(low, high)),
                _ => Err(self.too_large(of)),
            },
            other => Ok(other),
        }
    }

    fn number(&self, of: &Node, ty: &Type) -> Result<Ratio, Missing> {
        match self.converted(of, ty)? {
            Item::Number(number) => Ok(number),
            _ => Err(self.mistyped(of)),
        }
    }

    fn aggregate(
        &self,
        aggregate: Aggregate,
        (group, fields): (&Group, &[Id]),
        body: Option<&Node>,
        node: &Node,
    ) -> Outcome {
        let mut outcomes = Vec::new();
        let mut quantities = Vec::new();
        for member in self.env.members(group) {
            let lacks = |field: &Id| self.env.member_value(group, &member, field) == Operand::None;
            if member.quantity == 0 || fields.iter().any(lacks) {
                continue;
            }
            let evaluator = Evaluator {
                member: Some((group, &member)),
                ..*self
            };
            outcomes.push(match body {
                Some(body) => evaluator.converted(body, &node.ty),
                None => Ok(Item::Bool(true)),
            });
            quantities.push(Ratio::integer(
                i64::try_from(member.quantity).unwrap_or(i64::MAX),
            ));
        }
        match aggregate {
            Aggregate::Any => return self.kleene(true, outcomes),
            Aggregate::All => return self.kleene(false, outcomes),
            Aggregate::Least => return self.pick(Extreme::Least, all(outcomes)?, node),
            Aggregate::Greatest => return self.pick(Extreme::Greatest, all(outcomes)?, node),
            Aggregate::Sum | Aggregate::Count | Aggregate::Average => {}
        }
        let mut total = Some(Ratio::ZERO);
        let mut weight = Some(Ratio::ZERO);
        for (item, quantity) in all(outcomes)?.into_iter().zip(quantities) {
            let number = match item {
                Item::Number(number) => number,
                Item::Bool(true) => Ratio::ONE,
                Item::Bool(false) => Ratio::ZERO,
                _ => return Err(self.mistyped(node)),
            };
            total = total.and_then(|total| total.checked_add(number.checked_mul(quantity)?));
            weight = weight.and_then(|weight| weight.checked_add(quantity));
        }
        if aggregate != Aggregate::Average {
            return self.fits(total, node);
        }
        if weight == Some(Ratio::ZERO) {
            return Err(Missing::None);
        }
        let average = total.zip(weight).and_then(|(total, weight)| {
            let average = total.checked_div(weight)?;
            average.round(QUOTIENT_DECIMALS).map(Ratio::from)
        });
        self.fits(average, node)
    }

    fn fits(&self, number: Option<Ratio>, node: &Node) -> Outcome {
        number.map(Item::Number).ok_or_else(|| self.too_large(node))
    }

    fn too_large(&self, node: &Node) -> Missing {
        let part = &self.text[node.range.clone()];
        Missing::Unknown(Reason::new(format!("`{part}` has more digits than fit")))
    }

    /// An [`Env`] gave another type than its [`Scope`](super::Scope) promised.
    fn mistyped(&self, node: &Node) -> Missing {
        let part = &self.text[node.range.clone()];
        Missing::Unknown(Reason::new(format!(
            "`{part}` is not {}",
            node.ty.describe()
        )))
    }
}
