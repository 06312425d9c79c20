//! Components: pages with `[component]`, and entries of `[[components]]`.

use std::sync::Arc;

use super::example::wanted;
use super::figure::{Figure, read_date, read_figure};
use super::names::{COMPONENT_KEYS, check_id, read_former};
use super::schema::{Category, Field, declared_here};
use super::{Catalog, Reported, twice, unknown_category};
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::parse::{Document, Kind, Reader, Table};
use crate::value::{Date, Operand, Units};

/// One product.
#[derive(Clone, Debug)]
pub struct Component {
    pub id: Spanned<Arc<str>>,
    pub title: Spanned<Arc<str>>,
    pub category: Arc<str>,
    /// The path of its document, relative to `content/`.
    pub path: Arc<str>,
    pub place: Place,
    /// One for each field of its category, in the fields' order.
    pub figures: Vec<Figure>,
    pub pros: Vec<Spanned<Arc<str>>>,
    pub cons: Vec<Spanned<Arc<str>>>,
    /// Earlier ids.
    pub former: Vec<Spanned<Arc<str>>>,
    /// Earlier ids of its category.
    former_categories: Arc<[Arc<str>]>,
    weight: Option<i64>,
}

impl Component {
    /// What it is called across editions: `category/id` by all ids that either
    /// has or had, those of today first.
    pub fn keys(&self) -> impl Iterator<Item = String> {
        let categories = std::iter::once(&self.category).chain(&*self.former_categories);
        categories.flat_map(|category| {
            let ids = std::iter::once(&self.id).chain(&self.former);
            ids.map(move |id| format!("{category}/{}", id.value))
        })
    }
}

/// Where readers find a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// A page of its own.
    Page,
    /// An entry of a section's list, at the anchor of its id.
    Entry,
}

/// Reads the components of a document into their categories.
pub fn read_components(
    document: &Arc<Document>,
    catalog: &mut Catalog,
    sink: &mut Vec<Diagnostic>,
) {
    let front = &document.front;
    if let Some(table) = &front.component {
        read_component(document, table, Place::Page, catalog, sink);
    }
    for table in &front.components {
        read_component(document, table, Place::Entry, catalog, sink);
    }
}

fn read_component(
    document: &Arc<Document>,
    table: &Table,
    place: Place,
    catalog: &mut Catalog,
    sink: &mut Vec<Diagnostic>,
) {
    let reader = Reader::new(table, "a component");
    let Some(index) = category_index(document, &reader, catalog) else {
        lose(document, &reader, place, catalog);
        reader.finish_quietly(sink);
        return;
    };
    let category = &catalog.categories[index];
    let id = match (reader.string("id"), place) {
        (Some(id), _) => Some(id),
        (None, Place::Page) if document.is_section() => {
            let message = "the page of a section is a component only with an `id`";
            reader.report(
                Diagnostic::error(Code::MissingKey, table.span.first_line(), message)
                    .help("give it one, or list its components under `[[components]]`"),
            );
            None
        }
        (None, Place::Page) => Some(Spanned::new(document.stem().into(), document.top())),
        (None, Place::Entry) => reader.required_string("id"),
    };
    let title = reader.string("title");
    let origin = Origin {
        source: reader.string("source").map(|s| s.value),
        as_of: read_date(&reader, "as_of"),
    };
    let (pros, cons) = (points("pros", &reader), points("cons", &reader));
    let former = read_former("component", &reader, sink);
    let figures = read_figures(table, category, &origin, &catalog.units, sink);
    let Some(id) = id.filter(|id| check_id("component", id, sink)) else {
        if reader.table().get("id").is_none() && place == Place::Entry {
            let category = Arc::clone(&category.id.value);
            catalog.lost.nameless(&category, document);
        }
        lose(document, &reader, place, catalog);
        reader.finish_quietly(sink);
        return;
    };
    reader.finish_quietly(sink);
    if let Some(first) = category.components.iter().find(|c| c.id == id) {
        let what = format!("components of `{}`", category.id.value);
        sink.push(twice(&what, &id, &first.id.span));
        // It is spoken of by the id that it was to have.
        let category = Arc::clone(&category.id.value);
        catalog.lost.nameless(&category, document);
        return;
    }
    let page_title = || document.front.title.clone();
    let page_title = || (place == Place::Page).then(page_title).flatten();
    let title = (title.or_else(page_title)).unwrap_or_else(|| id.clone());
    // Figures are filled into titles when all are known, reasons among them.
    let called: &str = match title.value.contains("{{") {
        true => &id.value,
        false => &title.value,
    };
    let component = Component {
        category: Arc::clone(&category.id.value),
        former_categories: category.former.iter().map(|id| Arc::clone(id)).collect(),
        path: Arc::clone(&document.path),
        place,
        figures: complete(category, figures, (&id, called), table, sink),
        pros,
        cons,
        former,
        weight: document.front.weight,
        title,
        id,
    };
    catalog.categories[index].components.push(component);
}

/// Strengths or weaknesses; empty ones are reported.
fn points(key: &'static str, reader: &Reader<'_>) -> Vec<Spanned<Arc<str>>> {
    let points = reader.strings(key).unwrap_or_default();
    for point in points.iter().filter(|point| point.trim().is_empty()) {
        let message = format!("one of `{key}` is empty");
        let place = point.span.clone();
        reader.report(Diagnostic::error(Code::InvalidValue, place, message).once_right());
    }
    points
}

/// Notes that a component can't be read, which is reported.
fn lose(document: &Document, reader: &Reader<'_>, place: Place, catalog: &mut Catalog) {
    let id = reader.table().get("id").map(|node| &node.kind);
    match (id, place) {
        (Some(Kind::String(id)), _) => catalog.lost.name(id),
        (_, Place::Page) => catalog.lost.name(document.stem()),
        (_, Place::Entry) => {}
    }
    if place == Place::Page {
        catalog.lost.document(document);
    }
}

/// Where figures come from that say nothing else themselves.
struct Origin {
    source: Option<Arc<str>>,
    as_of: Option<Date>,
}

fn category_index(document: &Document, reader: &Reader<'_>, catalog: &Catalog) -> Option<usize> {
    if let Some(id) = reader.string("category") {
        let index = catalog.category_index.get(&id.value).copied();
        if index.is_none() && !catalog.lost.has_category(&id.value) {
            reader.report(unknown_category(&id, catalog));
        }
        return index;
    }
    let index = match catalog.folder_category(document.folder()) {
        Ok(index) => index,
        Err(Reported) => return None,
    };
    if index.is_none() {
        let message = format!("`{}` stands in no category", document.path);
        reader.report(
            Diagnostic::error(Code::MissingKey, reader.table().span.first_line(), message)
                .help("declare `[category]` in the `_index.md` of its folder or of one above")
                .help("or name one of another folder: `category = \"…\"`"),
        );
    }
    index
}

/// The figures that are given, by the position of their field.
fn read_figures(
    table: &Table,
    category: &Category,
    origin: &Origin,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Vec<(usize, Option<Figure>)> {
    let mut figures = Vec::new();
    let mut strays = Vec::new();
    for (key, node) in &table.entries {
        if COMPONENT_KEYS.contains(&key.value.as_ref()) {
            continue;
        }
        let Some(position) = category.field_position(&key.value) else {
            if !category.is_malformed(&key.value) {
                strays.push(key);
            }
            continue;
        };
        let mut figure = read_figure(&category.fields[position], node, units, sink);
        if let Some(figure) = &mut figure {
            if figure.source.is_none() {
                figure.source = origin.source.clone();
            }
            figure.as_of = figure.as_of.or(origin.as_of);
        }
        figures.push((position, figure));
    }
    report_strays(&strays, category, sink);
    figures
}

/// How many keys of a component that no field has are told one by one.
const MOST_STRAYS: usize = 20;

fn report_strays(strays: &[&Spanned<Arc<str>>], category: &Category, sink: &mut Vec<Diagnostic>) {
    let id = &category.id;
    for key in strays.iter().take(MOST_STRAYS) {
        let message = format!("category `{}` has no field `{}`", id.value, key.value);
        sink.push(
            Diagnostic::error(Code::UnknownKey, key.span.clone(), message)
                .also(id.span.clone(), "the category is declared here")
                .help_if(category.help_field(&key.value, COMPONENT_KEYS)),
        );
    }
    if let Some(key) = strays.get(MOST_STRAYS) {
        let more = strays.len() - MOST_STRAYS;
        let message = format!("{more} more keys that category `{}` has not", id.value);
        sink.push(Diagnostic::error(
            Code::UnknownKey,
            key.span.clone(),
            message,
        ));
    }
}

/// One figure for each field: given, by default, or unknown.
fn complete(
    category: &Category,
    given: Vec<(usize, Option<Figure>)>,
    (id, title): (&Spanned<Arc<str>>, &str),
    table: &Table,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Figure> {
    let mut figures: Vec<Figure> = (category.fields.iter())
        .map(|field| Figure {
            value: match &field.default {
                Some(value) => Operand::Known(value.clone()),
                None if field.lost_default => unreadable(field, id),
                None => not_given(field, title),
            },
            source: None,
            as_of: None,
            span: None,
        })
        .collect();
    let mut seen = vec![false; category.fields.len()];
    for (position, figure) in given {
        seen[position] = true;
        match figure {
            Some(figure) => figures[position] = figure,
            None => figures[position].value = unreadable(&category.fields[position], id),
        }
    }
    let strays: Vec<&str> = (table.entries.iter())
        .map(|(key, _)| key.value.as_ref())
        .filter(|key| !COMPONENT_KEYS.contains(key) && category.field(key).is_none())
        .take(MOST_STRAYS)
        .collect();
    let meant: Vec<usize> = (strays.iter())
        .filter_map(|key| category.meant_field(key))
        .collect();
    for (position, field) in category.fields.iter().enumerate() {
        // A key that no field has may be meant for any that is not given.
        let is_missing = !seen[position] && figures[position].value.known().is_none();
        if is_missing && (field.required || !strays.is_empty()) {
            figures[position].value = unreadable(field, id);
        }
        if field.required && !seen[position] && !meant.contains(&position) {
            let message = format!("`{}` has no `{}`", id.value, field.name.value);
            let (span, text) = declared_here(field);
            sink.push(
                Diagnostic::error(Code::MissingKey, at_table(table, id), message)
                    .also(span, format!("{text} and required"))
                    .help(format!("give {}", wanted(field))),
            );
        }
    }
    figures
}

fn at_table(table: &Table, id: &Spanned<Arc<str>>) -> Span {
    match table.span.text().is_empty() {
        true => id.span.clone(),
        false => table.span.first_line(),
    }
}

/// Readers see the reason, so it has the names that they know.
fn not_given(field: &Field, component: &str) -> Operand {
    Operand::unknown(format!("`{}` of `{component}` is not given", field.label))
}

/// A figure with a mistake that is reported.
fn unreadable(field: &Field, id: &Spanned<Arc<str>>) -> Operand {
    Operand::reported(format!(
        "`{}` of `{}` can't be read",
        field.name.value, id.value
    ))
}

/// Puts components in order and makes them findable by id and former id.
pub fn index_components(category: &mut Category, sink: &mut Vec<Diagnostic>) {
    category.components.sort_by(|a, b| {
        let key = |c: &Component| (c.weight.is_none(), c.weight, c.title.to_lowercase());
        (key(a), &a.path, a.id.span.range.start).cmp(&(key(b), &b.path, b.id.span.range.start))
    });
    for (i, component) in category.components.iter().enumerate() {
        let id = Arc::clone(&component.id.value);
        category.component_index.insert(id, i);
    }
    for (i, component) in category.components.iter().enumerate() {
        for former in &component.former {
            match category.component_index.get(&former.value) {
                Some(_) if *former == component.id => sink.push(
                    Diagnostic::error(
                        Code::DuplicateId,
                        former.span.clone(),
                        format!("`{}` is called so today", former.value),
                    )
                    .help("`former` lists ids that it no longer has"),
                ),
                Some(&other) if other != i => {
                    let first = &category.components[other];
                    sink.push(twice("components", former, &first.id.span));
                }
                _ => {
                    let id = Arc::clone(&former.value);
                    category.component_index.insert(id, i);
                }
            }
        }
    }
}
