//! The bundle: one edition of the site as a single HTML file that needs no
//! other. In come the guide, the output tree and the bytes of its files; out
//! goes the document. Pages are the tree's own, taken apart and led to each
//! other; nothing is rendered twice in another way, and nothing here reads a
//! disk.

mod disk;
mod markup;
mod pages;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write as _;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use rayon::prelude::*;
use serde_json::json;
use sha2::{Digest, Sha256};

use super::context::{Link, base_context, footer_links};
use super::guide::Guide;
use super::side_by_side::{has_side_by_side, side_by_side_address};
use crate::diag::{Checked, Code, Diagnostic, Severity};
use crate::output::{OutputTree, Recipe, content_type};
use crate::site::PageId;

pub use disk::for_disk;
use pages::{BundlePage, Linker, article, page_id};

/// The bytes of a file of the output tree, by its path; none if it is not
/// there or can't be read.
pub type Files<'a> = dyn Fn(&str) -> Option<Arc<[u8]>> + Sync + 'a;

/// Above this size an image is named in a warning, in bytes.
const LARGE_IMAGE: usize = 512 << 10;

/// Bundles an edition.
///
/// # Steps
/// 1. Each page of the edition is rendered, and its article taken out.
/// 2. Ids become unique, links lead within the document, images come in.
/// 3. The theme's `bundle.html` puts them between style sheet and scripts, under
///    a policy that lists each by its hash.
pub fn bundle(guide: &Guide, tree: &OutputTree, files: &Files<'_>) -> Checked<String> {
    let mut diagnostics = Vec::new();
    let listed = listed(guide);
    let addresses: BTreeSet<String> = listed.iter().map(|page| page.address.clone()).collect();
    let linker = Linker {
        addresses: &addresses,
        prefix: &guide.version.prefix,
        base_url: guide.shared.base_url.as_deref(),
        files,
        downloads: Mutex::default(),
    };
    let made: Vec<Checked<Option<BundlePage>>> = listed
        .par_iter()
        .map(|page| make_page(guide, tree, &linker, page))
        .collect();
    let pages: Vec<BundlePage> = made
        .into_iter()
        .filter_map(|page| page.drain_into(&mut diagnostics))
        .collect();
    let nav = shell_nav(guide, tree, &linker, &mut diagnostics);
    let downloads = linker.downloads.into_inner().unwrap_or_default();
    let html = fill(guide, &pages, &nav, &downloads, files).unwrap_or_else(|diagnostic| {
        diagnostics.push(*diagnostic);
        String::new()
    });
    Checked::new(html, diagnostics)
}

/// A page of the edition, in reading order.
struct Listed {
    address: String,
    title: String,
    name: String,
    depth: usize,
    /// Whether it stands outside of the readers' order.
    apart: bool,
}

fn listed(guide: &Guide) -> Vec<Listed> {
    let mut listed = Vec::new();
    let mut next = Some(PageId(0));
    let start = (0..guide.site.pages.len())
        .map(PageId)
        .find(|id| guide.page(*id).address.is_empty());
    let mut seen = BTreeSet::new();
    if start.is_some() {
        next = start;
    }
    // The readers' order, then whatever no page leads to.
    while let Some(id) = next.filter(|id| id.0 < guide.site.pages.len() && seen.insert(id.0)) {
        listed.push(of_page(guide, id, false));
        next = guide.page(id).next;
    }
    let rest = (0..guide.site.pages.len()).filter(|index| !seen.contains(index));
    listed.extend(rest.map(|index| of_page(guide, PageId(index), true)));
    if let Some(step) = guide.shared.step_to(&guide.version.id)
        && step.generated
        && let Some(address) = step.page.strip_prefix(&*guide.version.prefix)
    {
        listed.push(Listed {
            address: address.to_owned(),
            name: step.title(),
            title: step.title(),
            depth: 1,
            apart: true,
        });
    }
    for category in &guide.catalog.categories {
        if has_side_by_side(category) {
            let title = format!("{} side by side", category.title);
            listed.push(Listed {
                address: side_by_side_address(&category.id.value),
                name: title.clone(),
                title,
                depth: 2,
                apart: true,
            });
        }
    }
    listed
}

fn of_page(guide: &Guide, id: PageId, apart: bool) -> Listed {
    let page = guide.page(id);
    Listed {
        address: page.address.to_string(),
        title: page.title.to_string(),
        name: page.nav_title().to_string(),
        depth: guide.site.ancestors(id).len(),
        apart,
    }
}

fn make_page(
    guide: &Guide,
    tree: &OutputTree,
    linker: &Linker<'_>,
    page: &Listed,
) -> Checked<Option<BundlePage>> {
    let mut sink = Vec::new();
    let Some(html) = rendered(guide, tree, &page.address).drain_into(&mut sink) else {
        return Checked::new(None, sink);
    };
    let Some(article) = article(&html) else {
        let message = format!("the template of `{}` has no `<main>`", page.address);
        sink.push(
            Diagnostic::new(Severity::Error, Code::Template, None, message)
                .help("the export takes each page's text from there"),
        );
        return Checked::new(None, sink);
    };
    let made = BundlePage {
        id: page_id(&page.address),
        title: page.title.clone(),
        name: page.name.clone(),
        depth: page.depth.max(1),
        apart: page.apart,
        html: packed_charts(packed_calculator(linker.lead(
            &article,
            &page.address,
            true,
            &mut sink,
        ))),
    };
    Checked::new(Some(made), sink)
}

/// The page of the tree at an address; none where it failed.
fn rendered(guide: &Guide, tree: &OutputTree, address: &str) -> Checked<Option<String>> {
    let path = format!("{}{address}index.html", guide.version.prefix);
    let Some(entry) = tree.get(&path) else {
        return Checked::clean(None);
    };
    let Recipe::Render(render) = &entry.recipe else {
        return Checked::clean(None);
    };
    render().map(|bytes| {
        String::from_utf8(bytes)
            .ok()
            .filter(|html| !html.is_empty())
    })
}

/// The sidebar, as the front page has it.
fn shell_nav(
    guide: &Guide,
    tree: &OutputTree,
    linker: &Linker<'_>,
    sink: &mut Vec<Diagnostic>,
) -> String {
    // What is wrong with the front page was reported with the pages.
    let html = rendered(guide, tree, "").value.unwrap_or_default();
    let tree = markup::inner(&html, "<nav id=\"site-nav\"", "</nav>").unwrap_or_default();
    let list = tree.find("<ul").map_or(tree, |start| &tree[start..]);
    linker.lead(list, "", false, sink)
}

fn fill(
    guide: &Guide,
    pages: &[BundlePage],
    nav: &str,
    downloads: &BTreeMap<String, String>,
    files: &Files<'_>,
) -> Result<String, Box<Diagnostic>> {
    let templates = &guide.shared.templates;
    let asset = |name: &str| -> String {
        let asset = templates.assets.get(name);
        let text = asset.map(|asset| String::from_utf8_lossy(&asset.bytes).into_owned());
        text.unwrap_or_default()
    };
    let script = |name: &str| inline_script(&plain(&asset(name)));
    let style = inline_style(&plain(&format!(
        "{}\n{}",
        asset("style.css"),
        asset("bundle.css")
    )));
    let first = script("bundle.js");
    let main = [
        script("site.js"),
        script("calculator.js"),
        script("search.js"),
    ]
    .join("\n");
    let theme_init = templates.theme_init();
    let hashes: Vec<String> = [theme_init, &first, &main].map(hash).into();
    let calculator = match guide.module {
        Some(_) => " 'wasm-unsafe-eval'",
        None => "",
    };
    let csp = format!(
        "default-src 'none'; script-src {}{calculator}; style-src {}; img-src data:; base-uri 'none'; form-action 'none'",
        hashes.join(" "),
        hash(&style)
    );
    let icon = asset("icon.svg");
    let mut context = base_context(guide, "", guide.module.is_some());
    context.insert("csp", &csp);
    context.insert("footer_links", &footer(guide, pages));
    context.insert("nav", nav);
    context.insert("pages", pages);
    context.insert("style", &style);
    context.insert("bundle_script", &first);
    context.insert("scripts", &main);
    context.insert("icon", &data_uri("icon.svg", icon.as_bytes()));
    context.insert("search_index", &search_index(guide, files));
    let downloads = serde_json::to_string(downloads).unwrap_or_default();
    context.insert("downloads", &deflated(&downloads));
    context.insert(
        "page",
        &json!({ "kind": "bundle", "title": guide.title, "description": guide.description }),
    );
    templates.render("bundle.html", &context)
}

/// What the foot leads to: pages of the document, and what the published site
/// has beside them.
fn footer(guide: &Guide, pages: &[BundlePage]) -> Vec<Link> {
    let links = footer_links(guide, |address| address.to_owned());
    let led = links.into_iter().filter_map(|link| {
        let inside = link.url.strip_prefix(&*guide.version.prefix);
        let id = inside.map(page_id);
        let page = pages.iter().find(|page| Some(&page.id) == id.as_ref());
        let url = match page {
            Some(page) => format!("#{}", page.id),
            None => format!("{}{}", guide.shared.base_url.as_deref()?, link.url),
        };
        Some(Link { url, ..link })
    });
    led.collect()
}

/// A page with the data of its calculator deflated.
fn packed_calculator(html: String) -> String {
    let (open, middle) = (
        "<script type=\"application/json\" class=\"calc-model\">",
        "</script>\n<script type=\"application/wasm\" class=\"calc-module\">",
    );
    let packed = || {
        let (before, rest) = html.split_once(open)?;
        let (model, rest) = rest.split_once(middle)?;
        let (module, after) = rest.split_once("</script>")?;
        let both = deflated(&format!("{{\"model\":{model},\"module\":\"{module}\"}}"))?;
        Some(format!(
            "{before}<script type=\"application/octet-stream\" class=\"calc-packed\">{both}</script>{after}"
        ))
    };
    packed().unwrap_or(html)
}

/// A page with its charts' narrow drawings deflated, since many readers never
/// need them.
fn packed_charts(html: String) -> String {
    let mut drawings = Vec::new();
    let (mut rest, mut page) = (html.as_str(), String::new());
    while let Some((before, from)) = rest.split_once(NARROW_CHART)
        && let Some((drawing, after)) = from.split_once("</svg>")
    {
        page.push_str(before);
        drawings.push(format!("{NARROW_CHART}{drawing}</svg>"));
        rest = after;
    }
    let list = serde_json::to_string(&drawings).unwrap_or_default();
    match deflated(&list).filter(|_| !drawings.is_empty()) {
        Some(packed) => format!(
            "{page}{rest}<script type=\"application/octet-stream\" class=\"charts-packed\">{packed}</script>"
        ),
        None => html,
    }
}

const NARROW_CHART: &str = "<svg class=\"chart-narrow\"";

/// The JSON of the edition's search index, which nobody reads before search is
/// opened. The texts for excerpts stand in the pages.
fn search_index(guide: &Guide, files: &Files<'_>) -> Option<String> {
    let data = |name: &str, call: &str| {
        let bytes = files(&format!("{}{name}.js", guide.version.prefix))?;
        let text = std::str::from_utf8(&bytes).ok()?;
        let json = text.trim_end().strip_prefix(call)?.strip_suffix(')')?;
        Some(json.to_owned())
    };
    let list = data("search-index", "rigbookSearch(")?;
    let terms = (0..).map_while(|number| {
        let call = format!("rigbookTerms({number},");
        data(&format!("search-index/terms-{number}"), &call)
    });
    let terms = terms.collect::<Vec<_>>().join(",");
    deflated(&format!("[{list},[{terms}]]"))
}

/// A text, deflated, in base64.
fn deflated(text: &str) -> Option<String> {
    let mut deflated = DeflateEncoder::new(Vec::new(), Compression::best());
    deflated.write_all(text.as_bytes()).ok()?;
    Some(BASE64.encode(deflated.finish().ok()?))
}

/// A script or style sheet without indentation and without the comments that
/// have lines of their own. One with a template literal stays as it is: its
/// lines may be text.
fn plain(text: &str) -> String {
    if text.contains('`') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        let starts = line.starts_with("/*");
        if starts || in_comment {
            // Code behind a comment keeps both.
            in_comment = match line.find("*/") {
                Some(end) if end + 2 == line.len() => false,
                Some(_) => return text.to_owned(),
                None => true,
            };
        } else if !line.is_empty() && !line.starts_with("//") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// A script that may stand between `<script>` and `</script>`: what would end
/// it early is written with an escape that means the same in a string.
fn inline_script(script: &str) -> String {
    script
        .replace("</script", "<\\/script")
        .replace("<!--", "<\\!--")
}

/// A style sheet that may stand between `<style>` and `</style>`.
fn inline_style(style: &str) -> String {
    style.replace("</style", "<\\/style")
}

/// As the content security policy names an inline script or style sheet.
fn hash(text: &str) -> String {
    format!(
        "'sha256-{}'",
        BASE64.encode(Sha256::digest(text.as_bytes()))
    )
}

/// A file as an address that holds it whole.
fn data_uri(path: &str, bytes: &[u8]) -> String {
    let kind = content_type(path).replace(' ', "");
    format!("data:{kind};base64,{}", BASE64.encode(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_and_styles_cannot_end_early() {
        assert_eq!(
            inline_script("a('</script>', '<!--')"),
            "a('<\\/script>', '<\\!--')"
        );
        assert_eq!(inline_style("a{}</style>"), "a{}<\\/style>");
    }

    #[test]
    fn comments_and_indentation_are_left_out_where_that_is_safe() {
        assert_eq!(
            plain("/* a\n   b */\nx {\n  y: \"//z\"; /* c */\n}\n\n// d\n"),
            "x {\ny: \"//z\"; /* c */\n}\n"
        );
        for text in ["  a(`\n  b`)\n", "/* a */ b\n  c\n"] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_policy_names_scripts_as_browsers_do() {
        assert_eq!(
            hash(""),
            "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"
        );
    }
}
