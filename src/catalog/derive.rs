//! Derived fields: compiled in the order of their dependencies, then computed
//! for every component.

use std::cell::Cell;
use std::sync::Arc;

use super::component::index_components;
use super::scope::{ComponentNames, FigureValues};
use super::{Catalog, Figure};
use crate::diag::{Code, Diagnostic, Spanned};
use crate::expr::{self, Expr};
use crate::value::{Operand, Type, Unit, Value};

/// To how many decimals a derived field or a total is rounded that declares
/// none.
pub const DEFAULT_DECIMALS: u8 = 2;

/// What is known of a derived field while others are compiled.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Its formula waits for others.
    Waiting,
    /// Its formula is wrong, which has been reported.
    Failed,
}

/// Compiles and computes all derived fields.
pub fn derive(catalog: &mut Catalog, sink: &mut Vec<Diagnostic>) {
    for category in &mut catalog.categories {
        index_components(category, sink);
    }
    let mut waiting = derived_fields(catalog);
    // Until it is computed, a derived figure is as good as one with a mistake.
    for &(category, field) in &waiting {
        lose(catalog, category, field);
    }
    let mut failed: Vec<(usize, usize)> = Vec::new();
    loop {
        let before = waiting.len();
        let mut left = Vec::new();
        for (category, field) in std::mem::take(&mut waiting) {
            match compile_field(catalog, category, field, &failed) {
                Outcome::Compiled(expr) => {
                    if settle(catalog, category, field, expr, sink) {
                        compute(catalog, category, field);
                    } else {
                        failed.push((category, field));
                    }
                }
                Outcome::Blocked => left.push((category, field)),
                Outcome::Failed(diagnostics) => {
                    sink.extend(diagnostics);
                    failed.push((category, field));
                }
            }
        }
        waiting = left;
        if waiting.is_empty() {
            return;
        }
        if waiting.len() == before {
            break;
        }
        // To and fro: many fields, each below one that uses it, take two rounds.
        waiting.reverse();
    }
    waiting.sort_unstable();
    report_cycle(catalog, &waiting, sink);
}

fn derived_fields(catalog: &Catalog) -> Vec<(usize, usize)> {
    let categories = catalog.categories.iter().enumerate();
    categories
        .flat_map(|(c, category)| {
            let fields = category.fields.iter().enumerate();
            fields.filter_map(move |(f, field)| field.formula.as_ref().map(|_| (c, f)))
        })
        .collect()
}

enum Outcome {
    Compiled(Expr),
    /// A field that it uses is not compiled yet.
    Blocked,
    Failed(Vec<Diagnostic>),
}

fn compile_field(
    catalog: &Catalog,
    category: usize,
    field: usize,
    failed: &[(usize, usize)],
) -> Outcome {
    let blocked = Cell::new(false);
    let names = ComponentNames {
        catalog,
        own: Some(&catalog.categories[category]),
        progress: Some(&|c: &str, f: &str| {
            let found = progress(catalog, c, f, failed);
            if found == Some(Progress::Waiting) {
                blocked.set(true);
            }
            found
        }),
    };
    let Some(formula) = &catalog.categories[category].fields[field].formula else {
        return Outcome::Failed(Vec::new());
    };
    match (expr::compile(&formula.value, &names), blocked.get()) {
        (_, true) => Outcome::Blocked,
        (Ok(expr), false) => Outcome::Compiled(expr),
        (Err(errors), false) => Outcome::Failed(
            (errors.into_iter())
                .map(|error| error.into_diagnostic(formula))
                .collect(),
        ),
    }
}

fn progress(
    catalog: &Catalog,
    category: &str,
    field: &str,
    failed: &[(usize, usize)],
) -> Option<Progress> {
    let c = catalog.category_index.get(category).copied()?;
    let f = catalog.categories[c].field_position(field)?;
    let declared = &catalog.categories[c].fields[f];
    match declared.formula {
        Some(_) if failed.contains(&(c, f)) => Some(Progress::Failed),
        Some(_) if declared.expr.is_none() => Some(Progress::Waiting),
        _ => None,
    }
}

/// Gives a derived field its type; false if its declared unit clashes.
fn settle(
    catalog: &mut Catalog,
    category: usize,
    field: usize,
    expr: Expr,
    sink: &mut Vec<Diagnostic>,
) -> bool {
    let field = &mut catalog.categories[category].fields[field];
    let Some(formula) = &field.formula else {
        return false;
    };
    match settle_type(expr.ty(), field.unit.as_ref(), field.decimals, formula) {
        Ok(ty) => {
            field.unit = ty.unit().cloned();
            if let Type::Number { decimals, .. } = &ty {
                field.decimals = *decimals;
            }
            field.ty = ty;
            field.expr = Some(Arc::new(expr));
            true
        }
        Err(diagnostic) => {
            sink.push(*diagnostic);
            false
        }
    }
}

/// The type of a named formula: in its declared unit, with its decimals.
pub fn settle_type(
    ty: &Type,
    unit: Option<&Unit>,
    decimals: Option<u8>,
    formula: &Spanned<Arc<str>>,
) -> Result<Type, Box<Diagnostic>> {
    match (ty, unit) {
        (Type::Number { unit: found, .. }, _) => {
            let unit = unit.unwrap_or(found);
            if !found.is_compatible(unit) {
                return Err(Box::new(clash(formula, found, unit)));
            }
            Ok(Type::Number {
                unit: unit.clone(),
                decimals: Some(decimals.unwrap_or(DEFAULT_DECIMALS)),
            })
        }
        (Type::Range { unit: found }, Some(unit)) if !found.is_compatible(unit) => {
            Err(Box::new(clash(formula, found, unit)))
        }
        _ => Ok(ty.clone()),
    }
}

fn clash(formula: &Spanned<Arc<str>>, found: &Unit, unit: &Unit) -> Diagnostic {
    let message = format!(
        "the formula gives `{}`, and its declared unit is `{}`",
        found.symbol(),
        unit.symbol()
    );
    Diagnostic::error(Code::UnitMismatch, formula.span.clone(), message)
        .label(format!("this is {}", found.describe()))
}

fn lose(catalog: &mut Catalog, category: usize, field: usize) {
    let name = Arc::clone(&catalog.categories[category].fields[field].name.value);
    for component in &mut catalog.categories[category].components {
        let reason = format!("`{name}` of `{}` can't be computed", component.id.value);
        component.figures[field].value = Operand::reported(reason);
    }
}

fn compute(catalog: &mut Catalog, category: usize, field: usize) {
    let declared = &catalog.categories[category].fields[field];
    let Some(expr) = declared.expr.clone() else {
        return;
    };
    let ty = declared.ty.clone();
    let figures: Vec<Operand> = (catalog.categories[category].components.iter())
        .map(|component| {
            let values = FigureValues {
                catalog,
                own: Some(component),
            };
            settle_value(expr.evaluate(&values), &ty)
        })
        .collect();
    let components = catalog.categories[category].components.iter_mut();
    for (component, value) in components.zip(figures) {
        component.figures[field] = Figure {
            value,
            source: None,
            as_of: None,
            span: None,
        };
    }
}

/// Rounds the value of a named formula once, to its type's unit and decimals.
pub fn settle_value(value: Operand, ty: &Type) -> Operand {
    let (Operand::Known(Value::Number(quantity)), Type::Number { unit, decimals }) = (&value, ty)
    else {
        return value;
    };
    let decimals = decimals.unwrap_or(DEFAULT_DECIMALS);
    match quantity.convert_rounded(unit, decimals) {
        Ok(rounded) => Operand::Known(Value::Number(rounded)),
        Err(_) => Operand::unknown("the result is too large"),
    }
}

fn report_cycle(catalog: &Catalog, waiting: &[(usize, usize)], sink: &mut Vec<Diagnostic>) {
    let fields: Vec<_> = (waiting.iter())
        .map(|&(c, f)| (&catalog.categories[c], &catalog.categories[c].fields[f]))
        .collect();
    let Some((_, first)) = fields.first() else {
        return;
    };
    let Some(formula) = &first.formula else {
        return;
    };
    let names: Vec<String> = (fields.iter())
        .map(|(category, field)| format!("`{}.{}`", category.id.value, field.name.value))
        .collect();
    let message = format!("derived fields depend on each other: {}", names.join(", "));
    let mut diagnostic = Diagnostic::error(Code::FormulaCycle, formula.span.clone(), message)
        .label("needs itself, directly or by way of the others");
    for (_, field) in &fields[1..] {
        if let Some(formula) = &field.formula {
            diagnostic = diagnostic.also(formula.span.clone(), "part of the circle, or needs it");
        }
    }
    sink.push(diagnostic);
}
