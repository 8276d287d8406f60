//! Launchers: what a process started by AYON already has.
//!
//! A launcher is released once per platform (and, when forced, per Linux distribution). Each build lists the modules
//! of its *build environment*, developer tools included, as `pythonModules`: they are on every process's path. Its
//! Qt (`runtimePythonModules`) is on the path of the launcher's own process only. Source: reference `ayon.md` §1.3.

use std::collections::BTreeMap;

use pypi::DistributionName;
use semver::Version;

use crate::{Place, System};

/// A launcher release with its builds.
#[derive(Clone, Debug, PartialEq)]
pub struct Launcher {
    /// The release.
    pub version: Version,
    /// The builds, in the order the studio lists them.
    pub builds: Vec<LauncherBuild>,
}

/// One build of a launcher: an installer file.
#[derive(Clone, Debug, PartialEq)]
pub struct LauncherBuild {
    /// The installer's file name.
    pub filename: String,
    /// The system it runs on.
    pub system: System,
    /// The Linux distribution it was built on, such as `rocky9`.
    pub distribution: Option<String>,
    /// The interpreter inside.
    pub python: Option<pypi::Version>,
    /// `pythonModules`: on the path of every process.
    pub modules: BTreeMap<DistributionName, pypi::Version>,
    /// `runtimePythonModules`, its Qt: on the path of the launcher's own process.
    pub runtime_modules: BTreeMap<DistributionName, pypi::Version>,
    /// Modules whose version is none, such as a git reference, by name as written: known to be there, at no version.
    pub unversioned_modules: BTreeMap<String, String>,
    /// Where it is written.
    pub place: Place,
}

impl Launcher {
    /// The builds for `system`, best first.
    pub fn builds_for(&self, system: System) -> impl Iterator<Item = &LauncherBuild> {
        self.builds
            .iter()
            .filter(move |build| build.system == system)
    }
}

impl LauncherBuild {
    /// Tools of the launcher's build environment that its `pythonModules` list although no shipped code imports them.
    ///
    /// They stay facts (the server lists them), but an explanation says what they are. From the launchers' own
    /// development dependencies, releases 1.0.0 to 1.6.3.
    pub fn is_build_tool(name: &DistributionName) -> bool {
        const TOOLS: [&str; 32] = [
            "alabaster",
            "astroid",
            "autopep8",
            "babel",
            "build",
            "cfgv",
            "coverage",
            "cx-freeze",
            "dill",
            "distlib",
            "docutils",
            "flake8",
            "freeze-core",
            "hatchling",
            "identify",
            "imagesize",
            "iniconfig",
            "isort",
            "mccabe",
            "nodeenv",
            "pathspec",
            "pluggy",
            "pre-commit",
            "pycodestyle",
            "pyflakes",
            "pylint",
            "pytest",
            "ruff",
            "setuptools",
            "sphinx",
            "virtualenv",
            "wheel",
        ];
        TOOLS.binary_search(&name.as_str()).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn build_tools_are_told_from_modules() {
        let tool = |name: &str| LauncherBuild::is_build_tool(&name.parse().unwrap());
        for name in [
            "alabaster",
            "Sphinx",
            "cx_Freeze",
            "wheel",
            "pre-commit",
            "setuptools",
        ] {
            assert!(tool(name), "{name}");
        }
        assert!(!tool("opentimelineio"));
    }
}
