//! Compiling: a project in, an [`OutputTree`] out. There is one way to compile
//! a site; `build`, `serve`, `check` and `export` all take it.

mod changes;
mod documents;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::calc::{self, Builds, Calculator, Module, check_builds, read_calculator};
use crate::catalog::{Catalog, Place, collect};
use crate::config::{Config, LintLevels, Status, VersionEntry, VersionSource, read_config};
use crate::diag::{self, Checked, Code, Diagnostic, Severity};
use crate::directive::{self, Facts};
use crate::memo::{self, Memo};
use crate::output::OutputTree;
use crate::parse::{Document, Outline};
use crate::render::diagram::{DiagramConfig, DiagramWorker, Engine};
use crate::render::{
    Common, Content, Guide, Index, Nav, Shared, Templates, Version, VersionPages, alias_address,
    changes_json, extra_anchor, has_side_by_side, headings, insert_former, insert_guide,
    insert_root, insert_shared, insert_steps, load, names, page_text_hash, search,
};
use crate::site::{Page, PageId, Site, Target, build_site, resolve_or_explain};
use crate::source::{Project, Snapshot};
use texts::Known;

/// What a command asks for beside the project.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Instead of the configured one.
    pub base_url: Option<Arc<str>>,
    /// Whether drafts are published.
    pub drafts: bool,
}

/// What stages need of the outside.
#[derive(Clone)]
pub struct Tools {
    pub memo: Arc<dyn Memo>,
    pub worker: Arc<dyn DiagramWorker + Send + Sync>,
}

/// A compiled project.
pub struct Compiled {
    pub tree: OutputTree,
    /// All versions, the current one first.
    pub guides: Vec<Arc<Guide>>,
    /// What the configuration says of lints, which are run by who asks.
    pub lints: LintLevels,
    /// The editions, as the configuration lists them.
    pub versions: Vec<VersionEntry>,
}

/// Compiles a project.
///
/// # Steps
/// 1. The configuration is read and the theme compiled.
/// 2. Each version is parsed, collected and linked, in parallel.
/// 3. The pages of all versions are mapped onto each other.
/// 4. Every file becomes a recipe of the output tree.
pub fn compile(project: &Project, options: &Options, tools: &Tools) -> Checked<Compiled> {
    let mut diagnostics = Vec::new();
    let nothing = Compiled {
        tree: OutputTree::new(),
        guides: Vec::new(),
        lints: LintLevels::default(),
        versions: Vec::new(),
    };
    let Some(file) = project.site.text("rigbook.toml") else {
        let message = "the site has no `rigbook.toml`";
        let found = Diagnostic::new(Severity::Error, Code::MissingKey, None, message);
        return Checked::new(nothing, vec![found]);
    };
    let config = read_config(&file.source).drain_into(&mut diagnostics);
    // Editions that can't be told apart have no places on a site.
    let is_malformed = |d: &Diagnostic| d.code == Code::Version && d.severity == Severity::Error;
    if diagnostics.iter().any(is_malformed) {
        diag::sort(&mut diagnostics);
        return Checked::new(nothing, diagnostics);
    }
    let templates = load(&project.theme).drain_into(&mut diagnostics);
    let editions = link_all(project, &config, options, tools, &mut diagnostics);
    let guides = match templates {
        Some(templates) => assemble(
            editions,
            templates,
            project,
            &config,
            options,
            tools,
            &mut diagnostics,
        ),
        None => Vec::new(),
    };
    let mut tree = OutputTree::new();
    for (guide, snapshot) in &guides {
        insert_guide(&mut tree, guide, snapshot, &mut diagnostics);
    }
    let guides: Vec<Arc<Guide>> = guides.into_iter().map(|(guide, _)| guide).collect();
    if let Some(guide) = guides.first() {
        insert_shared(&mut tree, &guide.shared, &mut diagnostics);
    }
    insert_root(&mut tree, &guides, &mut diagnostics);
    insert_steps(&mut tree, &guides, &mut diagnostics);
    insert_former(&mut tree, &guides);
    diag::sort(&mut diagnostics);
    let compiled = Compiled {
        tree,
        guides,
        lints: config.lints,
        versions: config.versions,
    };
    Checked::new(compiled, diagnostics)
}

/// One version, linked but not yet among the others.
struct Edition<'a> {
    version: Version,
    config: Config,
    snapshot: &'a Snapshot,
    catalog: Arc<Catalog>,
    site: Site,
    contents: Vec<Content>,
    index: Index,
    calculator: Option<Calculator>,
    builds: Builds,
    module: Option<Module>,
}

fn link_all<'a>(
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

type Parsed = (Arc<Document>, Arc<Outline>);

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

/// Places the versions among each other and makes them ready to render.
fn assemble<'a>(
    editions: Vec<Edition<'a>>,
    templates: Templates,
    project: &Project,
    config: &Config,
    options: &Options,
    tools: &Tools,
    sink: &mut Vec<Diagnostic>,
) -> Vec<(Arc<Guide>, &'a Snapshot)> {
    let texts: Vec<Vec<blake3::Hash>> = editions.iter().map(texts).collect();
    let base_url = options.base_url.clone();
    let base_url = base_url.map(|url| format!("{}/", url.trim_end_matches('/')).into());
    let shared = Arc::new(Shared {
        templates,
        base_url: base_url.or_else(|| config.base_url.as_ref().map(|url| Arc::clone(&url.value))),
        repository: config.repository.clone(),
        edit_branch: Arc::clone(&config.edit_branch),
        edit_root: Arc::clone(&config.edit_root),
        author: config.author.clone(),
        index_archived: config.index_archived,
        versions: editions.iter().map(version_pages).collect(),
        steps: changes::steps(&editions, config),
        catalogs: (editions.iter())
            .map(|edition| {
                (
                    Arc::clone(&edition.version.id),
                    Arc::clone(&edition.catalog),
                )
            })
            .collect(),
        bodies: common(&editions, &texts),
        search: search::Kept::new(editions.len(), &tools.memo),
        diagrams: diagrams(config, sink),
        memo: Arc::clone(&tools.memo),
        worker: Arc::clone(&tools.worker),
    });
    let common = common_inputs(project, config, options, &shared);
    let shown: Vec<changes::Shown> = (editions.iter())
        .map(|edition| changes::shown(edition, &editions, config, sink))
        .collect();
    let own: Vec<blake3::Hash> = (editions.iter().zip(&shown))
        .map(|(edition, shown)| edition_inputs(edition, &common, shown))
        .collect();
    let inputs = with_earlier(&editions, &own, &shared);
    let editions = editions.into_iter().zip(shown).zip(inputs).zip(texts);
    let guides = editions.map(|(((edition, shown), inputs), texts)| {
        let snapshot = edition.snapshot;
        let guide = Guide {
            texts,
            headings: headings(&edition.site.pages),
            title: Arc::clone(&edition.config.title),
            description: edition.config.description.clone(),
            language: Arc::clone(&edition.config.language),
            shared: Arc::clone(&shared),
            changed: changed(snapshot),
            version: edition.version,
            catalog: edition.catalog,
            site: edition.site,
            contents: edition.contents,
            inputs,
            nav: Nav::default(),
            index: edition.index,
            changes: shown,
            calculator: edition.calculator,
            builds: edition.builds,
            module: edition.module,
        };
        (Arc::new(guide), snapshot)
    });
    guides.collect()
}

/// A hash of each page's whole text.
fn texts(edition: &Edition<'_>) -> Vec<blake3::Hash> {
    let pages = edition.site.pages.par_iter();
    let texts = pages.map(|page| blake3::hash(page.document.file.text.as_bytes()));
    texts.collect()
}

/// What editions may share: nothing where there is one.
fn common<T: ?Sized>(editions: &[Edition<'_>], texts: &[Vec<blake3::Hash>]) -> Common<T> {
    let several = editions.iter().zip(texts).filter(|_| editions.len() > 1);
    let pages = several.flat_map(|(edition, texts)| edition.site.pages.iter().zip(texts));
    Common::new(pages.map(|(page, text)| page_text_hash(page, text)))
}

fn diagrams(config: &Config, sink: &mut Vec<Diagnostic>) -> DiagramConfig {
    let Some(name) = &config.diagram_engine else {
        return DiagramConfig::default();
    };
    let engine = Engine::from_name(&name.value);
    if engine.is_none() {
        let message = format!("there is no diagram engine `{}`", name.value);
        let names = Engine::ALL.map(Engine::name);
        sink.push(
            Diagnostic::error(Code::InvalidValue, name.span.clone(), message)
                .help_if(diag::help_nearest(&name.value, names)),
        );
    }
    DiagramConfig { engine }
}

fn changed(snapshot: &Snapshot) -> BTreeMap<Arc<str>, Arc<str>> {
    let changed = snapshot.changed.iter();
    changed
        .filter_map(|(path, day)| Some((path.strip_prefix("content/")?.into(), Arc::clone(day))))
        .collect()
}

fn version_pages(edition: &Edition<'_>) -> VersionPages {
    let mut pages = VersionPages {
        version: edition.version.clone(),
        by_path: BTreeMap::new(),
        by_name: BTreeMap::new(),
        by_entry: BTreeMap::new(),
        by_alias: BTreeMap::new(),
        compared: (edition.catalog.categories.iter())
            .filter(|category| has_side_by_side(category))
            .flat_map(|category| {
                let ids = std::iter::once(&category.id).chain(&category.former);
                ids.map(|id| (Arc::clone(&id.value), Arc::clone(&category.id.value)))
            })
            .collect(),
    };
    for page in &edition.site.pages {
        let path = Arc::clone(&page.document.path);
        pages.by_path.insert(path, Arc::clone(&page.address));
        for alias in &page.document.front.aliases {
            if let Some(alias) = alias_address(&alias.value) {
                pages.by_alias.insert(alias, Arc::clone(&page.address));
            }
        }
        for name in names(&edition.catalog, &edition.index, page) {
            pages.by_name.insert(name, Arc::clone(&page.address));
        }
    }
    let components = edition.catalog.categories.iter();
    let components = components.flat_map(|category| &category.components);
    for component in components.filter(|c| c.place == Place::Entry) {
        let Some(page) = edition.site.by_path(&component.path) else {
            continue;
        };
        for key in component.keys() {
            let address = Arc::clone(&edition.site.page(page).address);
            let anchor = Arc::clone(&component.id.value);
            pages.by_entry.insert(key, (address, anchor));
        }
    }
    pages
}

/// A hash of what every page of every version may show.
fn common_inputs(
    project: &Project,
    config: &Config,
    options: &Options,
    shared: &Shared,
) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(env!("CARGO_PKG_VERSION").as_bytes());
    part(project.theme.hash().as_bytes());
    part(config.file.text.as_bytes());
    part(format!("{options:?}").as_bytes());
    for version in &shared.versions {
        part(format!("{version:?}").as_bytes());
    }
    for step in &shared.steps {
        part(step.page.as_bytes());
        part(step.title().as_bytes());
    }
    hasher.finalize()
}

/// The hashes of editions, each with those of the editions before it, whose
/// figures its pages show as history.
fn with_earlier(
    editions: &[Edition<'_>],
    own: &[blake3::Hash],
    shared: &Shared,
) -> Vec<blake3::Hash> {
    let position = |id: &str| editions.iter().position(|e| e.version.id.as_ref() == id);
    let whole = |edition: &Edition<'_>| {
        let mut hasher = blake3::Hasher::new();
        let mut id = Some(&edition.version.id);
        while let Some(at) = id.and_then(|id| position(id)) {
            hasher.update(own[at].as_bytes());
            let step = shared.step_to(&editions[at].version.id);
            id = step.map(|step| &step.from.id);
        }
        hasher.finalize()
    };
    editions.iter().map(whole).collect()
}

/// A hash of what every page of a version may show of the others: titles,
/// addresses, figures. A page's own text is not part of it, and neither is what
/// only some pages show of others (`render/inputs.rs`).
fn edition_inputs(
    edition: &Edition<'_>,
    common: &blake3::Hash,
    shown: &changes::Shown,
) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new();
    hasher.update(common.as_bytes());
    hasher.update(edition.version.id.as_bytes());
    hasher.update(&[u8::from(edition.version.is_frozen)]);
    hasher.update(edition.config.file.text.as_bytes());
    for page in &edition.site.pages {
        let front = page.document.front.span.text();
        for part in [
            page.document.path.as_ref(),
            &page.address,
            &page.title,
            front,
        ] {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part.as_bytes());
        }
    }
    for (editions, changes) in shown {
        hasher.update(format!("{editions:?}").as_bytes());
        hasher.update(changes_json(changes).to_string().as_bytes());
    }
    for (path, day) in &edition.snapshot.changed {
        hasher.update(path.as_bytes());
        hasher.update(day.as_bytes());
    }
    for folder in ["content", "static"] {
        for (path, _) in edition.snapshot.under(folder) {
            hasher.update(path.as_bytes());
            hasher.update(b"|");
        }
    }
    hasher.finalize()
}
