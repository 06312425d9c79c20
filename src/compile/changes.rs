//! What the `changes` blocks of an edition show, once all editions are known.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Edition;
use crate::catalog::Catalog;
use crate::config::Config;
use crate::diag::{Code, Diagnostic, Spanned, help_nearest};
use crate::directive::{Directive, ShownChanges};
use crate::render::{Changes, Compared, Content, Step, Version, changes};

/// By the editions as they are written in the block.
pub type Shown = BTreeMap<(Option<Arc<str>>, Option<Arc<str>>), Changes>;

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

/// What changed from the edition before one to it, and where that is shown; none
/// for the first edition.
pub fn step(edition: &Edition<'_>, editions: &[Edition<'_>], config: &Config) -> Option<Step> {
    let id = previous(&edition.version.id, config)?;
    let before = editions.iter().find(|e| e.version.id == id)?;
    let shows = |content: &Content| {
        content
            .directives
            .iter()
            .flatten()
            .any(|directive| match directive {
                Directive::Changes(block) => {
                    let pair = pair(block, edition, config);
                    block.category.is_none()
                        && pair.is_ok_and(|pair| {
                            pair == (Arc::clone(&id), Arc::clone(&edition.version.id))
                        })
                }
                _ => false,
            })
    };
    let own = edition.contents.iter().position(shows);
    let pages = &edition.site.pages;
    let own = own.map(|page| Arc::clone(&pages[page].address));
    let free = |address: &&&str| pages.iter().all(|page| page.address.as_ref() != **address);
    let generated = ["changes/", "what-changed/", "changes-of-this-edition/"];
    let generated = generated.iter().find(free);
    Some(Step {
        from: before.version.clone(),
        changes: changes(compared(before), compared(edition)),
        is_generated: own.is_none(),
        address: own.or_else(|| generated.map(|address| Arc::from(*address)))?,
    })
}

/// The editions before one with their catalogs, the oldest first.
pub fn past(
    edition: &Edition<'_>,
    editions: &[Edition<'_>],
    config: &Config,
) -> Vec<(Version, Arc<Catalog>)> {
    let mut past = Vec::new();
    let mut id = Arc::clone(&edition.version.id);
    while let Some(before) = previous(&id, config) {
        if let Some(found) = editions.iter().find(|e| e.version.id == before) {
            past.push((found.version.clone(), Arc::clone(&found.catalog)));
        }
        id = before;
    }
    past.reverse();
    past
}

fn compared<'a>(edition: &'a Edition<'_>) -> Compared<'a> {
    Compared {
        id: &edition.version.id,
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
