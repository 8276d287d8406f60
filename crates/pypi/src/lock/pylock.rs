//! `pylock.toml`, PEP 751: what a lock is to any installer.
//!
//! [`Pylock`] is the file as a value. It is made [of locks](Pylock::of), written as [text](Pylock::to_text), [read](Pylock::read) back, and
//! asked what an installer [would install](Pylock::select). Reading what was written gives the same value.
//!
//! # How it thinks
//!
//! *One entry says where the lock may be installed.* `environments` holds one marker per target, always, so that a lock
//! for Windows is refused on Linux and not half installed.
//!
//! *Several targets are several locks in one file.* Entries of one name have disjoint markers; where all targets
//! chose the same release there is one entry without a marker, with the wheels of all of them.
//!
//! *What no installer may depend on stands under `tool`.* Who asked, which half, what is held back: everybody may throw
//! that away.
//!
//! *The order is fixed.* Keys in the order of the standard, packages by name, and the wheels of a package from the best
//! to the worst: the one array that is not in alphabetical order.

mod merge;
mod read;
mod select;
mod text;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::name::{DistributionName, ExtraName};
use crate::timestamp::Timestamp;
use crate::version::Version;

pub use read::PylockError;
pub use select::{Choice, SelectError};

use super::{HeldBack, Lock, LockError, WantedBy};

/// How locks are written.
#[derive(Debug, Clone, Copy)]
pub struct Options<'a> {
    /// What writes: `created-by`, and the name of its table under `tool`.
    pub tool: &'a str,
    /// The folder of the lock, absolute and without links: local files are told relative to it. None for standard output.
    pub folder: Option<&'a Path>,
    /// Whether local files are told by their absolute paths. Such a lock serves this machine alone.
    pub absolute_paths: bool,
}

/// Writes one lock, or several with disjoint markers, as the text of one `pylock.toml`.
///
/// # Errors
/// See [`Pylock::of`].
pub fn write(locks: &[Lock], options: Options<'_>) -> Result<String, LockError> {
    Ok(Pylock::of(locks, options)?.to_text(options.tool))
}

/// A `pylock.toml`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pylock {
    /// Major and minor number of the format.
    pub lock_version: (u64, u64),
    /// Where it may be installed: on an environment for which one of these markers is true, or anywhere if there are none.
    pub environments: Vec<String>,
    /// The versions of Python, as specifiers.
    pub requires_python: Option<String>,
    /// What wrote it.
    pub created_by: String,
    /// The packages, by name.
    pub packages: Vec<Package>,
    /// The platforms for people, with what no marker can say. In the tool's own table.
    pub platforms: Vec<String>,
}

/// An entry of `packages`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Which.
    pub name: DistributionName,
    /// In which version.
    pub version: Option<Version>,
    /// Where it is installed; everywhere if there is none.
    pub marker: Option<String>,
    /// The versions of Python it runs on.
    pub requires_python: Option<String>,
    /// The entries it needs.
    pub dependencies: Vec<Dependency>,
    /// The index that offered it.
    pub index: Option<String>,
    /// Where it comes from.
    pub source: Source,
    /// What the tool says of it, in its own table.
    pub notes: Notes,
}

/// Which entry of `packages` is needed: with no more keys than tell it from the others.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Dependency {
    /// Its name.
    pub name: DistributionName,
    /// Its version, where there are several of the name.
    pub version: Option<Version>,
    /// Its marker, where there are several of name and version.
    pub marker: Option<String>,
}

/// Where an entry comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Files of an index or a folder.
    Files {
        /// From the best to the worst.
        wheels: Vec<File>,
        /// To build from.
        sdist: Option<File>,
    },
    /// A commit of a repository.
    Vcs {
        /// The system: `git`.
        kind: String,
        /// Where it is cloned from.
        location: Location,
        /// The branch, tag or revision that was asked for.
        requested_revision: Option<String>,
        /// The commit.
        commit_id: String,
        /// The folder of the package in it.
        subdirectory: Option<String>,
    },
    /// A file that is named outright.
    Archive {
        /// The file.
        file: File,
        /// The folder of the package in it.
        subdirectory: Option<String>,
    },
    /// A source tree.
    Directory {
        /// Relative to the lock unless absolute.
        path: String,
        /// Whether it is installed as a link to the tree.
        editable: bool,
        /// The folder of the package in it.
        subdirectory: Option<String>,
    },
}

/// A file that can be installed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name. An archive's is the last part of its location.
    pub name: String,
    /// When it was uploaded.
    pub uploaded: Option<Timestamp>,
    /// Where it is.
    pub location: Location,
    /// Its bytes.
    pub size: Option<u64>,
    /// Its hashes by algorithm; at least one.
    pub hashes: BTreeMap<String, String>,
}

/// Where something is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// A URL.
    Url(String),
    /// A path, relative to the lock unless absolute, with `/` on every system.
    Path(String),
}

/// What the tool's own table says of a package.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Notes {
    /// The half of the lock that it belongs to.
    pub half: Option<String>,
    /// The extras that are asked of it.
    pub extras: BTreeSet<ExtraName>,
    /// Who asks for it from outside; who needs it inside is told by [`Package::dependencies`].
    pub wanted_by: Vec<WantedBy>,
    /// Why it is not the newest.
    pub held_back: Option<HeldBack>,
    /// Whether its author has withdrawn this version.
    pub is_yanked: bool,
}

impl Notes {
    fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl Location {
    /// The last part of it: the name of a file.
    pub fn last_part(&self) -> String {
        match self {
            Self::Url(url) => {
                let path = url.split(['?', '#']).next().unwrap_or(url);
                percent_decoded(path.rsplit('/').next().unwrap_or(path))
            }
            Self::Path(path) => {
                let separator = if path.contains('/') { '/' } else { '\\' };
                path.rsplit(separator).next().unwrap_or(path).to_owned()
            }
        }
    }
}

/// A text with `%20` and the like read; what is no such escape stays.
fn percent_decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        let escape = |digits: &[u8]| {
            let digits = std::str::from_utf8(digits).ok()?;
            let is_hexadecimal = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
            u8::from_str_radix(digits, 16)
                .ok()
                .filter(|_| is_hexadecimal)
        };
        match after.get(..2).and_then(escape) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = &after[2..];
            }
            _ => {
                bytes.push(*first);
                rest = after;
            }
        }
    }
    String::from_utf8(bytes).unwrap_or_else(|_| text.to_owned())
}

/// A name for a lock of `stem` that installers take: `pylock.NAME.toml`, where NAME has no dot and no capital.
///
/// ```
/// use pypi::lock::pylock;
///
/// assert_eq!(pylock::file_name("Maya-2025-linux-64-py3.11"), "pylock.maya-2025-linux-64-py3_11.toml");
/// ```
pub fn file_name(stem: &str) -> String {
    let word: String = stem
        .chars()
        .map(|letter| match letter {
            'a'..='z' | '0'..='9' | '-' | '_' => letter,
            'A'..='Z' => letter.to_ascii_lowercase(),
            _ => '_',
        })
        .collect();
    if word.is_empty() {
        "pylock.toml".to_owned()
    } else {
        format!("pylock.{word}.toml")
    }
}
