//! The pages of a bundle: each rendered page's article with its ids made
//! unique and its links led to the other pages of the same document.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

use serde::Serialize;

use super::Files;
use super::markup::{Attribute, Change, inner, rewrite, unescape, without};
use crate::diag::{Code, Diagnostic, Severity};
use crate::site::{decode_path, encode_path, normalise};

/// A page as the bundle's template gets it.
#[derive(Debug, Serialize)]
pub struct BundlePage {
    /// Its id in the document: `/` and its address.
    pub id: String,
    pub title: String,
    /// What it is called in navigation.
    pub name: String,
    pub depth: usize,
    /// Whether no page leads to it as the next.
    pub apart: bool,
    /// The article.
    pub html: String,
}

/// What leads from one page to the others.
pub struct Linker<'a> {
    /// The addresses of the pages in the bundle.
    pub addresses: &'a BTreeSet<String>,
    /// The folder of the edition in the tree: empty or `1.0/`.
    pub prefix: &'a str,
    pub base_url: Option<&'a str>,
    pub files: &'a Files<'a>,
    /// The texts behind the download links, by path.
    pub downloads: Mutex<BTreeMap<String, String>>,
}

/// The largest file behind a download link that is taken into the bundle, in
/// bytes.
const DOWNLOAD: usize = 64 << 10;

/// The ids of a page in the bundle.
struct Ids {
    /// The page's own.
    page: String,
    number: usize,
}

impl Ids {
    /// What an id of the page is in the bundle. What readers can link to keeps
    /// its name behind the page's; parts of a drawing get a short name that is
    /// one in XML, too.
    fn of(&self, id: &str) -> String {
        match is_of_drawing(id) {
            true => format!("p{}-{id}", self.number),
            false => format!("{}:{id}", self.page),
        }
    }
}

/// Whether an id is that of a part of a diagram or a chart: `diagram-1-dg-2`,
/// `chart-1-desc`, `history-price-desc`.
fn is_of_drawing(id: &str) -> bool {
    let kinds = ["diagram-", "chart-"];
    let rest = kinds.iter().find_map(|kind| id.strip_prefix(kind));
    let part = rest.and_then(|rest| rest.split_once('-'));
    let numbered = part.is_some_and(|(number, _)| number.bytes().all(|b| b.is_ascii_digit()));
    let history = id.strip_prefix("history-");
    let field = history.and_then(|rest| rest.strip_suffix("-desc"));
    numbered || field.is_some_and(|field| !field.contains('-'))
}

impl Linker<'_> {
    /// Rewrites the HTML of the page at an address. `own` says whether ids
    /// belong to that page; in the shell they stay.
    pub fn lead(&self, html: &str, address: &str, own: bool, sink: &mut Vec<Diagnostic>) -> String {
        let number = self.addresses.iter().position(|known| known == address);
        let ids = Ids {
            page: page_id(address),
            number: number.unwrap_or(self.addresses.len()),
        };
        rewrite(html, &mut |attribute| {
            self.change(attribute, (address, &ids), own, sink)
        })
    }

    fn change(
        &self,
        attribute: Attribute<'_>,
        (address, ids): (&str, &Ids),
        own: bool,
        sink: &mut Vec<Diagnostic>,
    ) -> Change {
        let value = attribute.value;
        let id = |id: &str| ids.of(id);
        match attribute.name {
            "srcset" => Change::Drop,
            "href" | "xlink:href" if own && is_of_drawing(value.trim_start_matches('#')) => {
                Change::Set(format!("#{}", ids.of(value.trim_start_matches('#'))))
            }
            "href" | "xlink:href" | "data-url" => self.link(attribute, address, own),
            "src" if attribute.tag == "img" => self.image(value, address, sink),
            "src" => Change::Drop,
            _ if !own => Change::Keep,
            "id" | "for" | "name" => Change::Set(id(&unescape(value))),
            "headers"
            | "list"
            | "form"
            | "popovertarget"
            | "aria-labelledby"
            | "aria-describedby"
            | "aria-controls"
            | "aria-owns"
            | "aria-details"
            | "aria-flowto"
            | "aria-activedescendant"
            | "aria-errormessage" => {
                let ids: Vec<String> = value.split_whitespace().map(id).collect();
                Change::Set(ids.join(" "))
            }
            _ if value.contains("url(#") => {
                // Only drawings refer to ids in this way.
                let prefix = format!("url(#p{}-", ids.number);
                Change::Set(unescape(value).replace("url(#", &prefix))
            }
            _ => Change::Keep,
        }
    }

    fn link(&self, attribute: Attribute<'_>, address: &str, own: bool) -> Change {
        let value = unescape(attribute.value);
        if let Some(anchor) = value.strip_prefix('#') {
            return match own {
                true => Change::Set(fragment(address, Some(anchor))),
                false => Change::Keep,
            };
        }
        if has_scheme(&value) || value.starts_with("//") {
            return Change::Keep;
        }
        let (path, anchor) = match value.split_once('#') {
            Some((path, anchor)) => (path, Some(anchor)),
            None => (value.as_str(), None),
        };
        let Some(target) = self.target(path, address) else {
            return Change::Drop;
        };
        let inside = target.strip_prefix(self.prefix).map(str::to_owned);
        let page = inside.filter(|page| self.addresses.contains(page));
        if let Some(page) = page {
            return Change::Set(fragment(&page, anchor));
        }
        if attribute.tag_text.contains(" download")
            && let Some(text) = self.text(&target)
        {
            let downloads = self.downloads.lock();
            let mut downloads = downloads.unwrap_or_else(PoisonError::into_inner);
            downloads.insert(target.clone(), text);
            // Without the script that reads it, it leads to where it stands.
            return Change::SetWith(fragment(address, None), ("data-file", target));
        }
        match self.base_url {
            Some(base) => Change::Set(format!("{base}{}", encode_path(&target))),
            None => Change::Drop,
        }
    }

    /// A file's text, if it has one and is not too large to be taken along.
    fn text(&self, path: &str) -> Option<String> {
        let bytes = (self.files)(path).filter(|bytes| bytes.len() <= DOWNLOAD)?;
        String::from_utf8(bytes.to_vec()).ok()
    }

    /// The path in the tree that a relative address of a page means; a
    /// folder's ends with `/`.
    fn target(&self, path: &str, address: &str) -> Option<String> {
        let path = decode_path(path.split('?').next().unwrap_or_default())?;
        let folder = format!("{}{address}", self.prefix);
        let mut target = normalise(&folder, &path)?;
        let is_folder = path.is_empty() || path.ends_with('/') || path.ends_with('.');
        if is_folder && !target.is_empty() {
            target.push('/');
        }
        Some(target)
    }

    fn image(&self, value: &str, address: &str, sink: &mut Vec<Diagnostic>) -> Change {
        let value = unescape(value);
        if value.starts_with("data:") {
            return Change::Keep;
        }
        let file = self.target(&value, address);
        let found = file.and_then(|path| Some(((self.files)(&path)?, path)));
        let Some((bytes, path)) = found else {
            let message = format!("the image `{value}` of `{address}` is not in the site");
            sink.push(Diagnostic::new(
                Severity::Error,
                Code::BrokenLink,
                None,
                message,
            ));
            return Change::Drop;
        };
        if bytes.len() > super::LARGE_IMAGE {
            let message = format!(
                "the image `{path}` adds {} kB to the export",
                bytes.len() * 4 / 3 / 1000
            );
            sink.push(
                Diagnostic::new(Severity::Warning, Code::Limit, None, message)
                    .help("a smaller one, or one in WebP, keeps the file easy to mail"),
            );
        }
        Change::Set(super::data_uri(&path, &bytes))
    }
}

/// The id of the page at an address.
pub fn page_id(address: &str) -> String {
    format!("/{address}")
}

/// The link to a page, or to a place on it.
fn fragment(address: &str, anchor: Option<&str>) -> String {
    let page = encode_path(&page_id(address));
    match anchor.filter(|anchor| !anchor.is_empty()) {
        // State that a script reads, such as the choice for a comparison.
        Some(state) if state.contains('=') => format!("#{page}?{state}"),
        Some(anchor) => format!("#{page}:{anchor}"),
        None => format!("#{page}"),
    }
}

/// Whether an address starts with a scheme, such as `https:`.
fn has_scheme(address: &str) -> bool {
    let Some((scheme, _)) = address.split_once(':') else {
        return false;
    };
    let mut chars = scheme.chars();
    chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
}

/// The article of a rendered page, without what is of use on the website
/// alone.
pub fn article(html: &str) -> Option<String> {
    Some(without(inner(html, "<main", "</main>")?, " data-online"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(address: &str, html: &str, expected: &str) {
        let addresses: BTreeSet<String> = ["", "a/", "a/b/"].map(String::from).into();
        let files = |path: &str| match path {
            "1.0/a/t.csv" => Some(std::sync::Arc::from(&b"x,y"[..])),
            "1.0/a/p.png" => Some(std::sync::Arc::from(&b"png"[..])),
            _ => None,
        };
        let linker = Linker {
            addresses: &addresses,
            prefix: "1.0/",
            base_url: Some("https://example.org/g/"),
            files: &files,
            downloads: Mutex::default(),
        };
        let mut sink = Vec::new();
        assert_eq!(linker.lead(html, address, true, &mut sink), expected);
        assert_eq!(sink.len(), usize::from(expected.contains("<img>")));
    }

    #[test]
    fn links_between_pages_become_fragments() {
        check("a/", "<a href=\"b/\">", "<a href=\"#/a/b/\">");
        check("a/b/", "<a href=\"../../\">", "<a href=\"#/\">");
        check("a/b/", "<a href=\"../#x\">", "<a href=\"#/a/:x\">");
        check("a/b/", "<a href=\"./#x\">", "<a href=\"#/a/b/:x\">");
        check("a/", "<a href=\"#x\">", "<a href=\"#/a/:x\">");
        check("", "<a href=\"a/#c=x,y\">", "<a href=\"#/a/?c=x,y\">");
    }

    #[test]
    fn links_out_of_the_bundle_lead_to_the_site() {
        check(
            "a/",
            "<a href=\"../../2.0/\">",
            "<a href=\"https://example.org/g/2.0/\">",
        );
        check("a/", "<a href=\"../../../up/\">", "<a>");
        check(
            "a/",
            "<a href=\"https://x.org/a#b\">",
            "<a href=\"https://x.org/a#b\">",
        );
    }

    #[test]
    fn ids_and_their_references_go_together() {
        check(
            "a/",
            "<p id=\"x\" aria-labelledby=\"y z\"><label for=\"x\">",
            "<p id=\"/a/:x\" aria-labelledby=\"/a/:y /a/:z\"><label for=\"/a/:x\">",
        );
        check(
            "a/",
            "<i id=\"chart-1-g\" fill=\"url(#chart-1-g)\"><use href=\"#chart-1-g\"><a href=\"#chart-1\">",
            "<i id=\"p1-chart-1-g\" fill=\"url(#p1-chart-1-g)\"><use href=\"#p1-chart-1-g\"><a href=\"#/a/:chart-1\">",
        );
        check(
            "a/",
            "<svg aria-labelledby=\"history-top_speed-title history-top_speed-desc\">",
            "<svg aria-labelledby=\"/a/:history-top_speed-title p1-history-top_speed-desc\">",
        );
    }

    #[test]
    fn files_are_taken_in() {
        check(
            "a/",
            "<a href=\"t.csv\" download>",
            "<a href=\"#/a/\" data-file=\"1.0/a/t.csv\" download>",
        );
        check(
            "a/",
            "<img src=\"p.png\">",
            "<img src=\"data:image/png;base64,cG5n\">",
        );
        check("a/", "<img src=\"q.png\">", "<img>");
    }
}
