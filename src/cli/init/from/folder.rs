//! A guide in a folder of Markdown files: each file becomes a page in the same
//! place, one with products a section of theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::front::{self, Front};
use super::links::{Addresses, Around};
use super::names::{path_slug, quoted_prose, slug};
use super::table::{self, Outcome};
use super::tree::Node;
use super::writer::{Writer, front_page_of, has_parts};
use super::{Converted, configure, dropped, marks, order, titled, with_unix_lines};

/// A file of the folder: its path relative to it, and its text.
pub(crate) type Source = (String, String);

/// Converts a folder. `name` names it where its front page has no title;
/// `assets` are the paths, relative to it, of its other files, and `exists` says
/// which paths are files.
pub(crate) fn convert_folder(
    sources: &[Source],
    name: &str,
    assets: &[String],
    exists: &dyn Fn(&str) -> bool,
) -> Converted {
    let mut writer = Writer::default();
    let mut tables = Vec::new();
    let mut files = read_all((sources, name), assets, &mut writer, &mut tables);
    let title = (files.iter())
        .find(|file| file.is_front && file.folder.is_empty())
        .map(|file| file.root.title.clone());
    let with_products: Vec<(String, String)> = (files.iter())
        .filter(|file| has_parts(&file.root))
        .map(|file| (file.path.clone(), file.folder.clone()))
        .collect();
    for file in &files {
        writer.take(&file.folder);
    }
    // What has a fixed place comes before what gives way.
    files.sort_by_key(|file| !file.is_front);
    for file in &mut files {
        let from = writer.pages.len();
        let is_above = with_products
            .iter()
            .any(|(path, folder)| *path != file.path && is_below(folder, &file.folder));
        file.write(is_above, &mut writer);
        file.pages = from..writer.pages.len();
    }
    writer.notes.extend(tables.iter().map(Outcome::told));
    let mut made = Converted {
        notes: std::mem::take(&mut writer.notes),
        ..Converted::default()
    };
    rewrite(&files, &writer, name, exists, &mut made);
    made.files.extend(missing_front_pages(&writer));
    let title = title.unwrap_or_else(|| crate::catalog::humanise(name).to_string());
    configure(&mut made, &title, &writer.units);
    made
}

/// A file of the guide on its way to pages.
struct File {
    path: String,
    stem: String,
    /// Where its page stands, below `content/`.
    folder: String,
    /// Whether it is the page of that folder.
    is_front: bool,
    front: Front,
    root: Node,
    body: String,
    /// Those of the writer's pages that it became, its own first.
    pages: std::ops::Range<usize>,
}

fn read_all(
    (sources, name): (&[Source], &str),
    assets: &[String],
    writer: &mut Writer,
    tables: &mut Vec<Outcome>,
) -> Vec<File> {
    let order = order::order(sources, &mut writer.notes);
    let pages = sources.iter().filter(|(path, _)| !order::is_summary(path));
    let names: Vec<&str> = (pages.clone().map(|(path, _)| path))
        .chain(assets)
        .map(String::as_str)
        .collect();
    let places = places(pages.clone().map(|(path, _)| path.as_str()));
    // The names of files, and of the folders that they are in.
    let parts = pages.clone().flat_map(|(path, _)| path.split('/'));
    let guide: BTreeSet<String> = parts.map(|part| slug(stem_of(part))).collect();
    let mut files = Vec::new();
    for (path, text) in pages {
        let text = with_unix_lines(text);
        let (mut front, body) = front::read(&text);
        let body = marks::linked(&marks::rewritten(body), path, &names);
        writer.notes.extend(marks::unread(path, &body));
        let stem = stem_of(path).to_owned();
        let (folder, is_front) = places.get(path.as_str()).cloned().unwrap_or_default();
        let named = match (is_front, path.rsplit_once('/')) {
            (true, Some((above, _))) if is_index(path) => stem_of(above),
            (true, None) => name,
            _ => &stem,
        };
        let mut root = titled(&body, named, &mut front);
        if let Some(place) = order.get(path) {
            front.weight = front.weight.or(Some(place.number));
            let is_other = place.title != root.title && front.nav_title.is_none();
            front.nav_title = is_other.then(|| place.title.clone()).or(front.nav_title);
        }
        front.weight = front.weight.or_else(|| number_before(&stem));
        front.date = front.date.or_else(|| day_before(&stem));
        if front.draft && is_front && hides_others(&folder, path, &places) {
            front.draft = false;
            front
                .dropped
                .push("draft: true, which would hide the whole folder".to_owned());
        }
        writer.notes.extend(dropped(path, &front));
        root.level = root.level.max(1);
        table::expand(&mut root, &guide, tables);
        files.push(File {
            path: path.clone(),
            stem,
            folder,
            is_front,
            front,
            root,
            body,
            pages: 0..0,
        });
    }
    files
}

impl File {
    /// Writes its pages; `is_above` says whether products of other files stand
    /// below its folder.
    fn write(&self, is_above: bool, writer: &mut Writer) {
        let (root, front) = (&self.root, self.front.clone());
        let has_parts = has_parts(root);
        match (self.is_front, has_parts) {
            // A category holds no other.
            (true, true) if self.folder.is_empty() || is_above => {
                writer.overview(root, front, &self.folder);
            }
            (true, true) => writer.section(root, front, &self.folder),
            (true, false) => writer.page(root, front, front_page_of(&self.folder)),
            (false, has_parts) => {
                // One more page of the folder is not called so.
                let name = match is_index(&self.path) {
                    true => &root.title,
                    false => &self.stem,
                };
                let own = writer.free_page(&self.folder, name);
                match has_parts {
                    true => writer.section(root, front, &own),
                    false => writer.page(root, front, format!("{own}.md")),
                }
            }
        }
    }
}

/// The folder of each file, and whether the file is the page of it. Of several
/// that could be one is; without any it is a file called as the folder, in it
/// or beside it.
fn places<'a>(paths: impl Iterator<Item = &'a str>) -> BTreeMap<&'a str, (String, bool)> {
    let mut places: BTreeMap<&str, (String, bool)> =
        paths.map(|path| (path, (folder_of(path), false))).collect();
    let folders: BTreeSet<String> = places.values().map(|(folder, _)| folder.clone()).collect();
    let parents = folders.iter().flat_map(|folder| {
        std::iter::successors(Some(folder.as_str()), |below| {
            below.rsplit_once('/').map(|(above, _)| above)
        })
    });
    let all: BTreeSet<&str> = parents.collect();
    for folder in all {
        let rank = |path: &str| {
            let (own, name) = (folder_of(path), path_slug(stem_of(path)));
            let lower = path.rsplit('/').next().unwrap_or(path).to_lowercase();
            let index = INDEX.iter().position(|index| *index == lower);
            let last = folder.rsplit('/').next().unwrap_or_default();
            match index {
                Some(rank) if own == folder => Some(rank),
                _ if folder.is_empty() => None,
                None if own == folder && name == last => Some(INDEX.len()),
                None if joined(&own, &name) == folder => Some(INDEX.len() + 1),
                _ => None,
            }
        };
        let best = (places.keys().copied())
            .filter_map(|path| Some((rank(path)?, path)))
            .min();
        if let Some((_, path)) = best {
            places.insert(path, (folder.to_owned(), true));
        }
    }
    places
}

fn joined(folder: &str, name: &str) -> String {
    match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    }
}

/// Whether a folder is one or below another; all are below the guide's own.
fn is_below(folder: &str, above: &str) -> bool {
    let rest = folder.strip_prefix(above);
    above.is_empty() || rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn hides_others(folder: &str, path: &str, places: &BTreeMap<&str, (String, bool)>) -> bool {
    let mut others = places.iter().filter(|(other, _)| **other != path);
    folder.is_empty() || others.any(|(_, (other, _))| is_below(other, folder))
}

/// A file's folder, as the site names it.
fn folder_of(path: &str) -> String {
    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
    let parts = folder.split('/').map(path_slug);
    let parts: Vec<String> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("/")
}

fn stem_of(path: &str) -> &str {
    let name = path.rsplit('/').next().unwrap_or(path);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Names of the page of a folder, the first that there is.
const INDEX: [&str; 3] = ["_index.md", "index.md", "readme.md"];

fn is_index(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    INDEX.contains(&name.as_str())
}

/// A number before a file's name is its place.
fn number_before(stem: &str) -> Option<i64> {
    let digits: String = stem.chars().take_while(char::is_ascii_digit).collect();
    let is_number = stem[digits.len()..].starts_with(['-', '_', '.', ' ']) || digits == stem;
    digits
        .parse()
        .ok()
        .filter(|_| is_number && digits.len() < 4)
}

/// A day before a file's name is its date.
fn day_before(stem: &str) -> Option<String> {
    let day = stem.get(..10)?;
    crate::value::Date::parse(day).map(|_| day.to_owned())
}

/// Writes the pages with links that lead where they led.
fn rewrite(
    files: &[File],
    writer: &Writer,
    name: &str,
    exists: &dyn Fn(&str) -> bool,
    made: &mut Converted,
) {
    let addresses: Vec<Addresses> = (files.iter())
        .map(|file| Addresses::of(&writer.pages[file.pages.clone()], &file.body))
        .collect();
    let others = (files.iter().zip(&addresses)).filter_map(|(file, addresses)| {
        let own = writer.pages.get(file.pages.start)?;
        Some((file.path.as_str(), (own.path.as_str(), addresses)))
    });
    let others: BTreeMap<&str, (&str, &Addresses)> = others.collect();
    let hidden: BTreeSet<&str> = (files.iter())
        .filter(|file| file.front.draft)
        .flat_map(|file| &writer.pages[file.pages.clone()])
        .map(|page| page.path.as_str())
        .collect();
    for (file, addresses) in files.iter().zip(&addresses) {
        let around = Around {
            folder: file.path.rsplit_once('/').map_or("", |(folder, _)| folder),
            guide: name,
            others: &others,
            hidden: if file.front.draft {
                &BTreeSet::new()
            } else {
                &hidden
            },
            exists,
        };
        for page in &writer.pages[file.pages.clone()] {
            let body = addresses.rewrite(&page.path, &page.body, &around, made);
            made.files
                .push((format!("content/{}", page.path), page.text(&body)));
        }
    }
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
                let title = quoted_prose(&super::names::title_of_stem(name));
                missing.insert(
                    format!("content/{own}"),
                    format!("+++\ntitle = {title}\n+++\n"),
                );
            }
        }
    }
    missing.into_iter().collect()
}
