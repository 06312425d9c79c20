//! Effects: files, git, child processes, sockets, clocks.
//!
//! In come paths and requests of the command line; out go values for the
//! stages, and their results onto disks and sockets. Nothing here knows what a
//! page is. Mistakes of an author are diagnostics; what the outside world
//! refuses is a [`Failure`].

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "effects live here, so that they live nowhere else"
)]

pub mod cache;
pub mod git;
pub mod http;
pub mod identity;
pub mod limits;
pub mod outside;
pub mod preview;
pub mod project;
pub mod watch;
pub mod worker;
pub mod worktree;
pub mod writer;

use std::fmt;
use std::path::Path;

/// What the outside world refused, in words for the user.
#[derive(Debug)]
pub struct Failure {
    pub kind: FailureKind,
    /// Lower case, with the path in it.
    pub message: String,
    pub help: Option<String>,
}

/// Whose fault it is, which decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FailureKind {
    /// The command line asks for something that is not done.
    Usage,
    /// A disk, a port, git or the system failed.
    Environment,
}

/// The result of an effect.
pub type Result<T> = std::result::Result<T, Failure>;

impl Failure {
    /// A failure of the system.
    pub fn environment(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Environment,
            message: message.into(),
            help: None,
        }
    }

    /// Something that the user must ask for differently.
    pub fn usage(message: impl Into<String>) -> Self {
        Self {
            kind: FailureKind::Usage,
            message: message.into(),
            help: None,
        }
    }

    /// Adds what to do about it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// "can't `verb` `path`: reason".
    pub fn at(verb: &str, path: &Path, error: &std::io::Error) -> Self {
        Self::environment(format!(
            "can't {verb} `{}`: {}",
            path.display(),
            reason(error)
        ))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Failure {}

/// Whether a path is a folder itself. A link to one is not: where this program
/// keeps its own, a link may lead to folders of others, which it must neither
/// fill nor empty.
pub fn is_own_folder(path: &Path) -> bool {
    path.symlink_metadata().is_ok_and(|m| m.is_dir())
}

/// Whether a folder of the program's own can be made at a path, or is there.
pub fn may_be_own_folder(path: &Path) -> bool {
    path.symlink_metadata().is_err() || is_own_folder(path)
}

/// The system's words for an error, in lower case and without its number.
pub fn reason(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or_default();
    let mut letters = text.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "unknown error".to_owned(),
    }
}
