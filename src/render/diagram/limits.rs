//! Limits that a diagram keeps before any engine reads it. They are far beyond what a reader can
//! follow, and near enough that no engine gets lost.

use super::DiagramError;

/// Bytes of source.
const SOURCE: usize = 64 * 1024;
/// Bytes in a line.
const LINE: usize = 4 * 1024;
/// Levels of brackets, of blocks that end with `end`, or of indentation.
const NESTING: usize = 50;
/// Arrows and lines between things; Mermaid's own limit.
const EDGES: usize = 500;

/// What opens a block that a line `end` closes.
const BLOCKS: [&str; 12] = [
    "subgraph", "block", "alt", "opt", "loop", "par", "par_over", "critical", "break", "rect",
    "box", "group",
];

/// Refuses a source beyond the limits, at the place where it goes beyond.
pub fn check(source: &str) -> Result<(), DiagramError> {
    if source.len() > SOURCE {
        let message = format!(
            "this diagram is {} kB long; {} kB is the limit",
            source.len() / 1024,
            SOURCE / 1024
        );
        return Err(DiagramError::new(message, None).help("split it into smaller diagrams"));
    }
    let mut walk = Walk::default();
    let mut start = 0;
    for line in source.split('\n') {
        let range = start..start + line.trim_end().len();
        walk.line(line)
            .map_err(|message| DiagramError::new(message, Some(range)))?;
        start += line.len() + 1;
    }
    Ok(())
}

#[derive(Default)]
struct Walk {
    /// Deepest bracket of the line.
    brackets: usize,
    /// Braces that earlier lines left open.
    braces: usize,
    blocks: usize,
    indents: Vec<usize>,
    edges: usize,
}

impl Walk {
    fn line(&mut self, line: &str) -> Result<(), String> {
        if line.len() > LINE {
            return Err(format!("this line is longer than {} kB", LINE / 1024));
        }
        let text = line.trim();
        if text.is_empty() || text.starts_with("%%") && !text.starts_with("%%{") {
            return Ok(());
        }
        self.indent(line.len() - line.trim_start().len());
        self.block(text);
        self.brackets(text);
        if self.brackets.max(self.blocks).max(self.indents.len()) > NESTING {
            return Err(format!(
                "this diagram is nested deeper than {NESTING} levels"
            ));
        }
        self.edges += edges(text);
        if self.edges > EDGES {
            return Err(format!("this diagram has more than {EDGES} edges"));
        }
        Ok(())
    }

    fn indent(&mut self, indent: usize) {
        self.indents.retain(|level| *level < indent);
        self.indents.push(indent);
    }

    fn block(&mut self, text: &str) {
        let word = text
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .next()
            .unwrap_or_default();
        if BLOCKS.contains(&word) {
            self.blocks += 1;
        } else if word == "end" {
            self.blocks = self.blocks.saturating_sub(1);
        }
    }

    /// Brackets need not pair within a line (`>flag]`), and only a block's brace stays open after
    /// its line (classes, entities, states).
    fn brackets(&mut self, text: &str) {
        if text.starts_with('}') {
            self.braces = self.braces.saturating_sub(1);
        }
        let mut depth = self.braces;
        self.brackets = depth;
        for byte in text.bytes() {
            match byte {
                b'(' | b'[' | b'{' => depth += 1,
                b')' | b']' | b'}' => depth = depth.saturating_sub(1),
                _ => {}
            }
            self.brackets = self.brackets.max(depth);
        }
        if text.ends_with('{') {
            self.braces += 1;
        }
    }
}

/// Arrows and lines in a line of text, at least: runs of `-`, `=` or `.` that are two or longer,
/// and every pair that `&` multiplies.
fn edges(text: &str) -> usize {
    let mut runs = 0;
    let mut length = 0;
    for byte in text.bytes().chain([b' ']) {
        if matches!(byte, b'-' | b'=' | b'.' | b'~') {
            length += 1;
            continue;
        }
        runs += usize::from(length >= 2);
        length = 0;
    }
    let joined = text.matches('&').count() + 1;
    if runs > 0 {
        runs * joined.div_ceil(2) * joined.div_ceil(2)
    } else {
        0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn message(source: &str) -> Option<String> {
        check(source).err().map(|error| error.message)
    }

    #[test]
    fn each_limit_is_met_with_a_reason() {
        let nested = format!("graph TD\nA{}x", "[(".repeat(40));
        let blocks = "subgraph a\n".repeat(60);
        let indented: String = (0..60).map(|n| format!("{}x\n", " ".repeat(n))).collect();
        let edges = "A-->B\n".repeat(501);
        let lines = format!("graph TD\n{}", "x".repeat(5000));
        for (source, part) in [
            (" ".repeat(70_000), "kB long"),
            (lines, "longer than 4 kB"),
            (nested, "nested deeper"),
            (blocks, "nested deeper"),
            (indented, "nested deeper"),
            (edges, "more than 500 edges"),
        ] {
            let message = message(&source).unwrap_or_default();
            assert!(message.contains(part), "{part}: {message}");
        }
    }

    #[test]
    fn large_diagrams_that_a_reader_can_follow_pass() {
        let chain: String = (0..400)
            .map(|n| format!("N{n}[Step {n}] --> N{}\n", n + 1))
            .collect();
        assert_eq!(message(&format!("flowchart TD\n{chain}")), None);
        let flags = "A>flag] --> B>flag]\n".repeat(100);
        assert_eq!(message(&format!("flowchart TD\n{flags}")), None);
    }
}
