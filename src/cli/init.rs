//! `rigbook init`: a small site that builds and shows what there is, or one made
//! from a guide in a single file.

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
        Some(file) => from_file(file, &dir, terminal)?,
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

/// Makes a site from one Markdown file, and says what to look at.
fn from_file(file: &Path, dir: &Path, terminal: &Terminal) -> Result<()> {
    let text = fs::read_to_string(file).map_err(|e| Failure::at("read", file, &e))?;
    let stem = file.file_stem().unwrap_or_default().to_string_lossy();
    let folder = file.parent().unwrap_or(Path::new(""));
    let made = from::convert(&text, &stem, &|path| folder.join(path).is_file());
    let gitignore = (FILES[0].0, FILES[0].1);
    let files = made
        .files
        .iter()
        .map(|(path, text)| (path.as_str(), text.as_str()));
    let command = format!("rigbook init --from {}", file.display());
    write_all(dir, files.chain([gitignore]), &command)?;
    for (image, to) in &made.copies {
        let (image, to) = (folder.join(image), dir.join(to));
        if let Some(folder) = to.parent() {
            fs::create_dir_all(folder).map_err(|e| Failure::at("create", folder, &e))?;
        }
        fs::copy(&image, &to).map_err(|e| Failure::at("copy", &image, &e))?;
    }
    let pages = made.files.len() - 1;
    terminal.say(&format!("made {pages} pages from `{}`", file.display()));
    if !made.notes.is_empty() {
        terminal.say("look at these:");
        for note in &made.notes {
            terminal.say(&format!("  {note}"));
        }
    }
    Ok(())
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
