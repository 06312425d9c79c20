//! The facts of a product: a list of `Key: value`, or a table of two columns.

use super::tree::Node;

/// What a heading says of a product.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    /// Keys and values as they were written, in order.
    pub pairs: Vec<(String, String)>,
    pub pros: Vec<String>,
    pub cons: Vec<String>,
    /// The text without them.
    pub rest: String,
}

/// From how many facts on a heading is a product.
const LEAST: usize = 2;
const PROS: [&str; 5] = ["pros", "strengths", "advantages", "good", "likes"];
const CONS: [&str; 6] = [
    "cons",
    "weaknesses",
    "disadvantages",
    "drawbacks",
    "bad",
    "dislikes",
];

/// The facts of a heading's own text; none if it has too few.
pub(super) fn facts(node: &Node) -> Option<Facts> {
    let mut facts = Facts::default();
    let mut rest: Vec<&str> = Vec::new();
    let mut side: Option<bool> = None;
    let mut fence: Option<(char, usize)> = None;
    let lines: Vec<&str> = node.own.lines().collect();
    let table = table_of_two(&lines);
    for (number, line) in lines.iter().enumerate() {
        let trimmed = line.trim();
        if let Some((mark, length)) = fence_of(trimmed) {
            fence = match fence {
                None => Some((mark, length)),
                Some((open, least)) if open == mark && length >= least => None,
                open => open,
            };
            rest.push(line);
            continue;
        }
        if fence.is_some() {
            rest.push(line);
            continue;
        }
        if let Some((from, to)) = table
            && (from..to).contains(&number)
        {
            if number > from + 1
                || (number == from && pair_of_row(line).is_some_and(|(key, _)| !is_head(&key)))
            {
                facts.pairs.extend(pair_of_row(line));
            }
            continue;
        }
        let side_here = side_of(trimmed.trim_start_matches(['-', '*', '+']).trim());
        if let Some((which, inline)) = side_here {
            side = Some(which);
            let list = if which {
                &mut facts.pros
            } else {
                &mut facts.cons
            };
            list.extend(split(&inline));
            continue;
        }
        match item(trimmed) {
            Some(item) => match (side, pair(item)) {
                (Some(which), None) => {
                    let list = if which {
                        &mut facts.pros
                    } else {
                        &mut facts.cons
                    };
                    list.push(plain(item));
                }
                (_, Some(pair)) => {
                    side = None;
                    facts.pairs.push(pair);
                }
                (None, None) => rest.push(line),
            },
            None => {
                if !trimmed.is_empty() {
                    side = None;
                }
                match bold_pair(trimmed) {
                    Some(pair) => facts.pairs.push(pair),
                    None => rest.push(line),
                }
            }
        }
    }
    facts.rest = rest.join("\n");
    // A key that comes twice is no property.
    let mut keys: Vec<String> = facts
        .pairs
        .iter()
        .map(|(key, _)| key.to_lowercase())
        .collect();
    keys.sort();
    let twice = keys.windows(2).any(|pair| pair[0] == pair[1]);
    (facts.pairs.len() >= LEAST && !twice).then_some(facts)
}

fn item(line: &str) -> Option<&str> {
    ["- ", "* ", "+ ", "• "]
        .iter()
        .find_map(|mark| line.strip_prefix(mark))
        .map(str::trim)
}

/// Words in bold before a sentence, which are no property.
const NOT_KEYS: [&str; 7] = [
    "note",
    "tip",
    "warning",
    "important",
    "caution",
    "update",
    "tl;dr",
];

/// A line `**Key:** value`, as it stands without a list.
fn bold_pair(line: &str) -> Option<(String, String)> {
    let line = line.trim_end_matches('\\');
    let is_bold = line.starts_with("**") && (line.contains(":**") || line.contains("**:"));
    let (key, value) = pair(line).filter(|_| is_bold)?;
    let is_key = key.chars().count() > 1 && !NOT_KEYS.contains(&key.to_lowercase().as_str());
    is_key.then_some((key, value))
}

/// `Key: value`, with or without bold, or with a dash between spaces.
fn pair(item: &str) -> Option<(String, String)> {
    if item.starts_with('[') {
        return None;
    }
    let bare = item.replace("**", "").replace("__", "");
    let cut = bare
        .split_once(':')
        .filter(|(_, value)| value.starts_with([' ', '\t']))
        .or_else(|| bare.split_once(" – "))
        .or_else(|| bare.split_once(" — "))
        .or_else(|| bare.split_once(" = "))?;
    let (key, value) = (cut.0.trim(), cut.1.trim());
    let words = key.split_whitespace().count();
    let fits = !key.is_empty() && words <= 5 && key.chars().count() <= 40 && !value.is_empty();
    let telling = key.chars().next().is_some_and(char::is_alphabetic)
        && !key.contains(['.', '`', '[', '!', '?']);
    (fits && telling).then(|| (key.to_owned(), plain(value)))
}

/// `Pros:`, alone or with what it lists.
fn side_of(line: &str) -> Option<(bool, String)> {
    let bare = line.replace("**", "").replace("__", "");
    let bare = bare.trim().trim_start_matches('#').trim();
    let (word, rest) = bare.split_once(':').unwrap_or((bare, ""));
    let word = word.trim().to_lowercase();
    let known = |list: &[&str]| list.contains(&word.as_str());
    match () {
        () if known(&PROS) => Some((true, rest.trim().to_owned())),
        () if known(&CONS) => Some((false, rest.trim().to_owned())),
        () => None,
    }
}

fn split(text: &str) -> Vec<String> {
    let mark = if text.contains(';') { ';' } else { ',' };
    let parts = text.split(mark).map(|part| plain(part.trim()));
    parts.filter(|part| !part.is_empty()).collect()
}

/// Text without the marks of emphasis around it.
pub(super) fn plain(text: &str) -> String {
    text.replace("**", "")
        .replace("__", "")
        .trim_matches(['`', '*'])
        .trim()
        .to_owned()
}

/// Where the only table of the text stands, if it has two columns.
fn table_of_two(lines: &[&str]) -> Option<(usize, usize)> {
    let is_row = |line: &&str| line.trim().starts_with('|') && line.trim().ends_with('|');
    let from = lines.iter().position(is_row)?;
    let length = lines[from..].iter().take_while(|line| is_row(line)).count();
    let two = lines[from..from + length]
        .iter()
        .all(|line| cells(line).len() == 2);
    let ruled = lines.get(from + 1).is_some_and(|line| line.contains("--"));
    let only = !lines[from + length..].iter().any(is_row);
    (two && ruled && only && length >= 2 + LEAST).then_some((from, from + length))
}

fn cells(line: &str) -> Vec<&str> {
    line.trim()
        .trim_matches('|')
        .split('|')
        .map(str::trim)
        .collect()
}

fn pair_of_row(line: &str) -> Option<(String, String)> {
    let cells = cells(line);
    let (key, value) = (plain(cells.first()?), plain(cells.get(1)?));
    (!key.is_empty() && !value.is_empty()).then_some((key, value))
}

/// The mark of a line that opens or closes a code block, and how often it
/// stands there.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| ['`', '~'].contains(c))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    (length >= 3).then_some((mark, length))
}

/// Whether the first row of a table names its columns.
fn is_head(key: &str) -> bool {
    let head = [
        "spec",
        "specification",
        "key",
        "property",
        "feature",
        "field",
    ];
    head.contains(&key.to_lowercase().as_str())
}
