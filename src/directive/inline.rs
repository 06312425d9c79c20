//! `{{ … }}` in prose: a formula and its value.

use std::sync::Arc;

use super::{Facts, shown_decimals};
use crate::diag::{Diagnostic, Spanned};
use crate::expr::Ref;
use crate::expr::ir::Kind;
use crate::value::{Date, Operand};

/// A figure in prose.
#[derive(Clone, Debug)]
pub struct Inline {
    pub formula: Arc<str>,
    pub value: Operand,
    /// To how many decimals it is shown.
    pub decimals: Option<u8>,
    /// Of a formula that is the figure of a component and nothing else.
    pub figure: Option<InlineFigure>,
    /// The figures that another formula uses, with their values.
    pub figures: Vec<(Arc<str>, Operand)>,
}

/// Where a figure comes from.
#[derive(Clone, Debug)]
pub struct InlineFigure {
    /// Ids, for the link.
    pub category: Arc<str>,
    pub id: Arc<str>,
    pub field: Arc<str>,
    /// The component's title.
    pub component: Arc<str>,
    pub label: Arc<str>,
    pub source: Option<Arc<str>>,
    pub as_of: Option<Date>,
    pub max_age: Option<i64>,
}

/// Compiles and evaluates a call.
pub fn inline(formula: &Spanned<Arc<str>>, facts: &Facts<'_>) -> Result<Inline, Vec<Diagnostic>> {
    let expr = facts.compile(formula)?;
    let figure = match &expr.root().kind {
        Kind::Figure(reference) => figure_of(reference, facts),
        _ => None,
    };
    let figures = match figure {
        Some(_) => Vec::new(),
        None => facts.figures_of(&expr),
    };
    Ok(Inline {
        formula: Arc::clone(&formula.value),
        value: facts.evaluate(&expr),
        decimals: shown_decimals(&expr),
        figure,
        figures,
    })
}

fn figure_of(reference: &Ref, facts: &Facts<'_>) -> Option<InlineFigure> {
    let (category, id, field) = match reference {
        Ref::Figure {
            category,
            component,
            field,
        } => (category, component, field),
        Ref::Own { field } => {
            let own = facts.own?;
            (&own.category, &own.id.value, field)
        }
        _ => return None,
    };
    let category = facts.catalog.category(category)?;
    let component = category.component(id)?;
    let position = category.field_position(field)?;
    let declared = &category.fields[position];
    let figure = &component.figures[position];
    Some(InlineFigure {
        category: Arc::clone(&category.id.value),
        id: Arc::clone(&component.id.value),
        field: Arc::clone(&declared.name.value),
        component: Arc::clone(&component.title),
        label: Arc::clone(&declared.label),
        source: figure.source.clone(),
        as_of: figure.as_of,
        max_age: declared.max_age,
    })
}
