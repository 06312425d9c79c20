//! `rigbook init`: a small site that builds and shows what there is, or one made
//! from a guide that is there as Markdown.

mod from;

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::Init;
use super::terminal::Terminal;
use crate::io::{Failure, Result};

/// The files of a new site.
const FILES: [(&str, &str); 10] = [
    (".gitignore", include_str!("init/site/gitignore")),
    (
        "content/_index.md",
        include_str!("init/site/content/_index.md"),
    ),
    (
        "content/bikes/_index.md",
        include_str!("init/site/content/bikes/_index.md"),
    ),
    (
        "content/bikes/aurum.md",
        include_str!("init/site/content/bikes/aurum.md"),
    ),
    (
        "content/bikes/coast.md",
        include_str!("init/site/content/bikes/coast.md"),
    ),
    (
        "content/bikes/norden.md",
        include_str!("init/site/content/bikes/norden.md"),
    ),
    (
        "content/bikes/steppe.md",
        include_str!("init/site/content/bikes/steppe.md"),
    ),
    ("content/plan.md", include_str!("init/site/content/plan.md")),
    (
        "content/tyres/_index.md",
        include_str!("init/site/content/tyres/_index.md"),
    ),
    ("rigbook.toml", include_str!("init/site/rigbook.toml")),
];

/// Writes the files. No file that exists is touched.
pub fn run(init: &Init, terminal: &Terminal) -> Result<Exit> {
    let dir = init.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    match &init.from {
        Some(source) => from_markdown(source, &dir, terminal)?,
        None => write_all(&dir, FILES.map(|(path, text)| (path, text)), "rigbook init")?,
    }
    terminal.say(&format!("a new site is in `{}`", dir.display()));
    if let Some(dir) = &init.dir {
        terminal.say(&format!("  cd {}", dir.display()));
    }
    terminal.say("  rigbook serve --open    shows it in the browser and follows each save");
    terminal.say("  rigbook build           writes it to `public/`");
    Ok(Exit::Fine)
}

/// Makes a site from Markdown, and says what to look at.
fn from_markdown(source: &Path, dir: &Path, terminal: &Terminal) -> Result<()> {
    let (folder, made) = match source.is_dir() {
        true => (source, from_folder(source, dir)?),
        false => {
            let text = fs::read_to_string(source).map_err(|e| Failure::at("read", source, &e))?;
            let stem = source.file_stem().unwrap_or_default().to_string_lossy();
            let folder = source.parent().unwrap_or(Path::new(""));
            let exists = |path: &str| folder.join(path).is_file();
            (folder, from::convert(&text, &stem, &exists))
        }
    };
    let gitignore = (FILES[0].0, FILES[0].1);
    let files = made
        .files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let command = format!("rigbook init --from {}", source.display());
    write_all(dir, files.chain([gitignore]), &command)?;
    for (image, to) in &made.copies {
        let (image, to) = (folder.join(image), dir.join(to));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(|e| Failure::at("create", folder, &e))?;
        }
        fs::copy(&image, &to).map_err(|e| Failure::at("copy", &image, &e))?;
    }
    let pages = made.files.len() - 1;
    terminal.say(&format!("made {pages} pages from `{}`", source.display()));
    if !made.notes.is_empty() {
        terminal.say("look at these:");
        for note in &made.notes {
            terminal.say(&format!("  {note}"));
        }
    }
    Ok(())
}

/// How many files a guide has at most, so that the wrong folder is noticed.
const MOST_FILES: usize = 10_000;

/// Reads the Markdown files of a folder, without what is hidden, links, and the
/// new site itself.
fn from_folder(folder: &Path, dir: &Path) -> Result<from::Converted> {
    let mut sources = Vec::new();
    let mut left = vec![folder.to_path_buf()];
    while let Some(current) = left.pop() {
        let entries = fs::read_dir(&current).map_err(|e| Failure::at("read", &current, &e))?;
        for entry in entries {
            let entry = entry.map_err(|e| Failure::at("read", &current, &e))?;
            let path = entry.path();
            let kind = entry
                .file_type()
                .map_err(|e| Failure::at("read", &path, &e))?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with('.') || name == "node_modules" || path == dir {
                continue;
            }
            if kind.is_dir() {
                left.push(path);
            } else if kind.is_file() && name.to_lowercase().ends_with(".md") {
                let text = fs::read_to_string(&path).map_err(|e| Failure::at("read", &path, &e))?;
                let below = path.strip_prefix(folder).unwrap_or(&path);
                let parts = below.iter().map(|part| part.to_string_lossy());
                sources.push((parts.collect::<Vec<_>>().join("/"), text));
            }
            if sources.len() > MOST_FILES {
                let message = format!("`{}` has too many files for a guide", folder.display());
                return Err(Failure::usage(message));
            }
        }
    }
    if sources.is_empty() {
        let message = format!("`{}` has no Markdown files", folder.display());
        return Err(Failure::usage(message));
    }
    sources.sort();
    let name = folder.canonicalize().ok();
    let name = name
        .as_deref()
        .and_then(Path::file_name)
        .unwrap_or_default();
    let exists = |path: &str| folder.join(path).is_file();
    Ok(from::convert_folder(
        &sources,
        &name.to_string_lossy(),
        &exists,
    ))
}

fn write_all<'a>(
    dir: &Path,
    files: impl IntoIterator<Item = (&'a str, &'a str)> + Clone,
    command: &str,
) -> Result<()> {
    for (path, _) in files.clone() {
        let path = dir.join(path);
        // A site may move into a repository that has this file already.
        if path.symlink_metadata().is_ok() && !path.ends_with(".gitignore") {
            return Err(Failure::usage(format!("`{}` exists", path.display()))
                .help(format!("name a new folder: `{command} my-guide`")));
        }
    }
    for (path, text) in files {
        write_new(&dir.join(path), text)?;
    }
    Ok(())
}

fn write_new(path: &Path, text: &str) -> Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(|e| Failure::at("create", folder, &e))?;
    }
    let new = OpenOptions::new().write(true).create_new(true).open(path);
    match new.and_then(|mut file| file.write_all(text.as_bytes())) {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => Ok(()),
        written => written.map_err(|e| Failure::at("write", path, &e)),
    }
}
