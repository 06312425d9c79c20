//! How diagnostics look in each format.

use std::sync::Arc;

use rigbook::diag::render::{Look, github, json, text};
use rigbook::diag::{Code, Diagnostic, Severity, SourceFile, Span};

fn span(file: &Arc<SourceFile>, part: &str) -> Span {
    let start = file.text.find(part).expect("the part is in the file");
    Span::new(file, start..start + part.len())
}

fn samples() -> Vec<Diagnostic> {
    let schema = SourceFile::new(
        "content/bikes/_index.md",
        "+++\n[category]\nid = \"bike\"\n[category.fields]\nweight = { type = \"quantity\", unit = \"kg\" }\n+++\n",
    );
    let page = SourceFile::new(
        "content/bikes/tourer.md",
        "+++\ntitle = \"Tourer\"\n[component]\nwieght = \"14 kg\"\nprice = \"1200 W\"\n+++\n\n# Tourer, über alles\n",
    );
    vec![
        Diagnostic::error(
            Code::UnknownKey,
            span(&page, "wieght"),
            "`wieght` is not a field of `bike`",
        )
        .label("unknown field")
        .also(
            span(&schema, "[category.fields]"),
            "the fields are declared here",
        )
        .help("did you mean `weight`?"),
        Diagnostic::error(
            Code::UnitMismatch,
            span(&page, "\"1200 W\""),
            "expected money, found power",
        )
        .also(span(&page, "[component]"), "in this component"),
        Diagnostic::warning(Code::BrokenLink, span(&page, "über"), "100 % sure: a, b"),
        Diagnostic::new(
            Severity::Note,
            Code::Version,
            None,
            "nothing has a place here",
        ),
        Diagnostic::error(
            Code::Unpublishable,
            Span::new(&SourceFile::new("static/pipe", ""), 0..0),
            "`static/pipe` is a pipe",
        ),
    ]
}

/// Compares with a file in `tests/golden`, or rewrites it where `UPDATE` is set.
#[track_caller]
fn check(found: &str, golden: &str) {
    let path = format!("{}/tests/golden/{golden}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, found).expect("the golden file can be written");
    }
    let expected = std::fs::read_to_string(&path).expect("the golden file can be read");
    assert_eq!(found, expected, "\nfound:\n{found}");
}

#[test]
fn people_see_the_place_and_what_to_do() {
    check(&text(&samples(), Look::default()), "diagnostics.txt");
}

#[test]
fn programs_get_one_object_each() {
    let found = json(&samples());
    let parsed: Vec<serde_json::Value> = serde_json::from_str(&found).expect("it is JSON");
    assert_eq!(parsed.len(), samples().len());
    assert_eq!(json(&[]), "[]\n");
    check(&found, "diagnostics.json");
}

#[test]
fn code_hosts_get_one_escaped_command_each() {
    let found = github(&samples(), "docs/");
    assert_eq!(found.lines().count(), samples().len());
    check(&found, "diagnostics.github");
}

#[test]
fn color_is_only_there_when_asked_for() {
    let color = |color| text(&samples(), Look { color, width: 80 });
    assert!(!color(false).contains('\x1b'));
    assert!(color(true).contains('\x1b'));
}

#[test]
fn a_place_in_a_huge_line_is_shown_with_its_surroundings() {
    let long = format!("ä{} here{}", "x".repeat(3_000_000), "y".repeat(2_000_000));
    let file = SourceFile::new("content/long.md", format!("one\n{long}\nthree"));
    let whole = Span::new(&file, 4..file.text.len());
    let many: Vec<Diagnostic> = (0..500)
        .map(|_| Diagnostic::error(Code::UnknownName, span(&file, "here"), "`here` is unknown"))
        .chain([Diagnostic::error(Code::Limit, whole, "too long").label("all of it")])
        .collect();
    let found = text(&many, Look::default());
    assert!(found.len() < 500 * many.len());
    check(&text(&many[499..], Look::default()), "long-line.txt");
    assert!(github(&many, "").contains("file=content/long.md,line=2,col=3000003"));
}

proptest::proptest! {
    #[test]
    fn any_place_in_any_text_can_be_shown(
        source in "(?s).{0,200}",
        start in 0_usize..300,
        length in 0_usize..300,
        second in 0_usize..300,
    ) {
        let file = SourceFile::new("a\u{1b}.md", source);
        let diagnostic = Diagnostic::error(Code::Syntax, Span::new(&file, start..start + length), "x")
            .label("here\nand there")
            .also(Span::new(&file, second..second + 1), "and here");
        let all = [diagnostic];
        let found = text(&all, Look::default());
        proptest::prop_assert!(found.starts_with("error[syntax]: x"));
        proptest::prop_assert!(!found.contains('\x1b'));
        proptest::prop_assert!(serde_json::from_str::<serde_json::Value>(&json(&all)).is_ok());
        proptest::prop_assert_eq!(github(&all, "").lines().count(), 1);
    }
}
