//! `packse`: resolver scenarios with their authors' answers (`data/pypi/README.md`, `packse.json`).
//!
//! Each is resolved twice, from pages of links and from pages of JSON, with wheels only; `expected_wheels_only` is the
//! answer. An answer is first judged by the packages alone, then held against the expected set. `Requires-Python` is read
//! as uv reads it, by its lower bound.

use std::collections::BTreeMap;
use std::sync::Arc;

use pypi::{DistributionName, Libc, Machine, Requirement, Target, TargetPlatform, Version};
use pypi_solve::{Prereleases, PythonBounds, Rules};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use super::python::{Question, recorded_choice};
use super::{Input, Judge, Kind, Verdict};
use crate::python::{Choice, Form, PythonWorld, Release};

pub(super) const KIND: Kind = Kind {
    name: "packse",
    about: "resolver scenarios of uv's own tests, each from an index of links and from one of JSON",
    open: |_| Ok(Box::new(Scenarios::default())),
};

/// The platform of every scenario.
const RECENT_LINUX: TargetPlatform = TargetPlatform::Linux {
    machine: Machine::X86_64,
    libc: Libc::Glibc(2, 40),
};

/// Judges scenarios of one file at a time.
#[derive(Default)]
struct Scenarios {
    defaults: Defaults,
}

/// What holds where a scenario says nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(default)]
struct Defaults {
    requires_python: Option<String>,
    #[serde(rename = "environment.python")]
    python: String,
    wheel: bool,
    sdist: bool,
    yanked: bool,
    wheel_tags: Vec<String>,
}

impl Default for Defaults {
    fn default() -> Self {
        Self {
            requires_python: Some(">=3.12".to_owned()),
            python: "3.12".to_owned(),
            wheel: true,
            sdist: true,
            yanked: false,
            wheel_tags: vec!["py3-none-any".to_owned()],
        }
    }
}

/// What is read of a file beside its scenarios.
#[derive(Deserialize)]
struct Head {
    #[serde(default)]
    defaults: Defaults,
}

#[derive(Deserialize)]
struct Scenario {
    root: Root,
    packages: BTreeMap<String, Package>,
    #[serde(default)]
    environment: Environment,
    #[serde(default)]
    resolver_options: Options,
    /// Whether another set than the expected one will do, if it is one. No scenario of packse says so.
    #[serde(default)]
    any_answer: bool,
    expected: Option<Expected>,
    expected_wheels_only: Option<Expected>,
}

#[derive(Deserialize)]
struct Root {
    #[serde(default)]
    requires: Vec<String>,
}

#[derive(Deserialize)]
struct Package {
    #[serde(default)]
    versions: BTreeMap<String, Described>,
}

/// A version as a scenario describes it.
#[derive(Deserialize)]
struct Described {
    #[serde(default)]
    requires: Vec<String>,
    #[serde(default)]
    requires_python: Pythons,
    #[serde(default)]
    extras: BTreeMap<String, Vec<String>>,
    yanked: Option<bool>,
    wheel: Option<bool>,
    sdist: Option<bool>,
    wheel_tags: Option<Vec<String>>,
}

/// Which Pythons a version is for.
#[derive(Default)]
enum Pythons {
    /// As in the defaults: nothing is said.
    #[default]
    Usual,
    /// Said, if only that it is for all (`null`).
    Said(Option<String>),
}

impl<'de> Deserialize<'de> for Pythons {
    fn deserialize<D: Deserializer<'de>>(data: D) -> Result<Self, D::Error> {
        Option::deserialize(data).map(Self::Said)
    }
}

#[derive(Default, Deserialize)]
struct Environment {
    python: Option<String>,
}

#[derive(Default, Deserialize)]
struct Options {
    python: Option<String>,
    #[serde(default)]
    prereleases: Value,
}

#[derive(Clone, Deserialize)]
struct Expected {
    satisfiable: bool,
    packages: Option<BTreeMap<String, String>>,
}

impl Judge for Scenarios {
    fn begin(&mut self, file: &Input) -> Result<(), serde_json::Error> {
        // A list of scenarios, or a scenario alone, goes by the usual defaults.
        let head = serde_json::from_str::<Head>(&file.text);
        self.defaults = head.map_or_else(|_| Defaults::default(), |head| head.defaults);
        Ok(())
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let scenario: Scenario = serde_json::from_str(case)?;
        let (question, expected) = self.question(&scenario).map_err(|error| {
            serde_json::Error::custom(format!("this scenario cannot be read: {error}"))
        })?;
        let mut verdict = Verdict::default();
        for form in Form::ALL {
            let against = |packages| question.differences(form, expected.satisfiable, packages);
            let mut lines = against(expected.packages.as_ref());
            if scenario.any_answer && !lines.is_empty() {
                lines = against(None);
                if lines.is_empty() {
                    *verdict.ours.entry("another set, as good").or_default() += 1;
                }
            }
            let lines = lines
                .into_iter()
                .map(|line| format!("{}: {line}", form.name()));
            verdict.differences.extend(lines);
        }
        Ok(verdict)
    }
}

/// What is expected, read.
struct Answer {
    satisfiable: bool,
    packages: Option<Choice>,
}

/// What cannot be read of a scenario.
type Unreadable = Box<dyn std::error::Error>;

impl Scenarios {
    fn question(&self, scenario: &Scenario) -> Result<(Question, Answer), Unreadable> {
        let options = &scenario.resolver_options;
        let python = options
            .python
            .as_ref()
            .or(scenario.environment.python.as_ref());
        let python: Version = python.unwrap_or(&self.defaults.python).parse()?;
        let roots = scenario.root.requires.iter();
        let roots: Result<Vec<Requirement>, _> = roots.map(|text| text.parse()).collect();
        let question = Question {
            world: self.world(&scenario.packages)?,
            target: Arc::new(Target::new(RECENT_LINUX, &python)),
            roots: roots?,
            rules: Rules {
                prereleases: prereleases(&options.prereleases)?,
                python_bounds: PythonBounds::Lower,
                ..Rules::default()
            },
        };
        let expected = scenario.expected_wheels_only.as_ref();
        let expected = expected.or(scenario.expected.as_ref());
        let expected = expected.ok_or("nothing is expected of it")?;
        let answer = Answer {
            satisfiable: expected.satisfiable,
            packages: expected
                .packages
                .as_ref()
                .map(recorded_choice)
                .transpose()?,
        };
        Ok((question, answer))
    }

    fn world(&self, packages: &BTreeMap<String, Package>) -> Result<PythonWorld, Unreadable> {
        let mut world = PythonWorld::default();
        for (name, package) in packages {
            let name: DistributionName = name.parse()?;
            let releases = world.packages.entry(name).or_default();
            for (version, described) in &package.versions {
                releases.insert(version.parse()?, self.release(described));
            }
        }
        Ok(world)
    }

    fn release(&self, described: &Described) -> Release {
        let defaults = &self.defaults;
        let has_wheel = described.wheel.unwrap_or(defaults.wheel);
        let tags = described
            .wheel_tags
            .as_ref()
            .unwrap_or(&defaults.wheel_tags);
        let requires_python = match &described.requires_python {
            Pythons::Usual => &defaults.requires_python,
            Pythons::Said(said) => said,
        };
        let mut release = Release {
            requires: described.requires.clone(),
            extras: described.extras.keys().cloned().collect(),
            requires_python: requires_python.clone(),
            is_yanked: described.yanked.unwrap_or(defaults.yanked),
            wheels: if has_wheel { tags.clone() } else { Vec::new() },
            has_sdist: described.sdist.unwrap_or(defaults.sdist),
        };
        for (extra, requirements) in &described.extras {
            for requirement in requirements {
                release.require_for(extra, requirement);
            }
        }
        release
    }
}

/// The scenario's word for when pre-releases are taken.
fn prereleases(value: &Value) -> Result<Prereleases, Unreadable> {
    match value {
        Value::Null | Value::Bool(false) => Ok(Prereleases::IfNecessary),
        Value::Bool(true) => Ok(Prereleases::Allow),
        Value::String(word) => match word.as_str() {
            "allow" => Ok(Prereleases::Allow),
            "disallow" => Ok(Prereleases::Disallow),
            "if-necessary" | "if-necessary-or-explicit" => Ok(Prereleases::IfNecessary),
            _ => Err(format!("no way `{word}` to take pre-releases").into()),
        },
        other => Err(format!("no way `{other}` to take pre-releases").into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every key there is, some of them against the file's own defaults, and some that nobody knows.
    const FILE: &str = r#"{
        "format": 1,
        "defaults": {"requires_python": null, "environment.python": "3.10", "sdist": false, "new": 1},
        "scenarios": [
            {"file": "x", "name": "every-key", "root": {"requires": ["a[more]"], "new": 1},
             "packages": {"a": {"versions": {
                "1.0": {"extras": {"more": ["b ; python_version < '3.11'"]}},
                "2.0": {"requires_python": ">=3.11"},
                "3.0": {"wheel_tags": ["cp310-cp310-win_amd64"], "sdist": true},
                "4.0": {"yanked": true},
                "5.0": {"wheel": false, "sdist": true},
                "6.0a1": {"new": {}}
             }}, "b": {"versions": {"1": {}}}},
             "expected": {"satisfiable": false},
             "expected_wheels_only": {"satisfiable": true, "packages": {"A": "1", "b": "1.0"}}},
            {"root": {"requires": ["a"]}, "packages": {"a": {"versions": {"1.0": {}, "2.0b1": {}}}},
             "resolver_options": {"prereleases": true, "python": "3.9.1"}, "environment": {"python": "3.12"},
             "expected": {"satisfiable": true, "packages": {"a": "2.0b1"}}}
        ]}"#;

    fn run(text: &str) -> super::super::Report {
        let input = Input {
            file: "scenarios.json".into(),
            text: text.to_owned(),
        };
        Kind::named("packse").unwrap().run(&[input]).unwrap()
    }

    #[test]
    fn every_key_counts() {
        let report = run(FILE);
        assert_eq!(report.failures, []);
        assert_eq!(report.passed, 2);
    }

    #[test]
    fn usual_defaults_hold_where_a_file_has_none() {
        // For Python 3.12, and not below it; with a source distribution, which does not count.
        let report = run(r#"[
            {"root": {"requires": ["a"]}, "packages": {"a": {"versions": {"1": {}}}},
             "expected": {"satisfiable": true, "packages": {"a": "1"}}},
            {"root": {"requires": ["a"]}, "packages": {"a": {"versions": {"1": {}}}},
             "environment": {"python": "3.11"}, "expected": {"satisfiable": false}},
            {"root": {"requires": ["a"]}, "packages": {"a": {"versions": {"1": {"wheel": false}}}},
             "expected": {"satisfiable": true}, "expected_wheels_only": {"satisfiable": false}}
        ]"#);
        assert_eq!(report.failures, []);
        assert_eq!(report.passed, 3);
    }

    #[test]
    fn another_answer_will_do_where_that_is_said() {
        let scenario = r#"{"root": {"requires": ["a"]}, "packages": {"a": {"versions": {"1": {}, "2": {}}}},
            "expected": {"satisfiable": true, "packages": {"a": "1"}}, "any_answer": true}"#;
        let report = run(scenario);
        assert_eq!(report.failures, []);
        assert_eq!(report.ours["another set, as good"], 2);
        assert_eq!(
            run(&scenario.replace("\"any_answer\": true", "\"new\": 1"))
                .failures
                .len(),
            1
        );
    }

    #[test]
    fn differences_are_told_for_both_forms() {
        let report = run(
            r#"{"root": {"requires": ["a"]}, "packages": {"a": {"versions": {"1": {}}}},
            "expected": {"satisfiable": false}}"#,
        );
        assert_eq!(
            report.failures[0].differences,
            [
                "html: no solution recorded, a 1 by us",
                "json: no solution recorded, a 1 by us"
            ]
        );
    }

    #[test]
    fn what_is_no_scenario_is_an_error_with_its_place() {
        let file = Input {
            file: "scenarios.json".into(),
            text: "[\n{\"root\": {\"requires\": [\"a b\"]}, \"packages\": {}, \"expected\": {\"satisfiable\": true}}]".to_owned(),
        };
        let error = Kind::named("packse")
            .unwrap()
            .run(&[file])
            .unwrap_err()
            .to_string();
        assert!(error.starts_with("scenarios.json:2, column "), "{error}");
        assert!(
            error.contains("this scenario cannot be read: `a b` is not a requirement"),
            "{error}"
        );
    }
}
