//! The author's own HTML as it is published. What only looks like a tag or an
//! address is text and stays; what acts, or would be fetched from elsewhere, is
//! taken out in every spelling. What is published is read again by the HTML
//! parser of another program.

use std::collections::HashSet;
use std::ops::Range;
use std::sync::{Arc, Mutex};

use ammonia::Builder;
use proptest::prelude::*;
use proptest::sample::select;
use rigbook::diag::SourceFile;
use rigbook::parse::{outline, parse_document};
use rigbook::render::markdown::{CodeHtml, Host, HtmlLimit, render};

/// A page that has one image and knows every link.
#[derive(Default)]
struct Page {
    asked: Vec<String>,
    removed: Vec<String>,
}

impl Host for Page {
    fn link(&mut self, address: &str) -> Option<String> {
        self.asked.push(address.to_owned());
        Some(address.replace(".md", "/"))
    }

    fn image(&mut self, address: &str) -> Option<String> {
        self.asked.push(address.to_owned());
        (address == "pic.svg").then(|| "./pic.svg".to_owned())
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

    fn code(&mut self, _: &str, text: &str, _: Range<usize>) -> CodeHtml {
        let text = text.replace('&', "&amp;").replace('<', "&lt;");
        CodeHtml::Listing(format!("<pre>{text}</pre>"))
    }

    fn removed(&mut self, what: String, _: Range<usize>) {
        self.removed.push(what);
    }

    fn too_much_html(&mut self, _: HtmlLimit, _: Range<usize>) {}

    fn math_error(&mut self, _: String, _: Range<usize>) {}
}

/// What a browser would read of what is published.
#[derive(Debug, PartialEq)]
struct Read {
    text: String,
    /// Attributes that act or fetch.
    active: Vec<String>,
}

fn read(html: &str) -> Read {
    let active = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&active);
    let elements = [
        "a", "audio", "base", "body", "button", "embed", "form", "iframe", "img", "input", "link",
        "math", "meta", "object", "p", "script", "source", "style", "svg", "video",
    ];
    let fetch = ["action", "background", "data", "poster", "src", "srcset"];
    Builder::empty()
        .tags(HashSet::from(elements))
        .clean_content_tags(HashSet::new())
        .generic_attributes(HashSet::from(fetch))
        .generic_attribute_prefixes(HashSet::from(["on", "style"]))
        .link_rel(None)
        .attribute_filter(move |element, name, value| {
            if fetch.contains(&name) || name.starts_with("on") || name == "style" {
                let found = format!("{element} {name} {value}");
                seen.lock().expect("no panic").push(found);
            }
            Some(value.into())
        })
        .clean(html);
    let text = Builder::empty()
        .clean_content_tags(HashSet::new())
        .clean(html);
    let active = active.lock().expect("no panic").clone();
    Read {
        text: text.to_string(),
        active,
    }
}

fn check(markdown: &str, expected: &str) {
    let published = render(markdown, &mut Page::default());
    assert_eq!(published.trim(), expected, "{markdown}");
}

#[test]
fn a_text_that_quotes_html_stays() {
    check(
        "<p>Prose with src=\"a.png\" and href='b.md' in it.</p>\n",
        "<p>Prose with src=\"a.png\" and href='b.md' in it.</p>",
    );
    check(
        "<p><code>a href=\"foo.md\"</code></p>\n",
        "<p><code>a href=\"foo.md\"</code></p>",
    );
    check(
        "<img alt=\"x > src='…' z\" src=\"pic.svg\">\n",
        "<img alt=\"x &gt; src='…' z\" src=\"./pic.svg\">",
    );
    check(
        "<div>\n1 < 2, a <- b, src=c\n</div>\n\nAnd <b title='src=\"d\"'>e</b>.\n",
        "<div>\n1 &lt; 2, a &lt;- b, src=c\n</div>\n<p>And <b title=\"src=&quot;d&quot;\">e</b>.</p>",
    );
    check("<!-- <img src=\"a.png\"> -->\n\nText.\n", "<p>Text.</p>");
}

#[test]
fn a_bare_address_is_a_link_behind_an_anchor_that_nothing_closes() {
    check(
        "x <a id=\"y\"> https://a.org\n",
        "<p>x <a id=\"y\"> </a><a href=\"https://a.org\">https://a.org</a></p>",
    );
    check(
        "<a href=\"c.md\">https://a.org</a>\n",
        "<p><a href=\"c/\">https://a.org</a></p>",
    );
}

#[test]
fn a_tag_over_several_lines_is_one() {
    check(
        "> <p><img\n>   alt='a\n> b'\n>   src=pic.svg\n> > <a\n> href=c.md\n> >d</a></p>\n",
        "<blockquote>\n<p><img alt=\"a\nb\" src=\"./pic.svg\"> <a href=\"c/\">d</a></p>\n</blockquote>",
    );
    check(
        "<p>a <img\nsrc=//example.org/x\nalt=\"b\n\">c</p>\n",
        "<p>a c</p>",
    );
}

#[test]
fn what_nothing_closes_takes_no_text_with_it() {
    check(
        "<div>\na <b title=\"c\n\nThe \"next\" paragraph.\n",
        "<div>\na &lt;b title=\"c\n<p>The \"next\" paragraph.</p>\n</div>",
    );
    check(
        "<div>\n<!-- a\n\nb -->\n</div>\n",
        "<div>\n<p>b --&gt;</p>\n</div>",
    );
    check("1 <b and 2\n", "<p>1 &lt;b and 2</p>");
}

#[test]
fn what_stands_for_generated_blocks_is_nobody_elses() {
    let forged = "<rb-generated id=\"0\"></rb-generated>\n\n<RB-Generated id=0>\n\n    code\n";
    let published = render(forged, &mut Page::default());
    assert_eq!(published.matches("code").count(), 1, "{published}");
    check("<p>Of `rb-generated`</p>\n", "<p>Of `rb-generated`</p>");
}

#[test]
fn nothing_hostile_is_published_in_any_spelling() {
    for hostile in [
        "<img src=//x.org/a>",
        "<IMG/SRC='https://x.org/a'/>",
        "<img alt=\">\" src=//x.org/a>",
        "<img alt='\"' src=\"//x.org/a\">",
        "<img alt=a\" src=//x.org/a b=\">",
        "<img =\"><img src=//x.org/a>",
        "<img src=pic.svg/../../../x src=//x.org/a>",
        "<img\nsrc\n=\n//x.org/a>",
        "<p><img\nsrc=//x.org/a\n></p>",
        "<p>\n<img alt='\nsrc=\"pic.svg\"' src='\n//x.org/a'></p>",
        "<img src=&#47;&#47;x.org/a>",
        "<img src=\"&#x68;ttps:&#47;&sol;x.org/a\">",
        "<img src='\\\\x.org\\a'><img src='/\\x.org'><img src=' /\t/x.org'>",
        "<image src=//x.org/a><image xlink:href=//x.org/a>",
        "<svg><image href=//x.org/a><title><img src=//x.org/a></title></svg>",
        "<svg><style><img src=//x.org/a></style></svg>",
        "<math><mtext><img src=//x.org/a></mtext></math>",
        "<title><p></title><img src=//x.org/a>",
        "<title/><img src=//x.org/a>",
        "<script><!--<script></script><img src=//x.org/a>",
        "<!--><img src=//x.org/a>-->",
        "<!-- --!><img src=//x.org/a> -->",
        "<p><![CDATA[><img src=//x.org/a>]]></p>",
        "<?a ><img src=//x.org/a>?>",
        "</p a='><img src=//x.org/a>'><img src=//x.org/b>",
        "<p title='\n\n'><img src=//x.org/a>",
        "<noscript><p title=\"</noscript><img src=//x.org/a>\"></noscript>",
        "<textarea><img src=//x.org/a></textarea><img src=//x.org/b>",
        "<xmp><p a='</xmp><img src=//x.org/a>'></xmp>",
        "<plaintext></plaintext><img src=//x.org/a>",
        "<img srcset='//x.org/a 1x'><picture><source srcset=//x.org/a></picture>",
        "<video src=//x.org/a poster=//x.org/b></video><audio src=//x.org/a></audio>",
        "<iframe src=//x.org/a></iframe><iframe srcdoc='<img src=//x.org/a>'></iframe>",
        "<object data=//x.org/a></object><embed src=//x.org/a>",
        "<input type=image src=//x.org/a><button formaction=//x.org/a>b</button>",
        "<table background=//x.org/a><tr><td background=//x.org/a></table>",
        "<p style='background:url(//x.org/a)'>a</p><style>@import '//x.org/a'</style>",
        "<p onclick=a>b</p><img src=pic.svg onerror=a><img src=x/onerror=a>",
        "<link rel=stylesheet href=//x.org/a><base href=//x.org/a>",
        "<meta http-equiv=refresh content='0;url=//x.org/a'>",
        "<form action=//x.org/a><input></form><body background=//x.org/a onload=b>",
    ] {
        for page in [
            hostile.to_owned(),
            format!("Text {hostile} text\n"),
            format!("- <div>\n  {hostile}\n"),
        ] {
            let published = render(&page, &mut Page::default());
            let active = read(&published).active;
            let foreign = active.iter().find(|found| *found != "img src ./pic.svg");
            assert_eq!(foreign, None, "{page}\n{published}");
            let mut linked = published.split("href=\"").skip(1);
            assert!(
                linked.all(|rest| !rest.starts_with("javascript")),
                "{published}"
            );
        }
    }
}

/// A piece of a page: what is written, the word that readers see and the
/// addresses that are asked for.
#[derive(Clone, Debug)]
struct Written {
    html: String,
    word: Option<&'static str>,
    address: Option<&'static str>,
}

fn written(html: String, word: Option<&'static str>, address: Option<&'static str>) -> Written {
    Written {
        html,
        word,
        address,
    }
}

/// What only looks like something.
const TEXTS: &[&str] = &[
    "word",
    "src=\"a\"",
    "href='b'",
    "a href=c",
    "\"",
    "'",
    "=",
    ">",
    "< ",
    "<3",
    "<=",
    "/>",
    "img src=d",
];
/// Attributes without an address of their own; from [`LOOSE`] on those that
/// Markdown takes for none in a line of text.
const ATTRIBUTES: &[&str] = &[
    "",
    "title=\"src='a' > b\"",
    "title='<img src=\"c\">'",
    "hidden",
    "data-src=\"e\"",
    "title=\"<!--\"",
    "title=\"-->\"",
    "title = a",
    "title=href=d",
    "lang\n=\n'>'",
    "/",
    "title='\n'",
    "=b",
];
const LOOSE: usize = 8;
const SPACES: &[&str] = &[" ", "\t", "\n", " / ", " \n "];
const QUOTES: &[&str] = &["\"", "'", ""];

fn piece(is_block: bool) -> impl Strategy<Value = Written> {
    let (attributes, spaces) = match is_block {
        true => (ATTRIBUTES, SPACES),
        // The parser of Markdown takes a tab for part of a value.
        false => (&ATTRIBUTES[..LOOSE], &SPACES[..1]),
    };
    let text = select(TEXTS).prop_map(|text| written(format!(" {text} "), Some(text), None));
    let tag = (
        (any::<bool>(), any::<bool>()),
        (select(attributes), select(attributes)),
        (select(spaces), select(QUOTES)),
    );
    let tag = tag.prop_map(|((image, upper), (before, behind), (space, quote))| {
        let (name, key, address) = match (image, upper) {
            (true, true) => ("IMG", "SRC", "pic.svg"),
            (true, false) => ("img", "src", "//example.org/x"),
            (false, true) => ("A", "HREF", "https://example.org/x"),
            (false, false) => ("a", "href", "page.md"),
        };
        let end = if image { "" } else { "</a>" };
        let html = format!(
            "<{name}{space}{before}{space}{key}={quote}{address}{quote}{space}{behind}{space}>{end}"
        );
        written(html, None, Some(address))
    });
    let comment =
        select(TEXTS).prop_map(|text| written(format!("<!-- {text}<a href='a'>-->"), None, None));
    prop_oneof![3 => text, 3 => tag, 1 => comment]
}

fn page() -> impl Strategy<Value = (bool, Vec<Written>)> {
    let pieces = |is_block| prop::collection::vec(piece(is_block), 1..12);
    any::<bool>().prop_flat_map(move |is_block| (Just(is_block), pieces(is_block)))
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(1000) })]

    /// Every text stays and every address is asked for, once and in order, by
    /// the check and by what is published.
    #[test]
    fn right_html_keeps_its_texts_and_its_addresses(
        (is_block, pieces) in page(),
    ) {
        let html: String = pieces.iter().map(|piece| piece.html.as_str()).collect();
        // A blank line would end the block.
        let lines: Vec<&str> = html.lines().filter(|line| !line.trim().is_empty()).collect();
        let html = lines.join("\n");
        let page = if is_block { format!("<div>{html}</div>\n") } else { format!("x {html}\n") };
        let mut host = Page::default();
        let published = render(&page, &mut host);
        let expected: Vec<&str> = pieces.iter().filter_map(|piece| piece.address).collect();
        prop_assert_eq!(&host.asked, &expected, "{}", page);

        let file = SourceFile::new("a.md", page.as_str());
        let document = parse_document("a.md", &file).value;
        let links = outline(&document, &|_| false).value.links;
        let addresses: Vec<&str> = links.iter().map(|link| link.address.as_ref()).collect();
        prop_assert_eq!(&addresses, &expected, "{}", page);
        let spans: Vec<&str> = links.iter().map(|link| link.span.text()).collect();
        prop_assert_eq!(&spans, &expected, "{}", page);

        let found = read(&published);
        let mut rest = found.text.replace("&lt;", "<").replace("&gt;", ">").replace("&nbsp;", " ");
        for word in pieces.iter().filter_map(|piece| piece.word) {
            let at = rest.find(word.trim());
            prop_assert!(at.is_some(), "{word} is lost\n{page}\n{published}");
            rest = rest.split_off(at.unwrap_or_default() + word.trim().len());
        }
        prop_assert!(found.active.iter().all(|found| found == "img src ./pic.svg"));
    }

    /// Whatever is written, nothing of another site is fetched and nothing acts.
    #[test]
    fn no_mix_of_signs_publishes_what_acts(
        signs in prop::collection::vec(select(SIGNS), 1..30),
    ) {
        let page = signs.concat();
        let published = render(&page, &mut Page::default());
        let active = read(&published).active;
        let foreign = active.iter().find(|found| *found != "img src ./pic.svg");
        prop_assert_eq!(foreign, None, "{}\n{}", page, published);
    }
}

const SIGNS: &[&str] = &[
    "<",
    ">",
    "\"",
    "'",
    "=",
    "/",
    " ",
    "\n",
    "\n\n",
    "`",
    "<img",
    "<img ",
    " src=",
    "src=\"",
    "src='",
    "//x.org/a",
    "https://x.org/a",
    "pic.svg",
    "&#47;",
    "alt=\"",
    "alt='",
    "<a ",
    "href=",
    "<p ",
    "<p>",
    "</p>",
    "<!--",
    "-->",
    "--!>",
    "<!",
    "<?",
    "?>",
    "<![CDATA[",
    "]]>",
    "<title>",
    "</title>",
    "<svg>",
    "</svg>",
    "<script>",
    "</script>",
    "<style>",
    "</style>",
    "<textarea>",
    "</textarea>",
    "<math>",
    "<mtext>",
    "<xmp>",
    "</xmp>",
    "<table>",
    "<td>",
    "onerror=a",
    "style=b",
    "<rb-generated id=0>",
    "- ",
    "> ",
    "    ",
    "[a](",
    "![b](",
    ")",
    "|",
    "<image ",
    "<div>",
    "text",
];
