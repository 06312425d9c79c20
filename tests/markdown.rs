//! The CommonMark suite and the examples of GitHub's extensions, through the
//! Markdown stage. Where a result differs, it is listed here with the reason.

#![expect(
    clippy::print_stdout,
    reason = "a test says how much of a suite passes"
)]

use std::collections::BTreeMap;
use std::ops::Range;

use rigbook::render::markdown::{CodeHtml, Host, HtmlLimit, render};

/// A page without surroundings: links lead where they say, code is only
/// escaped.
struct Plain;

impl Host for Plain {
    fn link(&mut self, address: &str) -> Option<String> {
        Some(address.to_string())
    }

    fn image(&mut self, address: &str) -> Option<String> {
        Some(address.to_string())
    }

    fn heading_id(&mut self) -> Option<String> {
        None
    }

    fn skips_first_heading(&self) -> bool {
        false
    }

    fn call(&mut self, _: usize, _: bool) -> String {
        String::new()
    }

    fn code(&mut self, info: &str, text: &str, _: Range<usize>) -> CodeHtml {
        let class = match info.split_whitespace().next() {
            Some(language) => format!(" class=\"language-{}\"", escape(language)),
            None => String::new(),
        };
        CodeHtml::Listing(format!("<pre><code{class}>{}</code></pre>", escape(text)))
    }

    fn removed(&mut self, _: String, _: Range<usize>) {}

    fn trusts_html(&self) -> bool {
        true
    }

    fn too_much_html(&mut self, _: HtmlLimit, _: Range<usize>) {}

    fn math_error(&mut self, _: String, _: Range<usize>) {}
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

struct Example {
    number: usize,
    section: String,
    markdown: String,
    html: String,
}

/// Reads the examples of a suite: a fence of 32 backticks, the Markdown, a
/// line with a dot, the HTML; `→` stands for a tab.
fn examples(suite: &str) -> Vec<Example> {
    let fence = "`".repeat(32);
    let mut found = Vec::new();
    let mut section = String::new();
    let mut lines = suite.lines();
    while let Some(line) = lines.next() {
        if let Some(title) = line.strip_prefix('#') {
            section = title.trim_start_matches('#').trim().to_string();
        }
        if !line.starts_with(&format!("{fence} example")) {
            continue;
        }
        let mut parts = [String::new(), String::new()];
        let mut part = 0;
        for line in lines.by_ref().take_while(|line| *line != fence) {
            if line == "." && part == 0 {
                part = 1;
                continue;
            }
            parts[part].push_str(&line.replace('→', "\t"));
            parts[part].push('\n');
        }
        let [markdown, html] = parts;
        found.push(Example {
            number: found.len() + 1,
            section: section.clone(),
            markdown,
            html,
        });
    }
    found
}

/// HTML in one spelling. What is levelled: breaks between blocks, `/` of void
/// elements, entities that a text needs not, and how this program writes tables
/// and task lists (in a frame that scrolls, aligned by class, labelled).
fn level(html: &str) -> String {
    let mut html = html
        .replace("<div class=\"table-scroll\">", "")
        .replace("</table></div>", "</table>")
        .replace(" class=\"table-plain\"", "")
        .replace(" scope=\"col\"", "")
        .replace(" class=\"num\"", " align=\"right\"")
        .replace(" class=\"mid\"", " align=\"center\"")
        .replace(" align=\"left\"", "")
        .replace(" aria-label=\"done\"", "")
        .replace(" aria-label=\"to do\"", "")
        .replace(
            "disabled=\"\" type=\"checkbox\"",
            "type=\"checkbox\" disabled",
        )
        .replace(
            "checked=\"\" type=\"checkbox\" disabled",
            "type=\"checkbox\" disabled checked",
        )
        .replace("disabled checked=\"\"", "disabled checked")
        .replace("&quot;", "\"")
        .replace("&#39;", "'")
        .replace("&#x27;", "'")
        .replace(" />", ">")
        .replace("/>", ">");
    // Breaks next to the tag of a block mean nothing, except within `pre`.
    const BLOCKS: [&str; 24] = [
        "p",
        "ul",
        "ol",
        "li",
        "blockquote",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
        "dl",
        "dt",
        "dd",
        "div",
        "pre",
        "br",
    ];
    for name in BLOCKS {
        let after = [format!("</{name}>"), format!("<{name}>")];
        for tag in &after {
            if tag != "<pre>" {
                html = html.replace(&format!("{tag}\n"), tag);
            }
            if tag != "</pre>" {
                html = html.replace(&format!("\n{tag}"), tag);
            }
        }
    }
    html.replace("\n<ol start", "<ol start")
        .replace(
            "<input type=\"checkbox\" disabled>\n",
            "<input type=\"checkbox\" disabled> ",
        )
        .replace("<tbody></tbody>", "")
        .trim_end()
        .to_string()
}

/// Runs a suite against the list of what differs.
fn check(name: &str, suite: &str, differs: &[(usize, &str)]) {
    let listed: BTreeMap<usize, &str> = differs.iter().copied().collect();
    let examples = examples(suite);
    let mut wrong = String::new();
    for example in &examples {
        let found = render(&example.markdown, &mut Plain);
        let equal = level(&found) == level(&example.html);
        match (equal, listed.get(&example.number)) {
            (true, None) | (false, Some(_)) => {}
            (true, Some(reason)) => wrong.push_str(&format!(
                "{name} {}: passes, though listed: {reason}\n",
                example.number
            )),
            (false, None) => wrong.push_str(&format!(
                "{name} {} ({}):\n{}--- expected\n{}--- found\n{found}\n",
                example.number, example.section, example.markdown, example.html
            )),
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
    println!(
        "{name}: {} of {} examples as specified, {} listed",
        examples.len() - differs.len(),
        examples.len(),
        differs.len()
    );
}

/// GitHub's autolinks make links of what CommonMark leaves as text.
const AUTOLINK: &str = "a bare address is a link, as on code hosts";

const COMMONMARK: &[(usize, &str)] = &[
    (606, AUTOLINK),
    (608, AUTOLINK),
    (611, AUTOLINK),
    (612, AUTOLINK),
];

#[test]
fn commonmark() {
    let suite = include_str!("suites/commonmark-0.31.2.txt");
    assert_eq!(examples(suite).len(), 652);
    check("CommonMark", suite, COMMONMARK);
}

const GFM: &[(usize, &str)] = &[
    (26, "the address is the link, its `mailto:` stays text"),
    (27, "the scheme `xmpp` is not published"),
    (
        28,
        "what is not allowed is taken out when the page is sanitised, not escaped",
    ),
];

#[test]
fn extensions_of_github() {
    let suite = include_str!("suites/gfm-extensions.txt");
    assert!(examples(suite).len() >= 24);
    check("GFM", suite, GFM);
}
