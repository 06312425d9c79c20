//! The first function of a module: makes what the page wrote fit for use.
//! Whatever bits the cells hold, no part is out of range, no quantity above its
//! slot's most, and no number out of its bounds.

use wasm_encoder::Instruction as I;

use super::code::{Code, at};
use super::lower::Source;

pub(super) fn prepare(source: &Source<'_>) -> Code {
    let mut code = Code::default();
    let count = |category: &str| {
        let found = source.catalog.category(category);
        found.map_or(0, |c| i32::try_from(c.components.len()).unwrap_or(0))
    };
    for (slot, &cell) in source.calculator.slots.iter().zip(&source.cells.slots) {
        let parts = count(&slot.category);
        match slot.is_single() {
            true => one_of(&mut code, cell, parts),
            false => {
                let most = i32::try_from(slot.max).unwrap_or(i32::MAX);
                each(&mut code, parts, |code, index| {
                    quantity(code, index, cell, most)
                });
            }
        }
    }
    for (position, input) in source.calculator.inputs.iter().enumerate() {
        let bound = |number: crate::value::Decimal| {
            let integer = number.to_integer(input.decimals);
            integer
                .and_then(|integer| i64::try_from(integer).ok())
                .unwrap_or(0)
        };
        let (from, to) = (
            source.cells.inputs[position],
            source.cells.input_values[position],
        );
        let zero = |code: &mut Code| {
            code.i32(0);
        };
        let bounds = (bound(input.min), bound(input.max));
        clamp(&mut code, (from, to), zero, bounds);
    }
    if let Some(own) = &source.calculator.own {
        let most = own.most.to_integer(own.decimals());
        let most = most.and_then(|most| i64::try_from(most).ok()).unwrap_or(0);
        for (category, cells) in &source.cells.owns {
            each(&mut code, count(category), |code, index| {
                let place = |code: &mut Code| {
                    code.get(index).i32(3).push(I::I32Shl);
                };
                clamp(code, (cells.prices, cells.values), place, (0, most));
            });
        }
    }
    code
}

/// A cell that names one of `count` parts from 1, or none by 0.
fn one_of(code: &mut Code, cell: u32, count: i32) {
    code.i32(0).push(I::I32Load(at(cell, 2)));
    let chosen = code.keep_narrow();
    code.i32(0).get(chosen).i32(0).get(chosen).i32(count);
    code.push(I::I32LeU)
        .push(I::Select)
        .push(I::I32Store(at(cell, 2)));
}

/// Repeats for each index below `count`.
fn each(code: &mut Code, count: i32, body: impl FnOnce(&mut Code, u32)) {
    let index = code.i32(0).keep_narrow();
    code.block().repeat();
    code.get(index).i32(count).push(I::I32GeS).push(I::BrIf(1));
    body(code, index);
    code.get(index).i32(1).push(I::I32Add).set(index);
    code.push(I::Br(0)).close().close();
}

/// A quantity from 0 to `most`.
fn quantity(code: &mut Code, index: u32, cell: u32, most: i32) {
    code.get(index).i32(2).push(I::I32Shl);
    code.get(index)
        .i32(2)
        .push(I::I32Shl)
        .push(I::I32Load(at(cell, 2)));
    let value = code.keep_narrow();
    code.get(value)
        .i32(most)
        .get(value)
        .i32(most)
        .push(I::I32LtS)
        .push(I::Select);
    let value = code.keep_narrow();
    code.get(value)
        .i32(0)
        .get(value)
        .i32(0)
        .push(I::I32GtS)
        .push(I::Select);
    code.push(I::I32Store(at(cell, 2)));
}

/// A float as an integer within bounds, from one cell to another; `place`
/// pushes the offset of both. What is no number is zero.
fn clamp(
    code: &mut Code,
    (from, to): (u32, u32),
    place: impl Fn(&mut Code),
    (low, high): (i64, i64),
) {
    place(code);
    place(code);
    code.push(I::F64Load(at(from, 3))).push(I::I64TruncSatF64S);
    let value = code.keep();
    code.get(value)
        .i64(high)
        .get(value)
        .i64(high)
        .push(I::I64LtS)
        .push(I::Select);
    let value = code.keep();
    code.get(value)
        .i64(low)
        .get(value)
        .i64(low)
        .push(I::I64GtS)
        .push(I::Select);
    code.push(I::I64Store(at(to, 3)));
}
