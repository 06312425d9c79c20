//! What the `changes` blocks of an edition show, once all editions are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;

use super::Edition;
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Spanned, help_nearest};
use crate::directive::{Directive, ShownChanges};
use crate::render::{Changes, Compared, PageOf, Step, changes, step_page};

/// By the editions as they are written in the block.
pub type Shown = BTreeMap<(Option<Arc<str>>, Option<Arc<str>>), Changes>;

/// Compares each edition with the one before it.
pub fn steps(editions: &[Edition<'_>], config: &Config) -> Vec<Step> {
    let find = |id: &str| editions.iter().find(|e| e.version.id.as_ref() == id);
    let step = |edition: &Edition<'_>| {
        let before = find(&previous(&edition.version.id, config)?)?;
        let changes = changes(compared(before), compared(edition));
        let (from, to) = (before.version.clone(), edition.version.clone());
        let own = std::iter::once(edition);
        let others = editions.iter().filter(|e| e.version.id != to.id);
        let author = own
            .chain(others)
            .find_map(|e| page_about(e, (&from.id, &to.id), config));
        let page = match author {
            Some(page) => PageOf::Author(page),
            None => PageOf::Generated(step_page(&edition.site, &from.id)),
        };
        Some(Step::new(from, to, changes, page))
    };
    editions.par_iter().filter_map(step).collect()
}

/// The page of an edition whose block tells of two editions whole, from the
/// site's root.
fn page_about(edition: &Edition<'_>, wanted: (&str, &str), config: &Config) -> Option<Arc<str>> {
    let mut pages = edition.site.pages.iter().zip(&edition.contents);
    let is = |directive: &Directive| match directive {
        Directive::Changes(block) if block.category.is_none() => pair(block, edition, config)
            .is_ok_and(|(from, to)| (from.as_ref(), to.as_ref()) == wanted),
        _ => false,
    };
    let found = pages.find(|(_, content)| content.directives.iter().flatten().any(is));
    let (page, _) = found?;
    Some(format!("{}{}", edition.version.prefix, page.address).into())
}

/// Compares the editions that the pages of one ask for.
pub fn shown(
    edition: &Edition<'_>,
    editions: &[Edition<'_>],
    config: &Config,
    sink: &mut Vec<Diagnostic>,
) -> Shown {
    let directives = edition.contents.iter().flat_map(|c| &c.directives);
    let blocks = directives
        .flatten()
        .filter_map(|directive| match directive {
            Directive::Changes(block) => Some(block),
            _ => None,
        });
    let mut shown = Shown::new();
    for block in blocks {
        if shown.contains_key(&block.key()) {
            continue;
        }
        match pair(block, edition, config) {
            Ok((from, to)) => {
                let find = |id: &str| editions.iter().find(|e| e.version.id.as_ref() == id);
                // An edition that could not be read was reported there.
                if let (Some(from), Some(to)) = (find(&from), find(&to)) {
                    shown.insert(block.key(), changes(compared(from), compared(to)));
                }
            }
            Err(found) => sink.push(*found),
        }
    }
    shown
}

fn compared<'a>(edition: &'a Edition<'_>) -> Compared<'a> {
    Compared {
        version: &edition.version,
        catalog: &edition.catalog,
        site: &edition.site,
        calculator: edition.calculator.as_ref(),
        builds: &edition.builds,
    }
}

/// The ids of the older and the newer edition of a block.
fn pair(
    block: &ShownChanges,
    edition: &Edition<'_>,
    config: &Config,
) -> Result<(Arc<str>, Arc<str>), Box<Diagnostic>> {
    let to = match &block.to {
        Some(to) => known(to, config)?,
        None => Arc::clone(&edition.version.id),
    };
    let from = match &block.from {
        Some(from) => known(from, config)?,
        None => previous(&to, config).ok_or_else(|| {
            let message = match to.is_empty() {
                true => "the site has only one edition".to_owned(),
                false => format!("there is no edition before `{to}`"),
            };
            Box::new(
                Diagnostic::error(Code::Directive, block.span.clone(), message)
                    .help("`[[versions]]` in `rigbook.toml` lists the editions"),
            )
        })?,
    };
    if from == to {
        let span = block.from.as_ref().map_or(&block.span, |from| &from.span);
        let message = format!("edition `{to}` is compared with itself");
        return Err(Box::new(
            Diagnostic::error(Code::Directive, span.clone(), message)
                .help("without `from` it is compared with the edition before it"),
        ));
    }
    Ok((from, to))
}

fn known(id: &Spanned<Arc<str>>, config: &Config) -> Result<Arc<str>, Box<Diagnostic>> {
    let ids = || config.versions.iter().map(|entry| entry.id.value.as_ref());
    if ids().any(|known| known == id.value.as_ref()) {
        return Ok(Arc::clone(&id.value));
    }
    let message = format!("there is no version `{}`", id.value);
    Err(Box::new(
        Diagnostic::error(Code::UnknownName, id.span.clone(), message)
            .help_if(help_nearest(&id.value, ids())),
    ))
}

/// The last edition before one by date or, without dates, by the order of the
/// configuration, newest first.
fn previous(id: &str, config: &Config) -> Option<Arc<str>> {
    let at = (config.versions.iter()).position(|entry| entry.id.value.as_ref() == id)?;
    let date = |entry: &crate::config::VersionEntry| {
        entry.date.as_ref().map(|date| Arc::clone(&date.value))
    };
    let dated = config.versions.iter().all(|entry| entry.date.is_some());
    let found = match dated {
        true => (config.versions.iter())
            .filter(|entry| date(entry) < date(&config.versions[at]))
            .max_by_key(|entry| date(entry)),
        false => config.versions.get(at + 1),
    };
    found.map(|entry| Arc::clone(&entry.id.value))
}
