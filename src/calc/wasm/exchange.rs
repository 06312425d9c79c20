//! What a page writes into a module's memory and reads from it, in Rust: for
//! whoever runs the module outside of a browser, to hold it against the native
//! evaluator.

use std::sync::Arc;

use super::{Module, Output};
use crate::calc::{Calculator, Judgement, Outcome, Selection, State};
use crate::catalog::Catalog;
use crate::value::{Date, Decimal, Operand, Quantity, QuantityRange, Reason, Unit, Value};

impl Module {
    /// Writes a selection into the memory of an instance. The memory has at
    /// least the bytes of the module's cells.
    pub fn write(
        &self,
        (calculator, catalog): (&Calculator, &Catalog),
        selection: &Selection,
        memory: &mut [u8],
    ) {
        let position = |category: &str, component: &str| {
            let found = catalog.category(category)?;
            found
                .components
                .iter()
                .position(|c| c.id.value.as_ref() == component)
        };
        for (slot, &cell) in calculator.slots.iter().zip(&self.cells.slots) {
            let count = catalog
                .category(&slot.category)
                .map_or(0, |c| c.components.len());
            let cells = if slot.is_single() { 1 } else { count };
            for i in 0..cells {
                put(memory, cell, i, &0u32.to_le_bytes());
            }
            for (component, quantity) in selection.parts(&slot.id) {
                match position(&slot.category, component) {
                    Some(part) if slot.is_single() => {
                        put(memory, cell, 0, &(part as u32 + 1).to_le_bytes());
                    }
                    Some(part) => put(memory, cell, part, &quantity.to_le_bytes()),
                    None => {}
                }
            }
        }
        for (input, &cell) in calculator.inputs.iter().zip(&self.cells.inputs) {
            let set = selection
                .inputs
                .get(&input.id.value)
                .copied()
                .unwrap_or(input.default);
            put(memory, cell, 0, &float(set, input.decimals).to_le_bytes());
        }
        let Some(own) = &calculator.own else { return };
        for (category, cells) in &self.cells.owns {
            let count = catalog.category(category).map_or(0, |c| c.components.len());
            for i in 0..count {
                put(memory, cells.flags, i, &0u32.to_le_bytes());
            }
        }
        for ((category, component), price) in &selection.prices {
            let cells = self.cells.owns.get(category);
            if let (Some(cells), Some(part)) = (cells, position(category, component)) {
                put(
                    memory,
                    cells.prices,
                    part,
                    &float(*price, own.decimals()).to_le_bytes(),
                );
                put(memory, cells.flags, part, &1u32.to_le_bytes());
            }
        }
    }

    /// Reads what the module found. Reasons are not known to it; slots are not
    /// its business.
    pub fn read(&self, memory: &[u8]) -> Outcome {
        let totals = self.cells.totals.iter().zip(&self.totals);
        let totals = totals
            .map(|(&cell, output)| self.output(memory, cell, output))
            .collect();
        let rules = (self.cells.rules.iter().enumerate())
            .map(|(position, &cell)| {
                let cells = self.cells.figures[position].iter();
                let figures = cells.zip(&self.figures[position]);
                let figure = |(&cell, output)| self.output(memory, cell, output);
                Judgement {
                    state: match self.output(memory, cell, &Output::Bool) {
                        Operand::Known(Value::Bool(true)) => State::Ok,
                        Operand::Known(_) => State::Broken,
                        Operand::Unknown(reason) => State::Unknown(reason),
                        Operand::None => State::NotApplicable,
                    },
                    figures: figures.map(figure).collect(),
                }
            })
            .collect();
        Outcome {
            slots: Vec::new(),
            totals,
            rules,
        }
    }

    fn output(&self, memory: &[u8], cell: u32, output: &Output) -> Operand {
        match i32::from_le_bytes(take(memory, cell + 16)) {
            0 => {}
            1 => return Operand::Unknown(Reason::new("")),
            _ => return Operand::None,
        }
        let end = |offset: u32| f64::from_le_bytes(take(memory, cell + offset)) as i64;
        let number =
            |end: i64, decimals: u8| Decimal::new(end.into(), decimals).unwrap_or_default();
        let text = |texts: &[Arc<str>]| texts.get(end(0) as usize).cloned().unwrap_or_default();
        Operand::Known(match output {
            Output::Number { unit, decimals } => {
                Value::Number(Quantity::new(number(end(0), *decimals), unit.clone()))
            }
            Output::Range { unit, decimals } => {
                range(number(end(0), *decimals), number(end(8), *decimals), unit)
            }
            Output::Bool => Value::Bool(end(0) != 0),
            Output::Date => match i32::try_from(end(0)).ok().and_then(Date::from_day_number) {
                Some(date) => Value::Date(date),
                None => return Operand::None,
            },
            Output::Text => Value::Text(text(&self.texts)),
            Output::Set => {
                let set = self.sets.get(end(0) as usize).cloned().unwrap_or_default();
                Value::Set(Arc::new(set.into_iter().collect()))
            }
        })
    }
}

fn range(low: Decimal, high: Decimal, unit: &Unit) -> Value {
    Value::Range(QuantityRange {
        low,
        high,
        unit: unit.clone(),
    })
}

/// A number as the float in which cells hold it.
fn float(number: Decimal, decimals: u8) -> f64 {
    let integer = number.round(decimals).to_integer(decimals).unwrap_or(0);
    integer as f64
}

fn put(memory: &mut [u8], cell: u32, index: usize, bytes: &[u8]) {
    let at = cell as usize + index * bytes.len();
    if let Some(target) = memory.get_mut(at..at + bytes.len()) {
        target.copy_from_slice(bytes);
    }
}

fn take<const N: usize>(memory: &[u8], at: u32) -> [u8; N] {
    let bytes = memory.get(at as usize..at as usize + N);
    bytes
        .and_then(|bytes| bytes.try_into().ok())
        .unwrap_or([0; N])
}
