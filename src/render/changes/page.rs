//! The page of what changed that every edition after the first has, unless an
//! author wrote one; and what links to it.

use serde_json::{Value as Json, json};

use super::html::{Links, changes_html, headings};
use crate::diag::Checked;
use crate::render::guide::{Guide, Step};
use crate::render::page::{bare_page, base_context};
use crate::site::relative;

/// "What changed in 2.0".
pub fn title(guide: &Guide) -> String {
    format!("What changed in {}", guide.version.title)
}

/// Renders the page of an edition whose step has no document.
pub fn render_changes(guide: &Guide, step: &Step) -> Checked<Vec<u8>> {
    let here = &step.address;
    let mut context = base_context(guide, here, false);
    let mut page = bare_page("changes", &title(guide), here);
    let links = Links {
        guide: Some(guide),
        here,
        level: 2,
    };
    page["description"] = json!(format!(
        "Every figure, part, formula, rule and page that differs from {}.",
        step.from.title
    ));
    page["content"] = Json::String(changes_html(&step.changes, None, &links));
    page["toc"] = (headings(&step.changes).into_iter())
        .map(|(id, title)| json!({ "id": id, "title": title, "level": 2, "children": [] }))
        .collect();
    page["canonical"] = json!(guide.canonical(here));
    page["noindex"] = json!(guide.noindex());
    page["old"] = json!(guide.is_old());
    let root = crate::render::nav::root(1);
    context.insert("nav", &crate::render::nav::foreign(guide, &root));
    context.insert("versions", &versions(guide, here));
    context.insert("current_url", &current_url(guide, here));
    context.insert("page", &page);
    match guide.shared.templates.render("page.html", &context) {
        Ok(html) => Checked::clean(html.into_bytes()),
        Err(diagnostic) => Checked::new(Vec::new(), vec![*diagnostic]),
    }
}

fn current_url(guide: &Guide, here: &str) -> String {
    relative(&format!("{}{here}", guide.version.prefix), "")
}

/// The front page of each other version.
fn versions(guide: &Guide, here: &str) -> Vec<Json> {
    let from = format!("{}{here}", guide.version.prefix);
    let all = guide.shared.versions.iter().map(|pages| {
        let is_this = pages.version.id == guide.version.id;
        let to = match is_this {
            true => from.clone(),
            false => pages.version.prefix.to_string(),
        };
        json!({
            "id": pages.version.id,
            "title": pages.version.title,
            "status": pages.version.status.name(),
            "date": pages.version.date,
            "url": relative(&from, &to),
            "current": is_this,
            "kept": is_this,
        })
    });
    all.collect()
}
