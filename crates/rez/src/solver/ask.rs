//! What a solve is asked, and how it is watched.

use crate::filter::PackageFilterList;
use crate::orderer::PackageOrderList;
use crate::requirement::{Requirement, RequirementList};
use crate::version::VersionError;

/// What is asked of a solve.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// What the user asks for, in order of importance.
    pub requests: Vec<Requirement>,
    /// What the site adds after them (rez: `implicit_packages`).
    pub implicit: Vec<Requirement>,
    /// Packages that it may not see.
    pub filter: PackageFilterList,
    /// Hides packages that were released after this time, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// Which versions come first.
    pub orderers: PackageOrderList,
    /// Which variant of a package is better.
    pub variant_select_mode: VariantSelectMode,
    /// Whether packages' `build_requires` count too.
    pub building: bool,
    /// Whether a family that a package needs and no repository has ends the resolve, as it does by default, or only this
    /// way of resolving.
    pub tolerate_missing_families: bool,
    /// How many failed phases are one too many.
    pub max_fails: Option<u64>,
}

impl Ask {
    /// What the user and the site ask for, as one list.
    pub(super) fn merged(&self) -> Result<RequirementList, VersionError> {
        RequirementList::new(self.requests.iter().chain(&self.implicit).cloned())
    }
}

/// Which variant of a package is better (rez: `variant_select_mode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VariantSelectMode {
    /// The one with higher versions of what is requested.
    #[default]
    VersionPriority,
    /// The one that shares more with the request.
    IntersectionPriority,
}

/// How far a solve is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Phases solved.
    pub num_solves: u64,
    /// Phases that failed.
    pub num_fails: u64,
}

/// A reason to stop a solve: time is up, somebody asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(pub String);

/// Asked after each phase whether to stop.
pub type Control<'a> = dyn FnMut(Progress) -> Option<Stop> + 'a;
