//! `rigbook calc`: totals and rules of a preset or of a selection.

use std::sync::Arc;

use serde_json::{Map, Value as Json, json};

use super::Exit;
use super::args::{Calc, Common, Format};
use super::site::{Site, folder_from_here, sorted};
use super::terminal::{Stream, Terminal};
use crate::calc::{Calculator, Filling, Outcome, Selection, State, evaluate, unpriced};
use crate::diag::{Severity, help_nearest};
use crate::io::writer::must_stop;
use crate::io::{Failure, Result};
use crate::render::Guide;
use crate::value::{Operand, Value, format_operand};

/// Reckons and prints; exit code 1 if an error rule is broken or a part that
/// must be chosen is missing.
pub fn run(common: &Common, calc: &Calc, terminal: &Terminal) -> Result<Exit> {
    let mut site = Site::open_read_only(common)?;
    let compiled = site.compile()?;
    if must_stop(&compiled.diagnostics, common.strict) {
        let folder = folder_from_here(site.loader.root());
        terminal.diagnostics(&sorted(compiled.diagnostics), Stream::Err, &folder);
        return Ok(Exit::Content);
    }
    let Some(guide) = compiled.value.guides.first() else {
        return Err(Failure::usage("the site has no current version"));
    };
    let Some(calculator) = &guide.calculator else {
        return Err(Failure::usage("the site has no calculator")
            .help("declare `[calculator]` in the front matter of a page"));
    };
    if calc.build.is_none() && calc.set.is_empty() {
        let builds: Vec<&str> = guide.catalog.build_ids().collect();
        let failure = Failure::usage("say what to reckon: `--build ID` or `--set slot=id`");
        return Err(match builds.is_empty() {
            true => failure,
            false => failure.help(format!("there are the builds {}", builds.join(", "))),
        });
    }
    let selection = selection(calc, guide, calculator)?;
    let outcome = evaluate(calculator, &guide.catalog, &guide.builds, &selection);
    let text = match common.format {
        Format::Json => json_answer(guide, calculator, &outcome),
        Format::Human | Format::Github => human_answer(guide, calculator, (&selection, &outcome)),
    };
    terminal.result_text(&text);
    let broken = calculator.rules.iter().zip(&outcome.rules);
    let broken = broken
        .filter(|(rule, judgement)| {
            rule.severity == Severity::Error && judgement.state == State::Broken
        })
        .count();
    let is_missing = outcome.slots.contains(&Filling::TooFew);
    Ok(match broken {
        0 if !is_missing => Exit::Fine,
        _ => Exit::Content,
    })
}

fn selection(calc: &Calc, guide: &Guide, calculator: &Calculator) -> Result<Selection> {
    let catalog = &guide.catalog;
    let mut selection = Selection::default();
    if let Some(id) = &calc.build {
        let Some(build) = catalog.build(id) else {
            return Err(unknown("build", id, catalog.build_ids()));
        };
        selection = Selection::of_build(build, calculator, catalog);
    }
    for assignment in &calc.set {
        let (slot, parts) = pair(assignment, "--set slot=id*2,id2")?;
        let Some(slot) = calculator.slot(slot) else {
            let slots = calculator.slots.iter().map(|s| s.id.value.as_ref());
            return Err(unknown("slot", slot, slots));
        };
        // What is set replaces what the build has.
        selection.parts.remove(&slot.id.value);
        for part in parts.split(',').map(str::trim).filter(|p| !p.is_empty()) {
            let (id, quantity) = part.split_once('*').unwrap_or((part, "1"));
            let quantity: u32 = quantity
                .trim()
                .parse()
                .map_err(|_| Failure::usage(format!("`{quantity}` in `{part}` is no quantity")))?;
            let Some(component) = catalog.component(&slot.category, id.trim()) else {
                let category = catalog.category(&slot.category);
                let ids = category.into_iter().flat_map(|c| c.component_ids());
                return Err(unknown("component", id.trim(), ids));
            };
            selection.add(&slot.id.value, Arc::clone(&component.id.value), quantity);
        }
        if selection.filling(calculator, &slot.id.value) == Filling::TooMany {
            let message = format!("slot `{}` holds {} at most", slot.id.value, slot.max);
            return Err(Failure::usage(message));
        }
    }
    for assignment in &calc.input {
        let (id, value) = pair(assignment, "--input id=value")?;
        let Some(input) = calculator.input(id) else {
            let inputs = calculator.inputs.iter().map(|i| i.id.value.as_ref());
            return Err(unknown("input", id, inputs));
        };
        let Some(number) = crate::value::Decimal::parse(value.trim()) else {
            return Err(Failure::usage(format!("`{value}` is no number"))
                .help(format!("give it in `{}`", input.unit.symbol())));
        };
        selection.inputs.insert(Arc::clone(&input.id.value), number);
    }
    Ok(selection)
}

fn pair<'a>(assignment: &'a str, form: &str) -> Result<(&'a str, &'a str)> {
    let (name, value) = assignment
        .split_once('=')
        .ok_or_else(|| Failure::usage(format!("expected `{form}`, found `{assignment}`")))?;
    Ok((name.trim(), value))
}

fn unknown<'a>(what: &str, id: &str, known: impl IntoIterator<Item = &'a str>) -> Failure {
    let failure = Failure::usage(format!("there is no {what} `{id}`"));
    match help_nearest(id, known) {
        Some(help) => failure.help(help),
        None => failure,
    }
}

fn json_answer(guide: &Guide, calculator: &Calculator, outcome: &Outcome) -> String {
    let locale = &guide.catalog.locale;
    let mut totals = Map::new();
    for (total, value) in calculator.totals.iter().zip(&outcome.totals) {
        let number = match value {
            Operand::Known(Value::Number(quantity)) => json!(quantity.number.to_string()),
            _ => Json::Null,
        };
        let reason = match value {
            Operand::Unknown(reason) => json!(reason.text()),
            _ => Json::Null,
        };
        totals.insert(
            total.id.value.to_string(),
            json!({
                "label": total.label,
                "value": number,
                "unit": total.unit.symbol(),
                "text": format_operand(value, Some(total.decimals), locale),
                "unknown": reason,
            }),
        );
    }
    let mut rules = Map::new();
    for (rule, judgement) in calculator.rules.iter().zip(&outcome.rules) {
        let message = match &judgement.state {
            State::Broken => json!(rule.message.render(&judgement.figures, locale)),
            State::Unknown(reason) => json!(reason.text()),
            State::Ok | State::NotApplicable => Json::Null,
        };
        rules.insert(
            rule.id.value.to_string(),
            json!({
                "label": rule.label,
                "severity": rule.severity.name(),
                "state": judgement.state.name(),
                "message": message,
            }),
        );
    }
    let slots = calculator.slots.iter().zip(&outcome.slots);
    let missing: Vec<_> = slots
        .filter(|(_, filling)| **filling == Filling::TooFew)
        .map(|(slot, _)| &slot.id.value)
        .collect();
    let answer = json!({ "totals": totals, "rules": rules, "missing": missing });
    format!("{answer:#}\n")
}

fn human_answer(
    guide: &Guide,
    calculator: &Calculator,
    (selection, outcome): (&Selection, &Outcome),
) -> String {
    let locale = &guide.catalog.locale;
    let mut text = String::new();
    let width = calculator
        .totals
        .iter()
        .map(|t| t.label.chars().count())
        .max();
    let width = width.unwrap_or_default();
    let known = (selection, outcome);
    let unpriced = unpriced(calculator, &guide.catalog, &guide.builds, known);
    for (at, (total, value)) in calculator.totals.iter().zip(&outcome.totals).enumerate() {
        let least = unpriced
            .as_ref()
            .and_then(|u| Some((u.least[at].as_ref()?, u)));
        let shown = match least {
            Some((least, unpriced)) => format!(
                "from {} (without a price: {})",
                format_operand(least, Some(total.decimals), locale),
                unpriced.parts.join(", ")
            ),
            None => format_operand(value, Some(total.decimals), locale),
        };
        text.push_str(&format!("{:width$}  {shown}\n", total.label));
    }
    for (slot, filling) in calculator.slots.iter().zip(&outcome.slots) {
        if *filling == Filling::TooFew {
            text.push_str(&format!("missing: {}\n", slot.label));
        }
    }
    for (rule, judgement) in calculator.rules.iter().zip(&outcome.rules) {
        match &judgement.state {
            State::Broken => {
                let message = rule.message.render(&judgement.figures, locale);
                text.push_str(&format!(
                    "{}: {}: {message}\n",
                    rule.severity.name(),
                    rule.label
                ));
            }
            State::Unknown(reason) => {
                text.push_str(&format!("unknown: {}: {}\n", rule.label, reason.text()));
            }
            State::Ok | State::NotApplicable => {}
        }
    }
    text
}
