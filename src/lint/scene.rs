//! A sentence with a number, and which figure the number is.
//!
//! A number is compared with the figures of what its sentence names, the nearest
//! first; in a table, of what its row starts with; else of what the sentences
//! before it, the heading above it or the page are about. A number of three
//! digits or more that only one subject of the whole catalog has is its figure
//! where the words around it say what kind of thing they speak of. Where it is
//! not clear which figure is meant, nothing is said.

use std::cmp::Ordering;
use std::ops::Range;
use std::sync::Arc;

use super::elsewhere::Around;
use super::numbers::Written;
use super::prose::Passage;
use super::subjects::{Known, Mention, Subject, Subjects};
use super::words::{is_word_of, words};
use crate::diag::Diagnostic;
use crate::render::Guide;
use crate::site::Page;
use crate::value::{Decimal, Quantity};

/// Words after which a number is a bound or a guess, not the figure.
const BOUNDS: [&str; 26] = [
    "any",
    "each",
    "typical",
    "a further",
    "at least",
    "at most",
    "more than",
    "less than",
    "over",
    "under",
    "above",
    "below",
    "up to",
    "beyond",
    "within",
    "about",
    "around",
    "roughly",
    "nearly",
    "almost",
    "some",
    "approximately",
    "only",
    "another",
    "every",
    "per",
];
/// Words that may stand between a name and its figure.
const LINKS: [&str; 27] = [
    "a", "an", "the", "its", "is", "has", "have", "of", "costs", "cost", "draws", "draw", "offers",
    "offer", "carries", "carry", "gives", "give", "holds", "hold", "comes", "weighs", "weigh",
    "brings", "delivers", "provides", "just",
];
/// From how many digits on a number is unlikely to be equal by chance.
const TELLING: usize = 3;

/// A sentence and what it may speak of.
pub(super) struct Scene<'a> {
    pub guide: &'a Guide,
    pub subjects: &'a Subjects,
    pub page: &'a Page,
    /// The number of the page.
    pub number: usize,
    pub passage: &'a Passage,
    pub sentence: Range<usize>,
    pub named: Vec<&'a Mention>,
    /// What the row of a table is about.
    pub row: Option<usize>,
    /// What the text around is about, the nearest first.
    pub about: Vec<usize>,
}

impl Scene<'_> {
    /// What is to be said of a number, if anything.
    pub fn judge(&self, written: &Written) -> Option<Diagnostic> {
        let candidates = self.candidates(written);
        let bound = self.is_bound(written);
        for (subject, mention) in &candidates {
            let subject = &self.subjects.all[*subject];
            if let Some(known) = self.equal(written, subject) {
                let silent = bound || self.is_of_another(written, *mention, known);
                return (!silent).then(|| self.literal(written, subject, known));
            }
        }
        if bound {
            return None;
        }
        if let Some((subject, known)) = self.only_one(written) {
            return Some(self.literal(written, subject, known));
        }
        let (subject, mention) = candidates.first()?;
        let subject = &self.subjects.all[*subject];
        let fitting = self.fitting(written, subject);
        if fitting.is_empty() || self.is_elsewhere(written, *mention, &fitting) {
            return None;
        }
        if let Some(meant) = self.labelled(written, &fitting) {
            return Some(self.contradiction(written, subject, &[meant]));
        }
        let attached = mention.is_some_and(|mention| self.is_attached(mention, written));
        let any = attached && written.counted.is_none();
        any.then(|| self.contradiction(written, subject, &fitting))
    }

    /// Of what a number may speak, the likeliest first, and where it is named.
    fn candidates(&self, written: &Written) -> Vec<(usize, Option<&Mention>)> {
        let mut found: Vec<(usize, Option<&Mention>)> = Vec::new();
        found.extend(self.row.map(|row| (row, None)));
        let before = self
            .named
            .iter()
            .rev()
            .filter(|m| m.range.end <= written.range.start);
        let after = self
            .named
            .iter()
            .filter(|m| m.range.start >= written.range.end);
        found.extend(before.chain(after).map(|m| (m.subject, Some(*m))));
        if found.is_empty() {
            found.extend(self.about.iter().map(|about| (*about, None)));
        }
        found
    }

    fn fitting<'s>(&self, written: &Written, subject: &'s Subject) -> Vec<&'s Known> {
        let figures = subject.figures.iter();
        figures
            .filter(|known| self.may_mean(written, known))
            .collect()
    }

    /// The figure of a subject that a number is; of several the one that the
    /// sentence names.
    fn equal<'s>(&self, written: &Written, subject: &'s Subject) -> Option<&'s Known> {
        let equal: Vec<&Known> = (self.fitting(written, subject).into_iter())
            .filter(|known| is_equal(&written.quantity, known))
            .collect();
        // A given figure before one that is derived from it.
        let given = equal.iter().copied().find(|known| known.span.is_some());
        self.labelled(written, &equal)
            .or(given)
            .or(equal.first().copied())
    }

    /// The one figure of the catalog that a telling number is.
    fn only_one(&self, written: &Written) -> Option<(&Subject, &Known)> {
        let quantity = &written.quantity;
        if quantity.unit.is_one() || telling_digits(quantity.number) < TELLING {
            return None;
        }
        let mut subjects = self.subjects.all.iter().filter_map(|subject| {
            let known = subject
                .figures
                .iter()
                .find(|known| is_equal(quantity, known))?;
            Some((subject, known))
        });
        let (subject, known) = subjects.next()?;
        let is_meant = subjects.next().is_none()
            && self.is_spoken_of(written, subject, known)
            && !self.is_elsewhere(written, None, &[known]);
        is_meant.then_some((subject, known))
    }

    /// Whether the clause names what kind of thing a subject is, or the sentence
    /// has the same figure of another one: else a number is equal by chance.
    fn is_spoken_of(&self, written: &Written, subject: &Subject, known: &Known) -> bool {
        let words = words(self.clause(written));
        let calls = &self.guide.contents[self.number].inlines;
        let is_beside = |call: &usize| {
            let figure = calls.get(call).and_then(|inline| inline.figure.as_ref());
            figure.is_some_and(|figure| {
                figure.field == known.name && subject.category == Some(Arc::clone(&figure.category))
            })
        };
        let within = |at: &usize| self.sentence.contains(at);
        let beside = self.passage.calls.iter().filter(|(at, _)| within(at));
        subject.kinds.iter().any(|kind| words.contains(kind)) || { beside }
            .any(|(_, call)| is_beside(call))
    }

    /// Whether a number can be a figure by its unit; a plain one by its word.
    fn may_mean(&self, written: &Written, known: &Known) -> bool {
        if !written.quantity.unit.is_compatible(&known.quantity.unit) {
            return false;
        }
        match &written.counted {
            Some(word) => is_word_of(word, known),
            // A plain number in a table means what its column says.
            None if written.quantity.unit.is_one() => self.passage.cell.is_some(),
            None => true,
        }
    }

    /// The one figure whose label the sentence or the column's head names, if
    /// it is clear.
    fn labelled<'k>(&self, written: &Written, fitting: &[&'k Known]) -> Option<&'k Known> {
        let around = match &self.passage.cell {
            Some(cell) => format!("{} {}", cell.head, cell.row),
            None => self.clause(written).to_owned(),
        };
        let words = words(&around);
        let hits = |known: &Known| -> usize {
            let label: Vec<String> = self::words(&known.label);
            let name: Vec<String> = self::words(&known.name.replace('_', " "));
            let all = |of: &[String]| {
                (!of.is_empty() && of.iter().all(|word| words.contains(word))).then_some(of.len())
            };
            all(&label).into_iter().chain(all(&name)).max().unwrap_or(0)
        };
        let best = fitting
            .iter()
            .map(|known| hits(known))
            .max()
            .filter(|most| *most > 0)?;
        let mut named = fitting.iter().filter(|known| hits(known) == best);
        let first = named.next()?;
        named.next().is_none().then_some(*first)
    }

    /// Whether the words around a number say that it is another quantity, in
    /// the language whose words are known.
    fn is_elsewhere(
        &self,
        written: &Written,
        mention: Option<&Mention>,
        fitting: &[&Known],
    ) -> bool {
        self.is_english() && self.around(written, mention, fitting, |around| around.is_elsewhere())
    }

    /// Whether the words around a number that is equal to a figure say that it is
    /// one of another thing. A clause with the figure's label is about it.
    fn is_of_another(&self, written: &Written, mention: Option<&Mention>, known: &Known) -> bool {
        self.is_english()
            && self.labelled(written, &[known]).is_none()
            && self.around(written, mention, &[known], |around| around.is_of_another())
    }

    /// The words that tell are those of this language.
    fn is_english(&self) -> bool {
        let language = &self.guide.catalog.locale.tag;
        language.split(['-', '_']).next() == Some("en")
    }

    fn around(
        &self,
        written: &Written,
        mention: Option<&Mention>,
        fitting: &[&Known],
        judge: fn(&Around<'_>) -> bool,
    ) -> bool {
        let text = &self.passage.text;
        let clause = self.clause_range(written);
        let labels = fitting.iter().flat_map(|known| {
            let name = known.name.replace('_', " ");
            words(&known.label).into_iter().chain(words(&name))
        });
        let name = mention
            .filter(|m| m.range.end <= written.range.start && self.sentence.start <= m.range.start);
        let around = Around {
            sentence: &text[self.sentence.clone()],
            until: &text[self.sentence.start..written.range.start],
            before: &text[clause.start..written.range.start],
            after: &text[written.range.end..clause.end],
            name: name.map(|m| &text[self.sentence.start..m.range.start]),
            labels: &labels.collect::<Vec<String>>(),
        };
        judge(&around)
    }

    fn clause(&self, written: &Written) -> &str {
        &self.passage.text[self.clause_range(written)]
    }

    /// The part of the sentence around a number, between commas and the like.
    fn clause_range(&self, written: &Written) -> Range<usize> {
        let text = &self.passage.text;
        let breaks = [
            ", ", " while ", " and ", " but ", ": ", " (", ") ", " – ", " — ",
        ];
        let before = &text[self.sentence.start..written.range.start];
        let after = &text[written.range.end..self.sentence.end];
        let start = breaks
            .iter()
            .filter_map(|b| before.rfind(b).map(|at| at + b.len()))
            .max()
            .unwrap_or(0);
        let end = breaks
            .iter()
            .filter_map(|b| after.find(b))
            .min()
            .unwrap_or(after.len());
        self.sentence.start + start..written.range.end + end
    }

    /// Whether the words before a number make it a bound or a guess.
    fn is_bound(&self, written: &Written) -> bool {
        let before = self.passage.text[self.sentence.start..written.range.start]
            .trim_end()
            .to_lowercase();
        let before = before.trim_end_matches(" a").trim_end_matches(" the");
        before.ends_with(['~', '≈', '<', '>', '≥', '≤'])
            || BOUNDS.iter().any(|word| {
                before
                    .strip_suffix(word)
                    .is_some_and(|rest| !rest.ends_with(char::is_alphanumeric))
            })
    }

    /// Whether nothing but small words stands between a name and a number.
    fn is_attached(&self, mention: &Mention, written: &Written) -> bool {
        let Some(between) = self
            .passage
            .text
            .get(mention.range.end..written.range.start)
        else {
            return false;
        };
        mention.range.start < mention.range.end
            && between
                .split(|c: char| !c.is_alphanumeric())
                .filter(|word| !word.is_empty())
                .all(|word| LINKS.contains(&word.to_lowercase().as_str()))
    }
}

/// The digits of a number without the zeros at its ends.
fn telling_digits(number: Decimal) -> usize {
    let digits = number.mantissa().unsigned_abs().to_string();
    digits.trim_end_matches('0').len()
}

/// Whether a number is a figure, as it is or as it is shown.
fn is_equal(written: &Quantity, known: &Known) -> bool {
    if written.compare(&known.quantity) == Some(Ordering::Equal) {
        return true;
    }
    let decimals = known.decimals.unwrap_or(2);
    let rounded = Quantity::new(
        known.quantity.number.round(decimals),
        known.quantity.unit.clone(),
    );
    written.compare(&rounded) == Some(Ordering::Equal)
}
