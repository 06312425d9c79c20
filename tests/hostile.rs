//! Pages that a hostile or an unlucky author writes: each is built or refused
//! with a reason in a time that grows with its length.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::fs::{self, File};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// So long a page of a few hundred kilobytes may take in a build that is not
/// optimised. Each of the inputs here took minutes where its time grew with the
/// square of its length.
const PATIENCE: Duration = Duration::from_secs(30);

/// What `check` prints of a site with one page, in time.
fn findings(page: &str) -> String {
    let site = tempfile::tempdir().expect("temporary folder");
    let content = site.path().join("content");
    fs::create_dir(&content).expect("writable");
    fs::write(site.path().join("rigbook.toml"), "title = \"S\"\n").expect("writable");
    // Only a section declares a category.
    let name = match page.contains("[category]") {
        true => "_index.md",
        false => "page.md",
    };
    fs::write(content.join(name), page).expect("writable");
    in_time(site.path())
}

fn in_time(root: &Path) -> String {
    let printed = root.join("printed");
    let mut check = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache", "--root"])
        .arg(root)
        .env("NO_COLOR", "1")
        .stdout(File::create(&printed).expect("writable"))
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let start = Instant::now();
    let status = loop {
        if let Some(status) = check.try_wait().expect("a child") {
            break status;
        }
        if start.elapsed() > PATIENCE {
            check.kill().expect("a child");
            check.wait().expect("a child");
            panic!("no answer after {} s", PATIENCE.as_secs());
        }
        std::thread::yield_now();
    };
    assert!(matches!(status.code(), Some(0 | 1)), "it ended by {status}");
    fs::read_to_string(printed).expect("UTF-8")
}

fn check(page: &str, expected: &str) {
    let found = findings(page);
    assert!(
        found.contains(expected),
        "lacks {expected:?}:\n{}",
        &found[..found.floor_char_boundary(2000)]
    );
    let most = 1 << 20;
    assert!(found.len() < most, "it says {} bytes", found.len());
}

fn body(text: &str) -> String {
    format!("+++\ntitle = \"P\"\n+++\n{text}\n")
}

#[test]
fn one_line_of_mistakes_in_front_matter() {
    let list = "?!, ".repeat(250_000);
    check(
        &format!("+++\ntitle = \"P\"\na = [{list}]\n+++\n"),
        "page.md:3:6",
    );
    let keys = "k: 1\n".repeat(100_000);
    check(&format!("---\n{keys}---\n"), "`k` is given twice");
}

#[test]
fn braces_that_nothing_closes() {
    check(&body(&"*{{*".repeat(150_000)), "`{{` is not closed");
    check(
        &body(&"{{\n".repeat(150_000)),
        "more of this kind in this file",
    );
    check(&body(&"{ a.b } ".repeat(80_000)), "a figure stands between");
}

#[test]
fn tags_that_nothing_closes() {
    let tags = "<a ".repeat(200_000);
    check(
        &body(&format!("<div {tags}")),
        "nothing closes this HTML tag",
    );
    check(&body(&format!("<div {tags}>")), "more than 100 attributes");
    check(
        &body(&format!("<p>{}", "<!-- a --><!-- b".repeat(50_000))),
        "nothing closes this HTML comment",
    );
}

#[test]
fn html_that_parsers_are_slow_with() {
    let attributes: String = (0..100_000).map(|i| format!(" a{i}=1")).collect();
    check(
        &body(&format!("<a{attributes}>")),
        "more than 100 attributes",
    );
    check(
        &body(&format!("<table>\n{}", "x<br>".repeat(200_000))),
        "elements outside of their cells",
    );
    let names: String = (0..100_000).map(|i| format!("<x{i}></x{i}>")).collect();
    check(&body(&names), "element `x0` is not published");
    let open: String = (0..390).map(|i| format!("<b id=x{i}>")).collect();
    check(
        &body(&format!("<p>{open}x\n{}", "<p>x".repeat(100_000))),
        "that are not closed go on through too much",
    );
}

#[test]
fn sentences_that_do_not_end() {
    let catalog = "+++\ntitle = \"Mills\"\n[category]\nid = \"mill\"\n\
        [category.fields]\nweight = { type = \"quantity\", unit = \"kg\", label = \"Weight\" }\n\
        [[components]]\nid = \"kinu\"\ntitle = \"Kinu M47\"\nweight = \"1 kg\"\n+++\n";
    let numbers = "450 W, ".repeat(40_000);
    check(&body(&numbers), "no errors");
    let figures = "the Kinu M47 weighs 2 kg, ".repeat(10_000);
    check(
        &format!("{catalog}{figures}\n\nThe Kinu M47 weighs 2 kg.\n"),
        "`2 kg` contradicts the catalog",
    );
}

#[test]
fn a_page_of_footnotes() {
    let notes = (0..100_000).map(|i| format!("a[^{i}]\n\n[^{i}]: x\n\n"));
    check(&body(&notes.collect::<String>()), "no errors");
}

#[test]
fn many_links_to_nothing_on_many_pages() {
    let site = tempfile::tempdir().expect("temporary folder");
    let content = site.path().join("content");
    fs::create_dir(&content).expect("writable");
    fs::write(site.path().join("rigbook.toml"), "title = \"S\"\n").expect("writable");
    for i in 0..1000 {
        let text = format!("# P\n\n[a](page-nmber-{i}.md), [b](gone-for-good-{i}.md)\n");
        fs::write(content.join(format!("page-number-{i}.md")), text).expect("writable");
    }
    let found = in_time(site.path());
    assert!(found.contains("did you mean `page-number-999.md`?"));
    assert!(found.contains("2000 errors"));
}

#[test]
fn formulas_each_below_one_that_uses_it() {
    let mut page = "+++\ntitle = \"P\"\n[category]\nid = \"c\"\n[category.fields]\n".to_owned();
    let mut totals = String::new();
    for i in (1..2000).rev() {
        let formula = format!("a{} + 1", i - 1);
        page += &format!("a{i} = {{ formula = \"{formula}\", label = \"A\" }}\n");
        totals += &format!("[[calculator.totals]]\nid = \"a{i}\"\nformula = \"total.{formula}\"\n");
    }
    page += "a0 = { type = \"number\", label = \"A\" }\n[calculator]\n";
    page += "[[calculator.slots]]\nid = \"c\"\ncategory = \"c\"\n";
    page += &totals;
    page += "[[calculator.totals]]\nid = \"a0\"\nformula = \"c.a0\"\n";
    page += "[[components]]\nid = \"x\"\ntitle = \"X\"\na0 = 1\n+++\n```calculator\n```\n";
    check(&page, "no errors");
}
