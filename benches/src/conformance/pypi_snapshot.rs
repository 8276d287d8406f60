//! `pypi-snapshot`: closed worlds of real metadata with uv's answers (`data/pypi/README.md`, `snapshots`).
//!
//! First it is judged whether our answer is one, and exactly the closure of what is asked, in a world where there may be
//! several; then whether it is uv's. The target is what the file's markers say, to the patch of Python.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use pypi::{Libc, Machine, Requirement, Target, TargetPlatform, Version};
use pypi_solve::{Ask, MemoryIndex, Prereleases, PythonBounds, Rules};
use serde::Deserialize;
use serde::de::Error as _;

use super::python::{Question, recorded_choice};
use super::{Judge, Kind, Verdict};
use crate::corpus::CorpusError;
use crate::python::{Form, PythonWorld, Release, WorldError};
use crate::shared::read;

pub(super) const KIND: Kind = Kind {
    name: "pypi-snapshot",
    about: "closed worlds of real packages: first whether an answer is right, then whether it is uv's",
    open: |_| Ok(Box::new(Snapshots)),
};

struct Snapshots;

#[derive(Deserialize)]
struct Recorded {
    target: BTreeMap<String, String>,
    #[serde(default)]
    options: Options,
    roots: Vec<String>,
    expected: Expected,
    index: BTreeMap<String, BTreeMap<String, Described>>,
}

#[derive(Default, Deserialize)]
struct Options {
    prereleases: Option<String>,
}

#[derive(Deserialize)]
struct Expected {
    satisfiable: bool,
    packages: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    requires_dist: Vec<String>,
    requires_python: Option<String>,
    #[serde(default)]
    provides_extra: Vec<String>,
}

impl Judge for Snapshots {
    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let recorded: Recorded = serde_json::from_str(case)?;
        let told = |error: Unreadable| {
            serde_json::Error::custom(format!("this snapshot cannot be read: {error}"))
        };
        let question = recorded.question().map_err(told)?;
        let expected = recorded.expected.packages.as_ref();
        let expected = expected.map(recorded_choice).transpose().map_err(told)?;
        let mut differences = recorded.target_differences(&question.target);
        if let Some(expected) = &expected {
            // A record that is no answer itself would say nothing about ours.
            let faults = question.judgement().faults(expected).into_iter();
            differences.extend(faults.map(|fault| format!("the record: {fault}")));
        }
        for form in Form::ALL {
            let satisfiable = recorded.expected.satisfiable;
            let lines = question.differences(form, satisfiable, expected.as_ref());
            let lines = lines
                .into_iter()
                .map(|line| format!("{}: {line}", form.name()));
            differences.extend(lines);
        }
        Ok(Verdict {
            differences,
            ..Verdict::default()
        })
    }
}

/// A recorded world with its question, for whoever takes the time of solving it.
pub struct Snapshot {
    question: Question,
}

impl Snapshot {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, CorpusError> {
        let text = read(file)?;
        let form = |error| CorpusError::Form {
            file: file.display().to_string(),
            error,
        };
        let recorded: Recorded = serde_json::from_str(&text).map_err(form)?;
        let question = recorded.question();
        let question = question.map_err(|error| form(serde_json::Error::custom(error)))?;
        Ok(Self { question })
    }

    /// Its world in memory, as from pages in `form`.
    pub fn index(&self, form: Form) -> Result<MemoryIndex, WorldError> {
        self.question.world.index(form)
    }

    /// What is asked.
    pub fn ask(&self) -> Ask {
        self.question.ask()
    }

    /// The world itself.
    pub fn world(&self) -> &PythonWorld {
        &self.question.world
    }
}

/// What cannot be read of a snapshot.
type Unreadable = Box<dyn std::error::Error>;

impl Recorded {
    fn question(&self) -> Result<Question, Unreadable> {
        let roots = self.roots.iter();
        let roots: Result<Vec<Requirement>, _> = roots.map(|text| text.parse()).collect();
        let prereleases = match self.options.prereleases.as_deref() {
            None | Some("if-necessary" | "if-necessary-or-explicit") => Prereleases::IfNecessary,
            Some("allow") => Prereleases::Allow,
            Some("disallow") => Prereleases::Disallow,
            Some(other) => return Err(format!("no way `{other}` to take pre-releases").into()),
        };
        Ok(Question {
            world: self.world()?,
            target: Arc::new(self.target()?),
            roots: roots?,
            rules: Rules {
                prereleases,
                python_bounds: PythonBounds::Lower,
                ..Rules::default()
            },
        })
    }

    fn world(&self) -> Result<PythonWorld, Unreadable> {
        let mut world = PythonWorld::default();
        for (name, versions) in &self.index {
            let releases = world.packages.entry(name.parse()?).or_default();
            for (version, described) in versions {
                let release = Release {
                    requires: described.requires_dist.clone(),
                    extras: described.provides_extra.clone(),
                    requires_python: described.requires_python.clone(),
                    ..Release::default()
                };
                releases.insert(version.parse()?, release);
            }
        }
        Ok(world)
    }

    /// The target that has these markers. Tags do not matter: each wheel is for every platform.
    fn target(&self) -> Result<Target, Unreadable> {
        let marker = |name: &str| self.target.get(name).map_or("", String::as_str);
        let machine = match marker("platform_machine") {
            "x86_64" | "AMD64" => Machine::X86_64,
            "aarch64" | "arm64" | "ARM64" => Machine::Arm64,
            other => return Err(format!("no machine `{other}`").into()),
        };
        let platform = match marker("sys_platform") {
            "linux" => TargetPlatform::Linux {
                machine,
                libc: Libc::Glibc(2, 28),
            },
            "darwin" => TargetPlatform::MacOs {
                machine,
                version: (13, 0),
            },
            "win32" => TargetPlatform::Windows { machine },
            other => return Err(format!("no platform `{other}`").into()),
        };
        let python: Version = marker("python_full_version").parse()?;
        Ok(Target::new(platform, &python))
    }

    /// Where the markers of our target are not those of the file.
    fn target_differences(&self, target: &Target) -> Vec<String> {
        let ours: BTreeMap<_, _> = target.environment().variables().collect();
        let ours = |name: &str| ours.get(name).copied().unwrap_or_default();
        self.target
            .iter()
            .filter(|(name, value)| ours(name) != value.as_str())
            .map(|(name, value)| format!("{name}: `{value}` recorded, `{}` by us", ours(name)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conformance::{Input, Report};

    fn run(packages: &str, python: &str) -> Report {
        let text = format!(
            r#"{{"format": 1, "name": "small", "roots": ["a[x]>1"], "options": {{"only_binary": true}},
                "target": {{"sys_platform": "win32", "os_name": "nt", "platform_machine": "AMD64",
                           "python_full_version": "{python}", "python_version": "3.11"}},
                "expected": {{"oracle": "nobody", {packages}}},
                "index": {{"a": {{"2": {{"requires_dist": ["b ; extra == 'x'", "c ; os_name == 'posix'"],
                                        "requires_python": ">=3.8", "provides_extra": ["x"]}}}},
                           "b": {{"1.0": {{}}, "2.0": {{"requires_python": ">=3.11.5"}}}}}}}}"#
        );
        let input = Input {
            file: "small.json".into(),
            text,
        };
        Kind::named("pypi-snapshot").unwrap().run(&[input]).unwrap()
    }

    #[test]
    fn an_answer_is_judged_and_compared() {
        let right = r#""satisfiable": true, "packages": {"a": "2.0", "b": "1"}"#;
        assert_eq!(run(right, "3.11.0").failures, []);
        // The patch of Python matters.
        assert_eq!(
            run(&right.replace(r#""b": "1""#, r#""b": "2""#), "3.11.5").failures,
            []
        );
    }

    #[test]
    fn a_record_that_is_wrong_is_told_apart_from_an_answer_that_is() {
        let wrong = r#""satisfiable": true, "packages": {"a": "2.0", "c": "1"}"#;
        let report = run(wrong, "3.11.0");
        let lines = &report.failures[0].differences;
        assert!(
            lines.contains(
                &"the record: a 2.0 needs b ; extra == \"x\", which is missing".to_owned()
            ),
            "{lines:?}"
        );
        assert!(lines.contains(&"the record: c 1 does not exist".to_owned()));
        assert!(lines.contains(&"html: b: - recorded, 1.0 by us".to_owned()));
        assert!(lines.contains(&"json: c: 1 recorded, - by us".to_owned()));
    }

    #[test]
    fn verdicts_are_compared() {
        let report = run(r#""satisfiable": false, "packages": null"#, "3.11.0");
        assert_eq!(
            report.failures[0].differences[0],
            "html: no solution recorded, a 2, b 1.0 by us"
        );
    }

    #[test]
    fn another_target_is_told() {
        let report = run(
            r#""satisfiable": true, "packages": {"a": "2", "b": "2.0"}"#,
            "3.12.0",
        );
        assert_eq!(
            report.failures[0].differences,
            ["python_version: `3.11` recorded, `3.12` by us"]
        );
    }
}
