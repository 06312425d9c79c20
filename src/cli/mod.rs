//! The command line: what a user asks for in, exit codes out.
//!
//! One file a verb. Results go to standard output, diagnostics to standard
//! error; for `check` the diagnostics are the result.

#![expect(
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "the command line reads the environment and writes to the terminal"
)]

mod args;
mod build;
mod calc;
mod check;
mod clean;
mod completions;
mod diff;
mod export;
mod init;
mod man;
mod schema;
mod serve;
mod site;
mod stopwatch;
mod terminal;
mod version;

use std::process::ExitCode;

use clap::{CommandFactory as _, Parser as _};

use crate::io::limits::tell_of_large_files;
use crate::io::{Failure, FailureKind, Result, reason};
use args::{Arguments, Verb};
use terminal::Terminal;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Exit {
    Fine,
    /// The content has errors, and nothing was written.
    Content,
    Usage,
    /// The disk, a port, git or the system failed.
    Environment,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Content => 1,
            Exit::Usage => 2,
            Exit::Environment => 3,
        })
    }
}

/// Runs the program with the arguments of its process.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let terminal = Terminal::new(&arguments.common);
    tell_of_large_files();
    if let Err(failure) = prepare_threads() {
        terminal.failure(&failure);
        return exit_of(&failure).into();
    }
    let verb = match arguments.verb {
        Some(verb) => verb,
        None if site::find_root(&arguments.common).is_ok() => Verb::Build,
        None => {
            terminal.error_text(&Arguments::command().render_help().to_string());
            return Exit::Usage.into();
        }
    };
    let ended = match verb {
        Verb::Init(init) => init::run(&init, &terminal),
        Verb::Build => build::run(&arguments.common, &terminal),
        Verb::Serve(serve) => serve::run(&arguments.common, &serve, &terminal),
        Verb::Check(check) => check::run(&check, &arguments.common, &terminal),
        Verb::Export(export) => export::run(&arguments.common, &export, &terminal),
        Verb::Calc(calc) => calc::run(&arguments.common, &calc, &terminal),
        Verb::Diff(diff) => diff::run(&arguments.common, &diff, &terminal),
        Verb::Version(version) => version::run(&arguments.common, &version, &terminal),
        Verb::Clean => clean::run(&arguments.common, &terminal),
        Verb::Schema(schema) => schema::run(&arguments.common, &schema, &terminal),
        Verb::Man => man::run(&terminal),
        Verb::Completions(completions) => completions::run(&completions, &terminal),
    };
    ended
        .unwrap_or_else(|failure| {
            terminal.failure(&failure);
            exit_of(&failure)
        })
        .into()
}

fn exit_of(failure: &Failure) -> Exit {
    match failure.kind {
        FailureKind::Usage => Exit::Usage,
        FailureKind::Environment => Exit::Environment,
    }
}

/// Gives the pool's threads room for deeply nested input.
fn prepare_threads() -> Result<()> {
    let pool = rayon::ThreadPoolBuilder::new().stack_size(STACK);
    pool.build_global().map_err(|error| {
        let message = format!("can't start threads: {}", reason_of(&error));
        Failure::environment(message).help("`RAYON_NUM_THREADS=1` asks for one alone")
    })
}

/// What the system said, below what the pool says.
fn reason_of(error: &dyn std::error::Error) -> String {
    let source = error.source().and_then(|e| e.downcast_ref());
    source.map_or_else(|| error.to_string(), reason)
}

/// In bytes, for each thread; taken from the system only when it is used.
const STACK: usize = 32 << 20;
