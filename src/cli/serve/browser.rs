//! Opens an address in the user's browser.

use std::process::{Command, Stdio};

use super::Terminal;

/// Opens it, or says that it can't.
pub fn open(address: &str, terminal: &Terminal) {
    let (program, first): (&str, &[&str]) = if cfg!(target_os = "macos") {
        ("open", &[])
    } else if cfg!(windows) {
        ("explorer", &[])
    } else {
        ("xdg-open", &[])
    };
    let started = Command::new(program)
        .args(first)
        .arg(address)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    match started {
        Ok(mut child) => {
            // So that it does not stay behind as a zombie.
            std::thread::spawn(move || child.wait());
        }
        Err(_) => terminal.note(&format!("no browser could be opened: go to {address}")),
    }
}
