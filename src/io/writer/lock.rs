//! One build at a time for each output.
//!
//! The lock is a file beside the stage. The system lets go of it when a build
//! ends in whatever way.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::Progress;
use crate::io::{Failure, Result};

/// Held until dropped.
pub struct Lock {
    file: File,
    path: PathBuf,
}

impl Lock {
    /// Whether the lock still is where it was taken. Where it is not, somebody
    /// has removed its folder, and with that what is staged there.
    pub fn is_in_place(&self) -> bool {
        is_at(&self.file, &self.path)
    }
}

/// How long a build waits for others.
const PATIENCE: Duration = Duration::from_secs(120);
/// How often it looks.
const INTERVAL: Duration = Duration::from_millis(10);
/// After how long it says that it waits.
const SILENCE: Duration = Duration::from_millis(500);

/// Takes the lock of a stage's folder, and waits for the build that holds it.
pub fn acquire(folder: &Path, progress: &dyn Progress) -> Result<Lock> {
    let start = Instant::now();
    let mut told = false;
    loop {
        if let Some(lock) = attempt(folder)? {
            return Ok(lock);
        }
        let waited = start.elapsed();
        if waited > PATIENCE {
            return Err(Failure::environment(format!(
                "another build ({}) has been holding the output for {} s",
                holder(folder),
                waited.as_secs()
            ))
            .help("wait for it, or end it"));
        }
        if waited > SILENCE && !told {
            progress.waiting(&holder(folder));
            told = true;
        }
        std::thread::sleep(INTERVAL);
    }
}

/// Takes the lock of a stage's folder, which is made if it is gone; none while
/// another build holds it.
pub fn attempt(folder: &Path) -> Result<Option<Lock>> {
    let path = file_in(folder);
    loop {
        std::fs::create_dir_all(folder).map_err(|e| Failure::at("create", folder, &e))?;
        let file = match open(&path) {
            Ok(file) => file,
            // Another build has just ended and removed its folder.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => continue,
            Err(error) => return Err(Failure::at("write", &path, &error)),
        };
        match file.try_lock() {
            Ok(()) if is_at(&file, &path) => {
                note_holder(&file);
                return Ok(Some(Lock { file, path }));
            }
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            // A disk that knows no locks: the swap is atomic all the same.
            Err(TryLockError::Error(error)) if is_unsupported(&error) => {
                return Ok(Some(Lock { file, path }));
            }
            Err(TryLockError::Error(error)) => return Err(Failure::at("lock", &path, &error)),
        }
    }
}

fn file_in(folder: &Path) -> PathBuf {
    folder.join("lock")
}

/// Whether files can be made in a folder.
pub fn is_writable(folder: &Path) -> bool {
    open(&file_in(folder)).is_ok()
}

fn open(path: &Path) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use rustix::fs::OFlags;
        use std::os::unix::fs::OpenOptionsExt as _;
        // The holder is written into it, and into no file that a link leads to.
        options.custom_flags(OFlags::NOFOLLOW.bits().cast_signed());
    }
    options.open(path)
}

/// Whether the file is still the one at the path: the build before may have
/// removed it while this one waited.
#[cfg(unix)]
fn is_at(file: &File, path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let same =
        |a: &std::fs::Metadata, b: &std::fs::Metadata| a.ino() == b.ino() && a.dev() == b.dev();
    match (file.metadata(), path.symlink_metadata()) {
        (Ok(a), Ok(b)) => same(&a, &b),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_at(_: &File, path: &Path) -> bool {
    path.exists()
}

fn is_unsupported(error: &std::io::Error) -> bool {
    matches!(error.kind(), std::io::ErrorKind::Unsupported)
}

fn note_holder(mut file: &File) {
    let _ = file.set_len(0);
    let _ = file.rewind();
    let _ = write!(file, "process {}", std::process::id());
}

fn holder(folder: &Path) -> String {
    let mut text = String::new();
    let read =
        File::open(file_in(folder)).and_then(|file| file.take(100).read_to_string(&mut text));
    match read {
        Ok(1..) => text,
        _ => "unknown process".to_owned(),
    }
}
