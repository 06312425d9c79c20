//! `rigbook clean`: removes what the program wrote, and nothing else.

use super::Exit;
use super::args::Common;
use super::site::{STATE, Site};
use super::terminal::Terminal;
use crate::io::Result;
use crate::io::writer::clean;

/// Removes the published files and the caches.
pub fn run(common: &Common, terminal: &Terminal) -> Result<Exit> {
    let site = Site::open_read_only(common)?;
    let state = site.loader.root().join(STATE);
    let removed = clean(&site.destination()?, &state, terminal)?;
    let output = site.output().display();
    terminal.say(&match (removed.files, removed.left) {
        (0, 0) => "nothing was published".to_owned(),
        (files, 0) => format!("removed `{output}` with {files} files"),
        (files, left) => {
            format!(
                "removed {files} files from `{output}`, and left {left} that Rigbook did not write"
            )
        }
    });
    Ok(Exit::Fine)
}
