//! The forms in which the shared data holds rez's packages and rez's answers.
//!
//! The random solver cases and rez's own benchmark write both alike, so both are read, answered and compared here.

use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexMap;
use rez::solver::{Ask, Outcome, Pool, SolveError, solve};
use rez::{Definition, Family, MemoryRepository, Package, PackageKind, Version};
use serde::Deserialize;

/// What rez's recorded messages call the repository.
const REPOSITORY: &str = "<REPO>";

/// Families, versions, definitions, in the repository's listing order.
pub(crate) type Packages = IndexMap<String, IndexMap<String, Written>>;

/// A package as the data writes it.
#[derive(Deserialize)]
pub(crate) struct Written {
    #[serde(default)]
    requires: Vec<Arc<str>>,
    variants: Option<Vec<Vec<Arc<str>>>>,
    timestamp: Option<i64>,
}

/// The packages as a repository.
pub(crate) fn repository(packages: &Packages) -> MemoryRepository {
    let families = packages.iter().map(|(name, versions)| Family {
        name: name.as_str().into(),
        packages: versions
            .iter()
            .filter_map(|(version, written)| Some((Version::parse(version).ok()?, written)))
            .map(|(version, written)| Package {
                version,
                kind: PackageKind::Folder,
                definition: Ok(Arc::new(Definition {
                    requires: written.requires.clone(),
                    variants: written.variants.clone(),
                    timestamp: written.timestamp,
                    ..Definition::default()
                })),
            })
            .collect(),
    });
    MemoryRepository::new(REPOSITORY, families)
}

/// What a solver answers.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
pub enum Answer {
    /// It resolves.
    Solved {
        /// Phases solved.
        num_solves: u64,
        /// Phases that failed.
        num_fails: u64,
        /// `name-version[variant]`, in order.
        resolved: Vec<String>,
        /// What packages agreed on without a package behind it.
        ephemerals: Vec<String>,
    },
    /// It does not.
    Failed {
        /// Phases solved.
        num_solves: u64,
        /// Phases that failed.
        num_fails: u64,
        /// rez's class of the reason.
        #[serde(alias = "failure_reason_type")]
        reason: String,
        /// rez's words.
        #[serde(alias = "failure_description")]
        description: String,
    },
    /// It ended the resolve.
    #[serde(alias = "error")]
    Exception {
        /// rez's class of the exception; ours has no such name.
        #[serde(alias = "error_type")]
        r#type: Option<String>,
        /// rez's words.
        #[serde(alias = "error")]
        message: String,
    },
}

impl Answer {
    /// Our answer.
    pub fn ours(pool: &mut Pool, ask: &Ask) -> Self {
        Self::of(solve(pool, ask, &mut |_| None))
    }

    /// Our answer, as the solver gave it.
    pub fn of(outcome: Result<Outcome, SolveError>) -> Self {
        let exception = |message| Self::Exception {
            r#type: None,
            message,
        };
        match outcome {
            Err(error) => {
                let as_rez_names_it = format!("memory@{REPOSITORY}");
                exception(error.to_string().replace(&as_rez_names_it, REPOSITORY))
            }
            // Nobody stops these.
            Ok(Outcome::Aborted(stop, _)) => exception(stop.0),
            Ok(Outcome::Failed(failure)) => Self::Failed {
                num_solves: failure.progress.num_solves,
                num_fails: failure.progress.num_fails,
                reason: failure.reason.class().to_owned(),
                description: failure.to_string(),
            },
            Ok(Outcome::Solved(resolve)) => Self::Solved {
                num_solves: resolve.progress.num_solves,
                num_fails: resolve.progress.num_fails,
                resolved: resolve.packages.iter().map(ToString::to_string).collect(),
                ephemerals: resolve.ephemerals.iter().map(ToString::to_string).collect(),
            },
        }
    }

    /// How ours differs from this one, rez's; one line for each difference, none where they agree.
    pub fn differences(&self, ours: &Self) -> Vec<String> {
        if self.in_words() == ours.in_words() {
            return Vec::new();
        }
        let (
            Self::Solved {
                resolved: rez,
                num_solves,
                num_fails,
                ephemerals,
            },
            Self::Solved {
                resolved: our,
                num_solves: our_solves,
                num_fails: our_fails,
                ephemerals: our_ephemerals,
            },
        ) = (self, ours)
        else {
            return vec![
                format!("rez:  {}", self.in_words()),
                format!("ours: {}", ours.in_words()),
            ];
        };
        let mut lines = Vec::new();
        let counts = (num_solves, num_fails);
        let our_counts = (our_solves, our_fails);
        if counts != our_counts {
            lines.push(format!(
                "solves and fails: {counts:?} by rez, {our_counts:?} by us"
            ));
        }
        lines.extend(list_difference("packages", rez, our));
        lines.extend(list_difference("ephemerals", ephemerals, our_ephemerals));
        lines
    }

    /// In one line, without what only rez can say.
    fn in_words(&self) -> String {
        match self {
            Self::Solved {
                num_solves,
                num_fails,
                resolved,
                ephemerals,
            } => format!(
                "solved in {num_solves} with {num_fails} fails: {} {}",
                resolved.join(" "),
                ephemerals.join(" ")
            ),
            Self::Failed {
                num_solves,
                num_fails,
                reason,
                description,
            } => format!("failed in {num_solves} with {num_fails} fails: {reason}: {description}"),
            Self::Exception { message, .. } => format!("exception: {message}"),
        }
    }
}

/// How two lists differ: in what they hold or, where that is the same, in order.
pub(crate) fn list_difference(what: &str, rez: &[String], ours: &[String]) -> Option<String> {
    if rez == ours {
        return None;
    }
    let missing = only_in(rez, ours);
    let additional = only_in(ours, rez);
    if !missing.is_empty() || !additional.is_empty() {
        return Some(format!("{what}: only rez {missing}; only we {additional}"));
    }
    let place = rez.iter().zip(ours).position(|(rez, our)| rez != our);
    let place = place.unwrap_or(rez.len().min(ours.len()));
    let at = |list: &[String]| list.get(place).cloned().unwrap_or_default();
    Some(format!(
        "{what}: another order from place {} on: {} by rez, {} by us",
        place + 1,
        at(rez),
        at(ours)
    ))
}

fn only_in(these: &[String], others: &[String]) -> String {
    let others: BTreeSet<&String> = others.iter().collect();
    let only: Vec<&str> = these
        .iter()
        .filter(|item| !others.contains(item))
        .map(String::as_str)
        .collect();
    only.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn solved(resolved: &str, num_solves: u64) -> Answer {
        Answer::Solved {
            num_solves,
            num_fails: 0,
            resolved: resolved.split_whitespace().map(str::to_owned).collect(),
            ephemerals: Vec::new(),
        }
    }

    #[test]
    fn answers_of_both_recordings_are_read() {
        let case = r#"{"status": "failed", "num_solves": 1, "num_fails": 2, "reason": "Cycle", "description": "x"}"#;
        let benchmark = r#"{"status": "failed", "num_solves": 1, "num_fails": 2, "resolved": null,
            "failure_reason_type": "Cycle", "failure_description": "x"}"#;
        let case: Answer = serde_json::from_str(case).unwrap();
        assert_eq!(case, serde_json::from_str(benchmark).unwrap());
        let case = r#"{"status": "exception", "type": "T", "message": "m"}"#;
        let benchmark = r#"{"status": "error", "error_type": "T", "error": "m"}"#;
        let case: Answer = serde_json::from_str(case).unwrap();
        assert_eq!(case, serde_json::from_str(benchmark).unwrap());
    }

    #[test]
    fn answers_differ_in_counts_packages_and_order() {
        let rez = solved("a-1[] b-2[0] c-3[]", 4);
        assert_eq!(rez.differences(&rez.clone()), Vec::<String>::new());
        assert_eq!(
            rez.differences(&solved("a-1[] b-2[1] c-3[]", 5)),
            [
                "solves and fails: (4, 0) by rez, (5, 0) by us",
                "packages: only rez b-2[0]; only we b-2[1]",
            ]
        );
        assert_eq!(
            rez.differences(&solved("a-1[] c-3[] b-2[0]", 4)),
            ["packages: another order from place 2 on: b-2[0] by rez, c-3[] by us"]
        );
        // The same packages, one of them twice.
        assert_eq!(
            rez.differences(&solved("a-1[] b-2[0] c-3[] c-3[]", 4))
                .len(),
            1
        );
        let failed = Answer::Exception {
            r#type: None,
            message: "no".to_owned(),
        };
        assert_eq!(rez.differences(&failed).len(), 2);
    }
}
