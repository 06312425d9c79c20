//! Components of a category that readers see under one name: then one was
//! copied, and its title forgotten.

use std::collections::BTreeMap;

use crate::catalog::Component;
use crate::diag::{Code, Diagnostic};
use crate::render::Guide;

pub fn same(guide: &Guide, found: &mut Vec<Diagnostic>) {
    for category in &guide.catalog.categories {
        let mut seen: BTreeMap<String, &Component> = BTreeMap::new();
        for component in &category.components {
            let title = &component.title;
            let Some(first) = seen.insert(title.to_lowercase(), component) else {
                continue;
            };
            let id = &category.id.value;
            let message = format!("two components of `{id}` are called \"{}\"", title.value);
            found.push(
                Diagnostic::warning(Code::SameTitle, title.span.clone(), message)
                    .label("readers can't tell it from the other")
                    .also(first.title.span.clone(), "the other one"),
            );
        }
    }
}
