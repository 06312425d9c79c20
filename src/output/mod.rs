//! The output: every file of the published site as a path, a recipe and a hash
//! of what its bytes depend on.
//!
//! In come pages and assets from the stages; out goes an [`OutputTree`] that a
//! writer, a preview server or a bundler renders from. Nothing here renders on
//! its own or touches a disk.

mod media;
mod path;

use std::sync::Arc;

use blake3::Hash;
use rustc_hash::FxHashMap;

use crate::diag::{Checked, Code, Diagnostic, Severity, Span};
use crate::source::Asset;

pub use media::content_type;
pub use path::{MARKER, OutputPath};

/// A whole site as a value.
#[derive(Clone, Debug, Default)]
pub struct OutputTree {
    entries: FxHashMap<OutputPath, Entry>,
    /// Each folder, under the name that a file system without case and with
    /// another normal form would see, and each file that has another name there.
    taken: FxHashMap<Box<str>, Taken>,
}

/// How one file comes about.
#[derive(Clone, Debug)]
pub struct Entry {
    pub recipe: Recipe,
    /// Of everything that the bytes depend on: equal inputs give equal bytes.
    pub inputs: Hash,
    pub origin: Origin,
    /// Whether it is made of results of other files, which are there by the
    /// time that those are made: then it is best made after them.
    pub is_late: bool,
}

/// Which source an output file comes from, for messages.
#[derive(Clone, Debug)]
pub struct Origin {
    /// As in "`content/a.md`" or "the alias `/b/` of `content/a.md`".
    pub name: String,
    pub span: Option<Span>,
}

/// How bytes come about. Rendering is pure: equal each time, from any thread.
#[derive(Clone)]
pub enum Recipe {
    Bytes(Arc<[u8]>),
    /// The bytes of a source file.
    Copy(Asset),
    Render(Arc<dyn Fn() -> Checked<Vec<u8>> + Send + Sync>),
}

/// A file, or a folder above it.
#[derive(Clone, Debug)]
struct Taken {
    /// The first file that is it or in it.
    file: OutputPath,
    /// How much of the file's path it is.
    length: usize,
}

impl Taken {
    fn path(&self) -> &str {
        &self.file.as_str()[..self.length]
    }

    fn is_folder(&self) -> bool {
        self.length < self.file.as_str().len()
    }
}

impl std::fmt::Debug for Recipe {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Recipe::Bytes(bytes) => write!(f, "Bytes({})", bytes.len()),
            Recipe::Copy(asset) => write!(f, "Copy({asset:?})"),
            Recipe::Render(_) => f.write_str("Render"),
        }
    }
}

impl Origin {
    /// The source with this name, without a place in it.
    pub fn named(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            span: None,
        }
    }

    /// A place in a source.
    pub fn at(name: impl Into<String>, span: Span) -> Self {
        Self {
            name: name.into(),
            span: Some(span),
        }
    }
}

impl Entry {
    /// Bytes that are known already.
    pub fn bytes(bytes: impl Into<Arc<[u8]>>, origin: Origin) -> Self {
        let bytes = bytes.into();
        Self {
            inputs: blake3::hash(&bytes),
            recipe: Recipe::Bytes(bytes),
            origin,
            is_late: false,
        }
    }

    /// A source file as it is.
    pub fn copy(asset: Asset) -> Self {
        Self {
            inputs: asset.stamp,
            origin: Origin::named(format!("`{}`", asset.path)),
            recipe: Recipe::Copy(asset),
            is_late: false,
        }
    }

    /// Bytes that are made when they are asked for. `inputs` covers everything
    /// that `render` looks at.
    pub fn render(
        inputs: Hash,
        origin: Origin,
        render: impl Fn() -> Checked<Vec<u8>> + Send + Sync + 'static,
    ) -> Self {
        Self {
            recipe: Recipe::Render(Arc::new(render)),
            inputs,
            origin,
            is_late: false,
        }
    }

    /// The same, made after the others.
    pub fn late(self) -> Self {
        Self {
            is_late: true,
            ..self
        }
    }
}

impl OutputTree {
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file. A path that is taken already (also by a name that differs
    /// in case or in Unicode's normal form, or by a folder) keeps its first
    /// entry, and the error names both sources.
    pub fn insert(&mut self, path: &str, entry: Entry) -> Result<(), Box<Diagnostic>> {
        let path = match OutputPath::new(path) {
            Ok(path) => path,
            Err(reason) => return Err(Box::new(unpublishable(path, &entry.origin, &reason))),
        };
        if let Some(clash) = self.clash(&path) {
            return Err(Box::new(self.collision(&path, &entry.origin, &clash)));
        }
        self.take(&path);
        self.entries.insert(path, entry);
        Ok(())
    }

    pub fn get(&self, path: &str) -> Option<&Entry> {
        self.entries.get(path)
    }

    /// The files in the order of their paths.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&OutputPath, &Entry)> {
        let mut entries: Vec<_> = self.entries.iter().collect();
        entries.sort_unstable_by_key(|(path, _)| *path);
        entries.into_iter()
    }

    pub fn len(&self) -> usize {
        self.entries.len()
    }

    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn clash(&self, path: &OutputPath) -> Option<Taken> {
        if let Some(taken) = self.taken(path.as_str()) {
            return Some(taken);
        }
        // Where the innermost folder is one, all are; so it mostly is.
        let is_folder = |folder| {
            let taken = self.taken.get(path::fold(folder).as_ref());
            taken.is_some_and(Taken::is_folder)
        };
        let innermost = path.as_str().rsplit_once('/');
        if innermost.is_none_or(|(folder, _)| is_folder(folder)) {
            return None;
        }
        let mut taken = path.folders().filter_map(|folder| self.taken(folder));
        taken.find(|taken| !taken.is_folder())
    }

    /// What has a path already, maybe by another name.
    fn taken(&self, path: &str) -> Option<Taken> {
        let folded = path::fold(path);
        if let Some((file, _)) = self.entries.get_key_value(folded.as_ref()) {
            return Some(Taken {
                file: file.clone(),
                length: folded.len(),
            });
        }
        self.taken.get(folded.as_ref()).cloned()
    }

    fn take(&mut self, file: &OutputPath) {
        let path = file.as_str();
        let lengths = path.rmatch_indices('/').map(|(at, _)| at);
        for length in [path.len()].into_iter().chain(lengths) {
            let folded = path::fold(&path[..length]);
            if length == path.len() && folded == path {
                continue;
            }
            if self.taken.contains_key(folded.as_ref()) {
                // The folders above are known as well.
                return;
            }
            let file = file.clone();
            self.taken.insert(folded.into(), Taken { file, length });
        }
    }

    fn collision(&self, path: &OutputPath, origin: &Origin, taken: &Taken) -> Diagnostic {
        let first = &self.entries[taken.file.as_str()].origin;
        let how = match (taken.path() == path.as_str(), taken.is_folder()) {
            (true, true) => " (as a folder)".to_owned(),
            (true, false) => String::new(),
            (false, true) => format!(" (to the folder `{}`)", taken.path()),
            (false, false) => format!(" (to `{}`)", taken.path()),
        };
        let message = format!(
            "{} would be written to `{path}`, where {} is written already{how}",
            origin.name, first.name
        );
        let mut diagnostic = Diagnostic::new(
            Severity::Error,
            Code::PathCollision,
            origin.span.clone(),
            message,
        );
        if let Some(span) = &first.span {
            diagnostic = diagnostic.also(span.clone(), "this one came first");
        }
        let is_above = path.as_str().starts_with(taken.path());
        if taken.path() != path.as_str() && !taken.is_folder() && !is_above {
            diagnostic = diagnostic
                .help("names must differ by more than case, accents' encoding, or dots and spaces at their end: not all disks and hosts tell those apart");
        }
        diagnostic
    }
}

fn unpublishable(path: &str, origin: &Origin, reason: &str) -> Diagnostic {
    let message = format!(
        "{} can't be written to `{}`: {reason}",
        origin.name,
        path.escape_debug()
    );
    Diagnostic::new(
        Severity::Error,
        Code::Unpublishable,
        origin.span.clone(),
        message,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(paths: &[&str], expected: Option<&str>) {
        let mut tree = OutputTree::new();
        let mut found = None;
        for (i, path) in paths.iter().enumerate() {
            let entry = Entry::bytes(*b"x", Origin::named(format!("`{i}.md`")));
            if let Err(diagnostic) = tree.insert(path, entry) {
                found = Some(diagnostic.message);
            }
        }
        assert_eq!(found.as_deref(), expected);
    }

    #[test]
    fn two_sources_never_share_a_path() {
        check(&["a/index.html", "b/index.html", "A/c"], None);
        check(
            &["a/index.html", "a/index.html"],
            Some("`1.md` would be written to `a/index.html`, where `0.md` is written already"),
        );
        check(
            &["A.txt", "a.txt"],
            Some(
                "`1.md` would be written to `a.txt`, where `0.md` is written already (to `A.txt`)",
            ),
        );
        check(
            &["a/x", "a./x"],
            Some("`1.md` would be written to `a./x`, where `0.md` is written already (to `a/x`)"),
        );
        check(
            &["caf\u{e9}", "cafe\u{301}"],
            Some(
                "`1.md` would be written to `cafe\u{301}`, where `0.md` is written already (to `caf\u{e9}`)",
            ),
        );
        check(
            &["a", "a/b"],
            Some("`1.md` would be written to `a/b`, where `0.md` is written already (to `a`)"),
        );
        check(
            &["a/b", "a"],
            Some("`1.md` would be written to `a`, where `0.md` is written already (as a folder)"),
        );
        check(
            &["../a"],
            Some("`0.md` can't be written to `../a`: it leads out of the site"),
        );
    }

    /// Whether two paths can't both be files, told part by part.
    fn collide(a: &str, b: &str) -> bool {
        let parts = |path: &str| -> Vec<String> {
            let names = path
                .split('/')
                .map(|name| name.trim_end_matches(['.', ' ']));
            let plain = |name: &str| name.to_lowercase().replace('\u{e9}', "e\u{301}");
            names.map(plain).collect()
        };
        let (a, b) = (parts(a), parts(b));
        a.starts_with(&b) || b.starts_with(&a)
    }

    #[test]
    fn collisions_are_found_in_whatever_order() {
        let names = ["a", "A", "a.", "b", "\u{e9}", "E\u{301} "];
        let below = ["", "/a", "/A ", "/a/B", "/a./b", "/\u{c9}/c", "/e\u{301}"];
        let paths: Vec<String> = (names.iter())
            .flat_map(|name| below.iter().map(move |below| format!("{name}{below}")))
            .collect();
        let entry = || Entry::bytes(*b"x", Origin::named("x"));
        for first in &paths {
            for second in &paths {
                let mut start = OutputTree::new();
                assert!(start.insert(first, entry()).is_ok());
                let is_taken = start.insert(second, entry()).is_err();
                assert_eq!(is_taken, collide(first, second), "{first:?} {second:?}");
                for third in &paths {
                    let is_taken = start.clone().insert(third, entry()).is_err();
                    let expected = start.iter().any(|(path, _)| collide(path.as_str(), third));
                    assert_eq!(is_taken, expected, "{first:?} {second:?} {third:?}");
                }
            }
        }
    }

    #[test]
    fn files_come_in_the_order_of_their_paths() {
        let mut tree = OutputTree::new();
        for path in ["b", "1.0/index.html", "index.html", "a/x"] {
            let entry = Entry::bytes(*b"x", Origin::named("`a.md`"));
            assert!(tree.insert(path, entry).is_ok());
        }
        let paths: Vec<&str> = tree.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!(paths, ["1.0/index.html", "a/x", "b", "index.html"]);
    }
}
