//! Results that several files are made from, while they are being made.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use blake3::Hash;
use rustc_hash::FxHashMap;

/// Results by the hash of what they are made from. Each is made once, by
/// whichever thread comes first, and goes when all that want it have it, or to
/// make room.
pub struct Shelf<T> {
    /// How often each is wanted; none where nobody knows.
    wanted: Option<usize>,
    kept: Mutex<Kept<T>>,
}

struct Kept<T> {
    results: FxHashMap<Hash, Result<T>>,
    /// The oldest first. Some are gone by now.
    order: VecDeque<Hash>,
}

struct Result<T> {
    cell: Arc<OnceLock<Arc<T>>>,
    taken: usize,
}

/// How many results there may be at once.
const ROOM: usize = 256;

impl<T> Shelf<T> {
    pub fn new(wanted: Option<usize>) -> Self {
        Self {
            wanted,
            kept: Mutex::new(Kept {
                results: FxHashMap::default(),
                order: VecDeque::new(),
            }),
        }
    }

    /// The result under a key; `make` makes it if nobody has. Others wait for
    /// it meanwhile, so `make` must not wait for other threads.
    pub fn take(&self, key: &Hash, make: impl FnOnce() -> T) -> Arc<T> {
        let cell = self.cell(key);
        Arc::clone(cell.get_or_init(|| Arc::new(make())))
    }

    fn cell(&self, key: &Hash) -> Arc<OnceLock<Arc<T>>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(result) = kept.results.get_mut(key) {
            result.taken += 1;
            let cell = Arc::clone(&result.cell);
            if Some(result.taken) == self.wanted {
                kept.results.remove(key);
            }
            return cell;
        }
        let cell = Arc::default();
        let result = Result {
            cell: Arc::clone(&cell),
            taken: 1,
        };
        kept.results.insert(*key, result);
        kept.order.push_back(*key);
        while kept.order.len() > ROOM {
            if let Some(oldest) = kept.order.pop_front() {
                kept.results.remove(&oldest);
            }
        }
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> Hash {
        blake3::hash(&number.to_le_bytes())
    }

    #[test]
    fn what_two_want_is_made_once_and_goes() {
        let shelf = Shelf::new(Some(2));
        assert_eq!(*shelf.take(&key(1), || "one"), "one");
        assert_eq!(*shelf.take(&key(1), || unreachable!("it is there")), "one");
        assert_eq!(*shelf.take(&key(1), || "again"), "again", "both had it");
    }

    #[test]
    fn the_oldest_makes_room() {
        let shelf = Shelf::new(None);
        for number in 0..=ROOM {
            shelf.take(&key(number), || number);
        }
        assert_eq!(*shelf.take(&key(1), || unreachable!("it is there")), 1);
        assert_eq!(*shelf.take(&key(0), || 7), 7);
    }
}
