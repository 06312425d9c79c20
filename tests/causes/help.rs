//! Help speaks of the author's own fields, units and names.

use crate::site::{Mistake, check, findings, slip};
use crate::{CHEF, KNIVES, PARING, PLAN};

/// A figure of the paring knife that is written wrongly, and the help.
const FIGURES: &[(&str, &str, &str)] = &[
    (
        "\"90 mm\"",
        "true",
        "a number in `mm` (length) in quotes, such as `\"10 mm\"`",
    ),
    (
        "\"90 mm\"",
        "\"about 90 mm\"",
        "write the number and its unit alone: `\"90 mm\"`",
    ),
    (
        "\"56..58 HRC\"",
        "58",
        "two bounds and a unit, such as `\"10..20 HRC\"`",
    ),
    (
        "\"56..58 HRC\"",
        "\"56-58 HRC\"",
        "write both ends with `..` between: `\"56..58 HRC\"`",
    ),
    (
        "\"stainless\"",
        "5",
        "`steel` must be one of `carbon`, `stainless`",
    ),
    (
        "\"30 EUR\"",
        "\"30,50 EUR\"",
        "write `\"30.50 EUR\"`: no commas",
    ),
    (
        "\"30 EUR\"",
        "\"from €1.299,50\"",
        "with its ISO code: `\"1299.50 EUR\"`",
    ),
    (
        "\"90 mm\"",
        "\"90 mm (4 inch)\"",
        "write the number and its unit alone: `\"90 mm\"`",
    ),
    ("\"90 mm\"", "\"n/a\"", "leave it out where it is not known"),
    ("\"60 g\"", "\"unknown\"", "give a number in `g` (mass)"),
    (
        "title = \"Paring knife\"",
        "title = 2026",
        "write it in quotes: `\"2026\"`",
    ),
    (
        "2026-03-01",
        "\"March 2026\"",
        "write the year, the month and the day: `YYYY-MM-DD`",
    ),
    ("2026-03-01", "\"1.3.2026\"", "the day: `2026-03-01`"),
    ("2026-03-01", "01.03.2026", "a date is written `2026-03-01`"),
    ("\"stainless\"", "True", "write `true`"),
    ("\"90 mm\"", "\"\"", "leave it out where it is not known"),
    (
        "\"90 mm\"",
        "{ \"90 mm\", source = \"list\" }",
        "each value in braces has a key",
    ),
    ("\"stainless\"", "tool steel", "texts stand in quotes"),
    (
        "2026-03-01",
        "2026-03",
        "a date has a year, a month and a day: `2026-03-01`",
    ),
    (
        "weight = \"60 g\"\n",
        "",
        "give a number in `g` (mass) in quotes, such as `\"10 g\"`",
    ),
    ("[component]\n", "[[component]]\n", "write `[[components]]`"),
    ("price =", "pri =", "did you mean `price`?"),
    ("weight =", "weightkg =", "did you mean `weight`?"),
    ("length =", "blade_length =", "did you mean `length`?"),
    (
        "length =",
        "Blade =",
        "`Blade` is the label of the field `length`",
    ),
    (
        "[component]\n",
        "",
        "the figures of a component stand under `[component]`",
    ),
];

/// A formula in a claim that is written wrongly, and the help.
const FORMULAS: &[(&str, &str)] = &[
    (
        "knife.paring.rate",
        "compare it, as in `knife.paring.rate > 10 EUR/cm`",
    ),
    (
        "knife.paring.steel",
        "as in `knife.paring.steel == 'carbon'`",
    ),
    (
        "not knife.paring.hardness",
        "as in `10 HRC in knife.paring.hardness`",
    ),
    (
        "knife.paring.price > 10 USD",
        "multiply by a rate, such as `1.1 EUR/USD`",
    ),
    (
        "knife.paring.price between 1 EUR and 5 EUR",
        "write `x >= a and x <= b`",
    ),
    (
        "knife.paring.price > 1,000 EUR",
        "numbers have no separators",
    ),
    (
        "knife.paring.weight == '60 g'",
        "write a figure without quotes: `60 g`",
    ),
    ("knife.paring.weight <> 60 g", "write `!=`"),
    (
        "knife.paring.weight > 6 g AND true",
        "write `and`, in small letters",
    ),
    ("knife.paring.sharpened == True", "write `true`"),
    ("if knife.paring.sharpened then true", "say what else it is"),
    (
        "knife.paring.price.as_of > '2026-01-01'",
        "leave it out: `knife.paring.price`",
    ),
    (
        "build.small.mass > 1 kg",
        "name a total: `build.small.total.mass`",
    ),
    (
        "total.mass > 1 kg",
        "name the build: `build.large.total.mass`",
    ),
    (
        "knife.paring.price ? 1 : 2",
        "write `if condition then a else b`",
    ),
    ("knife.paring.price > 5 euros", "write `EUR`"),
    ("knife.paring.price > 5 EUR, 1 > 0", "write `and`"),
    (
        "knife.paring.price | round",
        "write a function, as in `round(x)`",
    ),
    (
        "knife.paring.price.round > 5 EUR",
        "write `round(knife.paring.price)`",
    ),
    (
        "knife.paring.title",
        "`title` is no field: tables and charts name",
    ),
    ("paring.price > 5 EUR", "as in `knife.paring.price`"),
    (
        "this.price > 5 EUR",
        "`this` means the component of a page, and this page has none",
    ),
    ("this.price > 5 EUR", "as in `knife.chef.price`"),
];

const CLAIM: &str = "knife.paring.rate < 4 EUR/cm";

fn expect(mistake: &Mistake, part: &str) {
    let found = check(&[mistake], &[]);
    assert!(found.contains(part), "lacks {part:?}:\n{found}");
}

#[test]
fn help_on_figures_is_in_the_field_s_unit() {
    for (right, wrong, help) in FIGURES {
        expect(&slip(PARING, right, wrong), help);
    }
}

#[test]
fn a_wrong_formula_is_mended_with_the_author_s_names() {
    for (formula, help) in FORMULAS {
        expect(&slip(PLAN, CLAIM, formula), help);
    }
    let filter = "weight < 1 kg and rate > 0 EUR/cm";
    for (formula, help) in [
        ("steel == carbon", "texts stand in quotes: `'carbon'`"),
        ("steel", "compare it, as in `steel == 'carbon'`"),
        ("weight", "compare it, as in `weight > 10 g`"),
    ] {
        expect(&slip(KNIVES, filter, formula), help);
    }
    let columns = "columns = [\"length\"";
    for (name, help) in [
        ("Blade", "`Blade` is the label of the field `length`"),
        (
            "title",
            "tables and charts name their components themselves",
        ),
    ] {
        let wrong: &'static str = Box::leak(format!("columns = [\"{name}\"").into_boxed_str());
        expect(&slip(KNIVES, columns, wrong), help);
    }
}

/// A field or a unit that is given a text where a table should be.
#[test]
fn a_text_for_a_declaration_is_written_out() {
    let length =
        "length = { type = \"quantity\", unit = \"mm\", label = \"Blade\", better = \"higher\" }";
    for (wrong, help) in [
        (
            "length = \"mm\"",
            "write `length = { type = \"quantity\", unit = \"mm\", label = \"Length\" }`",
        ),
        (
            "length = \"EUR\"",
            "write `length = { type = \"money\", unit = \"EUR\", label = \"Length\" }`",
        ),
        (
            "length = \"string\"",
            "write `length = { type = \"text\", label = \"Length\" }`",
        ),
    ] {
        expect(&slip(KNIVES, length, wrong), help);
    }
    let unit = "{ label = \"hardness\" }";
    for (wrong, help) in [
        ("\"hardness\"", "write `HRC = { label = \"hardness\" }`"),
        ("\"2 kg\"", "write `HRC = { is = \"2 kg\" }`"),
    ] {
        expect(&slip("rigbook.toml", unit, wrong), help);
    }
}

/// Words of other programs, and what is written here.
#[test]
fn words_of_other_programs_are_known() {
    for (file, right, wrong, help) in [
        (
            KNIVES,
            "type = \"choice\"",
            "type = \"enum\"",
            "did you mean `choice`?",
        ),
        (
            KNIVES,
            "unit = \"mm\"",
            "unit = \"millimetres\"",
            "write `mm`",
        ),
        (
            KNIVES,
            "unit = \"EUR\", label",
            "unit = \"€\", label",
            "`EUR` instead of `€`",
        ),
        (KNIVES, "where = ", "filter = ", "did you mean `where`?"),
        (
            KNIVES,
            "sort = \"twice desc\"",
            "order = \"twice\"",
            "did you mean `sort`?",
        ),
        (
            KNIVES,
            "\"twice desc\"",
            "\"twice descending\"",
            "write `desc`",
        ),
        (
            KNIVES,
            "[category.fields]",
            "[fields]",
            "write `[category.fields]`",
        ),
        (
            PARING,
            "source = \"the",
            "src = \"the",
            "did you mean `source`?",
        ),
        (
            PARING,
            "[component]\n",
            "[component]\n[component]\n",
            "write `[[components]]`",
        ),
        (PLAN, "max = 4", "count = 4", "did you mean `max`?"),
        (
            PLAN,
            "[[calculator.slots]]",
            "[[slots]]",
            "write `[[calculator.slots]]`",
        ),
        (
            PLAN,
            "\"The fine stone is fine\" =",
            "The fine stone is fine =",
            "stands in quotes",
        ),
        (
            PLAN,
            "id = \"large\"\n```",
            "id: large\n```",
            "TOML has `=` between",
        ),
        (
            CHEF,
            "{{ this.weight - knife.paring.weight }}",
            "{ this.weight }",
            "write `{{ this.weight }}`",
        ),
        (
            CHEF,
            "this.weight - knife",
            "this.weight-knife",
            "a space on both sides of `-`",
        ),
    ] {
        expect(&slip(file, right, wrong), help);
    }
}

#[test]
fn a_draft_that_others_need_is_named() {
    for (file, right, wrong) in [
        (
            KNIVES,
            "title = \"Knives\"\n",
            "title = \"Knives\"\ndraft = true\n",
        ),
        (
            PARING,
            "title = \"Paring knife\"\n",
            "title = \"Paring knife\"\ndraft = true\n",
        ),
    ] {
        expect(
            &slip(file, right, wrong),
            &format!("help: `{file}` declares it and is a draft: publish it, or give `--drafts`"),
        );
    }
}

/// TOML where YAML should be, and the other way round.
#[test]
fn front_matter_in_the_wrong_lines_is_one_finding() {
    let toml = "+++\ntitle = \"Chef's knife\"\n[component]\nlength = \"21 cm\"\nweight = \"190 g\"\nhardness = \"60..62 HRC\"\nsteel = \"carbon\"\nprice = \"120 EUR\"\n+++\n";
    let dashed: &'static str = Box::leak(toml.replace("+++", "---").into_boxed_str());
    let yaml = "+++\ntitle: Chef's knife\ncomponent:\n  weight: 190 g\n+++\n";
    for (wrong, help) in [
        (dashed, "write `+++` above and below it"),
        (yaml, "write `---` above and below it"),
    ] {
        let mistake = slip(CHEF, toml, wrong);
        expect(&mistake, help);
        assert_eq!(
            findings(&[&mistake]).len(),
            1,
            "{:?}",
            findings(&[&mistake])
        );
    }
}

#[test]
fn one_table_where_several_stand_names_the_brackets() {
    let mistake = slip(
        PLAN,
        "[[builds]]\nid = \"small\"",
        "[builds]\nid = \"small\"",
    );
    let mistake = Mistake {
        wrong: "[builds]\nid = \"small\"",
        ..mistake
    };
    let second = slip(
        PLAN,
        "[[builds]]\nid = \"large\"",
        "[extra]\nid = \"large\"",
    );
    let found = check(&[&mistake, &second], &[]);
    assert!(
        found.contains("write `[[builds]]`, with two brackets"),
        "{found}"
    );
}

#[test]
fn a_claim_that_fails_names_the_figures_that_decide_it() {
    for (claim, label) in [
        (
            "all(knife.weight < 100 g)",
            "^ `knife.chef.weight` is 190 g\n",
        ),
        (
            "max(knife.weight) < 100 g",
            "^ `knife.chef.weight` is 190 g\n",
        ),
        (
            "min(knife.price) > 40 EUR",
            "^ `knife.paring.price` is €30.00\n",
        ),
        (
            "sum(knife.weight) < 100 g",
            "^ `sum(knife.weight)` is 250 g\n",
        ),
        (
            "any(stone.grit > 5000)",
            "`stone.coarse.grit` is 400, `stone.fine.grit` is 3,000\n",
        ),
        (
            "max(build.large.knives.price) < 100 EUR",
            "^ `knife.chef.price` is €120.00\n",
        ),
    ] {
        expect(&slip(PLAN, CLAIM, claim), label);
    }
}
