//! Changes as a page shows them: a table of figures that moved, lists of what
//! is new, gone or renamed. Complete without JavaScript.

use std::sync::Arc;

use super::{Changes, difference_text};
use crate::calc::FormulaDiff;
use crate::catalog::{BuildDiff, CategoryDiff, Movement, Presence};
use crate::render::Guide;
use crate::render::escape::Escaped;
use crate::render::side_by_side::way;
use crate::site::relative;
use crate::value::{Operand, format_operand};

/// Where the page that shows changes links to.
pub struct Links<'a> {
    /// The newer edition, if the page is of it.
    pub guide: Option<&'a Guide>,
    /// The address of the page.
    pub here: &'a str,
    /// The level of headings over tables and lists.
    pub level: u8,
}

impl Links<'_> {
    /// A component's name as a link to its page, where it has one.
    fn component(&self, category: &str, id: &str, title: &str) -> String {
        let found = self.guide.and_then(|guide| {
            let component = guide.catalog.component(category, id)?;
            Some(way(self.here, &guide.component_address(component)?))
        });
        linked(found, title)
    }

    /// A page's title as a link to it.
    fn page(&self, address: &str, title: &str) -> String {
        let pages = self.guide.map(|guide| &guide.site.pages);
        let there = pages.is_some_and(|pages| pages.iter().any(|p| p.address.as_ref() == address));
        linked(there.then(|| relative(self.here, address)), title)
    }

    fn heading(&self, title: &str, id: &str) -> String {
        let level = self.level;
        format!(
            "<h{level} id=\"changes-{}\">{}</h{level}>\n",
            Escaped(id),
            Escaped(title)
        )
    }
}

fn linked(url: Option<String>, title: &str) -> String {
    match url {
        Some(url) => format!("<a href=\"{}\">{}</a>", Escaped(&url), Escaped(title)),
        None => Escaped(title).to_string(),
    }
}

/// The headings that changes are shown under: ids and titles.
pub fn headings(changes: &Changes) -> Vec<(String, String)> {
    let categories = changes.catalog.categories.iter();
    let mut all: Vec<(String, String)> = categories
        .map(|category| (format!("changes-{}", category.id), category_title(category)))
        .collect();
    for (id, title, filled) in groups(changes) {
        if filled {
            all.push((format!("changes-{id}"), title.to_owned()));
        }
    }
    all
}

/// What stands below the categories, and whether there is any of it.
fn groups(changes: &Changes) -> [(&'static str, &'static str, bool); 5] {
    let (calculator, pages) = (&changes.calculator, &changes.pages);
    let moved = pages.added.len() + pages.moved.len() + pages.removed.len();
    [
        ("of-builds", "Builds", !changes.catalog.builds.is_empty()),
        (
            "of-build-totals",
            "Totals of builds",
            !calculator.figures.is_empty(),
        ),
        ("of-totals", "Totals", !calculator.totals.is_empty()),
        ("of-rules", "Rules", !calculator.rules.is_empty()),
        ("of-pages", "Pages", moved > 0),
    ]
}

/// Draws changes, of one category or of all.
pub fn changes_html(changes: &Changes, category: Option<&str>, links: &Links<'_>) -> String {
    let shown = |found: &&CategoryDiff| category.is_none_or(|id| id == found.id.as_ref());
    let categories = changes.catalog.categories.iter().filter(shown);
    let mut html: String = categories
        .map(|c| category_html(changes, c, links))
        .collect();
    if category.is_none() {
        let calculator = &changes.calculator;
        for (id, title, filled) in groups(changes) {
            if !filled {
                continue;
            }
            html.push_str(&links.heading(title, id));
            html.push_str(&match id {
                "of-builds" => list(changes.catalog.builds.iter().map(build_item).collect()),
                "of-build-totals" => table(
                    title,
                    calculator
                        .figures
                        .iter()
                        .map(|figure| {
                            let what =
                                Escaped(&format!("{}: {}", figure.build, figure.label)).to_string();
                            let values = (&figure.from, &figure.to, Some(figure.decimals));
                            row(changes, &what, values, figure.movement.as_ref(), None)
                        })
                        .collect(),
                ),
                "of-totals" => list(formula_items(&calculator.totals)),
                "of-rules" => list(formula_items(&calculator.rules)),
                _ => list(page_items(changes, links)),
            });
        }
    }
    if html.is_empty() {
        let (from, to) = (Escaped(&changes.from), Escaped(&changes.to));
        html = format!("<p>Nothing changed from {from} to {to}.</p>\n");
    }
    format!("<div class=\"changes\">\n{html}</div>\n")
}

fn category_title(category: &CategoryDiff) -> String {
    match category.presence {
        Presence::Kept => category.title.to_string(),
        presence => format!("{} ({})", category.title, presence.name()),
    }
}

fn category_html(changes: &Changes, category: &CategoryDiff, links: &Links<'_>) -> String {
    let mut rows = Vec::new();
    let mut items = Vec::new();
    for presence in [Presence::Added, Presence::Removed] {
        let names = category
            .components
            .iter()
            .filter(|c| c.presence == presence);
        let names = names.map(|c| links.component(&category.id, &c.id, &c.title));
        items.extend(listed(presence, "", names));
        let labels = category.fields.iter();
        let labels = labels
            .filter(|f| f.presence == presence && f.formula.is_none())
            .map(|f| Escaped(&f.label).to_string());
        items.extend(listed(presence, "columns: ", labels));
    }
    for field in category
        .fields
        .iter()
        .filter(|field| field.former.is_some())
    {
        let former = field.former.as_deref().unwrap_or_default();
        let what = format!(
            "column {}, formerly <code>{}</code>",
            Escaped(&field.label),
            Escaped(former)
        );
        items.push(item(Presence::Kept, &what));
    }
    for component in &category.components {
        let title = links.component(&category.id, &component.id, &component.title);
        if component.presence == Presence::Kept
            && let Some(former) = &component.former
        {
            let what = format!("{title}, formerly <code>{}</code>", Escaped(former));
            items.push(item(Presence::Kept, &what));
        }
        for figure in &component.figures {
            let what = format!("{title}: {}", Escaped(&figure.label));
            let values = (&figure.from, &figure.to, figure.decimals);
            let movement = figure.movement.as_ref();
            rows.push(row(changes, &what, values, movement, figure.improves));
        }
    }
    for field in &category.fields {
        if let Some((from, to)) = &field.formula {
            let (label, from, to) = (Escaped(&field.label), given(from), given(to));
            items.push(item(field.presence, &format!("{label}: {from} → {to}")));
        }
    }
    let title = category_title(category);
    let heading = links.heading(&title, &category.id);
    format!("{heading}{}{}", table(&title, rows), list(items))
}

/// One item for all that came or went; none for nothing.
fn listed(presence: Presence, kind: &str, names: impl Iterator<Item = String>) -> Option<String> {
    let names: Vec<String> = names.collect();
    let what = format!("{kind}{}", names.join(", "));
    (!names.is_empty()).then(|| item(presence, &what))
}

fn given(formula: &Option<Arc<str>>) -> String {
    match formula {
        Some(formula) => format!("<code>{}</code>", Escaped(formula)),
        None => "given".to_owned(),
    }
}

fn table(title: &str, rows: Vec<String>) -> String {
    if rows.is_empty() {
        return String::new();
    }
    format!(
        "<div class=\"table\"><div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{title}\"><table><caption class=\"vh\">{title}</caption><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Before</th><th scope=\"col\">Now</th><th scope=\"col\">Change</th></tr></thead><tbody>\n{}</tbody></table></div></div>\n",
        rows.concat(),
        title = Escaped(title),
    )
}

/// `what` is HTML.
fn row(
    changes: &Changes,
    what: &str,
    (from, to, decimals): (&Operand, &Operand, Option<u8>),
    movement: Option<&Movement>,
    improves: Option<bool>,
) -> String {
    let locale = &changes.locale;
    let shown = |operand| format_operand(operand, decimals, locale);
    let moved = movement.map(|m| {
        let way = if m.rises() { "up" } else { "down" };
        let (class, word) = match improves {
            Some(true) => (" change-good", "<span class=\"vh\"> (better)</span>"),
            Some(false) => (" change-bad", "<span class=\"vh\"> (worse)</span>"),
            None => ("", ""),
        };
        let text = difference_text(m, decimals, locale);
        let text = Escaped(&text);
        format!("<span class=\"change-{way}{class}\">{text}{word}</span>")
    });
    format!(
        "<tr><th scope=\"row\">{what}</th><td class=\"was\">{}</td><td>{}</td><td>{}</td></tr>\n",
        Escaped(&shown(from)),
        Escaped(&shown(to)),
        moved.unwrap_or_default()
    )
}

fn list(items: Vec<String>) -> String {
    match items.is_empty() {
        true => String::new(),
        false => format!("<ul class=\"change-list\">\n{}</ul>\n", items.concat()),
    }
}

/// An item of a list; `what` is HTML.
fn item(presence: Presence, what: &str) -> String {
    let word = match presence {
        Presence::Added => "Added",
        Presence::Removed => "Removed",
        Presence::Kept => "Changed",
    };
    format!("<li><strong>{word}</strong><span>{what}</span></li>\n")
}

fn build_item(build: &BuildDiff) -> String {
    let mut what = Escaped(&build.title).to_string();
    if build.presence == Presence::Kept {
        let names = |parts: &[crate::catalog::Part]| {
            let names = parts.iter().map(|(slot, component, quantity)| {
                format!("{quantity} × {} ({})", Escaped(component), Escaped(slot))
            });
            names.collect::<Vec<_>>().join(", ")
        };
        for (word, parts) in [("out", &build.parts_removed), ("in", &build.parts_added)] {
            if !parts.is_empty() {
                what.push_str(&format!("; {word}: {}", names(parts)));
            }
        }
    }
    item(build.presence, &what)
}

fn formula_items(formulas: &[FormulaDiff]) -> Vec<String> {
    let code = |formula: &Arc<str>| format!("<code>{}</code>", Escaped(formula));
    let one = |formula: &FormulaDiff| {
        let sides = [&formula.from, &formula.to];
        let sides: Vec<String> = sides.into_iter().flatten().map(code).collect();
        let what = format!("{}: {}", Escaped(&formula.label), sides.join(" → "));
        item(formula.presence, &what)
    };
    formulas.iter().map(one).collect()
}

fn page_items(changes: &Changes, links: &Links<'_>) -> Vec<String> {
    let pages = &changes.pages;
    let named = |presence| {
        move |(title, address): &(Arc<str>, Arc<str>)| {
            let title = links.page(address, title);
            item(
                presence,
                &format!("{title} (<code>/{}</code>)", Escaped(address)),
            )
        }
    };
    let added = pages.added.iter().map(named(Presence::Added));
    let moved = pages.moved.iter().map(|(title, from, to)| {
        let (title, from, to) = (links.page(to, title), Escaped(from), Escaped(to));
        format!("<li><strong>Moved</strong><span>{title} (<code>/{from}</code> → <code>/{to}</code>)</span></li>\n")
    });
    let removed = pages.removed.iter().map(|(title, address)| {
        let (title, address) = (Escaped(title), Escaped(address));
        item(
            Presence::Removed,
            &format!("{title} (<code>/{address}</code>)"),
        )
    });
    added.chain(moved).chain(removed).collect()
}
