//! What operators make of values that are known or not.

use std::cmp::Ordering;

use super::{Evaluator, Item, Missing, Outcome, all};
use crate::expr::ir::{Arithmetic, Extreme, Node};
use crate::value::{QUOTIENT_DECIMALS, Ratio, Reason, Unit, convert, correction};

impl Evaluator<'_> {
    pub(super) fn pair(&self, left: &Node, right: &Node) -> Result<(Item, Item), Missing> {
        match (self.node(left), self.node(right)) {
            (Ok(left), Ok(right)) => Ok((left, right)),
            (Err(Missing::None), _) | (_, Err(Missing::None)) => Err(Missing::None),
            (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
        }
    }

    pub(super) fn arithmetic(
        &self,
        operator: Arithmetic,
        left: &Node,
        right: &Node,
        node: &Node,
    ) -> Outcome {
        let (Item::Number(a), Item::Number(b)) = self.pair(left, right)? else {
            return Err(self.mistyped(node));
        };
        let (Some(from_a), Some(from_b), Some(unit)) =
            (left.ty.unit(), right.ty.unit(), node.ty.unit())
        else {
            return Err(self.mistyped(node));
        };
        let result = match operator {
            Arithmetic::Add => sum((a, from_a), (b, from_b), unit),
            Arithmetic::Subtract => difference((a, from_a), (b, from_b), unit),
            Arithmetic::Multiply => a
                .checked_mul(b)
                .and_then(|product| product.checked_mul(correction(from_a, from_b, 1, unit)?)),
            Arithmetic::Divide if b.is_zero() => {
                let zero = &self.text[right.range.clone()];
                let reason = format!("division by zero: `{zero}` is 0");
                return Err(Missing::Unknown(Reason::new(reason)));
            }
            Arithmetic::Divide => a
                .checked_div(b)
                .and_then(|quotient| quotient.checked_mul(correction(from_a, from_b, -1, unit)?))
                .and_then(|quotient| quotient.round(QUOTIENT_DECIMALS))
                .map(Ratio::from),
        };
        self.fits(result, node)
    }

    pub(super) fn order(
        &self,
        left: &Node,
        right: &Node,
        node: &Node,
    ) -> Result<Ordering, Missing> {
        match self.pair(left, right)? {
            (Item::Number(a), Item::Number(b)) => {
                let (Some(from), Some(to)) = (right.ty.unit(), left.ty.unit()) else {
                    return Err(self.mistyped(node));
                };
                let b = convert(b, from, to).ok_or_else(|| self.too_large(right))?;
                Ok(a.cmp(&b))
            }
            (Item::Date(a), Item::Date(b)) => Ok(a.cmp(&b)),
            (Item::Text(a), Item::Text(b)) => Ok(a.cmp(&b)),
            (Item::Bool(a), Item::Bool(b)) => Ok(a.cmp(&b)),
            (Item::Set(a), Item::Set(b)) => Ok(a.cmp(&b)),
            _ => Err(self.mistyped(node)),
        }
    }

    pub(super) fn contains(&self, item: &Node, collection: &Node, node: &Node) -> Outcome {
        let holds = match self.pair(item, collection)? {
            (Item::Text(text), Item::Set(set)) => set.contains(&text),
            (Item::Text(text), Item::List(list)) => list.contains(&text),
            (Item::Number(number), Item::Range(low, high)) => {
                let (Some(from), Some(to)) = (item.ty.unit(), collection.ty.unit()) else {
                    return Err(self.mistyped(node));
                };
                let number = convert(number, from, to).ok_or_else(|| self.too_large(item))?;
                low <= number && number <= high
            }
            _ => return Err(self.mistyped(node)),
        };
        Ok(Item::Bool(holds))
    }

    pub(super) fn truth(&self, item: Item, node: &Node) -> Result<bool, Missing> {
        match item {
            Item::Bool(value) => Ok(value),
            _ => Err(self.mistyped(node)),
        }
    }

    /// `or` for `decisive` true, `and` for false: one decisive operand decides,
    /// whatever the others are.
    pub(super) fn kleene(
        &self,
        decisive: bool,
        outcomes: impl IntoIterator<Item = Outcome>,
    ) -> Outcome {
        let outcomes: Vec<Outcome> = outcomes.into_iter().collect();
        if outcomes.contains(&Ok(Item::Bool(decisive))) {
            return Ok(Item::Bool(decisive));
        }
        all(outcomes)?;
        Ok(Item::Bool(!decisive))
    }

    pub(super) fn pick(&self, extreme: Extreme, items: Vec<Item>, node: &Node) -> Outcome {
        let mut best: Option<Item> = None;
        for item in items {
            let order = match (&item, &best) {
                (_, None) => Ordering::Less,
                (Item::Number(a), Some(Item::Number(b))) => a.cmp(b),
                (Item::Date(a), Some(Item::Date(b))) => a.cmp(b),
                _ => return Err(self.mistyped(node)),
            };
            let better = match extreme {
                Extreme::Least => order.is_lt(),
                Extreme::Greatest => order.is_gt(),
            };
            if better || best.is_none() {
                best = Some(item);
            }
        }
        best.ok_or(Missing::None)
    }
}

/// A sum of numbers or of a point and a difference, in `unit`.
pub(super) fn sum(
    (a, from_a): (Ratio, &Unit),
    (b, from_b): (Ratio, &Unit),
    unit: &Unit,
) -> Option<Ratio> {
    match (from_a.is_point(), from_b.is_point()) {
        (true, false) => shifted(a, from_a, b, from_b),
        (false, true) => shifted(b, from_b, a, from_a),
        _ => convert(a, from_a, unit)?.checked_add(convert(b, from_b, unit)?),
    }
}

/// A point moved by a difference, in the point's unit.
fn shifted(point: Ratio, unit: &Unit, by: Ratio, from: &Unit) -> Option<Ratio> {
    let scale = from.factor().checked_div(unit.factor())?;
    point.checked_add(by.checked_mul(scale)?)
}

/// A difference of numbers, of two points, or of a point and a difference, in
/// `unit`.
fn difference(
    (a, from_a): (Ratio, &Unit),
    (b, from_b): (Ratio, &Unit),
    unit: &Unit,
) -> Option<Ratio> {
    if !from_a.is_point() {
        return convert(a, from_a, unit)?.checked_sub(convert(b, from_b, unit)?);
    }
    if !from_b.is_point() {
        return shifted(a, from_a, b.neg(), from_b);
    }
    let apart = a.checked_sub(convert(b, from_b, from_a)?)?;
    apart.checked_mul(from_a.factor().checked_div(unit.factor())?)
}
