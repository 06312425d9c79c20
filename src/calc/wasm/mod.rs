//! The calculator as a WASM module: the same formulas and the figures of all
//! parts, compiled for the reader's browser.
//!
//! In come a calculator and its catalog; out go the module's bytes and where
//! its cells are. Numbers are 64-bit integers of known steps; interval
//! analysis over the figures shows that none overflows, or says which formula
//! can. The module sanitises whatever the page writes, so the proof holds
//! whatever the page does. Nothing here runs the module.

mod aggregate;
mod arithmetic;
mod cells;
mod code;
mod columns;
mod data;
mod exchange;
mod figures;
mod found;
mod lower;
mod number;
mod operators;
mod place;
mod prepare;

use std::sync::Arc;

use wasm_encoder::{
    CodeSection, ConstExpr, DataSection, ExportKind, ExportSection, Function, FunctionSection,
    GlobalSection, GlobalType, Instruction as I, MemorySection, MemoryType, TypeSection, ValType,
};

pub use cells::{Cells, OwnCells};

use super::{Builds, Calculator, shown_decimals};
use crate::catalog::Catalog;
use crate::diag::{Checked, Code as DiagnosticCode, Diagnostic, Spanned};
use crate::expr::{Expr, ExprError};
use crate::value::{Rounding, Type, Unit};
use code::{Code, at};
use data::Data;
use lower::{Lower, Shared, Source};
use number::{Fits, MOST_OUTPUT, TooLarge};
use place::{KNOWN, Place, Shape};

/// A compiled calculator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Module {
    /// Exports `memory` and `evaluate`, which takes and returns nothing.
    pub bytes: Vec<u8>,
    pub cells: Cells,
    /// What the outputs mean, in the order of their cells.
    pub totals: Vec<Output>,
    pub figures: Vec<Vec<Output>>,
    /// Texts and sets by the numbers in which outputs name them.
    pub texts: Vec<Arc<str>>,
    pub sets: Vec<Vec<Arc<str>>>,
}

/// How a 64-bit float of an output is to be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    /// The number in `unit` times ten to the power of `decimals`.
    Number { unit: Unit, decimals: u8 },
    /// Both ends, likewise.
    Range { unit: Unit, decimals: u8 },
    /// 0 or 1.
    Bool,
    /// Days since 1970-01-01.
    Date,
    /// The number of a text.
    Text,
    /// The number of a set.
    Set,
}

/// Numbers of function types.
const ROUNDING: u32 = 0;
const PROCEDURE: u32 = 1;
/// The bytes of a page of memory.
const PAGE: u32 = 65_536;

/// Compiles a calculator. Without a module there is at least one diagnostic:
/// a formula that can exceed what 64 bits hold, given the data.
pub fn compile(
    calculator: &Calculator,
    catalog: &Catalog,
    builds: &Builds,
) -> Checked<Option<Module>> {
    let cells = Cells::new(calculator, catalog);
    let source = Source {
        calculator,
        catalog,
        builds,
        cells: &cells,
    };
    let mut shared = Shared {
        data: Data::new(cells.end),
        ..Shared::default()
    };
    let mut compiler = Compiler {
        source: &source,
        shared: &mut shared,
        functions: vec![prepare::prepare(&source)],
        diagnostics: Vec::new(),
    };
    compiler.totals();
    let figures = compiler.rules();
    let Compiler {
        functions,
        diagnostics,
        ..
    } = compiler;
    if !diagnostics.is_empty() {
        return Checked::new(None, diagnostics);
    }
    let (texts, sets) = (shared.data.texts().to_vec(), shared.data.sets());
    let bytes = assemble(functions, shared.data);
    if let Err(error) = wasmparser::validate(&bytes) {
        let message = format!("the calculator's module is not valid: {error}");
        let span = calculator.span.clone();
        let diagnostic = Diagnostic::error(DiagnosticCode::Limit, span, message)
            .help("this is a mistake of Rigbook's, please report it");
        return Checked::new(None, vec![diagnostic]);
    }
    let number = |total: &super::Total| Output::Number {
        unit: total.unit.clone(),
        decimals: total.decimals,
    };
    Checked::clean(Some(Module {
        bytes,
        totals: calculator.totals.iter().map(number).collect(),
        figures,
        texts,
        sets,
        cells,
    }))
}

struct Compiler<'a> {
    source: &'a Source<'a>,
    shared: &'a mut Shared,
    functions: Vec<Code>,
    diagnostics: Vec<Diagnostic>,
}

impl Compiler<'_> {
    /// Lowers a formula and writes its output; returns the output's place.
    fn formula(
        &mut self,
        expr: &Expr,
        (output, decimals, keep): (u32, u8, Option<u32>),
        unit: Option<&Unit>,
    ) -> Result<Place, ExprError> {
        let mut lower = Lower::new(self.source, self.shared);
        let place = lower.node(expr.root())?;
        let place = match unit {
            Some(unit) => lower
                .round_in(&place, unit, decimals, Rounding::Nearest)
                .map_err(lower::too_large(expr.root()))?,
            None => place,
        };
        write(&mut lower.code, &place, output, keep).map_err(lower::too_large(expr.root()))?;
        self.functions.push(lower.code);
        Ok(place)
    }

    fn report(&mut self, error: ExprError, formula: &Spanned<Arc<str>>) {
        self.diagnostics.push(error.into_diagnostic(formula));
    }

    fn totals(&mut self) {
        let (calculator, cells) = (self.source.calculator, self.source.cells);
        for &position in &calculator.order {
            let total = &calculator.totals[position];
            let cell = Some(cells.total_values[position]);
            let output = (cells.totals[position], total.decimals, cell);
            match self.formula(&total.expr, output, Some(&total.unit)) {
                Ok(place) => {
                    if let Shape::Number(fixed) = place.shape {
                        let known = (fixed, place.status.is_some());
                        self.shared.totals.insert(total.id.value.clone(), known);
                    }
                }
                Err(error) => {
                    self.report(error, &total.formula);
                    // What uses it would be reported for no fault of its own.
                    return;
                }
            }
        }
    }

    fn rules(&mut self) -> Vec<Vec<Output>> {
        let (calculator, cells) = (self.source.calculator, self.source.cells);
        let mut outputs = Vec::new();
        if !self.diagnostics.is_empty() {
            return outputs;
        }
        for (position, rule) in calculator.rules.iter().enumerate() {
            let output = (cells.rules[position], 0, None);
            if let Err(error) = self.formula(&rule.expr, output, None) {
                self.report(error, &rule.require);
            }
            let mut figures = Vec::new();
            for (expr, cell) in rule.message.figures().zip(&cells.figures[position]) {
                let shown = output_of(expr);
                let (unit, decimals) = match &shown {
                    Output::Number { unit, decimals } | Output::Range { unit, decimals } => {
                        (Some(unit), *decimals)
                    }
                    _ => (None, 0),
                };
                if let Err(error) = self.formula(expr, (*cell, decimals, None), unit) {
                    self.report(error, &rule.message.place_of(expr.text()));
                }
                figures.push(shown);
            }
            outputs.push(figures);
        }
        outputs
    }
}

/// How a formula in a message is shown.
fn output_of(expr: &Expr) -> Output {
    let decimals = shown_decimals(expr.ty());
    match expr.ty() {
        Type::Number { unit, .. } => Output::Number {
            unit: unit.clone(),
            decimals,
        },
        Type::Range { unit } => Output::Range {
            unit: unit.clone(),
            decimals,
        },
        Type::Bool => Output::Bool,
        Type::Date => Output::Date,
        Type::Text { .. } => Output::Text,
        Type::Set { .. } | Type::List => Output::Set,
    }
}

/// Writes a value and its status to an output, and the integer itself to the
/// module's own cell `keep`.
fn write(code: &mut Code, place: &Place, output: u32, keep: Option<u32>) -> Fits<()> {
    if place
        .fixed()
        .is_some_and(|fixed| fixed.magnitude() > MOST_OUTPUT)
    {
        return Err(TooLarge);
    }
    let ends = [Some(place.value), place.upper];
    for (end, offset) in ends.into_iter().flatten().zip([0, 8]) {
        code.i32(0)
            .get(end)
            .push(I::F64ConvertI64S)
            .push(I::F64Store(at(output + offset, 3)));
    }
    if let Some(cell) = keep {
        code.i32(0).get(place.value).push(I::I64Store(at(cell, 3)));
    }
    code.i32(0);
    match place.status {
        Some(status) => code.get(status),
        None => code.i32(KNOWN),
    };
    code.push(I::I32Store(at(output + 16, 2)));
    Ok(())
}

/// Puts the sections together.
fn assemble(functions: Vec<Code>, mut data: Data) -> Vec<u8> {
    let (memberships, stride) = data.memberships();
    let size = data.size();
    let (start, bytes) = data.finish();
    let rounding = [
        code::round_nearest(),
        code::round_floor(),
        code::round_ceil(),
    ];
    let first = u32::try_from(rounding.len()).unwrap_or(0);
    let count = u32::try_from(functions.len()).unwrap_or(0);

    let mut types = TypeSection::new();
    types
        .ty()
        .function([ValType::I64, ValType::I64], [ValType::I64]);
    types.ty().function([], []);
    let mut declared = FunctionSection::new();
    let mut bodies = CodeSection::new();
    for function in &rounding {
        declared.function(ROUNDING);
        bodies.function(function);
    }
    for function in functions {
        declared.function(PROCEDURE);
        bodies.function(&function.finish());
    }
    declared.function(PROCEDURE);
    bodies.function(&call_all(first..first + count));

    let mut memories = MemorySection::new();
    memories.memory(MemoryType {
        minimum: u64::from(size.div_ceil(PAGE)).max(1),
        maximum: None,
        memory64: false,
        shared: false,
        page_size_log2: None,
    });
    let mut globals = GlobalSection::new();
    for value in [memberships, stride] {
        let ty = GlobalType {
            val_type: ValType::I32,
            mutable: false,
            shared: false,
        };
        globals.global(ty, &ConstExpr::i32_const(i32::try_from(value).unwrap_or(0)));
    }
    let mut exports = ExportSection::new();
    exports.export("memory", ExportKind::Memory, 0);
    exports.export("evaluate", ExportKind::Func, first + count);
    let mut segments = DataSection::new();
    let offset = ConstExpr::i32_const(i32::try_from(start).unwrap_or(0));
    segments.active(0, &offset, bytes);

    let mut module = wasm_encoder::Module::new();
    module
        .section(&types)
        .section(&declared)
        .section(&memories)
        .section(&globals);
    module.section(&exports).section(&bodies).section(&segments);
    module.finish()
}

/// `evaluate`: one function after the other.
fn call_all(functions: std::ops::Range<u32>) -> Function {
    let mut evaluate = Function::new([]);
    for function in functions {
        evaluate.instruction(&I::Call(function));
    }
    evaluate.instruction(&I::End);
    evaluate
}
