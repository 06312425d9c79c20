//! Prose of five buying guides: numbers that stand there rightly are left
//! alone, and figures that are written out are found.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::process::Command;

/// A guide: its catalog, paragraphs in which nothing is to be found, and
/// paragraphs with what is to be found in each.
struct Guide {
    catalog: &'static str,
    silent: &'static [&'static str],
    loud: &'static [(&'static str, &'static str)],
}

const EQUAL: &str = "literal-figure";
const OTHER: &str = "contradicting-figure";

const COFFEE: Guide = Guide {
    catalog: r#"+++
title = "Coffee machines"
[category]
id = "machine"
[category.fields]
price = { type = "money", unit = "EUR", label = "Price" }
power = { type = "quantity", unit = "W", label = "Power" }
tank = { type = "quantity", unit = "L", label = "Water tank" }
heat_up = { type = "quantity", unit = "min", label = "Heat-up time" }
boilers = { type = "integer", label = "Boilers" }
warranty = { type = "quantity", unit = "d", label = "Warranty" }
[[components]]
id = "silvia"
title = "Rancilio Silvia"
price = "725 EUR"
power = "1150 W"
tank = "2.1 L"
heat_up = "25 min"
boilers = 1
warranty = "730 d"
[[components]]
id = "bambino"
title = "Sage Bambino Plus"
price = "399 EUR"
power = "1560 W"
tank = "1.9 L"
heat_up = "3 min"
boilers = 1
[[components]]
id = "linea-micra"
title = "La Marzocco Linea Micra"
price = "3120 EUR"
power = "1650 W"
tank = "2 L"
heat_up = "15 min"
boilers = 2
+++
"#,
    silent: &[
        "There are 3 ways to fill the tank of a Rancilio Silvia, and all of them spill.",
        "A kettle of 1650 W on the same circuit trips the breaker.",
        "Buy beans for 399 EUR a year and the machine is the smaller part of the bill.",
        "We pulled 25 shots on the Rancilio Silvia in 2 weeks, 18 g of coffee in each.",
        "Most kitchens have one socket for 1560 W at the sink; a toaster wants another.",
        "With the Sage Bambino Plus you get 2 baskets, and the milk is warm in 3 s.",
        "With the La Marzocco Linea Micra we steamed 2 L of milk in one go.",
        "The grinder we used costs 725 EUR and outlives every machine on this page.",
    ],
    loud: &[
        ("The Rancilio Silvia heats up in 25 min.", EQUAL),
        ("A machine at 3120 EUR belongs into a bar.", EQUAL),
        (
            "At 725 EUR the Rancilio Silvia is the cheapest with brass in it.",
            EQUAL,
        ),
        ("The Linea Micra has 2 boilers, one for steam.", EQUAL),
        ("The Sage Bambino Plus costs 449 EUR.", OTHER),
        ("The water tank of the Rancilio Silvia holds 2.5 L.", OTHER),
    ],
};

const BIKES: Guide = Guide {
    catalog: r#"+++
title = "Bicycles"
[category]
id = "bike"
[category.fields]
price = { type = "money", unit = "USD", label = "Price" }
weight = { type = "quantity", unit = "kg", label = "Weight" }
battery = { type = "quantity", unit = "Wh", label = "Battery" }
reach = { type = "quantity", unit = "km", label = "Range" }
gears = { type = "integer", label = "Gears" }
[[components]]
id = "vado"
title = "Turbo Vado 4.0"
price = "3250 USD"
weight = "23.5 kg"
battery = "710 Wh"
reach = "145 km"
gears = 10
[[components]]
id = "touring"
title = "Kettler Touring 27"
price = "1849 USD"
weight = "26.8 kg"
battery = "500 Wh"
reach = "110 km"
gears = 8
[[components]]
id = "gravel"
title = "Grail 7"
price = "2199 USD"
weight = "9.6 kg"
gears = 12
+++
"#,
    silent: &[
        "The old railway line is 145 km long and flat from end to end.",
        "Our tester weighs 78 kg and rode the Turbo Vado 4.0 for 24 months.",
        "Planes refuse batteries of 500 Wh, so no bike here flies.",
        "The Grail 7 is one of 12 bikes that we rode in spring, in 3 sizes each.",
        "A trainer for 1849 USD makes sense for those who ride at home.",
        "A child seat adds 26.8 kg with its passenger, and the law stops at 25 km/h.",
        "There are 10 reasons to ride the Turbo Vado 4.0 to work and 8 to walk.",
    ],
    loud: &[
        ("The Turbo Vado 4.0 weighs 23.5 kg with its rack.", EQUAL),
        (
            "Its battery of 710 Wh makes the Turbo Vado 4.0 the one for hills.",
            EQUAL,
        ),
        ("The Kettler Touring 27 has 8 gears in its hub.", EQUAL),
        ("The Grail 7 weighs 9.2 kg.", OTHER),
        ("The Kettler Touring 27 costs $1,899.", OTHER),
    ],
};

const DRONES: Guide = Guide {
    catalog: r#"+++
title = "Drones"
[category]
id = "drone"
[category.fields]
price = { type = "money", unit = "EUR", label = "Price" }
weight = { type = "quantity", unit = "g", label = "Take-off weight" }
flight = { type = "quantity", unit = "min", label = "Flight time" }
link = { type = "quantity", unit = "km", label = "Radio range" }
megapixels = { type = "integer", label = "Megapixels" }
[[components]]
id = "mini-4-pro"
title = "DJI Mini 4 Pro"
price = "799 EUR"
weight = "249 g"
flight = "34 min"
link = "20 km"
megapixels = 48
[[components]]
id = "mavic-3"
title = "DJI Mavic 3 Classic"
price = "1599 EUR"
weight = "895 g"
flight = "46 min"
link = "15 km"
megapixels = 20
[[components]]
id = "neo"
title = "DJI Neo"
price = "199 EUR"
weight = "135 g"
flight = "18 min"
megapixels = 12
+++
"#,
    silent: &[
        "Above 249 g a drone has to be registered in most of Europe.",
        "The ferry takes 46 min, long enough to charge a pack or two.",
        "Insurance for the DJI Mini 4 Pro is 48 EUR a year with a deductible of 150 EUR.",
        "Wind of 10 m/s grounds the DJI Neo, and 3 of 4 testers lost one.",
        "In our first 24 months with the DJI Mavic 3 Classic we broke 2 arms.",
        "A gimbal of 135 g, a filter of 20 g and a bag: it adds up.",
        "A case for the DJI Neo costs 199 EUR if it has to be leather.",
        "A fine of 1599 EUR is what the court asked of a pilot at the airport.",
    ],
    loud: &[
        ("The DJI Mini 4 Pro stays below the limit at 249 g.", EQUAL),
        (
            "The flight time of the DJI Mavic 3 Classic is 46 min.",
            EQUAL,
        ),
        ("The DJI Neo costs 229 EUR.", OTHER),
        ("The DJI Mavic 3 Classic has 24 megapixels.", OTHER),
        ("The DJI Neo: 199 EUR, and no remote in the box.", EQUAL),
    ],
};

const KNIVES: Guide = Guide {
    catalog: r#"+++
title = "Kitchen knives"
[category]
id = "knife"
[category.fields]
price = { type = "money", unit = "USD", label = "Price" }
blade = { type = "quantity", unit = "mm", label = "Blade length" }
weight = { type = "quantity", unit = "g", label = "Weight" }
angle = { type = "number", label = "Edge angle" }
hardness = { type = "number", label = "Hardness", help = "Rockwell C" }
[[components]]
id = "fibrox"
title = "Victorinox Fibrox 8"
price = "54 USD"
blade = "203 mm"
weight = "167 g"
angle = 15
hardness = 56
[[components]]
id = "mac-mth-80"
title = "MAC MTH-80"
price = "145 USD"
blade = "200 mm"
weight = "184 g"
angle = 15
hardness = 60
[[components]]
id = "tojiro"
title = "Tojiro DP F-808"
price = "99 USD"
blade = "210 mm"
weight = "179 g"
angle = 12
hardness = 60
+++
"#,
    silent: &[
        "An onion of 167 g took 15 cuts with the Tojiro DP F-808.",
        "There are 12 steps from dull to sharp, and 3 of them can be left out.",
        "A board of 210 mm is too small for all of them.",
        "Lend the MAC MTH-80 out and it comes back with 2 chips within 60 days.",
        "Sharpening costs 15 USD at the shop, 99 USD for a set of six.",
        "Leave 203 mm between the magnet and the shelf, or the handles touch.",
        "We cut 56 tomatoes with the Victorinox Fibrox 8 before it slipped.",
    ],
    loud: &[
        ("The Victorinox Fibrox 8 has a blade of 203 mm.", EQUAL),
        (
            "The MAC MTH-80 weighs 184 g, most of it in the blade.",
            EQUAL,
        ),
        ("The Tojiro DP F-808 costs $109.", OTHER),
        ("The\u{a0}MAC\u{a0}MTH-80 weighs 185 g.", OTHER),
        ("İ\u{2011}ẞ\u{a0}é: the Tojiro DP F-808 costs $109.", OTHER),
        ("The blade length of the MAC MTH-80 is 20 cm.", EQUAL),
        (
            "For $54 the Victorinox Fibrox 8 is the one to start with.",
            EQUAL,
        ),
    ],
};

const LAPTOPS: Guide = Guide {
    catalog: r#"+++
title = "Laptops"
[category]
id = "laptop"
[category.fields]
price = { type = "money", unit = "USD", label = "Price" }
memory = { type = "quantity", unit = "GB", label = "Memory" }
storage = { type = "quantity", unit = "GB", label = "Storage" }
weight = { type = "quantity", unit = "kg", label = "Weight" }
battery = { type = "quantity", unit = "Wh", label = "Battery" }
cores = { type = "integer", label = "Cores" }
ports = { type = "integer", label = "USB ports" }
[[components]]
id = "air"
title = "MacBook Air 13"
price = "1099 USD"
memory = "16 GB"
storage = "256 GB"
weight = "1.24 kg"
battery = "52.6 Wh"
cores = 8
ports = 2
[[components]]
id = "x1"
title = "ThinkPad X1 Carbon"
price = "1839 USD"
memory = "32 GB"
storage = "1 TB"
weight = "1.09 kg"
battery = "57 Wh"
cores = 12
ports = 4
[[components]]
id = "framework"
title = "Framework Laptop 13"
price = "1329 USD"
memory = "16 GB"
storage = "512 GB"
weight = "1.3 kg"
battery = "61 Wh"
cores = 6
ports = 4
+++
"#,
    silent: &[
        "A phone of today holds 256 GB, and the cloud costs 3 USD a month.",
        "A film in 4K is 52.6 GB, so the MacBook Air 13 holds 3 of them.",
        "Apple's warranty on the MacBook Air 13 ends after 12 months.",
        "The desk that we like costs 1329 USD and lasts 20 years.",
        "We opened the ThinkPad X1 Carbon with 5 screws and 2 tools in 8 min.",
        "The game asks for 512 GB, more than most laptops have free.",
        "Of the 4 laptops we tried, the Framework Laptop 13 was opened 6 times.",
    ],
    loud: &[
        ("The MacBook Air 13 weighs 1.24 kg.", EQUAL),
        (
            "With 32 GB the ThinkPad X1 Carbon runs three virtual machines.",
            EQUAL,
        ),
        ("The Framework Laptop 13 has 8 cores.", OTHER),
        ("The ThinkPad X1 Carbon costs $1,939.", OTHER),
        (
            "Its 57 Wh battery takes the ThinkPad X1 Carbon through a day.",
            EQUAL,
        ),
    ],
};

/// What is found in a page of paragraphs: code and number of the paragraph.
fn found(catalog: &str, paragraphs: &[&str]) -> BTreeSet<(usize, String)> {
    let site = tempfile::tempdir().expect("a folder");
    let write = |path: &str, text: &str| {
        let path = site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    };
    write("rigbook.toml", "title = \"Guide\"\n");
    write("content/all/_index.md", catalog);
    let page = format!(
        "+++\ntitle = \"Page\"\n+++\n\n{}\n",
        paragraphs.join("\n\n")
    );
    write("content/page.md", &page);
    let said = check(site.path());
    let found = said.as_array().expect("a list").iter();
    found
        .map(|found| {
            let line = found["line"].as_u64().expect("a line");
            let code = found["code"].as_str().expect("a code");
            ((line as usize - 5) / 2, code.to_owned())
        })
        .collect()
}

fn check(site: &Path) -> serde_json::Value {
    let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
        .args(["check", "--no-cache", "--format", "json", "--root"])
        .arg(site)
        .output()
        .expect("it starts");
    serde_json::from_slice(&output.stdout).expect("JSON")
}

const GUIDES: [Guide; 5] = [COFFEE, BIKES, DRONES, KNIVES, LAPTOPS];

#[test]
fn numbers_of_other_things_are_no_figures() {
    let mut wrong = Vec::new();
    for guide in GUIDES {
        let found = found(guide.catalog, guide.silent);
        wrong.extend({ found.into_iter() }.map(|(at, code)| (code, guide.silent[at])));
    }
    assert_eq!(wrong, []);
}

#[test]
fn figures_that_are_written_out_are_found() {
    for guide in GUIDES {
        let (texts, codes): (Vec<&str>, Vec<&str>) = guide.loud.iter().copied().unzip();
        let expected = codes.into_iter().map(str::to_owned).enumerate();
        assert_eq!(found(guide.catalog, &texts), expected.collect());
    }
}
