//! The history of a component: its figures in the editions before, as lists and
//! as a small chart of the one that tells most.

use std::sync::Arc;

use serde_json::{Value as Json, json};

use super::escape::{Escaped, escape};
use super::guide::Guide;
use crate::catalog::{Catalog, Category, Component, Field, FieldKind, predecessor, same_figure};
use crate::value::{Operand, Value, format_operand};

/// The chart's size and the room around its line, in its own units.
const WIDTH: f64 = 420.0;
const HEIGHT: f64 = 132.0;
const SIDE: f64 = 48.0;
const TOP: f64 = 34.0;
const BOTTOM: f64 = 34.0;

/// An edition in which the component was.
struct Then<'a> {
    title: &'a Arc<str>,
    date: Option<&'a Arc<str>>,
    /// By field of the present schema; none where the edition lacks the field.
    figures: Vec<Option<&'a Operand>>,
}

/// `page.component.history`: the editions in which a figure changed, the newest
/// first, with what changed in each.
pub fn history(guide: &Guide, category: &Category, component: &Component) -> Vec<Json> {
    let line = line(guide, category, component);
    let mut entries = Vec::new();
    for pair in line.windows(2) {
        let items: Vec<String> = (category.fields.iter().enumerate())
            .filter_map(|(number, field)| {
                let (from, to) = (pair[0].figures[number]?, pair[1].figures[number]?);
                (!same_figure(from, to)).then(|| item(guide, field, from, to))
            })
            .collect();
        if !items.is_empty() {
            entries.push(json!({
                "version": pair[1].title,
                "date": pair[1].date,
                "items": items,
            }));
        }
    }
    entries.reverse();
    entries
}

fn item(guide: &Guide, field: &Field, from: &Operand, to: &Operand) -> String {
    let shown = |operand| {
        escape(&format_operand(
            operand,
            field.decimals,
            &guide.catalog.locale,
        ))
    };
    format!(
        "{}: <span class=\"was\">{}</span> → {}",
        Escaped(&field.label),
        shown(from),
        shown(to)
    )
}

/// The editions of a component from the first to this one.
fn line<'a>(guide: &'a Guide, category: &'a Category, component: &'a Component) -> Vec<Then<'a>> {
    let mut line = Vec::new();
    let mut later: &Component = component;
    for (version, catalog) in guide.past.iter().rev() {
        let Some((old, earlier)) = earlier(catalog, category, later) else {
            break;
        };
        line.push(Then {
            title: &version.title,
            date: version.date.as_ref(),
            figures: (category.fields.iter())
                .map(|field| Some(&earlier.figures.get(old.position_of(field)?)?.value))
                .collect(),
        });
        later = earlier;
    }
    line.reverse();
    line.push(Then {
        title: &guide.version.title,
        date: guide.version.date.as_ref(),
        figures: component
            .figures
            .iter()
            .map(|figure| Some(&figure.value))
            .collect(),
    });
    line
}

fn earlier<'a>(
    catalog: &'a Catalog,
    category: &Category,
    component: &Component,
) -> Option<(&'a Category, &'a Component)> {
    let old = catalog.category(&category.id.value)?;
    Some((old, predecessor(component, old)?))
}

/// A chart of the price, or else of the first number that changed; empty if
/// none did.
pub fn history_chart(guide: &Guide, category: &Category, component: &Component) -> String {
    let line = line(guide, category, component);
    let points = |number: usize| -> Vec<(&Then<'_>, &Value)> {
        let known = line
            .iter()
            .filter_map(|then| Some((then, then.figures[number]?.known()?)));
        known
            .filter(|(_, value)| matches!(value, Value::Number(_)))
            .collect()
    };
    let moved = |number: &usize| {
        let points = points(*number);
        points.windows(2).any(|pair| pair[0].1 != pair[1].1)
    };
    let is_price = |number: &usize| category.fields[*number].kind == FieldKind::Money;
    let mut numbers: Vec<usize> = (0..category.fields.len()).filter(moved).collect();
    numbers.sort_by_key(|number| !is_price(number));
    match numbers.first() {
        Some(number) => draw(guide, &category.fields[*number], &points(*number)),
        None => String::new(),
    }
}

fn draw(guide: &Guide, field: &Field, points: &[(&Then<'_>, &Value)]) -> String {
    let heights: Vec<f64> = points
        .iter()
        .map(|(_, value)| height(value, field))
        .collect();
    let (low, high) = heights
        .iter()
        .fold((f64::MAX, f64::MIN), |(low, high), &h| {
            (low.min(h), high.max(h))
        });
    let span = if high > low { high - low } else { 1.0 };
    let step = (WIDTH - 2.0 * SIDE) / (points.len().max(2) - 1) as f64;
    let place = |number: usize| {
        let x = SIDE + step * number as f64;
        let y = TOP + (HEIGHT - TOP - BOTTOM) * (1.0 - (heights[number] - low) / span);
        (x, y)
    };
    let path: Vec<String> = (0..points.len())
        .map(|number| {
            let (x, y) = place(number);
            format!("{}{x:.1} {y:.1}", if number == 0 { "M" } else { "L" })
        })
        .collect();
    let mut marks = String::new();
    let mut said = Vec::new();
    for (number, (then, value)) in points.iter().enumerate() {
        let (x, y) = place(number);
        let operand = Operand::Known((*value).clone());
        let shown = escape(&format_operand(
            &operand,
            field.decimals,
            &guide.catalog.locale,
        ));
        marks.push_str(&format!(
            "<circle cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"4\"/><text class=\"history-value\" x=\"{x:.1}\" y=\"{:.1}\">{shown}</text><text class=\"history-edition\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
            y - 12.0,
            HEIGHT - 8.0,
            Escaped(then.title),
        ));
        said.push(format!("{} {shown}", Escaped(then.title)));
    }
    format!(
        "<svg class=\"history-chart\" viewBox=\"0 0 {WIDTH} {HEIGHT}\" role=\"img\" aria-label=\"{}: {}\"><path d=\"{}\"/>{marks}</svg>",
        Escaped(&field.label),
        said.join(", "),
        path.join(""),
    )
}

/// A number in the field's unit, for drawing alone.
fn height(value: &Value, field: &Field) -> f64 {
    let Value::Number(quantity) = value else {
        return 0.0;
    };
    let unit = field.unit.as_ref().unwrap_or(&quantity.unit);
    let converted = quantity.convert_rounded(unit, 6);
    let number = converted.map_or(quantity.number, |quantity| quantity.number);
    number.mantissa() as f64 / 10f64.powi(i32::from(number.scale()))
}
