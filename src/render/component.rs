//! The context of a component's page: its figures by group, strengths and
//! weaknesses, and where it is used.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};

use super::escape::escape;
use super::guide::Guide;
use super::history::history;
use super::side_by_side::{has_side_by_side, side_by_side_address};
use crate::catalog::{Category, Component, Field, FieldKind, Figure, Place};
use crate::directive::Directive;
use crate::site::{Page, PageId, relative};
use crate::value::{Date, Operand, Type, Value, format_value};

/// How many figures stand at the head of the page.
const HERO_FIGURES: usize = 4;

/// `page.component` of the template, or nothing for other pages.
pub fn component_context(guide: &Guide, id: PageId) -> Json {
    let page = guide.page(id);
    let Some(component) = guide.component_of(page) else {
        return Json::Null;
    };
    let Some(category) = guide.catalog.category(&component.category) else {
        return Json::Null;
    };
    let category_url = (guide.site.by_path(&category.path))
        .map(|id| relative(&page.address, &guide.page(id).address));
    let (history, charts) = history(guide, category, component);
    let common = common_origin(category, component);
    json!({
        "id": component.id.value,
        "category": { "id": category.id.value, "title": category.title, "url": category_url },
        "groups": groups(guide, category, (component, common), |_| true),
        "origin": common.map(|(source, date)| json!({ "source": escape(source), "as_of": date.map(|d| d.to_string()) })),
        "pros": component.pros.iter().map(|p| escape(p)).collect::<Vec<_>>(),
        "cons": component.cons.iter().map(|c| escape(c)).collect::<Vec<_>>(),
        "used_in": used_in(guide, page, component),
        "figures_hero": hero(guide, category, component),
        "history": history,
        "history_charts": charts,
        "compare_url": has_side_by_side(category)
            .then(|| relative(&page.address, &side_by_side_address(&category.id.value))),
    })
}

/// `page.entries`: the components that a page lists in its front matter, each
/// with the anchor that links to it lead to. A heading that has the anchor
/// keeps it.
pub fn entries_context(guide: &Guide, page: &Page) -> Vec<Json> {
    if page.document.front.components.is_empty() {
        return Vec::new();
    }
    let mut entries = Vec::new();
    for category in &guide.catalog.categories {
        let listed = |c: &&Component| c.place == Place::Entry && c.path == page.document.path;
        let listed: Vec<&Component> = category.components.iter().filter(listed).collect();
        let told: Vec<bool> = (0..category.fields.len())
            .map(|at| listed.iter().any(|c| c.figures[at].value.known().is_some()))
            .collect();
        let folded = has_table(guide, page, category);
        for component in listed {
            let id = component.id.value.as_ref();
            let free = |id: &&str| page.anchors().all(|anchor| anchor != *id);
            let former = component.former.iter().map(|id| id.value.as_ref());
            entries.push(json!({
                "id": Some(id).filter(free),
                "former": former.filter(free).collect::<Vec<_>>(),
                "title": component.title,
                "folded": folded,
                "groups": groups(guide, category, (component, None), |at| told[at]),
                "pros": component.pros.iter().map(|p| escape(p)).collect::<Vec<_>>(),
                "cons": component.cons.iter().map(|c| escape(c)).collect::<Vec<_>>(),
                "used_in": used_in(guide, page, component),
            }));
        }
    }
    entries
}

/// Whether a page shows a category as a table already: a sheet for each of its
/// components then says the same again.
fn has_table(guide: &Guide, page: &Page, category: &Category) -> bool {
    let Some(id) = guide.site.by_path(&page.document.path) else {
        return false;
    };
    let mut directives = guide.contents[id.0].directives.iter().flatten();
    directives.any(|directive| match directive {
        Directive::Compare(table) => table.category == category.id.value,
        _ => false,
    })
}

fn shown(guide: &Guide, field: &Field, value: &Value) -> String {
    let decimals = match field.ty {
        Type::Number { decimals, .. } => decimals,
        _ => None,
    };
    let locale = &guide.catalog.locale;
    let text = escape(&format_value(value, decimals, locale));
    match (field.kind, value) {
        (FieldKind::Url, Value::Text(url)) => {
            format!("<a href=\"{}\">{text}</a>", escape(url))
        }
        _ => text,
    }
}

/// Where a figure comes from, and as of when.
type OriginOf<'a> = (&'a str, Option<Date>);

fn origin(figure: &Figure) -> Option<OriginOf<'_>> {
    Some((figure.source.as_deref()?, figure.as_of))
}

/// Fewer equal rows than this may say their origin each.
const REPEATED: usize = 5;

/// The origin of more than half of the figures, which is said once; none where
/// a figure has no origin, and would seem to have this one.
fn common_origin<'a>(category: &Category, component: &'a Component) -> Option<OriginOf<'a>> {
    let mut counts: BTreeMap<OriginOf<'_>, usize> = BTreeMap::new();
    let mut all = 0;
    for (field, figure) in category.fields.iter().zip(&component.figures) {
        if field.formula.is_none() && figure.value.known().is_some() {
            *counts.entry(origin(figure)?).or_default() += 1;
            all += 1;
        }
    }
    let (most, count) = counts.into_iter().max_by_key(|(_, count)| *count)?;
    (count >= REPEATED && count * 2 > all).then_some(most)
}

/// The figures in groups, in the order of the schema; of the fields at the
/// positions that are wanted. Those of the common origin are marked.
fn groups(
    guide: &Guide,
    category: &Category,
    (component, common): (&Component, Option<OriginOf<'_>>),
    wanted: impl Fn(usize) -> bool,
) -> Vec<Json> {
    let mut groups: Vec<(String, Vec<Json>)> = Vec::new();
    for (at, (field, figure)) in category.fields.iter().zip(&component.figures).enumerate() {
        if !wanted(at) {
            continue;
        }
        let title = field.group.as_deref().unwrap_or_default().to_string();
        let value = figure.value.known().map(|value| shown(guide, field, value));
        let row = json!({
            "id": field.name.value,
            "label": field.label,
            "help": field.help,
            "value": value,
            "unknown": value.is_none(),
            "common": common.is_some() && origin(figure) == common,
            "source": figure.source.as_ref().map(|s| escape(s)).or_else(|| {
                field.formula.as_ref().map(|f| format!("<code>{}</code>", escape(&f.value)))
            }),
            "as_of": figure.as_of.map(|d| d.to_string()),
            "max_age": field.max_age,
        });
        match groups.iter_mut().find(|(t, _)| *t == title) {
            Some((_, rows)) => rows.push(row),
            None => groups.push((title, vec![row])),
        }
    }
    groups
        .into_iter()
        .map(|(title, rows)| json!({ "title": title, "rows": rows }))
        .collect()
}

/// Required figures first, then the first of each group that has a direction;
/// a price is always among them.
fn hero(guide: &Guide, category: &Category, component: &Component) -> Vec<Json> {
    let mut figures = Vec::new();
    let mut groups: Vec<Option<&str>> = Vec::new();
    for wanted in [true, false] {
        for (field, figure) in category.fields.iter().zip(&component.figures) {
            let Operand::Known(value) = &figure.value else {
                continue;
            };
            let group = field.group.as_deref();
            let telling = field.better.is_some() && field.formula.is_none();
            let taken = group.is_some() && groups.contains(&group);
            if field.required != wanted || (!wanted && (!telling || taken)) {
                continue;
            }
            groups.push(group);
            let figure =
                json!({ "label": field.short_label(), "value": shown(guide, field, value) });
            figures.push((field.kind == FieldKind::Money, figure));
        }
    }
    let price = figures
        .iter()
        .position(|(money, _)| *money)
        .filter(|at| *at >= HERO_FIGURES);
    if let Some(price) = price {
        figures.swap(HERO_FIGURES - 1, price);
    }
    figures.truncate(HERO_FIGURES);
    figures.into_iter().map(|(_, figure)| figure).collect()
}

/// Builds with the part, and pages whose figures or tables show it.
fn used_in(guide: &Guide, page: &Page, component: &Component) -> Vec<Json> {
    let mut uses = Vec::new();
    for build in &guide.catalog.builds {
        let part = build
            .parts
            .iter()
            .find(|part| part.component.value == component.id.value);
        let Some(part) = part else { continue };
        let Some(id) = guide.site.by_path(&build.path) else {
            continue;
        };
        let note = (part.quantity > 1).then(|| format!("× {}", part.quantity));
        uses.push(json!({
            "title": build.title,
            "url": relative(&page.address, &guide.page(id).address),
            "note": note,
        }));
    }
    for id in guide.index.mentions(component) {
        let other = guide.page(*id);
        if other.address == page.address {
            continue;
        }
        uses.push(json!({
            "title": other.title,
            "url": relative(&page.address, &other.address),
            "note": Json::Null,
        }));
    }
    uses
}
