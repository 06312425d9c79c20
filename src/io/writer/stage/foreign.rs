//! What is in a published folder without being Rigbook's.

use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::FileType;
use std::path::Path;

use rayon::prelude::*;

use super::{Folders, Manifest, make};
use crate::io::{Failure, Result};
use crate::output::MARKER;

/// Files and folders that Rigbook did not make, by path from the output.
#[derive(Debug, Default)]
pub struct Foreign {
    pub files: BTreeSet<String>,
    /// All folders that hold none of Rigbook's files.
    pub folders: Folders,
}

impl Foreign {
    /// Looks through a published folder; nothing if it does not exist.
    pub fn find(output: &Path, published: &Manifest) -> Result<Self> {
        if output.symlink_metadata().is_err() {
            return Ok(Self::default());
        }
        let mut ours: BTreeSet<&str> = BTreeSet::new();
        for path in published.files.keys() {
            ours.extend(path.match_indices('/').map(|(at, _)| &path[..at]));
        }
        search(output, "", published, &ours)
    }

    /// Refuses to replace a foreign file by one of the site.
    pub fn check(&self, paths: &BTreeSet<&str>, output: &Path) -> Result<()> {
        let clash = paths.iter().find(|path| {
            let above = path.match_indices('/').map(|(at, _)| &path[..at]);
            self.folders.contains_key(**path)
                || above.chain([**path]).any(|p| self.files.contains(p))
        });
        match clash {
            None => Ok(()),
            Some(path) => Err(Failure::usage(format!(
                "`{}` is in the way of the site, and Rigbook did not write it",
                output.join(path).display()
            ))
            .help("move it away, or publish it from `static/`")),
        }
    }

    /// Links everything foreign into the stage.
    pub fn carry_over(&self, output: &Path, stage: &Path) -> Result<()> {
        for (path, mode) in &self.folders {
            let staged = stage.join(path);
            make::folder(&staged)?;
            let _ = std::fs::set_permissions(&staged, mode.clone());
        }
        for path in &self.files {
            make::link_or_copy(&output.join(path), &stage.join(path))?;
        }
        Ok(())
    }

    fn merge(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self.folders.extend(other.folders);
        self
    }
}

/// The names in a folder with the kind of each; none if the folder is gone.
pub fn list(folder: &Path) -> Result<Vec<(OsString, FileType)>> {
    let failed = |e| Failure::at("read", folder, &e);
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    entries
        .map(|entry| {
            let entry = entry.map_err(failed)?;
            Ok((entry.file_name(), entry.file_type().map_err(failed)?))
        })
        .collect()
}

fn search(
    folder: &Path,
    path: &str,
    published: &Manifest,
    ours: &BTreeSet<&str>,
) -> Result<Foreign> {
    let found = list(folder)?.into_par_iter().map(|(name, kind)| {
        let real = folder.join(&name);
        let Some(name) = name.to_str() else {
            let message = format!("`{}` has a name that is not UTF-8", real.display());
            return Err(Failure::usage(message).help("rename it, or move it out of the output"));
        };
        let below = if path.is_empty() {
            name.to_owned()
        } else {
            format!("{path}/{name}")
        };
        let mut foreign = Foreign::default();
        if kind.is_dir() {
            if !ours.contains(below.as_str()) {
                let metadata = real
                    .metadata()
                    .map_err(|e| Failure::at("read", &real, &e))?;
                foreign
                    .folders
                    .insert(below.clone(), metadata.permissions());
            }
            return Ok(foreign.merge(search(&real, &below, published, ours)?));
        }
        if !published.files.contains_key(below.as_str()) && below != MARKER {
            foreign.files.insert(below);
        }
        Ok(foreign)
    });
    found.try_reduce(Foreign::default, |a, b| Ok(a.merge(b)))
}
