//! The preview from outside: what it shows, whom it answers, how it follows.
#![cfg(unix)]

mod chromium;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// A site and its preview; ends with the test.
struct Preview {
    site: tempfile::TempDir,
    child: Child,
    /// `127.0.0.1:PORT`.
    host: String,
}

impl Drop for Preview {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn rigbook(folder: &Path, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rigbook"));
    command.current_dir(folder).args(args);
    command
}

impl Preview {
    fn start() -> Self {
        let site = tempfile::tempdir().expect("temporary folder");
        let made = rigbook(site.path(), &["init", "--quiet"]).status();
        assert!(made.expect("it starts").success());
        fs::create_dir(site.path().join("static")).expect("folder");
        fs::write(site.path().join("static/film.mp4"), b"0123456789").expect("written");
        let mut child = rigbook(site.path(), &["serve", "--port", "0"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("it starts");
        let mut line = String::new();
        let mut out = BufReader::new(child.stdout.take().expect("piped"));
        out.read_line(&mut line).expect("it says where");
        // Else a full pipe would stop it.
        std::thread::spawn(move || std::io::copy(&mut out, &mut std::io::sink()));
        let host = line
            .split(['/', ' '])
            .nth(3)
            .expect("an address")
            .to_owned();
        Self { site, child, host }
    }

    fn ask(&self, request: &str) -> (u16, String) {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("set");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("answered");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let status = answer
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok());
        (status.unwrap_or(0), answer)
    }

    fn send(&self, method: &str, path: &str, headers: &str) -> (u16, String) {
        let host = &self.host;
        self.ask(&format!(
            "{method} {path} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n{headers}\r\n"
        ))
    }

    fn get(&self, path: &str) -> (u16, String) {
        self.send("GET", path, "")
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.site.path().join(path);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folder");
        fs::write(path, text).expect("written");
    }

    fn replace(&self, path: &str, from: &str, to: &str) {
        let text = fs::read_to_string(self.site.path().join(path)).expect("readable");
        assert!(text.contains(from));
        self.write(path, &text.replace(from, to));
    }

    fn follow(&self) -> Follower {
        let mut stream = TcpStream::connect(&self.host).expect("it listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(10)))
            .expect("set");
        let host = &self.host;
        let request = format!(
            "GET /_rigbook/live HTTP/1.1\r\nhost: {host}\r\norigin: http://{host}\r\n\
             connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
             sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
        );
        stream.write_all(request.as_bytes()).expect("sent");
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line).expect("answered");
        assert!(line.contains("101"), "{line}");
        while line != "\r\n" {
            line.clear();
            stream.read_line(&mut line).expect("answered");
        }
        Follower(stream)
    }
}

/// What an open page hears.
struct Follower(BufReader<TcpStream>);

impl Follower {
    /// The next status. RFC 6455, section 5.2: frames of a server are plain.
    fn next(&mut self) -> serde_json::Value {
        let mut head = [0; 2];
        self.0.read_exact(&mut head).expect("within ten seconds");
        assert_eq!(head[0], 0x81, "a text in one frame");
        let length = match head[1] {
            126 => {
                let mut length = [0; 2];
                self.0.read_exact(&mut length).expect("length");
                usize::from(u16::from_be_bytes(length))
            }
            127 => {
                let mut length = [0; 8];
                self.0.read_exact(&mut length).expect("length");
                usize::try_from(u64::from_be_bytes(length)).expect("a length")
            }
            short => usize::from(short),
        };
        let mut text = vec![0; length];
        self.0.read_exact(&mut text).expect("text");
        serde_json::from_slice(&text).expect("JSON")
    }

    /// Waits for a status.
    fn until(&mut self, is: impl Fn(&serde_json::Value) -> bool) -> serde_json::Value {
        loop {
            let status = self.next();
            if is(&status) {
                return status;
            }
        }
    }

    fn until_problems(&mut self, count: usize) -> serde_json::Value {
        self.until(|status| {
            status["problems"]
                .as_array()
                .is_some_and(|p| p.len() == count)
        })
    }
}

#[test]
fn each_save_is_followed() {
    let preview = Preview::start();
    let mut follower = preview.follow();
    assert_eq!(follower.next()["generation"], 1);
    let (status, page) = preview.get("/bikes/norden/");
    assert_eq!(status, 200);
    assert!(page.contains("/_rigbook/live.js"));

    preview.replace("content/bikes/norden.md", "The workhorse.", "The ox.");
    follower.until(|status| status["generation"] == 2);
    assert!(preview.get("/bikes/norden/").1.contains("The ox."));

    preview.write(
        "content/new.md",
        "+++\ntitle = \"Brand new\"\n+++\n\nHello.\n",
    );
    follower.until(|status| status["generation"] == 3);
    assert_eq!(preview.get("/new/").0, 200);
    assert!(
        preview.get("/").1.contains("Brand new"),
        "in the navigation"
    );

    fs::remove_file(preview.site.path().join("content/new.md")).expect("removed");
    follower.until(|status| status["generation"] == 4);
    assert_eq!(preview.get("/new/").0, 404);

    preview.write(
        "static/deep/er/x.txt",
        "a folder that is made and filled at once",
    );
    follower.until(|status| {
        let changed = status["changed"].as_array();
        changed.is_some_and(|changed| changed.iter().any(|path| path == "deep/er/x.txt"))
    });
    assert_eq!(preview.get("/deep/er/x.txt").0, 200);
    assert!(
        !preview.site.path().join("public").exists(),
        "nothing is published"
    );
}

#[test]
fn errors_stand_over_the_last_good_page() {
    let preview = Preview::start();
    let mut follower = preview.follow();
    follower.next();
    preview.replace("content/bikes/norden.md", "\"15.4 kg\"", "\"15.4 W\"");
    let status = follower.until_problems(1);
    let problem = &status["problems"][0];
    assert_eq!(problem["title"], "content/bikes/norden.md:5");
    let text = problem["text"].as_str().expect("text");
    assert!(text.starts_with("error[unit-mismatch]"), "{text}");
    let (status, page) = preview.get("/bikes/norden/");
    assert_eq!(status, 200);
    assert!(page.contains("15.4"));
    preview.replace("content/bikes/norden.md", "\"15.4 W\"", "\"15.6 kg\"");
    follower.until_problems(0);
    assert!(preview.get("/bikes/norden/").1.contains("15.6"));
}

#[test]
fn a_style_sheet_is_told_apart_from_a_page() {
    let preview = Preview::start();
    let mut follower = preview.follow();
    follower.next();
    let hash = |page: &str| {
        let at = page.find("data-page=\"").expect("the script");
        page[at..at + 31].to_owned()
    };
    let before = hash(&preview.get("/").1);
    let theme = rigbook::source::embedded();
    let style = theme
        .files
        .keys()
        .find(|path| path.ends_with(".css"))
        .expect("a style sheet");
    let text = theme.text(style).expect("text").source.text.to_string();
    preview.write(
        &format!("themes/default/{style}"),
        &format!("{text}\nbody {{ margin: 1px }}\n"),
    );
    follower.until(|status| status["generation"] == 2);
    assert_eq!(hash(&preview.get("/").1), before);
}

#[test]
fn editors_of_all_kinds_and_storms_end_in_the_last_state() {
    let preview = Preview::start();
    let root = preview.site.path().join("content");
    let page = root.join("page.md");
    let text = |i: usize| format!("+++\ntitle = \"Page\"\n+++\n\nState {i}.\n");
    for i in 0..300 {
        match i % 4 {
            // In place.
            0 => fs::write(&page, text(i)).expect("written"),
            // A new file over the old one.
            1 => {
                fs::write(root.join("page.md~"), text(i)).expect("written");
                fs::rename(root.join("page.md~"), &page).expect("renamed");
            }
            // The old one out of the way first.
            2 => {
                fs::rename(&page, root.join("page.md.bak")).expect("renamed");
                fs::write(&page, text(i)).expect("written");
                fs::remove_file(root.join("page.md.bak")).expect("removed");
            }
            // In pieces.
            _ => {
                let mut file = fs::File::create(&page).expect("made");
                for byte in text(i).bytes() {
                    file.write_all(&[byte]).expect("written");
                }
            }
        }
    }
    let mut follower = preview.follow();
    while !preview.get("/page/").1.contains("State 299.") {
        follower.next();
    }
    fs::rename(root.join("bikes"), root.join("cycles")).expect("renamed");
    follower.until(|status| !status["problems"][0].is_null());
    preview.replace(
        "content/_index.md",
        "](bikes/_index.md)",
        "](cycles/_index.md)",
    );
    while preview.get("/cycles/norden/").0 != 200 {
        follower.next();
    }
    assert_eq!(preview.get("/bikes/norden/").0, 404);
}

#[test]
fn nothing_but_the_site_is_served_and_to_nobody_else() {
    let preview = Preview::start();
    for path in [
        "/../Cargo.toml",
        "/..%2f..%2f..%2fetc/passwd",
        "/%2e%2e/%2e%2e/etc/passwd",
        "//etc/passwd",
        "/%2fetc/passwd",
        "/..\\..\\x",
        "/%5c..%5cx",
        "/%00",
        "/%ff",
        "/%",
        "/%zz",
        "/rigbook.toml",
        "/content/_index.md",
        "/.rigbook/state",
        "/_rigbook/",
        "/_rigbook/x",
        "/%c0%ae%c0%ae/x",
        "/....//....//etc/passwd",
        "/?/../x",
        "/bikes/../../x",
    ] {
        let (status, answer) = preview.get(path);
        let is_home = path.starts_with("/?");
        assert_eq!(status, if is_home { 200 } else { 404 }, "{path}: {answer}");
        assert!(!answer.contains("root:"), "{path}");
    }
    let of = |host: &str| {
        preview.ask(&format!(
            "GET / HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        ))
    };
    assert_eq!(of("localhost").0, 200);
    assert_eq!(of("evil.example").0, 403);
    assert_eq!(
        preview
            .send("GET", "/", "origin: http://evil.example\r\n")
            .0,
        403
    );
    assert_eq!(
        preview.send("GET", "/", "origin: http://localhost:1\r\n").0,
        403
    );
    for method in ["POST", "PUT", "DELETE", "OPTIONS", "PATCH"] {
        assert_eq!(preview.send(method, "/", "").0, 405, "{method}");
    }
    let upgrade = "connection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n\
                   sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\norigin: http://evil.example\r\n";
    assert_eq!(preview.send("GET", "/_rigbook/live", upgrade).0, 403);
    let (_, answer) = preview.get("/");
    for header in [
        "x-content-type-options: nosniff",
        "x-frame-options: SAMEORIGIN",
    ] {
        assert!(answer.contains(header), "{header}");
    }
    assert!(!answer.contains("access-control-allow"));
}

#[test]
fn types_heads_ranges_and_conditions() {
    let preview = Preview::start();
    let (status, answer) = preview.get("/film.mp4");
    assert_eq!(status, 200);
    assert!(answer.contains("content-type: video/mp4") && answer.ends_with("0123456789"));
    let (status, answer) = preview.send("GET", "/film.mp4", "range: bytes=2-4\r\n");
    assert_eq!(status, 206);
    assert!(answer.contains("content-range: bytes 2-4/10") && answer.ends_with("\r\n\r\n234"));
    assert_eq!(
        preview.send("GET", "/film.mp4", "range: bytes=20-\r\n").0,
        416
    );
    let (status, answer) = preview.send("HEAD", "/film.mp4", "");
    assert_eq!(status, 200);
    assert!(answer.contains("content-length: 10") && answer.ends_with("\r\n\r\n"));
    let (_, page) = preview.get("/");
    let tag = page
        .lines()
        .find_map(|line| line.strip_prefix("etag: "))
        .expect("a tag");
    let known = format!("if-none-match: {}\r\n", tag.trim());
    assert_eq!(preview.send("GET", "/", &known).0, 304);
    let (status, answer) = preview.get("/bikes");
    assert_eq!(status, 302);
    assert!(answer.contains("location: /bikes/"));
}

#[test]
fn a_port_in_use_is_said_at_once() {
    let preview = Preview::start();
    let port = preview.host.split(':').nth(1).expect("a port");
    let second = rigbook(preview.site.path(), &["serve", "--port", port]).output();
    let second = second.expect("it starts");
    assert_eq!(second.status.code(), Some(3));
    let said = String::from_utf8_lossy(&second.stderr).into_owned();
    assert!(
        said.contains(&format!("port {port} of 127.0.0.1 is in use")),
        "{said}"
    );
}

#[test]
fn it_ends_at_once_when_asked() {
    let mut preview = Preview::start();
    let id = rustix::process::Pid::from_child(&preview.child);
    rustix::process::kill_process(id, rustix::process::Signal::INT).expect("sent");
    let status = preview.child.wait().expect("it ends");
    assert_eq!(status.code(), Some(0));
}

#[test]
fn a_browser_follows_without_losing_its_place() {
    let Some(mut browser) = chromium::Browser::start() else {
        return; // There is none on this machine.
    };
    let preview = Preview::start();
    let filler = "Long.\n\n".repeat(200);
    let page = |text: &str| {
        format!(
            "+++\ntitle = \"Page\"\n+++\n\n{filler}\n\n<details><summary>More</summary>\n\nInside.\n\n</details>\n\n{text}\n\n{filler}"
        )
    };
    preview.write("content/page.md", &page("First."));
    let mut follower = preview.follow();
    while preview.get("/page/").0 != 200 {
        follower.next();
    }
    browser.open(&format!("http://{}/page/", preview.host));
    browser.until("document.body.textContent.includes('First.')");
    browser.run(
        "scrollTo(0, 1500); const d = document.querySelector('main details'); if (d) d.open = true",
    );
    browser.until("scrollY === 1500");
    let had_panel = browser.run("!!document.querySelector('main details')");

    preview.write("content/page.md", &page("Second."));
    browser.until(
        "document.body.textContent.includes('Second.') && document.readyState === 'complete'",
    );
    browser.until("Math.abs(scrollY - 1500) < 3");
    if had_panel == true {
        browser.until("document.querySelector('main details').open");
    }

    // A style sheet is swapped while the page lives on.
    browser.run("globalThis.mark = 1");
    let theme = rigbook::source::embedded();
    let style = theme
        .files
        .keys()
        .find(|path| path.starts_with("assets/style.css/"))
        .expect("a style sheet");
    let text = theme.text(style).expect("text").source.text.to_string();
    let red = format!("{text}\nbody {{ outline: 7px solid red }}\n");
    preview.write(&format!("themes/default/{style}"), &red);
    browser.until("getComputedStyle(document.body).outlineWidth === '7px'");
    assert_eq!(browser.run("globalThis.mark"), 1, "not loaded again");
    assert_eq!(
        browser.run("document.querySelectorAll('link[rel=stylesheet]').length"),
        1
    );

    // An error covers the page and goes away with its cause.
    preview.write("content/page.md", "+++\ntitle = \n+++\n");
    let overlay = "document.querySelector('rigbook-errors')?.shadowRoot.textContent ?? ''";
    browser.until(&format!("({overlay}).includes('content/page.md:2')"));
    assert_eq!(
        browser.run("document.body.textContent.includes('Second.')"),
        true
    );
    preview.write("content/page.md", &page("Third."));
    browser.until("!document.querySelector('rigbook-errors')");
    browser.until("document.body.textContent.includes('Third.')");

    // A page that is gone is gone, and its successor is in the navigation.
    fs::rename(
        preview.site.path().join("content/page.md"),
        preview.site.path().join("content/moved.md"),
    )
    .expect("renamed");
    browser.until("!document.body.textContent.includes('Third.')");
    browser.open(&format!("http://{}/", preview.host));
    browser.until("!!document.querySelector('a[href*=\"moved/\"]')");
}
