//! What has another name in a later edition: redirects, the page about changes,
//! and a word to the author who renamed without saying so.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

const CONFIG: &str = "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\nstatus = \"archived\"\npath = \"versions/1\"\n";

/// A site with two editions.
struct Site {
    folder: tempfile::TempDir,
}

impl Site {
    /// `old` are files of the first edition, `new` of the second.
    fn new(old: &[(&str, &str)], new: &[(&str, &str)]) -> Self {
        let site = Self {
            folder: tempfile::tempdir().expect("a folder"),
        };
        site.write("rigbook.toml", CONFIG);
        site.write("versions/1/rigbook.toml", "title = \"Bicycles\"\n");
        for (path, text) in old {
            site.write(&format!("versions/1/content/{path}"), text);
        }
        for (path, text) in new {
            site.write(&format!("content/{path}"), text);
        }
        site
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }

    fn run(&self, args: &[&str]) -> (String, i32) {
        let Output {
            status,
            stdout,
            stderr,
        } = Command::new(env!("CARGO_BIN_EXE_rigbook"))
            .args(args)
            .args(["--no-cache", "--root"])
            .arg(self.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("it starts");
        let said = [stdout, stderr].map(|bytes| String::from_utf8(bytes).expect("UTF-8"));
        (said.concat(), status.code().expect("it ends by itself"))
    }

    fn build(&self) {
        let (said, code) = self.run(&["build"]);
        assert_eq!(code, 0, "{said}");
    }

    fn read(&self, path: &str) -> String {
        let path = self.path().join("public").join(path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    }
}

#[track_caller]
fn assert_has(text: &str, parts: &[&str]) {
    for part in parts {
        assert!(text.contains(part), "lacks {part:?}:\n{text}");
    }
}

fn category(id: &str, more: &str) -> String {
    format!(
        "+++\ntitle = \"Bikes\"\n[category]\nid = \"{id}\"\n{more}[category.fields]\nprice = {{ type = \"money\", unit = \"EUR\" }}\ngears = {{ type = \"integer\" }}\nload = {{ type = \"quantity\", unit = \"kg\" }}\n+++\n"
    )
}

fn component(title: &str, figures: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n[component]\n{figures}+++\n")
}

const FIGURES: &str = "price = \"900 EUR\"\ngears = 9\nload = \"60 kg\"\n";

fn calculator(category: &str) -> String {
    format!(
        "+++\ntitle = \"Plan\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"{category}\"\n[[calculator.totals]]\nid = \"price\"\nformula = \"ride.price\"\n+++\n"
    )
}

fn preset(title: &str, more: &str) -> String {
    format!("+++\ntitle = \"{title}\"\n[build]\n{more}parts = {{ ride = \"steppe\" }}\n+++\n")
}

/// The category, its folder and a preset are called otherwise now, and the
/// price is another.
fn renamed(category_former: &str, build_former: &str) -> Site {
    let (old, new) = (category("bike", ""), category("cycle", category_former));
    let steppe = component("Steppe", FIGURES);
    let other = component("Coast", FIGURES);
    let dearer = component("Steppe", &FIGURES.replace("900", "990"));
    let (plan, plan_now) = (calculator("bike"), calculator("cycle"));
    let (cheap, frugal) = (preset("Cheap", ""), preset("Cheap", build_former));
    Site::new(
        &[
            ("bikes/_index.md", &old),
            ("bikes/steppe.md", &steppe),
            ("bikes/coast.md", &other),
            ("plan.md", &plan),
            ("presets/cheap.md", &cheap),
        ],
        &[
            ("cycles/_index.md", &new),
            ("cycles/steppe.md", &dearer),
            ("cycles/coast.md", &other),
            ("plan.md", &plan_now),
            ("presets/frugal.md", &frugal),
        ],
    )
}

#[test]
fn a_renamed_category_and_a_renamed_preset_are_the_same_ones() {
    let site = renamed("former = [\"bike\"]\n", "former = [\"cheap\"]\n");
    site.build();
    for (from, to) in [
        ("bikes/index.html", "../cycles/"),
        ("bikes/steppe/index.html", "../../cycles/steppe/"),
        ("compare/bike/index.html", "../cycle/"),
        ("presets/cheap/index.html", "../frugal/"),
    ] {
        assert_has(&site.read(from), &[&format!("content=\"0; url={to}\"")]);
    }
    let changes = site.read("changes/index.html");
    assert_has(
        &changes,
        &[
            "formerly <code>bike</code>",
            "€900.00",
            "formerly <code>cheap</code>",
            "Moved",
        ],
    );
    assert!(!changes.contains("Categories removed"), "{changes}");
    assert!(!changes.contains("<strong>Added</strong>"), "{changes}");
    // The switcher keeps the page both ways, and so does the old page's link.
    assert_has(
        &site.read("cycles/steppe/index.html"),
        &["../../1/bikes/steppe/"],
    );
    assert_has(
        &site.read("1/bikes/steppe/index.html"),
        &["../../../cycles/steppe/"],
    );
    assert_has(
        &site.read("1/compare/bike/index.html"),
        &["../../../compare/cycle/"],
    );
    assert_has(
        &site.read("1/presets/cheap/index.html"),
        &["../../../presets/frugal/"],
    );
    assert_has(&site.read("cycles/steppe/index.html"), &["id=\"history\""]);
    let (said, _) = site.run(&["diff", "1", "2"]);
    assert_has(
        &said,
        &[
            "~ formerly (bike → cycle)",
            "(cheap → frugal)",
            "Totals of builds",
        ],
    );
}

#[test]
fn an_edition_without_a_title_is_called_an_edition() {
    let site = renamed("", "");
    site.build();
    assert_has(
        &site.read("1/bikes/steppe/index.html"),
        &["You are reading Edition 1."],
    );
    site.write("rigbook.toml", &CONFIG.replace("\"1\"", "\"spring\""));
    site.build();
    assert_has(
        &site.read("spring/bikes/steppe/index.html"),
        &["You are reading spring."],
    );
}

#[test]
fn without_a_former_id_they_are_others() {
    let site = renamed("", "");
    let (said, _) = site.run(&["diff", "1", "2"]);
    assert_has(
        &said,
        &["Bikes (added)", "Bikes (removed)", "+ Cheap", "- Cheap"],
    );
}

#[test]
fn a_former_id_belongs_to_one_alone() {
    let site = renamed("former = [\"bike\"]\n", "former = [\"cheap\"]\n");
    site.write("content/other/_index.md", &category("bike", ""));
    let (said, code) = site.run(&["check"]);
    assert_eq!(code, 1, "{said}");
    assert_has(&said, &["two categories have the id `bike`"]);
}

#[test]
fn an_old_name_is_answered_with_the_new_one() {
    let site = renamed("former = [\"bike\"]\n", "former = [\"cheap\"]\n");
    site.write(
        "content/text.md",
        "+++\ntitle = \"T\"\n+++\n\n{{ bike.steppe.price }} {{ build.cheap.total.price }}\n",
    );
    let (said, _) = site.run(&["check"]);
    assert_has(
        &said,
        &["it is called `cycle` now", "it is called `frugal` now"],
    );
}

#[test]
fn strengths_and_weaknesses_that_changed_are_told() {
    let (old, new) = (category("bike", ""), category("bike", ""));
    let before = component(
        "Steppe",
        "price = \"900 EUR\"\npros = [\"Quick\", \"Loud bell\"]\n",
    );
    let after = component(
        "Steppe",
        "price = \"900 EUR\"\npros = [\"Loud bell\"]\ncons = [\"Heavy & slow\"]\n",
    );
    let site = Site::new(
        &[("bikes/_index.md", &old), ("bikes/steppe.md", &before)],
        &[("bikes/_index.md", &new), ("bikes/steppe.md", &after)],
    );
    site.build();
    let page = site.read("changes/index.html");
    assert_has(
        &page,
        &[
            "1 strength changed",
            "1 weakness changed",
            "<strong>Gone</strong><span>Quick</span>",
            "<strong>New</strong><span>Heavy &amp; slow</span>",
        ],
    );
    assert!(!page.contains("Loud bell"), "{page}");
    let (said, _) = site.run(&["diff", "1", "2"]);
    assert_has(
        &said,
        &["    - Strengths Quick\n", "    + Weaknesses Heavy & slow\n"],
    );
}

/// Names that changed without a word.
fn unsaid(site: &Site) -> String {
    let (said, code) = site.run(&["check"]);
    assert_eq!(code, 0, "{said}");
    said
}

#[test]
fn a_rename_that_nothing_tells_of_is_found() {
    let found = unsaid(&renamed("", ""));
    assert_has(
        &found,
        &[
            "warning[unsaid-rename]: category `cycle` looks like what edition `1` calls `bike`",
            "content/cycles/_index.md:4:6",
            "write in `[category]`: `former = [\"bike\"]`",
            "build `frugal` looks like what edition `1` calls `cheap`",
            "write in its table: `former = [\"cheap\"]`",
        ],
    );
    let found = unsaid(&renamed("former = [\"bike\"]\n", "former = [\"cheap\"]\n"));
    assert!(!found.contains("unsaid-rename"), "{found}");
}

#[test]
fn a_renamed_component_or_field_is_found_and_a_successor_is_not() {
    let was = category("bike", "");
    let is = was.replace("gears =", "speeds =");
    let all = [
        ("bikes/_index.md", was.as_str()),
        ("bikes/steppe.md", &component("Steppe", FIGURES)),
        (
            "bikes/coast.md",
            &component("Coast", "price = \"500 EUR\"\ngears = 3\n"),
        ),
        (
            "bikes/alp.md",
            &component("Alp", "price = \"700 EUR\"\ngears = 3\n"),
        ),
    ];
    let speeds = |text: &str| text.replace("gears =", "speeds =");
    // The file of Steppe is renamed; Coast II comes for Coast; Alp stays.
    let coast = component("Coast II", "price = \"610 EUR\"\nspeeds = 5\n");
    let site = Site::new(
        &all,
        &[
            ("bikes/_index.md", &is),
            (
                "bikes/steppe-300.md",
                &component("Steppe 300", &speeds(FIGURES)),
            ),
            ("bikes/coast-2.md", &coast),
            (
                "bikes/alp.md",
                &component("Alp", "price = \"700 EUR\"\nspeeds = 3\n"),
            ),
        ],
    );
    let found = unsaid(&site);
    assert_has(
        &found,
        &["component `steppe-300` looks like what edition `1` calls `steppe`"],
    );
    assert!(!found.contains("coast"), "{found}");
    // One component is too little to tell a field by.
    assert!(!found.contains("field `speeds`"), "{found}");
    let labelled = is.replace(
        "type = \"integer\"",
        "type = \"integer\", label = \"Gears\"",
    );
    site.write("content/bikes/_index.md", &labelled);
    let found = unsaid(&site);
    assert_has(
        &found,
        &["field `speeds` looks like", "`former = [\"gears\"]`"],
    );
    let allowed = labelled.replace("speeds =", "# rigbook: allow unsaid-rename\nspeeds =");
    site.write("content/bikes/_index.md", &allowed);
    assert!(!unsaid(&site).contains("field `speeds`"));
}

#[test]
fn a_page_that_moved_is_found_by_its_title_or_text() {
    let page = |title: &str, text: &str| format!("+++\ntitle = \"{title}\"\n+++\n\n{text}\n");
    let site = Site::new(
        &[
            ("care.md", &page("Care", "Oil the chain.")),
            ("tyres.md", &page("Tyres", "Pump them up.")),
            ("bells.md", &page("Bells", "Ring them.")),
        ],
        &[
            ("use/care.md", &page("Care", "Oil the chain every month.")),
            ("use/wheels.md", &page("Wheels", "Pump them up.")),
            ("use/horns.md", &page("Horns", "Blow them.")),
        ],
    );
    let found = unsaid(&site);
    assert_eq!(found.matches("unsaid-rename]").count(), 2, "{found}");
    assert_has(
        &found,
        &[
            "this page looks like what edition `1` calls `/care/`",
            "write in its front matter: `aliases = [\"/tyres/\"]`",
        ],
    );
}

/// Components with lights, gears and seats, and nothing that tells them apart.
fn plain(rest: &str) -> String {
    format!(
        "+++\ntitle = \"Bikes\"\n[category]\nid = \"bike\"\n[category.fields]\nlights = {{ type = \"bool\" }}\ngears = {{ type = \"integer\" }}\nseats = {{ type = \"integer\" }}\n{rest}+++\n"
    )
}

fn entries(names: &[&str], figures: &str) -> String {
    let entry =
        |name: &&str| format!("[[components]]\nid = \"{name}\"\ntitle = \"The {name}\"\n{figures}");
    names.iter().map(entry).collect()
}

#[test]
fn what_agrees_in_little_is_another() {
    let figures = "lights = true\ngears = 9\nseats = 1\n";
    let (old, new) = (
        plain(&entries(&["steppe", "coast"], figures)),
        plain(&entries(&["coast", "mountain"], figures)),
    );
    let of = |old: &str, new: &str| {
        unsaid(&Site::new(
            &[("bikes/_index.md", old)],
            &[("bikes/_index.md", new)],
        ))
    };
    let found = of(&old, &new);
    assert!(!found.contains("unsaid-rename"), "{found}");
    // Nor are the fields: all components have lights, and two have one seat.
    for (was, is) in [("lights", "bell"), ("seats", "locks")] {
        let new = old.replace(was, is);
        let found = of(&old, &new);
        assert!(!found.contains("unsaid-rename"), "{was}: {found}");
    }
}

#[test]
fn of_two_that_are_alike_none_is_guessed() {
    let bikes = category("bike", "");
    let steppe = component("Steppe", FIGURES);
    let with = |title: &str| component(title, FIGURES);
    let other = component("Coast", "price = \"500 EUR\"\n");
    let site = Site::new(
        &[
            ("bikes/_index.md", &bikes),
            ("bikes/steppe.md", &steppe),
            ("bikes/coast.md", &other),
        ],
        &[
            ("bikes/_index.md", &bikes),
            ("bikes/coast.md", &other),
            ("bikes/plain.md", &with("Plain")),
            ("bikes/hill.md", &with("Hill")),
        ],
    );
    assert!(!unsaid(&site).contains("unsaid-rename"));
    // A title is surer than figures.
    site.write("content/bikes/hill.md", &with("Steppe"));
    let found = unsaid(&site);
    assert_has(&found, &["component `hill` looks like"]);
    assert_eq!(found.matches("unsaid-rename]").count(), 1, "{found}");
}

#[test]
fn a_diff_tells_apart_what_has_one_title() {
    let site = renamed("former = [\"bike\"]\n", "former = [\"cheap\"]\n");
    let other = component("Steppe", FIGURES);
    fs::remove_file(site.path().join("content/cycles/steppe.md")).expect("there");
    site.write("content/cycles/plain.md", &other);
    let preset = preset("Cheap", "former = [\"cheap\"]\n").replace("\"steppe\"", "\"plain\"");
    site.write("content/presets/frugal.md", &preset);
    let fields = category("cycle", "former = [\"bike\"]\n");
    let fields = fields.replace(
        "gears = { type = \"integer\" }",
        "speeds = { type = \"integer\", label = \"Gears\" }",
    );
    site.write("content/cycles/_index.md", &fields);
    site.write("content/cycles/plain.md", &other.replace("gears", "speeds"));
    site.write(
        "content/cycles/coast.md",
        &component("Coast", FIGURES).replace("gears", "speeds"),
    );
    let (said, _) = site.run(&["diff", "1", "2"]);
    assert_has(
        &said,
        &[
            "+ Steppe (plain)",
            "- ride: Steppe (steppe)",
            "+ ride: Steppe (plain)",
            "+ field Gears (speeds)",
            "- field Gears (gears)",
        ],
    );
}
