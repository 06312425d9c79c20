//! What is said of many places in the same words has one cause, such as a name
//! that is declared no more: it becomes one finding that names the others.

use std::collections::BTreeMap;

use super::{Code, Diagnostic, Label, Severity};

/// In how many places the same is said until it has one cause.
const MANY: usize = 3;

/// Makes one of findings that differ in their place alone. They come sorted; each
/// edition stays for itself, since it is mended by itself.
pub(super) fn gather(diagnostics: &mut Vec<Diagnostic>) {
    let mut counts: BTreeMap<(Severity, String, String), Vec<usize>> = BTreeMap::new();
    for (number, found) in diagnostics.iter().enumerate() {
        let Some(span) = &found.span else {
            continue;
        };
        if matches!(found.code, Code::UnknownName | Code::UnknownKey) {
            let edition = span.file.path.split("content/").next().unwrap_or_default();
            let key = (found.severity, edition.to_owned(), found.message.clone());
            counts.entry(key).or_default().push(number);
        }
    }
    let mut gone = vec![false; diagnostics.len()];
    for places in counts.into_values().filter(|places| places.len() >= MANY) {
        let (first, others) = (places[0], &places[1..]);
        for &other in others {
            if let Some(span) = diagnostics[other].span.clone() {
                let text = "and here".to_owned();
                diagnostics[first].secondary.push(Label { span, text });
            }
            gone[other] = true;
        }
    }
    let mut gone = gone.into_iter();
    diagnostics.retain(|_| !gone.next().unwrap_or(false));
}
