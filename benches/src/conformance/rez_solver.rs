//! `rez-solver`: small resolves with rez's answers (`data/rez/README.md`, `solver_cases`).
//!
//! The status, the packages in order, the ephemerals, the numbers of phases and failures, and every word of a failure or an
//! error must be rez's. Two kinds of case are judged otherwise, because rez's own answer is none: a cycle is compared by
//! status and reason, since which cycle rez names depends on a hash seed; and where rez itself crashed (`TypeError`, when
//! it compares a requirement without a range with one that has one), any answer that is not a crash of ours will do.

use std::collections::BTreeMap;
use std::sync::Arc;

use indexmap::IndexMap;
use rez::filter::PackageFilterList;
use rez::orderer::PackageOrderList;
use rez::solver::{Ask, Outcome, Pool, VariantSelectMode, solve};
use rez::{Definition, Family, MemoryRepository, Package, PackageKind, Requirement, Version};
use serde::Deserialize;
use serde_json::Value;

use super::{Judge, Kind, Verdict};

pub(super) const KIND: Kind = Kind {
    name: "rez-solver",
    about: "small resolves, as rez's solver answers them",
    open: || Ok(Box::new(Solver)),
};

/// What rez's messages call the repository.
const REPOSITORY: &str = "<REPO>";

struct Solver;

#[derive(Deserialize)]
struct Case {
    packages: Packages,
    request: Vec<String>,
    options: Options,
    expect: Expect,
    #[serde(default)]
    compare_status_only: bool,
}

/// Families, versions, definitions, in the repository's listing order.
pub(super) type Packages = IndexMap<String, IndexMap<String, Written>>;

/// A package as the corpora write it.
#[derive(Deserialize)]
pub(super) struct Written {
    #[serde(default)]
    requires: Vec<Arc<str>>,
    variants: Option<Vec<Vec<Arc<str>>>>,
    timestamp: Option<i64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Options {
    variant_select_mode: Option<String>,
    timestamp: Option<i64>,
    package_orderers: Option<Value>,
    package_filter: Option<Value>,
    error_on_missing_variant_requires: Option<bool>,
}

#[derive(Deserialize)]
#[serde(tag = "status", rename_all = "lowercase")]
enum Expect {
    Solved {
        num_solves: u64,
        num_fails: u64,
        resolved: Vec<String>,
        ephemerals: Vec<String>,
    },
    Failed {
        num_solves: u64,
        num_fails: u64,
        reason: String,
        description: String,
    },
    Exception {
        r#type: String,
        message: String,
    },
}

impl Judge for Solver {
    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let case: Case = serde_json::from_str(case)?;
        Ok(Verdict {
            differences: differences(&case),
            ours: BTreeMap::new(),
        })
    }
}

fn differences(case: &Case) -> Vec<String> {
    let expected = expected(case);
    let ours = answer(case);
    let crashed = matches!(&case.expect, Expect::Exception { r#type, .. } if r#type == "TypeError");
    if crashed || ours == expected {
        return Vec::new();
    }
    vec![format!("rez:  {expected}"), format!("ours: {ours}")]
}

/// rez's answer in one line.
fn expected(case: &Case) -> String {
    match &case.expect {
        Expect::Solved {
            num_solves,
            num_fails,
            resolved,
            ephemerals,
        } => format!(
            "solved in {num_solves} with {num_fails} fails: {} {}",
            resolved.join(" "),
            ephemerals.join(" ")
        ),
        Expect::Failed { reason, .. } if case.compare_status_only => format!("failed: {reason}"),
        Expect::Failed {
            num_solves,
            num_fails,
            reason,
            description,
        } => format!("failed in {num_solves} with {num_fails} fails: {reason}: {description}"),
        Expect::Exception { message, .. } => format!("exception: {message}"),
    }
}

/// Our answer in one line.
fn answer(case: &Case) -> String {
    let ask = match ask(case) {
        Ok(ask) => ask,
        Err(error) => return format!("unreadable: {error}"),
    };
    let mut pool = Pool::new(vec![Arc::new(repository(&case.packages))]);
    match solve(&mut pool, &ask, &mut |_| None) {
        Err(error) => format!("exception: {error}").replace("memory@<REPO>", REPOSITORY),
        Ok(Outcome::Aborted(stop, _)) => format!("aborted: {}", stop.0),
        Ok(Outcome::Failed(failure)) if case.compare_status_only => {
            format!("failed: {}", failure.reason.class())
        }
        Ok(Outcome::Failed(failure)) => format!(
            "failed in {} with {} fails: {}: {failure}",
            failure.progress.num_solves,
            failure.progress.num_fails,
            failure.reason.class()
        ),
        Ok(Outcome::Solved(resolve)) => {
            let resolved: Vec<String> = resolve.packages.iter().map(ToString::to_string).collect();
            let ephemerals: Vec<String> =
                resolve.ephemerals.iter().map(ToString::to_string).collect();
            format!(
                "solved in {} with {} fails: {} {}",
                resolve.progress.num_solves,
                resolve.progress.num_fails,
                resolved.join(" "),
                ephemerals.join(" ")
            )
        }
    }
}

fn ask(case: &Case) -> Result<Ask, String> {
    let requests: Result<Vec<Requirement>, _> = case
        .request
        .iter()
        .map(|text| Requirement::parse_request(text))
        .collect();
    let options = &case.options;
    Ok(Ask {
        requests: requests.map_err(|error| error.to_string())?,
        variant_select_mode: match options.variant_select_mode.as_deref() {
            None | Some("version_priority") => VariantSelectMode::VersionPriority,
            Some("intersection_priority") => VariantSelectMode::IntersectionPriority,
            Some(other) => return Err(format!("no mode `{other}`")),
        },
        tolerate_missing_families: options.error_on_missing_variant_requires == Some(false),
        timestamp: options.timestamp,
        filter: PackageFilterList::from_pod(options.package_filter.as_ref().unwrap_or(&Value::Null))
            .map_err(|error| error.to_string())?,
        orderers: PackageOrderList::from_pod(options.package_orderers.as_ref().unwrap_or(&Value::Null))
            .map_err(|error| error.to_string())?,
        ..Ask::default()
    })
}

/// The packages as a repository.
pub(super) fn repository(packages: &Packages) -> MemoryRepository {
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
