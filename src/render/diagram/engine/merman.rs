//! The engine `merman`: Mermaid's own grammar, layout and style sheets in Rust.
//!
//! It runs without a clock of its own (today is a fixed day), with the widths of the font that
//! the page is set in, with the colours of our palette so that they can be told from the author's,
//! and with labels as SVG text instead of HTML.

use std::time::Duration;

use merman::svg::{
    DeterministicTextMeasurer, MeasurementProfileId, RenderResourcePolicy, SvgPipeline,
    SvgRenderOptions, TextMeasurementPolicy, TextMeasurementProfile,
    TextMeasurementProfileIdentity,
};
use merman::{
    Engine, MermaidConfig, OperationControl, RenderError, RenderOutput, RenderRequest, Renderer,
    SvgEnvironment, SvgRequest,
};

use super::EngineError;
use crate::render::diagram::font;
use crate::render::diagram::kind;
use crate::render::diagram::palette::{self, Labels};

/// A little less than the worker's own deadline, so that the child lives on.
const DEADLINE: Duration = Duration::from_millis(4500);

/// The engine's SVG for a source.
pub fn draw(source: &str) -> Result<String, EngineError> {
    let request = SvgRequest {
        environment: SvgEnvironment::deterministic()
            .with_resource_policy(RenderResourcePolicy::interactive())
            .with_text_measurement_policy(measures()),
        pipeline: Some(SvgPipeline::resvg_safe()),
        options: SvgRenderOptions {
            diagram_id: Some("m".to_owned()),
            ..SvgRenderOptions::default()
        },
        ..SvgRequest::default()
    };
    let request = RenderRequest::svg(source, control(), request);
    match renderer(source).render(request).map_err(engine_error)? {
        RenderOutput::Svg(Some(output)) => Ok(output.into_parts().0),
        _ => Err(EngineError::new("no diagram")),
    }
}

/// Left alone the engine guesses how wide a text is, and draws boxes that it does not fit.
fn measures() -> TextMeasurementPolicy {
    let id = MeasurementProfileId::new("rigbook").expect("the id is a plain word");
    let identity =
        TextMeasurementProfileIdentity::new(id, "1").expect("the version is a plain number");
    let measurer = DeterministicTextMeasurer::default().with_width_callback(|text, style| {
        let is_bold = font::is_bold(style.font_weight.as_deref());
        font::width(text, style.font_size, is_bold)
    });
    TextMeasurementPolicy::uniform(TextMeasurementProfile::new(identity, measurer))
}

/// Only reads a source: the author's mistakes come out.
pub fn check(source: &str) -> Result<(), EngineError> {
    match renderer(source)
        .prepare_semantic(source, control())
        .map_err(engine_error)?
    {
        Some(_) => Ok(()),
        None => Err(EngineError::new("no diagram")),
    }
}

fn control() -> OperationControl {
    OperationControl::new().with_deadline(DEADLINE)
}

fn renderer(source: &str) -> Renderer {
    let is_flowchart = kind::detect(source).is_ok_and(|kind| kind.name == "flowchart");
    let labels = if is_flowchart {
        Labels::Svg
    } else {
        Labels::Html
    };
    let config = MermaidConfig::from_value(palette::mermaid_config(labels));
    Renderer::new().with_engine(Engine::new().with_site_config(config))
}

fn engine_error(error: RenderError) -> EngineError {
    let RenderError::Parse(diagnostic) = error else {
        return EngineError::new(error.to_string());
    };
    let details = diagnostic.terminal_diagnostic_details();
    EngineError {
        message: diagnostic.terminal_safe_message(),
        range: details.span.map(|span| span.start..span.end),
    }
}
