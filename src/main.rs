//! The `rigbook` command.

fn main() -> std::io::Result<()> {
    if std::env::args().nth(1).as_deref() == Some(rigbook::io::worker::SUBCOMMAND) {
        return rigbook::io::worker::serve_stdin();
    }
    Ok(())
}
