//! The two engines behind one function: a request comes in, the engine's own SVG goes out.
//!
//! Whatever an engine draws, `merman`'s parser reads the source first: it catches the mistakes
//! that `mermaid-rs-renderer` passes over, and gives their place.

mod mermaid_rs;
mod merman;
mod message;

use std::ops::Range;

use super::kind::{self, Kind};
use super::{DiagramError, DrawRequest};

/// A library that turns Mermaid source into SVG.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Engine {
    MermaidRs,
    Merman,
}

impl Engine {
    pub const ALL: [Self; 2] = [Self::MermaidRs, Self::Merman];

    /// The name in a site's configuration.
    pub fn name(self) -> &'static str {
        match self {
            Self::MermaidRs => "mermaid-rs-renderer",
            Self::Merman => "merman",
        }
    }

    /// The engine of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|engine| engine.name() == name)
    }

    /// The version of the library, part of a cached drawing's key.
    pub fn version(self) -> &'static str {
        match self {
            Self::MermaidRs => "0.3.1",
            Self::Merman => "0.9.3",
        }
    }
}

/// An engine's refusal in its own words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EngineError {
    pub message: String,
    /// Bytes in the source, where the engine tells.
    pub range: Option<Range<usize>>,
}

impl EngineError {
    fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            range: None,
        }
    }

    /// The same for the author: in our words, and at a place that exists in the source.
    pub(super) fn locate(self, source: &str, kind: &Kind) -> DiagramError {
        let message::Readable {
            message,
            help,
            line,
            quoted,
        } = message::readable(&self.message, kind);
        let range = self
            .range
            .and_then(|range| visible(source, range))
            .or_else(|| quoted.and_then(|text| unique(source, &text)))
            .or_else(|| line.and_then(|line| line_range(source, line)))
            .unwrap_or_else(|| kind::header_range(source));
        DiagramError {
            message,
            range: Some(range),
            help,
        }
    }
}

/// Runs the engine of a request in this process.
pub fn draw(request: &DrawRequest) -> Result<String, EngineError> {
    match request.engine {
        Engine::Merman => merman::draw(&request.source),
        Engine::MermaidRs => {
            merman::check(&request.source)?;
            mermaid_rs::draw(&request.source)
        }
    }
}

/// A range on character boundaries with at least one visible character: an empty range, or one of
/// line ends alone, grows to the nearest text before it.
fn visible(source: &str, range: Range<usize>) -> Option<Range<usize>> {
    let mut end = range.end.min(source.len());
    while !source.is_char_boundary(end) {
        end += 1;
    }
    let mut start = range.start.min(end);
    while !source.is_char_boundary(start) {
        start -= 1;
    }
    let text = &source[start..end];
    if text.trim().is_empty() {
        let before = source[..start].trim_end();
        let last = before.chars().next_back()?;
        return Some(before.len() - last.len_utf8()..before.len());
    }
    let start = start + (text.len() - text.trim_start().len());
    let first_line = source[start..end].lines().next().unwrap_or_default();
    Some(start..start + first_line.trim_end().len())
}

/// Where a text stands, if it stands in one place only.
fn unique(source: &str, text: &str) -> Option<Range<usize>> {
    let text = text.trim();
    let mut places = source.match_indices(text);
    let (at, _) = places.next().filter(|_| !text.is_empty())?;
    places.next().is_none().then(|| at..at + text.len())
}

/// The text of a line, counted from 1, without the space around it.
fn line_range(source: &str, line: usize) -> Option<Range<usize>> {
    let text = source.split('\n').nth(line.checked_sub(1)?)?;
    let start = text.as_ptr() as usize - source.as_ptr() as usize;
    visible(source, start..start + text.len())
}
