//! A figure in prose: its text, and where it comes from.

use super::escape::Escaped;
use crate::directive::Inline;
use crate::value::{Locale, Operand, format_operand};

/// What a figure needs to know of its page.
pub struct FigurePlace<'a> {
    pub locale: &'a Locale,
    /// Unique on the page: `figure-3`.
    pub id: String,
    /// The address of the figure's row on its component's page.
    pub url: Option<String>,
    /// A name of a formula in the words that readers know.
    pub name: &'a dyn Fn(&str) -> String,
}

/// The figure as text, for headings, links, titles and search.
pub fn figure_text(inline: &Inline, locale: &Locale) -> String {
    format_operand(&inline.value, inline.decimals, locale)
}

/// The figure as HTML: a link to its row with source and date, or a button
/// that opens how it was computed.
pub fn figure_html(inline: &Inline, place: &FigurePlace<'_>) -> String {
    let text = figure_text(inline, place.locale);
    let unknown = match inline.value {
        Operand::Unknown(_) => " figure-unknown",
        _ => "",
    };
    if let (Some(url), Some(figure)) = (&place.url, &inline.figure) {
        let mut title = format!("{}, {}", figure.component, figure.label);
        let origin: Vec<String> = (figure.source.iter().map(ToString::to_string))
            .chain(figure.as_of.map(|d| d.to_string()))
            .collect();
        if !origin.is_empty() {
            title.push('\n');
            title.push_str(&origin.join(", "));
        }
        let mut attributes = String::new();
        if let Some(date) = figure.as_of {
            attributes.push_str(&format!(" data-as-of=\"{date}\""));
        }
        if let Some(age) = figure.max_age {
            attributes.push_str(&format!(" data-max-age=\"{age}\""));
        }
        return format!(
            "<a class=\"figure{unknown}\" href=\"{}\" title=\"{}\"{attributes}>{}</a>",
            Escaped(url),
            Escaped(&title).to_string().replace('\n', "&#10;"),
            Escaped(&text)
        );
    }
    let mut note = format!("<code>{}</code>", Escaped(&inline.formula));
    if let Operand::Unknown(reason) = &inline.value {
        note.push_str(&format!(": {}", Escaped(&reason.plain())));
    }
    for (name, value) in &inline.figures {
        note.push_str(&format!(
            "<br>{}: {}",
            Escaped(&(place.name)(name)),
            Escaped(&format_operand(value, None, place.locale))
        ));
    }
    format!(
        "<button type=\"button\" class=\"figure{unknown}\" popovertarget=\"{0}\">{1}</button><span class=\"figure-note\" id=\"{0}\" popover>{note}</span>",
        place.id,
        Escaped(&text)
    )
}
