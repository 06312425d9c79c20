//! `chart`: bars, lines and pies of components, of a build or of given
//! numbers.
//!
//! ````markdown
//! ```chart
//! type = "bar"
//! title = "Weight of the frames"
//! category = "frame"
//! series = ["weight"]
//! sort = "weight"
//! ```
//! ````

use std::sync::Arc;

use super::rows::select;
use super::shares::shares;
use super::{Directive, Facts, compile, report_repeats, toml_body};
use crate::catalog::Category;
use crate::diag::{Checked, Code, Diagnostic, Spanned, help_nearest};
use crate::parse::{Fence, Kind, Node, Reader, Table};
use crate::value::{Decimal, Operand, Quantity, Type, Unit, Value};

/// How many marks a chart may have.
const MOST_MARKS: usize = 2_000;

/// How many digits the numbers of a chart may have before the point: more can't
/// be read.
pub const MOST_DIGITS: u32 = 15;

/// A chart as numbers.
#[derive(Clone, Debug)]
pub struct Chart {
    pub kind: ChartKind,
    pub title: Arc<str>,
    pub unit: Unit,
    pub decimals: Option<u8>,
    /// One for each group of bars, point or slice.
    pub labels: Vec<Arc<str>>,
    pub series: Vec<Series>,
    /// How many components the filter could not judge.
    pub left_out: usize,
}

/// How a chart is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKind {
    Bar,
    Line,
    Pie,
}

/// A row of numbers with a name.
#[derive(Clone, Debug)]
pub struct Series {
    pub name: Arc<str>,
    /// In the order of the labels, all in the chart's unit.
    pub values: Vec<Operand>,
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    let chart = read_chart(fence, facts, &mut diagnostics).map(Directive::Chart);
    Checked::new(chart, diagnostics)
}

fn read_chart(fence: &Fence, facts: &Facts<'_>, sink: &mut Vec<Diagnostic>) -> Option<Chart> {
    let table = toml_body(fence, sink)?;
    let reader = Reader::new(&table, "a `chart` block");
    let kind = kind_of(&reader);
    let title = reader.required_string("title");
    let category = reader.string("category");
    let build = reader.string("build");
    let chart = match (category, build) {
        (Some(category), _) => of_category(&reader, &category, facts, sink),
        (None, Some(build)) => of_build(&reader, &build, facts, sink),
        (None, None) => of_data(&reader, facts, sink),
    };
    reader.finish(sink);
    let mut chart = chart?;
    chart.kind = kind;
    chart.title = facts.fill(&title?, sink);
    let marks = chart.labels.len() * chart.series.len();
    if marks == 0 || marks > MOST_MARKS {
        let message = match marks {
            0 => "the chart has nothing to show".to_string(),
            _ => format!("the chart has {marks} marks; at most {MOST_MARKS} are drawn"),
        };
        let span = fence.language.span.clone();
        sink.push(Diagnostic::error(Code::Directive, span, message));
        return None;
    }
    if chart
        .series
        .iter()
        .flat_map(|s| &s.values)
        .any(is_too_large)
    {
        let message = format!("a number of the chart has more than {MOST_DIGITS} digits");
        let span = fence.language.span.clone();
        sink.push(Diagnostic::error(Code::Limit, span, message).help("show it in a larger unit"));
        return None;
    }
    Some(chart)
}

fn is_too_large(value: &Operand) -> bool {
    let Operand::Known(Value::Number(quantity)) = value else {
        return false;
    };
    let most = Decimal::new(10_i128.pow(MOST_DIGITS), 0);
    let size = quantity.number.abs();
    size.zip(most).is_none_or(|(size, most)| size >= most)
}

fn kind_of(reader: &Reader<'_>) -> ChartKind {
    let kinds = [
        ("bar", ChartKind::Bar),
        ("line", ChartKind::Line),
        ("pie", ChartKind::Pie),
    ];
    let Some(name) = reader.string("type") else {
        return ChartKind::Bar;
    };
    match kinds.iter().find(|(n, _)| *n == name.value.as_ref()) {
        Some((_, kind)) => *kind,
        None => {
            let message = format!("there is no chart of type `{}`", name.value);
            reader.report(
                Diagnostic::error(Code::InvalidValue, name.span.clone(), message)
                    .help_if(help_nearest(&name.value, kinds.map(|(n, _)| n))),
            );
            ChartKind::Bar
        }
    }
}

fn of_category(
    reader: &Reader<'_>,
    id: &Spanned<Arc<str>>,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Chart> {
    let series = reader.node("series");
    let category = facts.category(id, sink);
    let Some(category) = category else {
        for key in ["where", "sort", "limit"] {
            reader.node(key);
        }
        return None;
    };
    let selection = select(reader, category, facts, sink);
    let Some(node) = series else {
        if reader.is_misspelt("series") {
            return None;
        }
        let message = "the chart of a category has no `series`";
        let names: Vec<&str> = category.field_names().collect();
        sink.push(
            Diagnostic::error(Code::MissingKey, id.span.clone(), message).help(format!(
                "give fields: `series = [\"{}\"]`",
                names.first().unwrap_or(&"price")
            )),
        );
        return None;
    };
    let mut axis = Axis::default();
    let mut rows = Vec::new();
    let mut complete = true;
    for (name, formula) in series_formulas(node, category, sink) {
        let Ok(expr) = compile(&formula, &facts.names_of(category)).map_err(|e| sink.extend(e))
        else {
            complete = false;
            continue;
        };
        if !axis.admit(expr.ty(), &formula, sink) {
            complete = false;
            continue;
        }
        let values = (selection.components.iter())
            .map(|component| axis.convert(facts.evaluate_for(&expr, component)))
            .collect();
        rows.push(Series { name, values });
    }
    if !complete {
        return None;
    }
    let labels = selection
        .components
        .iter()
        .map(|c| Arc::clone(&c.title))
        .collect();
    let mut chart = axis.chart(labels, rows);
    chart.left_out = selection.left_out;
    Some(chart)
}

/// Fields by name, or formulas with labels.
fn series_formulas(
    node: &Node,
    category: &Category,
    sink: &mut Vec<Diagnostic>,
) -> Vec<(Arc<str>, Spanned<Arc<str>>)> {
    let items = match &node.kind {
        Kind::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    report_repeats(items, "a series", sink);
    let mut formulas = Vec::new();
    for item in items {
        match &item.kind {
            Kind::String(name) => {
                let label = category.field(name).map_or(name, |field| &field.label);
                let formula = Spanned::new(Arc::clone(name), item.span.clone());
                formulas.push((Arc::clone(label), formula));
            }
            Kind::Table(table) => {
                let reader = Reader::new(table, "a series");
                let formula = reader.required_string("formula");
                let label = reader.string("label").map(|l| l.value);
                reader.finish(sink);
                if let Some(formula) = formula {
                    let label = label.unwrap_or_else(|| Arc::clone(&formula.value));
                    formulas.push((label, formula));
                }
            }
            other => {
                let message = format!(
                    "a series is a field's name or a table, found {}",
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
    formulas
}

/// A mark for each slot of a build.
fn of_build(
    reader: &Reader<'_>,
    build: &Spanned<Arc<str>>,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Chart> {
    let formula = reader.required_string("value")?;
    let shares = shares(facts, build, &formula, sink)?;
    let mut axis = Axis::default();
    for (_, value) in &shares {
        if let Operand::Known(Value::Number(quantity)) = value
            && !axis.admit(&Type::number(quantity.unit.clone()), &formula, sink)
        {
            return None;
        }
    }
    let labels = shares.iter().map(|(label, _)| Arc::clone(label)).collect();
    let values = shares.into_iter().map(|(_, v)| axis.convert(v)).collect();
    let name = Arc::clone(&formula.value);
    Some(axis.chart(labels, vec![Series { name, values }]))
}

/// Given numbers: `labels`, `unit` and `[[data]]` with `name` and `values`.
fn of_data(reader: &Reader<'_>, facts: &Facts<'_>, sink: &mut Vec<Diagnostic>) -> Option<Chart> {
    let unit = unit_of(reader, facts);
    let labels = reader.strings("labels");
    let tables = reader.tables("data");
    let Some(labels) = labels else {
        let span = reader.table().span.clone();
        sink.push(
            Diagnostic::error(Code::MissingKey, span, "the chart has no data").help(
                "give `category` and `series`, or `build` and `value`, or `labels` and `[[data]]`",
            ),
        );
        return None;
    };
    let mut axis = Axis {
        unit,
        decimals: None,
    };
    let mut series = Vec::new();
    for table in tables {
        series.push(data_series(table, labels.len(), &mut axis, facts, sink));
    }
    let series: Vec<Series> = series.into_iter().collect::<Option<_>>()?;
    let labels = labels.into_iter().map(|l| l.value).collect();
    Some(axis.chart(labels, series))
}

fn unit_of(reader: &Reader<'_>, facts: &Facts<'_>) -> Option<Unit> {
    let unit = reader.string("unit")?;
    match facts.catalog.units.parse(&unit.value) {
        Ok(unit) => Some(unit),
        Err(error) => {
            reader.report(
                Diagnostic::error(Code::UnknownUnit, unit.span.clone(), error.message)
                    .help_if(error.help),
            );
            None
        }
    }
}

fn data_series(
    table: &Table,
    expected: usize,
    axis: &mut Axis,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Series> {
    let reader = Reader::new(table, "a row of data");
    let name = reader.required_string("name");
    let node = reader.node("values");
    reader.finish(sink);
    let Some(Node {
        kind: Kind::Array(items),
        span,
    }) = node
    else {
        let span = name.map_or_else(|| table.span.clone(), |n| n.span);
        let message = "a row of data has no list of `values`";
        sink.push(Diagnostic::error(Code::MissingKey, span, message));
        return None;
    };
    if items.len() != expected {
        let message = format!(
            "expected {expected} values, one for each label, found {}",
            items.len()
        );
        sink.push(Diagnostic::error(Code::InvalidValue, span.clone(), message));
        return None;
    }
    let values = (items.iter())
        .map(|item| data_value(item, axis, facts, sink))
        .collect();
    Some(Series {
        name: name?.value,
        values,
    })
}

/// A number in the chart's unit, or a formula.
fn data_value(
    node: &Node,
    axis: &mut Axis,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Operand {
    let missing = || Operand::unknown("no number is given");
    match &node.kind {
        Kind::Number(text) => match Decimal::parse(&text.replace('_', "")) {
            Some(number) => {
                let unit = axis.unit.get_or_insert_with(Unit::one).clone();
                Operand::Known(Value::Number(Quantity::new(number, unit)))
            }
            None => missing(),
        },
        Kind::String(text) if text.is_empty() => missing(),
        Kind::String(text) => {
            let formula = Spanned::new(Arc::clone(text), node.span.clone());
            match facts.compile(&formula) {
                Ok(expr) if axis.admit(expr.ty(), &formula, sink) => {
                    axis.convert(facts.evaluate(&expr))
                }
                Ok(_) => missing(),
                Err(errors) => {
                    sink.extend(errors);
                    missing()
                }
            }
        }
        other => {
            let message = format!("a value is a number or a formula, found {}", other.name());
            sink.push(Diagnostic::error(
                Code::InvalidValue,
                node.span.clone(),
                message,
            ));
            missing()
        }
    }
}

/// The unit that all numbers of a chart share: the first that is met.
#[derive(Default)]
struct Axis {
    unit: Option<Unit>,
    decimals: Option<u8>,
}

impl Axis {
    /// Whether numbers of a type can stand on this axis; reports if not.
    fn admit(&mut self, ty: &Type, at: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> bool {
        let Type::Number { unit, decimals } = ty else {
            let message = format!("a chart shows numbers, found {}", ty.describe());
            sink.push(Diagnostic::error(
                Code::TypeMismatch,
                at.span.clone(),
                message,
            ));
            return false;
        };
        self.decimals = self.decimals.max(*decimals);
        let axis = self.unit.get_or_insert_with(|| unit.clone());
        if axis.is_compatible(unit) {
            return true;
        }
        let measured = |unit: &Unit| match unit.is_one() {
            true => "of plain numbers".to_owned(),
            false => format!("in `{}`", unit.symbol()),
        };
        let (axis, own) = (measured(axis), measured(unit));
        let message = format!("the chart's axis is {axis}, and this is {own}");
        sink.push(
            Diagnostic::error(Code::UnitMismatch, at.span.clone(), message)
                .label(format!("this is {}", unit.describe())),
        );
        false
    }

    fn convert(&self, value: Operand) -> Operand {
        let (Operand::Known(Value::Number(quantity)), Some(unit)) = (&value, &self.unit) else {
            return value;
        };
        match quantity.convert_rounded(unit, crate::value::QUOTIENT_DECIMALS) {
            Ok(converted) => Operand::Known(Value::Number(converted)),
            Err(_) => value,
        }
    }

    fn chart(self, labels: Vec<Arc<str>>, series: Vec<Series>) -> Chart {
        Chart {
            kind: ChartKind::Bar,
            title: "".into(),
            unit: self.unit.unwrap_or_else(Unit::one),
            decimals: self.decimals,
            labels,
            series,
            left_out: 0,
        }
    }
}
