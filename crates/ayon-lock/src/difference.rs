//! What differs between two locks, as values: for text, markdown and JSON alike.
//!
//! Only targets that both have are compared, thing by thing under its name; a change that several targets share is one
//! change with its targets. What somebody asks for is compared in words, so that a new release of an addon that asks
//! for the same says nothing there; its new version and places are told among the origins.

use std::collections::{BTreeMap, BTreeSet};

use ayon_model::{AddonName, Origin, Subject as Asking, Target};
use ayon_solve::{Artefact, Demander, Object, Resolution};
use pypi::lock::{LockedFile, LockedPackage, Origin as Source};
use pypi::{Constraint, DistributionName};

use crate::lock::{Lock, Subject};

/// What differs between two locks. Every list is sorted.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Difference {
    /// For what they are, where that differs.
    pub subject: Option<(Subject, Subject)>,
    /// The targets that both have, and that the rest is about.
    pub common: Vec<Target>,
    /// Targets of the first alone.
    pub targets_removed: Vec<Target>,
    /// Targets of the second alone.
    pub targets_added: Vec<Target>,
    /// The launcher, by the file of the build.
    pub launchers: Vec<Change<(), LauncherState>>,
    /// The version of the interpreter.
    pub pythons: Vec<Change<(), String>>,
    /// The addons.
    pub addons: Vec<Change<AddonName, AddonState>>,
    /// What is installed.
    pub packages: Vec<Change<PackageName, PackageState>>,
    /// The versions of the modules that a process has already.
    pub modules: Vec<Change<DistributionName, String>>,
    /// What is asked for, in its own words.
    pub requirements: Vec<Change<Requirement, String>>,
    /// Who asks for what is asked for in both, and where that is written.
    pub origins: Vec<Change<(Requirement, String), String>>,
}

/// Something that is there, gone or different.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Change<Name, State> {
    /// What.
    pub name: Name,
    /// In the first lock; none where it is added.
    pub was: Option<State>,
    /// In the second lock; none where it is removed.
    pub is: Option<State>,
    /// For which targets, of those that both have.
    pub targets: Vec<Target>,
}

/// A launcher, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct LauncherState {
    /// Its version.
    pub version: String,
    /// The build.
    pub file: String,
}

/// An addon, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct AddonState {
    /// Its version.
    pub version: String,
    /// The folder a developer reads it from instead.
    pub development: Option<String>,
}

/// The name of a package, in its ecosystem.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum PackageName {
    /// Of a backend's ecosystem: conda, rez.
    Artefact(String),
    /// A Python package.
    Distribution(DistributionName),
}

/// A package, as far as it is compared.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct PackageState {
    /// Its version; empty where it has none.
    pub version: String,
    /// Its build, where it has one.
    pub build: Option<String>,
    /// Where it comes from: a channel, an index, a repository.
    pub location: String,
    /// Hashes of its files: others under the same version are other files.
    pub hashes: BTreeSet<String>,
}

/// A requirement's two ends, without versions.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Requirement {
    /// Who asks: `addon core`, `bundle spring`, `requests`.
    pub by: String,
    /// What for: `addon maya`, `launcher`, `distribution numpy`.
    pub about: String,
}

impl Difference {
    /// Whether the two are the same in all that is compared.
    pub fn is_empty(&self) -> bool {
        *self
            == Self {
                common: self.common.clone(),
                ..Self::default()
            }
    }
}

/// What differs from `was` to `is`.
pub fn difference(was: &Lock, is: &Lock) -> Difference {
    let pairs: Vec<(&Resolution, &Resolution)> = was
        .resolutions()
        .iter()
        .filter_map(|one| Some((one, is.resolution(&one.target).ok()?)))
        .collect();
    let alone = |one: &Lock, other: &Lock| {
        let targets = one.targets();
        let alone = targets.filter(|target| other.resolution(target).is_err());
        alone.cloned().collect()
    };
    Difference {
        subject: (was.subject() != is.subject())
            .then(|| (was.subject().clone(), is.subject().clone())),
        common: pairs.iter().map(|(one, _)| one.target.clone()).collect(),
        targets_removed: alone(was, is),
        targets_added: alone(is, was),
        launchers: compare(&pairs, launchers),
        pythons: compare(&pairs, |one| vec![((), one.python.text())]),
        addons: compare(&pairs, addons),
        packages: compare(&pairs, packages),
        modules: compare(&pairs, modules),
        requirements: compare(&pairs, |one| {
            let asked = asked(one).into_iter();
            asked.map(|asked| (asked.ends, asked.words)).collect()
        }),
        origins: changed_origins(&pairs),
    }
}

/// What changes under each name, the same change of several targets once.
///
/// A name may have several states, as an addon may ask twice for one thing: those that both have are no change, and what
/// is left is told pair by pair.
fn compare<Name: Ord + Clone, State: Ord + Clone>(
    pairs: &[(&Resolution, &Resolution)],
    states: impl Fn(&Resolution) -> Vec<(Name, State)>,
) -> Vec<Change<Name, State>> {
    let mut changes: BTreeMap<(Name, Option<State>, Option<State>), Vec<Target>> = BTreeMap::new();
    for (was, is) in pairs {
        let (before, after) = (by_name(states(was)), by_name(states(is)));
        let names: BTreeSet<&Name> = before.keys().chain(after.keys()).collect();
        for name in names {
            let states_of = |all: &BTreeMap<Name, Vec<State>>| all.get(name).cloned();
            let (mut gone, mut new) = (Vec::new(), states_of(&after).unwrap_or_default());
            for state in states_of(&before).unwrap_or_default() {
                match new.iter().position(|other| *other == state) {
                    Some(place) => {
                        new.remove(place);
                    }
                    None => gone.push(state),
                }
            }
            let (mut gone, mut new) = (gone.into_iter(), new.into_iter());
            loop {
                let change = (name.clone(), gone.next(), new.next());
                if change.1.is_none() && change.2.is_none() {
                    break;
                }
                let targets = changes.entry(change).or_default();
                if !targets.contains(&was.target) {
                    targets.push(was.target.clone());
                }
            }
        }
    }
    let change = |((name, was, is), targets)| Change {
        name,
        was,
        is,
        targets,
    };
    changes.into_iter().map(change).collect()
}

fn by_name<Name: Ord, State: Ord>(states: Vec<(Name, State)>) -> BTreeMap<Name, Vec<State>> {
    let mut all: BTreeMap<Name, Vec<State>> = BTreeMap::new();
    for (name, state) in states {
        all.entry(name).or_default().push(state);
    }
    for states in all.values_mut() {
        states.sort();
    }
    all
}

fn launchers(resolution: &Resolution) -> Vec<((), LauncherState)> {
    let launcher = LauncherState {
        version: resolution.launcher.version.to_string(),
        file: resolution.launcher.filename.clone(),
    };
    vec![((), launcher)]
}

fn addons(resolution: &Resolution) -> Vec<(AddonName, AddonState)> {
    let addons = resolution.addons.iter().map(|addon| {
        let development = addon.development.as_ref();
        let state = AddonState {
            version: addon.version.to_string(),
            development: development.map(|path| path.to_string_lossy().into_owned()),
        };
        (addon.name.clone(), state)
    });
    addons.collect()
}

fn modules(resolution: &Resolution) -> Vec<(DistributionName, String)> {
    let modules = resolution.modules.iter();
    modules
        .map(|(name, given)| (name.clone(), given.version.to_string()))
        .collect()
}

fn packages(resolution: &Resolution) -> Vec<(PackageName, PackageState)> {
    let artefacts = resolution.artefacts.iter().map(|artefact| {
        (
            PackageName::Artefact(artefact.name.clone()),
            artefact_state(artefact),
        )
    });
    let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
    let packages = packages.map(|package| {
        (
            PackageName::Distribution(package.name.clone()),
            package_state(package),
        )
    });
    artefacts.chain(packages).collect()
}

fn artefact_state(artefact: &Artefact) -> PackageState {
    let file = artefact.file.as_ref();
    let hash = file.and_then(|file| file.sha256.as_ref().or(file.md5.as_ref()));
    PackageState {
        version: artefact.version.clone(),
        build: artefact.build.clone(),
        location: artefact.location.clone(),
        hashes: hash.into_iter().cloned().collect(),
    }
}

fn package_state(package: &LockedPackage) -> PackageState {
    let version = package.version.as_ref().map(ToString::to_string);
    let index = package.index.clone().unwrap_or_default();
    let (files, location): (Vec<&LockedFile>, String) = match &package.origin {
        Source::Files { wheels, sdist } => (wheels.iter().chain(sdist).collect(), index),
        Source::Archive { file, .. } => (vec![file], file.name.clone()),
        Source::Git { url, commit, .. } => (Vec::new(), format!("{url}@{commit}")),
        Source::Directory { path, .. } => (Vec::new(), path.to_string_lossy().into_owned()),
    };
    let hashes = files.into_iter().flat_map(|file| file.hashes.values());
    PackageState {
        version: version.unwrap_or_default(),
        build: None,
        location,
        hashes: hashes.cloned().collect(),
    }
}

/// Somebody who asks for something.
struct Asked {
    ends: Requirement,
    words: String,
    origin: String,
}

fn asked(resolution: &Resolution) -> Vec<Asked> {
    let edges = resolution.edges.iter().map(|edge| {
        let about = match &edge.object {
            Object::Server => "server".to_owned(),
            Object::Launcher => "launcher".to_owned(),
            Object::Python => "python".to_owned(),
            Object::Addon(name) => format!("addon {name}"),
            Object::Distribution(name) => format!("distribution {name}"),
        };
        by_origin(&edge.origin, about, edge.range.clone())
    });
    let distributions = resolution.distributions.values().flat_map(|distribution| {
        distribution.askers.iter().map(|asker| {
            let about = format!("distribution {}", distribution.name);
            let mut words = match &asker.constraint {
                Constraint::Versions { .. } => asker.text.clone(),
                Constraint::Source(source) => source.to_string(),
            };
            if !asker.extras.is_empty() {
                let extras: Vec<&str> = asker.extras.iter().map(pypi::ExtraName::as_str).collect();
                words = format!("[{}] {words}", extras.join(","));
            }
            by_origin(&asker.origin, about, words)
        })
    });
    let artefacts = resolution.artefacts.iter().flat_map(|artefact| {
        artefact.wanted_by.iter().map(|demand| {
            let about = format!("artefact {}", artefact.name);
            match &demand.by {
                Demander::Origin(origin) => by_origin(origin, about, demand.words.clone()),
                Demander::Artefact(name) => Asked {
                    ends: Requirement {
                        by: format!("artefact {name}"),
                        about,
                    },
                    words: demand.words.clone(),
                    origin: name.clone(),
                },
            }
        })
    });
    let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
    let packages = packages.flat_map(|package| {
        package.wanted_by.iter().map(|wanted| Asked {
            ends: Requirement {
                by: without_version(&wanted.who).to_owned(),
                about: format!("package {}", package.name),
            },
            words: wanted.requirement.clone(),
            origin: wanted.who.clone(),
        })
    });
    let asked = edges.chain(distributions).chain(artefacts);
    asked.chain(packages).collect()
}

/// Who asks, in the words of a Python lock, which end with a version where who asks has one.
fn without_version(who: &str) -> &str {
    match who.rsplit_once(' ') {
        Some((name, version)) if version.parse::<pypi::Version>().is_ok() => name,
        _ => who,
    }
}

fn by_origin(origin: &Origin, about: String, words: String) -> Asked {
    let by = match &origin.subject {
        Asking::Addon { name, .. } => format!("addon {name}"),
        Asking::Launcher(_) => "launcher".to_owned(),
        Asking::Distribution { name, .. } => format!("distribution {name}"),
        other => other.to_string(),
    };
    Asked {
        ends: Requirement { by, about },
        words,
        origin: origin.to_string(),
    }
}

/// The origins of what both ask for in the same words.
fn changed_origins(
    pairs: &[(&Resolution, &Resolution)],
) -> Vec<Change<(Requirement, String), String>> {
    let origins = |one: &Resolution| {
        let asked = asked(one).into_iter();
        asked
            .map(|asked| ((asked.ends, asked.words), asked.origin))
            .collect()
    };
    let mut changes = compare(pairs, origins);
    // What is only in one of them is told as a requirement.
    changes.retain(|change| change.was.is_some() && change.is.is_some());
    changes
}
