//! Reading `[[calculator.rules]]`: conditions, and messages with figures in them.

use std::sync::Arc;

use super::model::place_within;
use super::names::{CalculatorNames, Typed};
use super::read::{label, named, read_id, report};
use super::{Calculator, Message, Piece, Rule};
use crate::catalog::Catalog;
use crate::diag::{Code, Diagnostic, Severity, Spanned};
use crate::expr;
use crate::parse::{Part, Reader, Table, single_braces, split};

pub(super) fn read_rule(
    table: &Table,
    calculator: &Calculator,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) -> Option<Rule> {
    let reader = Reader::new(table, "a rule");
    let id = read_id(&reader, "a rule");
    let require = reader.required_string("require");
    let message = reader.required_string("message");
    let severity = severity_of(&reader);
    let label = label(&reader, &named(id.as_ref()));
    let help = reader.string("help").map(|help| help.value);
    reader.finish(sink);
    let typed = Typed::All(calculator);
    let names = CalculatorNames { catalog, typed };
    let expr = require.as_ref().and_then(|require| {
        let compiled = expr::compile(require, &names).and_then(|expr| {
            expr.expect_bool()
                .map(|()| expr)
                .map_err(|error| vec![error])
        });
        compiled
            .map_err(|errors| report(errors, require, sink))
            .ok()
    });
    let pieces = message
        .as_ref()
        .map(|message| read_message(message, &names, sink));
    Some(Rule {
        id: id?,
        label,
        severity,
        require: require?,
        expr: expr?,
        message: pieces?,
        help,
    })
}

fn severity_of(reader: &Reader<'_>) -> Severity {
    const ALL: [Severity; 3] = [Severity::Error, Severity::Warning, Severity::Note];
    let Some(given) = reader.string("severity") else {
        return Severity::Error;
    };
    let found = ALL
        .into_iter()
        .find(|severity| severity.name() == given.value.as_ref());
    found.unwrap_or_else(|| {
        let message = format!("there is no severity `{}`", given.value);
        reader.report(
            Diagnostic::error(Code::InvalidValue, given.span.clone(), message)
                .help("write `error`, `warning` or `note`"),
        );
        Severity::Error
    })
}

/// Splits a message at its `{{ … }}`; `\{{` stands for braces.
fn read_message(
    message: &Spanned<Arc<str>>,
    names: &CalculatorNames<'_>,
    sink: &mut Vec<Diagnostic>,
) -> Message {
    let mut pieces = Vec::new();
    let mut text = String::new();
    for part in split(message) {
        let formula = match part {
            Part::Text(part) => {
                sink.extend(single_braces(part).first().map(|(_, braces)| {
                    let (text, help) = braces.told();
                    Diagnostic::warning(Code::FormulaSyntax, message.span.clone(), text).help(help)
                }));
                text.push_str(part);
                continue;
            }
            Part::Formula(formula) => formula,
            Part::Open(rest) => {
                text.push_str(rest);
                let missing = "`{{` has no `}}`";
                let open = Diagnostic::error(Code::FormulaSyntax, message.span.clone(), missing);
                sink.push(open);
                continue;
            }
        };
        match expr::compile(formula, names) {
            Ok(expr) => {
                if !text.is_empty() {
                    pieces.push(Piece::Text(std::mem::take(&mut text).into()));
                }
                pieces.push(Piece::Figure(expr));
            }
            Err(errors) => report(errors, &place_within(formula, message), sink),
        }
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text.into()));
    }
    Message {
        source: message.clone(),
        pieces,
    }
}
