//! Rigbook compiles guides whose content is data into static sites.

pub mod config;
pub mod diag;
pub mod io;
pub mod memo;
pub mod output;
pub mod parse;
pub mod site;
pub mod source;
