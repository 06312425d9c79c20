//! What changed between two editions, whole: two guides in, [`Changes`] out,
//! and from these the text and the JSON that commands print.

mod feed;
mod html;
mod json;
mod page;
mod text;

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Guide;
use crate::calc::{Builds, Calculator, CalculatorDiff, diff_calculators};
use crate::catalog::{Catalog, CatalogDiff, Movement, Place, diff_catalogs, predecessor};
use crate::site::{PagesDiff, Site, diff_pages};
use crate::value::{Locale, Operand, Value, format_number, format_operand, format_value};

pub(super) use feed::{FEED, feed, has_feed};
pub(super) use html::{Links, changes_html, headings};
pub use json::changes_json;
pub(super) use page::{render_changes, title};
pub use text::changes_text;

/// Everything that differs between two editions.
pub struct Changes {
    /// Ids of the editions.
    pub from: Arc<str>,
    pub to: Arc<str>,
    /// How figures are shown: as in the newer edition.
    pub locale: Locale,
    pub catalog: CatalogDiff,
    pub calculator: CalculatorDiff,
    pub pages: PagesDiff,
}

/// What is compared of an edition.
#[derive(Clone, Copy)]
pub struct Compared<'a> {
    pub id: &'a Arc<str>,
    pub catalog: &'a Catalog,
    pub site: &'a Site,
    pub calculator: Option<&'a Calculator>,
    /// The presets, reckoned.
    pub builds: &'a Builds,
}

impl<'a> From<&'a Guide> for Compared<'a> {
    fn from(guide: &'a Guide) -> Self {
        Self {
            id: &guide.version.id,
            catalog: &guide.catalog,
            site: &guide.site,
            calculator: guide.calculator.as_ref(),
            builds: &guide.builds,
        }
    }
}

/// Compares two editions of a guide.
pub fn changes(old: Compared<'_>, new: Compared<'_>) -> Changes {
    let renamed = pages_of_components(old.catalog, new.catalog);
    Changes {
        from: Arc::clone(old.id),
        to: Arc::clone(new.id),
        locale: new.catalog.locale.clone(),
        catalog: diff_catalogs(old.catalog, new.catalog),
        calculator: diff_calculators((old.calculator, old.builds), (new.calculator, new.builds)),
        pages: diff_pages(old.site, new.site, &renamed),
    }
}

impl Changes {
    pub fn is_empty(&self) -> bool {
        let (calculator, pages) = (&self.calculator, &self.pages);
        self.catalog.categories.is_empty()
            && self.catalog.builds.is_empty()
            && calculator.totals.is_empty()
            && calculator.rules.is_empty()
            && calculator.figures.is_empty()
            && pages.added.is_empty()
            && pages.moved.is_empty()
            && pages.removed.is_empty()
    }
}

/// Where the page of each component of the older catalog is in the newer one.
fn pages_of_components(old: &Catalog, new: &Catalog) -> BTreeMap<Arc<str>, Arc<str>> {
    let mut renamed = BTreeMap::new();
    for category in &new.categories {
        let Some(before) = old.category(&category.id.value) else {
            continue;
        };
        for component in &category.components {
            if let Some(earlier) = predecessor(component, before)
                && (component.place, earlier.place) == (Place::Page, Place::Page)
            {
                renamed.insert(Arc::clone(&earlier.path), Arc::clone(&component.path));
            }
        }
    }
    renamed
}

/// "$1,599 → $1,799 (+$200, +12.5 %)".
fn moved(
    from: &Operand,
    to: &Operand,
    decimals: Option<u8>,
    movement: Option<&Movement>,
    locale: &Locale,
) -> String {
    let shown = |operand| format_operand(operand, decimals, locale);
    let text = format!("{} → {}", shown(from), shown(to));
    match movement {
        Some(movement) => format!("{text} ({})", difference_text(movement, decimals, locale)),
        None => text,
    }
}

/// "+$200, +12.5%".
fn difference_text(movement: &Movement, decimals: Option<u8>, locale: &Locale) -> String {
    let plus = if movement.rises() { "+" } else { "" };
    let difference = Value::Number(movement.difference.clone());
    let mut text = format!("{plus}{}", format_value(&difference, decimals, locale));
    if let Some(percent) = movement.percent {
        let percent = format_number(percent, 0, Some(1), locale);
        text.push_str(&format!(", {plus}{percent}{}%", locale.percent_space));
    }
    text
}
