//! Data files: the catalog as JSON and CSV at stable addresses, and the JSON
//! Schema of its components.

use serde_json::{Map, Value as Json, json};

use super::guide::Guide;
use crate::catalog::{Category, Component, Field, FieldKind, Figure};
use crate::directive::Compare;
use crate::value::{Operand, Quantity, Type, Value, format_value};

/// A value as JSON: numbers as they are, exactly; text for the rest.
pub fn value_json(value: &Value) -> Json {
    match value {
        Value::Number(quantity) => number_json(quantity),
        Value::Text(text) => json!(text),
        Value::Bool(b) => json!(b),
        Value::Date(date) => json!(date.to_string()),
        Value::Set(set) => json!(set.iter().collect::<Vec<_>>()),
        Value::List(list) => json!(list),
        Value::Range(range) => json!([number_json(&range.lower()), number_json(&range.upper())]),
    }
}

/// A decimal becomes a JSON number where a reader in binary fractions gets
/// the same digits back, else a text.
fn number_json(quantity: &Quantity) -> Json {
    let text = quantity.number.to_string();
    let Ok(number) = serde_json::from_str::<Json>(&text) else {
        return json!(text);
    };
    let shown = number.to_string();
    match shown.strip_suffix(".0").unwrap_or(&shown) == text {
        true => number,
        false => json!(text),
    }
}

fn unit_json(ty: &Type) -> Json {
    match ty.unit() {
        Some(unit) if !unit.is_one() => json!(unit.symbol()),
        _ => Json::Null,
    }
}

/// `data/catalog.json`: categories with schema and components.
pub fn catalog_json(guide: &Guide) -> String {
    let categories: Vec<Json> = guide
        .catalog
        .categories
        .iter()
        .map(|c| category_json(guide, c))
        .collect();
    let catalog = json!({
        "title": guide.title,
        "version": guide.version.id,
        "date": guide.version.date,
        "categories": categories,
    });
    pretty(&catalog)
}

fn pretty(value: &Json) -> String {
    let mut text = serde_json::to_string_pretty(value).unwrap_or_default();
    text.push('\n');
    text
}

fn category_json(guide: &Guide, category: &Category) -> Json {
    let fields: Vec<Json> = category.fields.iter().map(field_json).collect();
    let components: Vec<Json> = (category.components.iter())
        .map(|component| component_json(guide, category, component))
        .collect();
    json!({ "id": category.id.value, "title": category.title, "fields": fields, "components": components })
}

fn field_json(field: &Field) -> Json {
    json!({
        "name": field.name.value,
        "label": field.label,
        "type": field.kind.name(),
        "unit": unit_json(&field.ty),
        "formula": field.formula.as_ref().map(|f| &f.value),
    })
}

fn component_json(guide: &Guide, category: &Category, component: &Component) -> Json {
    let mut figures = Map::new();
    for (field, figure) in category.fields.iter().zip(&component.figures) {
        figures.insert(field.name.value.to_string(), figure_json(figure));
    }
    json!({
        "id": component.id.value,
        "title": component.title,
        "url": guide.component_address(component),
        "figures": figures,
        "pros": component.pros.iter().map(|p| &p.value).collect::<Vec<_>>(),
        "cons": component.cons.iter().map(|c| &c.value).collect::<Vec<_>>(),
    })
}

/// Null where the figure is unknown.
fn figure_json(figure: &Figure) -> Json {
    let Operand::Known(value) = &figure.value else {
        return Json::Null;
    };
    let mut json = Map::from_iter([("value".to_string(), value_json(value))]);
    if let Some(source) = &figure.source {
        json.insert("source".to_string(), json!(source));
    }
    if let Some(date) = figure.as_of {
        json.insert("as_of".to_string(), json!(date.to_string()));
    }
    Json::Object(json)
}

/// `data/CATEGORY.csv`: a row for each component, units in the head.
pub fn category_csv(category: &Category) -> String {
    let mut head = vec!["id".to_string(), "title".to_string()];
    head.extend(
        category
            .fields
            .iter()
            .map(|field| head_text(&field.name.value, &field.ty)),
    );
    let mut csv = csv_line(&head);
    for component in &category.components {
        let mut row = vec![component.id.value.to_string(), component.title.to_string()];
        row.extend(
            component
                .figures
                .iter()
                .map(|figure| cell_text(&figure.value)),
        );
        csv.push_str(&csv_line(&row));
    }
    csv
}

/// A comparison table as CSV.
pub fn compare_csv(compare: &Compare) -> String {
    let mut head = vec!["id".to_string(), "title".to_string()];
    head.extend(
        compare
            .columns
            .iter()
            .map(|column| head_text(&column.label, &column.ty)),
    );
    let mut csv = csv_line(&head);
    for row in &compare.rows {
        let mut cells = vec![row.component.to_string(), row.title.to_string()];
        cells.extend(row.cells.iter().map(|cell| cell_text(&cell.value)));
        csv.push_str(&csv_line(&cells));
    }
    csv
}

/// A comparison table as JSON.
pub fn compare_json(compare: &Compare) -> String {
    let columns: Vec<Json> = (compare.columns.iter())
        .map(|c| json!({ "key": c.key, "label": c.label, "unit": unit_json(&c.ty), "formula": c.formula }))
        .collect();
    let rows: Vec<Json> = (compare.rows.iter())
        .map(|row| {
            let cells = compare.columns.iter().zip(&row.cells);
            let figures: Map<String, Json> = cells
                .map(|(column, cell)| {
                    let value = cell.value.known().map_or(Json::Null, value_json);
                    (column.key.to_string(), value)
                })
                .collect();
            json!({ "id": row.component, "title": row.title, "figures": figures })
        })
        .collect();
    pretty(&json!({
        "category": compare.category,
        "caption": compare.caption,
        "columns": columns,
        "rows": rows,
        "left_out": compare.left_out,
    }))
}

fn head_text(name: &str, ty: &Type) -> String {
    match ty.unit() {
        Some(unit) if !unit.is_one() => format!("{name} ({})", unit.symbol()),
        _ => name.to_string(),
    }
}

/// Numbers bare and exact, the rest as text; empty where unknown.
fn cell_text(value: &Operand) -> String {
    match value {
        Operand::Known(Value::Number(quantity)) => quantity.number.to_string(),
        Operand::Known(Value::Range(range)) => format!("{}..{}", range.low, range.high),
        Operand::Known(Value::Date(date)) => date.to_string(),
        Operand::Known(value) => format_value(value, None, &crate::value::Locale::new("en")),
        Operand::Unknown(_) | Operand::None => String::new(),
    }
}

/// One line of CSV (RFC 4180). A cell that a spreadsheet would run as a
/// formula gets an apostrophe before it.
fn csv_line(cells: &[String]) -> String {
    let cells: Vec<String> = (cells.iter())
        .map(|cell| {
            let number = crate::value::Decimal::parse(cell).is_some();
            let active = !number && cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            let cell = if active {
                format!("'{cell}")
            } else {
                cell.clone()
            };
            match cell.contains([',', '"', '\n', '\r']) {
                true => format!("\"{}\"", cell.replace('"', "\"\"")),
                false => cell,
            }
        })
        .collect();
    format!("{}\r\n", cells.join(","))
}

/// The JSON Schema (draft 2020-12) of the front matter of a category's
/// components, for editors.
pub fn component_schema(category: &Category) -> String {
    let mut fields = Map::new();
    let mut required = Vec::new();
    for field in category
        .fields
        .iter()
        .filter(|f| f.kind != FieldKind::Derived)
    {
        fields.insert(field.name.value.to_string(), field_schema(field));
        if field.required {
            required.push(json!(field.name.value));
        }
    }
    let texts = json!({ "type": "array", "items": { "type": "string" } });
    for key in ["pros", "cons", "former"] {
        fields.insert(key.to_string(), texts.clone());
    }
    for key in ["id", "title", "category", "source", "as_of"] {
        fields.insert(key.to_string(), json!({ "type": "string" }));
    }
    pretty(&json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": format!("{}: front matter of a component", category.title),
        "type": "object",
        "properties": {
            "title": { "type": "string" },
            "description": { "type": "string" },
            "weight": { "type": "integer" },
            "draft": { "type": "boolean" },
            "component": {
                "type": "object",
                "properties": fields,
                "required": required,
                "additionalProperties": false,
            },
        },
    }))
}

fn field_schema(field: &Field) -> Json {
    let bare = match field.kind {
        FieldKind::Integer => json!({ "type": "integer" }),
        FieldKind::Number => json!({ "type": ["number", "string"] }),
        FieldKind::Bool => json!({ "type": "boolean" }),
        FieldKind::Choice => json!({ "enum": field.options() }),
        FieldKind::Set => {
            json!({ "type": "array", "items": { "enum": field.options() }, "uniqueItems": true })
        }
        FieldKind::List => json!({ "type": "array", "items": { "type": "string" } }),
        FieldKind::Url => json!({ "type": "string", "format": "uri" }),
        FieldKind::Date => json!({ "type": "string", "format": "date" }),
        FieldKind::Quantity | FieldKind::Money => json!({
            "type": "string",
            "pattern": "^[-+]?[0-9][0-9_.,]*\\s*\\S+",
            "examples": [format!("12 {}", field.unit.as_ref().map_or("", |u| u.symbol()))],
        }),
        FieldKind::Range => json!({ "type": "string", "pattern": "\\.\\." }),
        FieldKind::Text | FieldKind::Derived => json!({ "type": "string" }),
    };
    let mut schema = json!({
        "title": field.label,
        "anyOf": [
            bare,
            {
                "type": "object",
                "properties": { "value": bare, "source": { "type": "string" }, "as_of": { "type": "string" } },
                "required": ["value"],
                "additionalProperties": false,
            },
        ],
    });
    if let Some(help) = &field.help {
        schema["description"] = json!(help);
    }
    schema
}
