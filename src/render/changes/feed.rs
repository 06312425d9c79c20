//! The feed of editions: an Atom entry for each one with a date, which says in
//! a sentence what changed and links to the page that shows it.

use std::fmt::Write as _;
use std::sync::Arc;

use super::page::title;
use crate::catalog::Presence;
use crate::render::Guide;
use crate::render::escape::Escaped;

/// Where the feed stands.
pub const FEED: &str = "changes.xml";

/// Whether a site has a feed: its entries need addresses and dates.
pub fn has_feed(guide: &Guide) -> bool {
    let versions = &guide.shared.versions;
    guide.shared.base_url.is_some() && versions.iter().any(|pages| pages.version.date.is_some())
}

/// The feed of all editions, the newest first; none without a base address.
pub fn feed(guides: &[Arc<Guide>]) -> Option<String> {
    let current = guides.first()?;
    let base = current.shared.base_url.as_ref()?;
    let mut dated: Vec<(&Arc<str>, &Arc<Guide>)> = (guides.iter())
        .filter_map(|guide| Some((guide.version.date.as_ref()?, guide)))
        .collect();
    dated.sort_by(|a, b| (b.0, &b.1.version.id).cmp(&(a.0, &a.1.version.id)));
    let (newest, _) = dated.first()?;
    let mut xml = String::from("<?xml version=\"1.0\" encoding=\"utf-8\"?>\n");
    let author = current
        .shared
        .author
        .as_ref()
        .map_or(&current.title, |author| &author.name);
    let _ = write!(
        xml,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<title>{title}</title>\n<id>{base}</id>\n<link href=\"{base}\"/>\n<link rel=\"self\" href=\"{base}{FEED}\"/>\n<updated>{newest}T00:00:00Z</updated>\n<author><name>{author}</name></author>\n",
        title = Escaped(&current.title),
        base = Escaped(base),
        author = Escaped(author),
    );
    for (date, guide) in &dated {
        let address = match &guide.step {
            Some(step) => &step.address,
            None => "",
        };
        let name = match &guide.step {
            Some(_) => title(guide),
            None => guide.version.title.to_string(),
        };
        let url = format!("{base}{}{address}", guide.version.prefix);
        let id = format!("{base}#{}", guide.version.id);
        let _ = write!(
            xml,
            "<entry>\n<title>{}</title>\n<id>{}</id>\n<link href=\"{}\"/>\n<updated>{date}T00:00:00Z</updated>\n<summary>{}</summary>\n</entry>\n",
            Escaped(&name),
            Escaped(&id),
            Escaped(&url),
            Escaped(&summary(guide)),
        );
    }
    xml.push_str("</feed>\n");
    Some(xml)
}

/// "41 figures changed; 12 parts added; 3 pages removed."
fn summary(guide: &Guide) -> String {
    let Some(step) = &guide.step else {
        return "The first edition.".to_owned();
    };
    let components = || {
        step.changes
            .catalog
            .categories
            .iter()
            .flat_map(|c| &c.components)
    };
    let parts = |presence| components().filter(|c| c.presence == presence).count();
    let pages = &step.changes.pages;
    let counts = [
        (
            components().map(|c| c.figures.len()).sum(),
            "figure",
            "changed",
        ),
        (parts(Presence::Added), "component", "added"),
        (parts(Presence::Removed), "component", "removed"),
        (step.changes.calculator.rules.len(), "rule", "changed"),
        (pages.added.len(), "page", "added"),
        (pages.removed.len(), "page", "removed"),
    ];
    let said: Vec<String> = (counts.into_iter())
        .filter(|(count, ..)| *count > 0)
        .map(|(count, what, how)| {
            format!("{count} {what}{} {how}", if count == 1 { "" } else { "s" })
        })
        .collect();
    match said.is_empty() {
        true => format!("No figure differs from {}.", step.from.title),
        false => format!("Since {}: {}.", step.from.title, said.join(", ")),
    }
}
