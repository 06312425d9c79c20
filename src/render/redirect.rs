//! Redirects to where pages are now: from their aliases, from where a renamed
//! component stood below its section, and from where another edition has a page
//! that the current one has elsewhere or not at all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::context::base_context;
use super::guide::{Guide, VersionPages};
use super::side_by_side::{has_side_by_side, side_by_side_address};
use super::tree::{insert, rendered};
use crate::catalog::{Category, Place};
use crate::config::Status;
use crate::diag::{Checked, Code, Diagnostic, Spanned};
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

/// Where components, categories and builds were, by address from the edition's
/// root.
fn former_addresses(guide: &Guide) -> BTreeMap<String, Target> {
    let mut found = BTreeMap::new();
    let components = guide.catalog.categories.iter();
    for component in components.flat_map(|category| &category.components) {
        let Some(page) = guide.site.by_path(&component.path) else {
            continue;
        };
        let anchor = (component.place == Place::Entry).then(|| Arc::clone(&component.id.value));
        let target = Target {
            anchor,
            title: Arc::clone(&component.title),
            ..target_of(guide.page(page))
        };
        let has_page = component.place == Place::Page;
        let former = component.former.iter().filter(|_| has_page);
        let from = beside(&target.address, former);
        add(
            &mut found,
            from.chain(earlier(guide, component.keys())),
            &target,
        );
    }
    for category in &guide.catalog.categories {
        let Some(page) = guide.site.by_path(&category.path) else {
            continue;
        };
        let page = guide.page(page);
        let from = earlier(guide, guide.names_of(page).into_iter());
        add(&mut found, from, &target_of(page));
        add_side_by_side(&mut found, category);
    }
    for build in guide.catalog.builds.iter().filter(|build| build.own_page) {
        let Some(page) = guide.site.by_path(&build.path) else {
            continue;
        };
        let page = guide.page(page);
        let from = beside(&page.address, build.former.iter());
        let from = from.chain(earlier(guide, guide.names_of(page).into_iter()));
        add(&mut found, from, &target_of(page));
    }
    found
}

fn target_of(page: &Page) -> Target {
    Target {
        address: Arc::clone(&page.address),
        anchor: None,
        title: Arc::clone(&page.title),
    }
}

/// Adds what leads to a target, except from where it stands itself.
fn add(found: &mut BTreeMap<String, Target>, from: impl Iterator<Item = String>, target: &Target) {
    for from in from.filter(|from| **from != *target.address) {
        found.entry(from).or_insert_with(|| target.clone());
    }
}

/// The page of a category's components side by side is called by its id.
fn add_side_by_side(found: &mut BTreeMap<String, Target>, category: &Category) {
    if !has_side_by_side(category) {
        return;
    }
    let target = Target {
        address: side_by_side_address(&category.id.value).into(),
        anchor: None,
        title: format!("{} side by side", category.title).into(),
    };
    let from = category.former.iter();
    add(
        found,
        from.map(|id| side_by_side_address(&id.value)),
        &target,
    );
}

/// Where a page was if nothing but the id of what it is about changed.
fn beside<'a>(
    address: &str,
    former: impl Iterator<Item = &'a Spanned<Arc<str>>>,
) -> impl Iterator<Item = String> {
    let address = address.trim_end_matches('/');
    let folder = address
        .rfind('/')
        .map_or("", |at| &address[..=at])
        .to_owned();
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

/// Where other editions have the page of something, by its names.
fn earlier(guide: &Guide, names: impl Iterator<Item = String>) -> impl Iterator<Item = String> {
    let has_others = guide.shared.versions.len() > 1;
    let names: Vec<String> = names.filter(|_| has_others).collect();
    others(guide).flat_map(move |pages| {
        let addresses = names.iter().filter_map(|name| pages.by_name.get(name));
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
            let (now, is_kept) = own.counterpart(path, &[], address);
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
