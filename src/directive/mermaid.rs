//! `mermaid`: a diagram. In a fence marked `mermaid figures` the `{{ … }}` of
//! prose are filled in; elsewhere they are Mermaid's own hexagons.

use std::ops::Range;
use std::sync::Arc;

use super::{Directive, Facts, shown_decimals};
use crate::diag::{Checked, Code, Diagnostic, Severity, Span, Spanned};
use crate::expr::Expr;
use crate::parse::{Fence, Origin, is_figure, mask};
use crate::value::{Operand, Value, format_operand};

/// A diagram's source, its figures filled in.
#[derive(Clone, Debug)]
pub struct Mermaid {
    pub source: Arc<str>,
    /// Where the author's source stands.
    origin: Origin,
    fillings: Vec<Filling>,
    /// The word of the fence, for errors without a place.
    pub fence: Spanned<Arc<str>>,
}

/// A piece of the author's source that another text stands for.
#[derive(Clone, Debug)]
struct Filling {
    /// In the source that is drawn.
    filled: Range<usize>,
    /// In the author's.
    written: Range<usize>,
}

impl Mermaid {
    /// Where the author wrote what stands in a range of the source.
    pub fn span(&self, range: Range<usize>) -> Span {
        let start = self.written(range.start, |filling| filling.written.start);
        let end = self.written(range.end, |filling| filling.written.end);
        self.origin.span(start..end.max(start))
    }

    /// The author's offset; `within` a filling, which has no offsets of its
    /// own.
    fn written(&self, at: usize, within: impl Fn(&Filling) -> usize) -> usize {
        let count = (self.fillings).partition_point(|filling| filling.filled.start < at);
        match count.checked_sub(1).map(|last| &self.fillings[last]) {
            Some(filling) if at < filling.filled.end => within(filling),
            Some(filling) => filling.written.end + (at - filling.filled.end),
            None => at,
        }
    }
}

pub fn read(fence: &Fence, facts: &Facts<'_>) -> Checked<Option<Directive>> {
    let mut diagnostics = Vec::new();
    // A word on figures that fail is enough; without them nothing can be drawn.
    let (source, fillings) = match fence.words.iter().any(|w| w.as_ref() == "figures") {
        true => filled(fence, facts, &mut diagnostics),
        false => {
            diagnostics.extend(unfilled(fence));
            (Arc::clone(&fence.body), Vec::new())
        }
    };
    if diagnostics.iter().any(|d| d.severity == Severity::Error) {
        return Checked::new(None, diagnostics);
    }
    let mermaid = Mermaid {
        source,
        origin: fence.origin.clone(),
        fillings,
        fence: fence.language.clone(),
    };
    Checked::new(Some(Directive::Mermaid(mermaid)), diagnostics)
}

/// What looks like a figure in a diagram that fills in none.
fn unfilled(fence: &Fence) -> Option<Diagnostic> {
    let masked = mask(&fence.body);
    let is_meant = |call: &&Range<usize>| {
        let before = line_before(&fence.body, call.start);
        // A hexagon follows its id at once.
        let follows = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let inner = fence.body[call.start + 2..call.end - 2].trim();
        !follows && (is_figure(inner) || is_within(before) || !is_one_of(&SHAPED, &fence.body))
    };
    let call = masked.calls.iter().find(is_meant)?;
    let place = fence.origin.span(call.clone());
    let message = "figures are not filled into this diagram";
    Some(
        Diagnostic::warning(Code::FormulaSyntax, place, message)
            .help("begin it with the line ```` ```mermaid figures ````"),
    )
}

/// The text of a line up to a place.
fn line_before(text: &str, at: usize) -> &str {
    let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
    &text[start..at]
}

/// Whether a label is open at the end of a line's beginning.
fn is_within(before: &str) -> bool {
    let count = |sign| before.matches(sign).count();
    let is_open = |open, close| count(open) > count(close);
    is_quoted(before) || is_open('[', ']') || is_open('(', ')') || count('|') % 2 == 1
}

fn is_quoted(before: &str) -> bool {
    before.matches('"').count() % 2 == 1
}

/// Types of diagrams in which braces can be a shape.
const SHAPED: [&str; 4] = ["flowchart", "graph", "mindmap", "block"];
/// Types in which numbers stand bare, without sign, unit and grouping.
const COUNTED: [&str; 6] = [
    "pie",
    "xychart",
    "quadrantChart",
    "radar",
    "sankey",
    "treemap",
];

/// Whether a diagram is of one of the types. Its first line may be a head or a
/// comment.
fn is_one_of(types: &[&str], body: &str) -> bool {
    let all = || SHAPED.iter().chain(&COUNTED);
    let mut lines = body.lines().map(str::trim_start);
    let first = lines.find(|line| all().any(|name| line.starts_with(name)));
    first.is_some_and(|line| types.iter().any(|name| line.starts_with(name)))
}

fn filled(
    fence: &Fence,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> (Arc<str>, Vec<Filling>) {
    let masked = mask(&fence.body);
    let is_chart = is_one_of(&COUNTED, &fence.body);
    let mut source = String::with_capacity(fence.body.len());
    let mut fillings = Vec::new();
    let mut end = 0;
    for call in &masked.calls {
        source.push_str(&fence.body[end..call.start]);
        end = call.end;
        let is_bare = is_chart && !is_quoted(line_before(&fence.body, call.start));
        let start = source.len();
        if let Some(text) = figure(fence, call, is_bare, facts, sink) {
            source.push_str(&text);
        }
        fillings.push(Filling {
            filled: start..source.len(),
            written: call.clone(),
        });
    }
    source.push_str(&fence.body[end..]);
    sink.extend(unclosed(fence, &masked.text));
    (source.into(), fillings)
}

/// What stands for a call; a bare figure is its number alone.
fn figure(
    fence: &Fence,
    call: &Range<usize>,
    is_bare: bool,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<String> {
    let inner = &fence.body[call.start + 2..call.end - 2];
    let start = call.start + 2 + inner.len() - inner.trim_start().len();
    let range = start..start + inner.trim().len();
    let formula = Spanned::new(inner.trim().into(), fence.origin.span(range));
    let expr = match facts.compile(&formula) {
        Ok(expr) => expr,
        Err(errors) => {
            sink.extend(errors);
            return None;
        }
    };
    let value = facts.evaluate(&expr);
    let number = is_bare.then(|| bare(&value, &expr)).flatten();
    Some(number.unwrap_or_else(|| {
        let text = format_operand(&value, shown_decimals(&expr), facts.locale());
        // A label's own marks must not end it.
        text.replace(['"', '[', ']', '{', '}', '|'], " ")
    }))
}

/// The digits of a number in the unit in which it is shown.
fn bare(value: &Operand, expr: &Expr) -> Option<String> {
    let Some(Value::Number(quantity)) = value.known() else {
        return None;
    };
    let decimals = shown_decimals(expr);
    let number = decimals.map_or(quantity.number, |decimals| quantity.number.round(decimals));
    Some(number.to_string())
}

/// Braces that nothing closes on their line.
fn unclosed(fence: &Fence, masked: &str) -> Option<Diagnostic> {
    let open = masked.match_indices("{{").map(|(at, _)| at);
    let at = { open }.find(|&at| !masked[..at].ends_with('\\'))?;
    let place = fence.origin.span(at..at + 2);
    let message = "`{{` has no `}}` on its line";
    Some(Diagnostic::error(Code::FormulaSyntax, place, message).label("opened here"))
}
