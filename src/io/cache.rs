//! The memo on disk: results of earlier builds, under `.rigbook/cache`.
//!
//! Each build that made something new leaves one segment file: the results one
//! after the other, written as they are made so that memory does not grow with
//! them, then an index, then a trailer with the index's place and hash. Segments never change, so builds at once don't disturb each other.
//! Whatever is damaged is made anew; whatever can't be written is left.

mod segment;

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, RwLock};

use blake3::Hash;
use rustc_hash::{FxHashMap, FxHashSet};

use super::may_be_own_folder;
use crate::memo::Memo;
use segment::{Draft, Segment};

/// Above this number of bytes, what the last build did not use is dropped.
const LARGEST: u64 = 256 << 20;
/// Above this number of segments, they are merged into one.
const MOST_SEGMENTS: usize = 12;

/// What this build made.
enum New {
    /// Nothing so far, or nothing can be written.
    Nothing,
    /// On its way to disk.
    Draft(Draft),
    /// Of a command that writes nothing.
    Memory(FxHashMap<Hash, Arc<[u8]>>),
}

impl New {
    fn get(&mut self, key: &Hash) -> Option<Arc<[u8]>> {
        match self {
            New::Nothing => None,
            New::Draft(draft) => draft.get(key),
            New::Memory(kept) => kept.get(key).cloned(),
        }
    }

    fn put(&mut self, key: &Hash, bytes: Arc<[u8]>, folder: &Path) {
        if let New::Memory(kept) = self {
            kept.insert(*key, bytes);
            return;
        }
        if matches!(self, New::Nothing)
            && let Ok(draft) = Draft::new(folder)
        {
            *self = New::Draft(draft);
        }
        if let New::Draft(draft) = self {
            // One that is lost is made again.
            let _ = draft.put(key, &bytes);
        }
    }
}

/// No build takes as long.
const LEFT: std::time::Duration = std::time::Duration::from_secs(3600);

/// The memo of one build.
pub struct DiskMemo {
    folder: PathBuf,
    segments: Vec<Segment>,
    new: Mutex<New>,
    used: RwLock<FxHashSet<Hash>>,
    /// Whether nothing more is taken in.
    closed: AtomicBool,
    /// [`LARGEST`], but in tests.
    largest: u64,
}

impl DiskMemo {
    /// Opens the cache in a site's state folder. `identity` names the program:
    /// results of another one are not seen, and removed.
    pub fn open(state: &Path, identity: &Hash) -> Self {
        let caches = state.join("cache");
        let name = identity.to_hex()[..16].to_owned();
        let folder = caches.join(&name);
        if !is_own(&folder) {
            return Self::closed(folder);
        }
        remove_others(&caches, &name);
        remove_left(&folder);
        Self::of(folder)
    }

    /// A memo that knows nothing and takes nothing in.
    fn closed(folder: PathBuf) -> Self {
        let memo = Self::of(folder);
        memo.closed.store(true, Ordering::Relaxed);
        memo
    }

    /// The same for a command that writes nothing: what it makes is kept in
    /// memory, and no file is touched.
    pub fn open_read_only(state: &Path, identity: &Hash) -> Self {
        let folder = state.join("cache").join(&identity.to_hex()[..16]);
        Self {
            new: Mutex::new(New::Memory(FxHashMap::default())),
            ..Self::of(folder)
        }
    }

    fn of(folder: PathBuf) -> Self {
        let found = is_own(&folder).then(|| std::fs::read_dir(&folder).ok());
        let mut segments: Vec<Segment> = (found.flatten().into_iter())
            .flatten()
            .filter_map(|entry| Segment::open(&entry.ok()?.path()))
            .collect();
        segments.sort_by(|a, b| a.path.cmp(&b.path));
        Self {
            folder,
            segments,
            new: Mutex::new(New::Nothing),
            used: RwLock::default(),
            closed: AtomicBool::new(false),
            largest: LARGEST,
        }
    }

    /// Of all segments, in bytes.
    fn size(&self) -> u64 {
        self.segments.iter().map(|segment| segment.size).sum()
    }

    /// Saves, and takes in nothing from then on: for a program that lives on.
    pub fn save_and_close(&self) {
        self.save();
        self.closed.store(true, Ordering::Relaxed);
        if let Ok(mut new) = self.new.lock() {
            *new = New::Nothing;
        }
    }

    /// Ends the segment of what is new. Failure is silent: the next build
    /// makes it again.
    pub fn save(&self) {
        let segments = &self.segments;
        let mut new = match self.new.lock() {
            Ok(mut new) => match std::mem::replace(&mut *new, New::Nothing) {
                New::Draft(draft) => draft,
                _ => return,
            },
            Err(_) => return,
        };
        let size = self.size();
        if segments.len() < MOST_SEGMENTS && size <= self.largest {
            let _ = new.finish();
            return;
        }
        let Ok(used) = self.used.read() else {
            return;
        };
        for segment in segments {
            for key in segment.keys() {
                if (size <= self.largest || used.contains(key))
                    && let Some(bytes) = segment.get(key)
                    && new.put(key, &bytes).is_err()
                {
                    return;
                }
            }
        }
        if new.finish().is_ok() {
            for segment in segments {
                let _ = std::fs::remove_file(&segment.path);
            }
        }
    }
}

impl Memo for DiskMemo {
    fn get(&self, key: &Hash) -> Option<Arc<[u8]>> {
        let Some(bytes) = self.segments.iter().rev().find_map(|s| s.get(key)) else {
            return self.new.lock().ok()?.get(key);
        };
        // Only then something is dropped.
        if self.size() > self.largest
            && !self.closed.load(Ordering::Relaxed)
            && let Ok(mut used) = self.used.write()
        {
            used.insert(*key);
        }
        Some(bytes)
    }

    fn put(&self, key: &Hash, bytes: Arc<[u8]>) {
        if self.closed.load(Ordering::Relaxed) {
            return;
        }
        if let Ok(mut new) = self.new.lock() {
            new.put(key, bytes, &self.folder);
        }
    }
}

/// Removes what killed builds left. A build at work that meets this loses its
/// results and nothing else.
fn remove_left(folder: &Path) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        let age = entry.metadata().and_then(|m| m.modified());
        let age = age.ok().and_then(|time| time.elapsed().ok());
        if path.extension().is_some_and(|kind| kind == "new") && age.is_some_and(|age| age > LEFT) {
            let _ = std::fs::remove_file(path);
        }
    }
}

/// Whether the cache is in folders of the program's own. A link, as a
/// repository may hold one, leads to what must not be removed.
fn is_own(folder: &Path) -> bool {
    let caches = folder.parent().unwrap_or(folder);
    may_be_own_folder(caches) && may_be_own_folder(folder)
}

/// Removes the caches of other builds of this program, which have names of the
/// same form.
fn remove_others(caches: &Path, name: &str) {
    for entry in std::fs::read_dir(caches).into_iter().flatten().flatten() {
        let other = entry.file_name();
        let other = other.to_str().unwrap_or_default();
        let is_cache = other.len() == name.len() && other.bytes().all(|b| b.is_ascii_hexdigit());
        if is_cache && other != name {
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
    fn a_command_that_writes_nothing_writes_nothing() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        let memo = DiskMemo::open_read_only(state.path(), &identity);
        memo.put(&key(1), bytes("one"));
        assert_eq!(memo.get(&key(1)), Some(bytes("one")));
        let inside = std::fs::read_dir(state.path()).expect("readable").count();
        assert_eq!(inside, 0, "while it runs");
        memo.save();
        assert!(
            DiskMemo::open(state.path(), &identity)
                .get(&key(1))
                .is_none()
        );
    }

    #[test]
    fn what_killed_builds_left_goes_and_a_draft_at_work_stays() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        let memo = DiskMemo::open(state.path(), &identity);
        memo.put(&key(1), bytes("one"));
        let left = memo.folder.join("left.new");
        let file = std::fs::File::create(&left).expect("made");
        let long_ago = std::time::SystemTime::now() - 2 * LEFT;
        file.set_modified(long_ago).expect("set");
        let other = DiskMemo::open(state.path(), &identity);
        assert!(!left.exists());
        memo.save();
        drop(other);
        let memo = DiskMemo::open(state.path(), &identity);
        assert_eq!(memo.get(&key(1)), Some(bytes("one")));
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
    fn a_cache_that_is_too_large_keeps_what_was_used() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        let long = "x".repeat(1000);
        let build = |largest, used: std::ops::Range<usize>, new| {
            let memo = DiskMemo::open(state.path(), &identity);
            let memo = DiskMemo { largest, ..memo };
            assert!(used.into_iter().all(|i| memo.get(&key(i)).is_some()));
            memo.put(&key(new), bytes(&long));
            memo.save();
            let memo = DiskMemo::open(state.path(), &identity);
            let left = (0..8).filter(|i| memo.get(&key(*i)).is_some());
            (left.collect::<Vec<_>>(), memo.size() < 4_000)
        };
        for i in 0..6 {
            build(20_000, 0..i, i);
        }
        assert_eq!(build(20_000, 0..1, 6).0, [0, 1, 2, 3, 4, 5, 6], "it fits");
        assert_eq!(build(4_000, 1..3, 7), (vec![1, 2, 7], true));
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
    #[cfg(unix)]
    fn what_a_link_in_the_place_of_the_cache_leads_to_stays() {
        let state = tempfile::tempdir().expect("temporary folder");
        let mine = tempfile::tempdir().expect("temporary folder");
        let others = mine.path().join("0123456789abcdef");
        std::fs::create_dir(&others).expect("made");
        let identity = blake3::hash(b"one");
        let use_it = || {
            let memo = DiskMemo::open(state.path(), &identity);
            memo.put(&key(1), bytes("one"));
            memo.save();
            assert_eq!(memo.get(&key(1)), None, "nothing is kept");
        };
        let caches = state.path().join("cache");
        std::os::unix::fs::symlink(mine.path(), &caches).expect("linked");
        use_it();
        std::fs::remove_file(&caches).expect("removed");
        std::fs::create_dir(&caches).expect("made");
        let folder = caches.join(&identity.to_hex()[..16]);
        std::os::unix::fs::symlink(mine.path(), folder).expect("linked");
        std::fs::create_dir(caches.join("notes")).expect("made");
        use_it();
        let left = std::fs::read_dir(mine.path()).expect("readable").count();
        assert_eq!((left, others.is_dir()), (1, true));
        DiskMemo::open(state.path(), &blake3::hash(b"two"));
        assert!(caches.join("notes").is_dir(), "no cache has that name");
    }

    #[test]
    #[cfg(unix)]
    fn a_pipe_among_the_segments_is_not_waited_for() {
        let state = tempfile::tempdir().expect("temporary folder");
        let identity = blake3::hash(b"one");
        let memo = DiskMemo::open(state.path(), &identity);
        memo.put(&key(1), bytes("one"));
        memo.save();
        let pipe = memo.folder.join("a.pack");
        let (folder, mode) = (rustix::fs::CWD, rustix::fs::Mode::RUSR);
        let kind = rustix::fs::FileType::Fifo;
        rustix::fs::mknodat(folder, &pipe, kind, mode, 0).expect("made");
        let memo = DiskMemo::open(state.path(), &identity);
        assert_eq!(memo.get(&key(1)), Some(bytes("one")));
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
