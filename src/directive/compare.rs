//! `compare`: a table of the components of a category.
//!
//! ````markdown
//! ```compare
//! category = "frame"
//! columns = ["weight", "price", { formula = "price / weight", label = "Price per kg" }]
//! where = "weight < 3 kg"
//! sort = "price desc"
//! ```
//! ````

use std::cmp::Ordering;
use std::sync::Arc;

use super::rows::{compare_values, select};
use super::{Directive, Facts, compile, noted, report_repeats, toml_body};
use crate::catalog::{Better, Category, Component, Field, FieldKind};
use crate::diag::{Checked, Code, Diagnostic, Spanned};
use crate::expr::Expr;
use crate::parse::{Fence, Kind, Node, Reader, Table};
use crate::value::{Date, Operand, Type, Value};

/// A table of components.
#[derive(Clone, Debug)]
pub struct Compare {
    pub category: Arc<str>,
    pub caption: Option<Arc<str>>,
    pub orientation: Orientation,
    pub columns: Vec<Column>,
    pub rows: Vec<Row>,
    /// How many components the filter could not judge.
    pub left_out: usize,
}

/// Whether each component is a row or a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Orientation {
    Rows,
    Columns,
}

/// One figure of every component of the table.
#[derive(Clone, Debug)]
pub struct Column {
    /// The field's name, or one made for a formula: `formula-2`.
    pub key: Arc<str>,
    pub label: Arc<str>,
    pub short: Arc<str>,
    pub help: Option<Arc<str>>,
    pub ty: Type,
    pub kind: FieldKind,
    pub better: Option<Better>,
    pub max_age: Option<i64>,
    /// The text of the formula of a derived column.
    pub formula: Option<Arc<str>>,
}

impl Column {
    /// To how many decimals its numbers are shown.
    pub fn decimals(&self) -> Option<u8> {
        match self.ty {
            Type::Number { decimals, .. } => decimals,
            _ => None,
        }
    }

    pub fn is_number(&self) -> bool {
        matches!(self.ty, Type::Number { .. })
    }
}

/// One component of the table.
#[derive(Clone, Debug)]
pub struct Row {
    pub component: Arc<str>,
    pub title: Arc<str>,
    /// In the order of the columns.
    pub cells: Vec<Cell>,
}

/// A figure in the table.
#[derive(Clone, Debug)]
pub struct Cell {
    pub value: Operand,
    pub source: Option<Arc<str>>,
    pub as_of: Option<Date>,
    /// Whether none is better in its column.
    pub best: bool,
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    let compare = read_compare(fence, facts, &mut diagnostics).map(Directive::Compare);
    Checked::new(compare, diagnostics)
}

fn read_compare(fence: &Fence, facts: &Facts<'_>, sink: &mut Vec<Diagnostic>) -> Option<Compare> {
    let table = toml_body(fence, sink)?;
    let reader = Reader::new(&table, "a `compare` block");
    let category = reader.required_string("category");
    let columns = reader.node("columns");
    let caption = reader.string("caption");
    let caption = caption.map(|text| facts.fill(&text, sink));
    let orientation = orientation_of(&reader);
    let category = category.and_then(|id| facts.category(&id, sink));
    let Some(category) = category else {
        for key in ["where", "sort", "limit"] {
            reader.node(key);
        }
        reader.finish(sink);
        return None;
    };
    let selection = select(&reader, category, facts, sink);
    reader.finish(sink);
    sink.extend(selection.nothing_left(category));
    let columns = columns_of(columns, category, facts, sink);
    let mut rows: Vec<Row> = (selection.components.iter())
        .map(|component| Row {
            component: Arc::clone(&component.id.value),
            title: Arc::clone(&component.title),
            cells: columns
                .iter()
                .map(|c| c.cell(component, category, facts))
                .collect(),
        })
        .collect();
    let columns: Vec<Column> = columns.into_iter().map(|c| c.column).collect();
    mark_best(&columns, &mut rows);
    Some(Compare {
        category: Arc::clone(&category.id.value),
        caption,
        orientation,
        columns,
        rows,
        left_out: selection.left_out,
    })
}

fn orientation_of(reader: &Reader<'_>) -> Orientation {
    let Some(name) = reader.string("orientation") else {
        return Orientation::Rows;
    };
    match name.value.as_ref() {
        "rows" => Orientation::Rows,
        "columns" => Orientation::Columns,
        other => {
            let message = format!("`orientation` must be `rows` or `columns`, found `{other}`");
            reader.report(Diagnostic::error(
                Code::InvalidValue,
                name.span.clone(),
                message,
            ));
            Orientation::Rows
        }
    }
}

/// A column and where its figures come from.
struct Source {
    column: Column,
    /// None for a field, whose position is the key's.
    expr: Option<Expr>,
}

impl Source {
    fn cell<'a>(&self, component: &'a Component, category: &Category, facts: &Facts<'a>) -> Cell {
        let figure = category
            .field_position(&self.column.key)
            .filter(|_| self.expr.is_none())
            .map(|position| &component.figures[position]);
        let value = match (&self.expr, figure) {
            (Some(expr), _) => {
                crate::catalog::settle_value(facts.evaluate_for(expr, component), &self.column.ty)
            }
            (None, Some(figure)) => figure.value.clone(),
            (None, None) => Operand::None,
        };
        Cell {
            value,
            source: figure.and_then(|f| f.source.clone()),
            as_of: figure.and_then(|f| f.as_of),
            best: false,
        }
    }
}

fn columns_of(
    node: Option<&Node>,
    category: &Category,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<Source> {
    let Some(node) = node else {
        return category.fields.iter().map(field_column).collect();
    };
    let Kind::Array(items) = &node.kind else {
        let message = format!("`columns` must be a list, found {}", node.kind.name());
        sink.push(
            Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                .help(format!("for example `columns = [{}]`", example(category))),
        );
        return Vec::new();
    };
    if items.is_empty() {
        let message = "`columns` names none";
        sink.push(
            Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                .help("leave it out for a table of all fields")
                .help(format!("or name some: `columns = [{}]`", example(category))),
        );
    }
    report_repeats(items, "a column", sink);
    let mut columns = Vec::new();
    for item in items {
        match &item.kind {
            Kind::String(name) => match category.field(name) {
                Some(field) => columns.push(field_column(field)),
                None => {
                    let name = Spanned::new(Arc::clone(name), item.span.clone());
                    formula_or_unknown(&name, category, facts, &mut columns, sink);
                }
            },
            Kind::Table(table) => {
                let key = format!("formula-{}", columns.len() + 1);
                columns.extend(formula_column(&key, table, category, facts, sink));
            }
            other => {
                let message = format!(
                    "a column is a field's name or a table, found {}",
                    other.name()
                );
                sink.push(Diagnostic::error(
                    Code::InvalidValue,
                    item.span.clone(),
                    message,
                ));
            }
        }
    }
    columns
}

/// The first fields of a category as a list.
fn example(category: &Category) -> String {
    let names = category.fields.iter().take(2);
    let names: Vec<String> = names
        .map(|field| format!("\"{}\"", field.name.value))
        .collect();
    names.join(", ")
}

/// A name that is no field: a formula if it looks like one, else a slip.
fn formula_or_unknown(
    name: &Spanned<Arc<str>>,
    category: &Category,
    facts: &Facts<'_>,
    columns: &mut Vec<Source>,
    sink: &mut Vec<Diagnostic>,
) {
    let is_name = (name.value.bytes()).all(|b| b.is_ascii_alphanumeric() || b"_-".contains(&b));
    if category.is_malformed(&name.value) {
        return;
    }
    if is_name {
        let message = format!(
            "category `{}` has no field `{}`",
            category.id.value, name.value
        );
        sink.push(
            Diagnostic::error(Code::UnknownName, name.span.clone(), message)
                .also(category.id.span.clone(), "the category is declared here")
                .help_if(category.help_field(&name.value, &[])),
        );
        return;
    }
    let key = format!("formula-{}", columns.len() + 1);
    match compile(name, &facts.names_of(category)) {
        Ok(expr) => columns.push(derived(&key, expr, name, Arc::clone(&name.value), None)),
        Err(errors) => sink.extend(errors),
    }
}

fn field_column(field: &Field) -> Source {
    let column = Column {
        key: Arc::clone(&field.name.value),
        label: Arc::clone(&field.label),
        short: Arc::clone(field.short_label()),
        help: field.help.clone(),
        ty: field.ty.clone(),
        kind: field.kind,
        better: field.better,
        max_age: field.max_age,
        formula: field.formula.as_ref().map(|f| Arc::clone(&f.value)),
    };
    Source { column, expr: None }
}

fn formula_column(
    key: &str,
    table: &Table,
    category: &Category,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let reader = Reader::new(table, "a column");
    let formula = reader.required_string("formula");
    let label = reader.string("label").map(|l| l.value);
    let short = reader.string("short").map(|s| s.value);
    let help = reader.string("help").map(|h| h.value);
    let unit = reader.string("unit");
    let decimals = crate::catalog::decimals_of(&reader);
    let better = crate::catalog::better_of(&reader);
    reader.finish(sink);
    let formula = formula?;
    let expr = compile(&formula, &facts.names_of(category))
        .map_err(|e| sink.extend(e))
        .ok()?;
    let unit = unit.and_then(|unit| match facts.catalog.units.parse(&unit.value) {
        Ok(parsed) => Some(parsed),
        Err(error) => {
            let found = Diagnostic::error(Code::UnknownUnit, unit.span.clone(), error.message);
            sink.push(found.help_if(error.help));
            None
        }
    });
    let settled = crate::catalog::settle_type(expr.ty(), unit.as_ref(), decimals, &formula);
    let ty = noted(settled, sink)?;
    let label = label.unwrap_or_else(|| Arc::clone(&formula.value));
    let mut source = derived(key, expr, &formula, label, better);
    source.column.ty = ty;
    source.column.help = help;
    if let Some(short) = short {
        source.column.short = short;
    }
    Some(source)
}

fn derived(
    key: &str,
    expr: Expr,
    formula: &Spanned<Arc<str>>,
    label: Arc<str>,
    better: Option<Better>,
) -> Source {
    let ty = crate::catalog::settle_type(expr.ty(), None, None, formula);
    let column = Column {
        key: key.into(),
        short: Arc::clone(&label),
        label,
        help: None,
        ty: ty.unwrap_or_else(|_| expr.ty().clone()),
        kind: FieldKind::Derived,
        better,
        max_age: None,
        formula: Some(Arc::clone(&formula.value)),
    };
    Source {
        column,
        expr: Some(expr),
    }
}

/// Marks the best figures of each column that says which way is better, ties
/// included; none where all that are known are equal.
fn mark_best(columns: &[Column], rows: &mut [Row]) {
    for (index, column) in columns.iter().enumerate() {
        let Some(better) = column.better else {
            continue;
        };
        let known: Vec<_> = (rows.iter())
            .filter_map(|row| row.cells[index].value.known())
            .cloned()
            .collect();
        let order = |a: &Value, b: &Value| match better {
            // In a table yes comes first, and of the two it is the higher.
            _ if column.ty == Type::Bool => match better {
                Better::Higher => compare_values(b, a),
                Better::Lower => compare_values(a, b),
            },
            Better::Higher => compare_values(a, b),
            Better::Lower => compare_values(b, a),
        };
        let Some(best) = known.iter().max_by(|a, b| order(a, b)) else {
            continue;
        };
        if known
            .iter()
            .all(|value| order(value, best) == Ordering::Equal)
        {
            continue;
        }
        for row in rows.iter_mut() {
            let cell = &mut row.cells[index];
            cell.best = (cell.value.known()).is_some_and(|v| order(v, best) == Ordering::Equal);
        }
    }
}
