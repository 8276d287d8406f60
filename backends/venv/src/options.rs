//! What a studio may say about a lock.

use std::collections::BTreeSet;
use std::path::PathBuf;

use ayon_model::{Floors, Half, Origin};
use pypi::lock::pins::OldLock;
use pypi::{DistributionName, Requirement};
use pypi_solve::Rules;

/// How locks are made and written. The default is the newest versions, from wheels, one file for each target.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The oldest systems that must be served.
    pub floors: Floors,
    /// The rules of choice.
    pub rules: Rules,
    /// What must hold of a distribution if anything needs it.
    pub constraints: Vec<Asked>,
    /// What is asked of a distribution instead of whatever anybody else asks.
    pub overrides: Vec<Asked>,
    /// What is left out although others need it.
    pub exclusions: BTreeSet<DistributionName>,
    /// The locks that are there: their choices are kept where they still fit.
    pub previous: Vec<OldLock>,
    /// What is chosen anew all the same.
    pub upgrade: Upgrade,
    /// Whether what the process has already is installed too, at its version, where something needs it: such a lock fills
    /// an empty venv.
    pub with_provided: bool,
    /// The half of a dependency package that is written; none for both.
    pub only: Option<Half>,
    /// Whether all targets are written to one file.
    pub is_one_file: bool,
    /// The folder of the file, absolute and without links: wheels on disk are told relative to it. None for standard output.
    pub folder: Option<PathBuf>,
    /// Whether wheels on disk are told by their absolute paths.
    pub absolute_paths: bool,
}

/// Something that is asked by the studio, not by an addon.
#[derive(Clone, Debug)]
pub struct Asked {
    /// What.
    pub requirement: Requirement,
    /// Where that is written.
    pub origin: Origin,
}

/// What of an old lock is not kept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Upgrade {
    /// Everything is kept that still fits.
    #[default]
    Nothing,
    /// These are chosen anew.
    Packages(BTreeSet<DistributionName>),
    /// Everything is.
    All,
}

impl Upgrade {
    pub(crate) fn is_of(&self, name: &DistributionName) -> bool {
        match self {
            Self::Nothing => false,
            Self::Packages(names) => names.contains(name),
            Self::All => true,
        }
    }
}
