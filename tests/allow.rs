//! Comments that allow a finding: how one is written is said once, and one that
//! is of no use is found.

use std::fs;
use std::process::Command;

const BIKES: &str = r#"+++
title = "Bicycles"
[category]
id = "bike"
[category.fields]
weight = { type = "quantity", unit = "kg", label = "Weight" }
[[components]]
id = "steppe"
title = "Steppe 300"
weight = "16 kg"
pros = ["At 16 kg of weight it is light"]
+++
"#;

/// What `check` says of a page's text.
fn check(text: &str) -> String {
    let site = tempfile::tempdir().expect("a folder");
    let page = format!("+++\ntitle = \"Page\"\n+++\n\n{text}\n");
    for (path, text) in [
        ("rigbook.toml", "title = \"Bicycles\"\n"),
        (
            "content/bikes/_index.md",
            &BIKES.replace("pros =", "# rigbook: allow literal-figure\npros ="),
        ),
        ("content/page.md", &page),
    ] {
        let path = site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache", "--root"])
        .arg(site.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    String::from_utf8(output.stdout).expect("UTF-8")
}

#[track_caller]
fn assert_says(found: &str, count: usize, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
    let warnings = found.matches("warning[").count();
    assert_eq!(warnings, count, "{found}");
}

#[test]
fn how_a_finding_is_allowed_is_said_once() {
    let found = check(
        "The Steppe 300 weighs 16 kg.\n\nThe Steppe 300 weighs 16 kg.\n\nThe Steppe 300 weighs 17 kg.",
    );
    assert_says(
        &found,
        3,
        &[
            "`<!-- rigbook: allow literal-figure -->`",
            "`<!-- rigbook: allow contradicting-figure -->`",
        ],
    );
    assert_eq!(found.matches("rigbook: allow").count(), 2, "{found}");
    let first = found.find("rigbook: allow literal").expect("said");
    assert!(first < found.find("page.md:7").expect("found"), "{found}");
}

#[test]
fn what_is_allowed_under_a_wrong_name_is_told_with_the_right_one() {
    let drift = "The Steppe 300 weighs 17 kg.";
    for (comment, parts) in [
        (
            "<!-- rigbook: allow contradicting-figures -->",
            &[
                "there is no `contradicting-figures` to allow",
                "did you mean `contradicting-figure`?",
                "content/page.md:5:21",
            ][..],
        ),
        (
            "<!-- rigbook: allow unit-mismatch -->",
            &["a `unit-mismatch` can't be allowed"],
        ),
        (
            "<!-- rigbook: allow literal-figure, contradicting-figur -->",
            &["did you mean `contradicting-figure`?"],
        ),
        (
            "<!-- rigbook: ignore contradicting-figure -->",
            &["write `rigbook: allow contradicting-figure`"],
        ),
        (
            "<!-- rigbook-disable contradicting-figure -->",
            &["allows nothing as it is written"],
        ),
    ] {
        let found = check(&format!("{comment}\n{drift}"));
        assert_says(&found, 2, parts);
    }
}

#[test]
fn a_comment_that_allows_nothing_is_found() {
    let far = "<!-- rigbook: allow literal-figure -->\nThe first line.\nThe second line.";
    assert_says(
        &check(far),
        1,
        &["nothing here is a `literal-figure`", "page.md:5:21"],
    );
}

#[test]
fn a_comment_that_allows_something_is_left_alone() {
    for text in [
        "<!-- rigbook: allow literal-figure -->\nThe Steppe 300 weighs 16 kg.",
        "<!-- As the maker has it. rigbook: allow contradicting-figure, since it is old -->\nThe Steppe 300 weighs 17 kg.",
        "<!-- rigbook: allow literal-figure contradicting-figure -->\nThe Steppe 300 weighs 17 kg.",
        "The Steppe 300 weighs 17 kg. <!-- rigbook: allow contradicting-figure -->",
        // Nobody asked whether it is so.
        "<!-- rigbook: allow broken-link -->\n[There](https://example.org/).",
        // Code that shows one, and a remark.
        "```markdown\n<!-- rigbook: allow nothing-at-all -->\n```\n\n`<!-- rigbook: allow nothing -->`",
        "<!-- This page is made with rigbook, and we allow comments. -->",
        "```compare\ncategory = \"bike\"\ncolumns = [\"weight\"]\n# rigbook: allow directive\nwhere = \"weight > 20 kg\"\n```",
    ] {
        assert_says(&check(text), 0, &[]);
    }
}
