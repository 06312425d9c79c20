//! What pages say to readers and to search engines: builds, lists of
//! components, claims, structured data, redirects and the page that is missing.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::fs;
use std::path::Path;
use std::process::Command;

use serde_json::Value as Json;

struct Site {
    folder: tempfile::TempDir,
}

const CONFIG: &str = "title = \"Bicycles\"\nbase_url = \"https://example.org/b/\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n";

/// A category with a component that has a dated price, one without any price,
/// and a calculator with more totals than are shown at once.
const BIKES: &str = r#"+++
title = "Bikes"
[category]
id = "bike"
[category.fields]
weight = { type = "quantity", unit = "kg", label = "Weight" }
load = { type = "quantity", unit = "kg", label = "Luggage" }
price = { type = "money", unit = "EUR", label = "Price" }
[[components]]
id = "steppe"
title = "Steppe"
weight = "16 kg"
price = "1900 EUR"
[[components]]
id = "coast"
title = "Coast"
weight = "1200 kg"
+++

```compare
category = "bike"
columns = ["weight", "price"]
```

```claims
"The Steppe is lighter" = "bike.steppe.weight < bike.coast.weight"
```

All weigh {{ bike.steppe.weight + bike.coast.weight }}, (({{ bike.steppe.weight * 2 }}) or ({{ bike.steppe.weight }})).
"#;

const PLAN: &str = r#"+++
title = "Plan"
[calculator]
title = "Plan a tour"
[[calculator.slots]]
id = "ride"
category = "bike"
max = 2
[[calculator.totals]]
id = "price"
label = "All of it"
formula = "sum(parts.price)"
unit = "EUR"
[[calculator.totals]]
id = "left"
label = "Left of 5000"
formula = "5000 EUR - total.price"
unit = "EUR"
[[calculator.totals]]
id = "weight"
label = "Weight"
formula = "sum(ride.weight)"
unit = "kg"
TOTALS
[[calculator.rules]]
id = "light"
label = "Light enough"
severity = "warning"
require = "total.weight < 100 kg"
message = "It weighs {{ total.weight }}."
[[calculator.rules]]
id = "there"
label = "Something to ride"
severity = "error"
require = "count(ride) >= 1"
message = "Nothing."
[[calculator.rules]]
id = "cheap"
label = "Cheap enough"
severity = "error"
require = "total.price <= 3000 EUR"
message = "Too dear."
[[builds]]
id = "both"
title = "Both"
parts = { ride = ["steppe", "coast"] }
+++

```build
id = "both"
```

```calculator
```
"#;

impl Site {
    fn new(files: &[(&str, &str)]) -> Self {
        let site = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        for (path, text) in files {
            let path = site.folder.path().join(path);
            fs::create_dir_all(path.parent().expect("a folder")).expect("made");
            fs::write(path, text).expect("written");
        }
        build(site.folder.path());
        site
    }

    fn bicycles() -> Self {
        let more: String = (0..8)
            .map(|n| format!("[[calculator.totals]]\nid = \"more{n}\"\nformula = \"sum(ride.weight) * {n}\"\nunit = \"kg\"\n"))
            .collect();
        Self::new(&[
            ("rigbook.toml", CONFIG),
            ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n"),
            ("content/bikes/_index.md", BIKES),
            ("content/plan.md", &PLAN.replace("TOTALS", more.trim_end())),
        ])
    }

    fn read(&self, path: &str) -> String {
        let path = self.folder.path().join("public").join(path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }

    fn json_ld(&self, path: &str) -> Vec<Json> {
        let html = self.read(path);
        let open = "<script type=\"application/ld+json\">";
        let Some((_, rest)) = html.split_once(open) else {
            return Vec::new();
        };
        let (text, _) = rest.split_once("</script>").expect("it ends");
        let mut data: Json = serde_json::from_str(text).expect("valid JSON");
        assert_eq!(data["@context"], "https://schema.org");
        match data["@graph"].take() {
            Json::Array(graph) => graph,
            other => panic!("no graph: {other}"),
        }
    }
}

fn build(root: &Path) {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--no-cache", "--root"])
        .arg(root)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
}

/// The text between two marks, the first of each.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let (_, rest) = text
        .split_once(from)
        .unwrap_or_else(|| panic!("lacks {from:?}:\n{text}"));
    rest.split_once(to)
        .unwrap_or_else(|| panic!("lacks {to:?}:\n{rest}"))
        .0
}

fn in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else {
            panic!("lacks {part:?} in its place:\n{text}");
        };
        rest = after;
    }
}

#[test]
fn a_build_says_first_what_is_wrong_and_folds_what_is_met() {
    let page = Site::bicycles().read("plan/index.html");
    let build = between(&page, "id=\"build-both\"", "</section>");
    in_order(
        build,
        &[
            "class=\"parts\"",
            "rule-warning",
            "It weighs 1,216\u{a0}kg.",
            "rule-unknown",
            "Cheap enough: Price of Coast is not given",
            "<details class=\"rules-met\"><summary>1 rule met</summary>",
            "Something to ride",
            "</details>",
            "<dl class=\"totals\">",
            "<details class=\"totals-more\"><summary>4 more figures</summary>",
        ],
    );
}

#[test]
fn in_place_of_the_calculator_builds_stand_without_their_formulas() {
    let page = Site::bicycles().read("plan/index.html");
    let all = between(&page, "class=\"calc-static\"", "</section>");
    assert!(all.contains("It weighs 1,216\u{a0}kg.") && all.contains("1 rule met"));
    assert!(!all.contains("total.weight &lt; 100 kg"), "{all}");
}

#[test]
fn a_total_says_what_it_is_at_least() {
    let page = Site::bicycles().read("plan/index.html");
    let build = between(&page, "id=\"build-both\"", "</section>");
    let price = between(build, "<dt>All of it</dt>", "</div>");
    in_order(
        price,
        &["from </span>", "€1,900.00", "Without a price: Coast."],
    );
    // What falls with a price is not said to be at least something.
    let left = between(build, "<dt>Left of 5000</dt>", "</div>");
    assert!(left.contains("unknown") && !left.contains("from"), "{left}");
    // Numbers stand under numbers: the unit is apart.
    let (_, totals) = build.split_once("<dl class=\"totals\">").expect("totals");
    let weight = between(totals, "<dt>Weight</dt><dd>", "</div>");
    in_order(weight, &["1,216<span class=\"unit\">\u{a0}kg<"]);
}

#[test]
fn the_terminal_says_it_too() {
    let site = Site::bicycles();
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["calc", "--build", "both", "--no-cache", "--root"])
        .arg(site.folder.path())
        .output()
        .expect("it starts");
    let said = String::from_utf8(output.stdout).expect("UTF-8");
    in_order(
        &said,
        &[
            "All of it     from €1,900.00 (without a price: Coast)\n",
            "Left of 5000  unknown: `Price` of `Coast` is not given\n",
            "1 rule met\n",
        ],
    );
}

#[test]
fn reasons_have_the_names_that_readers_know() {
    let site = Site::bicycles();
    let page = site.read("plan/index.html");
    let weight = between(&page, "It weighs 1,216\u{a0}kg.", "</li>");
    in_order(weight, &["<dt>Weight</dt>", "<dd>1,216\u{a0}kg</dd>"]);
    let page = site.read("bikes/index.html");
    let claim = between(&page, "class=\"claims\"", "</ul>");
    in_order(
        claim,
        &[
            "The Steppe is lighter",
            "<details class=\"why\">",
            "<dt>Steppe, Weight</dt><dd>16\u{a0}kg</dd>",
        ],
    );
    assert!(page.contains("<br>Coast, Weight: 1,200\u{a0}kg"), "{page}");
}

#[test]
fn components_that_a_table_shows_are_folded_without_what_nobody_knows() {
    let page = Site::bicycles().read("bikes/index.html");
    assert!(page.contains("<p class=\"entries-title\">"), "{page}");
    let entry = between(&page, "<details class=\"entry\"", "</details>");
    in_order(
        entry,
        &[
            ">Coast</h2></summary>",
            "id=\"coast\"",
            "<dt>Weight</dt>",
            "<dt>Price</dt>",
        ],
    );
    assert!(!entry.starts_with(" open"), "{entry}");
    assert!(!entry.contains("Luggage"), "{entry}");

    let bare = BIKES.replace(
        "```compare\ncategory = \"bike\"\ncolumns = [\"weight\", \"price\"]\n```",
        "",
    );
    let site = Site::new(&[("rigbook.toml", CONFIG), ("content/bikes/_index.md", &bare)]);
    let page = site.read("bikes/index.html");
    assert!(
        page.contains("<details class=\"entry\" open>"),
        "no table shows them"
    );
}

#[test]
fn an_origin_that_most_figures_share_is_said_once() {
    let fields: String = (1..=6)
        .map(|n| format!("f{n} = {{ type = \"integer\" }}\n"))
        .collect();
    let section = format!(
        "+++\ntitle = \"Lamps\"\n[category]\nid = \"lamp\"\n[category.fields]\n{fields}+++\n"
    );
    let lamp = |last: &str| {
        let figures: String = (1..=5).map(|n| format!("f{n} = {n}\n")).collect();
        let given = format!(
            "+++\ntitle = \"Lamp\"\n[component]\nsource = \"the maker\"\nas_of = 2026-01-02\n{figures}f6 = {last}\n+++\n"
        );
        let site = Site::new(&[
            ("rigbook.toml", CONFIG),
            ("content/lamps/_index.md", &section),
            ("content/lamps/lamp.md", &given),
        ]);
        site.read("lamps/lamp/index.html")
    };
    let page = lamp("{ value = 6, source = \"a shop\" }");
    let sheet = between(&page, "class=\"spec-sheet\"", "</section>");
    in_order(
        sheet,
        &[
            "Source, where no other is given: the maker, <time>2026-01-02</time>.",
            "<dd>1</dd></div>",
            "<dd>5</dd></div>",
            "<dd>6</dd><dd>a shop, <time>2026-01-02</time></dd>",
        ],
    );
}

#[test]
fn a_bracket_stays_with_its_figure() {
    let page = Site::bicycles().read("bikes/index.html");
    let text = between(&page, "<p>All weigh", "</p>");
    in_order(
        text,
        &[
            ", (<span class=\"together\">(<button",
            "32\u{a0}kg</button>",
            "</span></span>) or (<a",
            "</a>)).",
        ],
    );
}

#[test]
fn the_side_by_side_page_belongs_to_its_section() {
    let site = Site::bicycles();
    let page = site.read("compare/bike/index.html");
    let crumbs = between(&page, "class=\"breadcrumbs\"", "</nav>");
    in_order(
        crumbs,
        &["href=\"../../\">Start<", "href=\"../../bikes/\">Bikes<"],
    );
    assert!(
        !page.contains("data-key=\"load\""),
        "nobody knows the luggage"
    );
    let graph = site.json_ld("compare/bike/index.html");
    let trail = graph[0]["itemListElement"].as_array().expect("a trail");
    let names: Vec<_> = trail.iter().map(|item| &item["name"]).collect();
    assert_eq!(names, ["Start", "Bikes", "Bikes side by side"]);
    assert_eq!(trail[2]["item"], "https://example.org/b/compare/bike/");
}

#[test]
fn a_missing_page_leads_on() {
    let page = Site::bicycles().read("404.html");
    let nav = between(&page, "id=\"site-nav\"", "</nav>");
    in_order(
        nav,
        &["href=\"/b/bikes/\">Bikes<", "href=\"/b/plan/\">Plan<"],
    );
    assert!(page.contains("class=\"button js-only search-open-here\""));
}

/// A component on a page of its own, with a price and maybe its date.
fn priced(price: &str) -> String {
    format!(
        "+++\ntitle = \"Norden\"\ndescription = \"For snow & <ice>.\"\naliases = [\"/old/norden/\", \"norden.html\"]\n[component]\nprice = {price}\n+++\n"
    )
}

#[test]
fn structured_data_is_whole() {
    let site = |price: &str| {
        Site::new(&[
            ("rigbook.toml", CONFIG),
            ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n"),
            ("content/bikes/_index.md", BIKES),
            ("content/bikes/norden.md", &priced(price)),
        ])
    };
    let dated = site("{ value = \"2400.50 EUR\", as_of = 2026-02-03 }");
    let graph = dated.json_ld("bikes/norden/index.html");
    let [crumbs, product] = graph.as_slice() else {
        panic!("{graph:?}");
    };
    assert_eq!(crumbs["@type"], "BreadcrumbList");
    let items = crumbs["itemListElement"].as_array().expect("a list");
    let shown: Vec<_> = (items.iter())
        .map(|i| {
            (
                i["position"].as_u64(),
                i["name"].as_str(),
                i["item"].as_str(),
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            (Some(1), Some("Start"), Some("https://example.org/b/")),
            (Some(2), Some("Bikes"), Some("https://example.org/b/bikes/")),
            (
                Some(3),
                Some("Norden"),
                Some("https://example.org/b/bikes/norden/")
            ),
        ]
    );
    let expected = serde_json::json!({
        "@type": "Product", "name": "Norden", "category": "Bikes",
        "url": "https://example.org/b/bikes/norden/",
        "description": "For snow & <ice>.",
        "offers": { "@type": "Offer", "price": "2400.5", "priceCurrency": "EUR", "validFrom": "2026-02-03" },
    });
    assert_eq!(*product, expected);
    // A price that nobody dated is no offer, and a product without one is none.
    let undated = site("\"2400 EUR\"").json_ld("bikes/norden/index.html");
    let kinds: Vec<_> = undated.iter().map(|item| &item["@type"]).collect();
    assert_eq!(kinds, ["BreadcrumbList"]);
    assert!(
        dated.json_ld("index.html").is_empty(),
        "the front page is no trail"
    );
}

#[test]
fn former_addresses_lead_to_the_page() {
    let site = Site::new(&[
        ("rigbook.toml", CONFIG),
        ("content/bikes/_index.md", BIKES),
        ("content/bikes/norden.md", &priced("\"2400 EUR\"")),
    ]);
    for (path, way) in [
        ("old/norden/index.html", "../../bikes/norden/"),
        ("norden.html", "./bikes/norden/"),
    ] {
        let page = site.read(path);
        for part in [
            format!("<meta http-equiv=\"refresh\" content=\"0; url={way}\">"),
            format!("<a href=\"{way}\">Norden</a>"),
            "<link rel=\"canonical\" href=\"https://example.org/b/bikes/norden/\">".to_owned(),
        ] {
            assert!(page.contains(&part), "{path} lacks {part:?}:\n{page}");
        }
        // That would take the new address out of the results, too.
        assert!(!page.contains("noindex"), "{page}");
    }
    assert!(!site.read("sitemap.xml").contains("old/norden"));
}

#[test]
fn html_is_resolved_however_it_is_written_and_foreign_images_are_left_out() {
    let html = r#"<p><A HREF=../page.md#alone>a</A>
<a
href='../page.md'
>b</a> <img src="//example.org/x.png" alt="1 > 0" src=x>c <img SRC = /pic.svg alt=""></p>
"#;
    let site = Site::new(&[
        ("rigbook.toml", CONFIG),
        ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n"),
        ("content/page.md", "# Page\n\n## Alone\n"),
        ("content/in/html.md", &format!("# Html\n\n{html}")),
        (
            "static/pic.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
    ]);
    let text = site.read("in/html/index.html");
    let body = between(&text, "<p><a href=\"../../page/", "</p>");
    assert_eq!(
        body,
        "#alone\">a</a>\n<a href=\"../../page/\">b</a> c <img src=\"../../pic.svg\" alt=\"\">"
    );
}

#[test]
fn a_missing_image_is_no_page_and_one_heading_needs_no_contents() {
    let page = "+++\ntitle = \"Page\"\n+++\n\n## Alone\n\nText.\n";
    let two = "+++\ntitle = \"Two\"\n+++\n\n## One\n\n## Two\n";
    let home = ("content/_index.md", "+++\ntitle = \"Start\"\n+++\n");
    let site = Site::new(&[
        ("rigbook.toml", CONFIG),
        home,
        ("content/page.md", page),
        ("content/two.md", two),
    ]);
    assert!(!site.read("page/index.html").contains("On this page"));
    assert!(site.read("two/index.html").contains("On this page"));
    let root = site.folder.path();
    fs::write(root.join("content/page.md"), "![Page](page.jpg)\n").expect("written");
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--root"])
        .arg(root)
        .output()
        .expect("it starts");
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(
        said.contains("page.jpg") && !said.contains("did you mean"),
        "{said}"
    );
}
