//! Which cells the page writes and reads, and where they are.

use std::collections::BTreeMap;

use super::data::OUTPUT;
use crate::calc::Calculator;
use crate::catalog::Catalog;
use crate::expr::Id;

/// Addresses of the cells of a module's memory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Cells {
    /// By slot. A slot of one part: the number of its component from 1, or 0
    /// for none, in 32 bits. A slot of several: the quantity of each component
    /// of its category, 32 bits each.
    pub slots: Vec<u32>,
    /// By input: a 64-bit float, the number times ten to the input's decimals.
    pub inputs: Vec<u32>,
    /// By category: the reader's own prices.
    pub owns: BTreeMap<Id, OwnCells>,
    /// By total, by rule, and by figure of each rule's message: 24 bytes. Two
    /// 64-bit floats (the second one is the upper end of a range) and the
    /// status in 32 bits: 0 known, 1 unknown, 2 none.
    pub totals: Vec<u32>,
    pub rules: Vec<u32>,
    pub figures: Vec<Vec<u32>>,
    /// The module's own: sanitised inputs and totals, 64 bits each.
    pub(super) input_values: Vec<u32>,
    pub(super) total_values: Vec<u32>,
    /// Where the cells end.
    pub(super) end: u32,
}

/// Cells of a category's own prices, one of each a component.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OwnCells {
    /// 64-bit floats: the price in minor units.
    pub prices: u32,
    /// 32 bits: whether a price is set.
    pub flags: u32,
    /// The module's own: sanitised prices, 64 bits each.
    pub(super) values: u32,
}

impl Cells {
    pub(super) fn new(calculator: &Calculator, catalog: &Catalog) -> Self {
        let mut end: u32 = 0;
        let mut take = |count: usize, width: u32| {
            let at = end.next_multiple_of(width.min(8));
            end = at.saturating_add(
                u32::try_from(count)
                    .unwrap_or(u32::MAX)
                    .saturating_mul(width),
            );
            at
        };
        let parts = |category: &Id| catalog.category(category).map_or(0, |c| c.components.len());
        let slots = (calculator.slots.iter())
            .map(|slot| match slot.is_single() {
                true => take(1, 4),
                false => take(parts(&slot.category), 4),
            })
            .collect();
        let inputs = calculator.inputs.iter().map(|_| take(1, 8)).collect();
        let categories = calculator.own.iter().flat_map(|own| own.derived.keys());
        let owns = categories
            .map(|category| {
                let count = parts(category);
                let prices = take(count, 8);
                let values = take(count, 8);
                let flags = take(count, 4);
                (
                    category.clone(),
                    OwnCells {
                        prices,
                        flags,
                        values,
                    },
                )
            })
            .collect();
        let totals = calculator.totals.iter().map(|_| take(1, OUTPUT)).collect();
        let rules = calculator.rules.iter().map(|_| take(1, OUTPUT)).collect();
        let figures = (calculator.rules.iter())
            .map(|rule| rule.message.figures().map(|_| take(1, OUTPUT)).collect())
            .collect();
        let input_values = calculator.inputs.iter().map(|_| take(1, 8)).collect();
        let total_values = calculator.totals.iter().map(|_| take(1, 8)).collect();
        Self {
            slots,
            inputs,
            owns,
            totals,
            rules,
            figures,
            input_values,
            total_values,
            end,
        }
    }

    /// The bytes of memory that the cells take.
    pub fn end(&self) -> usize {
        self.end as usize
    }

    /// Addresses of all outputs: totals, then rules, then the figures of rules.
    pub fn outputs(&self) -> impl Iterator<Item = usize> + '_ {
        let figures = self.figures.iter().flatten();
        let all = self.totals.iter().chain(&self.rules).chain(figures);
        all.map(|&cell| cell as usize)
    }
}
