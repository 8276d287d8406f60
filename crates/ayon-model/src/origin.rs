//! Who asks for something, and where it is written.
//!
//! An origin is made by the parser that reads a requirement and is carried, unchanged, to the last line of an
//! explanation. It is cheap to clone: a release shares its file names among all its requirements.

use std::fmt;
use std::sync::Arc;

use pypi::DistributionName;
use semver::Version;

use crate::{AddonName, printable};

/// Who asks, provides or is asked about, in the words people use.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// What was typed: the command line or the embedding program.
    Request,
    /// A bundle, by name.
    Bundle(Arc<str>),
    /// The studio as a whole, by its label: its server and its library.
    Studio(Arc<str>),
    /// A launcher, by version.
    Launcher(Arc<str>),
    /// A DCC host.
    Host {
        /// Name as in `app_host_name`, such as `maya`.
        name: Arc<str>,
        /// Version, such as `2025`.
        version: Arc<str>,
    },
    /// One release of an addon.
    Addon {
        /// The addon.
        name: AddonName,
        /// The release.
        version: Version,
    },
    /// A dependency package, by file name.
    DependencyPackage(Arc<str>),
    /// A release of a Python distribution, on an index.
    Distribution {
        /// The distribution.
        name: DistributionName,
        /// The release.
        version: pypi::Version,
    },
    /// Where Python distributions are looked for, in its own words: `the index https://…`.
    Index(Arc<str>),
}

impl fmt::Display for Subject {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Request => formatter.write_str("your request"),
            Self::Bundle(name) => write!(formatter, "bundle {}", printable(name)),
            Self::Studio(label) => write!(formatter, "studio {}", printable(label)),
            Self::Launcher(version) => write!(formatter, "launcher {}", printable(version)),
            Self::Host { name, version } => {
                write!(formatter, "host {}/{}", printable(name), printable(version))
            }
            Self::Addon { name, version } => write!(formatter, "addon {name} {version}"),
            Self::DependencyPackage(file) => {
                write!(formatter, "dependency package {}", printable(file))
            }
            Self::Distribution { name, version } => write!(formatter, "{name} {version}"),
            Self::Index(words) => formatter.write_str(&printable(words)),
        }
    }
}

/// Where something is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    /// The file as its source names it: a path inside a studio folder, or an endpoint of a server.
    pub file: Arc<str>,
    /// Line in that file, from 1, where the source knows it.
    pub line: Option<u32>,
    /// The key inside the file, such as `ayon.runtimeDependencies.darwin`; empty for the file as a whole.
    pub key: Arc<str>,
}

impl Place {
    /// A file as a whole.
    pub fn file(file: impl Into<Arc<str>>) -> Self {
        Self {
            file: file.into(),
            line: None,
            key: Arc::from(""),
        }
    }

    /// The same file, at `key` and perhaps `line`.
    #[must_use]
    pub fn at(&self, key: impl Into<Arc<str>>, line: Option<u32>) -> Self {
        Self {
            file: Arc::clone(&self.file),
            line,
            key: key.into(),
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.file))?;
        if let Some(line) = self.line {
            write!(formatter, ":{line}")?;
        }
        if !self.key.is_empty() {
            write!(formatter, ", {}", printable(&self.key))?;
        }
        Ok(())
    }
}

/// Who asks for something, and where that is written.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// Who asks.
    pub subject: Subject,
    /// Where it is written, unless it was typed.
    pub place: Option<Place>,
}

impl Origin {
    /// What was typed asks.
    pub fn request() -> Self {
        Self {
            subject: Subject::Request,
            place: None,
        }
    }

    /// `subject` asks, at `place`.
    pub fn new(subject: Subject, place: Place) -> Self {
        Self {
            subject,
            place: Some(place),
        }
    }
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(formatter, "{} ({place})", self.subject),
            None => self.subject.fmt(formatter),
        }
    }
}
