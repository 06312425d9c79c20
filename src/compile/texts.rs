//! Fills the figures into the texts of front matter, once all are reckoned:
//! of pages, components and builds.

use std::sync::Arc;

use crate::calc::{Builds, Calculator};
use crate::catalog::{Catalog, Component};
use crate::diag::{Diagnostic, Spanned};
use crate::directive::Facts;
use crate::render::Index;
use crate::site::Site;

/// What is known of a version while its pages are read.
pub struct Known<'a> {
    pub catalog: &'a Catalog,
    pub calculator: Option<&'a Calculator>,
    pub builds: &'a Builds,
    pub pages: &'a Index,
}

impl<'a> Known<'a> {
    /// What formulas of a page can speak about, given the path of its document.
    pub fn on_page(&self, path: &str) -> Facts<'a> {
        let own = self.pages.component_at(self.catalog, path);
        Facts {
            lost_own: own.is_none() && self.catalog.lost.has_document(path),
            ..self.about(own)
        }
    }

    fn about(&self, own: Option<&'a Component>) -> Facts<'a> {
        Facts {
            catalog: self.catalog,
            calculator: self.calculator,
            builds: self.builds,
            lost_own: false,
            own,
        }
    }
}

/// Texts that have figures in them, filled, by where they stand.
#[derive(Default)]
pub struct Filled {
    pages: Vec<(usize, [Option<Arc<str>>; 3])>,
    /// By category and component.
    components: Vec<(usize, usize, OfComponent)>,
    builds: Vec<(usize, [Option<Arc<str>>; 2])>,
}

struct OfComponent {
    title: Arc<str>,
    pros: Vec<Arc<str>>,
    cons: Vec<Arc<str>>,
}

/// Fills all texts.
pub fn fill(site: &Site, known: &Known<'_>, sink: &mut Vec<Diagnostic>) -> Filled {
    let catalog = known.catalog;
    let mut filled = Filled::default();
    for (number, page) in site.pages.iter().enumerate() {
        let front = &page.document.front;
        let texts = [&front.title, &front.nav_title, &front.description];
        if texts.into_iter().flatten().any(has_figures) {
            let facts = known.on_page(&page.document.path);
            let texts = texts.map(|text| text.as_ref().map(|text| facts.fill(text, sink)));
            filled.pages.push((number, texts));
        }
    }
    for (c, category) in catalog.categories.iter().enumerate() {
        for (number, component) in category.components.iter().enumerate() {
            let lists = component.pros.iter().chain(&component.cons);
            if { lists }.chain([&component.title]).any(has_figures) {
                let facts = known.about(Some(component));
                let texts = of_component(component, &facts, sink);
                filled.components.push((c, number, texts));
            }
        }
    }
    for (number, build) in catalog.builds.iter().enumerate() {
        let texts = [Some(&build.title), build.description.as_ref()];
        if texts.into_iter().flatten().any(has_figures) {
            let facts = known.on_page(&build.path);
            let texts = texts.map(|text| text.map(|text| facts.fill(text, sink)));
            filled.builds.push((number, texts));
        }
    }
    filled
}

fn has_figures(text: &Spanned<Arc<str>>) -> bool {
    text.value.contains("{{")
}

fn of_component(
    component: &Component,
    facts: &Facts<'_>,
    sink: &mut Vec<Diagnostic>,
) -> OfComponent {
    let mut all = |texts: &[Spanned<Arc<str>>]| -> Vec<Arc<str>> {
        texts.iter().map(|text| facts.fill(text, sink)).collect()
    };
    let (pros, cons) = (all(&component.pros), all(&component.cons));
    OfComponent {
        title: facts.fill(&component.title, sink),
        pros,
        cons,
    }
}

/// The titles of the category and the calculator that a document declares, and
/// the labels of the slots for that category.
fn names_of<'a>(
    path: &str,
    catalog: &'a mut Catalog,
    calculator: Option<&'a mut Calculator>,
) -> Vec<&'a mut Arc<str>> {
    let mut names = Vec::new();
    let mut declared = None;
    for category in &mut catalog.categories {
        if *category.path == *path {
            declared = Some(&category.id.value);
            names.push(&mut category.title);
        }
    }
    if let Some(calculator) = calculator {
        if *calculator.path == *path {
            names.push(&mut calculator.title);
        }
        let slots = calculator.slots.iter_mut();
        let slots = slots.filter(|slot| Some(&slot.category) == declared);
        names.extend(slots.map(|slot| &mut slot.label));
    }
    names
}

impl Filled {
    /// Puts the texts where they stand.
    pub fn apply(
        self,
        site: &mut Site,
        catalog: &mut Catalog,
        mut calculator: Option<&mut Calculator>,
    ) {
        for (number, [title, nav_title, description]) in self.pages {
            let page = &mut site.pages[number];
            let raw = page.document.front.title.as_ref().map(|title| &title.value);
            if let (Some(raw), Some(title)) = (raw, &title) {
                // What has no title of its own has that of its page.
                let path = &page.document.path;
                let names = names_of(path, catalog, calculator.as_deref_mut());
                for name in names.into_iter().filter(|name| *name == raw) {
                    *name = Arc::clone(title);
                }
            }
            page.title = title.unwrap_or_else(|| Arc::clone(&page.title));
            page.nav_title = nav_title;
            page.description = description;
        }
        for (category, number, texts) in self.components {
            let component = &mut catalog.categories[category].components[number];
            component.title.value = texts.title;
            let pros = component.pros.iter_mut().zip(texts.pros);
            for (text, filled) in pros.chain(component.cons.iter_mut().zip(texts.cons)) {
                text.value = filled;
            }
        }
        for (number, [title, description]) in self.builds {
            let build = &mut catalog.builds[number];
            if let Some(title) = title {
                build.title.value = title;
            }
            if let (Some(text), Some(filled)) = (&mut build.description, description) {
                text.value = filled;
            }
        }
    }
}
