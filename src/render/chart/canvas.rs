//! A drawing under work: shapes and texts in, SVG out. It never paints; a
//! class says what a shape is.

use std::fmt::{self, Write as _};

use super::text::{Fitted, LINE, SIZE, width};
use crate::render::escape::Escaped;

/// A number of pixels, written with at most two digits behind the point.
pub struct Px(pub f64);

impl fmt::Display for Px {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Whole hundredths: no platform prints them differently.
        let hundredths = (self.0 * 100.0).round() as i64;
        let sign = if hundredths < 0 { "-" } else { "" };
        let (whole, rest) = (
            hundredths.unsigned_abs() / 100,
            hundredths.unsigned_abs() % 100,
        );
        match rest {
            0 => write!(f, "{sign}{whole}"),
            rest if rest % 10 == 0 => write!(f, "{sign}{whole}.{}", rest / 10),
            rest => write!(f, "{sign}{whole}.{rest:02}"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    pub x: f64,
    pub y: f64,
}

impl Point {
    pub fn new(x: f64, y: f64) -> Self {
        Self { x, y }
    }
}

/// Where a text's point lies in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    fn attribute(self) -> &'static str {
        match self {
            Self::Start => "",
            Self::Middle => " text-anchor=\"middle\"",
            Self::End => " text-anchor=\"end\"",
        }
    }
}

/// From a text's middle down to its baseline.
const MIDDLE: f64 = SIZE * 0.36;

/// Shapes and texts of a drawing, in the order of painting.
pub struct Canvas {
    pub width: f64,
    pub height: f64,
    /// Whether shapes say in words what they are, on hover.
    tips: bool,
    /// The grid's lines, which lie below all shapes and are one path.
    grid: String,
    shapes: String,
}

impl Canvas {
    pub fn new(width: f64) -> Self {
        Self {
            width,
            height: 0.0,
            tips: true,
            grid: String::new(),
            shapes: String::new(),
        }
    }

    /// A drawing whose shapes are silent.
    pub fn without_tips(width: f64) -> Self {
        Self {
            tips: false,
            ..Self::new(width)
        }
    }

    fn tip<'a>(&self, text: &'a str) -> Tip<'a> {
        Tip(if self.tips { text } else { "" })
    }

    /// The whole drawing, with its description as `ID-desc`. The page holds
    /// its title as `ID-title`.
    pub fn svg(&self, id: &str, description: &str) -> String {
        let id = Escaped(id);
        let description = Escaped(description);
        self.element(
            &format_args!("{id}"),
            "",
            &format_args!("<desc id=\"{id}-desc\">{description}</desc>\n"),
        )
    }

    /// The drawing for another width than that of [`Canvas::svg`], which holds
    /// the description of both.
    pub fn svg_beside(&self, id: &str, class: &str) -> String {
        let class = format!(" class=\"{class}\"");
        self.element(&format_args!("{}", Escaped(id)), &class, &"")
    }

    fn element(&self, id: &dyn fmt::Display, class: &str, head: &dyn fmt::Display) -> String {
        let (width, height) = (Px(self.width), Px(self.height));
        format!(
            "<svg{class} role=\"img\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-desc\" \
             viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\" font-size=\"{SIZE}\">\n\
             {head}{}{}</svg>",
            match self.grid.as_str() {
                "" => String::new(),
                data => format!("<path class=\"chart-grid\" d=\"{data}\"/>\n"),
            },
            self.shapes
        )
    }

    fn put(&mut self, arguments: fmt::Arguments<'_>) {
        (self.shapes.write_fmt(arguments)).expect("writing to a string never fails");
        self.shapes.push('\n');
    }

    /// A line of the grid, level or upright.
    pub fn grid(&mut self, from: Point, to: Point) {
        let (command, end) = match from.y == to.y {
            true => ('H', to.x),
            false => ('V', to.y),
        };
        let (x, y, end) = (Px(from.x), Px(from.y), Px(end));
        write!(self.grid, "M{x} {y}{command}{end}").expect("writing to a string never fails");
    }

    /// A straight line.
    pub fn line(&mut self, class: &str, from: Point, to: Point) {
        self.put(format_args!(
            "<line class=\"{class}\" x1=\"{}\" y1=\"{}\" x2=\"{}\" y2=\"{}\"/>",
            Px(from.x),
            Px(from.y),
            Px(to.x),
            Px(to.y)
        ));
    }

    /// A rectangle between two corners, whichever is left or above.
    pub fn rect(&mut self, class: &str, a: Point, b: Point, tip: &str) {
        self.put(format_args!(
            "<rect class=\"{class}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\">{}</rect>",
            Px(a.x.min(b.x)),
            Px(a.y.min(b.y)),
            Px((a.x - b.x).abs()),
            Px((a.y - b.y).abs()),
            self.tip(tip)
        ));
    }

    /// A path; `attributes` are written as they are.
    pub fn path(&mut self, class: &str, data: &str, attributes: &str, tip: &str) {
        self.put(format_args!(
            "<path class=\"{class}\" d=\"{data}\"{attributes}>{}</path>",
            self.tip(tip)
        ));
    }

    /// One line of text, with its middle at the height of the point.
    pub fn text(&mut self, class: &str, at: Point, anchor: Anchor, text: &str) {
        // Centred text at the rim stays within the drawing.
        let half = width(text) / 2.0;
        let x = match anchor {
            Anchor::Middle if half <= self.width / 2.0 => at.x.clamp(half, self.width - half),
            _ => at.x,
        };
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{}\" y=\"{}\"{}>{}</text>",
            Px(x),
            Px(at.y + MIDDLE),
            anchor.attribute(),
            Escaped(text)
        ));
    }

    /// A name and a value in one line.
    pub fn pair(&mut self, class: &str, at: Point, name: &Fitted, value: &str) {
        self.put(format_args!(
            "<text class=\"{class}\" x=\"{}\" y=\"{}\">{}{} <tspan class=\"chart-value\">{}</tspan></text>",
            Px(at.x),
            Px(at.y + MIDDLE),
            self.tip(name.tip()),
            Escaped(&name.lines.join(" ")),
            Escaped(value)
        ));
    }

    /// Lines of text, with their middle at the height of the point; the whole
    /// text shows on hover where it is cut.
    pub fn lines(&mut self, class: &str, at: Point, anchor: Anchor, text: &Fitted) {
        let top = at.y - LINE * (text.lines.len() as f64 - 1.0) / 2.0;
        if let [line] = text.lines.as_slice() {
            self.put(format_args!(
                "<text class=\"{class}\" x=\"{}\" y=\"{}\"{}>{}{}</text>",
                Px(at.x),
                Px(top + MIDDLE),
                anchor.attribute(),
                self.tip(text.tip()),
                Escaped(line)
            ));
            return;
        }
        let mut spans = String::new();
        for (i, line) in text.lines.iter().enumerate() {
            let y = Px(top + MIDDLE + LINE * i as f64);
            // A space between lines keeps words apart for those who read the text alone.
            let space = if i == 0 { "" } else { " " };
            write!(
                spans,
                "{space}<tspan x=\"{}\" y=\"{y}\">{}</tspan>",
                Px(at.x),
                Escaped(line)
            )
            .expect("writing to a string never fails");
        }
        self.put(format_args!(
            "<text class=\"{class}\"{}>{}{spans}</text>",
            anchor.attribute(),
            self.tip(text.tip())
        ));
    }
}

/// What shows on hover: nothing for an empty text.
struct Tip<'a>(&'a str);

impl fmt::Display for Tip<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            "" => Ok(()),
            text => write!(f, "<title>{}</title>", Escaped(text)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_have_two_digits_at_most() {
        for (number, text) in [
            (0.0, "0"),
            (-0.001, "0"),
            (12.5, "12.5"),
            (12.046, "12.05"),
            (-3.07, "-3.07"),
            (680.0, "680"),
            (f64::NAN, "0"),
        ] {
            assert_eq!(Px(number).to_string(), text);
        }
    }
}
