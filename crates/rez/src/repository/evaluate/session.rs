//! One Python process and the talk with it.

use std::fmt;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde_json::{Value as Json, json};

const SCRIPT: &str = include_str!("evaluate.py");

/// Reads the script from the line that comes first, so that it is no argument of the process.
const START: &str =
    "import json, sys; exec(compile(json.loads(sys.stdin.readline()), '<evaluate>', 'exec'))";

/// A reply of so many bytes is no description of a package.
const MAX_REPLY: u64 = 16 << 20;

/// So much of what the process says on the side is kept, the last of it.
const MAX_COMPLAINT: usize = 4096;

/// A Python process that waits for tasks. It ends when this is dropped.
#[derive(Debug)]
pub(super) struct Session {
    child: Child,
    /// None once it is closed, which tells the process to end.
    input: Option<ChildStdin>,
    replies: Receiver<String>,
    complaint: Arc<Mutex<Vec<u8>>>,
    listener: Option<JoinHandle<()>>,
}

/// Why the process gave no reply.
#[derive(Debug)]
pub(super) enum Failure {
    Start(io::Error),
    TooLong(Duration),
    /// It ended, or said something else; with what it said on standard error.
    Ended(String),
}

impl fmt::Display for Failure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Failure::Start(error) => write!(formatter, "it does not start: {error}"),
            Failure::TooLong(limit) => {
                write!(formatter, "it took longer than {} s", limit.as_secs_f64())
            }
            Failure::Ended(complaint) if complaint.is_empty() => {
                formatter.write_str("the process ended without a word")
            }
            Failure::Ended(complaint) => write!(formatter, "the process ended: {complaint}"),
        }
    }
}

impl Session {
    /// Starts a process and tells it the facts.
    pub(super) fn start(program: &Path, facts: &Json, limit: Duration) -> Result<Self, Failure> {
        // As rez runs its own Python: deaf to the variables that change one, which are the user's environment's.
        let mut child = Command::new(program)
            .args(["-E", "-B", "-X", "utf8", "-c", START])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(Failure::Start)?;
        let input = child.stdin.take();
        let (sender, replies) = sync_channel(1);
        if let Some(output) = child.stdout.take() {
            std::thread::spawn(move || {
                let mut output = BufReader::new(output);
                while let Some(line) = next_line(&mut output) {
                    if sender.send(line).is_err() {
                        return;
                    }
                }
            });
        }
        let complaint = Arc::new(Mutex::new(Vec::new()));
        let listener = child.stderr.take().map(|mut errors| {
            let complaint = complaint.clone();
            std::thread::spawn(move || listen(&mut errors, &complaint))
        });
        let mut session = Session {
            child,
            input,
            replies,
            complaint,
            listener,
        };
        session.send(&json!(SCRIPT))?;
        session.send(facts)?;
        session.reply(Instant::now() + limit, limit)?;
        Ok(session)
    }

    /// Gives a task and waits for the reply, answering questions meanwhile.
    pub(super) fn run(
        &mut self,
        task: &Json,
        limit: Duration,
        answer: impl Fn(&Json) -> Result<Json, String>,
    ) -> Result<Json, Failure> {
        let deadline = Instant::now() + limit;
        self.complaint().clear();
        self.send(task)?;
        loop {
            let reply = self.reply(deadline, limit)?;
            let Some(question) = reply.get("ask") else {
                return Ok(reply);
            };
            self.send(&match answer(question) {
                Ok(answer) => json!({"answer": answer}),
                Err(error) => json!({"error": error}),
            })?;
        }
    }

    fn send(&mut self, message: &Json) -> Result<(), Failure> {
        let line = format!("{message}\n");
        let sent = self.input.as_mut().map(|input| {
            input
                .write_all(line.as_bytes())
                .and_then(|()| input.flush())
        });
        match sent {
            Some(Ok(())) => Ok(()),
            _ => Err(self.ended()),
        }
    }

    fn reply(&mut self, deadline: Instant, limit: Duration) -> Result<Json, Failure> {
        let left = deadline.saturating_duration_since(Instant::now());
        match self.replies.recv_timeout(left) {
            Ok(line) => match serde_json::from_str(&line) {
                Ok(reply) => Ok(reply),
                Err(_) => Err(self.ended()),
            },
            Err(RecvTimeoutError::Timeout) => Err(Failure::TooLong(limit)),
            Err(RecvTimeoutError::Disconnected) => Err(self.ended()),
        }
    }

    /// Ends the process and gives what it said last.
    fn ended(&mut self) -> Failure {
        self.input = None;
        // A moment to end by itself, and to say why.
        for _ in 0..40 {
            let has_ended = matches!(self.child.try_wait(), Ok(Some(_)));
            if has_ended && self.listener.as_ref().is_none_or(JoinHandle::is_finished) {
                break;
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let complaint = self.complaint();
        let text = String::from_utf8_lossy(&complaint);
        let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
        // Of a traceback the last line tells what happened.
        Failure::Ended(lines.next_back().unwrap_or_default().to_owned())
    }

    fn complaint(&self) -> std::sync::MutexGuard<'_, Vec<u8>> {
        self.complaint
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        self.input = None;
        // It may have ended by itself; there is nothing to do about a process that cannot be ended. Nor are the listening
        // threads waited for: what the process has started may keep its output open.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The next line of a reasonable length.
fn next_line(output: &mut impl BufRead) -> Option<String> {
    let mut line = Vec::new();
    let read = output.take(MAX_REPLY).read_until(b'\n', &mut line).ok()?;
    if read == 0 || line.last() != Some(&b'\n') {
        return None;
    }
    String::from_utf8(line).ok()
}

/// Keeps the last of what is said, so that the process never waits for a listener.
fn listen(errors: &mut impl Read, complaint: &Mutex<Vec<u8>>) {
    let mut buffer = [0; 1024];
    while let Ok(count @ 1..) = errors.read(&mut buffer) {
        let mut complaint = complaint.lock().unwrap_or_else(PoisonError::into_inner);
        complaint.extend(&buffer[..count]);
        let excess = complaint.len().saturating_sub(MAX_COMPLAINT);
        complaint.drain(..excess);
    }
}
