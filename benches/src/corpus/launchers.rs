//! `launchers.json`: what each launcher release brings.

use std::collections::BTreeMap;

use ayon_model::{Launcher, LauncherBuild, Place, Problem, System, Version};
use indexmap::IndexMap;
use pypi::DistributionName;
use serde::Deserialize;

use super::{CorpusError, parse};

/// One launcher.
#[derive(Deserialize)]
struct Entry {
    python_version: Option<String>,
    /// Per platform; absent before 1.5.0, where only a Poetry lock of all platforms together is left. A lock is no list
    /// of what a build has, so those builds are read as having modules that nobody knows.
    #[serde(rename = "pythonModules_derived")]
    modules: Option<Modules>,
    #[serde(rename = "runtimePythonModules_declared")]
    runtime_modules: Modules,
}

type Modules = IndexMap<String, IndexMap<String, String>>;

pub(super) fn read(
    text: &str,
    problems: &mut Vec<Problem>,
) -> Result<BTreeMap<Version, Launcher>, CorpusError> {
    let file: IndexMap<String, Entry> = parse("launchers.json", text)?;
    let mut launchers = BTreeMap::new();
    for (version, entry) in file {
        let place = Place::file("launchers.json").at(version.as_str(), None);
        match Version::parse(&version) {
            Ok(parsed) => {
                let builds = builds(&version, &entry, &place, problems);
                launchers.insert(
                    parsed.clone(),
                    Launcher {
                        version: parsed,
                        builds,
                    },
                );
            }
            Err(error) => {
                problems.push(Problem::new(place, format!("no semantic version: {error}")));
            }
        }
    }
    Ok(launchers)
}

/// A build for each system the launcher declares a Qt for, which is each it is built for.
fn builds(
    version: &str,
    entry: &Entry,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> Vec<LauncherBuild> {
    let mut builds = Vec::new();
    for (system, qt) in &entry.runtime_modules {
        let key = |field: &str| place.at(format!("{version}.{field}.{system}"), None);
        let system: System = match system.parse() {
            Ok(system) => system,
            Err(error) => {
                problems.push(Problem::new(
                    key("runtimePythonModules_declared"),
                    error.to_string(),
                ));
                continue;
            }
        };
        let given = entry
            .modules
            .as_ref()
            .and_then(|modules| modules.get(system.as_str()));
        let python = entry.python_version.as_ref().and_then(|python| {
            python
                .parse()
                .map_err(|error| problems.push(problem(place, python, &error)))
                .ok()
        });
        builds.push(LauncherBuild {
            filename: format!("AYON-{version}-{system}"),
            system,
            distribution: None,
            python,
            modules: given
                .map(|given| modules(given, &key("pythonModules_derived"), problems))
                .unwrap_or_default(),
            runtime_modules: modules(qt, &key("runtimePythonModules_declared"), problems),
            unversioned_modules: BTreeMap::new(),
            place: place.clone(),
        });
    }
    builds
}

fn modules(
    listed: &IndexMap<String, String>,
    place: &Place,
    problems: &mut Vec<Problem>,
) -> BTreeMap<DistributionName, pypi::Version> {
    let mut modules = BTreeMap::new();
    for (name, version) in listed {
        match (
            name.parse::<DistributionName>(),
            version.parse::<pypi::Version>(),
        ) {
            (Ok(name), Ok(version)) => drop(modules.insert(name, version)),
            (Err(error), _) => problems.push(problem(place, name, &error)),
            (_, Err(error)) => problems.push(problem(place, name, &error)),
        }
    }
    modules
}

fn problem(place: &Place, what: &str, error: &dyn std::fmt::Display) -> Problem {
    Problem::new(place.clone(), format!("{what}: {error}"))
}
