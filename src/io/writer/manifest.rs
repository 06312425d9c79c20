//! The marker in a published folder: what Rigbook wrote there.
//!
//! A line for the format, then one for each file: hash of the content, space,
//! path; in the order of the paths. It holds no time and no path of the
//! machine, so that equal sites have equal markers.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use crate::io::{Failure, Result};
use crate::output::{MARKER, OutputPath};

/// Half of a BLAKE3 hash: enough to tell contents apart.
pub type ContentHash = [u8; 16];

/// The files that Rigbook wrote, with the hash of each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Manifest {
    pub files: BTreeMap<Arc<str>, ContentHash>,
}

const FIRST_LINE: &str = "rigbook-manifest 1";

/// The part of a hash that a manifest keeps.
pub fn content_hash(hash: &blake3::Hash) -> ContentHash {
    let mut half = ContentHash::default();
    half.copy_from_slice(&hash.as_bytes()[..16]);
    half
}

impl Manifest {
    /// The manifest of a published folder; empty if there is none.
    pub fn read(folder: &Path) -> Result<Self> {
        let path = folder.join(MARKER);
        let text = match std::fs::read(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(Failure::at("read", &path, &error)),
        };
        let parsed = std::str::from_utf8(&text).ok().and_then(Self::parse);
        parsed.ok_or_else(|| {
            let message = format!("`{}` is damaged, so nothing is replaced", path.display());
            Failure::usage(message).help("remove the published folder yourself, then build again")
        })
    }

    fn parse(text: &str) -> Option<Self> {
        let mut lines = text.lines();
        if lines.next()? != FIRST_LINE {
            return None;
        }
        let mut files = BTreeMap::new();
        for line in lines {
            let (hash, path) = line.split_once(' ')?;
            let path = OutputPath::new(path).ok()?;
            files.insert(path.as_str().into(), from_hex(hash)?);
        }
        Some(Self { files })
    }

    /// The marker's text.
    pub fn to_text(&self) -> String {
        let mut text = String::with_capacity(self.files.len() * 64);
        text.push_str(FIRST_LINE);
        text.push('\n');
        for (path, hash) in &self.files {
            for byte in hash {
                let digits = [byte >> 4, byte & 15].map(usize::from);
                text.extend(digits.map(|digit| char::from(HEX[digit])));
            }
            text.push(' ');
            text.push_str(path);
            text.push('\n');
        }
        text
    }
}

const HEX: &[u8; 16] = b"0123456789abcdef";

fn from_hex(text: &str) -> Option<ContentHash> {
    let mut hash = ContentHash::default();
    if text.len() != 32 {
        return None;
    }
    let digit = |digit: u8| char::from(digit).to_digit(16).map(|value| value as u8);
    for (byte, pair) in hash.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        *byte = digit(pair[0])? << 4 | digit(pair[1])?;
    }
    Some(hash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_and_back() {
        let files = [("a b/c".into(), [1; 16]), ("index.html".into(), [255; 16])];
        let manifest = Manifest {
            files: files.into(),
        };
        assert_eq!(Manifest::parse(&manifest.to_text()), Some(manifest));
    }

    #[test]
    fn damage_is_noticed() {
        let good = format!("{FIRST_LINE}\n{} a\n", "0".repeat(32));
        assert!(Manifest::parse(&good).is_some());
        for bad in [
            "",
            "{}",
            "rigbook-manifest 2\n",
            "rigbook-manifest 1\nxx a\n",
        ] {
            assert!(Manifest::parse(bad).is_none(), "{bad:?}");
        }
        let out = format!("{FIRST_LINE}\n{} ../a\n", "0".repeat(32));
        assert!(Manifest::parse(&out).is_none(), "a path that leads out");
    }
}
