//! Where packages come from.
//!
//! The solver sees repositories only through [`Repository`]: a list of families, each read when it is first asked for.
//! [`FilesystemRepository`] is rez's usual one, in folders, with an index that spares reading it twice.
//! [`MemoryRepository`] holds its packages as values, for tests and for embedding.

mod definition;
mod entry;
mod evaluate;
mod filesystem;
mod index;
mod parallel;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use thiserror::Error;

use crate::package::Family;

pub use entry::Problem;
pub use evaluate::{Facts, Python};
pub use filesystem::{FilesystemRepository, Options, Statistics};
pub use index::index_cache;

/// Where a repository is, as rez writes it into the handles of a context.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Location {
    /// rez's name of the kind: `filesystem`, `memory`.
    pub kind: &'static str,
    /// The canonical location: for a filesystem repository its real path, without a trailing slash.
    pub path: String,
}

/// A repository could not be read.
#[derive(Debug, Error)]
#[error("cannot {action} `{}`: {reason}", path.display())]
pub struct RepositoryError {
    /// What was being done: `list`, `read`.
    pub action: &'static str,
    /// To which file or folder.
    pub path: PathBuf,
    /// Why it failed.
    pub reason: String,
}

/// A place that holds package families.
///
/// A solve asks for a family at most once; what it is given must not change under it.
pub trait Repository: Send + Sync {
    /// Where it is.
    fn location(&self) -> &Location;

    /// The names of its families, sorted.
    fn family_names(&self) -> Result<Vec<Arc<str>>, RepositoryError>;

    /// One family; `None` where this repository has none of that name.
    fn family(&self, name: &str) -> Result<Option<Arc<Family>>, RepositoryError>;
}

/// A repository of values.
#[derive(Clone, Debug)]
pub struct MemoryRepository {
    location: Location,
    families: BTreeMap<Arc<str>, Arc<Family>>,
}

impl MemoryRepository {
    /// A repository called `name` that holds these families; of two with one name the later counts.
    pub fn new(name: &str, families: impl IntoIterator<Item = Family>) -> Self {
        Self {
            location: Location {
                kind: "memory",
                path: name.to_owned(),
            },
            families: families
                .into_iter()
                .map(|family| (family.name.clone(), Arc::new(family)))
                .collect(),
        }
    }
}

impl Repository for MemoryRepository {
    fn location(&self) -> &Location {
        &self.location
    }

    fn family_names(&self) -> Result<Vec<Arc<str>>, RepositoryError> {
        Ok(self.families.keys().cloned().collect())
    }

    fn family(&self, name: &str) -> Result<Option<Arc<Family>>, RepositoryError> {
        Ok(self.families.get(name).cloned())
    }
}

/// As rez names it in messages: `memory@name`, and a filesystem repository by its path alone.
impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.kind {
            "filesystem" => f.write_str(&self.path),
            kind => write!(f, "{kind}@{}", self.path),
        }
    }
}
