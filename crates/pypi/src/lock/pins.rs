//! The choices of an existing lock, as preferences for the next one.
//!
//! A lock that is made again should change only where something forces it to. What is kept of the old one is little: a
//! version of each package, and the commit where a branch or tag was asked for. It may be a `pylock.toml` or a
//! `requirements.txt`, ours or any other tool's; whatever in it is no pin is passed over, since a preference that is not
//! there costs nothing.

use std::collections::BTreeMap;

use super::pylock::{Location, Pylock, PylockError, Source};
use super::{Lock, Origin};
use crate::marker::Marker;
use crate::name::DistributionName;
use crate::requirement::Requirement;
use crate::source::Constraint;
use crate::version::Version;
use crate::{MarkerEnvironment, Source as Asked};

/// No requirements file is near this length.
const LONGEST: usize = 64 * 1024 * 1024;

/// What an existing lock chose for one target.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pins {
    /// The version of each package.
    pub versions: BTreeMap<DistributionName, Version>,
    /// The commit of each package from a repository.
    pub commits: BTreeMap<DistributionName, GitPin>,
}

/// A commit that was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitPin {
    /// The repository, without `git+`.
    pub url: String,
    /// The branch, tag or revision that was asked for, where the lock says it.
    pub requested: Option<String>,
    /// The commit.
    pub commit: String,
}

/// An existing lock, of any tool.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum OldLock {
    /// A `pylock.toml`.
    Pylock(Box<Pylock>),
    /// What can be read of a `requirements.txt`.
    Requirements(Vec<Requirement>),
}

impl Pins {
    /// The choices of a lock that is at hand as a value.
    pub fn of(lock: &Lock) -> Self {
        let mut pins = Self::default();
        for package in &lock.packages {
            if let Some(version) = &package.version {
                pins.versions.insert(package.name.clone(), version.clone());
            }
            if let Origin::Git {
                url,
                commit,
                requested,
                ..
            } = &package.origin
            {
                let pin = GitPin {
                    url: url.clone(),
                    requested: requested.clone(),
                    commit: commit.clone(),
                };
                pins.commits.insert(package.name.clone(), pin);
            }
        }
        pins
    }
}

impl OldLock {
    /// Reads a lock.
    ///
    /// # Errors
    /// It is meant as a `pylock.toml` (it has a `lock-version`) and cannot be read as one.
    pub fn read(text: &str) -> Result<Self, PylockError> {
        if text.len() > LONGEST {
            return Err(PylockError::TooLong(text.len()));
        }
        if is_pylock(text) {
            return Ok(Self::Pylock(Box::new(Pylock::read(text, "")?)));
        }
        let requirements = logical_lines(text).into_iter().filter_map(|line| {
            // Options of a requirement, such as its hashes, come last; options of the file come alone.
            line.split(" --").next()?.parse().ok()
        });
        Ok(Self::Requirements(requirements.collect()))
    }

    /// Its choices for `environment`. Entries of other environments are passed over.
    pub fn pins(&self, environment: &MarkerEnvironment) -> Pins {
        match self {
            Self::Pylock(lock) => of_pylock(lock, environment),
            Self::Requirements(requirements) => of_requirements(requirements, environment),
        }
    }

    /// Whether it says that it may be installed in `environment`: a choice made for another one weighs less.
    pub fn is_for(&self, environment: &MarkerEnvironment) -> bool {
        let Self::Pylock(lock) = self else {
            return true;
        };
        let mut markers = lock.environments.iter().map(|text| text.parse::<Marker>());
        lock.environments.is_empty()
            || markers.any(|marker| marker.is_ok_and(|marker| marker.evaluate(environment, &[])))
    }
}

/// Reads the choices of `text` for `environment`.
///
/// # Errors
/// As [`OldLock::read`].
pub fn read(text: &str, environment: &MarkerEnvironment) -> Result<Pins, PylockError> {
    Ok(OldLock::read(text)?.pins(environment))
}

/// Whether a text is meant as a `pylock.toml`: it says the version of its format, which no requirement looks like.
pub fn is_pylock(text: &str) -> bool {
    let mut lines = text.trim_start_matches('\u{feff}').lines();
    lines.any(|line| {
        let key = line.trim_start();
        let key = key.trim_start_matches(['"', '\'']);
        key.strip_prefix("lock-version").is_some_and(|rest| {
            let rest = rest.trim_start_matches(['"', '\'']).trim_start();
            rest.strip_prefix('=')
                .is_some_and(|value| value.trim_start().starts_with(['"', '\'']))
        })
    })
}

/// The choices of a lock that was read.
pub fn of_pylock(lock: &Pylock, environment: &MarkerEnvironment) -> Pins {
    let mut pins = Pins::default();
    for package in &lock.packages {
        // A marker that only its own tool can read is no reason to forget the version.
        let marker = package.marker.as_deref().and_then(|text| text.parse().ok());
        if marker.is_some_and(|marker: Marker| !marker.evaluate(environment, &[])) {
            continue;
        }
        if let Some(version) = &package.version {
            pins.versions.insert(package.name.clone(), version.clone());
        }
        if let Source::Vcs {
            kind,
            location: Location::Url(url),
            requested_revision,
            commit_id,
            ..
        } = &package.source
            && kind == "git"
        {
            let pin = GitPin {
                url: url.clone(),
                requested: requested_revision.clone(),
                commit: commit_id.clone(),
            };
            pins.commits.insert(package.name.clone(), pin);
        }
    }
    pins
}

fn of_requirements(requirements: &[Requirement], environment: &MarkerEnvironment) -> Pins {
    let mut pins = Pins::default();
    for requirement in requirements {
        if !requirement.marker.evaluate(environment, &[]) {
            continue;
        }
        match &requirement.constraint {
            Constraint::Versions { text, .. } => {
                if let Some(version) = pinned(text) {
                    pins.versions.insert(requirement.name.clone(), version);
                }
            }
            Constraint::Source(Asked::Url { url, .. }) => {
                if let Some(pin) = commit(url) {
                    pins.commits.insert(requirement.name.clone(), pin);
                }
            }
            Constraint::Source(_) => {}
        }
    }
    pins
}

/// The lines with those that end in `\` joined to the next, and without comments.
fn logical_lines(text: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut open = String::new();
    for line in text.trim_start_matches('\u{feff}').lines() {
        let is_comment = line.trim_start().starts_with('#');
        let line = if is_comment {
            ""
        } else {
            line.split(" #").next().unwrap_or_default()
        };
        let continued = line.strip_suffix('\\');
        open.push_str(continued.unwrap_or(line));
        if continued.is_none() {
            lines.push(std::mem::take(&mut open).trim().to_owned());
        }
    }
    lines.push(open.trim().to_owned());
    lines.retain(|line| !line.is_empty() && !line.starts_with('-'));
    lines
}

/// The version of `==1.2.3`.
fn pinned(clauses: &str) -> Option<Version> {
    let version = clauses.strip_prefix("==")?;
    let version = version.strip_prefix('=').unwrap_or(version).trim();
    version.parse().ok()
}

/// The commit of `git+https://host/repository@0123…`.
fn commit(url: &str) -> Option<GitPin> {
    let url = url.strip_prefix("git+")?;
    let url = url.split('#').next().unwrap_or(url);
    let (url, commit) = url.rsplit_once('@')?;
    let is_commit =
        matches!(commit.len(), 40 | 64) && commit.bytes().all(|digit| digit.is_ascii_hexdigit());
    is_commit.then(|| GitPin {
        url: url.to_owned(),
        requested: None,
        commit: commit.to_ascii_lowercase(),
    })
}
