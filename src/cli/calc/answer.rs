//! What a selection comes to, for people and for programs.

use serde_json::{Map, Value as Json, json};

use crate::calc::{Calculator, Filling, Judgement, Outcome, Rule, Selection, State, unpriced};
use crate::render::Guide;
use crate::value::{Operand, Quantity, Value, format_operand};

pub struct Answer<'a> {
    pub guide: &'a Guide,
    pub calculator: &'a Calculator,
    pub selection: &'a Selection,
    pub outcome: &'a Outcome,
}

impl Answer<'_> {
    /// Totals with their units, what is missing, rules that are broken or can't
    /// be judged, the worst first, and how many are met.
    pub fn text(&self) -> String {
        let mut text = self.totals();
        for label in self.missing().map(|slot| &slot.label) {
            text.push_str(&format!("missing: {label}\n"));
        }
        let mut said: Vec<(u8, String)> = self.rules().filter_map(|of| self.said(of)).collect();
        said.sort_by_key(|(rank, _)| *rank);
        text.extend(said.into_iter().map(|(_, line)| line));
        text + &self.counts()
    }

    fn totals(&self) -> String {
        let (calculator, guide) = (self.calculator, self.guide);
        let locale = &guide.catalog.locale;
        let known = (self.selection, self.outcome);
        let unpriced = unpriced(calculator, &guide.catalog, &guide.builds, known);
        let widths = calculator.totals.iter().map(|t| t.label.chars().count());
        let width = widths.max().unwrap_or_default();
        let mut text = String::new();
        let totals = calculator.totals.iter().zip(&self.outcome.totals);
        for (at, (total, value)) in totals.enumerate() {
            let shown = |value| format_operand(value, Some(total.decimals), locale);
            let least = unpriced.as_ref();
            let least = least.and_then(|u| Some((u.least[at].as_ref()?, u)));
            let shown = match (least, value) {
                (Some((least, unpriced)), _) => format!(
                    "from {} (without a price: {})",
                    shown(least),
                    unpriced.parts.join(", ")
                ),
                (None, Operand::Unknown(reason)) => {
                    format!("{}: {}", shown(value), reason.text())
                }
                (None, _) => shown(value),
            };
            text.push_str(&format!("{:width$}  {shown}\n", total.label));
        }
        text
    }

    fn missing(&self) -> impl Iterator<Item = &crate::calc::Slot> {
        let slots = self.calculator.slots.iter().zip(&self.outcome.slots);
        let missing = slots.filter(|(_, filling)| **filling == Filling::TooFew);
        missing.map(|(slot, _)| slot)
    }

    fn rules(&self) -> impl Iterator<Item = (&Rule, &Judgement)> {
        self.calculator.rules.iter().zip(&self.outcome.rules)
    }

    /// A line for a rule of which something is to be said, and how bad it is.
    fn said(&self, (rule, judgement): (&Rule, &Judgement)) -> Option<(u8, String)> {
        let label = &rule.label;
        match &judgement.state {
            State::Broken => {
                let severity = rule.severity;
                let locale = &self.guide.catalog.locale;
                let message = rule.message.render(&judgement.figures, locale);
                let line = format!("{}: {label}: {message}\n", severity.name());
                Some((severity as u8, line))
            }
            State::Unknown(reason) => {
                Some((u8::MAX, format!("unknown: {label}: {}\n", reason.text())))
            }
            State::Ok | State::NotApplicable => None,
        }
    }

    /// "6 rules met, 1 does not apply".
    fn counts(&self) -> String {
        let of = |state: &State| self.rules().filter(|(_, j)| j.state == *state).count();
        let (met, idle) = (of(&State::Ok), of(&State::NotApplicable));
        let rules = if met == 1 { "rule" } else { "rules" };
        let apply = if idle == 1 { "does" } else { "do" };
        match (met, idle) {
            (0, 0) => String::new(),
            (_, 0) => format!("{met} {rules} met\n"),
            _ => format!("{met} {rules} met, {idle} {apply} not apply\n"),
        }
    }

    /// Everything: parts, inputs, totals as exact numbers, all rules.
    pub fn json(&self) -> String {
        let missing: Vec<_> = self.missing().map(|slot| &slot.id.value).collect();
        let answer = json!({
            "parts": self.parts_json(),
            "inputs": self.inputs_json(),
            "totals": self.totals_json(),
            "rules": self.rules_json(),
            "missing": missing,
        });
        format!("{answer:#}\n")
    }

    /// By slot.
    fn parts_json(&self) -> Map<String, Json> {
        let catalog = &self.guide.catalog;
        let mut parts = Map::new();
        for slot in &self.calculator.slots {
            let held = self.selection.parts(&slot.id.value).iter();
            let held = held.map(|(id, quantity)| {
                let component = catalog.component(&slot.category, id);
                let title = component.map(|component| &component.title.value);
                json!({ "id": id, "title": title, "quantity": quantity })
            });
            parts.insert(slot.id.value.to_string(), held.collect());
        }
        parts
    }

    fn inputs_json(&self) -> Map<String, Json> {
        let mut inputs = Map::new();
        for input in &self.calculator.inputs {
            let set = self.selection.inputs.get(&input.id.value).copied();
            let quantity = Quantity::new(set.unwrap_or(input.default), input.unit.clone());
            let (value, unit) = (quantity.number.to_string(), input.unit.symbol());
            let text = quantity.to_string();
            let json = json!({ "label": input.label, "value": value, "unit": unit, "text": text });
            inputs.insert(input.id.value.to_string(), json);
        }
        inputs
    }

    fn totals_json(&self) -> Map<String, Json> {
        let mut totals = Map::new();
        for (total, value) in self.calculator.totals.iter().zip(&self.outcome.totals) {
            let number = match value {
                Operand::Known(Value::Number(quantity)) => json!(quantity.number.to_string()),
                _ => Json::Null,
            };
            let reason = match value {
                Operand::Unknown(reason) => json!(reason.text()),
                _ => Json::Null,
            };
            let locale = &self.guide.catalog.locale;
            let json = json!({
                "label": total.label,
                "value": number,
                "unit": total.unit.symbol(),
                "text": format_operand(value, Some(total.decimals), locale),
                "unknown": reason,
            });
            totals.insert(total.id.value.to_string(), json);
        }
        totals
    }

    fn rules_json(&self) -> Map<String, Json> {
        let mut rules = Map::new();
        for (rule, judgement) in self.rules() {
            let message = match &judgement.state {
                State::Broken => {
                    let locale = &self.guide.catalog.locale;
                    json!(rule.message.render(&judgement.figures, locale))
                }
                State::Unknown(reason) => json!(reason.text()),
                State::Ok | State::NotApplicable => Json::Null,
            };
            let json = json!({
                "label": rule.label,
                "severity": rule.severity.name(),
                "state": judgement.state.name(),
                "require": rule.require.value,
                "message": message,
            });
            rules.insert(rule.id.value.to_string(), json);
        }
        rules
    }
}
