//! Builds: named selections of components. Which slot takes which category is
//! the calculator's business; here a build is what its author wrote.

use std::sync::Arc;

use super::names::{check_id, read_former};
use super::{Catalog, twice};
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::parse::{Document, Kind, Node, Reader, Table};

/// A preset.
#[derive(Clone, Debug)]
pub struct Build {
    pub id: Spanned<Arc<str>>,
    pub title: Spanned<Arc<str>>,
    pub description: Option<Spanned<Arc<str>>>,
    /// Ids that it had in earlier editions.
    pub former: Vec<Spanned<Arc<str>>>,
    /// The path of its document, relative to `content/`.
    pub path: Arc<str>,
    /// Whether the document is this build's own page.
    pub own_page: bool,
    /// In the author's order.
    pub parts: Vec<PartUse>,
    /// Whether one of its parts can't be read, which is reported.
    pub lost_part: bool,
    pub span: Span,
}

/// A component in a slot.
#[derive(Clone, Debug)]
pub struct PartUse {
    pub slot: Spanned<Arc<str>>,
    pub component: Spanned<Arc<str>>,
    pub quantity: u32,
}

/// How often one part may be in a slot; far above any real build, so that
/// totals stay within what 64 bits hold.
pub const MOST_QUANTITY: i64 = 10_000;

/// Reads the builds of a document.
pub fn read_builds(document: &Arc<Document>, catalog: &mut Catalog, sink: &mut Vec<Diagnostic>) {
    let front = &document.front;
    if let Some(table) = &front.build {
        read_build(document, table, true, catalog, sink);
    }
    for table in &front.builds {
        read_build(document, table, false, catalog, sink);
    }
}

fn read_build(
    document: &Arc<Document>,
    table: &Table,
    own_page: bool,
    catalog: &mut Catalog,
    sink: &mut Vec<Diagnostic>,
) {
    let reader = Reader::new(table, "a build");
    let id = match (reader.string("id"), own_page) {
        (Some(id), _) => Some(id),
        (None, true) => Some(Spanned::new(document.stem().into(), document.top())),
        (None, false) => reader.required_string("id"),
    };
    let title = reader.string("title");
    let description = reader.string("description");
    let former = read_former("build", &reader, sink);
    let parts = match reader.node("parts") {
        Some(node) if matches!(node.kind, Kind::Array(_)) => {
            reader.report(
                Diagnostic::error(
                    Code::InvalidValue,
                    node.span.clone(),
                    "`parts` must say which slot each part is for, found a list",
                )
                .help("write `parts = { slot = \"id\", other = [\"id\", \"id\"] }`"),
            );
            None
        }
        _ => reader.sub_table("parts"),
    };
    let is_empty = parts.is_some_and(|parts| parts.entries.is_empty());
    if is_empty || parts.is_none() && reader.table().get("parts").is_none() {
        let message = "a build has no `parts`";
        reader.report(
            Diagnostic::error(Code::MissingKey, table.span.first_line(), message)
                .help("for example `parts = { frame = \"steel-60\" }`"),
        );
    }
    reader.finish(sink);
    let mut build_parts = Vec::new();
    let found = sink.len();
    for (slot, node) in parts.map_or(&[][..], |p| &p.entries) {
        read_slot(slot, node, &mut build_parts, sink);
    }
    let lost_part = parts.is_none() || sink.len() > found;
    let Some(id) = id.filter(|id| check_id("build", id, sink)) else {
        if let Some(Kind::String(id)) = table.get("id").map(|node| &node.kind) {
            catalog.lost.name(id);
        } else if own_page {
            catalog.lost.name(document.stem());
        } else {
            catalog.lost.nameless_build();
        }
        return;
    };
    if let Some(first) = catalog.build(&id.value) {
        sink.push(twice("builds", &id, &first.id.span));
        catalog.lost.nameless_build();
        return;
    }
    let page_title = document.front.title.as_ref().filter(|_| own_page);
    let build = Build {
        title: title
            .or_else(|| page_title.cloned())
            .unwrap_or_else(|| id.clone()),
        description: description
            .or_else(|| document.front.description.clone().filter(|_| own_page)),
        former,
        path: Arc::clone(&document.path),
        own_page,
        parts: build_parts,
        lost_part,
        span: table.span.clone(),
        id,
    };
    let id = Arc::clone(&build.id.value);
    catalog.build_index.insert(id, catalog.builds.len());
    catalog.builds.push(build);
}

/// `"id"`, `{ id, quantity }`, or a list of these.
fn read_slot(
    slot: &Spanned<Arc<str>>,
    node: &Node,
    parts: &mut Vec<PartUse>,
    sink: &mut Vec<Diagnostic>,
) {
    match &node.kind {
        Kind::String(id) => parts.push(PartUse {
            slot: slot.clone(),
            component: Spanned::new(Arc::clone(id), node.span.clone()),
            quantity: 1,
        }),
        Kind::Table(table) => {
            let reader = Reader::new(table, "a part");
            let id = reader.required_string("id");
            let quantity = quantity_of(&reader);
            reader.finish(sink);
            if let Some(component) = id {
                parts.push(PartUse {
                    slot: slot.clone(),
                    component,
                    quantity,
                });
            }
        }
        Kind::Array(items) => {
            for item in items {
                match item.kind {
                    Kind::Array(_) => sink.push(wrong_part(slot, item)),
                    _ => read_slot(slot, item, parts, sink),
                }
            }
        }
        _ => sink.push(wrong_part(slot, node)),
    }
}

fn wrong_part(slot: &Spanned<Arc<str>>, node: &Node) -> Diagnostic {
    let message = format!(
        "slot `{}` must hold a component's id, found {}",
        slot.value,
        node.kind.name()
    );
    Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
        .help("write an id, `{ id = \"…\", quantity = 2 }`, or a list of these")
}

fn quantity_of(reader: &Reader<'_>) -> u32 {
    let quantity = reader.integer_in("quantity", 1..=MOST_QUANTITY);
    quantity.map_or(1, |quantity| u32::try_from(quantity.value).unwrap_or(1))
}
