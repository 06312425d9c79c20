//! `rigbook check`: every diagnostic, and nothing written.

mod external;

use std::sync::Arc;
use std::time::{Instant, SystemTime};

use rayon::prelude::*;

use super::Exit;
use super::args::{Check, Common};
use super::site::{Site, counted, folder_from_here, milliseconds, sorted};
use super::terminal::{Stream, Terminal};
use crate::compile::Compiled;
use crate::diag::{Code, Diagnostic, Severity};
use crate::io::writer::{Progress as _, must_stop};
use crate::io::{Failure, Result};
use crate::lint;
use crate::output::{Entry, OutputTree, Recipe};
use crate::render::Guide;
use crate::value::Date;

/// Compiles and renders everything, and prints what is to be said about it.
pub fn run(check: &Check, common: &Common, terminal: &Terminal) -> Result<Exit> {
    let start = Instant::now();
    let mut site = Site::open_read_only(common)?;
    let compiled = site.compile()?;
    let mut diagnostics = compiled.diagnostics;
    diagnostics.extend(render(&compiled.value.tree, terminal));
    site.stopwatch.lap("render");
    let has_errors = diagnostics.iter().any(|d| d.severity == Severity::Error);
    diagnostics.extend(lints(check, &compiled.value, has_errors)?);
    site.stopwatch.lap("lint");
    if let (true, Some(guide)) = (check.external, working(&compiled.value)) {
        diagnostics.extend(external::external(guide)?);
        site.stopwatch.lap("links");
    }
    terminal.clear_progress();
    let diagnostics = sorted(diagnostics);
    let folder = folder_from_here(site.loader.root());
    terminal.diagnostics(&diagnostics, Stream::Out, &folder);
    site.print_details(terminal);
    if terminal.is_for_people() {
        let found = counted(&diagnostics).unwrap_or_else(|| "no errors".to_owned());
        let guides = compiled.value.guides.iter();
        let pages: usize = guides.map(|guide| guide.site.pages.len()).sum();
        let pages = match pages {
            1 => "1 page".to_owned(),
            pages => format!("{pages} pages"),
        };
        let time = milliseconds(start.elapsed());
        terminal.say(&format!("checked {pages} in {time}: {found}"));
    }
    Ok(if must_stop(&diagnostics, common.strict) {
        Exit::Content
    } else {
        Exit::Fine
    })
}

/// The lints of the working site; frozen editions stay as they are.
fn lints(check: &Check, compiled: &Compiled, has_errors: bool) -> Result<Vec<Diagnostic>> {
    let is_set = compiled.lints.get(Code::Stale).flatten().is_some();
    let request = lint::Request {
        levels: compiled.lints.clone(),
        all: check.all,
        has_errors,
        today: if check.stale || check.all || is_set {
            Some(today()?)
        } else {
            None
        },
        versions: compiled.versions.clone(),
    };
    Ok(working(compiled).map_or_else(Vec::new, |guide| {
        lint::lint(guide, &compiled.guides, &request)
    }))
}

/// The guide of the working site; none where all editions are frozen.
fn working(compiled: &Compiled) -> Option<&Arc<Guide>> {
    let is_working = |guide: &&Arc<Guide>| {
        let mut paths = guide.site.pages.iter().map(|page| &page.document.file.path);
        paths.any(|path| path.starts_with("content/"))
    };
    compiled.guides.iter().find(is_working)
}

/// The day at which figures are judged: of `SOURCE_DATE_EPOCH`, else of now, in
/// UTC.
fn today() -> Result<Date> {
    let seconds = match std::env::var("SOURCE_DATE_EPOCH") {
        Ok(text) => text.trim().parse::<u64>().map_err(|_| {
            Failure::usage(format!(
                "`SOURCE_DATE_EPOCH` must be seconds since 1970, found `{text}`"
            ))
        })?,
        Err(_) => SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs()),
    };
    let day = i32::try_from(seconds / 86_400).ok();
    day.and_then(Date::from_day_number)
        .ok_or_else(|| Failure::usage("`SOURCE_DATE_EPOCH` is beyond the calendar".to_owned()))
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
