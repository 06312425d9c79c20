//! Which files of the output can stay.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

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

/// Compares the tree with those published files that nobody has touched.
pub fn plan<'a>(tree: &'a OutputTree, untouched: &FxHashMap<Arc<str>, Written>) -> Plan<'a> {
    let mut steps: Vec<_> = (tree.iter())
        .map(|(path, entry)| {
            let untouched = untouched.get(path.as_str()).copied();
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
    let files: Vec<_> = state.files.iter().collect();
    files.len() == published.files.len()
        && files
            .into_par_iter()
            .with_min_len(64)
            .all(|(path, written)| is_as_written(path, written, output, published))
}

/// The published files that are as they were written.
pub fn untouched(
    output: &Path,
    published: &Manifest,
    state: &State,
) -> FxHashMap<Arc<str>, Written> {
    let files: Vec<_> = state.files.iter().collect();
    let untouched: Vec<_> = files
        .into_par_iter()
        .with_min_len(64)
        .filter(|(path, written)| is_as_written(path, written, output, published))
        .map(|(path, written)| (Arc::clone(path), *written))
        .collect();
    untouched.into_iter().collect()
}

fn is_as_written(path: &str, written: &Written, output: &Path, published: &Manifest) -> bool {
    let is_published = published.files.get(path) == Some(&written.content);
    let as_it_was =
        |metadata: std::fs::Metadata| metadata.is_file() && Trace::of(&metadata) == written.trace;
    is_published && output.join(path).symlink_metadata().is_ok_and(as_it_was)
}
