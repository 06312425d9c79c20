//! Editions whose order and dates contradict each other.

use crate::config::VersionEntry;
use crate::diag::{Code, Diagnostic};

/// Editions are listed newest first; of two with dates, the one below should
/// not be the later.
pub fn order(versions: &[VersionEntry], found: &mut Vec<Diagnostic>) {
    let dated = versions.iter();
    let dated = dated.filter_map(|version| Some((version, version.date.as_ref()?)));
    let dated: Vec<_> = dated.collect();
    for pair in dated.windows(2) {
        let [(above, earlier), (below, later)] = pair else {
            continue;
        };
        if earlier.value >= later.value {
            continue;
        }
        let (above, below) = (&above.id.value, &below.id.value);
        let message = format!("edition `{below}` is later than `{above}`, which stands above it");
        let help = match dated.len() == versions.len() {
            true => "list the newest first: readers choose from this list in its order",
            false => {
                "list the newest first: unless all have dates, an edition follows the one below it"
            }
        };
        found.push(
            Diagnostic::warning(Code::EditionOrder, later.span.clone(), message)
                .also(earlier.span.clone(), format!("`{above}` is dated here"))
                .help(help),
        );
    }
}
