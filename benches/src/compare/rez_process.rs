//! The rez to compare with: installed in a virtual environment of its own, and asked through a small driver.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::json;

use super::CompareError;
use super::venv::Venv;
use crate::Answer;

/// The rez whose answers ours have to be.
pub const REZ_VERSION: &str = "3.4.0";

/// What the driver is: see its own description.
const DRIVER: &str = include_str!("rez_driver.py");

/// A virtual environment with rez in it.
pub(super) struct Installation {
    venv: Venv,
}

/// A rez that runs and answers.
pub(super) struct Rez {
    child: Child,
    /// Taken when there is nothing more to ask, at which the driver ends.
    questions: Option<ChildStdin>,
    answers: BufReader<ChildStdout>,
    pub(super) hello: Hello,
}

/// What a rez says when it is ready.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Hello {
    /// Its version.
    pub(super) rez: String,
    /// That of its Python.
    pub(super) python: String,
    /// Where the benchmark's packages are.
    pub(super) repository: PathBuf,
    /// The benchmark's requests.
    pub(super) requests: Vec<Vec<String>>,
}

/// How loading all packages went.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) struct Loaded {
    pub(super) families: usize,
    pub(super) versions: usize,
    pub(super) variants: usize,
    pub(super) wall: f64,
    pub(super) cpu: f64,
}

/// rez's answer to a request.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Solved {
    #[serde(flatten)]
    pub(super) answer: Answer,
    /// Seconds of the solver alone.
    pub(super) solver_cpu: f64,
    /// Seconds of all that makes a context, which is what `rez-benchmark` times.
    pub(super) context_cpu: f64,
}

impl Installation {
    /// Installs rez into `folder` with `python`, unless it is there.
    pub(super) fn make(folder: &Path, python: &Path) -> Result<Self, CompareError> {
        let venv = Venv::with(folder.join("venv"), python, "rez", REZ_VERSION)?;
        Ok(Self { venv })
    }

    /// A program of the environment.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.venv.program(name)
    }

    /// Starts the driver, which unpacks the packages into `folder` unless they are there.
    pub(super) fn start(&self, folder: &Path) -> Result<Rez, CompareError> {
        let mut command = Command::new(self.program("python"));
        command.args(["-c", DRIVER]).arg(folder);
        apart(&mut command);
        // The order of sets is a matter of chance otherwise.
        command.env("PYTHONHASHSEED", "0");
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command
            .spawn()
            .map_err(|error| CompareError::start(&command, error))?;
        let (Some(questions), Some(answers)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(CompareError::Silent("it has no pipes".to_owned()));
        };
        let mut answers = BufReader::new(answers);
        Ok(Rez {
            hello: answer(&mut answers)?,
            child,
            questions: Some(questions),
            answers,
        })
    }
}

impl Rez {
    /// Loads all packages.
    pub(super) fn load(&mut self) -> Result<Loaded, CompareError> {
        self.ask(&json!({"do": "load"}))
    }

    /// Solves a request.
    pub(super) fn solve(&mut self, request: &[String]) -> Result<Solved, CompareError> {
        self.ask(&json!({"do": "solve", "request": request}))
    }

    fn ask<T: DeserializeOwned>(
        &mut self,
        question: &serde_json::Value,
    ) -> Result<T, CompareError> {
        if let Some(questions) = &mut self.questions {
            writeln!(questions, "{question}")
                .and_then(|()| questions.flush())
                .map_err(|error| CompareError::Silent(error.to_string()))?;
        }
        answer(&mut self.answers)
    }
}

impl Drop for Rez {
    fn drop(&mut self) {
        // It ends when there is nothing more to read. Waited for, so that it is nobody's child later.
        self.questions = None;
        let _ = self.child.wait();
    }
}

/// The next answer.
fn answer<T: DeserializeOwned>(answers: &mut impl BufRead) -> Result<T, CompareError> {
    let mut line = String::new();
    match answers.read_line(&mut line) {
        Ok(0) => Err(CompareError::Silent("it has ended".to_owned())),
        Ok(_) => serde_json::from_str(&line).map_err(|error| {
            let line = line.chars().take(200).collect::<String>();
            CompareError::Silent(format!("{error} in `{line}`"))
        }),
        Err(error) => Err(CompareError::Silent(error.to_string())),
    }
}

/// Takes away whatever would make a program use this user's own settings.
pub(super) fn apart(command: &mut Command) {
    for (name, _) in std::env::vars_os() {
        let is_setting = |prefix| name.to_str().is_some_and(|name| name.starts_with(prefix));
        if is_setting("REZ_") || is_setting("AYON_") {
            command.env_remove(name);
        }
    }
    command.env("REZ_DISABLE_HOME_CONFIG", "1");
}
