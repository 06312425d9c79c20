//! The Markdown twin of a page, and `llms.txt`: what programs that read text
//! get instead of HTML.

use std::ops::Range;

use super::changes::changes_text;
use super::guide::Guide;
use super::page::{description, page_text};
use crate::directive::{ClaimState, Compare, Directive};
use crate::parse::mask;
use crate::site::{PageId, Target, encode_path, relative};
use crate::value::{Locale, format_operand};

/// A page as Markdown: its figures filled in, its tables as tables.
pub fn markdown_twin(guide: &Guide, id: PageId) -> String {
    let page = guide.page(id);
    let mut text = String::new();
    if !page.title_in_body {
        text.push_str(&format!("# {}\n\n", page.title));
    }
    if let Some(description) = &page.description {
        text.push_str(&format!("{description}\n\n"));
    }
    text.push_str(&filled(guide, id));
    text.push_str(&component_figures(guide, id));
    text
}

/// The body with calls and generated blocks replaced.
fn filled(guide: &Guide, id: PageId) -> String {
    let page = guide.page(id);
    let body = page.document.body();
    let locale = &guide.catalog.locale;
    let content = &guide.contents[id.0];
    let calls = match page.outline.calls.is_empty() {
        true => Vec::new(),
        false => mask(body).calls,
    };
    let mut replaced: Vec<(Range<usize>, String)> = (page.outline.calls.iter())
        .filter_map(|(number, _)| {
            let range = calls.get(*number)?.clone();
            Some((range, page_text(&content.inlines, *number, locale)))
        })
        .collect();
    for (fence, directive) in page.outline.fences.iter().zip(&content.directives) {
        let block = match directive {
            Some(Directive::Compare(table)) => compare_markdown(table, locale),
            Some(Directive::Changes(shown)) => match guide.changes.get(&shown.key()) {
                Some(changes) => {
                    let text = changes_text(changes, shown.category.as_deref());
                    format!("```text\n{text}```")
                }
                None => continue,
            },
            Some(Directive::Claims(claims)) => {
                let lines = claims.claims.iter().map(|claim| {
                    let state = match claim.state {
                        ClaimState::Holds => "holds",
                        ClaimState::Fails => "fails",
                        ClaimState::Unknown(_) => "unknown",
                    };
                    format!("- {} ({state}: `{}`)", claim.statement, claim.formula)
                });
                lines.collect::<Vec<_>>().join("\n")
            }
            _ => continue,
        };
        replaced.push((fence.range.clone(), block));
    }
    replaced.extend(page_links(guide, id));
    replaced.sort_by_key(|(range, _)| range.start);
    let mut text = String::with_capacity(body.len());
    let mut end = 0;
    for (range, replacement) in replaced {
        if range.start < end {
            continue;
        }
        text.push_str(&body[end..range.start]);
        text.push_str(&replacement);
        end = range.end;
    }
    text.push_str(&body[end..]);
    let trimmed = text.trim();
    match trimmed {
        "" => String::new(),
        _ => format!("{trimmed}\n"),
    }
}

/// The links to other pages, which lead to their twins.
fn page_links(guide: &Guide, id: PageId) -> Vec<(Range<usize>, String)> {
    let page = guide.page(id);
    let links = page.outline.links.iter().filter(|link| !link.image);
    let led = links.filter_map(|link| {
        let Target::Page(there, anchor) = guide.resolve(page, &link.address)? else {
            return None;
        };
        // The address as written; that of a reference stands elsewhere.
        let written = |open: &str| {
            let at = link.span.text().rfind(&format!("{open}{}", link.address));
            at.map(|at| at + open.len())
        };
        let at = written("(").or_else(|| written("(<"))?;
        let start = link.span.range.start + at;
        let start = start.checked_sub(page.document.body_start)?;
        let anchor = anchor.map_or(String::new(), |anchor| format!("#{}", encode_path(&anchor)));
        let twin = format!("{}index.md", guide.page(there).address);
        let there = relative(&page.address, &twin);
        Some((
            start..start + link.address.len(),
            format!("{there}{anchor}"),
        ))
    });
    led.collect()
}

fn compare_markdown(table: &Compare, locale: &Locale) -> String {
    let cell = |text: &str| text.replace('|', "\\|").replace('\n', " ");
    let mut lines = Vec::new();
    if let Some(caption) = &table.caption {
        lines.push(format!("**{caption}**\n"));
    }
    let labels = table.columns.iter().map(|c| cell(&c.label));
    lines.push(format!("| | {} |", labels.collect::<Vec<_>>().join(" | ")));
    lines.push(format!("|---|{}", "---|".repeat(table.columns.len())));
    for row in &table.rows {
        let cells = table.columns.iter().zip(&row.cells);
        let cells = cells.map(|(column, figure)| {
            cell(&format_operand(&figure.value, column.decimals(), locale))
        });
        lines.push(format!(
            "| {} | {} |",
            cell(&row.title),
            cells.collect::<Vec<_>>().join(" | ")
        ));
    }
    lines.join("\n")
}

fn component_figures(guide: &Guide, id: PageId) -> String {
    let Some(component) = guide.component_of(guide.page(id)) else {
        return String::new();
    };
    let Some(category) = guide.catalog.category(&component.category) else {
        return String::new();
    };
    let mut text = String::new();
    for (title, lines) in [
        ("Strengths", &component.pros),
        ("Weaknesses", &component.cons),
    ] {
        if !lines.is_empty() {
            let lines: Vec<String> = lines.iter().map(|l| format!("- {}\n", l.value)).collect();
            text.push_str(&format!("\n## {title}\n\n{}", lines.concat()));
        }
    }
    text.push_str("\n## Specifications\n\n");
    for (field, figure) in category.fields.iter().zip(&component.figures) {
        let value = format_operand(&figure.value, field.decimals, &guide.catalog.locale);
        let mut origin = Vec::from_iter(figure.source.as_ref().map(ToString::to_string));
        origin.extend(figure.as_of.map(|d| d.to_string()));
        let origin = match origin.is_empty() {
            true => String::new(),
            false => format!(" ({})", origin.join(", ")),
        };
        text.push_str(&format!("- {}: {value}{origin}\n", field.label));
    }
    text
}

/// `llms.txt`: the pages of a version as links to their twins.
pub fn llms_text(guide: &Guide) -> String {
    let mut text = format!("# {}\n", guide.title);
    if let Some(description) = &guide.description {
        text.push_str(&format!("\n> {description}\n"));
    }
    text.push_str("\n## Data\n\n- [Catalog](data/catalog.json): every figure with unit, source and date\n\n## Pages\n\n");
    for id in &guide.site.order {
        let page = guide.page(*id);
        if page.document.front.noindex {
            continue;
        }
        let depth = guide.site.ancestors(*id).len().saturating_sub(2);
        let about = match description(guide, *id) {
            Some(about) => format!(": {}", about.replace('\n', " ")),
            None => String::new(),
        };
        text.push_str(&format!(
            "{}- [{}]({}index.md){about}\n",
            "  ".repeat(depth),
            page.title.replace(['[', ']'], ""),
            encode_path(&page.address)
        ));
    }
    text
}
