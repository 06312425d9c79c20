//! Brings the stage to the new state of the site.
//!
//! The stage may hold anything: nothing, what was published before, or what a
//! killed build left. Nothing in it is trusted. A file of it stays only where it
//! is the very file that is published and can be kept.

mod foreign;
mod make;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use rayon::prelude::*;

use super::manifest::Manifest;
use super::plan::{Plan, Step};
use super::state::{State, Written};
use super::{Report, Request, StagePlace};
use crate::diag::Diagnostic;
use crate::io::git::Blobs;
use crate::io::{Failure, Result};
use crate::output::{Entry, MARKER, OutputPath};
use foreign::Foreign;

/// A stage that is ready.
pub struct Staged {
    pub state: State,
    pub report: Report,
    pub diagnostics: Vec<Diagnostic>,
}

/// What became of one file.
enum Outcome {
    Kept(Written),
    Made(Written),
    /// An error kept it from being made.
    Failed,
}

/// Stages the site.
pub fn stage(
    request: &Request<'_>,
    place: &StagePlace,
    published: &Manifest,
    plan: Plan<'_>,
    blobs: &Blobs,
) -> Result<Staged> {
    let output = &request.destination.path;
    let stage = place.stage();
    make::folder(&stage)?;
    let foreign = Foreign::find(output, published)?;
    let paths = plan.paths();
    foreign.check(&paths, output)?;
    clear(&stage, &paths, &foreign)?;
    foreign.carry_over(output, &stage)?;
    let removed = plan.removed(published);
    let job = Job {
        output,
        stage: &stage,
        blobs,
        request,
        total: plan.steps.len(),
        done: AtomicUsize::new(0),
        diagnostics: Mutex::default(),
    };
    let outcomes: Vec<(&OutputPath, Outcome)> = plan
        .steps
        .into_par_iter()
        .map(|(path, entry, step)| Ok((path, job.step(path, entry, step)?)))
        .collect::<Result<_>>()?;
    let mut staged = Staged {
        state: State::default(),
        report: Report {
            removed,
            ..Report::default()
        },
        diagnostics: job.diagnostics.into_inner().unwrap_or_default(),
    };
    let mut manifest = Manifest::default();
    for (path, outcome) in outcomes {
        let written = match outcome {
            Outcome::Kept(written) => {
                staged.report.kept += 1;
                written
            }
            Outcome::Made(written) => {
                staged.report.written += 1;
                written
            }
            Outcome::Failed => continue,
        };
        manifest.files.insert(path.as_str().into(), written.content);
        staged.state.files.insert(path.as_str().into(), written);
    }
    make::bytes(&stage.join(MARKER), manifest.to_text().as_bytes())?;
    copy_mode(output, &stage);
    Ok(staged)
}

/// What every file's step needs.
struct Job<'a> {
    output: &'a Path,
    stage: &'a Path,
    blobs: &'a Blobs,
    request: &'a Request<'a>,
    total: usize,
    done: AtomicUsize,
    diagnostics: Mutex<Vec<Diagnostic>>,
}

impl Job<'_> {
    fn step(&self, path: &OutputPath, entry: &Entry, step: Step) -> Result<Outcome> {
        let outcome = match step {
            Step::Keep(written) => {
                self.keep(path, &written)?;
                Outcome::Kept(written)
            }
            Step::Make { untouched } => self.make(path, entry, untouched)?,
        };
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        self.request.progress.rendered(done, self.total);
        Ok(outcome)
    }

    /// Makes the staged file the published one.
    fn keep(&self, path: &OutputPath, written: &Written) -> Result<()> {
        let staged = self.stage.join(path.as_str());
        make::link(
            &self.output.join(path.as_str()),
            &staged,
            written.trace.inode,
        )
    }

    fn make(
        &self,
        path: &OutputPath,
        entry: &Entry,
        untouched: Option<Written>,
    ) -> Result<Outcome> {
        let staged = self.stage.join(path.as_str());
        let made = make::entry(entry, &staged, self.blobs, untouched.as_ref())?;
        let spoke = !made.diagnostics.is_empty();
        if spoke && let Ok(mut diagnostics) = self.diagnostics.lock() {
            diagnostics.extend(made.diagnostics);
        }
        match made.value {
            make::Made::Nothing => Ok(Outcome::Failed),
            make::Made::File { content, trace } => Ok(Outcome::Made(Written {
                inputs: entry.inputs,
                content,
                trace,
                spoke,
            })),
            make::Made::Same(written) => {
                self.keep(path, &written)?;
                Ok(Outcome::Kept(Written {
                    inputs: entry.inputs,
                    spoke,
                    ..written
                }))
            }
        }
    }
}

/// Removes from the stage what the new site does not have.
fn clear(stage: &Path, paths: &BTreeSet<&str>, foreign: &Foreign) -> Result<()> {
    let mut folders: BTreeSet<&str> = foreign.folders.keys().map(String::as_str).collect();
    let files = paths
        .iter()
        .copied()
        .chain(foreign.files.iter().map(String::as_str));
    let files: BTreeSet<&str> = files.collect();
    for path in &files {
        folders.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
    }
    clear_folder(stage, "", &files, &folders)
}

fn clear_folder(
    folder: &Path,
    path: &str,
    files: &BTreeSet<&str>,
    folders: &BTreeSet<&str>,
) -> Result<()> {
    let listed = foreign::list(folder)?;
    listed.into_par_iter().try_for_each(|(name, kind)| {
        let real = folder.join(&name);
        let Some(name) = name.to_str() else {
            // Only a foreign name can be of this kind: it is linked anew.
            return make::remove(&real);
        };
        let below = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}/{name}")
        };
        if kind.is_dir() && folders.contains(below.as_str()) {
            return clear_folder(&real, &below, files, folders);
        }
        if !kind.is_dir() && files.contains(below.as_str()) {
            return Ok(());
        }
        make::remove(&real)
    })
}

/// The published folder keeps its permissions.
fn copy_mode(output: &Path, stage: &Path) {
    if let Ok(metadata) = output.metadata() {
        let _ = std::fs::set_permissions(stage, metadata.permissions());
    }
}

type Folders = BTreeMap<String, std::fs::Permissions>;

fn vanished(path: &Path) -> Failure {
    Failure::environment(format!("`{}` vanished during the build", path.display()))
}
