//! `hosts.json`: DCC hosts and the Python each embeds.

use std::collections::BTreeMap;
use std::sync::Arc;

use ayon_model::{Host, HostPython, Place, Problem, System};
use serde::Deserialize;

use super::{CorpusError, parse};

#[derive(Deserialize)]
struct File {
    hosts: Vec<Entry>,
}

/// One host in one version.
#[derive(Deserialize)]
struct Entry {
    host: String,
    /// Absent in rows about a host as a whole.
    version: Option<String>,
    python: Option<String>,
    embedded_python: bool,
    platforms: Vec<String>,
    qt_binding: Option<String>,
}

/// The rows that are about a version: a profile of "some Harmony" could serve no target.
pub(super) fn read(text: &str, problems: &mut Vec<Problem>) -> Result<Vec<Host>, CorpusError> {
    let file: File = parse("hosts.json", text)?;
    let mut hosts = Vec::new();
    for (row, entry) in file.hosts.into_iter().enumerate() {
        let Some(version) = &entry.version else {
            continue;
        };
        let place = Place::file("hosts.json").at(format!("hosts[{row}]"), None);
        match host(&entry, version, place.clone()) {
            Ok(host) => hosts.push(host),
            Err(message) => problems.push(Problem::new(place, message)),
        }
    }
    hosts.sort_by(|a: &Host, b| a.name.cmp(&b.name));
    Ok(hosts)
}

fn host(entry: &Entry, version: &str, place: Place) -> Result<Host, String> {
    let python = match (&entry.python, entry.embedded_python) {
        // The table knows series, such as 3.11.
        (Some(python), true) => {
            HostPython::Series(python.parse().map_err(|error| format!("python: {error}"))?)
        }
        (None, true) => HostPython::Unknown,
        (_, false) => HostPython::NotEmbedded,
    };
    let systems: Result<Vec<System>, _> = entry
        .platforms
        .iter()
        .map(|platform| platform.parse())
        .collect();
    Ok(Host {
        name: Arc::from(entry.host.as_str()),
        version: Arc::from(version),
        python,
        systems: systems.map_err(|error| format!("platforms: {error}"))?,
        qt_binding: entry.qt_binding.clone(),
        modules: BTreeMap::new(),
        place,
    })
}
