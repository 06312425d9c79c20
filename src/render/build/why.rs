//! Why a total or a rule says what it says: its formula and the figures that
//! it reckons with, under the names that readers know.

use super::super::escape::Escaped;
use super::Judged;
use crate::calc::PageFigures;
use crate::expr::{Env as _, Expr, Group, Ref};
use crate::value::{Operand, Quantity, Value, format_operand};

/// What stands behind a total or a rule.
pub(super) struct Why<'a> {
    /// HTML in front of the formula.
    pub note: String,
    pub formula: &'a str,
    pub expr: &'a Expr,
    pub help: Option<&'a str>,
}

/// A disclosure with the formula and its figures; nothing where the build is
/// shown without.
pub(super) fn why_html(judged: &Judged<'_>, why: &Why<'_>) -> String {
    if !judged.explained {
        return String::new();
    }
    let help = match why.help {
        Some(help) => format!("<p>{}</p>", Escaped(help)),
        None => String::new(),
    };
    format!(
        "<details class=\"why\"><summary>Why</summary>{}<p><code>{}</code></p>{}{help}</details>",
        why.note,
        Escaped(why.formula),
        operands_html(judged, why.expr)
    )
}

/// A list of names and figures; nothing where the formula has none.
fn operands_html(judged: &Judged<'_>, expr: &Expr) -> String {
    let mut rows: Vec<(String, String)> = Vec::new();
    for reference in expr.dependencies().refs {
        for row in operands(judged, &reference) {
            if !rows.contains(&row) {
                rows.push(row);
            }
        }
    }
    let rows: String = (rows.iter())
        .map(|(name, text)| format!("<dt>{}</dt><dd>{}</dd>", Escaped(name), Escaped(text)))
        .collect();
    match rows.is_empty() {
        true => String::new(),
        false => format!("<dl>{rows}</dl>"),
    }
}

fn operands(judged: &Judged<'_>, reference: &Ref) -> Vec<(String, String)> {
    let calculator = judged.calculator;
    let slots = || calculator.slots.iter();
    match reference {
        Ref::Total { id } => {
            let at = calculator.total_position(id);
            at.map(|at| total(judged, at)).into_iter().collect()
        }
        Ref::Input { id } => {
            let input = calculator.input(id);
            input
                .map(|input| shown_input(judged, input))
                .into_iter()
                .collect()
        }
        Ref::Slot { slot, field }
        | Ref::Each {
            group: Group::Slot(slot),
            field,
        } => parts(judged, slot, field),
        Ref::Each {
            group: Group::Parts,
            field,
        } => slots()
            .flat_map(|slot| parts(judged, &slot.id.value, field))
            .collect(),
        Ref::Each { .. } => Vec::new(),
        other => vec![elsewhere(judged, other)],
    }
}

fn total(judged: &Judged<'_>, at: usize) -> (String, String) {
    let total = &judged.calculator.totals[at];
    let locale = &judged.guide.catalog.locale;
    let text = format_operand(&judged.outcome.totals[at], Some(total.decimals), locale);
    (total.label.to_string(), text)
}

fn shown_input(judged: &Judged<'_>, input: &crate::calc::Input) -> (String, String) {
    let quantity = Quantity::new(input.default, input.unit.clone());
    let value = Operand::Known(Value::Number(quantity));
    let text = format_operand(&value, None, &judged.guide.catalog.locale);
    (input.label.to_string(), text)
}

/// The figure of each part in a slot; prices stand beside the parts already.
fn parts(judged: &Judged<'_>, slot: &str, field: &str) -> Vec<(String, String)> {
    let own = judged.calculator.own.as_ref();
    if own.is_some_and(|own| own.field.as_ref() == field) {
        return Vec::new();
    }
    let found = (judged.calculator.slot(slot))
        .and_then(|slot| judged.guide.catalog.category(&slot.category))
        .and_then(|category| Some((category, category.field_position(field)?)));
    let Some((category, position)) = found else {
        return Vec::new();
    };
    let declared = &category.fields[position];
    let parts = judged.selection.parts(slot).iter();
    let named = parts.filter_map(|(id, count)| {
        let component = category.component(id)?;
        let value = &component.figures[position].value;
        let text = format_operand(value, declared.decimals, &judged.guide.catalog.locale);
        let name = match count {
            1 => format!("{}, {}", component.title, declared.label),
            _ => format!("{count} × {}, {} each", component.title, declared.label),
        };
        Some((name, text))
    });
    named.collect()
}

/// A figure of the catalog or of another build.
fn elsewhere(judged: &Judged<'_>, reference: &Ref) -> (String, String) {
    let page = PageFigures {
        catalog: &judged.guide.catalog,
        calculator: Some(judged.calculator),
        builds: &judged.guide.builds,
        own: None,
    };
    let text = format_operand(&page.value(reference), None, &judged.guide.catalog.locale);
    (reference.to_string(), text)
}
