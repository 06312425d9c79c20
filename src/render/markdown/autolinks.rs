//! Addresses that stand bare in a text: `www.`, `http://`, `https://`, `ftp://`
//! and e-mail, as GitHub links them.
//!
//! Rules: <https://github.github.com/gfm/#autolinks-extension->.

use std::ops::Range;

/// An address in a text.
#[derive(Debug, PartialEq, Eq)]
pub struct Autolink {
    pub range: Range<usize>,
    /// With its scheme.
    pub address: String,
}

/// What an address starts with, and what is put before it.
const STARTS: [(&str, &str); 4] = [
    ("https://", ""),
    ("http://", ""),
    ("ftp://", ""),
    ("www.", "http://"),
];

/// The addresses of a text, in order; `before` is the character that the text
/// follows.
pub fn autolinks(text: &str, before: Option<char>) -> Vec<Autolink> {
    let mut found = Vec::new();
    let mut end = 0;
    for (at, mark) in text.match_indices(['h', 'H', 'f', 'F', 'w', 'W', '@']) {
        if at < end {
            continue;
        }
        let link = match mark {
            "@" => email(text, end, at),
            _ => url(text, at, text[..at].chars().next_back().or(before)),
        };
        if let Some(link) = link {
            end = link.range.end;
            found.push(link);
        }
    }
    found
}

fn url(text: &str, at: usize, before: Option<char>) -> Option<Autolink> {
    if before.is_some_and(|c| !c.is_whitespace() && !"*_~(".contains(c)) {
        return None;
    }
    let rest = &text[at..];
    let (start, scheme) = STARTS.into_iter().find(|(start, _)| {
        (rest.get(..start.len())).is_some_and(|head| head.eq_ignore_ascii_case(start))
    })?;
    let length = rest
        .find(|c: char| c.is_whitespace() || c == '<')
        .unwrap_or(rest.len());
    let address = trimmed(&rest[..length]);
    let domain = match scheme {
        "" => address.get(start.len()..)?,
        _ => address,
    };
    let domain = &domain[..domain.find(['/', '?', '#', ':']).unwrap_or(domain.len())];
    is_domain(domain).then(|| Autolink {
        range: at..at + address.len(),
        address: format!("{scheme}{address}"),
    })
}

/// Segments of letters, digits, `-` and `_` between periods; no `_` in the last
/// two.
fn is_domain(domain: &str) -> bool {
    let allowed = |c: char| c.is_alphanumeric() || c == '-' || c == '_';
    let segments = || domain.split('.');
    segments().count() > 1
        && segments().all(|s| !s.is_empty() && s.chars().all(allowed))
        && segments().rev().take(2).all(|s| !s.contains('_'))
}

/// The address without the punctuation of the sentence around it.
fn trimmed(mut address: &str) -> &str {
    while let Some(last) = address.chars().next_back() {
        let shorter = &address[..address.len() - last.len_utf8()];
        address = match last {
            '?' | '!' | '.' | ',' | ':' | '*' | '_' | '~' | '\'' | '"' => shorter,
            ')' if address.matches(')').count() > address.matches('(').count() => shorter,
            ';' => match shorter.rfind('&') {
                Some(and)
                    if and + 1 < shorter.len()
                        && shorter[and + 1..]
                            .bytes()
                            .all(|b| b.is_ascii_alphanumeric()) =>
                {
                    &address[..and]
                }
                _ => shorter,
            },
            _ => return address,
        };
    }
    address
}

fn email(text: &str, from: usize, at: usize) -> Option<Autolink> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || ".-_+".contains(c);
    let start = (text[from..at].char_indices().rev())
        .take_while(|(_, c)| allowed(*c))
        .last()
        .map(|(i, _)| from + i)?;
    let rest = &text[at + 1..];
    let length = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && !".-_".contains(c))
        .unwrap_or(rest.len());
    let domain = rest[..length].trim_end_matches('.');
    // Unlike an address's, a mail domain may hold `_` anywhere but at its end.
    let whole = domain.contains('.')
        && !domain.ends_with(['-', '_'])
        && domain.split('.').all(|segment| !segment.is_empty());
    whole.then(|| {
        let range = start..at + 1 + domain.len();
        Autolink {
            address: format!("mailto:{}", &text[range.clone()]),
            range,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &[&str]) {
        let found = autolinks(text, None);
        let texts: Vec<&str> = found.iter().map(|l| &text[l.range.clone()]).collect();
        assert_eq!(texts, expected, "{text}");
    }

    #[test]
    fn addresses_end_where_a_reader_would_end_them() {
        check(
            "Visit www.a.com/b?c=(d). Or (www.e.org).",
            &["www.a.com/b?c=(d)", "www.e.org"],
        );
        check("https://a.b/c&copy; é", &["https://a.b/c"]);
        check("mail x.y+z@a-b.org.", &["x.y+z@a-b.org"]);
        check(
            "HTTPS://É.example/x, ftp://a.b",
            &["HTTPS://É.example/x", "ftp://a.b"],
        );
    }

    #[test]
    fn what_is_no_address_stays_text() {
        check(
            "xhttps://a.b www. http:// http://a a@b @c.d e@f.g_ how",
            &[],
        );
        check("http://a_b.c w w w :// a@ @", &[]);
    }
}
