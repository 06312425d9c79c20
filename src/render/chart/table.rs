//! A chart's data as a table, complete and exact.

use std::fmt::Write as _;

use super::{Plot, Shape, pie};
use crate::render::escape::Escaped;

/// One row for each label, one column for each series; shares beside them
/// where the chart shows shares.
pub fn table_html(plot: &Plot<'_>, shape: Shape) -> String {
    let chart = plot.chart;
    let shares = match shape {
        Shape::Pie => pie::percentages(plot),
        Shape::Columns | Shape::Line => Vec::new(),
    };
    let mut html = String::new();
    let mut put = |arguments: std::fmt::Arguments<'_>| {
        html.write_fmt(arguments)
            .expect("writing to a string never fails");
    };
    put(format_args!(
        "<table class=\"table-plain\">\n<caption class=\"vh\">{}</caption>\n<thead><tr><td></td>",
        Escaped(&chart.title)
    ));
    for series in &chart.series {
        put(format_args!(
            "<th scope=\"col\" class=\"num\">{}</th>",
            Escaped(&series.name)
        ));
    }
    if !shares.is_empty() {
        put(format_args!("<th scope=\"col\" class=\"num\">Share</th>"));
    }
    put(format_args!("</tr></thead>\n<tbody>\n"));
    for (index, label) in chart.labels.iter().enumerate() {
        put(format_args!(
            "<tr><th scope=\"row\">{}</th>",
            Escaped(label)
        ));
        for series in 0..chart.series.len() {
            put(format_args!("{}", cell(plot, series, index)));
        }
        if let Some(share) = shares.get(index) {
            match share.as_str() {
                "" => put(format_args!("{}", missing("unknown"))),
                share => put(format_args!("<td class=\"num\">{}</td>", Escaped(share))),
            }
        }
        put(format_args!("</tr>\n"));
    }
    put(format_args!("</tbody>\n</table>"));
    html
}

fn cell(plot: &Plot<'_>, series: usize, label: usize) -> String {
    match plot.number(series, label) {
        Some(number) => format!(
            "<td class=\"num\">{}</td>",
            Escaped(&plot.numbers.full(number))
        ),
        None => missing(plot.missing(series, label)),
    }
}

fn missing(word: &str) -> String {
    format!(
        "<td class=\"num unknown\"><span aria-hidden=\"true\">—</span><span class=\"vh\">{word}</span></td>"
    )
}
