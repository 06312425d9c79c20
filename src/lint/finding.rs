//! What is said of a number that is a figure, or contradicts one.

use super::numbers::Written;
use super::scene::Scene;
use super::subjects::{Known, Subject};
use super::words::lower;
use crate::diag::{Code, Diagnostic};
use crate::value::{Value, format_value};

impl Scene<'_> {
    /// How the figure is written in its stead.
    fn reference(&self, subject: &Subject, known: &Known) -> String {
        match subject.page.as_ref() {
            Some(page) if *page == self.page.document.path => {
                format!("{{{{ this.{} }}}}", known.name)
            }
            _ => format!("{{{{ {}.{} }}}}", subject.reference, known.name),
        }
    }

    pub(super) fn literal(
        &self,
        written: &Written,
        subject: &Subject,
        known: &Known,
    ) -> Diagnostic {
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
    pub(super) fn contradiction(
        &self,
        written: &Written,
        subject: &Subject,
        meant: &[&Known],
    ) -> Diagnostic {
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
