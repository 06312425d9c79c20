//! One mistake is one finding: what depends on a wrong declaration keeps quiet.
//!
//! Each case spoils the guide of `tests/knives`, in which everything depends on
//! everything else.

use std::fs;
use std::path::Path;
use std::process::Command;

/// A text of a file that is replaced by a wrong one, and where that is found.
struct Mistake {
    file: &'static str,
    right: &'static str,
    wrong: &'static str,
    /// `path:line` if it is not the file and the line of the text.
    place: Option<&'static str>,
}

const fn slip(file: &'static str, right: &'static str, wrong: &'static str) -> Mistake {
    Mistake {
        file,
        right,
        wrong,
        place: None,
    }
}

const KNIVES: &str = "content/knives/_index.md";
const PARING: &str = "content/knives/paring.md";
const CHEF: &str = "content/knives/chef.md";
const STONES: &str = "content/stones/_index.md";
const PLAN: &str = "content/plan.md";

/// Mistakes in declarations of which others make use.
const MISTAKES: &[Mistake] = &[
    // Units
    slip(
        "rigbook.toml",
        "HRC = { label = \"hardness\" }",
        "HRC = { is = \"2 Rockwell\" }",
    ),
    slip(
        "rigbook.toml",
        "HRC = { label = \"hardness\" }",
        "HRC = hardness",
    ),
    // Categories
    slip(KNIVES, "id = \"knife\"", "id = \"Knife\""),
    slip(KNIVES, "id = \"knife\"", "id = \"sum\""),
    slip(KNIVES, "title = \"Knives\"", "title = Knives"),
    slip(STONES, "id = \"stone\"\n", "id = \"knife\"\n"),
    slip(STONES, "title = \"Stones\"\n", "title = \"Stones\n"),
    // Fields
    slip(KNIVES, "unit = \"mm\"", "unit = \"millimetre\""),
    slip(KNIVES, "type = \"money\"", "type = \"mony\""),
    slip(
        KNIVES,
        "unit = \"EUR\", label = \"Price\"",
        "label = \"Price\"",
    ),
    slip(
        KNIVES,
        "type = \"choice\", options = [\"carbon\", \"stainless\"]",
        "type = \"choice\"",
    ),
    slip(KNIVES, "default = true", "default = \"yes\""),
    slip(KNIVES, "price = { type", "Price = { type"),
    slip(
        STONES,
        "grit = { type = \"integer\", label = \"Grit\" }",
        "grit = \"integer\"",
    ),
    // Derived fields
    slip(KNIVES, "price / length", "prise / length"),
    slip(KNIVES, "price / length", "price + length"),
    slip(KNIVES, "price / length", "(price / length"),
    slip(KNIVES, "unit = \"EUR/cm\"", "unit = \"EUR/kg\""),
    slip(KNIVES, "2 * rate", "2 * rates"),
    slip(KNIVES, "price / length", "price / length + twice"),
    // Figures
    slip(PARING, "30 EUR", "30 euros"),
    slip(
        PARING,
        "price = { value = \"30 EUR\"",
        "price = { value = 30",
    ),
    slip(PARING, "\"90 mm\"", "\"90 g\""),
    slip(PARING, "\"56..58 HRC\"", "\"58..56 HRC\""),
    slip(PARING, "\"stainless\"", "\"stainles\""),
    slip(STONES, "grit = 3000", "grit = \"fine\""),
    Mistake {
        file: PARING,
        right: "weight = \"60 g\"\n",
        wrong: "",
        place: Some("content/knives/paring.md:3"),
    },
    // Components
    slip(
        PARING,
        "[component]\n",
        "[component]\ncategory = \"knive\"\n",
    ),
    slip(PARING, "[component]\n", "[component]\nid = \"Paring\"\n"),
    slip(PARING, "title = \"Paring knife\"", "title = \"Paring knife"),
    slip(STONES, "id = \"coarse\"", "id = \"Coarse\""),
    // The calculator
    slip(PLAN, "title = \"Your kit\"", "title = Your kit"),
    slip(PLAN, "category = \"knife\"", "category = \"knive\""),
    slip(PLAN, "category = \"stone\"", "category = \"stones\""),
    slip(PLAN, "default = 10", "default = \"ten\""),
    slip(
        PLAN,
        "formula = \"sum(parts.price)\"",
        "formula = \"sum(parts.prices)\"",
    ),
    slip(
        PLAN,
        "formula = \"sum(parts.price)\"",
        "formula = \"sum(parts.price\"",
    ),
    slip(PLAN, "unit = \"kg\"", "unit = \"kgs\""),
    Mistake {
        file: PLAN,
        right: "unit = \"kg\"",
        wrong: "unit = \"W\"",
        place: Some("content/plan.md:34"),
    },
    slip(
        PLAN,
        "total.price / input.years",
        "total.prise / input.years",
    ),
    slip(
        PLAN,
        "total.price / input.years",
        "total.price / input.year",
    ),
    slip(PLAN, "whetstone.weight < 1 kg", "whetstone.mass < 1 kg"),
    slip(
        PLAN,
        "weighs {{ total.mass }}.\"",
        "weighs {{ total.weight }}.\"",
    ),
    // Builds
    slip(PLAN, "knives = \"paring\"", "knives = \"pairing\""),
    slip(PLAN, "knives = [\"paring\"", "knife = [\"paring\""),
    slip(PLAN, "whetstone = \"fine\"", "whetstone = 3000"),
    slip(PLAN, "quantity = 2", "quantity = 12"),
    slip(PLAN, "id = \"small\"\n", "id = \"Small\"\n"),
    // Blocks
    slip(PLAN, "value = \"price\"", "value = \"prise\""),
    slip(PLAN, "build = \"large\"", "build = \"larger\""),
    slip(KNIVES, "series = [\"rate\"]", "series = [\"steel\"]"),
    slip(
        KNIVES,
        "category = \"knife\"\nseries",
        "category = \"knive\"\nseries",
    ),
    slip(CHEF, "{{ this.weight - ", "{{ this.wait - "),
];

/// The guide with some mistakes: the places of all findings.
fn findings(mistakes: &[&Mistake]) -> Vec<String> {
    let site = tempfile::tempdir().expect("temporary folder");
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/knives");
    for entry in walkdir::WalkDir::new(&base) {
        let entry = entry.expect("readable");
        let path = entry.path().strip_prefix(&base).expect("below it");
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
        .args(["check", "--all", "--no-cache", "--format", "json", "--root"])
        .arg(site.path())
        .output()
        .expect("it starts");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
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

fn expected(mistake: &Mistake) -> String {
    if let Some(place) = mistake.place {
        return place.to_owned();
    }
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/knives");
    let text = fs::read_to_string(base.join(mistake.file)).expect("readable");
    let at = text.find(mistake.right).expect("it is there");
    // The line on which the two texts part.
    let same = mistake.right.bytes().zip(mistake.wrong.bytes());
    let same = same.take_while(|(right, wrong)| right == wrong).count();
    let line = 1 + text[..at + same].matches('\n').count();
    format!("{}:{line}", mistake.file)
}

#[test]
fn the_guide_without_a_mistake_is_fine() {
    assert_eq!(findings(&[]), [""; 0]);
}

#[test]
fn one_mistake_is_one_finding() {
    let mut wrong = Vec::new();
    for mistake in MISTAKES {
        let found = findings(&[mistake]);
        let place = format!("{} ", expected(mistake));
        if found.len() != 1 || !found[0].starts_with(&place) {
            let what = format!("`{}` for `{}`", mistake.wrong, mistake.right);
            wrong.push(format!("{what}, expected at {place}: {found:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn several_mistakes_are_as_many_findings() {
    let some: Vec<&Mistake> = (MISTAKES.iter())
        .filter(|mistake| {
            let texts = [
                "unit = \"mm\"",
                "\"stainless\"",
                "grit = 3000",
                "formula = \"sum(parts.price)\"",
                "unit = \"kg\"",
                "whetstone = \"fine\"",
                "id = \"coarse\"",
                "{{ this.weight - ",
            ];
            texts.contains(&mistake.right) && mistake.wrong != "unit = \"W\""
        })
        .filter(|mistake| mistake.wrong != "formula = \"sum(parts.price\"")
        .collect();
    let found = findings(&some);
    assert_eq!(some.len(), 8);
    assert_eq!(found.len(), 8, "{found:#?}");
}
