//! What is at the destination, before there is anything to publish.

use std::path::Path;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::lock::{self, Lock};
use super::plan;
use super::state::{State, Written};
use super::survey::{Stamps, Survey, survey};
use super::{Destination, Manifest, Progress, StagePlace, swap};
use crate::io::{Result, may_be_own_folder};

/// A destination that is locked and known.
pub struct Prepared {
    pub(super) place: StagePlace,
    pub(super) lock: Lock,
    pub(super) published: Manifest,
    pub(super) old: State,
    /// The published files that are as they were written.
    pub(super) untouched: FxHashMap<Arc<str>, Written>,
    /// What is in the stage.
    pub(super) in_stage: Survey,
}

impl Prepared {
    /// Prepares a destination that has its place in the site's state folder;
    /// none for another, where only [`super::publish`] may leave anything. Nor
    /// where another build is at work: what is wrong with the content is told
    /// without waiting for that.
    pub fn early(destination: &Destination, state: Option<&Path>) -> Result<Option<Self>> {
        let place = state.and_then(|state| StagePlace::in_state(destination, state));
        let Some(place) = place else {
            return Ok(None);
        };
        let lock = lock::attempt(&place.folder)?;
        let prepared = lock.map(|lock| Self::at(place, lock, destination));
        prepared.transpose()
    }

    /// Waits for other builds, then prepares a destination.
    pub(super) fn of(
        place: StagePlace,
        destination: &Destination,
        progress: &dyn Progress,
    ) -> Result<Self> {
        let lock = lock::acquire(&place.folder, progress)?;
        Self::at(place, lock, destination)
    }

    fn at(place: StagePlace, lock: Lock, destination: &Destination) -> Result<Self> {
        let output = &destination.path;
        swap::recover(output, &place)?;
        let published = Manifest::read(output)?;
        let old = State::load(&place.folder);
        let stage = place.stage();
        let (untouched, in_stage) = rayon::join(
            || plan::untouched(output, &published, &old),
            || match may_be_own_folder(&stage) {
                true => survey_stage(&stage, &old),
                false => Ok(Survey::default()),
            },
        );
        Ok(Self {
            in_stage: in_stage?,
            untouched,
            place,
            lock,
            published,
            old,
        })
    }

    /// Looks through the published folder, where others may put files at any
    /// time: so this is done late. What is known of it holds only if the last to
    /// publish there was this site.
    pub(super) fn survey_output(&self, output: &Path) -> Result<Survey> {
        let files = &self.old.files;
        let contents = files.iter();
        let contents = contents.map(|(path, written)| (path, &written.content));
        if contents.eq(&self.published.files) {
            survey(output, &self.old.folders, files.keys().map(AsRef::as_ref))
        } else {
            survey(output, &Stamps::default(), std::iter::empty())
        }
    }
}

fn survey_stage(stage: &Path, old: &State) -> Result<Survey> {
    let left = &old.stage;
    survey(stage, &left.folders, left.files.keys().map(AsRef::as_ref))
}
