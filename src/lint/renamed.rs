//! What the edition before calls otherwise, as it seems: something is gone,
//! something much like it is new, and nothing says that they are the same. Then
//! old links lead nowhere and the history ends.

use std::sync::Arc;

use super::alike::{same_body, same_builds, same_categories, same_components, same_fields};
use crate::catalog::{Category, CategoryDiff, Presence, category_before};
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::render::Guide;
use crate::site::Page;

/// Compares an edition with the one before it.
pub fn renamed(before: &Guide, guide: &Guide, found: &mut Vec<Diagnostic>) {
    let Some(step) = guide.shared.step_to(&guide.version.id) else {
        return;
    };
    let changes = &step.changes;
    let mut look = Look {
        before,
        guide,
        found,
    };
    look.categories(&changes.catalog.categories);
    for category in &guide.catalog.categories {
        let Some(was) = category_before(category, &before.catalog) else {
            continue;
        };
        let diff = changes.catalog.categories.iter();
        if let Some(diff) = { diff }.find(|diff| diff.id == category.id.value) {
            look.components(was, category, diff);
            look.fields(was, category, diff);
        }
    }
    look.builds();
    look.pages();
}

struct Look<'a> {
    before: &'a Guide,
    guide: &'a Guide,
    found: &'a mut Vec<Diagnostic>,
}

/// What is called otherwise, and how to say so.
struct Rename<'a> {
    /// "component `steppe`".
    what: String,
    was: &'a str,
    span: &'a Span,
    /// The table that takes the key.
    table: &'a str,
    key: &'a str,
    /// What the key says already.
    said: &'a [Spanned<Arc<str>>],
}

impl Look<'_> {
    fn report(&mut self, rename: &Rename<'_>) {
        let Rename { what, was, .. } = rename;
        let edition = &self.before.version.id;
        let message = format!("{what} looks like what edition `{edition}` calls `{was}`");
        let names = rename.said.iter().map(|name| name.value.as_ref());
        let names: Vec<String> = names
            .chain([*was])
            .map(|name| format!("\"{name}\""))
            .collect();
        let line = format!("{} = [{}]", rename.key, names.join(", "));
        let code = Code::UnsaidRename;
        self.found.push(
            Diagnostic::warning(code, rename.span.clone(), message)
                .label("old links and its history end here")
                .help(format!(
                    "if it is the same, write in {}: `{line}`",
                    rename.table
                ))
                .help(format!(
                    "if not, on the line before: `# rigbook: allow {}`",
                    code.name()
                )),
        );
    }

    fn categories(&mut self, diffs: &[CategoryDiff]) {
        let of = |presence| diffs.iter().filter(move |diff| diff.presence == presence);
        for new in of(Presence::Added) {
            let Some(category) = self.guide.catalog.category(&new.id) else {
                continue;
            };
            let gone = of(Presence::Removed);
            let gone = gone.filter_map(|gone| self.before.catalog.category(&gone.id));
            if let Some(was) = only(gone.filter(|gone| same_categories(gone, category))) {
                self.report(&Rename {
                    what: format!("category `{}`", new.id),
                    was: &was.id.value,
                    span: &category.id.span,
                    table: "`[category]`",
                    key: "former",
                    said: &category.former,
                });
            }
        }
    }

    fn components(&mut self, was: &Category, category: &Category, diff: &CategoryDiff) {
        let of = |presence| {
            diff.components
                .iter()
                .filter(move |c| c.presence == presence)
        };
        for new in of(Presence::Added) {
            let Some(component) = category.component(&new.id) else {
                continue;
            };
            let gone = of(Presence::Removed).filter_map(|gone| was.component(&gone.id));
            let same = |gone: &&_| same_components((was, gone), (category, component));
            if let Some(was) = only(gone.filter(same)) {
                self.report(&Rename {
                    what: format!("component `{}`", new.id),
                    was: &was.id.value,
                    span: &component.title.span,
                    table: "its table",
                    key: "former",
                    said: &component.former,
                });
            }
        }
    }

    fn fields(&mut self, was: &Category, category: &Category, diff: &CategoryDiff) {
        let of = |presence| diff.fields.iter().filter(move |f| f.presence == presence);
        for new in of(Presence::Added) {
            let Some(field) = category.field(&new.name) else {
                continue;
            };
            let gone = of(Presence::Removed).filter_map(|gone| was.field(&gone.name));
            let same = |gone: &&_| same_fields((was, gone), (category, field));
            if let Some(was) = only(gone.filter(same)) {
                self.report(&Rename {
                    what: format!("field `{}`", new.name),
                    was: &was.name.value,
                    span: &field.name.span,
                    table: "its declaration",
                    key: "former",
                    said: &field.former,
                });
            }
        }
    }

    fn builds(&mut self) {
        let Some(step) = self.guide.shared.step_to(&self.guide.version.id) else {
            return;
        };
        let builds = &step.changes.catalog.builds;
        let of = |presence| {
            builds
                .iter()
                .filter(move |build| build.presence == presence)
        };
        for new in of(Presence::Added) {
            let Some(build) = self.guide.catalog.build(&new.id) else {
                continue;
            };
            let gone = of(Presence::Removed);
            let gone = gone.filter_map(|gone| self.before.catalog.build(&gone.id));
            if let Some(was) = only(gone.filter(|gone| same_builds(gone, build))) {
                self.report(&Rename {
                    what: format!("build `{}`", new.id),
                    was: &was.id.value,
                    span: &build.title.span,
                    table: "its table",
                    key: "former",
                    said: &build.former,
                });
            }
        }
    }

    /// Pages of their own: those about a component, a category or a build are
    /// found by what they are about.
    fn pages(&mut self) {
        let Some(step) = self.guide.shared.step_to(&self.guide.version.id) else {
            return;
        };
        let pages = &step.changes.pages;
        for (title, address) in &pages.added {
            let Some(page) = page_at(self.guide, address) else {
                continue;
            };
            let gone = pages.removed.iter();
            let gone = gone.filter_map(|(_, address)| page_at(self.before, address));
            let same = |gone: &&Page| gone.title == *title || same_body(gone, page);
            let Some(was) = only(gone.filter(same)) else {
                continue;
            };
            let front = &page.document.front;
            let top = page.document.top();
            self.report(&Rename {
                what: "this page".to_owned(),
                was: &format!("/{}", was.address),
                span: front.title.as_ref().map_or(&top, |title| &title.span),
                table: "its front matter",
                key: "aliases",
                said: &front.aliases,
            });
        }
    }
}

fn page_at<'a>(guide: &'a Guide, address: &str) -> Option<&'a Page> {
    let page = guide.page(guide.site.by_address(address)?);
    let front = &page.document.front;
    let is_about = front.category.is_some() || front.component.is_some() || front.build.is_some();
    (!is_about).then_some(page)
}

/// The only one; none where several come into question.
fn only<T>(mut found: impl Iterator<Item = T>) -> Option<T> {
    let first = found.next()?;
    found.next().is_none().then_some(first)
}
