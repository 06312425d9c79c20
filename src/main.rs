//! The `rigbook` command.

#![expect(
    clippy::disallowed_methods,
    reason = "the arguments of the program are read here"
)]

use std::process::ExitCode;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(rigbook::io::worker::SUBCOMMAND) {
        return match rigbook::io::worker::serve_stdin() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    rigbook::cli::run()
}
