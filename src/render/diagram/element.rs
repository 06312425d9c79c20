//! The allow-list: elements of an engine's drawing come in, elements that we know go out, each
//! with attributes that we know and values that can't be anything but geometry, paint or text.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::attribute::{
    Attributes, class, copy, dashes, href, is_default, is_harmless, literal, measure, push_class,
    transform,
};
use super::color::Color;
use super::describe::has_class;
use super::geometry;
use super::item::{Element, Item, join_texts, simplify};
use super::number;
use super::palette::Role;
use super::scene::{SHAPES, Scene, is_definition, is_ground, key, reference};
use super::style::{Paint, url};

/// Elements and their geometry. Paint comes on top, by what kind of element it is.
const ELEMENTS: [(&str, &[&str]); 20] = [
    (
        "svg",
        &[
            "x",
            "y",
            "width",
            "height",
            "viewBox",
            "preserveAspectRatio",
        ],
    ),
    ("g", &[]),
    ("a", &[]),
    ("path", &["d"]),
    ("rect", &["x", "y", "width", "height", "rx", "ry"]),
    ("circle", &["cx", "cy", "r"]),
    ("ellipse", &["cx", "cy", "rx", "ry"]),
    ("line", &["x1", "y1", "x2", "y2"]),
    ("polyline", &["points"]),
    ("polygon", &["points"]),
    ("text", &["x", "y", "dx", "dy"]),
    ("tspan", &["x", "y", "dx", "dy"]),
    ("use", &["x", "y", "width", "height"]),
    (
        "marker",
        &[
            "viewBox",
            "refX",
            "refY",
            "markerUnits",
            "markerWidth",
            "markerHeight",
            "orient",
        ],
    ),
    ("symbol", &["viewBox", "width", "height"]),
    ("clipPath", &["clipPathUnits"]),
    (
        "linearGradient",
        &["x1", "y1", "x2", "y2", "gradientUnits", "spreadMethod"],
    ),
    (
        "radialGradient",
        &["cx", "cy", "r", "fx", "fy", "gradientUnits", "spreadMethod"],
    ),
    ("stop", &["offset"]),
    ("switch", &[]),
];

/// Properties that are copied to shapes that have a stroke.
const STROKE: [&str; 4] = [
    "stroke-width",
    "stroke-linecap",
    "stroke-linejoin",
    "stroke-opacity",
];

/// Groups of labels that some engine draws before what would cover them.
const LATE: [&str; 2] = ["cluster-label", "node-labels"];

/// Properties that put arrows on lines.
const MARKERS: [&str; 3] = ["marker-start", "marker-mid", "marker-end"];

/// Writes elements, and remembers what they refer to.
pub struct Writer<'s, 'd> {
    pub(super) scene: &'s Scene<'d>,
    /// Ids of the engine, in the order in which they were first referred to.
    references: Vec<String>,
    /// Labels that wait for the end of their frame.
    late: Vec<Item>,
    pub links: usize,
}

impl<'s, 'd> Writer<'s, 'd> {
    pub fn new(scene: &'s Scene<'d>) -> Self {
        Self {
            scene,
            references: Vec::new(),
            late: Vec::new(),
            links: 0,
        }
    }

    /// What is drawn, in order, and after it what it refers to.
    pub fn drawing(&mut self) -> (Vec<Item>, Vec<Item>) {
        let root = self.scene.root;
        let items = self.children(root);
        let by_id: BTreeMap<&str, Node> = root
            .descendants()
            .filter_map(|node| Some((node.attribute("id")?, node)))
            .collect();
        let mut definitions = Vec::new();
        let mut next = 0;
        // A definition may refer to further ones: the list grows while it is worked through.
        while let Some(id) = self.references.get(next).cloned() {
            next += 1;
            let Some(node) = by_id.get(id.as_str()) else {
                continue;
            };
            let mut found = self.element(*node);
            let mut element = match (found.pop(), found.is_empty()) {
                (Some(Item::Element(element)), true) => element,
                (last, _) => Element {
                    name: "g",
                    attributes: Attributes::new(),
                    children: found.into_iter().chain(last).collect(),
                },
            };
            element.attributes.retain(|(name, _)| *name != "id");
            element.attributes.insert(0, ("id", format!("dg-{next}")));
            definitions.push(Item::Element(element));
        }
        (items, definitions)
    }

    /// What an element holds. Labels that an engine draws under lines and areas are kept back until
    /// all else in their frame is drawn.
    fn children(&mut self, node: Node) -> Vec<Item> {
        let is_frame = node == self.scene.root || has_class(node, "root");
        let outer = is_frame.then(|| std::mem::take(&mut self.late));
        let mut items = self.items(node);
        if let Some(outer) = outer {
            items.append(&mut self.late);
            self.late = outer;
        }
        items
    }

    fn items(&mut self, node: Node) -> Vec<Item> {
        let inside_text = matches!(node.tag_name().name(), "text" | "tspan");
        let mut items: Vec<Item> = Vec::new();
        for child in node.children() {
            if child.is_text() && inside_text {
                items.push(Item::Text(child.text().unwrap_or_default().to_owned()));
            }
            if child.is_element() && !is_definition(child.tag_name().name()) {
                let drawn = self.element(child);
                if LATE.iter().any(|class| has_class(child, class)) {
                    self.late.extend(drawn);
                } else {
                    items.extend(drawn);
                }
            }
        }
        join_texts(items)
    }

    /// An element as it may stand in the drawing: nothing, itself, or its children alone.
    fn element(&mut self, node: Node) -> Vec<Item> {
        let tag = node.tag_name().name();
        let Some((name, geometry)) = ELEMENTS.iter().find(|(name, _)| *name == tag) else {
            return Vec::new();
        };
        let style = self.scene.style(node);
        if style.is_hidden() {
            return Vec::new();
        }
        if let Some(group) = self.scene.copied(node) {
            return self.copy_of(node, group);
        }
        let mut attributes: Attributes = geometry
            .iter()
            .filter_map(|name| Some((*name, measure(node.attribute(*name)?)?)))
            .filter(|(name, value)| !is_default(tag, name, value))
            .collect();
        let visible = match tag {
            "text" | "tspan" => self.text(node, &mut attributes),
            "use" => self.reference(node, &mut attributes),
            "a" => self.link(node, &mut attributes),
            "stop" => self.stop(node, &mut attributes),
            shape if SHAPES.contains(&shape) => self.shape(node, &mut attributes),
            _ => true,
        };
        if !visible {
            return if tag == "a" {
                self.children(node)
            } else {
                Vec::new()
            };
        }
        if tag == "svg" && geometry::is_plain_frame(node) {
            return self.children(node);
        }
        self.common(node, &mut attributes);
        let children = self.children(node);
        simplify(Element {
            name,
            attributes,
            children,
        })
    }

    /// A group that is used once stands where it is used.
    fn copy_of(&mut self, node: Node, group: Node) -> Vec<Item> {
        let side = |name: &str| geometry::length(node.attribute(name)).unwrap_or(0.0);
        let mut attributes = Vec::new();
        self.common(node, &mut attributes);
        let place = [side("x"), side("y")].map(number::short);
        if place != ["0", "0"] {
            let place = format!("translate({} {})", place[0], place[1]);
            match attributes.iter_mut().find(|(name, _)| *name == "transform") {
                Some((_, transform)) => *transform = format!("{transform} {place}"),
                None => attributes.push(("transform", place)),
            }
        }
        // A frame around one label would cut it where the reader's font is wider.
        attributes.retain(|(name, _)| *name != "clip-path");
        let children = self.element(group);
        simplify(Element {
            name: "g",
            attributes,
            children,
        })
    }

    fn common(&mut self, node: Node, attributes: &mut Attributes) {
        let style = self.scene.style(node);
        // Sideways only: that may stand before whatever else moves it.
        let moved = self.scene.layout().titles.get(&key(&node));
        let moved = moved.map(|x| format!("translate({})", number::short(*x)));
        let transforms: Vec<String> = moved.into_iter().chain(transform(style)).collect();
        if !transforms.is_empty() {
            attributes.push(("transform", transforms.join(" ")));
        }
        // A half-transparent ground of an edge's label would let the edge show through.
        let opacity = style
            .number("opacity")
            .filter(|value| *value < 1.0 && !is_ground(node));
        if let Some(opacity) = opacity {
            attributes.push(("opacity", number::short(opacity)));
        }
        // A text is never cut: readers' fonts differ from the one that the engine measured.
        let is_text = node.has_tag_name("text");
        if let Some(id) = style.get("clip-path").and_then(url).filter(|_| !is_text) {
            let number = self.number_of(id);
            attributes.push(("clip-path", format!("url(#dg-{number})")));
        }
    }

    fn shape(&mut self, node: Node, attributes: &mut Attributes) -> bool {
        let style = self.scene.style(node);
        if self.is_background(node) {
            return false;
        }
        let fill = match node.tag_name().name() {
            "line" => Paint::None,
            _ => self.scene.paint(node, "fill"),
        };
        let mut stroke = self.scene.paint(node, "stroke");
        if style.number("stroke-width") == Some(0.0) {
            stroke = Paint::None;
        }
        let in_clip = node
            .ancestors()
            .any(|ancestor| ancestor.has_tag_name("clipPath"));
        let has_marker = MARKERS
            .iter()
            .any(|name| style.get(name).and_then(url).is_some());
        if fill == Paint::None && stroke == Paint::None && !in_clip && !has_marker {
            return false;
        }
        if node.has_tag_name("rect") && !attributes.iter().any(|(name, _)| *name == "rx") {
            attributes.extend(corners(&fill, &stroke).map(|radius| ("rx", radius.to_owned())));
        }
        let mut classes = Vec::new();
        let tinted = self.scene.is_tinted(node);
        match fill {
            Paint::Role(Role::Series(_)) if tinted => classes.push(class("t", &fill)),
            _ => self.paint("fill", fill, &mut classes, attributes),
        }
        if stroke != Paint::None {
            self.paint("stroke", stroke, &mut classes, attributes);
            for property in STROKE {
                copy(style, property, attributes);
            }
            dashes(style, attributes);
        }
        copy(style, "fill-opacity", attributes);
        copy(style, "fill-rule", attributes);
        for property in MARKERS {
            if let Some(id) = style.get(property).and_then(url) {
                let number = self.number_of(id);
                attributes.push((property, format!("url(#dg-{number})")));
            }
        }
        push_class(classes, attributes);
        true
    }

    /// A ground as large as the drawing hides the page for nothing.
    fn is_background(&self, node: Node) -> bool {
        let root = self.scene.root;
        let is_first = node.parent_element() == Some(root) && node.has_tag_name("rect");
        is_first
            && self.scene.paint(node, "fill") == Paint::Role(Role::Canvas)
            && self.scene.is_as_large_as_drawing(node)
    }

    pub(super) fn paint(
        &mut self,
        property: &'static str,
        paint: Paint,
        classes: &mut Vec<String>,
        attributes: &mut Attributes,
    ) {
        let letter = if property == "fill" { "f" } else { "s" };
        match paint {
            Paint::None => attributes.push((property, "none".to_owned())),
            Paint::Role(_) => classes.push(class(letter, &paint)),
            Paint::Literal(color) => attributes.extend(literal(property, color)),
            Paint::Reference(id) => {
                let number = self.number_of(&id);
                attributes.push((property, format!("url(#dg-{number})")));
            }
        }
    }

    fn stop(&mut self, node: Node, attributes: &mut Attributes) -> bool {
        let style = self.scene.style(node);
        if let Some(color) = style.get("stop-color").and_then(Color::parse) {
            let role = self.scene.stand_in(node, "stop-color", color);
            attributes.push(("class", class("p", &Paint::Role(role))));
        }
        copy(style, "stop-opacity", attributes);
        true
    }

    fn reference(&mut self, node: Node, attributes: &mut Attributes) -> bool {
        let Some(id) = reference(node) else {
            return false;
        };
        let number = self.number_of(id);
        attributes.push(("href", format!("#dg-{number}")));
        true
    }

    fn link(&mut self, node: Node, attributes: &mut Attributes) -> bool {
        let Some(address) = href(node).filter(|href| is_harmless(href)) else {
            return false;
        };
        self.links += 1;
        attributes.push(("href", address.to_owned()));
        true
    }

    fn number_of(&mut self, id: &str) -> usize {
        let known = self.references.iter().position(|known| known == id);
        1 + known.unwrap_or_else(|| {
            self.references.push(id.to_owned());
            self.references.len() - 1
        })
    }
}

/// Corners like those of a page's own boxes, for plain rectangles: nodes and the groups around them.
fn corners(fill: &Paint, stroke: &Paint) -> Option<&'static str> {
    match (fill, stroke) {
        (Paint::Role(Role::Node), Paint::Role(Role::NodeBorder)) => Some("4"),
        (Paint::Role(Role::Cluster), _) => Some("8"),
        _ => None,
    }
}
