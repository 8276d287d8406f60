//! Packages as a repository lists them: plain data, with what is wrong kept beside what is right.
//!
//! rez reads a package's file when the solver first touches that version, and a file that cannot be read ends the whole
//! resolve then, not before. So a [`Package`] holds either its [`Definition`] or the [`Defect`] that the solver will
//! report if it comes to that.

use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use crate::version::Version;

/// A family in one repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Family {
    /// Its name, as the repository spells it.
    pub name: Arc<str>,
    /// Its packages in the order the repository lists them.
    pub packages: Vec<Package>,
}

/// One version of a family.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Package {
    /// The version; empty for an unversioned package.
    pub version: Version,
    /// How the repository stores it.
    pub kind: PackageKind,
    /// What its file says, or what is wrong with that file.
    pub definition: Result<Arc<Definition>, Defect>,
}

/// How a repository stores a package; it decides the key of the handles in a context.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PackageKind {
    /// In a folder of its own (`filesystem.variant`).
    Folder,
    /// In its family's one file (`filesystem.variant.combined`).
    Combined {
        /// Extension of that file, without the dot: `py` or `yaml`.
        extension: Arc<str>,
    },
}

/// The attributes of a package that a solve reads (`src/rez/package_resources.py`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// Requests of every variant, as written.
    pub requires: Vec<Arc<str>>,
    /// Further requests while the package is built.
    pub build_requires: Vec<Arc<str>>,
    /// Further requests of each variant; `None` where the package has no variants.
    pub variants: Option<Vec<Vec<Arc<str>>>>,
    /// When the package was released, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// Whether the folders of variants are named by hash.
    pub hashed_variants: bool,
    /// Whether a real Python had to say some of this.
    pub evaluated: bool,
}

impl Definition {
    /// The requests of each variant; `None` for a package without variants, to which an empty list counts too.
    pub fn variants(&self) -> Option<&[Vec<Arc<str>>]> {
        self.variants
            .as_deref()
            .filter(|variants| !variants.is_empty())
    }
}

/// `maya-2024.1`, or `maya` where there is no version: rez's qualified name of a package.
pub fn qualified(name: &str, version: &Version) -> String {
    if version.is_empty() {
        name.to_owned()
    } else {
        format!("{name}-{version}")
    }
}

/// `maya-2024.1[0]`, or `maya-2024.1[]` where there are no variants: rez's qualified name of a variant.
pub fn qualified_variant(package: &str, index: Option<usize>) -> String {
    match index {
        Some(_) => variant_label(package, index),
        None => format!("{package}[]"),
    }
}

/// `maya-2024.1[0]`, or `maya-2024.1` where there are no variants, as rez lists them.
pub fn variant_label(package: &str, index: Option<usize>) -> String {
    match index {
        Some(index) => format!("{package}[{index}]"),
        None => package.to_owned(),
    }
}

/// Why a package's file could not be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Defect {
    /// What kind of trouble.
    pub kind: DefectKind,
    /// The file, or the folder that has none.
    pub file: PathBuf,
    /// Line in that file, from 1.
    pub line: Option<u32>,
    /// What is wrong, in a sentence without a full stop.
    pub message: String,
}

/// Kinds of [`Defect`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DefectKind {
    /// A folder without a package file (rez: `PackageDefinitionFileMissing`).
    Missing,
    /// The file could not be read.
    Unreadable,
    /// The file was read and makes no sense (rez: `ResourceError`).
    Invalid,
    /// The file computes what a solve needs, and no Python was allowed to run it.
    NeedsPython,
}

impl fmt::Display for Defect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if let Some(line) = self.line {
            write!(f, ":{line}")?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for Defect {}
