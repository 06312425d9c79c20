//! Where an address in Markdown leads.

use std::sync::Arc;

use super::address::{decode_path, encode_path, normalise, relative};
use super::hint::near;
use super::page::{Page, PageId};
use super::tree::Site;
use crate::diag::help_nearest;

/// What an address in a page's Markdown leads to.
#[derive(Debug, PartialEq, Eq)]
pub enum Target {
    /// Somewhere else; the address as it was written.
    External(String),
    /// A page of this version and an anchor on it.
    Page(PageId, Option<String>),
    /// A file of this version, by its path in the version's folder, with the
    /// query or fragment that follows it.
    File(Arc<str>, String),
}

impl Target {
    /// The address to write into a page at `from`, relative to the version's
    /// root.
    pub fn href(&self, site: &Site, from: &str) -> String {
        match self {
            Target::External(address) => address.clone(),
            Target::Page(id, None) => relative(from, &site.page(*id).address),
            Target::Page(id, Some(anchor)) => {
                let page = site.page(*id);
                let anchor = encode_path(anchor);
                match page.address.as_ref() == from {
                    true => format!("#{anchor}"),
                    false => format!("{}#{anchor}", relative(from, &page.address)),
                }
            }
            Target::File(path, rest) => format!("{}{rest}", relative(from, path)),
        }
    }
}

/// Why an address leads nowhere, in words, and what may have been meant.
#[derive(Debug, PartialEq, Eq)]
pub struct LinkError {
    pub message: String,
    pub help: Option<String>,
}

/// The schemes that a link may have.
pub const SCHEMES: [&str; 5] = ["http", "https", "mailto", "tel", "ftp"];

/// Why an address leads nowhere. What may have been meant is looked for when
/// somebody is told, since it takes a look at every page.
enum Reason {
    Scheme(String),
    NotUtf8,
    /// Leads out of the site, to this path in it at most.
    Outside(String),
    /// Nothing is at this path.
    Missing(String),
    NoAnchor(PageId, String),
}

/// Resolves an address in a page's Markdown. `extra_anchor` says whether a page
/// has an anchor that is not in its Markdown, such as a listed component's.
pub fn resolve(
    site: &Site,
    page: &Page,
    address: &str,
    extra_anchor: &dyn Fn(PageId, &str) -> bool,
) -> Option<Target> {
    find(site, page, address, extra_anchor).ok()
}

/// The same, or why the address leads nowhere and what may have been meant.
pub fn resolve_or_explain(
    site: &Site,
    page: &Page,
    address: &str,
    extra_anchor: &dyn Fn(PageId, &str) -> bool,
) -> Result<Target, LinkError> {
    find(site, page, address, extra_anchor).map_err(|reason| explained(site, page, address, reason))
}

fn find(
    site: &Site,
    page: &Page,
    address: &str,
    extra_anchor: &dyn Fn(PageId, &str) -> bool,
) -> Result<Target, Reason> {
    if let Some(scheme) = scheme_of(address) {
        return match is_published(scheme) {
            true => Ok(Target::External(address.to_string())),
            false => Err(Reason::Scheme(scheme.to_string())),
        };
    }
    if address.starts_with("//") || address.starts_with('\\') {
        return Ok(Target::External(format!(
            "https:{}",
            address.replace('\\', "/")
        )));
    }
    let (path, rest) = split_path(address);
    let fragment = rest.split_once('#').map(|(_, fragment)| fragment);
    let path = decode_path(path).ok_or(Reason::NotUtf8)?;
    let id = match path.is_empty() {
        true => site.by_path(&page.document.path),
        false => None,
    };
    if let Some(id) = id {
        return with_anchor(site, id, fragment, extra_anchor);
    }
    let full = match path.strip_prefix('/') {
        Some(absolute) => normalise("", absolute),
        None => normalise(page.document.folder(), &path),
    };
    let Some(full) = full else {
        let inside = path.trim_start_matches("../");
        return Err(Reason::Outside(inside.to_string()));
    };
    if let Some(id) = page_at(site, &full) {
        return with_anchor(site, id, fragment, extra_anchor);
    }
    if let Some((file, ())) = site.assets.get_key_value(full.as_str()) {
        return Ok(Target::File(Arc::clone(file), rest.to_string()));
    }
    let file = full.strip_prefix("static/").unwrap_or(&full);
    if let Some((file, ())) = site.statics.get_key_value(file) {
        return Ok(Target::File(Arc::clone(file), rest.to_string()));
    }
    Err(Reason::Missing(full))
}

fn explained(site: &Site, page: &Page, address: &str, reason: Reason) -> LinkError {
    let broken = |why: &str, help| LinkError {
        message: format!("the link `{address}` {why}"),
        help,
    };
    match reason {
        Reason::Scheme(scheme) => LinkError {
            message: format!("links with `{scheme}:` are not published"),
            help: Some("allowed are http, https, mailto, tel and ftp".to_string()),
        },
        Reason::NotUtf8 => broken("is not UTF-8", None),
        Reason::Outside(inside) => {
            let help = page_at(site, &inside).map(|_| format!("did you mean `{inside}`?"));
            broken("leads out of the site", help)
        }
        Reason::Missing(path) => broken("leads to no page or file", near(site, page, &path)),
        Reason::NoAnchor(id, anchor) => {
            let page = site.page(id);
            LinkError {
                message: format!("`{}` has no anchor `#{anchor}`", page.document.path),
                help: help_nearest(&anchor, page.anchors().chain(page.entries())),
            }
        }
    }
}

/// The page whose document, folder or address a path is.
fn page_at(site: &Site, path: &str) -> Option<PageId> {
    let folder = || match path {
        "" => "_index.md".to_string(),
        _ => format!("{path}/_index.md"),
    };
    site.by_path(path)
        .or_else(|| site.by_path(&folder()))
        .or_else(|| site.by_address(&format!("{path}/")))
}

fn with_anchor(
    site: &Site,
    id: PageId,
    fragment: Option<&str>,
    extra_anchor: &dyn Fn(PageId, &str) -> bool,
) -> Result<Target, Reason> {
    let Some(fragment) = fragment.filter(|f| !f.is_empty()) else {
        return Ok(Target::Page(id, None));
    };
    let anchor = decode_path(fragment).unwrap_or_else(|| fragment.to_string());
    let page = site.page(id);
    if page.has_anchor(&anchor) || extra_anchor(id, &anchor) {
        return Ok(Target::Page(id, Some(anchor)));
    }
    Err(Reason::NoAnchor(id, anchor))
}

fn split_path(address: &str) -> (&str, &str) {
    let end = address.find(['?', '#']).unwrap_or(address.len());
    address.split_at(end)
}

/// Whether a link may have a scheme.
pub fn is_published(scheme: &str) -> bool {
    SCHEMES.contains(&scheme.to_ascii_lowercase().as_str())
}

/// The scheme of an absolute address. Control characters and spaces count as
/// part of it, since browsers drop them.
pub fn scheme_of(address: &str) -> Option<&str> {
    let (scheme, _) = address.split_once(':')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || "+-.".contains(c);
    let odd = |c: char| c.is_control() || c.is_whitespace();
    let valid = scheme.chars().all(|c| plain(c) || odd(c)) && !scheme.is_empty();
    valid.then_some(scheme)
}
