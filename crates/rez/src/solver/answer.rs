//! What a solve answers: a resolve, or a failure and rez's reason for it.

use std::fmt;
use std::sync::Arc;

use super::ask::{Progress, Stop};
use crate::package::{PackageKind, qualified, qualified_variant};
use crate::requirement::Requirement;
use crate::version::Version;

/// What came of a solve.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It resolves.
    Solved(Resolve),
    /// It does not.
    Failed(Failure),
    /// It was stopped by its [`Control`](super::Control).
    Aborted(Stop, Progress),
}

/// A resolve.
#[derive(Clone, Debug)]
pub struct Resolve {
    /// What was chosen, in rez's order: dependencies first.
    pub packages: Vec<ResolvedVariant>,
    /// What packages agreed on without a package behind it.
    pub ephemerals: Vec<Requirement>,
    /// What it took.
    pub progress: Progress,
}

/// A chosen variant.
#[derive(Clone, Debug)]
pub struct ResolvedVariant {
    /// Its family.
    pub name: Arc<str>,
    /// Its version; empty for an unversioned package.
    pub version: Version,
    /// Which variant of the package; `None` for a package without variants.
    pub index: Option<usize>,
    /// Which of the pool's repositories it is from.
    pub repository: usize,
    /// How that repository stores it.
    pub kind: PackageKind,
    /// What it asks for, merged.
    pub requires: Vec<Requirement>,
}

impl fmt::Display for ResolvedVariant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let package = qualified(&self.name, &self.version);
        f.write_str(&qualified_variant(&package, self.index))
    }
}

/// A request that does not resolve.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Why, as rez sees it.
    pub reason: Reason,
    /// Set where a limit ended the solve; rez's words for it.
    pub limit: Option<String>,
    /// What it took.
    pub progress: Progress,
}

/// rez's own failure description.
impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(limit) = &self.limit {
            writeln!(f, "{limit}:")?;
        }
        self.reason.fmt(f)
    }
}

/// Why rez says that a resolve failed (`FailureReason`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What packages ask for excludes what is asked elsewhere (`DependencyConflicts`).
    Conflict {
        /// What all variants of some scopes ask for.
        dependency: Requirement,
        /// What excludes it.
        request: Requirement,
    },
    /// Every variant of a package was ruled out (`TotalReduction`).
    Reduction(Vec<Reduction>),
    /// Packages that need each other (`Cycle`): `name-version`, each needing the next, the last the first.
    Cycle(Vec<String>),
    /// rez gives no reason.
    Unknown,
}

/// A variant that was ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// The variant: `name-version[index]`.
    pub variant: String,
    /// What it asks for.
    pub dependency: Requirement,
    /// What excludes that.
    pub request: Requirement,
}

impl Reason {
    /// rez's name of its class.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "DependencyConflicts",
            Self::Reduction(_) => "TotalReduction",
            Self::Cycle(_) => "Cycle",
            Self::Unknown => "NoneType",
        }
    }
}

/// As `rez-env` prints it.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict {
                dependency,
                request,
            } => {
                write!(
                    f,
                    "The following package conflicts occurred: ({dependency} <--!--> {request})"
                )
            }
            Self::Reduction(reductions) => {
                f.write_str("A package was completely reduced:")?;
                reductions
                    .iter()
                    .try_for_each(|reduction| write!(f, " ({reduction})"))
            }
            Self::Cycle(packages) => {
                f.write_str("A cyclic dependency was detected: ")?;
                packages
                    .iter()
                    .try_for_each(|package| write!(f, "{package} --> "))?;
                f.write_str(packages.first().map_or("", String::as_str))
            }
            Self::Unknown => f.write_str("Solver failed with unknown reason."),
        }
    }
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variant,
            dependency,
            request,
        } = self;
        write!(f, "{variant} (dep({dependency}) <--!--> {request})")
    }
}
