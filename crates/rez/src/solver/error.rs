//! What ends a resolve at once, without looking for another way.
//!
//! rez tells apart "these choices do not fit together", after which it goes on with the next choice, and "something in
//! the repository is wrong", which ends everything even where another choice would do. These are the latter; the
//! messages are rez's own, so that a log can be compared, and the fields carry more than the message.

use std::sync::Arc;

use thiserror::Error;

use crate::package::Defect;
use crate::repository::RepositoryError;
use crate::requirement::{Requirement, RequirementError};
use crate::version::VersionError;

/// A resolve that could not go on.
#[derive(Debug, Error)]
pub enum SolveError {
    /// No repository has this family (rez: `PackageFamilyNotFoundError`).
    #[error(
        "package family not found: {family}{} (searched: {searched})",
        required(required_by)
    )]
    FamilyNotFound {
        /// The family.
        family: Arc<str>,
        /// The families whose packages asked for it; empty where the request itself did.
        required_by: Vec<Arc<str>>,
        /// The locations of the repositories, in rez's notation.
        searched: String,
    },
    /// The family is there, but no version of it in the range that all candidates of some package ask for (rez:
    /// `PackageNotFoundError`).
    #[error("Package could not be found: {request}")]
    PackageNotFound {
        /// What was looked for.
        request: Requirement,
        /// The families whose packages asked for it; empty where the request itself did.
        required_by: Vec<Arc<str>>,
    },
    /// A variant asks for things that exclude each other (rez: `ResolveError`).
    #[error(
        "The package {package} has an internal requirements conflict: {first} <--!--> {second}"
    )]
    SelfConflict {
        /// The variant: `name-version[index]`.
        package: String,
        /// What it asks for first, merged.
        first: Requirement,
        /// What that excludes.
        second: Requirement,
    },
    /// A package whose version is in range cannot be read (rez: `ResourceError`, `PackageDefinitionFileMissing`).
    #[error("package {package} cannot be read: {defect}")]
    Broken {
        /// The package: `name-version`.
        package: String,
        /// What is wrong.
        #[source]
        defect: Defect,
    },
    /// A package asks for something that is no request.
    #[error("package {package} has an invalid request: {error}")]
    InvalidRequest {
        /// The package: `name-version`.
        package: String,
        /// What is wrong with it.
        #[source]
        error: RequirementError,
    },
    /// Two ranges cannot be subtracted, because rez's union made one that cannot be inverted.
    #[error("{0}")]
    Range(#[from] VersionError),
    /// A repository could not be read.
    #[error("{0}")]
    Repository(#[from] RepositoryError),
}

fn required(by: &[Arc<str>]) -> String {
    if by.is_empty() {
        return String::new();
    }
    format!(", was required by: {}", by.join(", "))
}
