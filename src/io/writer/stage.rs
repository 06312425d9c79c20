//! Brings the stage to the new state of the site.
//!
//! The stage may hold anything: nothing, what was published before, or what a
//! killed build left. Nothing in it is trusted but what stamps vouch for. A file
//! of it stays only where it is the very file that is published and can be kept.

mod foreign;
mod make;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::manifest::Manifest;
use super::plan::{Plan, Step};
use super::state::{Left, State, Written};
use super::survey::{Stamps, Survey, folder_of, folders_above};
use super::{Prepared, Report, Request};
use crate::diag::Diagnostic;
use crate::io::git::Blobs;
use crate::io::worktree::Stamp;
use crate::io::{Failure, Result, may_be_own_folder};
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
    prepared: &Prepared,
    plan: Plan<'_>,
    blobs: &Blobs,
) -> Result<Staged> {
    let Prepared {
        published,
        in_stage,
        ..
    } = prepared;
    let left = &prepared.old.stage;
    let output = &request.destination.path;
    let stage = prepared.place.stage();
    if !may_be_own_folder(&stage) {
        make::remove(&stage)?;
    }
    make::folder(&stage)?;
    let there = prepared.survey_output(output)?;
    let foreign = Foreign::of(output, published, &there)?;
    let paths = plan.paths();
    foreign.check(&paths, output)?;
    let touched = clear(&stage, &paths, &foreign, in_stage, left)?;
    foreign.carry_over(output, &stage)?;
    let removed = plan.removed(published);
    let next = left_by(&plan, published, there, &foreign);
    let job = Job {
        output,
        stage: &stage,
        same: &in_stage.same,
        inodes: &left.files,
        touched: Mutex::new(touched),
        blobs,
        request,
        total: plan.steps.len(),
        done: AtomicUsize::new(0),
        diagnostics: Mutex::default(),
    };
    let (late, early): (Vec<_>, Vec<_>) = (plan.steps.into_iter())
        .partition(|(_, entry, step)| entry.is_late && matches!(step, Step::Make { .. }));
    let mut outcomes: Vec<(&OutputPath, Outcome)> = Vec::new();
    for steps in [early, late] {
        let steps = steps.into_par_iter();
        let of_steps = steps.map(|(path, entry, step)| Ok((path, job.step(path, entry, step)?)));
        outcomes.extend(of_steps.collect::<Result<Vec<_>>>()?);
    }
    let touched = job.touched.into_inner();
    let touched = touched.unwrap_or_else(PoisonError::into_inner);
    let mut staged = Staged {
        state: State {
            stage: next,
            ..State::default()
        },
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
        manifest.files.insert(path.shared(), written.content);
        staged.state.files.insert(path.shared(), written);
    }
    staged.state.folders = stamps(&stage, &manifest, &foreign, &touched, &in_stage.stamps);
    make::bytes(&stage.join(MARKER), manifest.to_text().as_bytes())?;
    copy_mode(output, &stage);
    Ok(staged)
}

/// What every file's step needs.
struct Job<'a> {
    output: &'a Path,
    stage: &'a Path,
    /// Folders of the stage that hold the files in `inodes`.
    same: &'a FxHashSet<Arc<str>>,
    inodes: &'a BTreeMap<Arc<str>, u64>,
    /// Folders of the stage in which something was made or removed, or in one
    /// below.
    touched: Mutex<FxHashSet<String>>,
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
        let path = path.as_str();
        let inode = written.trace.inode;
        if inode != 0
            && self.same.contains(folder_of(path))
            && self.inodes.get(path) == Some(&inode)
        {
            return Ok(());
        }
        if make::link(&self.output.join(path), &self.stage.join(path), inode)? {
            self.touch(path);
        }
        Ok(())
    }

    fn touch(&self, path: &str) {
        if let Ok(mut touched) = self.touched.lock() {
            touched.extend(folders_above(path).map(str::to_owned));
        }
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
            make::Made::Nothing => {
                self.touch(path.as_str());
                Ok(Outcome::Failed)
            }
            make::Made::File { content, trace } => {
                self.touch(path.as_str());
                Ok(Outcome::Made(Written {
                    inputs: entry.inputs,
                    content,
                    trace,
                    spoke,
                }))
            }
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

/// What the stage will hold once it is swapped for the published folder. A file
/// that is not as it was written is not known, nor is any folder above it.
fn left_by(plan: &Plan<'_>, published: &Manifest, there: Survey, foreign: &Foreign) -> Left {
    let files = plan.steps.iter().filter_map(|(path, _, step)| {
        let (Step::Keep(written)
        | Step::Make {
            untouched: Some(written),
        }) = step
        else {
            return None;
        };
        let (path, _) = published.files.get_key_value(path.as_str())?;
        Some((Arc::clone(path), written.trace.inode))
    });
    let files: BTreeMap<Arc<str>, u64> = files.collect();
    let mut unsure = foreign.hosts();
    let unknown = published
        .files
        .keys()
        .filter(|path| !files.contains_key(*path));
    unsure.extend(unknown.flat_map(|path| folders_above(path)));
    let folders = there.stamps.into_iter();
    let folders = folders
        .filter(|(path, _)| !unsure.contains(path.as_ref()))
        .collect();
    Left { files, folders }
}

/// The stamps of the staged folders that hold nothing foreign.
fn stamps(
    stage: &Path,
    manifest: &Manifest,
    foreign: &Foreign,
    touched: &FxHashSet<String>,
    known: &FxHashMap<Arc<str>, Stamp>,
) -> Stamps {
    let hosts = foreign.hosts();
    let folders: BTreeSet<&str> = (manifest.files.keys())
        .flat_map(|path| folders_above(path))
        .filter(|folder| !hosts.contains(folder))
        .collect();
    let folders: Vec<(Arc<str>, Option<Stamp>)> = (folders.into_par_iter())
        .map(|folder| match known.get_key_value(folder) {
            Some((folder, stamp)) if !touched.contains(folder.as_ref()) => {
                (Arc::clone(folder), Some(*stamp))
            }
            _ => (folder.into(), settled(&stage.join(folder))),
        })
        .collect();
    let settled = folders.into_iter();
    settled
        .filter_map(|(folder, stamp)| Some((folder, stamp?)))
        .collect()
}

/// The stamp of a folder, if any later change will show in it.
fn settled(folder: &Path) -> Option<Stamp> {
    let now = SystemTime::now();
    let stamp = Stamp::of(&folder.symlink_metadata().ok()?);
    stamp.is_settled_at(now).then_some(stamp)
}

/// Removes from the stage what the new site does not have, and tells in which
/// folders it did.
fn clear(
    stage: &Path,
    paths: &BTreeSet<&str>,
    foreign: &Foreign,
    in_stage: &Survey,
    left: &Left,
) -> Result<FxHashSet<String>> {
    let is_wanted = |path: &str| paths.contains(path) || foreign.files.contains(path);
    let mut folders: BTreeSet<&str> = foreign.folders.keys().map(String::as_str).collect();
    let wanted = paths.iter().copied();
    let wanted = wanted.chain(foreign.files.iter().map(String::as_str));
    folders.extend(wanted.flat_map(folders_above));
    let mut doomed: BTreeSet<&str> = BTreeSet::new();
    for listed in &in_stage.listed {
        let path = listed.path.as_str();
        let stays = match listed.kind.is_dir() {
            true => folders.contains(path),
            false => is_wanted(path),
        };
        if !stays {
            doomed.insert(path);
        }
    }
    for path in left.files.keys().filter(|path| !is_wanted(path)) {
        doomed.insert(path);
        doomed.extend(folders_above(path).filter(|folder| !folders.contains(folder)));
    }
    let outermost = doomed
        .iter()
        .filter(|path| !folders_above(path).any(|f| doomed.contains(f)));
    let outermost: Vec<&str> = outermost.copied().collect();
    (outermost.par_iter()).try_for_each(|path| make::remove(&stage.join(path)))?;
    // Only a foreign name can be of this kind: it is linked anew.
    (in_stage.odd.iter()).try_for_each(|real| make::remove(real))?;
    let touched = outermost.into_iter().flat_map(folders_above);
    Ok(touched.map(str::to_owned).collect())
}

/// The published folder keeps its permissions.
fn copy_mode(output: &Path, stage: &Path) {
    if let Ok(metadata) = output.metadata() {
        let _ = std::fs::set_permissions(stage, metadata.permissions());
    }
}

fn vanished(path: &Path) -> Failure {
    Failure::environment(format!("`{}` vanished during the build", path.display()))
}
