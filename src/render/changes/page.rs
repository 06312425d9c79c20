//! The generated page about what changed from one edition to the next.

use super::{ChangesPlace, PlaceOf, Step, changes_html, changes_sections};
use crate::diag::Checked;
use crate::render::Guide;
use crate::render::context::{DataFile, EditionLink, PageContext, TocEntry, base_context};
use crate::render::nav;
use crate::site::relative;

/// Renders the page of a step, which leads to the guide's edition.
pub fn render_changes_page(guide: &Guide, step: usize) -> Checked<Vec<u8>> {
    let step = &guide.shared.steps[step];
    let prefix = guide.version.prefix.as_ref();
    let address = step.page.strip_prefix(prefix).unwrap_or(&step.page);
    let link = |(there, anchor): &PlaceOf| {
        let anchor = anchor.as_ref().map_or(String::new(), |a| format!("#{a}"));
        format!("{}{anchor}", relative(&step.page, there))
    };
    let place = ChangesPlace {
        id: "changes".to_owned(),
        level: 2,
        link: &link,
    };
    let sections = changes_sections(&step.changes, None, &place).into_iter();
    let description = format!(
        "What differs from {} in {}.",
        step.from.title, step.to.title
    );
    let title = step.title();
    let page = PageContext {
        toc: sections
            .map(|section| TocEntry::new(&section.id, section.title, 2))
            .collect(),
        description: Some(&description),
        summary: Some((&description).into()),
        content: changes_html(&step.changes, None, &place).into(),
        canonical: guide.canonical(address),
        noindex: guide.noindex(),
        old: guide.is_old(),
        data_files: vec![DataFile {
            label: "JSON",
            url: relative(&step.page, &step.data()),
        }],
        ..PageContext::bare("changes", &title, address)
    };
    let depth = address.matches('/').count();
    let root = nav::root(depth);
    let mut context = base_context(guide, address, false);
    context.insert("nav", &nav::foreign(guide, &root));
    context.insert("versions", &versions(guide, step));
    let current = guide.shared.versions.first();
    let current = current.map_or("", |pages| &pages.version.prefix);
    context.insert("current_url", &relative(&step.page, current));
    context.insert("page", &page);
    match guide.shared.templates.render("page.html", &context) {
        Ok(html) => Checked::clean(html.into_bytes()),
        Err(diagnostic) => Checked::new(Vec::new(), vec![*diagnostic]),
    }
}

/// The page about each edition's own changes, or its front page.
fn versions<'a>(guide: &'a Guide, step: &Step) -> Vec<EditionLink<'a>> {
    let all = guide.shared.versions.iter();
    all.map(|pages| {
        let version = &pages.version;
        let own = guide.shared.step_to(&version.id);
        let there = own.map_or(&version.prefix, |own| &own.page);
        EditionLink::new(version, guide, relative(&step.page, there), own.is_some())
    })
    .collect()
}
