//! `rigbook diff`: what changed between two editions.

use super::Exit;
use super::args::{Common, Diff, Format};
use super::site::compiled_or_told;
use super::terminal::Terminal;
use crate::diag::help_nearest;
use crate::io::{Failure, Result};
use crate::render::{Guide, changes, changes_json, changes_text};

/// Compares two editions and prints what differs.
pub fn run(common: &Common, diff: &Diff, terminal: &Terminal) -> Result<Exit> {
    let Some(compiled) = compiled_or_told(common, terminal)? else {
        return Ok(Exit::Content);
    };
    let guides: Vec<&Guide> = compiled.guides.iter().map(AsRef::as_ref).collect();
    let changes = changes(
        edition(&guides, &diff.from)?.into(),
        edition(&guides, &diff.to)?.into(),
    );
    let text = match common.format {
        Format::Json => format!("{:#}\n", changes_json(&changes)),
        Format::Human | Format::Github => changes_text(&changes, None),
    };
    terminal.result_text(&text);
    Ok(Exit::Fine)
}

fn edition<'a>(guides: &[&'a Guide], id: &str) -> Result<&'a Guide> {
    if let Some(guide) = guides.iter().find(|g| g.version.id.as_ref() == id) {
        return Ok(guide);
    }
    let known = guides.iter().map(|guide| guide.version.id.as_ref());
    let failure = Failure::usage(format!("there is no version `{id}`"));
    Err(match help_nearest(id, known) {
        Some(help) => failure.help(help),
        None => failure.help("`[[versions]]` in `rigbook.toml` lists them"),
    })
}
