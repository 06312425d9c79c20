//! Removes what was published, and leaves what Rigbook did not make.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::guard::Destination;
use super::lock::{self, Lock};
use super::manifest::Manifest;
use super::{Progress, StagePlace};
use crate::io::{Failure, Result, is_own_folder};
use crate::output::MARKER;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub files: usize,
    /// Files of others, still there.
    pub left: usize,
}

/// Removes what was published and the state folder, while no build is at work
/// in either: a stage that vanishes under a build would be published in part.
pub fn clean(destination: &Destination, state: &Path, progress: &dyn Progress) -> Result<Removed> {
    let mut places = stages_in(state);
    places.extend(StagePlace::lasting(destination, state).filter(|_| is_own_folder(state)));
    places.extend(Some(StagePlace::beside(destination)).filter(|beside| is_own_folder(beside)));
    places.sort();
    places.dedup();
    let locks = places.iter().map(|place| lock::acquire(place, progress));
    let _locks: Vec<Lock> = locks.collect::<Result<_>>()?;
    let removed = remove_published(destination)?;
    remove_state(state)?;
    StagePlace::discard_beside(destination);
    Ok(removed)
}

/// The folders with the stages of all outputs.
fn stages_in(state: &Path) -> Vec<PathBuf> {
    let publish = state.join("publish");
    let is_own = is_own_folder(state) && is_own_folder(&publish);
    let entries = is_own.then(|| std::fs::read_dir(&publish).ok()).flatten();
    let found = entries.into_iter().flatten().flatten();
    let paths = found.map(|entry| entry.path());
    paths.filter(|path| is_own_folder(path)).collect()
}

/// Removes the state folder under another name, since the next build makes a
/// new one at once.
fn remove_state(state: &Path) -> Result<()> {
    let old = state.with_extension("old");
    let failed = |e| Failure::at("remove", state, &e);
    if is_own_folder(&old) {
        std::fs::remove_dir_all(&old).map_err(failed)?;
    }
    if !is_own_folder(state) {
        return Ok(());
    }
    std::fs::rename(state, &old).map_err(failed)?;
    std::fs::remove_dir_all(&old).map_err(failed)
}

/// Removes the files that a published folder's marker lists, then the folders
/// that are empty by then.
pub fn remove_published(destination: &Destination) -> Result<Removed> {
    let output = &destination.path;
    if !output.join(MARKER).exists() {
        return Ok(Removed::default());
    }
    let manifest = Manifest::read(output)?;
    let mut removed = Removed::default();
    let mut folders: BTreeSet<&str> = BTreeSet::new();
    for path in manifest.files.keys() {
        let above = path.match_indices('/').map(|(at, _)| &path[..at]);
        // What a link leads to was not published here.
        if !above
            .clone()
            .all(|folder| is_own_folder(&output.join(folder)))
        {
            continue;
        }
        folders.extend(above);
        removed.files += usize::from(remove_file(&output.join(path.as_ref()))?);
    }
    // The innermost first.
    for folder in folders.iter().rev() {
        let _ = std::fs::remove_dir(output.join(folder));
    }
    remove_file(&output.join(MARKER))?;
    if std::fs::remove_dir(output).is_err() {
        let files = walkdir::WalkDir::new(output).into_iter().flatten();
        removed.left = files.filter(|entry| !entry.file_type().is_dir()).count();
    }
    Ok(removed)
}

fn remove_file(path: &Path) -> Result<bool> {
    match std::fs::remove_file(path) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(Failure::at("remove", path, &error)),
    }
}
