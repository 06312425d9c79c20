//! `rigbook schema`: the JSON Schema of a category's front matter, for editors.

use super::Exit;
use super::args::{Common, Schema};
use super::site::Site;
use super::terminal::Terminal;
use crate::diag::help_nearest;
use crate::io::{Failure, Result};
use crate::render::component_schema;

/// Prints the schema of one category, or of all as an object by id.
pub fn run(common: &Common, schema: &Schema, terminal: &Terminal) -> Result<Exit> {
    let mut site = Site::open_read_only(common)?;
    let compiled = site.compile()?;
    let Some(guide) = compiled.value.guides.first() else {
        return Err(Failure::usage("the site has no current version"));
    };
    let catalog = &guide.catalog;
    let text = match &schema.category {
        Some(id) => match catalog.category(id) {
            Some(category) => component_schema(category),
            None => {
                let failure = Failure::usage(format!("there is no category `{id}`"));
                return Err(match help_nearest(id, catalog.category_ids()) {
                    Some(help) => failure.help(help),
                    None => failure,
                });
            }
        },
        None => {
            let schemas = catalog.categories.iter().map(|category| {
                let schema = component_schema(category);
                format!("\"{}\": {}", category.id.value, schema.trim_end())
            });
            format!("{{{}}}\n", schemas.collect::<Vec<_>>().join(",\n"))
        }
    };
    terminal.result_text(&text);
    Ok(Exit::Fine)
}
