//! What the edition before calls otherwise, as it seems: something is gone,
//! something much like it is new, and nothing says that they are the same. Then
//! old links lead nowhere and the history ends.

use std::sync::Arc;

use super::alike::{like_builds, like_categories, like_components, like_fields, like_pages, pairs};
use crate::catalog::{BuildDiff, Category, CategoryDiff, Presence, category_before};
use crate::diag::{Code, Diagnostic, Span, Spanned};
use crate::render::Guide;
use crate::site::{Page, PagesDiff};

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
    look.builds(&changes.catalog.builds);
    look.pages(&changes.pages);
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
                )),
        );
    }

    fn categories(&mut self, diffs: &[CategoryDiff]) {
        let ids = |of| {
            diffs
                .iter()
                .filter(move |d| d.presence == of)
                .map(|d| &d.id)
        };
        let (gone, new) = (ids(Presence::Removed), ids(Presence::Added));
        let gone: Vec<_> = gone
            .filter_map(|id| self.before.catalog.category(id))
            .collect();
        let new: Vec<_> = new
            .filter_map(|id| self.guide.catalog.category(id))
            .collect();
        for (was, category) in pairs(&gone, &new, like_categories) {
            self.report(&Rename {
                what: format!("category `{}`", category.id.value),
                was: &was.id.value,
                span: &category.id.span,
                table: "`[category]`",
                key: "former",
                said: &category.former,
            });
        }
    }

    fn components(&mut self, was: &Category, category: &Category, diff: &CategoryDiff) {
        let all = &diff.components;
        let ids = |of| all.iter().filter(move |d| d.presence == of).map(|d| &d.id);
        let (gone, new) = (ids(Presence::Removed), ids(Presence::Added));
        let gone: Vec<_> = gone.filter_map(|id| was.component(id)).collect();
        let new: Vec<_> = new.filter_map(|id| category.component(id)).collect();
        let like = |gone: &_, new: &_| like_components((was, gone), (category, new));
        for (was, component) in pairs(&gone, &new, like) {
            self.report(&Rename {
                what: format!("component `{}`", component.id.value),
                was: &was.id.value,
                span: &component.title.span,
                table: "its table",
                key: "former",
                said: &component.former,
            });
        }
    }

    fn fields(&mut self, was: &Category, category: &Category, diff: &CategoryDiff) {
        let all = &diff.fields;
        let names = |of| {
            all.iter()
                .filter(move |d| d.presence == of)
                .map(|d| &d.name)
        };
        let (gone, new) = (names(Presence::Removed), names(Presence::Added));
        let gone: Vec<_> = gone.filter_map(|name| was.field(name)).collect();
        let new: Vec<_> = new.filter_map(|name| category.field(name)).collect();
        let like = |gone: &_, new: &_| like_fields((was, gone), (category, new));
        for (was, field) in pairs(&gone, &new, like) {
            self.report(&Rename {
                what: format!("field `{}`", field.name.value),
                was: &was.name.value,
                span: &field.name.span,
                table: "its declaration",
                key: "former",
                said: &field.former,
            });
        }
    }

    fn builds(&mut self, diffs: &[BuildDiff]) {
        let ids = |of| {
            diffs
                .iter()
                .filter(move |d| d.presence == of)
                .map(|d| &d.id)
        };
        let (gone, new) = (ids(Presence::Removed), ids(Presence::Added));
        let gone: Vec<_> = gone
            .filter_map(|id| self.before.catalog.build(id))
            .collect();
        let new: Vec<_> = new.filter_map(|id| self.guide.catalog.build(id)).collect();
        for (was, build) in pairs(&gone, &new, like_builds) {
            self.report(&Rename {
                what: format!("build `{}`", build.id.value),
                was: &was.id.value,
                span: &build.title.span,
                table: "its table",
                key: "former",
                said: &build.former,
            });
        }
    }

    /// Pages of their own: those about a component, a category or a build are
    /// found by what they are about.
    fn pages(&mut self, diff: &PagesDiff) {
        let (gone, new) = (diff.removed.iter(), diff.added.iter());
        let gone: Vec<_> = gone
            .filter_map(|(_, address)| page_at(self.before, address))
            .collect();
        let new: Vec<_> = new
            .filter_map(|(_, address)| page_at(self.guide, address))
            .collect();
        for (was, page) in pairs(&gone, &new, like_pages) {
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
