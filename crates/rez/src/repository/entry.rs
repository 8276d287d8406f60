//! A family as it was read, with the evidence by which a later look can tell whether it is still so.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ayon_disk::Stamp;

use crate::package::Family;

/// Something in a repository that a person may want to know, and that no solve fails over.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    /// The file or folder.
    pub path: PathBuf,
    /// What is odd about it, in a sentence without a full stop.
    pub message: String,
}

impl Problem {
    pub(super) fn of(path: &Path, message: String) -> Self {
        Problem {
            path: path.to_owned(),
            message,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.message)
    }
}

/// A family, read.
#[derive(Clone, Debug)]
pub(in crate::repository) struct Entry {
    /// As far as reading tells.
    pub(in crate::repository) family: Arc<Family>,
    /// With what a Python process told instead of reading; never kept.
    pub(in crate::repository) evaluated: Option<Evaluated>,
    pub(in crate::repository) problems: Vec<Problem>,
    pub(in crate::repository) evidence: Evidence,
}

/// A family with what a Python process told of it.
#[derive(Clone, Debug)]
pub(in crate::repository) struct Evaluated {
    pub(super) family: Arc<Family>,
    /// Which question it was told for, see `Python::question`.
    pub(super) question: u64,
}

impl Entry {
    /// What is answered when this family is asked for.
    pub(super) fn answer(&self) -> &Arc<Family> {
        let evaluated = self.evaluated.as_ref();
        evaluated.map_or(&self.family, |evaluated| &evaluated.family)
    }
}

/// What was seen when a family was read. It is unchanged as long as all of this would be seen again.
#[derive(Clone, Debug)]
pub(in crate::repository) struct Evidence {
    /// The state of the family's folder, or of its one file.
    pub(in crate::repository) stamp: Stamp,
    /// When the reading began, or earlier.
    pub(in crate::repository) read_at: SystemTime,
    /// Extension of the family's one file; empty for a folder.
    pub(in crate::repository) combined: Arc<str>,
    /// Where each package of a folder was read from, in the order of the packages.
    pub(in crate::repository) sources: Vec<Source>,
    /// Folders that will be versions once they have a package file.
    pub(in crate::repository) hidden: Vec<(Arc<str>, Stamp)>,
    /// Whether it can be kept for the next run: not what could not be read, or changed meanwhile.
    pub(in crate::repository) keep: bool,
    /// Whether this comes from the index.
    pub(in crate::repository) indexed: bool,
}

/// Where one package was read from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::repository) struct Source {
    /// The package file's name in the version's folder; `None` where there is none, and the stamp is the folder's.
    pub(in crate::repository) file: Option<Arc<str>>,
    pub(in crate::repository) stamp: Stamp,
}
