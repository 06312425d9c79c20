//! `rigbook build`: writes the site to a folder.

use std::panic::resume_unwind;
use std::path::Path;
use std::time::Instant;

use blake3::Hash;

use super::Exit;
use super::args::Common;
use super::site::{Read, Site, counted, folder_from_here, milliseconds, sorted};
use super::stopwatch::Stopwatch;
use super::terminal::{Stream, Terminal};
use crate::compile::Compiled;
use crate::diag::Checked;
use crate::io::Result;
use crate::io::writer::{
    Destination, Prepared, Progress, Report, Request, is_current, must_stop, publish,
    publish_prepared,
};

/// Builds and publishes.
pub fn run(common: &Common, terminal: &Terminal) -> Result<Exit> {
    let start = Instant::now();
    let mut site = Site::open(common)?;
    // Before anything is compiled: the answer does not depend on it.
    site.destination()?;
    let read = site.read()?;
    let inputs = site.inputs(&read);
    // Now it is known which folders the editions are read from.
    let destination = site.destination()?;
    if let Some(report) = current(&site, &destination, &read, &inputs)? {
        site.print_details(terminal);
        let summary = summary(&report, site.output());
        let time = milliseconds(start.elapsed());
        terminal.say(&format!("{summary} in {time}"));
        return Ok(Exit::Fine);
    }
    let (compiled, prepared) = compile_and_prepare(&mut site, read, &destination);
    let mut diagnostics = compiled.diagnostics;
    let mut report = None;
    if !must_stop(&diagnostics, common.strict) {
        let request = Request {
            tree: &compiled.value.tree,
            destination: &destination,
            site: diagnostics.is_empty().then_some(inputs),
            state: site.state.as_deref(),
            strict: common.strict,
            progress: &Told {
                terminal,
                stopwatch: &site.stopwatch,
            },
        };
        let published = match prepared? {
            Some(prepared) => publish_prepared(&request, prepared),
            None => publish(&request),
        };
        report = published?.drain_into(&mut diagnostics);
        site.stopwatch.lap("publish");
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
    let published = Published {
        pages: count_pages(compiled.value.tree.iter().map(|(path, _)| path.as_str())),
        files: compiled.value.tree.len(),
        report,
    };
    let mut summary = summary(&published, site.output());
    if let Some(counted) = counted {
        summary = format!("{summary}, with {counted}");
    }
    terminal.say(&format!("{summary} in {time}"));
    // The system takes back the memory of a whole site faster than piece by
    // piece.
    std::mem::forget(compiled.value);
    Ok(Exit::Fine)
}

/// Compiles, and looks meanwhile at what is at the destination.
fn compile_and_prepare(
    site: &mut Site,
    read: Read,
    destination: &Destination,
) -> (Checked<Compiled>, Result<Option<Prepared>>) {
    let state = site.state.clone();
    let prepare = || Prepared::early(destination, state.as_deref());
    std::thread::scope(|scope| {
        let preparing = scope.spawn(prepare);
        let compiled = site.compile_read(read);
        let prepared = preparing.join();
        (
            compiled,
            prepared.unwrap_or_else(|panic| resume_unwind(panic)),
        )
    })
}

/// Tells the user how far it has come, and the stopwatch what has ended.
struct Told<'a> {
    terminal: &'a Terminal,
    stopwatch: &'a Stopwatch,
}

impl Progress for Told<'_> {
    fn rendered(&self, done: usize, total: usize) {
        self.terminal.rendered(done, total);
    }

    fn waiting(&self, holder: &str) {
        self.terminal.waiting(holder);
    }

    fn ended(&self, stage: &'static str) {
        self.stopwatch.lap(stage);
    }
}

/// What is in the output now, and how it came there.
struct Published {
    pages: usize,
    files: usize,
    report: Report,
}

/// The output of an earlier build, if it is the very same site.
fn current(
    site: &Site,
    destination: &Destination,
    read: &Read,
    inputs: &Hash,
) -> Result<Option<Published>> {
    let Some(state) = site.state.as_deref() else {
        return Ok(None);
    };
    if !read.project.diagnostics.is_empty() {
        return Ok(None);
    }
    let paths = is_current(destination, state, inputs)?;
    Ok(paths.map(|paths| Published {
        pages: count_pages(paths.iter().map(AsRef::as_ref)),
        files: paths.len(),
        report: Report {
            kept: paths.len(),
            ..Report::default()
        },
    }))
}

fn count_pages<'a>(paths: impl Iterator<Item = &'a str>) -> usize {
    paths.filter(|path| path.ends_with(".html")).count()
}

/// "12 pages and 3 other files to `public`, 4 changed".
fn summary(published: &Published, output: &Path) -> String {
    let (pages, report) = (published.pages, &published.report);
    let others = published.files - pages;
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
