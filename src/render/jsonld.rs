//! Structured data for search engines: breadcrumbs, and a product with its
//! offer where price and date are known.

use serde_json::{Value as Json, json};

use super::guide::Guide;
use super::page::description;
use crate::catalog::Component;
use crate::site::PageId;
use crate::value::{Operand, Value};

/// The JSON-LD of a page, safe inside a script element; none without a base
/// address.
pub fn json_ld(guide: &Guide, id: PageId) -> Option<String> {
    let page = guide.page(id);
    let line = guide
        .site
        .ancestors(id)
        .into_iter()
        .map(|id| named(guide, id));
    let line: Vec<(&str, &str)> = line.collect();
    let mut graph = Vec::new();
    if line.len() > 1 {
        graph.push(trail(guide, &line)?);
    }
    // What an old edition says is no offer any more.
    if !guide.is_old()
        && let Some(component) = guide.component_of(page)
        && let Some(offer) = offer(guide, component)
    {
        let mut product = json!({
            "@type": "Product",
            "name": component.title,
            "url": guide.canonical(&page.address)?,
            "category": guide.catalog.category(&component.category).map(|c| &c.title),
            "offers": offer,
        });
        if let Some(description) = description(guide, id) {
            product["description"] = json!(description);
        }
        graph.push(product);
    }
    (!graph.is_empty()).then(|| script(&graph))
}

/// The JSON-LD of a generated page that stands below another: the way to it.
pub fn trail_to(guide: &Guide, above: &[PageId], (title, address): (&str, &str)) -> Option<String> {
    let line = above.iter().map(|id| named(guide, *id));
    let line: Vec<(&str, &str)> = line.chain([(title, address)]).collect();
    Some(script(&[trail(guide, &line)?]))
}

fn named(guide: &Guide, id: PageId) -> (&str, &str) {
    let page = guide.page(id);
    (&page.title, &page.address)
}

fn trail(guide: &Guide, line: &[(&str, &str)]) -> Option<Json> {
    let items: Option<Vec<Json>> = (line.iter().enumerate())
        .map(|(index, (title, address))| {
            let url = guide.canonical(address)?;
            Some(json!({
                "@type": "ListItem", "position": index + 1, "name": title, "item": url,
            }))
        })
        .collect();
    Some(json!({ "@type": "BreadcrumbList", "itemListElement": items? }))
}

fn script(graph: &[Json]) -> String {
    let data = json!({ "@context": "https://schema.org", "@graph": graph });
    data.to_string().replace('<', "\\u003c")
}

/// The first figure of money that is known and dated.
fn offer(guide: &Guide, component: &Component) -> Option<Json> {
    let category = guide.catalog.category(&component.category)?;
    let mut figures = category.fields.iter().zip(&component.figures);
    figures.find_map(|(field, figure)| {
        let (Operand::Known(Value::Number(quantity)), Some(date)) = (&figure.value, figure.as_of)
        else {
            return None;
        };
        let (code, _) = quantity
            .unit
            .currency()
            .filter(|_| quantity.unit.is_money())?;
        field.formula.is_none().then(|| {
            json!({
                "@type": "Offer",
                "price": quantity.number.to_string(),
                "priceCurrency": code,
                "validFrom": date.to_string(),
            })
        })
    })
}
