//! A guide in a folder of Markdown files: each file becomes a page in the same
//! place, one with products a section of theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::links::{Addresses, Around};
use super::table::{self, Outcome};
use super::tree::{self, Node};
use super::{
    Converted, Page, Writer, body_of, has_parts, page, quoted_prose, slug, told,
    without_front_matter,
};

/// A file of the folder: its path relative to it, and its text.
pub(crate) type Source = (String, String);

/// What stands in front matter and is kept.
const KEPT: [&str; 2] = ["description", "title"];

/// Converts a folder. `name` names it where its front page has no title;
/// `exists` says which paths, relative to it, are files.
pub(crate) fn convert_folder(
    sources: &[Source],
    name: &str,
    exists: &dyn Fn(&str) -> bool,
) -> Converted {
    let mut writer = Writer::new();
    let mut tables = Vec::new();
    let mut files: Vec<File> = Vec::new();
    let mut title = None;
    for (path, text) in sources {
        let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
        let from = writer.pages.len();
        let (root, body) = write_file(path, &text, &mut writer, &mut tables);
        if is_index(path) && !path.contains('/') {
            title = Some(root);
        }
        files.push(File {
            path: path.clone(),
            body,
            pages: from..writer.pages.len(),
        });
    }
    writer.made.notes.extend(tables.iter().map(told));
    let front_pages = missing_front_pages(&writer);
    let addresses: Vec<Addresses> = files
        .iter()
        .map(|file| Addresses::of(&writer.pages[file.pages.clone()], &file.body))
        .collect();
    let others: BTreeMap<&str, (&str, &Addresses)> = (files.iter().zip(&addresses))
        .filter_map(|(file, addresses)| {
            // The section's own page comes first by its path.
            let pages = writer.pages[file.pages.clone()].iter();
            let main = pages.min_by_key(|page| (!page.path.ends_with("_index.md"), &page.path))?;
            Some((file.path.as_str(), (main.path.as_str(), addresses)))
        })
        .collect();
    let mut made = std::mem::take(&mut writer.made);
    for (file, addresses) in files.iter().zip(&addresses) {
        let around = Around {
            folder: file.path.rsplit_once('/').map_or("", |(folder, _)| folder),
            others: &others,
            exists,
        };
        for page in &writer.pages[file.pages.clone()] {
            let body = addresses.rewrite(&page.path, &page.body, &around, &mut made);
            made.files.push((
                format!("content/{}", page.path),
                format!("{}{body}", page.front),
            ));
        }
    }
    made.files.extend(front_pages);
    let title = title.unwrap_or_else(|| name.to_owned());
    super::configure(&mut made, &title, &writer.units);
    made
}

/// A page for each folder that has none, so that its pages hang together.
fn missing_front_pages(writer: &Writer) -> Vec<(String, String)> {
    let paths: BTreeSet<&str> = writer.pages.iter().map(|page| page.path.as_str()).collect();
    let mut missing = BTreeMap::new();
    for path in &paths {
        let mut rest = *path;
        while let Some((folder, _)) = rest.rsplit_once('/') {
            rest = folder;
            let own = format!("{folder}/_index.md");
            if !paths.contains(own.as_str()) {
                let name = folder.rsplit('/').next().unwrap_or(folder);
                let title = quoted_prose(&crate::catalog::humanise(name));
                missing.insert(
                    format!("content/{own}"),
                    format!("+++\ntitle = {title}\n+++\n"),
                );
            }
        }
    }
    missing.into_iter().collect()
}

struct File {
    path: String,
    body: String,
    /// Those of the writer's pages that it became.
    pages: std::ops::Range<usize>,
}

/// Writes the pages of a file; returns its title and its text.
fn write_file(
    path: &str,
    text: &str,
    writer: &mut Writer,
    tables: &mut Vec<Outcome>,
) -> (String, String) {
    let (front, body) = without_front_matter(text);
    let kept = kept(front, path, writer);
    let stem = path.rsplit('/').next().unwrap_or(path);
    let stem = stem.rsplit_once('.').map_or(stem, |(stem, _)| stem);
    let mut root = tree::read(body, stem);
    if let Some(title) = kept.get("title") {
        root.title.clone_from(title);
    }
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let folder: Vec<String> = folder
        .split('/')
        .map(slug)
        .filter(|part| !part.is_empty())
        .collect();
    let folder = folder.join("/");
    // The front page keeps its tables: a category has a section of its own.
    if !(is_index(path) && folder.is_empty()) {
        root.level = root.level.max(1);
        table::expand(&mut root, 1, tables);
    }
    let title = root.title.clone();
    let description = kept.get("description");
    write(&root, path, &folder, stem, writer);
    let written = writer.pages.iter_mut().rev();
    if let Some(description) = description {
        let own = { written }.find(|page| page.front.contains(&quoted_prose(&title)));
        if let Some(page) = own {
            let line = format!("description = {}\n", quoted_prose(description));
            page.front.insert_str(4, &line);
        }
    }
    (title, body.to_owned())
}

fn write(root: &Node, path: &str, folder: &str, stem: &str, writer: &mut Writer) {
    let is_front = is_index(path) && folder.is_empty();
    if has_parts(root) && !is_front {
        let own = match is_index(path) {
            true => folder.to_owned(),
            false => writer.free(folder, stem),
        };
        writer.taken.insert(own.clone());
        writer.section(root, &own);
        return;
    }
    let own = match (is_index(path), folder) {
        (true, "") => "_index.md".to_owned(),
        (true, folder) => format!("{folder}/_index.md"),
        (false, _) => format!("{}.md", writer.free(folder, stem)),
    };
    writer.pages.push(plain_page(root, own, stem));
}

/// A file as one page; a number before its name is its place.
fn plain_page(root: &Node, path: String, stem: &str) -> Page {
    let digits: String = stem.chars().take_while(char::is_ascii_digit).collect();
    let weight = digits.parse::<u32>().ok();
    let weight = weight.map_or_else(String::new, |number| format!("weight = {number}\n"));
    let front = format!("{weight}title = {}\n", quoted_prose(&root.title));
    let mut anchors = root.anchors();
    anchors.retain(|anchor| !anchor.is_empty());
    page(path, &front, &body_of(root), anchors)
}

/// The keys of front matter that pages have here, too; a note says what else
/// there was.
fn kept(front: &str, path: &str, writer: &mut Writer) -> BTreeMap<String, String> {
    let mut kept = BTreeMap::new();
    let mut dropped: Vec<&str> = Vec::new();
    for line in front.lines().filter(|line| !line.trim().is_empty()) {
        let pair = line.split_once([':', '=']);
        let pair =
            pair.filter(|(key, value)| KEPT.contains(&key.trim()) && !value.trim().is_empty());
        match pair {
            Some((key, value)) => {
                let value = value.trim().trim_matches(['"', '\'']);
                kept.insert(key.trim().to_owned(), value.to_owned());
            }
            None => dropped.push(line.trim()),
        }
    }
    if !dropped.is_empty() {
        let dropped = dropped.join("; ");
        let note = format!("{path}: of its front matter this was dropped: {dropped}");
        writer.made.notes.push(note);
    }
    kept
}

fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ["readme.md", "index.md", "_index.md"].contains(&name.as_str())
}
