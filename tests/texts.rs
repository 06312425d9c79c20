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
