//! Comparison, logic and choice.

use wasm_encoder::Instruction as I;

use super::code::at;
use super::lower::{Lower, Lowered, MEMBERSHIPS, STRIDE, too_large};
use super::number::{Fits, TooLarge};
use super::place::{KNOWN, Place, Shape};
use crate::expr::ir::{Comparison, Extreme, Node};

impl Lower<'_> {
    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &Node,
        right: &Node,
        node: &Node,
    ) -> Lowered {
        let (left, right) = (self.node(left)?, self.node(right)?);
        let (a, b, _) = self.aligned(&left, &right).map_err(too_large(node))?;
        let test = match comparison {
            Comparison::Equal => I::I64Eq,
            Comparison::NotEqual => I::I64Ne,
            Comparison::Less => I::I64LtS,
            Comparison::LessOrEqual => I::I64LeS,
            Comparison::Greater => I::I64GtS,
            Comparison::GreaterOrEqual => I::I64GeS,
        };
        let value = self.code.get(a.value).get(b.value).push(test).keep_truth();
        let status = self.both(a.status, b.status);
        Ok(Place::known(value, Shape::Bool).with_status(status))
    }

    pub(super) fn contains(&mut self, item: &Node, collection: &Node, node: &Node) -> Lowered {
        let (item, collection) = (self.node(item)?, self.node(collection)?);
        let value = match (&collection.shape, collection.upper) {
            (Shape::Range(range), Some(upper)) => {
                let low = Place::known(collection.value, Shape::Number(range.clone()));
                let high = Place::known(upper, Shape::Number(range.clone()));
                let (x, low, _) = self.aligned(&item, &low).map_err(too_large(node))?;
                self.code.get(low.value).get(x.value).push(I::I64LeS);
                let above = self.code.keep_narrow();
                let (x, high, _) = self.aligned(&item, &high).map_err(too_large(node))?;
                self.code.get(x.value).get(high.value).push(I::I64LeS);
                self.code.get(above).push(I::I32And).keep_truth()
            }
            _ => {
                self.code.get(collection.value).push(I::I32WrapI64);
                self.code.push(I::GlobalGet(STRIDE)).push(I::I32Mul);
                self.code
                    .get(item.value)
                    .push(I::I32WrapI64)
                    .push(I::I32Add);
                self.code.push(I::GlobalGet(MEMBERSHIPS)).push(I::I32Add);
                self.code.push(I::I64Load8U(at(0, 0))).keep()
            }
        };
        let status = self.both(item.status, collection.status);
        Ok(Place::known(value, Shape::Bool).with_status(status))
    }

    /// `or` for `decisive` true, `and` for false: one decisive operand that is
    /// known decides, whatever the other one is.
    pub(super) fn kleene(&mut self, decisive: bool, left: &Place, right: &Place) -> Place {
        let operator = if decisive { I::I64Or } else { I::I64And };
        let value = self
            .code
            .get(left.value)
            .get(right.value)
            .push(operator)
            .keep();
        let Some(status) = self.both(left.status, right.status) else {
            return Place::known(value, Shape::Bool);
        };
        let a = self.decides(decisive, left);
        let b = self.decides(decisive, right);
        let decided = self.code.get(a).get(b).push(I::I32Or).keep_narrow();
        // What is missing has some value, which must not tip the result.
        let decision = self.code.i64(decisive.into()).keep();
        let value = self.choose(decision, value, decided);
        let status = self
            .code
            .i32(KNOWN)
            .get(status)
            .get(decided)
            .push(I::Select)
            .keep_narrow();
        Place::known(value, Shape::Bool).with_status(Some(status))
    }

    /// Whether an operand is known and decisive.
    pub(super) fn decides(&mut self, decisive: bool, of: &Place) -> u32 {
        self.code.get(of.value).i64(decisive.into()).push(I::I64Eq);
        if let Some(status) = of.status {
            self.code.get(status).push(I::I32Eqz).push(I::I32And);
        }
        self.code.keep_narrow()
    }

    pub(super) fn either(
        &mut self,
        condition: &Place,
        then: &Place,
        otherwise: &Place,
        node: &Node,
    ) -> Lowered {
        let (a, b, shape) = self.aligned(then, otherwise).map_err(too_large(node))?;
        let flag = self
            .code
            .get(condition.value)
            .push(I::I32WrapI64)
            .keep_narrow();
        let value = self.choose(a.value, b.value, flag);
        let upper = a.upper.zip(b.upper).map(|(a, b)| self.choose(a, b, flag));
        let branch = match (a.status, b.status) {
            (None, None) => None,
            (x, y) => {
                for status in [x, y] {
                    match status {
                        Some(status) => self.code.get(status),
                        None => self.code.i32(KNOWN),
                    };
                }
                Some(self.code.get(flag).push(I::Select).keep_narrow())
            }
        };
        let status = match (condition.status, branch) {
            (Some(condition), Some(branch)) => {
                self.code
                    .get(condition)
                    .get(branch)
                    .get(condition)
                    .push(I::Select);
                Some(self.code.keep_narrow())
            }
            (status, branch) => status.or(branch),
        };
        Ok(Place {
            value,
            upper,
            status,
            shape,
        })
    }

    /// The first place where it is known, else the second.
    pub(super) fn instead(&mut self, of: &Place, otherwise: &Place, node: &Node) -> Lowered {
        let Some(missing) = of.status else {
            return Ok(of.clone());
        };
        let (a, b, shape) = self.aligned(of, otherwise).map_err(too_large(node))?;
        let value = self.choose(b.value, a.value, missing);
        let upper = a
            .upper
            .zip(b.upper)
            .map(|(a, b)| self.choose(b, a, missing));
        let status = b.status.map(|status| {
            self.code
                .get(status)
                .i32(KNOWN)
                .get(missing)
                .push(I::Select)
                .keep_narrow()
        });
        Ok(Place {
            value,
            upper,
            status,
            shape,
        })
    }

    pub(super) fn extreme(&mut self, extreme: Extreme, of: &[Node], node: &Node) -> Lowered {
        let mut best: Option<Place> = None;
        for of in of {
            let next = self.node(of)?;
            best = Some(match best {
                None => next,
                Some(best) => self
                    .better(extreme, &best, &next)
                    .map_err(too_large(node))?,
            });
        }
        best.ok_or(TooLarge).map_err(too_large(node))
    }

    /// The lesser or greater of two places; missing if one is.
    pub(super) fn better(&mut self, extreme: Extreme, best: &Place, next: &Place) -> Fits<Place> {
        let (a, b, shape) = self.aligned(best, next)?;
        let test = match extreme {
            Extreme::Least => I::I64LtS,
            Extreme::Greatest => I::I64GtS,
        };
        let flag = self.code.get(b.value).get(a.value).push(test).keep_narrow();
        let value = self.choose(b.value, a.value, flag);
        let status = self.both(a.status, b.status);
        Ok(Place::known(value, shape).with_status(status))
    }
}
