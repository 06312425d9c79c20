//! The editions that `[[versions]]` lists.

use std::sync::Arc;

use super::{Status, VersionEntry, VersionSource};
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::parse::{Reader, Table};

pub(super) fn version_of(table: &Table, sink: &mut Vec<Diagnostic>) -> Option<VersionEntry> {
    let reader = Reader::new(table, "a version");
    let id = reader.required_string("id");
    let title = reader.string("title").map(|t| t.value);
    let date = reader.day("date");
    let status = status_of(&reader);
    let path = reader.string("path");
    let git = reader.string("git");
    if let (Some(path), Some(git)) = (&path, &git) {
        reader.report(
            Diagnostic::error(
                Code::Version,
                git.span.clone(),
                "a version has either `path` or `git`",
            )
            .also(path.span.clone(), "`path` is given here"),
        );
    }
    let source = match (path, git) {
        (Some(path), _) => VersionSource::Path(path),
        (None, Some(git)) => VersionSource::Git(git),
        (None, None) => VersionSource::Work,
    };
    reader.finish(sink);
    let id = id?;
    check_version_id(&id, sink);
    let title = title.unwrap_or_else(|| title_of(&id));
    Some(VersionEntry {
        id,
        title,
        date,
        status,
        source,
    })
}

/// What readers see of an edition without a title: a number alone says too
/// little.
fn title_of(id: &Spanned<Arc<str>>) -> Arc<str> {
    match id.starts_with(|c: char| c.is_ascii_digit()) {
        true => format!("Edition {}", id.value).into(),
        false => Arc::clone(&id.value),
    }
}

fn status_of(reader: &Reader<'_>) -> Status {
    let Some(name) = reader.string("status") else {
        return Status::Archived;
    };
    match Status::ALL
        .into_iter()
        .find(|s| s.name() == name.value.as_ref())
    {
        Some(status) => status,
        None => {
            let message = format!("unknown status `{}`", name.value);
            let names = Status::ALL.map(Status::name);
            reader.report(
                Diagnostic::error(Code::InvalidValue, name.span.clone(), message)
                    .help_if(crate::diag::help_nearest(&name.value, names)),
            );
            Status::Archived
        }
    }
}

/// The characters of a version's id at most: it is part of every address.
const MOST_OF_ID: usize = 64;

/// Why a text can't be a version's id, for a help; none if it can. An id names
/// a folder of the site and of `versions/`.
pub fn version_id_fault(id: &str) -> Option<&'static str> {
    match id {
        id if is_version_id(id) => None,
        id if id.len() > MOST_OF_ID => {
            Some("an id names a folder and is part of every address: 64 characters at most")
        }
        _ => Some(
            "an id names a folder: lower-case letters, digits, `.`, `-` and `_`, starting with a letter or digit",
        ),
    }
}

fn is_version_id(id: &str) -> bool {
    let first = id.bytes().next().is_some_and(|b| b.is_ascii_alphanumeric());
    first
        && id.len() <= MOST_OF_ID
        && !id.ends_with('.')
        && !id.contains("..")
        && (id.bytes()).all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b".-_".contains(&b))
}

fn check_version_id(id: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) {
    let Some(help) = version_id_fault(id) else {
        return;
    };
    let message = format!("`{}` can't be a version's id", id.value);
    sink.push(Diagnostic::error(Code::InvalidId, id.span.clone(), message).help(help));
}

pub(super) fn check_versions(versions: &[VersionEntry], sink: &mut Vec<Diagnostic>) {
    let report = |second: &Span, first: &Span, message: String, sink: &mut Vec<Diagnostic>| {
        sink.push(
            Diagnostic::error(Code::Version, second.clone(), message)
                .also(first.clone(), "first given here"),
        );
    };
    for (i, version) in versions.iter().enumerate() {
        let before = &versions[..i];
        if let Some(first) = before.iter().find(|v| v.id.value == version.id.value) {
            let message = format!("two versions have the id `{}`", version.id.value);
            report(&version.id.span, &first.id.span, message, sink);
        }
        let current = |v: &&VersionEntry| v.status == Status::Current;
        if let Some(first) = before.iter().find(current)
            && version.status == Status::Current
        {
            let message = "two versions are `current`".to_string();
            report(&version.id.span, &first.id.span, message, sink);
        }
        let work = |v: &&VersionEntry| matches!(v.source, VersionSource::Work);
        if let Some(first) = before.iter().find(work)
            && matches!(version.source, VersionSource::Work)
        {
            let message =
                "two versions have neither `path` nor `git`: only one can be the site itself";
            report(&version.id.span, &first.id.span, message.to_string(), sink);
        }
    }
    let none_current = versions.iter().all(|v| v.status != Status::Current);
    if let Some(first) = versions.first()
        && none_current
    {
        let message = "no version is `current`: one must stand at the root of the site";
        sink.push(
            Diagnostic::error(Code::Version, first.id.span.clone(), message)
                .help("give one version `status = \"current\"`"),
        );
    }
}
