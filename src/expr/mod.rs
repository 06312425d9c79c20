//! The expression language: derived fields, prose, filters, claims, totals and
//! rules are all written in it.
//!
//! In come a formula's text and a [`Scope`] that knows what names mean; out
//! goes an [`Expr`], typed and unit-checked, or all that is wrong with it. An
//! `Expr` is evaluated over an [`Env`] that knows the figures. Formulas always
//! end; nothing here reads a file or knows where a formula stands in one.
//!
//! # Steps
//!
//! 1. `lexer`: text to tokens with ranges.
//! 2. `parser`: tokens to a tree.
//! 3. `check`: tree and scope to [`ir`], with types, units and meanings.
//! 4. `eval`: IR and figures to a value.

mod ast;
mod check;
mod env;
mod error;
mod eval;
pub mod ir;
mod lexer;
mod parser;
mod scope;
#[cfg(test)]
mod tests;

use std::sync::Arc;

pub use check::{FUNCTIONS, function_names};
pub use env::{Env, Member};
pub use error::ExprError;
pub use parser::OPERATORS;
pub use scope::{Group, Id, NameError, Ref, Resolved, Scope, Segment};

use crate::diag::Code;
use crate::value::{Choices, Operand, Type, Unit};
use eval::operand;
use ir::{Dependencies, Node};

/// The longest formula, in bytes.
const LONGEST: usize = 4096;

/// A checked formula. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr {
    text: Arc<str>,
    root: Arc<Node>,
}

/// A condition on a formula of a type, for help.
fn compared(formula: &str, ty: &Type) -> String {
    let first = |choices: &Choices| match choices.as_deref() {
        Some([first, ..]) => first.to_string(),
        _ => "…".to_owned(),
    };
    match ty {
        Type::Number { unit, .. } if unit.is_one() => format!("{formula} > 10"),
        Type::Number { unit, .. } => format!("{formula} > 10 {unit}"),
        Type::Range { unit } => format!("10 {unit} in {formula}"),
        Type::Text { choices } => format!("{formula} == '{}'", first(choices)),
        Type::Set { choices } => format!("'{}' in {formula}", first(choices)),
        Type::List => format!("'…' in {formula}"),
        Type::Date => format!("{formula} > '2026-01-01'"),
        Type::Bool => formula.to_owned(),
    }
}

/// Reads and checks a formula. Returns all mistakes that were found, sorted by
/// place; none if it has no other than names whose declarations have errors,
/// which were reported there.
pub fn compile(text: &str, scope: &dyn Scope) -> Result<Expr, Vec<ExprError>> {
    if text.len() > LONGEST {
        let message = format!("a formula has {LONGEST} bytes at most");
        return Err(vec![ExprError::new(Code::Limit, 0..0, message)]);
    }
    let tokens = lexer::tokenize(text)?;
    let tree = parser::parse(text, &tokens).map_err(|error| vec![error])?;
    match check::check(&tree, text, scope) {
        Ok(root) => Ok(Expr {
            text: text.into(),
            root: Arc::new(root),
        }),
        Err(mut errors) => {
            errors.sort_by_key(|error| (error.range.start, error.range.end));
            Err(errors)
        }
    }
}

impl Expr {
    /// The formula as it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The checked tree.
    pub fn root(&self) -> &Node {
        &self.root
    }

    /// The type of the result, for numbers with the unit they are shown in.
    pub fn ty(&self) -> &Type {
        &self.root.ty
    }

    /// The figures and groups that it uses.
    pub fn dependencies(&self) -> Dependencies {
        self.root.dependencies()
    }

    /// The value over the figures of `env`. Numbers are exact where their
    /// digits end; where they don't, they have 9 decimals.
    pub fn evaluate(&self, env: &dyn Env) -> Operand {
        let outcome = eval::evaluate(&self.root, &self.text, env);
        operand(outcome, self.ty(), None)
    }

    /// The value, its number converted to `unit` and rounded there, once, to
    /// `decimals` digits, half away from zero.
    pub fn evaluate_in(&self, env: &dyn Env, unit: &Unit, decimals: u8) -> Operand {
        let outcome = eval::evaluate(&self.root, &self.text, env);
        operand(outcome, self.ty(), Some((unit, decimals)))
    }

    /// The outermost aggregates, as formulas of their own.
    pub fn aggregates(&self) -> Vec<Expr> {
        let mut found = Vec::new();
        let mut left = vec![&*self.root];
        while let Some(node) = left.pop() {
            match node.kind {
                ir::Kind::Aggregate { .. } => found.push(self.part(node)),
                _ => left.extend(node.operands().into_iter().rev()),
            }
        }
        found
    }

    /// Of an aggregate what it goes over, for each member; nothing of another
    /// formula.
    pub fn by_member(&self, env: &dyn Env) -> Vec<(Member, Operand)> {
        let ir::Kind::Aggregate {
            group,
            fields,
            body: Some(body),
            ..
        } = &self.root.kind
        else {
            return Vec::new();
        };
        let outcomes = eval::by_member((group, fields), body, &self.text, env);
        let value = |outcome| operand(outcome, &body.ty, None);
        (outcomes.into_iter())
            .map(|(member, outcome)| (member, value(outcome)))
            .collect()
    }

    /// The text of the formula that the tree is of.
    pub fn own_text(&self) -> &str {
        &self.text[self.root.range.clone()]
    }

    fn part(&self, node: &Node) -> Expr {
        Expr {
            text: Arc::clone(&self.text),
            root: Arc::new(node.clone()),
        }
    }

    /// Checks that the result can be shown in `unit`.
    pub fn expect_unit(&self, unit: &Unit) -> Result<(), ExprError> {
        let compatible = self.ty().unit().is_some_and(|own| own.is_compatible(unit));
        if compatible && matches!(self.ty(), Type::Number { .. }) {
            return Ok(());
        }
        let wanted = Type::number(unit.clone()).describe();
        Err(self.mismatch(Code::UnitMismatch, &wanted))
    }

    /// Checks that the result is a number.
    pub fn expect_number(&self) -> Result<(), ExprError> {
        match self.ty() {
            Type::Number { .. } => Ok(()),
            _ => Err(self.mismatch(Code::TypeMismatch, "a number")),
        }
    }

    /// Checks that the result is true or false.
    pub fn expect_bool(&self) -> Result<(), ExprError> {
        match self.ty() {
            Type::Bool => Ok(()),
            _ => {
                let example = format!("compare it, as in `{}`", self.compared());
                Err(self
                    .mismatch(Code::TypeMismatch, "a condition")
                    .help(example))
            }
        }
    }

    /// How the formula becomes a condition: `weight < 10 g`.
    pub fn compared(&self) -> String {
        compared(&self.text, self.ty())
    }

    fn mismatch(&self, code: Code, wanted: &str) -> ExprError {
        let found = self.ty().describe();
        let message = format!("expected {wanted}, found {found}");
        ExprError::new(code, self.root.range.clone(), message).label(found)
    }
}
