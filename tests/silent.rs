//! What is wrong and could pass for right: each is found, and what is right is
//! left alone.

use std::fs;
use std::path::Path;
use std::process::Command;

/// Bicycles: one category with two components.
const BIKES: &str = r#"+++
title = "Bicycles"
[category]
id = "bike"
[category.fields]
weight = { type = "quantity", unit = "kg", label = "Weight" }
price = { type = "money", unit = "EUR", label = "Price" }
[[components]]
id = "steppe"
title = "Steppe"
weight = "16 kg"
price = "1900 EUR"
[[components]]
id = "coast"
title = "Coast"
weight = "12 kg"
price = "1400 EUR"
+++
"#;

/// What `check` says of a site of the bicycles and further files, and its exit
/// code.
fn check(files: &[(&str, &str)]) -> (String, i32) {
    let site = tempfile::tempdir().expect("temporary folder");
    let base = [
        ("rigbook.toml", "title = \"Bicycles\"\n"),
        ("content/bikes/_index.md", BIKES),
    ];
    for (path, text) in base.iter().chain(files) {
        let path = site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    run(site.path())
}

fn run(site: &Path) -> (String, i32) {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache", "--root"])
        .arg(site)
        .env("NO_COLOR", "1")
        .output()
        .expect("it starts");
    let code = output.status.code().expect("it ends by itself");
    (String::from_utf8(output.stdout).expect("UTF-8"), code)
}

/// A page with a calculator whose slot `ride` takes bicycles.
fn calculator(rest: &str) -> String {
    format!(
        "+++\ntitle = \"Plan\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\n{rest}+++\n\n```calculator\n```\n"
    )
}

#[track_caller]
fn assert_says(found: &str, parts: &[&str]) {
    for part in parts {
        assert!(found.contains(part), "lacks {part:?}:\n{found}");
    }
}

#[test]
fn a_total_over_a_category_where_its_slot_is_meant() {
    let total = "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(bike.price)\"\n";
    let (found, code) = check(&[("content/plan.md", &calculator(total))]);
    assert_eq!(code, 1, "{found}");
    assert_says(
        &found,
        &[
            "error[whole-category]: this goes over all of `bike`, not over what the reader chose",
            "content/plan.md:9:12",
            "what the reader chose is in slot `ride`: write `sum(ride.price)`",
            "# rigbook: allow whole-category",
        ],
    );
}

#[test]
fn a_rule_and_its_message_over_a_category_where_its_slot_is_meant() {
    let rule = "[[calculator.rules]]\nid = \"one\"\nrequire = \"count(bike) < 2 and total.price > 1 EUR\"\nmessage = \"At most {{ max(bike.price) }}.\"\n";
    let total = "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(ride.price)\"\n";
    let model = calculator(&format!("{total}{rule}"));
    let (found, _) = check(&[("content/plan.md", &model)]);
    assert_eq!(
        found.matches("warning[whole-category]").count(),
        2,
        "{found}"
    );
    assert_says(&found, &["`count(ride)`", "`max(ride.price)`"]);
}

#[test]
fn what_the_reader_chose_compared_with_all_that_there_is() {
    let share =
        "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(ride.price) / max(bike.price)\"\n";
    let rule = "[[calculator.rules]]\nid = \"few\"\nrequire = \"count(ride) <= count(bike)\"\nmessage = \"Only {{ count(bike) }} exist.\"\n";
    let model = calculator(&format!("{share}{rule}"));
    let (found, code) = check(&[("content/plan.md", &model)]);
    assert_eq!(code, 0, "{found}");
    assert!(!found.contains("whole-category"), "{found}");
}

#[test]
fn a_whole_category_that_is_meant() {
    let total = "[[calculator.totals]]\nid = \"mean\"\n# rigbook: allow whole-category\nformula = \"avg(bike.price)\"\n";
    let claims = "\n```claims\n\"All bicycles together\" = \"sum(bike.price) > 3000 EUR\"\n```\n";
    let page = calculator(total) + claims;
    let (found, code) = check(&[("content/plan.md", &page)]);
    assert_eq!(code, 0, "{found}");
    assert_says(&found, &["no errors"]);
    assert!(!found.contains("whole-category"), "{found}");
}

#[test]
fn the_sum_of_a_category_that_no_slot_holds() {
    let fees = "+++\ntitle = \"Fees\"\n[category]\nid = \"fee\"\n[category.fields]\nprice = { type = \"money\", unit = \"EUR\" }\n[[components]]\nid = \"bell\"\nprice = \"9 EUR\"\n+++\n";
    let total = "[[calculator.totals]]\nid = \"price\"\nformula = \"sum(ride.price) + FEES\"\n";
    for (fee, warns) in [
        ("sum(fee.price)", true),
        ("max(fee.price)", false),
        ("fee.bell.price", false),
    ] {
        let model = calculator(&total.replace("FEES", fee));
        let files = [
            ("content/fees/_index.md", fees),
            ("content/plan.md", &model),
        ];
        let (found, code) = check(&files);
        assert_eq!(code, 0, "{found}");
        let warned =
            found.contains("warning[whole-category]") && found.contains("no slot holds `fee`");
        assert_eq!(warned, warns, "{fee}: {found}");
    }
}

#[test]
fn a_figure_in_a_block_of_html_is_not_filled_in() {
    let page = |body: &str| {
        let page = format!("+++\ntitle = \"Page\"\n+++\n\n{body}\n");
        check(&[("content/page.md", &page)]).0
    };
    let found = page("> <div title=\"a\"><!-- x -->\n> é {{ bike.steppe.price }}\n> </div>");
    assert!(found.contains("content/page.md:6:5"), "{found}");
    assert!(
        found.contains("a figure in a block of HTML is not filled in"),
        "{found}"
    );
    for right in [
        "<div>\n\n{{ bike.steppe.price }}\n\n</div>",
        "A <b>{{ bike.steppe.price }}</b> and <kbd>x</kbd>.",
        "<div><!-- {{ bike.steppe.price }} --></div>",
        "<pre>\n{{ bike.steppe.price }}\n</pre>",
        "<p>Write <code>{{ bike.steppe.price }}</code>, or {{ it }}.</p>",
    ] {
        let found = page(right);
        assert!(found.contains("no errors\n"), "{right}:\n{found}");
    }
}

#[test]
fn a_figure_is_a_bare_number_where_a_chart_of_mermaid_wants_one() {
    let page = "+++\ntitle = \"Costs\"\n+++\n\n```mermaid figures\npie title Costs\n  \"Steppe {{ bike.steppe.price }}\" : {{ bike.steppe.price }}\n  \"Coast\" : {{ bike.coast.price }}\n```\n";
    let (found, code) = check(&[("content/costs.md", page)]);
    assert_eq!(code, 0, "{found}");
}

/// A line of `rigbook.toml`, of a page's front matter, of a component or of a
/// field, or a page's text, each with what is said of it.
struct Wrong {
    files: Vec<(&'static str, String)>,
    says: &'static [&'static str],
}

fn config(line: &str) -> Vec<(&'static str, String)> {
    vec![("rigbook.toml", format!("title = \"B\"\n{line}\n"))]
}

fn front(line: &str) -> Vec<(&'static str, String)> {
    vec![("content/page.md", format!("+++\n{line}\n+++\n\nText.\n"))]
}

fn field(declaration: &str) -> Vec<(&'static str, String)> {
    let fields = format!("[category.fields]\nown = {{ {declaration} }}\n");
    let text = BIKES.replace("[category.fields]\n", &fields);
    vec![("content/bikes/_index.md", text)]
}

fn component(line: &str) -> Vec<(&'static str, String)> {
    let text = format!("+++\ntitle = \"Alp\"\n[component]\n{line}\n+++\n");
    vec![("content/bikes/alp.md", text)]
}

fn text(markdown: &str) -> Vec<(&'static str, String)> {
    let page = format!("+++\ntitle = \"Page\"\n+++\n\n{markdown}\n");
    vec![("content/page.md", page)]
}

fn planned(rest: &str) -> Vec<(&'static str, String)> {
    vec![("content/plan.md", calculator(rest))]
}

/// Each is found at the place where it stands, and by what it says alone.
#[track_caller]
fn assert_found(all: Vec<Wrong>) {
    for Wrong { files, says } in all {
        let files: Vec<(&str, &str)> = files.iter().map(|(p, t)| (*p, t.as_str())).collect();
        let (found, _) = check(&files);
        for part in says {
            assert!(found.contains(part), "{files:?} lacks {part:?}:\n{found}");
        }
        let count = found.matches("error[").count() + found.matches("warning[").count();
        assert_eq!(count, 1, "{files:?}:\n{found}");
    }
}

fn wrong(files: Vec<(&'static str, String)>, says: &'static [&'static str]) -> Wrong {
    Wrong { files, says }
}

#[test]
fn values_of_the_configuration_that_only_look_right() {
    assert_found(vec![
        wrong(
            config("language = \"english\""),
            &[
                "no tag of a language",
                "write `\"en\"`",
                "rigbook.toml:2:12",
            ],
        ),
        wrong(config("language = \"en_US\""), &["write `\"en-US\"`"]),
        wrong(
            config("language = \"\""),
            &["no tag of a language", "`\"de-CH\"`"],
        ),
        wrong(
            config("repository = \"github.com/a/b\""),
            &["write `\"https://github.com/a/b\"`"],
        ),
        wrong(
            config("repository = \"git@github.com:a/b.git\""),
            &["write `\"https://github.com/a/b\"`"],
        ),
        wrong(
            config("repository = \"mine\""),
            &["`repository` must start with `https://`"],
        ),
        wrong(
            config("author = { name = \"Me\", url = \"javascript:alert(1)\" }"),
            &["`url` must start with"],
        ),
        wrong(config("author = { name = \" \" }"), &["`name` is empty"]),
        wrong(
            config("edit_root = \"../docs\""),
            &["leads out of the repository"],
        ),
        wrong(
            vec![("rigbook.toml", "title = \"\"\n".to_owned())],
            &["`title` is empty"],
        ),
    ]);
}

#[test]
fn values_of_the_configuration_that_are_right() {
    for line in [
        "language = \"de-CH\"",
        "language = \"EN\"",
        "language = \"zh-Hant-TW\"",
        "repository = \"https://example.org/a/b.git/\"",
        "author = { name = \"Me\", url = \"https://example.org/?me\" }",
        "edit_root = \"/docs/\"",
    ] {
        let files = config(line);
        let (found, code) = check(&[(files[0].0, files[0].1.as_str())]);
        assert_eq!(code, 0, "{line}: {found}");
        assert!(!found.contains("warning"), "{line}: {found}");
    }
}

#[test]
fn values_of_front_matter_that_only_look_right() {
    assert_found(vec![
        wrong(
            front("title = \"P\"\nslug = \"My Page\""),
            &["can't be part of an address", "for example `my-page`"],
        ),
        wrong(
            front("title = \"P\"\nslug = \"a/b\""),
            &["the last part of an address alone"],
        ),
        wrong(
            front("title = \"P\"\nslug = \"\""),
            &["can't be part of an address"],
        ),
        wrong(front("title = \" \""), &["`title` is empty"]),
        wrong(
            component("pros = [\"Quick\", \"\"]"),
            &["one of `pros` is empty"],
        ),
        wrong(
            component("former = [\"alp\"]"),
            &["`alp` is called so today"],
        ),
        wrong(
            component("price = { value = \"9 EUR\", source = \"\" }"),
            &["`source` is empty"],
        ),
        wrong(
            field("type = \"choice\", options = []"),
            &["`options` has none"],
        ),
        wrong(
            field("type = \"choice\", options = [\"a\", \"b\", \"a\"]"),
            &["`a` is an option twice"],
        ),
        wrong(
            field("type = \"integer\", options = [\"a\"]"),
            &["type `integer` has no `options`"],
        ),
        wrong(
            field("type = \"text\", better = \"higher\""),
            &["none is better"],
        ),
        wrong(
            field("formula = \"price\", required = true"),
            &["can't be `required`"],
        ),
        wrong(
            field("type = \"integer\", label = \"\""),
            &["`label` is empty"],
        ),
        wrong(
            planned("[[calculator.inputs]]\nid = \"h\"\nunit = \"hours\"\ndefault = 5\n"),
            &["there is no unit `hours`"],
        ),
        wrong(
            planned("[[builds]]\nid = \"none\"\ntitle = \"None\"\nparts = {}\n"),
            &["a build has no `parts`"],
        ),
        wrong(
            front("title = \"P\"\n[extra]\nhero = \"Welcome\""),
            &["`hero` must be a table"],
        ),
        wrong(
            front("title = \"P\"\n[extra.hero]\ntag_line = \"x\""),
            &["did you mean `tagline`?"],
        ),
        wrong(
            front("title = \"P\"\n[extra.hero]\nactions = \"x\""),
            &["`hero.actions` must be a list"],
        ),
    ]);
}

#[test]
fn blocks_that_show_nothing_or_something_twice() {
    let compare = |line: &str| text(&format!("```compare\ncategory = \"bike\"\n{line}\n```"));
    let chart = |series: &str| {
        text(&format!(
            "```chart\ntitle = \"C\"\ntype = \"bar\"\ncategory = \"bike\"\nseries = {series}\n```"
        ))
    };
    assert_found(vec![
        wrong(
            compare("columns = []"),
            &["`columns` names none", "page.md:7:11"],
        ),
        wrong(
            compare("columns = [\"price\", \"price\"]"),
            &["`price` is a column twice"],
        ),
        wrong(
            compare("where = \"price > 9000 EUR\""),
            &["no component of `bike` is left", "page.md:7:9"],
        ),
        wrong(chart("[]"), &["the chart has nothing to show"]),
        wrong(
            chart("[\"price\", \"price\"]"),
            &["`price` is a series twice"],
        ),
        wrong(text("```claims\n```"), &["has no claims"]),
        wrong(
            text("```claims\n\"\" = \"bike.coast.price < 9000 EUR\"\n```"),
            &["a claim says nothing"],
        ),
        wrong(
            text("```table\ncategory = \"bike\"\n```"),
            &["error[directive]", "did you mean `compare`?"],
        ),
        wrong(
            text("```Compare\ncategory = \"bike\"\n```"),
            &["error[directive]", "did you mean `compare`?"],
        ),
    ]);
    let allowed = compare("# rigbook: allow directive\nwhere = \"price > 9000 EUR\"");
    let (found, _) = check(&[(allowed[0].0, &allowed[0].1)]);
    assert!(!found.contains("is left"), "{found}");
}

#[test]
fn code_of_a_language_that_is_called_much_like_a_directive() {
    for code in [
        "```chat\nUser: how heavy is it?\n```",
        "```cart\n2 x Steppe == 2 x Coast\n```",
    ] {
        let page = text(code);
        let (found, exit) = check(&[(page[0].0, &page[0].1)]);
        assert_eq!(exit, 0, "{code}: {found}");
        assert!(!found.contains("there is no directive"), "{code}: {found}");
    }
}

#[test]
fn slugs_of_any_script() {
    for slug in ["हिन्दी", "ไทย", "cafe\u{301}", "a+b", "v1.0", ".well"] {
        let page = front(&format!("title = \"P\"\nslug = \"{slug}\""));
        let (found, code) = check(&[(page[0].0, &page[0].1)]);
        assert_eq!(code, 0, "{slug}: {found}");
    }
    for slug in ["a?b", "a#b", "50%", "..", "a\u{a0}b"] {
        let page = front(&format!("title = \"P\"\nslug = \"{slug}\""));
        let (found, _) = check(&[(page[0].0, &page[0].1)]);
        assert_says(&found, &["can't be part of an address"]);
    }
}

#[test]
fn a_frozen_edition_is_warned_of_what_was_right_in_its_time() {
    let config = "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\nstatus = \"archived\"\npath = \"versions/1\"\n";
    let page = "+++\ntitle = \"Plan\"\nslug = \"my plan\"\n[calculator]\n[[calculator.slots]]\nid = \"ride\"\ncategory = \"bike\"\n[[calculator.totals]]\nid = \"price\"\nformula = \"sum(bike.price)\"\n+++\n\n```calculator\n```\n\n```Compare\ncategory = \"bike\"\n```\n";
    let bikes = BIKES.replace("title = \"Coast\"\n", "title = \"Coast\"\npros = [\"\"]\n");
    let frozen = [
        ("rigbook.toml", config),
        ("versions/1/rigbook.toml", "title = \"\"\n"),
        ("versions/1/content/bikes/_index.md", &bikes),
        ("versions/1/content/plan.md", page),
    ];
    let (found, code) = check(&frozen);
    assert_eq!(code, 0, "{found}");
    assert_says(
        &found,
        &[
            "warning[whole-category]",
            "warning[invalid-id]",
            "warning[directive]: there is no directive `Compare`",
            "`title` is empty",
            "one of `pros` is empty",
        ],
    );
    let (found, code) = check(&[("content/plan.md", page)]);
    assert_eq!(code, 1, "{found}");
    assert_says(&found, &["error[whole-category]", "error[invalid-id]"]);
}

#[test]
fn markdown_that_is_read_as_plain_text() {
    assert_found(vec![
        wrong(
            text("> [!TIPP]\n> x"),
            &[
                "there is no alert `TIPP`",
                "write `> [!TIP]`",
                "page.md:5:3",
            ],
        ),
        wrong(
            text("- a\n\n  > [!NOTE] Read this\n  > x"),
            &["an alert's kind stands alone", "page.md:7:5"],
        ),
        wrong(text(":::note\nx\n:::"), &["write `> [!NOTE]`"]),
        wrong(text("#Weight"), &["write `# Weight`"]),
        wrong(
            text("| a | b |\n|---|\n| 1 | 2 |"),
            &[
                "head has 2 columns, and the line under it 1 column",
                "page.md:6:1",
            ],
        ),
        wrong(
            text("See [it][there]."),
            &["nothing defines the address `[there]`", "page.md:5:5"],
        ),
        wrong(
            text("So it is[^1]."),
            &["nothing defines the note `[^1]`", "page.md:5:9"],
        ),
        wrong(text("See [it]()."), &["this link has no address"]),
        wrong(
            text("Text.\n\n    ```compare\n    category = \"bike\"\n    ```"),
            &["this block is shown as it is written", "page.md:7:5"],
        ),
        wrong(text("See [[bikes]]."), &["is no link"]),
        wrong(text("- tight[^x]"), &["the note `[^x]`", "page.md:5:8"]),
        wrong(
            text("| a | b |\n|---|---|\n| 1[^y] | 2 |"),
            &["the note `[^y]`", "page.md:7:4"],
        ),
        wrong(
            text("$$\n\\frac{1}{2\n$$"),
            &["opens 2 braces and closes 1", "page.md:5:1"],
        ),
    ]);
    let right = text(
        "> [!tip]\n> x\n\n> A [quote].\n\n[it][there], `[[x]]`, a[^1]\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n#1 in sales, \\#tag, arr[0]\n\n[there]: bikes/_index.md\n[^1]: note",
    );
    let (found, _) = check(&[(right[0].0, &right[0].1)]);
    assert_says(&found, &["no errors"]);
    assert!(!found.contains("warning"), "{found}");
}

/// Each is read as it was meant, and looks like something that is not.
#[test]
fn markdown_that_is_right_is_left_alone() {
    for page in [
        "> [Warning](https://example.org/) is a page.",
        "> [Note][1] says.\n\n[1]: https://example.org/",
        "> x\n\n[Important]: https://example.org/\n\nSee [Important].",
        "Code ``[^a-z]`` and ``[[x]]``.",
        "Maths $x[^2]$ and $$[[x]]$$.",
        "<code>[^abc]</code> and <kbd>[[x]]</kbd>.",
        "A <!-- [^c] [[foo]] --> comment.",
        "A [link](https://example.org/[^b]).",
        "[[1]], as others say.\n\n[1]: https://example.org/",
        "Note[^A].\n\n[^a]: Said.",
        "$$x$$ and a { brace.",
        "$$\\begin{cases} a \\\\{b} \\end{cases}$$",
        "Of `f` take f[i][j] and arr2[i][j].",
        "#e63946 is red.",
        "#rigbook",
        "\\[[x]] and \\[^y].",
    ] {
        let right = text(page);
        let (found, _) = check(&[(right[0].0, &right[0].1)]);
        assert_says(&found, &["no errors"]);
        assert!(!found.contains("warning"), "{page}\n{found}");
    }
}

#[test]
fn of_yes_and_no_the_higher_is_yes() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let bikes = BIKES
        .replace("[category.fields]\n", "[category.fields]\nlights = { type = \"bool\", label = \"Lights\", better = \"higher\" }\n")
        .replace("id = \"steppe\"\n", "id = \"steppe\"\nlights = true\n")
        .replace("id = \"coast\"\n", "id = \"coast\"\nlights = false\n");
    let table = "```compare\ncategory = \"bike\"\ncolumns = [\"lights\"]\n```";
    let page = text(table);
    for (path, text) in [
        ("rigbook.toml", "title = \"B\"\n"),
        ("content/bikes/_index.md", bikes.as_str()),
        (page[0].0, page[0].1.as_str()),
    ] {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    let built = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["build", "--no-cache", "--root"])
        .arg(folder.path())
        .output()
        .expect("it starts");
    assert!(built.status.success());
    let page = fs::read_to_string(folder.path().join("public/page/index.html")).expect("built");
    let best = page
        .find("class=\"best")
        .or_else(|| page.find(" best\""))
        .expect("one is marked");
    assert!(
        page[best..]
            .trim_start_matches(|c| c != '>')
            .starts_with(">yes"),
        "{}",
        &page[best..best + 80]
    );
}

/// What newcomers write, and what they are told to write.
#[test]
fn words_and_forms_of_other_programs() {
    let compare = |line: &str| text(&format!("```compare\ncategory = \"bike\"\n{line}\n```"));
    let totals = "[[calculator.inputs]]\nid = \"years\"\ndefault = 5\n[[calculator.totals]]\nid = \"price\"\nformula = \"ride.price\"\n";
    let total = |formula: &str| {
        planned(&format!(
            "{totals}[[calculator.totals]]\nid = \"each\"\nformula = \"{formula}\"\n"
        ))
    };
    let rule = "[[calculator.rules]]\nid = \"dear\"\nrequire = \"total.price < 5000 EUR\"\nmessage = \"It is { total.price }.\"\n";
    let build = |slot: &str| {
        planned(&format!(
            "{totals}[[builds]]\nid = \"one\"\ntitle = \"One\"\nparts = {{ {slot} = \"coast\" }}\n"
        ))
    };
    let mut prose = build("ride");
    prose.extend(text("{{ one.total.price }}"));
    assert_found(vec![
        wrong(
            config("[units]\nbar = { is = \"100000 Pa\" }"),
            &["`bar` is a unit already", "leave this line out"],
        ),
        wrong(
            compare("sort = \"price, desc\""),
            &["write `sort = \"price desc\"`"],
        ),
        wrong(
            compare("sort = \"price, weight\""),
            &["write `sort = [\"price\", \"weight\"]`"],
        ),
        wrong(text("{{ average(bike.price) }}"), &["did you mean `avg`?"]),
        wrong(text("{{ cheapest(bike.price) }}"), &["did you mean `min`?"]),
        wrong(
            total("total.price / years"),
            &["did you mean `input.years`?"],
        ),
        wrong(
            total("price / input.years"),
            &["did you mean `total.price`?"],
        ),
        wrong(build("bike"), &["slot `ride` takes `bike`"]),
        wrong(prose, &["did you mean `build.one.total.price`?"]),
        wrong(
            planned(&format!("{totals}{rule}")),
            &["write `{{ total.price }}`"],
        ),
        wrong(component("weight = \"9-10 kg\""), &["`type = \"range\"`"]),
        wrong(component("price = \"600–700 EUR\""), &["give one amount"]),
        wrong(component("weight = \"9 kgs\""), &["write `kg`"]),
        wrong(component("price = “9 EUR”"), &["between straight quotes"]),
    ]);
    let sorted = compare("sort = \"price DESC\"");
    let (found, code) = check(&[(sorted[0].0, &sorted[0].1)]);
    assert_eq!(code, 0, "{found}");
}

#[test]
fn fields_under_a_misspelt_key_are_told_once() {
    let with = |head: &str| {
        let mut files = vec![(
            "content/bikes/_index.md",
            BIKES.replace("[category.fields]", head),
        )];
        files.extend(text(
            "{{ bike.coast.price }}\n\n```compare\ncategory = \"bike\"\ncolumns = [\"price\"]\n```",
        ));
        files
    };
    assert_found(vec![
        wrong(with("[category.field]"), &["did you mean `fields`?"]),
        wrong(with("[[category.fields]]"), &["`fields` must be a table"]),
    ]);
}

#[test]
fn a_copy_whose_title_was_forgotten() {
    let copy = "+++\ntitle = \"steppe\"\n[component]\n+++\n";
    let (found, code) = check(&[("content/bikes/alp.md", copy)]);
    assert_eq!(code, 0, "{found}");
    assert_says(
        &found,
        &[
            "two components of `bike` are called \"steppe\"",
            "content/bikes/alp.md:2:9",
        ],
    );
    let allowed = copy.replace("title", "# rigbook: allow same-title\ntitle");
    let (found, _) = check(&[("content/bikes/alp.md", &allowed)]);
    assert!(!found.contains("two components"), "{found}");
}

#[test]
fn markdown_under_another_ending() {
    let (found, _) = check(&[("content/notes.markdown", "# Notes\n")]);
    assert_says(
        &found,
        &[
            "`content/notes.markdown` is no page",
            "call it `content/notes.md`",
        ],
    );
}
