//! TeX formulas to MathML.

use pulldown_latex::config::DisplayMode;
use pulldown_latex::{Parser, RenderConfig, Storage, push_mathml};

/// How long a formula may be, in bytes.
const LIMIT: usize = 8 * 1024;

/// Renders a formula; the error says what is wrong with it.
pub fn to_mathml(source: &str, display: bool) -> Result<String, String> {
    if source.len() > LIMIT {
        return Err(format!("the formula is longer than {LIMIT} bytes"));
    }
    let storage = Storage::new();
    let mut events = Vec::new();
    for event in Parser::new(source, &storage) {
        match event {
            Ok(event) => events.push(event),
            Err(error) => {
                let text = error.to_string();
                let first = text.lines().next().unwrap_or_default();
                return Err(first.to_lowercase());
            }
        }
    }
    let config = RenderConfig {
        display_mode: match display {
            true => DisplayMode::Block,
            false => DisplayMode::Inline,
        },
        annotation: None,
        ..RenderConfig::default()
    };
    let mut html = String::new();
    let events = events.into_iter().map(Ok::<_, std::convert::Infallible>);
    push_mathml(&mut html, events, config).map_err(|error| error.to_string())?;
    Ok(html)
}
