//! From each edition to the next: the page that says what changed, and the
//! files for programs. A program finds all of them through `versions.json`.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Changes, changes_json, render_changes_page};
use crate::diag::Diagnostic;
use crate::output::{Entry, Origin, OutputTree};
use crate::render::redirect::insert_changes_redirect;
use crate::render::tree::insert;
use crate::render::{Guide, Version};
use crate::site::Site;

/// An edition and the one before it.
pub struct Step {
    pub from: Version,
    pub to: Version,
    pub changes: Changes,
    /// The page about it, from the site's root.
    pub page: Arc<str>,
    /// Whether that page is generated, since no author wrote one.
    pub generated: bool,
    json: String,
}

impl Step {
    /// `page` is the author's page about it, from the site's root.
    pub fn new(from: Version, to: Version, changes: Changes, page: PageOf) -> Self {
        let json = format!("{}\n", changes_json(&changes));
        let (page, generated) = match page {
            PageOf::Author(page) => (page, false),
            PageOf::Generated(address) => (format!("{}{address}", to.prefix).into(), true),
        };
        Self {
            from,
            to,
            changes,
            page,
            generated,
            json,
        }
    }

    /// Where the changes are as JSON; it stays when further editions follow.
    pub fn data(&self) -> String {
        format!("data/changes/{}-to-{}.json", self.from.id, self.to.id)
    }

    /// "What changed in 2.0".
    pub fn title(&self) -> String {
        format!("What changed in {}", self.to.id)
    }

    /// A hash of everything that changed.
    pub fn hash(&self) -> blake3::Hash {
        blake3::hash(self.json.as_bytes())
    }
}

/// Who made the page about an edition's changes.
pub enum PageOf {
    /// From the site's root.
    Author(Arc<str>),
    /// From the edition's root.
    Generated(Arc<str>),
}

/// The address of the generated page, which no page of the edition has.
pub fn step_page(site: &Site, from: &str) -> Arc<str> {
    let free = |address: &str| {
        let mut aliases = site
            .pages
            .iter()
            .flat_map(|page| &page.document.front.aliases);
        let named = |alias: &str| alias.trim_matches('/') == address.trim_matches('/');
        site.by_address(address).is_none() && !aliases.any(|alias| named(&alias.value))
    };
    let mut address = "changes/".to_owned();
    while !free(&address) {
        address.push_str(&format!("since-{from}/"));
    }
    address.into()
}

/// Adds what stands at the site's root about its editions, and the generated
/// pages.
pub fn insert_steps(tree: &mut OutputTree, guides: &[Arc<Guide>], sink: &mut Vec<Diagnostic>) {
    let Some(current) = guides.first() else {
        return;
    };
    let shared = &current.shared;
    if !current.version.id.is_empty() {
        let list = format!("{}\n", versions_json(guides));
        let entry = Entry::bytes(list.into_bytes(), Origin::named("the list of editions"));
        insert(tree, "versions.json", entry, sink);
    }
    for (index, step) in shared.steps.iter().enumerate() {
        let origin = Origin::named(format!("the changes of `{}`", step.to.id));
        let entry = Entry::bytes(step.json.clone().into_bytes(), origin.clone());
        insert(tree, &step.data(), entry, sink);
        let guide = guides.iter().find(|g| g.version.id == step.to.id);
        let Some(guide) = guide else {
            continue;
        };
        if !step.generated {
            insert_changes_redirect(tree, guide, &step.page, &step.title(), sink);
            continue;
        }
        let inputs = [guide.inputs.as_bytes(), &step.hash().as_bytes()[..]].concat();
        let renderer = Arc::clone(guide);
        let entry = Entry::render(blake3::hash(&inputs), origin, move || {
            render_changes_page(&renderer, index)
        });
        insert(tree, &format!("{}index.html", step.page), entry, sink);
    }
    if let Some(feed) = super::feed::feed(current) {
        let entry = Entry::bytes(feed.into_bytes(), Origin::named("the feed of changes"));
        insert(tree, super::FEED, entry, sink);
    }
}

/// The editions, where each is, and what changed in it; addresses from the
/// site's root.
fn versions_json(guides: &[Arc<Guide>]) -> Json {
    let one = |guide: &Arc<Guide>| {
        let version = &guide.version;
        let prefix = &version.prefix;
        let step = guide.shared.step_to(&version.id);
        let data = !guide.catalog.categories.is_empty();
        json!({
            "id": version.id,
            "title": version.title,
            "date": version.date,
            "status": version.status.name(),
            "path": prefix,
            "catalog": data.then(|| format!("{prefix}data/catalog.json")),
            "changed_from": step.map(|step| &step.from.id),
            "changes": step.map(|step| &step.page),
            "changes_data": step.map(Step::data),
        })
    };
    guides.iter().map(one).collect()
}
