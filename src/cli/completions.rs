//! `rigbook completions`: a script that completes commands and flags.

use clap::CommandFactory as _;

use super::Exit;
use super::args::{Arguments, Completions};
use super::terminal::Terminal;
use crate::io::Result;

/// Prints the script.
pub fn run(completions: &Completions, terminal: &Terminal) -> Result<Exit> {
    let mut script = Vec::new();
    let mut command = Arguments::command();
    clap_complete::generate(completions.shell, &mut command, "rigbook", &mut script);
    terminal.result_text(&String::from_utf8_lossy(&script));
    Ok(Exit::Fine)
}
