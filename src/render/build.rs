//! A preset as static tables: parts, what the rules say, and totals.

mod rules;
mod totals;
mod why;

use std::sync::Arc;

pub use totals::SHOWN;

use super::escape::{Escaped, escape};
use super::guide::Guide;
use crate::calc::{Calculator, Filling, Outcome, Selection, evaluate};
use crate::catalog::Build;
use crate::site::{Page, relative};
use crate::value::{Decimal, Operand, Quantity, Value, format_operand};

/// Where a build is shown.
pub struct BuildPlace<'a> {
    pub page: &'a Page,
    /// The section's id, which no other element of the page has.
    pub id: String,
    /// 2 or 3.
    pub level: u8,
    /// Whether formulas and their figures stand behind totals and rules.
    pub explained: bool,
}

/// A preset as the calculator judges it.
struct Judged<'a> {
    guide: &'a Guide,
    calculator: &'a Calculator,
    selection: &'a Selection,
    outcome: &'a Outcome,
    explained: bool,
}

/// Draws a preset; nothing where the version has no calculator.
pub fn build_html(guide: &Guide, build: &Build, place: &BuildPlace<'_>) -> String {
    let Some(calculator) = &guide.calculator else {
        return String::new();
    };
    let selection = Selection::of_build(build, calculator, &guide.catalog);
    let outcome = evaluate(calculator, &guide.catalog, &guide.builds, &selection);
    let judged = Judged {
        guide,
        calculator,
        selection: &selection,
        outcome: &outcome,
        explained: place.explained,
    };
    let id = &build.id.value;
    let section = &place.id;
    let open = match guide.site.by_path(&calculator.path) {
        Some(page) => format!(
            "<a class=\"button button-small\" href=\"{}#build={id}\">Open in the calculator</a>",
            Escaped(&relative(&place.page.address, &guide.page(page).address))
        ),
        None => String::new(),
    };
    format!(
        "<section class=\"build\" id=\"{section}\" aria-labelledby=\"{section}-title\">\n<div class=\"build-head\"><h{0} class=\"build-title\" id=\"{section}-title\">{1}</h{0}>{open}</div>\n{2}{3}{4}</section>\n",
        place.level,
        Escaped(&build.title),
        parts(guide, calculator, build, &selection, place),
        rules::rules_html(&judged),
        totals::totals_html(&judged)
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
