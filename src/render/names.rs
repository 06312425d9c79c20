//! The names of formulas in the words that readers know: the titles and labels
//! behind the ids.

use super::guide::Guide;

/// `card.fast.memory` as `Fast, Memory`; a name that stands for nothing here as
/// it is.
pub fn reader_name(guide: &Guide, name: &str) -> String {
    let pieces: Vec<&str> = name.split('.').collect();
    let named = match pieces.as_slice() {
        ["build", build, "total", total] => total_name(guide, build, total),
        ["build", build, slot, field] => slot_name(guide, build, slot, field),
        [category, component, field] => figure_name(guide, category, component, field),
        _ => None,
    };
    named.unwrap_or_else(|| name.to_owned())
}

fn total_name(guide: &Guide, build: &str, total: &str) -> Option<String> {
    let title = &guide.catalog.build(build)?.title;
    let total = guide.calculator.as_ref()?.total(total)?;
    Some(format!("{title}, {}", total.label))
}

fn slot_name(guide: &Guide, build: &str, slot: &str, field: &str) -> Option<String> {
    let title = &guide.catalog.build(build)?.title;
    let slot = guide.calculator.as_ref()?.slot(slot)?;
    let field = guide.catalog.category(&slot.category)?.field(field)?;
    Some(format!("{title}, {}, {}", slot.label, field.label))
}

fn figure_name(guide: &Guide, category: &str, component: &str, field: &str) -> Option<String> {
    let category = guide.catalog.category(category)?;
    let component = category.component(component)?;
    let field = category.field(field)?;
    Some(format!("{}, {}", component.title, field.label))
}
