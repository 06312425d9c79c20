//! Arithmetic, comparison and membership: which types and units may meet.

use std::ops::Range;

use super::super::ast::Ast;
use super::super::ir::{Arithmetic, Comparison, Kind, Node};
use super::{Checker, ExprError, node};
use crate::diag::{Code, help_nearest};
use crate::value::{Choices, Date, Type, Unit, Units, Value, product, quotient};

impl Checker<'_> {
    pub(super) fn arithmetic(
        &mut self,
        operator: Arithmetic,
        left: &Ast,
        right: &Ast,
        range: Range<usize>,
    ) -> Option<Node> {
        let sign = match operator {
            Arithmetic::Add => "`+`",
            Arithmetic::Subtract => "`-`",
            Arithmetic::Multiply => "`*`",
            Arithmetic::Divide => "`/`",
        };
        let sums = matches!(operator, Arithmetic::Add | Arithmetic::Subtract);
        let (left, right) = match sums {
            true => (self.node(left), self.node(right)),
            false => (self.amount(left, sign), self.amount(right, sign)),
        };
        let (left, right) = (left?, right?);
        if operator == Arithmetic::Subtract && (&left.ty, &right.ty) == (&Type::Date, &Type::Date) {
            let days = Units::new().parse("d").expect("the day is built in");
            let (left, right) = (Box::new(left), Box::new(right));
            let kind = Kind::Days { left, right };
            return Some(node(kind, Type::number(days), range));
        }
        let (a, b) = (
            self.number_unit(&left, sign)?,
            self.number_unit(&right, sign)?,
        );
        let unit = match operator {
            Arithmetic::Add | Arithmetic::Subtract => {
                self.sum_unit(operator, (&left, &a), (&right, &b))?
            }
            Arithmetic::Multiply => self.fits(product(&a, &b), &range)?,
            Arithmetic::Divide => {
                self.divisor(&right)?;
                self.fits(quotient(&a, &b), &range)?
            }
        };
        let kind = Kind::Arithmetic {
            operator,
            left: Box::new(left),
            right: Box::new(right),
        };
        Some(node(kind, Type::number(unit), range))
    }

    fn number_unit(&mut self, of: &Node, sign: &str) -> Option<Unit> {
        if let Type::Number { unit, .. } = &of.ty {
            return Some(unit.clone());
        }
        let message = format!("{sign} takes numbers, this is {}", of.ty.describe());
        let mut error = ExprError::new(Code::TypeMismatch, of.range.clone(), message);
        if matches!(of.ty, Type::Text { .. }) {
            error = error.help("texts are not joined: write one beside the other");
        }
        self.report(error);
        None
    }

    fn fits(&mut self, unit: Option<Unit>, range: &Range<usize>) -> Option<Unit> {
        if unit.is_none() {
            let message = "no unit can be that large or small";
            self.report(ExprError::new(Code::UnitMismatch, range.clone(), message));
        }
        unit
    }

    /// A divisor that is always zero is a slip.
    fn divisor(&mut self, of: &Node) -> Option<()> {
        let zero = match &of.kind {
            Kind::Constant(Value::Number(quantity)) => quantity.number.is_zero(),
            _ => false,
        };
        if zero {
            let message = "division by zero";
            self.report(ExprError::new(
                Code::InvalidValue,
                of.range.clone(),
                message,
            ));
            return None;
        }
        Some(())
    }

    /// The unit of a sum or difference. Points on a scale have differences, and
    /// a difference can be added to a point.
    fn sum_unit(
        &mut self,
        operator: Arithmetic,
        (left, a): (&Node, &Unit),
        (right, b): (&Node, &Unit),
    ) -> Option<Unit> {
        if a.dimension() != b.dimension() {
            self.clash(left, right, "can't be added or subtracted");
            return None;
        }
        let add = operator == Arithmetic::Add;
        match (a.is_point(), b.is_point()) {
            (false, false) | (true, false) => Some(a.clone()),
            (true, true) if !add => a.difference(),
            (false, true) if add => Some(b.clone()),
            (true, true) => {
                let message = format!("two figures in `{a}` have no sum");
                self.operands(message, left, right)
                    .help("points on a scale have differences only");
                None
            }
            (false, true) => {
                let message = format!("`{b}` can't be taken from a difference");
                self.operands(message, left, right);
                None
            }
        }
    }

    /// Both operands with their types.
    fn operands(&mut self, message: String, left: &Node, right: &Node) -> Helped<'_> {
        let error = ExprError::new(Code::UnitMismatch, right.range.clone(), message)
            .label(right.ty.describe())
            .also(left.range.clone(), left.ty.describe());
        self.errors.push(error);
        Helped(self.errors.last_mut().expect("just pushed"))
    }

    /// Numbers in units that don't go together.
    fn clash(&mut self, left: &Node, right: &Node, what: &str) {
        let (Some(a), Some(b)) = (left.ty.unit(), right.ty.unit()) else {
            return;
        };
        let name = |unit: &Unit| match unit.is_one() {
            true => "plain numbers".to_owned(),
            false => format!("`{unit}`"),
        };
        let message = format!("{} and {} {what}", name(a), name(b));
        let plain = |of: &Node, unit: &Unit| match &of.kind {
            Kind::Constant(Value::Number(q)) if q.unit.is_one() => Some(format!("{q} {unit}")),
            _ => None,
        };
        let literal = plain(left, b).or_else(|| plain(right, a));
        let currencies = a.is_money() && b.is_money();
        let points = a.dimension() == b.dimension();
        let mut error = self.operands(message, left, right);
        if let Some(literal) = literal {
            error.help(format!("a number needs its unit: `{literal}`"));
        } else if currencies {
            error.help(format!(
                "currencies aren't converted: multiply by a rate, such as `1.1 {a}/{b}`"
            ));
        } else if points {
            error.help("one is a point on a scale, the other a difference");
        }
    }

    /// The type of two nodes that stand for one another; the first gives the
    /// unit.
    pub(super) fn common(&mut self, left: &Node, right: &Node, what: &str) -> Option<Type> {
        match (&left.ty, &right.ty) {
            (Type::Number { unit: a, .. }, Type::Number { unit: b, .. })
            | (Type::Range { unit: a }, Type::Range { unit: b }) => {
                if a.is_compatible(b) {
                    return Some(super::plain(&left.ty));
                }
                self.clash(left, right, "don't measure the same");
                None
            }
            (Type::Text { choices: a }, Type::Text { choices: b }) => {
                let choices = if a == b { a.clone() } else { None };
                Some(Type::Text { choices })
            }
            (Type::Set { choices: a }, Type::Set { choices: b }) => {
                let choices = if a == b { a.clone() } else { None };
                Some(Type::Set { choices })
            }
            (a, b) if a == b => Some(a.clone()),
            (a, b) => {
                let message = format!("{what} must be of one type");
                let error = ExprError::new(Code::TypeMismatch, right.range.clone(), message)
                    .label(b.describe())
                    .also(left.range.clone(), a.describe());
                self.report(error);
                None
            }
        }
    }

    pub(super) fn compare(
        &mut self,
        comparison: Comparison,
        left: &Ast,
        right: &Ast,
        range: Range<usize>,
    ) -> Option<Node> {
        let (left, right) = (self.node(left), self.node(right));
        let (mut left, mut right) = (left?, right?);
        self.read_date(&mut left, &right.ty.clone())?;
        self.read_date(&mut right, &left.ty.clone())?;
        let ordered = match (&left.ty, &right.ty) {
            (Type::Number { unit: a, .. }, Type::Number { unit: b, .. }) => {
                if !a.is_compatible(b) {
                    self.clash(&left, &right, "can't be compared");
                    return None;
                }
                true
            }
            (Type::Date, Type::Date) => true,
            (Type::Text { choices: a }, Type::Text { choices: b }) => {
                self.chosen(&left, b)?;
                self.chosen(&right, a)?;
                false
            }
            (Type::Bool, Type::Bool) | (Type::Set { .. }, Type::Set { .. }) => false,
            _ => {
                self.incomparable(&left, &right);
                return None;
            }
        };
        let equality = matches!(comparison, Comparison::Equal | Comparison::NotEqual);
        if !ordered && !equality {
            let message = format!("{} has no order", left.ty.describe());
            let error = ExprError::new(Code::TypeMismatch, range, message);
            self.report(error.help("compare with `==` or `!=`"));
            return None;
        }
        let kind = Kind::Compare {
            comparison,
            left: Box::new(left),
            right: Box::new(right),
        };
        Some(node(kind, Type::Bool, range))
    }

    fn incomparable(&mut self, left: &Node, right: &Node) {
        let (a, b) = (left.ty.describe(), right.ty.describe());
        let message = format!("{a} and {b} can't be compared");
        let mut error = ExprError::new(Code::TypeMismatch, right.range.clone(), message)
            .label(b)
            .also(left.range.clone(), a);
        let holds = |ty: &Type| matches!(ty, Type::Set { .. } | Type::List | Type::Range { .. });
        let quoted = [left, right].into_iter().find_map(|of| match &of.kind {
            Kind::Constant(Value::Text(text)) => Some(text),
            _ => None,
        });
        let is_number = |ty: &Type| matches!(ty, Type::Number { .. });
        if let (Some(text), true) = (quoted, is_number(&left.ty) || is_number(&right.ty)) {
            error = error.help(format!("write a figure without quotes: `{text}`"));
        } else if holds(&left.ty) || holds(&right.ty) {
            error = error.help("ask with `in` whether it holds a value");
        }
        self.report(error);
    }

    /// A text literal that meets a date is one.
    fn read_date(&mut self, of: &mut Node, other: &Type) -> Option<()> {
        let Kind::Constant(Value::Text(text)) = &of.kind else {
            return Some(());
        };
        if *other != Type::Date {
            return Some(());
        }
        let Some(date) = Date::parse(text) else {
            let message = format!("`{text}` is no date");
            let error = ExprError::new(Code::InvalidValue, of.range.clone(), message);
            self.report(error.help("write `\"2024-12-23\"`"));
            return None;
        };
        of.kind = Kind::Constant(Value::Date(date));
        of.ty = Type::Date;
        Some(())
    }

    /// A text literal that meets a choice must be one of its choices.
    fn chosen(&mut self, of: &Node, choices: &Choices) -> Option<()> {
        let (Kind::Constant(value), Some(choices)) = (&of.kind, choices) else {
            return Some(());
        };
        let texts: Vec<&str> = match value {
            Value::Text(text) => vec![text],
            Value::Set(set) => set.iter().map(AsRef::as_ref).collect(),
            _ => Vec::new(),
        };
        for text in texts {
            if choices.iter().any(|choice| choice.as_ref() == text) {
                continue;
            }
            let message = format!("`{text}` is none of the choices");
            let mut error = ExprError::new(Code::InvalidValue, of.range.clone(), message);
            let near = help_nearest(text, choices.iter().map(AsRef::as_ref));
            error.help.extend(near);
            self.report(error);
            return None;
        }
        Some(())
    }

    pub(super) fn contains(
        &mut self,
        item: &Ast,
        collection: &Ast,
        range: Range<usize>,
    ) -> Option<Node> {
        let (item, collection) = (self.node(item), self.node(collection));
        let (item, collection) = (item?, collection?);
        match (&item.ty, &collection.ty) {
            (Type::Text { choices: known }, Type::Set { choices }) => {
                self.chosen(&item, choices)?;
                self.chosen(&collection, known)?;
            }
            (Type::Text { .. }, Type::List) => {}
            (Type::Number { unit: a, .. }, Type::Range { unit: b }) => {
                if !a.is_compatible(b) {
                    self.clash(&item, &collection, "don't measure the same");
                    return None;
                }
            }
            (a, b) => {
                let message = format!("{} can't be in {}", a.describe(), b.describe());
                let error = ExprError::new(Code::TypeMismatch, collection.range.clone(), message)
                    .label(b.describe())
                    .also(item.range.clone(), a.describe())
                    .help("`in` asks for a text in a set or list, or a number in a range");
                self.report(error);
                return None;
            }
        }
        let kind = Kind::Contains {
            item: Box::new(item),
            collection: Box::new(collection),
        };
        Some(node(kind, Type::Bool, range))
    }
}

/// An error that was reported and may get a line of help.
struct Helped<'a>(&'a mut ExprError);

impl Helped<'_> {
    fn help(&mut self, text: impl Into<String>) {
        self.0.help.push(text.into());
    }
}
