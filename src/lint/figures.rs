//! Findings about figures and components as data: stale, without a source, used
//! nowhere, rarely known, shown nowhere, in builds that break a rule.

use std::collections::BTreeSet;

use crate::calc::{Calculator, Filling, Rule, Selection, Slot, State, evaluate, is_broken};
use crate::catalog::{Build, Category, Component, Field, Figure, Place};
use crate::diag::{Code, Diagnostic, Severity, Span, is_allowed};
use crate::render::Guide;
use crate::value::Date;

/// From how many components on a category is judged by its coverage.
const FEW: usize = 4;

/// Figures that are older than their field allows, at a day.
pub(super) fn stale(guide: &Guide, today: Date, sink: &mut Vec<Diagnostic>) {
    each_figure(guide, &mut |category, _, field, figure| {
        let (Some(as_of), Some(span), Some(max_age)) = (figure.as_of, &figure.span, field.max_age)
        else {
            return;
        };
        let age = i64::from(today.days_since(as_of));
        if age <= max_age {
            return;
        }
        let message = format!(
            "this {} is of {as_of}, {age} days old",
            field.label.to_lowercase()
        );
        sink.push(
            note(Code::Stale, span, message)
                .label(format!(
                    "`{}.{}` may be {max_age} days old",
                    category.id.value, field.name.value
                ))
                .also(field.name.span.clone(), "its `max_age` is declared here"),
        );
    });
}

/// Components with figures that are given without a source.
pub(super) fn unsourced(guide: &Guide, sink: &mut Vec<Diagnostic>) {
    for category in &guide.catalog.categories {
        for component in &category.components {
            sink.extend(unsourced_of(category, component));
        }
    }
}

fn unsourced_of(category: &Category, component: &Component) -> Option<Diagnostic> {
    let figures = category.fields.iter().zip(&component.figures);
    let unsourced = figures.filter(|(_, figure)| figure.source.is_none());
    // A line may allow it for its figure.
    let unsourced: Vec<(&Field, &Span)> = unsourced
        .filter_map(|(field, figure)| Some((field, figure.span.as_ref()?)))
        .filter(|(_, span)| !is_allowed(span, Code::UnsourcedFigure))
        .collect();
    let (_, first) = unsourced.first()?;
    let names: Vec<String> = (unsourced.iter())
        .map(|(field, _)| format!("`{}`", field.name.value))
        .collect();
    let message = format!(
        "nothing says where {} of {} {} from",
        names.join(", "),
        component.title,
        if names.len() == 1 { "comes" } else { "come" }
    );
    Some(
        note(Code::UnsourcedFigure, first, message)
            .help("give each its `source`, or one to all beside them: `source = \"…\"`"),
    )
}

fn each_figure(guide: &Guide, found: &mut dyn FnMut(&Category, &str, &Field, &Figure)) {
    for category in &guide.catalog.categories {
        for component in &category.components {
            for (field, figure) in category.fields.iter().zip(&component.figures) {
                found(category, &component.title, field, figure);
            }
        }
    }
}

/// Fields that no formula, table, chart, claim or sentence uses.
pub(super) fn unused(guide: &Guide, sink: &mut Vec<Diagnostic>) {
    let used = used_words(guide);
    for category in &guide.catalog.categories {
        for field in &category.fields {
            if used.contains(field.name.value.as_ref()) {
                continue;
            }
            let message = format!(
                "no formula, table, chart or sentence uses `{}` of `{}`",
                field.name.value, category.id.value
            );
            sink.push(
                note(Code::UnusedFigure, &field.name.span, message)
                    .help("only the pages of its components show it"),
            );
        }
    }
}

/// All names in formulas of the catalog, the calculator and the pages' blocks.
fn used_words(guide: &Guide) -> BTreeSet<&str> {
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let mut used = BTreeSet::new();
    let mut add = |text| used.extend(str::split(text, move |c| !is_name(c)));
    for category in &guide.catalog.categories {
        for formula in category.fields.iter().filter_map(|f| f.formula.as_ref()) {
            add(&formula.value);
        }
    }
    if let Some(calculator) = &guide.calculator {
        for total in &calculator.totals {
            add(&total.formula.value);
        }
        for rule in &calculator.rules {
            add(&rule.require.value);
            add(&rule.message.source.value);
        }
    }
    for page in &guide.site.pages {
        for fence in &page.outline.fences {
            add(&fence.body);
        }
        for (_, call) in &page.outline.calls {
            add(&call.value);
        }
    }
    used
}

/// Fields of which less than half is known.
pub(super) fn coverage(guide: &Guide, sink: &mut Vec<Diagnostic>) {
    for category in &guide.catalog.categories {
        let count = category.components.len();
        for (position, field) in category.fields.iter().enumerate() {
            let known =
                |c: &&crate::catalog::Component| c.figures[position].value.known().is_some();
            let known = category.components.iter().filter(known).count();
            if count < FEW || known * 2 >= count {
                continue;
            }
            let message = format!(
                "`{}` is known of {known} of {count} components of `{}`",
                field.name.value, category.id.value
            );
            sink.push(note(Code::Coverage, &field.name.span, message));
        }
    }
}

/// Components without a page that no table shows.
pub(super) fn unlisted(guide: &Guide, sink: &mut Vec<Diagnostic>) {
    for category in &guide.catalog.categories {
        for component in category
            .components
            .iter()
            .filter(|c| c.place == Place::Entry)
        {
            if !guide.index.mentions(component).is_empty() {
                continue;
            }
            let message = format!(
                "no table or sentence shows {}, and it has no page",
                component.title
            );
            sink.push(note(Code::UnlistedComponent, &component.id.span, message));
        }
    }
}

/// Presets that break a rule of severity error, or lack a part.
pub(super) fn broken_builds(guide: &Guide, sink: &mut Vec<Diagnostic>) {
    let Some(calculator) = &guide.calculator else {
        return;
    };
    for build in &guide.catalog.builds {
        let selection = Selection::of_build(build, calculator, &guide.catalog);
        let outcome = evaluate(calculator, &guide.catalog, &guide.builds, &selection);
        let broken: Vec<(&Rule, String)> = (calculator.rules.iter().zip(&outcome.rules))
            .filter(|(rule, found)| {
                rule.severity == Severity::Error && found.state == State::Broken
            })
            .map(|(rule, found)| {
                let locale = &guide.catalog.locale;
                (rule, rule.message.render(&found.figures, locale))
            })
            .collect();
        if !is_broken(build, calculator, &guide.catalog) {
            sink.extend(lacking(build, calculator, &selection));
        }
        if broken.is_empty() {
            continue;
        }
        let said: Vec<&str> = broken.iter().map(|(_, said)| said.as_str()).collect();
        let message = format!(
            "build `{}` breaks {}: {}",
            build.id.value,
            counted(broken.len()),
            said.join(" ")
        );
        let mut found = note(Code::BrokenBuild, &build.id.span, message);
        for (rule, _) in broken {
            found = found.also(rule.require.span.clone(), "the rule");
        }
        sink.push(found);
    }
}

/// Slots of a preset in which fewer parts are than must be.
fn lacking(build: &Build, calculator: &Calculator, selection: &Selection) -> Option<Diagnostic> {
    let has_too_few = |slot: &&Slot| selection.filling(calculator, &slot.id) == Filling::TooFew;
    let slots: Vec<&Slot> = calculator.slots.iter().filter(has_too_few).collect();
    let names: Vec<String> = (slots.iter())
        .map(|slot| match selection.count(&slot.id) {
            0 => format!("`{}`", slot.id.value),
            count => format!("`{}` ({count} of {})", slot.id.value, slot.min),
        })
        .collect();
    let first = slots.first()?;
    let message = format!("build `{}` lacks {}", build.id.value, names.join(", "));
    let mut found = note(Code::BrokenBuild, &build.id.span, message).help(format!(
        "add the part to `parts`, or let the slot do without: `min = 0` in `{}`",
        first.id.value
    ));
    for slot in slots {
        found = found.also(slot.id.span.clone(), "the slot");
    }
    Some(found)
}

fn counted(rules: usize) -> String {
    match rules {
        1 => "a rule".to_owned(),
        n => format!("{n} rules"),
    }
}

fn note(code: Code, span: &Span, message: String) -> Diagnostic {
    Diagnostic::new(Severity::Note, code, Some(span.clone()), message)
}
