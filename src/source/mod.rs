//! Sources: what a site is made of, as values.
//!
//! In come files that an edge has read (from a work tree or from git); out go
//! [`Snapshot`]s of one version each and the [`Project`] that holds them all.
//! Nothing here opens a file: what is too large to hold is named by an
//! [`Asset`], which the edge copies.

mod text;
mod theme;

use std::collections::BTreeMap;
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blake3::Hash;

use crate::diag::SourceFile;

pub use text::decode;
pub use theme::{Theme, embedded, lay_over};

/// One version's site root, read once: the paths are relative to that root,
/// with `/`, such as `content/bikes/_index.md`.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    pub files: BTreeMap<Arc<str>, File>,
    /// The day of each file's last commit, as `2024-12-23`. Empty where the
    /// history is not known in full.
    pub changed: BTreeMap<Arc<str>, Arc<str>>,
    /// What diagnostics show before each path: empty for the working site,
    /// `versions/1.0/` for a folder, `v1.0:` for a git ref.
    pub prefix: Arc<str>,
}

/// A file of a snapshot.
#[derive(Clone, Debug)]
pub enum File {
    /// `rigbook.toml`, Markdown, templates: decoded, held in memory.
    Text(Text),
    /// Anything else: copied, or read by name when it is asked for.
    Asset(Asset),
}

/// A text file, decoded.
#[derive(Clone, Debug)]
pub struct Text {
    pub source: Arc<SourceFile>,
    /// Of the decoded text, without the path.
    pub hash: Hash,
}

/// A file that is published as it is.
#[derive(Clone, Debug)]
pub struct Asset {
    /// As diagnostics show it.
    pub path: Arc<str>,
    /// In bytes, when it was listed.
    pub size: u64,
    /// Equal stamps mean equal bytes: a hash of the content where it is known,
    /// else of place, size and time. Good for noticing a change on this
    /// machine; never printed into a page.
    pub stamp: Hash,
    pub data: Data,
}

/// Where the bytes of an asset are.
#[derive(Clone)]
pub enum Data {
    Memory(Arc<[u8]>),
    /// A regular file, under its real path.
    Disk(Arc<Path>),
    /// An object of a git repository.
    Blob {
        repository: Arc<Path>,
        id: Arc<str>,
    },
}

impl std::fmt::Debug for Data {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Data::Memory(bytes) => write!(f, "Memory({} bytes)", bytes.len()),
            Data::Disk(path) => write!(f, "Disk({})", path.display()),
            Data::Blob { id, .. } => write!(f, "Blob({id})"),
        }
    }
}

/// Everything that a compilation starts from.
#[derive(Clone, Debug)]
pub struct Project {
    /// The folder with `rigbook.toml`.
    pub root: PathBuf,
    /// The work tree.
    pub site: Snapshot,
    pub theme: Theme,
    /// The other versions, by id, as configured. A version that could not be
    /// read is missing, and a diagnostic says so.
    pub versions: BTreeMap<Arc<str>, Snapshot>,
}

impl Project {
    /// Projects with equal hashes give equal sites.
    pub fn hash(&self) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(self.site.hash().as_bytes());
        hasher.update(self.theme.hash().as_bytes());
        for (id, snapshot) in &self.versions {
            hash_part(&mut hasher, id.as_bytes());
            hasher.update(snapshot.hash().as_bytes());
        }
        hasher.finalize()
    }
}

impl Text {
    pub fn new(source: Arc<SourceFile>) -> Self {
        let hash = blake3::hash(source.text.as_bytes());
        Self { source, hash }
    }
}

impl Asset {
    /// An asset held in memory.
    pub fn in_memory(path: impl Into<Arc<str>>, bytes: impl Into<Arc<[u8]>>) -> Self {
        let bytes = bytes.into();
        Self {
            path: path.into(),
            size: bytes.len() as u64,
            stamp: blake3::hash(&bytes),
            data: Data::Memory(bytes),
        }
    }
}

impl File {
    /// Equal stamps mean equal bytes.
    pub fn stamp(&self) -> Hash {
        match self {
            File::Text(text) => text.hash,
            File::Asset(asset) => asset.stamp,
        }
    }

    /// The path that diagnostics show.
    pub fn shown_path(&self) -> &Arc<str> {
        match self {
            File::Text(text) => &text.source.path,
            File::Asset(asset) => &asset.path,
        }
    }
}

impl Snapshot {
    /// A snapshot of texts given by path, for tests and for what is built in.
    pub fn from_texts<'a>(texts: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let files = texts
            .into_iter()
            .map(|(path, text)| {
                let source = SourceFile::new(path, text);
                (Arc::from(path), File::Text(Text::new(source)))
            })
            .collect();
        Self {
            files,
            ..Self::default()
        }
    }

    /// The text file at a path; none for an asset.
    pub fn text(&self, path: &str) -> Option<&Text> {
        match self.files.get(path)? {
            File::Text(text) => Some(text),
            File::Asset(_) => None,
        }
    }

    /// The files under a folder (`content`), by path relative to that folder.
    pub fn under<'a>(
        &'a self,
        folder: &str,
    ) -> impl Iterator<Item = (&'a str, &'a File)> + use<'a> {
        let start = format!("{folder}/");
        let length = start.len();
        self.files
            .range::<str, _>((Bound::Included(start.as_str()), Bound::Unbounded))
            .take_while(move |(path, _)| path.starts_with(&start))
            .map(move |(path, file)| (&path[length..], file))
    }

    /// A hash of every path, stamp and date: snapshots with equal hashes give
    /// equal sites.
    pub fn hash(&self) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hash_part(&mut hasher, self.prefix.as_bytes());
        for (path, file) in &self.files {
            hash_part(&mut hasher, path.as_bytes());
            hasher.update(file.stamp().as_bytes());
        }
        for (path, day) in &self.changed {
            hash_part(&mut hasher, path.as_bytes());
            hash_part(&mut hasher, day.as_bytes());
        }
        hasher.finalize()
    }
}

/// Adds bytes with their length before them, so that parts can't run together.
pub(crate) fn hash_part(hasher: &mut blake3::Hasher, part: &[u8]) {
    hasher.update(&(part.len() as u64).to_le_bytes());
    hasher.update(part);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_holds_what_is_under_it_and_not_its_neighbours() {
        let snapshot = Snapshot::from_texts([
            ("content-old/a.md", ""),
            ("content.md", ""),
            ("content/a.md", ""),
            ("content/b/c.md", ""),
            ("content0", ""),
        ]);
        let names: Vec<&str> = snapshot.under("content").map(|(name, _)| name).collect();
        assert_eq!(names, ["a.md", "b/c.md"]);
    }

    #[test]
    fn the_hash_follows_text_path_and_date() {
        let first = Snapshot::from_texts([("content/a.md", "x")]);
        let text = Snapshot::from_texts([("content/a.md", "y")]);
        let path = Snapshot::from_texts([("content/b.md", "x")]);
        let mut date = first.clone();
        date.changed
            .insert("content/a.md".into(), "2024-12-23".into());
        let hashes = [first.hash(), text.hash(), path.hash(), date.hash()];
        for (i, a) in hashes.iter().enumerate() {
            assert!(hashes.iter().skip(i + 1).all(|b| a != b));
        }
    }
}
