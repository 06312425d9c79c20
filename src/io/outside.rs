//! Whether outside addresses answer. Asked of `curl`, which every system has,
//! so that the program carries no network code and no certificates. In come
//! addresses; out goes what is wrong with each. Nothing is kept of what they
//! answer.

use std::collections::BTreeMap;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::{Failure, Result};

/// How many addresses are asked at once.
const AT_ONCE: usize = 8;
/// Seconds until an address that does not answer is given up.
const PATIENCE: &str = "20";

/// Asks each address once; returns those that lead nowhere, each with the
/// reason.
pub fn dead(addresses: &[&str]) -> Result<BTreeMap<String, String>> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    let failed = Mutex::new(None);
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE.min(addresses.len()) {
            scope.spawn(|| {
                while let Some(address) = addresses.get(next.fetch_add(1, Ordering::Relaxed)) {
                    match reason(address) {
                        Ok(None) => {}
                        Ok(Some(reason)) => {
                            let mut found = found.lock().expect("no thread panics with it");
                            found.insert((*address).to_owned(), reason);
                        }
                        Err(failure) => {
                            *failed.lock().expect("no thread panics with it") = Some(failure);
                            return;
                        }
                    }
                }
            });
        }
    });
    match failed.into_inner().expect("no thread panics with it") {
        Some(failure) => Err(failure),
        None => Ok(found.into_inner().expect("no thread panics with it")),
    }
}

/// Why an address leads nowhere; none if it answers, or refuses programs.
fn reason(address: &str) -> Result<Option<String>> {
    let mut answer = ask(address, true)?;
    // Some servers answer only to who wants the page.
    if !matches!(answer, Ok(200..=399)) {
        answer = ask(address, false)?;
    }
    Ok(match answer {
        Ok(code @ (404 | 410)) => Some(format!("there is no such page ({code})")),
        Ok(code @ 500..=599) => Some(format!("its server fails ({code})")),
        Ok(_) => None,
        Err(complaint) => Some(complaint),
    })
}

/// The code of the answer, or what curl says where there is none.
fn ask(address: &str, head: bool) -> Result<std::result::Result<u16, String>> {
    let sink = if cfg!(windows) { "NUL" } else { "/dev/null" };
    let mut command = Command::new("curl");
    // First of all: no settings of the user's.
    command.args(["-q", "--silent", "--show-error", "--location", "--globoff"]);
    command.args(["--max-redirs", "10", "--max-time", PATIENCE]);
    command.args(["--proto", "=http,https", "--proto-redir", "=http,https"]);
    command.args(["--user-agent", "Mozilla/5.0 (compatible; rigbook check)"]);
    command.args(["--output", sink, "--write-out", "%{http_code}"]);
    if head {
        command.arg("--head");
    }
    command.args(["--url", address]).stdin(Stdio::null());
    let output = command.output().map_err(|error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            return Failure::environment("`curl` is not installed")
                .help("`check --external` asks outside links by it");
        }
        Failure::environment(format!("can't run `curl`: {}", super::reason(&error)))
    })?;
    let code = String::from_utf8_lossy(&output.stdout).trim().parse();
    Ok(match (output.status.success(), code) {
        (true, Ok(code)) => Ok(code),
        _ => Err(complaint(&output.stderr)),
    })
}

/// What curl says, without its own words around it: `curl: (6) Could not …`.
fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let line = text.lines().find(|line| !line.trim().is_empty());
    let line = line.unwrap_or("it does not answer");
    let bare = line.split_once(") ").map_or(line, |(_, bare)| bare);
    let mut letters = bare.chars();
    match letters.next() {
        Some(first) => first.to_lowercase().chain(letters).collect(),
        None => "it does not answer".to_owned(),
    }
}
