//! What is in a published folder without being Rigbook's.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::Permissions;
use std::path::Path;

use rustc_hash::FxHashSet;

use super::super::survey::{Listed, Survey, folders_above};
use super::{Manifest, make};
use crate::io::{Failure, Result};
use crate::output::MARKER;

/// Files and folders that Rigbook did not make, by path from the output.
#[derive(Debug, Default)]
pub struct Foreign {
    pub files: BTreeSet<String>,
    /// All folders that hold none of Rigbook's files.
    pub folders: BTreeMap<String, Permissions>,
}

impl Foreign {
    /// Of what a survey of the published folder listed.
    pub fn of(output: &Path, published: &Manifest, found: &Survey) -> Result<Self> {
        if let Some(real) = found.odd.first() {
            let message = format!("`{}` has a name that is not UTF-8", real.display());
            return Err(Failure::usage(message).help("rename it, or move it out of the output"));
        }
        let mut foreign = Self::default();
        if found.listed.is_empty() {
            return Ok(foreign);
        }
        let ours: BTreeSet<&str> = (published.files.keys())
            .flat_map(|path| folders_above(path))
            .collect();
        for Listed { path, kind } in &found.listed {
            if kind.is_dir() && !ours.contains(path.as_str()) {
                let real = output.join(path);
                let metadata = real.symlink_metadata();
                let metadata = metadata.map_err(|e| Failure::at("read", &real, &e))?;
                foreign.folders.insert(path.clone(), metadata.permissions());
            }
            let is_ours = published.files.contains_key(path.as_str()) || path == MARKER;
            if !kind.is_dir() && !is_ours {
                foreign.files.insert(path.clone());
            }
        }
        Ok(foreign)
    }

    /// Whether there is nothing foreign.
    pub fn is_empty(&self) -> bool {
        self.files.is_empty() && self.folders.is_empty()
    }

    /// Folders with something foreign in them, at whatever depth: what is
    /// between may be the site's today and foreign once a page has gone.
    pub fn hosts(&self) -> FxHashSet<&str> {
        let paths = self.files.iter().chain(self.folders.keys());
        paths.flat_map(|path| folders_above(path)).collect()
    }

    /// Refuses to replace a foreign file by one of the site.
    pub fn check(&self, paths: &BTreeSet<&str>, output: &Path) -> Result<()> {
        if self.is_empty() {
            return Ok(());
        }
        let folders: FxHashSet<&str> = (self.files.iter())
            .flat_map(|path| folders_above(path))
            .collect();
        let clash = paths.iter().find(|path| {
            let mut above = folders_above(path).chain([**path]);
            self.folders.contains_key(**path)
                || folders.contains(**path)
                || above.any(|path| self.files.contains(path))
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
}
