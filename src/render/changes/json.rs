//! Changes as JSON: figures as exact texts with their units, beside the text
//! that a page shows.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Changes, Moved};
use crate::calc::{ItemDiff, Trait, TraitDiff};
use crate::catalog::{BuildDiff, CategoryDiff, FigureDiff, Movement, PointsDiff};
use crate::value::{Locale, Operand, Value, format_value};

/// Changes for programs.
pub fn changes_json(changes: &Changes) -> Json {
    let locale = &changes.locale;
    let all = |json: &dyn Fn(&CategoryDiff) -> Json| -> Vec<Json> {
        changes.catalog.categories.iter().map(json).collect()
    };
    let items = |list: &[ItemDiff]| -> Vec<Json> { list.iter().map(item).collect() };
    let page =
        |(title, address): &(Arc<str>, Arc<str>)| json!({ "title": title, "address": address });
    let pages = &changes.pages;
    let totals = changes.calculator.figures.iter().map(|figure| {
        let movement = figure.movement.as_ref();
        json!({
            "build": figure.build,
            "total": figure.total,
            "label": figure.label,
            "from": operand(&figure.from),
            "to": operand(&figure.to),
            "difference": difference(movement),
            "percent": percent(movement),
            "text": Moved::total(figure, locale).text(),
        })
    });
    json!({
        "from": changes.from,
        "to": changes.to,
        "categories": all(&|category| category_json(category, locale)),
        "builds": changes.catalog.builds.iter().map(build).collect::<Vec<_>>(),
        "build_totals": totals.collect::<Vec<_>>(),
        "slots": items(&changes.calculator.slots),
        "inputs": items(&changes.calculator.inputs),
        "totals": items(&changes.calculator.totals),
        "rules": items(&changes.calculator.rules),
        "pages": {
            "added": pages.added.iter().map(page).collect::<Vec<_>>(),
            "moved": pages.moved.iter().map(|(title, from, to)| {
                json!({ "title": title, "from": from, "to": to })
            }).collect::<Vec<_>>(),
            "removed": pages.removed.iter().map(page).collect::<Vec<_>>(),
        },
    })
}

fn category_json(category: &CategoryDiff, locale: &Locale) -> Json {
    let fields = category.fields.iter().map(|field| {
        let (from, to) = field.formula.clone().unzip();
        json!({
            "name": field.name,
            "label": field.label,
            "change": field.presence.name(),
            "former": field.former,
            "former_label": field.former_label,
            "formula_from": from.flatten(),
            "formula_to": to.flatten(),
        })
    });
    let components = category.components.iter().map(|component| {
        let figures = component.figures.iter().map(|f| figure(f, locale));
        json!({
            "id": component.id,
            "title": component.title,
            "change": component.presence.name(),
            "former": component.former,
            "former_title": component.former_title,
            "figures": figures.collect::<Vec<_>>(),
            "points": component.points.iter().map(points).collect::<Vec<_>>(),
        })
    });
    json!({
        "id": category.id,
        "title": category.title,
        "change": category.presence.name(),
        "former": category.former,
        "former_title": category.former_title,
        "fields": fields.collect::<Vec<_>>(),
        "components": components.collect::<Vec<_>>(),
    })
}

fn points(points: &PointsDiff) -> Json {
    json!({
        "what": points.what.to_lowercase(),
        "added": points.added,
        "removed": points.removed,
    })
}

fn figure(figure: &FigureDiff, locale: &Locale) -> Json {
    let movement = figure.movement.as_ref();
    json!({
        "field": figure.name,
        "label": figure.label,
        "from": operand(&figure.from),
        "to": operand(&figure.to),
        "difference": difference(movement),
        "percent": percent(movement),
        "improves": figure.improves,
        "text": Moved::figure(figure, locale).text(),
    })
}

/// A number with its unit, a text, or null where it is not known.
fn operand(operand: &Operand) -> Json {
    match operand.known() {
        None => Json::Null,
        Some(Value::Number(quantity)) => json!({
            "value": quantity.number.to_string(),
            "unit": quantity.unit.symbol(),
        }),
        Some(Value::Bool(answer)) => json!(answer),
        Some(value) => json!(format_value(value, None, &Locale::default())),
    }
}

fn difference(movement: Option<&Movement>) -> Json {
    movement.map_or(Json::Null, |movement| {
        operand(&Operand::Known(Value::Number(movement.difference.clone())))
    })
}

fn percent(movement: Option<&Movement>) -> Json {
    let percent = movement.and_then(|movement| movement.percent);
    percent.map_or(Json::Null, |percent| json!(percent.to_string()))
}

fn build(build: &BuildDiff) -> Json {
    let (mut removed, mut added, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for part in &build.parts {
        let (slot, component) = (&part.slot, &part.component);
        let whole =
            |quantity| json!({ "slot": slot, "component": component, "quantity": quantity });
        match (part.from, part.to) {
            (0, to) => added.push(whole(to)),
            (from, 0) => removed.push(whole(from)),
            (from, to) => changed
                .push(json!({ "slot": slot, "component": component, "from": from, "to": to })),
        }
    }
    json!({
        "id": build.id,
        "title": build.title,
        "change": build.presence.name(),
        "former": build.former,
        "former_title": build.former_title,
        "parts_removed": removed,
        "parts_added": added,
        "parts_changed": changed,
    })
}

/// `from` and `to` are the formula, `changes` all that differs.
fn item(item: &ItemDiff) -> Json {
    let formula = item.traits.iter().find(|t| t.what == Trait::Formula);
    let one = |t: &TraitDiff| json!({ "what": t.what.name(), "from": t.from, "to": t.to });
    json!({
        "id": item.id,
        "label": item.label,
        "change": item.presence.name(),
        "severity": item.severity.map(|severity| severity.name()),
        "from": formula.and_then(|t| t.from.as_ref()),
        "to": formula.and_then(|t| t.to.as_ref()),
        "changes": item.traits.iter().map(one).collect::<Vec<_>>(),
    })
}
