//! `check --external`: whether the links that leave the site still lead
//! somewhere.

use std::collections::BTreeMap;

use crate::catalog::FieldKind;
use crate::diag::{Code, Diagnostic, Span, is_allowed};
use crate::io::{Result, outside};
use crate::render::Guide;
use crate::site::Target;
use crate::value::Value;

/// How many further places of one address are shown.
const SHOWN: usize = 3;

/// A warning for each address that leads nowhere, at the first place where it
/// stands.
pub fn external(guide: &Guide) -> Result<Vec<Diagnostic>> {
    let links = links(guide);
    let addresses: Vec<&str> = links.keys().map(String::as_str).collect();
    let dead = outside::dead(&addresses)?;
    let found = dead.into_iter().filter_map(|(address, reason)| {
        let (first, others) = links.get(&address)?.split_first()?;
        let message = format!("the link `{address}` leads nowhere: {reason}");
        let mut found = Diagnostic::warning(Code::BrokenLink, first.clone(), message);
        for other in others.iter().take(SHOWN) {
            found = found.also(other.clone(), "and here");
        }
        Some(found)
    });
    Ok(found.collect())
}

/// The outside addresses, without what leads within a page, and where each
/// stands: in the text of pages and in figures that are addresses.
fn links(guide: &Guide) -> BTreeMap<String, Vec<Span>> {
    let mut links: BTreeMap<String, Vec<Span>> = BTreeMap::new();
    let mut add = |address: &str, span: &Span| {
        let address = address.split('#').next().unwrap_or_default();
        let is_web = address.starts_with("https://") || address.starts_with("http://");
        if is_web && !is_allowed(span, Code::BrokenLink) {
            let places = links.entry(address.to_owned()).or_default();
            places.push(span.clone());
        }
    };
    for page in &guide.site.pages {
        for link in &page.outline.links {
            if let Some(Target::External(address)) = guide.resolve(page, &link.address) {
                add(&address, &link.span);
            }
        }
    }
    for category in &guide.catalog.categories {
        for component in &category.components {
            for (field, figure) in category.fields.iter().zip(&component.figures) {
                if let (FieldKind::Url, Some(Value::Text(address)), Some(span)) =
                    (field.kind, figure.value.known(), &figure.span)
                {
                    add(address, span);
                }
            }
        }
    }
    links
}
