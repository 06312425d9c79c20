//! What a reader or a preset has chosen: parts by slot, inputs, own prices.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Calculator, Slot};
use crate::catalog::{Build, Catalog, PartUse};
use crate::diag::{Code, Diagnostic, help_nearest};
use crate::expr::Id;
use crate::value::Decimal;

/// A choice of parts and numbers. What it does not name is empty, by default
/// or as published.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Selection {
    /// By slot, component ids and quantities in the order of choice.
    pub parts: BTreeMap<Id, Vec<(Id, u32)>>,
    /// By input, in the input's unit.
    pub inputs: BTreeMap<Id, Decimal>,
    /// By category and component, in the unit of the calculator's own field.
    pub prices: BTreeMap<(Id, Id), Decimal>,
}

/// Whether a slot holds as many parts as it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Filling {
    TooFew,
    Right,
    TooMany,
}

impl Selection {
    /// The selection of a preset. Former ids are replaced by present ones; what
    /// is unknown is left out, of which [`check_builds`] tells.
    pub fn of_build(build: &Build, calculator: &Calculator, catalog: &Catalog) -> Self {
        let mut selection = Self::default();
        for part in &build.parts {
            let Some(slot) = calculator.slot(&part.slot) else {
                continue;
            };
            if let Some(component) = catalog.component(&slot.category, &part.component) {
                let id = component.id.value.clone();
                selection.add(&part.slot.value, id, part.quantity);
            }
        }
        selection
    }

    /// Puts parts into a slot; more of one that is there already add up.
    pub fn add(&mut self, slot: &Id, component: Id, quantity: u32) {
        let parts = self.parts.entry(Arc::clone(slot)).or_default();
        match parts.iter_mut().find(|(id, _)| *id == component) {
            Some((_, sum)) => *sum = sum.saturating_add(quantity),
            None => parts.push((component, quantity)),
        }
    }

    /// The parts of a slot.
    pub fn parts(&self, slot: &str) -> &[(Id, u32)] {
        self.parts.get(slot).map_or(&[], Vec::as_slice)
    }

    /// How many parts a slot holds, by quantity.
    pub fn count(&self, slot: &str) -> u64 {
        self.parts(slot)
            .iter()
            .map(|(_, quantity)| u64::from(*quantity))
            .sum()
    }

    /// Whether a slot holds as many parts as it should; true of slots that the
    /// calculator doesn't have.
    pub fn filling(&self, calculator: &Calculator, slot: &str) -> Filling {
        let count = self.count(slot);
        match calculator.slot(slot) {
            Some(slot) if count < u64::from(slot.min) => Filling::TooFew,
            Some(slot) if count > u64::from(slot.max) => Filling::TooMany,
            _ => Filling::Right,
        }
    }
}

/// What is wrong with the presets: slots and components that don't exist, and
/// more parts than a slot holds. A slot that is empty or a rule that is broken
/// is shown with the preset and is no error of the content.
pub fn check_builds(calculator: &Calculator, catalog: &Catalog) -> Vec<Diagnostic> {
    let mut sink = Vec::new();
    for build in &catalog.builds {
        for part in &build.parts {
            check_part(part, calculator, catalog, &mut sink);
        }
        let selection = Selection::of_build(build, calculator, catalog);
        for slot in &calculator.slots {
            if selection.filling(calculator, &slot.id) != Filling::TooMany {
                continue;
            }
            let count = selection.count(&slot.id);
            let message = format!(
                "slot `{}` holds {} at most, not {count}",
                slot.id.value, slot.max
            );
            let place = build.parts.iter().find(|part| part.slot == slot.id);
            let span = place
                .map_or(&build.span, |part| &part.component.span)
                .clone();
            sink.push(
                Diagnostic::error(Code::InvalidValue, span, message)
                    .also(slot.id.span.clone(), "the slot"),
            );
        }
    }
    sink
}

/// Whether a preset has a mistake, which is reported where it stands: its
/// totals say nothing.
pub fn is_broken(build: &Build, calculator: &Calculator, catalog: &Catalog) -> bool {
    let is_there = |part: &PartUse| {
        let slot = calculator.slot(&part.slot);
        slot.is_some_and(|slot| catalog.component(&slot.category, &part.component).is_some())
    };
    let selection = Selection::of_build(build, calculator, catalog);
    let is_full = |slot: &Slot| selection.filling(calculator, &slot.id) == Filling::TooMany;
    build.lost_part || !build.parts.iter().all(is_there) || calculator.slots.iter().any(is_full)
}

fn check_part(
    part: &PartUse,
    calculator: &Calculator,
    catalog: &Catalog,
    sink: &mut Vec<Diagnostic>,
) {
    let Some(slot) = calculator.slot(&part.slot) else {
        if calculator.is_lost(&part.slot) {
            return;
        }
        let message = format!("the calculator has no slot `{}`", part.slot.value);
        let ids = calculator.slots.iter().map(|slot| slot.id.value.as_ref());
        let mut takers = calculator.slots.iter();
        let taker = takers.find(|slot| *slot.category == *part.slot.value);
        let help = match taker {
            Some(slot) => Some(format!(
                "slot `{}` takes `{}`",
                slot.id.value, slot.category
            )),
            None => help_nearest(&part.slot, ids),
        };
        let place = part.slot.span.clone();
        sink.push(Diagnostic::error(Code::UnknownName, place, message).help_if(help));
        return;
    };
    let is_lost = catalog.lost.has_component(&slot.category, &part.component);
    if catalog.component(&slot.category, &part.component).is_none() && !is_lost {
        let id = &part.component;
        let message = format!(
            "category `{}` has no component `{}`",
            slot.category, id.value
        );
        let ids = catalog
            .category(&slot.category)
            .into_iter()
            .flat_map(|c| c.component_ids());
        let help = match id.value.contains(',') {
            true => {
                let ids: Vec<String> = id
                    .split(',')
                    .map(|id| format!("\"{}\"", id.trim()))
                    .collect();
                Some(format!("several stand in a list: `[{}]`", ids.join(", ")))
            }
            false => catalog.help_id(id, ids),
        };
        sink.push(Diagnostic::error(Code::UnknownName, id.span.clone(), message).help_if(help));
    }
}
