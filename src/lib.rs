//! Rigbook compiles guides whose content is data into static sites.

pub mod calc;
pub mod catalog;
pub mod cli;
pub mod compile;
pub mod config;
pub mod diag;
pub mod directive;
pub mod expr;
pub mod io;
pub mod memo;
pub mod output;
pub mod parse;
pub mod render;
pub mod site;
pub mod source;
pub mod value;
