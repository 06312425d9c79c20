//! Rendering: a linked site in, the recipes of its files out.

pub mod code;
pub mod diagram;
pub mod escape;
pub mod figure;
pub mod markdown;
pub mod table;
pub mod theme;
