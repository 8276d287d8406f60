//! The answer "yes": what a process gets, in AYON's nouns.
//!
//! A resolution is the chosen addons and launcher, the process's Python, and every Python distribution that is asked
//! for with *everything that asks*: the set of versions all of them allow, and whether the process has it already.
//! Nothing in it refers back to the studio, so it can be emitted, explained or kept without one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use ayon_model::{AddonName, Given, GivenPython, Half, Origin, Target};

use pypi::lock::Lock;
use pypi::{Constraint, DistributionName, ExtraName, Source, VersionSet};
use semver::Version;

/// What one target gets.
#[derive(Clone, Debug, PartialEq)]
pub struct Resolution {
    /// What to call it: the bundle's name, or none for a plan.
    pub bundle: Option<Arc<str>>,
    /// For which process and platform.
    pub target: Target,
    /// The chosen addons, by name.
    pub addons: Vec<ChosenAddon>,
    /// The chosen launcher.
    pub launcher: ChosenLauncher,
    /// The interpreter.
    pub python: GivenPython,
    /// Every distribution that is asked for, by name; most of them are not [given](ResolvedDistribution::given).
    pub distributions: BTreeMap<DistributionName, ResolvedDistribution>,
    /// Every module that the process has already, asked for or not: nothing that is installed may bring another version.
    pub modules: BTreeMap<DistributionName, Given>,
    /// Who asks for which addon and launcher, with the words and places.
    pub edges: Vec<Edge>,
    /// What the solver of a backend chose, in its order; empty until one has.
    pub artefacts: Vec<Artefact>,
    /// What that solver took for granted, under its own words: conda's channels and what it assumed of the machine.
    pub assumptions: BTreeMap<&'static str, Vec<String>>,
    /// The files to install, where a backend has solved for them.
    pub lock: Option<Arc<Lock>>,
}

/// An addon of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenAddon {
    /// Which.
    pub name: AddonName,
    /// In which version.
    pub version: Version,
    /// The host it integrates.
    pub host_name: Option<String>,
    /// The folder a developer reads it from instead.
    pub development: Option<PathBuf>,
}

/// The launcher of the answer.
#[derive(Clone, Debug, PartialEq)]
pub struct ChosenLauncher {
    /// Which.
    pub version: Version,
    /// The build that serves the target.
    pub filename: String,
}

/// A Python distribution that addons ask for.
#[derive(Clone, Debug, PartialEq)]
pub struct ResolvedDistribution {
    /// Which.
    pub name: DistributionName,
    /// The extras that anybody asks for.
    pub extras: BTreeSet<ExtraName>,
    /// The versions that satisfy everybody.
    pub set: VersionSet,
    /// The source it must come from, if anybody names one.
    pub source: Option<Source>,
    /// Set where the process has it already, at a version that satisfies everybody: it is not installed again.
    pub given: Option<Given>,
    /// Everybody who asks.
    pub askers: Vec<Asker>,
}

/// Somebody who asks for a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Asker {
    /// Who, and where it is written.
    pub origin: Origin,
    /// The versions or the source, as written.
    pub text: String,
    /// What that means.
    pub constraint: Constraint,
    /// The extras that this one asks for.
    pub extras: BTreeSet<ExtraName>,
    /// In which half of a dependency package.
    pub half: Half,
}

/// Somebody who asks for an addon, the launcher, the server or the interpreter, and gets it.
#[derive(Clone, Debug, PartialEq)]
pub struct Edge {
    /// Who, and where it is written.
    pub origin: Origin,
    /// What is asked for.
    pub object: crate::Object,
    /// The versions, as written.
    pub range: String,
}

/// A package of a backend's ecosystem that its own solver chose: enough to write it down later without solving again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Artefact {
    /// Which.
    pub name: String,
    /// In which version; empty where it has none.
    pub version: String,
    /// Which build of that version, where there are several: rez's variant.
    pub build: Option<String>,
    /// Where it is, as the ecosystem says it: a repository, a channel, an index.
    pub location: String,
    /// In which form it is there: a folder, a file of some kind.
    pub form: String,
    /// What it asks for in turn, in the ecosystem's words.
    pub requires: Vec<String>,
    /// The file to fetch, where it is one.
    pub file: Option<ArtefactFile>,
    /// Everybody who asks for it.
    pub wanted_by: Vec<Demand>,
    /// Everything its ecosystem says of it, in a notation of its own, where a backend needs that to write it.
    pub record: Option<String>,
}

/// A file that holds an artefact.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ArtefactFile {
    /// Its name.
    pub name: String,
    /// Where it is, without secrets.
    pub url: String,
    /// Its bytes, where known.
    pub size: Option<u64>,
    /// As lower-case hexadecimal digits, where known.
    pub sha256: Option<String>,
    /// The same.
    pub md5: Option<String>,
}

/// Somebody who asks for an artefact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Demand {
    /// Who.
    pub by: Demander,
    /// For what, in the ecosystem's words.
    pub words: String,
}

/// Who asks for an artefact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Demander {
    /// Somebody of the studio's, and where it is written.
    Origin(Origin),
    /// Another artefact, by its name.
    Artefact(String),
}

impl Resolution {
    /// The distributions that have to be installed: everything asked for that is not there already.
    pub fn missing(&self) -> impl Iterator<Item = &ResolvedDistribution> {
        self.distributions
            .values()
            .filter(|distribution| distribution.given.is_none())
    }
}

impl ResolvedDistribution {
    /// Any version of it, before anybody has asked.
    pub fn new(name: DistributionName) -> Self {
        Self {
            name,
            extras: BTreeSet::new(),
            set: VersionSet::any(),
            source: None,
            given: None,
            askers: Vec::new(),
        }
    }

    /// The half of a dependency package it belongs to: a distribution that both halves want is a dependency, once.
    pub fn half(&self) -> Half {
        self.askers
            .iter()
            .map(|asker| asker.half)
            .min()
            .unwrap_or(Half::Runtime)
    }
}
