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

use super::{Failure, FailureKind};
use crate::diag::Checked;
use crate::source::Snapshot;

pub use batch::Blobs;

/// Why a version can't be read, for the owner of the place to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Lower case, names in backticks.
    pub message: String,
    pub help: Option<String>,
    /// Whether git itself failed, or something else was asked for than it has.
    pub kind: FailureKind,
}

impl From<Reason> for Failure {
    fn from(reason: Reason) -> Self {
        Self {
            kind: reason.kind,
            message: reason.message,
            help: reason.help,
        }
    }
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
    own: PathBuf,
    common: PathBuf,
}

/// Whether a tag of this name exists.
pub fn tag_exists(git: &Git, name: &str) -> Result<bool, Reason> {
    let args = ["tag", "--list", name];
    Ok(!command::run(&git.top, args)?.is_empty())
}

/// Whether nothing of the site differs from the last commit.
pub fn is_clean(git: &Git) -> Result<bool, Reason> {
    let inside = if git.inside.is_empty() {
        "."
    } else {
        &git.inside
    };
    let args = [
        "status",
        "--porcelain",
        "--untracked-files=normal",
        "--",
        inside,
    ];
    Ok(command::run(&git.top, args)?.is_empty())
}

/// Tags the last commit. The name is one that a version's id makes.
pub fn create_tag(git: &Git, name: &str) -> Result<(), Reason> {
    command::run(&git.top, ["tag", "--no-sign", "--end-of-options", name]).map(drop)
}

impl Git {
    /// The repository that holds the site; none where there is none. Nothing
    /// is run for that.
    pub fn find(root: &Path) -> Option<Self> {
        let root = root.canonicalize().ok()?;
        let top = root
            .ancestors()
            .find(|folder| folder.join(".git").exists())?;
        let inside = root.strip_prefix(top).ok()?.to_str()?;
        let inside = match inside {
            "" => String::new(),
            _ => format!("{}/", inside.replace(std::path::MAIN_SEPARATOR, "/")),
        };
        let own = private_folder(top)?;
        let common = common_folder(&own);
        Some(Self {
            top: top.into(),
            inside,
            shallow: common.join("shallow").exists(),
            own,
            common,
        })
    }

    /// The id of the commit that is checked out; none before the first one.
    /// Read from the files where they are of the usual form, since that takes
    /// microseconds and git milliseconds.
    pub fn head(&self) -> Option<Arc<str>> {
        self.head_file().or_else(|| self.resolve("HEAD").ok())
    }

    /// The folders in which branches, tags and the checked out commit are kept,
    /// and whether with all below.
    pub fn watched(&self) -> impl Iterator<Item = (PathBuf, bool)> {
        let refs = (self.common.join("refs"), true);
        [
            (self.own.clone(), false),
            (self.common.clone(), false),
            refs,
        ]
        .into_iter()
    }

    fn head_file(&self) -> Option<Arc<str>> {
        let head = std::fs::read_to_string(self.own.join("HEAD")).ok()?;
        let head = head.trim_end();
        let Some(name) = head.strip_prefix("ref: ") else {
            return commit_id(head);
        };
        if let Ok(id) = std::fs::read_to_string(self.common.join(name)) {
            return commit_id(id.trim_end());
        }
        let packed = std::fs::read_to_string(self.common.join("packed-refs")).ok()?;
        let mut lines = packed.lines().filter_map(|line| line.split_once(' '));
        lines
            .find(|(_, packed)| *packed == name)
            .and_then(|(id, _)| commit_id(id))
    }
}

/// Where git keeps what is this work tree's alone.
fn private_folder(top: &Path) -> Option<PathBuf> {
    let dot = top.join(".git");
    if dot.is_dir() {
        return Some(dot);
    }
    let text = std::fs::read_to_string(dot).ok()?;
    let path = text.trim_end().strip_prefix("gitdir: ")?;
    Some(top.join(path))
}

/// Where git keeps what all work trees of a repository share.
fn common_folder(own: &Path) -> PathBuf {
    match std::fs::read_to_string(own.join("commondir")) {
        Ok(path) => own.join(path.trim_end()),
        Err(_) => own.to_owned(),
    }
}

fn commit_id(text: &str) -> Option<Arc<str>> {
    let whole = matches!(text.len(), 40 | 64) && text.bytes().all(|b| b.is_ascii_hexdigit());
    whole.then(|| text.into())
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
            kind: FailureKind::Usage,
        }
    }
}

/// Refuses what git could take for something else than a name.
fn check_name(name: &str) -> Result<(), Reason> {
    let reason = |why: &str| Reason {
        message: format!("`{}` can't name a commit: {why}", name.escape_debug()),
        help: Some("give a tag, a branch or a commit's id".to_owned()),
        kind: FailureKind::Usage,
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
            kind: FailureKind::Usage,
        }
    }
}
