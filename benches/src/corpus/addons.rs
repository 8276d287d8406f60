//! `addons.json`: what each release's `package.py` and client `pyproject.toml` say.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{
    Addon, AddonName, AddonRelease, Knowledge, Place, Problem, Relations, Version, VersionRange,
};
use indexmap::IndexMap;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{CorpusError, parse};

/// One release. Fields that nothing here uses are left out.
#[derive(Deserialize)]
struct Entry {
    title: Option<String>,
    app_host_name: Option<String>,
    ayon_server_version: Option<String>,
    ayon_launcher_version: Option<String>,
    ayon_required_addons: Option<IndexMap<String, Option<String>>>,
    ayon_soft_required_addons: Option<IndexMap<String, Option<String>>>,
    ayon_compatible_addons: Option<IndexMap<String, Option<String>>>,
    project_can_override_addon_version: Option<bool>,
    client_pyproject_path: Option<String>,
    client_dependencies: Option<Map<String, Value>>,
    runtime_dependencies: Option<Map<String, Value>>,
    source_repo: String,
    #[serde(rename = "ref")]
    reference: String,
}

pub(super) fn read(
    text: &str,
    problems: &mut Vec<Problem>,
) -> Result<BTreeMap<AddonName, Addon>, CorpusError> {
    let file: IndexMap<String, IndexMap<String, Entry>> = parse("addons.json", text)?;
    let mut addons = BTreeMap::new();
    for (name, entries) in file {
        let name = AddonName::from(name);
        let mut releases = BTreeMap::new();
        for (version, entry) in entries {
            match Version::parse(&version) {
                Ok(version) => {
                    let release = release(&name, &version, entry, problems);
                    releases.insert(version, Arc::new(release));
                }
                Err(error) => {
                    let place = Place::file("addons.json").at(format!("{name}.{version}"), None);
                    problems.push(Problem::new(
                        place,
                        format!("`{version}` is no semantic version: {error}"),
                    ));
                }
            }
        }
        addons.insert(name.clone(), Addon { name, releases });
    }
    Ok(addons)
}

/// The two tables where a `pyproject.toml` has them.
fn pyproject(
    dependencies: Option<Map<String, Value>>,
    runtime: Option<Map<String, Value>>,
) -> Value {
    let mut document = json!({});
    if let Some(dependencies) = dependencies {
        document["tool"] = json!({"poetry": {"dependencies": dependencies}});
    }
    if let Some(runtime) = runtime {
        document["ayon"] = json!({"runtimeDependencies": runtime});
    }
    document
}

fn release(
    name: &AddonName,
    version: &Version,
    entry: Entry,
    problems: &mut Vec<Problem>,
) -> AddonRelease {
    // As a person would look it up: the repository at its tag, and the file in it.
    let source = format!("{}@{}", entry.source_repo, entry.reference);
    let mut release = AddonRelease {
        name: name.clone(),
        version: version.clone(),
        title: entry.title,
        host_name: entry.app_host_name,
        project_can_override: entry.project_can_override_addon_version.unwrap_or(false),
        relations: Knowledge::Known(Box::new(Relations {
            server: entry.ayon_server_version.as_deref().map(VersionRange::read),
            launcher: entry
                .ayon_launcher_version
                .as_deref()
                .map(VersionRange::read),
            required: relations(entry.ayon_required_addons),
            soft_required: relations(entry.ayon_soft_required_addons),
            compatible: relations(entry.ayon_compatible_addons),
            lines: BTreeMap::new(),
        })),
        python: ayon_model::PythonNeeds::default(),
        broken: None,
        package_file: Place::file(format!("{source}/package.py")),
    };
    if let Some(path) = &entry.client_pyproject_path {
        let file = Place::file(format!("{source}/{path}"));
        let document = pyproject(entry.client_dependencies, entry.runtime_dependencies);
        match ayon_studio::read_client_pyproject(document, &release.subject(), &file) {
            Ok((needs, found)) => {
                release.python = needs;
                problems.extend(found);
            }
            Err(error) => problems.push(Problem::new(file, error.to_string())),
        }
    }
    release
}

fn relations(
    map: Option<IndexMap<String, Option<String>>>,
) -> IndexMap<AddonName, Option<VersionRange>> {
    let entries = map.unwrap_or_default().into_iter();
    entries
        .map(|(name, range)| {
            (
                AddonName::from(name),
                range.as_deref().map(VersionRange::read),
            )
        })
        .collect()
}
