//! The calculator's WASM module against the native evaluator, on the guide:
//! every preset and random selections, bit for bit.

use std::path::Path;
use std::sync::Arc;

use rigbook::calc::{Builds, Calculator, Module, Outcome, Selection, State, evaluate};
use rigbook::catalog::Catalog;
use rigbook::compile::{Options, Tools, compile};
use rigbook::io::project::Loader;
use rigbook::memo::{InMemory, Memo, Nothing};
use rigbook::render::diagram::DirectWorker;
use rigbook::value::{Decimal, Operand};

/// A module in an instance.
struct Instance {
    store: wasmi::Store<()>,
    memory: wasmi::Memory,
    evaluate: wasmi::TypedFunc<(), ()>,
}

impl Instance {
    fn new(module: &Module) -> Self {
        let engine = wasmi::Engine::default();
        let compiled = wasmi::Module::new(&engine, &module.bytes).expect("the module is valid");
        let mut store = wasmi::Store::new(&engine, ());
        let linker = wasmi::Linker::new(&engine);
        let instance = linker
            .instantiate_and_start(&mut store, &compiled)
            .expect("it needs no imports");
        let memory = instance.get_memory(&store, "memory").expect("exported");
        let evaluate = instance
            .get_typed_func::<(), ()>(&store, "evaluate")
            .expect("exported");
        Self {
            store,
            memory,
            evaluate,
        }
    }

    fn run(&mut self, guide: &Guide<'_>, selection: &Selection) -> Outcome {
        let memory = self.memory.data_mut(&mut self.store);
        guide
            .module
            .write((guide.calculator, guide.catalog), selection, memory);
        self.evaluate
            .call(&mut self.store, ())
            .expect("it never traps");
        guide.module.read(self.memory.data(&self.store))
    }
}

struct Guide<'a> {
    calculator: &'a Calculator,
    catalog: &'a Catalog,
    builds: &'a Builds,
    module: &'a Module,
}

fn same_operand(a: &Operand, b: &Operand) -> bool {
    match (a, b) {
        (Operand::Unknown(_), Operand::Unknown(_)) => true,
        _ => a == b,
    }
}

fn same_state(a: &State, b: &State) -> bool {
    a.name() == b.name()
}

fn check(guide: &Guide<'_>, instance: &mut Instance, selection: &Selection) {
    let native = evaluate(guide.calculator, guide.catalog, guide.builds, selection);
    let wasm = instance.run(guide, selection);
    for ((total, a), b) in guide
        .calculator
        .totals
        .iter()
        .zip(&native.totals)
        .zip(&wasm.totals)
    {
        assert!(
            same_operand(a, b),
            "total `{}`: native {a:?}, WASM {b:?} for {selection:?}",
            total.id.value
        );
    }
    for ((rule, a), b) in guide
        .calculator
        .rules
        .iter()
        .zip(&native.rules)
        .zip(&wasm.rules)
    {
        assert!(
            same_state(&a.state, &b.state),
            "rule `{}`: native {:?}, WASM {:?} for {selection:?}",
            rule.id.value,
            a.state,
            b.state
        );
        for (a, b) in a.figures.iter().zip(&b.figures) {
            assert!(
                same_operand(a, b),
                "a figure of rule `{}`: native {a:?}, WASM {b:?} for {selection:?}",
                rule.id.value
            );
        }
    }
    assert_eq!(native.totals.len(), wasm.totals.len());
    assert_eq!(native.rules.len(), wasm.rules.len());
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
        let mut instance = Instance::new(guide.module);
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
