//! Running other programs: with a time limit, without a terminal to ask on, and ended when nobody waits any more.

use std::io::Read;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often it is looked whether the program ended.
const TICK: Duration = Duration::from_millis(20);
/// How much of what a program says is kept.
const MAX_OUTPUT: u64 = 16 * 1024 * 1024;
/// How much of its complaints is told.
const MAX_TOLD: usize = 400;

/// Runs a program to its end and returns what it wrote to its standard output.
///
/// # Errors
/// In words: it cannot be started, it failed (with the end of what it complained), or it took too long.
pub(crate) fn run(
    mut command: Command,
    limit: Duration,
    stop: &dyn Fn() -> bool,
) -> Result<Vec<u8>, String> {
    let program = command.get_program().to_string_lossy().into_owned();
    let started = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn();
    let mut child = started.map_err(|error| format!("`{program}` cannot be started: {error}"))?;
    let (output, complaints) = (drain(child.stdout.take()), drain(child.stderr.take()));
    let status = wait(&mut child, limit, stop).map_err(|reason| format!("`{program}` {reason}"))?;
    let output = output.join().unwrap_or_default();
    if status.success() {
        return Ok(output);
    }
    let complaints = complaints.join().unwrap_or_default();
    Err(format!(
        "`{program}` failed: {}",
        ending(&String::from_utf8_lossy(&complaints))
    ))
}

fn wait(child: &mut Child, limit: Duration, stop: &dyn Fn() -> bool) -> Result<ExitStatus, String> {
    let start = Instant::now();
    loop {
        if let Some(status) = child.try_wait().map_err(|error| error.to_string())? {
            return Ok(status);
        }
        let reason = if stop() {
            "was stopped".to_owned()
        } else if start.elapsed() > limit {
            format!("took longer than {} seconds", limit.as_secs())
        } else {
            thread::sleep(TICK);
            continue;
        };
        // It may have ended by itself just now.
        let _ = child.kill();
        let _ = child.wait();
        return Err(reason);
    }
}

/// Reads a pipe to its end on a thread of its own, so that the program never waits for us; keeps the beginning.
fn drain(pipe: Option<impl Read + Send + 'static>) -> JoinHandle<Vec<u8>> {
    thread::spawn(move || {
        let mut bytes = Vec::new();
        if let Some(pipe) = pipe {
            let mut pipe = pipe.take(MAX_OUTPUT);
            // What was read until then is what there is.
            let _ = pipe.read_to_end(&mut bytes);
            let _ = std::io::copy(&mut pipe.into_inner(), &mut std::io::sink());
        }
        bytes
    })
}

/// The end of what a program complained, on one line: that is where it says what is wrong.
fn ending(text: &str) -> String {
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let line: String = lines
        .join(" / ")
        .chars()
        .filter(|character| !character.is_control())
        .collect();
    let start = line
        .char_indices()
        .rev()
        .nth(MAX_TOLD)
        .map_or(0, |(start, _)| start);
    if start == 0 {
        line
    } else {
        format!("… {}", &line[start..])
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    fn shell(script: &str) -> Command {
        let mut command = Command::new("sh");
        command.args(["-c", script]);
        command
    }

    #[test]
    fn output_comes_back_and_failures_are_told() {
        let run = |script| run(shell(script), Duration::from_mins(1), &|| false);
        assert_eq!(run("echo word"), Ok(b"word\n".to_vec()));
        assert_eq!(
            run("echo wrong >&2; exit 3"),
            Err("`sh` failed: wrong".to_owned())
        );
        // More than a pipe holds.
        assert_eq!(
            run("head -c 300000 /dev/zero").map(|output| output.len()),
            Ok(300_000)
        );
    }

    #[test]
    fn what_takes_too_long_or_is_stopped_ends() {
        let long = run(shell("exec sleep 60"), Duration::ZERO, &|| false);
        assert_eq!(long, Err("`sh` took longer than 0 seconds".to_owned()));
        let stopped = run(shell("exec sleep 60"), Duration::from_mins(1), &|| true);
        assert_eq!(stopped, Err("`sh` was stopped".to_owned()));
    }

    #[test]
    fn complaints_are_one_short_line() {
        assert_eq!(ending("a\n\n  b\u{1b}\n"), "a / b");
        assert!(ending(&"x".repeat(5000)).chars().count() < 410);
    }
}
