//! Sites with random figures and formulas.

use std::fmt::Write as _;
use std::fs;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use rigbook::compile::{Compiled, Options, Tools, compile};
use rigbook::diag::{Checked, Severity};
use rigbook::io::project::Loader;
use rigbook::memo::{InMemory, Memo, Nothing};
use rigbook::render::diagram::DirectWorker;

use crate::random::Random;
use crate::writer::{Dimension, Writer};

pub const TOTALS: usize = 40;
pub const RULES: usize = 40;
/// How deep formulas nest.
const DEPTH: usize = 4;

const FIELDS: &str = r#"
[category.fields]
factor = { type = "number" }
whole = { type = "integer" }
power = { type = "quantity", unit = "W" }
tiny = { type = "quantity", unit = "mW" }
price = { type = "money", unit = "USD" }
flag = { type = "bool" }
made = { type = "date" }
kind = { type = "choice", options = ["x", "y", "z"] }
fits = { type = "set", options = ["x", "y", "z"] }
name = { type = "text" }
band = { type = "range", unit = "W" }
share = { formula = "price / 3 + 0.1 * abs(price)", decimals = 4 }
dear = { formula = "price > 500 USD and flag" }
"#;

/// Slots: id, category, most parts.
const SLOTS: [(&str, &str, u32); 4] = [
    ("one", "alpha", 1),
    ("two", "beta", 1),
    ("many", "alpha", 6),
    ("pile", "gamma", 9),
];

/// A component's figures: one in `known` is missing, some are wide, some
/// negative.
fn component(random: &mut Random, id: &str, known: usize, out: &mut String) {
    let _ = writeln!(out, "\n[[components]]\nid = \"{id}\"\ntitle = \"{id}\"");
    let number = |random: &mut Random, most: usize, decimals: usize| {
        let sign = if random.below(3) == 0 { "-" } else { "" };
        let whole = match random.below(3) {
            0 => random.below(10),
            1 => random.below(1000),
            _ => random.below(most),
        };
        let fraction = random.below(10usize.pow(decimals as u32));
        match decimals {
            0 => format!("{sign}{whole}"),
            _ => format!("{sign}{whole}.{fraction:0decimals$}"),
        }
    };
    let letters = ["x", "y", "z"];
    let set: Vec<&str> = letters
        .into_iter()
        .filter(|_| random.below(2) == 0)
        .collect();
    let low = random.below(500);
    let fields = [
        ("factor", number(random, 2_000, 3)),
        ("whole", number(random, 100_000, 0)),
        ("power", format!("\"{} W\"", number(random, 3_000_000, 2))),
        ("tiny", format!("\"{} mW\"", number(random, 90_000, 1))),
        (
            "price",
            format!(
                "\"{} USD\"",
                number(random, 20_000, 2).trim_start_matches('-')
            ),
        ),
        ("flag", (random.below(2) == 0).to_string()),
        (
            "made",
            format!(
                "20{:02}-0{}-1{}",
                random.below(30),
                1 + random.below(9),
                random.below(10)
            ),
        ),
        ("kind", format!("\"{}\"", letters[random.below(3)])),
        ("fits", format!("{set:?}")),
        (
            "name",
            format!("\"{}\"", ["Ada", "Bo", "Cy"][random.below(3)]),
        ),
        ("band", format!("\"{low}..{} W\"", low + random.below(500))),
    ];
    for (field, value) in fields {
        if random.below(known) > 0 {
            let _ = writeln!(out, "{field} = {value}");
        }
    }
}

/// The calculator's page, and where in it each total and rule stands.
fn calculator(random: &mut Random) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut writer = Writer {
        random,
        totals: Vec::new(),
        group: None,
    };
    for number in 0..TOTALS {
        let dimension = writer.dimension();
        let formula = writer.number(dimension, DEPTH);
        let unit = match dimension {
            Dimension::Plain => ["", "%"][writer.random.below(2)],
            Dimension::Power => writer.pick(&["W", "kW"]),
            Dimension::Money => "USD",
        };
        let unit = if unit.is_empty() {
            String::new()
        } else {
            format!("unit = \"{unit}\"\n")
        };
        let decimals = writer.random.below(4);
        blocks.push(format!("\n[[calculator.totals]]\nid = \"t{number}\"\nlabel = \"T\"\nformula = '{formula}'\n{unit}decimals = {decimals}\n"));
        writer.totals.push((number, dimension));
    }
    for number in 0..RULES {
        let require = writer.condition(DEPTH);
        let (a, b) = (writer.shown(), writer.shown());
        blocks.push(format!("\n[[calculator.rules]]\nid = \"r{number}\"\nseverity = \"error\"\nrequire = '{require}'\nmessage = 'A {{{{ {a} }}}} and {{{{ {b} }}}}'\n"));
    }
    blocks
}

/// The page's text, and the range of each block that is left.
fn page(blocks: &[Option<String>]) -> (String, Vec<Range<usize>>) {
    let mut text = "+++\ntitle = \"Plan\"\n\n[calculator]\ntitle = \"Plan\"\n".to_owned();
    for (id, category, most) in SLOTS {
        let _ = writeln!(
            text,
            "\n[[calculator.slots]]\nid = \"{id}\"\ncategory = \"{category}\"\nmin = 0\nmax = {most}"
        );
    }
    text.push_str("\n[[calculator.inputs]]\nid = \"ratio\"\nlabel = \"Ratio\"\ndefault = 1.5\nmin = -20\nmax = 80\n");
    text.push_str("\n[[calculator.inputs]]\nid = \"load\"\nlabel = \"Load\"\nunit = \"W\"\ndefault = \"120 W\"\nmin = \"-500 W\"\nmax = \"9000 W\"\n");
    let mut ranges = Vec::new();
    for block in blocks {
        let from = text.len();
        text.push_str(block.as_deref().unwrap_or_default());
        ranges.push(from..text.len());
    }
    text.push_str("+++\n\n```calculator\n```\n");
    (text, ranges)
}

fn build(root: &Path) -> Checked<Compiled> {
    let memo: Arc<dyn Memo> = Arc::new(InMemory::new(Arc::new(Nothing)));
    let mut loader = Loader::open(root).expect("it is a site");
    let project = loader.load(&*memo).expect("it can be read").value;
    let tools = Tools {
        memo,
        worker: Arc::new(DirectWorker),
        on_stage: Arc::new(|_| ()),
    };
    compile(&project, &Options::default(), &tools)
}

/// Of how many figures one is missing: in half of the sites many.
fn known(seed: u64) -> usize {
    if seed.is_multiple_of(2) { 60 } else { 7 }
}

/// A site without the formulas that its figures could overflow, and how many
/// are left.
pub fn site(seed: u64, root: &Path) -> (Compiled, usize) {
    let mut random = Random(seed * 0x9E37_79B9);
    fs::write(root.join("rigbook.toml"), "title = \"Formulas\"\n").expect("written");
    for category in ["alpha", "beta", "gamma"] {
        let mut text =
            format!("+++\ntitle = \"{category}\"\n\n[category]\nid = \"{category}\"\n{FIELDS}");
        for number in 0..5 {
            component(
                &mut random,
                &format!("{category}-{number}"),
                known(seed),
                &mut text,
            );
        }
        text.push_str("+++\n");
        fs::create_dir_all(root.join("content").join(category)).expect("made");
        fs::write(root.join("content").join(category).join("_index.md"), text).expect("written");
    }
    fs::write(
        root.join("content/_index.md"),
        "+++\ntitle = \"Home\"\n+++\n",
    )
    .expect("written");
    let mut blocks: Vec<Option<String>> = calculator(&mut random).into_iter().map(Some).collect();
    loop {
        let (text, ranges) = page(&blocks);
        fs::write(root.join("content/plan.md"), text).expect("written");
        let compiled = build(root);
        let mut wrong = 0;
        for found in compiled
            .diagnostics
            .iter()
            .filter(|d| d.severity == Severity::Error)
        {
            // A formula may come to more than 64 bits hold, divide by a literal zero, or
            // name a total that did.
            let reason = &found.message;
            assert!(
                reason.contains("64 bits")
                    || reason == "division by zero"
                    || reason.contains("total `"),
                "{reason}: {found:?}"
            );
            let span = found.span.as_ref().expect("it has a place");
            let block = ranges
                .iter()
                .position(|r| r.contains(&span.range.start))
                .expect("of a formula");
            wrong += usize::from(blocks[block].take().is_some());
        }
        if wrong == 0 {
            let left = blocks.iter().flatten().count();
            return (compiled.value, left);
        }
    }
}
