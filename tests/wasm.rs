//! The calculator's WASM module against the native evaluator, on the guide:
//! every preset and random selections, bit for bit.

use std::path::Path;
use std::sync::Arc;

use rigbook::calc::verify::{Instance, difference};
use rigbook::calc::{Builds, Calculator, Module, Selection, evaluate, verify};
use rigbook::catalog::Catalog;
use rigbook::compile::{Options, Tools, compile};
use rigbook::io::project::Loader;
use rigbook::memo::{InMemory, Memo, Nothing};
use rigbook::render::diagram::DirectWorker;
use rigbook::value::Decimal;

struct Guide<'a> {
    calculator: &'a Calculator,
    catalog: &'a Catalog,
    builds: &'a Builds,
    module: &'a Module,
}

fn check(guide: &Guide<'_>, instance: &mut Instance<'_>, selection: &Selection) {
    let native = evaluate(guide.calculator, guide.catalog, guide.builds, selection);
    let wasm = instance
        .run((guide.calculator, guide.catalog), selection)
        .expect("it never traps");
    let found = difference(guide.calculator, &native, &wasm);
    assert_eq!(found, None, "for {selection:?}");
}

/// Breaks a module in ways that a bug of the encoder could, and sees that no
/// such module is published.
fn check_that_bugs_are_found(guide: &Guide<'_>) {
    let verify = |module: &Module| verify(module, guide.calculator, guide.catalog, guide.builds);
    assert_eq!(verify(guide.module).len(), 0);
    let mut swapped = guide.module.clone();
    swapped.cells.totals.swap(0, 1);
    let found = verify(&swapped);
    assert!(found[0].message.contains("total `"), "{}", found[0].message);
    let mut cut = guide.module.clone();
    cut.bytes.truncate(cut.bytes.len() / 2);
    let found = verify(&cut);
    assert!(
        found[0].message.contains("does not run"),
        "{}",
        found[0].message
    );
    let places = instructions(&guide.module.bytes);
    assert!(places.len() > 20);
    let mut found = 0;
    for &(at, opcode) in places.iter().step_by(places.len().div_ceil(60)) {
        let mut wrong = guide.module.clone();
        wrong.bytes[at] = opcode;
        assert!(wasmparser::validate(&wrong.bytes).is_ok());
        found +=
            usize::from(!verify(&wrong).is_empty() || differs_on_random_selections(guide, &wrong));
    }
    // A floor that shows that such bugs are seen at all; why the others stay is not known for each.
    assert!(found >= 5, "{found} found");
}

/// Where an instruction can be taken for a near one, with that one's opcode:
/// adding for subtracting, below for at most, both for either.
fn instructions(module: &[u8]) -> Vec<(usize, u8)> {
    let mut places = Vec::new();
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        let Ok(wasmparser::Payload::CodeSectionEntry(body)) = payload else {
            continue;
        };
        let operators = body.get_operators_reader().expect("valid");
        for operator in operators.into_iter_with_offsets() {
            let (operator, at) = operator.expect("valid");
            let opcode = match operator {
                wasmparser::Operator::I64Add => 0x7d,
                wasmparser::Operator::I64Sub => 0x7c,
                wasmparser::Operator::I64LtS => 0x57,
                wasmparser::Operator::I64GeS => 0x55,
                wasmparser::Operator::I32And => 0x72,
                wasmparser::Operator::I32Or => 0x71,
                _ => continue,
            };
            places.push((usize::try_from(at).expect("it is in memory"), opcode));
        }
    }
    places
}

fn differs_on_random_selections(guide: &Guide<'_>, module: &Module) -> bool {
    let mut instance = Instance::new(module).expect("it is valid");
    let mut random = Random(0xBAD_5EED);
    (0..200).any(|_| {
        let selection = random_selection(guide, &mut random);
        let native = evaluate(guide.calculator, guide.catalog, guide.builds, &selection);
        let both = (guide.calculator, guide.catalog);
        let wasm = instance.run(both, &selection);
        wasm.is_ok_and(|wasm| difference(guide.calculator, &native, &wasm).is_some())
    })
}

/// A small generator of numbers, equal in every run (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(bits).expect("31 bits fit") % limit
    }
}

fn random_selection(guide: &Guide<'_>, random: &mut Random) -> Selection {
    let mut selection = Selection::default();
    for slot in &guide.calculator.slots {
        let Some(category) = guide.catalog.category(&slot.category) else {
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
    for input in &guide.calculator.inputs {
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

#[test]
fn native_and_wasm_agree_on_the_guide() {
    let memo: Arc<dyn Memo> = Arc::new(InMemory::new(Arc::new(Nothing)));
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut loader = Loader::open(root).expect("the guide is a site");
    let project = loader.load(&*memo).expect("the guide can be read").value;
    let tools = Tools {
        memo,
        worker: Arc::new(DirectWorker),
    };
    let compiled = compile(&project, &Options::default(), &tools).value;
    let mut runs = 0;
    for guide in &compiled.guides {
        let Some(calculator) = &guide.calculator else {
            continue;
        };
        let guide = Guide {
            calculator,
            catalog: &guide.catalog,
            builds: &guide.builds,
            module: guide.module.as_ref().expect("no formula can overflow"),
        };
        let mut instance = Instance::new(guide.module).expect("the module runs");
        check_that_bugs_are_found(&guide);
        for build in &guide.catalog.builds {
            let selection = Selection::of_build(build, calculator, guide.catalog);
            check(&guide, &mut instance, &selection);
            runs += 1;
        }
        let mut random = Random(0x5EED_0F_1E57);
        // Each takes a tenth of a millisecond optimised; unoptimised builds test fewer.
        let count = if cfg!(debug_assertions) {
            2_000
        } else {
            50_000
        };
        for _ in 0..count {
            let selection = random_selection(&guide, &mut random);
            check(&guide, &mut instance, &selection);
            runs += 1;
        }
    }
    assert!(runs > 4_000, "both editions have a calculator: {runs}");
}
