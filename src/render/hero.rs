//! The front page's head, from `[extra.hero]` of its front matter: `eyebrow`,
//! `tagline`, `actions` (links with `label` and `url`) and `figures` (formulas
//! with `label` and `value`). Its texts are filled in as prose is.

use serde_json::{Value as Json, json};

use super::escape::escape;
use super::figure::figure_text;
use super::guide::Guide;
use crate::diag::{Code, Diagnostic, Span, Spanned, nearest};
use crate::site::Page;

/// The head as the template gets it; nothing for pages without one. Links that
/// lead nowhere and formulas that can't be read are errors.
pub fn hero(guide: &Guide, page: &Page, sink: &mut Vec<Diagnostic>) -> Json {
    let extra = page.document.front.extra.as_ref();
    let Some(hero) = extra.and_then(|extra| extra.get("hero")) else {
        return Json::Null;
    };
    sink.extend(misread(page, hero));
    let facts = guide.facts(page);
    let fill = |text: &str, sink: &mut Vec<Diagnostic>| {
        facts.fill(&Spanned::new(text.into(), place(page, text)), sink)
    };
    let text = |key: &str| hero.get(key).and_then(Json::as_str);
    let eyebrow = text("eyebrow").map(|text| fill(text, sink));
    let tagline = text("tagline").map(|text| escape(&fill(text, sink)));
    let items = |key: &str| hero.get(key).and_then(Json::as_array).into_iter().flatten();
    let mut actions = Vec::new();
    for action in items("actions") {
        let Some((label, url)) = pair(action, "url") else {
            sink.push(malformed(page, "actions", "url"));
            continue;
        };
        match guide.resolve_or_error(page, url) {
            Ok(target) => {
                let url = target.href(&guide.site, &page.address);
                actions.push(json!({ "label": fill(label, sink), "url": url }));
            }
            Err(error) => sink.push(
                Diagnostic::error(Code::BrokenLink, place(page, url), error.message)
                    .label("this link")
                    .help_if(error.help),
            ),
        }
    }
    let mut figures = Vec::new();
    for figure in items("figures") {
        let Some((label, formula)) = pair(figure, "value") else {
            sink.push(malformed(page, "figures", "value"));
            continue;
        };
        let formula = Spanned::new(formula.into(), place(page, formula));
        match crate::directive::inline(&formula, &facts) {
            Ok(inline) => {
                let value = escape(&figure_text(&inline, &guide.catalog.locale));
                figures.push(json!({ "label": fill(label, sink), "value": value }));
            }
            Err(errors) => sink.extend(errors),
        }
    }
    json!({
        "eyebrow": eyebrow,
        "tagline": tagline,
        "actions": actions,
        "figures": figures,
    })
}

/// The keys of a head; a theme may have more.
const KEYS: [&str; 4] = ["actions", "eyebrow", "figures", "tagline"];

/// A head that is no table, a list that is none, a key that is misspelt.
fn misread(page: &Page, hero: &Json) -> Vec<Diagnostic> {
    let Some(table) = hero.as_object() else {
        let message = "`hero` must be a table";
        let found = Diagnostic::error(Code::InvalidValue, place(page, "hero"), message);
        return vec![found.help("write `[extra.hero]`, and below it `tagline = \"…\"`")];
    };
    let mut found = Vec::new();
    for (key, value) in table {
        let is_list = ["actions", "figures"].contains(&key.as_str());
        if KEYS.contains(&key.as_str()) && is_list != value.is_array() {
            let form = if is_list { "a list" } else { "a text" };
            let message = format!("`hero.{key}` must be {form}");
            found.push(Diagnostic::error(
                Code::InvalidValue,
                place(page, key),
                message,
            ));
        }
        let meant = nearest(key, KEYS).filter(|meant| meant != key);
        found.extend(meant.map(|meant| {
            let message = format!("`hero` has no key `{key}`");
            Diagnostic::warning(Code::UnknownKey, place(page, key), message)
                .help(format!("did you mean `{meant}`?"))
        }));
    }
    found
}

fn pair<'a>(item: &'a Json, key: &str) -> Option<(&'a str, &'a str)> {
    Some((item.get("label")?.as_str()?, item.get(key)?.as_str()?))
}

fn malformed(page: &Page, list: &str, key: &str) -> Diagnostic {
    let message = format!("each of `hero.{list}` needs a `label` and a `{key}`, both texts");
    Diagnostic::error(Code::MissingKey, place(page, list), message)
        .help(format!("{list} = [{{ label = \"…\", {key} = \"…\" }}]"))
}

/// Where a text first stands in the front matter, whose free keys are kept
/// without their places.
fn place(page: &Page, text: &str) -> Span {
    let front = &page.document.front.span;
    match front.text().find(text) {
        Some(start) => front.part(start..start + text.len()),
        None => page.document.top(),
    }
}
