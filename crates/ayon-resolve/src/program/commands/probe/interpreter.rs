//! Running a program that a person named, for a limited time and with a limited ear.
//!
//! The program may be anything: not a Python, a shell script that waits for ever, something that never stops talking.
//! Each of these ends in a report. The child gets neither the server's key nor the variables by which the program that
//! started us bends its own Python: a profile describes the host, not the launcher around it.

use std::ffi::OsString;
use std::io::{ErrorKind, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use crate::program::Report;
use crate::program::environment::{Rank, VARIABLES};
use crate::program::plain::{clean, one_line};

/// The question, in Python.
const SCRIPT: &str = include_str!("script.py");
/// What the answer's line begins with.
const MARK: &str = "ayon-resolve-probe:";
/// An argument that stands for the question; without one, `-c` and the question come last.
const PLACE: &str = "{script}";

/// How long to wait, and how much to listen to.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    pub(super) time: Duration,
    pub(super) bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        // Starting a DCC's interpreter from a cold network disk takes tens of seconds.
        Self {
            time: Duration::from_mins(1),
            bytes: 16 << 20,
        }
    }
}

/// Asks the interpreter started by `words`, and returns its line of JSON.
pub(super) fn ask(words: &[OsString], limits: Limits) -> Result<String, Report> {
    let [program, arguments @ ..] = words else {
        return Err(Report::unknown("no interpreter is named")
            .hint("name it after `--`, as in `-- mayapy`"));
    };
    let name = one_line(&program.to_string_lossy());
    let mut command = Command::new(program);
    command
        .args(with_script(arguments))
        .env("PYTHONNOUSERSITE", "1")
        .env("PYTHONDONTWRITEBYTECODE", "1");
    for variable in ["PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONINSPECT"] {
        command.env_remove(variable);
    }
    for secret in VARIABLES
        .iter()
        .filter(|variable| variable.rank == Rank::Secret)
    {
        command.env_remove(secret.name);
    }
    let (status, answer, complaint) = run(command, &name, limits)?;
    let line = answer
        .lines()
        .rev()
        .find_map(|line| line.trim().strip_prefix(MARK));
    match line {
        Some(line) => Ok(line.to_owned()),
        None if status.success() => {
            let report = Report::unknown(format!("`{name}` does not answer as a Python does"));
            Err(with_tail(report, &complaint)
                .hint(format!("name the host's interpreter; for a program that takes Python otherwise, put `{PLACE}` where it takes it")))
        }
        None => Err(with_tail(
            Report::unknown(format!("`{name}` failed ({status})")),
            &complaint,
        )),
    }
}

/// The arguments with the question among them.
fn with_script(arguments: &[OsString]) -> Vec<OsString> {
    if arguments.iter().any(|argument| argument == PLACE) {
        let put = |argument: &OsString| {
            if argument == PLACE {
                OsString::from(SCRIPT)
            } else {
                argument.clone()
            }
        };
        return arguments.iter().map(put).collect();
    }
    arguments
        .iter()
        .cloned()
        .chain([OsString::from("-c"), OsString::from(SCRIPT)])
        .collect()
}

/// The last lines of what was complained about, as a cause.
fn with_tail(report: Report, complaint: &str) -> Report {
    let lines: Vec<&str> = complaint
        .lines()
        .filter(|line| !line.trim().is_empty())
        .collect();
    match lines.get(lines.len().saturating_sub(5)..) {
        None | Some([]) => report,
        Some(tail) => report.because(clean(&tail.join("\n       "))),
    }
}

/// Runs `command` to its end, and returns how it ended and what it said on both streams.
fn run(
    mut command: Command,
    name: &str,
    limits: Limits,
) -> Result<(ExitStatus, String, String), Report> {
    let not_run = |error: &std::io::Error| {
        let report = Report::unknown(format!("`{name}` cannot be run")).because_of(error);
        if error.kind() == ErrorKind::NotFound {
            report.hint("give the full path of the interpreter")
        } else {
            report
        }
    };
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn().map_err(|error| not_run(&error))?;
    let answer = Ear::on(child.stdout.take(), limits.bytes);
    let complaint = Ear::on(child.stderr.take(), limits.bytes);
    let deadline = Instant::now() + limits.time;
    let status = loop {
        if answer.is_full() || complaint.is_full() {
            stop(&mut child);
            return Err(Report::unknown(format!(
                "`{name}` says more than {} bytes",
                limits.bytes
            )));
        }
        match child.try_wait() {
            Ok(Some(status)) => break status,
            Ok(None) if Instant::now() >= deadline => {
                stop(&mut child);
                let report =
                    Report::unknown(format!("`{name}` did not answer within {:?}", limits.time));
                return Err(with_tail(report, &complaint.heard())
                    .hint("is it an interpreter, or a program with windows?"));
            }
            Ok(None) => thread::sleep(Duration::from_millis(5)),
            Err(error) => {
                stop(&mut child);
                return Err(not_run(&error));
            }
        }
    };
    // A child of the child may hold the streams open; what was said before the end is there soon.
    let patience = Instant::now() + Duration::from_secs(1);
    while !(answer.is_done() && complaint.is_done()) && Instant::now() < patience {
        thread::sleep(Duration::from_millis(1));
    }
    Ok((status, answer.heard(), complaint.heard()))
}

/// Ends the child. It may have ended by itself, which is as good.
fn stop(child: &mut Child) {
    let _ = child.kill();
    let _ = child.wait();
}

/// A thread that listens to a stream, up to a limit.
struct Ear {
    heard: Arc<Mutex<Vec<u8>>>,
    limit: usize,
    thread: Option<JoinHandle<()>>,
}

impl Ear {
    fn on(stream: Option<impl Read + Send + 'static>, limit: usize) -> Self {
        let heard = Arc::new(Mutex::new(Vec::new()));
        let shared = Arc::clone(&heard);
        let listen = move |mut stream: Box<dyn Read + Send>| {
            let mut chunk = [0; 8192];
            while let Ok(count @ 1..) = stream.read(&mut chunk) {
                let mut heard = shared.lock().unwrap_or_else(PoisonError::into_inner);
                heard.extend_from_slice(&chunk[..count]);
                if heard.len() > limit {
                    break;
                }
            }
        };
        let start = |stream| {
            thread::Builder::new()
                .spawn(move || listen(Box::new(stream)))
                .ok()
        };
        Self {
            heard,
            limit,
            thread: stream.and_then(start),
        }
    }

    fn is_full(&self) -> bool {
        self.heard
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .len()
            > self.limit
    }

    fn is_done(&self) -> bool {
        self.thread.as_ref().is_none_or(JoinHandle::is_finished)
    }

    fn heard(&self) -> String {
        String::from_utf8_lossy(&self.heard.lock().unwrap_or_else(PoisonError::into_inner))
            .into_owned()
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(text: &str, limits: Limits) -> Result<String, Report> {
        ask(&["/bin/sh", "-c", text, PLACE].map(OsString::from), limits)
    }

    #[test]
    fn the_answer_is_found_between_a_banner_and_a_farewell() {
        let text = format!("echo Welcome; echo '{MARK}{{}}'; echo bye");
        assert_eq!(shell(&text, Limits::default()).unwrap(), "{}");
    }

    #[test]
    fn the_question_stands_where_its_place_is() {
        let words = ["blender", "--python-expr", PLACE, "-b"].map(OsString::from);
        assert_eq!(with_script(&words[1..])[1], SCRIPT);
        assert_eq!(with_script(&words[3..]), ["-b", "-c", SCRIPT]);
    }

    #[test]
    fn a_program_that_does_not_end_is_stopped() {
        let limits = Limits {
            time: Duration::from_millis(100),
            ..Limits::default()
        };
        let report = shell("echo why >&2; exec sleep 600", limits).unwrap_err();
        assert_eq!(report.message(), "`/bin/sh` did not answer within 100ms");
    }

    #[test]
    fn a_program_that_never_stops_talking_is_stopped() {
        let report = shell(
            "while :; do echo talk; done",
            Limits {
                bytes: 100,
                ..Limits::default()
            },
        )
        .unwrap_err();
        assert_eq!(report.message(), "`/bin/sh` says more than 100 bytes");
    }

    #[test]
    fn a_failure_shows_the_last_complaints() {
        let report = shell(
            "for i in 1 2 3 4 5 6 7; do echo line $i >&2; done; exit 3",
            Limits::default(),
        )
        .unwrap_err();
        assert_eq!(report.message(), "`/bin/sh` failed (exit status: 3)");
        assert!(report.causes()[0].starts_with("line 3\n"), "{report:?}");
    }

    #[test]
    fn a_program_that_only_repeats_the_question_is_no_python() {
        let report = ask(&[OsString::from("echo")], Limits::default()).unwrap_err();
        assert_eq!(report.message(), "`echo` does not answer as a Python does");
        let report = ask(&[OsString::from("no-such-interpreter")], Limits::default()).unwrap_err();
        assert_eq!(report.message(), "`no-such-interpreter` cannot be run");
    }
}
