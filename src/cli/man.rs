//! `rigbook man`: the manual page, made from the same table as `--help`.

use clap::CommandFactory as _;

use super::Exit;
use super::args::Arguments;
use super::terminal::Terminal;
use crate::io::{Failure, Result};

/// Prints the page in roff.
pub fn run(terminal: &Terminal) -> Result<Exit> {
    let mut page = Vec::new();
    clap_mangen::Man::new(Arguments::command())
        .render(&mut page)
        .map_err(|e| Failure::environment(format!("can't make the manual page: {e}")))?;
    terminal.result_text(&String::from_utf8_lossy(&page));
    Ok(Exit::Fine)
}
