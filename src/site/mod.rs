//! Linking: documents and catalog in, a [`Site`] out, in which every page has
//! its address, its place in the tree and its neighbours, and every link can
//! be resolved. Nothing here renders.

mod address;
mod diff;
mod hint;
mod link;
mod page;
mod tree;

pub use address::{decode_path, encode_path, normalise, relative};
pub use diff::{PagesDiff, diff_pages};
pub use link::{LinkError, SCHEMES, Target, is_published, resolve, resolve_or_explain, scheme_of};
pub use page::{Page, PageId, PageKind};
pub use tree::{Site, build_site};
