//! Results that several editions have in common, while these are made.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use blake3::Hash;
use rustc_hash::FxHashMap;

/// Results by the hash of what they are made from. Each is made once, by
/// whichever thread comes first; the oldest go to make room.
pub struct Shelf<T> {
    room: usize,
    kept: Mutex<Kept<T>>,
}

struct Kept<T> {
    results: FxHashMap<Hash, Arc<OnceLock<T>>>,
    /// The oldest first.
    order: VecDeque<Hash>,
}

impl<T: Clone> Shelf<T> {
    /// A shelf for so many results.
    pub fn new(room: usize) -> Self {
        Self {
            room,
            kept: Mutex::new(Kept {
                results: FxHashMap::default(),
                order: VecDeque::new(),
            }),
        }
    }

    /// The result under a key; `make` makes it if it is not there. Others wait
    /// for it meanwhile, so `make` must not wait for other threads.
    pub fn take(&self, key: &Hash, make: impl FnOnce() -> T) -> T {
        self.cell(key).get_or_init(make).clone()
    }

    fn cell(&self, key: &Hash) -> Arc<OnceLock<T>> {
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(cell) = kept.results.get(key) {
            return Arc::clone(cell);
        }
        let cell = Arc::default();
        if self.room > 0 {
            kept.results.insert(*key, Arc::clone(&cell));
            kept.order.push_back(*key);
        }
        if kept.order.len() > self.room
            && let Some(oldest) = kept.order.pop_front()
        {
            kept.results.remove(&oldest);
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
    fn what_two_want_is_made_once_and_the_oldest_makes_room() {
        let shelf = Shelf::new(2);
        assert_eq!(shelf.take(&key(1), || "one"), "one");
        assert_eq!(shelf.take(&key(2), || "two"), "two");
        assert_eq!(shelf.take(&key(1), || unreachable!("it is there")), "one");
        assert_eq!(shelf.take(&key(3), || "three"), "three");
        assert_eq!(shelf.take(&key(2), || unreachable!("it is there")), "two");
        assert_eq!(shelf.take(&key(1), || "again"), "again");
    }

    #[test]
    fn without_room_all_is_made_anew() {
        let shelf = Shelf::new(0);
        assert_eq!(shelf.take(&key(1), || 1), 1);
        assert_eq!(shelf.take(&key(1), || 2), 2);
    }
}
