//! The documents of one edition, with their outlines.

use std::sync::Arc;

use blake3::Hash;
use rayon::prelude::*;

use super::Options;
use crate::config::Config;
use crate::diag::{self, Checked, Code, Diagnostic, Span};
use crate::directive;
use crate::memo::{self, Memo};
use crate::parse::{Document, Outline, outline, pack_outline, parse_document, unpack_outline};
use crate::source::{File, Snapshot};

/// A document with its outline.
pub type Parsed = (Arc<Document>, Arc<Outline>);

/// Parses all documents, and those that are drafts: a folder with a draft
/// section is one whole.
pub fn parse_all(
    snapshot: &Snapshot,
    config: &Config,
    options: &Options,
    memo: &dyn Memo,
    sink: &mut Vec<Diagnostic>,
) -> (Vec<Parsed>, Vec<Arc<Document>>) {
    let files: Vec<_> = snapshot
        .under("content")
        .filter_map(|(path, file)| match file {
            File::Text(text) if path.ends_with(".md") => Some((path, text)),
            _ => None,
        })
        .collect();
    let paths = snapshot.under("content").map(|(path, _)| path);
    sink.extend(paths.filter_map(no_page));
    let parsed: Vec<Arc<(Parsed, Vec<Diagnostic>)>> = files
        .par_iter()
        .map(|(path, text)| {
            let shown = text.source.path.as_bytes();
            let key = memo::key("parse", [path.as_bytes(), shown, text.hash.as_bytes()]);
            memo::remember(memo, &key, || parse_one(path, text, memo))
        })
        .collect();
    let mut documents: Vec<Parsed> = Vec::with_capacity(parsed.len());
    let mut drafts = Vec::new();
    let folders: Vec<String> = (parsed.iter())
        .map(|p| &p.0.0)
        .filter(|d| d.front.draft && d.is_section() && !options.drafts)
        .map(|d| format!("{}/", d.folder()))
        .collect();
    for parsed in &parsed {
        let ((document, outline), diagnostics) = &**parsed;
        let hidden = folders
            .iter()
            .any(|folder| document.path.starts_with(folder.as_str()));
        if hidden || (document.front.draft && !options.drafts) {
            drafts.push(Arc::clone(document));
            continue;
        }
        sink.extend(diagnostics.iter().cloned());
        documents.push((Arc::clone(document), Arc::clone(outline)));
    }
    if !documents
        .iter()
        .any(|(d, _)| d.path.as_ref() == "_index.md" || d.path.as_ref() == "index.md")
    {
        documents.insert(0, front_page(config));
        documents.sort_by(|a, b| a.0.path.cmp(&b.0.path));
    }
    (documents, drafts)
}

/// Markdown under a name by which it is no page but a file to be copied.
fn no_page(path: &str) -> Option<Diagnostic> {
    let (stem, ending) = path.rsplit_once('.')?;
    let is_markdown = ["md", "markdown", "mdx"].contains(&ending.to_lowercase().as_str());
    (is_markdown && ending != "md").then(|| {
        let file = diag::SourceFile::new(format!("content/{path}"), "");
        let message = format!("`content/{path}` is no page: the names of pages end in `.md`");
        Diagnostic::warning(Code::Unpublishable, Span::new(&file, 0..0), message)
            .help(format!("call it `content/{stem}.md`"))
    })
}

fn parse_one(path: &str, text: &crate::source::Text, memo: &dyn Memo) -> (Parsed, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let document = parse_document(path, &text.source).drain_into(&mut diagnostics);
    let outline = outline_of(&document, &text.hash, memo).drain_into(&mut diagnostics);
    ((Arc::new(document), Arc::new(outline)), diagnostics)
}

/// Counts up when the same text would have another outline, or other findings.
const OUTLINE: &str = "outline 4";

/// A body shorter than this, in bytes, is parsed as fast as its outline is
/// looked up.
const SHORT: usize = 1_500;

fn outline_of(document: &Document, text: &Hash, memo: &dyn Memo) -> Checked<Outline> {
    let make = || outline(document, &directive::is_directive);
    if document.body().len() < SHORT || !memo.keeps() {
        return make();
    }
    let key = memo::key(OUTLINE, [text.as_bytes().as_slice()]);
    let kept = memo.get(&key);
    if let Some(outline) = kept.and_then(|bytes| unpack_outline(&bytes, document)) {
        return Checked::clean(outline);
    }
    let made = make();
    // What is wrong with a page is found again.
    if made.diagnostics.is_empty() {
        memo.put(&key, pack_outline(&made.value).into());
    }
    made
}

/// A front page for a site that has none: the title over the list of sections.
fn front_page(config: &Config) -> Parsed {
    let title = config.title.replace(['\\', '"'], " ");
    let text = format!("+++\ntitle = \"{title}\"\n+++\n");
    let file = diag::SourceFile::new("content/_index.md", text);
    let text = crate::source::Text::new(file);
    parse_one("_index.md", &text, &memo::Nothing).0
}
