//! `rigbook schema`: JSON Schema of each category's front matter, for editors.

use std::fs;
use std::path::Path;

use super::Exit;
use super::args::{Common, Schema};
use super::site::{Site, folder_from_here, sorted};
use super::terminal::{Stream, Terminal};
use crate::catalog::Category;
use crate::diag::{Severity, help_nearest};
use crate::io::{Failure, Result};
use crate::render::component_schema;

/// Prints the schema of one category, or writes those of all into the folder
/// that `--output` names.
pub fn run(common: &Common, schema: &Schema, terminal: &Terminal) -> Result<Exit> {
    let mut site = Site::open_read_only(common)?;
    let compiled = site.compile()?;
    let Some(guide) = compiled.value.guides.first() else {
        // A schema is wanted most while something is wrong; without a catalog
        // there is none, and what is wrong says why.
        let folder = folder_from_here(site.loader.root());
        let errors = sorted(compiled.diagnostics).into_iter();
        let errors: Vec<_> = errors.filter(|d| d.severity == Severity::Error).collect();
        terminal.diagnostics(&errors, Stream::Err, &folder);
        return Ok(Exit::Content);
    };
    let catalog = &guide.catalog;
    let ids = || catalog.category_ids().collect::<Vec<_>>().join("`, `");
    if let Some(id) = &schema.category {
        let Some(category) = catalog.category(id) else {
            let nearest = help_nearest(id, catalog.category_ids());
            let help = nearest.unwrap_or_else(|| format!("there are `{}`", ids()));
            return Err(Failure::usage(format!("there is no category `{id}`")).help(help));
        };
        return match &common.output {
            Some(folder) => write_all(folder, &[category], terminal),
            None => {
                terminal.result_text(&component_schema(category));
                Ok(Exit::Fine)
            }
        };
    }
    let all: Vec<&Category> = catalog.categories.iter().collect();
    match (&common.output, all.as_slice()) {
        (_, []) => Err(Failure::usage("the site has no category")
            .help("declare one: `[category]` in the `_index.md` of a section")),
        (Some(folder), _) => write_all(folder, &all, terminal),
        (None, [only]) => {
            terminal.result_text(&component_schema(only));
            Ok(Exit::Fine)
        }
        (None, _) => Err(
            Failure::usage(format!("which category? There are `{}`", ids())).help(
                "name one, or write all of them into a folder: `rigbook schema --output .schema`",
            ),
        ),
    }
}

fn write_all(folder: &Path, categories: &[&Category], terminal: &Terminal) -> Result<Exit> {
    fs::create_dir_all(folder).map_err(|e| Failure::at("create", folder, &e))?;
    for category in categories {
        let path = folder.join(format!("{}.schema.json", category.id.value));
        fs::write(&path, component_schema(category))
            .map_err(|e| Failure::at("write", &path, &e))?;
        terminal.say(&format!("wrote `{}`", path.display()));
    }
    Ok(Exit::Fine)
}
