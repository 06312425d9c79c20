//! Texts of a drawing: where they start, in which colour they can be read, and the rim that keeps
//! lines away from them.

use roxmltree::Node;

use super::attribute::{Attributes, copy, is_initial, push_class};
use super::element::Writer;
use super::palette::Role;
use super::scene::key;
use super::style::{Paint, Style};

/// Properties that are copied to texts where they differ from the parent's.
const TEXT: [&str; 9] = [
    "font-size",
    "font-weight",
    "font-style",
    "text-anchor",
    "dominant-baseline",
    "alignment-baseline",
    "baseline-shift",
    "text-decoration",
    "writing-mode",
];

/// Levels from a piece of text to the group of its label.
const LABEL: usize = 5;

impl Writer<'_, '_> {
    /// The attributes of a text or a part of it, as far as they differ from its parent's; false if
    /// it is left out.
    pub(super) fn text(&mut self, node: Node, attributes: &mut Attributes) -> bool {
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
        let parent = node
            .parent_element()
            .filter(|parent| !node.has_tag_name("text") && parent.is_element());
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
            Paint::Role(role @ (Role::Canvas | Role::Cluster)) => {
                Some(format!("dg-h-{}", role.name()))
            }
            _ => None,
        }
    }

    /// The colour of a text that can be read on what lies behind it: the author's own if it can,
    /// else black or white on the author's ground; on the theme's grounds the theme's.
    fn text_color(&self, node: Node) -> Paint {
        // `color` is what an author writes for a label's text, and what HTML would take; an engine
        // leaves it at the label's group.
        let author = node.ancestors().take(LABEL).find_map(|ancestor| {
            let is_element = ancestor.is_element();
            let color = is_element.then(|| self.scene.paint(ancestor, "color"));
            color.filter(|color| matches!(color, Paint::Literal(_)))
        });
        let own = author.unwrap_or_else(|| self.scene.paint(node, "fill"));
        match (self.scene.behind(node), own) {
            // Numbers in the heads of arrows, which have the colour of lines.
            (_, own @ Paint::Role(Role::Canvas)) => own,
            (Paint::Literal(ground), Paint::Literal(color)) if color.readable_on(ground) => {
                Paint::Literal(color)
            }
            (Paint::Literal(ground), _) => Paint::Literal(ground.text_on()),
            (Paint::None, own @ Paint::Role(Role::Series(_))) => own,
            (_, own @ Paint::Role(Role::Soft | Role::Error)) => own,
            _ => Paint::Role(Role::Text),
        }
    }
}
