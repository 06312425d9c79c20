//! `rigbook calc`: totals and rules of a preset or of a selection.

mod answer;

use std::sync::Arc;

use super::Exit;
use super::args::{Calc, Common, Format};
use super::site::compiled_or_told;
use super::terminal::Terminal;
use crate::calc::{Calculator, Filling, Input, Selection, State, evaluate};
use crate::diag::{Severity, help_nearest};
use crate::io::{Failure, Result};
use crate::render::Guide;
use crate::value::{Decimal, Quantity, Units};
use answer::Answer;

/// Reckons and prints; exit code 1 if an error rule is broken or a part that
/// must be chosen is missing.
pub fn run(common: &Common, calc: &Calc, terminal: &Terminal) -> Result<Exit> {
    let Some(compiled) = compiled_or_told(common, terminal)? else {
        return Ok(Exit::Content);
    };
    let Some(guide) = compiled.guides.first() else {
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
    let answer = Answer {
        guide,
        calculator,
        selection: &selection,
        outcome: &outcome,
    };
    terminal.result_text(&match common.format {
        Format::Json => answer.json(),
        Format::Human | Format::Github => answer.text(),
    });
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
        let number = number_of(value.trim(), input, &catalog.units)?;
        selection.inputs.insert(Arc::clone(&input.id.value), number);
    }
    Ok(selection)
}

/// A number in the input's unit, which may be written out, within its bounds.
fn number_of(value: &str, input: &Input, units: &Units) -> Result<Decimal> {
    let unit = &input.unit;
    let quantity = || units.parse_quantity(value).ok()?.convert(unit).ok();
    let number = Decimal::parse(value).or_else(|| Some(quantity()?.number));
    let shown = |number: &Decimal| Quantity::new(*number, unit.clone()).to_string();
    let (min, max) = (shown(&input.min), shown(&input.max));
    match number {
        Some(number) if number >= input.min && number <= input.max => Ok(number),
        Some(number) => {
            let message = format!(
                "`{}` is {min} to {max}, not {}",
                input.id.value,
                shown(&number)
            );
            Err(Failure::usage(message))
        }
        None => Err(
            Failure::usage(format!("`{value}` is no number {}", unit.describe()))
                .help(format!("give a number from {min} to {max}")),
        ),
    }
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
