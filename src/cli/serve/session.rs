//! One preview from start to end: what was built last, and what is new.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use blake3::Hash;
use rayon::prelude::*;

use super::super::site::{Site, sorted};
use crate::compile::{Tools, compile};
use crate::config::read_config;
use crate::diag::render::{Look, text};
use crate::diag::{Diagnostic, Severity};
use crate::io::cache::DiskMemo;
use crate::io::identity::identity;
use crate::io::preview::Problem;
use crate::io::watch::Target;
use crate::io::{Failure, Result};
use crate::memo::{InMemory, Memo, Nothing};
use crate::output::{OutputPath, OutputTree, Recipe};
use crate::source::Project;

/// Builds a site again and again.
pub struct Session {
    site: Site,
    memo: Arc<InMemory>,
    /// Until the first state has been rendered.
    disk: Option<Arc<DiskMemo>>,
    tools: Tools,
    /// Of the last project, and what was said about reading it.
    last: Option<(Hash, Vec<Diagnostic>)>,
    stamps: BTreeMap<Arc<str>, Hash>,
    changes: Vec<Arc<str>>,
    tree: Option<Arc<OutputTree>>,
    /// What rendering each file had to say, with the inputs.
    rendered: HashMap<OutputPath, (Hash, Vec<Diagnostic>)>,
}

/// A new state of the site.
pub struct Built {
    /// None if the content has errors.
    pub tree: Option<Arc<OutputTree>>,
    pub diagnostics: Vec<Diagnostic>,
    /// The path of the site's address, such as `guide/`, or empty.
    pub base: String,
    pub changed_pages: usize,
    /// What changed beside pages.
    pub changed_files: Vec<Arc<str>>,
    pub is_first: bool,
}

/// How many files are rendered between two looks for something newer.
const AT_ONCE: usize = 64;
/// A longer list of changed files tells no page more than its beginning.
const FILES_TOLD: usize = 500;

impl Session {
    pub fn new(site: Site) -> Self {
        let state = site.state.as_deref();
        let disk = state.map(|state| Arc::new(DiskMemo::open(state, &identity())));
        let behind: Arc<dyn Memo> = match &disk {
            Some(disk) => Arc::clone(disk) as _,
            None => Arc::new(Nothing),
        };
        let memo = Arc::new(InMemory::new(behind));
        let tools = Tools {
            memo: Arc::clone(&memo) as _,
            worker: Arc::clone(&site.worker) as _,
            on_stage: Arc::new(|_| ()),
        };
        Self {
            site,
            memo,
            disk,
            tools,
            last: None,
            stamps: BTreeMap::new(),
            changes: Vec::new(),
            tree: None,
            rendered: HashMap::new(),
        }
    }

    /// What is to be watched now.
    pub fn targets(&self) -> Vec<Target> {
        self.site.loader.targets()
    }

    /// Reads what has changed and compiles it; none if nothing has changed.
    pub fn build(&mut self) -> Result<Option<Built>> {
        let read = self.site.loader.load(self.memo.as_ref())?;
        let now = (read.value.hash(), read.diagnostics.clone());
        if self.last.as_ref() == Some(&now) {
            return Ok(None);
        }
        self.last = Some(now);
        self.note_changes(&read.value);
        let mut diagnostics = Vec::new();
        let project = read.drain_into(&mut diagnostics);
        let compiled = compile(&project, &self.site.options, &self.tools);
        let compiled = compiled.drain_into(&mut diagnostics);
        self.memo.end_run();
        let diagnostics = sorted(diagnostics);
        let broken = diagnostics.iter().any(|d| d.severity == Severity::Error);
        let mut built = Built {
            tree: None,
            diagnostics,
            base: base_path(&project, self.site.options.base_url.as_deref()),
            changed_pages: 0,
            changed_files: Vec::new(),
            is_first: self.tree.is_none(),
        };
        if broken {
            return Ok(Some(built));
        }
        let tree = Arc::new(compiled.tree);
        compare(self.tree.as_deref(), &tree, &mut built);
        self.tree = Some(Arc::clone(&tree));
        built.tree = Some(tree);
        Ok(Some(built))
    }

    /// Renders what has changed; returns all diagnostics of the state, or none
    /// if it was interrupted.
    pub fn render(
        &mut self,
        built: &Built,
        mut interrupted: impl FnMut() -> bool,
    ) -> Option<Vec<Diagnostic>> {
        let tree = built.tree.as_ref()?;
        let known = &self.rendered;
        let new: Vec<_> = tree
            .iter()
            .filter(|(path, entry)| known.get(*path).is_none_or(|(of, _)| *of != entry.inputs))
            .collect();
        let mut found = Vec::with_capacity(new.len());
        for some in new.chunks(AT_ONCE) {
            found.par_extend(some.par_iter().map(|(path, entry)| {
                let diagnostics = match &entry.recipe {
                    Recipe::Render(render) => render().diagnostics,
                    Recipe::Bytes(_) | Recipe::Copy(_) => Vec::new(),
                };
                (OutputPath::clone(path), (entry.inputs, diagnostics))
            }));
            if interrupted() {
                self.rendered.extend(found);
                return None;
            }
        }
        self.rendered.extend(found);
        self.rendered
            .retain(|path, _| tree.get(path.as_str()).is_some());
        if let Some(disk) = self.disk.take() {
            disk.save_and_close();
        }
        let of_pages = self.rendered.values().flat_map(|(_, found)| found.clone());
        let of_stages = built.diagnostics.iter().cloned();
        Some(sorted(of_stages.chain(of_pages).collect()))
    }

    /// "`content/a.md`", "`content/a.md` and 3 more".
    pub fn changes_in_words(&self) -> String {
        match self.changes.as_slice() {
            [] => "git".to_owned(),
            [one] => one.to_string(),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        }
    }

    fn note_changes(&mut self, project: &Project) {
        let snapshots = std::iter::once(&project.site).chain(project.versions.values());
        let stamps: BTreeMap<Arc<str>, Hash> = snapshots
            .flat_map(|snapshot| snapshot.files.values())
            .map(|file| (Arc::clone(file.shown_path()), file.stamp()))
            .collect();
        let is_new = |(path, stamp): &(&Arc<str>, &Hash)| self.stamps.get(*path) != Some(*stamp);
        let changed = stamps.iter().filter(is_new).map(|(path, _)| path);
        let gone = self
            .stamps
            .keys()
            .filter(|path| !stamps.contains_key(*path));
        self.changes = changed.chain(gone).cloned().collect();
        self.stamps = stamps;
    }
}

fn compare(old: Option<&OutputTree>, new: &OutputTree, built: &mut Built) {
    let old_inputs = |path: &str| old.and_then(|old| old.get(path)).map(|entry| entry.inputs);
    for (path, entry) in new.iter() {
        if old_inputs(path.as_str()) == Some(entry.inputs) {
            continue;
        }
        if path.as_str().ends_with(".html") {
            built.changed_pages += 1;
        } else if built.changed_files.len() < FILES_TOLD {
            built.changed_files.push(path.as_str().into());
        }
    }
}

/// The path of the site's address without its first slash.
fn base_path(project: &Project, asked: Option<&str>) -> String {
    let config = project.site.text("rigbook.toml");
    let config = config.map(|text| read_config(&text.source).value);
    let configured = config.and_then(|config| config.base_url);
    let url = asked.or(configured.as_ref().map(|url| url.value.as_ref()));
    let rest = url.and_then(|url| url.split_once("://"));
    let path = rest.and_then(|(_, rest)| rest.split_once('/'));
    match path.map(|(_, path)| path.trim_matches('/')) {
        None | Some("") => String::new(),
        Some(path) => format!("{path}/"),
    }
}

/// The errors among diagnostics, as the overlay shows them.
pub fn problems(diagnostics: &[Diagnostic]) -> Vec<Problem> {
    let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
    let shown = errors.take(PROBLEMS_SHOWN).map(|diagnostic| Problem {
        title: match &diagnostic.span {
            Some(span) => {
                let (line, _) = span.file.line_column(span.range.start);
                format!("{}:{line}", span.file.path)
            }
            None => diagnostic.code.name().to_owned(),
        },
        text: text(std::slice::from_ref(diagnostic), Look::default()),
    });
    shown.collect()
}

/// More errors than that are not read one by one.
const PROBLEMS_SHOWN: usize = 100;

/// What the outside world refused, as the overlay shows it.
pub fn problem_of(failure: &Failure) -> Problem {
    Problem {
        title: "the site can't be read".to_owned(),
        text: failure.message.clone(),
    }
}
