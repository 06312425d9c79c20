//! The order of modules and the places of effects, read from the source.
//!
//! A module uses only what stands before it in the list; within a group the
//! order is free.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// From the innermost to the outermost. Later ones may use earlier ones and
/// their own group.
const ORDER: [&[&str]; 15] = [
    &["diag"],
    &["value"],
    &["source", "output", "memo"],
    &["config", "parse"],
    &["expr"],
    &["catalog"],
    &["calc"],
    &["site"],
    &["directive"],
    &["render"],
    &["lint"],
    &["compile"],
    &["io"],
    &["cli"],
    &["main"],
];

/// Modules that may touch the outside world.
const EFFECTS: [&str; 3] = ["io", "cli", "main"];

/// What only they may name. Clippy forbids the rest, by type.
const BANNED: [&str; 9] = [
    "std::fs",
    "std::net",
    "std::process",
    "std::env::",
    "SystemTime::now",
    "Instant::now",
    "println!",
    "eprintln!",
    "dbg!",
];

/// The source of the library: path under `src/`, module, code without
/// comments, strings' content included.
fn sources() -> Vec<(String, String, String)> {
    let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut sources = Vec::new();
    for entry in walkdir::WalkDir::new(&src).sort_by_file_name() {
        let entry = entry.expect("readable");
        let path = entry.path().strip_prefix(&src).expect("under it");
        let path = path.to_str().expect("UTF-8").replace('\\', "/");
        if path.ends_with(".rs") && path != "lib.rs" {
            let first = path.split('/').next().unwrap_or_default();
            let module = first.trim_end_matches(".rs").to_owned();
            let text = fs::read_to_string(entry.path()).expect("readable");
            sources.push((path, module, without_comments_and_tests(&text)));
        }
    }
    assert!(sources.len() > 50, "the source was found");
    sources
}

fn without_comments_and_tests(text: &str) -> String {
    let code = text.split("#[cfg(test)]").next().unwrap_or_default();
    let lines = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or_default());
    lines.collect::<Vec<_>>().join("\n")
}

fn rank(module: &str) -> Option<usize> {
    ORDER.iter().position(|group| group.contains(&module))
}

/// The modules that code names after `crate::`, single or in braces.
fn used(code: &str) -> BTreeSet<String> {
    let mut used = BTreeSet::new();
    for (at, start) in code.match_indices("crate::") {
        let rest = &code[at + start.len()..];
        if let Some(list) = rest.strip_prefix('{') {
            used.extend(top_names(list));
        } else {
            used.insert(name(rest));
        }
    }
    used.remove("");
    used
}

/// The first name of each item in a braced list.
fn top_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut item = String::new();
    for c in list.chars() {
        match c {
            '}' if depth == 0 => break,
            ',' if depth == 0 => names.push(name(std::mem::take(&mut item).trim())),
            _ => {
                depth += i32::from(c == '{') - i32::from(c == '}');
                item.push(c);
            }
        }
    }
    names.push(name(item.trim()));
    names
}

fn name(code: &str) -> String {
    code.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn modules_use_only_what_stands_before_them() {
    let mut wrong = Vec::new();
    for (path, module, code) in sources() {
        let Some(own) = rank(&module) else {
            wrong.push(format!("src/{path}: `{module}` has no place in the order"));
            continue;
        };
        for other in used(&code) {
            match rank(&other) {
                Some(rank) if rank <= own => {}
                Some(_) => wrong.push(format!("src/{path}: `{module}` uses `{other}`")),
                // A macro or an item of the crate's root.
                None => wrong.push(format!("src/{path}: `crate::{other}` is no module")),
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn effects_are_at_the_edges_alone() {
    let mut wrong = Vec::new();
    for (path, module, code) in sources() {
        if EFFECTS.contains(&module.as_str()) {
            continue;
        }
        for banned in BANNED.iter().filter(|banned| code.contains(**banned)) {
            wrong.push(format!("src/{path}: `{banned}`"));
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_reading_of_paths_is_right() {
    let code = "use crate::diag::Span;\nuse crate::{io::{git, x}, memo, value::Unit};\nlet a = crate::parse::parse();";
    let expected = ["diag", "io", "memo", "parse", "value"].map(str::to_owned);
    assert_eq!(used(code), expected.into());
    let commented = "// crate::cli\n/// crate::cli\nuse crate::diag;\n#[cfg(test)]\nmod tests { use crate::io; }";
    let code = without_comments_and_tests(commented);
    assert_eq!(used(&code), ["diag".to_owned()].into());
}
