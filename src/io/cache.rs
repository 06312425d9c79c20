//! The memo on disk: results of earlier builds, under `.rigbook/cache`.
//!
//! Each build that made something new leaves one segment file: the results one
//! after the other, then an index, then a trailer with the index's place and
//! hash. Segments never change, so builds at once don't disturb each other.
//! Whatever is damaged is made anew; whatever can't be written is left.

mod segment;

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, RwLock};

use blake3::Hash;

use crate::memo::Memo;
use segment::{Segment, write_segment};

/// Above this number of bytes, what the last build did not use is dropped.
const LARGEST: u64 = 256 << 20;
/// Above this number of segments, they are merged into one.
const MOST_SEGMENTS: usize = 12;

/// The memo of one build.
pub struct DiskMemo {
    folder: PathBuf,
    segments: Vec<Segment>,
    new: RwLock<HashMap<Hash, Arc<[u8]>>>,
    used: RwLock<HashSet<Hash>>,
    /// Whether nothing more is taken in.
    closed: AtomicBool,
}

impl DiskMemo {
    /// Opens the cache in a site's state folder. `identity` names the program:
    /// results of another one are not seen, and removed.
    pub fn open(state: &Path, identity: &Hash) -> Self {
        let caches = state.join("cache");
        let name = identity.to_hex()[..16].to_owned();
        let folder = caches.join(&name);
        remove_others(&caches, &name);
        let mut segments: Vec<Segment> = std::fs::read_dir(&folder)
            .into_iter()
            .flatten()
            .filter_map(|entry| Segment::open(&entry.ok()?.path()))
            .collect();
        segments.sort_by(|a, b| a.path.cmp(&b.path));
        Self {
            folder,
            segments,
            new: RwLock::default(),
            used: RwLock::default(),
            closed: AtomicBool::new(false),
        }
    }

    /// Saves, and takes in nothing from then on: for a program that lives on.
    pub fn save_and_close(&self) {
        self.save();
        self.closed.store(true, Ordering::Relaxed);
        if let Ok(mut new) = self.new.write() {
            *new = HashMap::new();
        }
    }

    /// Writes what is new to disk. Failure is silent: the next build makes it
    /// again.
    pub fn save(&self) {
        let (folder, segments) = (&self.folder, &self.segments);
        let Ok(new) = self.new.read() else {
            return;
        };
        if new.is_empty() {
            return;
        }
        let new: Vec<(Hash, Arc<[u8]>)> = new.iter().map(|(k, b)| (*k, Arc::clone(b))).collect();
        let size: u64 = segments.iter().map(|segment| segment.size).sum();
        if segments.len() < MOST_SEGMENTS && size <= LARGEST {
            let _ = write_segment(folder, new);
            return;
        }
        let Ok(used) = self.used.read() else {
            return;
        };
        let mut all: HashMap<Hash, Arc<[u8]>> = new.into_iter().collect();
        for segment in segments {
            for key in segment.keys() {
                if size <= LARGEST || used.contains(key) {
                    let missing = || segment.get(key);
                    if let Some(bytes) = (!all.contains_key(key)).then(missing).flatten() {
                        all.insert(*key, bytes);
                    }
                }
            }
        }
        if write_segment(folder, all.into_iter().collect()).is_ok() {
            for segment in segments {
                let _ = std::fs::remove_file(&segment.path);
            }
        }
    }
}

impl Memo for DiskMemo {
    fn get(&self, key: &Hash) -> Option<Arc<[u8]>> {
        if let Some(bytes) = self.new.read().ok()?.get(key) {
            return Some(Arc::clone(bytes));
        }
        let bytes = self.segments.iter().rev().find_map(|s| s.get(key))?;
        if !self.closed.load(Ordering::Relaxed)
            && let Ok(mut used) = self.used.write()
        {
            used.insert(*key);
        }
        Some(bytes)
    }

    fn put(&self, key: &Hash, bytes: Arc<[u8]>) {
        if !self.closed.load(Ordering::Relaxed)
            && let Ok(mut new) = self.new.write()
        {
            new.insert(*key, bytes);
        }
    }
}

/// Removes the caches of other builds of this program.
fn remove_others(caches: &Path, name: &str) {
    for entry in std::fs::read_dir(caches).into_iter().flatten().flatten() {
        if entry.file_name() != name {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(text: &str) -> Arc<[u8]> {
        text.as_bytes().into()
    }

    fn key(i: usize) -> Hash {
        blake3::hash(&i.to_le_bytes())
    }

    #[test]
    fn results_come_back_and_another_program_does_not_see_them() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        let memo = DiskMemo::open(state.path(), &identity);
        memo.put(&key(1), bytes("one"));
        memo.put(&key(2), bytes(""));
        assert_eq!(memo.get(&key(1)), Some(bytes("one")), "at once");
        memo.save();
        let memo = DiskMemo::open(state.path(), &identity);
        assert_eq!(memo.get(&key(1)), Some(bytes("one")));
        assert_eq!(memo.get(&key(2)), Some(bytes("")));
        assert_eq!(memo.get(&key(3)), None);
        let other = DiskMemo::open(state.path(), &blake3::hash(b"two"));
        assert_eq!(other.get(&key(1)), None);
    }

    #[test]
    fn many_builds_keep_few_segments_and_every_result() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        for build in 0..40 {
            let memo = DiskMemo::open(state.path(), &identity);
            assert!(memo.segments.len() <= MOST_SEGMENTS);
            assert!((0..build).all(|i| memo.get(&key(i)) == Some(bytes(&i.to_string()))));
            memo.put(&key(build), bytes(&build.to_string()));
            memo.save();
        }
    }

    #[test]
    fn damage_is_never_returned() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        let memo = DiskMemo::open(state.path(), &identity);
        memo.put(&key(1), bytes("precious"));
        let folder = memo.folder.clone();
        memo.save();
        let entry = std::fs::read_dir(folder).expect("readable").next();
        let path = entry.expect("a segment").expect("readable").path();
        let whole = std::fs::read(&path).expect("readable");
        for at in 0..whole.len() {
            let mut damaged = whole.clone();
            damaged[at] ^= 0x10;
            std::fs::write(&path, &damaged).expect("written");
            let found = DiskMemo::open(state.path(), &identity).get(&key(1));
            assert!(
                found.is_none() || found == Some(bytes("precious")),
                "byte {at}"
            );
            std::fs::write(&path, &whole[..at]).expect("written");
            assert_eq!(DiskMemo::open(state.path(), &identity).get(&key(1)), None);
        }
    }

    #[test]
    fn a_folder_that_cannot_be_made_is_no_failure() {
        let state = tempfile::tempdir().expect("temporary folder");
        let file = state.path().join("file");
        std::fs::write(&file, "").expect("written");
        let memo = DiskMemo::open(&file, &blake3::hash(b"one"));
        memo.put(&key(1), bytes("one"));
        memo.save();
    }
}
