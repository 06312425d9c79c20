//! The twenty contradictions of edition 1.0: each is proven by a claim that
//! fails in that edition's own pages, or is stated in the page about what it got
//! wrong, by a claim that holds there or in words.

use std::fs;
use std::path::Path;
use std::process::Command;

use Proof::{Fails, Holds, Words};

/// How a contradiction is shown.
enum Proof {
    /// A claim of edition 1.0 fails.
    Fails(&'static str),
    /// A claim of the page about it holds.
    Holds(&'static str),
    /// No figure tells of it: the page says it, in its section.
    Words(&'static str),
}

const CONTRADICTIONS: [&[Proof]; 20] = [
    &[Fails("The recommended processor keeps to its budget")],
    &[
        Fails("The recommended build costs 8,000 dollars"),
        Holds("The recommended processor costs more than the recommended build was said to"),
    ],
    &[
        Fails("The recommended build is cheaper than the maximum build's printed price"),
        Fails("The listed parts of the maximum build cost about 15,000 dollars"),
    ],
    &[Fails(
        "The listed parts of the budget build cost about 4,000 dollars",
    )],
    &[Words("not one motherboard in the whole guide")],
    &[
        Fails("The processor takes a quarter of the money"),
        Fails("The graphics card takes a third of it"),
    ],
    &[Fails("Memory draws the 100 W of the pie")],
    &[Fails(
        "Two cards and the processor stay below the recommended supply in a burst",
    )],
    &[Fails("Four cards give off the heat that the table prints")],
    &[Fails(
        "1,000 W around the clock are the 5,475 kWh of the table",
    )],
    &[Holds("The bill implies 0.219 dollars for a kilowatt-hour")],
    &[
        Holds("Three of five processors take registered memory"),
        Holds("The kit that 1.0 recommends is of the other kind"),
    ],
    &[Fails("The primary drive serves the hot tier")],
    &[Holds("The 480 mm radiator fits one case")],
    &[Holds(
        "The recommended cooler is not made for the recommended processor",
    )],
    &[Words("which is all that the card has")],
    &[Words("which 1.0 does not describe")],
    &[Holds("The printed bandwidth is that of two channels")],
    &[Words("Which of the two goes into the sum is not said")],
    &[Words("and doesn't write them")],
];

const PAGE: &str = "content/about/what-1-0-got-wrong.md";

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The sections of the page, one for each contradiction, in order.
fn sections() -> Vec<String> {
    let text = fs::read_to_string(root().join(PAGE)).expect("readable");
    let mut sections: Vec<String> = Vec::new();
    for line in text.lines() {
        let number = format!("### {}. ", sections.len() + 1);
        if line.starts_with(&number) {
            sections.push(String::new());
        } else if line.starts_with("## ") && sections.len() == CONTRADICTIONS.len() {
            break;
        }
        if let Some(section) = sections.last_mut() {
            section.push_str(line);
            section.push('\n');
        }
    }
    sections
}

/// The HTML of the pages under a folder of the site.
fn pages(folder: &Path) -> String {
    let files = walkdir::WalkDir::new(folder).into_iter();
    let files = files.filter_map(Result::ok);
    let pages = files.filter(|file| file.file_name() == "index.html");
    let text = pages.map(|page| fs::read_to_string(page.path()).expect("readable"));
    text.collect()
}

/// A claim as a page shows it.
fn claim(state: &str, statement: &str) -> String {
    let statement = statement.replace('\'', "&#39;");
    format!("<span class=\"rule-state\">{state}</span><p>{statement}</p>")
}

#[test]
fn each_contradiction_of_the_first_edition_is_proven_or_stated() {
    let folder = tempfile::tempdir().expect("a folder");
    let output = folder.path().join("site");
    let built = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--no-cache", "--quiet", "--root"])
        .arg(root())
        .arg("--output")
        .arg(&output)
        .output()
        .expect("it starts");
    let err = String::from_utf8_lossy(&built.stderr);
    assert!(built.status.success(), "{err}");
    let old = pages(&output.join("1.0"));
    let page = pages(&output.join("about/what-1-0-got-wrong"));
    let sections = sections();
    assert_eq!(sections.len(), CONTRADICTIONS.len(), "one section for each");
    for (number, (proofs, section)) in (1..).zip(CONTRADICTIONS.iter().zip(&sections)) {
        for proof in *proofs {
            let (found, what) = match proof {
                Fails(statement) => (old.contains(&claim("Fails", statement)), statement),
                Holds(statement) => (
                    page.contains(&claim("Holds", statement)) && section.contains(statement),
                    statement,
                ),
                Words(words) => (section.contains(words), words),
            };
            assert!(found, "contradiction {number} lacks {what:?}");
        }
    }
    // None of the claims that fail is there for nothing.
    let named = CONTRADICTIONS.iter().copied().flatten();
    let named = named.filter(|proof| matches!(proof, Fails(_))).count();
    let failing = old
        .matches("<span class=\"rule-state\">Fails</span><p>")
        .count();
    assert_eq!(failing, named, "claims of edition 1.0 that fail");
}
