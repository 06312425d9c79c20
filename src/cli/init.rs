//! `rigbook init`: a small site that builds and shows what there is.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::Exit;
use super::args::Init;
use super::terminal::Terminal;
use crate::io::{Failure, Result};

/// The files of a new site.
const FILES: [(&str, &str); 9] = [
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
    (
        "content/tyres/_index.md",
        include_str!("init/site/content/tyres/_index.md"),
    ),
    ("rigbook.toml", include_str!("init/site/rigbook.toml")),
];

/// Writes the files. No file that exists is touched.
pub fn run(init: &Init, terminal: &Terminal) -> Result<Exit> {
    let dir = init.dir.clone().unwrap_or_else(|| PathBuf::from("."));
    for (path, _) in FILES {
        let path = dir.join(path);
        // A site may move into a repository that has this file already.
        if path.symlink_metadata().is_ok() && !path.ends_with(".gitignore") {
            return Err(Failure::usage(format!("`{}` exists", path.display()))
                .help("name a new folder: `rigbook init my-guide`"));
        }
    }
    for (path, text) in FILES {
        write_new(&dir.join(path), text)?;
    }
    terminal.say(&format!("a new site is in `{}`", dir.display()));
    if let Some(dir) = &init.dir {
        terminal.say(&format!("  cd {}", dir.display()));
    }
    terminal.say("  rigbook build    writes it to `public/`");
    Ok(Exit::Fine)
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
