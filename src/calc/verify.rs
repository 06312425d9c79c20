//! Holds the calculator's module against the native evaluator: before a module
//! is published, it is run on every preset, and must find what the pages say,
//! bit for bit. In come both; out go diagnostics. Nothing here has effects: the
//! module can call nothing, and always ends.

use super::wasm::Module;
use super::{Builds, Calculator, Outcome, Selection, evaluate};
use crate::catalog::Catalog;
use crate::diag::{Code, Diagnostic};
use crate::value::Operand;

/// A module in an engine.
pub struct Instance<'a> {
    module: &'a Module,
    store: wasmi::Store<()>,
    memory: wasmi::Memory,
    evaluate: wasmi::TypedFunc<(), ()>,
}

impl<'a> Instance<'a> {
    /// Makes the module ready to run; the error is the engine's reason.
    pub fn new(module: &'a Module) -> Result<Self, String> {
        let engine = wasmi::Engine::default();
        let compiled = wasmi::Module::new(&engine, &module.bytes).map_err(|e| e.to_string())?;
        let mut store = wasmi::Store::new(&engine, ());
        let instance = wasmi::Linker::new(&engine)
            .instantiate_and_start(&mut store, &compiled)
            .map_err(|e| e.to_string())?;
        let memory = instance.get_memory(&store, "memory");
        Ok(Self {
            memory: memory.ok_or("it exports no memory")?,
            evaluate: instance
                .get_typed_func::<(), ()>(&store, "evaluate")
                .map_err(|e| e.to_string())?,
            module,
            store,
        })
    }

    /// What the module finds for a selection; the error is the engine's reason
    /// for a trap.
    pub fn run(
        &mut self,
        both: (&Calculator, &Catalog),
        selection: &Selection,
    ) -> Result<Outcome, String> {
        let memory = self.memory.data_mut(&mut self.store);
        self.module.write(both, selection, memory);
        (self.evaluate.call(&mut self.store, ())).map_err(|e| e.to_string())?;
        Ok(self.module.read(self.memory()))
    }

    /// The module's memory as the last run left it.
    pub fn memory(&self) -> &[u8] {
        self.memory.data(&self.store)
    }
}

/// Runs every preset in the module and natively. A difference is an error: the
/// calculator in the page would contradict the tables beside it.
pub fn verify(
    module: &Module,
    calculator: &Calculator,
    catalog: &Catalog,
    builds: &Builds,
) -> Vec<Diagnostic> {
    let mistake = |message: String| {
        Diagnostic::error(Code::Limit, calculator.span.clone(), message)
            .help("this is a mistake of Rigbook's, please report it")
    };
    let mut instance = match Instance::new(module) {
        Ok(instance) => instance,
        Err(reason) => {
            let message = format!("the calculator's module does not run: {reason}");
            return vec![mistake(message)];
        }
    };
    let mut sink = Vec::new();
    for build in &catalog.builds {
        let selection = Selection::of_build(build, calculator, catalog);
        let native = evaluate(calculator, catalog, builds, &selection);
        let found = match instance.run((calculator, catalog), &selection) {
            Ok(wasm) => difference(calculator, &native, &wasm),
            Err(reason) => Some(format!("it stops: {reason}")),
        };
        if let Some(found) = found {
            let id = &build.id.value;
            let message = format!("the calculator's module is wrong about build `{id}`: {found}");
            sink.push(mistake(message));
        }
    }
    sink
}

/// The first thing in which two outcomes differ. Reasons for what is unknown
/// are not the module's business.
pub fn difference(calculator: &Calculator, native: &Outcome, wasm: &Outcome) -> Option<String> {
    if native.totals.len() != wasm.totals.len() || native.rules.len() != wasm.rules.len() {
        return Some("it has other totals or rules".to_owned());
    }
    let totals = calculator.totals.iter().zip(&native.totals);
    for ((total, a), b) in totals.zip(&wasm.totals) {
        if !same(a, b) {
            let id = &total.id.value;
            return Some(format!("total `{id}` is {a:?}, and it finds {b:?}"));
        }
    }
    let rules = calculator.rules.iter().zip(&native.rules);
    for ((rule, a), b) in rules.zip(&wasm.rules) {
        let id = &rule.id.value;
        if a.state.name() != b.state.name() {
            let (a, b) = (a.state.name(), b.state.name());
            return Some(format!("rule `{id}` is {a}, and it finds {b}"));
        }
        let figures = a.figures.iter().zip(&b.figures);
        if let Some((a, b)) = figures.into_iter().find(|(a, b)| !same(a, b)) {
            return Some(format!(
                "a figure of rule `{id}` is {a:?}, and it finds {b:?}"
            ));
        }
    }
    None
}

fn same(a: &Operand, b: &Operand) -> bool {
    match (a, b) {
        (Operand::Unknown(_), Operand::Unknown(_)) => true,
        _ => a == b,
    }
}
