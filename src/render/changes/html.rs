//! Changes as a page shows them: for each kind a heading, a table of figures
//! that moved and a list of what is new, gone or renamed. Complete without
//! JavaScript.

use std::sync::Arc;

use super::{BUILD, Changes, PlaceOf, difference_text};
use crate::calc::{FormulaDiff, TotalDiff};
use crate::catalog::{BuildDiff, CategoryDiff, ComponentDiff, FieldDiff, Movement, Part, Presence};
use crate::render::escape::Escaped;
use crate::value::{Locale, Operand, format_operand};

/// Where changes are shown.
pub struct ChangesPlace<'a> {
    /// What ids start with, unique on the page.
    pub id: String,
    /// Of the headings.
    pub level: u8,
    /// An address for a place of the site.
    pub link: &'a dyn Fn(&PlaceOf) -> String,
}

/// The changes of one kind.
pub struct Section {
    /// Of its heading.
    pub id: String,
    pub title: String,
    html: String,
}

/// Draws changes, of one category or of all.
pub fn changes_html(changes: &Changes, category: Option<&str>, place: &ChangesPlace<'_>) -> String {
    let level = place.level.clamp(2, 6);
    let sections = changes_sections(changes, category, place);
    let sections = sections.iter().map(|section| {
        let (id, title, html) = (Escaped(&section.id), Escaped(&section.title), &section.html);
        format!("<h{level} id=\"{id}\">{title}</h{level}>\n{html}")
    });
    let mut html: String = sections.collect();
    if html.is_empty() {
        let (from, to) = (Escaped(&changes.from), Escaped(&changes.to));
        html = format!("<p>Nothing changed from {from} to {to}.</p>\n");
    }
    format!("<div class=\"changes\">\n{html}</div>\n")
}

/// The kinds of changes that there are, in order.
pub fn changes_sections(
    changes: &Changes,
    category: Option<&str>,
    place: &ChangesPlace<'_>,
) -> Vec<Section> {
    let shown = |found: &&CategoryDiff| category.is_none_or(|id| id == found.id.as_ref());
    let draw = Draw { changes, place };
    let categories = changes.catalog.categories.iter().filter(shown);
    let mut sections: Vec<Section> = categories.map(|c| draw.category(c)).collect();
    if category.is_some() {
        return sections;
    }
    let calculator = &changes.calculator;
    let builds = changes.catalog.builds.iter().map(|b| draw.build(b));
    let totals = calculator.figures.iter().map(|total| draw.total(total));
    for (name, title, html) in [
        ("builds", "Builds", list(builds.collect())),
        (
            "build-totals",
            "Totals of builds",
            table("Totals of builds", totals.collect()),
        ),
        ("totals", "Totals", list(formula_items(&calculator.totals))),
        ("rules", "Rules", list(formula_items(&calculator.rules))),
        ("pages", "Pages", list(draw.pages())),
    ] {
        if !html.is_empty() {
            sections.push(Section {
                id: format!("{}-{name}", place.id),
                title: title.to_owned(),
                html,
            });
        }
    }
    sections
}

struct Draw<'a> {
    changes: &'a Changes,
    place: &'a ChangesPlace<'a>,
}

impl Draw<'_> {
    /// `changes.frame.tourer.weight`; no id holds a dot, so these stay unique.
    fn id(&self, parts: &[&str]) -> String {
        format!("{}.{}", self.place.id, parts.join("."))
    }

    /// A name that leads to its page.
    fn named(&self, kind: &str, id: &Arc<str>, title: &str) -> String {
        let title = Escaped(title);
        match self.changes.places.get(&(kind.into(), Arc::clone(id))) {
            Some(at) => format!(
                "<a href=\"{}\">{title}</a>",
                Escaped(&(self.place.link)(at))
            ),
            None => title.to_string(),
        }
    }

    fn component(&self, category: &CategoryDiff, component: &ComponentDiff) -> String {
        self.named(&category.id, &component.id, &component.title)
    }

    fn category(&self, category: &CategoryDiff) -> Section {
        let mut rows = Vec::new();
        let mut items = Vec::new();
        for presence in [Presence::Added, Presence::Removed] {
            let components = category.components.iter();
            let components = components.filter(|c| c.presence == presence);
            let names = components.map(|c| {
                let id = self.id(&[&category.id, &c.id]);
                format!("<span id=\"{id}\">{}</span>", self.component(category, c))
            });
            items.extend(listed(word(presence), names.collect()));
            let fields = category.fields.iter().filter(|f| f.presence == presence);
            let columns = match presence {
                Presence::Removed => "Columns removed",
                _ => "New columns",
            };
            let labels = fields.map(|field| Escaped(&field.label).to_string());
            items.extend(listed(columns, labels.collect()));
        }
        for component in &category.components {
            let name = self.component(category, component);
            if component.presence == Presence::Kept
                && let Some(former) = &component.former
            {
                let id = self.id(&[&category.id, &component.id]);
                let what = format!("{name}, formerly <code>{}</code>", Escaped(former));
                items.push(item(Presence::Kept, Some(&id), &what));
            }
            for figure in &component.figures {
                let row = Row {
                    id: self.id(&[&category.id, &component.id, &figure.name]),
                    what: format!("{name}: {}", Escaped(&figure.label)),
                    values: (&figure.from, &figure.to, figure.decimals),
                    movement: figure.movement.as_ref(),
                    improves: figure.improves,
                };
                rows.push(self.row(&row));
            }
        }
        items.extend(category.fields.iter().filter_map(field_item));
        let title = match category.presence {
            Presence::Kept => category.title.to_string(),
            presence => format!("{} ({})", category.title, presence.name()),
        };
        Section {
            id: self.id(&[&category.id]),
            html: format!("{}{}", table(&title, rows), list(items)),
            title,
        }
    }

    fn total(&self, total: &TotalDiff) -> String {
        let builds = &self.changes.build_titles;
        let title = builds.get(&total.build).unwrap_or(&total.build);
        let build = self.named(BUILD, &total.build, title);
        self.row(&Row {
            id: self.id(&[BUILD, &total.build, &total.total]),
            what: format!("{build}: {}", Escaped(&total.label)),
            values: (&total.from, &total.to, Some(total.decimals)),
            movement: total.movement.as_ref(),
            improves: None,
        })
    }

    fn row(&self, row: &Row<'_>) -> String {
        let locale = &self.changes.locale;
        let (from, to, decimals) = row.values;
        let shown = |operand| format_operand(operand, decimals, locale);
        let moved = row.movement;
        let moved = moved.map(|m| movement_html(m, decimals, row.improves, locale));
        format!(
            "<tr id=\"{}\"><th scope=\"row\">{}</th><td class=\"was\">{}</td><td>{}</td><td>{}</td></tr>\n",
            row.id,
            row.what,
            Escaped(&shown(from)),
            Escaped(&shown(to)),
            moved.unwrap_or_default()
        )
    }

    fn build(&self, build: &BuildDiff) -> String {
        let mut what = self.named(BUILD, &build.id, &build.title);
        if build.presence == Presence::Kept {
            for (word, parts) in [("out", &build.parts_removed), ("in", &build.parts_added)] {
                if !parts.is_empty() {
                    what.push_str(&format!("; {word}: {}", part_names(parts)));
                }
            }
        }
        let id = self.id(&[BUILD, &build.id]);
        item(build.presence, Some(&id), &what)
    }

    fn pages(&self) -> Vec<String> {
        let (pages, roots) = (&self.changes.pages, &self.changes.roots);
        let link = |root: &str, address: &str, text: &str| {
            let href = (self.place.link)(&(format!("{root}{address}"), None));
            format!("<a href=\"{}\">{}</a>", Escaped(&href), Escaped(text))
        };
        let code = |address: &str| format!("<code>/{}</code>", Escaped(address));
        let named = |presence, root: &str, (title, address): &(Arc<str>, Arc<str>)| {
            let what = format!("{} ({})", link(root, address, title), code(address));
            item(presence, None, &what)
        };
        let added = pages.added.iter();
        let added = added.map(|page| named(Presence::Added, &roots.1, page));
        let moved = pages.moved.iter().map(|(title, from, to)| {
            let title = link(&roots.1, to, title);
            let (from, to) = (code(from), code(to));
            format!("<li><strong>Moved</strong><span>{title} ({from} → {to})</span></li>\n")
        });
        let removed = pages.removed.iter();
        let removed = removed.map(|page| named(Presence::Removed, &roots.0, page));
        added.chain(moved).chain(removed).collect()
    }
}

/// How far a number moved, coloured where that is for the better or worse.
pub fn movement_html(
    movement: &Movement,
    decimals: Option<u8>,
    improves: Option<bool>,
    locale: &Locale,
) -> String {
    let way = if movement.rises() { "up" } else { "down" };
    let (class, word) = match improves {
        Some(true) => (" change-good", "<span class=\"vh\"> (better)</span>"),
        Some(false) => (" change-bad", "<span class=\"vh\"> (worse)</span>"),
        None => ("", ""),
    };
    let text = difference_text(movement, decimals, locale);
    let text = Escaped(&text);
    format!("<span class=\"change-{way}{class}\">{text}{word}</span>")
}

/// A row of a table; `what` is HTML.
struct Row<'a> {
    id: String,
    what: String,
    values: (&'a Operand, &'a Operand, Option<u8>),
    movement: Option<&'a Movement>,
    improves: Option<bool>,
}

/// A field that has another name or formula now.
fn field_item(field: &FieldDiff) -> Option<String> {
    if field.presence != Presence::Kept {
        return None;
    }
    let mut what = format!("column {}", Escaped(&field.label));
    if let Some(former) = &field.former {
        let (former, name) = (Escaped(former), Escaped(&field.name));
        what.push_str(&format!(
            ", formerly <code>{former}</code>, now <code>{name}</code>"
        ));
    }
    if let Some((from, to)) = &field.formula {
        what.push_str(&format!(": {} → {}", given(from), given(to)));
    }
    Some(item(field.presence, None, &what))
}

/// One item for all that came or went; none for nothing. Names are HTML.
fn listed(word: &str, names: Vec<String>) -> Option<String> {
    (!names.is_empty()).then(|| worded(word, None, &names.join(", ")))
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

fn list(items: Vec<String>) -> String {
    match items.is_empty() {
        true => String::new(),
        false => format!("<ul class=\"change-list\">\n{}</ul>\n", items.concat()),
    }
}

/// An item of a list; `what` is HTML.
fn item(presence: Presence, id: Option<&str>, what: &str) -> String {
    worded(word(presence), id, what)
}

fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Added => "Added",
        Presence::Removed => "Removed",
        Presence::Kept => "Changed",
    }
}

fn worded(word: &str, id: Option<&str>, what: &str) -> String {
    let id = id.map_or(String::new(), |id| format!(" id=\"{id}\""));
    format!("<li{id}><strong>{word}</strong><span>{what}</span></li>\n")
}

fn part_names(parts: &[Part]) -> String {
    let names = parts.iter().map(|(slot, component, quantity)| {
        format!("{quantity} × {} ({})", Escaped(component), Escaped(slot))
    });
    names.collect::<Vec<_>>().join(", ")
}

fn formula_items(formulas: &[FormulaDiff]) -> Vec<String> {
    let code = |formula: &Arc<str>| format!("<code>{}</code>", Escaped(formula));
    let one = |formula: &FormulaDiff| {
        let sides = [&formula.from, &formula.to];
        let sides: Vec<String> = sides.into_iter().flatten().map(code).collect();
        let what = format!("{}: {}", Escaped(&formula.label), sides.join(" → "));
        item(formula.presence, None, &what)
    };
    formulas.iter().map(one).collect()
}
