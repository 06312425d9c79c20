//! Reads a site root from a folder.
//!
//! In comes the folder; out goes a [`Snapshot`], with a diagnostic for each
//! file that can't be taken in. Links are followed only to what lies under the
//! same folder, pipes and devices are never opened, and nothing is written.

mod ignore;
mod listing;
mod stamp;

use std::collections::BTreeMap;
use std::fs::{File as DiskFile, Metadata, OpenOptions};
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rayon::prelude::*;

use super::{Failure, Result, reason};
use crate::diag::{Checked, Code, Diagnostic, SourceFile, Span};
use crate::source::{Asset, Data, File, Snapshot, Text, decode};
use listing::{Found, Listing};
pub use stamp::Stamp;

/// The largest text, in bytes: a book of a thousand pages. What is larger is not
/// a page but a mistake, and one of brackets alone would take a gigabyte.
pub const LARGEST_TEXT: u64 = 3 << 20;
/// The largest theme file that is held in memory.
const LARGEST_HELD: u64 = 4 << 20;

/// Reads one folder again and again, and only opens what has changed.
#[derive(Debug)]
pub struct Reader {
    root: PathBuf,
    prefix: Arc<str>,
    known: BTreeMap<Arc<str>, Known>,
}

#[derive(Clone, Debug)]
struct Known {
    stamp: Stamp,
    /// When the file was opened: an edit right after that may leave the stamp
    /// as it was.
    opened: SystemTime,
    /// None for a file that can't be taken in at all.
    file: Option<File>,
    diagnostics: Vec<Diagnostic>,
}

impl Reader {
    /// A reader of the site at `root`, whose paths are shown after `prefix`.
    pub fn new(root: &Path, prefix: &str) -> Result<Self> {
        let real = root
            .canonicalize()
            .map_err(|e| Failure::at("open", root, &e))?;
        Ok(Self {
            root: real,
            prefix: prefix.into(),
            known: BTreeMap::new(),
        })
    }

    /// Reads what has changed since the last time, and returns the whole.
    pub fn read(&mut self) -> Result<Checked<Snapshot>> {
        let Listing {
            found,
            mut diagnostics,
        } = listing::list(&self.root, &self.prefix)?;
        let known = std::mem::take(&mut self.known);
        let read: Vec<(Arc<str>, Known)> = found
            .into_par_iter()
            .map_init(Vec::new, |buffer, found| {
                let old = known.get(found.path.as_str());
                let new = read_known(&self.prefix, &found, old, buffer)?;
                let path = match known.get_key_value(found.path.as_str()) {
                    Some((path, _)) => Arc::clone(path),
                    None => found.path.as_str().into(),
                };
                Some((path, new))
            })
            .flatten()
            .collect();
        self.known = read.into_iter().collect();
        let mut files = BTreeMap::new();
        for (path, known) in &self.known {
            diagnostics.extend(known.diagnostics.iter().cloned());
            if let Some(file) = &known.file {
                files.insert(Arc::clone(path), file.clone());
            }
        }
        let snapshot = Snapshot {
            files,
            changed: BTreeMap::new(),
            prefix: Arc::clone(&self.prefix),
        };
        Ok(Checked::new(snapshot, diagnostics))
    }
}

/// Reads a folder once.
pub fn snapshot(root: &Path, prefix: &str) -> Result<Checked<Snapshot>> {
    Reader::new(root, prefix)?.read()
}

/// None if the file is gone by now. The buffer is for any use.
fn read_known(
    prefix: &str,
    found: &Found,
    old: Option<&Known>,
    buffer: &mut Vec<u8>,
) -> Option<Known> {
    let shown = format!("{prefix}{}", found.path);
    match open(found, old) {
        Ok(Opened::Unchanged(known)) => Some(known),
        Ok(Opened::File {
            file,
            metadata,
            opened,
        }) => {
            let read = if held(&found.path, metadata.len()) {
                read_text_or_bytes(file, &found.path, &shown, metadata.len(), buffer)
            } else {
                Ok(Checked::clean(Some(on_disk(found, &shown, &metadata))))
            };
            let read = read.unwrap_or_else(|error| unreadable(&shown, &reason(&error)));
            Some(Known {
                stamp: Stamp::of(&metadata),
                opened,
                file: read.value,
                diagnostics: read.diagnostics,
            })
        }
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
        Err(error) => {
            let Checked { value, diagnostics } = unreadable(&shown, &reason(&error));
            Some(Known {
                stamp: Stamp::default(),
                opened: SystemTime::UNIX_EPOCH,
                file: value,
                diagnostics,
            })
        }
    }
}

enum Opened {
    Unchanged(Known),
    File {
        file: DiskFile,
        metadata: Metadata,
        opened: SystemTime,
    },
}

fn open(found: &Found, old: Option<&Known>) -> std::io::Result<Opened> {
    if let Some(old) = old {
        let metadata = found.real.symlink_metadata()?;
        if Stamp::of(&metadata) == old.stamp && old.stamp.is_settled_at(old.opened) {
            return Ok(Opened::Unchanged(old.clone()));
        }
    }
    let opened = SystemTime::now();
    let (file, metadata) = open_regular(&found.real)?;
    Ok(Opened::File {
        file,
        metadata,
        opened,
    })
}

/// Opens a regular file by its real path: never a link or a pipe that has
/// taken its place in the meantime.
pub(super) fn open_regular(path: &Path) -> std::io::Result<(DiskFile, Metadata)> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NOFOLLOW | OFlags::NONBLOCK;
        options.custom_flags(flags.bits().cast_signed());
    }
    let file = options.open(path)?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(std::io::Error::other("not a regular file"));
    }
    Ok((file, metadata))
}

/// Whether no part of a path is a name that is left out.
pub(super) fn is_published(path: &str) -> bool {
    let in_static = path.starts_with("static/");
    !path
        .split('/')
        .any(|name| ignore::is_ignored(name, in_static))
}

/// Whether a file is held in memory: what a stage reads.
fn held(path: &str, size: u64) -> bool {
    is_text(path) || (path.starts_with("themes/") && size <= LARGEST_HELD)
}

/// Configuration, Markdown, and the readable files of a theme.
pub(super) fn is_text(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    if path.starts_with("themes/") {
        let kinds = [
            "css",
            "html",
            "js",
            "json",
            "md",
            "svg",
            "toml",
            "txt",
            "webmanifest",
            "xml",
        ];
        return kinds.contains(&extension);
    }
    path == "rigbook.toml" || (path.starts_with("content/") && extension == "md")
}

fn read_text_or_bytes(
    mut file: DiskFile,
    path: &str,
    shown: &str,
    size: u64,
    buffer: &mut Vec<u8>,
) -> std::io::Result<Checked<Option<File>>> {
    if size > LARGEST_TEXT {
        return Ok(Checked::new(None, vec![too_large(shown, size)]));
    }
    // One byte of room beyond the end tells a file that has grown.
    let room = usize::try_from(size).unwrap_or(0) + 1;
    buffer.resize(room.max(buffer.len()), 0);
    let mut length = match file.read(&mut buffer[..room]) {
        Err(error) if error.kind() == std::io::ErrorKind::Interrupted => 0,
        read => read?,
    };
    let rest;
    let mut bytes = &buffer[..length];
    if length as u64 != size {
        let mut all = bytes.to_vec();
        file.take(LARGEST_TEXT + 1 - length as u64)
            .read_to_end(&mut all)?;
        length = all.len();
        rest = all;
        bytes = &rest;
    }
    if length as u64 > LARGEST_TEXT {
        return Ok(Checked::new(None, vec![too_large(shown, length as u64)]));
    }
    Ok(held_file(path, shown, bytes))
}

/// A file that is held in memory, decoded if it is a text.
pub(super) fn held_file(path: &str, shown: &str, bytes: &[u8]) -> Checked<Option<File>> {
    if is_text(path) {
        decode(shown, bytes).map(|source| Some(File::Text(Text::new(source))))
    } else {
        Checked::clean(Some(File::Asset(Asset::in_memory(shown, bytes))))
    }
}

fn on_disk(found: &Found, shown: &str, metadata: &Metadata) -> File {
    File::Asset(Asset {
        path: shown.into(),
        size: metadata.len(),
        stamp: Stamp::of(metadata).hash(&found.real),
        data: Data::Disk(found.real.as_path().into()),
    })
}

/// The error for a text beyond [`LARGEST_TEXT`].
pub(super) fn too_large(shown: &str, size: u64) -> Diagnostic {
    let message = format!(
        "`{shown}` has {:.1} MiB, and a text may have {} MiB",
        size as f64 / f64::from(1 << 20),
        LARGEST_TEXT >> 20
    );
    Diagnostic::error(Code::Limit, whole_file(shown), message).help("split it into several pages")
}

fn unreadable(shown: &str, reason: &str) -> Checked<Option<File>> {
    let message = format!("`{shown}` can't be read: {reason}");
    let diagnostic = Diagnostic::error(Code::Unpublishable, whole_file(shown), message);
    Checked::new(None, vec![diagnostic])
}

/// A span that names a file whose text is not known.
pub(super) fn whole_file(shown: &str) -> Span {
    Span::new(&SourceFile::new(shown, ""), 0..0)
}
