//! What the program is built from: few crates, from one registry, under
//! licences that `deny.toml` lists.

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

/// The most crates that the lock file may name, the program itself included.
const CRATES: usize = 350;
const REGISTRY: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn read(name: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    let text = fs::read_to_string(path).expect("readable");
    text.parse().expect("TOML")
}

/// Every package of this system's build, as `cargo metadata` tells of it.
fn packages() -> Vec<Json> {
    let about = Command::new("rustc").arg("-vV").output().expect("it runs");
    let about = String::from_utf8(about.stdout).expect("UTF-8");
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--offline"])
        .args(["--filter-platform", host.expect("a line with the host")])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("it runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let mut metadata: Json = serde_json::from_slice(&output.stdout).expect("JSON");
    serde_json::from_value(metadata["packages"].take()).expect("a list")
}

/// Whether a licence expression can be met with what is allowed.
fn is_met(expression: &str, allowed: &[&str]) -> bool {
    let expression = expression.replace(['(', ')'], "").replace('/', " OR ");
    expression.split(" AND ").all(|part| {
        let mut choices = part.split(" OR ").map(str::trim);
        choices.any(|choice| allowed.contains(&choice))
    })
}

#[test]
fn the_lock_file_names_few_crates_of_one_registry() {
    let lock = read("Cargo.lock");
    let packages = lock["package"].as_array().expect("a list");
    assert!(packages.len() <= CRATES, "{} crates", packages.len());
    for package in packages {
        let source = package.get("source").map(|source| source.as_str());
        let is_own = source.is_none() && package["name"].as_str() == Some("rigbook");
        assert!(is_own || source == Some(Some(REGISTRY)), "{package}");
    }
}

#[test]
fn licences_are_those_that_are_listed() {
    let deny = read("deny.toml");
    let allowed = deny["licenses"]["allow"].as_array().expect("a list");
    let allowed: Vec<&str> = allowed.iter().filter_map(|name| name.as_str()).collect();
    let packages = packages();
    assert!(packages.len() > 100, "all of them are told");
    for package in &packages {
        let licence = package["license"].as_str().unwrap_or_default();
        let name = &package["name"];
        assert!(is_met(licence, &allowed), "{name} is under `{licence}`");
    }
    for name in &allowed {
        let mut licences = packages.iter().filter_map(|p| p["license"].as_str());
        assert!(licences.any(|l| l.contains(name)), "`{name}` is not needed");
    }
}

#[test]
fn an_expression_is_met_by_one_choice_of_each_part() {
    let allowed = ["MIT", "Unicode-3.0"];
    assert!(is_met("MIT/Apache-2.0", &allowed));
    assert!(is_met("(MIT OR Apache-2.0) AND Unicode-3.0", &allowed));
    assert!(!is_met("MIT AND BSD-3-Clause", &allowed));
    assert!(!is_met("GPL-3.0-only", &allowed));
    assert!(!is_met("", &allowed));
}
