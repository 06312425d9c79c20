//! Which regular files a site root has.
//!
//! In comes the root's real path; out go paths relative to it with the real
//! path of each. A link counts as what it leads to, if that lies under the root
//! and is not hidden; folders reached by a link are not searched for further
//! links to folders, so that the search ends.

use std::fs::FileType;
use std::path::{Path, PathBuf};

use walkdir::WalkDir;

use super::ignore::{ROOTS, is_ignored};
use super::whole_file;
use crate::diag::{Code, Diagnostic};
use crate::io::{Failure, Result, reason};

/// A regular file.
pub struct Found {
    /// Relative to the root, with `/`.
    pub path: String,
    pub real: PathBuf,
}

/// Every file, and what could not be taken in.
#[derive(Default)]
pub struct Listing {
    pub found: Vec<Found>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists the files of the site at `root`, a real path.
pub fn list(root: &Path, prefix: &str) -> Result<Listing> {
    std::fs::read_dir(root).map_err(|e| Failure::at("read", root, &e))?;
    let mut search = Search {
        root,
        prefix,
        listing: Listing::default(),
    };
    for name in ROOTS {
        search.root_entry(name);
    }
    Ok(search.listing)
}

struct Search<'a> {
    root: &'a Path,
    prefix: &'a str,
    listing: Listing,
}

/// A folder that is searched: where it is, and under which path its files
/// appear.
struct Place {
    real: PathBuf,
    path: String,
    /// Whether a link led here.
    linked: bool,
}

impl Search<'_> {
    fn root_entry(&mut self, name: &str) {
        let real = self.root.join(name);
        match real.symlink_metadata() {
            Ok(metadata) => {
                let place = Place {
                    real,
                    path: name.to_owned(),
                    linked: false,
                };
                if metadata.is_dir() {
                    self.folder(&place);
                } else {
                    self.entry(place, metadata.file_type());
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => self.unreadable(name, &reason(&error)),
        }
    }

    /// Takes in whatever is not a folder.
    fn entry(&mut self, place: Place, kind: FileType) {
        if kind.is_symlink() {
            self.link(place);
        } else if kind.is_file() {
            self.listing.found.push(Found {
                path: place.path,
                real: place.real,
            });
        } else if !kind.is_dir() {
            let what = special(kind);
            self.left_out(&place.path, &format!("is {what} and not a file"));
        }
    }

    fn folder(&mut self, top: &Place) {
        let in_static = top.path == "static" || top.path.starts_with("static/");
        let walk = WalkDir::new(&top.real).min_depth(1).follow_links(false);
        let walk = walk.into_iter().filter_entry(|entry| {
            let name = entry.file_name().to_str();
            name.is_none_or(|name| !is_ignored(name, in_static))
        });
        let mut walk = walk;
        while let Some(entry) = walk.next() {
            let entry = match entry {
                Ok(entry) => entry,
                Err(error) => {
                    self.walk_error(top, &error);
                    continue;
                }
            };
            let below = entry.path().strip_prefix(&top.real).unwrap_or(entry.path());
            let Some(below) = below.to_str() else {
                if entry.file_type().is_dir() {
                    walk.skip_current_dir();
                }
                let path = format!("{}/{}", top.path, below.to_string_lossy());
                self.left_out(&path, "has a name that is not UTF-8");
                continue;
            };
            let place = Place {
                path: format!("{}/{}", top.path, with_slashes(below)),
                real: entry.path().to_owned(),
                linked: top.linked,
            };
            self.entry(place, entry.file_type());
        }
    }

    fn link(&mut self, link: Place) {
        let real = match link.real.canonicalize() {
            Ok(real) => real,
            Err(error) => {
                let why = format!("is a link that leads nowhere: {}", reason(&error));
                return self.left_out(&link.path, &why);
            }
        };
        let Ok(below) = real.strip_prefix(self.root) else {
            return self.left_out(&link.path, "is a link that leads out of the site");
        };
        let hidden = below
            .components()
            .any(|part| part.as_os_str().as_encoded_bytes().starts_with(b"."));
        if hidden {
            return self.left_out(&link.path, "is a link to a hidden file");
        }
        let Ok(metadata) = real.symlink_metadata() else {
            return;
        };
        if !metadata.is_dir() {
            let place = Place { real, ..link };
            return self.entry(place, metadata.file_type());
        }
        if link.linked {
            return self.left_out(&link.path, "is a link to a folder, inside a linked folder");
        }
        if link.real.starts_with(&real) {
            return self.left_out(&link.path, "is a link to a folder that holds it");
        }
        self.folder(&Place {
            real,
            path: link.path,
            linked: true,
        });
    }

    fn walk_error(&mut self, top: &Place, error: &walkdir::Error) {
        let gone = error
            .io_error()
            .is_some_and(|e| e.kind() == std::io::ErrorKind::NotFound);
        if gone {
            return;
        }
        let path = error
            .path()
            .and_then(|path| path.strip_prefix(&top.real).ok());
        let path = path.map_or_else(String::new, |path| path.to_string_lossy().into_owned());
        let why = error.io_error().map_or_else(|| error.to_string(), reason);
        self.unreadable(&format!("{}/{path}", top.path), &why);
    }

    fn unreadable(&mut self, path: &str, why: &str) {
        let shown = format!("{}{path}", self.prefix);
        let message = format!("`{shown}` can't be read: {why}");
        let diagnostic = Diagnostic::error(Code::Unpublishable, whole_file(&shown), message);
        self.listing.diagnostics.push(diagnostic);
    }

    fn left_out(&mut self, path: &str, why: &str) {
        let shown = format!("{}{path}", self.prefix);
        let message = format!("`{}` {why}", shown.escape_debug());
        let diagnostic = Diagnostic::warning(Code::Unpublishable, whole_file(&shown), message)
            .help("it is left out of the site");
        self.listing.diagnostics.push(diagnostic);
    }
}

fn with_slashes(path: &str) -> String {
    if std::path::MAIN_SEPARATOR == '/' {
        path.to_owned()
    } else {
        path.replace(std::path::MAIN_SEPARATOR, "/")
    }
}

#[cfg(unix)]
fn special(kind: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt as _;
    if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn special(_: FileType) -> &'static str {
    "something special"
}
