//! Computed styles: an element's attributes, the rules that match it and its own `style` come in,
//! one value a property goes out, with inheritance as in a browser.

use roxmltree::Node;

use super::color::Color;
use super::css::{self, Sheet};
use super::palette::{FONT_SIZE, Role};

/// The properties that a drawing uses, and whether an element inherits them.
const PROPERTIES: [(&str, bool); 30] = [
    ("fill", true),
    ("stroke", true),
    ("color", true),
    ("font-size", true),
    ("stroke-width", true),
    ("stroke-dasharray", true),
    ("stroke-linecap", true),
    ("stroke-linejoin", true),
    ("fill-opacity", true),
    ("stroke-opacity", true),
    ("fill-rule", true),
    ("font-weight", true),
    ("font-style", true),
    ("text-anchor", true),
    ("dominant-baseline", true),
    ("visibility", true),
    ("marker-start", true),
    ("marker-mid", true),
    ("marker-end", true),
    ("writing-mode", true),
    ("text-decoration", false),
    ("alignment-baseline", false),
    ("baseline-shift", false),
    ("opacity", false),
    ("display", false),
    ("clip-path", false),
    ("transform", false),
    ("transform-origin", false),
    ("stop-color", false),
    ("stop-opacity", false),
];

/// One value, if any, for each property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Style {
    values: [Option<String>; PROPERTIES.len()],
}

/// What a shape is filled or a line is drawn with.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Paint {
    None,
    Role(Role),
    Literal(Color),
    /// A gradient of the drawing, by id.
    Reference(String),
}

fn index(property: &str) -> Option<usize> {
    PROPERTIES.iter().position(|(name, _)| *name == property)
}

impl Style {
    /// What the root of a drawing starts from; the style sheet of the theme says the same.
    pub fn root() -> Self {
        let mut style = Self {
            values: std::array::from_fn(|_| None),
        };
        style.set("fill", Role::Text.color());
        style.set("color", Role::Text.color());
        style.set("stroke", "none");
        style.set("font-size", &FONT_SIZE.to_string());
        style
    }

    /// The style of an element within a parent.
    pub fn of(node: Node, parent: &Self, sheet: &Sheet) -> Self {
        let mut style = Self {
            values: std::array::from_fn(|at| {
                parent.values[at].clone().filter(|_| PROPERTIES[at].1)
            }),
        };
        for attribute in node.attributes() {
            style.apply(attribute.name(), attribute.value(), parent);
        }
        let inline = css::declarations(node.attribute("style").unwrap_or_default());
        let rules = sheet.declarations(node);
        for important in [false, true] {
            let rules = rules.iter().copied().chain(&inline);
            for declaration in rules.filter(|one| one.important == important) {
                style.apply(&declaration.property, &declaration.value, parent);
            }
        }
        style
    }

    /// The value of a property, in the engine's own words.
    pub fn get(&self, property: &str) -> Option<&str> {
        index(property).and_then(|at| self.values[at].as_deref())
    }

    /// Size of text in CSS pixels.
    pub fn font_size(&self) -> f64 {
        self.get("font-size")
            .and_then(|size| size.parse().ok())
            .unwrap_or(f64::from(FONT_SIZE))
    }

    /// Whether the element itself shows nothing, whatever it holds.
    pub fn is_hidden(&self) -> bool {
        self.get("display") == Some("none")
            || matches!(self.get("visibility"), Some("hidden" | "collapse"))
            || self.number("opacity") == Some(0.0)
    }

    pub fn number(&self, property: &str) -> Option<f64> {
        let value = self.get(property)?;
        let number = value.strip_suffix("px").unwrap_or(value).trim();
        if let Some(percent) = number.strip_suffix('%') {
            return percent
                .trim()
                .parse::<f64>()
                .ok()
                .map(|value| value / 100.0);
        }
        number
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    /// What `fill` or `stroke` comes to, as the engine says it: a role if it is a colour of the
    /// palette, else the colour itself.
    pub fn paint(&self, property: &str) -> Paint {
        let value = match self.get(property) {
            Some("currentColor" | "currentcolor") => self.get("color"),
            value => value,
        };
        let Some(value) = value else {
            return Paint::None;
        };
        if let Some(id) = url(value) {
            return Paint::Reference(id.to_owned());
        }
        match Color::parse(value) {
            Some(color) if color.alpha == 0 => Paint::None,
            Some(color) => Role::of(color).map_or(Paint::Literal(color), Paint::Role),
            None => Paint::None,
        }
    }

    fn apply(&mut self, property: &str, value: &str, parent: &Self) {
        let Some(at) = index(property) else {
            return;
        };
        let value = value.trim();
        match value {
            "inherit" => self.values[at] = parent.values[at].clone(),
            "" | "initial" | "unset" | "revert" => {}
            _ if property == "font-size" => self.set(property, &font_size(value, parent)),
            _ => self.set(property, value),
        }
    }

    fn set(&mut self, property: &str, value: &str) {
        if let Some(at) = index(property) {
            self.values[at] = Some(value.to_owned());
        }
    }
}

/// The fragment of `url(#id)`; no other address counts.
pub fn url(value: &str) -> Option<&str> {
    let inner = value.trim().strip_prefix("url(")?.strip_suffix(')')?;
    inner.trim().trim_matches(['"', '\'']).strip_prefix('#')
}

/// A font size in pixels; between 6 and 60, since smaller can't be read and larger isn't a label.
fn font_size(value: &str, parent: &Style) -> String {
    let relative = |number: &str, one: f64| number.trim().parse::<f64>().ok().map(|n| n * one);
    let size = if let Some(number) = value.strip_suffix("rem") {
        relative(number, 16.0)
    } else if let Some(number) = value.strip_suffix("em") {
        relative(number, parent.font_size())
    } else if let Some(number) = value.strip_suffix('%') {
        relative(number, parent.font_size() / 100.0)
    } else if let Some(number) = value.strip_suffix("pt") {
        relative(number, 4.0 / 3.0)
    } else {
        relative(value.strip_suffix("px").unwrap_or(value), 1.0)
    };
    size.filter(|size| size.is_finite())
        .unwrap_or_else(|| parent.font_size())
        .clamp(6.0, 60.0)
        .to_string()
}
