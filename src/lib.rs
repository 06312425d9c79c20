//! Rigbook compiles guides whose content is data into static sites.

pub mod diag;
pub mod io;
pub mod render;
