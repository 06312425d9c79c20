//! Comparison tables as HTML, complete without JavaScript.

use std::fmt::Write as _;

use super::escape::{Escaped, escape};
use crate::catalog::{Better, FieldKind};
use crate::directive::{Cell, Column, Compare, Orientation};
use crate::value::{Decimal, Locale, Operand, Type, Value, format_number, format_value};

/// What a table needs to know of the page that it stands on.
pub struct TablePlace<'a> {
    /// Unique on the page: `compare-1`.
    pub id: String,
    /// What the first column holds: the category's title.
    pub subject: &'a str,
    pub locale: &'a Locale,
    /// The address of a component's page, by id.
    pub link: &'a dyn Fn(&str) -> Option<String>,
    /// The address of the category's side-by-side page.
    pub side_by_side: Option<String>,
    /// Addresses of the table's data, with their labels.
    pub data: Vec<(&'static str, String)>,
}

/// Draws a table.
pub fn table_html(compare: &Compare, place: &TablePlace<'_>) -> String {
    let mut html = String::new();
    let side = compare.orientation == Orientation::Columns;
    let url = match (&place.side_by_side, side) {
        (Some(url), false) => format!(" data-url=\"{}\"", Escaped(url)),
        _ => String::new(),
    };
    let class = if side { "compare sbs" } else { "compare" };
    put(
        &mut html,
        format_args!(
            "<div class=\"{class}\" id=\"{}\" data-category=\"{}\"{url}>\n<div class=\"table-scroll\">\n<table>\n",
            place.id, compare.category
        ),
    );
    if let Some(caption) = &compare.caption {
        put(
            &mut html,
            format_args!("<caption>{}</caption>\n", Escaped(caption)),
        );
    } else {
        put(
            &mut html,
            format_args!(
                "<caption class=\"vh\">{}</caption>\n",
                Escaped(place.subject)
            ),
        );
    }
    match compare.orientation {
        Orientation::Rows => rows(&mut html, compare, place),
        Orientation::Columns => columns(&mut html, compare, place),
    }
    html.push_str("</table>\n</div>\n");
    notes(&mut html, compare, place);
    html.push_str("</div>\n");
    html
}

fn put(html: &mut String, arguments: std::fmt::Arguments<'_>) {
    html.write_fmt(arguments)
        .expect("writing to a string never fails");
}

fn rows(html: &mut String, compare: &Compare, place: &TablePlace<'_>) {
    put(
        html,
        format_args!(
            "<thead>\n<tr>\n<th scope=\"col\" data-key=\"title\">{}</th>\n",
            Escaped(place.subject)
        ),
    );
    for column in &compare.columns {
        let attributes = column_attributes(column);
        let class = if column.is_number() {
            " class=\"num\""
        } else {
            ""
        };
        let title = match column.short == column.label {
            true => String::new(),
            false => format!(" title=\"{}\"", Escaped(&column.label)),
        };
        put(
            html,
            format_args!(
                "<th scope=\"col\"{class}{attributes}{title}><span class=\"label\">{}</span>{}</th>\n",
                Escaped(&column.short),
                unit_html(column)
            ),
        );
    }
    html.push_str("</tr>\n</thead>\n<tbody>\n");
    for row in &compare.rows {
        put(
            html,
            format_args!(
                "<tr data-id=\"{}\"><th scope=\"row\">{}</th>",
                row.component,
                component_link(&row.component, &row.title, place)
            ),
        );
        for (column, cell) in compare.columns.iter().zip(&row.cells) {
            cell_html(html, column, cell, place.locale, true);
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n");
}

/// Components as columns.
fn columns(html: &mut String, compare: &Compare, place: &TablePlace<'_>) {
    html.push_str("<thead><tr><td></td>");
    for row in &compare.rows {
        put(
            html,
            format_args!(
                "<th scope=\"col\" data-id=\"{}\">{}</th>",
                row.component,
                component_link(&row.component, &row.title, place)
            ),
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    for (index, column) in compare.columns.iter().enumerate() {
        put(
            html,
            format_args!(
                "<tr{}><th scope=\"row\">{}</th>",
                column_attributes(column),
                Escaped(&column.label)
            ),
        );
        for row in &compare.rows {
            cell_html(html, column, &row.cells[index], place.locale, false);
        }
        html.push_str("</tr>\n");
    }
    html.push_str("</tbody>\n");
}

fn component_link(id: &str, title: &str, place: &TablePlace<'_>) -> String {
    match (place.link)(id) {
        Some(url) => format!("<a href=\"{}\">{}</a>", Escaped(&url), Escaped(title)),
        None => escape(title),
    }
}

fn column_attributes(column: &Column) -> String {
    let kind = match (column.kind, &column.ty) {
        (_, Type::Number { .. } | Type::Date | Type::Range { .. }) => "number",
        (FieldKind::Choice, _) => "choice",
        (_, Type::Set { .. }) => "set",
        (_, Type::Bool) => "bool",
        (_, Type::Text { .. } | Type::List) => "text",
    };
    let better = match column.better {
        Some(Better::Higher) => " data-better=\"higher\"",
        Some(Better::Lower) => " data-better=\"lower\"",
        None => "",
    };
    let age = match column.max_age {
        Some(days) => format!(" data-max-age=\"{days}\""),
        None => String::new(),
    };
    format!(
        " data-key=\"{}\" data-type=\"{kind}\"{better}{age}",
        column.key
    )
}

/// The unit beside a column's label; money carries its sign in each cell.
fn unit_html(column: &Column) -> String {
    match column.ty.unit() {
        Some(unit) if !unit.is_one() && unit.currency().is_none() => {
            format!(" <span class=\"unit\">{}</span>", Escaped(unit.symbol()))
        }
        _ => String::new(),
    }
}

fn cell_html(html: &mut String, column: &Column, cell: &Cell, locale: &Locale, bare: bool) {
    let number = column.is_number() && bare;
    let Operand::Known(value) = &cell.value else {
        let class = if number { "num unknown" } else { "unknown" };
        let (reason, word) = match &cell.value {
            Operand::Unknown(reason) => (reason.text(), "unknown"),
            _ => ("", "none"),
        };
        let title = match reason {
            "" => String::new(),
            reason => format!(" title=\"{}\"", Escaped(&reason.replace('`', ""))),
        };
        put(
            html,
            format_args!(
                "<td class=\"{class}\"{title}><span aria-hidden=\"true\">—</span><span class=\"vh\">{word}</span></td>"
            ),
        );
        return;
    };
    let class = match (number, cell.best) {
        (true, true) => " class=\"num best\"",
        (true, false) => " class=\"num\"",
        (false, true) => " class=\"best\"",
        (false, false) => "",
    };
    let best = if cell.best {
        "<span class=\"vh\"> (best)</span>"
    } else {
        ""
    };
    let origin = origin_attributes(cell);
    let text = match bare {
        true => bare_text(value, column, locale),
        false => format_value(value, column.decimals(), locale),
    };
    put(
        html,
        format_args!(
            "<td{class}{}{origin}>{}{best}</td>",
            canonical(value),
            Escaped(&text)
        ),
    );
}

fn origin_attributes(cell: &Cell) -> String {
    let mut attributes = String::new();
    if let Some(source) = &cell.source {
        put(
            &mut attributes,
            format_args!(" data-source=\"{}\"", Escaped(source)),
        );
    }
    if let Some(date) = cell.as_of {
        put(&mut attributes, format_args!(" data-as-of=\"{date}\""));
    }
    attributes
}

/// A value without its unit, which the column's head shows.
fn bare_text(value: &Value, column: &Column, locale: &Locale) -> String {
    match value {
        Value::Number(quantity) if quantity.unit.currency().is_none() => {
            let decimals = column.decimals();
            format_number(quantity.number, 0, decimals, locale)
        }
        Value::Range(range) if range.unit.currency().is_none() => {
            let show = |number: Decimal| format_number(number, 0, None, locale);
            format!("{}–{}", show(range.low), show(range.high))
        }
        value => format_value(value, column.decimals(), locale),
    }
}

/// The value for sorting and filtering, where the text is not enough.
fn canonical(value: &Value) -> String {
    let text = match value {
        Value::Number(quantity) => quantity.number.to_string(),
        Value::Range(range) => range.low.to_string(),
        Value::Date(date) => date.day_number().to_string(),
        Value::Set(set) => set.iter().map(AsRef::as_ref).collect::<Vec<_>>().join("|"),
        Value::Bool(_) | Value::Text(_) | Value::List(_) => return String::new(),
    };
    format!(" data-v=\"{}\"", Escaped(&text))
}

fn notes(html: &mut String, compare: &Compare, place: &TablePlace<'_>) {
    let best = compare.rows.iter().flat_map(|r| &r.cells).any(|c| c.best);
    let mut lines = String::new();
    let sources = sources(compare);
    if best || !sources.is_empty() {
        lines.push_str("<p>");
        if best {
            lines.push_str("<span class=\"best\">Best</span> in its column. ");
        }
        if !sources.is_empty() {
            put(
                &mut lines,
                format_args!("Sources: {}.", Escaped(&sources.join("; "))),
            );
        }
        lines.push_str("</p>\n");
    }
    match compare.left_out {
        0 => {}
        1 => lines.push_str(
            "<p>1 row is left out, because a figure that the filter asks for is unknown.</p>\n",
        ),
        n => put(
            &mut lines,
            format_args!(
                "<p>{n} rows are left out, because a figure that the filter asks for is unknown.</p>\n"
            ),
        ),
    }
    if !place.data.is_empty() {
        lines.push_str("<p class=\"table-data\">Data:");
        for (label, url) in &place.data {
            put(
                &mut lines,
                format_args!(" <a href=\"{}\" download>{label}</a>", Escaped(url)),
            );
        }
        lines.push_str("</p>\n");
    }
    if !lines.is_empty() {
        put(
            html,
            format_args!("<div class=\"table-notes\">\n{lines}</div>\n"),
        );
    }
}

/// How many sources the notes name one by one.
const SOURCES: usize = 6;

fn sources(compare: &Compare) -> Vec<String> {
    let mut sources: Vec<String> = Vec::new();
    for cell in compare.rows.iter().flat_map(|r| &r.cells) {
        let Some(source) = &cell.source else { continue };
        let text = match cell.as_of {
            Some(date) => format!("{source}, {date}"),
            None => source.to_string(),
        };
        if !sources.contains(&text) {
            sources.push(text);
        }
    }
    sources.sort();
    if sources.len() > SOURCES {
        let more = sources.len() - SOURCES;
        sources.truncate(SOURCES);
        sources.push(format!("and {more} more"));
    }
    sources
}
