//! The keys of front matter that every page has. The tables of the catalog
//! (`[category]`, `[component]`, `[build]`, `[calculator]`) stay trees: their
//! keys depend on the schema, which other files declare.

use std::sync::Arc;

use super::reader::{Reader, is_list_of_tables};
use super::tree::{Kind, Node, Table};
use crate::diag::{Code, Diagnostic, Span, Spanned, nearest};

/// What the author says about a page.
#[derive(Clone, Debug)]
pub struct FrontMatter {
    pub span: Span,
    pub title: Option<Spanned<Arc<str>>>,
    /// The title in the sidebar, where the whole one is too long.
    pub nav_title: Option<Spanned<Arc<str>>>,
    pub description: Option<Spanned<Arc<str>>>,
    /// Place among the siblings, ascending; pages without one come last.
    pub weight: Option<i64>,
    pub draft: bool,
    pub slug: Option<Spanned<Arc<str>>>,
    /// Former addresses, which get redirects.
    pub aliases: Vec<Spanned<Arc<str>>>,
    /// Other words for what it is about, by which search finds it.
    pub keywords: Vec<Spanned<Arc<str>>>,
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
    /// Whether it has keys that no page has and declares nothing, as if
    /// `[component]` were missing.
    pub strays: bool,
    /// Keys of it that belong into one of these tables, of [`MISPLACED`].
    pub misplaced: Vec<&'static str>,
    /// Whether tables of it are lost that declare something for the catalog: they
    /// stand under a key that is misspelt, or in a list where one is read.
    pub lost_tables: bool,
}

/// Keys that stand in a table, and how that is written.
const MISPLACED: [(&str, &str); 5] = [
    ("fields", "[category.fields]"),
    ("slots", "[[calculator.slots]]"),
    ("inputs", "[[calculator.inputs]]"),
    ("totals", "[[calculator.totals]]"),
    ("rules", "[[calculator.rules]]"),
];

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

/// Keys under which a page declares something for the catalog.
const CATALOG: [&str; 6] = [
    "category",
    "component",
    "components",
    "build",
    "builds",
    "calculator",
];

/// Reads the keys of a page's front matter; unknown ones are reported.
pub fn read_front(table: &Table, sink: &mut Vec<Diagnostic>) -> FrontMatter {
    let reader = Reader::new(table, "the front matter");
    let tables = |key| reader.tables(key).into_iter().cloned().collect();
    let declares = CATALOG.iter().any(|key| table.get(key).is_some());
    // A text there is the weight of a component, not the place of a page.
    let weight = table.get("weight").map(|node| &node.kind);
    let is_figure = !declares && matches!(weight, Some(Kind::String(_)));
    let mut front = FrontMatter {
        span: table.span.clone(),
        title: reader.string("title"),
        nav_title: reader.string("nav_title"),
        description: reader.string("description"),
        weight: match is_figure {
            true => None,
            false => reader.integer("weight").map(|w| w.value),
        },
        draft: reader.bool("draft").unwrap_or(false),
        slug: reader
            .string("slug")
            .filter(|slug| check_slug(slug, &reader)),
        aliases: reader.strings("aliases").unwrap_or_default(),
        keywords: reader.strings("keywords").unwrap_or_default(),
        template: reader.string("template"),
        date: reader.day("date"),
        noindex: reader.bool("noindex").unwrap_or(false),
        extra: reader.node("extra").map(Node::to_json),
        category: reader.sub_table("category").cloned(),
        component: reader.sub_table("component").cloned(),
        components: tables("components"),
        build: reader.sub_table("build").cloned(),
        builds: tables("builds"),
        calculator: reader.sub_table("calculator").cloned(),
        strays: false,
        misplaced: Vec::new(),
        lost_tables: table.entries.iter().any(is_lost),
    };
    let (mut misplaced, mut strays, mut free) = (Vec::new(), Vec::new(), Vec::new());
    for key in reader.strays() {
        match MISPLACED
            .iter()
            .find(|(name, _)| *name == key.value.as_ref())
        {
            Some(row) => misplaced.push((key, row)),
            None if !declares => strays.push(key),
            None => free.push(key),
        }
    }
    sink.extend(stray_figures(&strays));
    sink.extend(misplaced.iter().map(|(key, (name, written))| {
        let message = format!("`{name}` stands in a table of its own");
        Diagnostic::error(Code::UnknownKey, key.span.clone(), message)
            .help(format!("write `{written}`"))
    }));
    let is_clean = strays.is_empty() && misplaced.is_empty();
    front.strays = !declares && !is_clean;
    front.misplaced = misplaced.iter().map(|(_, (name, _))| *name).collect();
    sink.extend(free.iter().map(|key| {
        let message = format!("unknown key `{}` in the front matter", key.value);
        Diagnostic::error(Code::UnknownKey, key.span.clone(), message)
            .help("keys of your own stand under `[extra]`")
    }));
    strays.extend(free);
    strays.extend(misplaced.iter().map(|(key, _)| *key));
    reader.finish_but(&strays, sink);
    front
}

/// Whether something for the catalog stands where it is not read.
fn is_lost((key, node): &(Spanned<Arc<str>>, Node)) -> bool {
    let is_list = is_list_of_tables(node);
    match CATALOG.contains(&&*key.value) {
        true => is_list && !key.value.ends_with('s'),
        false => {
            let has_tables = is_list || matches!(node.kind, Kind::Table(_));
            has_tables && nearest(&key.value, CATALOG).is_some()
        }
    }
}

/// Reports a slug that is no one part of an address; whether files can be
/// called so all the same.
fn check_slug(slug: &Spanned<Arc<str>>, reader: &Reader<'_>) -> bool {
    let is_plain = |c: char| !c.is_whitespace() && !c.is_control() && !"/\\?#%".contains(c);
    let text: &str = &slug.value;
    if !matches!(text, "" | "." | "..") && text.chars().all(is_plain) {
        return true;
    }
    let message = format!("`{}` can't be part of an address", slug.value);
    let parts = slug.split(|c| !is_plain(c) || ".,;:&".contains(c));
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    let example = parts.join("-").to_lowercase();
    let found = Diagnostic::error(Code::InvalidId, slug.span.clone(), message)
        .help("a slug is the last part of an address alone, without spaces and `/ \\ ? # %`");
    let example = (!example.is_empty()).then(|| format!("for example `{example}`"));
    reader.report(found.help_if(example).once_right());
    let mut names = text.split('/');
    names.all(|name| !matches!(name, "" | "." | ".."))
        && !text.contains(|c: char| c.is_control() || c == '\\')
}

/// One finding for all keys that are likely figures of a component.
fn stray_figures(keys: &[&Spanned<Arc<str>>]) -> Option<Diagnostic> {
    let first = keys.first()?;
    let help = "the figures of a component stand under `[component]`, free keys under `[extra]`";
    if first.value.as_ref() == "weight" && keys.len() == 1 {
        let message = "`weight` must be a whole number, found a text";
        let found = Diagnostic::error(Code::InvalidValue, first.span.clone(), message);
        return Some(found.help(help));
    }
    let names: Vec<String> = keys.iter().map(|key| format!("`{}`", key.value)).collect();
    let message = match names.len() {
        1 => format!("unknown key {} in the front matter", names[0]),
        _ => format!("unknown keys in the front matter: {}", names.join(", ")),
    };
    Some(Diagnostic::error(Code::UnknownKey, first.span.clone(), message).help(help))
}
