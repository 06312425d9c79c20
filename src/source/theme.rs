//! A theme: the embedded one with the site's files laid over it.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use blake3::Hash;

use super::{Asset, Data, File, Snapshot, Text, hash_part};
use crate::diag::SourceFile;

/// The files of `themes/default`, by path relative to it.
static EMBEDDED: &[(&str, &[u8])] = include!(concat!(env!("OUT_DIR"), "/theme.rs"));

/// The files of a theme by path relative to the theme's folder, such as
/// `templates/page.html` or `static/style.css`.
#[derive(Clone, Debug, Default)]
pub struct Theme {
    pub files: BTreeMap<Arc<str>, File>,
}

impl Theme {
    /// The text file at a path.
    pub fn text(&self, path: &str) -> Option<&Text> {
        match self.files.get(path)? {
            File::Text(text) => Some(text),
            File::Asset(_) => None,
        }
    }

    /// The content of a file that is held in memory, be it text or not.
    pub fn bytes(&self, path: &str) -> Option<&[u8]> {
        match self.files.get(path)? {
            File::Text(text) => Some(text.source.text.as_bytes()),
            File::Asset(asset) => match &asset.data {
                Data::Memory(bytes) => Some(bytes),
                Data::Disk(_) | Data::Blob { .. } => None,
            },
        }
    }

    /// A hash of every path and content.
    pub fn hash(&self) -> Hash {
        let mut hasher = blake3::Hasher::new();
        for (path, file) in &self.files {
            hash_part(&mut hasher, path.as_bytes());
            hasher.update(file.stamp().as_bytes());
        }
        hasher.finalize()
    }
}

/// The theme that the program brings along.
pub fn embedded() -> Theme {
    static THEME: LazyLock<Theme> = LazyLock::new(|| Theme {
        files: EMBEDDED
            .iter()
            .map(|&(path, bytes)| (Arc::from(path), built_in(path, bytes)))
            .collect(),
    });
    THEME.clone()
}

/// The embedded theme with the files of the site's `themes/NAME/` laid over
/// it. A file of the same name replaces the embedded one whole.
pub fn lay_over(site: &Snapshot, name: &str) -> Theme {
    let mut theme = embedded();
    let folder = format!("themes/{name}");
    for (path, file) in site.under(&folder) {
        theme.files.insert(Arc::from(path), file.clone());
    }
    theme
}

fn built_in(path: &str, bytes: &'static [u8]) -> File {
    let shown = format!("<built in>/themes/default/{path}");
    match std::str::from_utf8(bytes) {
        Ok(text) => File::Text(Text::new(SourceFile::new(shown, text))),
        Err(_) => File::Asset(Asset::in_memory(shown, bytes)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sites_files_replace_and_add() {
        let site = Snapshot::from_texts([
            ("themes/mine/templates/new.html", "new"),
            ("themes/other/templates/no.html", "no"),
        ]);
        let theme = lay_over(&site, "mine");
        assert_eq!(theme.bytes("templates/new.html"), Some(&b"new"[..]));
        assert!(theme.text("templates/no.html").is_none());
        assert_eq!(theme.files.len(), embedded().files.len() + 1);
        assert_ne!(theme.hash(), embedded().hash());
    }
}
