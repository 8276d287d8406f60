//! Reading a lock, ours or another tool's.
//!
//! Everything an installer needs is checked; what is only information (times, the tables of tools) never makes a
//! lock unreadable. Keys that are not known are passed over: a later minor version may have them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use super::{Dependency, File, Location, Notes, Package, Pylock, Source};
use crate::lock::{HeldBack, WantedBy};
use crate::name::{DistributionName, NameError};
use crate::text::{printable, visible};
use crate::version::{Version, VersionError};

/// A universal lock of a thousand packages has less.
const LONGEST: usize = 64 * 1024 * 1024;

/// A text that is no `pylock.toml` that can be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PylockError {
    /// Too long to be a lock.
    #[error("it is {0} bytes long, which no lock is")]
    TooLong(usize),
    /// No TOML, or a key of another kind or missing.
    #[error("{0}")]
    Syntax(String),
    /// A format of the future.
    #[error("its format is {0}, and this program reads 1.x; lock again, or use a newer program")]
    Format(String),
    /// What it says of a package cannot be.
    #[error("package {package}: {reason}")]
    Package {
        /// Its name, as written.
        package: String,
        /// What is wrong.
        reason: String,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RawLock {
    #[serde(default)]
    environments: Vec<String>,
    requires_python: Option<String>,
    created_by: String,
    packages: Vec<RawPackage>,
    #[serde(default)]
    tool: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RawPackage {
    name: String,
    version: Option<String>,
    marker: Option<String>,
    requires_python: Option<String>,
    #[serde(default)]
    dependencies: Vec<RawDependency>,
    index: Option<String>,
    vcs: Option<RawVcs>,
    directory: Option<RawDirectory>,
    archive: Option<RawFile>,
    sdist: Option<RawFile>,
    wheels: Option<Vec<RawFile>>,
    #[serde(default)]
    tool: BTreeMap<String, toml::Value>,
}

#[derive(Deserialize)]
struct RawDependency {
    name: Option<String>,
    version: Option<String>,
    marker: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RawVcs {
    r#type: String,
    url: Option<String>,
    path: Option<String>,
    requested_revision: Option<String>,
    commit_id: String,
    subdirectory: Option<String>,
}

#[derive(Deserialize)]
struct RawDirectory {
    path: String,
    #[serde(default)]
    editable: bool,
    subdirectory: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct RawFile {
    name: Option<String>,
    upload_time: Option<toml::value::Datetime>,
    url: Option<String>,
    path: Option<String>,
    size: Option<u64>,
    hashes: BTreeMap<String, String>,
    subdirectory: Option<String>,
}

/// Our own table under `tool`. A text that is not what it should be is no note.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case", default)]
struct RawNotes {
    half: Option<String>,
    extras: Vec<String>,
    wanted_by: Vec<RawWanted>,
    held_back: Option<RawHeldBack>,
    yanked: bool,
}

#[derive(Deserialize)]
struct RawWanted {
    who: String,
    requirement: String,
}

#[derive(Deserialize)]
struct RawHeldBack {
    newest: String,
    by: Vec<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RawTool {
    platforms: Vec<String>,
}

impl Pylock {
    /// Reads a lock, with the notes in the table of `tool`.
    ///
    /// # Errors
    /// It is no TOML, of a format that is not known, or breaks a rule of PEP 751.
    pub fn read(text: &str, tool: &str) -> Result<Self, PylockError> {
        if text.len() > LONGEST {
            return Err(PylockError::TooLong(text.len()));
        }
        // The format is looked at first: in another one everything else may be different.
        let version = lock_version(text)?;
        let raw: RawLock = parse(text)?;
        let packages = raw.packages.into_iter();
        let own: RawTool = own_table(raw.tool, tool);
        Ok(Self {
            lock_version: version,
            environments: raw.environments,
            requires_python: raw.requires_python,
            created_by: raw.created_by,
            packages: packages
                .map(|package| {
                    let name = visible(&package.name);
                    self::package(package, tool).map_err(|reason| PylockError::Package {
                        package: name,
                        reason: reason.0,
                    })
                })
                .collect::<Result<_, _>>()?,
            platforms: own.platforms,
        })
    }
}

fn parse<'t, T: Deserialize<'t>>(text: &'t str) -> Result<T, PylockError> {
    toml::from_str(text)
        .map_err(|error| PylockError::Syntax(error.to_string().trim_end().to_owned()))
}

fn lock_version(text: &str) -> Result<(u64, u64), PylockError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "kebab-case")]
    struct Head {
        lock_version: String,
    }
    let Head { lock_version } = parse(text)?;
    let (major, minor) = lock_version
        .split_once('.')
        .unwrap_or((lock_version.as_str(), "0"));
    match (major.parse(), minor.parse()) {
        (Ok(1), Ok(minor)) => Ok((1, minor)),
        _ => Err(PylockError::Format(printable(&lock_version))),
    }
}

/// What is wrong with a package.
struct Reason(String);

impl From<NameError> for Reason {
    fn from(error: NameError) -> Self {
        Self(error.to_string())
    }
}

impl From<VersionError> for Reason {
    fn from(error: VersionError) -> Self {
        Self(error.to_string())
    }
}

fn wrong<T>(reason: &str) -> Result<T, Reason> {
    Err(Reason(reason.to_owned()))
}

fn package(raw: RawPackage, tool: &str) -> Result<Package, Reason> {
    let name = normal_name(&raw.name)?;
    let version = raw.version.as_deref().map(str::parse).transpose()?;
    let dependencies = raw.dependencies.into_iter().filter_map(dependency);
    let dependencies = dependencies.collect::<Result<_, Reason>>()?;
    let direct = [
        raw.vcs.is_some(),
        raw.directory.is_some(),
        raw.archive.is_some(),
        raw.sdist.is_some() || raw.wheels.is_some(),
    ];
    if direct.into_iter().filter(|is_there| *is_there).count() != 1 {
        return wrong("it must have exactly one source: files, `vcs`, `directory` or `archive`");
    }
    let source = if let Some(vcs) = raw.vcs {
        Source::Vcs {
            kind: vcs.r#type,
            location: location(vcs.url, vcs.path)?,
            requested_revision: vcs.requested_revision,
            commit_id: vcs.commit_id,
            subdirectory: vcs.subdirectory,
        }
    } else if let Some(directory) = raw.directory {
        Source::Directory {
            path: directory.path,
            editable: directory.editable,
            subdirectory: directory.subdirectory,
        }
    } else if let Some(mut archive) = raw.archive {
        let subdirectory = archive.subdirectory.take();
        archive.name = None;
        Source::Archive {
            file: file(archive)?,
            subdirectory,
        }
    } else {
        let wheels = raw.wheels.unwrap_or_default().into_iter().map(file);
        Source::Files {
            wheels: wheels.collect::<Result<_, _>>()?,
            sdist: raw.sdist.map(file).transpose()?,
        }
    };
    Ok(Package {
        name,
        version,
        marker: raw.marker,
        requires_python: raw.requires_python,
        dependencies,
        index: raw.index,
        source,
        notes: notes(own_table(raw.tool, tool)),
    })
}

fn normal_name(text: &str) -> Result<DistributionName, Reason> {
    let name: DistributionName = text.parse()?;
    if name.as_str() == text {
        Ok(name)
    } else {
        wrong("its name is not normalised")
    }
}

/// A key by which another entry is found. A tool may name one by its source alone; that is for audits only, and left out.
fn dependency(raw: RawDependency) -> Option<Result<Dependency, Reason>> {
    let read = |name: String, version: Option<String>| {
        Ok(Dependency {
            name: normal_name(&name)?,
            version: version.as_deref().map(str::parse).transpose()?,
            marker: raw.marker,
        })
    };
    Some(read(raw.name?, raw.version))
}

fn location(url: Option<String>, path: Option<String>) -> Result<Location, Reason> {
    // Where both are there an installer takes the path.
    match (path, url) {
        (Some(path), _) => Ok(Location::Path(path)),
        (None, Some(url)) => Ok(Location::Url(url)),
        (None, None) => wrong("a source has neither `url` nor `path`"),
    }
}

fn file(raw: RawFile) -> Result<File, Reason> {
    let location = location(raw.url, raw.path)?;
    if raw.hashes.is_empty() {
        return wrong("a file has no hash");
    }
    Ok(File {
        name: raw.name.unwrap_or_else(|| location.last_part()),
        uploaded: raw
            .upload_time
            .and_then(|time| time.to_string().parse().ok()),
        location,
        size: raw.size,
        hashes: raw.hashes,
    })
}

fn own_table<T: Default + serde::de::DeserializeOwned>(
    mut tools: BTreeMap<String, toml::Value>,
    tool: &str,
) -> T {
    let table = tools.remove(tool);
    table
        .and_then(|table| table.try_into().ok())
        .unwrap_or_default()
}

fn notes(raw: RawNotes) -> Notes {
    let extras = raw.extras.iter().filter_map(|extra| extra.parse().ok());
    let wanted_by = raw.wanted_by.into_iter().map(|wanted| WantedBy {
        who: wanted.who,
        requirement: wanted.requirement,
        is_root: true,
    });
    Notes {
        half: raw.half,
        is_yanked: raw.yanked,
        extras: extras.collect::<BTreeSet<_>>(),
        wanted_by: wanted_by.collect(),
        held_back: raw.held_back.and_then(|held_back| {
            Some(HeldBack {
                newest: held_back.newest.parse::<Version>().ok()?,
                by: held_back.by,
            })
        }),
    }
}
