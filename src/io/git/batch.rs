//! Objects by id, through one long-lived `git cat-file`.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::{Arc, Mutex};

use super::Reason;
use super::command::{git, not_started};
use crate::io::FailureKind;

/// One `git cat-file --batch` or `--batch-check`. Names go through its standard
/// input, so that none can be taken for an option.
pub struct Batch {
    child: Child,
    /// None once the end has been said.
    stdin: Option<ChildStdin>,
    stdout: BufReader<ChildStdout>,
}

/// What git says about an object before its content.
pub struct Answer {
    pub id: String,
    pub kind: String,
    pub size: u64,
}

impl Batch {
    /// Answers without content.
    pub fn check(folder: &Path) -> Result<Self, Reason> {
        Self::start(folder, "--batch-check")
    }

    /// Answers with content, which the caller must read.
    pub fn content(folder: &Path) -> Result<Self, Reason> {
        Self::start(folder, "--batch")
    }

    fn start(folder: &Path, mode: &str) -> Result<Self, Reason> {
        let mut child = git(folder)
            .args(["cat-file", mode])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(not_started)?;
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().map(BufReader::new);
        let Some(stdout) = stdout else {
            return Err(Reason::new("git gives no output"));
        };
        Ok(Self {
            child,
            stdin,
            stdout,
        })
    }

    /// The answer for one name; none if there is no such object.
    pub fn ask(&mut self, name: &str) -> Result<Option<Answer>, Reason> {
        let stdin = self.stdin.as_mut();
        let sent = stdin.map(|stdin| stdin.write_all(format!("{name}\n").as_bytes()));
        if !matches!(sent, Some(Ok(()))) {
            return Err(ended());
        }
        self.answer()
    }

    /// The next answer.
    pub fn answer(&mut self) -> Result<Option<Answer>, Reason> {
        let mut line = String::new();
        let read = self.stdout.read_line(&mut line);
        if !matches!(read, Ok(1..)) {
            return Err(ended());
        }
        let mut words = line.trim_end().split(' ');
        let (id, kind, size) = (words.next(), words.next(), words.next());
        match (id, kind, size.map(str::parse)) {
            (Some(id), Some(kind), Some(Ok(size))) => Ok(Some(Answer {
                id: id.to_owned(),
                kind: kind.to_owned(),
                size,
            })),
            // "NAME missing", "NAME ambiguous", whatever the name holds.
            _ => Ok(None),
        }
    }

    /// The content after an answer, copied to `sink`.
    pub fn copy_content(&mut self, size: u64, sink: &mut dyn Write) -> std::io::Result<()> {
        let copied = std::io::copy(&mut self.stdout.by_ref().take(size), sink)?;
        let mut end = [0_u8];
        self.stdout.read_exact(&mut end)?;
        if copied != size || end != *b"\n" {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        Ok(())
    }

    /// Sends all names from another thread, and calls `each` with every
    /// answer's number and content.
    pub fn all(mut self, ids: &[&str], mut each: impl FnMut(usize, Vec<u8>)) -> Result<(), Reason> {
        let stdin = self.stdin.take();
        std::thread::scope(|scope| {
            scope.spawn(move || {
                let mut sink = std::io::BufWriter::new(stdin?);
                for id in ids {
                    writeln!(sink, "{id}").ok()?;
                }
                sink.flush().ok()
            });
            let read = self.read_all(ids, &mut each);
            if read.is_err() {
                // Else the other thread would wait for it to read on.
                let _ = self.child.kill();
            }
            read
        })
    }

    fn read_all(
        &mut self,
        ids: &[&str],
        each: &mut impl FnMut(usize, Vec<u8>),
    ) -> Result<(), Reason> {
        for (number, id) in ids.iter().enumerate() {
            let missing = || Reason {
                message: format!("git lacks the object `{id}`"),
                help: Some("a partial clone has no content: fetch it in full".to_owned()),
                kind: FailureKind::Usage,
            };
            let answer = self.answer()?.ok_or_else(missing)?;
            let mut content = Vec::with_capacity(usize::try_from(answer.size).unwrap_or(0));
            self.copy_content(answer.size, &mut content)
                .map_err(|_| ended())?;
            each(number, content);
        }
        Ok(())
    }
}

fn ended() -> Reason {
    Reason::new("git ended before its answer")
}

impl Drop for Batch {
    fn drop(&mut self) {
        self.stdin = None;
        // It ends by itself, unless it is stuck in writing an answer.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Contents of blobs for whoever copies them: keeps a process for each thread
/// that is at it.
#[derive(Default)]
pub struct Blobs {
    idle: Mutex<BTreeMap<Arc<Path>, Vec<Batch>>>,
}

impl Blobs {
    /// Copies a blob to `sink`.
    pub fn copy(
        &self,
        repository: &Arc<Path>,
        id: &str,
        sink: &mut dyn Write,
    ) -> std::io::Result<()> {
        let idle = self.take(repository);
        let other = |reason: Reason| std::io::Error::other(reason.message);
        let mut batch = match idle {
            Some(batch) => batch,
            None => Batch::content(repository).map_err(other)?,
        };
        let answer = batch.ask(id).map_err(other)?;
        let Some(answer) = answer.filter(|answer| answer.kind == "blob") else {
            return Err(std::io::Error::other(format!("git lacks the blob `{id}`")));
        };
        batch.copy_content(answer.size, sink)?;
        if let Ok(mut idle) = self.idle.lock() {
            idle.entry(Arc::clone(repository)).or_default().push(batch);
        }
        Ok(())
    }

    fn take(&self, repository: &Arc<Path>) -> Option<Batch> {
        self.idle.lock().ok()?.get_mut(repository)?.pop()
    }
}
