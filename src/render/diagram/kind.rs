//! The types of diagram, the word that each starts with, and the engine that draws it right.

use std::ops::Range;

use super::DiagramError;
use super::engine::Engine;
use crate::diag::nearest;

/// A type of diagram: a row of the table in the documentation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// What Mermaid's documentation calls it.
    pub name: &'static str,
    /// The words that may stand at its start.
    pub keywords: &'static [&'static str],
    /// The engine that draws it, unless the site's configuration names one.
    pub engine: Engine,
    /// Why that engine.
    pub why: &'static str,
    /// One line that draws, for an error's help; `;` stands for a new line.
    pub example: &'static str,
}

const FOLLOWS: &str = "follows Mermaid's grammar, finds the author's mistakes, draws every word";

macro_rules! kind {
    ($name:literal, [$($word:literal),+], $engine:ident, $why:expr, $example:literal) => {
        Kind {
            name: $name,
            keywords: &[$($word),+],
            engine: Engine::$engine,
            why: $why,
            example: $example,
        }
    };
}

/// By name.
const KINDS: &[Kind] = &[
    kind!(
        "architecture diagram",
        ["architecture-beta", "architecture"],
        Merman,
        FOLLOWS,
        "`service log(database)[Log]`"
    ),
    kind!(
        "block diagram",
        ["block-beta", "block"],
        Merman,
        "the other engine aborts on `columns`",
        "`a[\"First\"] --> b[\"Second\"]`"
    ),
    kind!(
        "C4 diagram",
        [
            "C4Context",
            "C4Container",
            "C4Component",
            "C4Dynamic",
            "C4Deployment"
        ],
        Merman,
        FOLLOWS,
        "`Person(id, \"Label\", \"Description\")`"
    ),
    kind!(
        "class diagram",
        ["classDiagram-v2", "classDiagram"],
        Merman,
        FOLLOWS,
        "`Animal <|-- Bird : is`"
    ),
    kind!(
        "entity relationship diagram",
        ["erDiagram"],
        Merman,
        FOLLOWS,
        "`CUSTOMER ||--o{ ORDER : places`"
    ),
    kind!(
        "flowchart",
        ["flowchart", "graph"],
        Merman,
        "keeps the order of siblings, wraps long labels, titles and configuration count",
        "`A[First] --> B[Second]`"
    ),
    kind!(
        "gantt chart",
        ["gantt"],
        Merman,
        FOLLOWS,
        "`Task : id, 2026-01-31, 5d`"
    ),
    kind!(
        "git graph",
        ["gitGraph"],
        Merman,
        FOLLOWS,
        "`commit id: \"name\"`"
    ),
    kind!("kanban board", ["kanban"], Merman, FOLLOWS, "`todo[To do]`"),
    kind!(
        "mindmap",
        ["mindmap"],
        Merman,
        FOLLOWS,
        "a root line, and its branches indented below it"
    ),
    kind!(
        "packet diagram",
        ["packet-beta", "packet"],
        Merman,
        FOLLOWS,
        "`0-15: \"Source port\"`"
    ),
    kind!(
        "pie chart",
        ["pie"],
        MermaidRs,
        "a legend beside a compact pie, colours that follow the theme",
        "`\"Label\" : 42`"
    ),
    kind!(
        "quadrant chart",
        ["quadrantChart"],
        Merman,
        FOLLOWS,
        "`Point: [0.3, 0.6]`"
    ),
    kind!(
        "radar chart",
        ["radar-beta", "radar"],
        Merman,
        FOLLOWS,
        "`axis a[\"A\"], b[\"B\"], c[\"C\"]` and `curve one{1, 2, 3}`"
    ),
    kind!(
        "requirement diagram",
        ["requirementDiagram", "requirement"],
        Merman,
        FOLLOWS,
        "`element bicycle { type: machine }`"
    ),
    kind!(
        "sankey diagram",
        ["sankey-beta", "sankey"],
        Merman,
        FOLLOWS,
        "`Source,Target,12`"
    ),
    kind!(
        "sequence diagram",
        ["sequenceDiagram"],
        Merman,
        FOLLOWS,
        "`Alice->>Bob: Hello`"
    ),
    kind!(
        "state diagram",
        ["stateDiagram-v2", "stateDiagram"],
        Merman,
        FOLLOWS,
        "`Idle --> Busy : start`"
    ),
    kind!(
        "timeline",
        ["timeline"],
        Merman,
        FOLLOWS,
        "`1885 : Safety bicycle`"
    ),
    kind!(
        "treemap",
        ["treemap-beta", "treemap"],
        Merman,
        FOLLOWS,
        "`\"Label\": 42`"
    ),
    kind!(
        "user journey",
        ["journey"],
        Merman,
        FOLLOWS,
        "`Ride: 5: Rider`"
    ),
    kind!(
        "XY chart",
        ["xychart-beta", "xychart"],
        Merman,
        FOLLOWS,
        "`bar [1, 2, 3]`"
    ),
];

/// The table: every type of diagram that can be drawn, by name.
pub fn kinds() -> &'static [Kind] {
    KINDS
}

/// The type of a diagram.
pub fn detect(source: &str) -> Result<&'static Kind, DiagramError> {
    let range = header_range(source);
    let word = &source[range.clone()];
    if word.is_empty() {
        return Err(DiagramError::new("this diagram is empty", None)
            .help("its first line names its type, as `flowchart LR`"));
    }
    if let Some(kind) = KINDS.iter().find(|kind| kind.keywords.contains(&word)) {
        return Ok(kind);
    }
    let error = DiagramError::new(format!("unknown diagram type `{word}`"), Some(range));
    let keywords = KINDS.iter().flat_map(|kind| kind.keywords).copied();
    Err(match nearest(word, keywords) {
        Some(near) => error.help(format!("there is a type named `{near}`")),
        None => error.help(format!(
            "the first line names the type: {}",
            KINDS
                .iter()
                .map(|kind| format!("`{}`", kind.keywords[0]))
                .collect::<Vec<_>>()
                .join(", ")
        )),
    })
}

/// Where the word stands that names the type: after front matter, directives and comments.
pub fn header_range(source: &str) -> Range<usize> {
    let start = body_start(source);
    let rest = &source[start..];
    let length = rest
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_')))
        .unwrap_or(rest.len());
    let word = &rest[..length.max(rest.chars().next().map_or(0, char::len_utf8))];
    start..start + word.len()
}

fn body_start(source: &str) -> usize {
    let mut at = 0;
    loop {
        at += source[at..].len() - source[at..].trim_start().len();
        let rest = &source[at..];
        let skip = if rest.starts_with("%%{") {
            rest.find("}%%").map(|end| end + 3)
        } else if rest.starts_with("%%") {
            Some(rest.find('\n').unwrap_or(rest.len()))
        } else if let Some(matter) = rest.strip_prefix("---") {
            matter.find("\n---").map(|end| end + 7)
        } else {
            None
        };
        match skip {
            Some(length) => at += length,
            None => return at,
        }
    }
}

/// Whether a text begins like a diagram and like nothing else: by the name of
/// a type that is no plain word, or by one with a direction.
pub fn is_headed(text: &str) -> bool {
    let mut words = text
        .trim_start()
        .lines()
        .next()
        .unwrap_or_default()
        .split_whitespace();
    let (Some(first), second, rest) = (words.next(), words.next(), words.next()) else {
        return false;
    };
    let is_type = KINDS.iter().any(|kind| kind.keywords.contains(&first));
    let is_plain = first.bytes().all(|b| b.is_ascii_lowercase());
    let directions = ["TB", "TD", "BT", "RL", "LR"];
    let is_directed =
        second.is_some_and(|second| directions.contains(&second.trim_end_matches(';')));
    is_type && rest.is_none() && (is_directed || !is_plain && second.is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_type_stands_after_front_matter_directives_and_comments() {
        for source in [
            "pie",
            "\n  pie title x",
            "---\ntitle: pie\n---\n%% a comment\n%%{init: {\n\"x\": 1}}%% pie\n",
        ] {
            assert_eq!(
                detect(source).map(|kind| kind.name),
                Ok("pie chart"),
                "{source}"
            );
        }
    }

    #[test]
    fn keywords_name_one_type_each() {
        let mut all: Vec<_> = KINDS.iter().flat_map(|kind| kind.keywords).collect();
        let count = all.len();
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), count);
    }
}
