//! Dependency packages: the zip of Python distributions that AYON ships beside a bundle's addons, one per platform.

use std::collections::BTreeMap;

use crate::{Place, System};

/// A dependency package as the server records it (reference `ayon.md` §1.4).
#[derive(Clone, Debug, PartialEq)]
pub struct DependencyPackage {
    /// Its file name, which is its identity.
    pub filename: String,
    /// The system it was built for.
    pub system: System,
    /// The launcher it was built for.
    pub installer_version: Option<String>,
    /// The interpreter it was built for; a missing one means 3.9 by convention.
    pub python: Option<pypi::Version>,
    /// The addons whose requirements it was built from: name to version.
    pub source_addons: BTreeMap<String, String>,
    /// The distributions inside, both halves in one flat map, spelled as the tool that made it happened to.
    pub modules: BTreeMap<String, String>,
    /// Where it is written.
    pub place: Place,
}
