//! The items of a list of changes: a word that says what happened, and what it
//! happened to.

use std::sync::Arc;

use crate::calc::{ItemDiff, Trait, TraitDiff};
use crate::catalog::{FieldDiff, PartDiff, Presence};
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
    let word = Escaped(word);
    format!("<li{id}><strong>{word}</strong><span>{what}</span></li>\n")
}

/// One item for all that came or went; none for nothing. Names are HTML.
pub fn listed(word: &str, names: Vec<String>) -> Option<String> {
    (!names.is_empty()).then(|| worded(word, None, &names.join(", ")))
}

/// What something was called: title, id, or both.
pub fn formerly(title: &Option<Arc<str>>, id: &Option<Arc<str>>) -> String {
    let title = title.iter().map(|title| format!(" {}", Escaped(title)));
    let id = id.iter().map(|id| format!(" <code>{}</code>", Escaped(id)));
    format!("formerly{}", title.chain(id).collect::<String>())
}

/// The fields that have another name or label now.
pub fn renamed_fields(fields: &[FieldDiff]) -> Option<String> {
    let renamed = fields.iter().filter_map(|field| {
        let label = Escaped(&field.label);
        let names = field.former.as_ref().map(|former| {
            let (former, name) = (Escaped(former), Escaped(&field.name));
            format!("<code>{former}</code> → <code>{name}</code>")
        });
        match (&field.former_label, names) {
            (None, None) => None,
            (Some(former), None) => Some(format!("{label} (formerly {})", Escaped(former))),
            (None, Some(names)) => Some(format!("{label} ({names})")),
            (Some(former), Some(names)) => {
                Some(format!("{label} (formerly {}, {names})", Escaped(former)))
            }
        }
    });
    listed("Columns renamed", renamed.collect())
}

/// A field that is derived in another way now, or was given.
pub fn formula_item(field: &FieldDiff) -> Option<String> {
    let (from, to) = field.formula.as_ref()?;
    let label = Escaped(&field.label);
    let what = format!("column {label}: {} → {}", given(from), given(to));
    Some(item(Presence::Kept, None, &what))
}

fn given(formula: &Option<Arc<str>>) -> String {
    match formula {
        Some(formula) => format!("<code>{}</code>", Escaped(formula)),
        None => "given".to_owned(),
    }
}

/// How often a part is there, before its name: "2 × ", nothing for one.
pub fn times(quantity: u32) -> String {
    match quantity {
        1 => String::new(),
        more => format!("{more} × "),
    }
}

/// A part that a build has in another quantity; `name` is HTML.
pub fn part_line(name: &str, part: &PartDiff) -> String {
    let line = match (part.from, part.to) {
        (0, to) => format!("in: {}{name}", times(to)),
        (from, 0) => format!("out: {}{name}", times(from)),
        (from, to) => format!("{name}: {from} → {to}"),
    };
    format!("<span class=\"change-trait\">{line}</span>")
}

/// A slot, an input, a total or a rule: its label, and a line for each thing
/// that it says otherwise. What is new or gone is told shortly.
pub fn item_diff(found: &ItemDiff) -> String {
    let badge = found.severity.map_or(String::new(), |severity| {
        let name = severity.name();
        format!("<span class=\"badge badge-{name}\">{name}</span> ")
    });
    let label = Escaped(&found.label);
    let traits: String = match found.presence {
        Presence::Kept => found.traits.iter().map(trait_line).collect(),
        _ => (found.traits.iter().find(|t| t.what == Trait::Formula))
            .map_or(String::new(), |formula| format!(": {}", sides(formula))),
    };
    item(found.presence, None, &format!("{badge}{label}{traits}"))
}

fn trait_line(found: &TraitDiff) -> String {
    let name = found.what.name();
    format!(
        "<span class=\"change-trait\">{name}: {}</span>",
        sides(found)
    )
}

fn sides(found: &TraitDiff) -> String {
    let shown = |text: &Arc<str>| {
        let text = Escaped(text);
        match found.what {
            Trait::Label | Trait::Message => format!("“{text}”"),
            Trait::Formula => format!("<code>{text}</code>"),
            _ => text.to_string(),
        }
    };
    let sides = [&found.from, &found.to].into_iter().flatten();
    sides.map(shown).collect::<Vec<_>>().join(" → ")
}
