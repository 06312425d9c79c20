//! Runs git with nothing of the caller's environment or the repository's
//! configuration that could make it run something else.

use std::ffi::OsStr;
use std::path::Path;
use std::process::{Command, Stdio};

use super::Reason;
use crate::io::FailureKind;

/// Settings that take away whatever a repository's own could run or fetch.
const SETTINGS: [&str; 8] = [
    "core.fsmonitor=false",
    "core.hooksPath=/dev/null",
    "core.attributesFile=/dev/null",
    "core.pager=cat",
    "diff.orderFile=/dev/null",
    "log.showSignature=false",
    "log.mailmap=false",
    "protocol.allow=never",
];

/// git in a folder, without standard input.
pub fn git(folder: &Path) -> Command {
    let mut command = Command::new("git");
    for (name, _) in std::env::vars_os() {
        if name.as_encoded_bytes().starts_with(b"GIT_") {
            command.env_remove(name);
        }
    }
    command
        .env("GIT_TERMINAL_PROMPT", "0")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_NO_REPLACE_OBJECTS", "1")
        .env("LC_ALL", "C")
        .current_dir(folder)
        .arg("--no-pager");
    for setting in SETTINGS {
        command.args(["-c", setting]);
    }
    command.stdin(Stdio::null());
    command
}

/// The standard output of a git command that must succeed.
pub fn run<S: AsRef<OsStr>>(
    folder: &Path,
    args: impl IntoIterator<Item = S>,
) -> Result<Vec<u8>, Reason> {
    let output = git(folder).args(args).output().map_err(not_started)?;
    if output.status.success() {
        return Ok(output.stdout);
    }
    Err(Reason::new(complaint(&output.stderr)))
}

/// The reason why git did not start.
pub fn not_started(error: std::io::Error) -> Reason {
    if error.kind() == std::io::ErrorKind::NotFound {
        return Reason {
            message: "`git` is not installed".to_owned(),
            help: Some("install git, or keep versions in folders".to_owned()),
            kind: FailureKind::Environment,
        };
    }
    Reason {
        kind: FailureKind::Environment,
        ..Reason::new(format!("can't run `git`: {}", crate::io::reason(&error)))
    }
}

/// What git said, in one line.
pub fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text
        .lines()
        .map(|line| {
            line.trim_start_matches("fatal: ")
                .trim_start_matches("error: ")
        })
        .find(|line| !line.trim().is_empty());
    format!("git says: {}", line.unwrap_or("nothing"))
}
