//! Editions as `rigbook.toml` declares them and `rigbook version cut` makes
//! them: what is refused, what is questioned, and where git fails.

use std::fs;
use std::path::Path;
use std::process::Command;

fn rigbook(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rigbook"));
    command.args(arguments).arg("--root").arg(root);
    command.env("NO_COLOR", "1");
    command
}

/// Exit code, and both streams in one.
fn run(mut command: Command) -> (i32, String) {
    let output = command.output().expect("it starts");
    let text = [output.stdout, output.stderr].concat();
    let text = String::from_utf8_lossy(&text).into_owned();
    (output.status.code().expect("not killed"), text)
}

fn site(files: &[(&str, &str)]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().expect("a folder");
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("made");
        fs::write(path, text).expect("written");
    }
    folder
}

fn git(root: &Path, arguments: &[&str]) {
    let output = Command::new("git")
        .current_dir(root)
        .args(["-c", "user.name=a", "-c", "user.email=a@example.org"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .expect("git starts");
    assert!(output.status.success(), "{output:?}");
}

const HOME: (&str, &str) = ("content/_index.md", "+++\ntitle = \"Home\"\n+++\n");

#[test]
fn dates_that_contradict_the_order_are_questioned() {
    let config = |second: &str, third: &str| {
        format!(
            "title = \"Bicycles\"\n[[versions]]\nid = \"3\"\nstatus = \"current\"\ndate = 2026-01-01\n[[versions]]\nid = \"1\"\npath = \"versions/1\"\n{second}\n[[versions]]\nid = \"2\"\npath = \"versions/2\"\n{third}\n"
        )
    };
    let folder = site(&[
        HOME,
        ("versions/1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/1/content/_index.md", HOME.1),
        ("versions/2/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/2/content/_index.md", HOME.1),
    ]);
    let check = |config: &str| {
        fs::write(folder.path().join("rigbook.toml"), config).expect("written");
        run(rigbook(folder.path(), &["check", "--strict"]))
    };
    let (code, out) = check(&config("date = 2024-01-01", "date = 2025-01-01"));
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("warning[edition-order]: edition `2` is later than `1`"),
        "{out}"
    );
    assert!(out.contains("list the newest first"), "{out}");
    for (second, third) in [
        ("date = 2025-01-01", "date = 2024-01-01"),
        ("date = 2025-01-01", "date = 2025-01-01"),
        ("", "date = 2024-01-01"),
    ] {
        let (code, out) = check(&config(second, third));
        assert_eq!(code, 0, "{out}");
    }
    let off =
        config("date = 2024-01-01", "date = 2025-01-01") + "[lints]\nedition-order = \"off\"\n";
    let (code, out) = check(&off);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn an_id_of_too_many_characters_is_told_so() {
    let long = "1".repeat(65);
    let folder = site(&[("rigbook.toml", "title = \"Bicycles\"\n"), HOME]);
    let cut = rigbook(folder.path(), &["version", "cut", &long, "--next", "2"]);
    let (code, out) = run(cut);
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("64 characters at most"), "{out}");
    let config =
        format!("title = \"Bicycles\"\n[[versions]]\nid = \"{long}\"\nstatus = \"current\"\n");
    fs::write(folder.path().join("rigbook.toml"), config).expect("written");
    let (code, out) = run(rigbook(folder.path(), &["check"]));
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("64 characters at most"), "{out}");
}

#[cfg(unix)]
#[test]
fn editions_behind_a_link_are_refused() {
    let folder = site(&[("rigbook.toml", "title = \"Bicycles\"\n"), HOME]);
    let outside = site(&[
        ("1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("1/content/_index.md", HOME.1),
    ]);
    let link = folder.path().join("versions");
    std::os::unix::fs::symlink(outside.path(), &link).expect("linked");
    let (code, out) = run(rigbook(
        folder.path(),
        &["version", "cut", "2", "--next", "3"],
    ));
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("`versions` is a symbolic link"), "{out}");
    assert!(
        !outside.path().join("2").exists(),
        "nothing is written there"
    );
    let config = "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\npath = \"versions/1\"\n";
    fs::write(folder.path().join("rigbook.toml"), config).expect("written");
    let (code, out) = run(rigbook(folder.path(), &["check"]));
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("`versions/1` leads outside the site through a symbolic link"),
        "{out}"
    );
}

#[test]
fn a_tag_holds_all_that_the_site_is_made_of() {
    let folder = site(&[
        ("rigbook.toml", "title = \"Bicycles\"\n"),
        (
            "content/_index.md",
            "+++\ntitle = \"Home\"\n+++\n\n![A wheel](wheel.svg)\n",
        ),
        (
            "content/wheel.svg",
            "<svg xmlns=\"http://www.w3.org/2000/svg\"/>\n",
        ),
        (".gitignore", "*.svg\n.rigbook/\n"),
    ]);
    let root = folder.path();
    git(root, &["init", "-q"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "First"]);
    let cut = || {
        run(rigbook(
            root,
            &["version", "cut", "1", "--next", "2", "--git"],
        ))
    };
    let (code, out) = cut();
    assert_eq!(code, 2, "{out}");
    assert!(
        out.contains(
            "the last commit lacks files of the site as they are here: `content/wheel.svg`"
        ),
        "{out}"
    );
    let tags = Command::new("git")
        .current_dir(root)
        .arg("tag")
        .output()
        .expect("git");
    assert!(tags.stdout.is_empty(), "no tag is left");
    git(root, &["add", "--force", "content/wheel.svg"]);
    git(root, &["commit", "-qm", "Second"]);
    let (code, out) = cut();
    assert_eq!(code, 0, "{out}");
    let (code, out) = run(rigbook(root, &["build", "--strict"]));
    assert_eq!(code, 0, "{out}");
    assert!(root.join("public/1/wheel.svg").is_file());
}

/// A site below the repository's top, with a work tree as git for Windows makes
/// it; and a file of which git keeps a pointer alone.
#[test]
fn a_tag_may_have_other_ends_of_lines_and_no_pointers() {
    let folder = site(&[
        ("guide/rigbook.toml", "title = \"Bicycles\"\r\n"),
        (
            "guide/content/_index.md",
            "+++\r\ntitle = \"Home\"\r\n+++\r\n",
        ),
        ("guide/content/sizes.csv", "a,b\r\n1,2\r\n"),
        (".gitignore", ".rigbook/\npublic/\n"),
    ]);
    let (top, root) = (folder.path(), folder.path().join("guide"));
    git(top, &["init", "-q"]);
    git(top, &["config", "core.autocrlf", "true"]);
    git(top, &["add", "-A"]);
    git(top, &["commit", "-qm", "First"]);
    let (code, out) = run(rigbook(
        &root,
        &["version", "cut", "1", "--next", "2", "--git"],
    ));
    assert_eq!(code, 0, "{out}");
    git(top, &["config", "filter.pointer.clean", "echo pointer"]);
    fs::write(top.join(".gitattributes"), "*.svg filter=pointer\n").expect("written");
    fs::write(root.join("content/wheel.svg"), "<svg/>".repeat(9)).expect("written");
    git(top, &["add", "-A"]);
    git(top, &["commit", "-qm", "Second"]);
    let (code, out) = run(rigbook(
        &root,
        &["version", "cut", "2", "--next", "3", "--git"],
    ));
    assert_eq!(code, 2, "{out}");
    assert!(out.contains("`content/wheel.svg`"), "{out}");
}

#[test]
fn without_git_the_environment_has_failed() {
    let config = "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\ngit = \"v1\"\n";
    let folder = site(&[("rigbook.toml", "title = \"Bicycles\"\n"), HOME]);
    let root = folder.path();
    git(root, &["init", "-q"]);
    git(root, &["add", "-A"]);
    git(root, &["commit", "-qm", "First"]);
    let without = |arguments: &[&str]| {
        let mut command = rigbook(root, arguments);
        command.env("PATH", root);
        run(command)
    };
    let (code, out) = without(&["version", "cut", "1", "--next", "2", "--git"]);
    assert_eq!(code, 3, "{out}");
    assert!(
        out.contains("`git` is not installed") && out.contains("install git"),
        "{out}"
    );
    git(root, &["tag", "v1"]);
    fs::write(root.join("rigbook.toml"), config).expect("written");
    for verb in ["build", "check"] {
        let (code, out) = without(&[verb]);
        assert_eq!(code, 3, "{out}");
        assert!(
            out.contains("`git` is not installed") && out.contains("install git"),
            "{out}"
        );
    }
    // A name that git does not know is the author's to mend.
    git(root, &["tag", "-d", "v1"]);
    let (code, out) = run(rigbook(root, &["check"]));
    assert_eq!(code, 1, "{out}");
}

#[test]
fn a_coming_edition_says_that_it_is_not_finished() {
    let folder = site(&[
        (
            "rigbook.toml",
            "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"next\"\n[[versions]]\nid = \"1\"\nstatus = \"current\"\npath = \"versions/1\"\n",
        ),
        HOME,
        ("content/tyres.md", "+++\ntitle = \"Tyres\"\n+++\n"),
        ("versions/1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/1/content/_index.md", HOME.1),
    ]);
    let (code, out) = run(rigbook(folder.path(), &["build", "--strict"]));
    assert_eq!(code, 0, "{out}");
    let read =
        |path: &str| fs::read_to_string(folder.path().join("public").join(path)).expect("built");
    for page in ["2/index.html", "2/tyres/index.html"] {
        let html = read(page);
        assert!(
            html.contains("You are reading Edition 2, which is not finished"),
            "{html}"
        );
        assert!(html.contains("Go to the current edition</a>"), "{html}");
    }
    assert!(!read("index.html").contains("edition-banner"));
}

#[test]
fn an_edition_is_not_compared_with_itself() {
    let folder = site(&[
        (
            "rigbook.toml",
            "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\npath = \"versions/1\"\n",
        ),
        (
            "content/_index.md",
            "+++\ntitle = \"Home\"\n+++\n\n```changes\nfrom = \"2\"\n```\n",
        ),
        ("versions/1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/1/content/_index.md", HOME.1),
    ]);
    let (code, out) = run(rigbook(folder.path(), &["check"]));
    assert_eq!(code, 1, "{out}");
    assert!(out.contains("edition `2` is compared with itself"), "{out}");
}

#[cfg(unix)]
#[test]
fn a_cut_keeps_the_configuration_s_file() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = site(&[("shared/rigbook.toml", "title = \"Bicycles\"\n"), HOME]);
    let (root, real) = (folder.path(), folder.path().join("shared/rigbook.toml"));
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).expect("set");
    std::os::unix::fs::symlink("shared/rigbook.toml", root.join("rigbook.toml")).expect("linked");
    let cut = rigbook(root, &["version", "cut", "1", "--next", "2"]);
    let (code, out) = run(cut);
    assert_eq!(code, 0, "{out}");
    assert!(root.join("rigbook.toml").is_symlink(), "the link stays");
    let text = fs::read_to_string(&real).expect("readable");
    assert!(text.contains("id = \"2\""), "{text}");
    let mode = fs::metadata(&real).expect("there").permissions().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_eq!(
        fs::read_dir(root.join("shared")).expect("readable").count(),
        1
    );
}

#[test]
fn a_working_site_that_is_coming_can_be_cut() {
    let config = "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"next\"\n[[versions]]\nid = \"1\"\npath = \"versions/1\"\nstatus = \"current\"\n";
    let folder = site(&[
        HOME,
        ("rigbook.toml", config),
        ("versions/1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/1/content/_index.md", HOME.1),
    ]);
    let (code, out) = run(rigbook(
        folder.path(),
        &["version", "cut", "2", "--next", "3"],
    ));
    assert_eq!(code, 0, "{out}");
    assert!(folder.path().join("versions/2/content/_index.md").exists());
}

#[test]
fn a_page_that_editions_share_calls_figures_as_its_own_edition_does() {
    let section = |label: &str| {
        format!(
            "+++\ntitle = \"Bikes\"\n[category]\nid = \"bike\"\n[category.fields]\nweight = {{ type = \"quantity\", unit = \"kg\", label = \"{label}\" }}\n[[components]]\nid = \"a\"\ntitle = \"A\"\nweight = \"9 kg\"\n+++\n"
        )
    };
    let page = "+++\ntitle = \"Page\"\n+++\n\nTwo weigh {{ bike.a.weight * 2 }}.\n\n```claims\n\"It is light\" = \"bike.a.weight < 10 kg\"\n```\n";
    let (new, old) = (section("Weight as ridden"), section("Bare weight"));
    let folder = site(&[
        HOME,
        (
            "rigbook.toml",
            "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\npath = \"versions/1\"\n",
        ),
        ("content/bikes/_index.md", &new),
        ("content/page.md", page),
        ("versions/1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/1/content/_index.md", HOME.1),
        ("versions/1/content/bikes/_index.md", &old),
        ("versions/1/content/page.md", page),
    ]);
    let (code, out) = run(rigbook(folder.path(), &["build", "--no-cache", "--quiet"]));
    assert_eq!(code, 0, "{out}");
    for (path, own, other) in [
        ("public/page/index.html", "Weight as ridden", "Bare weight"),
        (
            "public/1/page/index.html",
            "Bare weight",
            "Weight as ridden",
        ),
    ] {
        let html = fs::read_to_string(folder.path().join(path)).expect("there");
        assert!(
            html.contains(own) && !html.contains(other),
            "{path}: {html}"
        );
    }
}

#[test]
fn the_exported_file_has_the_page_of_changes_and_no_link_to_a_file() {
    let folder = site(&[
        HOME,
        (
            "rigbook.toml",
            "title = \"Bicycles\"\n[[versions]]\nid = \"2\"\nstatus = \"current\"\n[[versions]]\nid = \"1\"\npath = \"versions/1\"\n",
        ),
        ("content/new.md", "+++\ntitle = \"New\"\n+++\n"),
        ("versions/1/rigbook.toml", "title = \"Bicycles\"\n"),
        ("versions/1/content/_index.md", HOME.1),
    ]);
    // In the site's own folder: a relative path would be one of the tests'.
    let file = folder.path().join("guide.html");
    let mut command = rigbook(folder.path(), &["export", "--quiet"]);
    command.arg("--output").arg(&file);
    let (code, out) = run(command);
    assert_eq!(code, 0, "{out}");
    let html = fs::read_to_string(&file).expect("readable");
    assert!(html.contains("<section class=\"bundle-page\" id=\"/changes/\""));
    assert!(html.contains("<a href=\"#/changes/\">What changed in 2"));
    assert!(!html.contains("href=\"./"), "{html}");
}

#[test]
fn the_date_of_an_edition_is_a_day() {
    let config =
        "title = \"Bicycles\"\n[[versions]]\nid = \"1\"\nstatus = \"current\"\ndate = \"soon\"\n";
    let folder = site(&[HOME, ("rigbook.toml", config)]);
    let (code, out) = run(rigbook(folder.path(), &["check"]));
    assert_eq!(code, 1, "{out}");
    assert!(
        out.contains("`date` must be a day such as `2026-03-01`, found `soon`"),
        "{out}"
    );
    assert!(out.contains("rigbook.toml:5:8"), "{out}");
}
