//! Reading versions and dates from git.
#![cfg(unix)]

use std::fs;
use std::path::Path;
use std::process::Command;

use rigbook::io::git::{Blobs, Git, Repository as _};
use rigbook::source::{Data, File};

fn git(folder: &Path, args: &[&str]) {
    let status = Command::new("git")
        .current_dir(folder)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_AUTHOR_DATE", "2024-12-23T12:00:00Z")
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(["-c", "commit.gpgsign=false", "-c", "tag.gpgsign=false"])
        .args(args)
        .output()
        .expect("git runs");
    let said = String::from_utf8_lossy(&status.stderr);
    assert!(status.status.success(), "git {args:?}: {said}");
}

fn commit(folder: &Path, day: &str) {
    git(folder, &["add", "-A"]);
    let status = Command::new("git")
        .current_dir(folder)
        .env("GIT_COMMITTER_DATE", format!("{day}T12:00:00+0000"))
        .args(["-c", "user.name=A", "-c", "user.email=a@example.org"])
        .args(["-c", "commit.gpgsign=false", "commit", "-qm", "change"])
        .status()
        .expect("git runs");
    assert!(status.success());
}

fn write(root: &Path, path: &str, bytes: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folder");
    fs::write(path, bytes).expect("file");
}

/// A repository with a site in the folder `docs`, tagged `v1` and changed
/// since.
fn repository() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let root = folder.path();
    git(root, &["init", "-q", "-b", "main", "."]);
    write(root, "docs/rigbook.toml", "title = \"One\"\n");
    write(root, "docs/content/a.md", "one\r\n");
    write(root, "docs/content/b.md", "b\n");
    write(root, "docs/static/x.bin", "\0x");
    write(root, "docs/content/.hidden.md", "hidden");
    write(root, "elsewhere.md", "not of the site");
    std::os::unix::fs::symlink("/etc/passwd", root.join("docs/content/link.md")).expect("link");
    commit(root, "2024-12-23");
    git(root, &["tag", "v1"]);
    write(root, "docs/content/a.md", "two\n");
    commit(root, "2025-06-01");
    folder
}

#[test]
fn a_tag_is_read_without_a_checkout() {
    let folder = repository();
    let git = Git::find(&folder.path().join("docs")).expect("a repository");
    assert_eq!(git.inside, "docs/");
    let commit = git.resolve("v1").expect("the tag");
    let read = git.snapshot(&commit, "v1:").expect("a site");
    let paths: Vec<&str> = read.value.files.keys().map(AsRef::as_ref).collect();
    assert_eq!(
        paths,
        [
            "content/a.md",
            "content/b.md",
            "rigbook.toml",
            "static/x.bin"
        ]
    );
    let text = read.value.text("content/a.md").expect("a text");
    assert_eq!(&*text.source.text, "one\n");
    assert_eq!(&*text.source.path, "v1:content/a.md");
    let messages: Vec<&str> = read
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        ["`v1:content/link.md` is a link, and links of a commit aren't followed"]
    );
    let File::Asset(asset) = &read.value.files["static/x.bin"] else {
        panic!("an asset")
    };
    let Data::Blob { repository, id } = &asset.data else {
        panic!("a blob")
    };
    let blobs = Blobs::default();
    for _ in 0..3 {
        let mut bytes = Vec::new();
        blobs.copy(repository, id, &mut bytes).expect("its content");
        assert_eq!(bytes, b"\0x");
    }
    let absent = "0".repeat(40);
    assert!(blobs.copy(repository, &absent, &mut Vec::new()).is_err());
}

#[test]
fn days_are_those_of_each_files_last_commit() {
    let folder = repository();
    let git = Git::find(&folder.path().join("docs")).expect("a repository");
    let head = git.resolve("HEAD").expect("a commit");
    let days = git.days(&head).expect("the history");
    assert_eq!(days["content/a.md"].as_ref(), "2025-06-01");
    assert_eq!(days["content/b.md"].as_ref(), "2024-12-23");
    assert!(!days.keys().any(|path| path.contains("elsewhere")));
    let first = git.resolve("v1").expect("the tag");
    let days = git.days(&first).expect("the history");
    assert_eq!(days["content/a.md"].as_ref(), "2024-12-23");
    let top = Git::find(folder.path()).expect("a repository");
    let days = top.days(&head).expect("the history");
    assert_eq!(days["docs/content/a.md"].as_ref(), "2025-06-01");
}

#[test]
fn names_that_are_not_commits_are_refused_with_a_reason() {
    let folder = repository();
    let git = Git::find(&folder.path().join("docs")).expect("a repository");
    let check = |name: &str, message: &str| {
        let reason = git.resolve(name).expect_err("it names no commit");
        assert_eq!(reason.message, message);
        assert!(reason.help.is_some());
    };
    check("v9", "git knows no tag, branch or commit `v9` here");
    check(
        "--upload-pack=x",
        "`--upload-pack=x` can't name a commit: it looks like an option",
    );
    check("a\nb", "`a\\nb` can't name a commit: it holds `\\n`");
    check("", "`` can't name a commit: it is empty");
    check(
        "v1..main",
        "`v1..main` can't name a commit: it is not a plain name",
    );
}

#[test]
fn a_shallow_clone_says_what_it_lacks() {
    let folder = repository();
    let clone = tempfile::tempdir().expect("temporary folder");
    let address = format!("file://{}", folder.path().display());
    git(
        clone.path(),
        &["clone", "-q", "--depth=1", "--no-tags", &address, "."],
    );
    let git = Git::find(&clone.path().join("docs")).expect("a repository");
    assert!(git.shallow);
    let head = git.resolve("HEAD").expect("a commit");
    assert!(git.days(&head).expect("no days").is_empty());
    let reason = git.resolve("v1").expect_err("the tag is not there");
    assert!(reason.help.expect("a help").contains("--unshallow"));
}

#[test]
fn nothing_that_the_repository_configures_is_run() {
    let folder = repository();
    let root = folder.path();
    let script = root.join("run.sh");
    let proof = root.join("proof");
    fs::write(
        &script,
        format!("#!/bin/sh\ntouch {}\ncat\n", proof.display()),
    )
    .expect("script");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    fs::set_permissions(&script, mode).expect("executable");
    let script = script.display().to_string();
    for key in [
        "core.fsmonitor",
        "core.pager",
        "core.sshCommand",
        "gpg.program",
        "diff.external",
        "diff.x.textconv",
        "filter.x.smudge",
        "filter.x.clean",
        "filter.x.process",
        "core.alternateRefsCommand",
    ] {
        git(root, &["config", key, &script]);
    }
    git(root, &["config", "log.showSignature", "true"]);
    fs::write(root.join(".git/info/attributes"), "* filter=x diff=x\n").expect("attributes");
    let hooks = root.join(".git/hooks");
    for hook in [
        "post-checkout",
        "reference-transaction",
        "post-index-change",
    ] {
        fs::copy(&script, hooks.join(hook)).expect("hook");
    }
    let git = Git::find(&root.join("docs")).expect("a repository");
    let commit = git.resolve("main").expect("a commit");
    assert!(git.snapshot(&commit, "").is_ok());
    assert!(git.days(&commit).is_ok());
    assert!(!proof.exists());
}

#[test]
fn a_commit_without_a_site_is_said_so() {
    let folder = repository();
    let git = Git::find(folder.path()).expect("a repository");
    let commit = git.resolve("v1").expect("the tag");
    let reason = git.snapshot(&commit, "").expect_err("no site at the top");
    assert!(reason.message.ends_with("has no `rigbook.toml` at the top"));
    let alone = tempfile::tempdir().expect("temporary folder");
    assert!(Git::find(alone.path()).is_none());
}
