//! A chart in a few sentences, for those who don't see it: what it shows, its
//! extremes, and what is missing.

use super::scale::ends;
use super::{Plot, Shape, pie};
use crate::value::Decimal;

/// Series and ends that a description names one by one.
const NAMED: usize = 6;

/// Plain text, not escaped.
pub fn describe(plot: &Plot<'_>, shape: Shape) -> String {
    let chart = plot.chart;
    let kind = match shape {
        Shape::Columns => "Bar chart",
        Shape::Line => "Line chart",
        Shape::Pie => "Pie chart",
    };
    let mut text = match chart.series.as_slice() {
        [one] => format!(
            "{kind} of {} for {}.",
            one.name,
            count(chart.labels.len(), "label")
        ),
        many => format!(
            "{kind} of {} for {}.",
            count(many.len(), "series"),
            count(chart.labels.len(), "label")
        ),
    };
    match shape {
        Shape::Pie => largest_share(plot, &mut text),
        Shape::Line if chart.series.len() <= NAMED => courses(plot, &mut text),
        Shape::Columns | Shape::Line => extremes(plot, &mut text),
    }
    let marks = chart.labels.len() * chart.series.len();
    match marks - plot.known().count() {
        0 => {}
        missing if missing == marks => text.push_str(" No value is known."),
        1 => text.push_str(" 1 value is not known."),
        missing => text.push_str(&format!(" {missing} values are not known.")),
    }
    text.push_str(" All values stand in the table below.");
    text
}

fn count(number: usize, noun: &str) -> String {
    match (number, noun) {
        (1, noun) => format!("1 {noun}"),
        (n, "series") => format!("{n} series"),
        (n, noun) => format!("{n} {noun}s"),
    }
}

/// The first mark with a number, in words.
fn find(plot: &Plot<'_>, number: Decimal) -> String {
    for series in 0..plot.chart.series.len() {
        for label in 0..plot.chart.labels.len() {
            if plot.number(series, label) == Some(number) {
                return plot.tip(series, label);
            }
        }
    }
    plot.numbers.full(number)
}

fn extremes(plot: &Plot<'_>, text: &mut String) {
    if plot.known().next().is_none() {
        return;
    }
    let (low, high) = ends(plot.known());
    let sentence = match low == high {
        true => format!(" All known values are {}.", plot.numbers.full(low)),
        false => format!(
            " Highest: {}. Lowest: {}.",
            find(plot, high),
            find(plot, low)
        ),
    };
    text.push_str(&sentence);
}

/// From where to where each line runs.
fn courses(plot: &Plot<'_>, text: &mut String) {
    for (index, series) in plot.chart.series.iter().enumerate() {
        let known = |label: usize| Some((label, plot.number(index, label)?));
        let labels = 0..plot.chart.labels.len();
        let (first, last) = (labels.clone().find_map(known), labels.rev().find_map(known));
        let (Some((from, first)), Some((to, last))) = (first, last) else {
            continue;
        };
        let end = |label: usize, number| {
            format!(
                "{} ({})",
                plot.numbers.full(number),
                plot.chart.labels[label]
            )
        };
        text.push_str(&match from == to {
            true => format!(" {}: {}.", series.name, end(from, first)),
            false => format!(
                " {}: from {} to {}.",
                series.name,
                end(from, first),
                end(to, last)
            ),
        });
    }
}

fn largest_share(plot: &Plot<'_>, text: &mut String) {
    let shares = pie::percentages(plot);
    let known = |label: usize| Some((label, plot.number(0, label)?));
    let mut numbers: Vec<(usize, Decimal)> =
        (0..plot.chart.labels.len()).filter_map(known).collect();
    numbers.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let part =
        |(label, _): &(usize, Decimal)| format!("{}, {}", plot.tip(0, *label), shares[*label]);
    if let Some(largest) = numbers.first() {
        text.push_str(&format!(" Largest share: {}.", part(largest)));
    }
    if numbers.len() > 1 {
        text.push_str(&format!(
            " Smallest: {}.",
            part(&numbers[numbers.len() - 1])
        ));
    }
}
