//! What the edition before calls otherwise, as it seems: something is gone,
//! something much like it is new, and nothing says that they are the same. Then
//! old links lead nowhere and the history ends.

use std::sync::Arc;

use super::alike::{
    Likeness, like_builds, like_categories, like_components, like_fields, like_pages, pairs,
};
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

/// What may be called otherwise, and how to say so.
struct Named<'a> {
    /// "component"; none for what is named by its place.
    kind: Option<&'a str>,
    name: String,
    span: Span,
    /// The table that takes the key.
    table: &'a str,
    key: &'a str,
    /// What the key says already.
    said: &'a [Spanned<Arc<str>>],
}

impl<'a> Named<'a> {
    fn new(kind: &'a str, name: &str, span: &Span, former: &'a [Spanned<Arc<str>>]) -> Self {
        Self {
            kind: Some(kind),
            name: name.to_owned(),
            span: span.clone(),
            table: match kind {
                "category" => "`[category]`",
                "field" => "its declaration",
                _ => "its table",
            },
            key: "former",
            said: former,
        }
    }
}

impl Look<'_> {
    /// Reports what is new and like what is gone.
    fn compare<'n, T: 'n>(
        &mut self,
        gone: impl Iterator<Item = &'n T>,
        new: impl Iterator<Item = &'n T>,
        like: impl Fn(&T, &T) -> Likeness,
        named: impl Fn(&'n T) -> Named<'n>,
    ) {
        let (gone, new): (Vec<&T>, Vec<&T>) = (gone.collect(), new.collect());
        for (was, is) in pairs(&gone, &new, like) {
            self.report(&named(was).name, &named(is));
        }
    }

    fn report(&mut self, was: &str, is: &Named<'_>) {
        let edition = &self.before.version.id;
        let what = match is.kind {
            Some(kind) => format!("{kind} `{}`", is.name),
            None => "this page".to_owned(),
        };
        let message = format!("{what} looks like what edition `{edition}` calls `{was}`");
        let names = is.said.iter().map(|name| name.value.as_ref());
        let names: Vec<String> = names
            .chain([was])
            .map(|name| format!("\"{name}\""))
            .collect();
        let line = format!("{} = [{}]", is.key, names.join(", "));
        self.found.push(
            Diagnostic::warning(Code::UnsaidRename, is.span.clone(), message)
                .label("old links and its history end here")
                .help(format!(
                    "if it is the same, write in {}: `{line}`",
                    is.table
                )),
        );
    }

    fn categories(&mut self, diffs: &[CategoryDiff]) {
        let (before, guide) = (&self.before.catalog, &self.guide.catalog);
        let ids = |of| {
            diffs
                .iter()
                .filter(move |d| d.presence == of)
                .map(|d| &d.id)
        };
        let gone = ids(Presence::Removed).filter_map(|id| before.category(id));
        let new = ids(Presence::Added).filter_map(|id| guide.category(id));
        self.compare(gone, new, like_categories, |c| {
            Named::new("category", &c.id.value, &c.id.span, &c.former)
        });
    }

    fn components(&mut self, was: &Category, category: &Category, diff: &CategoryDiff) {
        let all = &diff.components;
        let ids = |of| all.iter().filter(move |d| d.presence == of).map(|d| &d.id);
        let gone = ids(Presence::Removed).filter_map(|id| was.component(id));
        let new = ids(Presence::Added).filter_map(|id| category.component(id));
        let like = |gone: &_, new: &_| like_components((was, gone), (category, new));
        self.compare(gone, new, like, |c| {
            Named::new("component", &c.id.value, &c.title.span, &c.former)
        });
    }

    fn fields(&mut self, was: &Category, category: &Category, diff: &CategoryDiff) {
        let all = &diff.fields;
        let names = |of| {
            all.iter()
                .filter(move |d| d.presence == of)
                .map(|d| &d.name)
        };
        let gone = names(Presence::Removed).filter_map(|name| was.field(name));
        let new = names(Presence::Added).filter_map(|name| category.field(name));
        let like = |gone: &_, new: &_| like_fields((was, gone), (category, new));
        self.compare(gone, new, like, |f| {
            Named::new("field", &f.name.value, &f.name.span, &f.former)
        });
    }

    fn builds(&mut self, diffs: &[BuildDiff]) {
        let (before, guide) = (&self.before.catalog, &self.guide.catalog);
        let ids = |of| {
            diffs
                .iter()
                .filter(move |d| d.presence == of)
                .map(|d| &d.id)
        };
        let gone = ids(Presence::Removed).filter_map(|id| before.build(id));
        let new = ids(Presence::Added).filter_map(|id| guide.build(id));
        self.compare(gone, new, like_builds, |b| {
            Named::new("build", &b.id.value, &b.title.span, &b.former)
        });
    }

    /// Pages of their own: those about a component, a category or a build are
    /// found by what they are about.
    fn pages(&mut self, diff: &PagesDiff) {
        let (before, guide) = (self.before, self.guide);
        let gone = diff.removed.iter();
        let gone = gone.filter_map(|(_, address)| page_at(before, address));
        let new = diff.added.iter();
        let new = new.filter_map(|(_, address)| page_at(guide, address));
        self.compare(gone, new, like_pages, |page| {
            let front = &page.document.front;
            let title = front.title.as_ref().map(|title| title.span.clone());
            Named {
                kind: None,
                name: format!("/{}", page.address),
                span: title.unwrap_or_else(|| page.document.top()),
                table: "its front matter",
                key: "aliases",
                said: &front.aliases,
            }
        });
    }
}

fn page_at<'a>(guide: &'a Guide, address: &str) -> Option<&'a Page> {
    let page = guide.page(guide.site.by_address(address)?);
    let front = &page.document.front;
    let is_about = front.category.is_some() || front.component.is_some() || front.build.is_some();
    (!is_about).then_some(page)
}
