//! Just enough CSS to resolve an engine's style sheet: rules with simple selectors come in, the
//! declarations for an element go out. What it doesn't know it leaves out, rule by rule.

use std::collections::BTreeMap;

use roxmltree::Node;

/// One `property: value`, with its `!important`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Declaration {
    pub property: String,
    pub value: String,
    pub important: bool,
}

/// All rules of a drawing, in order.
#[derive(Debug, Default)]
pub struct Sheet {
    rules: Vec<Rule>,
    /// Which rules may match an element, by what their last part asks for: `#id`, `.class`, `tag`,
    /// or nothing.
    by_key: BTreeMap<String, Vec<usize>>,
}

#[derive(Debug)]
struct Rule {
    selector: Vec<Step>,
    specificity: (usize, usize, usize),
    /// Index into `blocks`: a rule with several selectors shares its declarations.
    declarations: std::rc::Rc<[Declaration]>,
}

/// A compound selector and how it hangs on the one to its left.
#[derive(Debug)]
struct Step {
    combinator: Combinator,
    parts: Vec<Part>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Combinator {
    Descendant,
    Child,
}

#[derive(Debug)]
enum Part {
    Tag(String),
    Id(String),
    Class(String),
    Attribute(String, Match, String),
    Not(Vec<Part>),
    FirstOfType,
    NthOfType(usize),
}

#[derive(Debug, Clone, Copy)]
enum Match {
    Present,
    Equal,
    Prefix,
    Suffix,
    Contains,
}

impl Sheet {
    /// Reads a style sheet. `@`-rules are passed over whole.
    pub fn parse(text: &str) -> Self {
        let text = without_comments(text);
        let mut sheet = Self::default();
        let mut rest = text.as_str();
        while let Some(open) = rest.find('{') {
            let head = rest[..open].trim();
            let end = block_end(rest, open);
            let body = rest.get(open + 1..end).unwrap_or_default();
            if !head.starts_with('@') {
                sheet.add(head, body);
            }
            rest = rest.get(end + 1..).unwrap_or_default();
        }
        sheet
    }

    fn add(&mut self, head: &str, body: &str) {
        let declarations: std::rc::Rc<[Declaration]> = declarations(body).into();
        for selector in split_outside(head, ',') {
            if let Some(steps) = selector_steps(selector.trim()) {
                self.by_key
                    .entry(rule_key(&steps))
                    .or_default()
                    .push(self.rules.len());
                self.rules.push(Rule {
                    specificity: specificity(&steps),
                    selector: steps,
                    declarations: declarations.clone(),
                });
            }
        }
    }

    /// The declarations that apply to an element, weakest first; `!important` ones last.
    pub fn declarations<'a>(&'a self, node: Node) -> Vec<&'a Declaration> {
        let classes = node.attribute("class").unwrap_or_default();
        let mut keys = vec![String::new(), node.tag_name().name().to_owned()];
        keys.extend(node.attribute("id").map(|id| format!("#{id}")));
        keys.extend(
            classes
                .split_ascii_whitespace()
                .map(|class| format!(".{class}")),
        );
        keys.sort_unstable();
        keys.dedup();
        let mut found: Vec<usize> = keys
            .iter()
            .filter_map(|key| self.by_key.get(key))
            .flatten()
            .copied()
            .filter(|rule| matches(node, &self.rules[*rule].selector))
            .collect();
        found.sort_unstable(); // the order of the sheet decides between equals
        let mut rules: Vec<&Rule> = found.into_iter().map(|rule| &self.rules[rule]).collect();
        rules.sort_by_key(|rule| rule.specificity);
        rules
            .iter()
            .flat_map(|rule| rule.declarations.iter())
            .collect()
    }
}

/// The declarations of a block or of a `style` attribute.
pub fn declarations(body: &str) -> Vec<Declaration> {
    split_outside(body, ';')
        .filter_map(|declaration| {
            let (property, value) = declaration.split_once(':')?;
            let value = value.trim();
            let plain = value.strip_suffix("!important").map(str::trim_end);
            Some(Declaration {
                property: property.trim().to_ascii_lowercase(),
                value: plain.unwrap_or(value).to_owned(),
                important: plain.is_some(),
            })
        })
        .collect()
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find("/*") {
        out.push_str(&rest[..start]);
        rest = rest[start..]
            .find("*/")
            .map_or("", |end| &rest[start + end + 2..]);
    }
    out.push_str(rest);
    out
}

/// Where the block that opens at `open` closes; the end of the text if it doesn't.
fn block_end(text: &str, open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, byte) in text.bytes().enumerate().skip(open) {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth -= 1;
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

/// Splits at a character that stands outside brackets and quotes.
fn split_outside(text: &str, at: char) -> impl Iterator<Item = &str> {
    let mut depth = 0_i32;
    let mut quote = None;
    text.split(move |c| {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '(' | '[') => depth += 1,
            (None, ')' | ']') => depth -= 1,
            _ => {}
        }
        c == at && depth <= 0 && quote.is_none()
    })
}

fn selector_steps(text: &str) -> Option<Vec<Step>> {
    let mut steps = Vec::new();
    let mut combinator = Combinator::Descendant;
    for word in split_outside(&text.replace('>', " > "), ' ') {
        match word {
            "" => continue,
            ">" => combinator = Combinator::Child,
            word => {
                let parts = compound(word)?;
                steps.push(Step { combinator, parts });
                combinator = Combinator::Descendant;
            }
        }
    }
    (!steps.is_empty()).then_some(steps)
}

/// A compound selector; `None` if any part of it is unknown here.
fn compound(text: &str) -> Option<Vec<Part>> {
    let mut parts = Vec::new();
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let (part, left) = match first {
            '*' => {
                rest = after;
                continue;
            }
            '#' => name(after).map(|(name, left)| (Part::Id(name.to_owned()), left))?,
            '.' => name(after).map(|(name, left)| (Part::Class(name.to_owned()), left))?,
            '[' => {
                let end = after.find(']')?;
                (attribute(&after[..end])?, &after[end + 1..])
            }
            ':' => pseudo(after)?,
            _ => name(rest).map(|(name, left)| (Part::Tag(name.to_owned()), left))?,
        };
        parts.push(part);
        rest = left;
    }
    Some(parts)
}

fn pseudo(text: &str) -> Option<(Part, &str)> {
    let (word, left) = name(text)?;
    let argument = |left: &'_ str| -> Option<(usize, usize)> {
        left.strip_prefix('(')?;
        Some((1, left.find(')')?))
    };
    match word {
        "first-of-type" => Some((Part::FirstOfType, left)),
        "not" => {
            let (from, to) = argument(left)?;
            Some((Part::Not(compound(&left[from..to])?), &left[to + 1..]))
        }
        "nth-of-type" => {
            let (from, to) = argument(left)?;
            Some((
                Part::NthOfType(left[from..to].parse().ok()?),
                &left[to + 1..],
            ))
        }
        _ => None,
    }
}

fn name(text: &str) -> Option<(&str, &str)> {
    let length = text
        .find(|c: char| !(c.is_alphanumeric() || matches!(c, '-' | '_')))
        .unwrap_or(text.len());
    (length > 0).then(|| text.split_at(length))
}

fn attribute(text: &str) -> Option<Part> {
    let Some((name, value)) = text.split_once('=') else {
        return Some(Part::Attribute(
            text.trim().to_owned(),
            Match::Present,
            String::new(),
        ));
    };
    let (name, how) = match name.as_bytes().last()? {
        b'^' => (&name[..name.len() - 1], Match::Prefix),
        b'$' => (&name[..name.len() - 1], Match::Suffix),
        b'*' => (&name[..name.len() - 1], Match::Contains),
        b'~' | b'|' => return None,
        _ => (name, Match::Equal),
    };
    let value = value.trim().trim_matches(['"', '\'']);
    Some(Part::Attribute(
        name.trim().to_owned(),
        how,
        value.to_owned(),
    ))
}

/// What a rule asks of an element first of all.
fn rule_key(steps: &[Step]) -> String {
    let parts = steps
        .last()
        .map(|step| step.parts.as_slice())
        .unwrap_or_default();
    let id = parts.iter().find_map(|part| match part {
        Part::Id(id) => Some(format!("#{id}")),
        _ => None,
    });
    let class = parts.iter().find_map(|part| match part {
        Part::Class(class) => Some(format!(".{class}")),
        _ => None,
    });
    let tag = parts.iter().find_map(|part| match part {
        Part::Tag(tag) => Some(tag.clone()),
        _ => None,
    });
    id.or(class).or(tag).unwrap_or_default()
}

fn specificity(steps: &[Step]) -> (usize, usize, usize) {
    let mut sum = (0, 0, 0);
    for part in steps.iter().flat_map(|step| &step.parts) {
        count(part, &mut sum);
    }
    sum
}

fn count(part: &Part, sum: &mut (usize, usize, usize)) {
    match part {
        Part::Id(_) => sum.0 += 1,
        Part::Tag(_) => sum.2 += 1,
        Part::Not(parts) => parts.iter().for_each(|part| count(part, sum)),
        _ => sum.1 += 1,
    }
}

fn matches(node: Node, steps: &[Step]) -> bool {
    let Some((last, before)) = steps.split_last() else {
        return true;
    };
    if !last.parts.iter().all(|part| part_matches(node, part)) {
        return false;
    }
    if before.is_empty() {
        return true;
    }
    match last.combinator {
        Combinator::Child => node
            .parent_element()
            .is_some_and(|parent| matches(parent, before)),
        Combinator::Descendant => node
            .ancestors()
            .skip(1)
            .filter(Node::is_element)
            .any(|ancestor| matches(ancestor, before)),
    }
}

fn part_matches(node: Node, part: &Part) -> bool {
    match part {
        Part::Tag(tag) => node.tag_name().name() == tag,
        Part::Id(id) => node.attribute("id") == Some(id),
        Part::Class(class) => node
            .attribute("class")
            .is_some_and(|classes| classes.split_ascii_whitespace().any(|one| one == class)),
        Part::Attribute(name, how, value) => {
            node.attribute(name.as_str())
                .is_some_and(|found| match how {
                    Match::Present => true,
                    Match::Equal => found == value,
                    Match::Prefix => found.starts_with(value.as_str()),
                    Match::Suffix => found.ends_with(value.as_str()),
                    Match::Contains => found.contains(value.as_str()),
                })
        }
        Part::Not(parts) => !parts.iter().all(|part| part_matches(node, part)),
        Part::FirstOfType => position_of_type(node) == 1,
        Part::NthOfType(position) => position_of_type(node) == *position,
    }
}

fn position_of_type(node: Node) -> usize {
    1 + node
        .prev_siblings()
        .skip(1)
        .filter(|sibling| sibling.is_element() && sibling.tag_name() == node.tag_name())
        .count()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn winners(sheet: &str, svg: &str) -> Vec<String> {
        let document = roxmltree::Document::parse(svg).expect("test input is well-formed");
        let target = document
            .descendants()
            .find(|node| node.attribute("id") == Some("t"))
            .expect("test input has a target");
        let sheet = Sheet::parse(sheet);
        let declarations = sheet.declarations(target);
        declarations.iter().map(|one| one.value.clone()).collect()
    }

    #[test]
    fn selectors_match_as_in_a_browser() {
        let svg = r#"<svg id="m"><g class="node big" data-id="L_a"><p/><rect id="t" class="x"/></g></svg>"#;
        for (sheet, expected) in [
            (".node rect{fill:a} rect{fill:b}", vec!["b", "a"]),
            ("#m .node>rect{fill:a}", vec!["a"]),
            ("svg>rect{fill:a}", vec![]),
            ("[data-id^=\"L_\"] .x:not(.y){fill:a}", vec!["a"]),
            (".node:not(.big) rect{fill:a}", vec![]),
            (
                "@media print{rect{fill:a}} rect:first-of-type{fill:b}",
                vec!["b"],
            ),
            ("rect:hover{fill:a} /* x { } */ .a,.x{fill:b}", vec!["b"]),
            ("rect{fill:a", vec!["a"]),
        ] {
            assert_eq!(winners(sheet, svg), expected, "{sheet}");
        }
    }
}
