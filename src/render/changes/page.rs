//! The generated page about what changed from one edition to the next.

use serde_json::{Value as Json, json};

use super::{ChangesPlace, PlaceOf, Step, changes_html, changes_sections};
use crate::diag::Checked;
use crate::render::Guide;
use crate::render::nav;
use crate::render::page::{bare_page, base_context};
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
    let mut page = bare_page("changes", &step.title(), address);
    let sections = changes_sections(&step.changes, None, &place);
    let toc = sections.iter().map(
        |section| json!({ "id": section.id, "title": section.title, "level": 2, "children": [] }),
    );
    let description = format!(
        "What differs from {} in {}.",
        step.from.title, step.to.title
    );
    page["toc"] = Json::Array(toc.collect());
    page["description"] = json!(description);
    page["summary"] = json!(description);
    page["content"] = Json::String(changes_html(&step.changes, None, &place));
    page["canonical"] = json!(guide.canonical(address));
    page["noindex"] = json!(guide.noindex());
    page["old"] = json!(guide.is_old());
    let data = relative(&step.page, &step.data());
    page["data_files"] = json!([{ "label": "JSON", "url": data }]);
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
fn versions(guide: &Guide, step: &Step) -> Vec<Json> {
    let all = guide.shared.versions.iter();
    all.map(|pages| {
        let version = &pages.version;
        let own = guide.shared.step_to(&version.id);
        let there = own.map_or(&version.prefix, |own| &own.page);
        json!({
            "id": version.id,
            "title": version.title,
            "status": version.status.name(),
            "date": version.date,
            "url": relative(&step.page, there),
            "current": version.id == guide.version.id,
            "kept": own.is_some(),
        })
    })
    .collect()
}
