//! The program as a person meets it: words in; standard output, standard error and an exit code out.
//!
//! Every run is the built program in a folder of its own with an empty environment, so that nothing of the machine
//! shows; the folder's path is replaced by `[folder]`.

#![expect(clippy::unwrap_used, reason = "a test that cannot be set up fails")]

mod bundles;
mod checks;
mod conda;
mod configuration;
mod errors;
mod explaining;
mod help;
mod lock;
mod mistakes;
mod probe;
mod pypi;
mod rez;
mod servers;
mod streams;

use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A folder to run in, and variables to run with.
pub(crate) struct Place {
    folder: TempDir,
    variables: Vec<(&'static str, String)>,
}

impl Place {
    /// An empty folder and no variables.
    pub(crate) fn new() -> Self {
        // Without a home there is no cache folder, and no configuration of the user who runs the tests.
        Self {
            folder: tempfile::tempdir().unwrap(),
            variables: Vec::new(),
        }
    }

    /// Its path.
    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Puts a file there.
    pub(crate) fn file(self, name: &str, text: &str) -> Self {
        self.bytes(name, text.as_bytes())
    }

    /// Puts a file there that is no text.
    pub(crate) fn bytes(self, name: &str, bytes: &[u8]) -> Self {
        let path = self.path().join(name);
        ayon_disk::create_dir_all(path.parent().unwrap()).unwrap();
        ayon_disk::write_atomic(&path, bytes).unwrap();
        self
    }

    /// What is in a file there.
    pub(crate) fn read(&self, name: &str) -> String {
        ayon_disk::read_to_string(&self.path().join(name), 1 << 20).unwrap()
    }

    /// Sets a variable.
    pub(crate) fn variable(mut self, name: &'static str, value: &str) -> Self {
        let folder = self.path().to_str().unwrap().to_owned();
        self.variables
            .push((name, value.replace("[folder]", &folder)));
        self
    }

    /// The program with `arguments`, ready to run in the folder `below`.
    pub(crate) fn command(&self, below: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_ayon-resolve"));
        command
            .args(arguments)
            .current_dir(self.path().join(below))
            .env_clear()
            .stdin(Stdio::null());
        command.envs(self.variables.iter().map(|(name, value)| (name, value)));
        command
    }

    /// Runs the program with `words`, separated by blanks, and tells what came of it.
    pub(crate) fn run(&self, words: &str) -> Outcome {
        self.run_in("", words)
    }

    /// As [`Place::run`], in a folder below.
    pub(crate) fn run_in(&self, below: &str, words: &str) -> Outcome {
        let arguments: Vec<&str> = words.split(' ').filter(|word| !word.is_empty()).collect();
        self.outcome(self.command(below, &arguments).output().unwrap())
    }

    fn outcome(&self, output: Output) -> Outcome {
        // The system may know the folder by another name, as macOS does.
        let real = self.path().canonicalize().unwrap();
        let told = |bytes: Vec<u8>| {
            let text = String::from_utf8(bytes).expect("what is printed is text");
            let text = text.replace(real.to_str().unwrap(), "[folder]");
            text.replace(self.path().to_str().unwrap(), "[folder]")
        };
        Outcome {
            stdout: told(output.stdout),
            stderr: told(output.stderr),
            code: output.status.code(),
        }
    }
}

/// What came of a run.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: Option<i32>,
}

impl Outcome {
    /// All of it, for a snapshot.
    pub(crate) fn told(&self) -> String {
        let Self {
            stdout,
            stderr,
            code,
        } = self;
        let code = code.map_or_else(|| "none".to_owned(), |code| code.to_string());
        format!("exit code {code}\n--- stdout\n{stdout}--- stderr\n{stderr}")
    }

    /// The JSON document on standard output.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

/// Runs the program in an empty folder.
pub(crate) fn run(words: &str) -> Outcome {
    Place::new().run(words)
}
