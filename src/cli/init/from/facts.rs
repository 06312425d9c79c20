//! The facts of a product: a list of `Key: value`, or a table of two columns.

use super::tree::Node;
use super::written::{is_figure, is_plain};

/// What a heading says of a product.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Facts {
    /// In their order.
    pub pairs: Vec<Pair>,
    pub pros: Vec<String>,
    pub cons: Vec<String>,
    /// The text without them.
    pub rest: String,
}

/// A key and its value.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Pair {
    pub key: String,
    pub value: String,
    /// Where the value leads, if it is a link.
    pub link: Option<String>,
}

impl Pair {
    fn new(key: &str, value: &str) -> Self {
        let link = whole_link(value);
        Self {
            key: plain(key),
            value: plain(link.map_or(value, |(text, _)| text)),
            link: link.map(|(_, address)| address.to_owned()),
        }
    }

    /// Whether its value is a link to another site.
    pub fn leads_out(&self) -> bool {
        self.link.as_ref().is_some_and(|link| link.contains("://"))
    }
}

/// The headings right below one that are products. One without a figure is one
/// only beside another of the same keys: else it may be a list of terms, of
/// steps or of questions.
pub(super) fn parts(node: &Node) -> Vec<(&Node, Facts)> {
    let found: Vec<(&Node, Facts)> = (node.children.iter())
        .filter_map(|child| Some((child, facts(child)?)))
        .collect();
    let has_figure = |facts: &Facts| {
        let mut values = facts.pairs.iter().map(|pair| &pair.value);
        values.any(|value| is_figure(value) || is_plain(value))
    };
    let keys = |facts: &Facts| -> Vec<String> {
        facts
            .pairs
            .iter()
            .map(|pair| pair.key.to_lowercase())
            .collect()
    };
    let is_part = |at: usize| {
        let own = keys(&found[at].1);
        let mut pairs = found[at].1.pairs.iter();
        has_figure(&found[at].1)
            || pairs.all(|pair| pair.value.chars().count() <= LONG)
                && found.iter().enumerate().any(|(other, (_, facts))| {
                    let shared = keys(facts).iter().filter(|key| own.contains(key)).count();
                    other != at && shared >= LEAST
                })
    };
    let kept: Vec<bool> = (0..found.len()).map(is_part).collect();
    let kept = found.into_iter().zip(kept).filter(|(_, kept)| *kept);
    kept.map(|(part, _)| part).collect()
}

/// A longer text says what no column does.
const LONG: usize = 40;

/// From how many facts on a heading is a product.
const LEAST: usize = 2;
const PROS: [&str; 7] = [
    "pros",
    "strengths",
    "advantages",
    "good",
    "likes",
    "vorteile",
    "stärken",
];
const CONS: [&str; 8] = [
    "cons",
    "weaknesses",
    "disadvantages",
    "drawbacks",
    "bad",
    "dislikes",
    "nachteile",
    "schwächen",
];

/// The facts of a heading's own text; none if it has too few.
pub(super) fn facts(node: &Node) -> Option<Facts> {
    let mut facts = Facts::default();
    let mut rest: Vec<&str> = Vec::new();
    let mut side: Option<bool> = None;
    let mut fence: Option<(char, usize)> = None;
    let own = with_whole_items(&node.own);
    let lines: Vec<&str> = own.lines().collect();
    let table = table_of_two(&lines);
    for (number, line) in lines.iter().enumerate() {
        let trimmed = line.trim();
        let before = fence;
        fence = fence_behind(before, trimmed);
        if before.is_some() || fence.is_some() {
            rest.push(line);
            continue;
        }
        if let Some((from, to)) = table
            && (from..to).contains(&number)
        {
            let is_fact = number > from + 1 || number == from && !is_head(line);
            if is_fact {
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
    let mut keys: Vec<String> = (facts.pairs.iter())
        .map(|pair| pair.key.to_lowercase())
        .collect();
    keys.sort();
    let twice = keys.windows(2).any(|pair| pair[0] == pair[1]);
    let letters = keys.iter().filter(|key| key.chars().count() == 1);
    let other = letters.count() * 2 > keys.len() || keys.iter().any(|key| is_other(key));
    (facts.pairs.len() >= LEAST && !twice && !other).then_some(facts)
}

/// A text in which an item that goes on over several lines stands on one.
fn with_whole_items(own: &str) -> String {
    let mut whole = String::with_capacity(own.len());
    let mut fence: Option<(char, usize)> = None;
    let mut in_item = false;
    for line in own.lines() {
        let trimmed = line.trim();
        let begins = item(trimmed).is_some()
            || bold_pair(trimmed).is_some()
            || trimmed.starts_with(['|', '#', '>', '<', '`', '~', '!']);
        if in_item && !trimmed.is_empty() && !begins {
            whole.push(' ');
            whole.push_str(trimmed);
        } else {
            if !whole.is_empty() {
                whole.push('\n');
            }
            whole.push_str(line);
            fence = fence_behind(fence, trimmed);
            let is_item = item(trimmed).is_some() || bold_pair(trimmed).is_some();
            in_item = fence.is_none() && is_item;
        }
        // Behind a break that was meant a text of its own begins.
        in_item &= !line.ends_with("  ") && !line.ends_with('\\');
    }
    whole
}

/// Words that a list of steps, of questions or of changes begins with, which is
/// no product.
const OTHERS: [&str; 19] = [
    "added",
    "answer",
    "changed",
    "day",
    "deprecated",
    "faq",
    "fixed",
    "month",
    "phase",
    "q",
    "question",
    "removed",
    "schritt",
    "stage",
    "step",
    "tag",
    "task",
    "week",
    "year",
];

/// Whether a key or the head of a table says that it is no product's: `Step 1`.
pub(super) fn is_other(key: &str) -> bool {
    let end = |c: char| c.is_ascii_digit() || c.is_whitespace() || "#.:".contains(c);
    let word = key.trim().trim_end_matches(end).to_lowercase();
    let plural = word.strip_suffix('s').unwrap_or(&word);
    OTHERS.contains(&word.as_str()) || OTHERS.contains(&plural)
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
fn bold_pair(line: &str) -> Option<Pair> {
    let line = line.trim_end_matches('\\');
    let is_bold = line.starts_with("**") && (line.contains(":**") || line.contains("**:"));
    let pair = pair(line).filter(|_| is_bold)?;
    let key = &pair.key;
    let is_key = key.chars().count() > 1 && !NOT_KEYS.contains(&key.to_lowercase().as_str());
    is_key.then_some(pair)
}

/// `Key: value`, with or without bold, or with a dash between spaces.
fn pair(item: &str) -> Option<Pair> {
    if item.starts_with('[') {
        return None;
    }
    let bare = item.replace("**", "").replace("__", "");
    let bare = bare.replacen(":: ", ": ", 1);
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
    (fits && telling).then(|| Pair::new(key, value))
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

/// The text and the address of a link that is all of a text.
pub(super) fn whole_link(text: &str) -> Option<(&str, &str)> {
    let inner = text.trim().strip_prefix('[')?.strip_suffix(')')?;
    let (text, address) = inner.split_once("](")?;
    let is_one = !text.contains(['[', ']']) && !address.contains(['(', ')', ' ']);
    (is_one && !address.is_empty()).then_some((text, address))
}

/// Where the only table of the text stands, if it has two columns and tells of
/// one product.
fn table_of_two(lines: &[&str]) -> Option<(usize, usize)> {
    let is_row = |line: &&str| line.trim().starts_with('|') && line.trim().ends_with('|');
    let from = lines.iter().position(is_row)?;
    let length = lines[from..].iter().take_while(|line| is_row(line)).count();
    let two = lines[from..from + length]
        .iter()
        .all(|line| cells(line).len() == 2);
    let ruled = lines.get(from + 1).is_some_and(|line| line.contains("--"));
    let only = !lines[from + length..].iter().any(is_row);
    let head = lines[from];
    let is_facts = is_head(head) || pair_of_row(head).is_some_and(|pair| is_figure(&pair.value));
    (two && ruled && only && is_facts && length >= 2 + LEAST).then_some((from, from + length))
}

fn cells(line: &str) -> Vec<&str> {
    let line = line.trim();
    let line = line.strip_prefix('|').unwrap_or(line);
    let line = line.strip_suffix('|').unwrap_or(line);
    line.split('|').map(str::trim).collect()
}

fn pair_of_row(line: &str) -> Option<Pair> {
    let cells = cells(line);
    let pair = Pair::new(cells.first()?, cells.get(1)?);
    (!pair.key.is_empty() && !pair.value.is_empty()).then_some(pair)
}

/// The mark of the code block or the comment that is open behind a line, given
/// that before it.
fn fence_behind(before: Option<(char, usize)>, line: &str) -> Option<(char, usize)> {
    let found = fence_of(line);
    let opens_comment = line.starts_with("<!--") && !line.contains("-->");
    match (before, found) {
        (Some(('<', _)), _) if line.contains("-->") => None,
        (None, _) if opens_comment => Some(('<', 0)),
        (None, found) => found,
        (Some((open, least)), Some((mark, length))) if open == mark && length >= least => None,
        (open, _) => open,
    }
}

/// The mark of a line that opens or closes a code block, and how often it
/// stands there.
fn fence_of(line: &str) -> Option<(char, usize)> {
    let mark = line.chars().next().filter(|c| ['`', '~'].contains(c))?;
    let length = line.chars().take_while(|c| *c == mark).count();
    (length >= 3).then_some((mark, length))
}

/// Whether the first row of a table names its columns as those of one product.
fn is_head(line: &str) -> bool {
    let keys = [
        "",
        "attribute",
        "characteristic",
        "detail",
        "eigenschaft",
        "feature",
        "field",
        "key",
        "merkmal",
        "parameter",
        "property",
        "spec",
        "specification",
    ];
    let values = ["detail", "spec", "specification", "value", "wert"];
    let cells = cells(line);
    let is_of = |at: usize, known: &[&str]| {
        let word = cells
            .get(at)
            .map_or_else(String::new, |cell| plain(cell).to_lowercase());
        known.contains(&word.strip_suffix('s').unwrap_or(&word))
    };
    is_of(0, &keys) || is_of(1, &values)
}
