//! The items of a list of changes: a word that says what happened, and what it
//! happened to.

use std::sync::Arc;

use crate::calc::{ItemDiff, Trait, TraitDiff};
use crate::catalog::{FieldDiff, Part, Presence};
use crate::render::escape::Escaped;

pub fn list(items: Vec<String>) -> String {
    match items.is_empty() {
        true => String::new(),
        false => format!("<ul class=\"change-list\">\n{}</ul>\n", items.concat()),
    }
}

/// An item of a list; `what` is HTML.
pub fn item(presence: Presence, id: Option<&str>, what: &str) -> String {
    worded(word(presence), id, what)
}

pub fn word(presence: Presence) -> &'static str {
    match presence {
        Presence::Added => "Added",
        Presence::Removed => "Removed",
        Presence::Kept => "Changed",
    }
}

pub fn worded(word: &str, id: Option<&str>, what: &str) -> String {
    let id = id.map_or(String::new(), |id| format!(" id=\"{id}\""));
    format!("<li{id}><strong>{word}</strong><span>{what}</span></li>\n")
}

/// One item for all that came or went; none for nothing. Names are HTML.
pub fn listed(word: &str, names: Vec<String>) -> Option<String> {
    (!names.is_empty()).then(|| worded(word, None, &names.join(", ")))
}

/// A field that has another name, label or formula now.
pub fn field_item(field: &FieldDiff) -> Option<String> {
    if field.presence != Presence::Kept {
        return None;
    }
    let mut what = format!("column {}", Escaped(&field.label));
    if let Some(label) = &field.former_label {
        what.push_str(&format!(", formerly {}", Escaped(label)));
    }
    if let Some(former) = &field.former {
        let (former, name) = (Escaped(former), Escaped(&field.name));
        what.push_str(&format!(" (<code>{former}</code> → <code>{name}</code>)"));
    }
    if let Some((from, to)) = &field.formula {
        what.push_str(&format!(": {} → {}", given(from), given(to)));
    }
    Some(item(field.presence, None, &what))
}

fn given(formula: &Option<Arc<str>>) -> String {
    match formula {
        Some(formula) => format!("<code>{}</code>", Escaped(formula)),
        None => "given".to_owned(),
    }
}

pub fn part_names(parts: &[Part]) -> String {
    let names = parts.iter().map(|(slot, component, quantity)| {
        format!("{quantity} × {} ({})", Escaped(component), Escaped(slot))
    });
    names.collect::<Vec<_>>().join(", ")
}

/// A slot, an input, a total or a rule: its label, and a line for each thing
/// that it says otherwise.
pub fn item_diff(found: &ItemDiff) -> String {
    let badge = found.severity.map_or(String::new(), |severity| {
        let name = severity.name();
        format!("<span class=\"badge badge-{name}\">{name}</span> ")
    });
    let traits: String = found.traits.iter().map(trait_line).collect();
    let label = Escaped(&found.label);
    item(found.presence, None, &format!("{badge}{label}{traits}"))
}

fn trait_line(found: &TraitDiff) -> String {
    let shown = |text: &Arc<str>| {
        let text = Escaped(text);
        match found.what {
            Trait::Label | Trait::Message => format!("“{text}”"),
            Trait::Formula => format!("<code>{text}</code>"),
            _ => text.to_string(),
        }
    };
    let sides = [&found.from, &found.to].into_iter().flatten();
    let sides = sides.map(shown).collect::<Vec<_>>().join(" → ");
    let name = found.what.name();
    format!("<span class=\"change-trait\">{name}: {sides}</span>")
}
