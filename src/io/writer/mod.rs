//! Publishes an output tree into a folder, all or nothing.
//!
//! In come the tree and the folder; out goes the folder, swapped in whole, and
//! a report. The site is staged in a second folder that outlives the build:
//! there, what has not changed is a hard link to the published file, so that a
//! small change is a small effort. No published file is ever written to, what
//! Rigbook did not make is carried over, and on any error the published folder
//! stays as it was.
//!
//! # Steps
//! 1. Refuse dangerous folders ([`guard`]).
//! 2. Wait for other builds ([`lock`]), finish what a killed one left ([`swap`])
//!    and see which files are as they were written. None of this needs the site:
//!    it can be done while that is compiled ([`prepared`]).
//! 3. Plan which files can be kept, by inputs and by stamps ([`plan`]).
//! 4. Bring the stage to the new state, rendering in parallel ([`stage`]), where
//!    only what others may have touched is looked at again ([`survey`]).
//! 5. Swap stage and output; note stamps for the next build ([`state`]).

mod clean;
mod guard;
mod lock;
mod manifest;
mod plan;
mod prepared;
mod stage;
mod state;
mod survey;
mod swap;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use blake3::Hash;

use super::git::Blobs;
use super::{Result, may_be_own_folder};
use crate::diag::{Checked, Diagnostic, Severity};
use crate::output::OutputTree;

pub use clean::{Removed, clean, remove_published};
pub use guard::{Destination, SOURCES, check_destination};
pub use manifest::Manifest;
pub use prepared::Prepared;

/// What is published, and where to.
pub struct Request<'a> {
    pub tree: &'a OutputTree,
    pub destination: &'a Destination,
    /// Of everything that the tree was made from, if nothing was said about it;
    /// then [`is_current`] can tell next time.
    pub site: Option<Hash>,
    /// The site's folder for caches and stamps; none if it can't be written.
    pub state: Option<&'a Path>,
    /// Whether a warning stops publishing, as an error does.
    pub strict: bool,
    pub progress: &'a dyn Progress,
}

/// Is told how far publishing has come.
pub trait Progress: Sync {
    /// So many of the files to make are made.
    fn rendered(&self, done: usize, total: usize);
    /// Another build holds the folder.
    fn waiting(&self, holder: &str);
    /// A stage of publishing has ended: "wait" for the destination to be known,
    /// or "render".
    fn ended(&self, stage: &'static str) {
        let _ = stage;
    }
}

/// Tells nobody.
pub struct Silent;

impl Progress for Silent {
    fn rendered(&self, _: usize, _: usize) {}
    fn waiting(&self, _: &str) {}
}

/// What publishing did, in files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Written anew.
    pub written: usize,
    /// Left as they were.
    pub kept: usize,
    /// Gone from the site.
    pub removed: usize,
}

/// Publishes. The report is none if diagnostics forbid it; then nothing has
/// changed.
pub fn publish(request: &Request<'_>) -> Result<Checked<Option<Report>>> {
    let place = StagePlace::of(request.destination, request.state)?;
    publish_prepared(
        request,
        Prepared::of(place, request.destination, request.progress)?,
    )
}

/// Publishes to what was prepared for the same destination.
pub fn publish_prepared(
    request: &Request<'_>,
    mut prepared: Prepared,
) -> Result<Checked<Option<Report>>> {
    let plan = plan::plan(request.tree, &prepared.untouched);
    let (output, published) = (&request.destination.path, &prepared.published);
    // It may be long ago that this was looked at.
    let is_still_there = || plan::is_untouched(output, published, &prepared.old);
    if plan.is_nothing_to_do(published) && is_still_there() {
        let report = Report {
            kept: request.tree.len(),
            ..Report::default()
        };
        let (place, old) = (&prepared.place, &mut prepared.old);
        if place.lasting && old.site != request.site {
            old.site = request.site;
            old.save(&place.folder);
        }
        return Ok(Checked::clean(Some(report)));
    }
    request.progress.ended("wait");
    let staged = stage::stage(request, &prepared, plan, &Blobs::default());
    request.progress.ended("render");
    let Prepared { place, lock, .. } = prepared;
    let staged = match staged {
        Ok(staged) => staged,
        Err(failure) => {
            // A full disk needs the room. Where somebody removed the folder,
            // another build may be at work there by now.
            if lock.is_in_place() {
                place.discard();
            }
            return Err(failure);
        }
    };
    if must_stop(&staged.diagnostics, request.strict) {
        return Ok(Checked::new(None, staged.diagnostics));
    }
    if !lock.is_in_place() {
        let message = format!("`{}` was removed during the build", place.folder.display());
        return Err(super::Failure::environment(message).help("build again"));
    }
    swap::swap(&request.destination.path, &place)?;
    if place.lasting {
        let mut state = staged.state;
        state.site = request.site.filter(|_| staged.diagnostics.is_empty());
        state.save(&place.folder);
    } else {
        place.discard();
    }
    Ok(Checked::new(Some(staged.report), staged.diagnostics))
}

/// The published files, if they are of this site and nobody has touched them.
pub fn is_current(
    destination: &Destination,
    state: &Path,
    site: &Hash,
) -> Result<Option<Vec<Arc<str>>>> {
    let output = &destination.path;
    let Some(folder) = StagePlace::lasting(destination, state) else {
        return Ok(None);
    };
    let Some(old) = state::State::load_of(&folder, site) else {
        return Ok(None);
    };
    let published = Manifest::read(output)?;
    let current = plan::is_untouched(output, &published, &old);
    Ok(current.then(|| old.files.into_keys().collect()))
}

/// Whether diagnostics forbid publishing.
pub fn must_stop(diagnostics: &[Diagnostic], strict: bool) -> bool {
    diagnostics.iter().any(|d| match d.severity {
        Severity::Error => true,
        Severity::Warning => strict,
        Severity::Note => false,
    })
}

/// Where the stage is: under the site's `.rigbook/` if that is on the disk of
/// the output, else beside the output.
struct StagePlace {
    /// Holds the lock, the stamps and the stage.
    folder: PathBuf,
    /// Whether the folder stays for the next build.
    lasting: bool,
}

impl StagePlace {
    fn of(destination: &Destination, state: Option<&Path>) -> Result<Self> {
        if let Some(place) = state.and_then(|state| Self::in_state(destination, state)) {
            return Ok(place);
        }
        let output = &destination.path;
        let folder = Self::beside(destination);
        if !may_be_own_folder(&folder) {
            let message = format!("`{}` is in the way: it is no folder", folder.display());
            return Err(super::Failure::usage(message).help("remove it"));
        }
        std::fs::create_dir_all(&folder)
            .map_err(|e| super::Failure::at("write beside", output, &e))?;
        Ok(Self {
            folder,
            lasting: false,
        })
    }

    /// The place in the site's state folder, made if need be; none where it
    /// can't be written.
    fn in_state(destination: &Destination, state: &Path) -> Option<Self> {
        let folder = Self::lasting(destination, state)?;
        std::fs::create_dir_all(&folder).ok()?;
        lock::is_writable(&folder).then_some(Self {
            folder,
            lasting: true,
        })
    }

    /// The place beside the output.
    fn beside(destination: &Destination) -> PathBuf {
        let name = destination.path.file_name().unwrap_or_default();
        let name = format!(".{}.rigbook", name.to_string_lossy());
        destination.parent().join(name)
    }

    /// Removes the place beside the output, if there is one.
    fn discard_beside(destination: &Destination) {
        let folder = Self::beside(destination);
        if super::is_own_folder(&folder) {
            let lasting = false;
            Self { folder, lasting }.discard();
        }
    }

    /// The place in the site's state folder; none on another disk.
    fn lasting(destination: &Destination, state: &Path) -> Option<PathBuf> {
        if !same_disk(state, destination.parent()) {
            return None;
        }
        let name = blake3::hash(destination.path.as_os_str().as_encoded_bytes());
        let publish = state.join("publish");
        let folder = publish.join(&name.to_hex()[..16]);
        (may_be_own_folder(&publish) && may_be_own_folder(&folder)).then_some(folder)
    }

    /// The stage itself.
    fn stage(&self) -> PathBuf {
        self.folder.join("stage")
    }

    /// Where the output waits while it is swapped in two steps.
    fn aside(&self) -> PathBuf {
        self.folder.join("aside")
    }

    /// Removes the stage, and everything else if nothing is to stay.
    fn discard(&self) {
        let _ = std::fs::remove_dir_all(self.stage());
        if !self.lasting {
            // The lock goes last, and the folder only if it is empty: the next
            // build may have moved in by then.
            let _ = std::fs::remove_file(self.folder.join("lock"));
            let _ = std::fs::remove_dir(&self.folder);
        }
    }
}

#[cfg(unix)]
fn same_disk(a: &Path, b: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    let disk = |path: &Path| path.metadata().map(|m| m.dev()).ok();
    disk(a).is_some_and(|a| Some(a) == disk(b))
}

#[cfg(not(unix))]
fn same_disk(_: &Path, _: &Path) -> bool {
    false
}
