//! Diagnostics as text: for people, for programs and for code hosts.
//!
//! In come diagnostics in the order in which they are to be shown; out goes one
//! string. Nothing here prints or asks what a terminal can do.

mod github;
mod json;
mod lines;
mod text;

pub use github::github;
pub use json::json;
pub use text::{Look, text};
