//! Selections that look random and are equal in every run.

mod number;
mod recording;

pub use number::Random;
pub use recording::Recording;
use rigbook::calc::{Calculator, Selection};
use rigbook::catalog::Catalog;
use rigbook::value::Decimal;

/// Parts, quantities, own prices and inputs, all within the calculator's bounds.
pub fn random_selection(
    calculator: &Calculator,
    catalog: &Catalog,
    random: &mut Random,
) -> Selection {
    let mut selection = Selection::default();
    for slot in &calculator.slots {
        let Some(category) = catalog.category(&slot.category) else {
            continue;
        };
        let most = if slot.is_single() { 2 } else { 4 };
        for _ in 0..random.below(most) {
            let part = &category.components[random.below(category.components.len())];
            if slot.is_single() {
                selection.parts.remove(&slot.id.value);
            }
            let quantity = if slot.is_single() {
                1
            } else {
                1 + random.below(3) as u32
            };
            if selection.count(&slot.id.value) + u64::from(quantity) <= u64::from(slot.max) {
                selection.add(&slot.id.value, part.id.value.clone(), quantity);
            }
            if random.below(4) == 0 {
                let price = Decimal::from_integer(random.below(2_000_000) as i128, 2);
                let key = (slot.category.clone(), part.id.value.clone());
                selection.prices.insert(key, price.expect("it is small"));
            }
        }
    }
    for input in &calculator.inputs {
        if random.below(2) == 0 {
            let span = input.max.checked_sub(input.min).expect("bounds are near");
            let share = Decimal::from_integer(random.below(1001) as i128, 3).expect("small");
            let value = span
                .checked_mul(share)
                .and_then(|v| v.checked_add(input.min))
                .expect("within the bounds");
            selection
                .inputs
                .insert(input.id.value.clone(), value.round(input.decimals));
        }
    }
    selection
}
