//! What the rules say of a preset: broken ones by severity, then those that
//! can't be judged; those that are met are folded.

use super::super::escape::Escaped;
use super::Judged;
use super::why::{Why, why_html};
use crate::calc::{Judgement, Rule, State};
use crate::diag::Severity;

pub(super) fn rules_html(judged: &Judged<'_>) -> String {
    let all = judged.calculator.rules.iter().zip(&judged.outcome.rules);
    let mut open: Vec<(u8, String)> = Vec::new();
    let mut met: Vec<String> = Vec::new();
    for (rule, judgement) in all {
        let Some((rank, class, word)) = standing(rule, judgement) else {
            continue;
        };
        let item = rule_html(judged, (rule, judgement), (class, word));
        match judgement.state {
            State::Ok => met.push(item),
            _ => open.push((rank, item)),
        }
    }
    open.sort_by_key(|(rank, _)| *rank);
    let open: String = open.into_iter().map(|(_, item)| item).collect();
    let open = match open.is_empty() {
        true => String::new(),
        false => format!("<ul class=\"rules\">\n{open}</ul>\n"),
    };
    let met = match met.len() {
        0 => String::new(),
        count => format!(
            "<details class=\"rules-met\"><summary>{count} {} met</summary><ul class=\"rules\">\n{}</ul></details>\n",
            if count == 1 { "rule" } else { "rules" },
            met.concat()
        ),
    };
    open + &met
}

fn standing(rule: &Rule, judgement: &Judgement) -> Option<(u8, &'static str, &'static str)> {
    match (&judgement.state, rule.severity) {
        (State::Broken, Severity::Error) => Some((0, "error", "Error")),
        (State::Broken, Severity::Warning) => Some((1, "warning", "Warning")),
        (State::Broken, Severity::Note) => Some((2, "note", "Note")),
        (State::Unknown(_), _) => Some((3, "unknown", "Unknown")),
        (State::Ok, _) => Some((4, "ok", "Met")),
        (State::NotApplicable, _) => None,
    }
}

fn rule_html(
    judged: &Judged<'_>,
    (rule, judgement): (&Rule, &Judgement),
    (class, word): (&str, &str),
) -> String {
    let locale = &judged.guide.catalog.locale;
    let text = match &judgement.state {
        State::Broken => rule.message.render(&judgement.figures, locale),
        State::Unknown(reason) => format!("{}: {}", rule.label, reason.plain()),
        _ => rule.label.to_string(),
    };
    let why = Why {
        note: String::new(),
        formula: &rule.require.value,
        expr: &rule.expr,
        help: rule.help.as_deref(),
    };
    format!(
        "<li class=\"rule rule-{class}\"><span class=\"rule-state\">{word}</span><p>{}</p>{}</li>\n",
        Escaped(&text),
        why_html(judged, &why)
    )
}
