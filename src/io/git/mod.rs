//! Reads versions and dates from git, by git's own command line.
//!
//! In come a folder and names of commits; out go snapshots, whose files are
//! read by object id, and the day of each file's last commit. Nothing is
//! checked out or fetched, and nothing that the repository's configuration
//! names (hooks, filters, monitors, pagers, signature programs) is run.

mod batch;
mod command;
mod dates;
mod tree;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use crate::diag::Checked;
use crate::source::Snapshot;

pub use batch::Blobs;

/// Why a version can't be read, for the owner of the place to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Lower case, names in backticks.
    pub message: String,
    pub help: Option<String>,
}

/// The days of last commits, by path from the site root.
pub type Days = BTreeMap<Arc<str>, Arc<str>>;

/// What a site asks of version control.
pub trait Repository {
    /// The id of the commit that a tag, a branch or an id names.
    fn resolve(&self, name: &str) -> Result<Arc<str>, Reason>;

    /// The site root as it was at a commit. Diagnostics show its paths after
    /// `prefix`.
    fn snapshot(&self, commit: &str, prefix: &str) -> Result<Checked<Snapshot>, Reason>;

    /// The day of the last commit of each file up to a commit. Empty where the
    /// history is cut off, since the days would be wrong.
    fn days(&self, commit: &str) -> Result<Days, Reason>;
}

/// A repository on disk, and where the site lies in it.
#[derive(Clone, Debug)]
pub struct Git {
    /// The work tree's top, a real path.
    pub top: Arc<Path>,
    /// From the top to the site root, with a `/` at its end, or empty.
    pub inside: String,
    /// Whether the history is cut off.
    pub shallow: bool,
}

impl Git {
    /// The repository that holds the site; none where there is none, or where
    /// git is not installed or does not trust the folder.
    pub fn find(root: &Path) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        holder(&root)?;
        let args = [
            "rev-parse",
            "--show-toplevel",
            "--show-prefix",
            "--is-shallow-repository",
        ];
        let out = command::run(&root, args).ok()?;
        let text = String::from_utf8(out).ok()?;
        let [top, inside, shallow] = text.lines().collect::<Vec<_>>().try_into().ok()?;
        Some(Self {
            top: PathBuf::from(top).into(),
            inside: inside.to_owned(),
            shallow: shallow == "true",
        })
    }
}

/// The nearest folder at or above `root` with a `.git` in it.
pub fn holder(root: &Path) -> Option<&Path> {
    root.ancestors().find(|folder| folder.join(".git").exists())
}

impl Repository for Git {
    fn resolve(&self, name: &str) -> Result<Arc<str>, Reason> {
        check_name(name)?;
        let mut batch = batch::Batch::check(&self.top)?;
        match batch.ask(&format!("{name}^{{commit}}"))? {
            Some(answer) => Ok(answer.id.into()),
            None => Err(self.missing(name)),
        }
    }

    fn snapshot(&self, commit: &str, prefix: &str) -> Result<Checked<Snapshot>, Reason> {
        tree::snapshot(self, commit, prefix)
    }

    fn days(&self, commit: &str) -> Result<Days, Reason> {
        if self.shallow {
            return Ok(Days::new());
        }
        dates::days(self, commit)
    }
}

impl Git {
    fn missing(&self, name: &str) -> Reason {
        let help = if self.shallow {
            "this clone is shallow: `git fetch --unshallow --tags` gets the rest of the history"
        } else {
            "`git fetch --tags` gets the tags of the remote; `git tag` lists those that are here"
        };
        Reason {
            message: format!("git knows no tag, branch or commit `{name}` here"),
            help: Some(help.to_owned()),
        }
    }
}

/// Refuses what git could take for something else than a name.
fn check_name(name: &str) -> Result<(), Reason> {
    let reason = |why: &str| Reason {
        message: format!("`{}` can't name a commit: {why}", name.escape_debug()),
        help: Some("give a tag, a branch or a commit's id".to_owned()),
    };
    if name.is_empty() {
        return Err(reason("it is empty"));
    }
    if name.starts_with('-') {
        return Err(reason("it looks like an option"));
    }
    let bad = |c: char| c.is_control() || c.is_whitespace() || "~^:?*[\\".contains(c);
    if name.contains("..") || name.contains("@{") {
        return Err(reason("it is not a plain name"));
    }
    match name.chars().find(|&c| bad(c)) {
        Some(c) => Err(reason(&format!("it holds `{}`", c.escape_debug()))),
        None => Ok(()),
    }
}

impl Reason {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            help: None,
        }
    }
}
