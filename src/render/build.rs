//! A preset as static tables: parts, totals and what the rules say.

use std::sync::Arc;

use super::escape::{Escaped, escape};
use super::guide::Guide;
use crate::calc::{Calculator, Filling, Judgement, Outcome, Rule, Selection, State, evaluate};
use crate::catalog::Build;
use crate::diag::Severity;
use crate::expr::{Env as _, Expr, Ref};
use crate::site::{Page, relative};
use crate::value::{Decimal, Operand, Quantity, Value, format_operand};

/// Where a build is shown.
pub struct BuildPlace<'a> {
    pub page: &'a Page,
    /// 2 or 3.
    pub level: u8,
}

/// Draws a preset; nothing where the version has no calculator.
pub fn build_html(guide: &Guide, build: &Build, place: &BuildPlace<'_>) -> String {
    let Some(calculator) = &guide.calculator else {
        return String::new();
    };
    let selection = Selection::of_build(build, calculator, &guide.catalog);
    let outcome = evaluate(calculator, &guide.catalog, &guide.builds, &selection);
    let id = &build.id.value;
    let open = match guide.site.by_path(&calculator.path) {
        Some(page) => format!(
            "<a class=\"button button-small\" href=\"{}#build={id}\">Open in the calculator</a>",
            Escaped(&relative(&place.page.address, &guide.page(page).address))
        ),
        None => String::new(),
    };
    format!(
        "<section class=\"build\" id=\"build-{id}\" aria-labelledby=\"build-{id}-title\">\n<div class=\"build-head\"><h{0} class=\"build-title\" id=\"build-{id}-title\">{1}</h{0}>{open}</div>\n{2}{3}{4}</section>\n",
        place.level,
        Escaped(&build.title),
        parts(guide, calculator, build, &selection, place),
        totals(guide, calculator, &outcome, id),
        rules(guide, calculator, &outcome, &selection)
    )
}

fn parts(
    guide: &Guide,
    calculator: &Calculator,
    build: &Build,
    selection: &Selection,
    place: &BuildPlace<'_>,
) -> String {
    let mut rows = String::new();
    for slot in &calculator.slots {
        let parts = selection.parts(&slot.id.value);
        if parts.is_empty() {
            if selection.filling(calculator, &slot.id.value) == Filling::TooFew {
                rows.push_str(&format!(
                    "<tr><th scope=\"row\">{}</th><td class=\"unknown\" colspan=\"4\">not chosen</td></tr>\n",
                    Escaped(&slot.label)
                ));
            }
            continue;
        }
        for (component, quantity) in parts {
            rows.push_str(&part(
                guide,
                calculator,
                &slot.category,
                &slot.label,
                (component, *quantity),
                place,
            ));
        }
    }
    let price = if calculator.own.is_some() {
        "<th scope=\"col\" class=\"num\">Each</th><th scope=\"col\" class=\"num\">Price</th>"
    } else {
        ""
    };
    format!(
        "<div class=\"table-scroll\"><table class=\"parts\">\n<caption class=\"vh\">Parts of {}</caption>\n<thead><tr><th scope=\"col\">For</th><th scope=\"col\">Part</th><th scope=\"col\" class=\"num\">Quantity</th>{price}</tr></thead>\n<tbody>{rows}</tbody>\n</table></div>\n",
        Escaped(&build.title)
    )
}

fn part(
    guide: &Guide,
    calculator: &Calculator,
    category: &str,
    label: &str,
    (id, quantity): (&Arc<str>, u32),
    place: &BuildPlace<'_>,
) -> String {
    let locale = &guide.catalog.locale;
    let component = guide.catalog.component(category, id);
    let title = component.map_or(id.as_ref(), |c| &c.title);
    let name = match guide.component_link(place.page, category, id) {
        Some(url) => format!("<a href=\"{}\">{}</a>", Escaped(&url), Escaped(title)),
        None => escape(title),
    };
    let mut prices = String::new();
    if let Some(own) = &calculator.own {
        let category = guide.catalog.category(category);
        let position = category.and_then(|c| c.field_position(&own.field));
        let figure = component
            .zip(position)
            .map(|(c, p)| c.figures[p].value.clone());
        let each = figure.unwrap_or(Operand::None);
        let all = times(&each, quantity);
        for value in [each, all] {
            let text = format_operand(&value, None, locale);
            let class = if value.known().is_some() {
                "num"
            } else {
                "num unknown"
            };
            prices.push_str(&format!("<td class=\"{class}\">{}</td>", Escaped(&text)));
        }
    }
    format!(
        "<tr><th scope=\"row\">{}</th><td>{name}</td><td class=\"num\">{quantity}</td>{prices}</tr>\n",
        Escaped(label)
    )
}

fn times(value: &Operand, quantity: u32) -> Operand {
    let Operand::Known(Value::Number(each)) = value else {
        return value.clone();
    };
    let factor = Decimal::from_integer(quantity.into(), 0);
    match factor.and_then(|factor| each.number.checked_mul(factor)) {
        Some(number) => Operand::Known(Value::Number(Quantity::new(number, each.unit.clone()))),
        None => Operand::unknown("too large"),
    }
}

fn totals(guide: &Guide, calculator: &Calculator, outcome: &Outcome, build: &str) -> String {
    let locale = &guide.catalog.locale;
    let _ = build;
    let rows = calculator.totals.iter().zip(&outcome.totals).map(|(total, value)| {
        let text = format_operand(value, Some(total.decimals), locale);
        let reason = match value {
            Operand::Unknown(reason) => format!("<p>{}</p>", Escaped(&reason.text().replace('`', ""))),
            _ => String::new(),
        };
        let class = if value.known().is_some() { "" } else { " class=\"unknown\"" };
        format!(
            "<div class=\"total\"><dt>{}</dt><dd{class}>{}<details class=\"why\"><summary>Why</summary><p><code>{}</code></p>{reason}</details></dd></div>\n",
            Escaped(&total.label),
            Escaped(&text),
            Escaped(&total.formula.value)
        )
    });
    format!("<dl class=\"totals\">\n{}</dl>\n", rows.collect::<String>())
}

/// Broken rules by severity, then those that can't be judged, then those met.
fn rules(
    guide: &Guide,
    calculator: &Calculator,
    outcome: &Outcome,
    selection: &Selection,
) -> String {
    let mut items: Vec<(u8, String)> = (calculator.rules.iter().zip(&outcome.rules))
        .filter_map(|(rule, judgement)| {
            let (rank, class, word) = standing(rule, judgement)?;
            let item = rule_html(
                guide,
                calculator,
                (rule, judgement),
                (class, word),
                selection,
            );
            Some((rank, item))
        })
        .collect();
    items.sort_by_key(|(rank, _)| *rank);
    let items: String = items.into_iter().map(|(_, item)| item).collect();
    match items.is_empty() {
        true => String::new(),
        false => format!("<ul class=\"rules\">\n{items}</ul>\n"),
    }
}

fn standing(rule: &Rule, judgement: &Judgement) -> Option<(u8, &'static str, &'static str)> {
    match (&judgement.state, rule.severity) {
        (State::Broken, Severity::Error) => Some((0, "error", "Error")),
        (State::Broken, Severity::Warning) => Some((1, "warning", "Warning")),
        (State::Broken, Severity::Note) => Some((2, "note", "Note")),
        (State::Unknown(_), _) => Some((3, "unknown", "Unknown")),
        (State::Ok, _) => Some((4, "ok", "Met")),
        (State::NotApplicable, _) => None,
    }
}

fn rule_html(
    guide: &Guide,
    calculator: &Calculator,
    (rule, judgement): (&Rule, &Judgement),
    (class, word): (&str, &str),
    selection: &Selection,
) -> String {
    let locale = &guide.catalog.locale;
    let text = match &judgement.state {
        State::Broken => rule.message.render(&judgement.figures, locale),
        State::Unknown(reason) => format!("{}: {}", rule.label, reason.text().replace('`', "")),
        _ => rule.label.to_string(),
    };
    let figures = figures(guide, calculator, &rule.expr, selection);
    let figures = match figures.is_empty() {
        true => String::new(),
        false => format!("<dl>{figures}</dl>"),
    };
    format!(
        "<li class=\"rule rule-{class}\"><span class=\"rule-state\">{word}</span><p>{}</p><details class=\"why\"><summary>Figures</summary><p><code>{}</code></p>{figures}</details></li>\n",
        Escaped(&text),
        Escaped(&rule.require.value)
    )
}

/// The figures that a formula uses, with their values for a selection.
fn figures(guide: &Guide, calculator: &Calculator, expr: &Expr, selection: &Selection) -> String {
    let outcome = evaluate(calculator, &guide.catalog, &guide.builds, selection);
    let locale = &guide.catalog.locale;
    let page = crate::calc::PageFigures {
        catalog: &guide.catalog,
        calculator: Some(calculator),
        builds: &guide.builds,
        own: None,
    };
    let refs = expr.dependencies().refs.into_iter();
    refs.filter_map(|reference| {
        let value = match &reference {
            Ref::Each { .. } => return None,
            Ref::Total { id } => outcome.totals.get(calculator.total_position(id)?)?.clone(),
            Ref::Slot { slot, field } => {
                let slot = calculator.slot(slot)?;
                let (id, _) = selection.parts(&slot.id.value).first()?;
                let category = guide.catalog.category(&slot.category)?;
                let position = category.field_position(field)?;
                category.component(id)?.figures[position].value.clone()
            }
            other => page.value(other),
        };
        let text = format_operand(&value, None, locale);
        Some(format!(
            "<dt>{}</dt><dd>{}</dd>",
            Escaped(&reference.to_string()),
            Escaped(&text)
        ))
    })
    .collect()
}
