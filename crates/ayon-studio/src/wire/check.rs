//! The server's judgement: `POST /api/bundles/check`.

use ayon_model::Severity;
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::null_is_default;

/// What is asked.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Check {
    pub(crate) name: String,
    pub(crate) addons: IndexMap<String, Option<String>>,
    pub(crate) installer_version: Option<String>,
}

/// What is answered, as far as anybody here asks.
#[cfg(feature = "server")]
#[derive(Debug, Deserialize)]
pub(crate) struct CheckAnswer {
    pub(crate) issues: Vec<Issue>,
}

/// One issue.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Issue {
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) severity: String,
    pub(crate) addon: Option<String>,
    pub(crate) message: String,
    pub(crate) required_addon: Option<String>,
}

impl From<ayon_model::Issue> for Issue {
    fn from(issue: ayon_model::Issue) -> Self {
        let severity = match issue.severity {
            Severity::Error => "error",
            Severity::Warning => "warning",
        };
        Self {
            severity: severity.to_owned(),
            addon: Some(issue.addon),
            message: issue.message,
            required_addon: issue.required_addon,
        }
    }
}
