//! The changes as a feed (Atom, RFC 4287): an entry for each edition that has a
//! date, with all that changed in it. Its times are the editions' days.

use std::fmt::Write as _;

use super::{ChangesPlace, PlaceOf, Step, changes_html, summary};
use crate::config::Status;
use crate::render::escape::Escaped;
use crate::render::{Guide, Version};
use crate::site::encode_path;

/// Where the feed is, from the site's root.
pub const FEED: &str = "changes.xml";

/// How many editions the feed tells of.
const MOST: usize = 20;

/// Whether a site has a feed: its entries need addresses and dates.
pub fn has_feed(guide: &Guide) -> bool {
    let shared = &guide.shared;
    shared.base_url.is_some()
        && shared
            .versions
            .iter()
            .any(|pages| told(&pages.version).is_some())
}

/// The day of an edition that the feed tells of.
fn told(version: &Version) -> Option<&str> {
    let published = version.status != Status::Next;
    version.date.as_deref().filter(|_| published)
}

/// The feed, the newest edition first; none where there is nothing to tell.
pub fn feed(guide: &Guide) -> Option<String> {
    let shared = &guide.shared;
    let base = shared.base_url.as_deref()?;
    let versions = shared.versions.iter().map(|pages| &pages.version);
    let mut told: Vec<(&str, &Version)> = versions
        .filter_map(|version| Some((told(version)?, version)))
        .collect();
    told.sort_by(|a, b| (b.0, &b.1.id).cmp(&(a.0, &a.1.id)));
    let (updated, _) = told.first()?;
    let author = shared.author.as_ref();
    let author = author.map_or(&guide.title, |author| &author.name);
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{language}\">\n\
         <title>{title}</title>\n\
         <id>{base}</id>\n\
         <link href=\"{base}\"/>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}{FEED}\"/>\n\
         <updated>{updated}T00:00:00Z</updated>\n\
         <author><name>{author}</name></author>\n",
        language = Escaped(&guide.language),
        title = Escaped(&guide.title),
        base = Escaped(base),
        author = Escaped(author),
    );
    for (day, version) in told.iter().take(MOST) {
        entry(&mut xml, shared.step_to(&version.id), (day, version), base);
    }
    xml.push_str("</feed>\n");
    Some(xml)
}

fn entry(xml: &mut String, step: Option<&Step>, (day, version): (&str, &Version), base: &str) {
    let link = |(address, anchor): &PlaceOf| {
        let anchor = anchor.as_ref().map_or(String::new(), |a| format!("#{a}"));
        format!("{base}{}{anchor}", encode_path(address))
    };
    let (title, page, said, content) = match step {
        Some(step) => {
            let place = ChangesPlace {
                id: "changes".to_owned(),
                level: 2,
                link: &link,
            };
            let html = changes_html(&step.changes, None, &place);
            let content = format!("<content type=\"html\">{}</content>\n", Escaped(&html));
            let counts = summary(&step.changes).join(", ");
            let said = match counts.is_empty() {
                true => format!("No figure differs from {}.", step.from.title),
                false => format!("Since {}: {counts}.", step.from.title),
            };
            (step.title(), &step.page, said, content)
        }
        None => {
            let said = "The first edition.".to_owned();
            (
                version.title.to_string(),
                &version.prefix,
                said,
                String::new(),
            )
        }
    };
    write!(
        xml,
        "<entry>\n\
         <title>{}</title>\n\
         <id>{}</id>\n\
         <link href=\"{}\"/>\n\
         <updated>{day}T00:00:00Z</updated>\n\
         <summary>{}</summary>\n\
         {content}</entry>\n",
        Escaped(&title),
        // The page moves when the edition is followed by another; this stays.
        Escaped(&format!("{base}#{}", version.id)),
        Escaped(&link(&(page.to_string(), None))),
        Escaped(&said),
    )
    .expect("a string takes text");
}
