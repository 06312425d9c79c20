//! A component's figures over the editions up to the one at hand: what changed
//! in each, and a small drawing of those that are numbers. Nothing where
//! nothing changed.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::changes::Moved;
use super::chart::{Moment, history_svg};
use super::escape::Escaped;
use super::guide::{Guide, Version};
use crate::catalog::{
    Category, Component, Field, FieldKind, FigureDiff, category_before, diff_figures, field_before,
    predecessor,
};
use crate::value::{Quantity, Value, format_value};

/// How many figures are drawn at most.
const MOST_CHARTS: usize = 4;

/// A component as an edition has it.
struct Appearance<'a> {
    version: &'a Version,
    category: &'a Category,
    component: &'a Component,
}

/// The component in the guide's edition and those before it, newest first, up
/// to the one that first had it.
fn appearances<'a>(
    guide: &'a Guide,
    category: &'a Category,
    component: &'a Component,
) -> Vec<Appearance<'a>> {
    let mut found = vec![Appearance {
        version: &guide.version,
        category,
        component,
    }];
    while let Some(last) = found.last() {
        let before = || {
            let version = &guide.shared.step_to(&last.version.id)?.from;
            let category = guide.shared.catalogs.get(&version.id)?;
            let category = category_before(last.category, category)?;
            let component = predecessor(last.component, category)?;
            Some(Appearance {
                version,
                category,
                component,
            })
        };
        match before() {
            Some(before) => found.push(before),
            None => break,
        }
    }
    found
}

/// Whether a component has a history.
pub fn has_history(guide: &Guide, category: &Category, component: &Component) -> bool {
    let all = appearances(guide, category, component);
    all.windows(2).any(|pair| !differences(pair).is_empty())
}

/// `history` and `history_charts` of a component's context.
pub fn history(
    guide: &Guide,
    category: &Category,
    component: &Component,
) -> (Vec<Json>, Vec<String>) {
    let all = appearances(guide, category, component);
    let mut entries: Vec<Json> = (all.windows(2))
        .map(|pair| (pair, differences(pair)))
        .filter(|(_, found)| !found.is_empty())
        .map(|(pair, found)| {
            let items = found.iter().map(|figure| item(guide, figure));
            entry(pair[0].version, items.collect())
        })
        .collect();
    if entries.is_empty() {
        return (Vec::new(), Vec::new());
    }
    if let Some(first) = all.last() {
        entries.push(entry(
            first.version,
            vec!["In the guide since this edition".to_owned()],
        ));
    }
    (entries, charts(guide, &all))
}

fn entry(version: &Version, items: Vec<String>) -> Json {
    json!({ "version": version.title, "date": version.date, "items": items })
}

/// What is another figure in the newer of two appearances, the newer first.
fn differences(pair: &[Appearance<'_>]) -> Vec<FigureDiff> {
    let [new, old] = pair else {
        return Vec::new();
    };
    diff_figures((old.category, old.component), (new.category, new.component))
}

fn item(guide: &Guide, figure: &FigureDiff) -> String {
    let moved = Moved::figure(figure, &guide.catalog.locale);
    let item = format!(
        "{}: <span class=\"was\">{}</span> → {} {}",
        Escaped(&figure.label),
        Escaped(&moved.from),
        Escaped(&moved.to),
        moved.change_html()
    );
    item.trim_end().to_owned()
}

/// Drawings of the numbers that changed, prices first.
fn charts(guide: &Guide, all: &[Appearance<'_>]) -> Vec<String> {
    let Some(own) = all.first() else {
        return Vec::new();
    };
    let mut fields: Vec<&Field> = own.category.fields.iter().collect();
    fields.sort_by_key(|field| field.kind != FieldKind::Money);
    let charts = fields.iter().filter_map(|field| chart(guide, all, field));
    charts.take(MOST_CHARTS).collect()
}

fn chart(guide: &Guide, all: &[Appearance<'_>], field: &Field) -> Option<String> {
    let moments = moments(guide, all, field);
    let mut numbers = moments.iter().filter_map(|moment| moment.number);
    let first = numbers.next()?;
    if numbers.all(|number| number == first) {
        return None;
    }
    let id = format!("history-{}", field.name.value);
    let told = moments.iter().map(|m| format!("{} in {}", m.text, m.label));
    let told = told.collect::<Vec<_>>().join(", ");
    let svg = history_svg(&id, &moments, &told);
    let label = Escaped(&field.label);
    Some(format!(
        "<figure class=\"chart history-chart\" id=\"{id}\"><p class=\"history-title\" id=\"{id}-title\">{label}</p>{svg}</figure>"
    ))
}

/// The figure in each edition, the oldest first, in the unit of the newest.
fn moments(guide: &Guide, all: &[Appearance<'_>], field: &Field) -> Vec<Moment> {
    let mut unit = None;
    let mut current = Some(field);
    let mut moments = Vec::new();
    for (index, appearance) in all.iter().enumerate() {
        let category = appearance.category;
        let position = match index {
            0 => category.field_position(&field.name.value),
            _ => current.and_then(|field| field_before(field, category)),
        };
        let Some(position) = position else { break };
        current = category.fields.get(position);
        let figure = appearance.component.figures.get(position);
        let value = figure.map(|figure| &figure.value);
        let number = value.and_then(|value| match value.known() {
            Some(Value::Number(quantity)) => {
                let unit = unit.get_or_insert_with(|| quantity.unit.clone());
                quantity.convert(unit).ok()
            }
            _ => None,
        });
        moments.push(moment(guide, appearance.version, field, number));
    }
    moments.reverse();
    moments
}

fn moment(guide: &Guide, version: &Version, field: &Field, number: Option<Quantity>) -> Moment {
    let locale = &guide.catalog.locale;
    Moment {
        label: Arc::clone(&version.id),
        number: number.as_ref().map(|quantity| quantity.number),
        text: match number {
            Some(number) => format_value(&Value::Number(number), field.decimals, locale),
            None => "unknown".to_owned(),
        },
    }
}
