//! Ids within a drawing. Drawings are cached by their content alone, so every drawing numbers its
//! ids from one; a page that holds several gives each a prefix of its own.

/// Gives the ids of a [`super::Drawing`] a prefix, and the references to them too. The prefix is
/// the page's and the block's, and keeps only characters that need no escaping in an id.
pub fn with_id_prefix(svg: &str, prefix: &str) -> String {
    let prefix: String = prefix
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_'))
        .collect();
    let mut out = String::with_capacity(svg.len() + 64);
    let mut rest = svg;
    // In a drawing `dg-` stands in ids, references and class names only; elsewhere it is escaped.
    while let Some(at) = rest.find("dg-") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let is_reference = before.ends_with("id=\"")
            || before.ends_with('#')
            || before.ends_with("labelledby=\"")
            || before.ends_with("describedby=\"");
        if is_reference {
            out.push_str(&prefix);
        }
        out.push_str("dg-");
        rest = &from[3..];
    }
    out.push_str(rest);
    out
}

/// Text or an attribute's value as it stands in a drawing: escaped for XML and HTML alike, without
/// the characters that neither allows, and never with a bare `dg-`.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\n' | '\t' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out.replace("dg-", "dg&#45;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_references_get_the_prefix_and_nothing_else() {
        let svg = format!(
            r#"<svg class="dg-x" aria-labelledby="dg-t"><title id="dg-t">{}</title><path fill="url(#dg-1)"/></svg>"#,
            escape("id=\"dg-t\" #dg-1")
        );
        assert_eq!(
            with_id_prefix(&svg, "p1 \"-"),
            r#"<svg class="dg-x" aria-labelledby="p1-dg-t"><title id="p1-dg-t">id=&quot;dg&#45;t&quot; #dg&#45;1</title><path fill="url(#p1-dg-1)"/></svg>"#
        );
    }
}
