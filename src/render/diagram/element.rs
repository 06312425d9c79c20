//! The allow-list: elements of an engine's drawing come in, elements that we know go out, each
//! with attributes that we know and values that can't be anything but geometry, paint or text.

use std::collections::BTreeMap;

use roxmltree::Node;

use super::color::Color;
use super::describe::has_class;
use super::geometry;
use super::ids::escape;
use super::number;
use super::palette::Role;
use super::scene::{SHAPES, Scene, is_definition, is_ground, key, reference};
use super::style::{Paint, Style, url};

/// A piece of the finished drawing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Item {
    Text(String),
    Element(Element),
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Element {
    pub name: &'static str,
    /// Values are not escaped yet.
    pub attributes: Vec<(&'static str, String)>,
    pub children: Vec<Item>,
}

/// Elements and their geometry. Paint comes on top, by what kind of element it is.
const ELEMENTS: [(&str, &[&str]); 20] = [
    ("svg", &["x", "y", "width", "height", "viewBox", "preserveAspectRatio"]),
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
    ("marker", &["viewBox", "refX", "refY", "markerUnits", "markerWidth", "markerHeight", "orient"]),
    ("symbol", &["viewBox", "width", "height"]),
    ("clipPath", &["clipPathUnits"]),
    ("linearGradient", &["x1", "y1", "x2", "y2", "gradientUnits", "spreadMethod"]),
    ("radialGradient", &["cx", "cy", "r", "fx", "fy", "gradientUnits", "spreadMethod"]),
    ("stop", &["offset"]),
    ("switch", &[]),
];

/// Properties that are copied to shapes that have a stroke.
const STROKE: [&str; 4] = ["stroke-width", "stroke-linecap", "stroke-linejoin", "stroke-opacity"];

/// Groups of labels that some engine draws before what would cover them.
const LATE: [&str; 2] = ["cluster-label", "node-labels"];

/// Properties that put arrows on lines.
const MARKERS: [&str; 3] = ["marker-start", "marker-mid", "marker-end"];

/// Properties that are copied to texts where they differ from the parent's.
const TEXT: [&str; 9] = [
    "font-size", "font-weight", "font-style", "text-anchor", "dominant-baseline",
    "alignment-baseline", "baseline-shift", "text-decoration", "writing-mode",
];

/// Writes elements, and remembers what they refer to.
pub struct Writer<'s, 'd> {
    scene: &'s Scene<'d>,
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
            for mut item in self.element(*node) {
                if let Item::Element(element) = &mut item {
                    element.attributes.insert(0, ("id", format!("dg-{next}")));
                }
                definitions.push(item);
            }
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
        let mut attributes: Vec<(&'static str, String)> = geometry
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
            return if tag == "a" { self.children(node) } else { Vec::new() };
        }
        if let Some(group) = self.scene.copied(node) {
            return self.copy_of(node, group);
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

    fn common(&mut self, node: Node, attributes: &mut Vec<(&'static str, String)>) {
        let style = self.scene.style(node);
        if let Some(transform) = transform(style) {
            attributes.push(("transform", transform));
        }
        // A half-transparent ground of an edge's label would let the edge show through.
        let opacity = style.number("opacity").filter(|value| *value < 1.0 && !is_ground(node));
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

    fn shape(&mut self, node: Node, attributes: &mut Vec<(&'static str, String)>) -> bool {
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
        let in_clip = node.ancestors().any(|ancestor| ancestor.has_tag_name("clipPath"));
        let has_marker = MARKERS.iter().any(|name| style.get(name).and_then(url).is_some());
        if fill == Paint::None && stroke == Paint::None && !in_clip && !has_marker {
            return false;
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

    fn paint(
        &mut self,
        property: &'static str,
        paint: Paint,
        classes: &mut Vec<String>,
        attributes: &mut Vec<(&'static str, String)>,
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

    fn text(&mut self, node: Node, attributes: &mut Vec<(&'static str, String)>) -> bool {
        let style = self.scene.style(node);
        let layout = self.scene.layout();
        if layout.crowded.contains(&key(&node)) {
            return false;
        }
        let in_column = layout.columns.contains(&key(&node));
        if in_column {
            attributes.retain(|(name, _)| *name != "x");
        }
        let root = Style::root();
        let parent = node.parent_element().filter(|parent| !node.has_tag_name("text") && parent.is_element());
        let parent_style = parent.map_or(&root, |parent| self.scene.style(parent));
        for property in TEXT {
            let value = style.get(property);
            let is_anchor = property == "text-anchor" && in_column;
            if value != parent_style.get(property) && !is_initial(property, value) && !is_anchor {
                copy(style, property, attributes);
            }
        }
        let color = self.text_color(node);
        let inherited = parent.map_or(Paint::Role(Role::Text), |parent| self.text_color(parent));
        if layout.legends.contains(&key(&node)) {
            attributes.retain(|(name, _)| *name != "dominant-baseline");
            attributes.push(("dominant-baseline", "central".to_owned()));
        }
        let mut classes = Vec::new();
        if color != inherited {
            self.paint("fill", color.clone(), &mut classes, attributes);
        }
        if color != Paint::Role(Role::Canvas) {
            classes.extend(self.halo(node));
        }
        push_class(classes, attributes);
        true
    }

    /// A rim in the colour of its ground for a text that lines may run through.
    fn halo(&self, node: Node) -> Option<String> {
        if !self.scene.layout().crossed.contains(&key(&node)) {
            return None;
        }
        match self.scene.behind(node) {
            Paint::None => Some("dg-h-bg".to_owned()),
            Paint::Role(role @ (Role::Canvas | Role::Cluster)) => Some(format!("dg-h-{}", role.name())),
            _ => None,
        }
    }

    /// The colour of a text that can be read on what lies behind it: the author's own if it can,
    /// else black or white on the author's ground; on the theme's grounds the theme's.
    fn text_color(&self, node: Node) -> Paint {
        // `color` is what an author writes for a label's text, and what HTML would take.
        let own = match self.scene.paint(node, "color") {
            color @ Paint::Literal(_) => color,
            _ => self.scene.paint(node, "fill"),
        };
        match (self.scene.behind(node), own) {
            (Paint::Literal(ground), Paint::Literal(color)) if color.readable_on(ground) => {
                Paint::Literal(color)
            }
            (Paint::Literal(ground), _) => Paint::Literal(ground.text_on()),
            (Paint::None, own @ Paint::Role(Role::Series(_))) => own,
            (_, own @ Paint::Role(Role::Soft | Role::Error | Role::Canvas)) => own,
            _ => Paint::Role(Role::Text),
        }
    }

    fn stop(&mut self, node: Node, attributes: &mut Vec<(&'static str, String)>) -> bool {
        let style = self.scene.style(node);
        if let Some(color) = style.get("stop-color").and_then(Color::parse) {
            let role = self.scene.stand_in(node, "stop-color", color);
            attributes.push(("class", class("p", &Paint::Role(role))));
        }
        copy(style, "stop-opacity", attributes);
        true
    }

    fn reference(&mut self, node: Node, attributes: &mut Vec<(&'static str, String)>) -> bool {
        let Some(id) = reference(node) else {
            return false;
        };
        let number = self.number_of(id);
        attributes.push(("href", format!("#dg-{number}")));
        true
    }

    fn link(&mut self, node: Node, attributes: &mut Vec<(&'static str, String)>) -> bool {
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

fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut attributes = node.attributes();
    attributes
        .find(|attribute| attribute.name() == "href")
        .map(|attribute| attribute.value().trim())
}

/// Links lead to `http`, `https` and `mailto` addresses, to relative ones and to fragments.
fn is_harmless(address: &str) -> bool {
    if address.is_empty() || address.chars().any(|c| c.is_control() || c.is_whitespace()) {
        return false;
    }
    match address.split_once(':') {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => {
            let scheme = scheme.to_ascii_lowercase();
            matches!(scheme.as_str(), "http" | "https" | "mailto")
        }
        // `//host` would take the scheme of the page and leave the site unnoticed.
        _ => !address.starts_with("//") && !address.contains('\\'),
    }
}

/// A value of geometry, shortened; `None` if it is anything else.
fn measure(value: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_alphanumeric() || " .,+-%\n\t".contains(c);
    let whole = value.len() < 200_000 && value.chars().all(known);
    let word = value.to_ascii_lowercase();
    let broken = word.contains("nan") || word.contains("inf") || word.contains("undefined");
    (whole && !broken).then(|| number::round(value.trim()))
}

fn is_default(tag: &str, name: &str, value: &str) -> bool {
    let is_zero = matches!(value, "0" | "0px");
    match name {
        "x" | "y" => is_zero && tag != "tspan",
        "rx" | "ry" | "dx" | "dy" | "x1" | "y1" => is_zero,
        _ => false,
    }
}

fn is_initial(property: &str, value: Option<&str>) -> bool {
    matches!(
        (property, value),
        (_, None)
            | ("font-weight" | "font-style", Some("normal"))
            | ("font-weight", Some("400"))
            | ("text-anchor", Some("start"))
            | ("text-decoration", Some("none"))
            | (_, Some("auto" | "baseline"))
    )
}

/// Copies a property whose value is a plain word or number.
fn copy(style: &Style, property: &'static str, attributes: &mut Vec<(&'static str, String)>) {
    let Some(value) = style.get(property) else {
        return;
    };
    let value = value.strip_suffix("px").unwrap_or(value);
    let default = matches!(
        (property, value),
        ("stroke-width" | "fill-opacity" | "stroke-opacity", "1")
            | ("stroke-linecap", "butt")
            | ("stroke-linejoin", "miter")
            | ("fill-rule", "nonzero")
    );
    let plain = value
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '%'));
    if plain && !default && !value.is_empty() {
        attributes.push((property, number::round(value)));
    }
}

/// A dash pattern, unless it comes to a solid line.
fn dashes(style: &Style, attributes: &mut Vec<(&'static str, String)>) {
    let Some(value) = style.get("stroke-dasharray") else {
        return;
    };
    let numbers = geometry::numbers(value);
    let solid = numbers.len() < 2 && numbers.iter().all(|dash| *dash <= 0.0)
        || numbers.len() > 1 && numbers.iter().skip(1).step_by(2).all(|gap| *gap <= 0.0);
    if !solid && numbers.len() < 20 {
        let list: Vec<String> = numbers.into_iter().map(number::short).collect();
        attributes.push(("stroke-dasharray", list.join(" ")));
    }
}

/// `transform` in the syntax of the attribute. As CSS it turns about `transform-origin`.
fn transform(style: &Style) -> Option<String> {
    let value = style.get("transform")?;
    let known = |c: char| c.is_ascii_alphanumeric() || " .,+-()".contains(c);
    if !value.chars().all(known) || value.to_ascii_lowercase().contains("nan") {
        return None;
    }
    let value = number::round(&value.replace("deg", "").replace("px", ""));
    let origin = style
        .get("transform-origin")
        .map(geometry::numbers)
        .unwrap_or_default();
    if let [x, y] = origin[..] {
        let (x, y) = (number::short(x), number::short(y));
        return Some(format!("translate({x} {y}) {value} translate(-{x} -{y})").replace("--", ""));
    }
    let nowhere = matches!(value.replace(' ', "").as_str(), "translate(0,0)" | "translate(0)" | "" | "none");
    (!nowhere).then_some(value)
}

fn class(kind: &str, paint: &Paint) -> String {
    match paint {
        Paint::Role(role) => format!("dg-{kind}-{}", role.name()),
        _ => String::new(),
    }
}

fn push_class(classes: Vec<String>, attributes: &mut Vec<(&'static str, String)>) {
    if !classes.is_empty() {
        attributes.push(("class", classes.join(" ")));
    }
}

fn literal(property: &'static str, color: Color) -> Vec<(&'static str, String)> {
    let mut attributes = vec![(property, color.hex())];
    if color.alpha < 100 {
        let opacity = if property == "fill" { "fill-opacity" } else { "stroke-opacity" };
        attributes.push((opacity, number::short(f64::from(color.alpha) / 100.0)));
    }
    attributes
}

/// Neighbouring pieces of text become one.
fn join_texts(items: Vec<Item>) -> Vec<Item> {
    let mut joined: Vec<Item> = Vec::new();
    for item in items {
        match (joined.last_mut(), item) {
            (Some(Item::Text(before)), Item::Text(text)) => before.push_str(&text),
            (_, item) => joined.push(item),
        }
    }
    joined
}

/// Leaves out what draws nothing, and wrappers that say nothing.
fn simplify(element: Element) -> Vec<Item> {
    let Element {
        name,
        attributes,
        children,
    } = element;
    let is_wrapper = matches!(name, "g" | "tspan" | "switch");
    if is_wrapper && attributes.is_empty() {
        return children;
    }
    let needs_children = is_wrapper || matches!(name, "text" | "a" | "svg");
    let has_content = children.iter().any(|child| match child {
        Item::Text(text) => !text.trim().is_empty(),
        Item::Element(_) => true,
    });
    if needs_children && !has_content {
        return Vec::new();
    }
    let size = |side: &str| attributes.iter().find(|(name, _)| *name == side);
    if name == "rect" && ["width", "height"].into_iter().any(|side| size(side).is_none_or(|(_, v)| v == "0")) {
        return Vec::new();
    }
    let mut attributes = attributes;
    let mut seen = Vec::new();
    attributes.retain(|(name, _)| {
        let new = !seen.contains(name);
        seen.push(*name);
        new
    });
    vec![Item::Element(Element {
        name,
        attributes,
        children,
    })]
}

/// Writes items as markup that reads the same as XML and in HTML.
pub fn write(items: &[Item], out: &mut String) {
    for item in items {
        match item {
            Item::Text(text) => out.push_str(&escape(text)),
            Item::Element(element) => {
                out.push('<');
                out.push_str(element.name);
                for (name, value) in &element.attributes {
                    out.push(' ');
                    out.push_str(name);
                    out.push_str("=\"");
                    // Our own values: classes, ids and references to them must stay as they are.
                    match *name {
                        "href" if !value.starts_with("#dg-") => out.push_str(&escape(value)),
                        _ => out.push_str(value),
                    }
                    out.push('"');
                }
                if element.children.is_empty() {
                    out.push_str("/>");
                    continue;
                }
                out.push('>');
                write(&element.children, out);
                out.push_str("</");
                out.push_str(element.name);
                out.push('>');
            }
        }
    }
}
