//! Rigbook compiles guides whose content is data into static sites.

pub mod diag;
pub mod parse;
pub mod config;
pub mod site;
