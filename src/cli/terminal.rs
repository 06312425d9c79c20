//! What the user sees: streams, color, progress.

use std::io::{IsTerminal as _, Write as _};
use std::sync::Mutex;
use std::time::{Duration, Instant};

use super::args::{Common, Format};
use crate::diag::render::{Look, github, json, text};
use crate::diag::{Diagnostic, Severity};
use crate::io::Failure;
use crate::io::writer::Progress;

/// The two streams and how to write to them. A reader that hangs up is no
/// reason to stop.
pub struct Terminal {
    pub quiet: bool,
    pub verbose: bool,
    pub timings: bool,
    format: Format,
    out: Look,
    err: Look,
    /// When the progress line was last drawn; none if nobody would see it.
    progress: Option<Mutex<Drawn>>,
}

#[derive(Default)]
struct Drawn {
    at: Option<Instant>,
    shown: bool,
}

/// Which of the two streams.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    Out,
    Err,
}

/// How often the progress line changes, so that it can be read.
const REDRAW: Duration = Duration::from_millis(80);

impl Terminal {
    pub fn new(common: &Common) -> Self {
        let color = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
            && std::env::var_os("TERM").is_none_or(|term| term != "dumb");
        let width = std::env::var("COLUMNS").ok().and_then(|w| w.parse().ok());
        let look = |terminal: bool| Look {
            color: color && terminal,
            width: width.unwrap_or(Look::default().width),
        };
        let err_is_seen = std::io::stderr().is_terminal();
        Self {
            quiet: common.quiet,
            verbose: common.verbose,
            timings: common.timings,
            format: common.format,
            out: look(std::io::stdout().is_terminal()),
            err: look(err_is_seen),
            progress: (err_is_seen && !common.quiet).then(Mutex::default),
        }
    }

    /// A line of the result.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            self.write(Stream::Out, &format!("{line}\n"));
        }
    }

    /// A line beside the result.
    pub fn note(&self, line: &str) {
        if !self.quiet {
            self.write(Stream::Err, &format!("{line}\n"));
        }
    }

    /// Text that is the result, whatever the flags.
    pub fn result_text(&self, text: &str) {
        self.write(Stream::Out, text);
    }

    /// Text beside the result, whatever the flags.
    pub fn error_text(&self, text: &str) {
        self.write(Stream::Err, text);
    }

    /// Prints diagnostics in the format asked for. `folder` is where the site
    /// lies below the current folder, for code hosts.
    pub fn diagnostics(&self, diagnostics: &[Diagnostic], stream: Stream, folder: &str) {
        let shown: Vec<Diagnostic>;
        let diagnostics = if self.quiet {
            let errors = diagnostics.iter().filter(|d| d.severity == Severity::Error);
            shown = errors.cloned().collect();
            &shown
        } else {
            diagnostics
        };
        let look = match stream {
            Stream::Out => self.out,
            Stream::Err => self.err,
        };
        let rendered = match self.format {
            Format::Human => text(diagnostics, look),
            Format::Json if diagnostics.is_empty() && stream == Stream::Err => String::new(),
            Format::Json => json(diagnostics),
            Format::Github => github(diagnostics, folder),
        };
        self.write(stream, &rendered);
    }

    /// Whether people read the diagnostics.
    pub fn is_for_people(&self) -> bool {
        self.format == Format::Human
    }

    /// What went wrong outside of the content.
    pub fn failure(&self, failure: &Failure) {
        let (red, bold, end) = if self.err.color {
            ("\x1b[1m\x1b[91m", "\x1b[1m", "\x1b[0m")
        } else {
            ("", "", "")
        };
        let mut text = format!("{red}error{end}{bold}: {}{end}\n", failure.message);
        if let Some(help) = &failure.help {
            text.push_str(&format!("  {bold}= help{end}: {help}\n"));
        }
        self.write(Stream::Err, &text);
    }

    /// Takes the progress line away.
    pub fn clear_progress(&self) {
        let Some(progress) = &self.progress else {
            return;
        };
        if let Ok(mut drawn) = progress.lock()
            && std::mem::take(&mut drawn.shown)
        {
            let _ = std::io::stderr().write_all(b"\r\x1b[K");
        }
    }

    fn write(&self, stream: Stream, text: &str) {
        if text.is_empty() {
            return;
        }
        self.clear_progress();
        let _ = match stream {
            Stream::Out => std::io::stdout().write_all(text.as_bytes()),
            Stream::Err => std::io::stderr().write_all(text.as_bytes()),
        };
    }
}

impl Progress for Terminal {
    fn rendered(&self, done: usize, total: usize) {
        let Some(progress) = &self.progress else {
            return;
        };
        let Ok(mut drawn) = progress.try_lock() else {
            return;
        };
        let now = Instant::now();
        // The first line waits too: a short build shows none.
        match drawn.at {
            None => drawn.at = Some(now),
            Some(at) if now - at >= REDRAW => {
                drawn.at = Some(now);
                drawn.shown = true;
                let _ = write!(std::io::stderr(), "\r  {done} of {total} files\x1b[K");
            }
            Some(_) => {}
        }
    }

    fn waiting(&self, holder: &str) {
        self.note(&format!("waiting for another build ({holder})"));
    }
}
