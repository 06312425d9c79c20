//! Themes: the contract of the default theme names what templates get, and the
//! example theme dresses the guide in another way.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|e| panic!("{path}: {e}"))
}

/// What stands between `open` and the next quote, everywhere in a text.
fn quoted<'a>(text: &'a str, open: &str) -> Vec<&'a str> {
    let rest = text.split(open).skip(1);
    rest.filter_map(|rest| rest.split('"').next()).collect()
}

#[test]
fn the_contract_names_all_that_templates_get() {
    let contract = read("themes/default/README.md");
    let context = read("src/render/context.rs");
    let sources = [read("src/render/page.rs"), context.clone()].concat();
    let names: BTreeSet<&str> = quoted(&sources, "context.insert(\n        \"")
        .into_iter()
        .chain(quoted(&sources, "context.insert(\""))
        .collect();
    assert!(names.len() > 12, "{names:?}");
    // The keys of `page`.
    let page = context.split("pub struct PageContext").nth(1);
    let page = page.and_then(|rest| rest.split('}').next());
    let fields = page.expect("it is there").split("    pub ").skip(1);
    let keys: BTreeSet<&str> = fields.filter_map(|field| field.split(':').next()).collect();
    assert!(keys.len() > 20, "{keys:?}");
    let words: BTreeSet<&str> = contract
        .split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .collect();
    let missing: Vec<&&str> = names
        .union(&keys)
        .filter(|name| !words.contains(**name))
        .collect();
    assert!(
        missing.is_empty(),
        "themes/default/README.md, section 3, lacks {missing:?}"
    );
}

#[test]
fn the_contract_names_every_template_and_block() {
    let contract = read("themes/default/README.md");
    for entry in fs::read_dir(root().join("themes/default/templates")).expect("readable") {
        let name = entry
            .expect("readable")
            .file_name()
            .to_string_lossy()
            .into_owned();
        assert!(contract.contains(&name), "no word of {name}");
        let text = read(&format!("themes/default/templates/{name}"));
        for block in text
            .split("{% block ")
            .skip(1)
            .filter_map(|rest| rest.split(' ').next())
        {
            assert!(
                contract.contains(&format!("`{block}`")),
                "no word of the block {block} of {name}"
            );
        }
    }
}

#[test]
fn the_example_theme_changes_little_and_shows() {
    let site = tempfile::tempdir().expect("a folder");
    for name in ["content", "static", "versions", "themes/paper"] {
        for entry in walkdir::WalkDir::new(root().join(name)) {
            let entry = entry.expect("readable");
            let to = site
                .path()
                .join(entry.path().strip_prefix(root()).expect("below"));
            match entry.file_type().is_dir() {
                true => fs::create_dir_all(to).expect("made"),
                false => fs::copy(entry.path(), to).map(|_| ()).expect("copied"),
            }
        }
    }
    let config = format!("theme = \"paper\"\n{}", read("rigbook.toml"));
    fs::write(site.path().join("rigbook.toml"), config).expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--strict", "--no-cache", "--root"])
        .arg(site.path())
        .output()
        .expect("it starts");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let front = fs::read_to_string(site.path().join("public/index.html")).expect("built");
    assert!(front.contains("set on <time"), "its footer");
    let style = style(&site.path().join("public"));
    let at = |part: &str| {
        style
            .find(part)
            .unwrap_or_else(|| panic!("the style lacks {part:?}"))
    };
    assert!(at("--text-4xl") < at("Iowan Old Style"), "after the tokens");
    assert!(
        at("Iowan Old Style") < at("3px double"),
        "and before the rest"
    );
}

fn style(public: &Path) -> String {
    let assets = fs::read_dir(public.join("assets")).expect("readable");
    let mut names = assets.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    let style = names.find(|path| {
        path.extension().is_some_and(|end| end == "css")
            && path.to_string_lossy().contains("/style.")
    });
    fs::read_to_string(style.expect("there is one")).expect("readable")
}
