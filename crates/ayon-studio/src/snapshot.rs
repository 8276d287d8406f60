//! A studio in one file, for offline work, for a bug report, for a farm without a server.
//!
//! A snapshot is JSON that holds every fact of a [`Studio`] with the files and lines it was written in: reading what was
//! written gives an equal studio. The bytes are stable: same studio, same bytes. Ranges and requirements are kept as
//! their authors wrote them, those that cannot be read included, and are read again like any other.
//!
//! # Changing the format
//!
//! A field that older programs may pass over needs no new schema. Anything else raises [`SCHEMA`]; this program goes on
//! reading all older ones, and an older program refuses a newer one in clear words.

mod addon;
mod host;
mod python;

use std::collections::BTreeMap;

use ayon_model::{Addon, Place, Problem, ProjectBundles, Studio, Version};
use serde::{Deserialize, Serialize};

use crate::wire::{self, Misshapen};
use crate::{SourceError, folder};

use addon::AddonRecord;
#[cfg(feature = "server")]
pub(crate) use addon::RelationsRecord;
use host::HostRecord;
#[cfg(feature = "stand-in")]
pub(crate) use python::requirement;

/// The schema that [`write()`] writes, and the newest that [`read`] reads.
pub const SCHEMA: u64 = 1;

/// The largest snapshot that is read.
pub const MAX_BYTES: u64 = 256 * 1024 * 1024;

const NAME: &str = "ayon-resolve.studio";

/// The head of a snapshot, which every schema has.
#[derive(Deserialize)]
struct Head {
    schema: Schema,
}

#[derive(Serialize, Deserialize)]
struct Schema {
    name: String,
    version: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Document {
    schema: Schema,
    label: String,
    server_version: Option<String>,
    /// In the order of the source, newest first.
    bundles: Vec<Placed<wire::Bundle>>,
    launchers: Vec<Placed<wire::Launcher>>,
    dependency_packages: Vec<Placed<wire::DependencyPackage>>,
    projects: BTreeMap<String, ProjectRecord>,
    hosts: Vec<HostRecord>,
    addons: BTreeMap<String, AddonRecord>,
    problems: Vec<ProblemRecord>,
}

/// A record of the server's, and where it was written.
#[derive(Serialize, Deserialize)]
struct Placed<T> {
    place: PlaceRecord,
    record: T,
}

#[derive(Serialize, Deserialize)]
struct PlaceRecord {
    file: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    line: Option<u32>,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    key: String,
}

#[derive(Serialize, Deserialize)]
struct ProjectRecord {
    production: Option<String>,
    staging: Option<String>,
}

#[derive(Serialize, Deserialize)]
struct ProblemRecord {
    place: PlaceRecord,
    message: String,
}

/// Writes a snapshot.
pub fn write(studio: &Studio) -> Vec<u8> {
    let launcher = |(version, build): (&Version, &ayon_model::LauncherBuild)| Placed {
        place: (&build.place).into(),
        record: wire::Launcher::of(version, build),
    };
    let builds = studio
        .launchers
        .iter()
        .flat_map(|(version, launcher)| launcher.builds.iter().map(move |b| (version, b)));
    let problem = |problem: &Problem| ProblemRecord {
        place: (&problem.place).into(),
        message: problem.message.clone(),
    };
    let project = |(name, bundles): (&String, &ProjectBundles)| {
        let ProjectBundles {
            production,
            staging,
        } = bundles.clone();
        (
            name.clone(),
            ProjectRecord {
                production,
                staging,
            },
        )
    };
    let document = Document {
        schema: Schema {
            name: NAME.to_owned(),
            version: SCHEMA,
        },
        label: studio.label.clone(),
        server_version: studio.server_version.clone(),
        bundles: studio
            .bundles
            .iter()
            .map(|b| Placed {
                place: (&b.place).into(),
                record: b.into(),
            })
            .collect(),
        launchers: builds.map(launcher).collect(),
        dependency_packages: studio
            .dependency_packages
            .values()
            .map(|package| Placed {
                place: (&package.place).into(),
                record: package.into(),
            })
            .collect(),
        projects: studio.projects.iter().map(project).collect(),
        hosts: studio.hosts.iter().map(HostRecord::from).collect(),
        addons: studio
            .addons
            .iter()
            .map(|(name, addon)| (name.as_str().to_owned(), addon.into()))
            .collect(),
        problems: studio.problems.iter().map(problem).collect(),
    };
    // Maps with text keys and plain values: there is nothing here that JSON cannot hold.
    let mut bytes = serde_json::to_vec_pretty(&document).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// Reads a snapshot. `file` is what an error calls it.
///
/// # Errors
/// [`SourceError::NewerSnapshot`] for a schema newer than [`SCHEMA`], [`SourceError::NoSnapshot`] for anything else that
/// is none, with the place of the mistake. What the studio itself had wrong is in its `problems`, as before.
pub fn read(bytes: &[u8], file: &str) -> Result<Studio, SourceError> {
    let none = |reason: String| SourceError::NoSnapshot {
        path: file.to_owned(),
        reason,
    };
    let head: Head = wire::from_json(bytes).map_err(|misshapen| none(words(&misshapen)))?;
    if head.schema.name != NAME {
        return Err(none(format!(
            "its schema is `{}`, not `{NAME}`",
            crate::error::quotable(&head.schema.name)
        )));
    }
    if head.schema.version > SCHEMA {
        return Err(SourceError::NewerSnapshot {
            path: file.to_owned(),
            found: head.schema.version,
            known: SCHEMA,
        });
    }
    let document: Document = wire::from_json(bytes).map_err(|misshapen| none(words(&misshapen)))?;
    document.model().map_err(none)
}

fn words(misshapen: &Misshapen) -> String {
    let line = misshapen
        .line
        .map(|line| format!("line {line}: "))
        .unwrap_or_default();
    match misshapen.at.as_str() {
        "." => format!("{line}{}", misshapen.reason),
        at => format!("{line}at `{at}`, {}", misshapen.reason),
    }
}

impl Document {
    fn model(self) -> Result<Studio, String> {
        let mut studio = Studio {
            label: self.label,
            server_version: self.server_version,
            ..Studio::default()
        };
        // These records were read once and their mistakes are among the problems; new ones are a damaged file.
        let mut mistakes = Vec::new();
        for Placed { place, record } in self.bundles {
            studio
                .bundles
                .push(record.model(place.into(), &mut mistakes));
        }
        for Placed { place, record } in self.launchers {
            if let Some((version, build)) = record.model(place.into(), &mut mistakes) {
                folder::add_build(&mut studio.launchers, version, build);
            }
        }
        for Placed { place, record } in self.dependency_packages {
            if let Some(package) = record.model(place.into(), &mut mistakes) {
                studio
                    .dependency_packages
                    .insert(package.filename.clone(), package);
            }
        }
        for (
            name,
            ProjectRecord {
                production,
                staging,
            },
        ) in self.projects
        {
            studio.projects.insert(
                name,
                ProjectBundles {
                    production,
                    staging,
                },
            );
        }
        for host in self.hosts {
            studio.hosts.push(host.model()?);
        }
        for (name, record) in self.addons {
            let addon: Addon = record.model(name.into())?;
            studio.addons.insert(addon.name.clone(), addon);
        }
        if let Some(mistake) = mistakes.first() {
            return Err(format!("{}: {}", mistake.place, mistake.message));
        }
        let problem = |ProblemRecord { place, message }| Problem {
            place: Place::from(place),
            message,
        };
        studio.problems = self.problems.into_iter().map(problem).collect();
        Ok(studio)
    }
}

impl From<&Place> for PlaceRecord {
    fn from(place: &Place) -> Self {
        Self {
            file: place.file.to_string(),
            line: place.line,
            key: place.key.to_string(),
        }
    }
}

impl From<PlaceRecord> for Place {
    fn from(record: PlaceRecord) -> Self {
        Self {
            file: record.file.into(),
            line: record.line,
            key: record.key.into(),
        }
    }
}
