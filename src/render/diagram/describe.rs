//! What a drawing says to someone who can't see it: a title and a description, from the source
//! where the author gave them, else from the words and edges of the drawing.

use roxmltree::Node;

use super::kind::Kind;
use super::scene::Scene;

/// Longest description made up by us, in characters.
const LONGEST: usize = 600;

/// The author's title: `accTitle`, else the title that the diagram shows.
pub fn title(source: &str) -> Option<String> {
    let line = |name: &str| {
        source.lines().find_map(|line| {
            let rest = line.trim_start().strip_prefix(name)?;
            let rest = rest.trim_start().strip_prefix(':').map(str::trim)?;
            Some(rest.trim_matches(['"', '\'']).to_owned()).filter(|text| !text.is_empty())
        })
    };
    line("accTitle")
        .or_else(|| shown_title(source))
        .or_else(|| front_matter(source).and_then(|_| line("title")))
}

fn front_matter(source: &str) -> Option<&str> {
    let rest = source.trim_start().strip_prefix("---")?;
    rest.find("\n---").map(|end| &rest[..end])
}

/// `title …` on a line of its own, or behind `pie`.
fn shown_title(source: &str) -> Option<String> {
    source.lines().find_map(|line| {
        let mut line = line.trim_start();
        if let Some(rest) = line.strip_prefix("pie") {
            line = rest.trim_start();
            line = line.strip_prefix("showData").unwrap_or(line).trim_start();
        }
        let rest = line.strip_prefix("title")?;
        let text = rest.strip_prefix([' ', '\t'])?.trim().trim_matches('"');
        // In a flowchart `title` may be a node.
        let is_edge = text.starts_with(['-', '=', '~', '.', ':', '<', '(', '[', '{', '&', '@']);
        (!text.is_empty() && !is_edge).then(|| text.to_owned())
    })
}

/// The author's description: `accDescr: …` or `accDescr { … }`.
pub fn description(source: &str) -> Option<String> {
    let at = source
        .match_indices("accDescr")
        .map(|(at, _)| at)
        .find(|at| {
            source[..*at]
                .trim_end_matches([' ', '\t'])
                .ends_with(['\n', '}'])
        })?;
    let rest = source[at + "accDescr".len()..].trim_start();
    let text = if let Some(rest) = rest.strip_prefix('{') {
        rest.split('}').next()?
    } else {
        rest.strip_prefix(':')?.lines().next()?
    };
    let words: Vec<&str> = text.split_whitespace().collect();
    (!words.is_empty()).then(|| words.join(" "))
}

/// A description made of the drawing: its edges where it has some, else its words.
pub fn of_drawing(scene: &Scene, kind: &Kind) -> String {
    let edges = edges(scene);
    let parts = if edges.is_empty() {
        words(scene)
    } else {
        edges
    };
    let name = upper_first(kind.name);
    if parts.is_empty() {
        return format!("{name}.");
    }
    let mut text = format!("{name}: {}", parts.join("; "));
    if let Some((end, _)) = text.char_indices().nth(LONGEST) {
        let end = text[..end].rfind("; ").unwrap_or(end);
        text.truncate(end);
        text.push_str("; and more");
    }
    text.push('.');
    text
}

fn upper_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

/// "A to B" for each edge whose ends are boxes with words.
fn edges(scene: &Scene) -> Vec<String> {
    let nodes: Vec<(&str, String)> = scene
        .root
        .descendants()
        .filter(|node| has_class(*node, "node"))
        .filter_map(|node| Some((node_id(node.attribute("id")?)?, text_of(node))))
        .collect();
    let label = |id: &str| {
        let found = nodes
            .iter()
            .find(|(known, text)| *known == id && !text.is_empty());
        found.map(|(_, text)| text.clone())
    };
    let edges = scene
        .root
        .descendants()
        .filter(|node| node.has_tag_name("path"));
    edges
        .filter_map(|path| path.attribute("data-id"))
        .filter_map(|id| {
            let ends = id.strip_prefix("L_")?;
            let (ends, _) = ends.rsplit_once('_')?;
            // Ids may hold underscores themselves: the split that gives two known ones counts.
            let (from, to) = ends
                .match_indices('_')
                .find_map(|(at, _)| Some((label(&ends[..at])?, label(&ends[at + 1..])?)))?;
            let through = scene
                .root
                .descendants()
                .find(|node| node.has_tag_name("g") && node.attribute("data-id") == Some(id));
            let words = through.map(text_of).filter(|words| !words.is_empty());
            Some(match words {
                Some(words) => format!("{from} to {to} ({words})"),
                None => format!("{from} to {to}"),
            })
        })
        .collect()
}

/// `m-flowchart-A-0` names the node `A`.
fn node_id(id: &str) -> Option<&str> {
    let (_, rest) = id.split_once("flowchart-")?;
    rest.rsplit_once('-').map(|(name, _)| name)
}

/// Whether a class is among those of an element.
pub fn has_class(node: Node, class: &str) -> bool {
    node.attribute("class")
        .is_some_and(|classes| classes.split_ascii_whitespace().any(|one| one == class))
}

/// The words of every text, in the order of the drawing, each once.
pub fn words(scene: &Scene) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let texts = scene
        .root
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    for text in texts.map(text_of) {
        if !text.is_empty() && !words.contains(&text) {
            words.push(text);
        }
    }
    words
}

/// The words of an element, lines joined by blanks.
pub fn text_of(node: Node) -> String {
    let mut text = String::new();
    for part in node.descendants() {
        let starts_line = part.has_tag_name("text")
            || part.has_tag_name("tspan") && (part.has_attribute("dy") || part.has_attribute("y"));
        if starts_line {
            text.push(' ');
        }
        if part.is_text() {
            text.push_str(part.text().unwrap_or_default());
        }
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_authors_own_words_come_first() {
        for (source, expected) in [
            ("pie title Weight\n\"a\": 1", Some("Weight")),
            ("---\ntitle: Front\n---\ngraph TD", Some("Front")),
            ("gantt\n  title Plan\n  accTitle: For all", Some("For all")),
            ("graph TD\n title --> subtitle", None),
            ("graph TD\n A --> title", None),
        ] {
            assert_eq!(title(source).as_deref(), expected, "{source}");
        }
        assert_eq!(
            description("graph TD\n accDescr {\n two\n lines }\nA-->B").as_deref(),
            Some("two lines")
        );
        assert_eq!(description("graph TD\n A[accDescr: no]"), None);
    }
}
