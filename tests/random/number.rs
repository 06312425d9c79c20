//! Numbers that look random and are equal in every run.

/// A small generator of numbers, equal in every run (xorshift64*).
pub struct Random(pub u64);

impl Random {
    /// A number from 0 on, below `limit`.
    pub fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let bits = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(bits).expect("31 bits fit") % limit
    }
}
