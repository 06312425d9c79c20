//! From flags to a compiled site: what `build`, `check` and `serve` share.

use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use blake3::Hash;

use super::args::Common;
use super::stopwatch::Stopwatch;
use super::terminal::{Stream, Terminal};
use crate::compile::{Compiled, Options, Tools, compile};
use crate::diag::{self, Checked, Diagnostic, Severity};
use crate::io::cache::DiskMemo;
use crate::io::identity::identity;
use crate::io::project::Loader;
use crate::io::worker::WorkerPool;
use crate::io::writer::{Destination, check_destination, must_stop};
use crate::io::{Failure, Result, is_own_folder};
use crate::memo::{self, Memo, Nothing};
use crate::source::Project;

/// The folder of the site for caches and stamps.
pub const STATE: &str = ".rigbook";

/// A site as a command asks for it.
pub struct Site {
    pub loader: Loader,
    pub options: Options,
    pub state: Option<PathBuf>,
    /// Whether results are kept for the next run.
    pub keeps: bool,
    pub worker: Arc<WorkerPool>,
    disk: Option<Arc<DiskMemo>>,
    pub stopwatch: Arc<Stopwatch>,
    output: PathBuf,
}

/// A project as it was read.
pub struct Read {
    pub project: Checked<Project>,
    memo: Arc<dyn Memo>,
}

/// The folder that `--root` names, or the nearest one upward with a
/// `rigbook.toml`.
pub fn find_root(common: &Common) -> Result<PathBuf> {
    if let Some(root) = &common.root {
        return Ok(root.clone());
    }
    let here = std::env::current_dir()
        .map_err(|e| Failure::environment(format!("can't tell the current folder: {e}")))?;
    let found = here
        .ancestors()
        .find(|dir| dir.join("rigbook.toml").is_file());
    found.map(Path::to_owned).ok_or_else(|| {
        let message = format!(
            "no `rigbook.toml` in `{}` or a folder above it",
            here.display()
        );
        Failure::usage(message).help("`rigbook init` makes a new site; `--root DIR` names one")
    })
}

/// The site that the flags name, compiled; none if its content has errors, which
/// are printed.
pub fn compiled_or_told(common: &Common, terminal: &Terminal) -> Result<Option<Compiled>> {
    let mut site = Site::open_read_only(common)?;
    let compiled = site.compile()?;
    if must_stop(&compiled.diagnostics, common.strict) {
        let folder = folder_from_here(site.loader.root());
        terminal.diagnostics(&sorted(compiled.diagnostics), Stream::Err, &folder);
        return Ok(None);
    }
    Ok(Some(compiled.value))
}

impl Site {
    /// Opens the site that the flags name, to write something.
    pub fn open(common: &Common) -> Result<Self> {
        let mut site = Self::open_read_only(common)?;
        site.keeps = !common.no_cache;
        site.state = site
            .keeps
            .then(|| state_folder(site.loader.root()))
            .flatten();
        Ok(site)
    }

    /// Opens the site that the flags name. Results of earlier builds are used,
    /// and nothing is written.
    pub fn open_read_only(common: &Common) -> Result<Self> {
        let loader = Loader::open(&find_root(common)?)?;
        if let Some(url) = &common.base_url
            && !crate::config::is_base_url(url)
        {
            let message =
                format!("`--base-url` must start with `https://` or `http://`, found `{url}`");
            return Err(Failure::usage(message));
        }
        let state = loader.root().join(STATE);
        let worker = WorkerPool::of_this_program()
            .map_err(|e| Failure::environment(format!("can't tell where this program is: {e}")))?;
        Ok(Self {
            output: match &common.output {
                Some(output) => output.clone(),
                None => loader.root().join("public"),
            },
            options: Options {
                base_url: common.base_url.as_deref().map(Into::into),
                drafts: common.drafts,
            },
            state: (!common.no_cache && is_own_folder(&state)).then_some(state),
            keeps: false,
            loader,
            worker: Arc::new(worker),
            disk: None,
            stopwatch: Arc::new(Stopwatch::start()),
        })
    }

    /// Where the site is published, checked.
    pub fn destination(&self) -> Result<Destination> {
        let home = std::env::home_dir();
        let versions = self.loader.version_folders();
        check_destination(&self.output, self.loader.root(), &versions, home.as_deref())
    }

    /// Where the user asked it to be published.
    pub fn output(&self) -> &Path {
        &self.output
    }

    /// Reads and compiles, with results of earlier builds where there are any.
    pub fn compile(&mut self) -> Result<Checked<Compiled>> {
        let read = self.read()?;
        Ok(self.compile_read(read))
    }

    /// Reads the project.
    pub fn read(&mut self) -> Result<Read> {
        let memo: Arc<dyn Memo> = match self.state.as_deref() {
            Some(state) => {
                let open = match self.keeps {
                    true => DiskMemo::open,
                    false => DiskMemo::open_read_only,
                };
                let disk = Arc::new(open(state, &identity()));
                self.disk = Some(Arc::clone(&disk));
                disk
            }
            None => Arc::new(Nothing),
        };
        let project = self.loader.load(memo.as_ref())?;
        self.stopwatch.lap("read");
        Ok(Read { project, memo })
    }

    /// Compiles what was read.
    pub fn compile_read(&mut self, read: Read) -> Checked<Compiled> {
        let mut diagnostics = Vec::new();
        let project = read.project.drain_into(&mut diagnostics);
        let stopwatch = Arc::clone(&self.stopwatch);
        let tools = Tools {
            memo: read.memo,
            worker: Arc::clone(&self.worker) as _,
            on_stage: Arc::new(move |stage| stopwatch.lap(stage)),
        };
        let compiled = compile(&project, &self.options, &tools).drain_into(&mut diagnostics);
        Checked::new(compiled, diagnostics)
    }

    /// A hash of everything that the site is made from.
    pub fn inputs(&self, read: &Read) -> Hash {
        let options = format!("{:?}", self.options);
        let project = read.project.value.hash();
        let inputs = [identity(), project, blake3::hash(options.as_bytes())];
        memo::key("site", inputs.iter().map(|hash| &hash.as_bytes()[..]))
    }

    /// Keeps results for the next build. Rendering makes some, so this comes
    /// last.
    pub fn save(&self) {
        if let Some(disk) = &self.disk
            && self.keeps
        {
            disk.save();
        }
    }

    /// Prints what was used and what took how long, if that was asked for.
    pub fn print_details(&self, terminal: &Terminal) {
        if terminal.verbose {
            terminal.note(&format!("     site  {}", self.loader.root().display()));
            terminal.note(&format!("   output  {}", self.output.display()));
            let state = self
                .state
                .as_deref()
                .map(|state| state.display().to_string());
            let state = state.unwrap_or_else(|| "none: everything is made anew".to_owned());
            terminal.note(&format!("    cache  {state}"));
        }
        if !terminal.timings && !terminal.verbose {
            return;
        }
        for (stage, time) in self.stopwatch.taken() {
            terminal.error_text(&format!("{stage:>9}  {}\n", milliseconds(time)));
        }
    }
}

/// A time for people.
pub fn milliseconds(time: Duration) -> String {
    let ms = time.as_secs_f64() * 1000.0;
    if ms >= 1000.0 {
        format!("{:.2} s", ms / 1000.0)
    } else if ms >= 10.0 {
        format!("{ms:.0} ms")
    } else {
        format!("{ms:.1} ms")
    }
}

/// The state folder, made if need be; none where the site can't be written.
fn state_folder(root: &Path) -> Option<PathBuf> {
    let state = root.join(STATE);
    if !is_own_folder(&state) {
        std::fs::create_dir(&state).ok()?;
    }
    // So that it never gets into a repository.
    if let Ok(mut ignored) = std::fs::File::create_new(state.join(".gitignore")) {
        let _ = ignored.write_all(b"*\n");
    }
    let probe = tempfile::tempfile_in(&state).is_ok();
    probe.then_some(state)
}

/// Where the site lies below the current folder, with a `/` at its end, for
/// annotations of code hosts.
pub fn folder_from_here(root: &Path) -> String {
    let here = std::env::current_dir().and_then(|here| here.canonicalize());
    let below = here
        .ok()
        .and_then(|here| root.strip_prefix(here).ok().map(Path::to_owned));
    match below.as_deref().and_then(Path::to_str) {
        None | Some("") => String::new(),
        Some(below) => format!("{below}/"),
    }
}

/// "2 errors and 1 warning"; none if there is neither.
pub fn counted(diagnostics: &[Diagnostic]) -> Option<String> {
    let count = |severity| {
        diagnostics
            .iter()
            .filter(|d| d.severity == severity)
            .map(|d| d.stands_for)
            .sum::<usize>()
    };
    let parts: Vec<String> = [
        (count(Severity::Error), "error"),
        (count(Severity::Warning), "warning"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, name)| format!("{count} {name}{}", if count == 1 { "" } else { "s" }))
    .collect();
    (!parts.is_empty()).then(|| parts.join(" and "))
}

/// Puts diagnostics in their order.
pub fn sorted(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diag::sort(&mut diagnostics);
    diagnostics
}
