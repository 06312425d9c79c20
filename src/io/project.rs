//! Reads a whole project: the working site, its theme and its other versions.
//!
//! In comes the folder with `rigbook.toml`; out goes a [`Project`], with
//! diagnostics at the configuration's line for each version that can't be read.
//! A loader reads again and again, and only what has changed.

use std::collections::BTreeMap;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use super::git::{Days, Git, Reason, Repository as _};
use super::watch::Target;
use super::worktree::Reader;
use super::{Failure, FailureKind, Result};
use crate::config::{Config, VersionSource, read_config};
use crate::diag::{Checked, Code, Diagnostic, Spanned, help_nearest};
use crate::memo::{self, Memo};
use crate::source::{Project, Snapshot, lay_over};

/// The theme of a site that names none.
const DEFAULT_THEME: &str = "default";

/// Reads one project, at first whole and then what has changed.
pub struct Loader {
    root: PathBuf,
    site: Reader,
    /// Versions in folders, by real path.
    folders: BTreeMap<PathBuf, Reader>,
    /// Versions of git, by commit and prefix.
    commits: BTreeMap<(Arc<str>, String), Checked<Snapshot>>,
    git: Option<Git>,
    days: Option<(Arc<str>, Arc<Days>)>,
}

impl Loader {
    /// A loader of the site at `root`.
    pub fn open(root: &Path) -> Result<Self> {
        let real = root
            .canonicalize()
            .map_err(|e| Failure::at("open", root, &e))?;
        let config = real.join("rigbook.toml");
        if !config.is_file() {
            let message = format!("`{}` is no site: it has no `rigbook.toml`", root.display());
            return Err(Failure::usage(message).help("`rigbook init` makes a new site"));
        }
        Ok(Self {
            site: Reader::new(&real, "")?,
            folders: BTreeMap::new(),
            commits: BTreeMap::new(),
            git: Git::find(&real),
            days: None,
            root: real,
        })
    }

    /// The folder with `rigbook.toml`, a real path.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Reads the project as it is now.
    pub fn load(&mut self, memo: &dyn Memo) -> Result<Checked<Project>> {
        let mut diagnostics = Vec::new();
        let mut site = self.site.read()?.drain_into(&mut diagnostics);
        let config = site.text("rigbook.toml").map(|text| {
            // The compiler reports what is wrong with it.
            read_config(&text.source).value
        });
        let days = self.days_of_head(memo);
        site.changed = under(&days, "");
        let theme = config.as_ref().and_then(|config| config.theme.as_ref());
        diagnostics.extend(theme.and_then(|theme| missing_theme(theme, &site)));
        let theme_name = theme.map_or(DEFAULT_THEME, |theme| &theme.value);
        let theme = lay_over(&site, theme_name);
        let versions = match &config {
            Some(config) => self.versions(config, &days, memo, &mut diagnostics)?,
            None => BTreeMap::new(),
        };
        let project = Project {
            root: self.root.clone(),
            site,
            theme,
            versions,
        };
        Ok(Checked::new(project, diagnostics))
    }

    /// The folders that versions are read from, real paths.
    pub fn version_folders(&self) -> Vec<PathBuf> {
        self.folders.keys().cloned().collect()
    }

    /// What a change of the project would show in.
    pub fn targets(&self) -> Vec<Target> {
        let target = |path: PathBuf, deep| Target { path, deep };
        let mut targets = vec![target(self.root.clone(), false)];
        let roots = std::iter::once(&self.root).chain(self.folders.keys());
        for root in roots {
            let below = ["content", "static", "themes"].map(|name| target(root.join(name), true));
            targets.extend(below);
        }
        targets.extend(self.folders.keys().map(|root| target(root.clone(), false)));
        if let Some(git) = &self.git {
            targets.extend(git.watched().map(|(path, deep)| target(path, deep)));
        }
        targets
    }

    fn versions(
        &mut self,
        config: &Config,
        days: &Days,
        memo: &dyn Memo,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<BTreeMap<Arc<str>, Snapshot>> {
        let mut versions = BTreeMap::new();
        let mut folders = std::mem::take(&mut self.folders);
        let mut commits = std::mem::take(&mut self.commits);
        for version in &config.versions {
            let (place, read) = match &version.source {
                VersionSource::Work => continue,
                VersionSource::Path(path) => (path, self.folder_version(path, &mut folders, days)?),
                VersionSource::Git(name) => (name, self.git_version(name, &mut commits, memo)),
            };
            match read {
                Ok(read) => {
                    let id = Arc::clone(&version.id.value);
                    versions.insert(id, read.drain_into(diagnostics));
                }
                // No content can mend that.
                Err(reason) if reason.kind == FailureKind::Environment => return Err(reason.into()),
                Err(reason) => diagnostics.push(unreadable(place, &version.id.value, &reason)),
            }
        }
        Ok(versions)
    }

    fn folder_version(
        &mut self,
        path: &Spanned<Arc<str>>,
        known: &mut BTreeMap<PathBuf, Reader>,
        days: &Days,
    ) -> Result<std::result::Result<Checked<Snapshot>, Reason>> {
        let real = match self.inside(path) {
            Ok(real) => real,
            Err(reason) => return Ok(Err(reason)),
        };
        let trimmed = path.value.trim_end_matches('/');
        let prefix = format!("{trimmed}/");
        let mut reader = match known.remove(&real) {
            Some(reader) => reader,
            None => Reader::new(&real, &prefix)?,
        };
        let mut read = reader.read()?;
        read.value.changed = under(days, &prefix);
        self.folders.insert(real, reader);
        Ok(Ok(read))
    }

    /// The real path of a version's folder, which must lie in the project.
    fn inside(&self, path: &Spanned<Arc<str>>) -> std::result::Result<PathBuf, Reason> {
        let reason = |message: String| Reason {
            message,
            help: Some("give the folder of a site, relative to this one: `versions/1.0`".into()),
            kind: FailureKind::Usage,
        };
        let given: &str = &path.value;
        let real =
            self.root.join(given).canonicalize().map_err(|error| {
                reason(format!("can't open `{given}`: {}", super::reason(&error)))
            })?;
        let leaves = !real.starts_with(&self.root);
        let steps = || Path::new(given).components();
        if leaves && steps().all(|step| matches!(step, Component::Normal(_) | Component::CurDir)) {
            return Err(Reason {
                message: format!("`{given}` leads outside the site through a symbolic link"),
                help: Some("put the edition itself there: a link is not published".to_owned()),
                kind: FailureKind::Usage,
            });
        }
        if leaves || real == self.root {
            return Err(reason(format!("`{given}` is not a folder inside the site")));
        }
        if !real.join("rigbook.toml").is_file() {
            return Err(reason(format!("`{given}` has no `rigbook.toml`")));
        }
        Ok(real)
    }

    fn git_version(
        &mut self,
        name: &Spanned<Arc<str>>,
        known: &mut BTreeMap<(Arc<str>, String), Checked<Snapshot>>,
        memo: &dyn Memo,
    ) -> std::result::Result<Checked<Snapshot>, Reason> {
        let git = self.repository()?;
        let commit = git.resolve(&name.value)?;
        let prefix = format!("{}:", name.value);
        let key = (Arc::clone(&commit), prefix.clone());
        let read = match known.remove(&key) {
            Some(read) => read,
            None => {
                let mut read = git.snapshot(&commit, &prefix)?;
                read.value.changed = under(&remembered_days(git, &commit, memo), "");
                read
            }
        };
        self.commits.insert(key, read.clone());
        Ok(read)
    }

    fn repository(&self) -> std::result::Result<&Git, Reason> {
        self.git.as_ref().ok_or_else(|| Reason {
            message: "the site is in no git repository".to_owned(),
            help: Some("read the version from a folder: `path = \"versions/1.0\"`".to_owned()),
            kind: FailureKind::Usage,
        })
    }

    fn days_of_head(&mut self, memo: &dyn Memo) -> Arc<Days> {
        let Some(git) = &self.git else {
            return Arc::default();
        };
        let Some(head) = git.head() else {
            return Arc::default();
        };
        if let Some((commit, days)) = &self.days
            && *commit == head
        {
            return Arc::clone(days);
        }
        let days = Arc::new(remembered_days(git, &head, memo));
        self.days = Some((head, Arc::clone(&days)));
        days
    }
}

/// The days of a prefix's files, by path after it.
fn under(days: &Days, prefix: &str) -> Days {
    let below = days.iter().filter_map(|(path, day)| {
        let path = path.strip_prefix(prefix)?;
        Some((Arc::from(path), Arc::clone(day)))
    });
    below.collect()
}

/// Days from the memo, or from git. A history that can't be read gives none.
fn remembered_days(git: &Git, commit: &str, memo: &dyn Memo) -> Days {
    if git.shallow {
        return Days::new();
    }
    let inputs = [commit.as_bytes(), git.inside.as_bytes()];
    let key = memo::key("days of commits 1", inputs);
    let kept = memo.get(&key);
    if let Some(days) = kept.and_then(|bytes| serde_json::from_slice(&bytes).ok()) {
        return days;
    }
    let Ok(days) = git.days(commit) else {
        return Days::new();
    };
    if let Ok(bytes) = serde_json::to_vec(&days) {
        memo.put(&key, bytes.into());
    }
    days
}

fn unreadable(place: &Spanned<Arc<str>>, id: &str, reason: &Reason) -> Diagnostic {
    let message = format!("version `{id}` can't be read: {}", reason.message);
    Diagnostic::error(Code::Version, place.span.clone(), message).help_if(reason.help.clone())
}

/// What is to be said of a theme that has no folder.
fn missing_theme(theme: &Spanned<Arc<str>>, site: &Snapshot) -> Option<Diagnostic> {
    let folder = format!("themes/{}", theme.value);
    let is_there = site.under(&folder).next().is_some();
    if is_there || theme.value.as_ref() == DEFAULT_THEME {
        return None;
    }
    let names = site
        .under("themes")
        .filter_map(|(path, _)| path.split('/').next());
    let message = format!("there is no theme `{}`", theme.value);
    Some(
        Diagnostic::error(Code::UnknownName, theme.span.clone(), message)
            .help_if(help_nearest(&theme.value, names.chain([DEFAULT_THEME])))
            .help(format!("a theme is a folder, here `{folder}`")),
    )
}
