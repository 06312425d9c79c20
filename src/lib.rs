//! Rigbook compiles guides whose content is data into static sites.
//!
//! # Steps
//!
//! ```text
//! Snapshot -parse-> Document -collect-> Catalog -link-> Site -render-> OutputTree -> writer | preview | one file
//! ```
//!
//! 1. An edge ([`io`]) reads the work tree and the other versions into a
//!    [`Project`](source::Project) of [`Snapshot`](source::Snapshot)s.
//! 2. [`parse`] turns each Markdown file into a [`Document`](parse::Document)
//!    and an [`Outline`](parse::Outline) of what its text asks for.
//! 3. [`catalog::collect`] reads categories, components and builds into a
//!    [`Catalog`](catalog::Catalog), and computes derived fields with [`expr`].
//! 4. [`calc`] reads the calculator and reckons the presets; the same formulas
//!    become a WASM module for the page.
//! 5. [`site::build_site`] gives every page its address and its place in the
//!    tree; [`directive`] reads the figures and generated blocks of each page.
//! 6. [`render`] turns each page, asset and data file into a recipe of the
//!    [`OutputTree`](output::OutputTree). Bytes are made on demand.
//! 7. An edge publishes the tree, serves it, or bundles it.
//!
//! [`compile::compile`] is steps 2 to 6, and the only way to compile a site.
//!
//! # Invariants
//!
//! - Each step is a function of its arguments that returns a
//!   [`Checked`](diag::Checked) value: what could be made, and every
//!   [`Diagnostic`](diag::Diagnostic). No step prints, reads a file, looks at a
//!   clock, or stops at the first error.
//! - Effects live in [`io`] and [`cli`] alone; `clippy.toml` forbids them
//!   elsewhere. What a step needs of them is a trait passed in:
//!   [`Memo`](memo::Memo), [`DiagramWorker`](render::diagram::DiagramWorker).
//! - A module uses only what stands before it in `diag value source output memo
//!   parse config expr catalog calc site directive render lint compile io cli`; a
//!   test holds that.
//! - Equal inputs give equal bytes: order comes from sorted maps, never from
//!   threads, hash maps or the file system. A warm build equals a cold one.
//! - A place in a file is born where its bytes are read ([`diag::Span`]) and
//!   only carried after that.
//!
//! # What is deliberately absent
//!
//! Nothing here knows a kind of product: categories, fields, units, slots and
//! rules are content. There is no plug-in interface, no floating point in any
//! figure ([`value::Decimal`]), and no request to anywhere.

#![deny(clippy::disallowed_methods, clippy::disallowed_types)]

pub mod calc;
pub mod catalog;
pub mod cli;
pub mod compile;
pub mod config;
pub mod diag;
pub mod directive;
pub mod expr;
pub mod io;
pub mod lint;
pub mod memo;
pub mod output;
pub mod parse;
pub mod render;
pub mod site;
pub mod source;
pub mod value;
