//! Hosts in a snapshot.

use std::collections::BTreeMap;

use ayon_model::{Host, HostPython, System};
use serde::{Deserialize, Serialize};

use super::PlaceRecord;

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct HostRecord {
    name: String,
    version: String,
    python: PythonRecord,
    systems: Vec<String>,
    qt_binding: Option<String>,
    modules: BTreeMap<String, String>,
    place: PlaceRecord,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
enum PythonRecord {
    Exact(String),
    Series(String),
    NotEmbedded,
    Unknown,
}

impl From<&Host> for HostRecord {
    fn from(host: &Host) -> Self {
        let python = match &host.python {
            HostPython::Exact(version) => PythonRecord::Exact(version.to_string()),
            HostPython::Series(series) => PythonRecord::Series(series.to_string()),
            HostPython::NotEmbedded => PythonRecord::NotEmbedded,
            HostPython::Unknown => PythonRecord::Unknown,
        };
        Self {
            name: host.name.to_string(),
            version: host.version.to_string(),
            python,
            systems: host.systems.iter().map(ToString::to_string).collect(),
            qt_binding: host.qt_binding.clone(),
            modules: host
                .modules
                .iter()
                .map(|(name, version)| (name.to_string(), version.to_string()))
                .collect(),
            place: (&host.place).into(),
        }
    }
}

impl HostRecord {
    pub(super) fn model(self) -> Result<Host, String> {
        let host = format!("host {} {}", self.name, self.version);
        let said =
            |error: &dyn std::fmt::Display| format!("{}: {error}", crate::error::quotable(&host));
        let version = |text: &str| text.parse::<pypi::Version>().map_err(|error| said(&error));
        let python = match &self.python {
            PythonRecord::Exact(text) => HostPython::Exact(version(text)?),
            PythonRecord::Series(text) => HostPython::Series(version(text)?),
            PythonRecord::NotEmbedded => HostPython::NotEmbedded,
            PythonRecord::Unknown => HostPython::Unknown,
        };
        let mut systems: Vec<System> = Vec::new();
        for system in &self.systems {
            systems.push(
                system
                    .parse()
                    .map_err(|error: ayon_model::PlatformError| said(&error))?,
            );
        }
        let mut modules = BTreeMap::new();
        for (name, text) in &self.modules {
            modules.insert(
                name.parse()
                    .map_err(|error: pypi::NameError| said(&error))?,
                version(text)?,
            );
        }
        Ok(Host {
            name: self.name.into(),
            version: self.version.into(),
            python,
            systems,
            qt_binding: self.qt_binding,
            modules,
            place: self.place.into(),
        })
    }
}
