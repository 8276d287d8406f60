//! The two programs, asked for the same: a lock of a requirement file, with wheels only, for one platform.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::UvOptions;
use super::driver::Run;
use crate::compare::CompareError;
use crate::compare::venv::{Venv, run};
use crate::python::Choice;
use crate::shared::read;

/// The uv that is compared with.
pub const UV_VERSION: &str = "0.13.8";

/// For how long each program trusts what its cache holds, in seconds: a day. An index that sends no validators would be
/// asked for everything again by uv, and then warm says nothing.
const LIFE_SECONDS: u32 = 86_400;

/// Whose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// uv's.
    Uv,
    /// Ours.
    Ours,
}

/// The target both are asked for.
#[derive(Clone, Debug, Serialize)]
pub struct Asked {
    /// The Python, such as `3.11`, which is 3.11.0.
    pub python: String,
    /// The glibc, such as `2.28`, of a Linux on 64-bit x86.
    pub glibc: String,
}

/// Both programs, ready to be run.
pub(crate) struct Programs {
    /// uv itself.
    uv: PathBuf,
    ours: PathBuf,
    /// An interpreter without links: looking for one through shims takes uv longer than the rest of a run.
    interpreter: PathBuf,
    /// The simple index, where the usual one is not meant.
    index: Option<String>,
    /// uv's settings: the index, and for how long its answers hold.
    settings: PathBuf,
    asked: Asked,
}

/// What came of a run.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Outcome {
    Solved(Choice),
    NoSolution,
}

impl Programs {
    /// Installs uv unless it is there, and writes its settings.
    pub(crate) fn prepare(options: &UvOptions, interpreter: &Path) -> Result<Self, CompareError> {
        let folder = &options.folder;
        let venv = Venv::with(folder.join("venv-uv"), &options.python, "uv", UV_VERSION)?;
        let programs = Self {
            uv: venv.program("uv"),
            ours: options.program.clone(),
            interpreter: interpreter.to_owned(),
            index: options.index.clone(),
            settings: folder.join("uv.toml"),
            asked: options.asked.clone(),
        };
        let index = match &programs.index {
            Some(index) => index.clone(),
            None => programs.usual_index(folder)?,
        };
        let index = toml::Value::String(index);
        let settings = format!(
            "[[index]]\nurl = {index}\ndefault = true\n\
             cache-control = {{ api = \"max-age={LIFE_SECONDS}\", files = \"max-age={LIFE_SECONDS}\" }}\n"
        );
        super::write(&programs.settings, settings.as_bytes())?;
        Ok(programs)
    }

    /// The index that uv asks when nobody says otherwise.
    fn usual_index(&self, folder: &Path) -> Result<String, CompareError> {
        let empty = folder.join("empty.in");
        super::write(&empty, b"")?;
        let written = run(Command::new(&self.uv)
            .args([
                "pip",
                "compile",
                "-q",
                "--no-config",
                "--no-header",
                "--no-cache",
            ])
            .args(["--emit-index-url", "--python"])
            .arg(&self.interpreter)
            .arg(&empty)
            .env("UV_PYTHON_DOWNLOADS", "never"))?;
        let urls = written.lines().filter_map(|line| line.split_once(' '));
        let mut urls = urls.filter(|(flag, _)| matches!(*flag, "--index-url" | "--default-index"));
        let url = urls.next().map(|(_, url)| url.to_owned());
        url.ok_or_else(|| CompareError::Silent("uv does not say which index it asks".to_owned()))
    }

    /// The command that locks `requirements` into `lock`.
    pub(crate) fn command(
        &self,
        whose: Whose,
        requirements: &Path,
        cache: &Path,
        lock: &Path,
    ) -> Vec<String> {
        let Asked { python, glibc } = &self.asked;
        let text = |path: &Path| path.display().to_string();
        let words = |words: &[&str]| {
            words
                .iter()
                .map(|word| (*word).to_owned())
                .collect::<Vec<_>>()
        };
        let mut command = match whose {
            Whose::Uv => {
                let platform = format!("x86_64-manylinux_{}", glibc.replace('.', "_"));
                let mut command = vec![text(&self.uv)];
                command.extend(words(&[
                    "pip",
                    "compile",
                    "-q",
                    "--no-header",
                    "--no-annotate",
                ]));
                command.extend(words(&[
                    "--only-binary",
                    ":all:",
                    "--python-version",
                    python,
                ]));
                command.extend(words(&["--python-platform", &platform]));
                command.extend(["--python".to_owned(), text(&self.interpreter)]);
                command.extend(["--config-file".to_owned(), text(&self.settings)]);
                command
            }
            Whose::Ours => {
                let mut command = vec![text(&self.ours)];
                command.extend(words(&[
                    "pypi",
                    "lock",
                    "--no-config",
                    "--no-progress",
                    "--quiet",
                ]));
                command.extend(words(&["--python", python, "--platform", "linux-64"]));
                command.extend(words(&[
                    "--glibc",
                    glibc,
                    "--index-ttl",
                    &LIFE_SECONDS.to_string(),
                ]));
                if let Some(index) = &self.index {
                    command.extend(words(&["--index-url", index]));
                }
                command
            }
        };
        command.extend(["--cache-dir".to_owned(), text(cache)]);
        command.extend(["-o".to_owned(), text(lock), text(requirements)]);
        command
    }

    /// What uv is, in its own words.
    pub(crate) fn uv_words(&self) -> Result<String, CompareError> {
        Ok(run(Command::new(&self.uv).arg("--version"))?
            .trim()
            .to_owned())
    }
}

/// What a run came to; `lock` is the file it was to write.
pub(crate) fn outcome(whose: Whose, run: &Run, lock: &Path) -> Result<Outcome, CompareError> {
    let failed = || {
        let said = run.said.trim();
        let start = said.char_indices().rev().take(600).last();
        let name = match whose {
            Whose::Uv => "uv",
            Whose::Ours => "ayon-resolve",
        };
        CompareError::Refused {
            program: name.to_owned(),
            status: format!("exit code {}", run.code),
            said: said[start.map_or(0, |(start, _)| start)..].to_owned(),
        }
    };
    let is_refusal = match whose {
        Whose::Uv => run.code == 1 && run.said.contains("No solution found"),
        Whose::Ours => run.code == 1,
    };
    if is_refusal {
        return Ok(Outcome::NoSolution);
    }
    if run.code != 0 {
        return Err(failed());
    }
    let text = read(lock)?;
    let chosen = match whose {
        Whose::Uv => pins(&text),
        Whose::Ours => locked(&text),
    };
    chosen
        .filter(|choice| !choice.is_empty())
        .map(Outcome::Solved)
        .ok_or_else(failed)
}

/// The pins of a requirement file.
fn pins(text: &str) -> Option<Choice> {
    let lines = text.lines().map(str::trim);
    let lines = lines.filter(|line| !line.is_empty() && !line.starts_with(['#', '-']));
    lines
        .map(|line| {
            let (name, version) = line.split_once("==")?;
            let version = version.split([' ', ';', '\\']).next()?;
            Some((name.trim().parse().ok()?, version.parse().ok()?))
        })
        .collect()
}

/// The packages of a `pylock.toml`.
fn locked(text: &str) -> Option<Choice> {
    #[derive(Deserialize)]
    struct Lock {
        #[serde(default)]
        packages: Vec<BTreeMap<String, toml::Value>>,
    }
    let lock: Lock = toml::from_str(text).ok()?;
    let packages = lock.packages.iter();
    packages
        .map(|package| {
            let field = |name: &str| package.get(name).and_then(toml::Value::as_str);
            Some((
                field("name")?.parse().ok()?,
                field("version")?.parse().ok()?,
            ))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(pairs: &[(&str, &str)]) -> Choice {
        let pairs = pairs.iter();
        pairs
            .map(|(name, version)| (name.parse().unwrap(), version.parse().unwrap()))
            .collect()
    }

    #[test]
    fn both_forms_of_a_lock_are_read() {
        let expected = choice(&[("a-b", "1.0"), ("c", "2.0+x")]);
        let text = "# a comment\n--index-url x\nA_b==1.0 ; os_name == 'nt'\nc==2.0+x \\\n    --hash=sha256:00\n";
        assert_eq!(pins(text).unwrap(), expected);
        let text = "lock-version = \"1.0\"\n[[packages]]\nname = \"a-b\"\nversion = \"1.0\"\n[[packages]]\nname = \"c\"\nversion = \"2.0+x\"\n";
        assert_eq!(locked(text).unwrap(), expected);
        assert_eq!(pins("a>1"), None);
        assert_eq!(locked("[[packages]]\nname = 'a'"), None);
    }

    #[test]
    fn a_run_that_says_no_is_no_failure() {
        let run = |code, said: &str| Run {
            code,
            wall: 0.0,
            cpu: 0.0,
            peak_memory: 0,
            said: said.to_owned(),
        };
        let lock = Path::new("nowhere");
        let no = run(1, "error: No solution found when resolving dependencies");
        assert_eq!(outcome(Whose::Uv, &no, lock).unwrap(), Outcome::NoSolution);
        assert_eq!(
            outcome(Whose::Ours, &no, lock).unwrap(),
            Outcome::NoSolution
        );
        assert!(outcome(Whose::Uv, &run(1, "error: no network"), lock).is_err());
        assert!(outcome(Whose::Ours, &run(2, "error: no network"), lock).is_err());
    }
}
