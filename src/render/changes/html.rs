//! Changes as a page shows them: a table of figures that moved, lists of what
//! is new, gone or renamed. Complete without JavaScript.

use std::sync::Arc;

use super::{Changes, difference_text};
use crate::calc::FormulaDiff;
use crate::catalog::{BuildDiff, CategoryDiff, Movement, Presence};
use crate::render::escape::Escaped;
use crate::value::{Operand, format_operand};

/// Draws changes, of one category or of all.
pub fn changes_html(changes: &Changes, category: Option<&str>) -> String {
    let shown = |found: &&CategoryDiff| category.is_none_or(|id| id == found.id.as_ref());
    let categories = changes.catalog.categories.iter().filter(shown);
    let mut html: String = categories.map(|c| category_html(changes, c)).collect();
    if category.is_none() {
        let builds = changes.catalog.builds.iter().map(build_item).collect();
        html.push_str(&group("Builds", builds));
        let rows = changes.calculator.figures.iter().map(|figure| {
            let what = format!("{}: {}", figure.build, figure.label);
            let values = (&figure.from, &figure.to, Some(figure.decimals));
            row(changes, &what, values, figure.movement.as_ref(), None)
        });
        html.push_str(&table("Totals of builds", rows.collect()));
        let calculator = &changes.calculator;
        html.push_str(&group("Totals", formula_items(&calculator.totals)));
        html.push_str(&group("Rules", formula_items(&calculator.rules)));
        html.push_str(&group("Pages", page_items(changes)));
    }
    if html.is_empty() {
        let (from, to) = (Escaped(&changes.from), Escaped(&changes.to));
        html = format!("<p>Nothing changed from {from} to {to}.</p>\n");
    }
    format!("<div class=\"changes\">\n{html}</div>\n")
}

fn category_html(changes: &Changes, category: &CategoryDiff) -> String {
    let mut rows = Vec::new();
    let mut items = Vec::new();
    for presence in [Presence::Added, Presence::Removed] {
        let titles = category.components.iter();
        let titles = titles
            .filter(|c| c.presence == presence)
            .map(|c| c.title.as_ref());
        items.extend(listed(presence, "", titles));
        let labels = category.fields.iter();
        let labels = labels
            .filter(|f| f.presence == presence && f.formula.is_none())
            .map(|f| f.label.as_ref());
        items.extend(listed(presence, "columns: ", labels));
    }
    for component in &category.components {
        let renamed = component.former.as_ref();
        if component.presence == Presence::Kept
            && let Some(former) = renamed
        {
            let (title, former) = (Escaped(&component.title), Escaped(former));
            let what = format!("{title}, formerly <code>{former}</code>");
            items.push(item(Presence::Kept, &what));
        }
        for figure in &component.figures {
            let what = format!("{}: {}", component.title, figure.label);
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
    let title = match category.presence {
        Presence::Kept => category.title.to_string(),
        presence => format!("{} ({})", category.title, presence.name()),
    };
    if rows.is_empty() && items.is_empty() {
        return format!("<p><strong>{}</strong></p>\n", Escaped(&title));
    }
    let title_of_list = if rows.is_empty() { title.as_str() } else { "" };
    format!("{}{}", table(&title, rows), group(title_of_list, items))
}

/// One item for all that came or went; none for nothing.
fn listed<'a>(
    presence: Presence,
    kind: &str,
    names: impl Iterator<Item = &'a str>,
) -> Option<String> {
    let names: Vec<String> = names.map(|name| Escaped(name).to_string()).collect();
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
        "<div class=\"table\"><div class=\"table-scroll\" role=\"region\" tabindex=\"0\" aria-label=\"{title}\"><table><caption>{title}</caption><thead><tr><th scope=\"col\">Figure</th><th scope=\"col\">Before</th><th scope=\"col\">Now</th><th scope=\"col\">Change</th></tr></thead><tbody>\n{}</tbody></table></div></div>\n",
        rows.concat(),
        title = Escaped(title),
    )
}

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
        "<tr><th scope=\"row\">{}</th><td class=\"was\">{}</td><td>{}</td><td>{}</td></tr>\n",
        Escaped(what),
        Escaped(&shown(from)),
        Escaped(&shown(to)),
        moved.unwrap_or_default()
    )
}

fn group(title: &str, items: Vec<String>) -> String {
    if items.is_empty() {
        return String::new();
    }
    let title = match title {
        "" => String::new(),
        title => format!("<p><strong>{}</strong></p>\n", Escaped(title)),
    };
    format!(
        "{title}<ul class=\"change-list\">\n{}</ul>\n",
        items.concat()
    )
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

fn page_items(changes: &Changes) -> Vec<String> {
    let pages = &changes.pages;
    let named = |presence| {
        move |(title, address): &(Arc<str>, Arc<str>)| {
            let (title, address) = (Escaped(title), Escaped(address));
            item(presence, &format!("{title} (<code>/{address}</code>)"))
        }
    };
    let added = pages.added.iter().map(named(Presence::Added));
    let moved = pages.moved.iter().map(|(title, from, to)| {
        let (title, from, to) = (Escaped(title), Escaped(from), Escaped(to));
        format!("<li><strong>Moved</strong><span>{title} (<code>/{from}</code> → <code>/{to}</code>)</span></li>\n")
    });
    let removed = pages.removed.iter().map(named(Presence::Removed));
    added.chain(moved).chain(removed).collect()
}
