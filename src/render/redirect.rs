//! Redirects to where pages are now: from their aliases, from where a renamed
//! component stood below its section, and from where another edition has a page
//! that the current one has elsewhere or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::guide::{Guide, VersionPages};
use super::page::base_context;
use super::tree::{insert, rendered};
use crate::catalog::{Component, Place};
use crate::config::Status;
use crate::diag::{Checked, Code, Diagnostic};
use crate::output::{Entry, Origin, OutputTree};
use crate::site::{Page, relative};

/// Where changes are told of unless an author does.
const CHANGES: &str = "changes/";

/// Where a redirect leads.
#[derive(Clone)]
struct Target {
    address: Arc<str>,
    /// Of a component that a page lists.
    anchor: Option<Arc<str>>,
    title: Arc<str>,
}

/// Adds a redirect for each alias of a page.
pub fn insert_aliases(tree: &mut OutputTree, guide: &Arc<Guide>, sink: &mut Vec<Diagnostic>) {
    for page in &guide.site.pages {
        for alias in &page.document.front.aliases {
            let Some(from) = alias_address(&alias.value) else {
                let message = format!("`{}` can't be an alias", alias.value);
                sink.push(
                    Diagnostic::error(Code::InvalidValue, alias.span.clone(), message)
                        .help("an alias is a path from the version's root, such as `/old/place/`"),
                );
                continue;
            };
            let path = &page.document.file.path;
            let name = format!("the alias `{}` of `{path}`", alias.value);
            let origin = Origin::at(name, alias.span.clone());
            let target = Target {
                address: Arc::clone(&page.address),
                anchor: None,
                title: Arc::clone(&page.title),
            };
            insert_redirect(tree, guide, (from, target), origin, sink);
        }
    }
}

/// Adds the redirects that renamed, moved and removed pages need. Nothing gives
/// way to them: all else must stand in the tree already.
pub fn insert_former(tree: &mut OutputTree, guides: &[Arc<Guide>]) {
    for guide in guides {
        let mut found = former_addresses(guide);
        for (from, target) in addresses_of_others(guide) {
            found.entry(from).or_insert(target);
        }
        for (from, target) in found {
            let path = format!("{}{}", guide.version.prefix, file_of(&from));
            let origin = Origin::named(format!("the former address of {}", target.title));
            if tree.get(&path).is_none() {
                let entry = entry(guide, from, target, origin);
                // What is there by another spelling stays as well.
                let _ = tree.insert(&path, entry);
            }
        }
    }
}

/// Leads from where the page about an edition's changes is generated to the one
/// that its author wrote, in the same edition, if nothing stands there.
pub fn insert_changes_redirect(
    tree: &mut OutputTree,
    guide: &Arc<Guide>,
    page: &str,
    title: &str,
    sink: &mut Vec<Diagnostic>,
) {
    let prefix = guide.version.prefix.as_ref();
    let path = format!("{prefix}{}", file_of(CHANGES));
    let Some(address) = page.strip_prefix(prefix) else {
        return;
    };
    let is_own = guide.site.by_address(address).is_some();
    if !is_own || tree.get(&path).is_some() {
        return;
    }
    let target = Target {
        address: address.into(),
        anchor: None,
        title: title.into(),
    };
    let origin = Origin::named("the address of generated changes");
    let from = CHANGES.to_owned();
    insert_redirect(tree, guide, (from, target), origin, sink);
}

fn insert_redirect(
    tree: &mut OutputTree,
    guide: &Arc<Guide>,
    (from, target): (String, Target),
    origin: Origin,
    sink: &mut Vec<Diagnostic>,
) {
    let path = format!("{}{}", guide.version.prefix, file_of(&from));
    insert(tree, &path, entry(guide, from, target, origin), sink);
}

fn entry(guide: &Arc<Guide>, from: String, target: Target, origin: Origin) -> Entry {
    let mut hasher = blake3::Hasher::new();
    hasher.update(guide.inputs.as_bytes());
    for part in [&from, target.address.as_ref(), target.title.as_ref()] {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    let renderer = Arc::clone(guide);
    Entry::render(hasher.finalize(), origin, move || {
        redirect(&renderer, &from, &target)
    })
}

fn file_of(address: &str) -> String {
    match address.ends_with(".html") {
        true => address.to_owned(),
        false => format!("{address}index.html"),
    }
}

/// `/old/place` and `old/place/` are `old/place/`; a file keeps its name.
pub fn alias_address(alias: &str) -> Option<String> {
    let path = alias.trim_matches('/');
    let odd = path.is_empty()
        || path.contains(['?', '#', '\\'])
        || path
            .split('/')
            .any(|part| part.is_empty() || part == "." || part == "..");
    match path {
        _ if odd => None,
        file if file.ends_with(".html") => Some(file.to_string()),
        folder => Some(format!("{folder}/")),
    }
}

/// Where components were, by address from the edition's root.
fn former_addresses(guide: &Guide) -> BTreeMap<String, Target> {
    let mut found = BTreeMap::new();
    let components = guide.catalog.categories.iter();
    for component in components.flat_map(|category| &category.components) {
        let Some(page) = guide.site.by_path(&component.path) else {
            continue;
        };
        let page = guide.page(page);
        let target = Target {
            address: Arc::clone(&page.address),
            anchor: (component.place == Place::Entry).then(|| Arc::clone(&component.id.value)),
            title: Arc::clone(&component.title),
        };
        let from = beside(component, page).chain(earlier(guide, component));
        for from in from.filter(|from| **from != *target.address) {
            found.entry(from).or_insert_with(|| target.clone());
        }
    }
    found
}

/// Where a component's page was if nothing but its id changed.
fn beside(component: &Component, page: &Page) -> impl Iterator<Item = String> {
    let address = page.address.trim_end_matches('/');
    let folder = address.rfind('/').map_or("", |at| &address[..=at]);
    let has_page = component.place == Place::Page;
    let former = component.former.iter().filter(move |_| has_page);
    former.map(move |id| format!("{folder}{}/", id.value))
}

/// The editions that once stood where the current one stands: their addresses
/// were its addresses.
fn others(guide: &Guide) -> impl Iterator<Item = &VersionPages> {
    let current = guide.version.status == Status::Current;
    guide.shared.versions.iter().filter(move |pages| {
        let is_own = pages.version.id == guide.version.id;
        current && !is_own && pages.version.status != Status::Next
    })
}

/// Where other editions have a component's page.
fn earlier(guide: &Guide, component: &Component) -> impl Iterator<Item = String> {
    let has_others = guide.shared.versions.len() > 1;
    let ids = std::iter::once(&component.id).chain(&component.former);
    let keys = ids.filter(|_| has_others);
    let keys = keys.map(|id| format!("{}/{}", component.category, id.value));
    let keys: Vec<String> = keys.collect();
    others(guide).flat_map(move |pages| {
        let addresses = keys.iter().filter_map(|key| pages.by_component.get(key));
        addresses.map(|a| a.to_string()).collect::<Vec<_>>()
    })
}

/// The pages of other editions: each leads to the same page if that has another
/// address now, else to the edition that still has it.
fn addresses_of_others(guide: &Guide) -> Vec<(String, Target)> {
    let mut own = guide.shared.versions.iter();
    let Some(own) = own.find(|pages| pages.version.id == guide.version.id) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for pages in others(guide) {
        for (path, address) in &pages.by_path {
            if guide.site.by_address(address).is_some() {
                continue;
            }
            let (now, is_kept) = own.counterpart(path, None, address);
            let here = guide.site.by_address(&now).filter(|_| is_kept);
            let (address_now, title) = match here {
                Some(here) => (now, Arc::clone(&guide.page(here).title)),
                None => {
                    let there = format!("{}{address}", pages.version.prefix);
                    (there.into(), Arc::clone(&pages.version.title))
                }
            };
            let target = Target {
                address: address_now,
                anchor: None,
                title,
            };
            found.push((address.to_string(), target));
        }
    }
    found
}

fn redirect(guide: &Guide, from: &str, to: &Target) -> Checked<Vec<u8>> {
    let mut context = base_context(guide, from, false);
    let anchor = (to.anchor.as_ref()).map_or(String::new(), |id| format!("#{id}"));
    let url = format!("{}{anchor}", relative(from, &to.address));
    context.insert("url", &url);
    context.insert("title", &to.title);
    context.insert("canonical", &guide.canonical(&to.address));
    rendered(guide, "redirect.html", &context)
}
