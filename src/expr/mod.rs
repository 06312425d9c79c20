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
pub use scope::{Group, Id, NameError, Ref, Resolved, Scope, Segment};

use crate::diag::Code;
use crate::value::{Operand, Type, Unit};
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
            _ => Err(self.mismatch(Code::TypeMismatch, "a condition")),
        }
    }

    fn mismatch(&self, code: Code, wanted: &str) -> ExprError {
        let found = self.ty().describe();
        let message = format!("expected {wanted}, found {found}");
        ExprError::new(code, self.root.range.clone(), message).label(found)
    }
}
