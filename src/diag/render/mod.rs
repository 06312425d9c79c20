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

use super::{Diagnostic, Label};

/// To how many further places of a finding people are led. Programs get all.
const SHOWN: usize = 3;

/// Those places, and what is said of the others.
fn further(diagnostic: &Diagnostic) -> (&[Label], Option<String>) {
    let all = diagnostic.secondary.as_slice();
    let (shown, others) = all.split_at(SHOWN.min(all.len()));
    let said = match others.len() {
        0 => None,
        1 => Some("it stands in 1 more place".to_owned()),
        count => Some(format!("it stands in {count} more places")),
    };
    (shown, said)
}
