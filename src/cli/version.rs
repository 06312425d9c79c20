//! `rigbook version`: lists the editions, and freezes the working site as one.

mod edit;
mod tag;

use std::path::Path;

use walkdir::WalkDir;

use super::Exit;
use super::args::{Common, Cut, Format, Version};
use super::site::{Site, folder_from_here, sorted};
use super::terminal::{Stream, Terminal};
use crate::config::{Config, Status, VersionEntry, VersionSource, read_config, version_id_fault};
use crate::diag::SourceFile;
use crate::io::writer::must_stop;
use crate::io::{Failure, Result};
use crate::output::OutputTree;
use tag::{check_commit, checked_repository, freeze_as_tag, tag};

/// Lists or cuts.
pub fn run(common: &Common, version: &Version, terminal: &Terminal) -> Result<Exit> {
    match version {
        Version::List => list(common, terminal),
        Version::Cut(cut) => freeze(common, cut, terminal),
    }
}

fn list(common: &Common, terminal: &Terminal) -> Result<Exit> {
    let site = Site::open_read_only(common)?;
    let (_, config) = configuration(site.loader.root())?;
    if common.format == Format::Json {
        let versions: Vec<serde_json::Value> = config.versions.iter().map(as_json).collect();
        let json = serde_json::Value::Array(versions);
        terminal.result_text(&format!("{json:#}\n"));
        return Ok(Exit::Fine);
    }
    let mut text = String::new();
    for version in &config.versions {
        let date = version.date.as_ref().map_or("-", |date| &date.value);
        let (id, title, status) = (&version.id.value, &version.title, version.status.name());
        let source = shown_source(version);
        text.push_str(&format!(
            "{id:<10} {status:<9} {date:<10} {title}  ({source})\n"
        ));
    }
    if text.is_empty() {
        "the site has one edition, without an id\n".clone_into(&mut text);
    }
    terminal.result_text(&text);
    Ok(Exit::Fine)
}

fn as_json(version: &VersionEntry) -> serde_json::Value {
    serde_json::json!({
        "id": version.id.value,
        "title": version.title,
        "status": version.status.name(),
        "date": version.date.as_ref().map(|date| &date.value),
        "source": shown_source(version),
    })
}

fn shown_source(version: &VersionEntry) -> String {
    match &version.source {
        VersionSource::Work => "the working site".to_owned(),
        VersionSource::Path(path) => format!("folder `{}`", path.value),
        VersionSource::Git(reference) => format!("git `{}`", reference.value),
    }
}

/// The text of `rigbook.toml` and what it says.
fn configuration(root: &Path) -> Result<(String, Config)> {
    let path = root.join("rigbook.toml");
    let text = std::fs::read_to_string(&path).map_err(|e| Failure::at("read", &path, &e))?;
    let config = read_config(&SourceFile::new("rigbook.toml", text.as_str())).value;
    Ok((text, config))
}

fn freeze(common: &Common, cut: &Cut, terminal: &Terminal) -> Result<Exit> {
    let mut site = Site::open(common)?;
    let root = site.loader.root().to_owned();
    let (text, config) = configuration(&root)?;
    check_ids(&config, cut)?;
    let git = cut
        .git
        .then(|| checked_repository(&root, cut))
        .transpose()?;
    let folder = root.join("versions").join(&cut.id);
    if git.is_none() {
        check_folder(&folder, &cut.id)?;
    }
    // What is frozen with a mistake keeps it for good.
    let read = site.read()?;
    let work = git.is_some().then(|| read.project.value.site.clone());
    let compiled = site.compile_read(read);
    let diagnostics = sorted(compiled.diagnostics);
    if must_stop(&diagnostics, common.strict) {
        terminal.diagnostics(&diagnostics, Stream::Err, &folder_from_here(&root));
        terminal.error_text("nothing was cut: mend these first\n");
        return Ok(Exit::Content);
    }
    check_free(&compiled.value.tree, &config, cut)?;
    if let (Some(git), Some(work)) = (&git, &work) {
        check_commit(git, work)?;
    }
    let source = match &git {
        Some(_) => format!("git = \"{}\"", tag(&cut.id)),
        None => format!("path = \"versions/{}\"", cut.id),
    };
    let edited = edit::cut(&text, &config, &cut.id, &cut.next, &source);
    check_edit(&edited, cut)?;
    let draft = edit::Draft::write(&root, &edited)?;
    match &git {
        Some(git) => freeze_as_tag(git, &cut.id)?,
        None => copy_site(&root, &folder)?,
    }
    draft.publish()?;
    let place = match git {
        Some(_) => format!("the tag `{}`", tag(&cut.id)),
        None => format!("`versions/{}`", cut.id),
    };
    terminal.say(&format!(
        "edition {} is frozen in {place}; the working site is {} now",
        cut.id, cut.next
    ));
    Ok(Exit::Fine)
}

/// Refuses a folder that is there, or would be made outside the site.
fn check_folder(folder: &Path, id: &str) -> Result<()> {
    let versions = folder.parent().expect("an edition is in `versions`");
    if versions.is_symlink() {
        return Err(Failure::usage("`versions` is a symbolic link")
            .help("make it a folder of the site: an edition behind a link would not be read"));
    }
    if folder.exists() {
        let message = format!("`versions/{id}` exists already");
        return Err(Failure::usage(message).help("an edition is frozen once; take another id"));
    }
    Ok(())
}

/// Refuses ids that are the first part of an address of the site: the edition
/// would stand in the same folder. One that is coming has its own already.
fn check_free(tree: &OutputTree, config: &Config, cut: &Cut) -> Result<()> {
    let is_there = |id: &String| {
        let mut versions = config.versions.iter();
        versions.any(|v| v.id.value.as_ref() == id && v.status != Status::Current)
    };
    for id in [&cut.id, &cut.next].into_iter().filter(|id| !is_there(id)) {
        let mut paths = tree.iter().map(|(path, _)| path.as_str());
        let is_taken = |path: &str| path.split('/').next() == Some(id.as_str());
        if let Some(taken) = paths.find(|path| is_taken(path)) {
            let message = format!("`{id}` can't be an edition's id: the site has `{taken}`");
            return Err(Failure::usage(message).help("an edition stands in a folder of its own"));
        }
    }
    Ok(())
}

/// Makes sure of an edit before anything is written: TOML can say the same in
/// ways that the edit does not know.
fn check_edit(edited: &str, cut: &Cut) -> Result<()> {
    let read = read_config(&SourceFile::new("rigbook.toml", edited));
    let of = |id: &str| {
        let versions = read.value.versions.iter();
        let found: Vec<_> = versions.filter(|v| v.id.value.as_ref() == id).collect();
        match found[..] {
            [one] => Some(matches!(one.source, VersionSource::Work)),
            _ => None,
        }
    };
    if !read.has_errors() && of(&cut.id) == Some(false) && of(&cut.next) == Some(true) {
        return Ok(());
    }
    Err(
        Failure::usage("`rigbook.toml` declares its editions in a way that can't be edited here")
            .help("write each as a `[[versions]]` table with `id`, `title` and `status` on lines of their own"),
    )
}

fn check_ids(config: &Config, cut: &Cut) -> Result<()> {
    for id in [&cut.id, &cut.next] {
        if let Some(help) = version_id_fault(id) {
            let message = format!("`{id}` can't be an edition's id");
            return Err(Failure::usage(message).help(help));
        }
    }
    if cut.id == cut.next {
        return Err(Failure::usage(
            "the frozen and the next edition need different ids",
        ));
    }
    let working = (config.versions.iter()).find(|v| matches!(v.source, VersionSource::Work));
    for version in &config.versions {
        let id = version.id.value.as_ref();
        let is_working = working.is_some_and(|w| w.id.value.as_ref() == id);
        if id == cut.next || (id == cut.id && !is_working) {
            let message = format!("the site has an edition `{id}` already");
            let source = shown_source(version);
            return Err(Failure::usage(message).help(format!("it is read from {source}")));
        }
    }
    match working {
        Some(working) if *working.id.value != *cut.id => {
            let id = &working.id.value;
            let message = format!("the working site is edition `{id}`, not `{}`", cut.id);
            Err(Failure::usage(message)
                .help(format!("`rigbook version cut {id} --next {}`", cut.next)))
        }
        None if !config.versions.is_empty() => Err(Failure::usage(
            "no edition in `rigbook.toml` is the working site",
        )
        .help("an entry of `[[versions]]` without `path` and `git` is")),
        _ => Ok(()),
    }
}

/// Copies what an edition is read from: into a folder beside, which then takes
/// its place at once.
fn copy_site(root: &Path, folder: &Path) -> Result<()> {
    let versions = root.join("versions");
    std::fs::create_dir_all(&versions).map_err(|e| Failure::at("make", &versions, &e))?;
    let draft = tempfile::Builder::new()
        .prefix(".cut-")
        .tempdir_in(&versions)
        .map_err(|e| Failure::at("write to", &versions, &e))?;
    copy_file(
        &root.join("rigbook.toml"),
        &draft.path().join("rigbook.toml"),
    )?;
    for name in ["content", "static"] {
        let from = root.join(name);
        for entry in WalkDir::new(&from).into_iter().flatten() {
            let Ok(below) = entry.path().strip_prefix(root) else {
                continue;
            };
            let to = draft.path().join(below);
            if entry.file_type().is_dir() {
                std::fs::create_dir_all(&to).map_err(|e| Failure::at("make", &to, &e))?;
            } else if entry.file_type().is_file() {
                copy_file(entry.path(), &to)?;
            }
        }
    }
    let draft = draft.keep();
    make_readable(&draft).map_err(|e| Failure::at("write", &draft, &e))?;
    std::fs::rename(&draft, folder).map_err(|e| {
        let _ = std::fs::remove_dir_all(&draft);
        Failure::at("make", folder, &e)
    })
}

fn copy_file(from: &Path, to: &Path) -> Result<()> {
    std::fs::copy(from, to).map_err(|e| Failure::at("copy", from, &e))?;
    Ok(())
}

/// A temporary folder is its owner's alone; an edition is not.
#[cfg(unix)]
fn make_readable(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::set_permissions(folder, std::fs::Permissions::from_mode(0o755))
}

#[cfg(not(unix))]
fn make_readable(_: &Path) -> std::io::Result<()> {
    Ok(())
}
