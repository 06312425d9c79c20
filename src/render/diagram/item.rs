//! Pieces of a finished drawing: elements with known names and checked values, and their markup.

use super::attribute::Attributes;
use super::ids::escape;

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
    pub attributes: Attributes,
    pub children: Vec<Item>,
}

/// Neighbouring pieces of text become one.
pub fn join_texts(items: Vec<Item>) -> Vec<Item> {
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
pub fn simplify(element: Element) -> Vec<Item> {
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
    if name == "rect"
        && ["width", "height"]
            .into_iter()
            .any(|side| size(side).is_none_or(|(_, v)| v == "0"))
    {
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
