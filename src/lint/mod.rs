//! Lints: what is right in form and still likely wrong. In comes a linked
//! guide; out go diagnostics. Only `check` asks for them, so that they cost a
//! build nothing, and a build of good content is never stopped by one.
//!
//! Each lint has a code, a level that `[lints]` in `rigbook.toml` sets, and can
//! be allowed for a line by `rigbook: allow NAME` in a comment there or on the
//! line before.

mod alike;
mod allows;
mod editions;
mod elsewhere;
mod figures;
mod finding;
mod literal;
mod numbers;
mod prose;
mod renamed;
mod scene;
mod subjects;
mod titles;
mod words;

use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{LINTS, LintLevels, VersionEntry};
use crate::diag::{Code, Diagnostic, Severity};
use crate::render::Guide;
use crate::value::Date;
use subjects::Subjects;

/// What to look for.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// As the configuration sets them.
    pub levels: LintLevels,
    /// Whether lints that are off by default and not set are notes.
    pub all: bool,
    /// Whether the site has errors: then it is not said what is used, known or
    /// shown nowhere, since that may follow from them.
    pub has_errors: bool,
    /// The day at which figures are judged stale; none to judge none.
    pub today: Option<Date>,
    /// The editions, as the configuration lists them.
    pub versions: Vec<VersionEntry>,
}

impl Request {
    fn level(&self, code: Code) -> Option<Severity> {
        if let Some(level) = self.levels.get(code) {
            return level;
        }
        let default = LINTS.iter().find(|(lint, _)| *lint == code);
        let asked = self.all || code == Code::Stale;
        default
            .and_then(|(_, level)| *level)
            .or(asked.then_some(Severity::Note))
    }
}

/// Runs the lints on a guide, which may be one edition of several.
pub fn lint(guide: &Guide, editions: &[Arc<Guide>], request: &Request) -> Vec<Diagnostic> {
    let is_on = |code: Code| request.level(code).is_some();
    let mut found = Vec::new();
    if is_on(Code::LiteralFigure) || is_on(Code::ContradictingFigure) {
        let subjects = Subjects::of(guide);
        let pages = (0..guide.site.pages.len()).into_par_iter();
        let of_pages: Vec<Vec<Diagnostic>> = pages
            .map(|page| {
                let mut found = Vec::new();
                literal::literal_figures(guide, &subjects, page, &mut found);
                found
            })
            .collect();
        found.extend(of_pages.into_iter().flatten());
    }
    if let Some(today) = request.today {
        figures::stale(guide, today, &mut found);
    }
    figures::unsourced(guide, &mut found);
    titles::same(guide, &mut found);
    let mut judged = vec![
        Code::LiteralFigure,
        Code::ContradictingFigure,
        Code::SameTitle,
    ];
    if !request.has_errors {
        figures::unused(guide, &mut found);
        figures::unlisted(guide, &mut found);
        figures::coverage(guide, &mut found);
        figures::broken_builds(guide, &mut found);
        let step = guide.shared.step_to(&guide.version.id);
        let before = step.and_then(|step| editions.iter().find(|e| e.version.id == step.from.id));
        if let Some(before) = before {
            renamed::renamed(before, guide, &mut found);
            judged.push(Code::UnsaidRename);
        }
    }
    editions::order(&request.versions, &mut found);
    let mut used = allows::Used::default();
    found.retain_mut(|diagnostic| set_level(diagnostic, request) && !used.take(diagnostic));
    if !request.has_errors {
        judged.retain(|code| is_on(*code));
        let mut idle = Vec::new();
        for page in &guide.site.pages {
            allows::idle(&page.document, &used, &judged, &mut idle);
        }
        idle.retain_mut(|diagnostic| set_level(diagnostic, request));
        found.append(&mut idle);
    }
    allows::teach(guide, &mut found);
    found
}

/// Gives a finding its level; false if it is off.
fn set_level(diagnostic: &mut Diagnostic, request: &Request) -> bool {
    let level = request.level(diagnostic.code);
    diagnostic.severity = level.unwrap_or(diagnostic.severity);
    level.is_some()
}
