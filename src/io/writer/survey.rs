//! What a tree holds, without listing each of its folders.
//!
//! A folder's stamp changes with every name that comes, goes or is put in the
//! place of another. So a folder that is as it was when it held nothing but
//! Rigbook's files holds these and nothing else; only the others are listed.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::FileType;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::io::worktree::Stamp;
use crate::io::{Failure, Result};

/// Stamps of folders, by path from the top of the tree, which isn't among them:
/// a swap touches it.
pub type Stamps = BTreeMap<Arc<str>, Stamp>;

/// What was found.
#[derive(Default)]
pub struct Survey {
    /// Each name in the folders that were listed.
    pub listed: Vec<Listed>,
    /// The paths of names that are not UTF-8, in the folders that were listed.
    pub odd: Vec<PathBuf>,
    /// Folders that are as they were.
    pub same: FxHashSet<Arc<str>>,
    /// The stamp of each folder from before it was looked at, if any later
    /// change will show in it.
    pub stamps: FxHashMap<Arc<str>, Stamp>,
}

/// A name in a folder.
pub struct Listed {
    /// From the top of the tree.
    pub path: String,
    pub kind: FileType,
}

/// Looks through a tree; nothing if it does not exist. `known` has stamps of
/// folders whose content the caller knows, `paths` the files in these.
pub fn survey<'a>(
    top: &Path,
    known: &Stamps,
    paths: impl Iterator<Item = &'a str>,
) -> Result<Survey> {
    if top.symlink_metadata().is_err() {
        return Ok(Survey::default());
    }
    let mut folders: FxHashMap<&str, Vec<&str>> = FxHashMap::default();
    if !known.is_empty() {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        for folder in paths.flat_map(folders_above) {
            if seen.insert(folder) {
                folders.entry(folder_of(folder)).or_default().push(folder);
            }
        }
    }
    let search = Search {
        top,
        known,
        folders,
    };
    search.list("")
}

/// The folder that a path is in; the empty path is the top.
pub fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The folders above a path, the outermost first, without the top.
pub fn folders_above(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..at])
}

struct Search<'a> {
    top: &'a Path,
    known: &'a Stamps,
    /// The folders in each folder, as far as these are known.
    folders: FxHashMap<&'a str, Vec<&'a str>>,
}

impl Search<'_> {
    fn folder(&self, path: &str) -> Result<Survey> {
        let now = SystemTime::now();
        let stamp = match self.top.join(path).symlink_metadata() {
            Ok(metadata) if metadata.is_dir() => Stamp::of(&metadata),
            // Gone or replaced since its name was read.
            _ => return Ok(Survey::default()),
        };
        if let Some((path, known)) = self.known.get_key_value(path)
            && *known == stamp
        {
            let below = self
                .folders
                .get(path.as_ref())
                .map_or(&[][..], Vec::as_slice);
            let mut found = self.all(below.par_iter().copied())?;
            found.same.insert(Arc::clone(path));
            found.stamps.insert(Arc::clone(path), stamp);
            return Ok(found);
        }
        let mut found = self.list(path)?;
        if stamp.is_settled_at(now) {
            found.stamps.insert(path.into(), stamp);
        }
        Ok(found)
    }

    fn list(&self, path: &str) -> Result<Survey> {
        let mut listed = Vec::new();
        let mut odd = Vec::new();
        for (name, kind) in names(&self.top.join(path))? {
            match name.to_str() {
                Some(name) if path.is_empty() => listed.push((name.to_owned(), kind)),
                Some(name) => listed.push((format!("{path}/{name}"), kind)),
                None => odd.push(self.top.join(path).join(name)),
            }
        }
        let below: Vec<&str> = (listed.iter())
            .filter(|(_, kind)| kind.is_dir())
            .map(|(path, _)| path.as_str())
            .collect();
        let mut found = self.all(below.into_par_iter())?;
        let listed = listed.into_iter();
        found
            .listed
            .extend(listed.map(|(path, kind)| Listed { path, kind }));
        found.odd.extend(odd);
        Ok(found)
    }

    fn all<'b>(&self, folders: impl ParallelIterator<Item = &'b str>) -> Result<Survey> {
        folders
            .map(|folder| self.folder(folder))
            .try_reduce(Survey::default, |a, b| Ok(a.merge(b)))
    }
}

impl Survey {
    /// The larger takes in the smaller, so that a tree of many folders does not
    /// move its entries again and again.
    fn merge(mut self, mut other: Self) -> Self {
        let size = |survey: &Self| survey.listed.len() + survey.stamps.len();
        if size(&self) < size(&other) {
            std::mem::swap(&mut self, &mut other);
        }
        self.listed.append(&mut other.listed);
        self.odd.append(&mut other.odd);
        self.same.extend(other.same);
        self.stamps.extend(other.stamps);
        self
    }
}

/// The names in a folder with the kind of each.
fn names(folder: &Path) -> Result<Vec<(OsString, FileType)>> {
    let failed = |e| Failure::at("read", folder, &e);
    let entries = std::fs::read_dir(folder).map_err(failed)?;
    entries
        .map(|entry| {
            let entry = entry.map_err(failed)?;
            Ok((entry.file_name(), entry.file_type().map_err(failed)?))
        })
        .collect()
}
