//! The calculator's WASM module against the native evaluator, on the guide:
//! every preset and random selections, bit for bit.

mod random;

use std::path::Path;
use std::sync::Arc;

use random::{Random, Recording, random_selection};
use rigbook::calc::verify::{Instance, difference};
use rigbook::calc::{Builds, Calculator, Module, Selection, evaluate, verify};
use rigbook::catalog::Catalog;
use rigbook::compile::{Options, Tools, compile};
use rigbook::io::project::Loader;
use rigbook::memo::{InMemory, Memo, Nothing};
use rigbook::render::diagram::DirectWorker;

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

/// Spoils a module and sees that it is not published. What formulas lose by a
/// wrong instruction, `formulas.rs` finds.
fn check_that_spoilt_modules_are_found(guide: &Guide<'_>) {
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
        on_stage: Arc::new(|_| ()),
    };
    let compiled = compile(&project, &Options::default(), &tools).value;
    let mut runs = 0;
    let mut recording = Recording::default();
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
        check_that_spoilt_modules_are_found(&guide);
        for build in &guide.catalog.builds {
            let selection = Selection::of_build(build, calculator, guide.catalog);
            check(&guide, &mut instance, &selection);
            runs += 1;
        }
        let mut recorded = recording.module(guide.module);
        let mut random = Random(0x5E_ED0F_1E57);
        // Each takes a tenth of a millisecond optimised; unoptimised builds test fewer.
        let count = if cfg!(debug_assertions) {
            2_000
        } else {
            50_000
        };
        for number in 0..count {
            let selection = random_selection(guide.calculator, guide.catalog, &mut random);
            check(&guide, &mut instance, &selection);
            runs += 1;
            if number < 1_000 {
                let both = (guide.calculator, guide.catalog);
                recorded.add(both, &selection, instance.memory());
            }
        }
        recorded.end();
    }
    recording.write("guide.json");
    assert!(runs > 4_000, "both editions have a calculator: {runs}");
}
