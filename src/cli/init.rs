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
            let bytes = fs::read(source).map_err(|e| Failure::at("read", source, &e))?;
            let text = String::from_utf8(bytes).map_err(|_| not_utf8(source))?;
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
    let pages = made
        .files
        .iter()
        .filter(|(path, _)| path.ends_with(".md"))
        .count();
    let made_of = match pages {
        1 => "made one page from".to_owned(),
        pages => format!("made {pages} pages from"),
    };
    terminal.say(&format!("{made_of} `{}`", source.display()));
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

/// The files of a guide, by their paths relative to its folder.
#[derive(Default)]
struct Files {
    pages: Vec<(String, String)>,
    others: Vec<String>,
    /// Markdown with components of JavaScript, which only its own program reads.
    programs: Vec<String>,
}

/// Reads the Markdown files of a folder, without what is hidden, links, and the
/// new site itself.
fn read_folder(folder: &Path, dir: &Path) -> Result<Files> {
    let mut found = Files::default();
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
                // A site that was made before is no part of the guide.
                if !path.join("rigbook.toml").is_file() {
                    left.push(path);
                }
                continue;
            }
            if !kind.is_file() {
                continue;
            }
            let below = path.strip_prefix(folder).unwrap_or(&path);
            let parts = below.iter().map(|part| part.to_string_lossy());
            let below = parts.collect::<Vec<_>>().join("/");
            let ending = name
                .rsplit_once('.')
                .map(|(_, ending)| ending.to_lowercase());
            match ending.as_deref() {
                Some("md" | "markdown") => {
                    let bytes = fs::read(&path).map_err(|e| Failure::at("read", &path, &e))?;
                    let text = String::from_utf8(bytes).map_err(|_| not_utf8(&path))?;
                    found.pages.push((below, text));
                }
                Some("mdx") => found.programs.push(below),
                _ => found.others.push(below),
            }
            if found.pages.len() > MOST_FILES {
                let message = format!("`{}` has too many files for a guide", folder.display());
                return Err(Failure::usage(message));
            }
        }
    }
    found.pages.sort();
    found.others.sort();
    found.programs.sort();
    Ok(found)
}

fn not_utf8(path: &Path) -> Failure {
    Failure::usage(format!("`{}` is not UTF-8", path.display()))
        .help("save it as UTF-8, or move it out of the folder")
}

fn from_folder(folder: &Path, dir: &Path) -> Result<from::Converted> {
    let found = read_folder(folder, dir)?;
    if found.pages.is_empty() {
        let message = format!("`{}` has no Markdown files", folder.display());
        return Err(Failure::usage(message));
    }
    let name = folder.canonicalize().ok();
    let name = name
        .as_deref()
        .and_then(Path::file_name)
        .unwrap_or_default()
        .to_string_lossy();
    let exists = |path: &str| folder.join(path).is_file();
    let mut made = from::convert_folder(&found.pages, &name, &found.others, &exists);
    if !found.programs.is_empty() {
        let list = found.programs.join(", ");
        made.notes.push(format!(
            "files in MDX were left out, call them `.md`: {list}"
        ));
    }
    Ok(made)
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
