//! What is wrong and could pass for right: each is found, and what is right is
//! left alone.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Bicycles: one category with two components.
const BIKES: &str = r#"+++
title = "Bicycles"
[category]
id = "bike"
[category.fields]
weight = { type = "quantity", unit = "kg", label = "Weight" }
price = { type = "money", unit = "EUR", label = "Price" }
[[components]]
id = "steppe"
title = "Steppe"
weight = "16 kg"
price = "1900 EUR"
[[components]]
id = "coast"
title = "Coast"
weight = "12 kg"
price = "1400 EUR"
+++
"#;

/// What `check` says of a site of the bicycles and further files, and its exit
/// code.
fn check(files: &[(&str, &str)]) -> (String, i32) {
    let site = tempfile::tempdir().expect("temporary folder");
    let base = [
        ("rigbook.toml", "title = \"Bicycles\"\n"),
        ("content/bikes/_index.md", BIKES),
    ];
    for (path, text) in base.iter().chain(files) {
        let path = site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    run(site.path())
}

fn run(site: &Path) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache", "--root"])
        .arg(site)
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    let code = output.status.code().expect("it ends by itself");
    (String::from_utf8(output.stdout).expect("UTF-8"), code)
}

/// A page with a calculator whose slot `ride` takes bicycles.
fn calculator(rest: &str) -> String {
    format!(
        "+++\ntitle = \"Plan\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\n{rest}+++\n\n```calculator\n```\n"
    )
}

#[track_caller]
fn assert_says(found: &str, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
}

#[test]
fn a_total_over_a_category_where_its_slot_is_meant() {
    let total = "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(bike.price)\"\n";
    let (found, code) = check(&[("content/plan.md", &calculator(total))]);
    assert_eq!(code, 1, "{found}");
    assert_says(
        &found,
        &[
            "error[whole-category]: this goes over all of `bike`, not over what the reader chose",
            "content/plan.md:9:12",
            "what the reader chose is in slot `ride`: write `sum(ride.price)`",
            "# rigbook: allow whole-category",
        ],
    );
}

#[test]
fn a_rule_and_its_message_over_a_category_where_its_slot_is_meant() {
    let rule = "[[calculator.rules]]\nid = \"one\"\nrequire = \"count(bike) < 2 and total.price > 1 EUR\"\nmessage = \"At most {{ max(bike.price) }}.\"\n";
    let total = "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(ride.price)\"\n";
    let model = calculator(&format!("{total}{rule}"));
    let (found, _) = check(&[("content/plan.md", &model)]);
    assert_eq!(found.matches("error[whole-category]").count(), 2, "{found}");
    assert_says(&found, &["`count(ride)`", "`max(ride.price)`"]);
}

#[test]
fn a_whole_category_that_is_meant() {
    let total = "[[calculator.totals]]\nid = \"mean\"\n# rigbook: allow whole-category\nformula = \"avg(bike.price)\"\n";
    let claims = "\n```claims\n\"All bicycles together\" = \"sum(bike.price) > 3000 EUR\"\n```\n";
    let page = calculator(total) + claims;
    let (found, code) = check(&[("content/plan.md", &page)]);
    assert_eq!(code, 0, "{found}");
    assert_says(&found, &["no errors"]);
    assert!(!found.contains("whole-category"), "{found}");
}

#[test]
fn the_sum_of_a_category_that_no_slot_holds() {
    let fees = "+++\ntitle = \"Fees\"\n[category]\nid = \"fee\"\n[category.fields]\nprice = { type = \"money\", unit = \"EUR\" }\n[[components]]\nid = \"bell\"\nprice = \"9 EUR\"\n+++\n";
    let total = "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(ride.price) + FEES\"\n";
    for (fee, warns) in [
        ("sum(fee.price)", true),
        ("max(fee.price)", false),
        ("fee.bell.price", false),
    ] {
        let model = calculator(&total.replace("FEES", fee));
        let files = [
            ("content/fees/_index.md", fees),
            ("content/plan.md", &model),
        ];
        let (found, code) = check(&files);
        assert_eq!(code, 0, "{found}");
        let warned =
            found.contains("warning[whole-category]") && found.contains("no slot holds `fee`");
        assert_eq!(warned, warns, "{fee}: {found}");
    }
}

#[test]
fn a_figure_is_a_bare_number_where_a_chart_of_mermaid_wants_one() {
    let page = "+++\ntitle = \"Costs\"\n+++\n\n```mermaid figures\npie title Costs\n  \"Steppe {{ bike.steppe.price }}\" : {{ bike.steppe.price }}\n  \"Coast\" : {{ bike.coast.price }}\n```\n";
    let (found, code) = check(&[("content/costs.md", page)]);
    assert_eq!(code, 0, "{found}");
}
