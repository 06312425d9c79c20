//! A page: its Markdown rendered, its context gathered, its template filled.

mod editions;

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::Value as Json;
use tera::Context;

use super::body::PageHost;
pub use super::body::page_text;
use super::build::{BuildPlace, build_html};
use super::common::{body_key, page_text_hash};
use super::component::{component_context, entries_context};
use super::context::{Child, DataFile, Link, PageContext, Social, base_context};
use super::guide::Guide;
use super::hero::hero;
use super::toc::toc;
use super::{markdown, nav};
use crate::config::Status;
use crate::diag::{Checked, Diagnostic};
use crate::directive::Directive;
use crate::parse::HeadingPiece;
use crate::site::{Page, PageId, PageKind, encode_path, relative};
use crate::value::Locale;
use editions::{canonical, current_url, versions};

/// Renders a page whole.
pub fn render_page(guide: &Guide, id: PageId) -> Checked<Vec<u8>> {
    let page = guide.page(id);
    let (mut diagnostics, mut calculator) = (Vec::new(), false);
    let text = page_text_hash(page, &guide.texts[id.0]);
    let content = guide.shared.bodies.remember(
        &text,
        || body_key(guide, id),
        || {
            let mut host = PageHost::new(guide, id);
            let content = markdown::render(page.document.body(), &mut host);
            let (found, draws) = host.finish();
            let found = found.into_iter().map(|found| guide.version.judged(found));
            (diagnostics, calculator) = (found.collect(), draws);
            (content.into(), diagnostics.is_empty() && !calculator)
        },
    );
    let hero = hero(guide, page, &mut diagnostics);
    match fill(guide, id, (&content, hero), calculator) {
        Ok(html) => Checked::new(html.into_bytes(), diagnostics),
        Err(diagnostic) => {
            diagnostics.push(*diagnostic);
            Checked::new(Vec::new(), diagnostics)
        }
    }
}

fn fill(
    guide: &Guide,
    id: PageId,
    content: (&str, Json),
    calculator: bool,
) -> Result<String, Box<Diagnostic>> {
    let page = guide.page(id);
    let context = context(guide, id, content, calculator)?;
    let named = page.document.front.template.as_ref();
    let name = match named {
        Some(name) => name.value.to_string(),
        None => format!("{}.html", page.kind.name()),
    };
    let rendered = guide.shared.templates.render(&name, &context);
    rendered.map_err(|mut diagnostic| {
        if let Some(name) = named {
            diagnostic.span = Some(name.span.clone());
        }
        diagnostic
    })
}

fn context(
    guide: &Guide,
    id: PageId,
    content: (&str, Json),
    calculator: bool,
) -> Result<Context, Box<Diagnostic>> {
    let page = guide.page(id);
    let mut context = base_context(guide, &page.address, calculator);
    context.insert("nav", &nav::sidebar(guide, id)?);
    context.insert("versions", &versions(guide, page));
    context.insert("current_url", &current_url(guide, page));
    context.insert("page", &page_context(guide, id, content));
    Ok(context)
}

fn page_context<'a>(
    guide: &'a Guide,
    id: PageId,
    (content, hero): (&'a str, Json),
) -> PageContext<'a> {
    let page = guide.page(id);
    let front = &page.document.front;
    let link = |id: PageId| Link {
        title: Arc::clone(guide.page(id).nav_title()),
        url: relative(&page.address, &guide.page(id).address),
    };
    let mut ancestors = guide.site.ancestors(id);
    ancestors.pop();
    let children = match page.kind {
        PageKind::Section if !lists_its_pages(guide, id) => (page.children.iter())
            .map(|child| Child {
                title: Arc::clone(&guide.page(*child).title),
                url: relative(&page.address, &guide.page(*child).address),
                description: description(guide, *child),
            })
            .collect(),
        _ => Vec::new(),
    };
    PageContext {
        kind: page.kind.name(),
        title: &page.title,
        description: page.description.as_deref(),
        summary: description(guide, id).map(Cow::Owned),
        path: &page.address,
        canonical: canonical(guide, page),
        noindex: front.noindex || guide.noindex(),
        content: content.into(),
        toc: toc(guide, page),
        breadcrumbs: ancestors.into_iter().map(link).collect(),
        prev: page.previous.map(link),
        next: page.next.map(link),
        children,
        edit_url: edit_url(guide, page),
        updated: guide.changed.get(&page.document.path).map(AsRef::as_ref),
        markdown_url: Some("./index.md"),
        data_files: data_files(guide, page),
        old: guide.is_old(),
        coming: guide.version.status == Status::Next,
        social: social(guide),
        jsonld: super::jsonld::json_ld(guide, id),
        hero,
        build: own_build(guide, id),
        component: component_context(guide, id),
        entries: entries_context(guide, page),
        date: front.date.as_ref().map(|d| d.value.as_ref()),
        extra: front.extra.as_ref(),
    }
}

/// Whether a section's own text shows its pages already.
fn lists_its_pages(guide: &Guide, id: PageId) -> bool {
    let content = &guide.contents[id.0];
    content
        .directives
        .iter()
        .flatten()
        .any(|d| matches!(d, crate::directive::Directive::Compare(_)))
}

/// The author's description, else the beginning of the text.
pub fn description(guide: &Guide, id: PageId) -> Option<String> {
    let page = guide.page(id);
    if let Some(description) = &page.description {
        return Some(description.to_string());
    }
    let text = heading_text(guide, id, &page.outline.summary);
    match text.trim() {
        "" => None,
        text => Some(cut(text, DESCRIPTION)),
    }
}

/// How long a description made from the text is, in characters.
const DESCRIPTION: usize = 160;

/// Cuts a text at a word's end.
pub fn cut(text: &str, most: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(most) else {
        return text.to_string();
    };
    let end = text[..end].rfind(' ').unwrap_or(end);
    format!(
        "{}…",
        text[..end].trim_end_matches([',', ';', ':', '.', ' '])
    )
}

/// The text of a heading, its figures filled in.
pub fn heading_text(guide: &Guide, id: PageId, pieces: &[HeadingPiece]) -> String {
    let locale: &Locale = &guide.catalog.locale;
    let inlines = &guide.contents[id.0].inlines;
    (pieces.iter())
        .map(|piece| match piece {
            HeadingPiece::Text(text) => text.clone(),
            HeadingPiece::Call(number) => page_text(inlines, *number, locale),
        })
        .collect()
}

/// The data behind a section that declares a category.
fn data_files(guide: &Guide, page: &Page) -> Vec<DataFile> {
    let category = guide
        .catalog
        .categories
        .iter()
        .find(|c| c.path == page.document.path);
    let Some(category) = category else {
        return Vec::new();
    };
    let csv = format!("data/{}.csv", category.id.value);
    let json = "data/catalog.json";
    [("CSV", csv.as_str()), ("JSON", json)]
        .map(|(label, path)| DataFile {
            label,
            url: relative(&page.address, path),
        })
        .into()
}

/// The build block of a build's own page, unless its text shows it.
fn own_build(guide: &Guide, id: PageId) -> Option<String> {
    let page = guide.page(id);
    page.document.front.build.as_ref()?;
    let mut builds = guide.catalog.builds.iter();
    let build = builds.find(|b| b.own_page && b.path == page.document.path)?;
    let mut directives = guide.contents[id.0].directives.iter().flatten();
    let shown = directives.any(|directive| match directive {
        Directive::Build(shown) => shown.id == build.id.value,
        _ => false,
    });
    let place = BuildPlace {
        page,
        id: format!("build-{}", build.id.value),
        level: 2,
        explained: true,
    };
    (!shown).then(|| build_html(guide, build, &place))
}

/// The picture for social networks: `static/social.png`, if there is one.
fn social(guide: &Guide) -> Social {
    let there = guide.site.statics.contains_key("social.png");
    Social {
        image: guide.canonical("social.png").filter(|_| there),
    }
}

fn edit_url(guide: &Guide, page: &Page) -> Option<String> {
    let repository = guide.shared.repository.as_ref()?;
    let root = guide.shared.edit_root.trim_matches('/');
    let root = if root.is_empty() {
        String::new()
    } else {
        format!("{root}/")
    };
    let path = &page.document.file.path;
    // Files of a git ref have no page to edit.
    if path.contains(':') {
        return None;
    }
    Some(format!(
        "{}/edit/{}/{}",
        repository.trim_end_matches('/'),
        guide.shared.edit_branch,
        encode_path(&format!("{root}{path}"))
    ))
}
