//! `rez-benchmark`: rez's own benchmark with rez's answers (`data/rez/README.md`, `expected`).
//!
//! Packages, variants and their order, the numbers of phases and failures, and every word of a failure must be rez's, and
//! must be the same whether the pool is new or has learnt from all the cases before.
//!
//! The packages are a file of their own: one that is given too, else `packages.json.gz` (or `packages.json`) in the folder
//! of the answers, else the shared one. The benchmark's `requests.json` may be given as well; as each answer repeats its
//! request, it is only held against them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use rez::solver::Pool;
use rez::{MemoryRepository, Repository};
use serde::Deserialize;

use super::{ConformanceError, Input, Judge, Kind, Verdict};
use crate::rez_benchmark::{Case, packages_in, parse_packages, read_packages};
use crate::{Answer, Shared};

pub(super) const KIND: Kind = Kind {
    name: "rez-benchmark",
    about: "rez's own benchmark, as rez answers it",
    open: |inputs| Ok(Box::new(Resolves::open(inputs)?)),
};

/// Our own resolves of the benchmark.
struct Resolves {
    repository: Arc<MemoryRepository>,
    /// A pool that keeps what it learns.
    learnt: RefCell<Pool>,
}

/// What a file of the benchmark is, told by how it begins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Role {
    Packages,
    Requests,
    Answers,
}

/// What `requests.json` also says of a record of the answers.
#[derive(Deserialize)]
struct Asked {
    request: Vec<String>,
}

impl Resolves {
    fn open(inputs: &[Input]) -> Result<Self, ConformanceError> {
        let all_of = |role| {
            inputs
                .iter()
                .filter(move |input| Role::of(&input.text) == role)
        };
        let Some(answers) = all_of(Role::Answers).next() else {
            return Err(unfit(
                &inputs
                    .first()
                    .map(|input| input.file.clone())
                    .unwrap_or_default(),
                "holds no answers; give rez's answers, such as expected.json.gz",
            ));
        };
        for requests in all_of(Role::Requests) {
            is_what_was_asked(requests, answers)?;
        }
        let beside = answers.file.parent().and_then(packages_in);
        let repository = match (all_of(Role::Packages).next(), beside) {
            (Some(given), _) => parse_packages(&given.file, &given.text)?,
            (None, Some(file)) => read_packages(&file)?,
            (None, None) => read_packages(&Shared::find()?.rez("packages.json.gz"))?,
        };
        let repository = Arc::new(repository);
        Ok(Self {
            learnt: RefCell::new(Pool::new(vec![repository.clone()])),
            repository,
        })
    }
}

impl Role {
    fn of(text: &str) -> Self {
        let mut marks = text.chars().filter(|character| !character.is_whitespace());
        match (marks.next(), marks.next()) {
            (Some('['), Some('[')) => Self::Requests,
            (Some('['), _) => Self::Answers,
            _ => Self::Packages,
        }
    }
}

impl Judge for Resolves {
    fn is_cases(&self, file: &Input) -> bool {
        Role::of(&file.text) == Role::Answers
    }

    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let case: Case = serde_json::from_str(case)?;
        let ask = case.ask();
        let repository: Arc<dyn Repository> = self.repository.clone();
        let fresh = Answer::ours(&mut Pool::new(vec![repository]), &ask);
        let learnt = Answer::ours(&mut self.learnt.borrow_mut(), &ask);
        let mut differences = case.expected.differences(&fresh);
        if learnt != fresh {
            differences.push("a pool that has learnt answers otherwise:".to_owned());
            differences.extend(case.expected.differences(&learnt));
        }
        Ok(Verdict {
            differences,
            ours: BTreeMap::new(),
            ..Verdict::default()
        })
    }
}

/// Refuses requests that are not those the answers repeat.
fn is_what_was_asked(requests: &Input, answers: &Input) -> Result<(), ConformanceError> {
    let error = |file: &PathBuf, error: serde_json::Error| unfit(file, &error.to_string());
    let requested: Vec<Vec<String>> =
        serde_json::from_str(&requests.text).map_err(|told| error(&requests.file, told))?;
    let answered: Vec<Asked> =
        serde_json::from_str(&answers.text).map_err(|told| error(&answers.file, told))?;
    if requested.len() != answered.len() {
        let message = format!(
            "has {} requests, but {} answers {}",
            requested.len(),
            answers.file.display(),
            answered.len()
        );
        return Err(unfit(&requests.file, &message));
    }
    let mut pairs = requested.iter().zip(&answered);
    match pairs.position(|(requested, answered)| *requested != answered.request) {
        None => Ok(()),
        Some(place) => Err(unfit(
            &requests.file,
            &format!(
                "request {place} (from 0) is not the one that {} answers",
                answers.file.display()
            ),
        )),
    }
}

fn unfit(file: &Path, message: &str) -> ConformanceError {
    ConformanceError::Unfit {
        file: file.to_owned(),
        message: message.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGES: &str = r#"{"a": {"1": {"requires": ["b"]}, "2": {"requires": ["b-1"]}},
        "b": {"1": {"requires": [], "variants": [["c-2"], ["c-1"]]}}, "c": {"1": {}, "2": {}}}"#;
    const ANSWER: &str = r#"[{"request": ["a"], "status": "solved", "num_solves": 3, "num_fails": 0,
        "resolved": ["c-2[]", "b-1[0]", "a-2[]"], "ephemerals": []}]"#;

    fn judged(texts: &[&str]) -> Result<super::super::Report, String> {
        let inputs: Vec<Input> = texts
            .iter()
            .enumerate()
            .map(|(number, text)| Input {
                file: PathBuf::from(format!("{number}.json")),
                text: (*text).to_owned(),
            })
            .collect();
        KIND.run(&inputs).map_err(|error| error.to_string())
    }

    #[test]
    fn files_are_told_apart_by_how_they_begin() {
        let report = judged(&[PACKAGES, " [ [\"a\"] ]", ANSWER]).unwrap();
        assert_eq!((report.passed, report.failures.len()), (1, 0));
    }

    #[test]
    fn a_falsified_answer_fails() {
        let order = ANSWER.replace(r#""c-2[]", "b-1[0]""#, r#""b-1[0]", "c-2[]""#);
        let variant = ANSWER.replace("b-1[0]", "b-1[1]");
        let count = ANSWER.replace(r#""num_fails": 0"#, r#""num_fails": 1"#);
        for falsified in [order, variant, count] {
            let report = judged(&[PACKAGES, &falsified]).unwrap();
            assert_eq!((report.passed, report.failures.len()), (0, 1));
        }
    }

    #[test]
    fn files_that_do_not_go_together_are_refused() {
        let refusal = |texts: &[&str]| judged(texts).unwrap_err();
        assert!(refusal(&[PACKAGES]).starts_with("0.json: holds no answers"));
        assert_eq!(
            refusal(&[ANSWER, r#"[["b"]]"#, PACKAGES]),
            "1.json: request 0 (from 0) is not the one that 0.json answers"
        );
        assert_eq!(
            refusal(&[ANSWER, r#"[["a"], ["b"]]"#, PACKAGES]),
            "1.json: has 2 requests, but 0.json answers 1"
        );
        assert!(refusal(&[ANSWER, r#"{"a": 1}"#]).starts_with("1.json: invalid type"));
        assert!(refusal(&[&ANSWER.replace("\"a\"", "\"a-->\""), PACKAGES]).starts_with("0.json:1"));
    }
}
