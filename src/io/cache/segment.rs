//! One file of results.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blake3::Hash;
use rustc_hash::FxHashMap;

use crate::io::worktree::open_regular;

/// A segment that is open for reading.
pub struct Segment {
    pub path: PathBuf,
    pub size: u64,
    file: File,
    index: FxHashMap<Hash, Place>,
}

/// Where a result is, and the first bytes of its hash.
#[derive(Clone, Copy)]
struct Place {
    offset: u64,
    length: u64,
    check: [u8; 16],
}

const MAGIC: &[u8; 16] = b"rigbook-cache-1\n";
/// Offset of the index, hash of the index, magic.
const TRAILER: usize = 8 + 32 + 16;
/// Key, offset, length, check.
const RECORD: usize = 32 + 8 + 8 + 16;

impl Segment {
    /// Opens a segment; none if it is not whole.
    pub fn open(path: &Path) -> Option<Self> {
        if path.extension()? != "pack" {
            return None;
        }
        let (mut file, metadata) = open_regular(path).ok()?;
        let size = metadata.len();
        let trailer_at = size.checked_sub(TRAILER as u64)?;
        let mut trailer = [0; TRAILER];
        file.seek(SeekFrom::Start(trailer_at)).ok()?;
        file.read_exact(&mut trailer).ok()?;
        let (offset, rest) = trailer.split_first_chunk::<8>()?;
        let (hash, magic) = rest.split_first_chunk::<32>()?;
        let offset = u64::from_le_bytes(*offset);
        if magic != MAGIC || offset > trailer_at {
            return None;
        }
        let mut bytes = vec![0; usize::try_from(trailer_at - offset).ok()?];
        file.seek(SeekFrom::Start(offset)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        if blake3::hash(&bytes).as_bytes() != hash {
            return None;
        }
        Some(Self {
            path: path.to_owned(),
            size,
            file,
            index: bytes.chunks_exact(RECORD).filter_map(record).collect(),
        })
    }

    pub fn keys(&self) -> impl Iterator<Item = &Hash> {
        self.index.keys()
    }

    /// The result under a key; none if it is not there or damaged.
    pub fn get(&self, key: &Hash) -> Option<Arc<[u8]>> {
        let place = self.index.get(key).filter(|p| p.length <= self.size)?;
        let mut bytes = vec![0; usize::try_from(place.length).ok()?];
        read_at(&self.file, place.offset, &mut bytes).ok()?;
        verified(bytes, place)
    }
}

/// A segment that is being written. Results go to disk as they come, so that
/// memory holds their places alone.
pub struct Draft {
    file: tempfile::NamedTempFile,
    places: FxHashMap<Hash, Place>,
    end: u64,
}

impl Draft {
    /// A new segment of a folder, under a temporary name.
    pub fn new(folder: &Path) -> std::io::Result<Self> {
        std::fs::create_dir_all(folder)?;
        let file = tempfile::Builder::new()
            .suffix(".new")
            .tempfile_in(folder)?;
        Ok(Self {
            file,
            places: FxHashMap::default(),
            end: 0,
        })
    }

    /// Adds a result, unless there is one under the key already.
    pub fn put(&mut self, key: &Hash, bytes: &[u8]) -> std::io::Result<()> {
        if self.places.contains_key(key) {
            return Ok(());
        }
        let file = self.file.as_file_mut();
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(bytes)?;
        let place = Place {
            offset: self.end,
            length: bytes.len() as u64,
            check: check(bytes),
        };
        self.end += place.length;
        self.places.insert(*key, place);
        Ok(())
    }

    /// The result under a key; none if it is not there or damaged.
    pub fn get(&mut self, key: &Hash) -> Option<Arc<[u8]>> {
        let place = self.places.get(key)?;
        let mut bytes = vec![0; usize::try_from(place.length).ok()?];
        read_at(self.file.as_file(), place.offset, &mut bytes).ok()?;
        verified(bytes, place)
    }

    /// Ends the segment and gives it its name.
    pub fn finish(mut self) -> std::io::Result<()> {
        let mut places: Vec<(&Hash, &Place)> = self.places.iter().collect();
        places.sort_by_key(|(key, _)| key.as_bytes());
        let mut index = Vec::with_capacity(places.len() * RECORD + TRAILER);
        for (key, place) in places {
            index.extend(key.as_bytes());
            index.extend(place.offset.to_le_bytes());
            index.extend(place.length.to_le_bytes());
            index.extend(place.check);
        }
        let hash = blake3::hash(&index);
        index.extend(self.end.to_le_bytes());
        index.extend(hash.as_bytes());
        index.extend(MAGIC);
        let file = self.file.as_file_mut();
        file.seek(SeekFrom::Start(self.end))?;
        file.write_all(&index)?;
        // A failed write may have left bytes beyond the end.
        file.set_len(self.end + index.len() as u64)?;
        let folder = self.file.path().parent().map(Path::to_owned);
        let name = format!("{}.pack", &hash.to_hex()[..16]);
        let path = folder.unwrap_or_default().join(name);
        self.file.persist(path).map_err(|e| e.error)?;
        Ok(())
    }
}

/// Reads at a place of a file without moving in it, so that threads need not
/// wait for each other.
#[cfg(unix)]
fn read_at(file: &File, offset: u64, bytes: &mut [u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::read_exact_at(file, bytes, offset)
}

/// The same where such a read may end early.
#[cfg(windows)]
fn read_at(file: &File, mut offset: u64, mut bytes: &mut [u8]) -> std::io::Result<()> {
    while !bytes.is_empty() {
        match std::os::windows::fs::FileExt::seek_read(file, bytes, offset)? {
            0 => return Err(std::io::ErrorKind::UnexpectedEof.into()),
            count => {
                bytes = &mut bytes[count..];
                offset += count as u64;
            }
        }
    }
    Ok(())
}

fn verified(bytes: Vec<u8>, place: &Place) -> Option<Arc<[u8]>> {
    (check(&bytes) == place.check).then(|| bytes.into())
}

fn record(bytes: &[u8]) -> Option<(Hash, Place)> {
    let (key, rest) = bytes.split_first_chunk::<32>()?;
    let (offset, rest) = rest.split_first_chunk::<8>()?;
    let (length, check) = rest.split_first_chunk::<8>()?;
    let place = Place {
        offset: u64::from_le_bytes(*offset),
        length: u64::from_le_bytes(*length),
        check: check.try_into().ok()?,
    };
    Some((Hash::from_bytes(*key), place))
}

fn check(bytes: &[u8]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&blake3::hash(bytes).as_bytes()[..16]);
    half
}
