//! The totals of a preset: one line each, numbers under numbers; the first ones
//! at once, the rest behind a disclosure.

use super::super::escape::Escaped;
use super::Judged;
use super::why::{Why, why_html};
use crate::calc::{Total, Unpriced, unpriced};
use crate::value::{Operand, format_operand};

/// How many totals are shown at once. The author's first ones are the important
/// ones; beyond, readers look for one in particular.
pub const SHOWN: usize = 7;

/// Fewer than this are not worth a disclosure.
const FOLDED: usize = 3;

pub(super) fn totals_html(judged: &Judged<'_>) -> String {
    let calculator = judged.calculator;
    let guide = judged.guide;
    let known = (judged.selection, judged.outcome);
    let unpriced = unpriced(calculator, &guide.catalog, &guide.builds, known);
    let rows: Vec<String> = (0..calculator.totals.len())
        .map(|at| row(judged, unpriced.as_ref(), at))
        .collect();
    let shown = match rows.len() {
        count if count < SHOWN + FOLDED => count,
        _ => SHOWN,
    };
    let (first, rest) = rows.split_at(shown);
    let rest = match rest.len() {
        0 => String::new(),
        count => format!(
            "<details class=\"totals-more\"><summary>{count} more figures</summary><dl class=\"totals\">\n{}</dl></details>\n",
            rest.concat()
        ),
    };
    match first.is_empty() {
        true => String::new(),
        false => format!("<dl class=\"totals\">\n{}</dl>\n{rest}", first.concat()),
    }
}

fn row(judged: &Judged<'_>, unpriced: Option<&Unpriced>, at: usize) -> String {
    let total = &judged.calculator.totals[at];
    let value = &judged.outcome.totals[at];
    let least = unpriced.and_then(|unpriced| Some((unpriced.least[at].as_ref()?, unpriced)));
    let (figure, class) = match (value, least) {
        (_, Some((least, _))) => (
            format!(
                "<span class=\"from\">from </span>{}",
                amount(judged, total, least)
            ),
            "",
        ),
        (Operand::Known(_), _) => (amount(judged, total, value), ""),
        _ => (amount(judged, total, value), " class=\"unknown\""),
    };
    let note = match (least, value) {
        (Some((_, unpriced)), _) => format!(
            "<p>Without a price: {}.</p>",
            Escaped(&unpriced.parts.join(", "))
        ),
        (None, Operand::Unknown(reason)) => {
            format!("<p>{}</p>", Escaped(&reason.plain()))
        }
        _ => String::new(),
    };
    let why = Why {
        note,
        formula: &total.formula.value,
        expr: &total.expr,
        help: total.help.as_deref(),
    };
    let why = match why_html(judged, &why) {
        why if why.is_empty() => why,
        why => format!("<dd>{why}</dd>"),
    };
    format!(
        "<div class=\"total\"><dt>{}</dt><dd{class}>{figure}</dd>{why}</div>\n",
        Escaped(&total.label)
    )
}

/// A number and its unit apart, so that numbers stand under numbers.
fn amount(judged: &Judged<'_>, total: &Total, value: &Operand) -> String {
    let text = format_operand(value, Some(total.decimals), &judged.guide.catalog.locale);
    let cut = text.rfind(['\u{a0}', '%']).filter(|at| {
        let unit = text[*at..].trim_start();
        value.known().is_some() && !unit.starts_with(|c: char| c.is_ascii_digit())
    });
    let (number, unit) = text.split_at(cut.unwrap_or(text.len()));
    let unit = match unit {
        "" => String::new(),
        _ => format!("<span class=\"unit\">{}</span>", Escaped(unit)),
    };
    format!("{}{unit}", Escaped(number))
}
