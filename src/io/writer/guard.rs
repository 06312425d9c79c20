//! Refuses folders that must not be replaced by a site.

use std::path::{Path, PathBuf};

use crate::io::{Failure, Result};
use crate::output::MARKER;

/// A folder that may be published into: absolute, free of links, and checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Destination {
    pub path: PathBuf,
}

impl Destination {
    /// The folder that holds the destination.
    pub fn parent(&self) -> &Path {
        self.path.parent().unwrap_or(&self.path)
    }
}

/// The site's own folders, which an output must not touch.
pub const SOURCES: [&str; 6] = [
    "content", "static", "themes", "versions", ".rigbook", ".git",
];

/// Checks where a site wants to be published. `root` is the site; further
/// folders that it reads from (versions) are `sources`.
pub fn check_destination(
    output: &Path,
    root: &Path,
    sources: &[PathBuf],
    home: Option<&Path>,
) -> Result<Destination> {
    let path = real_path(output)?;
    let root = root
        .canonicalize()
        .map_err(|e| Failure::at("open", root, &e))?;
    let refuse = |why: String| refused(output, &why);
    if path.parent().is_none() {
        return Err(refuse("it is the root of the file system".to_owned()));
    }
    if path == root {
        return Err(refuse("it is the site itself".to_owned()));
    }
    if root.starts_with(&path) {
        return Err(refuse("it holds the site".to_owned()));
    }
    let home = home.and_then(|home| home.canonicalize().ok());
    if home.is_some_and(|home| home.starts_with(&path)) {
        return Err(refuse("it is or holds your home folder".to_owned()));
    }
    let own = SOURCES.iter().map(|name| root.join(name));
    let own = own.chain([root.join("rigbook.toml")]);
    for source in own.chain(sources.iter().cloned()) {
        let real = source.canonicalize().unwrap_or(source);
        if path.starts_with(&real) || real.starts_with(&path) {
            let name = match real.strip_prefix(&root) {
                Ok(name) if name.as_os_str().is_empty() => Path::new("."),
                name => name.unwrap_or(&real),
            };
            let name = name.display();
            return Err(refuse(format!("the site is read from `{name}`")));
        }
    }
    check_existing(output, &path)?;
    Ok(Destination { path })
}

fn check_existing(output: &Path, path: &Path) -> Result<()> {
    let metadata = match path.symlink_metadata() {
        Ok(metadata) => metadata,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(Failure::at("open", path, &error)),
    };
    if !metadata.is_dir() {
        return Err(refused(output, "it is a file"));
    }
    if path.join(".git").symlink_metadata().is_ok() {
        return Err(refused(output, "it is the root of a git work tree"));
    }
    let mut entries = std::fs::read_dir(path).map_err(|e| Failure::at("read", path, &e))?;
    if entries.next().is_none() {
        return Ok(());
    }
    let marker = path.join(MARKER);
    if !marker.symlink_metadata().is_ok_and(|m| m.is_file()) {
        return Err(refused(output, "it holds files that Rigbook did not write")
            .help("name a new or an empty folder, or empty this one yourself"));
    }
    Ok(())
}

fn refused(output: &Path, why: &str) -> Failure {
    Failure::usage(format!(
        "refusing to publish to `{}`: {why}",
        output.display()
    ))
    .help("name another folder with `--output`")
}

/// The path without links, of what exists of it. Names that do not exist yet
/// are taken as they are.
fn real_path(output: &Path) -> Result<PathBuf> {
    let mut path = std::path::absolute(output).map_err(|e| Failure::at("open", output, &e))?;
    let mut missing = Vec::new();
    loop {
        match path.canonicalize() {
            Ok(real) => {
                let mut real = real;
                real.extend(missing.iter().rev());
                return Ok(real);
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(Failure::at("open", output, &error)),
        }
        if path.symlink_metadata().is_ok() {
            return Err(refused(output, "it is a link that leads nowhere"));
        }
        let name = match path.components().next_back() {
            Some(std::path::Component::Normal(name)) => name.to_owned(),
            _ => return Err(refused(output, "its folder does not exist")),
        };
        missing.push(name);
        if !path.pop() {
            return Err(refused(output, "its folder does not exist"));
        }
    }
}
