//! The command line from outside: exit codes, streams, environment.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn rigbook(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rigbook"));
    for (name, _) in std::env::vars() {
        if name.starts_with("RIGBOOK_") {
            command.env_remove(name);
        }
    }
    command
        .current_dir(folder)
        .args(args)
        .env("HOME", folder.join("home"));
    command
}

/// Exit code, standard output, standard error.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    ended(&rigbook(folder, args).output().expect("it starts"))
}

fn ended(output: &Output) -> (i32, String, String) {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("UTF-8");
    let code = output.status.code().expect("it ended by itself");
    (code, text(&output.stdout), text(&output.stderr))
}

/// A new site, as `init` makes it.
fn site() -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (code, out, err) = run(folder.path(), &["init"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.starts_with("a new site is in `.`"));
    folder
}

#[test]
fn a_new_site_builds_without_a_warning_and_a_second_time_in_no_time() {
    let folder = site();
    let (code, out, err) = run(folder.path(), &["build", "--strict"]);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    assert!(out.starts_with("published "), "{out}");
    assert!(
        folder
            .path()
            .join("public/bikes/steppe/index.html")
            .is_file()
    );
    // The front page opens with two ways on and with figures of the data.
    let front = fs::read_to_string(folder.path().join("public/index.html")).expect("readable");
    let head = front.split("class=\"hero\"").nth(1).expect("a head");
    for part in ["href=\"./plan/\"", "href=\"./bikes/\"", "10.8\u{a0}kg"] {
        assert!(head.contains(part), "{part}");
    }
    let (_, out, _) = run(folder.path(), &[]);
    assert!(out.contains(", 0 changed in "), "{out}");
    let (code, _, err) = run(folder.path(), &["init"]);
    assert_eq!(code, 2);
    assert!(err.contains("exists"), "{err}");
}

#[test]
fn an_error_of_the_content_is_shown_and_nothing_is_written() {
    let folder = site();
    let page = folder.path().join("content/bikes/steppe.md");
    let text = fs::read_to_string(&page).expect("readable");
    fs::write(&page, text.replace("16.1 kg", "16.1 EUR")).expect("written");
    let (code, out, err) = run(folder.path(), &["build"]);
    assert_eq!((code, out.as_str()), (1, ""));
    assert!(err.contains("error[unit-mismatch]"), "{err}");
    assert!(err.contains("content/bikes/steppe.md:5:"), "{err}");
    assert!(err.ends_with("nothing was published\n"), "{err}");
    assert!(!folder.path().join("public").exists());
    let (code, out, err) = run(folder.path(), &["check", "--format", "json"]);
    assert_eq!((code, err.as_str()), (1, ""));
    let found: Vec<serde_json::Value> = serde_json::from_str(&out).expect("JSON");
    let error = found.iter().find(|d| d["severity"] == "error");
    assert_eq!(error.expect("an error")["path"], "content/bikes/steppe.md");
    let above = folder.path().parent().expect("a folder");
    let root = folder.path().to_str().expect("UTF-8");
    let (code, out, _) = run(above, &["check", "--format=github", "--root", root]);
    assert_eq!(code, 1);
    let name = folder
        .path()
        .file_name()
        .expect("a name")
        .to_str()
        .expect("UTF-8");
    assert!(out.contains(&format!(
        "::error file={name}/content/bikes/steppe.md,line=5,"
    )));
}

#[test]
fn check_writes_nothing() {
    let folder = site();
    let (code, out, err) = run(folder.path(), &["check"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.ends_with(": no errors\n"), "{out}");
    assert!(!folder.path().join(".rigbook").exists());
    assert!(!folder.path().join("public").exists());
}

#[test]
fn usage_and_environment_have_codes_of_their_own() {
    let empty = tempfile::tempdir().expect("temporary folder");
    let (code, out, err) = run(empty.path(), &["build"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("no `rigbook.toml`"), "{err}");
    assert_eq!(run(empty.path(), &[]).0, 2);
    assert_eq!(run(empty.path(), &["nonsense"]).0, 2);
    assert_eq!(run(empty.path(), &["build", "--quiet", "--verbose"]).0, 2);
    let folder = site();
    let (code, _, err) = run(folder.path(), &["build", "--output", "content"]);
    assert_eq!(code, 2);
    assert!(err.contains("refusing to publish to `content`"), "{err}");
    let (code, _, err) = run(folder.path(), &["build", "--base-url", "ftp://x"]);
    assert_eq!(code, 2);
    assert!(err.contains("`--base-url`"), "{err}");
    fs::write(folder.path().join("file"), "").expect("written");
    let (code, _, _) = run(folder.path(), &["build", "--output", "file/below"]);
    assert_eq!(code, 3);
}

#[test]
fn the_environment_stands_for_flags() {
    let folder = site();
    let output = rigbook(folder.path(), &["build"])
        .env("RIGBOOK_OUTPUT", "elsewhere")
        .env("RIGBOOK_QUIET", "1")
        .output();
    assert_eq!(
        ended(&output.expect("it starts")),
        (0, String::new(), String::new())
    );
    assert!(folder.path().join("elsewhere/index.html").is_file());
    let output = rigbook(folder.path(), &["build"])
        .env("RIGBOOK_QUIET", "0")
        .output();
    assert!(!ended(&output.expect("it starts")).1.is_empty());
}

#[test]
fn clean_removes_what_was_made_and_nothing_else() {
    let folder = site();
    run(folder.path(), &["build"]);
    fs::write(folder.path().join("public/CNAME"), "mine").expect("written");
    let (code, out, err) = run(folder.path(), &["clean"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("left 1 that Rigbook did not write"), "{out}");
    let left: Vec<_> = fs::read_dir(folder.path().join("public"))
        .expect("there")
        .collect();
    assert_eq!(left.len(), 1);
    assert!(!folder.path().join(".rigbook").exists());
    assert!(folder.path().join("content/_index.md").is_file());
}

#[test]
#[cfg(unix)]
fn a_limit_of_the_system_is_a_clear_failure() {
    let folder = site();
    run(folder.path(), &["build"]);
    let before = fs::read(folder.path().join("public/index.html")).expect("there");
    fs::write(folder.path().join("content/new.md"), "# New\n").expect("written");
    for (limit, said) in [
        ("ulimit -f 1", "file too large"),
        ("ulimit -v 150000", "can't start threads: "),
    ] {
        let output = std::process::Command::new("sh")
            .args(["-c", &format!("{limit}; exec \"$0\" build --no-cache")])
            .arg(env!("CARGO_BIN_EXE_rigbook"))
            .current_dir(folder.path())
            .env("RAYON_NUM_THREADS", "8")
            .output()
            .expect("it starts");
        let (code, _, err) = ended(&output);
        assert_eq!(code, 3, "{limit}: {err}");
        assert!(err.contains(said), "{limit}: {err}");
        let after = fs::read(folder.path().join("public/index.html")).expect("there");
        assert!(before == after, "{limit}");
    }
}

#[test]
#[cfg(unix)]
fn a_link_in_the_place_of_the_state_folder_is_left_alone() {
    let folder = site();
    let mine = tempfile::tempdir().expect("temporary folder");
    std::os::unix::fs::symlink(mine.path(), folder.path().join(".rigbook")).expect("linked");
    let (code, _, err) = run(folder.path(), &["build"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let inside = fs::read_dir(mine.path()).expect("readable").count();
    assert_eq!(inside, 0);
}

#[test]
fn every_shell_has_completions() {
    let empty = tempfile::tempdir().expect("temporary folder");
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let (code, out, _) = run(empty.path(), &["completions", shell]);
        assert_eq!(code, 0);
        assert!(out.contains("base-url"), "{shell}");
    }
}

#[test]
fn a_reader_that_hangs_up_is_no_crash() {
    let folder = site();
    let mut child = rigbook(folder.path(), &["check"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .expect("it starts");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert_eq!(ended(&output), (0, String::new(), String::new()));
}

#[test]
fn two_folders_and_environments_give_equal_bytes() {
    let (first, second) = (site(), site());
    let build = |folder: &Path, zone: &str, threads: &str| {
        let output = rigbook(folder, &["build", "--no-cache"])
            .env("TZ", zone)
            .env("LC_ALL", zone)
            .env("RAYON_NUM_THREADS", threads)
            .output();
        assert_eq!(ended(&output.expect("it starts")).0, 0);
    };
    build(first.path(), "UTC", "1");
    build(second.path(), "Asia/Tokyo", "7");
    let files = |folder: &Path| {
        let walk = walkdir::WalkDir::new(folder)
            .sort_by_file_name()
            .into_iter();
        let files = walk.map(|entry| entry.expect("readable"));
        let files = files.filter(|entry| entry.file_type().is_file());
        let read = files.map(|entry| {
            let path = entry
                .path()
                .strip_prefix(folder)
                .expect("under it")
                .to_owned();
            (path, fs::read(entry.path()).expect("readable"))
        });
        read.collect::<Vec<_>>()
    };
    let found = files(&first.path().join("public"));
    assert!(found.len() > 8);
    assert!(found == files(&second.path().join("public")));
}

#[test]
fn a_schema_is_printed_or_written_and_a_wrong_name_is_answered() {
    let folder = site();
    let (code, out, err) = run(folder.path(), &["schema", "bike"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let schema: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let fields = &schema["properties"]["component"]["properties"];
    assert!(fields["weight"].is_object());
    assert!(
        fields["price_per_load"].is_null(),
        "a derived field is not written"
    );
    assert_eq!(schema["properties"]["component"]["required"][0], "weight");

    let (code, _, err) = run(folder.path(), &["schema", "bikes"]);
    assert_eq!(code, 2);
    assert!(err.contains("`bike`"), "{err}");
    let (code, _, err) = run(folder.path(), &["schema"]);
    assert_eq!(code, 2);
    assert!(err.contains("`tyre`"), "{err}");

    let (code, ..) = run(folder.path(), &["schema", "--output", "schemas"]);
    assert_eq!(code, 0);
    for id in ["bike", "tyre"] {
        assert!(
            folder
                .path()
                .join(format!("schemas/{id}.schema.json"))
                .is_file()
        );
    }
}

#[test]
fn the_manual_page_names_each_command() {
    let folder = tempfile::tempdir().expect("temporary folder");
    let (code, out, _) = run(folder.path(), &["man"]);
    assert_eq!(code, 0);
    for verb in ["build", "check", "schema"] {
        assert!(out.contains(verb), "{verb}");
    }
}

#[test]
fn an_export_is_one_file_with_equal_bytes_and_replaces_only_html() {
    let folder = site();
    let path = folder.path();
    fs::write(
        path.join("content/pic.svg"),
        "<svg xmlns='http://www.w3.org/2000/svg'/>",
    )
    .expect("written");
    fs::write(
        path.join("content/more.md"),
        "+++\ntitle = \"</script><!-- more\"\n+++\n\n![A picture](pic.svg)\n\n## Same\n\n[home](_index.md) and [itself](#same)\n",
    )
    .expect("written");
    let (code, out, err) = run(path, &["export", "--output", "a.html"]);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    assert!(out.starts_with("exported `a.html`, "), "{out}");
    let (code, ..) = run(path, &["export", "--output", "b.html", "--no-cache"]);
    assert_eq!(code, 0);
    let html = fs::read_to_string(path.join("a.html")).expect("readable");
    assert!(html == fs::read_to_string(path.join("b.html")).expect("readable"));
    assert!(html.contains("<img src=\"data:image/svg+xml;base64,"));
    assert!(html.contains("href=\"#/more/:same\""));
    assert!(html.contains("id=\"/more/:same\""));
    assert!(html.contains("<a href=\"#/\">home</a>"));
    assert!(
        html.contains("aria-label=\"&lt;&#x2F;script&gt;&lt;!-- more\"")
            || html.contains("aria-label=\"&lt;/script&gt;&lt;!-- more\"")
    );
    assert!(
        !html.contains(&path.display().to_string()),
        "no path of this machine"
    );

    for (output, wanted) in [
        ("content", "is a folder"),
        ("rigbook.toml", "must end in `.html`"),
        ("content/a.html", "the site is read from `content`"),
        ("content/../content/bikes/a.html", "the site is read from"),
    ] {
        let (code, _, err) = run(path, &["export", "--output", output]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(wanted), "{err}");
    }
    let (code, _, err) = run(path, &["export", "--edition", "9"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is no edition `9`"), "{err}");
}

#[test]
fn errors_leave_the_exported_file_as_it_was() {
    let folder = site();
    let path = folder.path();
    fs::write(path.join("guide.html"), "old").expect("written");
    fs::write(
        path.join("content/bad.md"),
        "+++\ntitle = \"x\"\n+++\n[gone](gone.md)\n",
    )
    .expect("written");
    let (code, _, err) = run(path, &["export"]);
    assert_eq!(code, 1);
    assert!(err.contains("gone.md"), "{err}");
    assert_eq!(
        fs::read_to_string(path.join("guide.html")).expect("readable"),
        "old"
    );
    let (code, ..) = run(path, &["export", "--dir", "offline"]);
    assert_eq!(code, 1);
    assert!(!path.join("offline").exists());
    fs::remove_file(path.join("content/bad.md")).expect("removed");
    let (code, _, err) = run(path, &["export", "--dir", "offline"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let page = fs::read_to_string(path.join("offline/bikes/index.html")).expect("readable");
    assert!(page.contains("href=\"../index.html\""), "{page}");
    let (code, _, err) = run(path, &["export", "--dir", "content"]);
    assert_eq!(code, 2, "{err}");
}

/// A copy of the site's content and configuration as edition 1.0, and the
/// working site as 2.0.
fn freeze(root: &Path) {
    let old = root.join("versions/1.0");
    for entry in walkdir::WalkDir::new(root.join("content")) {
        let entry = entry.expect("readable");
        let below = entry.path().strip_prefix(root).expect("under it");
        if entry.file_type().is_dir() {
            fs::create_dir_all(old.join(below)).expect("folder");
        } else {
            fs::copy(entry.path(), old.join(below)).expect("copied");
        }
    }
    let config = fs::read_to_string(root.join("rigbook.toml")).expect("readable");
    fs::write(old.join("rigbook.toml"), &config).expect("written");
    let versions = "\n[[versions]]\nid = \"2.0\"\nstatus = \"current\"\n\n[[versions]]\nid = \"1.0\"\nstatus = \"archived\"\npath = \"versions/1.0\"\n";
    fs::write(root.join("rigbook.toml"), config + versions).expect("written");
}

#[test]
fn what_changed_between_two_editions_is_printed() {
    let folder = site();
    let root = folder.path();
    freeze(root);
    let (code, out, err) = run(root, &["diff", "1.0", "2.0"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert_eq!(out, "nothing changed from 1.0 to 2.0\n");
    let page = root.join("content/bikes/steppe.md");
    let text = fs::read_to_string(&page).expect("readable");
    let text = text.replace("16.1 kg", "14.49 kg");
    let text = text.replace("[component]", "[component]\nformer = [\"steppe\"]");
    fs::write(root.join("content/bikes/plain.md"), text).expect("written");
    fs::remove_file(&page).expect("removed");
    for entry in walkdir::WalkDir::new(root.join("content")) {
        let path = entry.expect("readable").into_path();
        if let Ok(text) = fs::read_to_string(&path) {
            fs::write(&path, text.replace("steppe.md", "plain.md")).expect("written");
        }
    }
    let (code, out, err) = run(root, &["diff", "1.0", "2.0"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("(steppe → plain)\n"), "{out}");
    let weight = "16.1\u{a0}kg → 14.49\u{a0}kg (\u{2212}1.61\u{a0}kg, \u{2212}10%)\n";
    assert!(out.contains(weight), "{out}");
    assert!(out.contains("(/bikes/steppe/ → /bikes/plain/)\n"), "{out}");
    let (_, out, _) = run(root, &["diff", "2.0", "1.0"]);
    assert!(out.contains("(+1.61\u{a0}kg, +11.1%)\n"), "{out}");
    let (_, out, _) = run(root, &["diff", "1.0", "2.0", "--format", "json"]);
    let found: serde_json::Value = serde_json::from_str(&out).expect("JSON");
    let component = &found["categories"][0]["components"][0];
    assert_eq!(component["former"], "steppe");
    let figures = component["figures"].as_array().expect("a list");
    let weight = figures.iter().find(|f| f["field"] == "weight");
    let weight = weight.expect("the weight");
    assert_eq!(weight["difference"]["value"], "-1.61");
    assert_eq!(weight["percent"], "-10");
    let (code, _, err) = run(root, &["diff", "1.0", "2.1"]);
    assert_eq!(code, 2);
    assert!(err.contains("there is no version `2.1`"), "{err}");
    assert!(err.contains("did you mean `2.0`?"), "{err}");
}

#[test]
fn a_changes_block_shows_what_changed_since_the_edition_before() {
    let folder = site();
    let root = folder.path();
    freeze(root);
    let page = root.join("content/bikes/steppe.md");
    let text = fs::read_to_string(&page).expect("readable");
    fs::write(&page, text.replace("16.1 kg", "14.49 kg")).expect("written");
    let block = |body: &str| {
        let text = format!("+++\ntitle = \"News\"\n+++\n\n```changes\n{body}```\n");
        fs::write(root.join("content/news.md"), text).expect("written");
    };
    let shown = || {
        let (code, _, err) = run(root, &["build", "--strict"]);
        assert_eq!((code, err.as_str()), (0, ""), "{err}");
        fs::read_to_string(root.join("public/news/index.html")).expect("readable")
    };
    block("");
    let html = shown();
    assert!(html.contains("14.49\u{a0}kg</td>"), "{html}");
    assert!(html.contains("\u{2212}1.61\u{a0}kg, \u{2212}10%"), "{html}");
    // A change of the older edition alone shows as well.
    let old = root.join("versions/1.0/content/bikes/steppe.md");
    let text = fs::read_to_string(&old).expect("readable");
    fs::write(&old, text.replace("16.1 kg", "15 kg")).expect("written");
    assert!(shown().contains("\u{2212}0.51\u{a0}kg"));
    block("category = \"tyre\"\n");
    assert!(shown().contains("Nothing changed from 1.0 to 2.0."));
    for (body, wanted) in [
        ("from = \"1.1\"\n", "there is no version `1.1`"),
        ("to = \"1.0\"\n", "there is no edition before `1.0`"),
    ] {
        block(body);
        let (code, _, err) = run(root, &["check"]);
        let (_, out, _) = run(root, &["check", "--format", "json"]);
        assert_eq!(code, 1, "{err}");
        assert!(out.contains(wanted), "{out}");
    }
}

#[test]
fn a_working_site_is_frozen_once_and_goes_on() {
    let folder = site();
    let path = folder.path();
    let cut = |args: &[&str]| run(path, &[&["version", "cut"], args].concat());
    for (args, wanted) in [
        (&["../x", "--next", "2"][..], "can't be an edition's id"),
        (&["1", "--next", "1"], "different ids"),
        (&["1", "--next", "2", "--git"], "the site is in none"),
    ] {
        let (code, _, err) = cut(args);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(wanted), "{err}");
    }
    assert!(!path.join("versions").exists());
    let (code, out, err) = cut(&["1", "--next", "2"]);
    assert_eq!((code, err.as_str()), (0, ""));
    assert!(out.contains("edition 1 is frozen in `versions/1`"), "{out}");
    let page = "content/bikes/steppe.md";
    assert_eq!(
        fs::read(path.join(page)).expect("readable"),
        fs::read(path.join("versions/1").join(page)).expect("readable")
    );
    let (code, _, err) = run(path, &["build"]);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    assert!(path.join("public/1/bikes/steppe/index.html").is_file());
    let (_, out, _) = run(path, &["version", "list"]);
    let lines: Vec<&str> = out.lines().collect();
    assert!(
        lines[0].starts_with("2 ") && lines[0].contains("the working site"),
        "{out}"
    );
    assert!(
        lines[1].starts_with("1 ") && lines[1].contains("`versions/1`"),
        "{out}"
    );
    for (args, wanted) in [
        (["1", "--next", "3"], "an edition `1` already"),
        (["2", "--next", "1"], "an edition `1` already"),
        (["5", "--next", "6"], "the working site is edition `2`"),
    ] {
        let (code, _, err) = cut(&args);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(wanted), "{err}");
    }
    // What has errors is not frozen.
    fs::write(path.join("content/bad.md"), "[gone](gone.md)\n").expect("written");
    let (code, _, err) = cut(&["2", "--next", "3"]);
    assert_eq!(code, 1);
    assert!(err.contains("nothing was cut"), "{err}");
    assert!(!path.join("versions/2").exists());
}

#[test]
fn an_edition_is_frozen_as_a_tag_of_a_clean_work_tree() {
    let folder = site();
    let path = folder.path();
    let git = |args: &[&str]| {
        let output = Command::new("git")
            .current_dir(path)
            .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
            .args(args)
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .output()
            .expect("git starts");
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q"]);
    let (code, _, err) = run(path, &["version", "cut", "1", "--next", "2", "--git"]);
    assert_eq!(code, 2, "{err}");
    assert!(err.contains("not committed"), "{err}");
    fs::write(path.join(".gitignore"), ".rigbook/\npublic/\n").expect("written");
    git(&["add", "-A"]);
    git(&["commit", "-qm", "First"]);
    let (code, out, err) = run(path, &["version", "cut", "1", "--next", "2", "--git"]);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    assert!(out.contains("the tag `v1`"), "{out}");
    let toml = fs::read_to_string(path.join("rigbook.toml")).expect("readable");
    assert!(toml.contains("git = \"v1\""), "{toml}");
    let (code, _, err) = run(path, &["build"]);
    assert_eq!((code, err.as_str()), (0, ""), "{err}");
    assert!(path.join("public/1/index.html").is_file());
}

#[test]
fn editions_that_cannot_be_told_apart_are_an_error_alone() {
    let folder = site();
    let path = folder.path();
    let config = "title = \"x\"\n[[versions]]\nid = \"1\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\nstatus = \"archived\"\npath = \"content\"\n";
    fs::write(path.join("rigbook.toml"), config).expect("writable");
    let (code, out, _) = run(path, &["check"]);
    assert_eq!(code, 1);
    assert!(out.contains("rigbook.toml:6:6"), "{out}");
    assert!(out.contains("two versions have the id `1`"), "{out}");
    assert!(!out.contains("collision"), "{out}");
}

#[test]
fn a_cut_that_would_break_the_site_is_refused_before_anything_is_written() {
    let folder = site();
    let path = folder.path();
    let refused = |config: &str, args: [&str; 2], expected: &str| {
        fs::write(path.join("rigbook.toml"), config).expect("writable");
        let (code, _, err) = run(path, &["version", "cut", args[0], "--next", args[1]]);
        assert_eq!(code, 2, "{err}");
        assert!(err.contains(expected), "{err}");
        let text = fs::read_to_string(path.join("rigbook.toml")).expect("readable");
        assert_eq!(text, config);
        assert!(!path.join("versions").exists());
    };
    let units = "[units]\nTPI = { label = \"threads per inch\" }\n";
    let plain = format!("title = \"x\"\n{units}");
    refused(&plain, ["bikes", "2"], "the site has `bikes/");
    refused(&plain, ["1", "assets"], "the site has `assets/");
    let inline = format!("title = \"x\"\nversions = []\n{units}");
    refused(&inline, ["1", "2"], "can't be edited here");
    let quoted =
        format!("title = \"x\"\n{units}[[versions]]\n\"id\" = \"1\"\nstatus = \"current\"\n");
    refused(&quoted, ["1", "2"], "can't be edited here");
}

#[test]
fn a_selection_without_a_part_it_needs_is_told_and_fails() {
    let folder = site();
    let (code, out, err) = run(folder.path(), &["calc", "--build", "world"]);
    assert_eq!((code, err.as_str()), (0, ""), "{out}");
    let (code, out, err) = run(folder.path(), &["calc", "--set", "bike=coast"]);
    assert_eq!((code, err.as_str()), (1, ""), "{out}");
    assert!(out.contains("missing: Tyres\n"), "{out}");
    let (code, out, err) = run(folder.path(), &["calc"]);
    assert_eq!((code, out.as_str()), (2, ""));
    assert!(err.contains("there are the builds weekend, world"), "{err}");
}

#[test]
fn what_a_selection_comes_to_is_whole() {
    let folder = site();
    let (code, out, _) = run(folder.path(), &["calc", "--build", "world"]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.lines().last().is_some_and(|last| last.ends_with("met")),
        "{out}"
    );
    let args = [
        "calc",
        "--build",
        "world",
        "--input",
        "luggage=9000 g",
        "--format",
        "json",
    ];
    let (_, out, err) = run(folder.path(), &args);
    let json: serde_json::Value =
        serde_json::from_str(&out).unwrap_or_else(|_| panic!("{out}{err}"));
    assert_eq!(json["inputs"]["luggage"]["value"], "9");
    assert_eq!(json["inputs"]["luggage"]["unit"], "kg");
    let parts = json["parts"]["bike"].as_array().expect("a list");
    assert_eq!(parts.len(), 1);
    assert!(
        parts[0]["title"].is_string() && parts[0]["quantity"] == 1,
        "{out}"
    );
    let rules = json["rules"].as_object().expect("by id");
    assert!(
        rules.values().all(|rule| rule["require"].is_string()),
        "{out}"
    );
    for (value, said) in [
        ("luggage=many", "`many` is no number"),
        ("luggage=9 EUR", "`9 EUR` is no number"),
        ("luggage=-1", "`luggage` is 0 kg to"),
    ] {
        let (code, _, err) = run(
            folder.path(),
            &["calc", "--build", "world", "--input", value],
        );
        assert_eq!(code, 2, "{value}");
        assert!(err.contains(said), "{value}: {err}");
    }
}

#[test]
fn a_preset_that_breaks_a_rule_is_told_with_the_figures() {
    let folder = site();
    let plan = folder.path().join("content/plan.md");
    let text = fs::read_to_string(&plan).expect("readable");
    let text = text
        .replace("default = 22", "default = 26")
        .replace("label = \"The bicycle carries your luggage\"\n", "");
    fs::write(&plan, text).expect("written");
    let (code, out, _) = run(folder.path(), &["check", "--all"]);
    let out = out.replace('\u{a0}', " ");
    assert_eq!(code, 0);
    let said = "build `weekend` breaks a rule: You have 26 kg, and this bicycle carries 25 kg.";
    assert!(out.contains(said), "{out}");
    // Pages of the site, not files of the output.
    assert!(out.contains("checked 8 pages in "), "{out}");
    let (_, out, _) = run(folder.path(), &["calc", "--build", "weekend"]);
    assert!(out.contains("error: Load: You have"), "{out}");
}

#[test]
fn each_stage_of_a_build_is_timed() {
    let folder = site();
    let (code, _, err) = run(folder.path(), &["build", "--timings"]);
    assert_eq!(code, 0);
    let stages: Vec<&str> = (err.lines().filter(|line| line.starts_with(' ')))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let expected = [
        "read", "theme", "parse", "tree", "wait", "render", "publish",
    ];
    assert_eq!(stages, expected, "{err}");
}

#[test]
fn a_preset_that_lacks_a_part_is_told_when_asked() {
    let folder = site();
    let plan = folder.path().join("content/plan.md");
    let text = fs::read_to_string(&plan).expect("readable");
    let text = text.replacen("bike = \"steppe\", ", "", 1);
    fs::write(&plan, text).expect("written");
    let (code, out, _) = run(folder.path(), &["check", "--all"]);
    assert_eq!(code, 0);
    let said = "[broken-build]: build `world` lacks `bike`";
    assert!(out.contains(said), "{out}");
    assert!(out.contains("`min = 0` in `bike`"), "{out}");
    assert!(!out.contains("build `weekend`"), "{out}");
}

/// The calculator's presets and the blocks of the same builds, once more.
#[test]
fn no_page_of_a_new_site_has_an_id_twice() {
    let folder = site();
    let plan = folder.path().join("content/plan.md");
    let text = fs::read_to_string(&plan).expect("readable");
    let again = "\n```build\nid = \"world\"\n```\n";
    fs::write(&plan, text + again).expect("writable");
    let (code, _, err) = run(folder.path(), &["build"]);
    assert_eq!((code, err.as_str()), (0, ""));
    for file in walkdir::WalkDir::new(folder.path().join("public")) {
        let file = file.expect("readable").into_path();
        if file.extension().is_none_or(|ext| ext != "html") {
            continue;
        }
        let text = fs::read_to_string(&file).expect("readable");
        let ids = text.split(" id=\"").skip(1);
        let mut ids: Vec<&str> = ids.filter_map(|rest| rest.split('"').next()).collect();
        ids.sort_unstable();
        let twice: Vec<_> = ids.windows(2).filter(|pair| pair[0] == pair[1]).collect();
        assert!(twice.is_empty(), "{}: {twice:?}", file.display());
    }
}

/// What the README promises for ten minutes is in the new site.
#[test]
fn a_new_site_has_a_calculator_presets_and_charts() {
    let folder = site();
    let (code, _, err) = run(folder.path(), &["build"]);
    assert_eq!((code, err.as_str()), (0, ""));
    let page =
        |path: &str| fs::read_to_string(folder.path().join("public").join(path)).expect("there");
    let plan = page("plan/index.html");
    for part in [
        "id=\"build-world\"",
        "id=\"build-weekend\"",
        "class=\"chart",
        "class=\"calc-app\"",
    ] {
        assert!(plan.contains(part), "lacks {part}:\n{plan}");
    }
    assert!(page("bikes/index.html").contains("class=\"chart"));
    assert!(
        page("index.html").contains("plan/"),
        "the front page leads to it"
    );
}
