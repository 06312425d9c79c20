//! Random formulas over random figures (negative, wide, unknown, of all types),
//! compiled to WASM and held against the native evaluator, bit for bit. What
//! agrees is written down for the browser tests, which run it in their engine.

#[path = "../random/mod.rs"]
mod random;
mod site;
mod writer;

use std::collections::BTreeMap;

use random::{Random, Recording, random_selection};
use rigbook::calc::verify::{Instance, difference};
use rigbook::calc::{Outcome, Selection, State, evaluate};
use rigbook::value::Operand;
use site::{RULES, TOTALS, site};

const SITES: u64 = if cfg!(debug_assertions) { 4 } else { 80 };
const SELECTIONS: usize = 40;
/// Of these, how many are run in the browser too.
const RECORDED: usize = 12;

/// Bugs that an encoder could have: an instruction taken for a near one (adding
/// for subtracting, below for at most, both for either) wherever it stands among
/// the same neighbours, as what one line of the encoder writes. Each is a list of
/// places with the opcodes to put there.
fn seeded_bugs(module: &[u8]) -> Vec<Vec<(usize, u8)>> {
    let mut bugs: BTreeMap<Vec<String>, Vec<(usize, u8)>> = BTreeMap::new();
    for payload in wasmparser::Parser::new(0).parse_all(module) {
        let Ok(wasmparser::Payload::CodeSectionEntry(body)) = payload else {
            continue;
        };
        let operators = body.get_operators_reader().expect("valid");
        let operators = operators.into_iter_with_offsets();
        let operators: Vec<_> = operators.map(|o| o.expect("valid")).collect();
        for (number, (operator, at)) in operators.iter().enumerate() {
            let opcode = match operator {
                wasmparser::Operator::I64Add => 0x7d,
                wasmparser::Operator::I64Sub => 0x7c,
                wasmparser::Operator::I64LtS => 0x57,
                wasmparser::Operator::I64GeS => 0x55,
                wasmparser::Operator::I32And => 0x72,
                wasmparser::Operator::I32Or => 0x71,
                _ => continue,
            };
            let around = number.saturating_sub(4)..operators.len().min(number + 3);
            let name = |(operator, _): &(wasmparser::Operator<'_>, _)| {
                let name = format!("{operator:?}");
                name.split(' ').next().unwrap_or_default().to_owned()
            };
            let neighbours = operators[around].iter().map(name).collect();
            let place = usize::try_from(*at).expect("it is in memory");
            bugs.entry(neighbours).or_default().push((place, opcode));
        }
    }
    bugs.into_values().collect()
}

/// Breaks instructions of modules as a bug of the encoder could, one at a time,
/// and counts what random selections find.
#[test]
fn seeded_bugs_are_found() {
    let (mut seeded, mut found) = (0, 0);
    for seed in [2, 4, 6] {
        let root = tempfile::tempdir().expect("a folder");
        let (compiled, _) = site(seed, root.path());
        let guide = &compiled.guides[0];
        let calculator = guide.calculator.as_ref().expect("it has one");
        let both = (calculator, &*guide.catalog);
        let module = guide.module.as_ref().expect("nothing overflows");
        let mut random = Random(seed);
        let cases: Vec<(Selection, Outcome)> = (0..60)
            .map(|_| {
                let selection = random_selection(calculator, &guide.catalog, &mut random);
                let native = evaluate(calculator, &guide.catalog, &guide.builds, &selection);
                (selection, native)
            })
            .collect();
        let bugs = seeded_bugs(&module.bytes);
        for bug in bugs.iter().step_by(bugs.len().div_ceil(60)) {
            let mut wrong = module.clone();
            for &(at, opcode) in bug {
                wrong.bytes[at] = opcode;
            }
            let mut instance = Instance::new(&wrong).expect("it is valid");
            let differs = cases.iter().any(|(selection, native)| {
                let wasm = instance.run(both, selection);
                wasm.map_or(true, |wasm| difference(calculator, native, &wasm).is_some())
            });
            seeded += 1;
            found += usize::from(differs);
        }
    }
    println!("{found} of {seeded} seeded bugs found");
    // The others make no difference (`x < 0` or `x <= 0` before a sign is taken), or stand in
    // a branch that no figure of these sites reaches.
    assert!(found * 10 > seeded * 6, "{found} of {seeded}");
}

#[test]
fn random_formulas_come_to_the_same_in_wasm() {
    let (mut formulas, mut known, mut broken, mut all) = (0, 0, 0, 0);
    let mut recording = Recording::default();
    for seed in 1..=SITES {
        let root = tempfile::tempdir().expect("a folder");
        let (compiled, left) = site(seed, root.path());
        let guide = &compiled.guides[0];
        let calculator = guide.calculator.as_ref().expect("it has one");
        let module = guide.module.as_ref().expect("nothing overflows");
        let mut instance = Instance::new(module).expect("it runs");
        let mut runs = recording.module(module);
        let mut random = Random(seed);
        for number in 0..SELECTIONS {
            let selection = random_selection(calculator, &guide.catalog, &mut random);
            let native = evaluate(calculator, &guide.catalog, &guide.builds, &selection);
            let wasm = instance
                .run((calculator, &guide.catalog), &selection)
                .expect("it never traps");
            assert_eq!(
                difference(calculator, &native, &wasm),
                None,
                "site {seed}, {selection:?}"
            );
            known += native
                .totals
                .iter()
                .filter(|t| matches!(t, Operand::Known(_)))
                .count();
            broken += native
                .rules
                .iter()
                .filter(|r| r.state == State::Broken)
                .count();
            all += native.totals.len() + native.rules.len();
            if number < RECORDED {
                runs.add((calculator, &guide.catalog), &selection, instance.memory());
            }
        }
        runs.end();
        formulas += left;
    }
    // The sample is worth something: most formulas were kept, many are known, many are not.
    let made = SITES as usize * (TOTALS + RULES);
    assert!(formulas * 2 > made, "{formulas} of {made}");
    assert!(
        known * 10 > all && broken * 20 > all && known * 10 < all * 9,
        "{known} known, {broken} broken of {all}"
    );
    recording.write("formulas.json");
    println!(
        "{formulas} formulas, {all} results, {known} of them known totals, {broken} broken rules"
    );
}
