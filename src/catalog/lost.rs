//! What was declared with errors. Each is reported where it stands; what
//! depends on it keeps quiet, so that one mistake is one finding.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::names::{is_id, suggestion};
use crate::parse::Document;

/// Names, folders and documents that could not be read.
#[derive(Clone, Debug, Default)]
pub struct Lost {
    /// Ids of categories, components and builds.
    names: BTreeSet<Arc<str>>,
    /// Whether there is a category whose right id can't be told.
    category: bool,
    /// Categories of which a component has no id.
    nameless: BTreeSet<Arc<str>>,
    /// Whether there is a build of which no id is known.
    nameless_build: bool,
    /// Folders whose section tried to declare a category.
    folders: BTreeSet<Arc<str>>,
    /// Paths of documents whose component is lost.
    documents: BTreeSet<Arc<str>>,
}

impl Lost {
    /// Takes in an id, also in the form in which others will have written it.
    pub(super) fn name(&mut self, id: &str) {
        self.names.insert(id.into());
        self.names.extend(suggestion(id).map(Arc::from));
    }

    /// Takes in a category by an id that is not its own to have.
    pub(super) fn category(&mut self, id: &str) {
        self.category |= is_id(id);
        self.name(id);
    }

    /// Takes in a category of which nothing is known.
    pub(super) fn any_category(&mut self) {
        self.category = true;
    }

    /// Takes in a component of a category, on a page, of which no id is known.
    pub(super) fn nameless(&mut self, category: &str, document: &Document) {
        self.nameless.insert(category.into());
        self.nameless.insert(Arc::clone(&document.path));
    }

    /// Takes in a build of which no id is known.
    pub(super) fn nameless_build(&mut self) {
        self.nameless_build = true;
    }

    /// Whether an id may be that of a build that could not be read.
    pub fn has_build(&self, id: &str) -> bool {
        self.nameless_build || self.has_name(id)
    }

    /// Whether an id may be that of a component of a category, or in the list
    /// of a page, that could not be read.
    pub fn has_component(&self, category_or_page: &str, id: &str) -> bool {
        self.has_name(id) || self.nameless.contains(category_or_page)
    }

    pub(super) fn folder(&mut self, document: &Document) {
        self.folders.insert(document.folder().into());
    }

    pub(super) fn document(&mut self, document: &Document) {
        self.documents.insert(Arc::clone(&document.path));
    }

    /// Takes in all that front matter which can't be read may have declared:
    /// every word of it.
    pub(super) fn malformed(&mut self, document: &Document) {
        let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        let text = &document.file.text[..document.body_start];
        let words: Vec<&str> = text.split(|c| !is_letter(c)).collect();
        if document.is_section() && words.contains(&"category") {
            self.folder(document);
        }
        self.names.extend(words.into_iter().map(Arc::from));
        self.names.insert(document.stem().into());
        self.document(document);
    }

    /// Whether a name is of something that could not be read.
    pub fn has_name(&self, name: &str) -> bool {
        self.names.contains(name)
    }

    /// The same of a category.
    pub fn has_category(&self, id: &str) -> bool {
        self.category || self.has_name(id)
    }

    /// Whether a folder's own category could not be read.
    pub(super) fn has_folder(&self, folder: &str) -> bool {
        self.folders.contains(folder)
    }

    /// Whether a document's component could not be read.
    pub fn has_document(&self, path: &str) -> bool {
        self.documents.contains(path)
    }
}
