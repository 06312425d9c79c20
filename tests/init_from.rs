//! `init --from`: guides in one file, written in different habits, become sites
//! that build at once, and nothing of their text is lost.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn source(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/init-from/{name}.md"))
}

fn rigbook(args: &[&str]) -> (bool, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(args)
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout).into_owned()
        + &String::from_utf8_lossy(&output.stderr);
    (output.status.success(), said)
}

/// The words of a text as they can be looked for: numbers without separators.
fn words(text: &str) -> BTreeSet<String> {
    let mut bare = String::new();
    let chars: Vec<char> = text.chars().collect();
    for (i, c) in chars.iter().enumerate() {
        let digit = |at: usize| chars.get(at).is_some_and(char::is_ascii_digit);
        if !(*c == ',' && i > 0 && digit(i - 1) && digit(i + 1)) {
            bare.push(*c);
        }
    }
    let words = bare
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

struct Site {
    folder: tempfile::TempDir,
    said: String,
}

impl Site {
    fn read(&self, path: &str) -> String {
        fs::read_to_string(self.folder.path().join("guide").join(path))
            .unwrap_or_else(|e| panic!("{path}: {e}\n{:?}", self.paths()))
    }

    fn paths(&self) -> Vec<String> {
        let root = self.folder.path().join("guide");
        let files = walkdir::WalkDir::new(&root)
            .sort_by_file_name()
            .into_iter()
            .filter_map(Result::ok);
        files
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                entry
                    .path()
                    .strip_prefix(&root)
                    .expect("below")
                    .to_string_lossy()
                    .into_owned()
            })
            .collect()
    }
}

/// Makes a site, checks it, and sees that no word is lost.
fn made(name: &str) -> Site {
    made_but(name, &[])
}

/// The same but for words that are written in another way.
fn made_but(name: &str, rewritten: &[&str]) -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    let guide = folder.path().join("guide");
    let (file, guide) = (source(name), guide.to_str().expect("UTF-8").to_owned());
    let (fine, said) = rigbook(&["init", "--from", file.to_str().expect("UTF-8"), &guide]);
    assert!(fine, "{said}");
    let site = Site { folder, said };
    let (fine, found) = rigbook(&["check", "--no-cache", "--root", &guide]);
    assert!(fine, "{name} does not build:\n{found}");
    let mut kept = site.said.clone();
    for path in site.paths() {
        if path.ends_with(".md") || path.ends_with(".toml") {
            kept.push_str(&site.read(&path));
            kept.push('\n');
        }
    }
    let kept = words(&kept);
    let lost: Vec<String> = words(&fs::read_to_string(file).expect("readable"))
        .into_iter()
        // `yes` is `true`; a heading of columns and a list's mark say nothing.
        .filter(|word| {
            !kept.contains(word)
                && !["yes", "no", "n", "a", "property", "value"].contains(&word.as_str())
                && !rewritten.contains(&word.as_str())
        })
        .collect();
    assert!(lost.is_empty(), "{name} lost {lost:?}");
    site
}

fn check(site: &Site, path: &str, parts: &[&str]) {
    let text = site.read(path);
    for part in parts {
        assert!(text.contains(part), "{path} lacks {part:?}:\n{text}");
    }
}

#[test]
fn bicycles_in_bold_keys() {
    let site = made("bicycles");
    check(
        &site,
        "rigbook.toml",
        &["title = \"Choosing a touring bicycle\""],
    );
    check(
        &site,
        "content/_index.md",
        &["[verdict](verdict.md)", "](pictures/pass.png)"],
    );
    check(
        &site,
        "content/bicycles/_index.md",
        &[
            "id = \"bicycles\"",
            "price = { type = \"money\", unit = \"EUR\", label = \"Price\" }",
            "weight = { type = \"quantity\", unit = \"kg\", label = \"Weight\" }",
            "gears = { type = \"integer\"",
            "dynamo = { type = \"bool\"",
            "tyres = { type = \"range\", unit = \"mm\"",
            "maker = { type = \"url\"",
            "```compare",
            "[same road](../the-road.md)",
        ],
    );
    check(
        &site,
        "content/bicycles/steppe-300.md",
        &[
            "price = \"1899 EUR\"",
            "tyres = \"40..50 mm\"",
            "dynamo = true",
            "pros = [\"Takes wide tyres\", \"Steel, repairable anywhere\"]",
            "cons = [\"Heavy on stairs\"]",
            "when wet \\{{ sic }}.",
        ],
    );
    check(
        &site,
        "content/bicycles/coast.md",
        &["weight = \"12900 g\"", "[Steppe](steppe-300.md)"],
    );
    check(
        &site,
        "content/the-road.md",
        &["## Where it is", "[^1]: Measured twice."],
    );
    check(
        &site,
        "content/what-matters.md",
        &["```mermaid", "C{{Brakes}}", "| heavy | wide | 36 |"],
    );
    for part in ["`Price: N/A`", "maps/road.pdf"] {
        assert!(site.said.contains(part), "{}", site.said);
    }
}

#[test]
fn drones_in_tables_under_underlined_headings() {
    let site = made("drones");
    check(
        &site,
        "content/airframes/_index.md",
        &[
            "take_off_weight = { type = \"quantity\", unit = \"g\", label = \"Take-off weight\" }",
            "flight_time = { type = \"quantity\", unit = \"min\"",
            "camera = { type = \"quantity\", unit = \"MP\"",
            "price = { type = \"money\", unit = \"USD\"",
        ],
    );
    check(
        &site,
        "content/airframes/heron-x.md",
        &[
            "take_off_weight = \"1.4 kg\"",
            "[charger](../chargers/_index.md)",
        ],
    );
    check(
        &site,
        "content/chargers/car-charger.md",
        &["power = \"75 W\"", "Slow, but it works"],
    );
    check(&site, "rigbook.toml", &["\"MP\" = { label = \"MP\" }"]);
    check(
        &site,
        "content/rules.md",
        &["survey --overlap 80", "> A fine costs more"],
    );
    assert!(site.said.contains("author: somebody"), "{}", site.said);
}

#[test]
fn knives_under_several_titles() {
    let site = made("knives");
    check(
        &site,
        "content/chef-s-knives/anvil-8.md",
        &[
            "hardness = \"56 HRC\"",
            "blade = \"203 mm\"",
            "note = \"The handle",
            "- Stones: 2",
        ],
    );
    check(
        &site,
        "content/paring-knives/_index.md",
        &["hardness = { type = \"quantity\", unit = \"HRC\""],
    );
    check(&site, "content/steels.md", &["| X50CrMoV15 | 56 | no |"]);
    check(
        &site,
        "content/care.md",
        &["<b>Never</b>", "- [ ] strop weekly"],
    );
    for part in ["about 55 HRC", "`Weight: ?`", "`HRC` became a unit"] {
        assert!(site.said.contains(part), "{}", site.said);
    }
}

#[test]
fn coffee_in_deep_headings() {
    let site = made("coffee");
    check(
        &site,
        "content/_index.md",
        &[
            "title = \"Espresso at home\"",
            "Home espresso, the short version.",
        ],
    );
    check(
        &site,
        "content/hardware/machines/_index.md",
        &[
            "warm_up = { type = \"quantity\", unit = \"min\"",
            "pid = { type = \"bool\"",
        ],
    );
    check(
        &site,
        "content/hardware/machines/lever-one.md",
        &[
            "power = \"1000 W\"",
            "pros = [\"silent\", \"simple\"]",
            "cons = [\"slow\", \"hot outside\"]",
        ],
    );
    check(
        &site,
        "content/hardware/grinders/cone-48.md",
        &["burrs = \"48 mm conical\""],
    );
    check(
        &site,
        "content/hardware/_index.md",
        &["Two machines and two grinders.", "## What we left out"],
    );
    check(&site, "content/water.md", &["## Filters"]);
    assert!(site.said.contains("stayed a text"), "{}", site.said);
}

#[test]
fn what_is_no_guide_is_still_a_site() {
    let folder = tempfile::tempdir().expect("a folder");
    for (number, text) in [
        "",
        "no heading\n",
        "# Only a title\n",
        "```\n# code\n```\n",
        "## Two\n\n## Two\n",
        "# A\n\n### Deep\n\n- a: b\n- c: d\n",
    ]
    .iter()
    .enumerate()
    {
        let file = folder.path().join(format!("{number}.md"));
        fs::write(&file, text).expect("written");
        let guide = folder.path().join(format!("guide-{number}"));
        let (file, guide) = (
            file.to_str().expect("UTF-8"),
            guide.to_str().expect("UTF-8"),
        );
        let (fine, said) = rigbook(&["init", "--from", file, guide]);
        assert!(fine, "{text:?}: {said}");
        let (fine, said) = rigbook(&["check", "--no-cache", "--root", guide]);
        assert!(fine, "{text:?}: {said}");
    }
    let (fine, said) = rigbook(&["init", "--from", "/nowhere.md", "/nowhere"]);
    assert!(!fine && said.contains("nowhere.md"), "{said}");
}

#[test]
fn lamps_with_prices_as_shops_write_them() {
    let site = made_but("lamps", &["012", "1490", "299"]);
    check(
        &site,
        "content/front-lamps/_index.md",
        &["price = { type = \"money\", unit = \"EUR\", label = \"Price\" }"],
    );
    for (path, price) in [
        ("beam-40", "price = \"14.90 EUR\"\nweight = \"0.12 kg\""),
        ("beam-90", "price = \"300 EUR\""),
        ("beam-120", "price = \"1299 EUR\""),
        (
            "beam-200",
            "price = \"219 EUR\"\nweight = \"310 g\" # 310 g (with its strap)\noutput = \"200 lm\"",
        ),
    ] {
        check(&site, &format!("content/front-lamps/{path}.md"), &[price]);
    }
    check(
        &site,
        "content/front-lamps/beam-40.md",
        &["pros = [\"Takes \\\\{{ any }} battery\"]"],
    );
    assert!(!site.paths().iter().any(|path| path.contains("contents")));
    for part in [
        "`price` was taken for exact where it says `from €300`",
        "The table of contents was dropped",
        "beam-200.md: `Weight: 310 g (with its strap)` has a remark, which is a comment there",
    ] {
        assert!(site.said.contains(part), "{}", site.said);
    }
}

#[test]
fn tents_in_tables() {
    // Of the heads of first columns nothing is left; a comma was a point.
    let site = made_but("tents", &["tent", "stove", "31", "28", "4990"]);
    check(
        &site,
        "content/tents/_index.md",
        &[
            "weight = { type = \"quantity\", unit = \"kg\", label = \"Weight\" }\npeople = { type = \"integer\"",
            "price = { type = \"money\", unit = \"USD\", label = \"Price\" }",
            "for a week.\n\n```compare\ncategory = \"tents\"\ncolumns = [\"weight\", \"people\", \"price\", \"season\", \"maker_s_page\"]\n```\n\nThe Dome",
        ],
    );
    check(
        &site,
        "content/tents/tunnel-xl.md",
        &[
            "weight = 3\ntitle = \"Tunnel XL\"",
            "weight = \"3.1 kg\"\npeople = 4\nprice = \"1299 USD\"",
        ],
    );
    check(
        &site,
        "content/tents/ridge.md",
        &["[Ridge](https://example.org/ridge)"],
    );
    check(
        &site,
        "content/stoves/gas.md",
        &["output = \"2.8 kW\"", "price = \"49.90 EUR\""],
    );
    // What may be none stays a table.
    check(
        &site,
        "content/boiling-times.md",
        &["| Fill | 1 min | half |"],
    );
    check(
        &site,
        "content/mats.md",
        &["| Foam[^1] | 2.1 | 410 g | $30 |"],
    );
    check(
        &site,
        "content/spec-of-the-lamp.md",
        &["| Weight | 80 g | 90 g |"],
    );
    check(
        &site,
        "content/cost-of-a-week.md",
        &["| Total | $90 | $30 |"],
    );
    check(&site, "content/ropes.md", &["| Thin | 2,5 kg |"]);
    for part in [
        "The table under \"Tents\" became 3 components",
        "\"Mats\" stayed as it was: its cell `Foam[^1]` holds a note",
        "\"Spec of the lamp\" stayed as it was: its columns hold figures of several kinds",
        "\"Cost of a week\" stayed as it was: one of its rows sums up the others",
    ] {
        assert!(site.said.contains(part), "{}", site.said);
    }
}

#[test]
fn products_below_products_and_headings_without_words() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("odd.md");
    let product = |level: &str, name: &str| {
        format!("{level} {name}\n\n- Price: $9\n- Weight {{{{x: 2 kg\n\n")
    };
    let text = [
        "# Odd\n\n## Drones\n\n".to_owned(),
        product("###", "Kestrel"),
        "### Chargers\n\n".to_owned(),
        product("####", "Hub"),
        "## \n\nText.\n".to_owned(),
    ];
    fs::write(&file, text.concat()).expect("written");
    let guide = folder.path().join("guide");
    let (file, guide) = (
        file.to_str().expect("UTF-8"),
        guide.to_str().expect("UTF-8"),
    );
    let (fine, said) = rigbook(&["init", "--from", file, guide]);
    assert!(fine, "{said}");
    let (fine, said) = rigbook(&["check", "--no-cache", "--root", guide]);
    assert!(fine, "{said}");
    let hub = Path::new(guide).join("content/chargers/hub.md");
    assert!(hub.is_file(), "{said}");
}

#[test]
fn camping_gear_in_a_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let guide = folder.path().join("guide");
    let guide = guide.to_str().expect("UTF-8").to_owned();
    let from = source("camping").with_extension("");
    let (fine, said) = rigbook(&["init", "--from", from.to_str().expect("UTF-8"), &guide]);
    assert!(fine, "{said}");
    let site = Site { folder, said };
    let (fine, found) = rigbook(&["check", "--strict", "--no-cache", "--root", &guide]);
    assert!(fine, "{found}");
    let paths = site.paths();
    for path in [
        "content/care/_index.md",
        "content/pictures/dome.svg",
        "content/tents/ridge.md",
    ] {
        assert!(paths.iter().any(|found| found == path), "{path}: {paths:?}");
    }
    check(&site, "rigbook.toml", &["title = \"Camping gear\""]);
    check(
        &site,
        "content/_index.md",
        &[
            "[tents](tents/_index.md)",
            "[wash them](care/01-wash.md#by-hand)",
            "| Tents | 2 | $809 |",
        ],
    );
    check(
        &site,
        "content/tents/_index.md",
        &[
            "weight = 3\ntitle = \"Tents to lend\"\ndescription = \"All that we lend, with their prices\"",
            "[told below](#how-we-weighed)",
            "```compare\ncategory = \"tents\"",
            "![A dome](../pictures/dome.svg)",
            "[spirit stove](../stoves/spirit.md)",
        ],
    );
    check(
        &site,
        "content/care/01-wash.md",
        &["weight = 1\n", "[stoves](../stoves/_index.md)"],
    );
    for part in [
        "The table under \"Tents to lend\" became 2 components",
        "the link to `gone.md` leads nowhere and became text",
    ] {
        assert!(site.said.contains(part), "{}", site.said);
    }
    let empty = tempfile::tempdir().expect("a folder");
    let empty = empty.path().to_str().expect("UTF-8");
    let (fine, said) = rigbook(&["init", "--from", empty, &format!("{guide}-2")]);
    assert!(!fine && said.contains("has no Markdown files"), "{said}");
}

#[test]
fn a_folder_in_use_is_told_with_the_whole_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let dir = folder.path().to_str().expect("UTF-8");
    fs::write(folder.path().join("rigbook.toml"), "title = \"A\"\n").expect("written");
    let file = source("lamps");
    let file = file.to_str().expect("UTF-8");
    let (fine, said) = rigbook(&["init", "--from", file, dir]);
    let command = format!("`rigbook init --from {file} my-guide`");
    assert!(!fine && said.contains(&command), "{said}");
}
