//! The memo: results of pure functions, kept under a hash of every input.
//!
//! Three laws: what is kept never changes; nothing of another input goes into
//! a result; every option is part of the key. So a warm result equals a cold
//! one, and losing an entry costs time only.

mod bytes;

use std::any::Any;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, RwLock};

use blake3::Hash;
use rustc_hash::FxHashMap;

pub use bytes::{put_number, put_string, take_bytes, take_number, take_string};

/// A result that lives as long as the program runs.
pub type Value = Arc<dyn Any + Send + Sync>;

/// Keeps results. Any method may forget.
pub trait Memo: Send + Sync {
    /// Bytes put under the key, in this run or an earlier one.
    fn get(&self, key: &Hash) -> Option<Arc<[u8]>>;

    /// Keeps bytes. Failure is silent.
    fn put(&self, key: &Hash, bytes: Arc<[u8]>);

    /// Whether it is of use to put bytes there.
    fn keeps(&self) -> bool {
        true
    }

    /// A value put under the key while this program runs.
    fn get_value(&self, key: &Hash) -> Option<Value> {
        let _ = key;
        None
    }

    /// Keeps a value while this program runs, where that is of use.
    fn put_value(&self, key: &Hash, value: Value) {
        let _ = (key, value);
    }
}

/// A key: the name of the function with a version, and every input.
pub fn key<'a>(function: &str, inputs: impl IntoIterator<Item = &'a [u8]>) -> Hash {
    let mut hasher = blake3::Hasher::new();
    crate::source::hash_part(&mut hasher, function.as_bytes());
    for input in inputs {
        crate::source::hash_part(&mut hasher, input);
    }
    hasher.finalize()
}

/// The value under a key, made by `make` if it is not there.
pub fn remember<T: Any + Send + Sync>(
    memo: &dyn Memo,
    key: &Hash,
    make: impl FnOnce() -> T,
) -> Arc<T> {
    if let Some(Ok(value)) = memo.get_value(key).map(Arc::downcast::<T>) {
        return value;
    }
    let value = Arc::new(make());
    memo.put_value(key, Arc::clone(&value) as Value);
    value
}

/// Forgets at once: what a cold build uses.
#[derive(Clone, Copy, Debug, Default)]
pub struct Nothing;

impl Memo for Nothing {
    fn get(&self, _: &Hash) -> Option<Arc<[u8]>> {
        None
    }

    fn put(&self, _: &Hash, _: Arc<[u8]>) {}

    fn keeps(&self) -> bool {
        false
    }
}

/// Keeps results in memory, in front of another memo. What has not been of use
/// for a while is dropped by [`InMemory::end_run`], so that a thousand rebuilds
/// need no more room than one.
pub struct InMemory {
    behind: Arc<dyn Memo>,
    run: AtomicU64,
    bytes: RwLock<FxHashMap<Hash, Kept<Arc<[u8]>>>>,
    values: RwLock<FxHashMap<Hash, Kept<Value>>>,
}

struct Kept<T> {
    value: T,
    last_run: AtomicU64,
}

/// How many runs a value outlives its last use: an edit that is undone finds
/// its results again.
const RUNS_KEPT: u64 = 8;
/// How many runs bytes outlive their last use: what was rendered and replaced a
/// hundred saves ago is made again if it is wanted.
const BYTES_RUNS_KEPT: u64 = 100;
/// How many bytes are kept within that, however long they have not been of use: rendering
/// asks only for those of pages that changed.
const BYTES_KEPT: usize = 96 << 20;

impl InMemory {
    pub fn new(behind: Arc<dyn Memo>) -> Self {
        Self {
            behind,
            run: AtomicU64::new(0),
            bytes: RwLock::default(),
            values: RwLock::default(),
        }
    }

    /// Marks the end of a compilation and drops what has not been of use.
    pub fn end_run(&self) {
        let run = self.run.fetch_add(1, Ordering::Relaxed);
        if let Ok(mut values) = self.values.write() {
            values.retain(|_, kept| kept.last_run.load(Ordering::Relaxed) + RUNS_KEPT > run);
        }
        if let Ok(mut bytes) = self.bytes.write() {
            bytes.retain(|_, kept| kept.last_run.load(Ordering::Relaxed) + BYTES_RUNS_KEPT > run);
            drop_oldest(&mut bytes, BYTES_KEPT);
        }
    }

    /// How many results are kept.
    pub fn len(&self) -> usize {
        let bytes = self.bytes.read().map_or(0, |kept| kept.len());
        bytes + self.values.read().map_or(0, |kept| kept.len())
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn find<T: Clone>(&self, kept: &RwLock<FxHashMap<Hash, Kept<T>>>, key: &Hash) -> Option<T> {
        let kept = kept.read().ok()?;
        let entry = kept.get(key)?;
        let run = self.run.load(Ordering::Relaxed);
        entry.last_run.store(run, Ordering::Relaxed);
        Some(entry.value.clone())
    }

    fn keep<T>(&self, kept: &RwLock<FxHashMap<Hash, Kept<T>>>, key: &Hash, value: T) {
        let last_run = AtomicU64::new(self.run.load(Ordering::Relaxed));
        if let Ok(mut kept) = kept.write() {
            kept.insert(*key, Kept { value, last_run });
        }
    }
}

/// Drops the runs that were of use the longest ago, until the rest fits.
fn drop_oldest(kept: &mut FxHashMap<Hash, Kept<Arc<[u8]>>>, room: usize) {
    let mut sizes: BTreeMap<u64, usize> = BTreeMap::new();
    for entry in kept.values() {
        let run = entry.last_run.load(Ordering::Relaxed);
        *sizes.entry(run).or_default() += entry.value.len();
    }
    let mut size: usize = sizes.values().sum();
    let mut first = 0;
    for (run, of_run) in sizes {
        if size <= room {
            break;
        }
        size -= of_run;
        first = run + 1;
    }
    kept.retain(|_, entry| entry.last_run.load(Ordering::Relaxed) >= first);
}

impl Memo for InMemory {
    fn get(&self, key: &Hash) -> Option<Arc<[u8]>> {
        if let Some(bytes) = self.find(&self.bytes, key) {
            return Some(bytes);
        }
        let bytes = self.behind.get(key)?;
        self.keep(&self.bytes, key, Arc::clone(&bytes));
        Some(bytes)
    }

    fn put(&self, key: &Hash, bytes: Arc<[u8]>) {
        self.behind.put(key, Arc::clone(&bytes));
        self.keep(&self.bytes, key, bytes);
    }

    fn get_value(&self, key: &Hash) -> Option<Value> {
        self.find(&self.values, key)
    }

    fn put_value(&self, key: &Hash, value: Value) {
        self.keep(&self.values, key, value);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn inputs_cannot_run_together() {
        let split = key("f", [&b"ab"[..], &b"c"[..]]);
        assert_ne!(split, key("f", [&b"a"[..], &b"bc"[..]]));
        assert_ne!(split, key("g", [&b"ab"[..], &b"c"[..]]));
    }

    #[test]
    fn what_is_used_stays_and_the_rest_goes() {
        let memo = InMemory::new(Arc::new(Nothing));
        let (used, unused) = (key("used", []), key("unused", []));
        let make = |n: u32| move || n;
        assert_eq!(*remember(&memo, &used, make(1)), 1);
        assert_eq!(*remember(&memo, &unused, make(1)), 1);
        for _ in 0..2 * RUNS_KEPT {
            assert_eq!(*remember(&memo, &used, make(2)), 1, "made once");
            memo.end_run();
        }
        assert_eq!(memo.len(), 1);
    }

    #[test]
    fn a_thousand_saves_keep_a_hundred_results() {
        let memo = InMemory::new(Arc::new(Nothing));
        for save in 0..1000_u32 {
            memo.put(&key("f", [&save.to_le_bytes()[..]]), vec![0; 10].into());
            memo.end_run();
        }
        assert_eq!(memo.len(), 100);
    }

    #[test]
    fn the_oldest_bytes_make_room() {
        let memo = InMemory::new(Arc::new(Nothing));
        let keys: Vec<Hash> = (0..4_u8).map(|i| key("f", [&[i][..]])).collect();
        for key in &keys {
            memo.put(key, vec![0; 10].into());
            memo.end_run();
        }
        assert!(memo.get(&keys[0]).is_some(), "of use again");
        let mut bytes = memo.bytes.write().expect("no panic");
        drop_oldest(&mut bytes, 25);
        let left: Vec<usize> = (0..4).filter(|i| bytes.contains_key(&keys[*i])).collect();
        assert_eq!(left, [0, 3]);
    }

    #[test]
    fn a_value_of_another_type_is_made_anew() {
        let memo = InMemory::new(Arc::new(Nothing));
        let key = key("f", []);
        assert_eq!(*remember(&memo, &key, || 1_u32), 1);
        assert_eq!(*remember(&memo, &key, || "text"), "text");
    }
}
