//! Which files of the output can stay.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use super::manifest::Manifest;
use super::state::{State, Trace, Written};
use crate::output::{Entry, OutputPath, OutputTree};

/// What is to be done about each file of the tree.
pub struct Plan<'a> {
    pub steps: Vec<(&'a OutputPath, &'a Entry, Step)>,
}

/// What is to be done about a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The published file is of the same inputs, and nobody has touched it.
    Keep(Written),
    /// Make it. If the content turns out as it was, an untouched published
    /// file can stay.
    Make { untouched: Option<Written> },
}

/// Compares the tree with what was published.
pub fn plan<'a>(
    tree: &'a OutputTree,
    output: &Path,
    published: &Manifest,
    state: &State,
) -> Plan<'a> {
    let entries: Vec<(&OutputPath, &Entry)> = tree.iter().collect();
    let mut steps: Vec<_> = entries
        .into_par_iter()
        .with_min_len(64)
        .map(|(path, entry)| {
            let untouched = untouched(path.as_str(), output, published, state);
            let step = match untouched {
                Some(written) if written.inputs == entry.inputs && !written.spoke => {
                    Step::Keep(written)
                }
                _ => Step::Make { untouched },
            };
            (path, entry, step)
        })
        .collect();
    // The long work first, the short to fill in.
    steps.sort_by_key(|(_, _, step)| matches!(step, Step::Keep(_)));
    Plan { steps }
}

impl Plan<'_> {
    /// Whether the output is as it should be.
    pub fn is_nothing_to_do(&self, published: &Manifest) -> bool {
        let kept = self
            .steps
            .iter()
            .all(|(_, _, step)| matches!(step, Step::Keep(_)));
        kept && !self.steps.is_empty() && self.steps.len() == published.files.len()
    }

    /// The paths of the tree.
    pub fn paths(&self) -> BTreeSet<&str> {
        self.steps
            .iter()
            .map(|(path, _, _)| path.as_str())
            .collect()
    }

    /// Published files that the tree no longer has.
    pub fn removed(&self, published: &Manifest) -> usize {
        let paths = self.paths();
        let gone = |path: &&Arc<str>| !paths.contains(path.as_ref());
        published.files.keys().filter(gone).count()
    }
}

/// Whether every published file is as it was written.
pub fn is_untouched(output: &Path, published: &Manifest, state: &State) -> bool {
    let paths: Vec<&Arc<str>> = state.files.keys().collect();
    paths.len() == published.files.len()
        && paths
            .into_par_iter()
            .with_min_len(64)
            .all(|path| untouched(path, output, published, state).is_some())
}

fn untouched(path: &str, output: &Path, published: &Manifest, state: &State) -> Option<Written> {
    let written = state.files.get(path)?;
    if published.files.get(path) != Some(&written.content) {
        return None;
    }
    let metadata = output.join(path).symlink_metadata().ok()?;
    let same = metadata.is_file() && Trace::of(&metadata) == written.trace;
    same.then_some(*written)
}
