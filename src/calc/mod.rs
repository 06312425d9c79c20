//! The calculator: what readers plan their builds with.
//!
//! In come documents and the catalog; out go a checked [`Calculator`], what it
//! says about a [`Selection`] natively ([`evaluate`](fn@evaluate)), and the
//! same formulas compiled with the data to a WASM module for the page. Nothing
//! here knows HTML or what the slots are for.

mod diff;
mod evaluate;
mod figures;
mod inputs;
mod model;
mod names;
mod read;
mod rules;
mod selection;
mod slots;
mod totals;
mod unpriced;
pub mod verify;
pub mod wasm;
mod whole;

pub use diff::{CalculatorDiff, ItemDiff, TotalDiff, Trait, TraitDiff, diff_calculators};
pub use evaluate::{Judgement, Outcome, State, evaluate, show, shown_decimals};
pub use figures::{Builds, PageFigures, SHOWN_DECIMALS};
pub use model::{Calculator, Input, Message, Own, Piece, Rule, Slot, Total};
pub use names::PageNames;
pub use read::read_calculator;
pub use selection::{Filling, Selection, check_builds, is_broken};
pub use unpriced::{Unpriced, unpriced};
pub use verify::verify;
pub use wasm::{Module, Output, compile};
