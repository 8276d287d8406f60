//! What is asked: requirements for one target, what is there already, and the rules of choice.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use pypi::{DistributionName, Requirement, Target, Timestamp, Version};

/// A question. [`Ask::new`] has the usual rules and nothing asked.
#[derive(Clone, Debug)]
pub struct Ask {
    /// For which platform and Python.
    pub target: Arc<Target>,
    /// What is asked for.
    pub roots: Vec<Root>,
    /// What is there already and cannot be had otherwise.
    pub given: BTreeMap<DistributionName, Given>,
    /// What must hold of a package if anything needs it.
    pub constraints: Vec<Root>,
    /// What is asked of a package instead of whatever anybody else asks.
    pub overrides: Vec<Root>,
    /// What is left out although others need it.
    pub exclusions: BTreeSet<DistributionName>,
    /// What an old lock has: kept where it still fits.
    pub preferences: BTreeMap<DistributionName, Version>,
    /// The rules of choice.
    pub rules: Rules,
}

/// A requirement from outside. Its marker is answered for the target; what does not hold there is not asked.
#[derive(Clone, Debug)]
pub struct Root {
    /// What is asked.
    pub requirement: Requirement,
    /// By whom.
    pub asker: Asker,
}

/// The caller's number for somebody who asks; the caller keeps the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Asker(pub u32);

/// A package that is there at one version.
#[derive(Clone, Debug)]
pub struct Given {
    /// At which.
    pub version: Version,
    /// Who brings it.
    pub asker: Asker,
    /// What that means for the answer.
    pub kind: GivenKind,
}

/// What it means that a package is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GivenKind {
    /// It is in place, with all it needs: it is neither installed nor looked at.
    Provided,
    /// If something needs it, it is installed, at this version.
    Pinned,
}

/// How to choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// When pre-releases are taken.
    pub prereleases: Prereleases,
    /// Only files uploaded before this are looked at; a file without a date is left out too.
    pub exclude_newer: Option<Timestamp>,
    /// Whether source distributions may stand in for wheels.
    pub sdists: Sdists,
    /// Which versions are better.
    pub strategy: Strategy,
    /// How `Requires-Python` is read.
    pub python_bounds: PythonBounds,
    /// Whether a lock lists the wheels of other platforms too.
    pub all_wheels: bool,
}

/// When pre-releases are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Prereleases {
    /// Where no final version fits what is asked, as uv does.
    #[default]
    IfNecessary,
    /// As any other version.
    Allow,
    /// Never.
    Disallow,
}

/// Whether source distributions may stand in for wheels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sdists {
    /// Wheels only.
    #[default]
    Never,
    /// Where a version has no wheel that fits; the index tells what it needs, or why it cannot.
    Allow,
}

/// Which versions are better.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Strategy {
    /// The newest.
    #[default]
    Highest,
    /// The oldest.
    Lowest,
    /// The oldest of what is asked for, the newest of the rest.
    LowestDirect,
}

/// How `Requires-Python` is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PythonBounds {
    /// As it is written. Installers refuse what is outside.
    #[default]
    All,
    /// The lower bound alone, as uv reads it: authors cap what they have not tried.
    Lower,
}

impl Ask {
    /// Asks for nothing yet, by the usual rules.
    pub fn new(target: Arc<Target>) -> Self {
        Self {
            target,
            roots: Vec::new(),
            given: BTreeMap::new(),
            constraints: Vec::new(),
            overrides: Vec::new(),
            exclusions: BTreeSet::new(),
            preferences: BTreeMap::new(),
            rules: Rules::default(),
        }
    }

    /// The roots, constraints and overrides that hold on the target.
    pub(crate) fn holding<'a>(&self, roots: &'a [Root]) -> impl Iterator<Item = &'a Root> {
        let target = Arc::clone(&self.target);
        roots
            .iter()
            .filter(move |root| root.requirement.marker.evaluate(target.environment(), &[]))
    }
}
