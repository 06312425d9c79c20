//! Adds the script that follows changes to a page on its way out. Published
//! pages never contain it.

use std::sync::Arc;

use crate::io::preview::Content;

/// The content as a browser of the preview gets it.
pub fn inject(content: Content, kind: &str, generation: u64) -> Content {
    match content {
        Content::Bytes { bytes, tag } if kind.starts_with("text/html") => {
            match std::str::from_utf8(&bytes) {
                Ok(html) if !html.contains("http-equiv=\"refresh\"") => Content::Bytes {
                    bytes: with_script(html, generation).into_bytes().into(),
                    tag: format!("{tag}-live"),
                },
                _ => Content::Bytes { bytes, tag },
            }
        }
        other => other,
    }
}

/// The script carries a hash of the page without its style sheets: if only
/// those change, the page need not be loaded again.
fn with_script(html: &str, generation: u64) -> String {
    let page = &blake3::hash(without_styles(html).as_bytes()).to_hex()[..20];
    let script = format!(
        "<script src=\"/_rigbook/live.js\" data-page=\"{page}\" data-generation=\"{generation}\" defer></script>"
    );
    let at = html.rfind("</body>").unwrap_or(html.len());
    format!("{}{script}{}", &html[..at], &html[at..])
}

fn without_styles(html: &str) -> String {
    let mut rest = html;
    let mut kept = String::with_capacity(html.len());
    while let Some(start) = rest.find("<link rel=\"stylesheet\"") {
        kept.push_str(&rest[..start]);
        let end = rest[start..]
            .find('>')
            .map_or(rest.len(), |at| start + at + 1);
        rest = &rest[end..];
    }
    kept.push_str(rest);
    kept
}

/// The page before the site has compiled for the first time; the overlay shows
/// why.
pub fn not_ready() -> Content {
    page(
        "Not ready",
        "The site has errors, so there is nothing to show yet.",
    )
}

/// The page for what is missing, where the site has none.
pub fn missing() -> Content {
    page("Not found", "There is no page at this address.")
}

fn page(title: &str, text: &str) -> Content {
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>{title}</title></head>\
         <body><h1>{title}</h1><p>{text}</p></body></html>"
    );
    Content::Bytes {
        tag: blake3::hash(html.as_bytes()).to_hex()[..20].to_owned(),
        bytes: Arc::from(html.into_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn injected(html: &str, kind: &str) -> String {
        let content = Content::Bytes {
            bytes: html.as_bytes().into(),
            tag: String::new(),
        };
        match inject(content, kind, 7) {
            Content::Bytes { bytes, .. } => String::from_utf8_lossy(&bytes).into_owned(),
            Content::Disk { .. } => String::new(),
        }
    }

    fn page_of(html: &str) -> String {
        let text = injected(html, "text/html");
        let at = text.find("data-page").expect("a script");
        text[at..at + 40].to_owned()
    }

    #[test]
    fn pages_get_the_script_and_nothing_else_does() {
        let page = injected("<body>x</body></html>", "text/html; charset=utf-8");
        assert!(page.starts_with("<body>x<script src=\"/_rigbook/live.js\""));
        assert!(page.ends_with("defer></script></body></html>"));
        assert_eq!(injected("x</body>", "text/css"), "x</body>");
        let moved = "<meta http-equiv=\"refresh\" content=\"0\"></body>";
        assert_eq!(injected(moved, "text/html"), moved);
    }

    #[test]
    fn another_style_sheet_is_no_other_page() {
        let with = |name: &str, text: &str| {
            format!("<link rel=\"stylesheet\" href=\"{name}\"><p>{text}</p>")
        };
        assert_eq!(page_of(&with("a.css", "x")), page_of(&with("b.css", "x")));
        assert_ne!(page_of(&with("a.css", "x")), page_of(&with("a.css", "y")));
    }
}
