//! Publishing: all or nothing, nothing foreign lost, nothing dangerous done.
#![cfg(unix)]

#[path = "random/number.rs"]
mod random;

use std::collections::BTreeMap;
use std::fs;
use std::io::{Read as _, Write as _};
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use rigbook::diag::{Checked, Code, Diagnostic, Severity};
use rigbook::io::FailureKind;
use rigbook::io::writer::{
    Destination, Prepared, Progress, Report, Request, Silent, check_destination, clean, is_current,
    publish, publish_prepared, remove_published,
};
use rigbook::output::{Entry, MARKER, Origin, OutputTree};

use random::Random;

/// A site with an output beside it.
struct Site {
    _folder: tempfile::TempDir,
    root: PathBuf,
    output: PathBuf,
}

impl Site {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("temporary folder");
        let root = folder.path().join("site");
        fs::create_dir_all(root.join("content")).expect("folder");
        fs::create_dir_all(root.join(".rigbook")).expect("folder");
        fs::write(root.join("rigbook.toml"), "").expect("file");
        Self {
            output: root.join("public"),
            root,
            _folder: folder,
        }
    }

    fn publish(&self, tree: &OutputTree) -> Report {
        let checked = self.try_publish(tree, false);
        assert!(checked.diagnostics.is_empty(), "{:?}", checked.diagnostics);
        checked.value.expect("published")
    }

    fn try_publish(&self, tree: &OutputTree, strict: bool) -> Checked<Option<Report>> {
        self.publish_with(tree, strict, &Silent)
            .expect("the disk works")
    }

    fn publish_with(
        &self,
        tree: &OutputTree,
        strict: bool,
        progress: &dyn Progress,
    ) -> rigbook::io::Result<Checked<Option<Report>>> {
        let destination = check_destination(&self.output, &self.root, &[], None)?;
        let state = self.root.join(".rigbook");
        publish(&Request {
            tree,
            destination: &destination,
            site: None,
            state: state.exists().then_some(state.as_path()),
            strict,
            progress,
        })
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.output.join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, text).expect("file");
    }

    fn refusal(&self, output: &Path, home: Option<&Path>) -> String {
        let failure = check_destination(output, &self.root, &[], home).expect_err("dangerous");
        assert_eq!(failure.kind, FailureKind::Usage);
        failure
            .message
            .split("`: ")
            .last()
            .unwrap_or_default()
            .to_owned()
    }
}

fn tree(files: &[(&str, &str)]) -> OutputTree {
    let mut tree = OutputTree::new();
    for (path, text) in files {
        let text = (*text).to_owned();
        let entry = Entry::render(
            blake3::hash(text.as_bytes()),
            Origin::named(*path),
            move || Checked::clean(text.clone().into_bytes()),
        );
        tree.insert(path, entry).expect("no collision");
    }
    tree
}

/// All files under a folder without the marker, by path.
fn files(folder: &Path) -> BTreeMap<String, String> {
    let mut files = BTreeMap::new();
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("readable");
        let path = entry.path().strip_prefix(folder).expect("under it");
        if entry.file_type().is_file() && path != Path::new(MARKER) {
            let text = fs::read_to_string(entry.path()).expect("text");
            files.insert(path.to_str().expect("UTF-8").to_owned(), text);
        }
    }
    files
}

fn map(files: &[(&str, &str)]) -> BTreeMap<String, String> {
    let owned = |(path, text): &(&str, &str)| ((*path).to_owned(), (*text).to_owned());
    files.iter().map(owned).collect()
}

fn inode(path: &Path) -> u64 {
    path.metadata().expect("it exists").ino()
}

#[test]
fn only_what_changed_is_written() {
    let site = Site::new();
    let first = [
        ("index.html", "home"),
        ("a/index.html", "a"),
        ("b/index.html", "b"),
    ];
    let written = |written, kept, removed| Report {
        written,
        kept,
        removed,
    };
    assert_eq!(site.publish(&tree(&first)), written(3, 0, 0));
    assert_eq!(files(&site.output), map(&first));
    let marker = fs::read(site.output.join(MARKER)).expect("marker");
    let folder = inode(&site.output);
    assert_eq!(site.publish(&tree(&first)), written(0, 3, 0));
    assert_eq!(inode(&site.output), folder, "not even swapped");
    let kept = inode(&site.output.join("a/index.html"));
    let second = [("index.html", "new"), ("a/index.html", "a"), ("c", "c")];
    assert_eq!(site.publish(&tree(&second)), written(2, 1, 1));
    assert_eq!(files(&site.output), map(&second));
    assert_eq!(inode(&site.output.join("a/index.html")), kept);
    assert_eq!(site.publish(&tree(&first)), written(2, 1, 1));
    assert_eq!(files(&site.output), map(&first));
    assert_eq!(fs::read(site.output.join(MARKER)).expect("marker"), marker);
}

#[test]
fn files_and_folders_may_change_places() {
    let site = Site::new();
    let trees = [
        [("a", "file"), ("b/c/d", "deep")],
        [("a/x/y", "deep"), ("b", "file")],
        [("a/x", "file"), ("b/c", "file")],
    ];
    for files_of in [0, 1, 2, 1, 0, 2, 0] {
        site.publish(&tree(&trees[files_of]));
        assert_eq!(files(&site.output), map(&trees[files_of]));
    }
}

#[test]
fn a_touched_file_is_made_anew() {
    let site = Site::new();
    let pages = tree(&[("index.html", "home"), ("a.html", "a"), ("b.html", "b")]);
    site.publish(&pages);
    site.write("index.html", "edited");
    fs::remove_file(site.output.join("a.html")).expect("removed");
    assert_eq!(site.publish(&pages).written, 2);
    assert_eq!(files(&site.output)["index.html"], "home");
    assert_eq!(files(&site.output)["a.html"], "a");
}

#[test]
fn published_files_are_never_written_through() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "one"), ("same.html", "same")]));
    let backup = site.root.join("backup.html");
    fs::hard_link(site.output.join("index.html"), &backup).expect("link");
    let same = site.root.join("same.html");
    fs::hard_link(site.output.join("same.html"), &same).expect("link");
    for text in ["two", "three", "four"] {
        site.publish(&tree(&[("index.html", text), ("same.html", "same")]));
        assert_eq!(fs::read_to_string(&backup).expect("text"), "one");
        assert_eq!(fs::read_to_string(&same).expect("text"), "same");
    }
}

#[test]
fn what_rigbook_did_not_make_is_carried_over() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "1"), ("a/index.html", "a")]));
    site.write("CNAME", "example.org");
    site.write("a/notes.txt", "mine");
    site.write("own/deep/file", "mine");
    fs::create_dir(site.output.join("empty")).expect("folder");
    symlink("CNAME", site.output.join("link")).expect("link");
    for text in ["2", "3", "4"] {
        site.publish(&tree(&[("index.html", text)]));
        let expected = map(&[
            ("CNAME", "example.org"),
            ("a/notes.txt", "mine"),
            ("index.html", text),
            ("own/deep/file", "mine"),
        ]);
        assert_eq!(files(&site.output), expected);
        assert!(site.output.join("empty").is_dir());
        let link = fs::read_link(site.output.join("link")).expect("a link");
        assert_eq!(link, Path::new("CNAME"));
    }
    fs::remove_file(site.output.join("CNAME")).expect("removed");
    site.publish(&tree(&[("index.html", "5")]));
    assert!(
        !site.output.join("CNAME").exists(),
        "what the user removed stays away"
    );
    let clash = tree(&[("a/notes.txt", "the site's")]);
    let failure = site
        .publish_with(&clash, false, &Silent)
        .expect_err("in the way");
    assert!(
        failure
            .message
            .ends_with("is in the way of the site, and Rigbook did not write it")
    );
    assert_eq!(files(&site.output)["index.html"], "5");
}

/// Files of the site or of others come, change and go between publishings, in
/// the output and in the stage.
#[test]
fn whatever_happened_in_between_the_output_is_the_site() {
    std::thread::scope(|scope| {
        for seed in 1..=12 {
            scope.spawn(move || publish_and_meddle(seed));
        }
    });
}

fn publish_and_meddle(seed: u64) {
    let mut random = Random(seed);
    let site = Site::new();
    let mut published = BTreeMap::new();
    for round in 0..24 {
        let pages = random_pages(&mut random);
        let mut foreign = match round {
            0 => BTreeMap::new(),
            _ => files(&site.output),
        };
        foreign.retain(|path, _| !published.contains_key(path));
        let texts: Vec<(&str, &str)> = (pages.iter())
            .map(|(path, text)| (path.as_str(), text.as_str()))
            .collect();
        let in_the_way = |mine: &String| {
            let above = |a: &str, b: &str| b.strip_prefix(a).is_some_and(|b| b.starts_with('/'));
            pages
                .keys()
                .any(|page| mine == page || above(mine, page) || above(page, mine))
        };
        let was = format!("seed {seed}, round {round}");
        match site.publish_with(&tree(&texts), false, &Silent) {
            Ok(_) => {
                assert_eq!(foreign.keys().find(|path| in_the_way(path)), None, "{was}");
                published = pages.clone();
                let mut expected = pages;
                expected.extend(foreign);
                assert_eq!(files(&site.output), expected, "{was}");
            }
            Err(failure) => {
                let way = foreign.keys().find(|path| in_the_way(path));
                assert!(way.is_some(), "{was}: {}", failure.message);
                for path in foreign.keys() {
                    fs::remove_file(site.output.join(path)).expect("removed");
                }
            }
        }
        if random.below(3) > 0 {
            // Long enough for the stamps of folders to be trusted.
            std::thread::sleep(Duration::from_millis(60));
        }
        let stages = site.root.join(".rigbook/publish");
        let stage = fs::read_dir(stages).expect("it is there").next();
        let stage = stage
            .expect("a place")
            .expect("readable")
            .path()
            .join("stage");
        for _ in 0..random.below(3) {
            let place = if random.below(3) > 0 {
                &site.output
            } else {
                &stage
            };
            meddle(place, &mut random);
        }
    }
}

const PATHS: [&str; 10] = [
    "index.html",
    "a",
    "a/index.html",
    "a/b",
    "a/b/c",
    "a/b/d/e",
    "a/f/g",
    "h/i/j",
    "h/k",
    "l",
];

/// Some of the paths, so that no page is in the place of another's folder.
fn random_pages(random: &mut Random) -> BTreeMap<String, String> {
    let mut pages: BTreeMap<String, String> = [("index.html".into(), "home".into())].into();
    for path in PATHS {
        let clash = |other: &String| {
            other.starts_with(&format!("{path}/")) || path.starts_with(&format!("{other}/"))
        };
        if random.below(4) > 0 && !pages.keys().any(clash) {
            pages.insert(path.to_owned(), format!("{path} {}", random.below(3)));
        }
    }
    pages
}

/// Does one thing to a folder that others might do.
fn meddle(folder: &Path, random: &mut Random) {
    let entries = walkdir::WalkDir::new(folder)
        .min_depth(1)
        .into_iter()
        .flatten();
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path().to_owned()).collect();
    paths.retain(|path| !path.ends_with(MARKER));
    paths.sort();
    if paths.is_empty() {
        return;
    }
    let path = &paths[random.below(paths.len())];
    let new = |name: &str| path.parent().expect("a folder").join(name);
    let done = match random.below(5) {
        0 if path.is_dir() => fs::remove_dir_all(path),
        0 => fs::remove_file(path),
        1 if path.is_file() => fs::write(path, "edited"),
        2 => fs::write(new("mine"), "mine"),
        3 if path.is_file() => {
            fs::write(new("draft"), "replaced").and_then(|()| fs::rename(new("draft"), path))
        }
        _ => fs::create_dir_all(new("own/deep")).and_then(|()| fs::write(new("own/deep/x"), "x")),
    };
    done.expect("the disk works");
}

#[test]
fn a_foreign_file_outlives_the_page_beside_it() {
    let site = Site::new();
    // Long enough for the stamps of folders to be trusted.
    let wait = || std::thread::sleep(Duration::from_millis(70));
    let both = [("b/x/index.html", "x"), ("b/y/index.html", "y")];
    site.publish(&tree(&both));
    site.write("b/x/mine", "mine");
    for text in ["1", "2", "3"] {
        wait();
        site.publish(&tree(&[("b/x/index.html", "x"), ("b/y/index.html", text)]));
    }
    for text in ["4", "5", "6"] {
        wait();
        site.publish(&tree(&[("b/y/index.html", text)]));
        let expected = map(&[("b/x/mine", "mine"), ("b/y/index.html", text)]);
        assert_eq!(files(&site.output), expected);
    }
}

#[test]
fn a_pipe_in_the_place_of_the_state_is_not_waited_for() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "1")]));
    let stages = fs::read_dir(site.root.join(".rigbook/publish")).expect("it is there");
    let state = stages
        .last()
        .expect("a place")
        .expect("readable")
        .path()
        .join("state");
    fs::remove_file(&state).expect("removed");
    let made = Command::new("mkfifo").arg(&state).status();
    assert!(made.expect("mkfifo").success());
    let destination = check_destination(&site.output, &site.root, &[], None).expect("fine");
    let root = site.root.join(".rigbook");
    let current = is_current(&destination, &root, &blake3::hash(b"site")).expect("no failure");
    assert!(current.is_none());
    assert_eq!(site.publish(&tree(&[("index.html", "2")])).written, 1);
}

#[test]
fn an_error_leaves_the_published_site_as_it_was() {
    let site = Site::new();
    let good = [("index.html", "good"), ("a", "a")];
    site.publish(&tree(&good));
    let mut bad = tree(&[("a", "changed")]);
    let broken = |severity| {
        Entry::render(blake3::hash(b"broken"), Origin::named("x"), move || {
            let d = Diagnostic::new(severity, Code::Template, None, "it broke");
            Checked::new(b"half".to_vec(), vec![d])
        })
    };
    bad.insert("broken", broken(Severity::Error))
        .expect("no collision");
    bad.insert("other", broken(Severity::Error))
        .expect("no collision");
    let checked = site.try_publish(&bad, false);
    assert_eq!(checked.value, None);
    assert_eq!(checked.diagnostics.len(), 2, "all errors at once");
    assert_eq!(files(&site.output), map(&good));
    let mut odd = tree(&[("a", "a")]);
    odd.insert("odd", broken(Severity::Warning))
        .expect("no collision");
    assert_eq!(site.try_publish(&odd, true).value, None, "strict");
    assert_eq!(files(&site.output), map(&good));
    for _ in 0..2 {
        let checked = site.try_publish(&odd, false);
        assert!(checked.value.is_some());
        assert_eq!(checked.diagnostics.len(), 1, "said again by a warm build");
    }
}

#[test]
fn dangerous_folders_are_refused() {
    let site = Site::new();
    let root = &site.root;
    let outside = root.parent().expect("a folder");
    let check = |output: &Path, why: &str| assert_eq!(site.refusal(output, None), why);
    check(root, "it is the site itself");
    check(outside, "it holds the site");
    check(Path::new("/"), "it is the root of the file system");
    check(&root.join("content"), "the site is read from `content`");
    check(
        &root.join("content/deep"),
        "the site is read from `content`",
    );
    check(&root.join("static"), "the site is read from `static`");
    check(
        &root.join("rigbook.toml"),
        "the site is read from `rigbook.toml`",
    );
    let home = outside.join("home");
    fs::create_dir(&home).expect("folder");
    assert_eq!(
        site.refusal(&home, Some(&home)),
        "it is or holds your home folder"
    );
    let work = outside.join("work");
    fs::create_dir_all(work.join(".git")).expect("folder");
    check(&work, "it is the root of a git work tree");
    let file = outside.join("file");
    fs::write(&file, "").expect("file");
    check(&file, "it is a file");
    let full = outside.join("full");
    fs::create_dir(&full).expect("folder");
    fs::write(full.join("thesis.txt"), "").expect("file");
    check(&full, "it holds files that Rigbook did not write");
    for (target, why) in [
        (root.clone(), "it is the site itself"),
        (full, "it holds files that Rigbook did not write"),
        (PathBuf::from("/"), "it is the root of the file system"),
        (outside.join("nowhere"), "it is a link that leads nowhere"),
    ] {
        let link = outside.join("link");
        symlink(target, &link).expect("link");
        check(&link, why);
        fs::remove_file(&link).expect("removed");
    }
    let good = outside.join("new/folder");
    assert!(check_destination(&good, root, &[], None).is_ok());
}

#[test]
fn a_damaged_marker_stops_publishing() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "1")]));
    fs::write(site.output.join(MARKER), "???").expect("file");
    let failure = site
        .publish_with(&tree(&[("a", "a")]), false, &Silent)
        .expect_err("damaged");
    assert!(
        failure.message.contains("is damaged"),
        "{}",
        failure.message
    );
    assert_eq!(files(&site.output), map(&[("index.html", "1")]));
}

#[test]
fn what_links_of_the_state_folder_lead_to_is_neither_filled_nor_emptied() {
    let site = Site::new();
    site.publish(&tree(&[("a/index.html", "1")]));
    let publish = site.root.join(".rigbook/publish");
    let place = fs::read_dir(&publish).expect("readable").next();
    let place = place.expect("a place").expect("readable").path();
    let mine = site.root.with_file_name("mine");
    fs::create_dir_all(mine.join("a")).expect("folder");
    for file in ["keep", "a/index.html", "lock"] {
        fs::write(mine.join(file), "mine").expect("file");
    }
    let before = files(&mine);
    let file = mine.join("keep");
    let links = [
        (place.join("stage"), &mine),
        (place.join("aside"), &mine),
        (place.join("lock"), &file),
        (place.join("state"), &file),
        (place.join("state.new"), &file),
        (place, &mine),
        (publish, &mine),
    ];
    for (number, (link, target)) in links.iter().enumerate() {
        let _ = fs::remove_dir_all(link);
        let _ = fs::remove_file(link);
        symlink(target, link).expect("linked");
        let text = format!("{number}");
        site.publish(&tree(&[("a/index.html", &text)]));
        assert_eq!(files(&mine), before, "{}", link.display());
        assert_eq!(files(&site.output), map(&[("a/index.html", &text)]));
        assert!(!site.output.is_symlink(), "{}", link.display());
        if link.is_symlink() {
            fs::remove_file(link).expect("removed");
        }
    }
}

/// Tells when something waits for a build.
struct Waits(Mutex<mpsc::Sender<()>>);

impl Progress for Waits {
    fn rendered(&self, _: usize, _: usize) {}

    fn waiting(&self, _: &str) {
        let sender = self.0.lock().expect("whole");
        sender.send(()).expect("somebody listens");
    }
}

#[test]
fn cleaning_waits_for_the_build_at_work() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "old")]));
    let (starts, started) = mpsc::channel();
    let (waits, waiting) = mpsc::channel();
    let listening = Mutex::new((starts, waiting));
    let mut new = OutputTree::new();
    let page = Entry::render(blake3::hash(b"new"), Origin::named("x"), move || {
        let (starts, waiting) = &*listening.lock().expect("whole");
        starts.send(()).expect("somebody listens");
        let patience = std::time::Duration::from_secs(20);
        waiting.recv_timeout(patience).expect("cleaning waits");
        Checked::clean(b"new".to_vec())
    });
    new.insert("index.html", page).expect("no collision");
    std::thread::scope(|scope| {
        let build = scope.spawn(|| site.publish(&new));
        started.recv().expect("it renders");
        let destination = check_destination(&site.output, &site.root, &[], None).expect("safe");
        let state = site.root.join(".rigbook");
        let removed = clean(&destination, &state, &Waits(Mutex::new(waits))).expect("removed");
        assert_eq!((removed.files, removed.left), (1, 0));
        assert_eq!(build.join().expect("published").written, 1);
        assert!(!site.output.exists() && !state.exists());
    });
    site.publish(&tree(&[("index.html", "again")]));
}

/// A destination that nobody holds. A program that another test starts holds
/// each lock of this one for a moment.
fn prepared(destination: &Destination, state: &Path) -> Prepared {
    let early = || Prepared::early(destination, Some(state)).expect("readable");
    let tries = (0..500).find_map(|_| {
        let prepared = early();
        if prepared.is_none() {
            std::thread::sleep(std::time::Duration::from_millis(10));
        }
        prepared
    });
    tries.expect("nobody is at work")
}

#[test]
fn what_is_at_the_output_is_looked_at_early_only_where_nobody_is_at_work() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "old")]));
    let destination = check_destination(&site.output, &site.root, &[], None).expect("safe");
    let state = site.root.join(".rigbook");
    let first = prepared(&destination, &state);
    let second = Prepared::early(&destination, Some(&state)).expect("readable");
    assert!(second.is_none(), "the first holds the output");
    drop(first);
    prepared(&destination, &state);
}

#[test]
fn a_foreign_file_that_comes_after_the_early_look_is_carried_over() {
    let site = Site::new();
    let destination = check_destination(&site.output, &site.root, &[], None).expect("safe");
    let state = site.root.join(".rigbook");
    for text in ["1", "2", "3"] {
        let tree = tree(&[("a/index.html", text), ("b/index.html", "same")]);
        if text == "1" {
            site.publish(&tree);
            continue;
        }
        let prepared = prepared(&destination, &state);
        for folder in ["", "a/", "b/"] {
            site.write(&format!("{folder}late-{text}.txt"), "not ours");
        }
        let request = Request {
            tree: &tree,
            destination: &destination,
            site: None,
            state: Some(&state),
            strict: false,
            progress: &Silent,
        };
        let published = publish_prepared(&request, prepared).expect("the disk works");
        assert!(published.value.is_some());
    }
    site.publish(&tree(&[("a/index.html", "4"), ("b/index.html", "same")]));
    let there = files(&site.output);
    for folder in ["", "a/", "b/"] {
        for text in ["2", "3"] {
            let path = format!("{folder}late-{text}.txt");
            assert_eq!(
                there.get(&path).map(String::as_str),
                Some("not ours"),
                "{path}"
            );
        }
    }
}

#[test]
fn an_output_that_goes_after_it_was_looked_at_is_made_or_missed() {
    let site = Site::new();
    let destination = check_destination(&site.output, &site.root, &[], None).expect("safe");
    let state = site.root.join(".rigbook");
    let publish_late = |tree: &OutputTree| {
        let prepared = prepared(&destination, &state);
        fs::remove_dir_all(&site.output).expect("removed");
        let request = Request {
            tree,
            destination: &destination,
            site: None,
            state: Some(&state),
            strict: false,
            progress: &Silent,
        };
        publish_prepared(&request, prepared)
    };
    let old = tree(&[("a.html", "old"), ("b.html", "old")]);
    site.publish(&old);
    let report = publish_late(&tree(&[("a.html", "new"), ("b.html", "new")])).expect("made");
    assert_eq!(report.value.expect("published").written, 2);
    let new = [("a.html", "new"), ("b.html", "new")];
    assert_eq!(files(&site.output), map(&new));
    for next in [&new[..], &[("a.html", "new"), ("b.html", "newer")]] {
        let failure = publish_late(&tree(next)).expect_err("what was to stay is gone");
        assert!(failure.message.ends_with("vanished during the build"));
        site.publish(&tree(&new));
    }
}

#[test]
fn a_state_folder_that_is_removed_during_a_build_is_a_clear_failure() {
    let site = Site::new();
    site.publish(&tree(&[("a.html", "old"), ("b.html", "old")]));
    let state = site.root.join(".rigbook");
    let mut new = tree(&[("a.html", "new")]);
    let removed = state.clone();
    let page = Entry::render(blake3::hash(b"new"), Origin::named("x"), move || {
        let _ = fs::remove_dir_all(&removed);
        Checked::clean(b"new".to_vec())
    });
    new.insert("b.html", page).expect("no collision");
    let failure = site.publish_with(&new, false, &Silent).expect_err("gone");
    assert!(failure.message.ends_with("was removed during the build"));
    let old = [("a.html", "old"), ("b.html", "old")];
    assert_eq!(files(&site.output), map(&old));
    site.publish(&tree(&[("a.html", "new")]));
    assert_eq!(files(&site.output), map(&[("a.html", "new")]));
}

#[test]
fn a_build_that_lost_its_folder_leaves_the_stage_of_another_alone() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "old")]));
    let stages = fs::read_dir(site.root.join(".rigbook/publish")).expect("it is there");
    let place = stages.last().expect("a place").expect("readable").path();
    let others = place.join("stage/of-another");
    for late in ["index.html", "deep/index.html"] {
        let state = site.root.join(".rigbook");
        let (folder, stage) = (others.clone(), place.join("stage"));
        let render = move || {
            // Somebody removes the folder, and another build moves in. A file
            // in the way of this one's makes it fail.
            let _ = fs::remove_dir_all(&state);
            fs::create_dir_all(&folder).expect("folder");
            fs::write(stage.join("deep"), "").expect("file");
            Checked::clean(b"new".to_vec())
        };
        let mut tree = OutputTree::new();
        let entry = Entry::render(blake3::hash(late.as_bytes()), Origin::named(late), render);
        tree.insert(late, entry).expect("no collision");
        site.publish_with(&tree, false, &Silent)
            .expect_err("the folder went");
        assert!(others.is_dir(), "{late}");
        assert_eq!(files(&site.output), map(&[("index.html", "old")]));
    }
}

#[test]
fn cleaning_follows_no_link() {
    let site = Site::new();
    site.publish(&tree(&[("a/index.html", "1"), ("b.txt", "2")]));
    let mine = site.root.with_file_name("mine");
    fs::create_dir(&mine).expect("folder");
    fs::write(mine.join("index.html"), "mine").expect("file");
    fs::remove_dir_all(site.output.join("a")).expect("removed");
    symlink(&mine, site.output.join("a")).expect("linked");
    let destination = check_destination(&site.output, &site.root, &[], None).expect("safe");
    let removed = remove_published(&destination).expect("removed");
    assert_eq!((removed.files, removed.left), (1, 1));
    assert!(mine.join("index.html").exists());
}

#[test]
fn an_output_elsewhere_leaves_nothing_beside_it() {
    let mut site = Site::new();
    fs::remove_dir(site.root.join(".rigbook")).expect("removed");
    let beside = site.root.parent().expect("a folder").join("www");
    site.output = beside.join("out");
    for text in ["1", "2", "2"] {
        site.publish(&tree(&[("index.html", text)]));
        assert_eq!(files(&site.output), map(&[("index.html", text)]));
        let names: Vec<_> = fs::read_dir(&beside).expect("readable").collect();
        assert_eq!(names.len(), 1);
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_clear_failure() {
    if rustix::process::geteuid().is_root() {
        return; // Root may write anywhere.
    }
    let mut site = Site::new();
    let locked = site.root.parent().expect("a folder").join("locked");
    fs::create_dir(&locked).expect("folder");
    let mode = std::os::unix::fs::PermissionsExt::from_mode(0o555);
    fs::set_permissions(&locked, mode).expect("read only");
    site.output = locked.join("out");
    let failure = site
        .publish_with(&tree(&[("a", "a")]), false, &Silent)
        .expect_err("refused");
    assert_eq!(failure.kind, FailureKind::Environment);
    assert!(
        failure.message.contains("permission denied"),
        "{}",
        failure.message
    );
}

#[test]
fn equal_trees_give_equal_folders_whatever_the_order() {
    let (first, second) = (Site::new(), Site::new());
    let pages = [("a/index.html", "a"), ("b", "b"), ("index.html", "home")];
    second.publish(&tree(&[("b", "old"), ("gone", "")]));
    first.publish(&tree(&pages));
    let mut reversed = pages;
    reversed.reverse();
    second.publish(&tree(&reversed));
    assert_eq!(files(&first.output), files(&second.output));
    let marker = |site: &Site| fs::read(site.output.join(MARKER)).expect("marker");
    assert_eq!(marker(&first), marker(&second));
}

#[test]
fn assets_are_copied_and_a_vanished_one_is_an_error() {
    let site = Site::new();
    fs::create_dir(site.root.join("static")).expect("folder");
    fs::write(site.root.join("static/a.bin"), vec![7; 300_000]).expect("file");
    let read = rigbook::io::worktree::snapshot(&site.root, "").expect("readable");
    let Some(rigbook::source::File::Asset(asset)) = read.value.files.get("static/a.bin") else {
        panic!("an asset")
    };
    let mut assets = OutputTree::new();
    assets
        .insert("a.bin", Entry::copy(asset.clone()))
        .expect("no collision");
    assert_eq!(site.publish(&assets).written, 1);
    assert_eq!(site.publish(&assets).kept, 1);
    assert_eq!(
        fs::read(site.output.join("a.bin")).expect("copied"),
        vec![7; 300_000]
    );
    fs::remove_file(site.root.join("static/a.bin")).expect("removed");
    fs::remove_file(site.output.join("a.bin")).expect("removed");
    let checked = site.try_publish(&assets, false);
    assert_eq!(checked.value, None);
    assert!(
        checked.diagnostics[0]
            .message
            .starts_with("`static/a.bin` can't be read")
    );
}

#[test]
fn a_full_disk_is_a_clear_failure() {
    let site = Site::new();
    site.publish(&tree(&[("index.html", "old")]));
    // A limit on a file's size stands in for a full disk, in a child of its
    // own: the write fails with a reason in the same way.
    let mut child = Command::new("sh")
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 1; exec \"$0\" --exact child_process --nocapture",
        ])
        .arg(std::env::current_exe().expect("this test"))
        .env("WRITER_TASK", "full")
        .env("WRITER_SITE", &site.root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started");
    let mut said = String::new();
    let stdout = child.stdout.as_mut().expect("piped");
    stdout.read_to_string(&mut said).expect("text");
    assert!(child.wait().expect("ended").success(), "{said}");
    assert!(said.contains("file too large"), "{said}");
    assert_eq!(files(&site.output), map(&[("index.html", "old")]));
}

#[test]
fn three_builds_at_once_end_in_one_whole_site() {
    let site = Site::new();
    let versions: Vec<Vec<(String, String)>> = (0..3).map(edition).collect();
    std::thread::scope(|scope| {
        for version in &versions {
            let site = &site;
            scope.spawn(move || {
                for _ in 0..3 {
                    site.publish(&tree(&borrowed(version)));
                }
            });
        }
    });
    let found = files(&site.output);
    assert!(
        versions
            .iter()
            .any(|version| found == map(&borrowed(version)))
    );
}

#[test]
fn readers_never_miss_a_page() {
    let site = Site::new();
    let versions: Vec<Vec<(String, String)>> = (0..2).map(edition).collect();
    site.publish(&tree(&borrowed(&versions[0])));
    let stop = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| {
            let mut reads = 0;
            while stop.load(Ordering::Relaxed) == 0 || reads < 100 {
                let path = site.output.join(format!("p{}/index.html", reads % PAGES));
                let text = fs::read_to_string(&path).expect("the page is there");
                assert!(text.ends_with("</html>"), "whole");
                reads += 1;
            }
        });
        for round in 0..8 {
            site.publish(&tree(&borrowed(&versions[round % 2])));
        }
        stop.store(1, Ordering::Relaxed);
        reader.join().expect("no page was missing");
    });
}

const PAGES: usize = 60;

fn edition(number: usize) -> Vec<(String, String)> {
    let page = |i| {
        let body = format!("{number} ").repeat(i * 10);
        (format!("p{i}/index.html"), format!("<html>{body}</html>"))
    };
    (0..PAGES).map(page).collect()
}

fn borrowed(files: &[(String, String)]) -> Vec<(&str, &str)> {
    files
        .iter()
        .map(|(p, t)| (p.as_str(), t.as_str()))
        .collect()
}

/// Runs the test `child_process` as a process of its own.
fn child(site: &Site) -> std::process::Child {
    Command::new(std::env::current_exe().expect("this test"))
        .args(["--exact", "child_process", "--nocapture"])
        .env("WRITER_TASK", "publish")
        .env("WRITER_SITE", &site.root)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("started")
}

/// Not a test by itself: what the tests that kill a build start.
#[test]
fn child_process() {
    let Some(task) = std::env::var_os("WRITER_TASK") else {
        return;
    };
    let root = PathBuf::from(std::env::var_os("WRITER_SITE").expect("given"));
    let site = Site {
        _folder: tempfile::tempdir().expect("temporary folder"),
        output: root.join("public"),
        root,
    };
    if task == "full" {
        let large = "x".repeat(5000);
        let failed = site.publish_with(&tree(&[("index.html", &large)]), false, &Silent);
        println!("{}", failed.expect_err("too large").message);
        return;
    }
    for round in 0.. {
        let files = edition(round % 2);
        let progress = Dots(Arc::default());
        let published = site.publish_with(&tree(&borrowed(&files)), false, &progress);
        let _report = published.expect("the disk works");
    }
}

/// Prints a dot for each file, for the parent to count.
struct Dots(Arc<Mutex<()>>);

impl Progress for Dots {
    fn rendered(&self, _: usize, _: usize) {
        let _one = self.0.lock();
        let mut out = std::io::stdout();
        let _ = out.write_all(b".").and_then(|()| out.flush());
    }

    fn waiting(&self, _: &str) {}
}

#[test]
fn a_build_killed_at_any_moment_leaves_the_old_site_or_the_new_one() {
    let site = Site::new();
    let versions: Vec<_> = (0..2).map(|n| map(&borrowed(&edition(n)))).collect();
    site.publish(&tree(&borrowed(&edition(0))));
    for round in 0..25 {
        let mut child = child(&site);
        let mut out = child.stdout.take().expect("piped");
        // From the first file to somewhere in the third build.
        let mut dots = vec![0; 1 + round * 7];
        out.read_exact(&mut dots).expect("it goes on for ever");
        child.kill().expect("killed");
        child.wait().expect("ended");
        let found = files(&site.output);
        assert!(versions.contains(&found), "after {} files", dots.len());
    }
    site.publish(&tree(&[("index.html", "after")]));
    assert_eq!(files(&site.output), map(&[("index.html", "after")]));
}
