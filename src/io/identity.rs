//! Which program this is: results of another one are not taken for its own.

use std::sync::LazyLock;

use blake3::Hash;

use super::worktree::Stamp;

/// A hash of the version and of the executable's stamp. It goes into caches
/// alone, never into a page.
pub fn identity() -> Hash {
    static IDENTITY: LazyLock<Hash> = LazyLock::new(|| {
        let mut hasher = blake3::Hasher::new();
        hasher.update(env!("CARGO_PKG_VERSION").as_bytes());
        let program = std::env::current_exe();
        if let Ok(path) = program
            && let Ok(metadata) = path.metadata()
        {
            // Neither place nor attributes: a copy or a link is the same one.
            let stamp = Stamp::of(&metadata);
            hasher.update(&stamp.size.to_le_bytes());
            hasher.update(&stamp.modified.to_le_bytes());
        }
        hasher.finalize()
    });
    *IDENTITY
}
