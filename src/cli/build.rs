//! `rigbook build`: writes the site to a folder.

use std::path::Path;
use std::time::Instant;

use super::Exit;
use super::args::Common;
use super::site::{Site, counted, folder_from_here, milliseconds, sorted};
use super::terminal::{Stream, Terminal};
use crate::io::Result;
use crate::io::writer::{Report, Request, must_stop, publish};
use crate::output::OutputTree;

/// Builds and publishes.
pub fn run(common: &Common, terminal: &Terminal) -> Result<Exit> {
    let start = Instant::now();
    let mut site = Site::open(common)?;
    // Before anything is compiled: the answer does not depend on it.
    site.destination()?;
    let compiled = site.compile()?;
    let mut diagnostics = compiled.diagnostics;
    let mut report = None;
    if !must_stop(&diagnostics, common.strict) {
        let publishing = Instant::now();
        let published = publish(&Request {
            tree: &compiled.value.tree,
            destination: &site.destination()?,
            state: site.state.as_deref(),
            strict: common.strict,
            progress: terminal,
        })?;
        report = published.drain_into(&mut diagnostics);
        site.timings.push(("publish", publishing.elapsed()));
    }
    site.save();
    terminal.clear_progress();
    let diagnostics = sorted(diagnostics);
    let folder = folder_from_here(site.loader.root());
    terminal.diagnostics(&diagnostics, Stream::Err, &folder);
    site.print_details(terminal);
    let counted = counted(&diagnostics);
    let Some(report) = report else {
        if terminal.is_for_people() {
            let counted = counted.unwrap_or_default();
            terminal.error_text(&format!("{counted}: nothing was published\n"));
        }
        return Ok(Exit::Content);
    };
    let time = milliseconds(start.elapsed());
    let mut summary = summary(&compiled.value.tree, &report, site.output());
    if let Some(counted) = counted {
        summary = format!("{summary}, with {counted}");
    }
    terminal.say(&format!("{summary} in {time}"));
    Ok(Exit::Fine)
}

/// "12 pages and 3 other files to `public`, 4 of them new or changed".
fn summary(tree: &OutputTree, report: &Report, output: &Path) -> String {
    let is_page = |path: &str| path.ends_with(".html");
    let pages = tree
        .iter()
        .filter(|(path, _)| is_page(path.as_str()))
        .count();
    let others = tree.len() - pages;
    let files = |count, name: &str| format!("{count} {name}{}", if count == 1 { "" } else { "s" });
    let shown = shown_output(output);
    let mut text = format!("published {}", files(pages, "page"));
    if others > 0 {
        text = format!("{text} and {}", files(others, "other file"));
    }
    text = format!("{text} to `{shown}`");
    if report.kept > 0 {
        text = format!("{text}, {} changed", report.written);
    }
    if report.removed > 0 {
        text = format!("{text}, {} removed", report.removed);
    }
    text
}

/// The output as the user would name it from here.
fn shown_output(output: &Path) -> String {
    let here = std::env::current_dir().ok();
    let below = here.and_then(|here| output.strip_prefix(here).ok());
    below.unwrap_or(output).display().to_string()
}
