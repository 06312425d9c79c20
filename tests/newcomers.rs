//! Mistakes that newcomers make: each message says what to do.

use std::fs;
use std::path::Path;
use std::process::Command;

/// What `check` prints of a site with the bicycles of the reference's examples
/// and one page.
fn findings(page: &str) -> String {
    findings_of("example.md", page)
}

/// The same with the page at a path.
fn findings_of(path: &str, page: &str) -> String {
    findings_in(&[(path, page)])
}

/// The same with several pages.
fn findings_in(pages: &[(&str, &str)]) -> String {
    findings_as("human", pages)
}

fn findings_as(format: &str, pages: &[(&str, &str)]) -> String {
    let site = tempfile::tempdir().expect("temporary folder");
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes/base.md");
    fs::create_dir_all(site.path().join("content/bikes")).expect("writable");
    fs::copy(base, site.path().join("content/bikes/_index.md")).expect("writable");
    fs::write(site.path().join("rigbook.toml"), "title = \"Bicycles\"\n").expect("writable");
    for (path, page) in pages {
        let path = site.path().join("content").join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, page).expect("writable");
    }
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--strict", "--no-cache", "--format", format])
        .arg("--root")
        .arg(site.path())
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    assert_eq!(output.status.code(), Some(1), "a mistake is found");
    String::from_utf8(output.stdout).expect("UTF-8")
}

fn check(page: &str, expected: &[&str]) {
    let found = findings(page);
    for part in expected {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
}

fn component(figures: &str) -> String {
    format!("+++\ntitle = \"Coast\"\n[component]\ncategory = \"bike\"\n{figures}\n+++\n")
}

fn body(text: &str) -> String {
    format!("+++\ntitle = \"Example\"\n+++\n\n{text}\n")
}

#[test]
fn a_figure_without_its_unit() {
    check(
        &component("weight = 12"),
        &["example.md:5:10", "help: write `\"12 kg\"`"],
    );
}

#[test]
fn a_figure_in_a_unit_of_another_kind() {
    check(
        &component("weight = \"1200 EUR\""),
        &["is measured in `kg`, found `EUR`"],
    );
}

#[test]
fn a_misspelt_unit_is_taken_for_none_of_another_kind() {
    check(
        &component("weight = \"12 kmh\""),
        &["there is no unit `kmh`", "help: this field is in `kg`"],
    );
    check(
        &component("weight = \"12 gx\""),
        &["help: did you mean `g`?"],
    );
}

#[test]
fn a_price_with_a_sign_or_a_comma() {
    check(
        &component("price = \"$1900\""),
        &["write money with its ISO code"],
    );
    check(&component("price = \"1,900 EUR\""), &["no commas"]);
}

#[test]
fn a_misspelt_field() {
    check(
        &component("wieght = \"12 kg\""),
        &["did you mean `weight`?"],
    );
    check(
        &body("```compare\ncategory = \"bike\"\ncolumns = [\"wieght\"]\n```"),
        &["did you mean `weight`?"],
    );
}

#[test]
fn a_component_outside_of_any_category() {
    check(
        "+++\n[component]\nweight = \"2 kg\"\n+++\n",
        &["stands in no category", "declare `[category]`"],
    );
}

#[test]
fn two_components_with_one_id() {
    check(
        &component("id = \"steppe\""),
        &["content/bikes/_index.md:11", "duplicate-id"],
    );
}

#[test]
fn front_matter_without_its_end() {
    check(
        "+++\ntitle = \"Example\"\n\nText\n",
        &["never closed", "help: write a line `+++`"],
    );
}

#[test]
fn yaml_out_of_line() {
    check(
        "---\ntitle: Example\ncomponent:\n  category: bike\n   id: coast\n---\n",
        &["example.md:5", "start in the same column"],
    );
}

#[test]
fn a_misspelt_directive() {
    check(
        &body("```compair\ncategory = \"bike\"\n```"),
        &["error[directive]", "did you mean `compare`?"],
    );
}

#[test]
fn a_formula_without_spaces() {
    check(&body("{{ bike.steppe.weight*2 }}"), &["help: write ` * `"]);
}

#[test]
fn braces_that_are_not_closed() {
    check(
        &body("{{ bike.steppe.weight }"),
        &["for braces as text write"],
    );
}

#[test]
fn kilograms_plus_euros() {
    check(
        &body("{{ bike.steppe.weight + bike.steppe.price }}"),
        &["a number in `kg` (mass)", "a number in `EUR` (money)"],
    );
}

#[test]
fn a_misspelt_component_or_function() {
    check(&body("{{ bike.step.weight }}"), &["did you mean `steppe`?"]);
    check(&body("{{ summ(bike.weight) }}"), &["did you mean `sum`?"]);
}

#[test]
fn a_link_to_nothing() {
    check(
        &body("[bicycles](bikes.md)"),
        &["did you mean `bikes/_index.md`?"],
    );
    check(
        &body("# Weights\n\n[weights](#weight)"),
        &["did you mean `weights`?"],
    );
}

#[test]
fn a_link_to_what_moved_or_has_another_name() {
    let measure = "+++\ntitle = \"How we weigh\"\naliases = [\"/scales/\"]\n+++\n";
    for (link, meant) in [
        ("deep/measure.md", "measure.md"),
        ("mesure.md", "measure.md"),
        ("Bikes/_index.md", "bikes/_index.md"),
        ("bike/tourer.md", "bikes/tourer.md"),
        ("how-we-weigh.md", "measure.md"),
        ("scales.md", "measure.md"),
        ("/scales/", "measure.md"),
        ("bikes/rambler.md", "bikes/tourer.md"),
    ] {
        let page = body(&format!("[it]({link})"));
        let former = "+++\ntitle = \"Tourer\"\n[component]\nformer = [\"rambler\"]\n+++\n";
        let found = findings_in(&[
            ("example.md", &page),
            ("measure.md", measure),
            ("bikes/tourer.md", former),
        ]);
        let help = format!("help: did you mean `{meant}`?");
        assert!(found.contains(&help), "{link}: {found}");
    }
    // A page with some letters in common is no guess.
    let found = findings(&body("[it](bikes/planner.md)"));
    assert!(!found.contains("did you mean"), "{found}");
}

#[test]
fn a_link_to_an_entry_of_a_list_that_is_misspelt() {
    check(
        &body("[it](bikes/_index.md#stepe)"),
        &["did you mean `steppe`?"],
    );
}

#[test]
fn a_formula_with_a_slip_is_no_text_with_braces() {
    let found = findings(&body("{{ sum(bike.weight }}"));
    assert!(!found.contains("for braces as text"), "{found}");
}

#[test]
fn an_element_that_is_left_out_is_told_once() {
    let found = findings(&body("A <marquee>word</marquee>."));
    assert_eq!(found.matches("[unsafe-html]").count(), 1, "{found}");
}

#[test]
fn a_category_where_its_slot_of_another_name_is_meant() {
    let page = "+++\ntitle = \"Plan\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\n[[calculator.totals]]\nid = \"twice\"\nformula = \"2 * bike.weight\"\n+++\n";
    check(page, &["the one that was chosen is `ride.weight`"]);
}

#[test]
fn several_parts_in_one_text() {
    let page = "+++\ntitle = \"Plan\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\nmax = 2\n[[builds]]\nid = \"two\"\nparts = { ride = \"steppe, coast\" }\n+++\n";
    check(
        page,
        &["several stand in a list: `[\"steppe\", \"coast\"]`"],
    );
}

#[test]
fn a_number_with_a_fraction_where_a_whole_one_stands() {
    check(
        "+++\ntitle = \"X\"\nweight = 1.5\n+++\n",
        &["`weight` must be a whole number, found `1.5`"],
    );
}

#[test]
fn front_matter_between_no_lines() {
    for text in [
        "title = \"Coast\"\n\nIt rolls.\n",
        "[component]\nweight = \"9 kg\"\n",
    ] {
        check(text, &["not opened by a line `+++`", "example.md:1:1"]);
    }
}

#[test]
fn a_block_without_keys_whose_name_is_misspelt() {
    check(
        &body("```calculater\n```"),
        &["error[directive]", "did you mean `calculator`?"],
    );
}

#[test]
fn a_name_that_is_declared_no_more_is_one_finding() {
    let page = body(
        "{{ bike.steppe.mass }}, {{ bike.steppe.mass }}, {{ 2 * bike.steppe.mass }}\n\n```compare\ncategory = \"bike\"\ncolumns = [\"mass\"]\nsort = \"mass\"\n```",
    );
    let said = findings(&page);
    assert_eq!(said.matches("error[").count(), 1, "{said}");
    for part in [
        "example.md:5:16",
        "has no field `mass`",
        "and here",
        "it stands in 1 more place",
    ] {
        assert!(said.contains(part), "lacks {part}: {said}");
    }
    // A program that marks them is told all places.
    let said = findings_as("json", &[("example.md", &page)]);
    assert_eq!(said.matches("and here").count(), 4, "{said}");
    // Two may be two slips.
    let said = findings(&body("{{ bike.steppe.mass }}, {{ bike.steppe.mass }}"));
    assert_eq!(said.matches("error[").count(), 2, "{said}");
}

#[test]
fn braces_of_other_programs() {
    let raw = body("{% raw %}Write it so.{% endraw %}");
    check(&raw, &["this tag of a template language", "leave it out"]);
    assert_eq!(findings(&raw).matches("[formula-syntax]").count(), 1);
    check(
        &body("{{< figure src=\"x\" >}}"),
        &["for braces as text write `\\{{`"],
    );
}

#[test]
fn a_link_of_html_to_nothing_however_it_is_written() {
    for html in [
        "<a href=gone.md>x</a>",
        "<A HREF='gone.md'>x</A>",
        "<p>\n<a\nhref=\"gone.md\"\n>x</a></p>",
        "<img alt=\"\" src = gone.png>",
    ] {
        check(&body(html), &["gone.", "leads to no page or file"]);
    }
}

#[test]
fn a_mistake_in_a_diagram() {
    check(
        &body("```mermaid\nflowchrt LR\n  a --> b\n```"),
        &["example.md:6", "flowchart"],
    );
}

#[test]
fn a_mistake_in_a_diagram_after_figures_that_were_filled_in() {
    check(
        &body(
            "```mermaid figures\nflowchart LR\n  A[Costs {{ bike.steppe.price }}] --> B[{{ bike.steppe.weight }}]\n  B --> C[Bad (paren)]\n  C --> D\n```",
        ),
        &["example.md:8:3", "B --> C[Bad (paren)]"],
    );
    // The mistake of the figure is enough.
    let found = findings(&body(
        "```mermaid figures\npie\n  \"A\" : {{ bike.steppe.prize }}\n```",
    ));
    assert!(found.contains("did you mean `price`?"), "{found}");
    assert!(!found.contains("error[diagram]"), "{found}");
}

#[test]
fn a_diagram_that_fills_in_no_figures() {
    let help = "begin it with the line ```` ```mermaid figures ````";
    for line in [
        "flowchart LR\n  A[Costs {{ sum(bike.price) }}] --> B",
        "pie\n  \"A\" : {{ bike.steppe.gears + 1 }}",
    ] {
        check(&body(&format!("```mermaid\n{line}\n```")), &[help]);
    }
    check(
        &body("```mermaid figures\nflowchart LR\n  A[\"{{ bike.steppe.price\"] --> B\n```"),
        &["`{{` has no `}}` on its line", "example.md:7:6"],
    );
}

#[test]
fn a_diagram_in_a_block_that_says_nothing_of_it() {
    check(
        &body("```\nflowchart LR\n  A --> B\n```"),
        &[
            "example.md:5",
            "begin it with the line ```` ```mermaid ````",
        ],
    );
}

#[test]
fn a_shape_or_a_quote_that_a_diagram_lacks() {
    for (diagram, place) in [
        (
            "flowchart LR\n  A --> B\n  A@{ shape: rectt }",
            "example.md:8:14",
        ),
        (
            "stateDiagram-v2\n  [*] --> A\n  state \"a b as c\n  A --> B",
            "example.md:8:3",
        ),
        (
            "flowchart LR\n  B --> C\n  A[{{ 1 + 2 }}] --> B",
            "example.md:8:3",
        ),
    ] {
        check(&body(&format!("```mermaid\n{diagram}\n```")), &[place]);
    }
}

#[test]
fn a_price_in_another_currency() {
    check(
        &component("price = \"1900 USD\""),
        &[
            "found `USD`",
            "help: currencies are never converted: give the amount in `EUR`",
        ],
    );
}

#[test]
fn a_text_without_quotes() {
    check(
        "+++\ntitle = X\n+++\n",
        &["example.md:2:9", "help: texts stand in quotes"],
    );
}

#[test]
fn a_link_from_one_folder_too_deep() {
    check(
        &body("See [it](../bikes/_index.md#steppe)."),
        &["leads out of the site", "did you mean `bikes/_index.md`?"],
    );
}

#[test]
fn yaml_with_tabs() {
    check(
        "---\ntitle: X\ncomponent:\n\tweight: 12 kg\n---\n",
        &[
            "example.md:4:2",
            "help: YAML is indented with spaces, never with tabs",
        ],
    );
}

#[test]
fn a_misspelt_key_of_a_block() {
    check(
        &body("```compare\ncategory = \"bike\"\ncolumn = [\"weight\"]\n```"),
        &[
            "unknown key `column` in a `compare` block",
            "did you mean `columns`?",
        ],
    );
}

#[test]
fn a_column_that_is_no_field() {
    check(
        &body("```compare\ncategory = \"bike\"\ncolumns = [\"wieght\"]\n```"),
        &[
            "has no field `wieght`",
            "the category is declared here",
            "did you mean `weight`?",
        ],
    );
}

#[test]
fn an_image_that_is_not_there() {
    check(
        &body("![A](missing.png)"),
        &["`missing.png` leads to no page or file", "this image"],
    );
}

#[test]
fn an_alias_where_a_page_is() {
    check(
        "+++\ntitle = \"X\"\naliases = [\"/bikes/\"]\n+++\n",
        &[
            "`content/bikes/_index.md` is written already",
            "this one came first",
        ],
    );
}

#[test]
fn a_build_with_a_part_that_nobody_has() {
    check(
        "+++\ntitle = \"X\"\n[build]\nid = \"b\"\ntitle = \"B\"\nparts = { bike = \"stepe\" }\n[calculator]\ntitle = \"C\"\n[[calculator.slots]]\nid = \"bike\"\ncategory = \"bike\"\n+++\n",
        &[
            "category `bike` has no component `stepe`",
            "did you mean `steppe`?",
        ],
    );
}

#[test]
fn a_chart_of_an_unknown_type() {
    check(
        &body(
            "```chart\ntype = \"barr\"\ntitle = \"T\"\ncategory = \"bike\"\nvalues = [\"weight\"]\n```",
        ),
        &["there is no chart of type `barr`", "did you mean `bar`?"],
    );
}

#[test]
fn a_misspelt_key_of_the_front_matter() {
    check("+++\ntitel = \"X\"\n+++\n", &["did you mean `title`?"]);
}

/// What the program says when it is started with these arguments in a folder.
fn says(folder: &Path, args: &[&str]) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(args)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    assert!(!output.status.success(), "a mistake is found");
    String::from_utf8_lossy(&output.stderr).into_owned() + &String::from_utf8_lossy(&output.stdout)
}

#[test]
fn a_build_in_the_wrong_folder() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let said = says(folder.path(), &["build"]);
    assert!(said.contains("no `rigbook.toml` in"), "{said}");
    assert!(said.contains("`rigbook init` makes a new site"), "{said}");
}

#[test]
fn a_version_without_its_tag() {
    let site = tempfile::tempdir().expect("temporary folder");
    let config = "title = \"B\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\ngit = \"v1\"\n";
    fs::write(site.path().join("rigbook.toml"), config).expect("writable");
    let said = says(site.path(), &["check"]);
    assert!(
        said.contains("version `1` can't be read: the site is in no git repository"),
        "{said}"
    );
}

#[test]
fn a_port_that_is_in_use() {
    let site = tempfile::tempdir().expect("temporary folder");
    fs::write(site.path().join("rigbook.toml"), "title = \"B\"\n").expect("writable");
    let taken = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = taken.local_addr().expect("an address").port().to_string();
    let said = says(site.path(), &["serve", "--port", &port]);
    assert!(
        said.contains(&format!("port {port} of 127.0.0.1 is in use")),
        "{said}"
    );
    assert!(said.contains("`--port 0` takes any"), "{said}");
}

#[test]
fn two_calculators() {
    let calculator =
        "[calculator]\ntitle = \"C\"\n[[calculator.slots]]\nid = \"bike\"\ncategory = \"bike\"\n";
    let site = tempfile::tempdir().expect("temporary folder");
    fs::create_dir_all(site.path().join("content")).expect("writable");
    fs::write(site.path().join("rigbook.toml"), "title = \"B\"\n").expect("writable");
    let base = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/codes/base.md");
    fs::create_dir_all(site.path().join("content/bikes")).expect("writable");
    fs::copy(base, site.path().join("content/bikes/_index.md")).expect("writable");
    for name in ["a.md", "b.md"] {
        let text = format!("+++\ntitle = \"X\"\n{calculator}+++\n");
        fs::write(site.path().join("content").join(name), text).expect("writable");
    }
    let said = says(site.path(), &["check"]);
    assert!(
        said.contains("a version has one calculator") && said.contains("the first one"),
        "{said}"
    );
}

/// The README's ten minutes, done as they are written.
#[test]
fn the_readme_s_example_works() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let run = |args: &[&str]| {
        let guide = folder.path().join("my-guide");
        let place = if guide.is_dir() {
            guide
        } else {
            folder.path().to_owned()
        };
        let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
            .args(args)
            .current_dir(place)
            .env("NO_COLOR", "1")
            .output()
            .expect("it starts");
        String::from_utf8_lossy(&output.stdout).into_owned()
            + &String::from_utf8_lossy(&output.stderr)
    };
    run(&["init", "my-guide"]);
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let readme = fs::read_to_string(readme).expect("readable");
    let block = |open: &str, close: &str| {
        let rest = readme.split_once(open).expect("it is there").1;
        rest.split_once(close).expect("it ends").0.to_owned()
    };
    let tents = folder.path().join("my-guide/content/tents");
    fs::create_dir(&tents).expect("writable");
    let category = block("`content/tents/_index.md`:\n\n```toml\n", "```");
    let dome = block("`content/tents/dome.md`:\n\n```toml\n", "```");
    let table = block("````markdown\n", "````");
    fs::write(tents.join("_index.md"), format!("{category}\n{table}")).expect("writable");
    fs::write(tents.join("dome.md"), &dome).expect("writable");
    assert!(
        run(&["check", "--strict"]).contains("no errors"),
        "{}",
        run(&["check", "--strict"])
    );
    fs::write(tents.join("dome.md"), dome.replace("2.4 kg", "2.4 W")).expect("writable");
    let error = block("```text\n", "```");
    let found = run(&["check"]);
    assert!(
        found.contains(error.trim()),
        "the README shows another error than\n{found}"
    );
    let ends = found.trim_end().ends_with(": 1 error");
    assert!(ends, "one mistake is one finding:\n{found}");
}

#[test]
fn a_front_page_whose_head_leads_nowhere_or_shows_nothing() {
    let head = concat!(
        "actions = [{ label = \"Start\", url = \"exampel.md\" }]\n",
        "figures = [{ label = \"Mass\", value = \"bike.nowhere.weight\" }, { label = \"Price\" }]"
    );
    check(
        &format!("+++\ntitle = \"Example\"\n[extra.hero]\n{head}\n+++\n"),
        &[
            "example.md:4:38",
            "did you mean `example.md`?",
            "example.md:5:44",
            "has no component `nowhere`",
            "each of `hero.figures` needs a `label` and a `value`, both texts",
        ],
    );
}

#[test]
fn a_contradiction_that_is_no_longer_one() {
    check(
        &body(
            "```claims\n\"Two is less\" = { formula = \"2 < 1\", expect = false }\n\"One is more\" = { formula = \"1 < 2\", expect = false }\n```",
        ),
        &[
            "example.md:7:29",
            "the claim \"One is more\" holds, and is expected not to",
            "1 error",
        ],
    );
}

#[test]
fn a_field_whose_declaration_is_not_whole() {
    let fields = concat!(
        "beam = { type = \"range\" }\n",
        "mass = { type = \"quantiy\", unit = \"g\" }\n",
        "kind = { type = \"choice\" }"
    );
    let section = format!(
        "+++\ntitle = \"Lights\"\n[category]\nid = \"light\"\n[category.fields]\n{fields}\n[[components]]\nid = \"a\"\ntitle = \"A\"\nmass = \"40 g\"\n+++\n"
    );
    let found = findings_of("lights/_index.md", &section);
    for part in [
        "_index.md:6:1",
        "field `beam` is a range and has no `unit`",
        "_index.md:7:17",
        "did you mean `quantity`?",
        "field `kind` is a choice and has no `options`",
        "3 errors",
    ] {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
}

#[test]
fn yes_for_true() {
    let section = "+++\ntitle = \"Lights\"\n[category]\nid = \"light\"\n[category.fields]\nwet = { type = \"bool\" }\n[[components]]\nid = \"a\"\ntitle = \"A\"\nwet = \"yes\"\n+++\n";
    let found = findings_of("lights/_index.md", section);
    for part in [
        "_index.md:10:7",
        "found `yes`",
        "help: write `true`, without quotes",
    ] {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
}

#[test]
fn a_preset_with_more_parts_than_its_slot_takes() {
    let model = concat!(
        "+++\ntitle = \"Example\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\n",
        "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(parts.price)\"\n",
        "[[builds]]\nid = \"both\"\ntitle = \"Both\"\nparts = { ride = { id = \"steppe\", quantity = 2 } }\n+++\n"
    );
    let found = findings(model);
    assert!(found.contains("slot `ride` holds 1 at most"), "{found}");
    assert!(!found.contains("mistake of Rigbook's"), "{found}");
}

#[test]
fn a_block_that_is_not_closed() {
    check(
        &body("```compare\ncategory = \"bike\"\n\n```chart\ntype = \"bar\"\n```"),
        &[
            "example.md:5:4",
            "this `compare` block is not closed",
            "end it with a line of three backticks",
        ],
    );
}

#[test]
fn many_keys_that_no_field_has_are_told_in_few_findings() {
    let keys: String = (0..500).map(|i| format!("other_{i} = {i}\n")).collect();
    let found = findings(&component(&keys));
    assert!(
        found.contains("480 more keys that category `bike` has not"),
        "{found}"
    );
    assert_eq!(found.matches("error[unknown-key]").count(), 21, "{found}");
    let page = format!("+++\ntitle = \"X\"\n{keys}+++\n");
    let found = findings(&page);
    assert!(found.matches("error[unknown-key]").count() <= 22, "{found}");
}
