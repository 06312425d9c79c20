//! The guide of `tests/knives` with mistakes in it.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// A text of a file that is replaced by a wrong one, and where that is found.
pub struct Mistake {
    pub file: &'static str,
    pub right: &'static str,
    pub wrong: &'static str,
    /// `path:line` if it is not the file and the line of the text.
    pub place: Option<&'static str>,
}

pub const fn slip(file: &'static str, right: &'static str, wrong: &'static str) -> Mistake {
    Mistake {
        file,
        right,
        wrong,
        place: None,
    }
}

fn base() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/knives")
}

/// What `check` prints of the guide with some mistakes.
pub fn check(mistakes: &[&Mistake], arguments: &[&str]) -> String {
    let site = tempfile::tempdir().expect("temporary folder");
    for entry in walkdir::WalkDir::new(base()) {
        let entry = entry.expect("readable");
        let path = entry.path().strip_prefix(base()).expect("below it");
        if entry.file_type().is_dir() {
            fs::create_dir_all(site.path().join(path)).expect("writable");
            continue;
        }
        let mut text = fs::read_to_string(entry.path()).expect("readable");
        for mistake in mistakes
            .iter()
            .filter(|mistake| path == Path::new(mistake.file))
        {
            assert!(text.contains(mistake.right), "lacks {:?}", mistake.right);
            text = text.replacen(mistake.right, mistake.wrong, 1);
        }
        fs::write(site.path().join(path), text).expect("writable");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache"])
        .args(arguments)
        .arg("--root")
        .arg(site.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    let found = String::from_utf8(output.stdout).expect("UTF-8");
    found.replace('\u{a0}', " ")
}

/// The places and messages of all findings; sources are not the matter here.
pub fn findings(mistakes: &[&Mistake]) -> Vec<String> {
    let output = check(mistakes, &["--all", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&output).expect("JSON");
    let found = found.as_array().expect("a list").iter();
    found
        .filter(|found| found["code"] != "unsourced-figure")
        .map(|found| {
            let (path, line) = (&found["path"], &found["line"]);
            let place = format!("{}:{line}", path.as_str().unwrap_or("?"));
            format!("{place} {}", found["message"].as_str().unwrap_or("?"))
        })
        .collect()
}

/// Where a mistake is found: the line on which the two texts part.
pub fn place_of(mistake: &Mistake) -> String {
    if let Some(place) = mistake.place {
        return place.to_owned();
    }
    let text = fs::read_to_string(base().join(mistake.file)).expect("readable");
    let at = text.find(mistake.right).expect("it is there");
    let same = mistake.right.bytes().zip(mistake.wrong.bytes());
    let same = same.take_while(|(right, wrong)| right == wrong).count();
    let line = 1 + text[..at + same].matches('\n').count();
    format!("{}:{line}", mistake.file)
}

/// Whether two mistakes stand in one place, so that they can't be made both.
pub fn overlap(a: &Mistake, b: &Mistake) -> bool {
    if a.file != b.file {
        return false;
    }
    let text = fs::read_to_string(base().join(a.file)).expect("readable");
    let range = |mistake: &Mistake| {
        let start = text.find(mistake.right).expect("it is there");
        start..start + mistake.right.len()
    };
    let (a, b) = (range(a), range(b));
    a.start < b.end && b.start < a.end
}
