//! The site's own units.

use std::collections::BTreeMap;

use crate::config::Config;
use crate::diag::{Code, Diagnostic};
use crate::value::{Declaration, Units, is_unit_letter};

/// Declares the units of `rigbook.toml`.
pub fn declare(config: &Config, sink: &mut Vec<Diagnostic>) -> Units {
    let mut units = Units::new();
    let mut declarations = BTreeMap::new();
    for unit in &config.units {
        let label = unit.label.as_ref().map(ToString::to_string);
        let declaration = match &unit.is {
            Some(is) => Declaration::Multiple {
                is: is.value.to_string(),
                label,
            },
            None => Declaration::Own {
                label: label.unwrap_or_else(|| unit.name.value.to_string()),
            },
        };
        declarations.insert(unit.name.value.to_string(), declaration);
    }
    units.lose(config.lost_units.iter().map(ToString::to_string));
    if config.malformed {
        let words = config.file.text.split(|c| !is_unit_letter(c));
        units.lose(words.map(str::to_owned));
    }
    for (name, error) in units.declare_all(&declarations) {
        let unit = config.units.iter().find(|u| u.name.value.as_ref() == name);
        let span = unit.map(|u| u.is.as_ref().map_or(&u.name.span, |is| &is.span).clone());
        let mut diagnostic = Diagnostic::new(
            crate::diag::Severity::Error,
            Code::UnknownUnit,
            span,
            error.message,
        );
        diagnostic.help.extend(error.help);
        sink.push(diagnostic);
    }
    units
}
