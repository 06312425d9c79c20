//! The page that a link which leads nowhere was to lead to: one that moved or
//! has another name now, or whose name is misspelt.

use super::address::relative;
use super::page::Page;
use super::tree::Site;
use crate::diag::nearest;
use crate::parse::{Document, Kind};

/// The page that was meant: with the same name elsewhere, the section of that
/// name, one that had the address or name once, one of that title, or one with
/// a name that is near.
pub(super) fn near(site: &Site, page: &Page, path: &str) -> Option<String> {
    let name = path.rsplit('/').next().unwrap_or(path);
    // A page stands for no image, nor for another file.
    let ending = |path: &str| {
        path.rsplit_once('.')
            .map(|(_, ending)| ending.to_lowercase())
    };
    if ending(name).is_some_and(|e| e != "md" && e.chars().all(|c| c.is_ascii_alphanumeric())) {
        return None;
    }
    let same_name = site
        .paths()
        .find(|p| p.rsplit('/').next() == Some(name) && name != "_index.md");
    // `bikes.md` and `bikes/` for the section in the folder `bikes`.
    let stem = path.trim_end_matches('/');
    let stem = stem.strip_suffix(".md").unwrap_or(stem);
    let section = format!("{stem}/_index.md");
    let of_section = || {
        site.paths()
            .find(|p| *p == section.trim_start_matches("./"))
    };
    let word = word_of(path);
    let documents = || site.pages.iter().map(|page| page.document.as_ref());
    let named = |is: &dyn Fn(&Document) -> bool| {
        let found = documents().find(|document| is(document))?;
        Some(found.path.as_ref())
    };
    let found = same_name
        .or_else(of_section)
        .or_else(|| named(&|document| had_address(document, stem)))
        .or_else(|| named(&|document| had_id(document, word)))
        .or_else(|| of_title(site, word))
        .or_else(|| of_near_name(site, path, word))?;
    let way = relative_source(page.document.folder(), found);
    Some(format!("did you mean `{way}`?"))
}

/// What a page is called by its path: its file, or a section's folder.
fn word_of(path: &str) -> &str {
    let path = path.trim_end_matches('/');
    let path = path.strip_suffix("_index.md").unwrap_or(path);
    let path = path.trim_end_matches('/');
    let name = path.rsplit('/').next().unwrap_or(path);
    name.strip_suffix(".md").unwrap_or(name)
}

fn had_address(document: &Document, address: &str) -> bool {
    let mut aliases = document.front.aliases.iter();
    aliases.any(|alias| alias.value.trim_matches('/') == address)
}

/// Whether a document's component, category or build was called so.
fn had_id(document: &Document, id: &str) -> bool {
    let front = &document.front;
    let tables = [&front.component, &front.category, &front.build];
    let lists = { tables.into_iter().flatten() }.filter_map(|table| table.get("former"));
    lists.into_iter().any(|list| match &list.kind {
        Kind::Array(ids) => ids
            .iter()
            .any(|node| matches!(&node.kind, Kind::String(text) if text.as_ref() == id)),
        _ => false,
    })
}

/// The page whose title has the words of a name, if there is one alone.
fn of_title<'a>(site: &'a Site, name: &str) -> Option<&'a str> {
    let words = |text: &str| -> Vec<String> {
        let words = text.split(|c: char| !c.is_alphanumeric());
        let words = words.filter(|word| !word.is_empty());
        words.map(str::to_lowercase).collect()
    };
    let name = words(name);
    let mut found = { site.pages.iter() }.filter(|page| words(&page.title) == name);
    let first = found.next()?;
    (found.next().is_none() && !name.is_empty()).then(|| first.document.path.as_ref())
}

/// The page whose name is nearest; of several with that name, that whose path is.
fn of_near_name<'a>(site: &'a Site, path: &str, name: &str) -> Option<&'a str> {
    let meant = nearest(name, site.paths().map(word_of))?;
    let called = || site.paths().filter(|path| word_of(path) == meant);
    nearest(path, called()).or_else(|| called().next())
}

/// The relative path between two documents, as it stands in Markdown.
fn relative_source(folder: &str, to: &str) -> String {
    let from = match folder {
        "" => String::new(),
        _ => format!("{folder}/"),
    };
    let way = relative(&from, to);
    way.strip_prefix("./").unwrap_or(&way).to_string()
}
