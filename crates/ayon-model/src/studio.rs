//! A studio: everything one AYON server knows, as one value.

use std::collections::BTreeMap;
use std::sync::Arc;

use semver::Version;

use crate::{Addon, AddonName, AddonRelease, Bundle, DependencyPackage, Host, Launcher, Place};

/// All facts about a studio, whoever they came from, with the mistakes met while reading them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Studio {
    /// What to call it: a URL without credentials, a folder, a file, or `sample`.
    pub label: String,
    /// The server's version, such as `1.16.0+DEVELOP`, where it is known.
    pub server_version: Option<String>,
    /// The bundles, newest first as the server lists them.
    pub bundles: Vec<Bundle>,
    /// The addons by name.
    pub addons: BTreeMap<AddonName, Addon>,
    /// The launchers by version.
    pub launchers: BTreeMap<Version, Launcher>,
    /// The dependency packages by file name.
    pub dependency_packages: BTreeMap<String, DependencyPackage>,
    /// The host profiles, sorted by name, then in the order of the source.
    pub hosts: Vec<Host>,
    /// The projects that have bundles of their own.
    pub projects: BTreeMap<String, ProjectBundles>,
    /// What could not be read.
    pub problems: Vec<Problem>,
}

/// The frozen bundles of a project (`data.bundle`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProjectBundles {
    /// For production.
    pub production: Option<String>,
    /// For staging.
    pub staging: Option<String>,
}

/// A mistake met while reading a studio. Reading went on without the thing that has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// Where.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

impl Studio {
    /// The bundle of this exact name.
    pub fn bundle(&self, name: &str) -> Option<&Bundle> {
        self.bundles.iter().find(|bundle| &*bundle.name == name)
    }

    /// The release `version` (as text) of addon `name`, as the server's library would find it.
    pub fn release(&self, name: &str, version: &str) -> Option<&Arc<AddonRelease>> {
        // A text that is no semantic version names no release: such packages are broken and not in the library.
        let version = Version::parse(version).ok()?;
        self.addons.get(name)?.releases.get(&version)
    }

    /// The launcher of this version text.
    pub fn launcher(&self, version: &str) -> Option<&Launcher> {
        self.launchers.get(&Version::parse(version).ok()?)
    }

    /// The profile of host `name` in `version`.
    pub fn host(&self, name: &str, version: &str) -> Option<&Host> {
        self.hosts
            .iter()
            .find(|host| &*host.name == name && &*host.version == version)
    }
}

impl Problem {
    /// A mistake at `place`.
    pub fn new(place: Place, message: impl Into<String>) -> Self {
        Self {
            place,
            message: message.into(),
        }
    }
}
