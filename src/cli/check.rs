//! `rigbook check`: every diagnostic, and nothing written.

use std::time::Instant;

use rayon::prelude::*;

use super::Exit;
use super::args::Common;
use super::site::{Site, counted, folder_from_here, milliseconds, sorted};
use super::terminal::{Stream, Terminal};
use crate::diag::Diagnostic;
use crate::io::Result;
use crate::io::writer::{Progress as _, must_stop};
use crate::output::{Entry, OutputTree, Recipe};

/// Compiles and renders everything, and prints what is to be said about it.
pub fn run(common: &Common, terminal: &Terminal) -> Result<Exit> {
    let start = Instant::now();
    let mut site = Site::open_read_only(common)?;
    let compiled = site.compile()?;
    let mut diagnostics = compiled.diagnostics;
    let rendering = Instant::now();
    diagnostics.extend(render(&compiled.value.tree, terminal));
    site.timings.push(("render", rendering.elapsed()));
    terminal.clear_progress();
    let diagnostics = sorted(diagnostics);
    let folder = folder_from_here(site.loader.root());
    terminal.diagnostics(&diagnostics, Stream::Out, &folder);
    site.print_details(terminal);
    if terminal.is_for_people() {
        let found = counted(&diagnostics).unwrap_or_else(|| "no errors".to_owned());
        let files = compiled.value.tree.len();
        let time = milliseconds(start.elapsed());
        terminal.say(&format!("checked {files} files in {time}: {found}"));
    }
    Ok(if must_stop(&diagnostics, common.strict) {
        Exit::Content
    } else {
        Exit::Fine
    })
}

fn render(tree: &OutputTree, terminal: &Terminal) -> Vec<Diagnostic> {
    let entries: Vec<&Entry> = tree.iter().map(|(_, entry)| entry).collect();
    let total = entries.len();
    let diagnostics = entries.into_par_iter().enumerate().map(|(done, entry)| {
        let found = match &entry.recipe {
            Recipe::Render(render) => render().diagnostics,
            Recipe::Bytes(_) | Recipe::Copy(_) => Vec::new(),
        };
        terminal.rendered(done, total);
        found
    });
    diagnostics.flatten_iter().collect()
}
