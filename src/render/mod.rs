//! Rendering: a linked guide in, the recipes of its files out.

mod body;
mod build;
mod bundle;
mod calculator;
mod changes;
pub mod chart;
mod claims;
pub mod code;
mod common;
mod component;
mod context;
mod data;
pub mod diagram;
mod direction;
pub mod escape;
mod figure;
mod guide;
mod hero;
mod history;
mod inputs;
mod jsonld;
pub mod markdown;
mod names;
mod nav;
mod page;
mod redirect;
pub mod search;
mod side_by_side;
mod table;
mod theme;
mod toc;
mod tree;
mod twin;

pub use bundle::{Files, bundle, for_disk};
pub use changes::{
    Changes, Compared, PageOf, Step, changes, changes_json, changes_text, insert_steps, step_page,
};
pub use common::{Common, page_text_hash};
pub use data::component_schema;
pub use guide::{Content, Guide, Index, Shared, Version, VersionPages, extra_anchor, names};
pub use inputs::headings;
pub use nav::Nav;
pub use page::render_page;
pub use redirect::{alias_address, insert_former};
pub use side_by_side::has_side_by_side;
pub use theme::{Templates, load};
pub use tree::{insert_guide, insert_root, insert_shared};
