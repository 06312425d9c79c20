//! Which components a table or a chart shows, and in which order.

use std::cmp::Ordering;
use std::sync::Arc;

use super::{Facts, compile};
use crate::catalog::{Category, Component};
use crate::diag::{Code, Diagnostic, Spanned, is_allowed};
use crate::expr::Expr;
use crate::parse::{Kind, Node, Reader};
use crate::value::{Operand, Type, Value};

/// The components that were chosen, and how many were left out because the
/// filter met an unknown figure.
pub struct Selection<'a> {
    pub components: Vec<&'a Component>,
    pub left_out: usize,
    /// Whether such a figure is unknown by a mistake that has been reported.
    has_mistake: bool,
    /// The filter, as it was written.
    condition: Option<Spanned<Arc<str>>>,
}

impl Selection<'_> {
    /// What to say of a filter that leaves nothing of a category to be shown.
    pub fn nothing_left(&self, category: &Category) -> Option<Diagnostic> {
        let condition = self.condition.as_ref()?;
        let is_meant =
            category.components.is_empty() || is_allowed(&condition.span, Code::Directive);
        if !self.components.is_empty() || is_meant || self.has_mistake {
            return None;
        }
        let message = format!(
            "no component of `{}` is left to be shown",
            category.id.value
        );
        let found = Diagnostic::warning(Code::Directive, condition.span.clone(), message);
        let label = match self.left_out {
            0 => "none is so",
            _ => "of none it is known to be so",
        };
        let help = "if none is for now, say so before the line: `# rigbook: allow directive`";
        Some(found.label(label).help(help))
    }
}

/// Reads `where`, `sort` and `limit`, and applies them.
pub fn select<'a>(
    reader: &Reader<'_>,
    category: &'a Category,
    facts: &Facts<'a>,
    sink: &mut Vec<Diagnostic>,
) -> Selection<'a> {
    let condition = reader.string("where");
    let filter = condition
        .as_ref()
        .and_then(|f| filter_of(f, category, facts, sink));
    let keys = sort_keys(reader.node("sort"), category, facts, sink);
    let limit = reader.integer("limit");
    let mut selection = Selection {
        components: Vec::new(),
        left_out: 0,
        has_mistake: false,
        condition: condition.filter(|_| filter.is_some()),
    };
    for component in &category.components {
        let kept = filter.as_ref().map(|f| facts.evaluate_for(f, component));
        match kept {
            None | Some(Operand::Known(Value::Bool(true))) => selection.components.push(component),
            Some(Operand::Unknown(reason)) => {
                selection.left_out += 1;
                selection.has_mistake |= reason.is_reported();
            }
            Some(_) => {}
        }
    }
    sort(&mut selection.components, &keys, facts);
    if let Some(limit) = limit {
        match usize::try_from(limit.value) {
            Ok(most) if most > 0 => selection.components.truncate(most),
            _ => {
                let message = format!("`limit` must be above 0, found {}", limit.value);
                sink.push(Diagnostic::error(Code::InvalidValue, limit.span, message));
            }
        }
    }
    selection
}

fn filter_of(
    formula: &Spanned<Arc<str>>,
    category: &Category,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    let expr = compile(formula, &facts.names_of(category))
        .map_err(|e| sink.extend(e))
        .ok()?;
    if *expr.ty() == Type::Bool {
        return Some(expr);
    }
    let message = format!(
        "`where` must be true or false, found {}",
        expr.ty().describe()
    );
    sink.push(
        Diagnostic::error(Code::TypeMismatch, formula.span.clone(), message)
            .help(format!("compare it, as in `{}`", expr.compared())),
    );
    None
}

struct SortKey {
    expr: Expr,
    descending: bool,
}

/// `"price desc"`, or a list of such texts.
fn sort_keys(
    node: Option<&Node>,
    category: &Category,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Vec<SortKey> {
    let Some(node) = node else { return Vec::new() };
    let nodes = match &node.kind {
        Kind::Array(items) => items.as_slice(),
        _ => std::slice::from_ref(node),
    };
    let mut keys = Vec::new();
    for node in nodes {
        let Kind::String(text) = &node.kind else {
            let message = format!("`sort` must be a text, found {}", node.kind.name());
            sink.push(
                Diagnostic::error(Code::InvalidValue, node.span.clone(), message)
                    .help("for example `sort = \"price desc\"`"),
            );
            continue;
        };
        let (formula, descending) = direction(text);
        let formula = Spanned::new(formula.into(), node.span.clone());
        match compile(&formula, &facts.names_of(category)) {
            Ok(expr) => keys.push(SortKey { expr, descending }),
            Err(errors) => sink.extend(errors.into_iter().map(|error| several(text, error))),
        }
    }
    keys
}

/// What to write for keys with commas between them, as other languages have it.
fn several(text: &str, mut error: Diagnostic) -> Diagnostic {
    let Some((first, second)) = text.split_once(',') else {
        return error;
    };
    let (first, second) = (first.trim(), second.trim());
    let is_way = ["asc", "desc"].contains(&second.to_lowercase().as_str());
    if error.code == Code::FormulaSyntax && !text.contains('(') {
        error.help = vec![match is_way {
            true => format!("write `sort = \"{first} {}\"`", second.to_lowercase()),
            false => format!("write `sort = [\"{first}\", \"{second}\"]`"),
        }];
    }
    error
}

fn direction(text: &str) -> (&str, bool) {
    let text = text.trim();
    let Some((formula, word)) = text.rsplit_once(char::is_whitespace) else {
        return (text, false);
    };
    match word.to_ascii_lowercase().as_str() {
        "desc" => (formula.trim_end(), true),
        "asc" => (formula.trim_end(), false),
        _ => (text, false),
    }
}

/// By the keys; what is unknown comes last both ways, equals keep their order.
fn sort<'a>(components: &mut [&'a Component], keys: &[SortKey], facts: &Facts<'a>) {
    if keys.is_empty() {
        return;
    }
    components.sort_by_cached_key(|component| {
        let values = keys.iter().map(|key| Keyed {
            value: facts.evaluate_for(&key.expr, component),
            descending: key.descending,
        });
        values.collect::<Vec<_>>()
    });
}

struct Keyed {
    value: Operand,
    descending: bool,
}

impl Ord for Keyed {
    fn cmp(&self, other: &Self) -> Ordering {
        match (self.value.known(), other.value.known()) {
            (Some(a), Some(b)) if self.descending => compare_values(b, a),
            (Some(a), Some(b)) => compare_values(a, b),
            (Some(_), None) => Ordering::Less,
            (None, Some(_)) => Ordering::Greater,
            (None, None) => Ordering::Equal,
        }
    }
}

impl PartialOrd for Keyed {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Keyed {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Keyed {}

/// The order of two values of one type: numbers by amount, ranges by their
/// lower end, texts without regard to case.
pub fn compare_values(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.compare(b).unwrap_or(Ordering::Equal),
        (Value::Range(a), Value::Range(b)) => (a.lower().compare(&b.lower()))
            .unwrap_or(Ordering::Equal)
            .then(a.upper().compare(&b.upper()).unwrap_or(Ordering::Equal)),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Bool(a), Value::Bool(b)) => b.cmp(a),
        (Value::Text(a), Value::Text(b)) => a.to_lowercase().cmp(&b.to_lowercase()).then(a.cmp(b)),
        (Value::Set(a), Value::Set(b)) => a.cmp(b),
        (Value::List(a), Value::List(b)) => a.cmp(b),
        _ => Ordering::Equal,
    }
}
