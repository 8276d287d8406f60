//! `rez-solver`: small resolves with rez's answers (`data/rez/README.md`, `solver_cases`).
//!
//! The status, the packages in order, the ephemerals, the numbers of phases and failures, and every word of a failure or an
//! error must be rez's. Two kinds of case are judged otherwise, because rez's own answer is none: a cycle is compared by
//! status and reason, since which cycle rez names depends on a hash seed; and where rez itself crashed (`TypeError`, when
//! it compares a requirement without a range with one that has one), any answer that is not a crash of ours will do.

use std::collections::BTreeMap;
use std::sync::Arc;

use rez::Requirement;
use rez::filter::PackageFilterList;
use rez::orderer::PackageOrderList;
use rez::solver::{Ask, Pool, VariantSelectMode};
use serde::Deserialize;
use serde_json::Value;

use super::{Judge, Kind, Verdict};
use crate::rez_data::{Answer, Packages, repository};

pub(super) const KIND: Kind = Kind {
    name: "rez-solver",
    about: "small resolves, as rez's solver answers them",
    open: |_| Ok(Box::new(Solver)),
};

struct Solver;

#[derive(Deserialize)]
struct Case {
    packages: Packages,
    request: Vec<String>,
    options: Options,
    expect: Answer,
    #[serde(default)]
    compare_status_only: bool,
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

impl Judge for Solver {
    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let case: Case = serde_json::from_str(case)?;
        Ok(Verdict {
            differences: differences(&case),
            ours: BTreeMap::from_iter(
                has_crashed(&case.expect).then_some(("answer where rez crashes", 1)),
            ),
            ..Verdict::default()
        })
    }
}

/// Whether rez itself fell over, so that there is no answer to agree with.
fn has_crashed(expect: &Answer) -> bool {
    matches!(expect, Answer::Exception { r#type: Some(name), .. } if name == "TypeError")
}

fn differences(case: &Case) -> Vec<String> {
    let ask = match ask(case) {
        Ok(ask) => ask,
        Err(error) => return vec![format!("unreadable: {error}")],
    };
    let mut pool = Pool::new(vec![Arc::new(repository(&case.packages))]);
    let ours = Answer::ours(&mut pool, &ask);
    match (&case.expect, &ours) {
        (expect, _) if has_crashed(expect) => Vec::new(),
        (Answer::Failed { reason: rez, .. }, Answer::Failed { reason: our, .. })
            if case.compare_status_only && rez == our =>
        {
            Vec::new()
        }
        _ => case.expect.differences(&ours),
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
        filter: PackageFilterList::from_pod(
            options.package_filter.as_ref().unwrap_or(&Value::Null),
        )
        .map_err(|error| error.to_string())?,
        orderers: PackageOrderList::from_pod(
            options.package_orderers.as_ref().unwrap_or(&Value::Null),
        )
        .map_err(|error| error.to_string())?,
        ..Ask::default()
    })
}
