//! The module's memory: cells that the page writes and reads first, then the
//! constant data.

use std::collections::BTreeMap;
use std::sync::Arc;

/// Bytes of one output: two 64-bit floats and a status.
pub(super) const OUTPUT: u32 = 24;

/// What the constant part of the memory holds.
#[derive(Default)]
pub(super) struct Data {
    start: u32,
    bytes: Vec<u8>,
    texts: Interned<Arc<str>>,
    sets: Interned<Vec<u32>>,
}

/// Numbers for values, in the order in which they came.
struct Interned<T> {
    numbers: BTreeMap<T, u32>,
    values: Vec<T>,
}

impl<T> Default for Interned<T> {
    fn default() -> Self {
        Self {
            numbers: BTreeMap::new(),
            values: Vec::new(),
        }
    }
}

impl<T: Clone + Ord> Interned<T> {
    fn number(&mut self, value: &T) -> u32 {
        if let Some(number) = self.numbers.get(value) {
            return *number;
        }
        let number = u32::try_from(self.values.len()).unwrap_or(u32::MAX);
        self.numbers.insert(value.clone(), number);
        self.values.push(value.clone());
        number
    }
}

impl Data {
    /// Constant data from an address on.
    pub fn new(start: u32) -> Self {
        Self {
            start: start.next_multiple_of(8),
            ..Self::default()
        }
    }

    /// The number of a text.
    pub fn text(&mut self, text: &Arc<str>) -> u32 {
        self.texts.number(text)
    }

    /// The number of a set or list of texts.
    pub fn set<'a>(&mut self, texts: impl IntoIterator<Item = &'a Arc<str>>) -> u32 {
        let members = texts
            .into_iter()
            .map(|text| self.texts.number(text))
            .collect();
        self.sets.number(&members)
    }

    /// All texts by number.
    pub fn texts(&self) -> &[Arc<str>] {
        &self.texts.values
    }

    /// The texts of all sets by number, in the order of the set.
    pub fn sets(&self) -> Vec<Vec<Arc<str>>> {
        let text = |number: &u32| Arc::clone(&self.texts.values[*number as usize]);
        let set = |members: &Vec<u32>| members.iter().map(text).collect();
        self.sets.values.iter().map(set).collect()
    }

    /// Puts integers of `width` bytes (1, 2, 4 or 8) down; returns where.
    pub fn integers(&mut self, values: &[i64], width: usize) -> u32 {
        let at = self
            .here()
            .next_multiple_of(u32::try_from(width).unwrap_or(8));
        self.bytes.resize((at - self.start) as usize, 0);
        for value in values {
            self.bytes.extend_from_slice(&value.to_le_bytes()[..width]);
        }
        at
    }

    /// Puts down which set holds which text: a byte for each, by set. Returns
    /// where, and how many bytes a set has.
    pub fn memberships(&mut self) -> (u32, u32) {
        let stride = self.texts.values.len();
        let mut matrix = vec![0; stride * self.sets.values.len()];
        for (set, members) in self.sets.values.iter().enumerate() {
            for text in members {
                matrix[set * stride + *text as usize] = 1;
            }
        }
        (
            self.integers(&matrix, 1),
            u32::try_from(stride).unwrap_or(0),
        )
    }

    fn here(&self) -> u32 {
        self.start + u32::try_from(self.bytes.len()).unwrap_or(u32::MAX / 2)
    }

    /// Where the data starts, and its bytes.
    pub fn finish(self) -> (u32, Vec<u8>) {
        (self.start, self.bytes)
    }

    /// How many bytes the memory has in all.
    pub fn size(&self) -> u32 {
        self.here()
    }
}
