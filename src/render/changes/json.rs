//! Changes as JSON: figures as exact texts with their units, beside the text
//! that a page shows.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::{Changes, moved};
use crate::calc::FormulaDiff;
use crate::catalog::{BuildDiff, CategoryDiff, FigureDiff, Movement, Part};
use crate::value::{Locale, Operand, Value, format_value};

/// Changes for programs.
pub fn changes_json(changes: &Changes) -> Json {
    let locale = &changes.locale;
    let all = |json: &dyn Fn(&CategoryDiff) -> Json| -> Vec<Json> {
        changes.catalog.categories.iter().map(json).collect()
    };
    let formulas = |list: &[FormulaDiff]| -> Vec<Json> { list.iter().map(formula).collect() };
    let page =
        |(title, address): &(Arc<str>, Arc<str>)| json!({ "title": title, "address": address });
    let pages = &changes.pages;
    let totals = changes.calculator.figures.iter().map(|figure| {
        let movement = figure.movement.as_ref();
        let decimals = Some(figure.decimals);
        json!({
            "build": figure.build,
            "total": figure.total,
            "label": figure.label,
            "from": operand(&figure.from),
            "to": operand(&figure.to),
            "difference": difference(movement),
            "percent": percent(movement),
            "text": moved(&figure.from, &figure.to, decimals, movement, locale),
        })
    });
    json!({
        "from": changes.from,
        "to": changes.to,
        "categories": all(&|category| category_json(category, locale)),
        "builds": changes.catalog.builds.iter().map(build).collect::<Vec<_>>(),
        "build_totals": totals.collect::<Vec<_>>(),
        "totals": formulas(&changes.calculator.totals),
        "rules": formulas(&changes.calculator.rules),
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
            "figures": figures.collect::<Vec<_>>(),
        })
    });
    json!({
        "id": category.id,
        "title": category.title,
        "change": category.presence.name(),
        "fields": fields.collect::<Vec<_>>(),
        "components": components.collect::<Vec<_>>(),
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
        "text": moved(&figure.from, &figure.to, figure.decimals, movement, locale),
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
    let parts = |parts: &[Part]| -> Vec<Json> {
        let part = |(slot, component, quantity): &Part| json!({ "slot": slot, "component": component, "quantity": quantity });
        parts.iter().map(part).collect()
    };
    json!({
        "id": build.id,
        "title": build.title,
        "change": build.presence.name(),
        "parts_removed": parts(&build.parts_removed),
        "parts_added": parts(&build.parts_added),
    })
}

fn formula(formula: &FormulaDiff) -> Json {
    json!({
        "id": formula.id,
        "label": formula.label,
        "change": formula.presence.name(),
        "from": formula.from,
        "to": formula.to,
    })
}
