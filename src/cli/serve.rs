//! `rigbook serve`: a preview that follows each save.

mod browser;
mod session;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use super::Exit;
use super::args::{Common, Serve};
use super::site::{STATE, Site, counted, milliseconds};
use super::terminal::{Stream, Terminal};
use crate::diag::Diagnostic;
use crate::io::http;
use crate::io::preview::Preview;
use crate::io::watch::Watcher;
use crate::io::{Failure, Result};
use session::{Built, Session};

/// Serves until the user ends it.
pub fn run(common: &Common, serve: &Serve, terminal: &Terminal) -> Result<Exit> {
    let site = Site::open(common)?;
    let listener = http::bind(SocketAddr::new(serve.bind, serve.port))?;
    let ignored = vec![site.loader.root().join(STATE), site.output().to_owned()];
    let (mut watcher, polls) = Watcher::new(ignored);
    if let Some(polls) = polls {
        tell_of_polling(terminal, &polls.0);
    }
    let preview = Arc::new(Preview::default());
    let mut follower = Follower {
        session: Session::new(site),
        preview: Arc::clone(&preview),
        terminal,
        said: Vec::new(),
        failed: None,
    };
    // Before the first look, so that no edit falls in between.
    if let Some(polls) = watcher.watch(&follower.session.targets()) {
        tell_of_polling(terminal, &polls.0);
    }
    let start = Instant::now();
    let mut built = follower.build();
    let running = http::start(listener, preview)?;
    http::end_on_interrupt(&running);
    let address = format!("http://{}/", running.address);
    terminal.result_text(&format!(
        "serving {address} after {}; Ctrl-C ends it\n",
        milliseconds(start.elapsed())
    ));
    if !serve.bind.is_loopback() {
        terminal.note("the preview is open to the network");
    }
    if serve.open {
        browser::open(&address, terminal);
    }
    loop {
        if let Outcome::Shown(shown) = &built
            && follower.render(shown, &mut watcher)
        {
            built = Outcome::Settled;
        }
        if let Some(polls) = watcher.watch(&follower.session.targets()) {
            tell_of_polling(terminal, &polls.0);
        }
        watcher.wait();
        match follower.build() {
            // What was interrupted goes on.
            Outcome::Settled => {}
            new => built = new,
        }
    }
}

/// What a look at the site led to.
enum Outcome {
    /// A new state is shown, and not all of it has been rendered yet.
    Shown(Built),
    /// There is nothing to show.
    Broken,
    /// There is nothing new.
    Settled,
}

fn tell_of_polling(terminal: &Terminal, why: &str) {
    terminal.note(&format!(
        "files can't be watched ({why}): looking for changes twice a second"
    ));
}

/// Builds, shows and tells.
struct Follower<'a> {
    session: Session,
    preview: Arc<Preview>,
    terminal: &'a Terminal,
    /// The diagnostics that the user has seen last.
    said: Vec<Diagnostic>,
    failed: Option<String>,
}

impl Follower<'_> {
    /// Builds what has changed and shows it.
    fn build(&mut self) -> Outcome {
        let start = Instant::now();
        let built = match self.session.build() {
            Ok(Some(built)) => built,
            Ok(None) => return Outcome::Settled,
            Err(failure) => {
                self.fail(&failure);
                return Outcome::Broken;
            }
        };
        self.failed = None;
        let time = milliseconds(start.elapsed());
        let what = self.session.changes_in_words();
        let Some(tree) = &built.tree else {
            self.say(&built.diagnostics);
            let counted = counted(&built.diagnostics).unwrap_or_default();
            self.terminal
                .say(&format!("{what}: {counted}, shown is the last good state"));
            self.preview.report(session::problems(&built.diagnostics));
            return Outcome::Broken;
        };
        self.preview
            .show(Arc::clone(tree), &built.base, built.changed_files.clone());
        if !built.is_first {
            let pages = built.changed_pages;
            let pages = format!("{pages} page{}", if pages == 1 { "" } else { "s" });
            self.terminal
                .say(&format!("{what}: {pages} changed in {time}"));
        }
        Outcome::Shown(built)
    }

    /// Renders what has changed, to find what is wrong with it; gives up as
    /// soon as there may be something newer. Whether it came to its end.
    fn render(&mut self, built: &Built, watcher: &mut Watcher) -> bool {
        let Some(diagnostics) = self.session.render(built, || watcher.has_signal()) else {
            return false;
        };
        let problems = session::problems(&diagnostics);
        if problems.is_empty() {
            self.preview.is_good();
        }
        self.say(&diagnostics);
        self.preview.report(problems);
        true
    }

    /// Prints diagnostics, unless they are the same as before.
    fn say(&mut self, diagnostics: &[Diagnostic]) {
        if self.said == diagnostics {
            return;
        }
        self.terminal.diagnostics(diagnostics, Stream::Err, "");
        self.said = diagnostics.to_vec();
    }

    fn fail(&mut self, failure: &Failure) {
        if self.failed.as_ref() != Some(&failure.message) {
            self.terminal.failure(failure);
            self.failed = Some(failure.message.clone());
        }
        self.preview.report(vec![session::problem_of(failure)]);
    }
}
