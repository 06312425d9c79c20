//! The documentation: its reference pages are what the tables in the code say,
//! its examples compile, and the site builds without a warning.
//!
//! `UPDATE_DOCS=1 cargo test --test docs` writes the reference pages anew.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use rigbook::catalog::FieldKind;
use rigbook::diag::Code;
use rigbook::directive::DIRECTIVES;
use rigbook::expr::{FUNCTIONS, OPERATORS};
use rigbook::value::builtin_units;

fn docs() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/docs-site")
}

/// A program that sees nothing of the tester's settings.
fn rigbook(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rigbook"));
    for (name, _) in std::env::vars() {
        if name.starts_with("RIGBOOK_") {
            command.env_remove(name);
        }
    }
    command.env("COLUMNS", "80").args(args);
    command
}

/// All findings of a site, where warnings count.
fn check(root: &Path) -> Result<(), String> {
    let root = root.to_str().expect("UTF-8");
    let output = rigbook(&["check", "--strict", "--no-cache", "--root", root]);
    let output = { output }.output().expect("it starts");
    match output.status.success() {
        true => Ok(()),
        false => Err(String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)),
    }
}

fn page(title: &str, lead: &str, head: &[&str], rows: Vec<Vec<String>>) -> String {
    format!("+++\ntitle = \"{title}\"\n+++\n") + &table(lead, head, rows)
}

fn table(lead: &str, head: &[&str], rows: Vec<Vec<String>>) -> String {
    let mut text = format!("\n{lead}\n\n");
    let line = |cells: Vec<String>| format!("| {} |\n", cells.join(" | "));
    text += &line(head.iter().map(|cell| (*cell).to_owned()).collect());
    text += &line(head.iter().map(|_| "---".to_owned()).collect());
    for row in rows {
        text += &line(row);
    }
    text
}

fn code(text: &str) -> String {
    format!("`{text}`")
}

fn commands() -> String {
    let help = |args: &[&str]| {
        let output = rigbook(args).output().expect("it starts");
        let text = String::from_utf8(output.stdout).expect("UTF-8");
        let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
        lines.join("\n")
    };
    let top = help(&["-h"]);
    let verbs = top
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| line.starts_with("  "))
        .filter(|line| !line.starts_with("   "))
        .filter_map(|line| line.split_whitespace().next())
        .filter(|verb| *verb != "help");
    let mut text = format!(
        "+++\ntitle = \"Command line\"\n+++\n\nExit codes: 0 fine, 1 the content has errors and nothing is written, 2 wrong usage, 3 the environment failed.\n\n```text\n{}\n```\n",
        top.trim_end()
    );
    for verb in verbs {
        // The common flags stand above.
        let of_verb = help(&[verb, "-h"]);
        let own = of_verb.split("\nCommon flags:").next().unwrap_or_default();
        write!(text, "\n## {verb}\n\n```text\n{}\n```\n", own.trim_end()).expect("a string");
    }
    text
}

/// Codes that no page of content alone can show: they need a version, a theme,
/// a clock, bytes that are no text, or an input of great size; and lints that
/// are off until they are asked for.
const WITHOUT_EXAMPLE: [Code; 14] = [
    Code::Encoding,
    Code::Overflow,
    Code::Template,
    Code::Version,
    Code::Limit,
    Code::Unpublishable,
    Code::Stale,
    Code::UnsourcedFigure,
    Code::UnusedFigure,
    Code::UnlistedComponent,
    Code::Coverage,
    Code::BrokenBuild,
    Code::EditionOrder,
    Code::UnsaidRename,
];

/// The bad and the good example of a code: each the page `example.md` of the
/// site whose bicycles are in `base.md`.
fn example_of(found: Code, kind: &str) -> String {
    let name = found.name();
    let path = format!("tests/codes/{name}.{kind}.md");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn base() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes/base.md");
    fs::read_to_string(path).expect("readable")
}

fn codes() -> String {
    let mut text = format!(
        "+++\ntitle = \"Diagnostics\"\n+++\n\nEach finding has a code, which never changes its meaning. The examples are pages of a site with this category in `content/bikes/_index.md`; one that declares a category is a section's `_index.md`:\n\n```markdown\n{}```\n",
        base()
    );
    for (found, meaning) in Code::TABLE {
        write!(text, "\n## {}\n\n{}\n", found.name(), meaning.trim()).expect("a string");
        if WITHOUT_EXAMPLE.contains(found) {
            continue;
        }
        let (bad, good) = (example_of(*found, "bad"), example_of(*found, "good"));
        write!(
            text,
            "\nWrong:\n\n````markdown\n{bad}````\n\nRight:\n\n````markdown\n{good}````\n"
        )
        .expect("a string");
    }
    text
}

/// The codes that a page gives.
fn codes_of(page: &str) -> Vec<String> {
    let site = tempfile::tempdir().expect("temporary folder");
    fs::create_dir_all(site.path().join("content/bikes")).expect("writable");
    let write = |path: &str, text: &str| fs::write(site.path().join(path), text).expect("writable");
    write("rigbook.toml", "title = \"Bicycles\"\n");
    write("content/bikes/_index.md", &base());
    // Only a section declares a category.
    if page.contains("[category]") {
        fs::create_dir(site.path().join("content/example")).expect("writable");
        write("content/example/_index.md", page);
    } else {
        write("content/example.md", page);
    }
    let root = site.path().to_str().expect("UTF-8");
    let output = rigbook(&["check", "--no-cache", "--format", "json", "--root", root])
        .output()
        .expect("it starts");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let code = |found: &serde_json::Value| found["code"].as_str().map(str::to_owned);
    let found = found.as_array().expect("a list");
    found
        .iter()
        .map(|found| code(found).expect("a code"))
        .collect()
}

#[test]
fn each_bad_example_gives_its_code_and_each_good_one_nothing() {
    let mut wrong = Vec::new();
    for (found, _) in Code::TABLE {
        if WITHOUT_EXAMPLE.contains(found) {
            continue;
        }
        let (bad, good) = (
            codes_of(&example_of(*found, "bad")),
            codes_of(&example_of(*found, "good")),
        );
        if bad.is_empty() || bad.iter().any(|code| code != found.name()) {
            wrong.push(format!(
                "the bad example of `{}` gives {bad:?}",
                found.name()
            ));
        }
        if !good.is_empty() {
            wrong.push(format!(
                "the good example of `{}` gives {good:?}",
                found.name()
            ));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// The reference pages by name.
fn reference() -> Vec<(&'static str, String)> {
    let directives = DIRECTIVES
        .iter()
        .map(|(name, _, what)| vec![code(name), (*what).to_owned()]);
    let fields = FieldKind::TABLE
        .iter()
        .map(|(_, name, what)| vec![code(name), (*what).to_owned()]);
    let units = builtin_units().map(|(symbol, aliases, label, prefixes)| {
        let aliases: Vec<String> = aliases.iter().map(|alias| code(alias)).collect();
        let prefixes = if prefixes { "yes" } else { "no" };
        vec![
            code(symbol),
            label.to_owned(),
            aliases.join(", "),
            prefixes.to_owned(),
        ]
    });
    let functions = FUNCTIONS
        .iter()
        .map(|(name, usage, what)| vec![code(name), code(usage), (*what).to_owned()]);
    let operators = OPERATORS.iter().map(|(signs, what)| {
        let signs: Vec<String> = signs.iter().map(|sign| code(sign)).collect();
        vec![signs.join(" "), (*what).to_owned()]
    });
    vec![
        ("codes.md", codes()),
        ("command-line.md", commands()),
        (
            "directives.md",
            page(
                "Directives",
                "A directive is a fenced code block whose first word is one of these. Its body is TOML; that of a diagram is Mermaid.",
                &["Word", "What it makes"],
                directives.collect(),
            ),
        ),
        (
            "fields.md",
            page(
                "Field types",
                "The `type` of a field. A field with a `formula` has none: its type follows.",
                &["Type", "Holds"],
                fields.collect(),
            ),
        ),
        (
            "functions.md",
            page(
                "Operators and functions",
                "The operators of [formulas](formulas.md), those that bind least first: `a or b and c` is `a or (b and c)`. An operator stands between spaces, since ids hold hyphens and units hold slashes.",
                &["Operator", "What it gives"],
                operators.collect(),
            ) + &table(
                "Functions. Beside them there is `if condition then a else b`, also written `if(condition, a, b)`.",
                &["Function", "How it is called", "What it gives"],
                functions.collect(),
            ),
        ),
        (
            "units.md",
            page(
                "Units",
                "The units that every site knows, beside temperatures, sound levels and money by its ISO code. Units multiply and divide, as in `GB/s`.",
                &["Unit", "Measures", "Also written", "Prefixes"],
                units.collect(),
            ),
        ),
    ]
}

#[test]
fn the_reference_says_what_the_code_does() {
    let folder = docs().join("content/reference");
    let mut stale = Vec::new();
    for (name, expected) in reference() {
        let path = folder.join(name);
        if std::env::var_os("UPDATE_DOCS").is_some() {
            fs::write(&path, &expected).expect("writable");
        }
        if fs::read_to_string(&path).unwrap_or_default() != expected {
            stale.push(name);
        }
    }
    assert!(
        stale.is_empty(),
        "stale: {stale:?}; run `UPDATE_DOCS=1 cargo test --test docs`"
    );
}

#[test]
fn the_documentation_builds_without_a_warning() {
    check(&docs()).unwrap_or_else(|found| panic!("{found}"));
}

/// The files of a page's examples: fences whose second word is a path.
fn examples(page: &str) -> Vec<(String, String)> {
    let mut files = Vec::new();
    let mut lines = page.lines();
    while let Some(line) = lines.next() {
        let ticks = line.len() - line.trim_start_matches('`').len();
        if ticks < 3 {
            continue;
        }
        let fence = "`".repeat(ticks);
        let body: Vec<&str> = lines.by_ref().take_while(|line| *line != fence).collect();
        if let Some(path) = line[ticks..].split_whitespace().nth(1)
            && (path.ends_with(".md") || path.ends_with(".toml"))
        {
            files.push((path.to_owned(), body.join("\n") + "\n"));
        }
    }
    files
}

#[test]
fn every_example_compiles() {
    let mut compiled = 0;
    for entry in walkdir::WalkDir::new(docs().join("content")).sort_by_file_name() {
        let entry = entry.expect("readable");
        if entry
            .path()
            .extension()
            .is_none_or(|extension| extension != "md")
        {
            continue;
        }
        let files = examples(&fs::read_to_string(entry.path()).expect("readable"));
        if files.is_empty() {
            continue;
        }
        let site = tempfile::tempdir().expect("temporary folder");
        for (path, text) in files {
            let path = site.path().join(path);
            fs::create_dir_all(path.parent().expect("in the site")).expect("writable");
            fs::write(path, text).expect("writable");
        }
        check(site.path()).unwrap_or_else(|found| panic!("{}:\n{found}", entry.path().display()));
        compiled += 1;
    }
    assert!(compiled >= 2, "examples were found");
}

/// The keys that a reader of front matter or configuration asks for.
fn keys_read_by(source: &str) -> Vec<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(source);
    let text = fs::read_to_string(path).expect("readable");
    let text = text.split("#[cfg(test)]").next().unwrap_or_default();
    let mut keys = Vec::new();
    for call in [
        "string",
        "strings",
        "date",
        "bool",
        "node",
        "integer",
        "integer_in",
        "bound",
        "tables",
        "sub_table",
        "text",
    ] {
        for rest in text.split(&format!("{call}(\"")).skip(1) {
            keys.extend(rest.split('"').next().map(str::to_owned));
        }
    }
    keys.sort();
    keys.dedup();
    keys
}

#[test]
fn the_reference_names_every_key() {
    let page = |name: &str| {
        let path = docs().join("content/reference").join(name);
        fs::read_to_string(path).expect("readable")
    };
    for (source, name, least) in [
        ("src/config.rs", "configuration.md", 10),
        ("src/config/values.rs", "configuration.md", 4),
        ("src/config/versions.rs", "configuration.md", 5),
        ("src/parse/front.rs", "front-matter.md", 16),
        ("src/catalog/schema.rs", "front-matter.md", 3),
        ("src/catalog/schema/field.rs", "front-matter.md", 10),
        ("src/catalog/component.rs", "front-matter.md", 4),
        ("src/catalog/build.rs", "front-matter.md", 4),
        ("src/calc/read.rs", "front-matter.md", 8),
        ("src/calc/slots.rs", "front-matter.md", 2),
        ("src/calc/inputs.rs", "front-matter.md", 3),
        ("src/calc/totals.rs", "front-matter.md", 2),
        ("src/calc/rules.rs", "front-matter.md", 4),
        ("src/directive/compare.rs", "blocks.md", 8),
        ("src/directive/rows.rs", "blocks.md", 3),
        ("src/directive/chart.rs", "blocks.md", 9),
        ("src/directive/build.rs", "blocks.md", 1),
        ("src/directive/changes.rs", "blocks.md", 3),
        ("src/directive/claims.rs", "blocks.md", 2),
    ] {
        let keys = keys_read_by(source);
        assert!(keys.len() >= least, "{source} reads {keys:?}");
        let text = page(name);
        let missing: Vec<&String> = keys
            .iter()
            .filter(|key| {
                !text.contains(&format!("`{key}`")) && !text.contains(&format!("[{key}]"))
            })
            .collect();
        assert!(missing.is_empty(), "{name} lacks {missing:?} of {source}");
    }
}
