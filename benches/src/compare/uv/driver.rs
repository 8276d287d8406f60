//! Runs whole programs through a small Python process, which can tell how much memory each held.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde_json::json;

use crate::compare::CompareError;

/// What the driver is: see its own description.
const DRIVER: &str = include_str!("uv_driver.py");

/// How long one run may take.
const LIMIT_SECONDS: u32 = 300;

/// The process that runs programs.
pub(crate) struct Driver {
    child: Child,
    /// Taken when there is nothing more to ask, at which the driver ends.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    /// The Python it runs on, without links and without shims.
    pub(crate) python: PathBuf,
}

/// What a run cost and said.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) wall: f64,
    pub(crate) cpu: f64,
    pub(crate) peak_memory: u64,
    pub(crate) said: String,
}

#[derive(Deserialize)]
struct Hello {
    python: PathBuf,
}

impl Driver {
    /// Starts it.
    pub(crate) fn start(python: &Path) -> Result<Self, CompareError> {
        let mut command = Command::new(python);
        command.args(["-I", "-S", "-c", DRIVER]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| CompareError::start(&command, error))?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(CompareError::Silent("it has no pipes".to_owned()));
        };
        let mut driver = Self {
            child,
            questions: Some(questions),
            answers: BufReader::new(answers),
            python: PathBuf::new(),
        };
        driver.python = driver.answer::<Hello>()?.python;
        Ok(driver)
    }

    /// Runs a program to its end. No setting of this user's reaches it.
    pub(crate) fn run(&mut self, command: &[String]) -> Result<Run, CompareError> {
        let question = json!({"command": command, "env": environment(), "limit": LIMIT_SECONDS});
        if let Some(questions) = &mut self.questions {
            writeln!(questions, "{question}")
                .and_then(|()| questions.flush())
                .map_err(|error| CompareError::Silent(error.to_string()))?;
        }
        self.answer()
    }

    fn answer<T: for<'de> Deserialize<'de>>(&mut self) -> Result<T, CompareError> {
        let mut line = String::new();
        let read = self.answers.read_line(&mut line);
        read.map_err(|error| CompareError::Silent(error.to_string()))?;
        serde_json::from_str(&line).map_err(|error| CompareError::Silent(error.to_string()))
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // It ends when there is nothing more to read. Waited for, so that it is nobody's child later.
        self.questions = None;
        let _ = self.child.wait();
    }
}

/// The environment of both programs: ours, without what either would take for a setting. Certificates and proxies stay,
/// as no index might be reached without them.
fn environment() -> BTreeMap<String, String> {
    let kept = std::env::vars_os().filter_map(|(name, value)| {
        let (name, value) = (name.into_string().ok()?, value.into_string().ok()?);
        let prefixes = ["AYON_", "UV_", "PIP_", "VIRTUAL_ENV"];
        let is_setting = prefixes.iter().any(|prefix| name.starts_with(prefix));
        (!is_setting).then_some((name, value))
    });
    let mut environment: BTreeMap<String, String> = kept.collect();
    for (name, value) in [
        ("UV_PYTHON_DOWNLOADS", "never"),
        ("UV_NO_PROGRESS", "1"),
        ("UV_SYSTEM_CERTS", "1"),
    ] {
        environment.insert(name.to_owned(), value.to_owned());
    }
    environment
}
