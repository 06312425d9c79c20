//! Each edition by itself: its files to documents, catalog, calculator, pages
//! and what these show.

use std::sync::Arc;

use rayon::prelude::*;

use super::documents;
use super::texts::{self, Known};
use super::{Edition, Options, Tools};
use crate::calc::{self, Builds, Calculator, Module, check_builds, read_calculator};
use crate::catalog::{Catalog, collect};
use crate::config::{Config, Status, VersionEntry, VersionSource, read_config};
use crate::diag::{Checked, Code, Diagnostic, Severity};
use crate::directive::{self, Facts};
use crate::memo::{self, Memo};
use crate::parse::Document;
use crate::render::{Content, Index, Version, extra_anchor};
use crate::site::{Page, PageId, Site, Target, build_site, resolve_or_explain};
use crate::source::{Project, Snapshot};

/// Reads the editions, the current one first.
pub(super) fn link_all<'a>(
    project: &'a Project,
    config: &Config,
    options: &Options,
    tools: &Tools,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Edition<'a>> {
    let mut entries: Vec<(Version, &Snapshot, Option<Config>)> = Vec::new();
    for entry in &config.versions {
        let snapshot = match entry.source {
            VersionSource::Work => Some(&project.site),
            // One that could not be read was reported where that was tried.
            _ => project.versions.get(&entry.id.value),
        };
        let Some(snapshot) = snapshot else { continue };
        let own = match entry.source {
            VersionSource::Work => Some(config.clone()),
            _ => version_config(entry, snapshot, sink),
        };
        entries.push((version_of(entry), snapshot, own));
    }
    if config.versions.is_empty() {
        entries.push((only_version(config), &project.site, Some(config.clone())));
    }
    // The current version first; the others in the configured order.
    entries.sort_by_key(|(version, ..)| version.status != Status::Current);
    let linked: Vec<Checked<Option<Edition<'a>>>> = entries
        .into_par_iter()
        .map(|(version, snapshot, config)| match config {
            Some(config) => link(version, config, snapshot, options, tools).map(Some),
            None => Checked::clean(None),
        })
        .collect();
    let editions = linked
        .into_iter()
        .filter_map(|edition| edition.drain_into(sink));
    editions.collect()
}

fn version_config(
    entry: &VersionEntry,
    snapshot: &Snapshot,
    sink: &mut Vec<Diagnostic>,
) -> Option<Config> {
    match snapshot.text("rigbook.toml") {
        Some(file) => {
            let version = version_of(entry);
            let mut found = Vec::new();
            let config = read_config(&file.source).drain_into(&mut found);
            sink.extend(found.into_iter().map(|found| version.judged(found)));
            Some(config)
        }
        None => {
            let message = format!("version `{}` has no `rigbook.toml`", entry.id.value);
            sink.push(
                Diagnostic::error(Code::Version, entry.id.span.clone(), message).help(
                    "each version is a site root of its own: `rigbook.toml`, `content/`, `static/`",
                ),
            );
            None
        }
    }
}

fn version_of(entry: &VersionEntry) -> Version {
    let id = Arc::clone(&entry.id.value);
    Version {
        prefix: match entry.status {
            Status::Current => "".into(),
            _ => format!("{id}/").into(),
        },
        id,
        title: Arc::clone(&entry.title),
        date: entry.date.as_ref().map(|d| Arc::clone(&d.value)),
        status: entry.status,
        is_frozen: !matches!(entry.source, VersionSource::Work),
    }
}

/// The version of a site that declares none.
fn only_version(config: &Config) -> Version {
    Version {
        id: "".into(),
        title: Arc::clone(&config.title),
        date: None,
        status: Status::Current,
        prefix: "".into(),
        is_frozen: false,
    }
}

fn link<'a>(
    version: Version,
    config: Config,
    snapshot: &'a Snapshot,
    options: &Options,
    tools: &Tools,
) -> Checked<Edition<'a>> {
    let mut diagnostics = Vec::new();
    let (documents, drafts) =
        documents::parse_all(snapshot, &config, options, &*tools.memo, &mut diagnostics);
    let plain: Vec<Arc<Document>> = documents.iter().map(|(d, _)| Arc::clone(d)).collect();
    let mut catalog = collect(&plain, &drafts, &config).drain_into(&mut diagnostics);
    let names = |folder: &str| {
        let files = snapshot.under(folder).map(|(path, _)| path);
        files
            .filter(|path| !path.ends_with(".md"))
            .map(Arc::from)
            .collect::<Vec<Arc<str>>>()
    };
    let statics: Vec<Arc<str>> = snapshot
        .under("static")
        .map(|(path, _)| Arc::from(path))
        .collect();
    let mut site = build_site(&documents, names("content"), statics).drain_into(&mut diagnostics);
    let (mut calculator, found) = calculator(&plain, &catalog);
    diagnostics.extend(found);
    let builds = match &calculator {
        Some(calculator) => Builds::evaluate(calculator, &catalog),
        None => Builds::default(),
    };
    let module = calculator
        .as_ref()
        .and_then(|c| calc::compile(c, &catalog, &builds).drain_into(&mut diagnostics));
    diagnostics = { diagnostics.into_iter() }
        .map(|found| version.judged(found))
        .collect();
    // What has errors is not published, and is not whole enough to be verified.
    let fits = !(diagnostics.iter()).any(|found| found.severity == Severity::Error);
    if let (true, Some(calculator), Some(module)) = (fits, &calculator, &module) {
        diagnostics.extend(verified(
            module,
            calculator,
            &catalog,
            &builds,
            &*tools.memo,
        ));
    }
    let pages = Index::new(&catalog, &[]);
    let known = Known {
        catalog: &catalog,
        calculator: calculator.as_ref(),
        builds: &builds,
        pages: &pages,
    };
    let filled = texts::fill(&site, &known, &mut diagnostics);
    filled.apply(&mut site, &mut catalog, calculator.as_mut());
    let known = Known {
        catalog: &catalog,
        calculator: calculator.as_ref(),
        builds: &builds,
        pages: &pages,
    };
    let contents: Vec<Checked<Content>> = (0..site.pages.len())
        .into_par_iter()
        .map(|page| {
            let id = PageId(page);
            let path = &site.page(id).document.path;
            let facts = known.on_page(path);
            read_content(&site, &pages, &facts, id)
        })
        .collect();
    let contents: Vec<Content> = contents
        .into_iter()
        .map(|c| c.drain_into(&mut diagnostics))
        .collect();
    diagnostics.extend(unexplained(&site, &contents, &diagnostics));
    let index = Index::new(&catalog, &contents);
    let edition = Edition {
        version,
        config,
        snapshot,
        catalog: Arc::new(catalog),
        site,
        contents,
        index,
        calculator,
        builds,
        module,
    };
    Checked::new(edition, diagnostics)
}

/// A page that lacks a figure is never published: there is a reason, which is
/// an error somewhere.
fn unexplained(site: &Site, contents: &[Content], found: &[Diagnostic]) -> Option<Diagnostic> {
    if found.iter().any(|found| found.severity == Severity::Error) {
        return None;
    }
    let lacks = |(page, content): &(&Page, &Content)| {
        let mut calls = page.outline.calls.iter();
        calls.any(|(number, _)| !content.inlines.contains_key(number))
            || content.directives.iter().any(Option::is_none)
    };
    let (page, _) = site.pages.iter().zip(contents).find(lacks)?;
    let message = "a figure or a block of this page can't be read, for no reason that was found";
    Some(
        Diagnostic::error(Code::Limit, page.document.top(), message)
            .help("this is a mistake of Rigbook's, please report it"),
    )
}

/// Runs the presets in the module, unless this very module has passed before.
fn verified(
    module: &Module,
    calculator: &Calculator,
    catalog: &Catalog,
    builds: &Builds,
    memo: &dyn Memo,
) -> Vec<Diagnostic> {
    let presets = format!("{builds:?}");
    let key = memo::key("verify", [&module.bytes[..], presets.as_bytes()]);
    if memo.get(&key).is_some() {
        return Vec::new();
    }
    let found = calc::verify(module, calculator, catalog, builds);
    if found.is_empty() {
        memo.put(&key, Arc::from(&b"ok"[..]));
    }
    found
}

/// The version's calculator, and whether its presets fit it.
fn calculator(
    documents: &[Arc<Document>],
    catalog: &Catalog,
) -> (Option<Calculator>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let calculator = read_calculator(documents, catalog).drain_into(&mut diagnostics);
    if let Some(calculator) = &calculator {
        diagnostics.extend(check_builds(calculator, catalog));
    }
    (calculator, diagnostics)
}

/// Whether what stands between braces begins as in a template language:
/// `{{< figure >}}`, `{{#if}}`.
fn is_of_another_program(formula: &str) -> bool {
    let is_sign = |c: char| "<>%#/!&^*|@=".contains(c);
    formula.is_empty() || formula.starts_with(is_sign)
}

/// What can't be read as a formula may be braces that belong to the text.
fn or_braces(found: Diagnostic) -> Diagnostic {
    match found.code {
        Code::FormulaSyntax => found.help("for braces as text write `\\{{`"),
        _ => found,
    }
}

/// Reads the figures and blocks of a page and checks its links.
fn read_content(site: &Site, index: &Index, facts: &Facts<'_>, id: PageId) -> Checked<Content> {
    let page = site.page(id);
    let mut diagnostics = Vec::new();
    let mut content = Content::default();
    for (number, formula) in &page.outline.calls {
        match directive::inline(formula, facts) {
            Ok(inline) => {
                content.inlines.insert(*number, inline);
            }
            Err(errors) if is_of_another_program(formula) => {
                diagnostics.extend(errors.into_iter().map(or_braces));
            }
            Err(errors) => diagnostics.extend(errors),
        }
    }
    for fence in &page.outline.fences {
        let directive = directive::read(fence, facts).drain_into(&mut diagnostics);
        content.directives.push(directive);
    }
    let extra =
        |id: PageId, anchor: &str| extra_anchor(facts.catalog, index, site.page(id), anchor);
    for link in &page.outline.links {
        let resolved = resolve_or_explain(site, page, &link.address, &extra);
        if let (Ok(Target::External(_)), true) = (&resolved, link.image) {
            let message = "images of other sites are not loaded";
            diagnostics.push(
                Diagnostic::warning(Code::UnsafeHtml, link.span.clone(), message)
                    .help("copy the image into `static/` or beside the page"),
            );
        }
        if let Err(error) = resolved {
            let what = if link.image { "image" } else { "link" };
            diagnostics.push(
                Diagnostic::error(Code::BrokenLink, link.span.clone(), error.message)
                    .label(format!("this {what}"))
                    .help_if(error.help),
            );
        }
    }
    Checked::new(content, diagnostics)
}
