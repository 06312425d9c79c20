//! Compiling: a project in, an [`OutputTree`] out. There is one way to compile
//! a site; `build`, `serve`, `check` and `export` all take it.

mod changes;
mod documents;
mod link;
mod texts;

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use crate::calc::{Builds, Calculator, Module};
use crate::catalog::{Catalog, Place};
use crate::config::{Config, LintLevels, VersionEntry, read_config};
use crate::diag::{self, Checked, Code, Diagnostic, Severity};
use crate::memo::{self, Memo};
use crate::output::OutputTree;
use crate::render::diagram::{DiagramConfig, DiagramWorker, Engine};
use crate::render::{
    Common, Content, Guide, Index, Nav, Shared, Templates, Version, VersionPages, alias_address,
    changes_json, has_side_by_side, headings, insert_former, insert_guide, insert_root,
    insert_shared, insert_steps, load, names, page_text_hash, search,
};
use crate::site::Site;
use crate::source::{Project, Snapshot};
use link::link_all;

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
    /// Is told that a stage has ended: "theme", "parse" or "tree".
    pub on_stage: Arc<dyn Fn(&'static str) + Send + Sync>,
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
    // A preview compiles its theme once.
    let theme = memo::key("theme", [project.theme.hash().as_bytes().as_slice()]);
    let loaded = memo::remember(tools.memo.as_ref(), &theme, || {
        load(&project.theme).map(|templates| templates.map(Arc::new))
    });
    let templates = loaded.value.clone();
    diagnostics.extend(loaded.diagnostics.iter().cloned());
    (tools.on_stage)("theme");
    let editions = link_all(project, &config, options, tools, &mut diagnostics);
    (tools.on_stage)("parse");
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
    (tools.on_stage)("tree");
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

/// Places the versions among each other and makes them ready to render.
fn assemble<'a>(
    editions: Vec<Edition<'a>>,
    templates: Arc<Templates>,
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
    let texts = pages.map(|page| {
        let file = &page.document.file;
        let read = edition
            .snapshot
            .text(&format!("content/{}", page.document.path));
        match read.filter(|text| Arc::ptr_eq(&text.source, file)) {
            Some(text) => text.hash,
            // It was read before, or no file has it.
            None => blake3::hash(file.text.as_bytes()),
        }
    });
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
