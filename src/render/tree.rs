//! The files of a version, and those that all versions share, as recipes.

use std::sync::Arc;

use rayon::prelude::*;
use serde_json::Value as Json;
use tera::Context;

use super::context::{PageContext, base_context, feed_url, footer_links};
use super::data::{catalog_json, category_csv, compare_csv, compare_json, component_schema};
use super::guide::{Guide, Shared};
use super::inputs::page_inputs;
use super::page::render_page;
use super::redirect::insert_aliases;
use super::search::Searched;
use super::side_by_side::{has_side_by_side, render_side_by_side, side_by_side_address};
use super::twin::{llms_text, markdown_twin};
use crate::diag::{Checked, Diagnostic};
use crate::directive::Compare;
use crate::output::{Entry, Origin, OutputTree};
use crate::site::{PageId, encode_path};
use crate::source::{File, Snapshot};

/// Adds the pages, files and redirects of a version.
pub fn insert_guide(
    tree: &mut OutputTree,
    guide: &Arc<Guide>,
    snapshot: &Snapshot,
    sink: &mut Vec<Diagnostic>,
) {
    let prefix = Arc::clone(&guide.version.prefix);
    let inputs: Vec<blake3::Hash> = (0..guide.site.pages.len())
        .into_par_iter()
        .map(|index| page_inputs(guide, PageId(index)))
        .collect();
    for (index, inputs) in inputs.iter().enumerate() {
        let id = PageId(index);
        let page = guide.page(id);
        let origin = Origin::at(
            format!("`{}`", page.document.file.path),
            page.document.top(),
        );
        let renderer = Arc::clone(guide);
        let entry = Entry::render(*inputs, origin, move || render_page(&renderer, id));
        insert(tree, &format!("{prefix}{}", page.file()), entry, sink);
    }
    insert_aliases(tree, guide, sink);
    insert_search(tree, guide, sink);
    data_files(tree, guide, sink);
    twins(tree, guide, sink);
    side_by_side(tree, guide, sink);
    for (path, file) in snapshot.under("content") {
        if !path.ends_with(".md") {
            insert(tree, &format!("{prefix}{path}"), copied(file), sink);
        }
    }
    for (path, file) in snapshot.under("static") {
        insert(tree, &format!("{prefix}{path}"), copied(file), sink);
    }
}

fn insert_search(tree: &mut OutputTree, guide: &Arc<Guide>, sink: &mut Vec<Diagnostic>) {
    type Script = fn(&Searched, &Guide, usize) -> Vec<u8>;
    let searched = Arc::new(Searched::of(guide));
    let entry = |inputs, script: Script, number| {
        let (guide, searched) = (Arc::clone(guide), Arc::clone(&searched));
        let made = move || Checked::clean(script(&searched, &guide, number));
        Entry::render(inputs, Origin::named("the search index"), made)
    };
    let prefix = &guide.version.prefix;
    let list = entry(searched.list_inputs(guide), |s, guide, _| s.list(guide), 0);
    insert(tree, &format!("{prefix}search-index.js"), list, sink);
    for number in 0..searched.text_files() {
        let inputs = searched.text_inputs(guide, number);
        let path = format!("{prefix}search-index/texts-{number}.js");
        insert(tree, &path, entry(inputs, Searched::texts, number), sink);
    }
    for number in 0..searched.term_files() {
        let inputs = searched.term_inputs(guide, number);
        // Making the texts keeps what the terms need.
        let terms = entry(inputs, Searched::terms, number).late();
        let path = format!("{prefix}search-index/terms-{number}.js");
        insert(tree, &path, terms, sink);
    }
}

/// Adds the catalog as data: one JSON file, a CSV file for each category, and
/// the JSON Schema of each.
fn data_files(tree: &mut OutputTree, guide: &Arc<Guide>, sink: &mut Vec<Diagnostic>) {
    if guide.catalog.categories.is_empty() {
        return;
    }
    let prefix = &guide.version.prefix;
    let mut add = |path: String, make: fn(&Guide, usize) -> String, category: usize| {
        let renderer = Arc::clone(guide);
        let mut hasher = blake3::Hasher::new();
        hasher.update(guide.inputs.as_bytes());
        hasher.update(path.as_bytes());
        let origin = Origin::named(format!("the data file `{path}`"));
        let entry = Entry::render(hasher.finalize(), origin, move || {
            Checked::clean(make(&renderer, category).into_bytes())
        });
        insert(tree, &path, entry, sink);
    };
    add(
        format!("{prefix}data/catalog.json"),
        |guide, _| catalog_json(guide),
        0,
    );
    for (index, category) in guide.catalog.categories.iter().enumerate() {
        let id = &category.id.value;
        let csv = |guide: &Guide, index: usize| category_csv(&guide.catalog.categories[index]);
        add(format!("{prefix}data/{id}.csv"), csv, index);
        let schema =
            |guide: &Guide, index: usize| component_schema(&guide.catalog.categories[index]);
        add(format!("{prefix}data/{id}.schema.json"), schema, index);
    }
}

/// How a table is written as data, by the ending of its file.
const DATA: [(&str, Write); 2] = [("csv", compare_csv), ("json", compare_json)];
type Write = fn(&Compare) -> String;

/// Adds each page's Markdown twin, the data of its tables, and `llms.txt`.
fn twins(tree: &mut OutputTree, guide: &Arc<Guide>, sink: &mut Vec<Diagnostic>) {
    let prefix = &guide.version.prefix;
    for (index, page) in guide.site.pages.iter().enumerate() {
        let id = PageId(index);
        let inputs = |what: &str| {
            let mut hasher = blake3::Hasher::new();
            hasher.update(guide.inputs.as_bytes());
            hasher.update(what.as_bytes());
            hasher.update(page.document.path.as_bytes());
            hasher.update(guide.texts[index].as_bytes());
            hasher.finalize()
        };
        let origin = |what: &str| Origin::named(format!("{what} of `{}`", page.document.file.path));
        let twin = Arc::clone(guide);
        let entry = Entry::render(inputs("twin"), origin("the Markdown twin"), move || {
            Checked::clean(markdown_twin(&twin, id).into_bytes())
        });
        insert(
            tree,
            &format!("{prefix}{}index.md", page.address),
            entry,
            sink,
        );
        for number in 0..guide.contents[index].tables().count() {
            for (format, write) in DATA {
                let name = format!("compare-{}.{format}", number + 1);
                let of = Arc::clone(guide);
                let table = Entry::render(inputs(&name), origin("a table"), move || {
                    let table = of.contents[index].tables().nth(number);
                    Checked::clean(table.map(write).unwrap_or_default().into_bytes())
                });
                let path = format!("{prefix}{}{name}", page.address);
                insert(tree, &path, table, sink);
            }
        }
    }
    if tree.get(&format!("{prefix}llms.txt")).is_none() {
        let inputs = Searched::of(guide).inputs(guide);
        let renderer = Arc::clone(guide);
        let entry = Entry::render(inputs, Origin::named("llms.txt"), move || {
            Checked::clean(llms_text(&renderer).into_bytes())
        });
        insert(tree, &format!("{prefix}llms.txt"), entry, sink);
    }
}

/// Adds the page of each category that sets its components side by side.
fn side_by_side(tree: &mut OutputTree, guide: &Arc<Guide>, sink: &mut Vec<Diagnostic>) {
    for (index, category) in guide.catalog.categories.iter().enumerate() {
        if !has_side_by_side(category) {
            continue;
        }
        let address = side_by_side_address(&category.id.value);
        let mut hasher = blake3::Hasher::new();
        hasher.update(guide.inputs.as_bytes());
        hasher.update(address.as_bytes());
        let origin = Origin::named(format!("the comparison of `{}`", category.id.value));
        let renderer = Arc::clone(guide);
        let entry = Entry::render(hasher.finalize(), origin, move || {
            render_side_by_side(&renderer, index)
        });
        insert(
            tree,
            &format!("{}{address}index.html", guide.version.prefix),
            entry,
            sink,
        );
    }
}

/// Adds the theme's assets.
pub fn insert_shared(tree: &mut OutputTree, shared: &Shared, sink: &mut Vec<Diagnostic>) {
    for (plain, asset) in &shared.templates.assets {
        let entry = Entry::bytes(
            Arc::clone(&asset.bytes),
            Origin::named(format!("the theme's `{plain}`")),
        );
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

/// Adds a file, or says what else has its path.
pub fn insert(tree: &mut OutputTree, path: &str, entry: Entry, sink: &mut Vec<Diagnostic>) {
    if let Err(diagnostic) = tree.insert(path, entry) {
        sink.push(*diagnostic);
    }
}

pub(super) fn rendered(guide: &Guide, name: &str, context: &Context) -> Checked<Vec<u8>> {
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
    context.insert(
        "footer_links",
        &footer_links(guide, |address| format!("{base}{}", encode_path(address))),
    );
    context.insert(
        "feed_url",
        &feed_url(guide, |address| format!("{base}{address}")),
    );
    context.insert("changes", &Json::Null);
    context.insert("nav", &super::nav::foreign(guide, base));
    let page = PageContext {
        noindex: true,
        ..PageContext::bare("404", "Page not found", "404.html")
    };
    context.insert("page", &page);
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
        let listed =
            guide.version.status == crate::config::Status::Current || guide.shared.index_archived;
        for page in guide
            .site
            .pages
            .iter()
            .filter(|p| listed && !p.document.front.noindex)
        {
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
    let entry = Entry::render(
        hasher.finalize(),
        Origin::named("the 404 page"),
        move || not_found(&guide),
    );
    insert(tree, "404.html", entry, sink);
    if let Some(xml) = sitemap(guides) {
        insert(
            tree,
            "sitemap.xml",
            Entry::bytes(xml.into_bytes(), Origin::named("the sitemap")),
            sink,
        );
    }
    // The author's own file counts.
    if tree.get("robots.txt").is_none() {
        let robots = robots(&current.shared).into_bytes();
        insert(
            tree,
            "robots.txt",
            Entry::bytes(robots, Origin::named("robots.txt")),
            sink,
        );
    }
}
