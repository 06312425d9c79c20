//! Changes as text: a heading for each kind, `+` for what is new, `-` for what
//! is gone, `~` for what is another now.

use std::fmt::Write as _;
use std::sync::Arc;

use super::items::times;
use super::{BUILD, Changes, Moved};
use crate::calc::{ItemDiff, Trait, TraitDiff};
use crate::catalog::{BuildDiff, CategoryDiff, PartDiff, Presence};
use crate::value::Locale;

/// Changes for people, on lines; of one category or of everything.
pub fn changes_text(changes: &Changes, category: Option<&str>) -> String {
    if changes.is_empty() {
        return format!("nothing changed from {} to {}\n", changes.from, changes.to);
    }
    let mut text = format!("from {} to {}\n", changes.from, changes.to);
    let categories = changes.catalog.categories.iter();
    for category in categories.filter(|found| category.is_none_or(|id| id == found.id.as_ref())) {
        section(
            &mut text,
            &category_title(category),
            category_lines(category, &changes.locale),
        );
    }
    if category.is_some() {
        return text;
    }
    let builds = changes.catalog.builds.iter();
    let builds = builds.flat_map(|build| build_lines(build, changes));
    section(&mut text, "Builds", builds.collect());
    let calculator = &changes.calculator;
    let figures = calculator.figures.iter().map(|figure| {
        let moved = Moved::total(figure, &changes.locale).text();
        let build = changes.title(BUILD, &figure.build);
        format!("~ {build}: {} {moved}", figure.label)
    });
    section(&mut text, "Totals of builds", figures.collect());
    for (title, items) in [
        ("Slots", &calculator.slots),
        ("Inputs", &calculator.inputs),
        ("Totals", &calculator.totals),
        ("Rules", &calculator.rules),
    ] {
        section(
            &mut text,
            title,
            items.iter().flat_map(item_lines).collect(),
        );
    }
    let pages = &changes.pages;
    let mut lines: Vec<String> = Vec::new();
    let named = |sign: &str, (title, address): &(Arc<str>, Arc<str>)| {
        format!("{sign} {title} (/{address})")
    };
    lines.extend(pages.added.iter().map(|page| named("+", page)));
    let moves = pages.moved.iter();
    lines.extend(moves.map(|(title, from, to)| format!("~ {title} (/{from} → /{to})")));
    lines.extend(pages.removed.iter().map(|page| named("-", page)));
    section(&mut text, "Pages", lines);
    text
}

fn section(text: &mut String, title: &str, lines: Vec<String>) {
    if lines.is_empty() {
        return;
    }
    write!(text, "\n{title}\n").expect("a string takes text");
    for line in lines {
        writeln!(text, "  {line}").expect("a string takes text");
    }
}

fn sign(presence: Presence) -> &'static str {
    match presence {
        Presence::Added => "+",
        Presence::Removed => "-",
        Presence::Kept => "~",
    }
}

fn category_title(category: &CategoryDiff) -> String {
    match category.presence {
        Presence::Kept => category.title.to_string(),
        presence => format!("{} ({})", category.title, presence.name()),
    }
}

fn formerly(title: &Option<Arc<str>>) -> String {
    (title.as_ref()).map_or(String::new(), |title| format!(", formerly {title}"))
}

fn category_lines(category: &CategoryDiff, locale: &Locale) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    if category.is_renamed() {
        let title = category
            .former_title
            .iter()
            .map(|title| format!(" {title}"));
        let id = category
            .former
            .iter()
            .map(|id| format!(" ({id} → {})", category.id));
        lines.push(format!("~ formerly{}", title.chain(id).collect::<String>()));
    }
    for field in &category.fields {
        let former = formerly(&field.former_label);
        let alike = category.fields.iter().filter(|f| f.label == field.label);
        let name = told_apart(alike.count(), &field.name);
        let label = &field.label;
        let mut line = format!("{} field {label}{name}{former}", sign(field.presence));
        if let Some(former) = &field.former {
            line.push_str(&format!(" ({former} → {})", field.name));
        }
        if let Some((from, to)) = &field.formula {
            let shown = |formula: &Option<Arc<str>>| match formula {
                Some(formula) => format!("`{formula}`"),
                None => "given".to_owned(),
            };
            line.push_str(&format!(": {} → {}", shown(from), shown(to)));
        }
        lines.push(line);
    }
    for component in &category.components {
        let former = formerly(&component.former_title);
        let title = &component.title;
        let alike = category.components.iter().filter(|c| c.title == *title);
        let name = told_apart(alike.count(), &component.id);
        let mut line = format!("{} {title}{name}{former}", sign(component.presence));
        if let Some(former) = &component.former {
            line.push_str(&format!(" ({former} → {})", component.id));
        }
        lines.push(line);
        for figure in &component.figures {
            let moved = Moved::figure(figure, locale).text();
            lines.push(format!("    {} {moved}", figure.label));
        }
        for points in &component.points {
            let added = points
                .added
                .iter()
                .map(|point| format!("    + {} {point}", points.what));
            let removed = points.removed.iter();
            let removed = removed.map(|point| format!("    - {} {point}", points.what));
            lines.extend(added.chain(removed));
        }
    }
    if lines.is_empty() {
        lines.push(format!("{} no components", sign(category.presence)));
    }
    lines
}

/// A name behind a title that several have.
fn told_apart(count: usize, name: &str) -> String {
    match count {
        0 | 1 => String::new(),
        _ => format!(" ({name})"),
    }
}

fn build_lines(build: &BuildDiff, changes: &Changes) -> Vec<String> {
    let former = formerly(&build.former_title);
    let id = build
        .former
        .iter()
        .map(|id| format!(" ({id} → {})", build.id));
    let former = format!("{former}{}", id.collect::<String>());
    let mut lines = vec![format!("{} {}{former}", sign(build.presence), build.title)];
    let title = |part: &PartDiff| {
        let category = part.category.as_deref().unwrap_or_default();
        Arc::clone(changes.title(category, &part.component))
    };
    let part = |part: &PartDiff| {
        let (slot, name) = (&part.slot, title(part));
        let alike = build.parts.iter().filter(|other| title(other) == name);
        let name = format!("{name}{}", told_apart(alike.count(), &part.component));
        match (part.from, part.to) {
            (0, to) => format!("    + {slot}: {}{name}", times(to)),
            (from, 0) => format!("    - {slot}: {}{name}", times(from)),
            (from, to) => format!("    ~ {slot}: {name} {from} → {to}"),
        }
    };
    if build.presence == Presence::Kept {
        lines.extend(build.parts.iter().map(part));
    }
    lines
}

/// The formula on the item's own line, the rest below.
fn item_lines(item: &ItemDiff) -> Vec<String> {
    let mut first = format!("{} ", sign(item.presence));
    if let Some(severity) = item.severity {
        first.push_str(&format!("{} ", severity.name()));
    }
    first.push_str(&item.label);
    let mut below = Vec::new();
    for found in &item.traits {
        let text = trait_text(found);
        match found.what {
            Trait::Formula => first.push_str(&format!(": {text}")),
            what => below.push(format!("    {} {text}", what.name())),
        }
    }
    below.insert(0, first);
    below
}

fn trait_text(found: &TraitDiff) -> String {
    let quoted = |text: &Arc<str>| match found.what {
        // A message of several lines takes one here.
        Trait::Label | Trait::Message => {
            let words: Vec<&str> = text.split_whitespace().collect();
            format!("\"{}\"", words.join(" "))
        }
        _ => text.to_string(),
    };
    let sides = [&found.from, &found.to].into_iter().flatten();
    sides.map(quoted).collect::<Vec<_>>().join(" → ")
}
