//! Paths of the output, and when two of them would be one file somewhere.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::sync::Arc;

use unicode_normalization::UnicodeNormalization;

/// The file in the published folder that lists what Rigbook wrote there.
pub const MARKER: &str = ".rigbook-manifest";

/// A relative path with `/`, whose every part is a plain name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct OutputPath(Arc<str>);

/// The longest name that common file systems take, in bytes.
const LONGEST_NAME: usize = 255;
/// The longest path, in bytes: Linux takes 4096 with the folder's own.
const LONGEST_PATH: usize = 2048;

impl OutputPath {
    /// Checks a path; the error is the reason why it can't be one.
    pub fn new(path: &str) -> Result<Self, String> {
        if path.is_empty() {
            return Err("it is empty".to_owned());
        }
        if path.len() > LONGEST_PATH {
            return Err(format!("it is longer than {LONGEST_PATH} bytes"));
        }
        if fold(path) == MARKER {
            return Err("that file is the program's own".to_owned());
        }
        for name in path.split('/') {
            check_name(name)?;
        }
        Ok(Self(path.into()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same, to be held without copying it.
    pub fn shared(&self) -> Arc<str> {
        Arc::clone(&self.0)
    }

    /// The folders above the file, the outermost first: `a` and `a/b` of
    /// `a/b/c`.
    pub fn folders(&self) -> impl Iterator<Item = &str> {
        self.0.match_indices('/').map(|(at, _)| &self.0[..at])
    }
}

fn check_name(name: &str) -> Result<(), String> {
    match name {
        "" => return Err("it has an empty part".to_owned()),
        "." | ".." => return Err("it leads out of the site".to_owned()),
        _ => {}
    }
    if name.len() > LONGEST_NAME {
        return Err(format!("a name in it is longer than {LONGEST_NAME} bytes"));
    }
    if let Some(bad) = name.chars().find(|c| c.is_control() || *c == '\\') {
        return Err(format!("it holds `{}`", bad.escape_debug()));
    }
    Ok(())
}

/// The name that a file system without case and with another normal form sees,
/// and one that drops dots and spaces at the end of a name.
pub(super) fn fold(path: &str) -> Cow<'_, str> {
    if is_folded(path) {
        return path.into();
    }
    if path.ends_with(['.', ' ']) || path.contains("./") || path.contains(" /") {
        let names: Vec<&str> = path.split('/').map(trimmed).collect();
        return fold(&names.join("/")).into_owned().into();
    }
    // By way of upper case, since some letters (ſ, ς) fold only from there.
    let upper: String = path.nfd().flat_map(char::to_uppercase).collect();
    upper.to_lowercase().nfc().collect::<String>().into()
}

/// Whether a path is plainly what it folds to, as nearly all are.
fn is_folded(path: &str) -> bool {
    let mut before = 0;
    for byte in path.bytes() {
        let ends_badly = byte == b'/' && matches!(before, b'.' | b' ');
        if ends_badly || !byte.is_ascii() || byte.is_ascii_uppercase() {
            return false;
        }
        before = byte;
    }
    !matches!(before, b'.' | b' ')
}

fn trimmed(name: &str) -> &str {
    name.trim_end_matches(['.', ' '])
}

impl Borrow<str> for OutputPath {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for OutputPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_plain_relative_paths_pass() {
        for good in ["index.html", "a/b/c", ".well-known/x", "ä/ö", "a..b"] {
            assert!(OutputPath::new(good).is_ok(), "{good}");
        }
        let long = "x".repeat(256);
        for bad in [
            "",
            "/a",
            "a/",
            "a//b",
            "..",
            "a/../b",
            "./a",
            "a\\b",
            "a\0b",
            "a\nb",
            MARKER,
            ".Rigbook-Manifest",
            &long,
        ] {
            assert!(OutputPath::new(bad).is_err(), "{bad:?}");
        }
    }

    #[test]
    fn folding_sees_case_and_normal_form() {
        assert_eq!(fold("ÄPFEL"), fold("a\u{308}pfel"));
        assert_eq!(fold("ΣΑΣ"), fold("σας"));
        assert_eq!(fold("a. /B.txt"), fold("a/b.txt."));
        assert_ne!(fold("a"), fold("b"));
    }
}
