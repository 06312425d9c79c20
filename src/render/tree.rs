//! The files of a version, and those that all versions share, as recipes.

use std::sync::Arc;

use serde_json::{Value as Json, json};
use tera::Context;

use super::guide::{Guide, Shared};
use super::page::{base_context, render_page};
use crate::diag::{Checked, Code, Diagnostic};
use crate::output::{Entry, Origin, OutputTree};
use crate::site::{PageId, relative};
use crate::source::{File, Snapshot};

/// Adds the pages, files and redirects of a version.
pub fn insert_guide(
    tree: &mut OutputTree,
    guide: &Arc<Guide>,
    snapshot: &Snapshot,
    sink: &mut Vec<Diagnostic>,
) {
    let prefix = Arc::clone(&guide.version.prefix);
    for index in 0..guide.site.pages.len() {
        let id = PageId(index);
        let page = guide.page(id);
        let origin = Origin::at(format!("`{}`", page.document.file.path), page.document.top());
        let mut hasher = blake3::Hasher::new();
        hasher.update(guide.inputs.as_bytes());
        hasher.update(page.document.path.as_bytes());
        hasher.update(blake3::hash(page.document.file.text.as_bytes()).as_bytes());
        if let Some(component) = guide.component_of(page) {
            for mention in guide.index.mentions(component) {
                hasher.update(guide.page(*mention).address.as_bytes());
                hasher.update(b"|");
            }
        }
        let renderer = Arc::clone(guide);
        let entry = Entry::render(hasher.finalize(), origin, move || render_page(&renderer, id));
        insert(tree, &format!("{prefix}{}", page.file()), entry, sink);
    }
    aliases(tree, guide, sink);
    for (path, file) in snapshot.under("content") {
        if !path.ends_with(".md") {
            insert(tree, &format!("{prefix}{path}"), copied(file), sink);
        }
    }
    for (path, file) in snapshot.under("static") {
        insert(tree, &format!("{prefix}{path}"), copied(file), sink);
    }
}

/// Adds the theme's assets.
pub fn insert_shared(tree: &mut OutputTree, shared: &Shared, sink: &mut Vec<Diagnostic>) {
    for (plain, asset) in &shared.templates.assets {
        let entry = Entry::bytes(Arc::clone(&asset.bytes), Origin::named(format!("the theme's `{plain}`")));
        insert(tree, &format!("assets/{}", asset.name), entry, sink);
    }
}

/// A source file as it is.
fn copied(file: &File) -> Entry {
    match file {
        File::Asset(asset) => Entry::copy(asset.clone()),
        File::Text(text) => {
            let bytes: Arc<[u8]> = text.source.text.as_bytes().into();
            Entry::bytes(bytes, Origin::named(format!("`{}`", text.source.path)))
        }
    }
}

fn insert(tree: &mut OutputTree, path: &str, entry: Entry, sink: &mut Vec<Diagnostic>) {
    if let Err(diagnostic) = tree.insert(path, entry) {
        sink.push(*diagnostic);
    }
}

/// A redirect for each former address.
fn aliases(tree: &mut OutputTree, guide: &Arc<Guide>, sink: &mut Vec<Diagnostic>) {
    for (index, page) in guide.site.pages.iter().enumerate() {
        for alias in &page.document.front.aliases {
            let Some(path) = alias_address(&alias.value) else {
                let message = format!("`{}` can't be an alias", alias.value);
                sink.push(
                    Diagnostic::error(Code::InvalidValue, alias.span.clone(), message)
                        .help("an alias is a path from the version's root, such as `/old/place/`"),
                );
                continue;
            };
            let name = format!("the alias `{}` of `{}`", alias.value, page.document.file.path);
            let origin = Origin::at(name, alias.span.clone());
            let mut hasher = blake3::Hasher::new();
            hasher.update(guide.inputs.as_bytes());
            hasher.update(path.as_bytes());
            hasher.update(page.address.as_bytes());
            let (renderer, from) = (Arc::clone(guide), path.clone());
            let entry = Entry::render(hasher.finalize(), origin, move || {
                redirect(&renderer, &from, PageId(index))
            });
            let file = match path.ends_with(".html") {
                true => path,
                false => format!("{path}index.html"),
            };
            insert(tree, &format!("{}{file}", guide.version.prefix), entry, sink);
        }
    }
}

/// `/old/place` and `old/place/` are `old/place/`; a file keeps its name.
pub fn alias_address(alias: &str) -> Option<String> {
    let path = alias.trim_matches('/');
    let odd = path.is_empty()
        || path.contains(['?', '#', '\\'])
        || path.split('/').any(|part| part.is_empty() || part == "." || part == "..");
    match path {
        _ if odd => None,
        file if file.ends_with(".html") => Some(file.to_string()),
        folder => Some(format!("{folder}/")),
    }
}

fn redirect(guide: &Guide, from: &str, to: PageId) -> Checked<Vec<u8>> {
    let page = guide.page(to);
    let mut context = base_context(guide, from, false);
    context.insert("url", &relative(from, &page.address));
    context.insert("title", &page.title);
    context.insert("canonical", &guide.canonical(&page.address));
    rendered(guide, "redirect.html", &context)
}

fn rendered(guide: &Guide, name: &str, context: &Context) -> Checked<Vec<u8>> {
    match guide.shared.templates.render(name, context) {
        Ok(html) => Checked::clean(html.into_bytes()),
        Err(diagnostic) => Checked::new(Vec::new(), vec![*diagnostic]),
    }
}

/// The page that a host shows for what is not there. It can be shown at any
/// address, so that its own addresses start at the base.
pub fn not_found(guide: &Guide) -> Checked<Vec<u8>> {
    let base = guide.shared.base_url.as_deref().map_or("/", base_path);
    let mut context = base_context(guide, "", false);
    for key in ["root", "home_url", "asset_root"] {
        context.insert(key, base);
    }
    for (key, asset) in [
        ("style_url", "style.css"),
        ("script_url", "site.js"),
        ("icon_url", "icon.svg"),
        ("search_url", "search.js"),
    ] {
        let path = guide.shared.templates.asset_path(asset);
        context.insert(key, &path.map(|path| format!("{base}{path}")));
    }
    context.insert("search_index_url", &format!("{base}search-index.js"));
    context.insert("current_url", base);
    context.insert("page", &json!({
        "kind": "404", "title": "Page not found", "description": Json::Null, "path": "404.html",
        "canonical": Json::Null, "noindex": true, "content": "", "toc": [], "breadcrumbs": [],
        "prev": Json::Null, "next": Json::Null, "children": [], "edit_url": Json::Null,
        "updated": Json::Null, "markdown_url": Json::Null, "data_files": [], "old": false,
        "coming": false, "social": {}, "jsonld": Json::Null, "hero": Json::Null,
        "build": Json::Null, "component": Json::Null, "date": Json::Null, "extra": Json::Null,
    }));
    rendered(guide, "404.html", &context)
}

/// The path of an address: `/guide/` of `https://example.org/guide/`.
fn base_path(url: &str) -> &str {
    let after_scheme = url.find("://").map_or(0, |i| i + 3);
    match url[after_scheme..].find('/') {
        Some(slash) => &url[after_scheme + slash..],
        None => "/",
    }
}

/// `sitemap.xml` over all pages that search engines may list.
pub fn sitemap(guides: &[Arc<Guide>]) -> Option<String> {
    let mut xml = String::from(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n",
    );
    for guide in guides {
        let listed = guide.version.status == crate::config::Status::Current || guide.shared.index_archived;
        for page in guide.site.pages.iter().filter(|p| listed && !p.document.front.noindex) {
            let location = super::escape::escape(&guide.canonical(&page.address)?);
            xml.push_str(&format!("<url><loc>{location}</loc>"));
            if let Some(day) = guide.changed.get(&page.document.path) {
                xml.push_str(&format!("<lastmod>{day}</lastmod>"));
            }
            xml.push_str("</url>\n");
        }
    }
    xml.push_str("</urlset>\n");
    Some(xml)
}

/// `robots.txt`, which names the sitemap.
pub fn robots(shared: &Shared) -> String {
    let mut text = String::from("User-agent: *\nAllow: /\n");
    if let Some(base) = &shared.base_url {
        text.push_str(&format!("Sitemap: {base}sitemap.xml\n"));
    }
    text
}

/// Adds what stands once at the root: 404 page, sitemap, robots.
pub fn insert_root(tree: &mut OutputTree, guides: &[Arc<Guide>], sink: &mut Vec<Diagnostic>) {
    let Some(current) = guides.first() else {
        return;
    };
    let guide = Arc::clone(current);
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"404");
    hasher.update(guide.inputs.as_bytes());
    let entry = Entry::render(hasher.finalize(), Origin::named("the 404 page"), move || not_found(&guide));
    insert(tree, "404.html", entry, sink);
    if let Some(xml) = sitemap(guides) {
        insert(tree, "sitemap.xml", Entry::bytes(xml.into_bytes(), Origin::named("the sitemap")), sink);
    }
    // The author's own file counts.
    if tree.get("robots.txt").is_none() {
        let robots = robots(&current.shared).into_bytes();
        insert(tree, "robots.txt", Entry::bytes(robots, Origin::named("robots.txt")), sink);
    }
}
