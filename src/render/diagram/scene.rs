//! An engine's drawing with everything computed that depends on the whole of it: the style of each
//! element, and which shape lies behind which text.

use std::collections::{BTreeMap, BTreeSet};

use roxmltree::{Document, Node};

use super::color::{self, Color};
use super::css::Sheet;
use super::describe::has_class;
use super::geometry;
use super::layout::{self, Layout};
use super::palette::Role;
use super::style::{Paint, Style};

/// The elements that are filled and stroked.
pub const SHAPES: [&str; 7] = [
    "path", "rect", "circle", "ellipse", "line", "polyline", "polygon",
];

/// Largest radius of a dot.
const DOT: f64 = 12.0;

/// A drawing and what was computed of it.
pub struct Scene<'d> {
    pub root: Node<'d, 'd>,
    styles: BTreeMap<u32, Style>,
    written: Vec<Color>,
    layout: Layout<'d>,
    carriers: BTreeSet<u32>,
    /// The colours that a sankey brings along for its series, in order.
    own_colors: Vec<Color>,
    /// Whether texts stand on colours of a series anywhere: then all of them are mixed with the
    /// page, so that a legend shows the colours of what it explains.
    is_tinted: bool,
    copies: Copies<'d>,
    /// The same by `<use>`.
    groups: Copies<'d>,
}

/// Groups that are kept aside and drawn by one `<use>` each, by group.
pub type Copies<'d> = BTreeMap<u32, Node<'d, 'd>>;

impl<'d> Scene<'d> {
    pub fn new(document: &'d Document<'d>, source: &str) -> Self {
        let root = document.root_element();
        let mut scene = Self {
            root,
            styles: styles(root),
            written: color::written_in(source),
            layout: Layout::default(),
            carriers: BTreeSet::new(),
            own_colors: Vec::new(),
            is_tinted: false,
            groups: BTreeMap::new(),
            copies: copies(root),
        };
        let kept = root
            .descendants()
            .filter(|node| scene.copies.contains_key(&key(node)));
        scene.groups = kept
            .map(|group| (key(&scene.copies[&key(&group)]), group))
            .collect();
        if root.attribute("aria-roledescription") == Some("sankey") {
            scene.own_colors = scene.colors_of_nodes();
        }
        scene.layout = layout::of(&scene);
        scene.carriers = scene.layout.behind.values().map(key).collect();
        let mut shapes = scene.layout.behind.values();
        scene.is_tinted =
            shapes.any(|shape| matches!(scene.paint(*shape, "fill"), Paint::Role(Role::Series(_))));
        scene
    }

    pub fn style(&self, node: Node) -> &Style {
        &self.styles[&key(&node)]
    }

    /// The role that stands in for a colour which the engine mixed or brought along.
    pub fn stand_in(&self, node: Node, property: &str, color: Color) -> Role {
        match self
            .own_colors
            .iter()
            .position(|own| *own == color.opaque())
        {
            Some(position) => Role::series(position),
            None => stand_in(node, property, color),
        }
    }

    pub fn layout(&self) -> &Layout<'d> {
        &self.layout
    }

    pub fn copies(&self) -> &Copies<'d> {
        &self.copies
    }

    /// Whether an element is drawn, and not only kept for what refers to it.
    pub fn is_drawn(&self, node: Node) -> bool {
        layout::is_drawn(node, &self.copies)
    }

    /// Whether an element belongs to a group that is kept aside and drawn once.
    pub fn is_copy(&self, node: Node) -> bool {
        let mut ancestors = node.ancestors();
        ancestors.any(|ancestor| self.copies.contains_key(&key(&ancestor)))
    }

    /// Whether a rectangle covers the whole of the drawing.
    pub fn is_as_large_as_drawing(&self, rect: Node) -> bool {
        let view = self
            .root
            .attribute("viewBox")
            .map(geometry::numbers)
            .unwrap_or_default();
        let side = |name: &str| geometry::length(rect.attribute(name));
        let [_, _, width, height] = view[..] else {
            return false;
        };
        side("width").is_none_or(|side| side >= width - 1.0)
            && side("height").is_none_or(|side| side >= height - 1.0)
    }

    fn colors_of_nodes(&self) -> Vec<Color> {
        let mut colors = Vec::new();
        for rect in self
            .root
            .descendants()
            .filter(|node| node.has_tag_name("rect"))
        {
            if let Paint::Literal(color) = self.style(rect).paint("fill")
                && !colors.contains(&color.opaque())
            {
                colors.push(color.opaque());
            }
        }
        colors
    }

    /// Whether a shape's colour is mixed with the page, for the text on it or for its likes; dots
    /// are too small for text and for pale colours.
    pub fn is_tinted(&self, node: Node) -> bool {
        let is_dot = || geometry::length(node.attribute("r")).is_some_and(|r| r <= DOT);
        self.carriers.contains(&key(&node)) || self.is_tinted && !is_dot()
    }

    /// The group that a `<use>` draws, if it is drawn nowhere else.
    pub fn copied(&self, node: Node) -> Option<Node<'d, 'd>> {
        self.groups.get(&key(&node)).copied()
    }

    /// The fill of the shape behind a text.
    pub fn behind(&self, text: Node) -> Paint {
        let text = text.ancestors().find(|node| node.has_tag_name("text"));
        text.and_then(|text| self.layout.behind.get(&key(&text)))
            .map_or(Paint::None, |shape| self.paint(*shape, "fill"))
    }

    /// What an element is filled or stroked with. A colour that is neither of the palette nor of
    /// the author was mixed by the engine; the role nearest to its use stands in for it.
    pub fn paint(&self, node: Node, property: &str) -> Paint {
        match self.style(node).paint(property) {
            // The ground of an edge's label is the page, so that the edge seems to stop there.
            Paint::Role(Role::Node) if property == "fill" && is_ground(node) => {
                Paint::Role(Role::Canvas)
            }
            // Nothing said what an arrow's head is filled with: the line's colour is.
            // The lines of a grid stay behind what stands on it.
            Paint::Role(Role::Text) if property == "stroke" && is_tick(node) => {
                Paint::Role(Role::ClusterBorder)
            }
            Paint::Role(Role::Text) if is_in_marker(node) => Paint::Role(Role::Line),
            Paint::Literal(color) if !self.written.contains(&color.opaque()) => {
                Paint::Role(self.stand_in(node, property, color))
            }
            paint => paint,
        }
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
        let parent = node
            .parent_element()
            .and_then(|parent| styles.get(&key(&parent)));
        let style = Style::of(node, parent.unwrap_or(&base), &sheet);
        styles.insert(key(&node), style);
    }
    styles
}

/// The classes of what a label stood in while it was HTML.
pub fn html_classes<'a>(node: Node<'a, '_>) -> &'a str {
    node.attribute("data-merman-source-classes")
        .unwrap_or_default()
}

/// Whether an element is the ground of an edge's label.
pub fn is_ground(node: Node) -> bool {
    // A label that was HTML is kept aside, with the classes of where it was.
    let mut around = node.ancestors().chain(node.next_sibling_element());
    node.has_tag_name("rect")
        && around
            .any(|node| has_class(node, "edgeLabel") || html_classes(node).contains("edgeLabel"))
}

fn is_tick(node: Node) -> bool {
    node.ancestors()
        .any(|ancestor| matches!(ancestor.attribute("class"), Some("tick" | "grid")))
}

fn is_in_marker(node: Node) -> bool {
    node.ancestors()
        .any(|ancestor| ancestor.has_tag_name("marker"))
}

fn stand_in(node: Node, property: &str, color: Color) -> Role {
    match (node.tag_name().name(), property) {
        ("text" | "tspan", _) => Role::Text,
        (_, "stroke") => Role::Line,
        _ if color.red > 250 && color.green > 250 && color.blue > 250 => Role::Canvas,
        _ if is_in_marker(node) => Role::Line,
        _ if color.text_on().red == 255 => Role::Line,
        _ => Role::Node,
    }
}

/// The fragment that a `<use>` refers to.
pub fn reference<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut attributes = node.attributes();
    let href = attributes.find(|attribute| attribute.name() == "href")?;
    href.value().trim().strip_prefix('#')
}

fn copies<'d>(root: Node<'d, 'd>) -> Copies<'d> {
    let groups: BTreeMap<&str, u32> = root
        .descendants()
        .filter(|node| node.has_tag_name("g"))
        .filter_map(|node| Some((node.attribute("id")?, key(&node))))
        .collect();
    let mut copies = Copies::new();
    let mut again = BTreeSet::new();
    for node in root.descendants().filter(|node| node.has_tag_name("use")) {
        let Some(group) = reference(node).and_then(|id| groups.get(id)) else {
            continue;
        };
        // A group within itself would never end.
        let inside = node.ancestors().any(|ancestor| key(&ancestor) == *group);
        if inside || copies.insert(*group, node).is_some() {
            again.insert(*group);
        }
    }
    copies.retain(|group, _| !again.contains(group));
    copies
}

/// The number of a node in its document.
pub fn key(node: &Node) -> u32 {
    node.id().get()
}
