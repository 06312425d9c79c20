//! Nearest names for misspelt ones.

/// The candidate that `name` was most likely meant to be: the one with the
/// smallest Damerau-Levenshtein distance, at most a third of the longer name's
/// length; among equals the first in order.
pub fn nearest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let mut best: Option<(usize, &str)> = None;
    let name = Pattern::new(name);
    for candidate in candidates {
        let length = match candidate.is_ascii() {
            true => candidate.len().min(LONGEST),
            false => candidate.chars().take(LONGEST).count(),
        };
        let limit = (name.length.max(length) / 3).max(1);
        let limit = best.map_or(limit, |(distance, _)| limit.min(distance));
        if name.length.abs_diff(length) > limit {
            continue;
        }
        let distance = name.distance(candidate, length, limit);
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
    if candidates.len() > MANY {
        return nearest(name, candidates).map(|meant| format!("did you mean `{meant}`?"));
    }
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
    ("amount", "quantity"),
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
    ("digits", "decimals"),
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
    ("precision", "decimals"),
    ("price", "money"),
    ("qty", "quantity"),
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

/// Among more names than this only the nearest is looked for.
const MANY: usize = 1000;

/// A name that is compared with many: for each of its letters where it stands,
/// as bits.
struct Pattern {
    length: usize,
    ascii: [u64; 128],
    others: Vec<(char, u64)>,
}

impl Pattern {
    fn new(name: &str) -> Self {
        let mut pattern = Self {
            length: 0,
            ascii: [0; 128],
            others: Vec::new(),
        };
        for letter in name.chars().take(LONGEST) {
            let bit = 1 << pattern.length;
            pattern.length += 1;
            match pattern.ascii.get_mut(letter as usize) {
                Some(bits) => *bits |= bit,
                None => pattern.others.push((letter, bit)),
            }
        }
        pattern
    }

    fn bits(&self, letter: char) -> u64 {
        let others = || {
            let same = self.others.iter().filter(|(other, _)| *other == letter);
            same.fold(0, |bits, (_, bit)| bits | bit)
        };
        let ascii = self.ascii.get(letter as usize);
        ascii.copied().unwrap_or_else(others)
    }

    /// Optimal string alignment distance (Damerau-Levenshtein with adjacent
    /// transpositions), a column of the table at once: Hyyrö, "A bit-vector
    /// algorithm for computing Levenshtein and Damerau edit distances", 2003.
    /// More than the limit may be any number above it.
    fn distance(&self, other: &str, length: usize, limit: usize) -> usize {
        let Some(last) = self.length.checked_sub(1) else {
            return length;
        };
        let mut distance = self.length;
        // Where the value grows or falls by one from one row to the next, and
        // where it stays on the diagonal.
        let (mut grows, mut falls, mut stays, mut before) = (u64::MAX, 0_u64, 0_u64, 0_u64);
        for (at, letter) in other.chars().take(length).enumerate() {
            // Each letter that is left takes away one at most.
            if distance > limit + (length - at) {
                return distance;
            }
            let bits = self.bits(letter);
            let swapped = ((!stays & bits) << 1) & before;
            stays = ((bits & grows).wrapping_add(grows) ^ grows) | bits | falls | swapped;
            let right_grows = falls | !(stays | grows);
            let right_falls = stays & grows;
            distance += usize::from(right_grows >> last & 1 == 1);
            distance -= usize::from(right_falls >> last & 1 == 1);
            let right_grows = right_grows << 1 | 1;
            grows = right_falls << 1 | !(stays | right_grows);
            falls = right_grows & stays;
            before = bits;
        }
        distance
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The distance by its definition.
    fn by_table(a: &[char], b: &[char]) -> usize {
        let mut table = vec![vec![0; b.len() + 1]; a.len() + 1];
        for i in 0..=a.len() {
            for j in 0..=b.len() {
                table[i][j] = match (i, j) {
                    (0, _) => j,
                    (_, 0) => i,
                    _ => {
                        let replaced = table[i - 1][j - 1] + usize::from(a[i - 1] != b[j - 1]);
                        let swaps = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
                        let swapped = if swaps {
                            table[i - 2][j - 2] + 1
                        } else {
                            usize::MAX
                        };
                        let shifted = table[i - 1][j].min(table[i][j - 1]) + 1;
                        replaced.min(shifted).min(swapped)
                    }
                };
            }
        }
        table[a.len()][b.len()]
    }

    proptest! {
        #[test]
        fn distances_are_those_of_the_definition(a in "[abcé]{0,70}", b in "[abcé]{0,70}") {
            let letters = |text: &str| text.chars().take(LONGEST).collect::<Vec<_>>();
            let (x, y) = (letters(&a), letters(&b));
            let expected = by_table(&x, &y);
            let pattern = Pattern::new(&a);
            for limit in [expected, 70] {
                prop_assert_eq!(pattern.distance(&b, y.len(), limit), expected);
            }
            for limit in 0..expected {
                prop_assert!(pattern.distance(&b, y.len(), limit) > limit);
            }
        }
    }

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
