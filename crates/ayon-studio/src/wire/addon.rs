//! Addon records: `GET /api/addons?details=true`.

use std::sync::Arc;

use ayon_model::{
    AddonName, AddonRelease, Knowledge, Place, Problem, PythonNeeds, Version, printable,
};
use indexmap::IndexMap;
use serde::Deserialize;

use super::null_is_default;
use crate::tree::Node;

/// An addon.
#[derive(Debug, Deserialize)]
pub(crate) struct Addon {
    pub(crate) name: String,
    title: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    versions: IndexMap<String, AddonVersion>,
}

/// A release of it, as far as a server tells: relations are not among it.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AddonVersion {
    title: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    is_broken: bool,
    reason: Option<serde_json::Value>,
    #[serde(default, deserialize_with = "null_is_default")]
    #[serde(rename = "projectCanOverrideAddonVersion")]
    project_can_override: bool,
    client_pyproject: Option<Node>,
}

impl Addon {
    /// The addon with its releases. Their relations are unknown; a version that is not semantic is a problem.
    pub(crate) fn model(self, place: &Place, problems: &mut Vec<Problem>) -> ayon_model::Addon {
        let name = AddonName::from(self.name);
        let mut releases = std::collections::BTreeMap::new();
        for (text, release) in self.versions {
            match Version::parse(&text) {
                Ok(version) => {
                    let release =
                        release.model(&name, version.clone(), self.title.as_deref(), problems);
                    releases.insert(version, Arc::new(release));
                }
                Err(error) => {
                    let text = printable(&text);
                    let message =
                        format!("version `{text}` of {name} is no semantic version ({error})");
                    problems.push(Problem::new(
                        place.at(format!("{}.versions", name.as_str()), None),
                        message,
                    ));
                }
            }
        }
        ayon_model::Addon { name, releases }
    }
}

impl AddonVersion {
    fn model(
        self,
        name: &AddonName,
        version: Version,
        addon_title: Option<&str>,
        problems: &mut Vec<Problem>,
    ) -> AddonRelease {
        // The server holds these files; people who mend them look for them there.
        let folder = format!("/addons/{}/{version}", name.as_str());
        let mut release = AddonRelease {
            name: name.clone(),
            version,
            title: self.title.or_else(|| addon_title.map(str::to_owned)),
            host_name: None,
            project_can_override: self.project_can_override,
            relations: Knowledge::Unknown("the server has not been asked for them".into()),
            python: PythonNeeds::default(),
            broken: self.is_broken.then(|| broken(self.reason.as_ref())),
            package_file: Place::file(format!("{folder}/package.py")),
        };
        if let Some(pyproject) = &self.client_pyproject {
            let place = Place::file(format!("{folder}/private/pyproject.toml"));
            release.python =
                crate::pyproject::needs(pyproject, &release.subject(), &place, problems);
        }
        release
    }
}

/// Why a release is broken: a text, or an object with an `error` among a traceback that is not for reading.
fn broken(reason: Option<&serde_json::Value>) -> String {
    let text = match reason {
        Some(serde_json::Value::String(text)) => Some(text.as_str()),
        Some(serde_json::Value::Object(object)) => {
            object.get("error").and_then(serde_json::Value::as_str)
        }
        _ => None,
    };
    text.map_or_else(
        || "the server does not say why".to_owned(),
        crate::error::quotable,
    )
}
