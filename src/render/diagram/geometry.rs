//! Where things stand: the boxes of shapes and the places of texts in the coordinates of the
//! drawing. Boxes are of control points, turned shapes are left out; good enough to say which
//! shape lies behind a text and whether a drawing has a sensible size.

use roxmltree::Node;

use super::font;
use super::scene::{Copies, key};
use super::style::Style;

/// Steps that an arc is followed in.
const ARC: u32 = 16;

/// More levels than a drawing has.
const MOVES: usize = 200;

/// A rectangle by its corners.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Bounds {
    pub fn contains(self, (x, y): (f64, f64)) -> bool {
        x >= self.left && x <= self.right && y >= self.top && y <= self.bottom
    }

    /// The box around both.
    pub fn around(self, other: Self) -> Self {
        Self {
            left: self.left.min(other.left),
            top: self.top.min(other.top),
            right: self.right.max(other.right),
            bottom: self.bottom.max(other.bottom),
        }
    }

    /// Whether the boxes share a point.
    pub fn touches(self, other: Self) -> bool {
        self.left <= other.right
            && other.left <= self.right
            && self.top <= other.bottom
            && other.top <= self.bottom
    }

    /// The middle of the box's first line of text of a size.
    pub fn first_line(self, font_size: f64) -> (f64, f64) {
        ((self.left + self.right) / 2.0, self.top + font_size * 0.7)
    }

    fn of_points(points: impl IntoIterator<Item = (f64, f64)>) -> Option<Self> {
        points
            .into_iter()
            .fold(None, |bounds: Option<Self>, (x, y)| {
                let bounds = bounds.unwrap_or(Self {
                    left: x,
                    top: y,
                    right: x,
                    bottom: y,
                });
                Some(Self {
                    left: bounds.left.min(x),
                    top: bounds.top.min(y),
                    right: bounds.right.max(x),
                    bottom: bounds.bottom.max(y),
                })
            })
    }

    fn moved(self, (x, y): (f64, f64)) -> Self {
        Self {
            left: self.left + x,
            top: self.top + y,
            right: self.right + x,
            bottom: self.bottom + y,
        }
    }
}

/// The box of a shape, if its ancestors only move it.
pub fn bounds<'d>(node: Node<'d, 'd>, copies: &Copies<'d>) -> Option<Bounds> {
    let number = |name: &str| length(node.attribute(name)).unwrap_or(0.0);
    let own = match node.tag_name().name() {
        "rect" => Bounds::of_points([
            (number("x"), number("y")),
            (
                number("x") + number("width"),
                number("y") + number("height"),
            ),
        ]),
        "circle" | "ellipse" => {
            let round = node.has_tag_name("circle") || node.attribute("r").is_some();
            let rx = number(if round { "r" } else { "rx" });
            let ry = number(if round { "r" } else { "ry" });
            let (x, y) = (number("cx"), number("cy"));
            Bounds::of_points([(x - rx, y - ry), (x + rx, y + ry)])
        }
        "line" => Bounds::of_points([(number("x1"), number("y1")), (number("x2"), number("y2"))]),
        "polygon" | "polyline" => {
            let numbers = numbers(node.attribute("points")?);
            Bounds::of_points(numbers.chunks_exact(2).map(|pair| (pair[0], pair[1])))
        }
        "path" => Bounds::of_points(path_points(node.attribute("d")?)),
        _ => None,
    }?;
    Some(own.moved(origin(node, copies)?))
}

/// The points of a line that an arrow may stand on, if its ancestors only move it.
pub fn line_points<'d>(node: Node<'d, 'd>, copies: &Copies<'d>) -> Option<Vec<(f64, f64)>> {
    let points = match node.tag_name().name() {
        "path" => path_points(node.attribute("d")?),
        "polyline" => {
            let numbers = numbers(node.attribute("points")?);
            numbers
                .chunks_exact(2)
                .map(|pair| (pair[0], pair[1]))
                .collect()
        }
        _ => {
            let end = |name: &str| length(node.attribute(name));
            vec![(end("x1")?, end("y1")?), (end("x2")?, end("y2")?)]
        }
    };
    let (x, y) = origin(node, copies)?;
    Some(
        points
            .into_iter()
            .map(|point| (point.0 + x, point.1 + y))
            .collect(),
    )
}

/// How far an element's ancestors and its own `transform` move it; `None` if they also turn or
/// scale it. A group that is kept aside stands where it is used.
pub fn origin<'d>(node: Node<'d, 'd>, copies: &Copies<'d>) -> Option<(f64, f64)> {
    let mut sum = (0.0, 0.0);
    let mut next = Some(node);
    // Two groups that use each other would go on for ever.
    for _ in 0..MOVES {
        let Some(here) = next else {
            return Some(sum);
        };
        if let Some(transform) = here.attribute("transform") {
            let (x, y) = translation(transform)?;
            sum = (sum.0 + x, sum.1 + y);
        }
        let is_inner_svg = here.has_tag_name("svg") && here.parent_element().is_some();
        if is_inner_svg && !is_plain_frame(here) && here.has_attribute("viewBox") {
            return None;
        }
        if is_inner_svg || here.has_tag_name("use") {
            let number = |name: &str| length(here.attribute(name)).unwrap_or(0.0);
            sum = (sum.0 + number("x"), sum.1 + number("y"));
        }
        next = copies
            .get(&key(&here))
            .copied()
            .or_else(|| here.parent_element());
    }
    None
}

/// Whether an inner `<svg>` neither moves nor scales what it holds.
pub fn is_plain_frame(node: Node) -> bool {
    let side = |name: &str| length(node.attribute(name)).unwrap_or(0.0);
    let view = node.attribute("viewBox").map(numbers);
    let frame = [0.0, 0.0, side("width"), side("height")];
    side("x") == 0.0 && side("y") == 0.0 && view.is_some_and(|view| view == frame)
}

fn translation(transform: &str) -> Option<(f64, f64)> {
    let transform = transform.trim();
    if transform.is_empty() {
        return Some((0.0, 0.0));
    }
    let inner = transform.strip_prefix("translate(")?.strip_suffix(')')?;
    if inner.contains(['(', ')']) {
        return None;
    }
    let numbers = numbers(inner);
    Some((*numbers.first()?, numbers.get(1).copied().unwrap_or(0.0)))
}

/// A length in pixels; `None` for percentages and other units.
pub fn length(value: Option<&str>) -> Option<f64> {
    let value = value?.trim();
    let number = value.strip_suffix("px").unwrap_or(value);
    number
        .parse()
        .ok()
        .filter(|number: &f64| number.is_finite())
}

/// The numbers of a list, whatever stands between them.
pub fn numbers(value: &str) -> Vec<f64> {
    value
        .split(|c: char| c.is_whitespace() || c == ',')
        .filter_map(|number| length(Some(number)))
        .collect()
}

/// End and control points of path data.
fn path_points(d: &str) -> Vec<(f64, f64)> {
    let mut points = Vec::new();
    let mut here = (0.0, 0.0);
    let mut start = here;
    for (command, arguments) in path_commands(d) {
        let relative = command.is_ascii_lowercase();
        let base = |here: (f64, f64)| if relative { here } else { (0.0, 0.0) };
        let step = match command.to_ascii_uppercase() {
            'M' | 'L' | 'T' => 2,
            'H' | 'V' => 1,
            'C' => 6,
            'S' | 'Q' => 4,
            'A' => 7,
            _ => {
                here = start;
                continue;
            }
        };
        for chunk in arguments.chunks_exact(step) {
            let (x, y) = base(here);
            match command.to_ascii_uppercase() {
                'H' => here.0 = x + chunk[0],
                'V' => here.1 = y + chunk[0],
                'A' => {
                    let end = (x + chunk[5], y + chunk[6]);
                    points.extend(arc_points(here, end, chunk));
                    here = end;
                }
                _ => {
                    points.extend(chunk.chunks_exact(2).map(|pair| (x + pair[0], y + pair[1])));
                    here = (x + chunk[step - 2], y + chunk[step - 1]);
                }
            }
            points.push(here);
            if matches!(command, 'M' | 'm') {
                start = here;
            }
        }
    }
    points
}

/// Points along an arc, by the conversion of SVG 2, appendix B.2.4. An arc that is turned as well is
/// taken as if it weren't.
fn arc_points(from: (f64, f64), to: (f64, f64), arc: &[f64]) -> Vec<(f64, f64)> {
    let (mut rx, mut ry) = (arc[0].abs(), arc[1].abs());
    if rx < 1e-6 || ry < 1e-6 || from == to {
        return Vec::new();
    }
    let half = ((from.0 - to.0) / 2.0, (from.1 - to.1) / 2.0);
    let ratio = (half.0 / rx).powi(2) + (half.1 / ry).powi(2);
    if ratio > 1.0 {
        (rx, ry) = (rx * ratio.sqrt(), ry * ratio.sqrt());
    }
    let across = (rx * half.1).powi(2) + (ry * half.0).powi(2);
    let scale = (((rx * ry).powi(2) - across).max(0.0) / across).sqrt();
    let scale = if (arc[3] != 0.0) == (arc[4] != 0.0) {
        -scale
    } else {
        scale
    };
    let offset = (scale * rx * half.1 / ry, -scale * ry * half.0 / rx);
    let center = (
        offset.0 + (from.0 + to.0) / 2.0,
        offset.1 + (from.1 + to.1) / 2.0,
    );
    let angle = |(x, y): (f64, f64)| ((y - center.1) / ry).atan2((x - center.0) / rx);
    let start = angle(from);
    let mut sweep = angle(to) - start;
    if arc[4] != 0.0 && sweep < 0.0 {
        sweep += std::f64::consts::TAU;
    } else if arc[4] == 0.0 && sweep > 0.0 {
        sweep -= std::f64::consts::TAU;
    }
    (0..=ARC)
        .map(|step| start + sweep * f64::from(step) / f64::from(ARC))
        .map(|angle| (center.0 + rx * angle.cos(), center.1 + ry * angle.sin()))
        .collect()
}

fn path_commands(d: &str) -> impl Iterator<Item = (char, Vec<f64>)> {
    let is_command = |c: char| c.is_ascii_alphabetic() && !matches!(c, 'e' | 'E');
    let mut rest = d;
    std::iter::from_fn(move || {
        let at = rest.find(is_command)?;
        let command = rest[at..].chars().next()?;
        let after = &rest[at + 1..];
        let end = after.find(is_command).unwrap_or(after.len());
        rest = &after[end..];
        // A minus may stand for the separator.
        let spaced = after[..end].replace('-', " -").replace("e -", "e-");
        Some((command, numbers(&spaced)))
    })
}

/// The box of a text, from its place, its anchor and the width of its longest line.
pub fn text_bounds<'d>(text: Node<'d, 'd>, copies: &Copies<'d>, style: &Style) -> Option<Bounds> {
    let font_size = style.font_size();
    let lines: Vec<Node> = text
        .children()
        .filter(|child| child.has_tag_name("tspan"))
        .collect();
    let first = |name: &str| {
        let line = lines.first().and_then(|line| line.attribute(name));
        line.or_else(|| text.attribute(name))
    };
    let em = |value: Option<&str>| match value.and_then(|value| value.strip_suffix("em")) {
        Some(number) => number.parse().ok().map(|number: f64| number * font_size),
        None => length(value),
    };
    let (x, y) = origin(text, copies)?;
    let x = x + first("x")
        .and_then(|x| numbers(x).first().copied())
        .unwrap_or(0.0);
    let y = y + em(first("y")).unwrap_or(0.0) + em(first("dy")).unwrap_or(0.0);
    let width = width(text, &lines, style);
    let left = match style.get("text-anchor") {
        Some("middle") => x - width / 2.0,
        Some("end") => x - width,
        _ => x,
    };
    let height = font_size * 1.2 * lines.len().max(1) as f64;
    Some(Bounds {
        left,
        top: y - font_size,
        right: left + width,
        bottom: y - font_size + height,
    })
}

/// Width of the longest line.
fn width(text: Node, lines: &[Node], style: &Style) -> f64 {
    let is_bold = font::is_bold(style.get("font-weight"));
    let width = |node: Node| {
        let texts = node.descendants().filter(Node::is_text);
        let words: String = texts.filter_map(|node| node.text()).collect();
        font::width(words.trim(), style.font_size(), is_bold)
    };
    lines
        .iter()
        .map(|line| width(*line))
        .reduce(f64::max)
        .unwrap_or_else(|| width(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn boxes_follow_path_data_and_moves() {
        let svg = r#"<svg><g transform="translate(10, 20)"><path id="t" d="M0 0h5v-5l-10,10L7 8z"/></g></svg>"#;
        let document = roxmltree::Document::parse(svg).expect("test input is well-formed");
        let path = document
            .descendants()
            .find(|node| node.has_tag_name("path"));
        let bounds = path
            .and_then(|path| bounds(path, &Copies::new()))
            .expect("the path has a box");
        assert_eq!(
            (bounds.left, bounds.top, bounds.right, bounds.bottom),
            (5.0, 15.0, 17.0, 28.0)
        );
    }

    #[test]
    fn arcs_reach_beyond_their_ends() {
        // Three quarters of a circle around the origin.
        let points = path_points("M10 0A10 10 0 1 1 0 -10");
        let bounds = Bounds::of_points(points).expect("an arc has points");
        assert!(
            (bounds.left + 10.0).abs() < 0.3 && (bounds.bottom - 10.0).abs() < 0.3,
            "{bounds:?}"
        );
    }

    #[test]
    fn turned_shapes_have_no_box() {
        let svg = r#"<svg><rect transform="rotate(45)" width="5" height="5"/></svg>"#;
        let document = roxmltree::Document::parse(svg).expect("test input is well-formed");
        assert_eq!(
            document
                .descendants()
                .find_map(|node| bounds(node, &Copies::new())),
            None
        );
    }
}
