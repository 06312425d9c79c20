//! `check --external`, against a server of the test's own.

use std::fs;
use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Command;

/// Answers as its paths say, until the test ends.
fn server() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    port
}

fn answer(mut stream: TcpStream) {
    let mut request = [0; 2048];
    let length = stream.read(&mut request).unwrap_or_default();
    let request = String::from_utf8_lossy(&request[..length]).into_owned();
    let head = request.starts_with("HEAD");
    let path = request.split(' ').nth(1).unwrap_or_default();
    let status = match path {
        "/gone" => "404 Not Found",
        "/broken" => "503 Service Unavailable",
        "/shy" if head => "405 Method Not Allowed",
        "/guarded" => "403 Forbidden",
        "/moved" => "301 Moved Permanently\r\nLocation: /gone",
        _ => "200 OK",
    };
    let text = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    let _ = stream.write_all(text.as_bytes());
}

#[test]
fn outside_links_that_lead_nowhere_are_warnings() {
    let port = server();
    let closed = {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        listener.local_addr().expect("an address").port()
    };
    let site = tempfile::tempdir().expect("temporary folder");
    fs::create_dir(site.path().join("content")).expect("writable");
    fs::write(site.path().join("rigbook.toml"), "title = \"A\"\n").expect("writable");
    let at = |path: &str| format!("[it](http://127.0.0.1:{port}/{path})");
    let lines = [
        "+++\ntitle = \"A\"\n+++\n".to_owned(),
        at("fine"),
        at("gone#there"),
        at("broken"),
        at("shy"),
        at("guarded"),
        at("moved"),
        format!("[it](http://127.0.0.1:{closed}/)"),
        at("gone"),
        format!("<!-- rigbook: allow broken-link -->\n{}", at("gone?again")),
    ];
    fs::write(site.path().join("content/_index.md"), lines.join("\n\n")).expect("writable");
    let check = |arguments: &[&str]| {
        let output = Command::new(env!("CARGO_BIN_EXE_rigbook"))
            .args(["check", "--no-cache", "--format", "json", "--root"])
            .arg(site.path())
            .args(arguments)
            .env("no_proxy", "*")
            .output()
            .expect("it starts");
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let found: serde_json::Value = serde_json::from_slice(&output.stdout).expect("JSON");
        let found = found.as_array().expect("a list").clone();
        let told =
            |found: &serde_json::Value| (found["line"].as_u64(), found["message"].to_string());
        found.iter().map(told).collect::<Vec<_>>()
    };
    assert_eq!(check(&[]), [], "nothing is asked unless it is wished for");
    let found = check(&["--external"]);
    let lines: Vec<u64> = found.iter().filter_map(|(line, _)| *line).collect();
    assert_eq!(lines, [8, 10, 16, 18], "{found:?}");
    for (part, (_, message)) in ["(404)", "(503)", "(404)", "onnect"].iter().zip(&found) {
        assert!(message.contains(part), "{message} lacks {part}");
    }
}
