//! A commit's files as a snapshot.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::batch::Batch;
use super::{Git, Reason, command};
use crate::diag::{Checked, Code, Diagnostic};
use crate::io::worktree::{LARGEST_TEXT, held_file, is_published, is_text, too_large, whole_file};
use crate::source::{Asset, Data, File, Snapshot};

/// A file as git lists it.
struct Listed {
    mode: String,
    id: String,
    size: u64,
}

/// Reads the site root at a commit. The theme is not read: it comes from the
/// work tree.
pub fn snapshot(git: &Git, commit: &str, prefix: &str) -> Result<Checked<Snapshot>, Reason> {
    let mut diagnostics = Vec::new();
    let listed = list(git, commit, prefix, &mut diagnostics)?;
    if !listed.contains_key("rigbook.toml") {
        let at = if git.inside.is_empty() {
            "at the top".to_owned()
        } else {
            format!("in `{}`", git.inside)
        };
        let short = commit.get(..12).unwrap_or(commit);
        return Err(Reason::new(format!(
            "commit {short} has no `rigbook.toml` {at}"
        )));
    }
    let mut files = BTreeMap::new();
    let mut texts: Vec<(&str, &str)> = Vec::new();
    for (path, file) in &listed {
        let shown = format!("{prefix}{path}");
        if let Some(why) = not_regular(&file.mode) {
            diagnostics.push(left_out(&shown, why));
        } else if !is_text(path) {
            files.insert(Arc::from(path.as_str()), asset(git, &shown, file));
        } else if file.size > LARGEST_TEXT {
            diagnostics.push(too_large(&shown, file.size));
        } else {
            texts.push((path, &file.id));
        }
    }
    let ids: Vec<&str> = texts.iter().map(|(_, id)| *id).collect();
    Batch::content(&git.top)?.all(&ids, |number, bytes| {
        let path = texts[number].0;
        let held = held_file(path, &format!("{prefix}{path}"), &bytes);
        if let Some(file) = held.drain_into(&mut diagnostics) {
            files.insert(path.into(), file);
        }
    })?;
    let snapshot = Snapshot {
        files,
        changed: BTreeMap::new(),
        prefix: prefix.into(),
    };
    Ok(Checked::new(snapshot, diagnostics))
}

fn list(
    git: &Git,
    commit: &str,
    prefix: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Result<BTreeMap<String, Listed>, Reason> {
    let mut args = vec!["ls-tree", "-r", "-z", "--long", "--full-tree"];
    args.extend(["--end-of-options", commit]);
    let folders = ["content", "rigbook.toml", "static"].map(|name| format!("{}{name}", git.inside));
    args.extend(folders.iter().map(String::as_str));
    let out = command::run(&git.top, args)?;
    let mut listed = BTreeMap::new();
    for line in out.split(|&b| b == 0).filter(|line| !line.is_empty()) {
        let tab = line.iter().position(|&b| b == b'\t').unwrap_or(line.len());
        let path = line[tab..].get(1 + git.inside.len()..).unwrap_or_default();
        let Ok(path) = std::str::from_utf8(path) else {
            let shown = format!("{prefix}{}", String::from_utf8_lossy(path));
            diagnostics.push(left_out(&shown, "has a name that is not UTF-8"));
            continue;
        };
        if !is_published(path) {
            continue;
        }
        let head = String::from_utf8_lossy(&line[..tab]);
        let mut words = head.split_whitespace();
        if let (Some(mode), Some(_), Some(id)) = (words.next(), words.next(), words.next()) {
            let listing = Listed {
                mode: mode.to_owned(),
                id: id.to_owned(),
                size: words.next().and_then(|w| w.parse().ok()).unwrap_or(0),
            };
            listed.insert(path.to_owned(), listing);
        }
    }
    Ok(listed)
}

/// Why an entry of this mode has no content of its own.
fn not_regular(mode: &str) -> Option<&'static str> {
    match mode {
        "120000" => Some("is a link, and links of a commit aren't followed"),
        "160000" => Some("is a submodule"),
        _ => None,
    }
}

fn asset(git: &Git, shown: &str, file: &Listed) -> File {
    File::Asset(Asset {
        path: shown.into(),
        size: file.size,
        stamp: blake3::hash(format!("blob {}", file.id).as_bytes()),
        data: Data::Blob {
            repository: Arc::clone(&git.top),
            id: file.id.as_str().into(),
        },
    })
}

fn left_out(shown: &str, why: &str) -> Diagnostic {
    let message = format!("`{}` {why}", shown.escape_debug());
    Diagnostic::warning(Code::Unpublishable, whole_file(shown), message)
        .help("it is left out of the site")
}
