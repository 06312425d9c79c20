//! Tree and scope to a checked formula: what names mean, which types and units
//! meet, where figures of several parts stand. Reports all mistakes at once.

mod functions;
mod operators;

use std::collections::BTreeSet;
use std::ops::Range;

pub use functions::{FUNCTIONS, function_names};

use super::ast::{Ast, AstKind, Operator};
use super::ir::{Kind, Node};
use super::{ExprError, Group, Id, Ref, Scope, Segment};
use crate::diag::Code;
use crate::value::{Quantity, Type, Unit, Value};

/// Checks a tree. `text` is the formula, for messages.
pub(super) fn check(tree: &Ast, text: &str, scope: &dyn Scope) -> Result<Node, Vec<ExprError>> {
    let mut checker = Checker {
        text,
        scope,
        aggregates: Vec::new(),
        errors: Vec::new(),
    };
    match checker.node(tree) {
        Some(node) if checker.errors.is_empty() => Ok(node),
        _ => Err(checker.errors),
    }
}

struct Checker<'a> {
    text: &'a str,
    scope: &'a dyn Scope,
    /// The aggregates around the place at hand, outermost first.
    aggregates: Vec<Around>,
    errors: Vec<ExprError>,
}

/// What was found inside an aggregate.
#[derive(Default)]
struct Around {
    /// The group of its figures, and where the first of them stands.
    group: Option<(Group, Range<usize>)>,
    fields: BTreeSet<Id>,
}

impl Checker<'_> {
    /// The checked node; none after an error was reported, here or where a name
    /// is declared.
    fn node(&mut self, tree: &Ast) -> Option<Node> {
        let range = tree.range.clone();
        match &tree.kind {
            AstKind::Number(number, unit) => {
                let unit = self.unit(unit.as_ref())?;
                let value = Value::Number(Quantity::new(*number, unit.clone()));
                Some(node(Kind::Constant(value), Type::number(unit), range))
            }
            AstKind::Text(text) => {
                let value = Value::Text(text.as_str().into());
                Some(node(Kind::Constant(value), Type::text(), range))
            }
            AstKind::Bool(value) => {
                let value = Kind::Constant(Value::Bool(*value));
                Some(node(value, Type::Bool, range))
            }
            AstKind::Texts(texts) => {
                let set = texts.iter().map(|text| text.as_str().into()).collect();
                let value = Kind::Constant(Value::Set(std::sync::Arc::new(set)));
                Some(node(value, Type::Set { choices: None }, range))
            }
            AstKind::Path(path) => self.path(path, range),
            AstKind::Negate(of) => self.negate(of, range),
            AstKind::Not(of) => {
                let of = self.condition(of)?;
                Some(node(Kind::Not(Box::new(of)), Type::Bool, range))
            }
            AstKind::Binary {
                operator,
                left,
                right,
            } => self.binary(*operator, left, right, range),
            AstKind::If {
                condition,
                then,
                otherwise,
            } => self.conditional(condition, then, otherwise, range),
            AstKind::Call { name, arguments } => self.call(name, arguments, range),
        }
    }

    fn report(&mut self, error: ExprError) {
        self.errors.push(error);
    }

    fn text(&self, range: &Range<usize>) -> &str {
        &self.text[range.clone()]
    }

    fn unit(&mut self, unit: Option<&(String, Range<usize>)>) -> Option<Unit> {
        let Some((text, range)) = unit else {
            return Some(Unit::one());
        };
        match self.scope.units().parse(text) {
            Ok(unit) => Some(unit),
            Err(unknown) if unknown.reported => None,
            Err(unknown) => {
                let mut error = ExprError::new(Code::UnknownUnit, range.clone(), unknown.message);
                error.help.extend(unknown.help);
                self.report(error);
                None
            }
        }
    }

    fn path(&mut self, path: &[Segment], range: Range<usize>) -> Option<Node> {
        let resolved = match self.scope.resolve(path) {
            Ok(resolved) => resolved,
            Err(unknown) if unknown.reported => return None,
            Err(unknown) => {
                let at = path.get(unknown.at).map_or(range, |s| s.range.clone());
                let mut error = ExprError::new(Code::UnknownName, at, unknown.message);
                error.help = unknown.help;
                let before = path.iter().take(unknown.at + 1);
                let word = path[0].text.to_lowercase();
                if path.len() == 1 && ["true", "false", "yes", "no"].contains(&word.as_str()) {
                    let is_true = ["true", "yes"].contains(&word.as_str());
                    error.help = vec![format!("write `{is_true}`")];
                }
                if { before }.any(|segment| segment.text.contains('-')) {
                    error = error.help("to subtract, put a space on both sides of `-`");
                }
                self.report(error);
                return None;
            }
        };
        if let Ref::Each { group, field } = &resolved.reference {
            self.member(group, field, &range)?;
        }
        Some(node(Kind::Figure(resolved.reference), resolved.ty, range))
    }

    /// Notes a figure of each member of a group.
    fn member(&mut self, group: &Group, field: &Id, range: &Range<usize>) -> Option<()> {
        let name = self.text(range).to_owned();
        let Some(around) = self.aggregates.last_mut() else {
            let message = format!("`{name}` is a figure of several parts, not of one");
            let help = match self.scope.one_of(group) {
                Some(slot) => format!("the one that was chosen is `{slot}.{field}`"),
                None => format!(
                    "say which: `sum({name})`, `max({name})`, `all({name} …)` or another aggregate"
                ),
            };
            let error = ExprError::new(Code::TypeMismatch, range.clone(), message)
                .label(format!("one for each of `{group}`"))
                .help(help);
            self.report(error);
            return None;
        };
        around.fields.insert(field.clone());
        match &around.group {
            None => around.group = Some((group.clone(), range.clone())),
            Some((other, _)) if other == group => {}
            Some((other, place)) => {
                let message = "one aggregate goes over the parts of one group";
                let error = ExprError::new(Code::TypeMismatch, range.clone(), message)
                    .label(format!("of `{group}`"))
                    .also(place.clone(), format!("of `{other}`"))
                    .help("aggregate each on its own");
                self.report(error);
                return None;
            }
        }
        Some(())
    }

    /// A node that must be true or false.
    fn condition(&mut self, tree: &Ast) -> Option<Node> {
        let of = self.node(tree)?;
        if of.ty == Type::Bool {
            return Some(of);
        }
        let message = format!(
            "a condition must be true or false, this is {}",
            of.ty.describe()
        );
        let example = super::compared(self.text(&of.range), &of.ty);
        let error = ExprError::new(Code::TypeMismatch, of.range.clone(), message);
        self.report(error.help(format!("compare it, as in `{example}`")));
        None
    }

    /// A node that must be a number.
    fn number(&mut self, tree: &Ast, what: &str) -> Option<Node> {
        let of = self.node(tree)?;
        if matches!(of.ty, Type::Number { .. }) {
            return Some(of);
        }
        let message = format!("{what} takes a number, this is {}", of.ty.describe());
        let error = ExprError::new(Code::TypeMismatch, of.range.clone(), message);
        self.report(error);
        None
    }

    /// A number that is no point on a scale.
    fn amount(&mut self, tree: &Ast, what: &str) -> Option<Node> {
        let of = self.number(tree, what)?;
        let Some(difference) = of.ty.unit().and_then(Unit::difference) else {
            return Some(of);
        };
        let unit = of.ty.unit().map(Unit::symbol).unwrap_or_default();
        let message = format!("{what} makes no sense of a point on a scale, as `{unit}` is");
        let error = ExprError::new(Code::UnitMismatch, of.range.clone(), message)
            .label(of.ty.describe())
            .help(format!("differences of `{unit}` are in `{difference}`"));
        self.report(error);
        None
    }

    fn negate(&mut self, of: &Ast, range: Range<usize>) -> Option<Node> {
        let of = self.amount(of, "`-`")?;
        let ty = plain(&of.ty);
        Some(node(Kind::Negate(Box::new(of)), ty, range))
    }

    fn conditional(
        &mut self,
        condition: &Ast,
        then: &Ast,
        otherwise: &Ast,
        range: Range<usize>,
    ) -> Option<Node> {
        let condition = self.condition(condition);
        let (then, otherwise) = (self.node(then), self.node(otherwise));
        let (condition, then, otherwise) = (condition?, then?, otherwise?);
        let ty = self.common(&then, &otherwise, "both branches")?;
        let kind = Kind::If {
            condition: Box::new(condition),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        };
        Some(node(kind, ty, range))
    }

    fn binary(
        &mut self,
        operator: Operator,
        left: &Ast,
        right: &Ast,
        range: Range<usize>,
    ) -> Option<Node> {
        match operator {
            Operator::And | Operator::Or => {
                let (left, right) = (self.condition(left), self.condition(right));
                let (left, right) = (Box::new(left?), Box::new(right?));
                let kind = match operator {
                    Operator::And => Kind::And(left, right),
                    _ => Kind::Or(left, right),
                };
                Some(node(kind, Type::Bool, range))
            }
            Operator::In => self.contains(left, right, range),
            Operator::NotIn => {
                let contains = self.contains(left, right, range.clone())?;
                Some(node(Kind::Not(Box::new(contains)), Type::Bool, range))
            }
            Operator::Compare(comparison) => self.compare(comparison, left, right, range),
            Operator::Arithmetic(operator) => self.arithmetic(operator, left, right, range),
        }
    }
}

fn node(kind: Kind, ty: Type, range: Range<usize>) -> Node {
    Node { kind, ty, range }
}

/// A number's type without the decimals of the field that it came from.
fn plain(ty: &Type) -> Type {
    match ty {
        Type::Number { unit, .. } => Type::number(unit.clone()),
        other => other.clone(),
    }
}
