//! Titles, descriptions, strengths and captions are prose: their figures are
//! filled in wherever they are shown.

use std::fs;
use std::path::Path;
use std::process::Command;

#[test]
fn figures_stand_in_titles_descriptions_and_lists() {
    let site = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/knives");
    let output = tempfile::tempdir().expect("temporary folder");
    let public = output.path().join("public");
    let done = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--quiet", "--no-cache", "--root"])
        .arg(&site)
        .arg("--output")
        .arg(&public)
        .output()
        .expect("it starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    let read = |path: &str| {
        let text = fs::read_to_string(public.join(path)).expect("it is there");
        text.replace('\u{a0}', " ").replace("&nbsp;", " ")
    };
    for (path, texts) in [
        (
            "knives/paring/index.html",
            &["content=\"A knife of 60 g for €30.00.\"", "Light: 60 g"][..],
        ),
        (
            "knives/paring/index.md",
            &["A knife of 60 g for €30.00.", "Light: 60 g"],
        ),
        (
            "plan/index.html",
            &[
                "<title>Plan your kit from €55.00",
                "Small kit of 0.86 kg",
                "Where €315.00 go",
            ],
        ),
        (
            "index.html",
            &["Plan your kit from €55.00", "2 knives", "From €30.00."],
        ),
        (
            "stones/index.html",
            &[
                "Stones up to 3,000",
                "Costs €20.00 more than the coarse one",
                "No {{ braces",
            ],
        ),
    ] {
        let page = read(path);
        for text in texts {
            assert!(page.contains(text), "{path} lacks {text:?}:\n{page}");
        }
        let open = ["{{ this", "{{ stone", "{{ build"]
            .iter()
            .find(|open| page.contains(**open));
        assert!(open.is_none(), "{path} shows {open:?}");
    }
}

/// A category and a calculator without titles of their own, a component without
/// a price: each is called by a title that has a figure.
#[test]
fn titles_are_filled_in_wherever_they_are_used() {
    let folder = tempfile::tempdir().expect("temporary folder");
    for (path, text) in [
        ("rigbook.toml", "title = \"Bikes\"\n"),
        ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n"),
        (
            "content/bikes/_index.md",
            "+++\ntitle = \"Our {{ count(bike) }} bikes\"\n[category]\nid = \"bike\"\n[category.fields]\nweight = { type = \"quantity\", unit = \"kg\", label = \"Weight\", required = true }\nprice = { type = \"money\", unit = \"EUR\", label = \"Price\" }\n+++\n\n```compare\ncategory = \"bike\"\n```\n",
        ),
        (
            "content/bikes/a.md",
            "+++\ntitle = \"A of {{ this.weight }}\"\n[component]\nweight = \"9 kg\"\n+++\n",
        ),
        (
            "content/bikes/b.md",
            "+++\ntitle = \"B\"\n[component]\nweight = \"8 kg\"\nprice = \"5 EUR\"\n+++\n",
        ),
        (
            "content/plan.md",
            "+++\ntitle = \"Plan for {{ bike.b.price }}\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\n[[calculator.totals]]\nid = \"price\"\nformula = \"ride.price\"\n[[builds]]\nid = \"one\"\ntitle = \"One\"\nparts = { ride = \"a\" }\n+++\n\nIt costs {{ bike.a.price * 2 }}.\n\n```calculator\n```\n",
        ),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    let done = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--quiet", "--no-cache", "--root"])
        .arg(folder.path())
        .output()
        .expect("it starts");
    assert!(
        done.status.success(),
        "{}",
        String::from_utf8_lossy(&done.stderr)
    );
    for entry in walkdir::WalkDir::new(folder.path().join("public")) {
        let path = entry.expect("readable").into_path();
        let text = fs::read(&path).unwrap_or_default();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains("{{ "), "{}: {text}", path.display());
    }
}
