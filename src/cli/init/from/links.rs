//! Links and images of the files that were, as those of the pages that are.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::Converted;
use super::tree::anchor;
use super::uses::{uses, with_marks_as_text};
use super::writer::Page;
use crate::diag::SourceFile;
use crate::parse::{HeadingPiece, Outline, outline, parse_document};
use crate::site::{decode_path, encode_path, is_published, normalise, scheme_of};

/// What a file may refer to beside itself.
pub(super) struct Around<'a> {
    /// The folder of the file, below that of the guide.
    pub folder: &'a str,
    /// The name of the guide's folder, with which some addresses begin.
    pub guide: &'a str,
    /// The other files by their paths: the page that each became, and its
    /// anchors.
    pub others: &'a BTreeMap<&'a str, (&'a str, &'a Addresses)>,
    /// Pages that are not published.
    pub hidden: &'a BTreeSet<&'a str>,
    /// Which paths, relative to the guide's folder, are files.
    pub exists: &'a dyn Fn(&str) -> bool,
}

/// Where the anchors of the one file are now, and what pages may need of it.
pub(super) struct Addresses {
    /// Path and anchor, by the anchor in the one file.
    anchors: BTreeMap<String, (String, Option<String>)>,
    /// Definitions of links and footnotes, by what they define.
    definitions: BTreeMap<String, String>,
}

/// Why an address leads nowhere.
#[derive(Clone, Copy)]
enum Lost {
    Nowhere,
    Draft,
    Scheme,
}

impl Lost {
    fn words(self) -> &'static str {
        match self {
            Self::Nowhere => "leads nowhere",
            Self::Draft => "leads to a draft",
            Self::Scheme => "is of a kind that is not published",
        }
    }
}

impl Addresses {
    pub fn of(pages: &[Page], text: &str) -> Self {
        let mut anchors = BTreeMap::new();
        for page in pages {
            if !page.anchor.is_empty() {
                anchors.insert(page.anchor.clone(), (page.path.clone(), None));
            }
            let outline = outline_of(page);
            let own = own_anchors(&outline);
            let below = match page.below.len() == own.len() {
                true => page
                    .below
                    .iter()
                    .zip(&own)
                    .map(|(was, (_, id))| (was.clone(), id.clone()))
                    .collect(),
                false => Vec::new(),
            };
            let html = outline
                .html_anchors
                .iter()
                .map(|id| (id.to_lowercase(), id.to_string()));
            for (was, id) in below.into_iter().chain(own).chain(html) {
                anchors.entry(was).or_insert((page.path.clone(), Some(id)));
            }
        }
        let defined = text.lines().filter_map(|line| {
            let name = line.trim_start().strip_prefix('[')?;
            let (name, rest) = name.split_once("]:")?;
            (!rest.trim().is_empty()).then(|| (name.to_lowercase(), line.trim().to_owned()))
        });
        Self {
            anchors,
            definitions: defined.collect(),
        }
    }

    /// A page's body with links that lead where they led.
    pub fn rewrite(
        &self,
        path: &str,
        body: &str,
        around: &Around<'_>,
        made: &mut Converted,
    ) -> String {
        let mut body = self.with_definitions(&with_marks_as_text(body));
        let mut edits: Vec<(Range<usize>, String)> = Vec::new();
        for found in uses(&body) {
            let address = match &found.url {
                url if url.trim().is_empty() => Err(Lost::Nowhere),
                url => match scheme_of(url) {
                    Some(scheme) if is_published(scheme) => continue,
                    Some(_) => Err(Lost::Scheme),
                    None if url.starts_with("//") => continue,
                    None => self.address(path, url, around, made),
                },
            };
            match address {
                Ok(new) => match &found.reference {
                    None => edits.push((found.address, new)),
                    // Its address is rewritten where it stands.
                    Some(name) if is_defined(&body, name) => {}
                    Some(_) => {
                        let mark = if found.image { "!" } else { "" };
                        edits.push((found.range, format!("{mark}[{}]({new})", found.label)));
                    }
                },
                Err(lost) => {
                    let what = if found.image { "image" } else { "link" };
                    made.notes.push(format!(
                        "content/{path}: the {what} to `{}` {} and became text",
                        found.url,
                        lost.words()
                    ));
                    edits.push((found.range, found.text));
                }
            }
        }
        // Of what stands in another, the outer one is first.
        edits.sort_by_key(|(range, _)| (range.start, std::cmp::Reverse(range.end)));
        let mut kept: Vec<(Range<usize>, String)> = Vec::new();
        for (range, new) in edits {
            if kept.last().is_none_or(|(last, _)| last.end <= range.start) {
                kept.push((range, new));
            }
        }
        for (range, new) in kept.into_iter().rev() {
            body.replace_range(range, &new);
        }
        self.with_defined_addresses(path, &body, around, made)
    }

    /// Rewrites the addresses of the body's own `[name]: address` lines.
    fn with_defined_addresses(
        &self,
        path: &str,
        body: &str,
        around: &Around<'_>,
        made: &mut Converted,
    ) -> String {
        let mut written = String::with_capacity(body.len());
        let mut defines = true;
        for line in body.split_inclusive('\n') {
            let found = definition(line).filter(|_| defines);
            defines = line.trim().is_empty() || found.is_some();
            let new = found.and_then(|(name, rest)| {
                let (address, title) = rest.split_once(' ').unwrap_or((rest, ""));
                let local = scheme_of(address).is_none();
                let new = local.then(|| self.address(path, address, around, made).ok())??;
                Some(format!("[{name}]: {new} {title}").trim_end().to_owned() + "\n")
            });
            written.push_str(new.as_deref().unwrap_or(line));
        }
        written
    }

    /// What a link's address becomes.
    fn address(
        &self,
        path: &str,
        url: &str,
        around: &Around<'_>,
        made: &mut Converted,
    ) -> Result<String, Lost> {
        let (file, anchor) = url.split_once('#').unwrap_or((url, ""));
        let anchor = decode_path(anchor).unwrap_or_default().to_lowercase();
        if file.is_empty() {
            let found = self.anchors.get(&anchor).ok_or(Lost::Nowhere)?;
            return Ok(to_anchor(path, found));
        }
        let file = file.split('?').next().unwrap_or_default();
        let file = decode_path(file).ok_or(Lost::Nowhere)?;
        let places = places(&file, around);
        for place in &places {
            if let Some((page, other)) = around.page(place) {
                if around.hidden.contains(page) {
                    return Err(Lost::Draft);
                }
                let found = other.anchors.get(&anchor);
                return Ok(
                    found.map_or_else(|| between(path, page), |found| to_anchor(path, found))
                );
            }
        }
        let is_file = |place: &&String| is_copied(place) && (around.exists)(place);
        let file = places.iter().find(is_file).ok_or(Lost::Nowhere)?;
        let to = file.trim_start_matches("../").to_owned();
        let copy = (file.clone(), format!("content/{to}"));
        if !made.copies.contains(&copy) {
            made.copies.push(copy);
        }
        Ok(encode_path(&between(path, &to)))
    }

    /// Adds the definitions that a page uses and does not have.
    fn with_definitions(&self, body: &str) -> String {
        let lower = body.to_lowercase();
        let mut whole = body.to_owned();
        for (name, line) in &self.definitions {
            let used = lower.contains(&format!("[{name}]"));
            let has = body.lines().any(|own| own.trim() == line);
            if used && !has {
                whole.push_str(&format!("\n{line}\n"));
            }
        }
        whole
    }
}

/// The name and the rest of a line `[name]: address`.
fn definition(line: &str) -> Option<(&str, &str)> {
    let (name, rest) = line.strip_prefix('[')?.split_once("]: ")?;
    (!name.starts_with('^')).then(|| (name, rest.trim()))
}

/// Whether a line of its own, behind a text's end, defines a name.
fn is_defined(body: &str, name: &str) -> bool {
    let mut defines = true;
    body.lines().any(|line| {
        let found = definition(line).filter(|_| defines);
        defines = line.trim().is_empty() || found.is_some();
        found.is_some_and(|(own, _)| own.eq_ignore_ascii_case(name))
    })
}

/// The way from a page to an anchor: a page, and a place on it.
fn to_anchor(path: &str, (target, below): &(String, Option<String>)) -> String {
    let below = below
        .as_ref()
        .map_or_else(String::new, |below| format!("#{below}"));
    match target == path {
        true if below.is_empty() => between(path, target),
        true => below,
        false => format!("{}{below}", between(path, target)),
    }
}

/// The anchors of a page's headings: as code hosts make them, and as they are
/// here.
fn own_anchors(outline: &Outline) -> Vec<(String, String)> {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    let headings = outline.headings.iter().map(|heading| {
        let text = heading.text.iter().map(|piece| match piece {
            HeadingPiece::Text(text) => text.as_str(),
            HeadingPiece::Call(_) => "",
        });
        let anchor = anchor(&text.collect::<String>());
        let count = seen.entry(anchor.clone()).or_insert(0);
        let was = match *count {
            0 => anchor,
            count => format!("{anchor}-{count}"),
        };
        *count += 1;
        (was, heading.id.to_string())
    });
    headings.collect()
}

fn outline_of(page: &Page) -> Outline {
    let file = SourceFile::new(page.path.as_str(), page.body.as_str());
    let document = parse_document(&page.path, &file).value;
    outline(&document, &|_| false).value
}

impl<'a> Around<'a> {
    /// The page of a file that an address means, however it names it.
    fn page(&self, place: &str) -> Option<(&'a str, &'a Addresses)> {
        let place = place.trim_end_matches('/');
        let bare = place.strip_suffix(".html").unwrap_or(place);
        let names = [
            place.to_owned(),
            format!("{bare}.md"),
            format!("{bare}.markdown"),
        ];
        let indexes = ["README.md", "index.md", "_index.md"].map(|name| match place {
            "" => name.to_owned(),
            place => format!("{place}/{name}"),
        });
        let mut names = names.iter().chain(&indexes);
        names.find_map(|name| self.others.get(name.as_str()).copied())
    }
}

/// Where in the guide's folder an address may lead.
fn places(file: &str, around: &Around<'_>) -> Vec<String> {
    let Some(below) = file.strip_prefix('/') else {
        return normalise(around.folder, file).into_iter().collect();
    };
    let Some(below) = normalise("", below) else {
        return Vec::new();
    };
    // A site's root may be the guide's folder, the one above, or that of its
    // static files.
    let own = below
        .strip_prefix(around.guide)
        .and_then(|rest| rest.strip_prefix('/'));
    let own = own.map(str::to_owned);
    let beside = ["static/", "../static/", "../public/"].map(|folder| format!("{folder}{below}"));
    [below.clone()]
        .into_iter()
        .chain(own)
        .chain(beside)
        .collect()
}

/// Whether a file may be published beside the pages.
fn is_copied(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    let is_hidden = |part: &str| part.starts_with('.') && part != "..";
    let is_page = [".md", ".mdx", ".markdown"]
        .iter()
        .any(|end| name.to_lowercase().ends_with(end));
    !path.split('/').any(is_hidden) && !is_page
}

/// The way from one file below `content/` to another.
pub(super) fn between(from: &str, to: &str) -> String {
    let mut from: Vec<&str> = from.split('/').collect();
    let mut to: Vec<&str> = to.split('/').collect();
    from.pop();
    while from.first() == to.first() && !from.is_empty() && to.len() > 1 {
        from.remove(0);
        to.remove(0);
    }
    let up = "../".repeat(from.len());
    format!("{up}{}", to.join("/"))
}
