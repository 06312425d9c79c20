//! The page that sets all components of a category side by side, figures as
//! rows. Without script it is complete; with it readers choose two to four.

use std::fmt::Write as _;
use std::sync::Arc;

use super::context::{EditionLink, Link, PageContext, base_context};
use super::escape::{Escaped, escape};
use super::guide::Guide;
use super::jsonld::trail_to;
use crate::catalog::{Better, Category, Component, Field};
use crate::diag::Checked;
use crate::site::{PageId, encode_path, relative};
use crate::value::{Type, Value, format_value};

/// The address of a category's page.
pub fn side_by_side_address(category: &str) -> String {
    format!("compare/{category}/")
}

/// How many components the page shows at most: beyond, nobody reads it.
const MOST: usize = 60;

/// Whether a category has such a page: there is something to compare, and it
/// stays readable.
pub fn has_side_by_side(category: &Category) -> bool {
    (2..=MOST).contains(&category.components.len())
}

/// Renders the page of a category.
pub fn render_side_by_side(guide: &Guide, category: usize) -> Checked<Vec<u8>> {
    let category = &guide.catalog.categories[category];
    let address = side_by_side_address(&category.id.value);
    let mut context = base_context(guide, &address, false);
    let title = format!("{} side by side", category.title);
    let current = guide.shared.versions.first();
    let now = current.and_then(|current| current.compared(category));
    let now = now.map(|id| side_by_side_address(id));
    let section = guide.site.by_path(&category.path);
    let above = section.map_or_else(Vec::new, |id| guide.site.ancestors(id));
    let crumb = |id: &PageId| Link {
        title: Arc::clone(guide.page(*id).nav_title()),
        url: relative(&address, &guide.page(*id).address),
    };
    let page = PageContext {
        content: table(guide, category, &address).into(),
        canonical: match (&guide.shared.base_url, &now) {
            (Some(base), Some(now)) => Some(format!("{base}{now}")),
            _ => guide.canonical(&address),
        },
        noindex: guide.noindex(),
        old: guide.is_old(),
        jsonld: trail_to(guide, &above, (&title, &address)),
        breadcrumbs: above.iter().map(crumb).collect(),
        ..PageContext::bare("compare", &title, &address)
    };
    let root = super::nav::root(2);
    context.insert("nav", &super::nav::beside(guide, section, &root));
    context.insert("versions", &versions(guide, category, &address));
    let here = format!("{}{address}", guide.version.prefix);
    let there = now.unwrap_or_default();
    context.insert("current_url", &relative(&here, &there));
    context.insert("page", &page);
    match guide.shared.templates.render("page.html", &context) {
        Ok(html) => Checked::clean(html.into_bytes()),
        Err(diagnostic) => Checked::new(Vec::new(), vec![*diagnostic]),
    }
}

/// The same category in each version, or its front page.
fn versions<'a>(guide: &'a Guide, category: &Category, address: &str) -> Vec<EditionLink<'a>> {
    let here = format!("{}{address}", guide.version.prefix);
    let all = guide.shared.versions.iter();
    all.map(|pages| {
        let there = pages.compared(category).map(|id| side_by_side_address(id));
        let kept = there.is_some();
        let target = there.unwrap_or_default();
        let url = relative(&here, &format!("{}{target}", pages.version.prefix));
        EditionLink::new(&pages.version, guide, url, kept)
    })
    .collect()
}

fn table(guide: &Guide, category: &Category, address: &str) -> String {
    let mut html = String::new();
    put(
        &mut html,
        format_args!(
            "<div class=\"compare sbs\" id=\"side-by-side\" data-category=\"{}\" data-pick>\n<div class=\"table-scroll\">\n<table>\n<caption class=\"vh\">{} side by side</caption>\n<thead><tr><td></td>",
            category.id.value,
            Escaped(&category.title)
        ),
    );
    for component in &category.components {
        let url = guide
            .component_address(component)
            .map(|to| way(address, &to));
        let title = match url {
            Some(url) => format!(
                "<a href=\"{}\">{}</a>",
                Escaped(&url),
                Escaped(&component.title)
            ),
            None => escape(&component.title),
        };
        let former: Vec<&str> = component.former.iter().map(|f| f.value.as_ref()).collect();
        let former = match former.is_empty() {
            true => String::new(),
            false => format!(" data-former=\"{}\"", former.join(" ")),
        };
        put(
            &mut html,
            format_args!(
                "<th scope=\"col\" data-id=\"{}\"{former}>{title}</th>",
                component.id.value
            ),
        );
    }
    html.push_str("</tr></thead>\n<tbody>\n");
    let mut group: Option<&Arc<str>> = None;
    for (position, field) in category.fields.iter().enumerate() {
        // What is known of none can't be compared.
        let told = |c: &Component| c.figures[position].value.known().is_some();
        if !category.components.iter().any(told) {
            continue;
        }
        if field.group.as_ref() != group {
            group = field.group.as_ref();
            let columns = category.components.len() + 1;
            let title = group.map_or("Further figures", |g| g.as_ref());
            put(
                &mut html,
                format_args!(
                    "<tr class=\"group\"><th scope=\"rowgroup\" colspan=\"{columns}\"><span>{}</span></th></tr>\n",
                    Escaped(title)
                ),
            );
        }
        row(&mut html, guide, category, field, position);
    }
    lists(&mut html, category, "pros", "Strengths", |c| &c.pros);
    lists(&mut html, category, "cons", "Weaknesses", |c| &c.cons);
    html.push_str("</tbody>\n</table>\n</div>\n</div>\n");
    html
}

fn put(html: &mut String, arguments: std::fmt::Arguments<'_>) {
    html.write_fmt(arguments)
        .expect("writing to a string never fails");
}

/// From an address to another that may have an anchor.
pub(super) fn way(from: &str, to: &str) -> String {
    match to.split_once('#') {
        Some((page, anchor)) => format!("{}#{}", relative(from, page), encode_path(anchor)),
        None => relative(from, to),
    }
}

fn row(html: &mut String, guide: &Guide, category: &Category, field: &Field, position: usize) {
    let kind = match field.ty {
        Type::Number { .. } | Type::Date | Type::Range { .. } => "number",
        Type::Set { .. } => "set",
        Type::Bool => "bool",
        Type::Text { .. } | Type::List => "text",
    };
    let better = match field.better {
        Some(Better::Higher) => " data-better=\"higher\"",
        Some(Better::Lower) => " data-better=\"lower\"",
        None => "",
    };
    put(
        html,
        format_args!(
            "<tr data-key=\"{}\" data-type=\"{kind}\"{better}><th scope=\"row\">{}</th>",
            field.name.value,
            Escaped(&field.label)
        ),
    );
    for component in &category.components {
        match component.figures[position].value.known() {
            Some(value) => {
                let text = format_value(value, field.decimals, &guide.catalog.locale);
                let canonical = match value {
                    Value::Number(quantity) => format!(" data-v=\"{}\"", quantity.number),
                    Value::Range(range) => format!(" data-v=\"{}\"", range.low),
                    Value::Date(date) => format!(" data-v=\"{}\"", date.day_number()),
                    _ => String::new(),
                };
                put(html, format_args!("<td{canonical}>{}</td>", Escaped(&text)));
            }
            None => html.push_str(
                "<td class=\"unknown\"><span aria-hidden=\"true\">—</span><span class=\"vh\">unknown</span></td>",
            ),
        }
    }
    html.push_str("</tr>\n");
}

type Lines = fn(&Component) -> &Vec<crate::diag::Spanned<Arc<str>>>;

fn lists(html: &mut String, category: &Category, key: &str, title: &str, lines: Lines) {
    if category.components.iter().all(|c| lines(c).is_empty()) {
        return;
    }
    put(
        html,
        format_args!("<tr data-key=\"{key}\"><th scope=\"row\">{title}</th>"),
    );
    for component in &category.components {
        let items: String = (lines(component).iter())
            .map(|line| format!("<li>{}</li>", Escaped(line)))
            .collect();
        match items.is_empty() {
            true => html.push_str("<td></td>"),
            false => put(html, format_args!("<td><ul>{items}</ul></td>")),
        }
    }
    html.push_str("</tr>\n");
}
