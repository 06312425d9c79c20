//! The edit of `rigbook.toml` that a cut makes. Everything else in it, comments
//! and spacing too, stays as it was.

use std::io::Write as _;
use std::path::{Path, PathBuf};

use tempfile::NamedTempFile;

use crate::config::{Config, VersionEntry, VersionSource};
use crate::io::{Failure, Result};

/// The edited configuration, written whole beside the old one: a full disk
/// shows before anything is frozen, and the old one stays whole until then.
pub struct Draft {
    file: NamedTempFile,
    path: PathBuf,
}

impl Draft {
    pub fn write(root: &Path, text: &str) -> Result<Self> {
        let path = root.join("rigbook.toml");
        // What a link leads to is replaced, not the link.
        let path = path.canonicalize().unwrap_or(path);
        let file = draft(&path, text).map_err(|e| Failure::at("write", &path, &e))?;
        Ok(Self { file, path })
    }

    pub fn publish(self) -> Result<()> {
        let persisted = self.file.persist(&self.path);
        persisted.map_err(|e| Failure::at("write", &self.path, &e.error))?;
        Ok(())
    }
}

fn draft(path: &Path, text: &str) -> std::io::Result<NamedTempFile> {
    let permissions = std::fs::metadata(path)?.permissions();
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new()
        .prefix(".rigbook-")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(permissions)?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The configuration with the working site frozen as `id` and read from
/// `source` (a line of TOML), and going on as `next`.
pub fn cut(text: &str, config: &Config, id: &str, next: &str, source: &str) -> String {
    let working = (config.versions.iter()).find(|v| matches!(v.source, VersionSource::Work));
    let Some(working) = working else {
        let separator = if text.ends_with('\n') { "\n" } else { "\n\n" };
        return format!(
            "{text}{separator}{}\n{}",
            entry(next, next, None, "status = \"current\""),
            entry(id, id, None, &format!("status = \"archived\"\n{source}"))
        );
    };
    let (start, end) = block(text, working);
    let mut renewed = String::new();
    for line in text[start..end].split_inclusive('\n') {
        let key = line.split('=').next().unwrap_or_default().trim();
        match key {
            "id" | "title" => renewed.push_str(&line.replacen(id, next, 1)),
            // The day of the edition that was cut; the next one has none yet.
            "date" => {}
            _ => renewed.push_str(line),
        }
    }
    if !renewed.ends_with('\n') {
        renewed.push('\n');
    }
    let date = working.date.as_ref().map(|date| date.value.as_ref());
    let frozen = entry(
        id,
        &working.title,
        date,
        &format!("status = \"archived\"\n{source}"),
    );
    let gap = if renewed.ends_with("\n\n") { "" } else { "\n" };
    let rest = &text[end..];
    let after = if rest.is_empty() { "" } else { "\n" };
    format!("{}{renewed}{gap}{frozen}{after}{rest}", &text[..start])
}

fn entry(id: &str, title: &str, date: Option<&str>, rest: &str) -> String {
    let title = title.replace('\\', "\\\\").replace('"', "\\\"");
    let date = date.map_or(String::new(), |date| format!("date = {date}\n"));
    format!("[[versions]]\nid = \"{id}\"\ntitle = \"{title}\"\n{date}{rest}\n")
}

/// The lines of an entry: from its `[[versions]]` to the next table.
fn block(text: &str, version: &VersionEntry) -> (usize, usize) {
    let at = version.id.span.range.start.min(text.len());
    let start = text[..at].rfind("[[versions]]").unwrap_or(at);
    let end = text[at..].find("\n[").map_or(text.len(), |i| at + i + 1);
    (start, end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::read_config;
    use crate::diag::SourceFile;

    fn check(text: &str, expected: &str) {
        let config = read_config(&SourceFile::new("rigbook.toml", text)).value;
        let edited = cut(text, &config, "1.0", "2.0", "path = \"versions/1.0\"");
        assert_eq!(edited, expected);
    }

    #[test]
    fn a_site_without_editions_gets_two() {
        check(
            "title = \"x\" # mine\n",
            "title = \"x\" # mine\n\n[[versions]]\nid = \"2.0\"\ntitle = \"2.0\"\nstatus = \"current\"\n\n[[versions]]\nid = \"1.0\"\ntitle = \"1.0\"\nstatus = \"archived\"\npath = \"versions/1.0\"\n",
        );
    }

    #[test]
    fn the_working_entry_goes_on_and_the_rest_stays() {
        check(
            "title = \"x\"\n\n# Editions\n[[versions]]\nid = \"1.0\" # the first\ntitle = \"Edition 1.0\"\ndate = 2026-01-02\nstatus = \"current\"\n\n[units]\nCFM = { label = \"airflow\" }\n",
            "title = \"x\"\n\n# Editions\n[[versions]]\nid = \"2.0\" # the first\ntitle = \"Edition 2.0\"\nstatus = \"current\"\n\n[[versions]]\nid = \"1.0\"\ntitle = \"Edition 1.0\"\ndate = 2026-01-02\nstatus = \"archived\"\npath = \"versions/1.0\"\n\n[units]\nCFM = { label = \"airflow\" }\n",
        );
    }
}
