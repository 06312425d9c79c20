//! The keys of front matter that every page has. The tables of the catalog
//! (`[category]`, `[component]`, `[build]`, `[calculator]`) stay trees: their
//! keys depend on the schema, which other files declare.

use std::sync::Arc;

use super::reader::Reader;
use super::tree::{Node, Table};
use crate::diag::{Diagnostic, Span, Spanned};

/// What the author says about a page.
#[derive(Clone, Debug)]
pub struct FrontMatter {
    pub span: Span,
    pub title: Option<Spanned<Arc<str>>>,
    /// The title in the sidebar, where the whole one is too long.
    pub nav_title: Option<Arc<str>>,
    pub description: Option<Arc<str>>,
    /// Place among the siblings, ascending; pages without one come last.
    pub weight: Option<i64>,
    pub draft: bool,
    pub slug: Option<Spanned<Arc<str>>>,
    /// Former addresses, which get redirects.
    pub aliases: Vec<Spanned<Arc<str>>>,
    pub template: Option<Spanned<Arc<str>>>,
    pub date: Option<Spanned<Arc<str>>>,
    /// Whether search engines should leave the page out.
    pub noindex: bool,
    /// Free keys for templates.
    pub extra: Option<serde_json::Value>,
    pub category: Option<Table>,
    pub component: Option<Table>,
    pub components: Vec<Table>,
    pub build: Option<Table>,
    pub builds: Vec<Table>,
    pub calculator: Option<Table>,
}

impl FrontMatter {
    /// Drops what it declares for the catalog.
    pub(super) fn forget_catalog(&mut self) {
        self.category = None;
        self.component = None;
        self.components.clear();
        self.build = None;
        self.builds.clear();
        self.calculator = None;
    }
}

/// Reads the keys of a page's front matter; unknown ones are reported.
pub fn read_front(table: &Table, sink: &mut Vec<Diagnostic>) -> FrontMatter {
    let reader = Reader::new(table, "the front matter");
    let text = |key| reader.string(key).map(|s| s.value);
    let tables = |key| reader.tables(key).into_iter().cloned().collect();
    let front = FrontMatter {
        span: table.span.clone(),
        title: reader.string("title"),
        nav_title: text("nav_title"),
        description: text("description"),
        weight: reader.integer("weight").map(|w| w.value),
        draft: reader.bool("draft").unwrap_or(false),
        slug: reader.string("slug"),
        aliases: reader.strings("aliases").unwrap_or_default(),
        template: reader.string("template"),
        date: reader.date("date"),
        noindex: reader.bool("noindex").unwrap_or(false),
        extra: reader.node("extra").map(Node::to_json),
        category: reader.sub_table("category").cloned(),
        component: reader.sub_table("component").cloned(),
        components: tables("components"),
        build: reader.sub_table("build").cloned(),
        builds: tables("builds"),
        calculator: reader.sub_table("calculator").cloned(),
    };
    reader.finish(sink);
    front
}
