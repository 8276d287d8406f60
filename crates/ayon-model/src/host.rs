//! DCC hosts: programs that load addons into a Python of their own.

use std::collections::BTreeMap;
use std::sync::Arc;

use pypi::{DistributionName, VersionSet};

use crate::{Origin, Place, Subject, System};

/// One version of a DCC host, as its profile describes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Host {
    /// Name as in `app_host_name`, such as `maya`.
    pub name: Arc<str>,
    /// Version as people write it, such as `2025` or `20.5`.
    pub version: Arc<str>,
    /// Its interpreter.
    pub python: HostPython,
    /// The systems it runs on.
    pub systems: Vec<System>,
    /// Its Qt binding, such as `PySide6 6.5`.
    pub qt_binding: Option<String>,
    /// The distributions it brings.
    pub modules: BTreeMap<DistributionName, pypi::Version>,
    /// Where it is written.
    pub place: Place,
}

/// A host's interpreter, as far as it is known.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HostPython {
    /// A full version, as `host probe` finds it.
    Exact(pypi::Version),
    /// Only the series is known, such as 3.11: any of its patch releases may be the one inside.
    Series(pypi::Version),
    /// It has none of its own and runs under whichever one the studio gives it.
    NotEmbedded,
    /// Nobody has found out.
    Unknown,
}

impl Host {
    /// The versions its interpreter may have, or `None` where nothing is known.
    pub fn python_set(&self) -> Option<VersionSet> {
        match &self.python {
            HostPython::Exact(version) => Some(VersionSet::exactly(version)),
            HostPython::Series(series) => Some(VersionSet::series(series)),
            HostPython::NotEmbedded | HostPython::Unknown => None,
        }
    }

    /// The version to evaluate markers with: the exact one, or the series, of which the lowest is meant.
    pub fn python_version(&self) -> Option<&pypi::Version> {
        match &self.python {
            HostPython::Exact(version) | HostPython::Series(version) => Some(version),
            HostPython::NotEmbedded | HostPython::Unknown => None,
        }
    }

    /// This host as the one who provides.
    pub fn origin(&self, key: &str) -> Origin {
        let subject = Subject::Host {
            name: Arc::clone(&self.name),
            version: Arc::clone(&self.version),
        };
        Origin::new(subject, self.place.at(key, None))
    }
}
