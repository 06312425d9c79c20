//! The site as a folder that opens from disk: each link to a folder names the
//! file in it, since nobody serves one.

use std::sync::Arc;

use super::markup::{Change, rewrite};
use crate::output::{Entry, OutputTree, Recipe};

/// What stands before the address in a page that leads to another at once.
const REFRESH: &str = "0; url=";

/// The tree with the links of its pages led to files.
pub fn for_disk(tree: &OutputTree) -> OutputTree {
    let mut disk = OutputTree::new();
    for (path, entry) in tree.iter() {
        let mut entry = entry.clone();
        if path.as_str().ends_with(".html")
            && let Recipe::Render(render) = &entry.recipe
        {
            let render = Arc::clone(render);
            let inputs = blake3::hash(&[entry.inputs.as_bytes(), &b"disk"[..]].concat());
            entry = Entry::render(inputs, entry.origin.clone(), move || {
                render().map(|bytes| match std::str::from_utf8(&bytes) {
                    Ok(html) => to_files(html).into_bytes(),
                    Err(_) => bytes,
                })
            });
        }
        disk.insert(path.as_str(), entry)
            .expect("paths that were free in a tree are free in its copy");
    }
    disk
}

fn to_files(html: &str) -> String {
    rewrite(html, &mut |attribute| match attribute.name {
        "href" | "data-url" => match file_address(attribute.value) {
            Some(address) => Change::Set(super::markup::unescape(&address)),
            None => Change::Keep,
        },
        // Of a redirect.
        "content" => match attribute.value.strip_prefix(REFRESH).and_then(file_address) {
            Some(address) => Change::Set(format!("{REFRESH}{}", super::markup::unescape(&address))),
            None => Change::Keep,
        },
        _ => Change::Keep,
    })
}

/// The address with the file's name, for a relative address of a folder.
fn file_address(address: &str) -> Option<String> {
    if address.contains("://") || address.starts_with('#') || address.starts_with("mailto:") {
        return None;
    }
    let end = address.find(['?', '#']).unwrap_or(address.len());
    let (path, rest) = address.split_at(end);
    let is_folder = path.ends_with('/') || path == "." || path.ends_with("..");
    let slash = if path.ends_with('/') { "" } else { "/" };
    is_folder.then(|| format!("{path}{slash}index.html{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_redirect_names_a_file() {
        let html = "<meta http-equiv=\"refresh\" content=\"0; url=../a/#x\"><meta content=\"./\">";
        assert_eq!(
            to_files(html),
            "<meta http-equiv=\"refresh\" content=\"0; url=../a/index.html#x\"><meta content=\"./\">"
        );
    }

    #[test]
    fn folders_are_named_by_their_page() {
        let check = |address, expected: Option<&str>| {
            assert_eq!(file_address(address).as_deref(), expected, "{address}");
        };
        check("./", Some("./index.html"));
        check("../a/#x", Some("../a/index.html#x"));
        check("..", Some("../index.html"));
        check("a.csv", None);
        check("#x", None);
        check("https://example.org/", None);
    }
}
