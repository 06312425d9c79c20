//! Diagrams from the outside: the corpus under `tests/diagrams/` drawn by the pool of child
//! processes, as a site draws them.

#![expect(clippy::panic, reason = "a test fails with what it found")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use rigbook::io::worker::WorkerPool;
use rigbook::render::diagram::{
    DiagramConfig, DiagramError, DiagramWorker, DrawRequest, Drawing, Engine, STYLE_SHEET,
    WRAPPER_VERSION, WorkerError, draw, kinds, with_id_prefix,
};
use roxmltree::{Document, Node};

fn pool() -> WorkerPool {
    WorkerPool::new(PathBuf::from(env!("CARGO_BIN_EXE_rigbook")), 2)
}

/// Name and source of every diagram in a folder of the corpus, by name.
fn corpus(folder: &str) -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/diagrams")
        .join(folder);
    let mut diagrams: Vec<_> = fs::read_dir(folder)
        .expect("the corpus is in the repository")
        .map(|entry| entry.expect("the folder can be listed").path())
        .map(|path| {
            let source = fs::read_to_string(&path).expect("diagrams are text");
            let name = path.file_stem().expect("diagrams have names");
            (name.to_string_lossy().into_owned(), source)
        })
        .collect();
    diagrams.sort();
    assert!(!diagrams.is_empty());
    diagrams
}

fn draw_by(
    engine: Option<Engine>,
    source: &str,
    pool: &WorkerPool,
) -> Result<Drawing, DiagramError> {
    draw(source, "Where it stands", &DiagramConfig { engine }, pool)
}

/// Words of labels: letters of two or more, outside front matter and what is not shown.
fn words(text: &str) -> BTreeSet<String> {
    text.split(|c: char| !c.is_alphabetic())
        .filter(|word| word.chars().count() > 1)
        .map(str::to_lowercase)
        .collect()
}

fn shown(drawing: &Drawing) -> String {
    let document = Document::parse(&drawing.svg).expect("a drawing is well-formed");
    let texts = document
        .descendants()
        .filter(|node| node.has_tag_name("text"));
    texts
        .flat_map(|text| text.descendants().filter(Node::is_text))
        .filter_map(|text| text.text())
        .collect::<Vec<_>>()
        .join(" ")
}

/// Everything in quotes or brackets, or behind a colon in diagrams that write labels so.
fn labels(source: &str) -> BTreeSet<String> {
    let mut labels = BTreeSet::new();
    for line in source.lines().map(str::trim) {
        let hidden = [
            "acc",
            "click",
            "style",
            "classDef",
            "linkStyle",
            "link",
            "---",
            "title:",
        ];
        if hidden.iter().any(|word| line.starts_with(word)) {
            continue;
        }
        let mut rest = line;
        while let Some(at) = rest.find('"') {
            let Some(end) = rest[at + 1..].find('"') else {
                break;
            };
            labels.extend(words(&rest[at + 1..at + 1 + end].replace("&amp;", "&")));
            rest = &rest[at + end + 2..];
        }
        let is_title = line.strip_prefix("title ");
        labels.extend(is_title.map(words).unwrap_or_default());
    }
    labels.remove("br");
    labels
}

#[test]
fn every_type_in_the_table_has_a_sample_that_draws_all_its_words() {
    let pool = pool();
    let mut missing: BTreeSet<&str> = kinds().iter().map(|kind| kind.name).collect();
    for (name, source) in corpus("valid") {
        let drawing =
            draw_by(None, &source, &pool).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let shown = shown(&drawing).replace(' ', "").to_lowercase();
        for word in labels(&source) {
            assert!(
                shown.contains(&word),
                "{name}: `{word}` is missing in {shown}"
            );
        }
        let kind = kinds().iter().find(|kind| {
            kind.keywords.iter().any(|word| {
                source
                    .lines()
                    .any(|line| line.trim().split([' ', ':']).next() == Some(word))
            })
        });
        missing.remove(kind.unwrap_or_else(|| panic!("{name} has a type")).name);
        check_form(&name, &drawing);
    }
    assert!(missing.is_empty(), "no sample of {missing:?}");
}

/// What holds for every drawing, whatever was drawn.
fn check_form(name: &str, drawing: &Drawing) {
    let document = Document::parse(&drawing.svg).unwrap_or_else(|error| panic!("{name}: {error}"));
    let root = document.root_element();
    assert!(
        matches!(root.attribute("role"), Some("img" | "graphics-document")),
        "{name}"
    );
    let by_id = |id: &str| {
        let mut found = document
            .descendants()
            .filter(move |node| node.attribute("id") == Some(id));
        (found.next(), found.next())
    };
    for (attribute, tag, text) in [
        ("aria-labelledby", "title", &drawing.title),
        ("aria-describedby", "desc", &drawing.description),
    ] {
        let id = root
            .attribute(attribute)
            .unwrap_or_else(|| panic!("{name}: no {attribute}"));
        let (Some(found), None) = by_id(id) else {
            panic!("{name}: {id} is not one element")
        };
        assert!(
            found.has_tag_name(("http://www.w3.org/2000/svg", tag)),
            "{name}"
        );
        assert!(!text.trim().is_empty(), "{name}: empty {tag}");
    }
    assert!(drawing.width > 1.0 && drawing.height > 1.0, "{name}");
    let mut ids = BTreeSet::new();
    for id in document
        .descendants()
        .filter_map(|node| node.attribute("id"))
    {
        assert!(ids.insert(id), "{name}: `{id}` stands twice");
    }
    let allowed = [
        "svg",
        "title",
        "desc",
        "defs",
        "g",
        "a",
        "path",
        "rect",
        "circle",
        "ellipse",
        "line",
        "polyline",
        "polygon",
        "text",
        "tspan",
        "use",
        "marker",
        "symbol",
        "clipPath",
        "linearGradient",
        "radialGradient",
        "stop",
    ];
    for node in document.descendants().filter(Node::is_element) {
        let tag = node.tag_name().name();
        assert!(allowed.contains(&tag), "{name}: <{tag}>");
        for attribute in node.attributes() {
            let (key, value) = (attribute.name(), attribute.value());
            assert!(!key.starts_with("on") && key != "style", "{name}: {key}");
            if let Some(start) = value.find("url(") {
                let id = value[start..]
                    .strip_prefix("url(#")
                    .and_then(|rest| rest.strip_suffix(')'));
                let id = id.unwrap_or_else(|| panic!("{name}: {key}={value}"));
                assert!(by_id(id).0.is_some(), "{name}: {value} leads nowhere");
            }
            if key == "href" && tag == "a" {
                let harmless = ["http://", "https://", "mailto:", "#", "./", "../"];
                assert!(
                    harmless.iter().any(|start| value.starts_with(start)),
                    "{name}: {value}"
                );
            } else if key == "href" {
                let id = value
                    .strip_prefix('#')
                    .unwrap_or_else(|| panic!("{name}: {value}"));
                assert!(by_id(id).0.is_some(), "{name}: {value} leads nowhere");
            }
            for class in value.split(' ').filter(|_| key == "class") {
                let known = STYLE_SHEET.contains(&format!(".{class} {{"))
                    || STYLE_SHEET.contains(&format!(".{class},"));
                assert!(known, "{name}: no rule for the class `{class}`");
            }
        }
    }
}

#[test]
fn mistakes_are_errors_with_a_place_and_a_help() {
    let pool = pool();
    for (name, source) in corpus("mistakes") {
        let Err(error) = draw_by(None, &source, &pool) else {
            panic!("{name} is drawn as if nothing were wrong");
        };
        let range = error
            .range
            .clone()
            .unwrap_or_else(|| panic!("{name}: no place: {error:?}"));
        let text = source
            .get(range)
            .unwrap_or_else(|| panic!("{name}: outside: {error:?}"));
        assert!(
            !text.trim().is_empty() && !text.contains('\n'),
            "{name}: {text:?}"
        );
        assert!(error.help.is_some(), "{name}: no help");
        let first = error.message.chars().next();
        assert!(
            first.is_some_and(char::is_lowercase),
            "{name}: {}",
            error.message
        );
    }
}

#[test]
fn mistakes_are_shown_where_they_stand() {
    let pool = pool();
    for (name, expected) in [
        ("flowchart-subgraph-without-end", "subgraph shop"),
        (
            "flowchart-label-then-more",
            "A[Frame (steel)] --> B[\"Wheel\"]",
        ),
        ("flowchart-style-of-nothing", "linkStyle 7 stroke:#f00"),
        ("front-matter-then-mistake", "[Wheel"),
        ("gantt-bad-date", "2026-13-45"),
        ("pie-negative", "-3"),
        ("pie-missing-value", "\"Wheel\" :"),
        ("sequence-unclosed-alt", "alt in stock"),
        ("unknown-type", "flowchat"),
        ("xychart-bad-data", "two"),
    ] {
        let (_, source) = corpus("mistakes")
            .into_iter()
            .find(|(one, _)| one == name)
            .unwrap_or_else(|| panic!("{name} is in the corpus"));
        let error = draw_by(None, &source, &pool).expect_err(name);
        let range = error.range.unwrap_or_else(|| panic!("{name}: no place"));
        assert_eq!(&source[range], expected, "{name}: {}", error.message);
    }
}

#[test]
fn hostile_diagrams_come_to_nothing() {
    let pool = pool();
    for (name, source) in corpus("hostile") {
        for engine in [None, Some(Engine::MermaidRs)] {
            let start = Instant::now();
            let result = draw_by(engine, &source, &pool);
            assert!(
                start.elapsed() < Duration::from_secs(8),
                "{name}: {engine:?} is slow"
            );
            match result {
                Ok(drawing) => check_form(&name, &drawing),
                Err(error) => assert!(!error.message.is_empty()),
            }
        }
    }
}

#[test]
fn a_diagram_of_nothing_is_refused() {
    let pool = pool();
    for (name, source) in corpus("hostile") {
        if name.starts_with("header-only") {
            let error = draw_by(None, &source, &pool).expect_err(&name);
            assert!(
                error.message.ends_with("draws nothing"),
                "{name}: {}",
                error.message
            );
        }
    }
}

#[test]
fn absurd_inputs_end_in_time_with_a_reason() {
    let pool = pool();
    let many: String = (0..480).map(|n| format!("N{}-->N{n}\n", n / 2)).collect();
    let wide: String = (0..200)
        .map(|n| format!("P{n}->>P{}: hi\n", n + 1))
        .collect();
    for source in [
        format!("flowchart TD\n{many}"),
        format!("sequenceDiagram\n{wide}"),
        format!("flowchart TD\nA{}x", "[(".repeat(2000)),
        format!(
            "mindmap\n{}",
            (0..49)
                .map(|n| format!("{}x{n}\n", " ".repeat(n)))
                .collect::<String>()
        ),
        "flowchart TD\n".to_owned() + &"subgraph a\n".repeat(49) + "x\n" + &"end\n".repeat(49),
        "x".repeat(1_000_000),
        "\u{0}\u{1}flowchart".to_owned(),
        String::new(),
        "%%{init: {\n".repeat(40),
        "---\n".repeat(40),
    ] {
        let start = Instant::now();
        if let Ok(drawing) = draw_by(None, &source, &pool) {
            check_form("absurd", &drawing);
        }
        assert!(
            start.elapsed() < Duration::from_secs(8),
            "{}",
            &source[..source.len().min(60)]
        );
    }
}

#[test]
fn the_same_diagram_gives_the_same_bytes_in_any_process() {
    let (first, second) = (pool(), pool());
    for (name, source) in corpus("valid") {
        let one =
            draw_by(None, &source, &first).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let other =
            draw_by(None, &source, &second).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(one, other, "{name}");
    }
}

#[test]
fn prefixes_keep_the_ids_of_two_drawings_apart() {
    let pool = pool();
    for (name, source) in corpus("valid") {
        let drawing =
            draw_by(None, &source, &pool).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let svg = with_id_prefix(&drawing.svg, "p7-2-");
        let document = Document::parse(&svg).expect("a prefix breaks nothing");
        for node in document.descendants() {
            assert!(
                node.attribute("id")
                    .is_none_or(|id| id.starts_with("p7-2-")),
                "{name}"
            );
        }
        check_form(
            &name,
            &Drawing {
                svg: svg.clone(),
                ..drawing
            },
        );
    }
}

#[test]
fn a_worker_that_dies_or_hangs_is_an_error_and_the_next_diagram_is_drawn() {
    let pool = WorkerPool::new(PathBuf::from(env!("CARGO_BIN_EXE_rigbook")), 1);
    let hangs = DrawRequest {
        engine: Engine::MermaidRs,
        source: "block-beta\n    columns 4294967295\n    a b c\n".to_owned(),
    };
    let error = pool.draw(&hangs).expect_err("this engine can't draw that");
    assert!(
        matches!(error, WorkerError::Deadline(_) | WorkerError::Aborted(_)),
        "{error:?}"
    );
    assert!(draw_by(None, "flowchart LR\nA --> B", &pool).is_ok());

    let nobody = WorkerPool::new(PathBuf::from("/nonexistent/rigbook"), 1);
    for _ in 0..3 {
        let error =
            draw_by(None, "flowchart LR\nA --> B", &nobody).expect_err("there is no worker");
        assert!(
            error.message.contains("can't be started"),
            "{}",
            error.message
        );
    }
}

#[test]
fn many_threads_share_a_small_pool() {
    let pool = pool();
    std::thread::scope(|scope| {
        for thread in 0..8 {
            let pool = &pool;
            scope.spawn(move || {
                for n in 0..10 {
                    let source = format!("flowchart LR\n    A[Thread {thread}] --> B[Step {n}]");
                    let drawing = draw_by(None, &source, pool).expect("it is a plain flowchart");
                    assert!(
                        drawing
                            .description
                            .contains(&format!("Thread {thread} to Step {n}"))
                    );
                }
            });
        }
    });
}

#[test]
fn the_authors_words_name_the_drawing() {
    let pool = pool();
    let source =
        "flowchart LR\n    accTitle: Short & clear\n    accDescr: What it shows\n    A --> B";
    let drawing = draw_by(None, source, &pool).expect("it is a plain flowchart");
    assert_eq!(
        (drawing.title.as_str(), drawing.description.as_str()),
        ("Short & clear", "What it shows")
    );
    let drawing = draw_by(None, "flowchart LR\nA[One] -->|next| B[Two]", &pool)
        .expect("it is a plain flowchart");
    assert_eq!(drawing.title, "Where it stands");
    assert_eq!(drawing.description, "Flowchart: One to Two (next).");
}

#[test]
fn text_on_the_authors_own_fill_can_be_read() {
    let pool = pool();
    let source = "flowchart LR\n A[Dark] --> B[Light]\n B --> C[Own]\n style A fill:#113355\n \
                  style B fill:#ffee99\n style C fill:#222222,color:#ffcc00";
    let drawing = draw_by(None, source, &pool).expect("it is a plain flowchart");
    let document = Document::parse(&drawing.svg).expect("a drawing is well-formed");
    for (label, expected) in [
        ("Dark", "#ffffff"),
        ("Light", "#000000"),
        ("Own", "#ffcc00"),
    ] {
        let text = document
            .descendants()
            .find(|node| node.is_text() && node.text() == Some(label))
            .unwrap_or_else(|| panic!("{label} is drawn"));
        let fill = text.ancestors().find_map(|node| node.attribute("fill"));
        assert_eq!(fill, Some(expected), "{label}");
    }
}

#[test]
fn the_engines_versions_are_those_that_are_built_in() {
    let lock = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.lock");
    let lock = fs::read_to_string(lock).expect("the lock file is in the repository");
    for engine in Engine::ALL {
        let entry = format!(
            "name = \"{}\"\nversion = \"{}\"\n",
            engine.name(),
            engine.version()
        );
        assert!(lock.contains(&entry), "{entry}");
        let cached = format!("{} {}", engine.name(), engine.version());
        assert!(WRAPPER_VERSION.contains(&cached), "{cached}");
    }
}

#[test]
fn classes_of_a_drawing_follow_the_theme_and_colors_only_come_from_the_author() {
    let pool = pool();
    for (name, source) in corpus("valid") {
        let drawing =
            draw_by(None, &source, &pool).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        let document = Document::parse(&drawing.svg).expect("a drawing is well-formed");
        for node in document.descendants().filter(Node::is_element) {
            for paint in ["fill", "stroke", "stop-color"] {
                let Some(color) = node.attribute(paint).filter(|value| value.starts_with('#'))
                else {
                    continue;
                };
                // Black and white are what makes text readable on the author's own fills.
                let short = format!("#{}{}{}", &color[1..2], &color[3..4], &color[5..6]);
                let known = ["#000000", "#ffffff", "#c8dcff"].contains(&color)
                    || source.contains(color)
                    || source.contains(&short);
                assert!(
                    known,
                    "{name}: {paint}={color} on <{}>",
                    node.tag_name().name()
                );
            }
        }
    }
}

#[test]
fn a_figure_keeps_its_space() {
    let source = "flowchart TD\n  a[\"Parts draw<br>899\u{a0}W\"] -->|\"at 230\u{a0}V\"| b[Wall]\n";
    let pool = pool();
    for engine in Engine::ALL {
        let config = DiagramConfig {
            engine: Some(engine),
        };
        let drawing = draw(source, "Power", &config, &pool).expect("it is drawn");
        for text in ["899 W", "230 V"] {
            assert!(drawing.svg.contains(text), "{engine:?}: {}", drawing.svg);
        }
        assert!(!drawing.svg.contains("nbsp"), "{engine:?}");
    }
}
