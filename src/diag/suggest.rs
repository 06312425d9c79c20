//! Nearest names for misspelt ones.

/// The candidate that `name` was most likely meant to be: the one with the
/// smallest Damerau-Levenshtein distance, at most a third of the longer name's
/// length; among equals the first in order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    let name: Vec<char> = name.chars().take(LONGEST).collect();
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().take(LONGEST).collect();
        let distance = distance(&name, &letters);
        let limit = (name.len().max(letters.len()) / 3).max(1);
        if distance <= limit && best.is_none_or(|b| (distance, candidate) < b) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate)
}

/// "did you mean `x`?" for the nearest of the candidates, or a list of them
/// when none is near and they are few.
pub fn help_nearest<'a>(
    name: &str,
    candidates: impl IntoIterator<Item = &'a str>,
) -> Option<String> {
    let mut candidates: Vec<&str> = candidates.into_iter().collect();
    candidates.sort_unstable();
    candidates.dedup();
    if let Some(meant) = meant(name, candidates.iter().copied()) {
        return Some(format!("did you mean `{meant}`?"));
    }
    if candidates.is_empty() || candidates.len() > FEW {
        return None;
    }
    let list: Vec<String> = candidates.iter().map(|c| format!("`{c}`")).collect();
    Some(format!("known here: {}", list.join(", ")))
}

/// The candidate that a name likely stands for: the nearest, the word for what
/// others call so, or one of which either extends the other.
pub fn meant<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let candidates: Vec<&str> = candidates.into_iter().collect();
    let is_called = |candidate: &&str| SYNONYMS.contains(&(name, *candidate));
    nearest(name, candidates.iter().copied())
        .or_else(|| candidates.iter().copied().find(is_called))
        .or_else(|| extended(name, &candidates))
}

/// What other programs call things, and what they are called here.
const SYNONYMS: &[(&str, &str)] = &[
    ("average", "avg"),
    ("boolean", "bool"),
    ("ceiling", "ceil"),
    ("cheapest", "min"),
    ("column", "bar"),
    ("condition", "require"),
    ("count", "max"),
    ("currency", "unit"),
    ("date", "as_of"),
    ("decimal", "number"),
    ("desc", "description"),
    ("donut", "pie"),
    ("doughnut", "pie"),
    ("enum", "choice"),
    ("expr", "formula"),
    ("expression", "formula"),
    ("fields", "columns"),
    ("filter", "where"),
    ("float", "number"),
    ("highest", "max"),
    ("kind", "type"),
    ("largest", "max"),
    ("len", "count"),
    ("length", "count"),
    ("level", "severity"),
    ("lowest", "min"),
    ("maximum", "max"),
    ("mean", "avg"),
    ("minimum", "min"),
    ("name", "id"),
    ("name", "title"),
    ("order", "sort"),
    ("order_by", "sort"),
    ("smallest", "min"),
    ("src", "source"),
    ("string", "text"),
    ("text", "message"),
    ("url", "source"),
    ("values", "series"),
];

/// The candidate that a name begins or ends with, or that begins with it: of
/// several the one that differs least.
fn extended<'a>(name: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let name = name.to_lowercase();
    let is_one = |candidate: &&&str| {
        let candidate = candidate.to_lowercase();
        let (short, long) = match name.len() < candidate.len() {
            true => (&name, &candidate),
            false => (&candidate, &name),
        };
        let ends = long.ends_with(&format!("_{short}")) || long.ends_with(&format!("-{short}"));
        short.chars().count() >= LEAST && (long.starts_with(short) || ends)
    };
    let found = candidates.iter().filter(is_one).copied();
    found.min_by_key(|candidate| candidate.len().abs_diff(name.len()))
}

/// How many letters two names share at least, of which one extends the other.
const LEAST: usize = 3;
/// Names longer than this are compared by their beginning: no real name is,
/// and the comparison is quadratic.
const LONGEST: usize = 64;
/// How many names a help line lists at most.
const FEW: usize = 16;

/// Optimal string alignment distance (Damerau-Levenshtein with adjacent
/// transpositions).
fn distance(a: &[char], b: &[char]) -> usize {
    let mut before: Vec<usize> = vec![0; b.len() + 1];
    let mut last: Vec<usize> = (0..=b.len()).collect();
    for i in 1..=a.len() {
        let mut row = vec![i; b.len() + 1];
        for j in 1..=b.len() {
            let substitution = last[j - 1] + usize::from(a[i - 1] != b[j - 1]);
            row[j] = substitution.min(last[j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] {
                row[j] = row[j].min(before[j - 2] + 1);
            }
        }
        before = std::mem::replace(&mut last, row);
    }
    last[b.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_finds_the_name_and_a_stranger_does_not() {
        let fields = ["weight", "gears", "price"];
        assert_eq!(nearest("wieght", fields), Some("weight"));
        assert_eq!(nearest("pice", fields), Some("price"));
        assert_eq!(nearest("colour", fields), None);
        assert_eq!(meant("filter", ["sort", "where"]), Some("where"));
        for (name, meant) in [
            ("pri", "price"),
            ("weight_in_kg", "weight"),
            ("net_price", "price"),
        ] {
            let help = format!("did you mean `{meant}`?");
            assert_eq!(help_nearest(name, fields), Some(help), "{name}");
        }
        assert_eq!(
            help_nearest("colour", fields).as_deref(),
            Some("known here: `gears`, `price`, `weight`")
        );
    }
}
