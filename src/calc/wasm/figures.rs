//! Where the figures of a formula come from: cells of totals and inputs, columns
//! of the catalog, what the reader set, and what is derived from that.

use wasm_encoder::Instruction as I;

use super::code::{Local, at};
use super::columns::{Column, Integers};
use super::lower::{Lower, Lowered, Member, Shared, decimal_step, overflow, too_large};
use super::number::Fixed;
use super::place::{KNOWN, NONE, Place, Shape};
use crate::calc::PageFigures;
use crate::expr::ir::Node;
use crate::expr::{Env, Expr, ExprError, Id, Ref};
use crate::value::{Operand, Ratio, Rounding, Type};

impl Lower<'_> {
    pub(super) fn figure(&mut self, reference: &Ref, node: &Node) -> Lowered {
        match (reference, self.member.clone(), self.own.clone()) {
            (Ref::Each { field, .. }, Some(member), _) => self.field(&member, field, node),
            (Ref::Own { field }, _, Some(own)) => self.field(&own, field, node),
            (Ref::Slot { slot, field }, ..) => self.slot_figure(slot, field, node),
            (Ref::Total { id }, ..) => self.total(id, node),
            (Ref::Input { id }, ..) => self.input(id, node),
            _ => {
                let figures = PageFigures {
                    catalog: self.source.catalog,
                    calculator: Some(self.source.calculator),
                    builds: self.source.builds,
                    own: None,
                };
                let operand = figures.value(reference);
                self.constant(&operand, node)
            }
        }
    }

    fn total(&mut self, id: &Id, node: &Node) -> Lowered {
        let position = self.source.calculator.total_position(id);
        let known = position.zip(self.shared.totals.get(id).cloned());
        let Some((position, (fixed, missing))) = known else {
            return Err(overflow(node.range.clone()));
        };
        let cells = self.source.cells;
        let (value, output) = (cells.total_values[position], cells.totals[position]);
        let value = self.code.i32(0).push(I::I64Load(at(value, 3))).keep();
        let status = missing.then(|| {
            self.code
                .i32(0)
                .push(I::I32Load(at(output + 16, 2)))
                .keep_narrow()
        });
        Ok(Place::known(value, Shape::Number(fixed)).with_status(status))
    }

    fn input(&mut self, id: &Id, node: &Node) -> Lowered {
        let inputs = &self.source.calculator.inputs;
        let position = inputs.iter().position(|input| input.id.value == *id);
        let Some(position) = position else {
            return Err(overflow(node.range.clone()));
        };
        let input = &inputs[position];
        let bound = |number: crate::value::Decimal| number.to_integer(input.decimals);
        let (Some(low), Some(high)) = (bound(input.min), bound(input.max)) else {
            return Err(overflow(node.range.clone()));
        };
        let fixed = decimal_step(&input.unit, input.decimals)
            .and_then(|step| Fixed::new(step, input.unit.offset(), low, high))
            .map_err(too_large(node))?;
        let cell = self.source.cells.input_values[position];
        let value = self.code.i32(0).push(I::I64Load(at(cell, 3))).keep();
        Ok(Place::known(value, Shape::Number(fixed)))
    }

    /// A field of the part in a slot of one.
    fn slot_figure(&mut self, slot: &Id, field: &Id, node: &Node) -> Lowered {
        let slots = &self.source.calculator.slots;
        let Some(position) = slots.iter().position(|s| s.id.value == *slot) else {
            return Err(overflow(node.range.clone()));
        };
        let cell = self.source.cells.slots[position];
        // An empty slot reads the first component's figure and says none.
        let chosen = self.code.i32(0).push(I::I32Load(at(cell, 2))).keep_narrow();
        self.code
            .get(chosen)
            .i32(1)
            .push(I::I32Sub)
            .i32(0)
            .get(chosen);
        let index = self.code.push(I::Select).keep_narrow();
        let category = slots[position].category.clone();
        let empty = self
            .source
            .catalog
            .category(&category)
            .is_none_or(|c| c.components.is_empty());
        if empty {
            return self.constant(&Operand::None, node);
        }
        let member = Member {
            category,
            index,
            own: true,
        };
        let place = self.field(&member, field, node)?;
        // Not with `i32.eqz` and the operands exchanged: wasmi 2.0.0 misjudges a
        // constant first operand there.
        match place.status {
            Some(status) => self.code.get(status),
            None => self.code.i32(KNOWN),
        };
        let status = self
            .code
            .i32(NONE)
            .get(chosen)
            .push(I::Select)
            .keep_narrow();
        Ok(self.with_zero(place).with_status(Some(status)))
    }

    /// The same place with bounds that include zero.
    fn with_zero(&self, place: Place) -> Place {
        let shape = match &place.shape {
            Shape::Number(fixed) => Shape::Number(fixed.or_zero()),
            other => other.clone(),
        };
        Place { shape, ..place }
    }

    /// A member's field: from its column, from the reader, or reckoned from
    /// what the reader set.
    pub(super) fn field(&mut self, member: &Member, field: &Id, node: &Node) -> Lowered {
        let own = self.source.calculator.own.as_ref().filter(|_| member.own);
        let Some(own) = own else {
            return self.column(member, field, node);
        };
        if own.field == *field && self.source.cells.owns.contains_key(&member.category) {
            return self.own_price(member, field, node);
        }
        let derived = own
            .derived
            .get(&member.category)
            .is_some_and(|d| d.contains(field));
        if !derived {
            return self.column(member, field, node);
        }
        let key = (member.index, field.clone());
        if let Some(place) = self.derived.iter().rev().find_map(|known| known.get(&key)) {
            return Ok(place.clone());
        }
        let declared = self
            .source
            .catalog
            .category(&member.category)
            .and_then(|c| c.field(field));
        let Some((declared, expr)) = declared.and_then(|d| Some((d, d.expr.as_ref()?))) else {
            return Err(overflow(node.range.clone()));
        };
        let place = self.derived_field(member, expr, &declared.ty, node)?;
        if let Some(known) = self.derived.last_mut() {
            known.insert(key, place.clone());
        }
        Ok(place)
    }

    /// Reckons a derived field for the member at hand, if the reader set its
    /// price; else it is as the catalog has it.
    fn derived_field(&mut self, member: &Member, expr: &Expr, ty: &Type, node: &Node) -> Lowered {
        let around = self.member.take();
        let before = self.own.replace(member.clone());
        let hoisted = std::mem::take(&mut self.hoisted);
        let place = self.node(expr.root()).and_then(|place| match ty {
            Type::Number { unit, decimals } => {
                let decimals = decimals.unwrap_or(crate::calc::SHOWN_DECIMALS);
                self.round_in(&place, unit, decimals, Rounding::Nearest)
                    .map_err(too_large(node))
            }
            _ => Ok(place),
        });
        self.member = around;
        self.own = before;
        self.hoisted = hoisted;
        place.map_err(|error| ExprError {
            range: node.range.clone(),
            ..error
        })
    }

    fn own_price(&mut self, member: &Member, field: &Id, node: &Node) -> Lowered {
        let published = self.column(member, field, node)?;
        let Some(own) = &self.source.calculator.own else {
            return Ok(published);
        };
        let cells = self.source.cells.owns[&member.category];
        let most = own.most.to_integer(own.decimals()).unwrap_or(0);
        let fixed = decimal_step(&own.unit, own.decimals())
            .and_then(|step| Fixed::new(step, Ratio::ZERO, 0, most))
            .map_err(too_large(node))?;
        let flag = self
            .indexed(member.index, 2)
            .push(I::I32Load(at(cells.flags, 2)))
            .keep_narrow();
        let value = self
            .indexed(member.index, 3)
            .push(I::I64Load(at(cells.values, 3)))
            .keep();
        let set = Place::known(value, Shape::Number(fixed));
        let (set, published, shape) = self.aligned(&set, &published).map_err(too_large(node))?;
        let value = self.choose(set.value, published.value, flag);
        let status = published.status.map(|status| {
            self.code
                .i32(KNOWN)
                .get(status)
                .get(flag)
                .push(I::Select)
                .keep_narrow()
        });
        Ok(Place::known(value, shape).with_status(status))
    }

    /// A member's figure as the catalog has it.
    fn column(&mut self, member: &Member, field: &Id, node: &Node) -> Lowered {
        let Shared { columns, data, .. } = self.shared;
        let column = columns
            .get((&member.category, field), self.source.catalog, data)
            .map_err(too_large(node))?;
        Ok(self.load(&column, member.index))
    }

    fn load(&mut self, column: &Column, index: Local) -> Place {
        let value = self.load_integer(column.values, index);
        let upper = column.upper.map(|upper| self.load_integer(upper, index));
        let status = column.status.map(|status| {
            self.code
                .get(index)
                .push(I::I32Load8U(at(status, 0)))
                .keep_narrow()
        });
        Place {
            value,
            upper,
            status,
            shape: column.shape.clone(),
        }
    }

    fn load_integer(&mut self, integers: Integers, index: Local) -> Local {
        let place = at(integers.at, integers.align);
        let load = match integers.align {
            0 => I::I64Load8S(place),
            1 => I::I64Load16S(place),
            2 => I::I64Load32S(place),
            _ => I::I64Load(place),
        };
        self.indexed(index, integers.align).push(load).keep()
    }
}
