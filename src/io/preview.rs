//! What the preview shows: the last tree that compiled, rendered on demand.
//!
//! In come trees and problems from the builder, and paths from the server; out
//! go contents. A page that can't be rendered is shown as it last was. Nothing
//! here opens a socket or writes a file.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, RwLock};

use serde::Serialize;
use tokio::sync::watch;

use super::git::Blobs;
use super::worktree::{Stamp, open_regular};
use crate::diag::{Checked, Severity};
use crate::output::{Entry, OutputTree, Recipe};
use crate::source::{Asset, Data};

/// The site as readers of the preview see it.
pub struct Preview {
    shown: RwLock<Shown>,
    rendered: Mutex<Rendered>,
    blobs: Blobs,
    status: watch::Sender<Arc<Status>>,
}

#[derive(Clone, Default)]
struct Shown {
    /// None until the site has compiled once.
    tree: Option<Arc<OutputTree>>,
    /// The last tree that rendered without an error.
    good: Option<Arc<OutputTree>>,
    /// The path of the site's address, such as `guide/`, or empty.
    base: Arc<str>,
}

/// What each open page is told.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Status {
    /// Counts the trees that were shown.
    pub generation: u64,
    /// Files other than pages that differ from the tree before.
    pub changed: Vec<Arc<str>>,
    /// Errors to show over the page.
    pub problems: Vec<Problem>,
}

/// An error as the overlay shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub title: String,
    /// With the excerpt, as in the terminal.
    pub text: String,
}

/// What is found at a path.
pub enum Found {
    /// A file of the tree, by the path that it has there.
    File {
        path: Arc<str>,
        content: Content,
    },
    /// The folder's address ends with a slash: the way there, encoded.
    Moved(String),
    Missing,
    /// There is no site yet.
    NotReady,
}

/// The content of a file.
pub enum Content {
    /// With a tag that changes with the bytes.
    Bytes {
        bytes: Arc<[u8]>,
        tag: String,
    },
    Disk {
        file: File,
        size: u64,
        tag: String,
    },
}

/// Rendered bytes of the last requests.
#[derive(Default)]
struct Rendered {
    files: HashMap<Arc<str>, Kept>,
    size: usize,
}

#[derive(Clone)]
struct Kept {
    inputs: blake3::Hash,
    bytes: Arc<[u8]>,
    tag: String,
}

/// How many rendered bytes are kept: some thousand pages.
const KEPT: usize = 64 << 20;

impl Default for Preview {
    fn default() -> Self {
        Self {
            shown: RwLock::default(),
            rendered: Mutex::default(),
            blobs: Blobs::default(),
            status: watch::Sender::new(Arc::default()),
        }
    }
}

impl Preview {
    /// Shows a tree from now on.
    pub fn show(&self, tree: Arc<OutputTree>, base: &str, changed: Vec<Arc<str>>) {
        let base = base.into();
        if let Ok(mut shown) = self.shown.write() {
            shown.tree = Some(tree);
            shown.base = base;
        }
        self.status.send_modify(|status| {
            *status = Arc::new(Status {
                generation: status.generation + 1,
                changed,
                problems: status.problems.clone(),
            });
        });
    }

    /// The tree that is shown has rendered without an error.
    pub fn is_good(&self) {
        if let Ok(mut shown) = self.shown.write() {
            shown.good = shown.tree.clone();
        }
    }

    /// Tells the open pages which errors there are.
    pub fn report(&self, problems: Vec<Problem>) {
        self.status.send_if_modified(|status| {
            if status.problems == problems {
                return false;
            }
            *status = Arc::new(Status {
                problems,
                ..Status::clone(status)
            });
            true
        });
    }

    /// Follows the status from now on.
    pub fn follow(&self) -> watch::Receiver<Arc<Status>> {
        self.status.subscribe()
    }

    /// What is at the path of a request: the part between host and query.
    pub fn find(&self, request: &str) -> Found {
        let shown = match self.shown.read() {
            Ok(shown) => shown.clone(),
            Err(_) => return Found::NotReady,
        };
        let Some(tree) = &shown.tree else {
            return Found::NotReady;
        };
        let Some(path) = decoded(request) else {
            return Found::Missing;
        };
        let inside = path.strip_prefix(shown.base.as_ref());
        let ways = [
            Some(path.as_str()),
            inside.filter(|_| !shown.base.is_empty()),
        ];
        for path in ways.into_iter().flatten() {
            let is_folder = path.is_empty() || path.ends_with('/');
            let index = format!("{path}index.html");
            let file = if is_folder { index.as_str() } else { path };
            if let Some(entry) = tree.get(file) {
                return self.file(&shown, file, entry);
            }
            if !is_folder && tree.get(&format!("{path}/index.html")).is_some() {
                return Found::Moved(format!("/{}/", encoded(path)));
            }
        }
        Found::Missing
    }

    /// The page for what is missing, if the site has one.
    pub fn missing_page(&self) -> Option<Content> {
        let shown = self.shown.read().ok()?.clone();
        let tree = shown.tree.as_ref()?;
        match self.file(&shown, "404.html", tree.get("404.html")?) {
            Found::File { content, .. } => Some(content),
            _ => None,
        }
    }

    fn file(&self, shown: &Shown, path: &str, entry: &Entry) -> Found {
        let good = || shown.good.as_ref()?.get(path);
        let content = self.content(path, entry);
        match content.or_else(|| self.content(path, good()?)) {
            Some(content) => Found::File {
                path: path.into(),
                content,
            },
            None => Found::Missing,
        }
    }

    /// None if it can't be rendered or read.
    fn content(&self, path: &str, entry: &Entry) -> Option<Content> {
        if let Recipe::Copy(asset) = &entry.recipe
            && let Data::Disk(real) = &asset.data
        {
            let (file, metadata) = open_regular(real).ok()?;
            return Some(Content::Disk {
                size: metadata.len(),
                tag: tag(&Stamp::of(&metadata).hash(real)),
                file,
            });
        }
        if let Some(kept) = self.kept(path, entry) {
            return Some(Content::Bytes {
                bytes: kept.bytes,
                tag: kept.tag,
            });
        }
        let bytes: Arc<[u8]> = match &entry.recipe {
            Recipe::Bytes(bytes) => Arc::clone(bytes),
            Recipe::Copy(asset) => self.asset(asset)?,
            Recipe::Render(render) => {
                let Checked { value, diagnostics } = render();
                if diagnostics.iter().any(|d| d.severity == Severity::Error) {
                    return None;
                }
                value.into()
            }
        };
        let kept = Kept {
            inputs: entry.inputs,
            tag: tag(&blake3::hash(&bytes)),
            bytes: Arc::clone(&bytes),
        };
        self.keep(path, kept.clone());
        Some(Content::Bytes {
            bytes,
            tag: kept.tag,
        })
    }

    fn asset(&self, asset: &Asset) -> Option<Arc<[u8]>> {
        match &asset.data {
            Data::Memory(bytes) => Some(Arc::clone(bytes)),
            Data::Blob { repository, id } => {
                let mut bytes = Vec::new();
                self.blobs.copy(repository, id, &mut bytes).ok()?;
                Some(bytes.into())
            }
            Data::Disk(_) => None,
        }
    }

    fn kept(&self, path: &str, entry: &Entry) -> Option<Kept> {
        let rendered = self.rendered.lock().ok()?;
        let kept = rendered.files.get(path)?;
        (kept.inputs == entry.inputs).then(|| kept.clone())
    }

    fn keep(&self, path: &str, kept: Kept) {
        let Ok(mut rendered) = self.rendered.lock() else {
            return;
        };
        if rendered.size + kept.bytes.len() > KEPT {
            *rendered = Rendered::default();
        }
        rendered.size += kept.bytes.len();
        if let Some(old) = rendered.files.insert(path.into(), kept) {
            rendered.size -= old.bytes.len();
        }
    }
}

fn tag(hash: &blake3::Hash) -> String {
    hash.to_hex()[..20].to_owned()
}

/// The path of a request without its first slash, with its escapes resolved;
/// none if it is not the spelling of any text.
fn decoded(request: &str) -> Option<String> {
    let request = request.strip_prefix('/')?;
    let mut bytes = Vec::with_capacity(request.len());
    let mut rest = request.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'%' {
            bytes.push(byte);
            continue;
        }
        let digit = |byte: Option<u8>| char::from(byte?).to_digit(16);
        let value = digit(rest.next())? * 16 + digit(rest.next())?;
        bytes.push(u8::try_from(value).ok()?);
    }
    String::from_utf8(bytes).ok()
}

fn encoded(path: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diag::{Code, Diagnostic};
    use crate::output::Origin;

    fn tree(files: &[(&str, &str)]) -> Arc<OutputTree> {
        let mut tree = OutputTree::new();
        for (path, text) in files {
            let entry = Entry::bytes(text.as_bytes(), Origin::named(*path));
            tree.insert(path, entry).expect("no collision");
        }
        Arc::new(tree)
    }

    fn check(preview: &Preview, request: &str, expected: &str) {
        let found = match preview.find(request) {
            Found::File {
                content: Content::Bytes { bytes, .. },
                ..
            } => String::from_utf8_lossy(&bytes).into_owned(),
            Found::File { .. } => "a file of the disk".to_owned(),
            Found::Moved(way) => format!("-> {way}"),
            Found::Missing => "missing".to_owned(),
            Found::NotReady => "not ready".to_owned(),
        };
        assert_eq!(found, expected, "{request}");
    }

    #[test]
    fn addresses_lead_to_files_of_the_tree_and_nowhere_else() {
        let preview = Preview::default();
        check(&preview, "/", "not ready");
        let pages = [
            ("index.html", "home"),
            ("a/index.html", "a"),
            ("ö x.txt", "odd"),
        ];
        preview.show(tree(&pages), "guide/", Vec::new());
        check(&preview, "/", "home");
        check(&preview, "/index.html", "home");
        check(&preview, "/a/", "a");
        check(&preview, "/a", "-> /a/");
        check(&preview, "/%61/", "a");
        check(&preview, "/%C3%B6%20x.txt", "odd");
        check(&preview, "/guide/", "home");
        check(&preview, "/guide/a/", "a");
        for bad in [
            "",
            "a",
            "//",
            "//a/",
            "/../a/",
            "/a/../index.html",
            "/%2e%2e/a/",
            "/a%00",
            "/%",
            "/%f",
            "/%zz",
            "/%ff",
            "/a\\",
            "/..%2f..%2fetc/passwd",
            "/./",
            "/b",
        ] {
            check(&preview, bad, "missing");
        }
    }

    #[test]
    fn a_page_that_breaks_is_shown_as_it_last_was() {
        let preview = Preview::default();
        preview.show(tree(&[("index.html", "good")]), "", Vec::new());
        preview.is_good();
        let mut broken = OutputTree::new();
        let entry = Entry::render(blake3::hash(b"2"), Origin::named("x"), || {
            let d = Diagnostic::new(Severity::Error, Code::Template, None, "it broke");
            Checked::new(Vec::new(), vec![d])
        });
        broken.insert("index.html", entry).expect("no collision");
        preview.show(Arc::new(broken), "", Vec::new());
        check(&preview, "/", "good");
        preview.show(tree(&[("index.html", "mended")]), "", Vec::new());
        check(&preview, "/", "mended");
    }

    #[test]
    fn followers_hear_of_trees_and_of_problems_once() {
        let preview = Preview::default();
        let mut follower = preview.follow();
        let problem = Problem {
            title: "x".to_owned(),
            text: "y".to_owned(),
        };
        preview.report(vec![problem.clone()]);
        assert!(follower.has_changed().expect("open"));
        assert_eq!(follower.borrow_and_update().problems.len(), 1);
        preview.report(vec![problem]);
        assert!(!follower.has_changed().expect("open"));
        preview.show(tree(&[]), "", vec!["a.css".into()]);
        let status = Arc::clone(&follower.borrow_and_update());
        assert_eq!((status.generation, status.problems.len()), (1, 1));
    }
}
