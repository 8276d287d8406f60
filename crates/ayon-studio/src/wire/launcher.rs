//! Installer records: `GET /api/desktop/installers`.

use std::collections::BTreeMap;

use ayon_model::{LauncherBuild, Place, Problem, Version, printable};
use pypi::DistributionName;
use serde::{Deserialize, Serialize};

use super::null_is_default;

/// A record: one build of a launcher.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Launcher {
    pub(crate) filename: String,
    pub(crate) platform: String,
    pub(crate) version: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    python_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    distro_short: Option<String>,
    /// Values are normally texts, but may be objects that tell of a git source.
    #[serde(default, deserialize_with = "null_is_default")]
    python_modules: BTreeMap<String, serde_json::Value>,
    #[serde(default, deserialize_with = "null_is_default")]
    runtime_python_modules: BTreeMap<String, serde_json::Value>,
}

impl Launcher {
    /// The record as a build with the version it is of; nothing where version or platform are unusable.
    pub(crate) fn model(
        self,
        place: Place,
        problems: &mut Vec<Problem>,
    ) -> Option<(Version, LauncherBuild)> {
        let system = super::system(&self.platform, &place.at("platform", None), problems);
        let version = match Version::parse(&self.version) {
            Ok(version) => Some(version),
            Err(error) => {
                let text = printable(&self.version);
                let message = format!(
                    "launcher version `{text}` is no semantic version ({error}); no bundle can name it"
                );
                problems.push(Problem::new(place.at("version", None), message));
                None
            }
        };
        let python = super::python(self.python_version.as_deref(), &place, problems);
        let mut unversioned_modules = BTreeMap::new();
        let mut versions =
            |written, key| modules(written, key, &mut unversioned_modules, &place, problems);
        let modules = versions(self.python_modules, "pythonModules");
        let runtime_modules = versions(self.runtime_python_modules, "runtimePythonModules");
        let build = LauncherBuild {
            filename: self.filename,
            system: system?,
            distribution: self
                .distro_short
                .filter(|distribution| !distribution.is_empty()),
            python,
            modules,
            runtime_modules,
            unversioned_modules,
            place,
        };
        Some((version?, build))
    }

    /// A build as a record.
    pub(crate) fn of(version: &Version, build: &LauncherBuild) -> Self {
        let text = |version: &pypi::Version| serde_json::Value::String(version.to_string());
        let written = |modules: &BTreeMap<DistributionName, pypi::Version>| {
            modules
                .iter()
                .map(|(name, version)| (name.as_str().to_owned(), text(version)))
                .collect::<BTreeMap<_, _>>()
        };
        let mut python_modules = written(&build.modules);
        let unversioned = build.unversioned_modules.iter();
        python_modules.extend(unversioned.map(|(name, text)| (name.clone(), text.clone().into())));
        Self {
            filename: build.filename.clone(),
            platform: build.system.to_string(),
            version: version.to_string(),
            python_version: build.python.as_ref().map(ToString::to_string),
            distro_short: build.distribution.clone(),
            python_modules,
            runtime_python_modules: written(&build.runtime_modules),
        }
    }
}

/// A list of modules: names in whatever spelling the build environment had, values mostly versions.
fn modules(
    written: BTreeMap<String, serde_json::Value>,
    key: &str,
    unversioned: &mut BTreeMap<String, String>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> BTreeMap<DistributionName, pypi::Version> {
    let mut modules = BTreeMap::new();
    for (name, value) in written {
        let text = match value {
            serde_json::Value::String(text) => text,
            other => other.to_string(),
        };
        let distribution = match name.parse::<DistributionName>() {
            Ok(distribution) => distribution,
            Err(error) => {
                problems.push(Problem::new(
                    place.at(format!("{key}.{name}"), None),
                    error.to_string(),
                ));
                continue;
            }
        };
        match text.parse::<pypi::Version>() {
            Ok(version) => drop(modules.insert(distribution, version)),
            Err(_) => drop(unversioned.insert(name, text)),
        }
    }
    modules
}
