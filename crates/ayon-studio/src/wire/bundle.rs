//! Bundle records: `GET /api/bundles`.

use std::collections::BTreeMap;

use ayon_model::{Place, Problem};
use indexmap::IndexMap;
use serde::{Deserialize, Serialize};

use super::null_is_default;

/// A record.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "the record's own independent flags"
)]
pub(crate) struct Bundle {
    pub(crate) name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) created_at: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) addons: IndexMap<String, Option<String>>,
    pub(crate) installer_version: Option<String>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) dependency_packages: IndexMap<String, Option<String>>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) addon_development: BTreeMap<String, Option<AddonDevelopment>>,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) is_production: bool,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) is_staging: bool,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) is_archived: bool,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) is_dev: bool,
    #[serde(default, deserialize_with = "null_is_default")]
    pub(crate) is_project: bool,
    pub(crate) active_user: Option<String>,
}

/// What a developer works on.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct AddonDevelopment {
    #[serde(default, deserialize_with = "null_is_default")]
    enabled: bool,
    #[serde(default, deserialize_with = "null_is_default")]
    path: String,
}

impl Bundle {
    /// The record as a bundle. A package for a platform that AYON does not know is a problem and left out.
    pub(crate) fn model(self, place: Place, problems: &mut Vec<Problem>) -> ayon_model::Bundle {
        let mut dependency_packages = BTreeMap::new();
        for (platform, file) in self.dependency_packages {
            let at = place.at(format!("dependencyPackages.{platform}"), None);
            let (Some(system), Some(file)) = (super::system(&platform, &at, problems), file) else {
                continue;
            };
            if !file.is_empty() {
                dependency_packages.insert(system, file);
            }
        }
        let development = |(addon, development): (String, Option<AddonDevelopment>)| {
            let AddonDevelopment { enabled, path } = development?;
            Some((addon, ayon_model::AddonDevelopment { enabled, path }))
        };
        ayon_model::Bundle {
            name: self.name.into(),
            addons: self.addons,
            installer_version: self.installer_version,
            dependency_packages,
            addon_development: self
                .addon_development
                .into_iter()
                .filter_map(development)
                .collect(),
            is_production: self.is_production,
            is_staging: self.is_staging,
            is_archived: self.is_archived,
            is_dev: self.is_dev,
            is_project: self.is_project,
            active_user: self.active_user,
            place,
        }
    }
}

impl From<&ayon_model::Bundle> for Bundle {
    fn from(bundle: &ayon_model::Bundle) -> Self {
        let package = |(system, file): (&ayon_model::System, &String)| {
            (system.to_string(), Some(file.clone()))
        };
        let development = |(addon, development): (&String, &ayon_model::AddonDevelopment)| {
            let ayon_model::AddonDevelopment { enabled, path } = development.clone();
            (addon.clone(), Some(AddonDevelopment { enabled, path }))
        };
        Self {
            name: bundle.name.to_string(),
            created_at: None,
            addons: bundle.addons.clone(),
            installer_version: bundle.installer_version.clone(),
            dependency_packages: bundle.dependency_packages.iter().map(package).collect(),
            addon_development: bundle.addon_development.iter().map(development).collect(),
            is_production: bundle.is_production,
            is_staging: bundle.is_staging,
            is_archived: bundle.is_archived,
            is_dev: bundle.is_dev,
            is_project: bundle.is_project,
            active_user: bundle.active_user.clone(),
        }
    }
}
