//! From a resolution back to what was chosen.

use std::collections::BTreeMap;

use ayon_backend::spec::{self, Body};
use ayon_backend::{EmitError, Resolution};
use conda::lock::{Distribution, Environment, Location, LockedPlatform};
use conda::{Priority, Record};
use pypi::lock::{FileLocation, LockedFile, LockedPackage, Origin};
use pypi::{PythonRange, VersionSet};

use super::unwritable;
use crate::asking::{assumption, priority_word};

/// A resolution with what was chosen for it.
pub(super) struct Solved<'a> {
    pub(super) resolution: &'a Resolution,
    pub(super) platform: LockedPlatform,
    channels: Vec<String>,
    priority: Priority,
}

impl<'a> Solved<'a> {
    pub(super) fn new(resolution: &'a Resolution, format: &'static str) -> Result<Self, EmitError> {
        let unsolved = |reason: &str| EmitError::Inexpressible {
            what: resolution.target.to_string(),
            format,
            reason: reason.to_owned(),
        };
        let assumed = |name| resolution.assumptions.get(name).cloned();
        let channels = assumed(assumption::CHANNELS)
            .ok_or_else(|| unsolved("it was not solved against conda channels"))?;
        let records = resolution.artefacts.iter().map(|artefact| {
            let text = artefact.record.as_deref().unwrap_or_default();
            Record::from_text(text).map_err(|error| unwritable(error, format))
        });
        let platform = resolution.target.platform.to_string();
        let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
        let all: Vec<&LockedPackage> = packages.clone().collect();
        let distributions = packages.map(|package| distribution(package, &all, format));
        let word = assumed(assumption::PRIORITY).unwrap_or_default().concat();
        let priorities = [Priority::Strict, Priority::Flexible, Priority::Disabled];
        Ok(Self {
            resolution,
            platform: LockedPlatform {
                platform: platform
                    .parse()
                    .map_err(|_| unsolved("conda has no such platform"))?,
                virtual_packages: assumed(assumption::VIRTUAL_PACKAGES).unwrap_or_default(),
                records: records.collect::<Result<_, _>>()?,
                distributions: distributions.collect::<Result<_, _>>()?,
            },
            channels,
            priority: priorities
                .into_iter()
                .find(|priority| priority_word(*priority) == word)
                .unwrap_or_default(),
        })
    }

    pub(super) fn priority_word(&self) -> &'static str {
        priority_word(self.priority)
    }

    /// The channels by URL, in their order.
    pub(super) fn channels(&self) -> &[String] {
        &self.channels
    }

    /// The indexes that what is left to pip comes from.
    pub(super) fn indexes(&self) -> Vec<String> {
        let mut indexes: Vec<String> = Vec::new();
        for distribution in &self.platform.distributions {
            if let Some(index) = &distribution.index
                && !indexes.contains(index)
            {
                indexes.push(index.clone());
            }
        }
        indexes.sort();
        indexes
    }

    /// A header's facts.
    pub(super) fn body(&self) -> Body {
        let mut body = Body::default();
        super::facts(&self.environment("default"), self, &mut body);
        body
    }

    fn environment(&self, name: &str) -> Environment {
        Environment {
            name: name.to_owned(),
            channels: self.channels.clone(),
            priority: self.priority,
            indexes: self.indexes(),
            platforms: vec![self.platform.clone()],
        }
    }
}

/// One environment for each process, called `default` where there is but one.
pub(super) fn environments(solved: &[Solved<'_>]) -> Vec<Environment> {
    let mut environments: BTreeMap<String, Environment> = BTreeMap::new();
    for one in solved {
        let name = spec::process_word(&one.resolution.target.process);
        let new = one.environment(&name);
        match environments.get_mut(&name) {
            Some(environment) => {
                environment.platforms.extend(new.platforms);
                environment.indexes.extend(new.indexes);
                environment.indexes.sort();
                environment.indexes.dedup();
            }
            None => {
                environments.insert(name, new);
            }
        }
    }
    let mut environments: Vec<Environment> = environments.into_values().collect();
    if let [only] = environments.as_mut_slice() {
        "default".clone_into(&mut only.name);
    }
    environments
}

fn distribution(
    package: &LockedPackage,
    all: &[&LockedPackage],
    format: &'static str,
) -> Result<Distribution, EmitError> {
    let refuse = |reason: &str| EmitError::Inexpressible {
        what: package.name.to_string(),
        format,
        reason: reason.to_owned(),
    };
    let (location, file) = match &package.origin {
        Origin::Files { wheels, sdist } => {
            let file = wheels.first().or(sdist.as_ref());
            let file = file.ok_or_else(|| refuse("there is no file of it"))?;
            (place(file), Some(file))
        }
        Origin::Archive { file, subdirectory } => {
            if subdirectory.is_some() {
                return Err(refuse(
                    "it is a folder in an archive, which has no form here",
                ));
            }
            (place(file), Some(file))
        }
        Origin::Git {
            url,
            commit,
            subdirectory,
            ..
        } => {
            let folder = subdirectory.as_ref();
            let folder =
                folder.map_or_else(String::new, |folder| format!("&subdirectory={folder}"));
            let (url, _) = spec::without_secret(url);
            (
                Location::Git(format!("git+{url}?rev={commit}{folder}#{commit}")),
                None,
            )
        }
        Origin::Directory { .. } => {
            return Err(refuse(
                "it is a folder on this machine; publish it to an index",
            ));
        }
    };
    let version = package.version.as_ref();
    Ok(Distribution {
        name: package.name.to_string(),
        version: version
            .ok_or_else(|| refuse("it has no version"))?
            .to_string(),
        location,
        hashes: file.map(|file| file.hashes.clone()).unwrap_or_default(),
        requires: requires(package, all),
        requires_python: package.requires_python.as_deref().and_then(strict),
        index: package
            .index
            .as_deref()
            .map(|url| spec::without_secret(url).0),
    })
}

/// What a package says of Python, in words that strict readers take: authors wrote `>3.5.*` before anybody refused it. None
/// where it has no such words; that the Python chosen will do is known.
fn strict(text: &str) -> Option<String> {
    if VersionSet::from_specifiers(text).is_ok() {
        return Some(text.to_owned());
    }
    let range = PythonRange::new(text);
    let specifiers = range.versions().ok()?.specifiers();
    match specifiers.alternatives() {
        [only] if specifiers.is_exact() => Some(only.clone()),
        _ => None,
    }
}

fn place(file: &LockedFile) -> Location {
    match &file.location {
        FileLocation::Url(url) => Location::Url(spec::without_secret(url).0),
        FileLocation::Path(path) => Location::Path(path.display().to_string()),
    }
}

/// What a package asks of the others, as they tell it.
fn requires(package: &LockedPackage, all: &[&LockedPackage]) -> Vec<String> {
    let title = match &package.version {
        Some(version) => format!("{} {version}", package.name),
        None => package.name.to_string(),
    };
    let asked = all
        .iter()
        .filter(|other| package.dependencies.contains(&other.name));
    let words = asked.flat_map(|other| {
        let mut wanted: Vec<String> = other
            .wanted_by
            .iter()
            .filter(|wanted| !wanted.is_root && wanted.who == title)
            .map(|wanted| wanted.requirement.clone())
            .collect();
        if wanted.is_empty() {
            wanted.push(other.name.to_string());
        }
        wanted
    });
    let mut words: Vec<String> = words.collect();
    words.sort();
    words.dedup();
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_strict_readers_refuse_is_said_otherwise() {
        for (text, expected) in [
            (">=3.7,<4", Some(">=3.7,<4")),
            (">3.5.*, <4", Some(">3.5,<4")),
            ("three", None),
        ] {
            assert_eq!(strict(text).as_deref(), expected, "{text}");
        }
    }
}
