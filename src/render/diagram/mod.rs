//! Mermaid to inline SVG: a diagram's source comes in, a self-contained `<svg>` element goes out.
//!
//! The steps, in order: find the diagram's type ([`kind`]), apply the limits ([`limits`]), let an
//! engine draw through the [`DiagramWorker`], resolve the engine's style sheet ([`css`],
//! [`style`]), and write the drawing anew from an allow-list ([`rebuild`]). What an engine wrote is
//! never copied: every element, attribute and value of the result is one that this module knows.
//!
//! It never runs an engine itself, holds no script, style sheet or foreign element in its output,
//! and refers to nothing outside the drawing except links that the author wrote.

mod attribute;
mod cluster;
mod color;
mod css;
mod describe;
mod element;
pub mod engine;
mod font;
mod geometry;
mod ids;
mod item;
mod kind;
mod label;
mod layout;
mod limits;
mod number;
mod palette;
mod rebuild;
mod scene;
mod style;

use std::ops::Range;

pub use engine::{Engine, EngineError};
pub use ids::with_id_prefix;
pub use kind::{Kind, is_headed, kinds};

/// Changes whenever the same source may give other bytes, with this module or with an engine: part
/// of a cached drawing's key.
pub const WRAPPER_VERSION: &str = "4 mermaid-rs-renderer 0.3.1 merman 0.9.3";

/// The style sheet that paints the classes of a drawing; the theme includes it.
pub const STYLE_SHEET: &str = include_str!("diagram.css");

/// What a site's configuration says about diagrams.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct DiagramConfig {
    /// The engine for every diagram; `None` chooses by the diagram's type ([`kinds`]).
    pub engine: Option<Engine>,
}

/// One diagram to draw, as it goes to the worker.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DrawRequest {
    pub engine: Engine,
    pub source: String,
}

/// Why a worker gave no drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WorkerError {
    /// The engine refuses the diagram: the author's mistake.
    Refused(EngineError),
    /// The engine took longer than the deadline, in seconds.
    Deadline(u64),
    /// The engine died of this diagram; the text says how.
    Aborted(String),
    /// No worker could be started; the text says why.
    Unavailable(String),
}

/// Runs an engine on a diagram. Engines can abort, hang and use memory without bound, so the
/// worker that a site uses runs them in a child process (`io::worker`).
pub trait DiagramWorker: Sync {
    /// The engine's own SVG for a request, as it came.
    fn draw(&self, request: &DrawRequest) -> Result<String, WorkerError>;
}

/// Runs the engines in this process: for tests and for sources known to be harmless. An engine
/// that aborts takes the process with it.
#[derive(Debug, Clone, Copy, Default)]
pub struct DirectWorker;

impl DiagramWorker for DirectWorker {
    fn draw(&self, request: &DrawRequest) -> Result<String, WorkerError> {
        engine::draw(request).map_err(WorkerError::Refused)
    }
}

/// A finished drawing. The ids in `svg` start with `dg-`; [`with_id_prefix`] makes them unique.
#[derive(Debug, Clone, PartialEq)]
pub struct Drawing {
    /// One `<svg>` element that can stand in an HTML page.
    pub svg: String,
    /// The text of its `<title>`.
    pub title: String,
    /// The text of its `<desc>`.
    pub description: String,
    /// Natural size in CSS pixels.
    pub width: f32,
    pub height: f32,
}

/// Why a diagram can't be drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiagramError {
    pub message: String,
    /// Bytes in the diagram's source; `None` if the diagram as a whole is at fault.
    pub range: Option<Range<usize>>,
    pub help: Option<String>,
}

impl DiagramError {
    fn new(message: impl Into<String>, range: Option<Range<usize>>) -> Self {
        Self {
            message: message.into(),
            range,
            help: None,
        }
    }

    fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// Draws a diagram. `fallback_title` is used if the source names no title; it should say where the
/// diagram stands (the heading above it).
pub fn draw(
    source: &str,
    fallback_title: &str,
    config: &DiagramConfig,
    worker: &dyn DiagramWorker,
) -> Result<Drawing, DiagramError> {
    limits::check(source)?;
    let kind = kind::detect(source)?;
    let request = DrawRequest {
        engine: config.engine.unwrap_or(kind.engine),
        // An engine writes what keeps words together as the entity's name.
        source: source.replace('\u{a0}', " "),
    };
    let raw = worker
        .draw(&request)
        .map_err(|error| worker_error(error, source, kind))?;
    rebuild::rebuild(&raw, source, kind, fallback_title)
}

fn worker_error(error: WorkerError, source: &str, kind: &Kind) -> DiagramError {
    let whole = Some(kind::header_range(source));
    match error {
        WorkerError::Refused(error) => error.locate(source, kind),
        WorkerError::Deadline(seconds) => DiagramError::new(
            format!("drawing this diagram took longer than {seconds} seconds"),
            whole,
        )
        .help("split it into smaller diagrams"),
        WorkerError::Aborted(how) => DiagramError::new(
            format!("the diagram engine gave up on this diagram ({how})"),
            whole,
        )
        .help("simplify the diagram, or choose another engine for it"),
        WorkerError::Unavailable(why) => {
            DiagramError::new(format!("the diagram engine can't be started: {why}"), None)
        }
    }
}
