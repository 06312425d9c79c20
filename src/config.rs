//! `rigbook.toml`: what the author says about the whole site.

mod values;
mod versions;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::diag::{Checked, Code, Diagnostic, Severity, SourceFile, Spanned, nearest};
use crate::parse::{Kind, Node, Origin, Reader, Table, parse_toml};
use values::{author_of, check_base_url, edit_root_of, language_of, repository_of, with_slash};
use versions::{check_versions, version_of};

pub use values::is_base_url;
pub use versions::version_id_fault;

/// The configuration of one site root. Of an older version only `title`,
/// `description`, `language` and `units` count; the rest is the working
/// site's.
#[derive(Clone, Debug)]
pub struct Config {
    pub file: Arc<SourceFile>,
    /// Whether it can't be read, so that keys may be missing.
    pub malformed: bool,
    pub title: Arc<str>,
    pub description: Option<Arc<str>>,
    /// BCP 47, such as `en` or `de-CH`.
    pub language: Arc<str>,
    /// Where the site will be published, with a slash at the end.
    pub base_url: Option<Spanned<Arc<str>>>,
    /// The folder under `themes/`.
    pub theme: Option<Spanned<Arc<str>>>,
    /// The address of the repository, for edit links.
    pub repository: Option<Arc<str>>,
    pub edit_branch: Arc<str>,
    /// The site root within the repository, without slashes at the ends.
    pub edit_root: Arc<str>,
    pub author: Option<Author>,
    pub units: Vec<UnitDeclaration>,
    /// Names under `[units]` that declare none, which is reported.
    pub lost_units: Vec<Arc<str>>,
    pub versions: Vec<VersionEntry>,
    /// The engine that draws every diagram, by name; none for the table's
    /// choice.
    pub diagram_engine: Option<Spanned<Arc<str>>>,
    /// Whether search engines may list archived versions.
    pub index_archived: bool,
    /// The levels of lints that the author sets.
    pub lints: LintLevels,
    /// Free keys for templates.
    pub extra: Option<serde_json::Value>,
}

/// The severities of lints, by code; none for one that is switched off.
#[derive(Clone, Debug, Default)]
pub struct LintLevels(BTreeMap<Code, Option<Severity>>);

impl LintLevels {
    /// What is set for a lint.
    pub fn get(&self, code: Code) -> Option<Option<Severity>> {
        self.0.get(&code).copied()
    }
}

/// The spellings of levels.
pub const LINT_LEVELS: [(&str, Option<Severity>); 4] = [
    ("off", None),
    ("note", Some(Severity::Note)),
    ("warning", Some(Severity::Warning)),
    ("error", Some(Severity::Error)),
];

/// All lints, each with its severity unless it is set; none for those that are
/// off.
pub const LINTS: [(Code, Option<Severity>); 12] = [
    (Code::LiteralFigure, Some(Severity::Warning)),
    (Code::ContradictingFigure, Some(Severity::Warning)),
    (Code::Stale, None),
    (Code::UnsourcedFigure, None),
    (Code::UnusedFigure, None),
    (Code::UnlistedComponent, None),
    (Code::Coverage, None),
    (Code::BrokenBuild, None),
    (Code::EditionOrder, Some(Severity::Warning)),
    (Code::UnsaidRename, Some(Severity::Warning)),
    (Code::SameTitle, Some(Severity::Warning)),
    (Code::IdleAllow, Some(Severity::Warning)),
];

/// Who publishes the guide.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Author {
    pub name: Arc<str>,
    pub url: Option<Arc<str>>,
}

/// A unit of the site's own.
#[derive(Clone, Debug)]
pub struct UnitDeclaration {
    pub name: Spanned<Arc<str>>,
    /// What it measures, for a unit that is no multiple of another.
    pub label: Option<Arc<str>>,
    /// The quantity that one of it is: `735.49875 W`.
    pub is: Option<Spanned<Arc<str>>>,
}

/// One edition of the guide.
#[derive(Clone, Debug)]
pub struct VersionEntry {
    pub id: Spanned<Arc<str>>,
    pub title: Arc<str>,
    pub date: Option<Spanned<Arc<str>>>,
    pub status: Status,
    pub source: VersionSource,
}

/// Where readers find a version and what they are told about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// At the root of the site.
    Current,
    Archived,
    Next,
}

impl Status {
    pub const ALL: [Status; 3] = [Status::Current, Status::Archived, Status::Next];

    pub fn name(self) -> &'static str {
        match self {
            Status::Current => "current",
            Status::Archived => "archived",
            Status::Next => "next",
        }
    }
}

/// Where the content of a version is read from.
#[derive(Clone, Debug)]
pub enum VersionSource {
    /// The site itself.
    Work,
    /// A folder, relative to the site.
    Path(Spanned<Arc<str>>),
    /// A tag, branch or commit.
    Git(Spanned<Arc<str>>),
}

/// Reads the configuration.
pub fn read_config(file: &Arc<SourceFile>) -> Checked<Config> {
    let mut diagnostics = Vec::new();
    let table = parse_toml(&file.text, &Origin::contiguous(file, 0)).drain_into(&mut diagnostics);
    let malformed = !diagnostics.is_empty();
    let mut found = Vec::new();
    let mut config = config_of(&table, file, &mut found);
    config.malformed = malformed;
    if !malformed {
        diagnostics.append(&mut found);
    }
    Checked::new(config, diagnostics)
}

fn config_of(table: &Table, file: &Arc<SourceFile>, sink: &mut Vec<Diagnostic>) -> Config {
    let reader = Reader::new(table, "`rigbook.toml`");
    let text = |key| reader.string(key).map(|s| s.value);
    let base_url = reader.string("base_url");
    check_base_url(base_url.as_ref(), sink);
    let versions: Vec<VersionEntry> = (reader.tables("versions").into_iter())
        .filter_map(|table| version_of(table, sink))
        .collect();
    check_versions(&versions, sink);
    let units = reader.sub_table("units");
    let config = Config {
        malformed: false,
        file: Arc::clone(file),
        title: (reader.required_string("title")).map_or_else(|| "Untitled".into(), |t| t.value),
        description: text("description"),
        language: language_of(&reader),
        base_url: base_url.map(|url| with_slash(&url)),
        theme: reader.string("theme"),
        repository: repository_of(&reader),
        edit_branch: text("edit_branch").unwrap_or_else(|| "main".into()),
        edit_root: edit_root_of(&reader),
        author: author_of(&reader, sink),
        units: units.map_or_else(Vec::new, |t| units_of(t, sink)),
        lost_units: match units {
            Some(units) => without_table(units),
            None => under_misspelt_units(table),
        },
        versions,
        diagram_engine: (reader.sub_table("diagrams")).and_then(|t| diagrams_of(t, sink)),
        lints: (reader.sub_table("lints")).map_or_else(LintLevels::default, |t| lints_of(t, sink)),
        index_archived: reader.bool("index_archived").unwrap_or(false),
        extra: reader.node("extra").map(Node::to_json),
    };
    reader.finish(sink);
    config
}

fn diagrams_of(table: &Table, sink: &mut Vec<Diagnostic>) -> Option<Spanned<Arc<str>>> {
    let reader = Reader::new(table, "`[diagrams]`");
    let engine = reader.string("engine");
    reader.finish(sink);
    engine
}

fn lints_of(table: &Table, sink: &mut Vec<Diagnostic>) -> LintLevels {
    let mut levels = LintLevels::default();
    for (name, node) in &table.entries {
        let lint = LINTS
            .into_iter()
            .find(|(code, _)| code.name() == name.value.as_ref());
        let Some((code, _)) = lint else {
            let message = format!("there is no lint `{}`", name.value);
            let names = LINTS.map(|(code, _)| code.name());
            sink.push(
                Diagnostic::error(Code::UnknownKey, name.span.clone(), message)
                    .help_if(crate::diag::help_nearest(&name.value, names)),
            );
            continue;
        };
        let level = match &node.kind {
            Kind::String(text) => LINT_LEVELS
                .iter()
                .find(|(level, _)| *level == text.as_ref()),
            _ => None,
        };
        match level {
            Some((_, level)) => {
                levels.0.insert(code, *level);
            }
            None => {
                let names = LINT_LEVELS
                    .map(|(level, _)| format!("`\"{level}\"`"))
                    .join(", ");
                let message = format!("the level of `{}` must be one of {names}", name.value);
                sink.push(Diagnostic::error(
                    Code::InvalidValue,
                    node.span.clone(),
                    message,
                ));
            }
        }
    }
    levels
}

/// The keys whose values are no tables.
fn without_table(table: &Table) -> Vec<Arc<str>> {
    let is_table = |node: &Node| matches!(node.kind, Kind::Table(_));
    let entries = table.entries.iter().filter(|(_, node)| !is_table(node));
    entries.map(|(name, _)| Arc::clone(&name.value)).collect()
}

/// The units that a table declares whose own name is misspelt.
fn under_misspelt_units(config: &Table) -> Vec<Arc<str>> {
    let tables = config
        .entries
        .iter()
        .filter_map(|(key, node)| match &node.kind {
            Kind::Table(table) => nearest(&key.value, ["units"]).map(|_| table),
            _ => None,
        });
    let names = tables.flat_map(|table| &table.entries);
    names.map(|(name, _)| Arc::clone(&name.value)).collect()
}

fn units_of(table: &Table, sink: &mut Vec<Diagnostic>) -> Vec<UnitDeclaration> {
    let mut units = Vec::new();
    for (name, node) in &table.entries {
        let Kind::Table(table) = &node.kind else {
            let message = format!(
                "unit `{}` must be a table, found {}",
                name.value,
                node.kind.name()
            );
            let name = &name.value;
            let help = match &node.kind {
                // A quantity starts with its number.
                Kind::String(text) if text.starts_with(|c: char| c.is_ascii_digit()) => {
                    format!("write `{name} = {{ is = \"{text}\" }}`")
                }
                Kind::String(text) => format!("write `{name} = {{ label = \"{text}\" }}`"),
                _ => format!("write `{name} = {{ label = \"what it measures\" }}`"),
            };
            sink.push(Diagnostic::error(Code::InvalidValue, node.span.clone(), message).help(help));
            continue;
        };
        let reader = Reader::new(table, "a unit");
        units.push(UnitDeclaration {
            name: name.clone(),
            label: reader.string("label").map(|l| l.value),
            is: reader.string("is"),
        });
        reader.finish(sink);
    }
    units
}
