//! Where a drawing's words stand, and what they need to be read: which shape lies behind a text,
//! which lines may cross it, which labels form a column, and how far the whole reaches.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::Node;

use super::cluster;
use super::describe;
use super::geometry::{self, Bounds};
use super::scene::{SHAPES, Scene, html_classes, is_definition, key};
use super::style::Paint;

/// Labels whose left edges differ by less stand in a column, in pixels.
const COLUMN: f64 = 0.5;

/// Where labels that were HTML stand in lists.
const LISTS: [&str; 5] = [
    "members-group",
    "methods-group",
    "attribute-",
    "requirementDiagram",
    "items",
];

/// Largest side of the square before a legend's text, in pixels.
const SQUARE: f64 = 20.0;

/// What was found about a drawing's texts; texts are named by [`key`].
#[derive(Default)]
pub struct Layout<'d> {
    /// The shape behind a text.
    pub behind: BTreeMap<u32, Node<'d, 'd>>,
    /// Texts on the page or a cluster that a line may run through.
    pub crossed: BTreeSet<u32>,
    /// Texts that stand in a column and start at its left edge.
    pub columns: BTreeSet<u32>,
    /// Texts beside the square that they explain, at the height of its middle.
    pub legends: BTreeSet<u32>,
    /// Labels of an axis that would stand on the one before.
    pub crowded: BTreeSet<u32>,
    /// How far the titles of groups move to the right.
    pub titles: BTreeMap<u32, f64>,
    /// The box around all that is drawn, if all of it is known.
    pub extent: Option<Bounds>,
}

/// Looks at every shape and text of a drawing, in the order in which they are drawn.
pub fn of<'d>(scene: &Scene<'d>) -> Layout<'d> {
    let mut layout = Layout::default();
    let mut areas: Vec<(Node<'d, 'd>, Bounds)> = Vec::new();
    let mut lines: Vec<Bounds> = Vec::new();
    let mut points: Vec<cluster::Line> = Vec::new();
    let mut texts: Vec<(Node<'d, 'd>, Bounds)> = Vec::new();
    let mut extent = Extent::default();
    for node in scene.root.descendants().filter(Node::is_element) {
        let style = scene.style(node);
        let name = node.tag_name().name();
        if style.is_hidden() || !scene.is_drawn(node) {
            continue;
        }
        if name == "text" {
            if describe::text_of(node).is_empty() {
                continue;
            }
            let bounds = geometry::text_bounds(node, scene.copies(), style);
            extent.add(bounds);
            texts.extend(bounds.map(|bounds| (node, bounds)));
        } else if name == "use" && scene.copied(node).is_none() {
            extent.add(None);
        } else if SHAPES.contains(&name) {
            let bounds = geometry::bounds(node, scene.copies());
            let is_filled = scene.paint(node, "fill") != Paint::None && name != "line";
            let is_stroked = scene.paint(node, "stroke") != Paint::None;
            let is_ground = name == "rect" && scene.is_as_large_as_drawing(node);
            if (is_filled || is_stroked) && !is_ground {
                extent.add(bounds);
            }
            if is_filled && style.number("fill-opacity") != Some(0.0) {
                areas.extend(bounds.map(|bounds| (node, bounds)));
            } else if is_stroked && name != "rect" {
                lines.extend(bounds);
                points.extend(geometry::line_points(node, scene.copies()));
            }
        }
    }
    for (text, bounds) in &texts {
        let center = bounds.first_line(scene.style(*text).font_size());
        let behind = areas
            .iter()
            .rev()
            .find(|(shape, area)| area.contains(center) && comes_before(*shape, *text, scene));
        layout
            .behind
            .extend(behind.map(|(shape, _)| (key(text), *shape)));
        if lines.iter().any(|line| line.touches(*bounds)) {
            layout.crossed.insert(key(text));
        }
    }
    layout.legends = legends(&areas, &texts);
    layout.columns = columns(scene, &texts);
    layout.crowded = crowded(&texts);
    layout.titles = cluster::moves(scene, &points);
    layout.extent = extent.known();
    layout
}

/// Shapes after a text lie on it. Groups kept aside come at the end of the document and are drawn
/// earlier, so that nothing can be said of them.
fn comes_before(shape: Node, text: Node, scene: &Scene) -> bool {
    key(&shape) < key(&text) || scene.is_copy(shape)
}

#[derive(Default)]
struct Extent {
    bounds: Option<Bounds>,
    is_unknown: bool,
}

impl Extent {
    fn add(&mut self, bounds: Option<Bounds>) {
        match (bounds, self.bounds) {
            (None, _) => self.is_unknown = true,
            (Some(new), None) => self.bounds = Some(new),
            (Some(new), Some(old)) => self.bounds = Some(old.around(new)),
        }
    }

    fn known(self) -> Option<Bounds> {
        self.bounds.filter(|_| !self.is_unknown)
    }
}

/// Labels that were HTML are centred on the width that the engine guessed. Where several of
/// different widths share a left edge they are a list: they start there, whatever their width.
fn columns<'d>(scene: &Scene<'d>, texts: &[(Node<'d, 'd>, Bounds)]) -> BTreeSet<u32> {
    let mut labels: Vec<(f64, f64, u32)> = texts
        .iter()
        .filter_map(|(text, _)| {
            let frame = text
                .parent_element()
                .filter(|parent| parent.has_tag_name("svg"))?;
            let classes = html_classes(*text);
            if !LISTS.iter().any(|class| classes.contains(class)) {
                return None;
            }
            let width = geometry::length(frame.attribute("width"))?;
            let (left, _) = geometry::origin(*text, scene.copies())?;
            let is_centred = scene.style(*text).get("text-anchor") == Some("middle")
                && geometry::length(text.attribute("x"))
                    .is_some_and(|x| (2.0 * x - width).abs() < COLUMN);
            is_centred.then(|| (left, width, key(text)))
        })
        .collect();
    labels.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.2.cmp(&b.2)));
    labels
        .chunk_by(|a, b| b.0 - a.0 < COLUMN)
        .filter(|column| {
            column
                .iter()
                .any(|(_, width, _)| (width - column[0].1).abs() > 1.0)
        })
        .flatten()
        .map(|(_, _, text)| *text)
        .collect()
}

/// Texts whose line starts at the middle of a small square before them.
fn legends(areas: &[(Node, Bounds)], texts: &[(Node, Bounds)]) -> BTreeSet<u32> {
    let is_square = |bounds: &Bounds| {
        let (width, height) = (bounds.right - bounds.left, bounds.bottom - bounds.top);
        (width - height).abs() < 0.1 && width <= SQUARE
    };
    let squares: Vec<&Bounds> = areas
        .iter()
        .map(|(_, bounds)| bounds)
        .filter(|b| is_square(b))
        .collect();
    let starts_at = |text: &Node, square: &Bounds| {
        let middle = (square.top + square.bottom) / 2.0;
        let gap = geometry::length(text.attribute("x")).map(|x| x - square.right);
        geometry::length(text.attribute("y")).is_some_and(|y| (y - middle).abs() < 0.1)
            && gap.is_some_and(|gap| (0.0..SQUARE).contains(&gap))
    };
    let mut found = BTreeSet::new();
    for (text, _) in texts {
        if squares.iter().any(|square| starts_at(text, square)) {
            found.insert(key(text));
        }
    }
    found
}

/// Labels of an axis (`.tick`) that start before the last one shown ends.
fn crowded(texts: &[(Node, Bounds)]) -> BTreeSet<u32> {
    let mut crowded = BTreeSet::new();
    let mut shown: Option<Bounds> = None;
    for (text, bounds) in texts {
        let is_tick = text
            .ancestors()
            .any(|node| node.attribute("class") == Some("tick"));
        if !is_tick {
            continue;
        }
        let is_close = shown.is_some_and(|last| {
            last.top == bounds.top && bounds.left < last.right + 4.0 && bounds.right > last.left
        });
        if is_close {
            crowded.insert(key(text));
        } else {
            shown = Some(*bounds);
        }
    }
    crowded
}

/// Whether an element stands where it is drawn, or is drawn once from where it is kept.
pub fn is_drawn(node: Node, copies: &super::scene::Copies) -> bool {
    for ancestor in node.ancestors() {
        if copies.contains_key(&key(&ancestor)) {
            return true;
        }
        if is_definition(ancestor.tag_name().name()) {
            return false;
        }
    }
    true
}
