//! The two engines behind one function: a request comes in, the engine's own SVG goes out.
//!
//! Whatever an engine draws, `merman`'s parser reads the source first: it catches the mistakes
//! that `mermaid-rs-renderer` passes over, and gives their place.

mod mermaid_rs;
mod merman;
pub(super) mod message;

use std::ops::Range;

use super::kind::Kind;
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
    pub(super) fn locate(&self, source: &str, kind: &Kind) -> DiagramError {
        message::readable(self, source, kind)
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
