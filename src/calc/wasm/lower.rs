//! A checked formula to instructions. Code is straight: both branches of an
//! `if` are reckoned and one is taken, so that nothing depends on the way that
//! was gone. Loops are those of aggregates alone.

use std::collections::BTreeMap;
use std::ops::Range;

use wasm_encoder::Instruction as I;

use super::cells::Cells;
use super::code::{Code, Local, at};
use super::columns::{Column, Columns, Integers, encode, status};
use super::data::Data;
use super::number::{Fits, Fixed, Move, TooLarge};
use super::place::{KNOWN, Place, Shape};
use crate::calc::{Builds, Calculator, PageFigures};
use crate::catalog::Catalog;
use crate::diag::Code as DiagnosticCode;
use crate::expr::ir::{Extreme, Kind, Node};
use crate::expr::{Env, Expr, ExprError, Id, Ref};
use crate::value::{Operand, Ratio, Rounding, Type, Unit};

/// Numbers of the module's functions and globals that formulas use.
pub(super) const ROUND_NEAREST: u32 = 0;
pub(super) const ROUND_FLOOR: u32 = 1;
pub(super) const ROUND_CEIL: u32 = 2;
pub(super) const MEMBERSHIPS: u32 = 0;
pub(super) const STRIDE: u32 = 1;

/// Everything that formulas are lowered against.
pub(super) struct Source<'a> {
    pub calculator: &'a Calculator,
    pub catalog: &'a Catalog,
    pub builds: &'a Builds,
    pub cells: &'a Cells,
}

/// What lowering adds to: shared by all formulas of a module.
#[derive(Default)]
pub(super) struct Shared {
    pub data: Data,
    pub columns: Columns,
    /// By total: its bounds and whether it may be missing.
    pub totals: BTreeMap<Id, (Fixed, bool)>,
}

/// One formula while it is lowered.
pub(super) struct Lower<'a> {
    pub source: &'a Source<'a>,
    pub shared: &'a mut Shared,
    pub code: Code,
    /// The component that the aggregate around this place is at.
    pub(super) member: Option<Member>,
    /// The component whose derived field this is.
    own: Option<Member>,
    /// Aggregates that were reckoned before the loop around this place, by the
    /// address of their node.
    pub(super) hoisted: BTreeMap<usize, Place>,
    /// Derived figures that were reckoned at a place that comes before this
    /// one on every way.
    pub(super) derived: Vec<BTreeMap<(Local, Id), Place>>,
}

/// A component while the module runs.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub category: Id,
    /// 32 bits: its position in the category.
    pub index: Local,
    /// Whether the reader's own price counts.
    pub own: bool,
}

pub(super) type Lowered = Result<Place, ExprError>;

/// A node's place in its formula, for errors.
pub(super) fn too_large(node: &Node) -> impl Fn(TooLarge) -> ExprError {
    let range = node.range.clone();
    move |TooLarge| overflow(range.clone())
}

fn overflow(range: Range<usize>) -> ExprError {
    let message = "given the figures of this site, this can exceed 64 bits";
    ExprError::new(DiagnosticCode::Overflow, range, message)
        .help("round a factor or a quotient before it goes on, as in `round(a / b, 4)`")
}

impl<'a> Lower<'a> {
    pub fn new(source: &'a Source<'a>, shared: &'a mut Shared) -> Self {
        Self {
            source,
            shared,
            code: Code::default(),
            member: None,
            own: None,
            hoisted: BTreeMap::new(),
            derived: vec![BTreeMap::new()],
        }
    }

    /// Lowers a node; its value is in locals afterwards.
    pub fn node(&mut self, node: &Node) -> Lowered {
        if self.code.is_too_long() {
            let message = "this formula is too long to compile";
            return Err(ExprError::new(
                DiagnosticCode::Limit,
                node.range.clone(),
                message,
            ));
        }
        match &node.kind {
            Kind::Constant(value) => self.constant(&Operand::Known(value.clone()), node),
            Kind::Figure(reference) => self.figure(reference, node),
            Kind::Negate(of) => self.negate(of, node),
            Kind::Abs(of) => self.absolute(of, node),
            Kind::Arithmetic {
                operator,
                left,
                right,
            } => self.arithmetic(*operator, left, right, node),
            Kind::Days { left, right } => self.days(left, right, node),
            Kind::Round {
                rounding,
                decimals,
                of,
            } => {
                let of = self.node(of)?;
                self.round(&of, node, *decimals, *rounding)
            }
            Kind::Compare {
                comparison,
                left,
                right,
            } => self.compare(*comparison, left, right, node),
            Kind::Contains { item, collection } => self.contains(item, collection, node),
            Kind::And(left, right) => {
                let (left, right) = (self.node(left)?, self.node(right)?);
                Ok(self.kleene(false, &left, &right))
            }
            Kind::Or(left, right) => {
                let (left, right) = (self.node(left)?, self.node(right)?);
                Ok(self.kleene(true, &left, &right))
            }
            Kind::Not(of) => {
                let of = self.node(of)?;
                let value = self.code.get(of.value).push(I::I64Eqz).keep_truth();
                Ok(Place { value, ..of })
            }
            Kind::If {
                condition,
                then,
                otherwise,
            } => {
                let condition = self.node(condition)?;
                let (then, otherwise) = (self.node(then)?, self.node(otherwise)?);
                self.either(&condition, &then, &otherwise, node)
            }
            Kind::Known(of) => {
                let of = self.node(of)?;
                let value = match of.status {
                    Some(status) => self.code.get(status).push(I::I32Eqz).keep_truth(),
                    None => self.code.i64(1).keep(),
                };
                Ok(Place::known(value, Shape::Bool))
            }
            Kind::Default { of, otherwise } => {
                let (of, otherwise) = (self.node(of)?, self.node(otherwise)?);
                self.instead(&of, &otherwise, node)
            }
            Kind::Extreme { extreme, of } => self.extreme(*extreme, of, node),
            Kind::End { extreme, of } => {
                let of = self.node(of)?;
                self.end(*extreme, &of, node)
            }
            Kind::Aggregate { .. } => {
                if let Some(place) = self.hoisted.get(&address(node)) {
                    return Ok(place.clone());
                }
                self.aggregate(node)
            }
        }
    }

    /// A value that is the same whatever the reader does.
    fn constant(&mut self, operand: &Operand, node: &Node) -> Lowered {
        let mut scratch = Data::default();
        let column = encode(&[operand], &node.ty, &mut scratch).map_err(too_large(node))?;
        let place = match (&column.shape, operand.known()) {
            (Shape::Text | Shape::Set, Some(value)) => {
                let number = self.text_number(value);
                let value = self.code.i64(number.into()).keep();
                Place::known(value, column.shape)
            }
            (shape, _) => {
                let bounds = match shape {
                    Shape::Number(fixed) | Shape::Range(fixed) => (fixed.low, fixed.high),
                    _ => plain_value(operand),
                };
                let narrow = |end: i128| i64::try_from(end).unwrap_or(0);
                let value = self.code.i64(narrow(bounds.0)).keep();
                let upper = match shape {
                    Shape::Range(_) => Some(self.code.i64(narrow(bounds.1)).keep()),
                    _ => None,
                };
                Place {
                    upper,
                    ..Place::known(value, column.shape)
                }
            }
        };
        let status = match status(operand) {
            KNOWN => None,
            status => Some(self.code.i32(status).keep_narrow()),
        };
        Ok(place.with_status(status))
    }

    fn text_number(&mut self, value: &crate::value::Value) -> u32 {
        use crate::value::Value;
        match value {
            Value::Text(text) => self.shared.data.text(text),
            Value::Set(set) => self.shared.data.set(set.iter()),
            Value::List(list) => self.shared.data.set(list.iter()),
            _ => 0,
        }
    }

    fn figure(&mut self, reference: &Ref, node: &Node) -> Lowered {
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
            .i32(super::place::NONE)
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

    /// The offset of a cell of `1 << align` bytes.
    pub(super) fn indexed(&mut self, index: Local, align: u32) -> &mut Code {
        self.code
            .get(index)
            .i32(i32::try_from(align).unwrap_or(0))
            .push(I::I32Shl)
    }

    /// `a` where the narrow local `flag` is not zero, else `b`.
    pub(super) fn choose(&mut self, a: Local, b: Local, flag: Local) -> Local {
        self.code.get(a).get(b).get(flag).push(I::Select).keep()
    }

    /// The stronger of two statuses.
    pub(super) fn both(&mut self, a: Option<Local>, b: Option<Local>) -> Option<Local> {
        match (a, b) {
            (Some(a), Some(b)) if a != b => {
                let stronger = self.code.get(a).get(b).push(I::I32GtU).keep_narrow();
                self.code.get(a).get(b).get(stronger).push(I::Select);
                Some(self.code.keep_narrow())
            }
            (Some(status), _) | (None, Some(status)) => Some(status),
            (None, None) => None,
        }
    }

    /// A number after a move.
    pub(super) fn moved(&mut self, value: Local, by: Move) -> Local {
        if by
            == (Move {
                factor: 1,
                shift: 0,
            })
        {
            return value;
        }
        self.code.scaled(value, by.factor);
        if by.shift != 0 {
            self.code.i64(by.shift).push(I::I64Add);
        }
        self.code.keep()
    }

    /// Two places of one shape, numbers brought to one step; the shape has the
    /// bounds of both.
    pub(super) fn aligned(&mut self, a: &Place, b: &Place) -> Fits<(Place, Place, Shape)> {
        let (Some(x), Some(y)) = (a.fixed(), b.fixed()) else {
            return Ok((a.clone(), b.clone(), a.shape.clone()));
        };
        let (first, second, step) = x.align(y)?;
        let (x, y) = (
            x.moved(first, step, x.offset)?,
            y.moved(second, step, x.offset)?,
        );
        let shape = match a.shape {
            Shape::Range(_) => Shape::Range(x.or(&y)),
            _ => Shape::Number(x.or(&y)),
        };
        let mut place = |of: &Place, by: Move, fixed: Fixed| Place {
            value: self.moved(of.value, by),
            upper: of.upper.map(|upper| self.moved(upper, by)),
            status: of.status,
            shape: match of.shape {
                Shape::Range(_) => Shape::Range(fixed),
                _ => Shape::Number(fixed),
            },
        };
        let a = place(a, first, x);
        let b = place(b, second, y);
        Ok((a, b, shape))
    }

    /// Rounds to decimals in the node's unit.
    fn round(&mut self, of: &Place, node: &Node, decimals: u8, rounding: Rounding) -> Lowered {
        let one = Unit::one();
        let unit = node.ty.unit().unwrap_or(&one);
        self.round_in(of, unit, decimals, rounding)
            .map_err(too_large(node))
    }

    /// Rounds a number or the ends of a range to decimals in a unit.
    pub(super) fn round_in(
        &mut self,
        of: &Place,
        unit: &Unit,
        decimals: u8,
        rounding: Rounding,
    ) -> Fits<Place> {
        let Some(fixed) = of.fixed() else {
            return Ok(of.clone());
        };
        let (step, offset) = (decimal_step(unit, decimals)?, unit.offset());
        let by = fixed.rounded(step, offset)?;
        let after = fixed.after(by, rounding, step, offset)?;
        let mut end = |value: Local| {
            let moved = self.moved(value, by.first);
            if by.divisor == 1 {
                return moved;
            }
            let function = match rounding {
                Rounding::Nearest => ROUND_NEAREST,
                Rounding::Floor => ROUND_FLOOR,
                Rounding::Ceil => ROUND_CEIL,
            };
            self.code
                .get(moved)
                .i64(by.divisor)
                .push(I::Call(function))
                .keep()
        };
        Ok(Place {
            value: end(of.value),
            upper: of.upper.map(end),
            status: of.status,
            shape: match of.shape {
                Shape::Range(_) => Shape::Range(after),
                _ => Shape::Number(after),
            },
        })
    }

    fn end(&mut self, extreme: Extreme, of: &Place, node: &Node) -> Lowered {
        let (Some(fixed), Some(upper)) = (of.fixed(), of.upper) else {
            return Err(overflow(node.range.clone()));
        };
        let value = match extreme {
            Extreme::Least => of.value,
            Extreme::Greatest => upper,
        };
        let shape = Shape::Number(fixed.clone());
        Ok(Place::known(value, shape).with_status(of.status))
    }
}

/// The address of a node, by which it is known while its formula stands.
pub(super) fn address(node: &Node) -> usize {
    std::ptr::from_ref(node).addr()
}

/// One of the last decimal in a unit, in the base unit.
pub(super) fn decimal_step(unit: &Unit, decimals: u8) -> Fits<Ratio> {
    let tenth = Ratio::new(1, 10i128.pow(decimals.into())).ok_or(TooLarge)?;
    unit.factor().checked_mul(tenth).ok_or(TooLarge)
}

/// A truth or a day as a number.
fn plain_value(operand: &Operand) -> (i128, i128) {
    use crate::value::Value;
    let value = match operand.known() {
        Some(Value::Bool(value)) => i128::from(*value),
        Some(Value::Date(date)) => date.day_number().into(),
        _ => 0,
    };
    (value, value)
}
