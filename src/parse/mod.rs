//! Parsing: bytes of one file in, a [`Document`] or a tree of values with
//! spans out. Nothing here knows another file.

mod body;
mod braces;
mod calls;
mod document;
mod entities;
mod front;
mod html;
mod packed;
mod reader;
mod slips;
mod toml;
mod tree;
mod yaml;

pub use body::{Fence, Heading, HeadingPiece, LinkUse, Outline, markdown_options, outline};
pub use braces::{is_figure, single_braces};
pub use calls::{Masked, Part, Piece, mask, split};
pub use document::{Document, parse_document};
pub use front::FrontMatter;
pub use html::{
    HtmlBlock, HtmlTag, Markup, RAW_TEXT, html_comment, html_markup, html_tag, html_tags,
};
pub use packed::{pack_outline, unpack_outline};
pub use reader::Reader;
pub use toml::parse_toml;
pub use tree::{Kind, Node, Origin, Table};
pub use yaml::parse_yaml;
