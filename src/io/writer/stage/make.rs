//! Makes single files and folders of the stage. None of these functions
//! writes to a file that exists.

use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write};
use std::path::Path;

use super::super::manifest::{ContentHash, content_hash};
use super::super::state::{Trace, Written};
use super::vanished;
use crate::diag::{Checked, Code, Diagnostic, Severity};
use crate::io::git::Blobs;
use crate::io::{Failure, Result, reason, worktree};
use crate::output::{Entry, Recipe};
use crate::source::{Asset, Data};

/// What became of a recipe.
pub enum Made {
    File {
        content: ContentHash,
        trace: Trace,
    },
    /// The content is that of the published file.
    Same(Written),
    /// An error kept it from being made.
    Nothing,
}

/// Makes the file of an entry. If its content is that of `untouched`, no file
/// is made.
pub fn entry(
    entry: &Entry,
    path: &Path,
    blobs: &Blobs,
    untouched: Option<&Written>,
) -> Result<Checked<Made>> {
    match &entry.recipe {
        Recipe::Bytes(content) => made_bytes(content, path, untouched).map(Checked::clean),
        Recipe::Render(render) => {
            let Checked { value, diagnostics } = render();
            if diagnostics.iter().any(|d| d.severity == Severity::Error) {
                return Ok(Checked::new(Made::Nothing, diagnostics));
            }
            Ok(Checked::new(
                made_bytes(&value, path, untouched)?,
                diagnostics,
            ))
        }
        Recipe::Copy(asset) => copied(asset, path, blobs),
    }
}

fn made_bytes(content: &[u8], path: &Path, untouched: Option<&Written>) -> Result<Made> {
    let hash = content_hash(&blake3::hash(content));
    if let Some(written) = untouched.filter(|written| written.content == hash) {
        return Ok(Made::Same(*written));
    }
    let trace = bytes(path, content)?;
    Ok(Made::File {
        content: hash,
        trace,
    })
}

/// Writes a new file in the place of whatever is there.
pub fn bytes(path: &Path, content: &[u8]) -> Result<Trace> {
    let mut file = create(path)?;
    file.write_all(content)
        .and_then(|()| file.metadata())
        .map(|metadata| Trace::of(&metadata))
        .map_err(|e| Failure::at("write", path, &e))
}

fn copied(asset: &Asset, path: &Path, blobs: &Blobs) -> Result<Checked<Made>> {
    let write = |e: std::io::Error| Failure::at("write", path, &e);
    let mut sink = Hashing {
        file: create(path)?,
        hasher: blake3::Hasher::new(),
        failed: None,
    };
    let read = match &asset.data {
        Data::Memory(content) => sink.write_all(content),
        Data::Disk(source) => worktree::open_regular(source).and_then(|(source, _)| {
            // A file that grows while it is read must not be read forever.
            let mut source = source.take(asset.size.saturating_add(GROWTH));
            let mut buffer = vec![0; BUFFER];
            loop {
                match source.read(&mut buffer)? {
                    0 => return Ok(()),
                    count => sink.write_all(&buffer[..count])?,
                }
            }
        }),
        Data::Blob { repository, id } => blobs.copy(repository, id, &mut sink),
    };
    if let Some(error) = sink.failed {
        return Err(write(error));
    }
    if let Err(error) = read {
        let message = format!("`{}` can't be read: {}", asset.path, reason(&error));
        let diagnostic = Diagnostic::error(
            Code::Unpublishable,
            worktree::whole_file(&asset.path),
            message,
        );
        return Ok(Checked::new(Made::Nothing, vec![diagnostic]));
    }
    let metadata = sink.file.metadata().map_err(write)?;
    Ok(Checked::clean(Made::File {
        content: content_hash(&sink.hasher.finalize()),
        trace: Trace::of(&metadata),
    }))
}

/// In bytes; a multiple of a disk's page.
const BUFFER: usize = 1 << 17;
/// How much more than listed is read of a file, in bytes.
const GROWTH: u64 = 1 << 20;

/// Writes to a file and remembers which side of a copy failed.
struct Hashing {
    file: File,
    hasher: blake3::Hasher,
    failed: Option<std::io::Error>,
}

impl Write for Hashing {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        match self.file.write(bytes) {
            Ok(count) => {
                self.hasher.update(&bytes[..count]);
                Ok(count)
            }
            Err(error) => {
                let kind = error.kind();
                self.failed = Some(error);
                Err(kind.into())
            }
        }
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

/// Opens a new file in the place of whatever is there.
fn create(path: &Path) -> Result<File> {
    let new = || OpenOptions::new().write(true).create_new(true).open(path);
    let created = match new() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            folder(path.parent().unwrap_or(path))?;
            new()
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            remove(path)?;
            new()
        }
        created => created,
    };
    created.map_err(|e| Failure::at("write", path, &e))
}

/// Makes a folder and those above it.
pub fn folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(|e| Failure::at("create", path, &e))
}

/// Removes a file or a folder with all that is in it.
pub fn remove(path: &Path) -> Result<()> {
    let removed = match path.symlink_metadata() {
        Ok(metadata) if metadata.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(Failure::at("remove", path, &error))
        }
        _ => Ok(()),
    }
}

/// Makes `staged` a link to the published file with the given inode, and tells
/// whether it wasn't that already.
pub fn link(published: &Path, staged: &Path, inode: u64) -> Result<bool> {
    if inode != 0
        && staged
            .symlink_metadata()
            .is_ok_and(|m| Trace::of(&m).inode == inode)
    {
        return Ok(false);
    }
    link_or_copy(published, staged).map(|()| true)
}

/// Makes `staged` the same file as `published`, or an equal one where the disk
/// knows no hard links.
pub fn link_or_copy(published: &Path, staged: &Path) -> Result<()> {
    let linked = match fs::hard_link(published, staged) {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            if published.symlink_metadata().is_err() {
                return Err(vanished(published));
            }
            folder(staged.parent().unwrap_or(staged))?;
            fs::hard_link(published, staged)
        }
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            remove(staged)?;
            fs::hard_link(published, staged)
        }
        linked => linked,
    };
    if linked.is_ok() {
        return Ok(());
    }
    let copied = fs::copy(published, staged).map(|_| ());
    copied.map_err(|e| Failure::at("copy", published, &e))
}
