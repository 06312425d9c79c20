//! Tells that something in a project may have changed.
//!
//! In come the folders to watch; out come signals without content: whoever
//! hears one looks for itself what is different, so that no event of any
//! system needs to be understood. Where the system's watches are used up, the
//! signals come at an interval instead.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use notify::event::{AccessKind, AccessMode, EventKind};
use notify::{Event, RecursiveMode, Watcher as _};

/// Quiet for so long, an edit is over: editors write a file within a
/// millisecond or two.
const QUIET: Duration = Duration::from_millis(8);
/// Quiet for so long, a storm of edits is over.
const STORM_QUIET: Duration = Duration::from_millis(50);
/// An edit that goes on is shown after this time all the same.
const PATIENCE: Duration = Duration::from_millis(500);
/// After a change, one more look: a file that was made in a new folder before
/// that was watched gave no signal.
const SECOND_LOOK: Duration = Duration::from_millis(250);
/// How often it is looked where nothing can be watched.
const POLL: Duration = Duration::from_millis(500);

/// A folder, or a single one without what is below it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Target {
    pub path: PathBuf,
    pub deep: bool,
}

/// Watches folders.
pub struct Watcher {
    system: Option<notify::RecommendedWatcher>,
    /// What is watched, with what tells whether it still is the same folder.
    watched: BTreeMap<Target, u64>,
    signals: Receiver<()>,
    /// Kept so that the channel stays open without a watcher.
    _sender: Sender<()>,
    second_look: bool,
    storm: bool,
    pending: bool,
}

/// Why a watcher polls.
pub struct Polls(pub String);

impl Watcher {
    /// A watcher of nothing yet. If the system gives none, it polls.
    pub fn new(ignored: Vec<PathBuf>) -> (Self, Option<Polls>) {
        let (sender, signals) = channel();
        let send = sender.clone();
        let system = notify::recommended_watcher(move |event: notify::Result<Event>| {
            if event.map_or(true, |event| matters(&event, &ignored)) {
                let _ = send.send(());
            }
        });
        let (system, polls) = match system {
            Ok(system) => (Some(system), None),
            Err(error) => (None, Some(Polls(error.to_string()))),
        };
        let watcher = Self {
            system,
            watched: BTreeMap::new(),
            signals,
            _sender: sender,
            second_look: false,
            storm: false,
            pending: false,
        };
        (watcher, polls)
    }

    /// Watches these targets, as far as they exist, and no others. Returns why
    /// it polls from now on, if it has to.
    pub fn watch(&mut self, targets: &[Target]) -> Option<Polls> {
        let system = self.system.as_mut()?;
        let wanted: BTreeMap<Target, u64> = targets
            .iter()
            .filter_map(|target| Some((target.clone(), identity(&target.path)?)))
            .collect();
        let old = std::mem::take(&mut self.watched);
        for (target, id) in &old {
            if wanted.get(target) != Some(id) {
                // It may be gone by itself.
                let _ = system.unwatch(&target.path);
            }
        }
        for (target, id) in wanted {
            let mode = if target.deep {
                RecursiveMode::Recursive
            } else {
                RecursiveMode::NonRecursive
            };
            if old.get(&target) == Some(&id) {
                self.watched.insert(target, id);
                continue;
            }
            match system.watch(&target.path, mode) {
                Ok(()) => {
                    self.watched.insert(target, id);
                }
                Err(error) if matches!(error.kind, notify::ErrorKind::PathNotFound) => {}
                Err(error) => {
                    self.system = None;
                    self.watched.clear();
                    return Some(Polls(why(&error)));
                }
            }
        }
        None
    }

    /// Whether something may have changed since the last [`Watcher::wait`]. The
    /// next wait will not wait then.
    pub fn has_signal(&mut self) -> bool {
        self.pending = self.pending || self.signals.try_recv().is_ok();
        self.pending
    }

    /// Waits until something may have changed and the edit seems to be over.
    pub fn wait(&mut self) {
        if self.system.is_none() {
            std::thread::sleep(POLL);
            return;
        }
        let first = if std::mem::take(&mut self.pending) {
            Ok(())
        } else if self.second_look {
            self.signals.recv_timeout(SECOND_LOOK)
        } else {
            self.signals
                .recv()
                .map_err(|_| RecvTimeoutError::Disconnected)
        };
        if first.is_err() {
            // Nothing came: this is the second look.
            self.second_look = false;
            self.storm = false;
            return;
        }
        let quiet = if self.storm { STORM_QUIET } else { QUIET };
        let start = Instant::now();
        while self.signals.recv_timeout(quiet).is_ok() {
            if start.elapsed() > PATIENCE {
                break;
            }
        }
        self.second_look = true;
        self.storm = true;
    }
}

/// Whether an event can mean a change: reading a file raises events too.
fn matters(event: &Event, ignored: &[PathBuf]) -> bool {
    let reading = match event.kind {
        EventKind::Access(AccessKind::Close(AccessMode::Write)) => false,
        EventKind::Access(_) => true,
        _ => false,
    };
    let ignored = |path: &PathBuf| ignored.iter().any(|folder| path.starts_with(folder));
    !reading && (event.paths.is_empty() || !event.paths.iter().all(ignored))
}

fn why(error: &notify::Error) -> String {
    match &error.kind {
        notify::ErrorKind::MaxFilesWatch => "the system's watches are used up".to_owned(),
        notify::ErrorKind::Io(error) => super::reason(error),
        _ => error.to_string(),
    }
}

#[cfg(unix)]
fn identity(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt as _;
    path.metadata().ok().map(|metadata| metadata.ino())
}

#[cfg(not(unix))]
fn identity(path: &Path) -> Option<u64> {
    path.exists().then_some(0)
}
