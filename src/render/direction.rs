//! In which direction a language is written.

/// Languages that are written from right to left in their usual script.
const RIGHT_TO_LEFT: [&str; 12] = [
    "ar", "arc", "ckb", "dv", "fa", "he", "ks", "ps", "sd", "ug", "ur", "yi",
];

/// `rtl` or `ltr`, for a language tag such as `he` or `ar-EG`. A script that the tag names decides.
pub fn direction(language: &str) -> &'static str {
    let mut parts = language.split(['-', '_']);
    let name = parts.next().unwrap_or_default().to_ascii_lowercase();
    let script = parts.find(|part| part.len() == 4);
    let is_rtl = match script {
        Some(script) => ["arab", "hebr", "thaa", "syrc"].contains(&script.to_lowercase().as_str()),
        None => RIGHT_TO_LEFT.contains(&name.as_str()),
    };
    if is_rtl { "rtl" } else { "ltr" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_decides_then_the_language() {
        for tag in ["ar", "AR-eg", "he", "fa_IR", "az-Arab"] {
            assert_eq!(direction(tag), "rtl", "{tag}");
        }
        for tag in ["en", "de-AT", "ar-Latn", "", "arn"] {
            assert_eq!(direction(tag), "ltr", "{tag}");
        }
    }
}
