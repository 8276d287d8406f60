//! What was chosen for one target: every package, the files it may be installed from, and why it is there.
//!
//! A [`Lock`] is a value: a solver makes it, and this module writes it as the texts that installers read:
//! [`pylock`] is PEP 751's `pylock.toml`, [`requirements`] is the hashed `requirements.txt` of pip. Both are pure functions
//! of the value, so the same choice gives the same bytes, in whatever order the packages came.
//!
//! # How it thinks
//!
//! *A lock is for one target.* Wheels are chosen by tags, and tags are not markers: a wheel that needs glibc 2.34 passes
//! every marker on a machine with glibc 2.28. So each lock is solved for a real platform, lists only what fits it, and
//! says in a marker where it may be installed. Several locks can share one [`pylock`] file.
//!
//! *Nothing secret is written.* URLs lose their user part, wherever they came from.
//!
//! *A file without a hash is no lock.* Writing one is an error that names the package.

mod error;
mod paths;
pub mod pins;
pub mod pylock;
pub mod requirements;

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use crate::marker::environment::MarkerEnvironment;
use crate::name::{DistributionName, ExtraName};
use crate::target::Target;
use crate::timestamp::Timestamp;
use crate::version::Version;

pub use error::LockError;

/// What was chosen for one target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lock {
    /// Where it may be installed.
    pub target: LockTarget,
    /// The packages, in any order; no name twice.
    pub packages: Vec<LockedPackage>,
}

/// Where a lock may be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockTarget {
    /// What the markers of the packages were asked about.
    pub environment: MarkerEnvironment,
    /// The marker that is true there and on no other target: system, processor, Python.
    pub marker: String,
    /// The versions of Python, as specifiers: `>=3.11.0,<3.12`.
    pub requires_python: String,
    /// The platform for people, with what no marker can say: `linux-64, glibc 2.28`.
    pub platform: String,
}

/// One chosen package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedPackage {
    /// Which.
    pub name: DistributionName,
    /// In which version; none for a folder, whose version may change.
    pub version: Option<Version>,
    /// The versions of Python it runs on, as its author wrote them.
    pub requires_python: Option<String>,
    /// The index that offered it, as a URL; none where there was none.
    pub index: Option<String>,
    /// The extras that are asked of it.
    pub extras: BTreeSet<ExtraName>,
    /// Where it comes from.
    pub origin: Origin,
    /// The packages of this lock that it needs, with the extras that are asked of it.
    pub dependencies: BTreeSet<DistributionName>,
    /// Everybody who asks for it.
    pub wanted_by: Vec<WantedBy>,
    /// The half it belongs to, where the packages are installed in two places: the caller's word.
    pub half: Option<String>,
    /// Set where a newer version exists that somebody's requirement leaves out.
    pub held_back: Option<HeldBack>,
    /// Whether its author has withdrawn this version, and somebody asks for just this one.
    pub is_yanked: bool,
}

/// Somebody who asks for a package.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct WantedBy {
    /// Who, and where that is written: `requests 2.31.0`, `tools.in:3`.
    pub who: String,
    /// What is asked, in its own words: `urllib3<3,>=1.21.1`.
    pub requirement: String,
    /// Whether it is asked from outside, not by another package of the lock.
    pub is_root: bool,
}

/// Why a package is not the newest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HeldBack {
    /// The newest version that could be installed on the target.
    pub newest: Version,
    /// Whose requirements leave it out, with their words: `ftrack-python-api 3.1.0 (websocket-client<1)`.
    pub by: Vec<String>,
}

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Origin {
    /// Files of an index or of a folder.
    Files {
        /// The wheels that fit the target, the best first.
        wheels: Vec<LockedFile>,
        /// The source distribution, where building is allowed or there is no wheel.
        sdist: Option<LockedFile>,
    },
    /// A commit of a Git repository.
    Git {
        /// Where it is cloned from, without `git+`.
        url: String,
        /// The commit: forty hexadecimal digits, or sixty-four.
        commit: String,
        /// The branch, tag or revision that was asked for.
        requested: Option<String>,
        /// The folder of the package in the repository.
        subdirectory: Option<String>,
    },
    /// A file that is named outright.
    Archive {
        /// The file.
        file: LockedFile,
        /// The folder of the package in the archive.
        subdirectory: Option<String>,
    },
    /// A source tree on this disk.
    Directory {
        /// The folder, absolute.
        path: PathBuf,
        /// The folder of the package below it.
        subdirectory: Option<String>,
    },
}

/// A file that can be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LockedFile {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub location: FileLocation,
    /// Its bytes, where known.
    pub size: Option<u64>,
    /// When it was uploaded, where known.
    pub uploaded: Option<Timestamp>,
    /// Its hashes by algorithm, as lower-case hexadecimal digits.
    pub hashes: BTreeMap<String, String>,
}

/// Where a file is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum FileLocation {
    /// At a URL.
    Url(String),
    /// On this disk, absolute.
    Path(PathBuf),
}

impl LockTarget {
    /// Where a lock for `target` may be installed: on its platform, under a Python of its series that is not older.
    ///
    /// What a package asks for under `python_full_version < "3.11.4"` was answered for one Python; older ones are refused,
    /// newer ones of the series are expected to need nothing else.
    pub fn of(target: &Target) -> Self {
        let python = target.python();
        let next = python.release_prefix(2).next_release();
        let series = python.release_prefix(2);
        // `3.11.0` is `3.11`, and reads better so.
        let first = if *python == series { &series } else { python };
        Self {
            environment: target.environment().clone(),
            marker: target.marker(),
            requires_python: format!(">={first},<{next}"),
            platform: target.platform().to_string(),
        }
    }
}

impl LockedPackage {
    /// Who of the lock itself leaves out a newer version. What was asked from outside is no surprise to whoever asks; what a
    /// package of a package asks is.
    pub fn held_back_inside(&self) -> Vec<&str> {
        let inside = self.wanted_by.iter().filter(|wanted| !wanted.is_root);
        let inside: Vec<&str> = inside.map(|wanted| wanted.who.as_str()).collect();
        let by = self.held_back.iter().flat_map(|held_back| &held_back.by);
        by.filter(|by| inside.iter().any(|who| by.starts_with(who)))
            .map(String::as_str)
            .collect()
    }

    /// Name and version, for messages.
    pub(crate) fn title(&self) -> String {
        match &self.version {
            Some(version) => format!("{} {version}", self.name),
            None => self.name.to_string(),
        }
    }
}
