//! Strengths and weaknesses that came or went.

use std::sync::Arc;

use crate::catalog::Component;
use crate::diag::Spanned;

/// Points of a component that only one edition has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PointsDiff {
    /// What the points are: "Strengths".
    pub what: &'static str,
    pub added: Vec<Arc<str>>,
    pub removed: Vec<Arc<str>>,
}

/// The strengths and weaknesses that differ; the order of points says nothing.
pub(super) fn diff_points(old: &Component, new: &Component) -> Vec<PointsDiff> {
    let both = [
        ("Strengths", &old.pros, &new.pros),
        ("Weaknesses", &old.cons, &new.cons),
    ];
    let diffs = both.into_iter().map(|(what, old, new)| PointsDiff {
        what,
        added: without(new, old),
        removed: without(old, new),
    });
    diffs
        .filter(|diff| !(diff.added.is_empty() && diff.removed.is_empty()))
        .collect()
}

fn without(points: &[Spanned<Arc<str>>], others: &[Spanned<Arc<str>>]) -> Vec<Arc<str>> {
    let only = points.iter().filter(|point| !others.contains(point));
    only.map(|point| Arc::clone(&point.value)).collect()
}
