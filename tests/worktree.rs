//! Reading a site from a folder: what is taken in, what is left out and why.
#![cfg(unix)]

use std::fs;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::Path;

use rigbook::diag::Severity;
use rigbook::io::worktree::{Reader, snapshot};
use rigbook::source::File;

fn write(root: &Path, path: &str, bytes: impl AsRef<[u8]>) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("folder");
    fs::write(path, bytes).expect("file");
}

/// The paths taken in, and the messages about the others.
fn read(root: &Path) -> (Vec<String>, Vec<String>) {
    let read = snapshot(root, "").expect("the folder can be read");
    let paths = read
        .value
        .files
        .keys()
        .map(|path| path.to_string())
        .collect();
    let mut messages: Vec<String> = read.diagnostics.into_iter().map(|d| d.message).collect();
    messages.sort();
    (paths, messages)
}

#[test]
fn only_the_sites_own_folders_are_read() {
    let site = tempfile::tempdir().expect("temporary folder");
    for path in [
        "rigbook.toml",
        "content/_index.md",
        "content/a/photo.jpg",
        "content/a.md~",
        "content/.hidden.md",
        "content/node_modules/x.md",
        "static/.well-known/security.txt",
        "static/.git/config",
        "themes/mine/templates/page.html",
        "public/index.html",
        "README.md",
    ] {
        write(site.path(), path, "x");
    }
    let (paths, messages) = read(site.path());
    assert_eq!(
        paths,
        [
            "content/_index.md",
            "content/a/photo.jpg",
            "rigbook.toml",
            "static/.well-known/security.txt",
            "themes/mine/templates/page.html",
        ]
    );
    assert!(messages.is_empty(), "{messages:?}");
}

#[test]
fn links_are_followed_inside_the_site_alone() {
    let outside = tempfile::tempdir().expect("temporary folder");
    write(outside.path(), "secret.md", "secret");
    let site = tempfile::tempdir().expect("temporary folder");
    let root = site.path();
    write(root, "content/a.md", "a");
    write(root, "content/real/b.md", "b");
    write(root, ".env", "secret");
    let link = |target: &Path, at: &str| symlink(target, root.join(at)).expect("link");
    link(Path::new("a.md"), "content/same.md");
    link(Path::new("real"), "content/folder");
    link(&outside.path().join("secret.md"), "content/out.md");
    link(outside.path(), "content/out");
    link(Path::new("../.env"), "content/env.md");
    link(Path::new("nowhere"), "content/dangling.md");
    link(Path::new("loop.md"), "content/loop.md");
    link(Path::new(".."), "content/up");
    link(Path::new("../../content"), "content/real/back");
    link(Path::new("../real"), "content/real/self");
    let (paths, messages) = read(root);
    assert_eq!(
        paths,
        [
            "content/a.md",
            "content/folder/b.md",
            "content/real/b.md",
            "content/same.md",
        ]
    );
    assert_eq!(
        messages,
        [
            "`content/dangling.md` is a link that leads nowhere: no such file or directory",
            "`content/env.md` is a link to a hidden file",
            "`content/folder/back` is a link to a folder, inside a linked folder",
            "`content/folder/self` is a link to a folder, inside a linked folder",
            "`content/loop.md` is a link that leads nowhere: too many levels of symbolic links",
            "`content/out.md` is a link that leads out of the site",
            "`content/out` is a link that leads out of the site",
            "`content/real/back` is a link to a folder that holds it",
            "`content/real/self` is a link to a folder that holds it",
            "`content/up` is a link to a folder that holds it",
        ]
    );
}

#[test]
fn pipes_sockets_and_odd_names_are_named_and_left_out() {
    let site = tempfile::tempdir().expect("temporary folder");
    let root = site.path();
    write(root, "content/a.md", "a");
    let pipe = root.join("content/pipe.md");
    rustix::fs::mknodat(
        rustix::fs::CWD,
        &pipe,
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR,
        0,
    )
    .expect("pipe");
    let _socket = std::os::unix::net::UnixListener::bind(root.join("content/socket.md"));
    let odd = std::ffi::OsStr::from_bytes(b"content/\xFF.md");
    fs::write(root.join(odd), "x").expect("file");
    let (paths, messages) = read(root);
    assert_eq!(paths, ["content/a.md"]);
    assert_eq!(
        messages,
        [
            "`content/pipe.md` is a pipe and not a file",
            "`content/socket.md` is a socket and not a file",
            "`content/\u{FFFD}.md` has a name that is not UTF-8",
        ]
    );
}

#[test]
fn bad_text_is_an_error_that_names_the_file() {
    let site = tempfile::tempdir().expect("temporary folder");
    write(site.path(), "content/bad.md", b"a\xFF");
    write(site.path(), "content/bad.jpg", b"a\xFF");
    let huge = fs::File::create(site.path().join("content/huge.md")).expect("file");
    huge.set_len(50 << 20).expect("a hole");
    let read = snapshot(site.path(), "old/").expect("the folder can be read");
    assert!(
        read.diagnostics
            .iter()
            .all(|d| d.severity == Severity::Error)
    );
    let messages: Vec<&str> = read
        .diagnostics
        .iter()
        .map(|d| d.message.as_str())
        .collect();
    assert_eq!(
        messages,
        [
            "`old/content/bad.md` is not valid UTF-8",
            "`old/content/huge.md` has 50.0 MiB, and a text may have 3 MiB",
        ]
    );
}

#[test]
fn a_second_reading_sees_every_edit() {
    let site = tempfile::tempdir().expect("temporary folder");
    let root = site.path();
    write(root, "content/a.md", "one");
    write(root, "content/b.md", "b");
    write(root, "static/c.bin", "c");
    let mut reader = Reader::new(root, "").expect("reader");
    let mut text = || {
        let snapshot = reader.read().expect("readable").value;
        let text = snapshot
            .text("content/a.md")
            .map(|t| t.source.text.to_string());
        (text, snapshot.files.len(), snapshot.hash())
    };
    let first = text();
    assert_eq!(first, text());
    write(root, "content/a.md", "two");
    let second = text();
    assert_eq!(second.0.as_deref(), Some("two"), "of equal size, at once");
    fs::remove_file(root.join("content/b.md")).expect("removed");
    assert_eq!(text().1, 2);
    write(root, "static/c.bin", "d");
    let third = text();
    assert_ne!(third.2, second.2);
    fs::remove_dir_all(root.join("content")).expect("removed");
    assert_eq!(text().0, None);
}

#[test]
fn many_files_are_read_in_parallel_and_in_order() {
    let site = tempfile::tempdir().expect("temporary folder");
    for i in 0..500 {
        write(
            site.path(),
            &format!("content/{}/{i}.md", i % 7),
            i.to_string(),
        );
    }
    let first = snapshot(site.path(), "").expect("readable").value;
    assert_eq!(first.files.len(), 500);
    for (path, file) in &first.files {
        let File::Text(text) = file else {
            panic!("`{path}` is a text")
        };
        assert!(path.ends_with(&format!("/{}.md", text.source.text)));
    }
}
