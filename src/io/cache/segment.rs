//! One file of results.

use std::collections::HashMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

use blake3::Hash;

/// A segment that is open for reading.
pub struct Segment {
    pub path: PathBuf,
    pub size: u64,
    file: Mutex<File>,
    index: HashMap<Hash, Place>,
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
        let mut file = File::open(path).ok()?;
        let size = file.metadata().ok()?.len();
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
            file: Mutex::new(file),
            index: bytes.chunks_exact(RECORD).filter_map(record).collect(),
        })
    }

    pub fn keys(&self) -> impl Iterator<Item = &Hash> {
        self.index.keys()
    }

    /// The result under a key; none if it is not there or damaged.
    pub fn get(&self, key: &Hash) -> Option<Arc<[u8]>> {
        let place = self.index.get(key)?;
        let mut bytes = vec![0; usize::try_from(place.length).ok()?];
        {
            let mut file = self.file.lock().ok()?;
            file.seek(SeekFrom::Start(place.offset)).ok()?;
            file.read_exact(&mut bytes).ok()?;
        }
        (check(&bytes) == place.check).then(|| bytes.into())
    }
}

/// Writes results to a new segment of a folder.
pub fn write_segment(folder: &Path, mut results: Vec<(Hash, Arc<[u8]>)>) -> std::io::Result<()> {
    std::fs::create_dir_all(folder)?;
    results.sort_by(|a, b| a.0.as_bytes().cmp(b.0.as_bytes()));
    let mut file = tempfile::Builder::new()
        .suffix(".new")
        .tempfile_in(folder)?;
    let mut index = Vec::with_capacity(results.len() * RECORD);
    let mut offset = 0_u64;
    {
        let mut out = std::io::BufWriter::new(file.as_file_mut());
        for (key, bytes) in &results {
            out.write_all(bytes)?;
            let length = bytes.len() as u64;
            index.extend(key.as_bytes());
            index.extend(offset.to_le_bytes());
            index.extend(length.to_le_bytes());
            index.extend(check(bytes));
            offset += length;
        }
        out.write_all(&index)?;
        out.write_all(&offset.to_le_bytes())?;
        out.write_all(blake3::hash(&index).as_bytes())?;
        out.write_all(MAGIC)?;
        out.flush()?;
    }
    let name = format!("{}.pack", &blake3::hash(&index).to_hex()[..16]);
    file.persist(folder.join(name)).map_err(|e| e.error)?;
    Ok(())
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
