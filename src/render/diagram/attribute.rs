//! Values of attributes: whatever an engine wrote comes in, geometry, paint and addresses that can't
//! be anything else go out.

use roxmltree::Node;

use super::color::Color;
use super::geometry;
use super::number;
use super::style::{Paint, Style};

/// Where a text may stand on its line.
const BASELINES: [&str; 7] = [
    "middle",
    "central",
    "hanging",
    "alphabetic",
    "text-before-edge",
    "text-after-edge",
    "mathematical",
];

/// Names and values of an element's attributes; not escaped yet.
pub type Attributes = Vec<(&'static str, String)>;

pub fn href<'a>(node: Node<'a, '_>) -> Option<&'a str> {
    let mut attributes = node.attributes();
    attributes
        .find(|attribute| attribute.name() == "href")
        .map(|attribute| attribute.value().trim())
}

/// Links lead to `http`, `https` and `mailto` addresses, to relative ones and to fragments.
pub fn is_harmless(address: &str) -> bool {
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
pub fn measure(value: &str) -> Option<String> {
    let known = |c: char| c.is_ascii_alphanumeric() || " .,+-%\n\t".contains(c);
    let whole = value.len() < 200_000 && value.chars().all(known);
    let word = value.to_ascii_lowercase();
    let broken = word.contains("nan") || word.contains("inf") || word.contains("undefined");
    (whole && !broken).then(|| number::round(value.trim()))
}

pub fn is_default(tag: &str, name: &str, value: &str) -> bool {
    let is_zero = matches!(value, "0" | "0px");
    match name {
        "x" | "y" => is_zero && tag != "tspan",
        "rx" | "ry" | "dx" | "dy" | "x1" | "y1" => is_zero,
        _ => false,
    }
}

pub fn is_initial(property: &str, value: Option<&str>) -> bool {
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
pub fn copy(style: &Style, property: &'static str, attributes: &mut Attributes) {
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
    let is_baseline = matches!(property, "dominant-baseline" | "alignment-baseline");
    let known = !is_baseline || BASELINES.contains(&value);
    if plain && !default && known && !value.is_empty() {
        attributes.push((property, number::round(value)));
    }
}

/// A dash pattern, unless it comes to a solid line.
pub fn dashes(style: &Style, attributes: &mut Attributes) {
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
pub fn transform(style: &Style) -> Option<String> {
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
    let nowhere = matches!(
        value.replace(' ', "").as_str(),
        "translate(0,0)" | "translate(0)" | "" | "none"
    );
    (!nowhere).then_some(value)
}

pub fn class(kind: &str, paint: &Paint) -> String {
    match paint {
        Paint::Role(role) => format!("dg-{kind}-{}", role.name()),
        _ => String::new(),
    }
}

pub fn push_class(classes: Vec<String>, attributes: &mut Attributes) {
    if !classes.is_empty() {
        attributes.push(("class", classes.join(" ")));
    }
}

pub fn literal(property: &'static str, color: Color) -> Attributes {
    let mut attributes = vec![(property, color.hex())];
    if color.alpha < 100 {
        let opacity = if property == "fill" {
            "fill-opacity"
        } else {
            "stroke-opacity"
        };
        attributes.push((opacity, number::short(f64::from(color.alpha) / 100.0)));
    }
    attributes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_harmless_addresses_pass() {
        for address in [
            "https://example.org/a?b=c:d",
            "HTTP://example.org",
            "mailto:a@example.org",
            "#part",
            "../a/b.md",
            "a/b:c",
            "?q=x:y",
        ] {
            assert!(is_harmless(address), "{address}");
        }
        for address in [
            "",
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "//example.org",
            "\\\\example.org",
            "/\\example.org",
            "java\nscript:x",
            " javascript:x",
            "file:///etc/passwd",
            "blob:x",
            "x:y",
        ] {
            assert!(!is_harmless(address), "{address}");
        }
    }

    #[test]
    fn values_of_geometry_hold_nothing_else() {
        assert_eq!(
            measure("M0 0L1.23456,2e1z").as_deref(),
            Some("M0 0L1.23,20z")
        );
        for value in [
            "url(#a)",
            "1;x",
            "\"",
            "<",
            "NaN",
            "M0,Infinity",
            "expression(1)",
            "&amp;",
        ] {
            assert_eq!(measure(value), None, "{value}");
        }
    }
}
