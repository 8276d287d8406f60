//! Other people's programs, each installed from PyPI into a virtual environment of its own.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::CompareError;

/// A virtual environment with one package in it.
pub(super) struct Venv {
    folder: PathBuf,
}

impl Venv {
    /// Installs a package at a version into `folder` with `python`, unless it is there.
    pub(super) fn with(
        folder: PathBuf,
        python: &Path,
        package: &str,
        version: &str,
    ) -> Result<Self, CompareError> {
        let venv = Self { folder };
        let is_there =
            format!("import importlib.metadata as m; assert m.version('{package}') == '{version}'");
        let inner = venv.program("python");
        let check = Command::new(&inner)
            .args(["-c", &is_there])
            .stderr(Stdio::null())
            .status();
        if check.is_ok_and(|status| status.success()) {
            return Ok(venv);
        }
        run(Command::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(&venv.folder))?;
        run(Command::new(&inner).args([
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            &format!("{package}=={version}"),
        ]))?;
        Ok(venv)
    }

    /// A program of the environment.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        self.folder.join("bin").join(name)
    }
}

/// Runs a program that has to succeed; what it wrote.
pub(super) fn run(command: &mut Command) -> Result<String, CompareError> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .map_err(|error| CompareError::start(command, error))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(CompareError::refused(command, &output))
    }
}
