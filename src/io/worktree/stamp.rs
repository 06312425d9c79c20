//! What tells an unchanged file without opening it.

use std::fs::Metadata;
use std::path::Path;
use std::time::{Duration, SystemTime};

use blake3::Hash;

/// Size, times and identity of a file. Equal stamps mean equal content, except
/// for two edits within the clock's grain (see [`Stamp::is_settled_at`]).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stamp {
    pub size: u64,
    /// Of the last change of the content, in nanoseconds since 1970.
    pub modified: i128,
    /// Of the last change of the content or of the file's attributes.
    pub changed: i128,
    pub inode: u64,
}

/// Longer than the grain of file times on any common system.
const GRAIN: Duration = Duration::from_millis(50);
/// The same where times have whole seconds: FAT has even ones only.
const COARSE_GRAIN: Duration = Duration::from_secs(2);

impl Stamp {
    pub fn of(metadata: &Metadata) -> Self {
        let modified = metadata.modified().map_or(0, nanoseconds);
        #[cfg(unix)]
        let (changed, inode) = {
            use std::os::unix::fs::MetadataExt as _;
            let changed = i128::from(metadata.ctime()) * 1_000_000_000;
            (changed + i128::from(metadata.ctime_nsec()), metadata.ino())
        };
        #[cfg(not(unix))]
        let (changed, inode) = (0, 0);
        Self {
            size: metadata.len(),
            modified,
            changed,
            inode,
        }
    }

    /// Whether the file had been left alone for long enough when it was opened
    /// at `time` that any later edit shows in the stamp.
    pub fn is_settled_at(&self, time: SystemTime) -> bool {
        let last = self.modified.max(self.changed);
        let is_coarse = last % 1_000_000_000 == 0;
        let grain = if is_coarse { COARSE_GRAIN } else { GRAIN };
        let grain = i128::try_from(grain.as_nanos()).unwrap_or(i128::MAX);
        last + grain < nanoseconds(time)
    }

    /// A hash of the stamp and the place.
    pub fn hash(&self, path: &Path) -> Hash {
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"disk");
        hasher.update(&self.size.to_le_bytes());
        hasher.update(&self.modified.to_le_bytes());
        hasher.update(&self.changed.to_le_bytes());
        hasher.update(&self.inode.to_le_bytes());
        hasher.update(path.as_os_str().as_encoded_bytes());
        hasher.finalize()
    }
}

fn nanoseconds(time: SystemTime) -> i128 {
    let signed = |d: Duration| i128::try_from(d.as_nanos()).unwrap_or(i128::MAX);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => signed(after),
        Err(before) => -signed(before.duration()),
    }
}
