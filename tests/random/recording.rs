//! What a browser needs to run a calculator's module on selections and to hold
//! it against this program.

use rigbook::calc::{Calculator, Module, Selection};
use rigbook::catalog::Catalog;

/// Modules and, for each, selections as their pages write them into memory and
/// what the memory holds after that, for an engine that is not at hand here.
#[derive(Default)]
pub struct Recording {
    modules: Vec<String>,
}

/// The runs of one module.
pub struct Runs<'a> {
    recording: &'a mut Recording,
    module: &'a Module,
    runs: Vec<String>,
}

impl Recording {
    pub fn module<'a>(&'a mut self, module: &'a Module) -> Runs<'a> {
        Runs {
            recording: self,
            module,
            runs: Vec::new(),
        }
    }

    /// Writes a file for the browser tests.
    pub fn write(&self, name: &str) {
        let path = std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        let text = format!("[{}]\n", self.modules.join(",\n"));
        std::fs::write(path, text).expect("the target folder can be written");
    }
}

impl Runs<'_> {
    /// A selection, and the memory of an instance that was run on it.
    pub fn add(&mut self, both: (&Calculator, &Catalog), selection: &Selection, after: &[u8]) {
        let end = self.module.cells.end();
        let mut before = vec![0; end];
        self.module.write(both, selection, &mut before);
        let words = |bytes: &[u8]| -> Vec<u32> {
            let words = bytes.chunks_exact(4);
            words
                .map(|word| u32::from_le_bytes(word.try_into().expect("four bytes")))
                .collect()
        };
        let written = words(&before);
        let written: Vec<String> = (0..written.len())
            .filter(|&at| written[at] != 0)
            .map(|at| format!("{at},{}", written[at]))
            .collect();
        // FNV-1a over what the module answers.
        let hash = self
            .module
            .cells
            .outputs()
            .flat_map(|at| words(&after[at..at + 20]));
        let hash = hash.fold(0x811C_9DC5, |hash: u32, word| {
            (hash ^ word).wrapping_mul(0x0100_0193)
        });
        self.runs.push(format!("[{hash},[{}]]", written.join(",")));
    }

    pub fn end(self) {
        let hex: String = self
            .module
            .bytes
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect();
        let outputs: Vec<String> = self
            .module
            .cells
            .outputs()
            .map(|at| at.to_string())
            .collect();
        self.recording.modules.push(format!(
            "{{\"module\":\"{hex}\",\"outputs\":[{}],\"runs\":[{}]}}",
            outputs.join(","),
            self.runs.join(",")
        ));
    }
}
