//! The day of each file's last commit, from one `git log`.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;

use super::{Days, Git, Reason, command};

/// Days by path from the site root, of all files that ever were there.
pub fn days(git: &Git, commit: &str) -> Result<Days, Reason> {
    let mut log = command::git(&git.top);
    log.args(["log", "--format=%x01%cs", "--name-only", "-z"])
        .args(["--no-renames", "--no-ext-diff", "--no-textconv"])
        .args(["--end-of-options", commit, "--"])
        .arg(format!(":(top,literal){}", git.inside))
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = log.spawn().map_err(command::not_started)?;
    let Some(stdout) = child.stdout.take() else {
        return Err(Reason::new("git gives no output"));
    };
    let mut days = Days::new();
    let mut day: std::sync::Arc<str> = "".into();
    for part in BufReader::new(stdout).split(0) {
        let part = part.map_err(|e| Reason::new(crate::io::reason(&e)))?;
        // A commit's line ends with NUL, and a line feed stands before its
        // first name.
        let part = part.strip_prefix(b"\n").unwrap_or(&part);
        let Ok(text) = std::str::from_utf8(part) else {
            continue;
        };
        if let Some(new) = text.strip_prefix('\u{1}') {
            day = new.into();
        } else if let Some(path) = text.strip_prefix(git.inside.as_str()) {
            days.entry(path.into()).or_insert_with(|| day.clone());
        }
    }
    let status = child.wait();
    if !status.is_ok_and(|status| status.success()) {
        return Err(Reason::new("git can't read the history"));
    }
    Ok(days)
}
