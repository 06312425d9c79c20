//! Aggregates: a loop for each category that a group draws from, and what the
//! loops have found put together.

use wasm_encoder::Instruction as I;

use super::code::{Local, at};
use super::found::Found;
use super::lower::{Lower, Lowered, Member, address, too_large};
use super::number::{Fixed, TooLarge};
use super::place::{KNOWN, NONE, Place, Shape};
use crate::calc::Selection;
use crate::catalog::Category;
use crate::expr::ir::{Aggregate, Kind, Node};
use crate::expr::{ExprError, Group, Id};
use crate::value::Unit;

/// The components of one category that an aggregate goes over.
struct Run {
    category: Id,
    /// How many components the category has.
    count: i32,
    quantities: Quantities,
    /// The most that all quantities come to.
    most: i128,
    own: bool,
}

/// How often each component counts.
enum Quantities {
    /// Once.
    One,
    /// As a slot's cells say: 32 bits each.
    Cells(u32),
    /// Once, if a slot's cell says that it is the one.
    Single(u32),
}

impl Lower<'_> {
    pub(super) fn aggregate(&mut self, node: &Node) -> Lowered {
        let Kind::Aggregate {
            aggregate,
            group,
            fields,
            body,
        } = &node.kind
        else {
            return Err(too_large(node)(TooLarge));
        };
        if let Some(body) = body {
            self.hoist(body)?;
        }
        let mut all: Option<Found> = None;
        for run in self.runs(group, fields) {
            let found = self.run(&run, *aggregate, fields, body.as_deref(), node)?;
            all = Some(match all {
                None => found,
                Some(all) => self
                    .merge(*aggregate, all, found)
                    .map_err(too_large(node))?,
            });
        }
        match all {
            Some(found) => self
                .conclude(*aggregate, found, node)
                .map_err(too_large(node)),
            None => Ok(self.nothing(*aggregate, node)),
        }
    }

    /// Reckons the aggregates within a body before its loop: they don't depend
    /// on the member that the loop is at.
    fn hoist(&mut self, body: &Node) -> Result<(), ExprError> {
        if let Kind::Aggregate { .. } = &body.kind {
            if !self.hoisted.contains_key(&address(body)) {
                let place = self.aggregate(body)?;
                self.hoisted.insert(address(body), place);
            }
            return Ok(());
        }
        body.operands()
            .into_iter()
            .try_for_each(|of| self.hoist(of))
    }

    /// What an aggregate is over nothing at all.
    fn nothing(&mut self, aggregate: Aggregate, node: &Node) -> Place {
        let value = self.code.i64((aggregate == Aggregate::All).into()).keep();
        let one = Unit::one();
        let unit = node.ty.unit().unwrap_or(&one);
        let zero = Fixed {
            step: unit.factor(),
            offset: unit.offset(),
            low: 0,
            high: 0,
        };
        let (shape, none) = match aggregate {
            Aggregate::Any | Aggregate::All => (Shape::Bool, false),
            Aggregate::Sum | Aggregate::Count => (Shape::Number(zero), false),
            _ if node.ty.unit().is_some() => (Shape::Number(zero), true),
            _ => (Shape::Date, true),
        };
        let status = none.then(|| self.code.i32(NONE).keep_narrow());
        Place::known(value, shape).with_status(status)
    }

    /// The categories that a group draws from, where they have all fields.
    fn runs(&mut self, group: &Group, fields: &[Id]) -> Vec<Run> {
        let slots = &self.source.calculator.slots;
        let positions = |slot: &Id| slots.iter().position(|s| s.id.value == *slot);
        let runs: Vec<Option<Run>> = match group {
            Group::Category(category) => vec![self.found(category).map(|found| Run {
                category: category.clone(),
                count: count_of(found),
                quantities: Quantities::One,
                most: found.components.len() as i128,
                own: false,
            })],
            Group::Slot(slot) => positions(slot)
                .into_iter()
                .map(|position| self.slot_run(position))
                .collect(),
            Group::Parts => (0..slots.len())
                .map(|position| self.slot_run(position))
                .collect(),
            Group::BuildSlot { build, slot } => {
                let position = positions(slot);
                position
                    .into_iter()
                    .map(|position| self.build_run(build, position))
                    .collect()
            }
            Group::BuildParts { build } => (0..slots.len())
                .map(|position| self.build_run(build, position))
                .collect(),
        };
        let has_all = |run: &Run| {
            let found = self.found(&run.category);
            found.is_some_and(|found| fields.iter().all(|field| found.field(field).is_some()))
        };
        runs.into_iter()
            .flatten()
            .filter(|run| run.count > 0 && has_all(run))
            .collect()
    }

    fn found(&self, category: &Id) -> Option<&Category> {
        self.source.catalog.category(category)
    }

    fn slot_run(&self, position: usize) -> Option<Run> {
        let slot = &self.source.calculator.slots[position];
        let found = self.found(&slot.category)?;
        let cell = self.source.cells.slots[position];
        let most = found.components.len() as i128 * i128::from(slot.max);
        Some(Run {
            category: slot.category.clone(),
            count: count_of(found),
            quantities: match slot.is_single() {
                true => Quantities::Single(cell),
                false => Quantities::Cells(cell),
            },
            most: if slot.is_single() { 1 } else { most },
            own: true,
        })
    }

    /// A slot of a named build: quantities that don't change.
    fn build_run(&mut self, build: &Id, position: usize) -> Option<Run> {
        let slot = &self.source.calculator.slots[position];
        let selection = self.source.builds.selections.get(build)?;
        let found = self.source.catalog.category(&slot.category)?;
        let quantities = quantities(found, selection, &slot.id.value);
        let most = quantities
            .iter()
            .map(|quantity| i128::from(*quantity))
            .sum();
        Some(Run {
            category: slot.category.clone(),
            count: count_of(found),
            quantities: Quantities::Cells(self.shared.data.integers(&quantities, 4)),
            most,
            own: false,
        })
    }

    /// Loops over a run's members.
    fn run(
        &mut self,
        run: &Run,
        aggregate: Aggregate,
        fields: &[Id],
        body: Option<&Node>,
        node: &Node,
    ) -> Result<Found, ExprError> {
        let mut found = Found {
            value: self.code.i64(0).keep(),
            weight: self.code.i64(0).keep(),
            any: self.code.i32(0).keep_narrow(),
            status: self.code.i32(KNOWN).keep_narrow(),
            shape: Shape::Bool,
            most: run.most,
        };
        let member = Member {
            category: run.category.clone(),
            index: self.code.i32(0).keep_narrow(),
            own: run.own,
        };
        let quantity = self.code.wide();
        if let Quantities::Single(cell) = run.quantities {
            self.code
                .i32(0)
                .push(I::I32Load(at(cell, 2)))
                .set(member.index);
            self.code
                .get(member.index)
                .push(I::I64ExtendI32U)
                .i64(0)
                .push(I::I64Ne);
            self.code.push(I::I64ExtendI32U).set(quantity);
            self.code
                .get(member.index)
                .i32(1)
                .push(I::I32Sub)
                .set(member.index);
            self.visit(
                &member,
                quantity,
                aggregate,
                (fields, body),
                &mut found,
                node,
            )?;
            return Ok(found);
        }
        self.code.block().repeat();
        self.code
            .get(member.index)
            .i32(run.count)
            .push(I::I32GeS)
            .push(I::BrIf(1));
        match run.quantities {
            Quantities::Cells(cell) => {
                self.indexed(member.index, 2)
                    .push(I::I64Load32U(at(cell, 2)))
                    .set(quantity);
            }
            _ => {
                self.code.i64(1).set(quantity);
            }
        }
        self.visit(
            &member,
            quantity,
            aggregate,
            (fields, body),
            &mut found,
            node,
        )?;
        self.code
            .get(member.index)
            .i32(1)
            .push(I::I32Add)
            .set(member.index);
        self.code.push(I::Br(0)).close().close();
        Ok(found)
    }

    /// Takes one member into account, unless it is not there.
    fn visit(
        &mut self,
        member: &Member,
        quantity: Local,
        aggregate: Aggregate,
        (fields, body): (&[Id], Option<&Node>),
        found: &mut Found,
        node: &Node,
    ) -> Result<(), ExprError> {
        self.code.get(quantity).i64(0).push(I::I64Ne).when();
        self.derived.push(std::collections::BTreeMap::new());
        let around = self.member.replace(member.clone());
        let result = self.visit_there(member, quantity, aggregate, (fields, body), found, node);
        self.member = around;
        self.derived.pop();
        self.code.close();
        result
    }

    fn visit_there(
        &mut self,
        member: &Member,
        quantity: Local,
        aggregate: Aggregate,
        (fields, body): (&[Id], Option<&Node>),
        found: &mut Found,
        node: &Node,
    ) -> Result<(), ExprError> {
        // A member that lacks a field is left out.
        let there = self.code.i32(1).keep_narrow();
        for field in fields {
            let Some(status) = self.field(member, field, node)?.status else {
                continue;
            };
            self.code
                .get(there)
                .get(status)
                .i32(NONE)
                .push(I::I32Ne)
                .push(I::I32And)
                .set(there);
        }
        self.code.get(there).when();
        let place = match body {
            Some(body) => self.node(body)?,
            None => Place::known(self.code.i64(1).keep(), Shape::Bool),
        };
        if let Some(status) = place.status
            && let Some(both) = self.both(Some(found.status), Some(status))
        {
            self.code.get(both).set(found.status);
        }
        found.shape = place.shape.clone();
        match aggregate {
            Aggregate::Sum | Aggregate::Count | Aggregate::Average => {
                self.code.get(place.value).get(quantity).push(I::I64Mul);
                self.code.get(found.value).push(I::I64Add).set(found.value);
                self.code
                    .get(found.weight)
                    .get(quantity)
                    .push(I::I64Add)
                    .set(found.weight);
            }
            Aggregate::Least | Aggregate::Greatest => {
                let test = if aggregate == Aggregate::Least {
                    I::I64LtS
                } else {
                    I::I64GtS
                };
                self.code.get(place.value).get(found.value);
                self.code.get(place.value).get(found.value).push(test);
                self.code.get(found.any).push(I::I32Eqz).push(I::I32Or);
                self.code.push(I::Select).set(found.value);
            }
            Aggregate::Any | Aggregate::All => {
                let decides = self.decides(aggregate == Aggregate::Any, &place);
                self.code.get(decides).push(I::I64ExtendI32U);
                self.code.get(found.value).push(I::I64Or).set(found.value);
            }
        }
        self.code.i32(1).set(found.any);
        self.code.close();
        Ok(())
    }
}

fn count_of(category: &Category) -> i32 {
    i32::try_from(category.components.len()).unwrap_or(0)
}

/// How often a selection has each component of a category in a slot.
fn quantities(category: &Category, selection: &Selection, slot: &str) -> Vec<i64> {
    let parts = selection.parts(slot);
    let quantity = |id: &Id| {
        parts
            .iter()
            .find(|(part, _)| part == id)
            .map_or(0, |(_, q)| *q)
    };
    let components = category.components.iter();
    components
        .map(|component| quantity(&component.id.value).into())
        .collect()
}
