//! An engine's drawing with everything computed that depends on the whole of it: the style of each
//! element, and which shape lies behind which text.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use super::color::{self, Color};
use super::css::Sheet;
use super::geometry::{self, Bounds};
use super::palette::Role;
use super::style::{Paint, Style};

/// The elements that are filled and stroked.
pub const SHAPES: [&str; 7] = [
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
];

/// A drawing and what was computed of it.
pub struct Scene<'d> {
    pub root: Node<'d, 'd>,
    styles: BTreeMap<u32, Style>,
    written: Vec<Color>,
    /// The shape behind a text, by the text's `<text>` element.
    behind: BTreeMap<u32, Node<'d, 'd>>,
    carriers: BTreeSet<u32>,
}

impl<'d> Scene<'d> {
    pub fn new(document: &'d Document<'d>, source: &str) -> Self {
        let root = document.root_element();
        let mut scene = Self {
            root,
            styles: styles(root),
            written: color::written_in(source),
            behind: BTreeMap::new(),
            carriers: BTreeSet::new(),
        };
        scene.behind = scene.texts_on_shapes();
        scene.carriers = scene.behind.values().map(key).collect();
        scene
    }

    pub fn style(&self, node: Node) -> &Style {
        &self.styles[&key(&node)]
    }

    /// Whether a text stands on this shape.
    pub fn carries_text(&self, node: Node) -> bool {
        self.carriers.contains(&key(&node))
    }

    /// The fill of the shape behind a text.
    pub fn behind(&self, text: Node) -> Paint {
        let text = text.ancestors().find(|node| node.has_tag_name("text"));
        text.and_then(|text| self.behind.get(&key(&text)))
            .map_or(Paint::None, |shape| self.paint(*shape, "fill"))
    }

    /// What an element is filled or stroked with. A colour that is neither of the palette nor of
    /// the author was mixed by the engine; the role nearest to its use stands in for it.
    pub fn paint(&self, node: Node, property: &str) -> Paint {
        match self.style(node).paint(property) {
            Paint::Literal(color) if !self.written.contains(&color.opaque()) => {
                Paint::Role(stand_in(node, property, color))
            }
            paint => paint,
        }
    }

    fn texts_on_shapes(&self) -> BTreeMap<u32, Node<'d, 'd>> {
        let mut shapes: Vec<(Node<'d, 'd>, Bounds)> = Vec::new();
        let mut found = BTreeMap::new();
        for node in self.root.descendants().filter(Node::is_element) {
            let name = node.tag_name().name();
            if SHAPES.contains(&name) && self.is_area(node) {
                shapes.extend(geometry::bounds(node).map(|bounds| (node, bounds)));
            }
            if name != "text" {
                continue;
            }
            let style = self.style(node);
            let anchor = style.get("text-anchor");
            let Some(center) = geometry::text_center(node, anchor, style.font_size()) else {
                continue;
            };
            let behind = shapes.iter().rev().find(|(_, bounds)| bounds.contains(center));
            found.extend(behind.map(|(shape, _)| (key(&node), *shape)));
        }
        found
    }

    fn is_area(&self, node: Node) -> bool {
        let style = self.style(node);
        !style.is_hidden()
            && self.paint(node, "fill") != Paint::None
            && style.number("fill-opacity") != Some(0.0)
            && !node.ancestors().any(|ancestor| is_definition(ancestor.tag_name().name()))
    }
}

/// Elements that are drawn only where something refers to them.
pub fn is_definition(name: &str) -> bool {
    matches!(
        name,
        "defs" | "marker" | "symbol" | "clipPath" | "linearGradient" | "radialGradient"
    )
}

fn styles(root: Node) -> BTreeMap<u32, Style> {
    let sheet: String = root
        .descendants()
        .filter(|node| node.has_tag_name("style"))
        .flat_map(|node| node.children().filter_map(|child| child.text()))
        .collect();
    let sheet = Sheet::parse(&sheet);
    let mut styles: BTreeMap<u32, Style> = BTreeMap::new();
    let base = Style::root();
    for node in root.descendants().filter(Node::is_element) {
        let parent = node.parent_element().and_then(|parent| styles.get(&key(&parent)));
        let style = Style::of(node, parent.unwrap_or(&base), &sheet);
        styles.insert(key(&node), style);
    }
    styles
}

fn stand_in(node: Node, property: &str, color: Color) -> Role {
    let in_marker = node.ancestors().any(|ancestor| ancestor.has_tag_name("marker"));
    match (node.tag_name().name(), property) {
        ("text" | "tspan", _) => Role::Text,
        (_, "stroke") => Role::Line,
        _ if in_marker => Role::Line,
        _ if color.text_on().red == 255 => Role::Line,
        _ if color.red > 250 && color.green > 250 && color.blue > 250 => Role::Canvas,
        _ => Role::Node,
    }
}

fn key(node: &Node) -> u32 {
    node.id().get()
}
