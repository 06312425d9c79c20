//! Mistakes that newcomers make: each message says what to do.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What `check` prints of a site with the bicycles of the reference's examples
/// and one page.
fn findings(page: &str) -> String {
    let site = tempfile::tempdir().expect("temporary folder");
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes/base.md");
    fs::create_dir_all(site.path().join("content/bikes")).expect("writable");
    fs::copy(base, site.path().join("content/bikes/_index.md")).expect("writable");
    fs::write(site.path().join("rigbook.toml"), "title = \"Bicycles\"\n").expect("writable");
    fs::write(site.path().join("content/example.md"), page).expect("writable");
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--strict", "--no-cache", "--root"])
        .arg(site.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1), "a mistake is found");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn check(page: &str, expected: &[&str]) {
    let found = findings(page);
    for part in expected {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
}

fn component(figures: &str) -> String {
    format!("+++\ntitle = \"Coast\"\n[component]\ncategory = \"bike\"\n{figures}\n+++\n")
}

fn body(text: &str) -> String {
    format!("+++\ntitle = \"Example\"\n+++\n\n{text}\n")
}

#[test]
fn a_figure_without_its_unit() {
    check(
        &component("weight = 12"),
        &["example.md:5:10", "help: write `\"12 kg\"`"],
    );
}

#[test]
fn a_figure_in_a_unit_of_another_kind() {
    check(
        &component("weight = \"1200 EUR\""),
        &["is measured in `kg`, found `EUR`"],
    );
}

#[test]
fn a_price_with_a_sign_or_a_comma() {
    check(
        &component("price = \"$1900\""),
        &["write money with its ISO code"],
    );
    check(&component("price = \"1,900 EUR\""), &["no commas"]);
}

#[test]
fn a_misspelt_field() {
    check(
        &component("wieght = \"12 kg\""),
        &["did you mean `weight`?"],
    );
    check(
        &body("```compare\ncategory = \"bike\"\ncolumns = [\"wieght\"]\n```"),
        &["did you mean `weight`?"],
    );
}

#[test]
fn a_component_outside_of_any_category() {
    check(
        "+++\n[component]\nweight = \"2 kg\"\n+++\n",
        &["stands in no category", "declare `[category]`"],
    );
}

#[test]
fn two_components_with_one_id() {
    check(
        &component("id = \"steppe\""),
        &["content/bikes/_index.md:11", "duplicate-id"],
    );
}

#[test]
fn front_matter_without_its_end() {
    check(
        "+++\ntitle = \"Example\"\n\nText\n",
        &["never closed", "help: write a line `+++`"],
    );
}

#[test]
fn yaml_out_of_line() {
    check(
        "---\ntitle: Example\ncomponent:\n  category: bike\n   id: coast\n---\n",
        &["example.md:5", "start in the same column"],
    );
}

#[test]
fn a_misspelt_directive() {
    check(
        &body("```compair\ncategory = \"bike\"\n```"),
        &["did you mean the directive `compare`?"],
    );
}

#[test]
fn a_formula_without_spaces() {
    check(&body("{{ bike.steppe.weight*2 }}"), &["help: write ` * `"]);
}

#[test]
fn braces_that_are_not_closed() {
    check(
        &body("{{ bike.steppe.weight }"),
        &["for braces as text write"],
    );
}

#[test]
fn kilograms_plus_euros() {
    check(
        &body("{{ bike.steppe.weight + bike.steppe.price }}"),
        &["a number in `kg` (mass)", "a number in `EUR` (money)"],
    );
}

#[test]
fn a_misspelt_component_or_function() {
    check(&body("{{ bike.step.weight }}"), &["did you mean `steppe`?"]);
    check(&body("{{ summ(bike.weight) }}"), &["did you mean `sum`?"]);
}

#[test]
fn a_link_to_nothing() {
    check(
        &body("[bicycles](bikes.md)"),
        &["did you mean `bikes/_index.md`?"],
    );
    check(
        &body("# Weights\n\n[weights](#weight)"),
        &["did you mean `weights`?"],
    );
}

#[test]
fn a_mistake_in_a_diagram() {
    check(
        &body("```mermaid\nflowchrt LR\n  a --> b\n```"),
        &["example.md:6", "flowchart"],
    );
}
