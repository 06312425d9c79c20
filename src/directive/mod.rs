//! Block directives: fenced blocks that become something generated. Each reads
//! its fence against the facts of its version and returns a model; only
//! `render` draws.

mod build;
mod calculator;
mod changes;
mod chart;
mod claims;
mod compare;
mod deciding;
mod inline;
mod mermaid;
mod rows;
mod shares;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::calc::{Builds, Calculator, PageFigures, PageNames};
use crate::catalog::{Build, Catalog, Category, Component};
use crate::diag::{Checked, Code, Diagnostic, Span, Spanned, nearest};
use crate::expr::{self, Env, Expr, Ref, Scope};
use crate::parse::{Fence, Kind, Node, Table, parse_toml};
use crate::value::{Locale, Operand, Type};

pub use build::ShownBuild;
pub use changes::ShownChanges;
pub use chart::{Chart, ChartKind, MOST_DIGITS, Series};
pub use claims::{Claim, ClaimState, Claims};
pub use compare::{Cell, Column, Compare, Orientation, Row};
pub use inline::{Inline, InlineFigure, inline};
pub use mermaid::Mermaid;

/// What a fence became.
#[derive(Clone, Debug)]
pub enum Directive {
    Build(ShownBuild),
    Calculator,
    Compare(Compare),
    Changes(ShownChanges),
    Chart(Chart),
    Claims(Claims),
    Mermaid(Mermaid),
}

/// Reads the body of a fence.
type Read = fn(&Fence, &Facts<'_>) -> Checked<Option<Directive>>;

/// All directives: the word of the fence, what reads it, and what it is for.
pub const DIRECTIVES: &[(&str, Read, &str)] = &[
    (
        "build",
        build::read,
        "a preset with its parts, totals and rules",
    ),
    (
        "calculator",
        calculator::read,
        "the place of the version's calculator",
    ),
    (
        "changes",
        changes::read,
        "what changed between two editions: `from`, `to`, `category`",
    ),
    (
        "chart",
        chart::read,
        "a chart of components, of a build or of given numbers",
    ),
    (
        "claims",
        claims::read,
        "statements that must hold of the data",
    ),
    ("compare", compare::read, "a table of components"),
    ("mermaid", mermaid::read, "a diagram"),
];

/// Whether a fence with this word is a directive.
pub fn is_directive(language: &str) -> bool {
    DIRECTIVES.iter().any(|(name, ..)| *name == language)
}

/// Words that others have for what a directive makes.
const CALLED: [(&str, &str); 9] = [
    ("calc", "calculator"),
    ("changelog", "changes"),
    ("comparison", "compare"),
    ("configurator", "calculator"),
    ("diagram", "mermaid"),
    ("graph", "chart"),
    ("plot", "chart"),
    ("preset", "build"),
    ("table", "compare"),
];

/// The directive that a word may mean which is none.
pub fn nearest_directive(word: &str) -> Option<&'static str> {
    let word = word.to_lowercase();
    let called = CALLED.iter().find(|(called, _)| *called == word);
    called
        .map(|(_, name)| *name)
        .or_else(|| nearest(&word, DIRECTIVES.iter().map(|(name, ..)| *name)))
}

/// Reads a fence; none if it is malformed, which its diagnostics say.
pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    match DIRECTIVES
        .iter()
        .find(|(name, ..)| *name == fence.language.value.as_ref())
    {
        Some((_, read, _)) => read(fence, facts),
        None => Checked::clean(None),
    }
}

/// What formulas of a page can speak about.
#[derive(Clone, Copy)]
pub struct Facts<'a> {
    pub catalog: &'a Catalog,
    pub calculator: Option<&'a Calculator>,
    /// The presets, reckoned.
    pub builds: &'a Builds,
    /// The component whose page it is.
    pub own: Option<&'a Component>,
    /// Whether it is the page of a component that can't be read.
    pub lost_own: bool,
}

impl<'a> Facts<'a> {
    /// The names of formulas in prose.
    pub fn names(&self) -> PageNames<'a> {
        let own = self
            .own
            .and_then(|own| self.catalog.category(&own.category));
        self.names_over(own)
    }

    /// The names of formulas over each component of a category.
    pub fn names_of(&self, category: &'a Category) -> PageNames<'a> {
        self.names_over(Some(category))
    }

    fn names_over(&self, own: Option<&'a Category>) -> PageNames<'a> {
        PageNames {
            catalog: self.catalog,
            calculator: self.calculator,
            own,
            lost_own: self.lost_own && own.is_none(),
        }
    }

    fn figures(&self, own: Option<&'a Component>) -> PageFigures<'a> {
        PageFigures {
            catalog: self.catalog,
            calculator: self.calculator,
            builds: self.builds,
            own,
        }
    }

    /// Compiles a formula of the page's prose.
    pub fn compile(&self, formula: &Spanned<Arc<str>>) -> Result<Expr, Vec<Diagnostic>> {
        compile(formula, &self.names())
    }

    /// Its value.
    pub fn evaluate(&self, expr: &Expr) -> Operand {
        expr.evaluate(&self.figures(self.own))
    }

    /// The value for a component of a table.
    pub fn evaluate_for(&self, expr: &Expr, component: &'a Component) -> Operand {
        expr.evaluate(&self.figures(Some(component)))
    }

    /// The language of the guide.
    pub fn locale(&self) -> &'a Locale {
        &self.catalog.locale
    }

    /// The figures that a formula uses, with their values.
    fn figures_of(&self, expr: &Expr) -> Vec<(Arc<str>, Operand)> {
        let values = self.figures(self.own);
        let figures = expr.dependencies().refs.into_iter();
        figures
            .filter(|reference| !matches!(reference, Ref::Each { .. }))
            .map(|reference| (reference.to_string().into(), values.value(&reference)))
            .collect()
    }

    /// A category by name, or a finding with the nearest.
    fn category(&self, id: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> Option<&'a Category> {
        let found = self.catalog.category(&id.value);
        if found.is_none() && !self.catalog.lost.has_category(&id.value) {
            let message = format!("there is no category `{}`", id.value);
            sink.push(
                Diagnostic::error(Code::UnknownName, id.span.clone(), message)
                    .help_if(self.catalog.help_id(&id.value, self.catalog.category_ids())),
            );
        }
        found
    }

    /// A build by name, or a finding with the nearest.
    fn build(&self, id: &Spanned<Arc<str>>, sink: &mut Vec<Diagnostic>) -> Option<&'a Build> {
        let found = self.catalog.build(&id.value);
        if found.is_none() && !self.catalog.lost.has_build(&id.value) {
            let message = format!("there is no build `{}`", id.value);
            sink.push(
                Diagnostic::error(Code::UnknownName, id.span.clone(), message)
                    .help_if(self.catalog.help_id(&id.value, self.catalog.build_ids())),
            );
        }
        found
    }

    /// The calculator; none where a version has none, which a finding at a
    /// place says unless its declaration can't be read.
    fn calculator(
        &self,
        at: &Span,
        message: &str,
        sink: &mut Vec<Diagnostic>,
    ) -> Option<&'a Calculator> {
        if self.calculator.is_none() && !self.catalog.lost.has_name("calculator") {
            sink.push(
                Diagnostic::error(Code::Directive, at.clone(), message)
                    .help("declare `[calculator]` in the front matter of a page"),
            );
        }
        self.calculator
    }
}

/// How many decimals a computed number shows in prose that declares none.
const PROSE_DECIMALS: u8 = 2;

/// To how many decimals a formula's value is shown: those of the field that it
/// names; of a computed number those that it rounds to, or two.
pub fn shown_decimals(expr: &Expr) -> Option<u8> {
    let named = matches!(expr.root().kind, expr::ir::Kind::Figure(_));
    match expr.ty() {
        Type::Number { decimals, .. } if named => *decimals,
        Type::Number { decimals, .. } => Some(decimals.unwrap_or(PROSE_DECIMALS)),
        _ => None,
    }
}

/// Compiles a formula that stands in a file.
pub fn compile(formula: &Spanned<Arc<str>>, scope: &dyn Scope) -> Result<Expr, Vec<Diagnostic>> {
    expr::compile(&formula.value, scope).map_err(|errors| {
        (errors.into_iter())
            .map(|error| error.into_diagnostic(formula))
            .collect()
    })
}

/// The body of a fence as TOML; none if it is malformed.
fn toml_body(fence: &Fence, sink: &mut Vec<Diagnostic>) -> Option<Table> {
    let checked = parse_toml(&fence.body, &fence.origin);
    let malformed = checked.has_errors();
    let holds_another = fence.body.lines().any(|line| line.starts_with("```"));
    if malformed && (holds_another || !fence.closed) {
        let message = format!("this `{}` block is not closed", fence.language.value);
        sink.push(
            Diagnostic::error(Code::Syntax, fence.language.span.clone(), message)
                .help("end it with a line of three backticks, before what follows it"),
        );
        return None;
    }
    let mut table = checked.drain_into(sink);
    // Findings about the directive as a whole point at its word.
    table.span = fence.language.span.clone();
    (!malformed).then_some(table)
}

/// Takes a finding into the sink and returns nothing.
fn noted<T>(result: Result<T, Box<Diagnostic>>, sink: &mut Vec<Diagnostic>) -> Option<T> {
    result.map_err(|diagnostic| sink.push(*diagnostic)).ok()
}

/// Reports names that a list holds twice.
fn report_repeats(items: &[Node], what: &str, sink: &mut Vec<Diagnostic>) {
    let mut seen: BTreeMap<&str, &Node> = BTreeMap::new();
    for item in items {
        let Kind::String(name) = &item.kind else {
            continue;
        };
        if let Some(first) = seen.insert(name, item) {
            let message = format!("`{name}` is {what} twice");
            sink.push(
                Diagnostic::error(Code::InvalidValue, item.span.clone(), message)
                    .also(first.span.clone(), "first named here"),
            );
        }
    }
}
