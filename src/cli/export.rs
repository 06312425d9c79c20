//! `rigbook export`: an edition as one HTML file, or the site as a folder that
//! opens from disk.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use super::Exit;
use super::args::{Common, Export};
use super::site::{Site, counted, folder_from_here, milliseconds, sorted};
use super::terminal::{Stream, Terminal};
use crate::compile::Compiled;
use crate::diag::Diagnostic;
use crate::io::git::Blobs;
use crate::io::writer::{Request, SOURCES, check_destination, must_stop, publish};
use crate::io::{Failure, Result, reason};
use crate::output::{OutputTree, Recipe};
use crate::render::{Guide, bundle, for_disk};
use crate::source::{Asset, Data};

/// Exports.
pub fn run(common: &Common, export: &Export, terminal: &Terminal) -> Result<Exit> {
    match &export.dir {
        Some(dir) => folder(common, dir, terminal),
        None => file(common, export.edition.as_deref(), terminal),
    }
}

fn file(common: &Common, edition: Option<&str>, terminal: &Terminal) -> Result<Exit> {
    let start = Instant::now();
    let mut site = Site::open(common)?;
    let compiled = site.compile()?;
    let mut diagnostics = compiled.diagnostics;
    let Compiled { tree, guides, .. } = compiled.value;
    let path = match &common.output {
        Some(path) => path.clone(),
        None => default_file(site.loader.root(), edition),
    };
    check_file(&path, site.loader.root())?;
    let mut written = None;
    if !must_stop(&diagnostics, common.strict) {
        let guide = find_edition(&guides, edition)?;
        let blobs = Blobs::default();
        let files = |path: &str| bytes(&tree, path, &blobs);
        let html = bundle(guide, &tree, &files).drain_into(&mut diagnostics);
        site.stopwatch.lap("bundle");
        if !must_stop(&diagnostics, common.strict) {
            write_whole(&path, html.as_bytes())?;
            written = Some(html.len());
        }
    }
    site.save();
    report(&site, diagnostics, terminal);
    let Some(size) = written else {
        return Ok(Exit::Content);
    };
    let size = match size {
        0..1_000_000 => format!("{} kB", size / 1000),
        _ => format!("{:.1} MB", size as f64 / 1e6),
    };
    let time = milliseconds(start.elapsed());
    terminal.say(&format!("exported `{}`, {size}, in {time}", path.display()));
    Ok(Exit::Fine)
}

/// The whole site in a folder, with links that name files.
fn folder(common: &Common, dir: &Path, terminal: &Terminal) -> Result<Exit> {
    let start = Instant::now();
    let mut site = Site::open(common)?;
    let home = std::env::home_dir();
    let versions = site.loader.version_folders();
    let destination = check_destination(dir, site.loader.root(), &versions, home.as_deref())?;
    let compiled = site.compile()?;
    let mut diagnostics = compiled.diagnostics;
    let tree = for_disk(&compiled.value.tree);
    let mut published = None;
    if !must_stop(&diagnostics, common.strict) {
        let request = Request {
            tree: &tree,
            destination: &destination,
            site: None,
            state: site.state.as_deref(),
            strict: common.strict,
            progress: terminal,
        };
        published = publish(&request)?.drain_into(&mut diagnostics);
    }
    site.save();
    terminal.clear_progress();
    report(&site, diagnostics, terminal);
    if published.is_none() {
        return Ok(Exit::Content);
    }
    let (files, time) = (tree.len(), milliseconds(start.elapsed()));
    let shown = dir.display();
    terminal.say(&format!(
        "exported {files} files to `{shown}` in {time}; open `index.html` in it"
    ));
    Ok(Exit::Fine)
}

fn report(site: &Site, diagnostics: Vec<Diagnostic>, terminal: &Terminal) {
    let diagnostics = sorted(diagnostics);
    let folder = folder_from_here(site.loader.root());
    terminal.diagnostics(&diagnostics, Stream::Err, &folder);
    site.print_details(terminal);
    if let Some(counted) = counted(&diagnostics)
        && terminal.is_for_people()
    {
        terminal.error_text(&format!("{counted}\n"));
    }
}

/// `guide.html` in the site, or `guide-1.0.html` for a named edition.
fn default_file(root: &Path, edition: Option<&str>) -> PathBuf {
    root.join(match edition {
        Some(id) => format!("guide-{id}.html"),
        None => "guide.html".to_owned(),
    })
}

fn find_edition<'a>(guides: &'a [Arc<Guide>], id: Option<&str>) -> Result<&'a Arc<Guide>> {
    let found = match id {
        Some(id) => guides.iter().find(|g| g.version.id.as_ref() == id),
        None => guides.first(),
    };
    found.ok_or_else(|| {
        let ids: Vec<&str> = guides.iter().map(|g| g.version.id.as_ref()).collect();
        let message = format!("there is no edition `{}`", id.unwrap_or_default());
        Failure::usage(message).help(format!("the site has: {}", ids.join(", ")))
    })
}

/// Only a file that an export may replace: a new one, or an HTML file that is
/// none of the site's sources. What stands in `static/` may be one, for readers
/// to take along.
fn check_file(path: &Path, root: &Path) -> Result<()> {
    let is_html = path
        .extension()
        .is_some_and(|e| e.eq_ignore_ascii_case("html"));
    let shown = path.display();
    if path.is_dir() {
        let message = format!("`{shown}` is a folder, and an export is one file");
        return Err(Failure::usage(message)
            .help("name a file such as `guide.html`, or write a folder with `--dir`"));
    }
    if !is_html {
        let message = format!("refusing to export to `{shown}`: its name must end in `.html`");
        return Err(Failure::usage(message));
    }
    let folder = std::path::absolute(path).ok();
    let folder = folder.and_then(|path| path.parent()?.canonicalize().ok());
    let is_in = |source: &&&str| {
        let real = root.join(source).canonicalize();
        let is_in = real.is_ok_and(|real| folder.as_ref().is_some_and(|f| f.starts_with(real)));
        is_in && **source != "static"
    };
    if let Some(source) = SOURCES.iter().find(is_in) {
        let message = format!("refusing to export to `{shown}`: the site is read from `{source}`");
        return Err(Failure::usage(message).help("name a file elsewhere, or in `static`"));
    }
    Ok(())
}

fn bytes(tree: &OutputTree, path: &str, blobs: &Blobs) -> Option<Arc<[u8]>> {
    match &tree.get(path)?.recipe {
        Recipe::Bytes(bytes) => Some(Arc::clone(bytes)),
        Recipe::Copy(asset) => asset_bytes(asset, blobs),
        Recipe::Render(render) => Some(render().value.into()),
    }
}

fn asset_bytes(asset: &Asset, blobs: &Blobs) -> Option<Arc<[u8]>> {
    match &asset.data {
        Data::Memory(bytes) => Some(Arc::clone(bytes)),
        Data::Disk(path) => Some(std::fs::read(path).ok()?.into()),
        Data::Blob { repository, id } => {
            let mut bytes = Vec::new();
            blobs.copy(repository, id, &mut bytes).ok()?;
            Some(bytes.into())
        }
    }
}

/// Writes a file beside its place and moves it there, so that the old one
/// stays whole until then.
fn write_whole(path: &Path, bytes: &[u8]) -> Result<()> {
    let failed = |e: &std::io::Error| {
        Failure::environment(format!("can't write `{}`: {}", path.display(), reason(e)))
    };
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    let folder = parent.unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".rigbook-")
        .tempfile_in(folder)
        .map_err(|e| failed(&e))?;
    file.write_all(bytes).map_err(|e| failed(&e))?;
    make_readable(file.as_file()).map_err(|e| failed(&e))?;
    file.persist(path).map_err(|e| failed(&e.error))?;
    Ok(())
}

/// A temporary file is its owner's alone; an export is for everybody.
#[cfg(unix)]
fn make_readable(file: &std::fs::File) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    file.set_permissions(std::fs::Permissions::from_mode(0o644))
}

#[cfg(not(unix))]
fn make_readable(_: &std::fs::File) -> std::io::Result<()> {
    Ok(())
}
