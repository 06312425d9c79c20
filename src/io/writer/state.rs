//! Stamps of what was published, outside of the published folder.
//!
//! They tell a file that nobody has touched since, and from which inputs it was
//! made. A state that is lost or damaged costs time only.

use std::collections::BTreeMap;
use std::fs::Metadata;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use blake3::Hash;

use super::manifest::ContentHash;
use super::survey::Stamps;
use crate::io::identity::identity;
use crate::io::worktree::{Stamp, open_regular};

/// What is known of each published file.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Of everything that the site was made from, if nothing was to be said
    /// about it.
    pub site: Option<Hash>,
    pub files: BTreeMap<Arc<str>, Written>,
    /// Of the folders that hold some of these files and nothing else.
    pub folders: Stamps,
    pub stage: Left,
}

/// What a swap has left in the stage, so far as it is known: the site that was
/// published before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Left {
    /// The inode of each file that the site still has; none is 0.
    pub files: BTreeMap<Arc<str>, u64>,
    /// Of the folders that hold some of these files and nothing else.
    pub folders: Stamps,
}

/// A file as it was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Written {
    pub inputs: Hash,
    pub content: ContentHash,
    pub trace: Trace,
    /// Whether rendering it had something to say, which it must say again.
    pub spoke: bool,
}

/// What an edit would change. The time of attributes is not part of it, since
/// each new link to a file changes that.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    pub size: u64,
    pub modified: i128,
    pub inode: u64,
}

impl Trace {
    pub fn of(metadata: &Metadata) -> Self {
        let stamp = Stamp::of(metadata);
        Self {
            size: stamp.size,
            modified: stamp.modified,
            inode: stamp.inode,
        }
    }
}

const NAME: &str = "state";
const FIRST_BYTES: &[u8] = b"rigbook-state 3\n";

impl State {
    /// The state of the last build; empty if there is none that can be read.
    pub fn load(folder: &Path) -> Self {
        let bytes = Self::read(folder).unwrap_or_default();
        Self::parse(&bytes).unwrap_or_default()
    }

    /// The file's bytes; never of a link or a pipe in its place.
    fn read(folder: &Path) -> std::io::Result<Vec<u8>> {
        let (mut file, metadata) = open_regular(&folder.join(NAME))?;
        let mut bytes = Vec::with_capacity(usize::try_from(metadata.len()).unwrap_or(0) + 1);
        file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// The state of the last build, if it was of this very site.
    pub fn load_of(folder: &Path, site: &Hash) -> Option<Self> {
        let bytes = Self::read(folder).ok()?;
        let kept = bytes.get(FIRST_BYTES.len() + 32..)?.first_chunk::<32>()?;
        // Parsing takes longer than all else there is to do.
        (kept == site.as_bytes()).then_some(())?;
        Self::parse(&bytes).filter(|state| state.site == Some(*site))
    }

    /// Saves; failure is silent, since the next build can do without.
    pub fn save(&self, folder: &Path) {
        let temporary = folder.join("state.new");
        // What a killed build left, or a link: nothing is written through it.
        let _ = std::fs::remove_file(&temporary);
        let saved = std::fs::File::create_new(&temporary)
            .and_then(|mut file| file.write_all(&self.to_bytes()))
            .and_then(|()| std::fs::rename(&temporary, folder.join(NAME)));
        if saved.is_err() {
            let _ = std::fs::remove_file(&temporary);
            let _ = std::fs::remove_file(folder.join(NAME));
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.files.len() * 256);
        body.extend(self.site.map_or([0; 32], |site| *site.as_bytes()));
        put_all(&mut body, &self.files, |body, written| {
            body.extend(written.inputs.as_bytes());
            body.extend(written.content);
            body.extend(written.trace.size.to_le_bytes());
            body.extend(written.trace.modified.to_le_bytes());
            body.extend(written.trace.inode.to_le_bytes());
            body.push(u8::from(written.spoke));
        });
        put_all(&mut body, &self.folders, put_stamp);
        // Nearly all paths are those of the site: names are not said again.
        for path in self.files.keys() {
            let inode = self.stage.files.get(path).copied().unwrap_or(0);
            body.extend(inode.to_le_bytes());
        }
        put_all(&mut body, &self.stage.folders, put_stamp);
        let mut bytes = FIRST_BYTES.to_vec();
        bytes.extend(sum(&body));
        bytes.extend(body);
        bytes
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let rest = bytes.strip_prefix(FIRST_BYTES)?;
        let (hash, mut body) = rest.split_at_checked(32)?;
        if hash != sum(body) {
            return None;
        }
        let site: [u8; 32] = take(&mut body)?;
        let files: BTreeMap<Arc<str>, Written> = take_all(&mut body, |body| {
            Some(Written {
                inputs: Hash::from_bytes(take(body)?),
                content: take(body)?,
                trace: Trace {
                    size: u64::from_le_bytes(take(body)?),
                    modified: i128::from_le_bytes(take(body)?),
                    inode: u64::from_le_bytes(take(body)?),
                },
                spoke: take::<1>(body)? == [1],
            })
        })?;
        let folders = take_all(&mut body, take_stamp)?;
        let mut left = Vec::with_capacity(files.len());
        for path in files.keys() {
            let inode = u64::from_le_bytes(take(&mut body)?);
            left.extend((inode != 0).then(|| (Arc::clone(path), inode)));
        }
        let stage = Left {
            files: left.into_iter().collect(),
            folders: take_all(&mut body, take_stamp)?,
        };
        Some(Self {
            site: (site != [0; 32]).then(|| Hash::from_bytes(site)),
            files,
            folders,
            stage,
        })
        .filter(|_| body.is_empty())
    }
}

/// Adds the length of a map, then each path with its value.
fn put_all<T>(body: &mut Vec<u8>, map: &BTreeMap<Arc<str>, T>, put: impl Fn(&mut Vec<u8>, &T)) {
    body.extend((map.len() as u64).to_le_bytes());
    for (path, value) in map {
        body.extend(u16::try_from(path.len()).unwrap_or(0).to_le_bytes());
        body.extend(path.as_bytes());
        put(body, value);
    }
}

fn take_all<T>(
    body: &mut &[u8],
    take_value: impl Fn(&mut &[u8]) -> Option<T>,
) -> Option<BTreeMap<Arc<str>, T>> {
    let count = u64::from_le_bytes(take(body)?);
    let one = |_| {
        let length = usize::from(u16::from_le_bytes(take(body)?));
        let (path, rest) = body.split_at_checked(length)?;
        *body = rest;
        Some((std::str::from_utf8(path).ok()?.into(), take_value(body)?))
    };
    (0..count).map(one).collect()
}

fn put_stamp(body: &mut Vec<u8>, stamp: &Stamp) {
    body.extend(stamp.size.to_le_bytes());
    body.extend(stamp.modified.to_le_bytes());
    body.extend(stamp.changed.to_le_bytes());
    body.extend(stamp.inode.to_le_bytes());
}

fn take_stamp(body: &mut &[u8]) -> Option<Stamp> {
    Some(Stamp {
        size: u64::from_le_bytes(take(body)?),
        modified: i128::from_le_bytes(take(body)?),
        changed: i128::from_le_bytes(take(body)?),
        inode: u64::from_le_bytes(take(body)?),
    })
}

/// A hash of the state and of the program: another one makes other files of
/// equal inputs.
fn sum(body: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(identity().as_bytes());
    hasher.update(body);
    *hasher.finalize().as_bytes()
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (head, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*head)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_comes_back_and_damage_is_noticed() {
        let stamp = |modified| Stamp {
            size: 4_096,
            modified,
            changed: modified + 1,
            inode: 9,
        };
        let written = Written {
            inputs: blake3::hash(b"x"),
            content: [3; 16],
            trace: Trace {
                size: 5,
                modified: -7,
                inode: 11,
            },
            spoke: true,
        };
        let state = State {
            site: Some(blake3::hash(b"site")),
            files: [("a/b".into(), written), ("c".into(), written)].into(),
            folders: [("a".into(), stamp(-3))].into(),
            stage: Left {
                files: [("a/b".into(), u64::MAX)].into(),
                folders: [("d".into(), stamp(5)), ("d/e".into(), stamp(6))].into(),
            },
        };
        let bytes = state.to_bytes();
        let read = State::parse(&bytes).expect("it is whole");
        assert_eq!((read.site, &read.files), (state.site, &state.files));
        assert_eq!((read.folders, read.stage), (state.folders, state.stage));
        for at in 0..bytes.len() {
            let mut damaged = bytes.clone();
            damaged[at] ^= 1;
            assert!(State::parse(&damaged).is_none(), "byte {at}");
            assert!(State::parse(&bytes[..at]).is_none(), "cut at {at}");
        }
    }
}
