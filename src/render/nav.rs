//! The sidebar: rendered once for each section and depth, and marked for each
//! page.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tera::Context;

use super::escape::escape;
use super::guide::Guide;
use crate::diag::Diagnostic;
use crate::site::{PageId, encode_path};

/// Sites with more pages than this list, outside the section at hand, sections
/// alone, so that pages do not grow with the site.
const WHOLE_TREE: usize = 150;
/// How many pages of one section the tree lists.
const SECTION_PAGES: usize = 200;
/// How deep the tree goes.
const LEVELS: usize = 3;

/// Sidebars by depth and section.
#[derive(Default)]
pub struct Nav {
    rendered: Mutex<HashMap<Key, Arc<str>>>,
}

/// Depth of the page and its section.
type Key = (usize, Option<PageId>);

#[derive(Serialize)]
struct Item {
    title: Arc<str>,
    url: String,
    active: bool,
    open: bool,
    children: Vec<Item>,
}

/// The sidebar of a page.
pub fn sidebar(guide: &Guide, id: PageId) -> Result<String, Box<Diagnostic>> {
    let page = guide.page(id);
    let depth = page.address.matches('/').count();
    let section = match page.document.is_section() {
        true => Some(id),
        false => page.parent,
    };
    let root = root(depth);
    let tree = {
        let rendered = guide
            .nav
            .rendered
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        rendered.get(&(depth, section)).cloned()
    };
    let tree = match tree {
        Some(tree) => tree,
        None => {
            let tree: Arc<str> = render(guide, section, &root)?.into();
            let mut rendered = guide
                .nav
                .rendered
                .lock()
                .unwrap_or_else(PoisonError::into_inner);
            rendered.insert((depth, section), Arc::clone(&tree));
            tree
        }
    };
    let href = escape(&format!("{root}{}", encode_path(&page.address)));
    let link = format!("<a href=\"{href}\">");
    let marked = format!("<a href=\"{href}\" aria-current=\"page\">");
    Ok(tree.replacen(&link, &marked, 1))
}

/// The sidebar of a generated page, which the tree does not hold.
pub fn foreign(guide: &Guide, root: &str) -> String {
    beside(guide, None, root)
}

/// The same, open at the section that the page belongs to.
pub fn beside(guide: &Guide, section: Option<PageId>, root: &str) -> String {
    render(guide, section, root).unwrap_or_default()
}

/// The way up from a page so many folders deep.
pub fn root(depth: usize) -> String {
    match depth {
        0 => "./".to_string(),
        _ => "../".repeat(depth),
    }
}

fn render(guide: &Guide, section: Option<PageId>, root: &str) -> Result<String, Box<Diagnostic>> {
    let open = section.map_or_else(Vec::new, |id| guide.site.ancestors(id));
    let whole = guide.site.pages.len() <= WHOLE_TREE;
    let top: Vec<PageId> = match guide.site.home() {
        Some(home) => guide.page(home).children.clone(),
        None => Vec::new(),
    };
    let tree = Tree {
        guide,
        open: &open,
        whole,
        root,
    };
    let items = tree.items(&top, 1);
    let mut context = Context::new();
    context.insert("items", &items);
    guide.shared.templates.render("sidebar.html", &context)
}

struct Tree<'a> {
    guide: &'a Guide,
    open: &'a [PageId],
    whole: bool,
    root: &'a str,
}

impl Tree<'_> {
    fn items(&self, ids: &[PageId], level: usize) -> Vec<Item> {
        ids.iter()
            .take(SECTION_PAGES)
            .map(|id| self.item(*id, level))
            .collect()
    }

    fn item(&self, id: PageId, level: usize) -> Item {
        let page = self.guide.page(id);
        let open = self.open.contains(&id);
        let shown = level < LEVELS && (self.whole || open);
        Item {
            title: Arc::clone(page.nav_title()),
            url: format!("{}{}", self.root, encode_path(&page.address)),
            active: false,
            open,
            children: match shown {
                true => self.items(&page.children, level + 1),
                false => Vec::new(),
            },
        }
    }
}
