//! What changed between two editions, told by `rigbook diff` and by the page:
//! figures with their movement, and everything else of the guide's data.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::fs;
use std::path::Path;
use std::process::Command;

/// A file of edition 1 and of edition 2; the same text for both, or one each.
struct Editions {
    folder: tempfile::TempDir,
}

impl Editions {
    fn new() -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let editions = Self { folder };
        editions.write(
            "rigbook.toml",
            "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\ntitle = \"Second\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\ntitle = \"First\"\npath = \"versions/1\"\n",
        );
        editions.write("versions/1/rigbook.toml", "title = \"Bicycles\"\n");
        editions
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    /// A page of both editions.
    fn page(&self, path: &str, old: &str, new: &str) {
        self.write(&format!("versions/1/content/{path}"), old);
        self.write(&format!("content/{path}"), new);
    }

    /// A category of bicycles with these fields, and a bicycle with these
    /// figures.
    fn bike(&self, fields: (&str, &str), figures: (&str, &str)) {
        let section = |fields| {
            format!(
                "+++\ntitle = \"Bikes\"\n[category]\nid = \"bike\"\n[category.fields]\n{fields}\n+++\n"
            )
        };
        let bike = |figures| format!("+++\ntitle = \"Steppe\"\n[component]\n{figures}\n+++\n");
        self.page("bikes/_index.md", &section(fields.0), &section(fields.1));
        self.page("bikes/steppe.md", &bike(figures.0), &bike(figures.1));
    }

    fn run(&self, arguments: &[&str]) -> String {
        run(self.folder.path(), arguments)
    }

    fn diff(&self) -> String {
        self.run(&["diff", "1", "2"])
    }

    fn json(&self) -> serde_json::Value {
        let text = self.run(&["diff", "1", "2", "--format", "json"]);
        serde_json::from_str(&text).expect("JSON")
    }

    fn built(&self, path: &str) -> String {
        self.run(&["build", "--no-cache", "--strict"]);
        let path = self.folder.path().join("public").join(path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }
}

fn run(root: &Path, arguments: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(arguments)
        .arg("--root")
        .arg(root)
        .output()
        .expect("it starts");
    let err = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{err}");
    String::from_utf8_lossy(&output.stdout).replace('\u{a0}', " ")
}

fn check(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "lacks {part:?}:\n{text}");
    }
}

#[test]
fn a_figure_moves_in_its_unit_and_by_what_is_shown() {
    let quantity = |unit: &str, more: &str| {
        format!("x = {{ type = \"quantity\", unit = \"{unit}\", label = \"X\"{more} }}")
    };
    let money =
        |more: &str| format!("x = {{ type = \"money\", unit = \"EUR\", label = \"X\"{more} }}");
    let set = "x = { type = \"set\", options = [\"a\", \"b\", \"c\"], label = \"X\" }".to_owned();
    for (old, new, from, to, wanted) in [
        // Nothing is hidden by rounding.
        (
            money(""),
            money(""),
            "10000 EUR",
            "10000.50 EUR",
            "(+€0.50, +0.005%)",
        ),
        // Of two units, the newer.
        (
            quantity("g", ""),
            quantity("kg", ", decimals = 2"),
            "1650 g",
            "1.7 kg",
            "1.65 kg → 1.7 kg (+0.05 kg, +3%)",
        ),
        (
            quantity("g", ""),
            quantity("kg", ", decimals = 1"),
            "1654 g",
            "1.7 kg",
            "1.65 kg → 1.7 kg (+0.05 kg, +2.8%)",
        ),
        (
            quantity("°F", ""),
            quantity("°F", ""),
            "100 °F",
            "110 °F",
            "100 °F → 110 °F (+10 °F)",
        ),
        (
            quantity("°C", ""),
            quantity("°C", ""),
            "45 °C",
            "40 °C",
            "45 °C → 40 °C (−5 °C)",
        ),
        // Shares move by points.
        (
            quantity("%", ""),
            quantity("%", ""),
            "80 %",
            "90 %",
            "80% → 90% (+10 percentage points)",
        ),
        (
            quantity("%", ""),
            quantity("%", ""),
            "81 %",
            "80 %",
            "81% → 80% (−1 percentage point)",
        ),
        (
            set.clone(),
            set,
            "[\"a\", \"b\"]",
            "[\"b\", \"c\"]",
            "a, b → b, c (+c, −a)",
        ),
    ] {
        let editions = Editions::new();
        let figure = |text: &str| match text.starts_with('[') {
            true => format!("x = {text}"),
            false => format!("x = \"{text}\""),
        };
        editions.bike((&old, &new), (&figure(from), &figure(to)));
        check(&editions.diff(), &[wanted]);
    }
}

#[test]
fn a_difference_of_temperatures_is_in_kelvin_for_programs() {
    let editions = Editions::new();
    let field = "x = { type = \"quantity\", unit = \"°F\", label = \"X\" }";
    editions.bike((field, field), ("x = \"100 °F\"", "x = \"109 °F\""));
    let json = editions.json();
    let figure = &json["categories"][0]["components"][0]["figures"][0];
    assert_eq!(figure["difference"]["value"], "5");
    assert_eq!(figure["difference"]["unit"], "K");
}

#[test]
fn what_was_unknown_is_now_known() {
    let field = "x = { type = \"quantity\", unit = \"kg\", label = \"Weight\" }";
    let editions = Editions::new();
    editions.bike((field, field), ("", "x = \"9 kg\""));
    check(&editions.diff(), &["Weight unknown → 9 kg (now known)"]);
    check(
        &editions.built("changes/index.html"),
        &[">now known</span>"],
    );
    editions.bike((field, field), ("x = \"9 kg\"", ""));
    check(&editions.diff(), &["(no longer known)"]);
}

/// A planner of bicycles with these slots, totals and rules.
fn planner(rest: &str) -> String {
    format!(
        "+++\ntitle = \"Planner\"\n[calculator]\ntitle = \"Plan\"\n{rest}\n+++\n\n```calculator\n```\n"
    )
}

#[test]
fn what_a_calculator_says_of_itself_is_compared() {
    let field = "price = { type = \"money\", unit = \"EUR\", label = \"Price\" }";
    let editions = Editions::new();
    editions.bike((field, field), ("price = \"9 EUR\"", "price = \"9 EUR\""));
    let input = |default: &str| {
        format!(
            "[[calculator.inputs]]\nid = \"rides\"\nlabel = \"Rides\"\ndefault = {default}\nmin = 0\nmax = 100\n"
        )
    };
    let rule = |severity: &str, label: &str, message: &str| {
        format!(
            "[[calculator.rules]]\nid = \"dear\"\nlabel = \"{label}\"\nseverity = \"{severity}\"\nrequire = \"total.price < 100 EUR\"\nmessage = \"{message}\"\n"
        )
    };
    let total =
        "[[calculator.totals]]\nid = \"price\"\nlabel = \"Price\"\nformula = \"sum(bike.price)\"\n";
    let slot = |label: &str, max: u32| {
        format!(
            "[[calculator.slots]]\nid = \"bike\"\nlabel = \"{label}\"\ncategory = \"bike\"\nmin = 0\nmax = {max}\n"
        )
    };
    let old = [
        slot("Bike", 2),
        input("5"),
        total.to_owned(),
        rule("note", "Dear", "That is {{ total.price }}."),
    ]
    .concat();
    let new = [
        slot("Bicycles", 4),
        input("7"),
        total.to_owned(),
        rule("error", "Too dear", "It costs {{ total.price }}."),
    ]
    .concat();
    editions.page("planner.md", &planner(&old), &planner(&new));
    check(
        &editions.diff(),
        &[
            "Slots\n  ~ Bicycles\n      label \"Bike\" → \"Bicycles\"\n      limits 0 to 2 → 0 to 4\n",
            "Inputs\n  ~ Rides\n      default 5 → 7\n",
            "Rules\n  ~ error Too dear\n      label \"Dear\" → \"Too dear\"\n      severity note → error\n      message \"That is {{ total.price }}.\" → \"It costs {{ total.price }}.\"\n",
        ],
    );
    let json = editions.json();
    assert_eq!(json["slots"][0]["changes"][1]["what"], "limits");
    assert_eq!(json["rules"][0]["severity"], "error");
    assert_eq!(json["totals"].as_array().map(Vec::len), Some(0));
    check(
        &editions.built("changes/index.html"),
        &[
            "<span class=\"badge badge-error\">error</span> Too dear",
            "message: “That is {{ total.price }}.” → “It costs {{ total.price }}.”",
            "<li>1 rule changed</li>",
            "<li>1 slot changed</li>",
        ],
    );
    // What is new says what it asks for.
    editions.page(
        "planner.md",
        &planner(&[slot("Bike", 2), total.to_owned()].concat()),
        &planner(&new),
    );
    check(
        &editions.diff(),
        &[
            "Rules\n  + error Too dear: total.price < 100 EUR\n      message \"It costs {{ total.price }}.\"\n",
        ],
    );
}

#[test]
fn other_titles_are_told() {
    let editions = Editions::new();
    let field = |label: &str| format!("x = {{ type = \"integer\", label = \"{label}\" }}");
    editions.bike((&field("Gears"), &field("Speeds")), ("x = 9", "x = 9"));
    let section = "+++\ntitle = \"Bicycles\"\n[category]\nid = \"bike\"\n[category.fields]\n";
    editions.write(
        "content/bikes/_index.md",
        &format!("{section}{}\n+++\n", field("Speeds")),
    );
    editions.write(
        "content/bikes/steppe.md",
        "+++\ntitle = \"Steppe II\"\n[component]\nx = 9\n+++\n",
    );
    check(
        &editions.diff(),
        &[
            "Bicycles\n  ~ formerly Bikes\n  ~ field Speeds, formerly Gears\n  ~ Steppe II, formerly Steppe\n",
        ],
    );
    let json = editions.json();
    let category = &json["categories"][0];
    assert_eq!(category["former_title"], "Bikes");
    assert_eq!(category["fields"][0]["former_label"], "Gears");
    assert_eq!(category["components"][0]["former_title"], "Steppe");
    check(
        &editions.built("changes/index.html"),
        &[
            "formerly Bikes",
            "Steppe II</a>, formerly Steppe<",
            "<strong>Columns renamed</strong><span>Speeds (formerly Gears)",
            "<li>1 component renamed</li>",
        ],
    );
}

#[test]
fn a_page_that_comes_with_its_component_is_told_once() {
    let editions = Editions::new();
    let field = "x = { type = \"integer\", label = \"X\" }";
    editions.bike((field, field), ("x = 9", "x = 9"));
    editions.write(
        "content/bikes/coast.md",
        "+++\ntitle = \"Coast\"\n[component]\nx = 7\n+++\n",
    );
    editions.write("content/news.md", "+++\ntitle = \"News\"\n+++\n");
    let text = editions.diff();
    check(&text, &["Bikes\n  + Coast\n", "Pages\n  + News (/news/)\n"]);
    assert_eq!(text.matches("Coast").count(), 1, "{text}");
    assert_eq!(
        editions.json()["pages"]["added"].as_array().map(Vec::len),
        Some(1)
    );
}

#[test]
fn many_changes_are_folded_by_component() {
    let names: Vec<String> = ('a'..='n').map(|name| name.to_string()).collect();
    let fields = |names: &[String]| {
        let field = |name: &String| {
            format!(
                "{name} = {{ type = \"integer\", label = \"{}\" }}\n",
                name.to_uppercase()
            )
        };
        names.iter().map(field).collect::<String>()
    };
    let figures = |names: &[String], value: u32| {
        names
            .iter()
            .map(|name| format!("{name} = {value}\n"))
            .collect::<String>()
    };
    let page = |names: &[String]| {
        let editions = Editions::new();
        let fields = fields(names);
        editions.bike((&fields, &fields), (&figures(names, 4), &figures(names, 5)));
        editions.built("changes/index.html")
    };
    let fold = "<details class=\"details change-fold\" id=\"changes.bike.steppe\"";
    let many = page(&names);
    check(
        &many,
        &[
            &format!("{fold}><summary>"),
            "; 13 more</span></summary>",
            "<tr id=\"changes.bike.steppe.a\"><th scope=\"row\">A</th>",
        ],
    );
    check(&page(&names[..3]), &[&format!("{fold} open><summary>")]);
    // The author's own page has the same counts.
    let editions = Editions::new();
    editions.bike(
        (&fields(&names), &fields(&names)),
        (&figures(&names, 4), &figures(&names, 5)),
    );
    editions.write(
        "content/news.md",
        "+++\ntitle = \"News\"\n+++\n\n```changes\n```\n",
    );
    check(
        &editions.built("news/index.html"),
        &["<ul class=\"changes-summary\"><li>14 figures changed</li>"],
    );
}

#[test]
fn a_build_says_which_parts_came_went_and_are_more() {
    let field = "price = { type = \"money\", unit = \"EUR\", label = \"Price\" }";
    let editions = Editions::new();
    editions.bike((field, field), ("price = \"9 EUR\"", "price = \"9 EUR\""));
    let bike = |more: &str, title: &str| {
        format!("+++\ntitle = \"{title}\"\n[component]\n{more}price = \"5 EUR\"\n+++\n")
    };
    for id in ["coast", "dune"] {
        let text = bike("", id);
        editions.page(&format!("bikes/{id}.md"), &text, &text);
    }
    editions.write("versions/1/content/bikes/norden.md", &bike("", "Norden"));
    editions.write(
        "content/bikes/norden-ii.md",
        &bike("former = [\"norden\"]\n", "Norden II"),
    );
    let slot = "[[calculator.slots]]\nid = \"bike\"\ncategory = \"bike\"\nmax = 9\n[[calculator.totals]]\nid = \"price\"\nlabel = \"Price\"\nformula = \"sum(bike.price)\"\n";
    editions.page("planner.md", &planner(slot), &planner(slot));
    let build = |parts: &str| {
        format!("+++\ntitle = \"Club\"\n[build]\nparts = {{ bike = [{parts}] }}\n+++\n")
    };
    editions.page(
        "club.md",
        &build("{ id = \"steppe\", quantity = 2 }, \"norden\", \"coast\""),
        &build("{ id = \"steppe\", quantity = 3 }, \"norden-ii\", \"dune\""),
    );
    let text = editions.diff();
    check(
        &text,
        &[
            "Builds\n  ~ Club\n      - bike: coast\n      + bike: dune\n      ~ bike: Steppe 2 → 3\n\n",
            "Totals of builds\n  ~ Club: Price €28.00 → €37.00",
        ],
    );
    let json = editions.json();
    let build = &json["builds"][0];
    assert_eq!(build["parts_added"][0]["component"], "dune");
    assert_eq!(build["parts_changed"][0]["to"], 3);
    assert_eq!(build["parts_removed"].as_array().map(Vec::len), Some(1));
    check(
        &editions.built("changes/index.html"),
        &[
            "out: <a href=\"../bikes/coast/\">",
            "<span class=\"change-trait\"><a href=\"../bikes/steppe/\">Steppe</a>: 2 → 3</span>",
        ],
    );
}
