//! Calls: functions of figures, and aggregates over the members of a group.

use std::ops::Range;

use super::super::ast::{Ast, AstKind};
use super::super::ir::{Aggregate, Extreme, Kind, Node};
use super::{Around, Checker, ExprError, Group, Id, Ref, Segment, node, plain};
use crate::diag::{Code, help_nearest};
use crate::value::{Rounding, Type, Unit, Value};

/// All functions: how they are called, and what they give.
pub const FUNCTIONS: &[(&str, &str, &str)] = &[
    ("abs", "abs(number)", "the number without its sign"),
    (
        "all",
        "all(condition on parts)",
        "whether the condition holds of each part; true where there are none",
    ),
    (
        "any",
        "any(condition on parts)",
        "whether it holds of one part at least; false where there are none",
    ),
    (
        "avg",
        "avg(figure of parts)",
        "the mean, each part by its quantity; none where there are none",
    ),
    (
        "ceil",
        "ceil(number) or ceil(number, decimals)",
        "the number rounded up",
    ),
    (
        "count",
        "count(slot) or count(condition on parts)",
        "how many parts there are, by quantity; with a condition, of how many it holds",
    ),
    (
        "default",
        "default(figure, instead)",
        "the figure, or the other where it is unknown or none",
    ),
    (
        "floor",
        "floor(number) or floor(number, decimals)",
        "the number rounded down",
    ),
    (
        "known",
        "known(figure)",
        "whether the figure is given; never unknown itself",
    ),
    (
        "max",
        "max(figure of parts) or max(a, b)",
        "the greatest; of ranges the upper end",
    ),
    (
        "min",
        "min(figure of parts) or min(a, b)",
        "the least; of ranges the lower end",
    ),
    (
        "round",
        "round(number) or round(number, decimals)",
        "the number rounded in its unit, half away from zero",
    ),
    (
        "sum",
        "sum(figure of parts)",
        "the sum, each part by its quantity; 0 where there are none",
    ),
];
/// Digits that `round` keeps at most: as many as a quotient has.
const MOST_DECIMALS: i128 = 9;

/// The names of all functions, which nothing else may be called.
pub fn function_names() -> impl Iterator<Item = &'static str> {
    FUNCTIONS.iter().map(|(name, ..)| *name).chain(["if"])
}

impl Checker<'_> {
    pub(super) fn call(
        &mut self,
        name: &Segment,
        arguments: &[Ast],
        range: Range<usize>,
    ) -> Option<Node> {
        use Aggregate as A;
        match (name.text.as_ref(), arguments) {
            ("sum", [of]) => self.aggregate(A::Sum, of, name, range),
            ("avg", [of]) => self.aggregate(A::Average, of, name, range),
            ("count", [of]) => self.count(of, name, range),
            ("any", [of]) => self.aggregate(A::Any, of, name, range),
            ("all", [of]) => self.aggregate(A::All, of, name, range),
            ("min", [of]) => self.aggregate(A::Least, of, name, range),
            ("max", [of]) => self.aggregate(A::Greatest, of, name, range),
            ("min", [_, _, ..]) => self.extreme(Extreme::Least, arguments, range),
            ("max", [_, _, ..]) => self.extreme(Extreme::Greatest, arguments, range),
            ("abs", [of]) => {
                let of = self.amount(of, "`abs`")?;
                let ty = plain(&of.ty);
                Some(node(Kind::Abs(Box::new(of)), ty, range))
            }
            ("round", [of]) => self.round(Rounding::Nearest, of, None, range),
            ("round", [of, to]) => self.round(Rounding::Nearest, of, Some(to), range),
            ("floor", [of]) => self.round(Rounding::Floor, of, None, range),
            ("floor", [of, to]) => self.round(Rounding::Floor, of, Some(to), range),
            ("ceil", [of]) => self.round(Rounding::Ceil, of, None, range),
            ("ceil", [of, to]) => self.round(Rounding::Ceil, of, Some(to), range),
            ("known", [of]) => {
                let of = self.node(of)?;
                Some(node(Kind::Known(Box::new(of)), Type::Bool, range))
            }
            ("default", [of, otherwise]) => {
                let (of, otherwise) = (self.node(of), self.node(otherwise));
                let (of, otherwise) = (of?, otherwise?);
                let ty = self.common(&of, &otherwise, "both arguments")?;
                let (of, otherwise) = (Box::new(of), Box::new(otherwise));
                Some(node(Kind::Default { of, otherwise }, ty, range))
            }
            _ => {
                self.wrong_call(name, arguments.len(), range);
                None
            }
        }
    }

    fn wrong_call(&mut self, name: &Segment, arguments: usize, range: Range<usize>) {
        let called = FUNCTIONS.iter().find(|(known, ..)| **known == *name.text);
        let Some((_, usage, _)) = called else {
            let message = format!("there is no function `{}`", name.text);
            let mut error = ExprError::new(Code::UnknownName, name.range.clone(), message);
            error
                .help
                .extend(help_nearest(&name.text, function_names()));
            self.report(error);
            return;
        };
        let message = format!("`{}` doesn't take {arguments} arguments", name.text);
        let error = ExprError::new(Code::FormulaSyntax, range, message);
        self.report(error.help(format!("write `{usage}`")));
    }

    fn extreme(&mut self, extreme: Extreme, of: &[Ast], range: Range<usize>) -> Option<Node> {
        let nodes: Vec<Option<Node>> = of.iter().map(|tree| self.node(tree)).collect();
        let nodes: Vec<Node> = nodes.into_iter().collect::<Option<_>>()?;
        let first = nodes.first()?;
        self.ordered(first)?;
        for other in &nodes[1..] {
            self.common(first, other, "all arguments")?;
        }
        let ty = plain(&first.ty);
        Some(node(Kind::Extreme { extreme, of: nodes }, ty, range))
    }

    fn ordered(&mut self, of: &Node) -> Option<()> {
        if matches!(of.ty, Type::Number { .. } | Type::Date) {
            return Some(());
        }
        let message = format!("{} is neither a number nor a date", of.ty.describe());
        self.report(ExprError::new(
            Code::TypeMismatch,
            of.range.clone(),
            message,
        ));
        None
    }

    fn round(
        &mut self,
        rounding: Rounding,
        of: &Ast,
        decimals: Option<&Ast>,
        range: Range<usize>,
    ) -> Option<Node> {
        let of = self.number(of, "rounding");
        let decimals = match decimals {
            None => Some(0),
            Some(tree) => self.decimals(tree),
        };
        let (of, decimals) = (of?, decimals?);
        let ty = plain(&of.ty);
        let kind = Kind::Round {
            rounding,
            decimals,
            of: Box::new(of),
        };
        Some(node(kind, ty, range))
    }

    fn decimals(&mut self, tree: &Ast) -> Option<u8> {
        let literal = match &tree.kind {
            AstKind::Number(number, None) => number.to_integer(0),
            _ => None,
        };
        let fits = literal.filter(|digits| (0..=MOST_DECIMALS).contains(digits));
        let decimals = fits.and_then(|digits| u8::try_from(digits).ok());
        if decimals.is_none() {
            let message = format!("decimals are a whole number from 0 to {MOST_DECIMALS}");
            self.report(ExprError::new(
                Code::InvalidValue,
                tree.range.clone(),
                message,
            ));
        }
        decimals
    }

    /// `count(slot)`, else a condition on parts.
    fn count(&mut self, of: &Ast, name: &Segment, range: Range<usize>) -> Option<Node> {
        if let AstKind::Path(path) = &of.kind
            && let Some(group) = self.scope.group(path)
        {
            let kind = Kind::Aggregate {
                aggregate: Aggregate::Count,
                group,
                fields: Vec::new(),
                body: None,
            };
            return Some(node(kind, Type::number(Unit::one()), range));
        }
        self.aggregate(Aggregate::Count, of, name, range)
    }

    fn aggregate(
        &mut self,
        aggregate: Aggregate,
        of: &Ast,
        name: &Segment,
        range: Range<usize>,
    ) -> Option<Node> {
        self.aggregates.push(Around::default());
        let body = self.body(aggregate, of, name);
        let around = self.aggregates.pop().expect("pushed above");
        let mut body = body?;
        if let Type::Range { .. } = body.ty
            && let Some(extreme) = extreme_of(aggregate)
        {
            body = end(extreme, body);
            if around.group.is_none() && single_slot(&body).is_none() {
                return Some(Node { range, ..body });
            }
        }
        let found = around.group.map(|(group, _)| (group, around.fields));
        let (group, fields) = match found {
            Some((group, fields)) => (group, fields.into_iter().collect()),
            None => self.widen(&mut body, name)?,
        };
        let ty = match aggregate {
            Aggregate::Any | Aggregate::All => Type::Bool,
            Aggregate::Count => Type::number(Unit::one()),
            _ => plain(&body.ty),
        };
        let kind = Kind::Aggregate {
            aggregate,
            group,
            fields,
            body: Some(Box::new(body)),
        };
        Some(node(kind, ty, range))
    }

    /// What is aggregated, of the type that the aggregate takes.
    fn body(&mut self, aggregate: Aggregate, of: &Ast, name: &Segment) -> Option<Node> {
        let what = format!("`{}`", name.text);
        match aggregate {
            Aggregate::Sum => self.amount(of, &what),
            Aggregate::Average => self.number(of, &what),
            Aggregate::Any | Aggregate::All | Aggregate::Count => self.condition(of),
            Aggregate::Least | Aggregate::Greatest => {
                let body = self.node(of)?;
                if !matches!(body.ty, Type::Range { .. }) {
                    self.ordered(&body)?;
                }
                Some(body)
            }
        }
    }

    /// An aggregate over what a slot of one part holds: nothing or one.
    fn widen(&mut self, body: &mut Node, name: &Segment) -> Option<(Group, Vec<Id>)> {
        if let Some((group, fields)) = single_slot(body) {
            each(body, &group);
            return Some((group, fields));
        }
        let name = &name.text;
        let what = self.text(&body.range);
        let message = format!("`{name}` goes over several parts, and `{what}` is one figure");
        let mut error = ExprError::new(Code::TypeMismatch, body.range.clone(), message);
        if matches!(name.as_ref(), "min" | "max") {
            error = error.help(format!(
                "give `{name}` two figures, or one of several parts"
            ));
        }
        self.report(error);
        None
    }
}

fn extreme_of(aggregate: Aggregate) -> Option<Extreme> {
    match aggregate {
        Aggregate::Least => Some(Extreme::Least),
        Aggregate::Greatest => Some(Extreme::Greatest),
        _ => None,
    }
}

/// The end of a range.
fn end(extreme: Extreme, of: Node) -> Node {
    let unit = of.ty.unit().cloned().unwrap_or_else(Unit::one);
    let range = of.range.clone();
    let of = Box::new(of);
    node(Kind::End { extreme, of }, Type::number(unit), range)
}

/// The one slot whose figures a node uses, outside of aggregates, and the
/// fields.
fn single_slot(body: &Node) -> Option<(Group, Vec<Id>)> {
    let mut slots = std::collections::BTreeMap::new();
    collect(body, &mut |reference| {
        if let Some((group, field)) = slot_figure(reference) {
            let fields: &mut std::collections::BTreeSet<Id> = slots.entry(group).or_default();
            fields.insert(field);
        }
    });
    let (group, fields) = slots.pop_first()?;
    slots
        .is_empty()
        .then(|| (group, fields.into_iter().collect()))
}

fn slot_figure(reference: &Ref) -> Option<(Group, Id)> {
    match reference {
        Ref::Slot { slot, field } => Some((Group::Slot(slot.clone()), field.clone())),
        Ref::BuildSlot { build, slot, field } => {
            let (build, slot) = (build.clone(), slot.clone());
            Some((Group::BuildSlot { build, slot }, field.clone()))
        }
        _ => None,
    }
}

/// Visits the names of a node that stand outside of aggregates.
fn collect(node: &Node, visit: &mut impl FnMut(&Ref)) {
    match &node.kind {
        Kind::Figure(reference) => visit(reference),
        Kind::Aggregate { .. } | Kind::Constant(Value::Number(_)) => {}
        _ => node
            .operands()
            .into_iter()
            .for_each(|of| collect(of, visit)),
    }
}

/// Makes the figures of a slot figures of each of its members.
fn each(node: &mut Node, group: &Group) {
    match &mut node.kind {
        Kind::Aggregate { .. } => {}
        Kind::Figure(reference) => {
            if let Some((of, field)) = slot_figure(reference)
                && of == *group
            {
                *reference = Ref::Each { group: of, field };
            }
        }
        _ => node
            .operands_mut()
            .into_iter()
            .for_each(|of| each(of, group)),
    }
}
