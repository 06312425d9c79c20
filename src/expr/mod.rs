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

mod env;
mod error;
pub mod ir;
mod scope;

pub use env::{Env, Member};
pub use error::ExprError;
pub use scope::{Group, Id, NameError, Ref, Resolved, Scope, Segment};
