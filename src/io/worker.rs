//! Diagram engines in child processes: requests come in from any thread, SVG goes out. An engine
//! that aborts, hangs or takes all memory loses its process; the build goes on with an error that
//! names the diagram.
//!
//! A pool starts children of this same program as `rigbook __draw`, when first needed, and at most
//! as many as it has places. They speak frames over their standard streams (see [`frame`]), live
//! until the pool is dropped, and end by themselves if the parent is gone.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::Duration;

use crate::render::diagram::engine::{self, Engine, EngineError};
use crate::render::diagram::{DiagramWorker, DrawRequest, WorkerError};

/// The hidden subcommand that a pool starts its children with.
pub const SUBCOMMAND: &str = "__draw";

/// How long one diagram may take, in seconds; a usual one takes some milliseconds.
const DEADLINE: u64 = 5;
/// Address space of a child, in bytes: some hundred times what a large diagram needs.
const MEMORY: u64 = 3 << 30;
/// Stack of a child's drawing thread, for grammars that recurse.
const STACK: usize = 64 << 20;
/// Longest frame that either side accepts.
const FRAME: usize = 16 << 20;

/// A pool of child processes.
pub struct WorkerPool {
    program: PathBuf,
    places: usize,
    deadline: Duration,
    state: Mutex<State>,
    freed: Condvar,
}

#[derive(Default)]
struct State {
    idle: Vec<Worker>,
    busy: usize,
}

impl WorkerPool {
    /// A pool of this program's own children, one a core at most. Fails if the system doesn't tell
    /// where the program is.
    pub fn of_this_program() -> io::Result<Self> {
        let places = thread::available_parallelism().map_or(1, usize::from);
        Ok(Self::new(std::env::current_exe()?, places))
    }

    /// A pool of at most `places` children of a program that answers to [`SUBCOMMAND`].
    pub fn new(program: PathBuf, places: usize) -> Self {
        Self {
            program,
            places: places.max(1),
            deadline: Duration::from_secs(DEADLINE),
            state: Mutex::default(),
            freed: Condvar::new(),
        }
    }

    /// An idle child, or a new one once there is a place for it.
    fn take(&self) -> Result<Worker, WorkerError> {
        let mut state = self.state();
        loop {
            if let Some(worker) = state.idle.pop() {
                state.busy += 1;
                return Ok(worker);
            }
            if state.busy < self.places {
                state.busy += 1;
                break;
            }
            state = self
                .freed
                .wait(state)
                .unwrap_or_else(PoisonError::into_inner);
        }
        drop(state);
        Worker::start(&self.program).map_err(|error| {
            self.give_back(None);
            WorkerError::Unavailable(format!("`{}`: {error}", self.program.display()))
        })
    }

    fn give_back(&self, worker: Option<Worker>) {
        let mut state = self.state();
        state.busy -= 1;
        state.idle.extend(worker);
        drop(state);
        self.freed.notify_one();
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl DiagramWorker for WorkerPool {
    fn draw(&self, request: &DrawRequest) -> Result<String, WorkerError> {
        let mut worker = self.take()?;
        // A child that died while it was idle (killed by the system, say) has not seen this
        // diagram: a new one gets it.
        if worker.send(request).is_err() {
            worker = Worker::start(&self.program).map_err(|error| {
                self.give_back(None);
                WorkerError::Unavailable(error.to_string())
            })?;
            if let Err(error) = worker.send(request) {
                self.give_back(None);
                return Err(WorkerError::Unavailable(error.to_string()));
            }
        }
        match worker.answers.recv_timeout(self.deadline) {
            Ok(answer) => {
                self.give_back(Some(worker));
                answer.map_err(WorkerError::Refused)
            }
            Err(reason) => {
                let status = worker.end();
                self.give_back(None);
                Err(match reason {
                    RecvTimeoutError::Timeout => WorkerError::Deadline(DEADLINE),
                    RecvTimeoutError::Disconnected => WorkerError::Aborted(how(status)),
                })
            }
        }
    }
}

type Answer = Result<String, EngineError>;

/// One child, with a thread that reads its answers.
struct Worker {
    child: Child,
    requests: Option<ChildStdin>,
    answers: Receiver<Answer>,
}

impl Worker {
    fn start(program: &PathBuf) -> io::Result<Self> {
        let mut child = Command::new(program)
            .arg(SUBCOMMAND)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let requests = child.stdin.take();
        let mut output = child
            .stdout
            .take()
            .ok_or_else(|| io::Error::other("it has no output"))?;
        let (sender, answers) = mpsc::channel();
        thread::Builder::new()
            .name("diagram answers".to_owned())
            .spawn(move || {
                while let Ok(Some(answer)) = frame::read_answer(&mut output) {
                    if sender.send(answer).is_err() {
                        break;
                    }
                }
            })?;
        Ok(Self {
            child,
            requests,
            answers,
        })
    }

    fn send(&mut self, request: &DrawRequest) -> io::Result<()> {
        let requests = self.requests.as_mut();
        let requests = requests.ok_or_else(|| io::Error::other("it takes no input"))?;
        frame::write_request(requests, request)?;
        requests.flush()
    }

    /// Ends the child at once; says how it ended if it had done so before.
    fn end(&mut self) -> Option<ExitStatus> {
        drop(self.requests.take());
        // Its output may close a moment before it can be waited for.
        let ended = self.child.try_wait().ok().flatten().or_else(|| {
            thread::sleep(Duration::from_millis(20));
            self.child.try_wait().ok().flatten()
        });
        if ended.is_none() {
            self.child.kill().ok();
        }
        let waited = self.child.wait().ok();
        ended.or(waited)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        drop(self.requests.take());
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn how(status: Option<ExitStatus>) -> String {
    match status {
        Some(status) if status.code() == Some(PANICKED) => "it panicked".to_owned(),
        Some(status) => format!("it ended with {status}"),
        None => "it ended".to_owned(),
    }
}

/// Exit code of a child whose engine panicked.
const PANICKED: i32 = 101;

/// The child's side: answers requests from the standard input until it closes.
pub fn serve_stdin() -> io::Result<()> {
    limit_memory();
    let (requests, incoming) = mpsc::channel::<DrawRequest>();
    let (outgoing, answers) = mpsc::channel::<Answer>();
    thread::Builder::new()
        .name("diagram".to_owned())
        .stack_size(STACK)
        .spawn(move || {
            for request in incoming {
                if outgoing.send(engine::draw(&request)).is_err() {
                    break;
                }
            }
        })?;
    let mut input = io::stdin().lock();
    let mut output = io::stdout().lock();
    while let Some(request) = frame::read_request(&mut input)? {
        if requests.send(request).is_err() {
            std::process::exit(PANICKED);
        }
        // Later than the parent's deadline: it only counts if the parent is gone.
        match answers.recv_timeout(Duration::from_secs(2 * DEADLINE)) {
            Ok(answer) => frame::write_answer(&mut output, &answer)?,
            Err(_) => std::process::exit(PANICKED),
        }
        output.flush()?;
    }
    Ok(())
}

#[cfg(unix)]
fn limit_memory() {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |bytes| Rlimit {
        current: Some(bytes),
        maximum: Some(bytes),
    };
    // A system that refuses the limit is no reason to refuse the diagram.
    setrlimit(Resource::As, limit(MEMORY)).ok();
    setrlimit(Resource::Core, limit(0)).ok();
}

#[cfg(not(unix))]
fn limit_memory() {}

/// Frames: a length of four bytes, little end first, and as many bytes. A request is one frame
/// (engine, source), an answer one (0 and the SVG, or 1, a range of two lengths and the message).
mod frame {
    use super::{Answer, DrawRequest, Engine, EngineError, FRAME, Read, Write, io};

    const DRAWN: u8 = 0;
    const REFUSED: u8 = 1;
    const NOWHERE: u32 = u32::MAX;

    pub fn write_request(out: &mut impl Write, request: &DrawRequest) -> io::Result<()> {
        let mut bytes = vec![request.engine as u8];
        bytes.extend_from_slice(request.source.as_bytes());
        write(out, &bytes)
    }

    pub fn read_request(input: &mut impl Read) -> io::Result<Option<DrawRequest>> {
        let Some(bytes) = read(input)? else {
            return Ok(None);
        };
        let (code, source) = bytes.split_first().ok_or_else(broken)?;
        let engine = Engine::ALL
            .into_iter()
            .find(|engine| *engine as u8 == *code);
        Ok(Some(DrawRequest {
            engine: engine.ok_or_else(broken)?,
            source: text(source)?,
        }))
    }

    pub fn write_answer(out: &mut impl Write, answer: &Answer) -> io::Result<()> {
        let mut bytes = Vec::new();
        match answer {
            Ok(svg) => {
                bytes.push(DRAWN);
                bytes.extend_from_slice(svg.as_bytes());
            }
            Err(error) => {
                bytes.push(REFUSED);
                let place = |at: usize| u32::try_from(at).unwrap_or(NOWHERE);
                let range = error.range.as_ref();
                for at in [range.map(|range| range.start), range.map(|range| range.end)] {
                    bytes.extend_from_slice(&at.map_or(NOWHERE, place).to_le_bytes());
                }
                bytes.extend_from_slice(error.message.as_bytes());
            }
        }
        write(out, &bytes)
    }

    pub fn read_answer(input: &mut impl Read) -> io::Result<Option<Answer>> {
        let Some(bytes) = read(input)? else {
            return Ok(None);
        };
        let (code, rest) = bytes.split_first().ok_or_else(broken)?;
        if *code == DRAWN {
            return Ok(Some(Ok(text(rest)?)));
        }
        let (start, rest) = rest.split_first_chunk().ok_or_else(broken)?;
        let (end, rest) = rest.split_first_chunk().ok_or_else(broken)?;
        let (start, end) = (u32::from_le_bytes(*start), u32::from_le_bytes(*end));
        let known = start != NOWHERE && end != NOWHERE && start <= end;
        Ok(Some(Err(EngineError {
            message: text(rest)?,
            range: known.then_some(start as usize..end as usize),
        })))
    }

    fn write(out: &mut impl Write, bytes: &[u8]) -> io::Result<()> {
        let length = u32::try_from(bytes.len()).map_err(|_| broken())?;
        out.write_all(&length.to_le_bytes())?;
        out.write_all(bytes)
    }

    fn read(input: &mut impl Read) -> io::Result<Option<Vec<u8>>> {
        let mut length = [0; 4];
        match input.read_exact(&mut length) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(None),
            result => result?,
        }
        let length = u32::from_le_bytes(length) as usize;
        if length > FRAME {
            return Err(broken());
        }
        let mut bytes = vec![0; length];
        input.read_exact(&mut bytes)?;
        Ok(Some(bytes))
    }

    fn text(bytes: &[u8]) -> io::Result<String> {
        String::from_utf8(bytes.to_vec()).map_err(|_| broken())
    }

    fn broken() -> io::Error {
        io::Error::new(io::ErrorKind::InvalidData, "broken frame")
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn frames_come_out_as_they_went_in() {
            let mut bytes = Vec::new();
            let request = DrawRequest {
                engine: Engine::Merman,
                source: "pie\n\"ü\": 1".to_owned(),
            };
            write_request(&mut bytes, &request).expect("a vector takes all bytes");
            let read = read_request(&mut bytes.as_slice()).expect("the frame is whole");
            assert_eq!(read, Some(request));
            for range in [None, Some(3..7)] {
                let answer = Err(EngineError {
                    message: "no".to_owned(),
                    range,
                });
                let mut bytes = Vec::new();
                write_answer(&mut bytes, &answer).expect("a vector takes all bytes");
                let read = read_answer(&mut bytes.as_slice()).expect("the frame is whole");
                assert_eq!(read, Some(answer));
            }
        }

        #[test]
        fn a_broken_frame_is_an_error() {
            assert!(read_request(&mut [255, 255, 255, 255].as_slice()).is_err());
            assert!(read_request(&mut [1, 0, 0, 0, 9].as_slice()).is_err());
            assert!(read_answer(&mut [2, 0, 0, 0, 0].as_slice()).is_err());
        }
    }
}
