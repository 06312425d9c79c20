//! `rigbook init --from` with folders as the programs that people come from keep
//! them. Each becomes a site without errors in which no word is lost.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

struct Site {
    folder: tempfile::TempDir,
    said: String,
}

impl Site {
    fn read(&self, path: &str) -> String {
        let path = self.folder.path().join("site").join(path);
        fs::read_to_string(&path).unwrap_or_else(|e| panic!("{path:?}: {e}\n{}", self.said))
    }

    /// Checks parts of files; what begins with `NOT` must not stand there.
    fn check(&self, expected: &[(&str, &str)]) {
        for (path, part) in expected {
            let text = match *path {
                "said" => self.said.clone(),
                path => self.read(path),
            };
            match part.strip_prefix("NOT ") {
                Some(part) => assert!(!text.contains(part), "{path} has {part:?}:\n{text}"),
                None => assert!(text.contains(part), "{path} lacks {part:?}:\n{text}"),
            }
        }
    }
}

fn words(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    words.map(str::to_lowercase).collect()
}

/// Makes a site of files below `guide`; words of `rewritten` stand in it
/// otherwise.
fn made(guide: &str, files: &[(&str, &str)], rewritten: &[&str]) -> Site {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("writable");
        fs::write(path, text).expect("writable");
    }
    let run = |args: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
            .args(args)
            .current_dir(folder.path())
            .env("NO_COLOR", "1")
            .output()
            .expect("it starts");
        let said = [output.stdout, output.stderr].concat();
        (
            output.status.success(),
            String::from_utf8_lossy(&said).into_owned(),
        )
    };
    let (fine, said) = run(&["init", "--from", guide, "site"]);
    assert!(fine, "{said}");
    let (fine, found) = run(&["check", "--no-cache", "--root", "site"]);
    assert!(fine, "{said}{found}");
    let mut kept = said.clone();
    gather(&folder.path().join("site"), &mut kept);
    let kept = words(&kept);
    let is_page = |path: &str| path.starts_with(guide) && path.contains(".m");
    for (path, text) in files.iter().filter(|(path, _)| is_page(path)) {
        let lost: Vec<String> = (words(text).difference(&kept))
            .filter(|word| !rewritten.contains(&word.as_str()))
            .cloned()
            .collect();
        assert!(lost.is_empty(), "{path} lost {lost:?}");
    }
    Site { folder, said }
}

fn gather(folder: &Path, kept: &mut String) {
    for entry in walkdir::WalkDir::new(folder) {
        let entry = entry.expect("readable");
        if entry
            .path()
            .extension()
            .is_some_and(|e| e == "md" || e == "toml")
        {
            kept.push_str(&fs::read_to_string(entry.path()).expect("readable"));
            kept.push('\n');
        }
    }
}

const TENTS: &str = "\
| Tent | Weight | Price |
|---|---|---|
| Dome | 2 kg | $389 |
| Ridge | 1 kg | $420 |
";

#[test]
fn a_book_with_a_summary() {
    let files = [
        (
            "book/SUMMARY.md",
            "# Summary\n\n[Preface](README.md)\n\n- [The stoves](stoves.md)\n  - [Sizes](stoves/sizing.md)\n- [Wood](wood.md)\n",
        ),
        (
            "book/README.md",
            "# Saunas\n\nSee [stoves](./stoves.md) and [sizes](stoves/sizing.html).\n",
        ),
        (
            "book/stoves.md",
            "# Stoves\n\n| Stove | Heats in | Power | Price | Shop |\n|---|---|---|---|---|\n\
             | **Harvia** | 40 min | 16 kW | EUR 529 | [shop](https://example.org/h) |\n\
             | Kota | 1 h | ~22 kW | EUR 1.150 | [shop](https://example.org/k) |\n\n\
             ## Steps\n\n| Step | Do | Time |\n|---|---|---|\n| One | Light it | 5 min |\n| Two | Wait | 40 s |\n",
        ),
        (
            "book/stoves/sizing.md",
            "# Sizing\n\nSee [steps](../stoves.md#steps).\n",
        ),
        (
            "book/wood.md",
            "# Wood\n\n## Kinds\n\n- Birch: hot, clean\n- Pine: spits\n",
        ),
    ];
    let site = made("book", &files, &["stove", "readme", "html", "150"]);
    site.check(&[
        ("said", "made 6 pages from"),
        ("said", "SUMMARY.md gave the pages their order"),
        ("said", "\"Steps\" stayed as it was: its rows seem to be no products"),
        ("content/_index.md", "nav_title = \"Preface\""),
        ("content/_index.md", "[stoves](stoves/_index.md) and [sizes](stoves/sizing.md)"),
        ("content/stoves/_index.md", "weight = 2\ntitle = \"Stoves\"\nnav_title = \"The stoves\""),
        ("content/stoves/_index.md", "heats_in = { type = \"quantity\", unit = \"min\""),
        ("content/stoves/_index.md", "shop = { type = \"url\""),
        ("content/stoves/_index.md", "| One | Light it | 5 min |"),
        ("content/stoves/kota.md", "power = \"22 kW\" # ~22 kW\nprice = \"1150 EUR\"\nshop = \"https://example.org/k\" # shop"),
        ("content/stoves/sizing.md", "[steps](_index.md#steps)"),
        ("content/wood.md", "weight = 4\ntitle = \"Wood\"\n+++\n\n## Kinds\n\n- Birch: hot, clean"),
    ]);
}

#[test]
fn documentation_with_boxes_and_addresses_without_endings() {
    let files = [
        (
            "docs/intro.md",
            "---\nsidebar_position: 2\ndescription: >\n  How to\n  begin\n---\n\n# Welcome\n\n:::tip Read this\n\n\
             See [setup](./guides/setup) or [questions](/docs/faq#how-much).\n\n:::\n\n\
             <p align=\"center\">\n<img\n  src=\"/img/logo.svg\"\n  alt=\"Logo\">\n<a href='./guides/setup.md'>Setup</a>\n</p>\n",
        ),
        (
            "docs/faq.md",
            "# FAQ\n\n| Question | Answer |\n|---|---|\n| How long? | 3 days |\n| How much? | $20 |\n| Where? | Here |\n\n### How much?\n\n- **Q:** How much?\n- **A:** $20\n",
        ),
        (
            "docs/guides.md",
            "# Guides\n\nAll: [setup](guides/setup.md).\n",
        ),
        (
            "docs/guides/setup.md",
            "# Setup\n\n| Filament | Nozzle, °C | Price |\n|---|---|---|\n| PLA | 210 | $20 |\n| ABS | 250 | $22 |\n",
        ),
        ("docs/guides/more.mdx", "# More\n"),
        (
            "static/img/logo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
    ];
    let site = made(
        "docs",
        &files,
        &["tip", "filament", "position", "sidebar", "more"],
    );
    site.check(&[
        ("said", "files in MDX were left out, call them `.md`: guides/more.mdx"),
        ("content/intro.md", "weight = 2\ntitle = \"Welcome\"\ndescription = \"How to begin\""),
        ("content/intro.md", "> [!TIP]\n> **Read this**\n>\n> See [setup](guides/setup/_index.md) or [questions](faq.md#how-much)."),
        ("content/intro.md", "src=\"static/img/logo.svg\""),
        ("content/intro.md", "<a href='guides/setup/_index.md'>"),
        ("content/faq.md", "| How much? | $20 |"),
        ("content/guides/_index.md", "title = \"Guides\""),
        ("content/guides/setup/_index.md", "nozzle = { type = \"quantity\", unit = \"°C\", label = \"Nozzle\" }"),
    ]);
}

#[test]
fn content_with_drafts() {
    let files = [
        (
            "content/_index.md",
            "+++\ntitle = \"Espresso\"\ndate = 2024-02-01\n+++\n\nWelcome to {{< button >}}.\n",
        ),
        (
            "content/gear/_index.md",
            "---\ntitle: Gear\ndraft: true\n---\nAll of it.\n",
        ),
        (
            "content/gear/machines/index.md",
            "---\ntitle: Machines\ntags: [espresso, lever]\n---\n\n## Lever\n\n- Warm-up: 15 min\n- Price: [€999](https://example.org/l)\n\n\
             Solid. ![pic](lever.svg)\n\n## Pump\n\n- Warm-up: 40 s\n- Price: €450\n",
        ),
        (
            "content/gear/machines/lever.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        (
            "content/gear/grinders.md",
            "---\ntitle: Grinders\ndraft: true\n---\nNot yet.\n",
        ),
        (
            "content/post/2023-11-02-water.md",
            "---\ntitle: \"Water: why\"\n---\nSee [machines](/gear/machines/) and [grinders](../gear/grinders.md).\n",
        ),
    ];
    let site = made("content", &files, &["tags"]);
    site.check(&[
        ("said", "marks for another program stand as text: `{{< button >}}.`"),
        ("said", "gear/_index.md: of its front matter this was dropped: draft: true, which would hide the whole folder"),
        ("said", "the link to `../gear/grinders.md` leads to a draft and became text"),
        ("content/_index.md", "title = \"Espresso\"\ndate = 2024-02-01"),
        ("content/gear/_index.md", "NOT draft"),
        ("content/gear/grinders.md", "draft = true"),
        ("content/gear/machines/_index.md", "keywords = [\"espresso\", \"lever\"]"),
        // Forty seconds are no number of minutes.
        ("content/gear/machines/_index.md", "warm_up = { type = \"quantity\", unit = \"s\""),
        ("content/gear/machines/lever.md", "price = { value = \"999 EUR\", source = \"https://example.org/l\" }"),
        ("content/gear/machines/lever.md", "![pic](lever.svg)"),
        ("content/post/2023-11-02-water.md", "title = \"Water: why\"\ndate = 2023-11-02"),
        ("content/post/2023-11-02-water.md", "[machines](../gear/machines/_index.md)"),
    ]);
}

#[test]
fn posts_by_date() {
    let files = [
        (
            "blog/index.md",
            "---\nlayout: home\ntitle: Bikes\n---\n\n{% for post in posts %}\n- x\n{% endfor %}\n",
        ),
        (
            "blog/about.markdown",
            "---\npermalink: /about/\n---\nAbout me, with [x]({{site.baseurl}}/x).\n",
        ),
        (
            "blog/_posts/2022-03-04-first-ride.md",
            "---\npublished: false\n---\nIt rained.\n",
        ),
        (
            "blog/_posts/2022-04-01-pumps.md",
            "---\ntitle: \"Pumps\"\ndate: 2022-04-01 10:00:00 +0100\n---\n\
             | Pump | Weight (g) | Pressure | Works at | Price |\n|---|---|---|---|---|\n\
             | [Mini](https://example.org/mini) | 95 | 8.3 bar | \u{2212}5 °C | ~$35 |\n\
             | Floor | 1,400 | 160 psi | 0 °C | $45 |\n",
        ),
    ];
    let site = made(
        "blog",
        &files,
        &["published", "pump", "false", "10", "00", "0100", "400"],
    );
    site.check(&[
        ("said", "`pressure` stayed a text, since there is no unit in which all are exact: `8.3 bar`, `160 psi`"),
        ("said", "`price` was taken for exact where it says `~$35`"),
        ("content/about.md", "x (`{{site.baseurl}}/x`)"),
        ("content/posts/2022-03-04-first-ride.md", "title = \"First ride\"\ndate = 2022-03-04\ndraft = true"),
        ("content/posts/2022-04-01-pumps/_index.md", "[category]\nid = \"pumps\""),
        ("content/posts/2022-04-01-pumps/mini.md", "weight = \"95 g\"\npressure = \"8.3 bar\"\nworks_at = \"-5 °C\"\nprice = \"35 USD\" # ~$35\n+++\n\n[Mini](https://example.org/mini)"),
        ("content/posts/2022-04-01-pumps/floor.md", "weight = \"1400 g\""),
    ]);
}

#[test]
fn a_vault_of_notes() {
    let files = [
        (
            "vault/Home.md",
            "---\ncssclass: wide\n---\nMy [[Tents]], [[Sleeping bags#Summer|bags]], ![[dome photo.svg|300]].\n\n> [!info]- Folded\n> Inside.\n",
        ),
        ("vault/Gear/Gear.md", "Overview of [[Tents]].\n"),
        (
            "vault/Gear/Tents.md",
            "# Tents\n\n## Dome\n\n- **Weight**:: 2.4 kg\n- **Price**: 389 EUR\n\nGood.\n\n## Tunnel\n\n- **Weight**:: 3,1 kg\n- **Price**: 499 EUR\n",
        ),
        (
            "vault/Gear/Sleeping bags.md",
            "| Bag | Comfort | Price |\n|---|---|---|\n| [[Summer bag]] | 8 °C | 120 € |\n| Winter | \u{2212}12 °C | 340 € |\n\n## Summer\n\nSee [[#Summer]].\n",
        ),
        (
            "vault/Daily/2024-05-01.md",
            "- [ ] buy [[Tents]]\n- slept: 7 h\n",
        ),
        ("vault/\u{5c71}/\u{6c34}.md", "# \u{6c34}\n\nText.\n"),
        (
            "vault/Pictures/dome photo.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
    ];
    let site = made("vault", &files, &["300", "info", "1", "bag"]);
    site.check(&[
        ("rigbook.toml", "title = \"Vault\""),
        ("content/home.md", "My [Tents](<gear/tents/_index.md>), [bags](<gear/sleeping-bags/_index.md#summer>), ![dome photo.svg](<Pictures/dome%20photo.svg>)."),
        ("content/home.md", "> [!NOTE]\n> **Folded**\n>\n> Inside."),
        ("content/gear/_index.md", "Overview of"),
        ("content/gear/tents/dome.md", "weight = \"2.4 kg\"\nprice = \"389 EUR\""),
        ("content/gear/sleeping-bags/summer-bag.md", "title = \"Summer bag\""),
        ("content/gear/sleeping-bags/winter.md", "comfort = \"-12 °C\""),
        ("content/daily/2024-05-01.md", "- slept: 7 h"),
        ("content/\u{5c71}/\u{6c34}.md", "title = \"\u{6c34}\""),
    ]);
}

#[test]
fn a_readme_with_what_it_links_to() {
    let files = [
        (
            "repo/README.md",
            "# Servers [![CI](https://example.org/ci.svg)](https://example.org)\n\n\
             <p><img src=\"docs/rack.svg\"> <a href=\"docs/disks.md#-noise\">noise</a> <img src=gone.png alt=\"lost\"></p>\n\n\
             See [disks](docs/disks.md), [licence](LICENSE), [gone](gone.md), [that][ref], [chat](irc://x) and [nothing](). Read [it][own] and ![the rack][pic].\n\n\
             [ref]: nowhere.md\n[own]: docs/disks.md\n\n> [pic]: docs/rack.svg\n\n## Cases\n\nOurs:\n\n| Case | Bays | Volume (L) | Price |\n|---|---|---|---|\n| Node | 6 | 19.7 | $95 |\n| Define | 14 | 57 | $169 |\n\n\
             Behind it.\n\n## CPUs\n\n### N100\n\n- Cores: 4\n- Price: $120,\n  with a board\n- Power: 6 W\n\n### i5\n\n- Cores: 14\n- Price: $230\n- Power: 65 W\n\n\
             ## Old\n\n### Gone\n\n<!-- notes\n- Price: $1\n- Power: 1 W\n-->\n\n## Changes\n\n### 1.1\n\n- Added: cases\n- Fixed: 2 typos\n\n### 1.0\n\n- Added: all\n- Fixed: nothing\n\n$\\Nothing$ it is.\n",
        ),
        ("repo/LICENSE", "MIT"),
        (
            "repo/docs/rack.svg",
            "<svg xmlns='http://www.w3.org/2000/svg'/>",
        ),
        (
            "repo/docs/disks.md",
            "# Disks\n\n## \u{1f50a} Noise\n\n### [Fans](fans.md)\n\nQuiet. [up](#-noise), [fans](#fans), [N100](../README.md#n100), [cases](../README.md#cases)\n",
        ),
    ];
    let site = made("repo", &files, &["alt", "case", "readme"]);
    site.check(&[
        ("content/_index.md", "title = \"Servers\"\n+++\n\n[![CI](https://example.org/ci.svg)](https://example.org)"),
        ("content/_index.md", "<img src=\"docs/rack.svg\"> <a href=\"docs/disks.md#noise\">noise</a> lost <code>gone.png</code>"),
        ("content/_index.md", "[licence](LICENSE), gone (`gone.md`), that (`nowhere.md`), chat (`irc://x`) and nothing. Read [it][own] and ![the rack](docs/rack.svg)."),
        ("content/_index.md", "[own]: docs/disks.md\n"),
        ("content/_index.md", "## Cases\n\nOurs:\n\n```compare\ncategory = \"cases\"\ncolumns = [\"bays\", \"volume\", \"price\"]\n```\n\nBehind it."),
        ("content/_index.md", "## CPUs\n\n```compare\ncategory = \"cpus\""),
        ("content/_index.md", "<!-- notes\n- Price: $1\n- Power: 1 W\n-->"),
        ("content/_index.md", "- Added: cases\n- Fixed: 2 typos"),
        ("content/_index.md", "\\$\\Nothing\\$ it is."),
        ("content/cases/node.md", "bays = 6\nvolume = \"19.7 L\"\nprice = \"95 USD\""),
        ("content/cpus/n100.md", "price = \"$120, with a board\""),
        ("content/docs/disks.md", "### Fans\n\nQuiet. [up](#noise), [fans](#fans), [N100](../cpus/n100.md), [cases](../_index.md#cases)"),
    ]);
}

#[test]
fn files_that_would_have_one_address_all_stay() {
    let tents = format!("# Tents\n\n{TENTS}");
    let shop = format!("# Shop\n\n{}", TENTS.replace("Dome", "Bike"));
    let files = [
        ("g/README.md", "# Read me\n\nFirst.\n"),
        (
            "g/index.md",
            "# Second\n\nSee [first](README.md) and [third](_index.md).\n",
        ),
        ("g/_index.md", "# Third\n\nThird.\n"),
        ("g/d.md", "# Fourth\n\nSee [fifth](d/e.md).\n"),
        ("g/d/e.md", "# Fifth\n\nSee [fourth](../d.md).\n"),
        ("g/f.md", "# Sixth\n\nSixth.\n"),
        ("g/f/README.md", "# Seventh\n\nSee [sixth](../f.md).\n"),
        ("g/gear/README.md", &shop),
        ("g/gear/tents.md", &tents),
        ("g/a b.md", "# Eighth\n\n"),
        ("g/a-b.md", "# Ninth\n\nSee [eighth](<a b.md>).\n"),
        ("g/rule.md", "---\n\nNo front matter.\n\n---\n"),
        ("g/empty.md", ""),
        ("g/site/rigbook.toml", "title = \"Made before\"\n"),
        ("g/site/content/old.md", "# D\n"),
    ];
    let site = made("g", &files, &["d", "readme", "tent"]);
    site.check(&[
        ("content/_index.md", "title = \"Third\""),
        (
            "content/second.md",
            "See [first](read-me.md) and [third](_index.md).",
        ),
        ("content/d/_index.md", "See [fifth](e.md)."),
        ("content/d/e.md", "See [fourth](_index.md)."),
        ("content/f/_index.md", "See [sixth](../f-2.md)."),
        // No category stands in another.
        ("content/gear/_index.md", "category = \"shop\""),
        ("content/gear/shop/bike.md", "price = \"389 USD\""),
        ("content/gear/tents/dome.md", "price = \"389 USD\""),
        ("content/a-b-2.md", "See [eighth](<a-b.md>)."),
        ("content/rule.md", "---\n\nNo front matter."),
        ("said", "made 18 pages"),
    ]);
}

#[test]
fn a_guide_whose_products_stand_right_below_its_title() {
    let guide = format!(
        "---\ntitle: Tents\nauthor: me\n---\nA list.\n\n{TENTS}\n## Verdict\n\n- Winner: Dome\n"
    );
    let site = made("tents.md", &[("tents.md", &guide)], &["tent"]);
    site.check(&[
        (
            "said",
            "the file: of its front matter this was dropped: author: me",
        ),
        (
            "content/_index.md",
            "A list.\n\n```compare\ncategory = \"tents\"",
        ),
        ("content/tents/dome.md", "weight = \"2 kg\""),
        ("content/verdict.md", "- Winner: Dome"),
    ]);
    let one = made("one.md", &[("one.md", "Text alone.\n")], &[]);
    one.check(&[("said", "made one page from `one.md`")]);
}

#[test]
fn tables_of_a_list_with_links_and_a_title_in_html() {
    let list = "<h1 align=\"center\">Key<b>boards</b></h1>\n\n## Boards\n\n\
        | Name | Layout | Hot-swap | Price | Buy |\n|:--|:-:|:-:|--:|---|\n\
        | Q1 | 75% | \u{2705} | $179.00 | [Shop](https://a.example) / [Maker](https://k.example) |\n\
        | HHKB | 60% | \u{274c} | $250+ | `<none>` |\n\n\
        ## Our build\n\n| Part | Model | Price |\n|---|---|---|\n| Case | Tofu | $99 |\n| Plate | Brass | $45 |\n\n\
        - In a list:\n\n  | Case | Weight | Price |\n  |---|---|---|\n  | Tofu | 1 kg | $99 |\n  | KBD | 2 kg | $89 |\n\n## Costs\n\n| Item | Cost |\n|---|---|\n| Case | $50 |\n| Plate | $40 |\n";
    let files = [
        ("keys/README.md", list),
        ("keys/a.md", "# A\n\n[up](README.md#boards)\n"),
    ];
    let site = made(
        "keys",
        &files,
        &[
            "align", "center", "name", "h1", "b", "boards", "key", "readme", "up",
        ],
    );
    site.check(&[
        ("rigbook.toml", "title = \"Keyboards\""),
        ("content/_index.md", "title = \"Keyboards\"\n+++\n\n## Boards\n\n```compare"),
        ("content/boards/_index.md", "layout = { type = \"quantity\", unit = \"%\""),
        ("content/boards/q1.md", "buy = \"Shop / Maker\"\n+++\n\nBuy: [Shop](https://a.example) / [Maker](https://k.example)"),
        ("content/boards/hhkb.md", "price = \"250 USD\" # $250+\nbuy = \"<none>\""),
        ("said", "\"Our build\" stayed as it was: its rows are parts of one build; see `[build]`"),
        ("said", "\"Costs\" stayed as it was: it says one thing of each row; a component needs two"),
        ("content/_index.md", "| Plate | Brass | $45 |"),
        ("content/_index.md", "\n  | Tofu | 1 kg | $99 |"),
    ]);
}
