//! Warm equals cold: whatever is edited, in whatever order, what a memo and an
//! earlier output lead to equals what a first build makes, byte for byte.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use blake3::Hash;
use rigbook::compile::{Options, Tools, compile};
use rigbook::io::cache::DiskMemo;
use rigbook::io::project::Loader;
use rigbook::io::writer::{Request, Silent, check_destination, publish};
use rigbook::memo::{InMemory, Memo, Nothing};
use rigbook::output::{OutputTree, Recipe};
use rigbook::render::diagram::DirectWorker;

/// A copy of the site that `init` makes.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let from = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/init/site");
    for entry in walkdir::WalkDir::new(&from) {
        let entry = entry.expect("readable");
        let to = folder
            .path()
            .join(entry.path().strip_prefix(&from).expect("under it"));
        if entry.file_type().is_dir() {
            fs::create_dir_all(to).expect("folder");
        } else {
            fs::copy(entry.path(), to).expect("copied");
        }
    }
    // A page that lists a component shows who mentions it.
    let listed = "+++\ntitle = \"Listed\"\n\n[[components]]\nid = \"listed\"\ntitle = \"Listed\"\ncategory = \"bike\"\nweight = \"9 kg\"\ngears = 3\n+++\n\nA list.\n";
    fs::write(folder.path().join("content/listed.md"), listed).expect("written");
    folder
}

struct Built {
    tree: OutputTree,
    /// Messages of the compilation.
    said: Vec<String>,
}

fn build(loader: &mut Loader, memo: Arc<dyn Memo>) -> Built {
    let read = loader.load(memo.as_ref()).expect("readable");
    let tools = Tools {
        memo,
        worker: Arc::new(DirectWorker),
        on_stage: Arc::new(|_| ()),
    };
    let compiled = compile(&read.value, &Options::default(), &tools);
    Built {
        tree: compiled.value.tree,
        said: compiled
            .diagnostics
            .iter()
            .map(|d| format!("{d:?}"))
            .collect(),
    }
}

/// Every file's bytes and what rendering had to say.
fn render(tree: &OutputTree) -> BTreeMap<String, (Vec<u8>, usize)> {
    let files = tree.iter().map(|(path, entry)| {
        let rendered = match &entry.recipe {
            Recipe::Bytes(bytes) => (bytes.to_vec(), 0),
            Recipe::Render(render) => {
                let rendered = render();
                (rendered.value, rendered.diagnostics.len())
            }
            Recipe::Copy(asset) => (format!("{:?}", asset.path).into_bytes(), 0),
        };
        (path.to_string(), rendered)
    });
    files.collect()
}

/// Numbers that look random and are the same each time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }
}

/// One random edit; some break the site, some mend it.
fn edit(root: &Path, dice: &mut Dice) {
    let pages = [
        "_index.md",
        "bikes/_index.md",
        "bikes/norden.md",
        "bikes/coast.md",
        "tyres/_index.md",
    ];
    let page = root.join("content").join(pages[dice.roll(pages.len())]);
    let replace = |path: &Path, from: &str, to: &str| {
        if let Ok(text) = fs::read_to_string(path) {
            fs::write(path, text.replacen(from, to, 1)).expect("written");
        }
    };
    let number = dice.roll(90) + 10;
    match dice.roll(18) {
        0 => replace(&page, "\n+++\n", &format!("\n+++\n\nParagraph {number}.\n")),
        1 => replace(&page, "title = \"", &format!("title = \"{number} ")),
        2 => replace(
            &root.join("content/bikes/coast.md"),
            "gears = 22",
            &format!("gears = {number}"),
        ),
        3 => replace(
            &root.join("content/bikes/_index.md"),
            "label = \"Luggage\"",
            "label = \"Load\"",
        ),
        4 => {
            let text = format!("+++\ntitle = \"New {number}\"\n+++\n\nSee [home](_index.md).\n");
            fs::write(root.join(format!("content/new-{}.md", number % 3)), text).expect("written");
        }
        5 => {
            let _ = fs::remove_file(root.join(format!("content/new-{}.md", number % 3)));
        }
        6 => replace(
            &root.join("rigbook.toml"),
            "title = \"",
            &format!("title = \"{number} "),
        ),
        7 => {
            let theme = root.join("themes/default/templates");
            fs::create_dir_all(&theme).expect("folder");
            let embedded = rigbook::source::embedded();
            let footer = embedded.text("templates/footer.html").expect("a footer");
            let text = format!("{}<p>{number}</p>", footer.source.text);
            fs::write(theme.join("footer.html"), text).expect("written");
        }
        8 => {
            let _ = fs::remove_dir_all(root.join("themes"));
        }
        9 => replace(&page, "\n+++\n", "\n+++\n\n[broken](nowhere.md)\n"),
        10 => replace(&page, "\n[broken](nowhere.md)\n", ""),
        11 => replace(
            &page,
            "\n+++\n",
            &format!("\n+++\n\n## Part {}\n\n", number % 4),
        ),
        12 => replace(&page, "\n## Part ", "\n## Piece "),
        13 => replace(
            &page,
            "\n+++\n",
            &format!(
                "\n+++\n\n[a](../bikes/coast.md#part-{}) <a HREF=../bikes/norden.md#part-1>b</a>\n",
                number % 4
            ),
        ),
        14 => replace(
            &page,
            "\n+++\n",
            "\n+++\n\nThe Coast has {{ bike.coast.gears }} gears.\n",
        ),
        15 => replace(
            &page,
            "\n+++\n",
            "\n+++\n\nThe listed one has {{ bike.listed.gears }} gears.\n",
        ),
        16 => replace(&page, "{{ bike.listed.gears }}", "{{ bike.listed.weight }}"),
        _ => replace(&page, "weight = 1\n", &format!("weight = {number}\n")),
    }
}

#[test]
fn a_warm_compilation_equals_a_cold_one() {
    for seed in 1..=4 {
        let site = site();
        let mut dice = Dice(0x9E37_79B9_7F4A_7C15_u64.wrapping_mul(seed));
        let mut warm_loader = Loader::open(site.path()).expect("a site");
        let memo = Arc::new(InMemory::new(Arc::new(Nothing)));
        // What was rendered from which inputs: equal inputs, equal bytes.
        let mut seen: HashMap<(String, Hash), (Vec<u8>, usize)> = HashMap::new();
        for step in 0..20 {
            let warm = build(&mut warm_loader, Arc::clone(&memo) as _);
            let mut cold_loader = Loader::open(site.path()).expect("a site");
            let cold = build(&mut cold_loader, Arc::new(Nothing));
            assert_eq!(warm.said, cold.said, "seed {seed}, step {step}");
            let (warm_files, cold_files) = (render(&warm.tree), render(&cold.tree));
            let paths = |files: &BTreeMap<String, _>| files.keys().cloned().collect::<Vec<_>>();
            assert_eq!(paths(&warm_files), paths(&cold_files));
            for (path, bytes) in &warm_files {
                assert!(
                    *bytes == cold_files[path],
                    "seed {seed}, step {step}: {path}"
                );
            }
            for (path, entry) in warm.tree.iter() {
                let key = (path.to_string(), entry.inputs);
                let bytes = warm_files[path.as_str()].clone();
                let first = seen.entry(key).or_insert_with(|| bytes.clone());
                assert!(
                    *first == bytes,
                    "seed {seed}, step {step}: `{path}` has other bytes of equal inputs"
                );
            }
            memo.end_run();
            edit(site.path(), &mut dice);
        }
    }
}

/// Of a large site, what is made again after an edit must not grow with it.
#[test]
fn an_edited_text_is_in_few_files() {
    let site = site();
    let page = |number: usize| site.path().join(format!("content/page-{number}.md"));
    for number in 0..300 {
        let text = format!("+++\ntitle = \"Page {number}\"\n+++\n\nOf it.\n\nWord{number}.\n");
        fs::write(page(number), text).expect("written");
    }
    let mut loader = Loader::open(site.path()).expect("a site");
    let mut made = || {
        let tree = build(&mut loader, Arc::new(Nothing)).tree;
        render(&tree)
    };
    let before = made();
    let text = fs::read_to_string(page(7)).expect("readable");
    fs::write(page(7), text.replace("Word7.", "Changed.")).expect("written");
    let after = made();
    let changed: Vec<&String> = (after.iter())
        .filter(|(path, made)| before.get(*path) != Some(made))
        .map(|(path, _)| path)
        .collect();
    let of_search = |path: &&&String| path.starts_with("search-index/");
    assert_eq!(changed.iter().filter(of_search).count(), 2, "{changed:?}");
    assert!(changed.contains(&&"page-7/index.html".to_owned()));
    assert!(changed.len() <= 4, "{changed:?}");
    let parts = after
        .keys()
        .filter(|path| path.starts_with("search-index/terms-"));
    assert_eq!(parts.count(), 3);
}

#[test]
fn a_warm_build_publishes_what_a_cold_one_does() {
    let site = site();
    let state = site.path().join(".rigbook");
    fs::create_dir(&state).expect("folder");
    let identity = blake3::hash(b"this program");
    let mut dice = Dice(0x1234_5678_9ABC_DEF1);
    for step in 0..10 {
        let publish_to = |output: PathBuf, state: Option<&Path>| {
            let mut loader = Loader::open(site.path()).expect("a site");
            let disk = state.map(|state| Arc::new(DiskMemo::open(state, &identity)));
            let memo: Arc<dyn Memo> = match &disk {
                Some(disk) => Arc::clone(disk) as _,
                None => Arc::new(Nothing),
            };
            let built = build(&mut loader, memo);
            let destination = check_destination(&output, site.path(), &[], None).expect("safe");
            let published = publish(&Request {
                tree: &built.tree,
                destination: &destination,
                site: None,
                state,
                strict: false,
                progress: &Silent,
            });
            if let Some(disk) = disk {
                disk.save();
            }
            (output, published.expect("the disk works").value.is_some())
        };
        let (warm, published) = publish_to(site.path().join("public"), Some(&state));
        let cold = tempfile::tempdir().expect("temporary folder");
        let (cold, also) = publish_to(cold.path().join("out"), None);
        assert_eq!(published, also);
        if published {
            assert!(files(&warm) == files(&cold), "step {step}");
        }
        edit(site.path(), &mut dice);
    }
}

fn files(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let walk = walkdir::WalkDir::new(folder)
        .into_iter()
        .map(|e| e.expect("readable"));
    let files = walk.filter(|entry| entry.file_type().is_file());
    let read = files.map(|entry| {
        let path = entry
            .path()
            .strip_prefix(folder)
            .expect("under it")
            .to_owned();
        (path, fs::read(entry.path()).expect("readable"))
    });
    read.collect()
}
