//! The figures behind names, for the evaluator: of the catalog, of named
//! builds, and of a selection with its own prices.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Calculator, Selection};
use crate::catalog::{Catalog, Component, Field, FigureValues};
use crate::expr::{Env, Expr, Group, Id, Member, Ref};
use crate::value::{Operand, Quantity, Type, Value};

/// Decimals of a number in a message or in prose that declares none.
pub const SHOWN_DECIMALS: u8 = 2;

/// The presets with their totals.
#[derive(Clone, Debug, Default)]
pub struct Builds {
    pub selections: BTreeMap<Id, Selection>,
    /// By build, in the order of the calculator's totals.
    pub totals: BTreeMap<Id, Vec<Operand>>,
}

impl Builds {
    /// Reckons the totals of all presets.
    pub fn evaluate(calculator: &Calculator, catalog: &Catalog) -> Self {
        let mut builds = Self::default();
        for build in &catalog.builds {
            let selection = Selection::of_build(build, calculator, catalog);
            builds.selections.insert(build.id.value.clone(), selection);
            let none = vec![Operand::None; calculator.totals.len()];
            builds.totals.insert(build.id.value.clone(), none);
        }
        // Total by total, since one may use another one of another build.
        for &position in &calculator.order {
            for build in &catalog.builds {
                let id = &build.id.value;
                let (selection, totals) = (&builds.selections[id], &builds.totals[id]);
                let figures =
                    SelectionFigures::new((calculator, catalog), &builds, selection, totals);
                let total = figures.total(position);
                if let Some(totals) = builds.totals.get_mut(id) {
                    totals[position] = total;
                }
            }
        }
        builds
    }

    /// A total of a preset.
    pub fn total(&self, calculator: &Calculator, build: &str, total: &str) -> Operand {
        let position = calculator.total_position(total);
        let found = position.zip(self.totals.get(build));
        found.map_or(Operand::None, |(position, totals)| totals[position].clone())
    }
}

/// The figures that a page may name: of the catalog, and of named builds.
pub struct PageFigures<'a> {
    pub catalog: &'a Catalog,
    pub calculator: Option<&'a Calculator>,
    pub builds: &'a Builds,
    /// The component whose page it is.
    pub own: Option<&'a Component>,
}

impl PageFigures<'_> {
    fn catalog(&self) -> FigureValues<'_> {
        FigureValues {
            catalog: self.catalog,
            own: self.own,
        }
    }

    fn of_build<T>(&self, build: &str, find: impl FnOnce(&SelectionFigures<'_>) -> T) -> Option<T> {
        let selection = self.builds.selections.get(build)?;
        let both = (self.calculator?, self.catalog);
        Some(find(&SelectionFigures::new(
            both,
            self.builds,
            selection,
            &[],
        )))
    }
}

impl Env for PageFigures<'_> {
    fn value(&self, reference: &Ref) -> Operand {
        match reference {
            Ref::BuildTotal { build, total } => self
                .calculator
                .map_or(Operand::None, |c| self.builds.total(c, build, total)),
            Ref::BuildSlot { build, slot, field } => self
                .of_build(build, |figures| figures.slot_value(slot, field))
                .unwrap_or(Operand::None),
            _ => self.catalog().value(reference),
        }
    }

    fn members(&self, group: &Group) -> Vec<Member> {
        match group {
            Group::BuildSlot { build, slot } => self
                .of_build(build, |figures| figures.slot_members(slot))
                .unwrap_or_default(),
            Group::BuildParts { build } => self
                .of_build(build, |figures| figures.all_members())
                .unwrap_or_default(),
            _ => self.catalog().members(group),
        }
    }

    fn member_value(&self, group: &Group, member: &Member, field: &str) -> Operand {
        self.catalog().member_value(group, member, field)
    }
}

/// The figures of a calculator's formulas over a selection.
pub(super) struct SelectionFigures<'a> {
    pub calculator: &'a Calculator,
    pub catalog: &'a Catalog,
    pub builds: &'a Builds,
    pub selection: &'a Selection,
    /// By position; those that are not reckoned yet are none.
    pub totals: &'a [Operand],
    /// Figures that are derived from own prices, by category, component and
    /// field.
    derived: RefCell<BTreeMap<(Id, Id, Id), Operand>>,
}

impl<'a> SelectionFigures<'a> {
    pub fn new(
        (calculator, catalog): (&'a Calculator, &'a Catalog),
        builds: &'a Builds,
        selection: &'a Selection,
        totals: &'a [Operand],
    ) -> Self {
        Self {
            calculator,
            catalog,
            builds,
            selection,
            totals,
            derived: RefCell::default(),
        }
    }

    /// Reckons a total from those before it.
    pub fn total(&self, position: usize) -> Operand {
        let total = &self.calculator.totals[position];
        total.expr.evaluate_in(self, &total.unit, total.decimals)
    }

    fn page(&self) -> PageFigures<'_> {
        PageFigures {
            catalog: self.catalog,
            calculator: Some(self.calculator),
            builds: self.builds,
            own: None,
        }
    }

    fn slot_members(&self, slot: &str) -> Vec<Member> {
        let Some(slot) = self.calculator.slot(slot) else {
            return Vec::new();
        };
        let parts = self.selection.parts(&slot.id);
        let known = |(id, _): &&(Id, u32)| self.catalog.component(&slot.category, id).is_some();
        (parts.iter().filter(known))
            .map(|(component, quantity)| Member {
                slot: Some(slot.id.value.clone()),
                category: Arc::clone(&slot.category),
                component: Arc::clone(component),
                quantity: u64::from(*quantity),
            })
            .collect()
    }

    fn all_members(&self) -> Vec<Member> {
        let slots = self.calculator.slots.iter();
        slots.flat_map(|slot| self.slot_members(&slot.id)).collect()
    }

    /// The figure of the one part in a slot; none if it is empty.
    fn slot_value(&self, slot: &str, field: &str) -> Operand {
        let members = self.slot_members(slot);
        let found = members.iter().find(|member| member.quantity > 0);
        found.map_or(Operand::None, |member| self.part_value(member, field))
    }

    /// A part's figure, or what the reader set for it, and whatever of its
    /// figures are derived from that.
    fn part_value(&self, member: &Member, field: &str) -> Operand {
        let (category, component) = (&member.category, &member.component);
        let found = self.catalog.category(category).and_then(|category| {
            let position = category.field_position(field)?;
            Some((
                &category.fields[position],
                &category.component(component)?.figures[position],
            ))
        });
        let Some((declared, figure)) = found else {
            return Operand::None;
        };
        let key = (Arc::clone(category), Arc::clone(component));
        let own = self
            .calculator
            .own
            .as_ref()
            .zip(self.selection.prices.get(&key));
        let Some((own, price)) = own else {
            return figure.value.clone();
        };
        if own.field.as_ref() == field {
            let price = own.settle(*price);
            return Operand::Known(Value::Number(Quantity::new(price, own.unit.clone())));
        }
        let uses_own = own
            .derived
            .get(category)
            .is_some_and(|derived| derived.contains(field));
        match &declared.expr {
            Some(expr) if uses_own => self.derived(member, declared, expr),
            _ => figure.value.clone(),
        }
    }

    /// A derived figure of a part whose price the reader set. Each is reckoned
    /// once, since fields can use each other many times over.
    fn derived(&self, member: &Member, field: &Field, expr: &Expr) -> Operand {
        let name = &field.name.value;
        let key = (
            member.category.clone(),
            member.component.clone(),
            name.clone(),
        );
        if let Some(known) = self.derived.borrow().get(&key) {
            return known.clone();
        }
        let figures = PartFigures { of: self, member };
        let value = match &field.ty {
            Type::Number { unit, decimals } => {
                expr.evaluate_in(&figures, unit, decimals.unwrap_or(SHOWN_DECIMALS))
            }
            _ => expr.evaluate(&figures),
        };
        self.derived.borrow_mut().insert(key, value.clone());
        value
    }
}

/// The figures of a derived field's formula for a part.
struct PartFigures<'a> {
    of: &'a SelectionFigures<'a>,
    member: &'a Member,
}

impl Env for PartFigures<'_> {
    fn value(&self, reference: &Ref) -> Operand {
        match reference {
            Ref::Own { field } => self.of.part_value(self.member, field),
            _ => self.of.page().value(reference),
        }
    }

    fn members(&self, group: &Group) -> Vec<Member> {
        self.of.page().members(group)
    }

    fn member_value(&self, group: &Group, member: &Member, field: &str) -> Operand {
        self.of.page().member_value(group, member, field)
    }
}

impl Env for SelectionFigures<'_> {
    fn value(&self, reference: &Ref) -> Operand {
        match reference {
            Ref::Slot { slot, field } => self.slot_value(slot, field),
            Ref::Total { id } => {
                let position = self.calculator.total_position(id);
                let found = position.and_then(|position| self.totals.get(position));
                found.cloned().unwrap_or(Operand::None)
            }
            Ref::Input { id } => {
                let Some(input) = self.calculator.input(id) else {
                    return Operand::None;
                };
                let number = self
                    .selection
                    .inputs
                    .get(id)
                    .copied()
                    .unwrap_or(input.default);
                let number = number.round(input.decimals).clamp(input.min, input.max);
                Operand::Known(Value::Number(Quantity::new(number, input.unit.clone())))
            }
            _ => self.page().value(reference),
        }
    }

    fn members(&self, group: &Group) -> Vec<Member> {
        match group {
            Group::Slot(slot) => self.slot_members(slot),
            Group::Parts => self.all_members(),
            _ => self.page().members(group),
        }
    }

    fn member_value(&self, group: &Group, member: &Member, field: &str) -> Operand {
        match group {
            Group::Slot(_) | Group::Parts => self.part_value(member, field),
            _ => self.page().member_value(group, member, field),
        }
    }
}
