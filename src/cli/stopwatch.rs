//! What took how long, for `--timings`.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Stages that follow each other.
pub struct Stopwatch(Mutex<Laps>);

struct Laps {
    last: Instant,
    taken: Vec<(&'static str, Duration)>,
}

impl Stopwatch {
    pub fn start() -> Self {
        Self(Mutex::new(Laps {
            last: Instant::now(),
            taken: Vec::new(),
        }))
    }

    /// Ends a stage: it has taken the time since the one before.
    pub fn lap(&self, stage: &'static str) {
        let mut laps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = laps.last.elapsed();
        laps.last = Instant::now();
        laps.taken.push((stage, taken));
    }

    /// The stages so far.
    pub fn taken(&self) -> Vec<(&'static str, Duration)> {
        let laps = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        laps.taken.clone()
    }
}
