//! Names and texts as a site's files hold them.

/// A text as an id: lower-case letters, digits and hyphens.
pub(super) fn slug(text: &str) -> String {
    let mut slug = String::new();
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            'a'..='z' | '0'..='9' => slug.push(c),
            'ä' => slug.push_str("ae"),
            'ö' => slug.push_str("oe"),
            'ü' => slug.push_str("ue"),
            'ß' => slug.push_str("ss"),
            'à' | 'á' | 'â' | 'å' => slug.push('a'),
            'è' | 'é' | 'ê' | 'ë' => slug.push('e'),
            'ò' | 'ó' | 'ô' | 'ø' => slug.push('o'),
            'ç' => slug.push('c'),
            _ if slug.ends_with('-') || slug.is_empty() => {}
            _ => slug.push('-'),
        }
    }
    slug.trim_end_matches('-').to_owned()
}

/// A text as a part of a page's path: as an id where that says anything, or the
/// letters of its own script.
pub(super) fn path_slug(text: &str) -> String {
    let id = slug(text);
    if !id.is_empty() {
        return id;
    }
    let words = text.split(|c: char| !c.is_alphanumeric());
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join("-").to_lowercase()
}

/// A file's name as a title, without the number or the day before it.
pub(super) fn title_of_stem(stem: &str) -> String {
    let rest = stem.trim_start_matches(|c: char| c.is_ascii_digit() || "-_. ".contains(c));
    match rest {
        "" => stem.to_owned(),
        rest => crate::catalog::humanise(rest).to_string(),
    }
}

/// A text in which figures would be filled in, as a string of TOML: its braces
/// stay braces.
pub(super) fn quoted_prose(text: &str) -> String {
    quoted(&text.replace("{{", "\\{{"))
}

/// A text as a string of TOML.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => {
                quoted.push('\\');
                quoted.push(c);
            }
            c if c.is_control() => quoted.push(' '),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}
