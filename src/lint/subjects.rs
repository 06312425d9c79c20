//! What prose can speak of: components and builds, by the names that people
//! call them, each with its numbers.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

use aho_corasick::AhoCorasick;

use super::words::words;
use crate::catalog::{Category, Component, Place};
use crate::diag::Span;
use crate::render::Guide;
use crate::value::{Operand, Quantity, Units, Value};

/// A component or a build.
pub(super) struct Subject {
    pub title: Arc<str>,
    /// What its figures are called by: `bike.steppe`, `build.quiet.total`.
    pub reference: String,
    /// The document whose own it is.
    pub page: Option<Arc<str>>,
    pub figures: Vec<Known>,
    /// Of a component, its category's id.
    pub category: Option<Arc<str>>,
    /// The words for what it is: of the category "Coffee machines", `machine`.
    pub kinds: Arc<[String]>,
}

/// A number that is known of a subject.
pub(super) struct Known {
    pub name: Arc<str>,
    pub label: Arc<str>,
    pub quantity: Quantity,
    /// Digits to which it is shown.
    pub decimals: Option<u8>,
    /// Where it is given.
    pub span: Option<Span>,
}

/// Where a text names a subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mention {
    pub range: Range<usize>,
    pub subject: usize,
}

/// All subjects of a guide.
pub(super) struct Subjects {
    pub all: Vec<Subject>,
    /// Names in lower case.
    names: Names,
    /// Titles that may be common words, too: as they are written.
    words: Names,
    own: HashMap<Arc<str>, usize>,
    by_reference: HashMap<String, usize>,
}

/// Names that are looked for in a text all at once. One that several subjects
/// bear names none of them.
struct Names {
    finder: AhoCorasick,
    /// The subject of each name.
    subjects: Vec<usize>,
}

impl Names {
    fn new(names: impl IntoIterator<Item = (String, usize)>) -> Self {
        let mut bearers: HashMap<String, Option<usize>> = HashMap::new();
        for (name, subject) in names {
            let bearer = bearers.entry(name).or_insert(Some(subject));
            *bearer = bearer.filter(|first| *first == subject);
        }
        let mut names: Vec<(String, usize)> = bearers
            .into_iter()
            .filter_map(|(name, subject)| Some((name, subject?)))
            .collect();
        names.sort();
        let finder = AhoCorasick::new(names.iter().map(|(name, _)| name));
        Self {
            finder: finder.expect("names of a guide are far fewer than patterns may be"),
            subjects: names.into_iter().map(|(_, subject)| subject).collect(),
        }
    }

    /// Adds where whole words of a text are names, the longest first.
    fn find(&self, text: &str, found: &mut Vec<Mention>) {
        let matches = self.finder.find_overlapping_iter(text);
        let mut matches: Vec<Mention> = matches
            .map(|m| Mention {
                range: m.range(),
                subject: self.subjects[m.pattern().as_usize()],
            })
            .filter(|mention| is_word(text, &mention.range))
            .collect();
        matches
            .sort_by_key(|mention| (std::cmp::Reverse(mention.range.len()), mention.range.start));
        for mention in matches {
            let range = &mention.range;
            let free = |m: &Mention| m.range.end <= range.start || m.range.start >= range.end;
            if found.iter().all(free) {
                found.push(mention);
            }
        }
    }
}

impl Subjects {
    pub fn of(guide: &Guide) -> Self {
        let mut all = Vec::new();
        let mut names: Vec<(String, usize)> = Vec::new();
        for category in &guide.catalog.categories {
            let kinds = kinds_of(category);
            for component in &category.components {
                for name in names_of(component) {
                    names.push((name, all.len()));
                }
                let numbers = category.fields.iter().zip(&component.figures);
                let numbers = numbers.filter_map(|(field, figure)| {
                    Some(Known {
                        name: Arc::clone(&field.name.value),
                        label: Arc::clone(&field.label),
                        quantity: number_of(&figure.value)?,
                        decimals: field.decimals,
                        span: figure.span.clone(),
                    })
                });
                all.push(Subject {
                    title: Arc::clone(&component.title),
                    reference: format!("{}.{}", category.id.value, component.id.value),
                    page: (component.place == Place::Page).then(|| Arc::clone(&component.path)),
                    figures: numbers.collect(),
                    category: Some(Arc::clone(&category.id.value)),
                    kinds: Arc::clone(&kinds),
                });
            }
        }
        if let Some(calculator) = &guide.calculator {
            let builds: Arc<[String]> = Arc::new(["build".to_owned()]);
            for build in &guide.catalog.builds {
                names.push((lower(&format!("{} build", build.title.value)), all.len()));
                let totals = guide.builds.totals.get(&build.id.value);
                let totals = calculator.totals.iter().zip(totals.into_iter().flatten());
                let totals = totals.filter_map(|(total, value)| {
                    Some(Known {
                        name: Arc::clone(&total.id.value),
                        label: Arc::clone(&total.label),
                        quantity: number_of(value)?,
                        decimals: Some(total.decimals),
                        span: None,
                    })
                });
                all.push(Subject {
                    title: Arc::clone(&build.title),
                    reference: format!("build.{}.total", build.id.value),
                    page: None,
                    figures: totals.collect(),
                    category: None,
                    kinds: Arc::clone(&builds),
                });
            }
        }
        let words = (all.iter().enumerate())
            .filter(|(_, subject)| subject.is_one_word() || subject.is_short(&guide.catalog.units))
            .map(|(number, subject)| (subject.title.to_string(), number));
        let words = Names::new(words);
        let (mut own, mut by_reference) = (HashMap::new(), HashMap::new());
        for (number, subject) in all.iter().enumerate() {
            if let Some(page) = &subject.page {
                own.entry(Arc::clone(page)).or_insert(number);
            }
            let reference = subject.reference.clone();
            by_reference.entry(reference).or_insert(number);
        }
        Self {
            all,
            names: Names::new(names),
            words,
            own,
            by_reference,
        }
    }

    /// The subjects that a text names, in its order. Longer names come first:
    /// the `Steppe 300 GT` is no `Steppe 300`.
    pub fn mentions(&self, text: &str) -> Vec<Mention> {
        let (lower, places) = lower_with_places(text);
        let mut found = Vec::new();
        self.names.find(&lower, &mut found);
        for Mention { range, .. } in &mut found {
            *range = places[range.start]..places[range.end];
        }
        self.words.find(text, &mut found);
        found.sort_by_key(|mention| mention.range.start);
        found
    }

    /// The component of a page.
    pub fn own(&self, path: &str) -> Option<usize> {
        self.own.get(path).copied()
    }

    pub fn by_reference(&self, category: &str, id: &str) -> Option<usize> {
        let reference = format!("{category}.{id}");
        self.by_reference.get(&reference).copied()
    }
}

impl Subject {
    /// Whether it is a component whose title is a single word that starts with
    /// a capital and has no digit. A build's title may be any word.
    fn is_one_word(&self) -> bool {
        let title = &self.title;
        !self.reference.starts_with("build.")
            && title.chars().next().is_some_and(char::is_uppercase)
            && title.chars().count() > 2
            && title.chars().all(char::is_alphabetic)
    }
}

impl Subject {
    /// Whether it is a component whose title is a model of two or three
    /// characters, such as `X5` or `GT`, and no unit.
    fn is_short(&self, units: &Units) -> bool {
        let title: &str = &self.title;
        let has_sign = title.chars().any(|c| c.is_ascii_digit());
        let is_upper = title.chars().all(char::is_uppercase);
        !self.reference.starts_with("build.")
            && (2..=3).contains(&title.chars().count())
            && title.starts_with(char::is_uppercase)
            && title.chars().all(char::is_alphanumeric)
            && (has_sign || is_upper)
            && units.parse(title).is_err()
    }
}

fn number_of(value: &Operand) -> Option<Quantity> {
    match value.known()? {
        Value::Number(quantity) => Some(quantity.clone()),
        _ => None,
    }
}

/// The last word of the title, and the id.
fn kinds_of(category: &Category) -> Arc<[String]> {
    let title = words(&category.title).pop();
    let id = words(&category.id.value.replace('-', " ")).pop();
    title.into_iter().chain(id).collect()
}

/// The title, the title without its maker, the model at its end, and the id with
/// spaces.
fn names_of(component: &Component) -> Vec<String> {
    let title = lower(&component.title);
    let short = title.split_once(' ').map(|(_, rest)| rest.to_owned());
    let spaced = component.id.value.replace('-', " ");
    let id = component.id.value.to_string();
    let model = title.rsplit(' ').next().map(str::to_owned);
    let all = [Some(title), short, model, Some(spaced), Some(id)];
    let mut names: Vec<String> = all
        .into_iter()
        .flatten()
        .filter(|n| is_telling(n))
        .collect();
    names.sort();
    names.dedup();
    names
}

/// Whether a name is more than a common word: it has a digit or a second word.
fn is_telling(name: &str) -> bool {
    let more = name.contains(' ') || name.contains(|c: char| c.is_ascii_digit());
    name.len() > 3 && more && name.contains(char::is_alphabetic)
}

fn lower(text: &str) -> String {
    lower_with_places(text).0
}

/// A text in lower case, without signs that differ from others in where a line
/// may break, and where in the text each of its bytes comes from: some letters
/// take more or less room in lower case.
fn lower_with_places(text: &str) -> (String, Vec<usize>) {
    let mut lower = String::with_capacity(text.len());
    let mut places = Vec::with_capacity(text.len() + 1);
    for (at, c) in text.char_indices() {
        match c {
            '\u{a0}' | '\u{2011}' => lower.push(' '),
            c => lower.extend(c.to_lowercase()),
        }
        places.resize(lower.len(), at);
    }
    places.push(text.len());
    (lower, places)
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let before = text[..range.start].chars().next_back();
    let after = text[range.end..].chars().next();
    !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
}
