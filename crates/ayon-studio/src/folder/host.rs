//! Host profiles: what is known of a DCC host, one TOML file each.

use std::collections::BTreeMap;

use ayon_model::{Host, HostPython, Place, Problem, System};
use pypi::DistributionName;
use serde::Deserialize;

use super::records::toml_problem;

/// A profile as it is written. `source` and `confidence` are for those who maintain it.
#[derive(Debug, Deserialize)]
struct Profile {
    name: String,
    version: String,
    python: Option<String>,
    #[serde(default = "embedded")]
    embedded_python: bool,
    #[serde(default)]
    platforms: Vec<String>,
    qt_binding: Option<String>,
    #[serde(default)]
    modules: BTreeMap<String, String>,
}

fn embedded() -> bool {
    true
}

/// Reads a host profile, such as
///
/// ```toml
/// name = "maya"
/// version = "2025"
/// python = "3.11"
/// platforms = ["linux", "windows", "darwin"]
/// [modules]
/// numpy = "1.24.4"
/// ```
///
/// A `python` of two numbers is a series, one of three a version. What cannot be read is a problem; without a name and
/// a version there is no host.
pub fn read_host(text: &str, place: &Place) -> (Option<Host>, Vec<Problem>) {
    let profile: Profile = match toml::from_str(text) {
        Ok(profile) => profile,
        Err(error) => return (None, vec![toml_problem(&error, text, place)]),
    };
    let mut problems = Vec::new();
    let mut problem =
        |key: String, message: String| problems.push(Problem::new(place.at(key, None), message));
    let python = match (profile.embedded_python, profile.python) {
        (false, _) => HostPython::NotEmbedded,
        (true, None) => HostPython::Unknown,
        (true, Some(text)) => match text.parse::<pypi::Version>() {
            Ok(version) if version.release().len() > 2 => HostPython::Exact(version),
            Ok(series) => HostPython::Series(series),
            Err(error) => {
                problem("python".to_owned(), error.to_string());
                HostPython::Unknown
            }
        },
    };
    let mut systems: Vec<System> = Vec::new();
    for platform in profile.platforms {
        if let Ok(system) = platform.parse() {
            systems.push(system);
        } else {
            let platform = ayon_model::printable(&platform);
            problem(
                "platforms".to_owned(),
                format!("`{platform}` is none of linux, windows and darwin"),
            );
        }
    }
    let mut modules = BTreeMap::new();
    for (name, version) in profile.modules {
        match (
            name.parse::<DistributionName>(),
            version.parse::<pypi::Version>(),
        ) {
            (Ok(name), Ok(version)) => drop(modules.insert(name, version)),
            (Err(error), _) => problem(format!("modules.{name}"), error.to_string()),
            (_, Err(error)) => problem(format!("modules.{name}"), error.to_string()),
        }
    }
    let host = Host {
        name: profile.name.into(),
        version: profile.version.into(),
        python,
        systems,
        qt_binding: profile.qt_binding,
        modules,
        place: place.clone(),
    };
    (Some(host), problems)
}
