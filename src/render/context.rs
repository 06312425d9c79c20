//! What templates get: the variables of every page, and `page` itself. The theme's
//! README, section 3, says what each means.

use std::borrow::Cow;
use std::sync::Arc;

use serde::Serialize;
use serde_json::Value as Json;
use tera::Context;

use super::changes::{FEED, has_feed};
use super::direction::direction;
use super::guide::{Guide, Version};
use super::nav;
use crate::site::relative;

/// `page` of the context. Where a page lacks something, it is empty.
#[derive(Serialize, Default)]
pub struct PageContext<'a> {
    pub kind: &'a str,
    pub title: &'a str,
    pub description: Option<&'a str>,
    pub summary: Option<Cow<'a, str>>,
    pub path: &'a str,
    pub canonical: Option<String>,
    pub noindex: bool,
    pub content: Cow<'a, str>,
    pub toc: Vec<TocEntry>,
    pub breadcrumbs: Vec<Link>,
    pub prev: Option<Link>,
    pub next: Option<Link>,
    pub children: Vec<Child>,
    pub edit_url: Option<String>,
    pub updated: Option<&'a str>,
    pub markdown_url: Option<&'a str>,
    pub data_files: Vec<DataFile>,
    pub old: bool,
    pub coming: bool,
    pub social: Social,
    pub jsonld: Option<String>,
    pub hero: Json,
    pub build: Option<String>,
    pub component: Json,
    pub entries: Vec<Json>,
    pub date: Option<&'a str>,
    pub extra: Option<&'a Json>,
}

impl<'a> PageContext<'a> {
    /// Of a page without a document.
    pub fn bare(kind: &'a str, title: &'a str, path: &'a str) -> Self {
        Self {
            kind,
            title,
            path,
            ..Self::default()
        }
    }
}

/// A heading in a page's contents.
#[derive(Serialize)]
pub struct TocEntry {
    pub id: String,
    pub title: String,
    pub level: u8,
    pub children: Vec<TocEntry>,
}

impl TocEntry {
    pub fn new(id: &str, title: String, level: u8) -> Self {
        Self {
            id: id.to_owned(),
            title,
            level,
            children: Vec::new(),
        }
    }
}

/// A page below a section.
#[derive(Serialize)]
pub struct Child {
    pub title: Arc<str>,
    pub url: String,
    pub description: Option<String>,
}

/// What a reader can download.
#[derive(Serialize)]
pub struct DataFile {
    pub label: &'static str,
    pub url: String,
}

/// For social networks.
#[derive(Serialize, Default)]
pub struct Social {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
}

/// The way to a page's counterpart in an edition.
#[derive(Serialize)]
pub struct EditionLink<'a> {
    id: &'a str,
    title: &'a str,
    status: &'static str,
    date: Option<&'a str>,
    url: String,
    current: bool,
    kept: bool,
}

impl<'a> EditionLink<'a> {
    /// To `version`, from a page of the guide; `kept` is whether the page is there.
    pub fn new(version: &'a Version, guide: &Guide, url: String, kept: bool) -> Self {
        Self {
            id: &version.id,
            title: &version.title,
            status: version.status.name(),
            date: version.date.as_deref(),
            url,
            current: version.id == guide.version.id,
            kept,
        }
    }
}

/// `site` of the context.
#[derive(Serialize)]
struct SiteContext<'a> {
    title: &'a str,
    description: Option<&'a str>,
    language: &'a str,
    direction: &'a str,
    base_url: Option<&'a str>,
    repository: Option<&'a str>,
    author: Option<&'a str>,
    author_url: Option<&'a str>,
}

/// `version` of the context.
#[derive(Serialize)]
struct VersionContext<'a> {
    id: &'a str,
    title: &'a str,
    date: Option<&'a str>,
    status: &'a str,
}

/// A link in the context.
#[derive(Serialize)]
pub struct Link {
    pub title: Arc<str>,
    pub url: String,
}

/// What every page's template gets, at an address of the version.
pub fn base_context(guide: &Guide, address: &str, calculator: bool) -> Context {
    let shared = &guide.shared;
    let depth = address.matches('/').count();
    let root = nav::root(depth);
    let full_depth = depth + guide.version.prefix.matches('/').count();
    let site_root = nav::root(full_depth);
    let asset = |name: &str| {
        shared
            .templates
            .asset_path(name)
            .map(|path| format!("{site_root}{path}"))
    };
    let mut context = Context::new();
    context.insert(
        "site",
        &SiteContext {
            title: &guide.title,
            description: guide.description.as_deref(),
            language: &guide.language,
            direction: direction(&guide.language),
            base_url: shared.base_url.as_deref(),
            repository: shared.repository.as_deref(),
            author: shared.author.as_ref().map(|a| a.name.as_ref()),
            author_url: shared.author.as_ref().and_then(|a| a.url.as_deref()),
        },
    );
    context.insert(
        "version",
        &VersionContext {
            id: &guide.version.id,
            title: &guide.version.title,
            date: guide.version.date.as_deref(),
            status: guide.version.status.name(),
        },
    );
    context.insert("root", &root);
    context.insert("home_url", &root);
    context.insert("asset_root", &site_root);
    context.insert("style_url", &asset("style.css"));
    context.insert("script_url", &asset("site.js"));
    context.insert("icon_url", &asset("icon.svg"));
    context.insert("search_url", &asset("search.js"));
    context.insert("search_index_url", &format!("{root}search-index.js"));
    context.insert(
        "calculator_url",
        &asset("calculator.js").filter(|_| calculator),
    );
    let here = format!("{}{address}", guide.version.prefix);
    let there = |address: &str| relative(&here, address);
    context.insert("feed_url", &feed_url(guide, there));
    context.insert("footer_links", &footer_links(guide, there));
    context.insert("changes", &changes_link(guide, there));
    context.insert("csp", &shared.templates.policy(calculator));
    context.insert("versions", &Vec::<EditionLink<'_>>::new());
    context.insert("nav", "");
    context
}

/// The feed of changes, if there is one; `there` makes an address of one from
/// the site's root.
pub fn feed_url(guide: &Guide, there: impl Fn(&str) -> String) -> Option<String> {
    has_feed(guide).then(|| there(FEED))
}

/// "What changed in 2.0", of the version at hand.
fn changes_link(guide: &Guide, there: impl Fn(&str) -> String) -> Option<Link> {
    let step = guide.shared.step_to(&guide.version.id)?;
    Some(Link {
        title: step.title().into(),
        url: there(&step.page),
    })
}

/// What the foot of each page leads to.
pub fn footer_links(guide: &Guide, there: impl Fn(&str) -> String) -> Vec<Link> {
    let feed = feed_url(guide, &there).map(|url| Link {
        title: "Feed of changes".into(),
        url,
    });
    changes_link(guide, &there)
        .into_iter()
        .chain(feed)
        .collect()
}
