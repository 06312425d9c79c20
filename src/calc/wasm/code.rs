//! A function while it is written: instructions, and locals as they are needed.

use wasm_encoder::{BlockType, Function, Instruction as I, MemArg, MemArgTarget, ValType};

/// How many instructions a formula may need: far above any real one.
const MOST_INSTRUCTIONS: usize = 400_000;
/// Engines allow 50,000 locals.
const MOST_LOCALS: usize = 40_000;

/// Instructions and the types of the locals that they use.
#[derive(Default)]
pub(super) struct Code {
    instructions: Vec<I<'static>>,
    locals: Vec<ValType>,
}

/// The number of a local.
pub(super) type Local = u32;

impl Code {
    /// A new local of 64 bits.
    pub fn wide(&mut self) -> Local {
        self.local(ValType::I64)
    }

    /// A new local of 32 bits.
    pub fn narrow(&mut self) -> Local {
        self.local(ValType::I32)
    }

    fn local(&mut self, ty: ValType) -> Local {
        self.locals.push(ty);
        u32::try_from(self.locals.len() - 1).unwrap_or(u32::MAX)
    }

    /// Whether the function has grown beyond reason.
    pub fn is_too_long(&self) -> bool {
        self.instructions.len() > MOST_INSTRUCTIONS || self.locals.len() > MOST_LOCALS
    }

    pub fn push(&mut self, instruction: I<'static>) -> &mut Self {
        self.instructions.push(instruction);
        self
    }

    pub fn get(&mut self, local: Local) -> &mut Self {
        self.push(I::LocalGet(local))
    }

    pub fn set(&mut self, local: Local) -> &mut Self {
        self.push(I::LocalSet(local))
    }

    pub fn i64(&mut self, value: i64) -> &mut Self {
        self.push(I::I64Const(value))
    }

    pub fn i32(&mut self, value: i32) -> &mut Self {
        self.push(I::I32Const(value))
    }

    /// A local times a constant.
    pub fn scaled(&mut self, local: Local, factor: i64) -> &mut Self {
        self.get(local);
        match factor {
            1 => self,
            _ => self.i64(factor).push(I::I64Mul),
        }
    }

    /// Adds a local times a constant to what is on the stack.
    pub fn plus_scaled(&mut self, local: Local, factor: i64) -> &mut Self {
        match factor {
            0 => self,
            _ => self.scaled(local, factor).push(I::I64Add),
        }
    }

    /// What is on the stack, in a new wide local.
    pub fn keep(&mut self) -> Local {
        let local = self.wide();
        self.set(local);
        local
    }

    /// What is on the stack, in a new narrow local.
    pub fn keep_narrow(&mut self) -> Local {
        let local = self.narrow();
        self.set(local);
        local
    }

    /// What is on the stack, a truth of 32 bits, in a new wide local.
    pub fn keep_truth(&mut self) -> Local {
        self.push(I::I64ExtendI32U);
        self.keep()
    }

    /// A block that `close` ends.
    pub fn block(&mut self) -> &mut Self {
        self.push(I::Block(BlockType::Empty))
    }

    pub fn repeat(&mut self) -> &mut Self {
        self.push(I::Loop(BlockType::Empty))
    }

    /// What follows runs if the narrow value on the stack is not zero.
    pub fn when(&mut self) -> &mut Self {
        self.push(I::If(BlockType::Empty))
    }

    pub fn close(&mut self) -> &mut Self {
        self.push(I::End)
    }

    /// The finished function; without parameters.
    pub fn finish(mut self) -> Function {
        self.push(I::End);
        let mut function = Function::new_with_locals_types(self.locals);
        for instruction in &self.instructions {
            function.instruction(instruction);
        }
        function
    }
}

/// The address of a value of `1 << align` bytes, to be added to the one on the
/// stack.
pub(super) fn at(offset: u32, align: u32) -> MemArg {
    MemArg {
        offset: offset.into(),
        align,
        target: MemArgTarget::Memory(0),
        ordering: None,
    }
}

/// `round(n: i64, d: i64) -> i64`: the quotient, half away from zero. The
/// divisor is not zero.
pub(super) fn round_nearest() -> Function {
    let (n, d, q, r) = (0, 1, 2, 3);
    let mut function = Function::new([(2, ValType::I64)]);
    let absolute = |local: u32| {
        [
            I::I64Const(0),
            I::LocalGet(local),
            I::I64Sub,
            I::LocalGet(local),
            I::LocalGet(local),
            I::I64Const(0),
            I::I64LtS,
            I::Select,
        ]
    };
    let mut body = vec![
        I::LocalGet(n),
        I::LocalGet(d),
        I::I64DivS,
        I::LocalSet(q),
        I::LocalGet(n),
        I::LocalGet(d),
        I::I64RemS,
        I::LocalSet(r),
        I::LocalGet(q),
        // The step away from zero: 1 if both signs are the same, else -1.
        I::I64Const(1),
        I::I64Const(-1),
        I::LocalGet(n),
        I::LocalGet(d),
        I::I64Xor,
        I::I64Const(0),
        I::I64GeS,
        I::Select,
        // Nothing, if |r| < |d| - |r|: twice |r| could overflow.
        I::I64Const(0),
    ];
    body.extend(absolute(r));
    body.extend(absolute(d));
    body.extend(absolute(r));
    body.extend([I::I64Sub, I::I64GeS, I::Select, I::I64Add, I::End]);
    for instruction in &body {
        function.instruction(instruction);
    }
    function
}

/// `floor(n: i64, d: i64) -> i64` for a divisor above zero.
pub(super) fn round_floor() -> Function {
    towards(I::I64LtS, I::I64Sub)
}

/// `ceil(n: i64, d: i64) -> i64` for a divisor above zero.
pub(super) fn round_ceil() -> Function {
    towards(I::I64GtS, I::I64Add)
}

/// The quotient towards zero, and one step on where the remainder has the sign
/// that asks for it.
fn towards(asks: I<'static>, step: I<'static>) -> Function {
    let mut function = Function::new([]);
    for instruction in &[
        I::LocalGet(0),
        I::LocalGet(1),
        I::I64DivS,
        I::LocalGet(0),
        I::LocalGet(1),
        I::I64RemS,
        I::I64Const(0),
        asks,
        I::I64ExtendI32U,
        step,
        I::End,
    ] {
        function.instruction(instruction);
    }
    function
}
