//! The `rigbook` command.

#![expect(
    clippy::disallowed_methods,
    reason = "the arguments of the program are read here"
)]

use std::process::ExitCode;

// A build makes and drops millions of small strings in all threads at once, for which the
// system's allocator takes a sixth of its time.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    if std::env::args().nth(1).as_deref() == Some(rigbook::io::worker::SUBCOMMAND) {
        return match rigbook::io::worker::serve_stdin() {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    rigbook::cli::run()
}
