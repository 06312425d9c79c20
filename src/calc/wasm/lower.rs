//! A checked formula to instructions. Code is straight: both branches of an
//! `if` are reckoned and one is taken, so that nothing depends on the way that
//! was gone. Loops are those of aggregates alone.

use std::collections::BTreeMap;
use std::ops::Range;

use wasm_encoder::Instruction as I;

use super::cells::Cells;
use super::code::{Code, Local};
use super::columns::{Columns, encode, status};
use super::data::Data;
use super::number::{Fits, Fixed, Move, TooLarge};
use super::place::{KNOWN, Place, Shape};
use crate::calc::{Builds, Calculator};
use crate::catalog::Catalog;
use crate::diag::Code as DiagnosticCode;
use crate::expr::ir::{Extreme, Kind, Node};
use crate::expr::{ExprError, Id};
use crate::value::{Operand, Ratio, Rounding, Unit};

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
    pub(super) own: Option<Member>,
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

pub(super) fn overflow(range: Range<usize>) -> ExprError {
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
    pub(super) fn constant(&mut self, operand: &Operand, node: &Node) -> Lowered {
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
