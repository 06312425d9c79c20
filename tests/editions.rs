//! Editions on the site: what changed in each, its feed and data, the history of
//! components, and the switcher that keeps the page.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let site = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for (path, text) in files {
            let path = site.folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        site
    }

    fn build(&self) {
        build(self.folder.path(), &self.folder.path().join("public"));
    }

    fn read(&self, path: &str) -> String {
        let path = self.folder.path().join("public").join(path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    fn has(&self, path: &str) -> bool {
        self.folder.path().join("public").join(path).exists()
    }
}

fn build(root: &Path, output: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--no-cache", "--strict", "--root"])
        .arg(root)
        .arg("--output")
        .arg(output)
        .output()
        .expect("it starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

const CONFIG: &str = r#"title = "Bicycles"
base_url = "https://example.org/b/"
[[versions]]
id = "3"
title = "Third"
date = 2026-03-01
status = "current"
[[versions]]
id = "2"
title = "Second"
date = 2025-03-01
path = "versions/2"
[[versions]]
id = "1"
title = "First"
date = 2024-03-01
path = "versions/1"
"#;

fn section(fields: &str) -> String {
    format!("+++\ntitle = \"Bikes\"\n[category]\nid = \"bike\"\n[category.fields]\n{fields}\n+++\n")
}

fn bike(id: &str, figures: &str) -> (String, String) {
    (
        format!("content/bikes/{id}.md"),
        format!("+++\ntitle = \"Steppe\"\n[component]\n{figures}\n+++\n"),
    )
}

/// Three editions: the price rises twice, a field and a component get other
/// names, a bicycle comes.
fn bicycles(page: Option<&str>) -> Site {
    let old = section(
        "price = { type = \"money\", unit = \"EUR\", label = \"Price\" }\nmass = { type = \"quantity\", unit = \"kg\", label = \"Mass\" }",
    );
    let new = section(
        "price = { type = \"money\", unit = \"EUR\", label = \"Price\", better = \"lower\" }\nweight = { type = \"quantity\", unit = \"kg\", label = \"Weight\", former = [\"mass\"] }",
    );
    let first = bike("old-steppe", "price = \"1000 EUR\"\nmass = \"16 kg\"");
    let second = bike("old-steppe", "price = \"1100 EUR\"\nmass = \"16 kg\"");
    let third = bike(
        "steppe",
        "former = [\"old-steppe\"]\nprice = \"1210 EUR\"\nweight = \"15500 g\"",
    );
    let coast = bike("coast", "price = \"2000 EUR\"");
    let of = |version: &str, path: &str| format!("versions/{version}/{path}");
    let own = "title = \"Bicycles\"\n";
    let mut files = vec![
        ("rigbook.toml".to_owned(), CONFIG.to_owned()),
        ("content/bikes/_index.md".to_owned(), new),
        third,
        coast,
    ];
    for (version, bike) in [("1", first), ("2", second)] {
        files.push((of(version, "rigbook.toml"), own.to_owned()));
        files.push((of(version, "content/bikes/_index.md"), old.clone()));
        files.push((of(version, &bike.0), bike.1));
    }
    if let Some(page) = page {
        files.push(("content/news.md".to_owned(), page.to_owned()));
    }
    let files: Vec<(&str, &str)> = files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()))
        .collect();
    let site = Site::new(&files);
    site.build();
    site
}

fn check(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "lacks {part:?}:\n{text}");
    }
}

#[test]
fn every_edition_after_the_first_says_what_changed() {
    let site = bicycles(None);
    let page = site.read("changes/index.html");
    check(
        &page,
        &[
            "<h1>What changed in 3</h1>",
            "<h2 id=\"changes.bike\">Bikes</h2>",
            "<tr id=\"changes.bike.steppe.price\">",
            "<a href=\"../bikes/steppe/\">Steppe</a>, formerly <code>old-steppe</code>",
            "<strong>Columns renamed</strong><span>Weight (formerly Mass, <code>mass</code> → <code>weight</code>)",
            "€1,100.00",
            "€1,210.00",
            "+10%",
            "16\u{a0}kg",
            "15.5\u{a0}kg",
            "href=\"#changes.bike\"",
            "href=\"../data/changes/2-to-3.json\"",
        ],
    );
    assert!(
        !page.contains("<strong>Removed</strong>"),
        "what is renamed is not gone: {page}"
    );
    check(
        &site.read("2/changes/index.html"),
        &["What changed in 2", "€1,000.00"],
    );
    assert!(!site.has("1/changes/index.html"));
    check(
        &site.read("bikes/steppe/index.html"),
        &["<a href=\"../../changes/\">What changed in 3</a>"],
    );
    let json: serde_json::Value =
        serde_json::from_str(&site.read("data/changes/2-to-3.json")).expect("JSON");
    assert_eq!(json["from"], "2");
    assert_eq!(json["categories"][0]["fields"][0]["former"], "mass");
    let components = json["categories"][0]["components"]
        .as_array()
        .expect("a list");
    let steppe = components
        .iter()
        .find(|c| c["id"] == "steppe")
        .expect("it is kept");
    assert_eq!(steppe["figures"].as_array().map(Vec::len), Some(2));
    let versions: serde_json::Value =
        serde_json::from_str(&site.read("versions.json")).expect("JSON");
    assert_eq!(versions[0]["changes"], "changes/");
    assert_eq!(versions[1]["path"], "2/");
    assert_eq!(versions[1]["changes_data"], "data/changes/1-to-2.json");
    assert_eq!(versions[2]["changes"], serde_json::Value::Null);
}

#[test]
fn a_page_of_the_author_s_takes_the_place_of_the_generated_one() {
    let site = bicycles(Some("+++\ntitle = \"News\"\n+++\n\n```changes\n```\n"));
    check(
        &site.read("changes/index.html"),
        &["content=\"0; url=../news/\""],
    );
    check(
        &site.read("news/index.html"),
        &["<h2 id=\"changes.bike\">", "href=\"#changes.bike\""],
    );
    check(
        &site.read("index.html"),
        &["<a href=\"./news/\">What changed in 3</a>"],
    );
    // One of a single category, or of other editions, does not.
    let site = bicycles(Some(
        "+++\ntitle = \"News\"\n+++\n\n```changes\nfrom = \"1\"\n```\n\n```changes\ncategory = \"bike\"\n```\n",
    ));
    check(
        &site.read("changes/index.html"),
        &["<h1>What changed in 3</h1>"],
    );
}

#[test]
fn a_renamed_component_answers_at_its_former_addresses() {
    let site = bicycles(None);
    let moved = site.read("bikes/old-steppe/index.html");
    check(
        &moved,
        &[
            "content=\"0; url=../steppe/\"",
            "canonical\" href=\"https://example.org/b/bikes/steppe/\"",
        ],
    );
    assert!(
        !site.has("2/bikes/steppe/index.html"),
        "an old edition stays"
    );
    // Moved to another folder and listed there: by what the edition before had.
    let listed = "+++\ntitle = \"Racks\"\n[[components]]\ncategory = \"bike\"\nid = \"coast-ii\"\nformer = [\"coast\"]\ntitle = \"Coast\"\nprice = \"1 EUR\"\n+++\n\n[Still there](#coast)\n";
    let root = site.folder.path();
    let write = |path: &str, text: &str| fs::write(root.join(path), text).expect("written");
    let coast = fs::read_to_string(root.join("content/bikes/coast.md")).expect("readable");
    write("versions/2/content/bikes/coast.md", &coast);
    fs::remove_file(root.join("content/bikes/coast.md")).expect("removed");
    write("content/racks.md", listed);
    site.build();
    check(
        &site.read("bikes/coast/index.html"),
        &["content=\"0; url=../../racks/#coast-ii\""],
    );
    check(
        &site.read("racks/index.html"),
        &[
            "<div class=\"entry-sheet\" id=\"coast-ii\">\n<span class=\"former\" id=\"coast\"></span>",
        ],
    );
    // A page that an old edition alone has is found there.
    write("versions/2/content/club.md", "+++\ntitle = \"Club\"\n+++\n");
    site.build();
    check(
        &site.read("club/index.html"),
        &["content=\"0; url=../2/club/\""],
    );
    assert!(!site.has("1/club/index.html"));
    // What stands there already stays.
    write(
        "content/bikes/old-steppe.md",
        "+++\ntitle = \"In memory\"\n+++\n",
    );
    site.build();
    check(&site.read("bikes/old-steppe/index.html"), &["In memory"]);
}

#[test]
fn a_former_id_is_an_id() {
    let section = section("price = { type = \"money\", unit = \"EUR\", label = \"Price\" }");
    let (path, text) = bike("steppe", "former = [\"../../../etc\"]\nprice = \"1 EUR\"");
    let site = Site::new(&[
        ("rigbook.toml", "title = \"Bicycles\"\n"),
        ("content/bikes/_index.md", &section),
        (&path, &text),
    ]);
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--root"])
        .arg(site.folder.path())
        .output()
        .expect("it starts");
    let out = String::from_utf8_lossy(&output.stdout);
    assert_eq!(output.status.code(), Some(1), "{out}");
    check(&out, &["error[invalid-id]: `../../../etc` can't be the id"]);
}

#[test]
fn the_feed_has_an_entry_for_each_dated_edition() {
    let feed = bicycles(None).read("changes.xml");
    assert_eq!(feed.matches("<entry>").count(), 3);
    check(
        &feed,
        &[
            "<updated>2026-03-01T00:00:00Z</updated>",
            "<link href=\"https://example.org/b/changes/\"/>",
            "<link href=\"https://example.org/b/2/changes/\"/>",
            "Since Second: 2 figures changed, 1 component added",
            "The first edition.",
        ],
    );
    roxmltree::Document::parse(&feed).expect("XML");
}

#[test]
fn a_component_s_page_has_its_history() {
    let site = bicycles(None);
    let page = site.read("bikes/steppe/index.html");
    check(
        &page,
        &[
            "<h2 id=\"history\">",
            "class=\"chart history-chart\"",
            "€1,000.00 in 1, €1,100.00 in 2, €1,210.00 in 3",
        ],
    );
    let (third, second) = (
        page.find("15.5\u{a0}kg"),
        page.find("<span class=\"was\">€1,000.00</span>"),
    );
    assert!(third < second && second.is_some(), "the newest first");
    assert!(
        !site
            .read("bikes/coast/index.html")
            .contains("id=\"history\""),
        "nothing changed there"
    );
    assert!(
        !site
            .read("1/bikes/old-steppe/index.html")
            .contains("id=\"history\"")
    );
}

/// The addresses of the version switcher in a page.
fn switcher(html: &str) -> Vec<&str> {
    let Some((_, menu)) = html.split_once("<p class=\"menu-title\">Editions</p>") else {
        return Vec::new();
    };
    let menu = menu.split("</ul>").next().unwrap_or_default();
    menu.split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next())
        .collect()
}

#[test]
fn no_switch_of_version_leads_nowhere() {
    let output = tempfile::tempdir().expect("a folder");
    let output = output.path().join("site");
    build(Path::new(env!("CARGO_MANIFEST_DIR")), &output);
    let pages = walkdir::WalkDir::new(&output)
        .into_iter()
        .filter_map(Result::ok);
    let pages = pages.filter(|entry| entry.file_name() == "index.html");
    let mut walked = 0;
    for page in pages {
        let html = fs::read_to_string(page.path()).expect("readable");
        let addresses = switcher(&html);
        // Redirects have no switcher.
        assert!(
            addresses.len() == 2 || html.contains("http-equiv=\"refresh\""),
            "{}",
            page.path().display()
        );
        for address in addresses {
            let (folder, anchor) = address.split_once('#').unwrap_or((address, ""));
            let here = page.path().parent().expect("a folder");
            let target: PathBuf = here.join(folder).join("index.html");
            let there = fs::read_to_string(&target).unwrap_or_default();
            assert!(
                there.contains(&format!("id=\"{anchor}\""))
                    || (anchor.is_empty() && !there.is_empty()),
                "{} leads to {address}",
                page.path().display()
            );
            walked += 1;
        }
    }
    assert!(walked > 400, "{walked}");
    println!("{walked} switches walked");
}
