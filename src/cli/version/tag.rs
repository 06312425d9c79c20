//! Freezing the working site as a tag of git: the last commit must hold all
//! that the site is made of.

use std::path::Path;

use crate::cli::args::Cut;
use crate::io::git::{Git, Repository as _, create_tag, is_clean, tag_exists};
use crate::io::{Failure, Result};
use crate::source::{File, Snapshot};

/// How many files a message names at most.
const MOST_NAMED: usize = 5;

/// The tag of an edition.
pub fn tag(id: &str) -> String {
    format!("v{id}")
}

/// The repository, if it can take the tag.
pub fn checked_repository(root: &Path, cut: &Cut) -> Result<Git> {
    let Some(git) = Git::find(root) else {
        return Err(
            Failure::usage("`--git` needs a git repository, and the site is in none")
                .help("without `--git` the edition is frozen in a folder"),
        );
    };
    if tag_exists(&git, &tag(&cut.id))? {
        let message = format!("the tag `{}` exists already", tag(&cut.id));
        return Err(Failure::usage(message).help("an edition is frozen once; take another id"));
    }
    if !is_clean(&git)? {
        return Err(
            Failure::usage("the work tree has changes that are not committed")
                .help("a tag freezes the last commit: commit first"),
        );
    }
    Ok(git)
}

/// Refuses a commit that would give another site than the work tree: git does
/// not report files that it ignores, and filters keep other bytes than it shows.
pub fn check_commit(git: &Git, work: &Snapshot) -> Result<()> {
    let commit = git.resolve("HEAD")?;
    let kept = git.snapshot(&commit, "")?.value;
    let differs = |path: &str, file: &File| match kept.files.get(path) {
        Some(there) => is_other(file, there),
        None => true,
    };
    let files = work.files.iter();
    // The theme is the work tree's for every edition.
    let own = files.filter(|(path, _)| !path.starts_with("themes/"));
    let files = own.filter(|(path, file)| differs(path, file));
    let files: Vec<String> = files.map(|(path, _)| format!("`{path}`")).collect();
    if files.is_empty() {
        return Ok(());
    }
    let mut named = files[..files.len().min(MOST_NAMED)].join(", ");
    if files.len() > MOST_NAMED {
        named.push_str(&format!(" and {} more", files.len() - MOST_NAMED));
    }
    let message = format!("the last commit lacks files of the site as they are here: {named}");
    Err(Failure::usage(message).help(
        "a tag keeps what git keeps: `git add --force` takes in what is ignored; without `--git` the edition is frozen in a folder",
    ))
}

/// Whether a commit holds something else for a file than its text: what a
/// filter such as LFS puts in its place. Git may have changed the ends of lines.
fn is_other(here: &File, there: &File) -> bool {
    let lines = |file: &File| match file {
        File::Text(text) => Some(text.source.text.replace("\r\n", "\n")),
        File::Asset(_) => None,
    };
    match (here, there) {
        (File::Asset(here), File::Asset(there)) => here.size > 2 * there.size,
        _ => lines(here) != lines(there),
    }
}

/// Tags the last commit, and makes sure that the tag leads to it.
pub fn freeze_as_tag(git: &Git, id: &str) -> Result<()> {
    let commit = git.resolve("HEAD")?;
    create_tag(git, &tag(id))?;
    if git.resolve(&tag(id))? == commit {
        return Ok(());
    }
    let message = format!(
        "git made the tag `{}` and finds another commit by it",
        tag(id)
    );
    Err(Failure::environment(message))
}
