//! Values of `rigbook.toml` that have a form: addresses, the language, the place
//! of the sources.

use std::sync::Arc;

use super::Author;
use crate::diag::{Code, Diagnostic, Spanned};
use crate::parse::{Kind, Reader};

pub(super) fn with_slash(url: &Spanned<Arc<str>>) -> Spanned<Arc<str>> {
    let value = format!("{}/", url.value.trim_end_matches('/')).into();
    Spanned::new(value, url.span.clone())
}

pub(super) fn check_base_url(url: Option<&Spanned<Arc<str>>>, sink: &mut Vec<Diagnostic>) {
    let Some(url) = url else { return };
    if is_base_url(url) {
        return;
    }
    let message = format!(
        "`base_url` must start with `https://` or `http://`, found `{}`",
        url.value
    );
    sink.push(
        Diagnostic::error(Code::InvalidValue, url.span.clone(), message)
            .help("give the whole address: `base_url = \"https://example.org/guide/\"`"),
    );
}

/// Whether a text can be the address of a site.
pub fn is_base_url(url: &str) -> bool {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"));
    rest.is_some_and(|rest| {
        !rest.is_empty()
            && !rest.starts_with('/')
            && !rest
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "<>\"'`\\?#".contains(c))
    })
}

/// `author = "Name"`, or a table with `name` and `url`.
pub(super) fn author_of(reader: &Reader<'_>, sink: &mut Vec<Diagnostic>) -> Option<Author> {
    let node = reader.node("author")?;
    let Kind::Table(table) = &node.kind else {
        let name = reader.string("author")?.value;
        return Some(Author { name, url: None });
    };
    let reader = Reader::new(table, "`[author]`");
    let name = reader.required_string("name").map(|n| n.value);
    let url = reader.string("url");
    let url = url.and_then(|url| web_address("url", url, &reader));
    reader.finish(sink);
    Some(Author { name: name?, url })
}

/// Languages as people call them, with their tags.
const LANGUAGES: &[(&str, &str)] = &[
    ("chinese", "zh"),
    ("deutsch", "de"),
    ("dutch", "nl"),
    ("english", "en"),
    ("espanol", "es"),
    ("español", "es"),
    ("francais", "fr"),
    ("français", "fr"),
    ("french", "fr"),
    ("german", "de"),
    ("italian", "it"),
    ("italiano", "it"),
    ("japanese", "ja"),
    ("nederlands", "nl"),
    ("polish", "pl"),
    ("polski", "pl"),
    ("portuguese", "pt"),
    ("russian", "ru"),
    ("spanish", "es"),
    ("swedish", "sv"),
];

/// `language`, a BCP 47 tag; `en` without one.
pub(super) fn language_of(reader: &Reader<'_>) -> Arc<str> {
    let Some(language) = reader.string("language") else {
        return "en".into();
    };
    if is_language(&language) {
        return language.value;
    }
    let name = language.to_lowercase();
    let called = LANGUAGES.iter().find(|(called, _)| *called == name);
    let hyphens = language.replace('_', "-");
    let help = match called {
        Some((_, tag)) => format!("write `\"{tag}\"`"),
        None if is_language(&hyphens) => format!("write `\"{hyphens}\"`"),
        None => "a tag is a language of two or three letters, and may name a country: `\"en\"`, `\"de-CH\"`".to_owned(),
    };
    let message = format!("`{}` is no tag of a language", language.value);
    reader.report(Diagnostic::error(Code::InvalidValue, language.span, message).help(help));
    "en".into()
}

/// Whether a text has the form of a BCP 47 tag, whose first part is a code of
/// ISO 639: RFC 5646, section 2.1, without what was never registered.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let is_code = (2..=3).contains(&first.len()) && first.bytes().all(|b| b.is_ascii_alphabetic());
    let is_part = |part: &str| {
        (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric())
    };
    is_code && parts.all(is_part)
}

/// `repository`, where the sources are browsed.
pub(super) fn repository_of(reader: &Reader<'_>) -> Option<Arc<str>> {
    let repository = reader.string("repository")?;
    let repository = web_address("repository", repository, reader)?;
    let browsed = repository.trim_end_matches('/');
    Some(browsed.strip_suffix(".git").unwrap_or(browsed).into())
}

/// An address that browsers open; others are reported.
fn web_address(key: &str, url: Spanned<Arc<str>>, reader: &Reader<'_>) -> Option<Arc<str>> {
    if is_base_url(&url) || url.starts_with("http") && is_base_url(url.split(['?', '#']).next()?) {
        return Some(url.value);
    }
    let message = format!(
        "`{key}` must start with `https://` or `http://`, found `{}`",
        url.value
    );
    let found = Diagnostic::error(Code::InvalidValue, url.span.clone(), message);
    reader.report(found.help_if(browsed(&url).map(|url| format!("write `\"{url}\"`"))));
    None
}

/// What was meant by an address without its scheme, or one for `git clone`.
fn browsed(url: &str) -> Option<String> {
    let rest = match url
        .strip_prefix("git@")
        .or_else(|| url.strip_prefix("ssh://git@"))
    {
        Some(clone) => clone.replacen(':', "/", 1),
        None if url.contains(':') || !url.split('/').next()?.contains('.') => return None,
        None => url.to_owned(),
    };
    let meant = format!("https://{}", rest.strip_suffix(".git").unwrap_or(&rest));
    is_base_url(&meant).then_some(meant)
}

/// `edit_root`, a folder of the repository.
pub(super) fn edit_root_of(reader: &Reader<'_>) -> Arc<str> {
    let Some(root) = reader.string("edit_root") else {
        return "".into();
    };
    if root.split('/').any(|part| part == "..") {
        let message = format!("`{}` leads out of the repository", root.value);
        reader.report(
            Diagnostic::error(Code::InvalidValue, root.span.clone(), message)
                .help("give the folder of the site within the repository, such as `\"docs\"`"),
        );
    }
    root.trim_matches('/').into()
}
