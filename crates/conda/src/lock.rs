//! What was chosen, as the lock files that installers read.
//!
//! An [`Environment`] is a value: a solve makes it, and the modules write it down. [`pixi`] is rattler's `pixi.lock` (format
//! 7), [`conda_lock`] is `conda-lock.yml` (CEP 37), [`explicit`] is the `@EXPLICIT` list of URLs (CEP 23). All are pure
//! functions of the value: the same choice gives the same bytes, in whatever order the packages came.
//!
//! # How it thinks
//!
//! *A lock is complete.* It names the channels in their order, how they rank, the virtual packages that were assumed, and of
//! each package its URL and hashes, so that whoever installs need not solve.
//!
//! *A file without a hash is no lock.* Writing one is an error that names the package.
//!
//! *Nothing secret is written.* URLs are those of [`Record::url`] and [`Channel::url`](crate::Channel::url), which have no
//! user, password or token.
//!
//! *Python distributions may stand beside conda's packages.* [`pixi`] and [`conda_lock`] know both; [`explicit`] knows
//! conda's alone, so whoever writes it must say where the others are.

pub mod conda_lock;
pub mod explicit;
mod order;
pub mod pixi;
#[cfg(test)]
mod tests;
mod text;

use std::collections::BTreeMap;
use std::fmt;

use url::Url;

use crate::{Platform, Priority, Record};

/// An environment on every platform it was solved for.
#[derive(Clone, Debug)]
pub struct Environment {
    /// What it is called, where a file holds several.
    pub name: String,
    /// The channels by URL, the first the most important.
    pub channels: Vec<String>,
    /// How they rank.
    pub priority: Priority,
    /// Where Python distributions come from, by URL.
    pub indexes: Vec<String>,
    /// One entry for each platform, none twice.
    pub platforms: Vec<LockedPlatform>,
}

/// What is installed on one platform.
#[derive(Clone, Debug)]
pub struct LockedPlatform {
    /// Which.
    pub platform: Platform,
    /// What was assumed of the machine, as `name=version=build`.
    pub virtual_packages: Vec<String>,
    /// Conda's packages, in any order, no name twice.
    pub records: Vec<Record>,
    /// Python's, in any order, no name twice.
    pub distributions: Vec<Distribution>,
}

/// A Python distribution that pip installs beside conda's packages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Distribution {
    /// Its normalised name.
    pub name: String,
    /// Its version, after PEP 440.
    pub version: String,
    /// The one file to install it from.
    pub location: Location,
    /// Its hashes by algorithm, as lower-case hexadecimal digits.
    pub hashes: BTreeMap<String, String>,
    /// What it needs of other distributions of the lock, as PEP 508 requirements.
    pub requires: Vec<String>,
    /// The versions of Python it runs on.
    pub requires_python: Option<String>,
    /// The index that offered it, by URL.
    pub index: Option<String>,
}

/// Where a distribution is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A file at a URL.
    Url(String),
    /// A file on this disk, absolute.
    Path(String),
    /// A commit of a repository: `git+https://host/x.git@…`.
    Git(String),
}

/// A choice that cannot be written.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {reason}")]
pub struct LockError {
    /// The package or environment.
    pub what: String,
    /// Why, and the way out.
    pub reason: String,
}

impl LockError {
    fn new(what: &dyn fmt::Display, reason: &dyn fmt::Display) -> Self {
        Self {
            what: what.to_string(),
            reason: reason.to_string(),
        }
    }
}

const NO_HASH: &str =
    "the channel says neither sha256 nor md5 of it, and a file without a hash is no lock";

fn url(text: &str) -> Result<Url, LockError> {
    Url::parse(text).map_err(|error| LockError::new(&text, &error))
}
