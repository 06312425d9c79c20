//! Categories and their schemas: what a section declares under `[category]`.

mod field;
mod kind;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::component::Component;
use super::names::{check_category_id, check_field_name, read_former};
use super::twice;
use crate::diag::{Code, Diagnostic, Spanned, meant};
use crate::parse::{Document, Kind, Reader, Table};
use crate::value::Units;
use field::read_field;

pub use field::{Better, Field, better_of, decimals_of, declared_here, humanise};
pub use kind::FieldKind;

/// A kind of component, with the fields that its components have.
#[derive(Clone, Debug)]
pub struct Category {
    pub id: Spanned<Arc<str>>,
    pub title: Arc<str>,
    /// Ids that it had in earlier editions.
    pub former: Vec<Spanned<Arc<str>>>,
    /// The path of the section's document, relative to `content/`.
    pub path: Arc<str>,
    /// In the order of declaration, which is the order of columns.
    pub fields: Vec<Field>,
    /// In the order of weight and title.
    pub components: Vec<Component>,
    pub(super) field_index: BTreeMap<Arc<str>, usize>,
    /// The names of fields whose declarations have errors: nothing more is said
    /// of their figures.
    pub(super) malformed: Vec<Arc<str>>,
    /// Whether its fields stand where they are not read, which is reported.
    pub(super) lost_fields: bool,
    pub(super) component_index: BTreeMap<Arc<str>, usize>,
}

impl Category {
    pub fn field(&self, name: &str) -> Option<&Field> {
        Some(&self.fields[self.field_position(name)?])
    }

    pub fn field_position(&self, name: &str) -> Option<usize> {
        self.field_index.get(name).copied()
    }

    /// Whether a name is that of a field whose declaration has errors.
    pub fn is_malformed(&self, name: &str) -> bool {
        let is_declared = self.field_index.contains_key(name);
        self.malformed.iter().any(|field| field.as_ref() == name)
            || self.lost_fields && !is_declared
    }

    /// Whether a field has no usable declaration, which has been reported: it
    /// is malformed, or its formula is wrong.
    pub fn is_lost_field(&self, name: &str) -> bool {
        let is_uncompiled = |field: &Field| field.formula.is_some() && field.expr.is_none();
        self.is_malformed(name) || self.field(name).is_some_and(is_uncompiled)
    }

    pub fn field_names(&self) -> impl Iterator<Item = &str> {
        self.field_index.keys().map(AsRef::as_ref)
    }

    /// The component with an id or, failing that, with a former id.
    pub fn component(&self, id: &str) -> Option<&Component> {
        Some(&self.components[*self.component_index.get(id)?])
    }

    pub fn component_ids(&self) -> impl Iterator<Item = &str> {
        self.component_index.keys().map(AsRef::as_ref)
    }
}

/// Reads a `[category]` table; none if it has no usable id.
pub fn read_category(
    document: &Document,
    table: &Table,
    units: &Units,
    sink: &mut Vec<Diagnostic>,
) -> Option<Category> {
    let reader = Reader::new(table, "`[category]`");
    let id = reader.required_string("id");
    let title = reader.string("title").map(|t| t.value);
    let fields = reader.sub_table("fields");
    let former = read_former("category", &reader, sink);
    let is_given = table.get("fields").is_some();
    let lost_fields = reader.is_misspelt("fields") || is_given && fields.is_none();
    reader.finish(sink);
    let id = id.filter(|id| check_category_id(id, sink))?;
    let mut category = Category {
        title: title
            .or_else(|| document.front.title.as_ref().map(|t| Arc::clone(&t.value)))
            .unwrap_or_else(|| Arc::clone(&id.value)),
        id,
        former,
        path: Arc::clone(&document.path),
        fields: Vec::new(),
        components: Vec::new(),
        field_index: BTreeMap::new(),
        malformed: Vec::new(),
        lost_fields: lost_fields || document.front.misplaced.contains(&"fields"),
        component_index: BTreeMap::new(),
    };
    for (name, node) in fields.map_or(&[][..], |f| &f.entries) {
        let malformed = Arc::clone(&name.value);
        if !check_field_name(name, sink) {
            category.malformed.push(malformed.to_lowercase().into());
            category.malformed.push(malformed);
            continue;
        }
        let Kind::Table(table) = &node.kind else {
            category.malformed.push(malformed);
            let message = format!(
                "field `{}` must be a table, found {}",
                name.value,
                node.kind.name()
            );
            let help = declaration(name, &node.kind, units);
            sink.push(
                Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                    .help(format!("write `{help}`")),
            );
            continue;
        };
        if let Some(field) = read_field(name, table, units, sink) {
            let position = category.fields.len();
            category
                .field_index
                .insert(Arc::clone(&name.value), position);
            category.fields.push(field);
        } else {
            category.malformed.push(malformed);
        }
    }
    check_former_names(&category, sink);
    Some(category)
}

/// How a field is declared that was given a type or a unit alone.
fn declaration(name: &Spanned<Arc<str>>, given: &Kind, units: &Units) -> String {
    let label = humanise(&name.value);
    let given = match given {
        Kind::String(text) => text.as_ref(),
        _ => "",
    };
    let kind = meant(given, FieldKind::TABLE.iter().map(|(_, name, _)| *name));
    let ty = match (kind, units.parse(given)) {
        (_, Ok(unit)) if unit.is_money() => format!("type = \"money\", unit = \"{given}\""),
        (_, Ok(unit)) if !unit.is_one() => format!("type = \"quantity\", unit = \"{given}\""),
        (Some(kind), _) => format!("type = \"{kind}\""),
        _ => "type = \"text\"".to_owned(),
    };
    format!("{} = {{ {ty}, label = \"{label}\" }}", name.value)
}

/// A former name must be free: it is the name of one field alone.
fn check_former_names(category: &Category, sink: &mut Vec<Diagnostic>) {
    let mut taken: BTreeMap<&str, &Spanned<Arc<str>>> = (category.fields.iter())
        .map(|field| (field.name.value.as_ref(), &field.name))
        .collect();
    for former in category.fields.iter().flat_map(|field| &field.former) {
        match taken.get(former.value.as_ref()) {
            Some(first) => sink.push(twice("fields", former, &first.span)),
            None => {
                taken.insert(&former.value, former);
            }
        }
    }
}
