//! Dependency package records: `GET /api/desktop/dependencyPackages`.

use std::collections::BTreeMap;

use ayon_model::{Place, Problem};
use serde::{Deserialize, Serialize};

use super::null_is_default;

/// A record. The manifest that the dependency tool leaves on disk spells the same fields with underscores.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DependencyPackage {
    pub(crate) filename: String,
    pub(crate) platform: String,
    #[serde(alias = "installer_version", skip_serializing_if = "Option::is_none")]
    installer_version: Option<String>,
    #[serde(alias = "python_version", skip_serializing_if = "Option::is_none")]
    python_version: Option<String>,
    #[serde(default, alias = "source_addons", deserialize_with = "null_is_default")]
    source_addons: BTreeMap<String, Option<String>>,
    #[serde(
        default,
        alias = "python_modules",
        deserialize_with = "null_is_default"
    )]
    python_modules: BTreeMap<String, serde_json::Value>,
}

impl DependencyPackage {
    /// The record as a package; nothing where its platform is unusable.
    pub(crate) fn model(
        self,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Option<ayon_model::DependencyPackage> {
        let system = super::system(&self.platform, &place.at("platform", None), problems)?;
        let python = super::python(self.python_version.as_deref(), &place, problems);
        let text = |value| match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        Some(ayon_model::DependencyPackage {
            filename: self.filename,
            system,
            installer_version: self.installer_version,
            python,
            source_addons: self
                .source_addons
                .into_iter()
                .filter_map(|(name, version)| Some((name, version?)))
                .collect(),
            modules: self
                .python_modules
                .into_iter()
                .map(|(name, value)| (name, text(value)))
                .collect(),
            place,
        })
    }
}

impl From<&ayon_model::DependencyPackage> for DependencyPackage {
    fn from(package: &ayon_model::DependencyPackage) -> Self {
        let addon = |(name, version): (&String, &String)| (name.clone(), Some(version.clone()));
        let module = |(name, version): (&String, &String)| (name.clone(), version.clone().into());
        Self {
            filename: package.filename.clone(),
            platform: package.system.to_string(),
            installer_version: package.installer_version.clone(),
            python_version: package.python.as_ref().map(ToString::to_string),
            source_addons: package.source_addons.iter().map(addon).collect(),
            python_modules: package.modules.iter().map(module).collect(),
        }
    }
}
