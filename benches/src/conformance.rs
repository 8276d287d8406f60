//! Judges recorded answers of other implementations: does ours agree, case by case?
//!
//! A *kind* says what is recorded and how it is judged; [`KINDS`] is the table of them, and a new kind is a file beside
//! `ayon_check.rs` and a line there. Everything else is the same for all: a file, compressed with gzip or not, holds one
//! case, a list of cases, an object with a list called `cases` or `scenarios`, or one of nothing but lists of cases; a case
//! either agrees or has differences to show; input that cannot be read is an error with file and line, never a failed case.

mod ayon_check;
mod conda_solvers;
mod conda_specs;
mod conda_version;
mod packse;
mod pep440;
mod pep508;
mod pypi_snapshot;
mod python;
mod rez_benchmark;
mod rez_solver;
mod rez_version;

pub use pypi_snapshot::Snapshot;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use indexmap::IndexMap;
use serde_json::value::RawValue;

use crate::corpus::CorpusError;
use crate::shared::{SharedAbsent, read};

/// What can be judged.
pub const KINDS: &[Kind] = &[
    ayon_check::KIND,
    conda_solvers::KIND,
    conda_specs::KIND,
    conda_version::KIND,
    packse::KIND,
    pep440::KIND,
    pep508::KIND,
    pypi_snapshot::KIND,
    rez_benchmark::KIND,
    rez_solver::KIND,
    rez_version::KIND,
];

/// A kind of recorded answer.
pub struct Kind {
    /// As typed.
    pub name: &'static str,
    /// In one line.
    pub about: &'static str,
    /// Reads what judging needs; that may be among the files that were given.
    open: fn(&[Input]) -> Opened,
}

/// A judge, ready.
type Opened = Result<Box<dyn Judge>, ConformanceError>;

/// A file of recorded answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Input {
    /// What to call it.
    pub file: PathBuf,
    /// What is in it.
    pub text: String,
}

/// Judges cases of one kind.
trait Judge {
    /// Whether a file holds cases, and was not given only to judge them by.
    fn is_cases(&self, _file: &Input) -> bool {
        true
    }

    /// Takes what a file says about all its cases.
    fn begin(&mut self, _file: &Input) -> Result<(), serde_json::Error> {
        Ok(())
    }

    /// The cases of a file, each as its own text.
    fn cases<'a>(&self, text: &'a str) -> Result<Vec<&'a str>, serde_json::Error> {
        cases(text)
    }

    /// Judges one case, given as JSON text.
    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error>;
}

/// What came of one case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Where we and the recorded answer differ, one line each; none where we agree.
    pub differences: Vec<String>,
    /// How often we said something of each sort beyond the recorded answer.
    pub ours: BTreeMap<&'static str, usize>,
    /// Why the case was not judged, if it was not.
    pub left_out: Option<&'static str>,
}

/// What came of all cases.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many agree.
    pub passed: usize,
    /// Those that do not.
    pub failures: Vec<Failure>,
    /// What we said beyond the recorded answers, by sort.
    pub ours: BTreeMap<&'static str, usize>,
    /// How many were not judged, by why.
    pub left_out: BTreeMap<&'static str, usize>,
}

/// A case on which we and the recorded answer differ.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// File and line of the case.
    pub place: String,
    /// How they differ.
    pub differences: Vec<String>,
}

/// Input that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ConformanceError {
    /// The corpora, or a file.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
    /// The corpora, which some kinds are judged against, are not there.
    #[error(transparent)]
    Absent(#[from] SharedAbsent),
    /// Files that were given and do not go together.
    #[error("{}: {message}", file.display())]
    Unfit {
        /// One of them.
        file: PathBuf,
        /// What is wrong with it.
        message: String,
    },
    /// A file that holds no cases of this kind.
    #[error("{place}, column {column}: {message}")]
    Form {
        /// File and line.
        place: String,
        /// Column in that line.
        column: usize,
        /// What is wrong.
        message: String,
    },
}

impl Kind {
    /// The kind of this name.
    pub fn named(name: &str) -> Option<&'static Self> {
        KINDS.iter().find(|kind| kind.name == name)
    }

    /// Judges every case of `inputs`.
    pub fn run(&self, inputs: &[Input]) -> Result<Report, ConformanceError> {
        let mut judge = (self.open)(inputs)?;
        let mut report = Report::default();
        for input in inputs {
            if !judge.is_cases(input) {
                continue;
            }
            let Input { file, text } = input;
            let places = Places { file, text };
            judge
                .begin(input)
                .map_err(|error| places.error(text, &error))?;
            let cases = judge.cases(text);
            for case in cases.map_err(|error| places.error(text, &error))? {
                let verdict = judge
                    .judge(case)
                    .map_err(|error| places.error(case, &error))?;
                report.add(|| places.of(case), verdict);
            }
        }
        Ok(report)
    }
}

impl Input {
    /// Reads a file.
    pub fn read(file: &Path) -> Result<Self, CorpusError> {
        Ok(Self {
            file: file.to_owned(),
            text: read(file)?,
        })
    }
}

impl Report {
    /// Takes a verdict in. Its place is only looked up for a failure, as that means counting lines.
    fn add(&mut self, place: impl FnOnce() -> String, verdict: Verdict) {
        for (sort, count) in verdict.ours {
            *self.ours.entry(sort).or_default() += count;
        }
        if let Some(reason) = verdict.left_out {
            *self.left_out.entry(reason).or_default() += 1;
        } else if verdict.differences.is_empty() {
            self.passed += 1;
        } else {
            self.failures.push(Failure {
                place: place(),
                differences: verdict.differences,
            });
        }
    }
}

/// The cases in a file, each as its own text.
fn cases(text: &str) -> Result<Vec<&str>, serde_json::Error> {
    if text.trim_start().starts_with('[') {
        let listed: Vec<&RawValue> = serde_json::from_str(text)?;
        return Ok(listed.into_iter().map(RawValue::get).collect());
    }
    let object: IndexMap<String, &RawValue> = serde_json::from_str(text)?;
    if let Some(wrapped) = object.get("cases").or_else(|| object.get("scenarios")) {
        return cases(wrapped.get());
    }
    let mut lists = object.values().map(|list| list.get());
    if !object.is_empty() && lists.clone().all(|list| list.starts_with('[')) {
        return lists.try_fold(Vec::new(), |mut all, list| {
            all.extend(cases(list)?);
            Ok(all)
        });
    }
    Ok(vec![text])
}

/// The cases of an object that has other members too: every member of some lists, and some lists as a whole. Any of them
/// may be absent, but not all.
fn lists<'a>(
    text: &'a str,
    of_cases: &[&str],
    that_are_cases: &[&str],
) -> Result<Vec<&'a str>, serde_json::Error> {
    let object: IndexMap<String, &'a RawValue> = serde_json::from_str(text)?;
    let mut found = Vec::new();
    let mut is_empty = true;
    for list in of_cases.iter().filter_map(|key| object.get(*key)) {
        let listed: Vec<&RawValue> = serde_json::from_str(list.get())?;
        found.extend(listed.into_iter().map(RawValue::get));
        is_empty = false;
    }
    for list in that_are_cases.iter().filter_map(|key| object.get(*key)) {
        found.push(list.get());
        is_empty = false;
    }
    if is_empty {
        let wanted = [of_cases, that_are_cases].concat().join("` or `");
        let message = format!("an object with `{wanted}` is expected");
        return Err(serde::de::Error::custom(message));
    }
    Ok(found)
}

/// Where in a file a part of its text is.
struct Places<'a> {
    file: &'a Path,
    text: &'a str,
}

impl Places<'_> {
    fn of(&self, part: &str) -> String {
        format!("{}:{}", self.file.display(), self.line(part))
    }

    /// The line of `part`, which is a slice of the text, from 1.
    fn line(&self, part: &str) -> usize {
        self.before(part).matches('\n').count() + 1
    }

    fn before(&self, part: &str) -> &str {
        let offset = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        self.text.get(..offset).unwrap_or_default()
    }

    /// An error met while reading `part`, with its place in the whole file.
    fn error(&self, part: &str, error: &serde_json::Error) -> ConformanceError {
        // Counted from the start of the part, where the error says so as well.
        let within = format!(" at line {} column {}", error.line(), error.column());
        let message = error.to_string();
        let message = message.strip_suffix(&within).unwrap_or(&message).to_owned();
        let before = self.before(part);
        let indent = before.len() - before.rfind('\n').map_or(0, |newline| newline + 1);
        let column = if error.line() <= 1 {
            indent + error.column()
        } else {
            error.column()
        };
        let line = self.line(part) + error.line().saturating_sub(1);
        ConformanceError::Form {
            place: format!("{}:{line}", self.file.display()),
            column,
            message,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_holds_one_case_a_list_or_a_wrapped_list() {
        assert_eq!(cases(r#"{"a": 1}"#).unwrap(), [r#"{"a": 1}"#]);
        assert_eq!(cases(" [1, {\"a\": 2}]").unwrap(), ["1", "{\"a\": 2}"]);
        assert_eq!(
            cases(r#"{"about": "x", "cases": [{}, 3]}"#).unwrap(),
            ["{}", "3"]
        );
        assert_eq!(
            cases(r#"{"defaults": {}, "scenarios": [{"cases": []}]}"#).unwrap(),
            [r#"{"cases": []}"#]
        );
        assert_eq!(
            cases(r#"{"a": [1, 2], "b": [], "c": [{}]}"#).unwrap(),
            ["1", "2", "{}"]
        );
        assert_eq!(cases("{}").unwrap(), ["{}"]);
        assert_eq!(cases(r#"{"a": [1], "b": 2}"#).unwrap().len(), 1);
        assert!(cases("[1,").is_err());
        assert!(cases("nothing").is_err());
    }

    #[test]
    fn an_error_inside_a_case_is_placed_in_the_file() {
        let text = "[\n  {\"status\": 200},\n  {\"status\":\n    true}\n]";
        let places = Places {
            file: Path::new("cases.json"),
            text,
        };
        let found = cases(text).unwrap();
        assert_eq!(places.of(found[1]), "cases.json:3");
        let error = serde_json::from_str::<BTreeMap<String, u16>>(found[1]).unwrap_err();
        let told = places.error(found[1], &error).to_string();
        assert_eq!(
            told,
            "cases.json:4, column 8: invalid type: boolean `true`, expected u16"
        );
        let text = "[{\"status\": true}]";
        let places = Places {
            file: Path::new("cases.json"),
            text,
        };
        let found = cases(text).unwrap();
        let error = serde_json::from_str::<BTreeMap<String, u16>>(found[0]).unwrap_err();
        assert!(
            places
                .error(found[0], &error)
                .to_string()
                .starts_with("cases.json:1, column 16: ")
        );
    }
}
