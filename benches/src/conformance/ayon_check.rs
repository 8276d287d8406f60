//! `ayon-check`: recorded answers of `POST /api/bundles/check` (reference `ayon.md` §7).
//!
//! A case is a request with its answer. The bundle in its body is judged against the recorded server's library; the
//! issues must be the same, counted, whatever their order, and so must `success`. An answer of 500 means that the
//! server met something it cannot evaluate: ours has to have met it too, in whatever words.

use std::collections::BTreeMap;

use ayon_model::{
    Bundle, Judgement, JudgementRequest, Place, Severity, Studio, System, inspect, judge,
};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::{Judge, Kind, Verdict};
use crate::Shared;
use crate::corpus::{self, CorpusError, server_library};
use crate::{effective, launcher_target};

pub(super) const KIND: Kind = Kind {
    name: "ayon-check",
    about: "answers of an AYON server to POST /api/bundles/check",
    open: |_| Ok(Box::new(Server::open(&Shared::find()?)?)),
};

/// Our own judgement, in the recorded server's place.
struct Server {
    library: Studio,
}

#[derive(Deserialize)]
struct Case<'a> {
    #[serde(borrow)]
    request: Request<'a>,
    status: u16,
    /// Of the form of [`Answer`] only where the status is 200.
    #[serde(borrow)]
    response: Option<&'a RawValue>,
}

#[derive(Deserialize)]
struct Request<'a> {
    #[serde(borrow)]
    body: &'a RawValue,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    name: String,
    addons: IndexMap<String, Option<String>>,
    installer_version: Option<String>,
}

#[derive(Deserialize)]
struct Answer {
    success: bool,
    issues: Vec<Issue>,
}

#[derive(Clone, Debug, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "camelCase")]
struct Issue {
    severity: String,
    addon: Option<String>,
    message: String,
    required_addon: Option<String>,
}

impl Server {
    fn open(shared: &Shared) -> Result<Self, CorpusError> {
        Ok(Self {
            library: server_library(shared, &corpus::studio(shared)?)?,
        })
    }

    /// What we say beyond the server, by code.
    fn ours(&self, body: &Body) -> BTreeMap<&'static str, usize> {
        let mut bundle = Bundle::new(body.name.as_str(), Place::file("request"));
        bundle.addons.clone_from(&body.addons);
        bundle.installer_version.clone_from(&body.installer_version);
        let effective = effective(&self.library, &bundle);
        let mut ours = BTreeMap::new();
        let targets = [launcher_target(System::Linux)];
        for finding in inspect(&self.library, &effective, &targets, None) {
            *ours.entry(finding.code.as_str()).or_default() += 1;
        }
        ours
    }
}

impl Judge for Server {
    fn judge(&self, case: &str) -> Result<Verdict, serde_json::Error> {
        let case: Case<'_> = serde_json::from_str(case)?;
        if !matches!(case.status, 200 | 500) {
            let difference = format!(
                "the recorded status is {}; only 200 and 500 are judgements",
                case.status
            );
            return Ok(Verdict {
                differences: vec![difference],
                ..Verdict::default()
            });
        }
        let body: Body = serde_json::from_str(case.request.body.get())?;
        let request = JudgementRequest {
            addons: &body.addons,
            installer_version: body.installer_version.as_deref(),
        };
        let ours = judge(&self.library, request);
        let differences = if case.status == 500 {
            crashed(&ours)
        } else {
            let text = case.response.map_or("null", RawValue::get);
            answered(&serde_json::from_str(text)?, &ours)
        };
        Ok(Verdict {
            differences,
            ours: self.ours(&body),
            ..Verdict::default()
        })
    }
}

fn crashed(ours: &Judgement) -> Vec<String> {
    if !ours.crashes.is_empty() {
        return Vec::new();
    }
    let mut differences =
        vec!["the server answered 500; ours judges it without a crash:".to_owned()];
    differences.extend(
        ours.issues
            .iter()
            .map(|issue| format!("+ ours    {}", show(&wire(issue)))),
    );
    differences
}

fn answered(server: &Answer, ours: &Judgement) -> Vec<String> {
    let mut differences = Vec::new();
    for crash in &ours.crashes {
        differences.push(format!(
            "+ ours    500: {} {}: {}",
            crash.addon, crash.field, crash.message
        ));
    }
    let mut counts: BTreeMap<Issue, i64> = BTreeMap::new();
    for issue in &server.issues {
        *counts.entry(issue.clone()).or_default() += 1;
    }
    for issue in &ours.issues {
        *counts.entry(wire(issue)).or_default() -= 1;
    }
    for (issue, count) in counts {
        let sign = if count > 0 { "- server " } else { "+ ours   " };
        for _ in 0..count.unsigned_abs() {
            differences.push(format!("{sign} {}", show(&issue)));
        }
    }
    if server.success != ours.success() {
        differences.push(format!(
            "success: {} on the server, {} ours",
            server.success,
            ours.success()
        ));
    }
    differences
}

fn wire(issue: &ayon_model::Issue) -> Issue {
    let severity = match issue.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    };
    Issue {
        severity: severity.to_owned(),
        addon: Some(issue.addon.clone()),
        message: issue.message.clone(),
        required_addon: issue.required_addon.clone(),
    }
}

fn show(issue: &Issue) -> String {
    let addon = issue.addon.as_deref().unwrap_or("(no addon)");
    let required = issue
        .required_addon
        .as_deref()
        .map(|other| format!(" [{other}]"))
        .unwrap_or_default();
    ayon_model::printable(&format!(
        "{} {addon}: {}{required}",
        issue.severity, issue.message
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn issue(message: &str) -> Issue {
        Issue {
            severity: "error".to_owned(),
            addon: Some("maya".to_owned()),
            message: message.to_owned(),
            required_addon: None,
        }
    }

    fn ours(messages: &[&str]) -> Judgement {
        let issues = messages.iter().map(|message| ayon_model::Issue {
            severity: Severity::Error,
            addon: "maya".to_owned(),
            message: (*message).to_owned(),
            required_addon: None,
            code: ayon_model::FindingCode::AddonRequired,
        });
        Judgement {
            issues: issues.collect(),
            crashes: Vec::new(),
        }
    }

    #[test]
    fn order_does_not_matter_but_number_does() {
        let server = Answer {
            success: false,
            issues: vec![issue("a"), issue("b"), issue("a")],
        };
        assert!(answered(&server, &ours(&["b", "a", "a"])).is_empty());
        assert_eq!(
            answered(&server, &ours(&["b", "a"])),
            ["- server  error maya: a"]
        );
        assert_eq!(
            answered(&server, &ours(&["a", "b", "a", "c"])),
            ["+ ours    error maya: c"]
        );
    }

    #[test]
    fn success_is_compared_too() {
        let server = Answer {
            success: true,
            issues: Vec::new(),
        };
        assert!(answered(&server, &ours(&[])).is_empty());
        let server = Answer {
            success: true,
            issues: vec![issue("a")],
        };
        assert_eq!(
            answered(&server, &ours(&["a"])),
            ["success: true on the server, false ours"]
        );
    }

    #[test]
    fn a_server_error_wants_a_crash() {
        assert_eq!(crashed(&ours(&["a"])).len(), 2);
        let crash = ayon_model::Crash {
            addon: "maya".to_owned(),
            field: "ayon_required_addons",
            required_addon: None,
            message: "`^1` is no version condition".to_owned(),
        };
        let judgement = Judgement {
            crashes: vec![crash],
            ..ours(&[])
        };
        assert!(crashed(&judgement).is_empty());
        let server = Answer {
            success: true,
            issues: Vec::new(),
        };
        assert_eq!(answered(&server, &judgement).len(), 2);
    }
}
