//! Figures that prose writes out: equal to what the catalog has, and so bound
//! to drift; or other than it, and so drifted already.
//!
//! A number is compared with the figures of what its sentence names, the nearest
//! first; in a table, of what its row starts with; else of what the sentences
//! before it, the heading above it or the page are about. A number of three
//! digits or more that only one subject of the whole catalog has is its figure.
//! Where it is not clear which figure is meant, nothing is said.

use std::cmp::Ordering;
use std::ops::Range;

use super::elsewhere::Around;
use super::numbers::{Written, numbers};
use super::prose::{Passage, passages};
use super::subjects::{Known, Mention, Subject, Subjects};
use crate::diag::{Code, Diagnostic};
use crate::render::Guide;
use crate::site::{Page, Target};
use crate::value::{Decimal, Quantity, Value, format_value};

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
/// Words of labels that say nothing.
const EMPTY: [&str; 12] = [
    "of", "the", "per", "in", "a", "at", "for", "and", "to", "on", "by", "with",
];

/// From how many digits on a number is unlikely to be equal by chance.
const TELLING: usize = 3;

/// Looks through the prose of a page.
pub(super) fn literal_figures(
    guide: &Guide,
    subjects: &Subjects,
    number: usize,
    sink: &mut Vec<Diagnostic>,
) {
    let page = &guide.site.pages[number];
    let calls = &guide.contents[number].inlines;
    let called = |call: &usize| {
        let figure = calls.get(call)?.figure.as_ref()?;
        subjects.by_reference(&figure.category, &figure.id)
    };
    let of_page = subjects.own(&page.document.path);
    let mut topics: Vec<(u8, Option<usize>)> = Vec::new();
    for passage in passages(&page.document) {
        let mut mentions = subjects.mentions(&passage.text);
        let names = mentions.clone();
        mentions.extend(passage.calls.iter().filter_map(|(at, call)| {
            let subject = called(call)?;
            Some(Mention {
                range: *at..*at,
                subject,
            })
        }));
        mentions.extend(passage.links.iter().filter_map(|(range, address)| {
            let subject = linked(guide, subjects, page, address)?;
            let named = |m: &Mention| m.range.start < range.end && range.start < m.range.end;
            (!names.iter().any(named)).then(|| Mention {
                range: range.clone(),
                subject,
            })
        }));
        mentions.sort_by_key(|mention| mention.range.start);
        if let Some(level) = passage.heading {
            topics.retain(|(above, _)| *above < level);
            topics.push((level, mentions.first().map(|m| m.subject)));
        }
        let written = numbers(&passage.text, &guide.catalog.units, &guide.catalog.locale);
        if written.is_empty() {
            continue;
        }
        let own = match &passage.entry {
            Some(id) => listed(guide, subjects, page, id),
            None => of_page,
        };
        let row = passage.cell.as_ref().and_then(|cell| {
            let named = subjects.mentions(&cell.row).first().map(|m| m.subject);
            named
                .or_else(|| cell.row_calls.iter().find_map(called))
                .or_else(|| subjects.mentions(&cell.head).first().map(|m| m.subject))
        });
        let topic = topics.iter().rev().find_map(|(_, topic)| *topic);
        for sentence in passage.sentences() {
            let within =
                |range: &Range<usize>| sentence.start <= range.start && range.end <= sentence.end;
            let scene = Scene {
                guide,
                subjects,
                page,
                passage: &passage,
                named: mentions.iter().filter(|m| within(&m.range)).collect(),
                row,
                about: mentions
                    .iter()
                    .rfind(|m| m.range.end <= sentence.start)
                    .map(|m| m.subject)
                    .into_iter()
                    .chain(topic)
                    .chain(own)
                    .collect(),
                sentence: sentence.clone(),
            };
            for written in written.iter().filter(|w| within(&w.range)) {
                let in_name = names.iter().any(|m| {
                    m.range.start < written.range.end && written.range.start < m.range.end
                });
                if !in_name {
                    sink.extend(scene.judge(written));
                }
            }
        }
    }
}

/// The component that a link leads to: its page, or its anchor in a list.
fn linked(guide: &Guide, subjects: &Subjects, page: &Page, address: &str) -> Option<usize> {
    let Target::Page(id, anchor) = guide.resolve(page, address)? else {
        return None;
    };
    let path = &guide.page(id).document.path;
    match anchor {
        None => subjects.own(path),
        Some(anchor) => listed(guide, subjects, guide.page(id), &anchor),
    }
}

/// The component of a page's list by its id.
fn listed(guide: &Guide, subjects: &Subjects, page: &Page, id: &str) -> Option<usize> {
    let categories = guide.catalog.categories.iter();
    let mut components = categories.flat_map(|category| &category.components);
    let path = &page.document.path;
    let component = components.find(|c| c.path == *path && *c.id.value == *id)?;
    subjects.by_reference(&component.category, &component.id.value)
}

/// A sentence and what it may speak of.
struct Scene<'a> {
    guide: &'a Guide,
    subjects: &'a Subjects,
    page: &'a Page,
    passage: &'a Passage,
    sentence: Range<usize>,
    named: Vec<&'a Mention>,
    /// What the row of a table is about.
    row: Option<usize>,
    /// What the text around is about, the nearest first.
    about: Vec<usize>,
}

impl Scene<'_> {
    fn judge(&self, written: &Written) -> Option<Diagnostic> {
        let candidates = self.candidates(written);
        let bound = self.is_bound(written);
        for (subject, _) in &candidates {
            let subject = &self.subjects.all[*subject];
            if let Some(known) = self.equal(written, subject) {
                return (!bound).then(|| self.literal(written, subject, known));
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
        let first = subjects.next()?;
        subjects.next().is_none().then_some(first)
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
        let language = &self.guide.catalog.locale.tag;
        if language.split(['-', '_']).next() != Some("en") {
            return false;
        }
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
        around.is_elsewhere()
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
        let before = self.passage.text[..written.range.start]
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

    fn reference(&self, subject: &Subject, known: &Known) -> String {
        match subject.page.as_ref() {
            Some(page) if *page == self.page.document.path => {
                format!("{{{{ this.{} }}}}", known.name)
            }
            _ => format!("{{{{ {}.{} }}}}", subject.reference, known.name),
        }
    }

    fn literal(&self, written: &Written, subject: &Subject, known: &Known) -> Diagnostic {
        let span = self.passage.span(&self.page.document, &written.range);
        let text = &self.passage.text[written.range.clone()];
        let message = format!(
            "`{text}` is written out: it is the {} of {}",
            lower(&known.label),
            subject.title
        );
        let found = Diagnostic::warning(Code::LiteralFigure, span, message)
            .label("will not follow when the figure changes")
            .help(format!("write `{}`", self.reference(subject, known)));
        also(found, known)
    }

    /// `meant`: the figures that the number may be meant to be, one at least.
    fn contradiction(&self, written: &Written, subject: &Subject, meant: &[&Known]) -> Diagnostic {
        let span = self.passage.span(&self.page.document, &written.range);
        let text = &self.passage.text[written.range.clone()];
        let shown = |known: &&Known| {
            let value = Value::Number(known.quantity.clone());
            let shown = format_value(&value, known.decimals, &self.guide.catalog.locale);
            format!("{} of {} is {shown}", lower(&known.label), subject.title)
        };
        let all: Vec<String> = meant.iter().map(shown).collect();
        let message = format!(
            "`{text}` contradicts the catalog: the {}",
            all.join(", the ")
        );
        let references: Vec<String> = (meant.iter())
            .map(|known| format!("`{}`", self.reference(subject, known)))
            .collect();
        let found = Diagnostic::warning(Code::ContradictingFigure, span, message)
            .help(format!("write {}", references.join(" or ")));
        also(found, meant[0])
    }
}

fn also(found: Diagnostic, known: &Known) -> Diagnostic {
    match &known.span {
        Some(span) => found.also(span.clone(), "the figure is given here"),
        None => found,
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

/// A label within a sentence: an abbreviation stays as it is.
fn lower(label: &str) -> String {
    let mut chars = label.chars();
    match (chars.next(), chars.next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first
            .to_lowercase()
            .chain(label[first.len_utf8()..].chars())
            .collect(),
        _ => label.to_owned(),
    }
}

fn is_word_of(word: &str, known: &Known) -> bool {
    let word = stem(word);
    words(&known.label).contains(&word) || words(&known.name.replace('_', " ")).contains(&word)
}

/// The telling words of a text, in lower case and without a plural's `s`.
fn words(text: &str) -> Vec<String> {
    let words = text
        .split(|c: char| !c.is_alphanumeric())
        .map(str::to_lowercase);
    words
        .filter(|w| w.len() > 1 && !EMPTY.contains(&w.as_str()))
        .map(|w| stem(&w))
        .collect()
}

fn stem(word: &str) -> String {
    let cut = word
        .strip_suffix('s')
        .filter(|rest| rest.len() > 2 && !rest.ends_with('s'));
    cut.unwrap_or(word).to_owned()
}
