//! Removes what was published, and leaves what Rigbook did not make.

use std::collections::BTreeSet;
use std::path::Path;

use super::guard::Destination;
use super::manifest::Manifest;
use crate::io::{Failure, Result, is_own_folder};
use crate::output::MARKER;

/// What was removed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Removed {
    pub files: usize,
    /// Files of others, still there.
    pub left: usize,
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
