//! The lints of `check`: twenty drifts planted in a copy of the guide are all
//! found, and nothing else is.

use std::fs;
use std::path::Path;
use std::process::Command;

fn copy_guide() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for name in ["content", "static", "versions", "rigbook.toml"] {
        for entry in walkdir::WalkDir::new(root.join(name)) {
            let entry = entry.expect("readable");
            let to = folder
                .path()
                .join(entry.path().strip_prefix(root).expect("below"));
            match entry.file_type().is_dir() {
                true => fs::create_dir_all(to).expect("made"),
                false => fs::copy(entry.path(), to).map(|_| ()).expect("copied"),
            }
        }
    }
    folder
}

/// Code, file and line of each finding.
fn findings(root: &Path, flags: &[&str]) -> Vec<(String, String, u64)> {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache", "--format", "json", "--root"])
        .arg(root)
        .args(flags)
        .env("SOURCE_DATE_EPOCH", "1735689600")
        .output()
        .expect("it starts");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let found = found.as_array().expect("a list").iter();
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    found
        .map(|d| {
            (
                text(&d["code"]),
                text(&d["path"]),
                d["line"].as_u64().unwrap_or(0),
            )
        })
        .collect()
}

const EQUAL: &str = "literal-figure";
const OTHER: &str = "contradicting-figure";

/// File, what stands there (at its end if nothing is given), what drifts in, and
/// what is to be found.
const DRIFTS: [(&str, &str, &str, &str); 20] = [
    (
        "choose/gpu/rtx-4090.md",
        "{{ this.vram }} at",
        "24 GB at",
        EQUAL,
    ),
    (
        "choose/gpu/rtx-4090.md",
        "It draws {{ this.draw }}",
        "It draws 460 W",
        OTHER,
    ),
    (
        "choose/gpu/rtx-4080-super.md",
        "CUDA for {{ this.price }}",
        "CUDA for $999",
        EQUAL,
    ),
    (
        "choose/psu/prime-tx-1600.md",
        "{{ this.wattage }}, the best",
        "1.6 kW, the best",
        EQUAL,
    ),
    (
        "choose/cpu/core-i9-14900k.md",
        "The label's {{ this.tdp }}",
        "The label's 125 watts",
        EQUAL,
    ),
    (
        "choose/cpu/threadripper-7980x.md",
        "({{ cpu.threadripper-pro-7995wx.price_core }})",
        "($93.74)",
        EQUAL,
    ),
    (
        "tune/storage-tiers.md",
        "{{ storage.t700.read }} of the T700",
        "12,400 MB/s of the T700",
        EQUAL,
    ),
    (
        "about/what-the-makers-say.md",
        "{{ storage.firecuda-540.capacity }}",
        "4 TB",
        EQUAL,
    ),
    (
        "about/what-1-0-got-wrong.md",
        "a processor at {{ cpu.threadripper-pro-7995wx.price }}",
        "a processor at $8,999",
        EQUAL,
    ),
    (
        "run/buying.md",
        "",
        "The RTX 4090 has 16 GB of memory.",
        OTHER,
    ),
    ("run/buying.md", "", "An RTX 6000 Ada costs $6,999.", OTHER),
    ("run/buying.md", "", "- The HX1500i: 1600 W.", OTHER),
    (
        "run/buying.md",
        "",
        "| Card | Memory |\n|---|---|\n| RTX 4090 | 20 GB |",
        OTHER,
    ),
    (
        "run/buying.md",
        "",
        "| Card | Board power |\n|---|---|\n| {{ gpu.rtx-6000-ada.vram }} RTX 6000 Ada | 0.3 kW |",
        EQUAL,
    ),
    (
        "run/buying.md",
        "",
        "The Threadripper 7980X has 96 cores.",
        OTHER,
    ),
    (
        "run/buying.md",
        "",
        "The Threadripper 7980X has 64 cores.",
        EQUAL,
    ),
    (
        "run/buying.md",
        "",
        "## The RTX 4080 Super\n\nIts memory is 24 GB.",
        OTHER,
    ),
    (
        "run/buying.md",
        "",
        "> The W7900 is a wide card. With 48 GB it holds a large model.",
        EQUAL,
    ),
    (
        "run/buying.md",
        "",
        "The RTX 4090 costs {{ gpu.rtx-4090.price }}, the RTX 4080 Super 999 USD.",
        EQUAL,
    ),
    (
        "run/buying.md",
        "",
        "A 300-watt **RTX 6000 Ada** runs cool.",
        EQUAL,
    ),
];

#[test]
fn the_guide_is_clean_and_twenty_planted_drifts_are_found() {
    let guide = copy_guide();
    assert_eq!(findings(guide.path(), &[]), []);
    let mut expected = Vec::new();
    for (file, from, to, code) in DRIFTS {
        let path = guide.path().join("content").join(file);
        let text = fs::read_to_string(&path)
            .unwrap_or_else(|_| "+++\ntitle = \"Buying\"\n+++\n".to_owned());
        let (text, at) = match from {
            "" => (format!("{text}\n{to}\n"), text.len() + to.len() + 1),
            from => {
                let at = text
                    .find(from)
                    .unwrap_or_else(|| panic!("{file} lacks {from:?}"));
                (text.replacen(from, to, 1), at)
            }
        };
        let line = text[..at].matches('\n').count() + 1;
        fs::write(&path, text).expect("written");
        expected.push((code.to_owned(), format!("content/{file}"), line as u64));
    }
    let mut found = findings(guide.path(), &[]);
    expected.sort();
    found.sort();
    assert_eq!(found, expected);
}

/// A site with two bicycles, one page and the lints of a configuration.
fn bicycles(lints: &str, page: &str) -> tempfile::TempDir {
    let site = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    write(
        "rigbook.toml",
        &format!("title = \"Bicycles\"\n[lints]\n{lints}\n"),
    );
    write(
        "content/bikes/_index.md",
        r#"+++
title = "Bicycles"
[category]
id = "bike"
[category.fields]
weight = { type = "quantity", unit = "kg", label = "Weight" }
price = { type = "money", unit = "USD", label = "Price", max_age = "90 d" }
bell = { type = "text", label = "Bell" }
[[components]]
id = "steppe"
title = "Steppe 300"
weight = { value = "16 kg", source = "maker" }
price = { value = "1900 USD", source = "shop", as_of = 2024-01-10 }
[[components]]
id = "coast"
title = "Coast 20"
# Weighed at home. rigbook: allow unsourced-figure
weight = "12 kg"
[[components]]
id = "dune"
title = "Dune 7"
[[components]]
id = "fell"
title = "Fell 4"
+++
"#,
    );
    write(
        "content/page.md",
        &format!("+++\ntitle = \"Page\"\n+++\n\n{page}\n"),
    );
    site
}

fn codes(found: &[(String, String, u64)]) -> Vec<&str> {
    found.iter().map(|(code, ..)| code.as_str()).collect()
}

#[test]
fn what_is_near_a_figure_and_is_none_stays_unsaid() {
    for text in [
        "The Steppe 300 carries a rider of 80 kg.",
        "With the Steppe 300 you need at least 16 kg of luggage.",
        "The Steppe 300 and 17 kg of luggage.",
        "Weights of 10–16 kg are usual for a Steppe 300.",
        "Two loads of 2 × 16 kg beside a Steppe 300.",
        "The Steppe 3000 weighs 20 kg.",
        "Any bicycle of 16 kg.",
        "The Steppe 300 is fine, as any 16 kg bicycle is.",
        "`Steppe 300: 17 kg`",
        "```text\nSteppe 300: 17 kg\n```",
        "{{ bike.steppe.weight }} is the Steppe 300's weight.",
    ] {
        let site = bicycles("", text);
        assert_eq!(findings(site.path(), &[]), [], "{text}");
    }
}

/// What words show to be another quantity, and plain statements beside it.
#[test]
fn a_number_that_words_show_to_be_another_quantity_is_no_contradiction() {
    let silent = [
        "The Coast 20 weighs 2 kg more than the Steppe 300.",
        "The Coast 20 is 2 kg lighter than the Steppe 300.",
        "800 USD more than the Steppe 300 is a price too high.",
        "The Steppe 300 costs 300 USD less than last year.",
        "The price of the Steppe 300 is 300 USD lower than last year.",
        "The Coast 20 and the Steppe 300 cost 2700 USD together.",
        "The Coast 20 and the Steppe 300 cost 2700 USD in total.",
        "Together the Coast 20 and the Steppe 300 cost 2700 USD.",
        "Both the Coast 20 and the Steppe 300 cost 2700 USD.",
        "A bag for the Steppe 300 costs 25 USD.",
        "Spare tubes for the Steppe 300 cost 12 USD.",
        "Import duty on the Steppe 300 is 90 USD.",
        "The fork of the Steppe 300 weighs 2 kg.",
        "The price of a bag for the Steppe 300 is 25 USD.",
        "The Steppe 300 costs 3 USD a month.",
        "The Steppe 300 costs 90 USD per year.",
        "The Steppe 300 costs 90 USD a year.",
        "Before 2024 the Steppe 300 cost 1500 USD.",
        "The price of the Steppe 300 was 1500 USD.",
        "The Steppe 300 used to cost 1500 USD, the old price.",
        "The price of the Steppe 300 fell from 2500 USD.",
        "The price of the Steppe 300 rose to 1700 USD for a week.",
        "If the Steppe 300 cost 900 USD, all would ride it.",
        "The price of a Steppe 300 would be 900 USD.",
        "The shipping weight of the Steppe 300 is 22 kg.",
        "The Steppe 300 weighs 26 kg with water.",
        "The Steppe 300 weighs 9 kg when bare.",
        "The Steppe 300 adds 2 kg of weight.",
        "The Steppe 300 has two tubes of 2 kg, a weight.",
        "The Steppe 300 (15 kg away from the record) is fine.",
        "The Steppe 300 has 9.9 kg of steel.",
    ];
    let warned = [
        "The Steppe 300 weighs 14 kg.",
        "The Steppe 300 weighs 14 kg, more than the Coast 20.",
        "The Steppe 300 (14 kg) is fine.",
        "The Steppe 300 (14 kg of weight) is fine.",
        "The Steppe 300 costs 1700 USD.",
        "The price of the Steppe 300 is 1700 USD.",
        "The weight of the Steppe 300 is 14 kg.",
        "A price for the Steppe 300 is 1700 USD.",
        "If you ride far, the Steppe 300 costs 1700 USD.",
        "The more expensive Steppe 300 costs 1700 USD.",
    ];
    let page = silent.join("\n\n");
    let site = bicycles("", &page);
    let lines: Vec<&str> = page.lines().collect();
    let found = findings(site.path(), &[]);
    let loud = found.iter().filter(|(code, ..)| code == OTHER);
    let loud: Vec<&str> = loud.map(|(_, _, line)| lines[*line as usize - 5]).collect();
    assert_eq!(loud, Vec::<&str>::new());
    let page = warned.join("\n\n");
    let site = bicycles("", &page);
    let lines: Vec<&str> = page.lines().collect();
    let found = findings(site.path(), &[]);
    let loud = found.iter().filter(|(code, ..)| code == OTHER);
    let loud: Vec<&str> = loud.map(|(_, _, line)| lines[*line as usize - 5]).collect();
    assert_eq!(loud, warned);
}

#[test]
fn units_that_prose_spells_out_are_read() {
    for (text, code) in [
        ("The Steppe 300 weighs 16 kilograms.", EQUAL),
        ("The Steppe 300 weighs 17 kilograms.", OTHER),
        ("The Steppe 300 weighs 16000 grams.", EQUAL),
        ("The Steppe 300 costs 1900 dollars.", EQUAL),
    ] {
        let site = bicycles("", text);
        assert_eq!(codes(&findings(site.path(), &[])), [code], "{text}");
    }
}

#[test]
fn a_component_is_named_by_links_and_by_heads_of_columns() {
    for (text, code) in [
        (
            "The [grey one](bikes/_index.md#steppe) weighs 16 kg.",
            EQUAL,
        ),
        (
            "| | Steppe 300 | Coast 20 |\n|---|---|---|\n| Weight | 16 kg | |",
            EQUAL,
        ),
        (
            "| | Steppe 300 | Coast 20 |\n|---|---|---|\n| Weight | | 13 kg |",
            OTHER,
        ),
    ] {
        let site = bicycles("", text);
        assert_eq!(codes(&findings(site.path(), &[])), [code], "{text}");
    }
}

#[test]
fn lints_are_switched_by_site_and_by_line() {
    let drift = "The Steppe 300 weighs 17 kg.";
    let site = bicycles("", drift);
    assert_eq!(codes(&findings(site.path(), &[])), [OTHER]);
    let site = bicycles("contradicting-figure = \"off\"", drift);
    assert_eq!(findings(site.path(), &[]), []);
    let allowed = format!("<!-- rigbook: allow {OTHER} -->\n\n{drift}\n\n{drift}");
    let site = bicycles("", &allowed);
    let found = findings(site.path(), &[]);
    assert_eq!(found, [(OTHER.to_owned(), "content/page.md".to_owned(), 9)]);
    let other = format!("<!-- rigbook: allow {EQUAL} -->\n{drift}");
    let site = bicycles("", &other);
    assert_eq!(codes(&findings(site.path(), &[])), ["idle-allow", OTHER]);
    let site = bicycles("stael = \"off\"", "");
    assert_eq!(codes(&findings(site.path(), &[])), ["unknown-key"]);
    let site = bicycles("stale = \"loud\"", "");
    assert_eq!(codes(&findings(site.path(), &[])), ["invalid-value"]);
}

#[test]
fn the_other_lints_speak_when_asked() {
    let site = bicycles("", "");
    assert_eq!(findings(site.path(), &[]), []);
    // On 2025-01-01 the price is almost a year old.
    assert_eq!(codes(&findings(site.path(), &["--stale"])), ["stale"]);
    let mut all = findings(site.path(), &["--all"]);
    all.sort();
    let expected = [
        "coverage",
        "coverage",
        "stale",
        "unlisted-component",
        "unlisted-component",
        "unlisted-component",
        "unlisted-component",
        "unused-figure",
        "unused-figure",
        "unused-figure",
    ];
    assert_eq!(codes(&all), expected);
    let site = bicycles("stale = \"warning\"", "");
    assert_eq!(codes(&findings(site.path(), &[])), ["stale"]);
    let site = bicycles("unsourced-figure = \"warning\"", "");
    assert_eq!(
        findings(site.path(), &[]),
        [],
        "the one without a source is allowed"
    );
}

#[test]
fn figures_without_a_source_are_one_finding_for_each_component() {
    let site = bicycles("", "");
    let section = site.path().join("content/bikes/_index.md");
    let text = fs::read_to_string(&section).expect("readable");
    let text = text.replace(
        "title = \"Dune 7\"\n",
        "title = \"Dune 7\"\nweight = \"9 kg\"\nprice = \"700 USD\"\n",
    );
    fs::write(&section, text).expect("writable");
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--all", "--no-cache", "--root"])
        .arg(site.path())
        .output()
        .expect("it starts");
    let found = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        found.contains("where `weight`, `price` of Dune 7 come from"),
        "{found}"
    );
    assert_eq!(found.matches("[unsourced-figure]").count(), 1, "{found}");
}

#[test]
fn strengths_and_descriptions_are_read_for_figures() {
    let page = "+++\ntitle = \"Page\"\ndescription = \"The Steppe 300 weighs 16 kg.\"\n+++\n";
    let site = bicycles("", "");
    fs::write(site.path().join("content/page.md"), page).expect("writable");
    let section = site.path().join("content/bikes/_index.md");
    let text = fs::read_to_string(&section).expect("readable");
    let text = text.replace(
        "title = \"Steppe 300\"\n",
        "title = \"Steppe 300\"\npros = [\"At 17 kg of weight it is light\"]\n",
    );
    let line = 1 + text
        .lines()
        .position(|line| line.starts_with("pros"))
        .expect("there") as u64;
    fs::write(&section, text).expect("writable");
    assert_eq!(
        findings(site.path(), &[]),
        [
            (OTHER.to_owned(), "content/bikes/_index.md".to_owned(), line),
            (EQUAL.to_owned(), "content/page.md".to_owned(), 3),
        ]
    );
}

#[test]
fn texts_with_escapes_are_read_and_have_a_place() {
    let page = "+++\ntitle = \"Page\"\ndescription = \"Fits 29\\\" ····. The Steppe 300 weighs 16 kg. ····\"\n+++\n";
    let site = bicycles("", "");
    fs::write(site.path().join("content/page.md"), page).expect("writable");
    assert_eq!(
        findings(site.path(), &[]),
        [(EQUAL.to_owned(), "content/page.md".to_owned(), 3)]
    );
}

#[test]
fn a_model_of_two_characters_is_a_subject_as_it_is_written() {
    let site = bicycles("", "The X5 weighs 12 kg. An x5 of 12 kg, a GB of 12 kg.");
    let path = site.path().join("content/bikes/_index.md");
    let text = fs::read_to_string(&path).expect("readable");
    let more = "[[components]]\nid = \"x-five\"\ntitle = \"X5\"\nweight = \"11 kg\"\n[[components]]\nid = \"gigabyte\"\ntitle = \"GB\"\nweight = \"11 kg\"\n+++\n";
    let end = text.rfind("+++").expect("front matter");
    fs::write(&path, text[..end].to_owned() + more).expect("written");
    let found = findings(site.path(), &[]);
    assert_eq!(codes(&found), [OTHER], "{found:?}");
}
