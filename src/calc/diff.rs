//! What changed between the calculators of two editions: slots, inputs, totals
//! and rules, and what each preset comes to.

use std::sync::Arc;

use super::{Builds, Calculator, Input, Rule, Slot, Total};
use crate::catalog::{Catalog, Movement, Presence, build_before, movement, same_figure};
use crate::diag::Severity;
use crate::value::{Operand, Quantity};

/// A calculator with its presets reckoned, and the catalog that says what the
/// presets were called; none where an edition has no calculator.
pub type Reckoned<'a> = (Option<&'a Calculator>, &'a Builds, &'a Catalog);

/// Everything that differs between two calculators.
#[derive(Clone, Debug, Default)]
pub struct CalculatorDiff {
    pub slots: Vec<ItemDiff>,
    pub inputs: Vec<ItemDiff>,
    pub totals: Vec<ItemDiff>,
    pub rules: Vec<ItemDiff>,
    /// Of builds and totals that both editions have.
    pub figures: Vec<TotalDiff>,
}

/// A slot, an input, a total or a rule that is new, gone, or another one now.
#[derive(Clone, Debug)]
pub struct ItemDiff {
    pub id: Arc<str>,
    pub label: Arc<str>,
    pub presence: Presence,
    /// Of a rule.
    pub severity: Option<Severity>,
    /// What differs; of an item that is new or gone, what it is.
    pub traits: Vec<TraitDiff>,
}

/// What an item says of itself, in both editions.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TraitDiff {
    pub what: Trait,
    pub from: Option<Arc<str>>,
    pub to: Option<Arc<str>>,
}

/// What items of a calculator say of themselves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trait {
    Label,
    Category,
    Limits,
    Unit,
    Default,
    Formula,
    Severity,
    Message,
}

impl Trait {
    pub fn name(self) -> &'static str {
        match self {
            Self::Label => "label",
            Self::Category => "category",
            Self::Limits => "limits",
            Self::Unit => "unit",
            Self::Default => "default",
            Self::Formula => "formula",
            Self::Severity => "severity",
            Self::Message => "message",
        }
    }
}

/// A preset that comes to another total.
#[derive(Clone, Debug)]
pub struct TotalDiff {
    pub build: Arc<str>,
    pub total: Arc<str>,
    pub label: Arc<str>,
    pub from: Operand,
    pub to: Operand,
    pub decimals: u8,
    pub movement: Option<Movement>,
}

/// An item of one edition.
struct Item {
    id: Arc<str>,
    label: Arc<str>,
    severity: Option<Severity>,
    /// Without the label; the same ones for all items of a kind.
    traits: Vec<(Trait, Arc<str>)>,
}

/// Compares two calculators and their presets.
pub fn diff_calculators(old: Reckoned<'_>, new: Reckoned<'_>) -> CalculatorDiff {
    let both = [old.0, new.0];
    CalculatorDiff {
        slots: diff_items(both.map(|c| items(c, |c| &c.slots, slot))),
        inputs: diff_items(both.map(|c| items(c, |c| &c.inputs, input))),
        totals: diff_items(both.map(|c| items(c, |c| &c.totals, total))),
        rules: diff_items(both.map(|c| items(c, |c| &c.rules, rule))),
        figures: diff_totals(old, new),
    }
}

fn items<T>(
    calculator: Option<&Calculator>,
    list: fn(&Calculator) -> &Vec<T>,
    item: fn(&T) -> Item,
) -> Vec<Item> {
    calculator
        .map(list)
        .into_iter()
        .flatten()
        .map(item)
        .collect()
}

fn slot(slot: &Slot) -> Item {
    let limits = match slot.min == slot.max {
        true => slot.max.to_string(),
        false => format!("{} to {}", slot.min, slot.max),
    };
    Item {
        id: Arc::clone(&slot.id.value),
        label: Arc::clone(&slot.label),
        severity: None,
        traits: vec![
            (Trait::Category, Arc::clone(&slot.category)),
            (Trait::Limits, limits.into()),
        ],
    }
}

fn input(input: &Input) -> Item {
    let shown = |number| Quantity::new(number, input.unit.clone()).to_string();
    let limits = format!("{} to {}", input.min, shown(input.max));
    Item {
        id: Arc::clone(&input.id.value),
        label: Arc::clone(&input.label),
        severity: None,
        traits: vec![
            (Trait::Default, shown(input.default).into()),
            (Trait::Limits, limits.into()),
        ],
    }
}

fn total(total: &Total) -> Item {
    Item {
        id: Arc::clone(&total.id.value),
        label: Arc::clone(&total.label),
        severity: None,
        traits: vec![
            (Trait::Formula, Arc::clone(&total.formula.value)),
            (Trait::Unit, total.unit.symbol().into()),
        ],
    }
}

fn rule(rule: &Rule) -> Item {
    Item {
        id: Arc::clone(&rule.id.value),
        label: Arc::clone(&rule.label),
        severity: Some(rule.severity),
        traits: vec![
            (Trait::Formula, Arc::clone(&rule.require.value)),
            (Trait::Severity, rule.severity.name().into()),
            (Trait::Message, Arc::clone(&rule.message.source.value)),
        ],
    }
}

fn diff_items([old, new]: [Vec<Item>; 2]) -> Vec<ItemDiff> {
    let find = |list: &[Item], id: &str| list.iter().position(|item| item.id.as_ref() == id);
    let mut found = Vec::new();
    for item in &new {
        match find(&old, &item.id) {
            None => found.push(whole(item, Presence::Added)),
            Some(at) => found.extend(kept(&old[at], item)),
        }
    }
    let gone = old.iter().filter(|item| find(&new, &item.id).is_none());
    found.extend(gone.map(|item| whole(item, Presence::Removed)));
    found
}

/// An item that one edition has. Its severity stands beside it, and nothing is
/// said of what is empty.
fn whole(item: &Item, presence: Presence) -> ItemDiff {
    let shown = item.traits.iter();
    let shown = shown.filter(|(what, text)| *what != Trait::Severity && !text.is_empty());
    let shown = shown.map(|(what, text)| {
        let text = Some(Arc::clone(text));
        let (from, to) = match presence {
            Presence::Removed => (text, None),
            _ => (None, text),
        };
        TraitDiff {
            what: *what,
            from,
            to,
        }
    });
    ItemDiff {
        id: Arc::clone(&item.id),
        label: Arc::clone(&item.label),
        presence,
        severity: item.severity,
        traits: shown.collect(),
    }
}

/// An item of both editions; none where it is the same.
fn kept(old: &Item, new: &Item) -> Option<ItemDiff> {
    let labels = (Trait::Label, &old.label, &new.label);
    let others = old.traits.iter().zip(&new.traits);
    let others = others.map(|((what, from), (_, to))| (*what, from, to));
    let traits: Vec<TraitDiff> = std::iter::once(labels)
        .chain(others)
        .filter(|(_, from, to)| from != to)
        .map(|(what, from, to)| TraitDiff {
            what,
            from: Some(Arc::clone(from)),
            to: Some(Arc::clone(to)),
        })
        .collect();
    (!traits.is_empty()).then(|| ItemDiff {
        traits,
        ..whole(new, Presence::Kept)
    })
}

fn diff_totals(old: Reckoned<'_>, new: Reckoned<'_>) -> Vec<TotalDiff> {
    let ((Some(before), had, old), (Some(after), has, new)) = (old, new) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for (build, totals) in &has.totals {
        let was = (new.build(build)).and_then(|build| build_before(build, old));
        let Some(earlier) = was.and_then(|was| had.totals.get(&was.id.value)) else {
            continue;
        };
        for (total, to) in after.totals.iter().zip(totals) {
            let position = before.total_position(&total.id.value);
            let Some(from) = position.and_then(|at| earlier.get(at)) else {
                continue;
            };
            if same_figure(from, to) {
                continue;
            }
            found.push(TotalDiff {
                build: Arc::clone(build),
                total: Arc::clone(&total.id.value),
                label: Arc::clone(&total.label),
                from: from.clone(),
                to: to.clone(),
                decimals: total.decimals,
                movement: movement(from, to),
            });
        }
    }
    found
}
