//! `rigbook clean`: removes what the program wrote, and nothing else.

use super::Exit;
use super::args::Common;
use super::site::{STATE, Site};
use super::terminal::Terminal;
use crate::io::writer::remove_published;
use crate::io::{Failure, Result};

/// Removes the published files and the caches.
pub fn run(common: &Common, terminal: &Terminal) -> Result<Exit> {
    let site = Site::open_read_only(common)?;
    let removed = remove_published(&site.destination()?)?;
    let state = site.loader.root().join(STATE);
    match std::fs::remove_dir_all(&state) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            return Err(Failure::at("remove", &state, &error));
        }
        _ => {}
    }
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
