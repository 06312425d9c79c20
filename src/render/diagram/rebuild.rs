//! The finished drawing: an engine's SVG comes in as text, our own goes out, or the reason why it
//! is refused (malformed, empty, too large).

use roxmltree::{Document, Node, ParsingOptions};

use super::describe;
use super::element::Writer;
use super::engine::message::nothing_drawn;
use super::geometry;
use super::ids::escape;
use super::item::{self, Item};
use super::kind::{self, Kind};
use super::number::short;
use super::scene::Scene;
use super::{DiagramError, Drawing};

/// Bytes that an engine may answer with.
const RAW: usize = 8 * 1024 * 1024;
/// Nodes of an engine's answer.
const NODES: u32 = 100_000;
/// Levels of elements within each other.
const DEPTH: usize = 64;
/// Bytes of a finished drawing.
const FINISHED: usize = 1024 * 1024;
/// Longest side in CSS pixels: ten screens.
const SIDE: f64 = 20_000.0;

/// Rebuilds an engine's SVG.
pub fn rebuild(
    raw: &str,
    source: &str,
    kind: &Kind,
    fallback_title: &str,
) -> Result<Drawing, DiagramError> {
    let refuse = |why: &str| DiagramError::new(why, Some(kind::header_range(source)));
    if raw.len() > RAW {
        return Err(refuse("the drawing of this diagram is too large"));
    }
    let options = ParsingOptions {
        nodes_limit: NODES,
        ..ParsingOptions::default()
    };
    let document = Document::parse_with_options(raw, options).map_err(|error| {
        refuse("the engine drew something malformed").help(format!("it says: {error}"))
    })?;
    if depth(&document) > DEPTH {
        return Err(refuse("the drawing of this diagram is nested too deeply"));
    }
    let view =
        given_view(document.root_element()).ok_or_else(|| refuse("this diagram has no size"))?;
    if view[2] > SIDE || view[3] > SIDE {
        let size = format!("{} by {} pixels", view[2].round(), view[3].round());
        return Err(refuse(&format!("this diagram would be {size} large"))
            .help("check spans and counts, or split it into smaller diagrams"));
    }
    let scene = Scene::new(&document, source);
    let mut writer = Writer::new(&scene);
    let (items, definitions) = writer.drawing();
    // A state diagram may do without a word, as `[*] --> [*]`; an axis without one is not a chart.
    if items.is_empty() || describe::words(&scene).is_empty() && kind.name != "state diagram" {
        return Err(nothing_drawn(source, kind));
    }
    let page = Page {
        view: fitted_view(&scene, view),
        title: describe::title(source)
            .or_else(|| Some(fallback_title.trim().to_owned()).filter(|title| !title.is_empty()))
            .unwrap_or_else(|| kind.name.to_owned()),
        description: describe::description(source)
            .unwrap_or_else(|| describe::of_drawing(&scene, kind)),
        has_links: writer.links > 0,
    };
    let drawing = page.drawing(&items, &definitions);
    if drawing.svg.len() > FINISHED {
        return Err(refuse("the drawing of this diagram is too large")
            .help("split it into smaller diagrams"));
    }
    Ok(drawing)
}

/// Space around what is drawn, for strokes and arrows, in pixels.
const MARGIN: f64 = 8.0;
/// How far a text may reach beyond the frame that the engine gave.
const REACH: f64 = 60.0;

/// The widest drawing, in pixels, that a theme can shrink to a phone's page with
/// its texts still readable.
const FITS_PHONE: f64 = 460.0;
/// The same beside the navigation of a desktop's page.
const FITS_DESKTOP: f64 = 860.0;

struct Page {
    /// Left, top, width, height.
    view: [f64; 4],
    title: String,
    description: String,
    has_links: bool,
}

impl Page {
    fn drawing(self, items: &[Item], definitions: &[Item]) -> Drawing {
        let [left, top, width, height] = self.view.map(short);
        // An image hides what it holds from readers of screens; links must stay within reach.
        let role = if self.has_links {
            "graphics-document"
        } else {
            "img"
        };
        let class = match self.view[2] {
            width if width > FITS_DESKTOP => "dg dg-wide dg-widest",
            width if width > FITS_PHONE => "dg dg-wide",
            _ => "dg",
        };
        let mut svg = format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"{class}\" width=\"{width}\" \
             height=\"{height}\" viewBox=\"{left} {top} {width} {height}\" overflow=\"visible\" \
             font-size=\"{}\" role=\"{role}\" aria-labelledby=\"dg-t\" aria-describedby=\"dg-d\">\
             <title id=\"dg-t\">{}</title><desc id=\"dg-d\">{}</desc>",
            super::palette::FONT_SIZE,
            escape(&self.title),
            escape(&self.description),
        );
        if !definitions.is_empty() {
            svg.push_str("<defs>");
            item::write(definitions, &mut svg);
            svg.push_str("</defs>");
        }
        item::write(items, &mut svg);
        svg.push_str("</svg>");
        Drawing {
            svg,
            title: self.title,
            description: self.description,
            width: self.view[2] as f32,
            height: self.view[3] as f32,
        }
    }
}

fn depth(document: &Document) -> usize {
    let mut deepest = 0;
    let mut here = 0_usize;
    // Walks by hand: counting ancestors of each node would be quadratic in a deep document.
    let mut node = Some(document.root_element());
    while let Some(current) = node {
        deepest = deepest.max(here);
        node = current
            .first_element_child()
            .inspect(|_| here += 1)
            .or_else(|| {
                let mut up = current;
                loop {
                    if let Some(next) = up.next_sibling_element() {
                        return Some(next);
                    }
                    up = up.parent_element()?;
                    here -= 1;
                    if here == 0 {
                        return None;
                    }
                }
            });
    }
    deepest
}

/// One edge of the frame: as near to what is drawn as the margin allows, and a little beyond the
/// engine's own where a text reaches out. `outward` is the sign of the direction away from it.
fn fitted(own: f64, drawn: f64, outward: f64) -> f64 {
    let beyond = (drawn - own) * outward;
    own + beyond.min(REACH) * outward
}

/// The frame that the engine gave: left, top, width, height.
fn given_view(root: Node) -> Option<[f64; 4]> {
    let given = root.attribute("viewBox").map(geometry::numbers);
    let view = match given.as_deref() {
        Some([left, top, width, height]) => [*left, *top, *width, *height],
        _ => {
            let side = |name: &str| geometry::length(root.attribute(name));
            [0.0, 0.0, side("width")?, side("height")?]
        }
    };
    (view[2] >= 1.0 && view[3] >= 1.0 && view.iter().all(|side| side.is_finite())).then_some(view)
}

/// The frame around what is drawn, in whole pixels.
fn fitted_view(scene: &Scene, [left, top, width, height]: [f64; 4]) -> [f64; 4] {
    let mut edges = [left, top, left + width, top + height];
    if let Some(extent) = scene.layout().extent {
        edges = [
            fitted(edges[0], extent.left - MARGIN, -1.0),
            fitted(edges[1], extent.top - MARGIN, -1.0),
            fitted(edges[2], extent.right + MARGIN, 1.0),
            fitted(edges[3], extent.bottom + MARGIN, 1.0),
        ];
    }
    let (left, top) = (edges[0].floor(), edges[1].floor());
    [left, top, edges[2].ceil() - left, edges[3].ceil() - top]
}
