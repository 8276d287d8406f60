//! What a resolver asks of the outside: which files there are, and what each of them needs.
//!
//! [`Index`] is the one door between a solve, which is pure, and everything that is not: HTTP, a
//! cache, folders of wheels. Calls block; whoever implements them decides what happens meanwhile,
//! and hears early what will probably be asked next ([`Hint`]). A test or a benchmark implements it
//! in memory.

use std::sync::Arc;

use crate::lock::Origin;
use crate::metadata::Metadata;
use crate::name::DistributionName;
use crate::project::{FileId, Project};
use crate::source::Source;
use crate::version::Version;

/// Indexes and wheelhouses as one.
pub trait Index: Send + Sync {
    /// The project of a name, from the first index that has it; `None` if none has.
    ///
    /// Asked again it gives the same answer, and at once.
    ///
    /// # Errors
    /// Where the answer is not known: no connection, no permission, a page that is none. What
    /// another index would say is not asked then.
    fn project(&self, name: &DistributionName) -> Result<Option<Arc<Project>>, IndexError>;

    /// What a file of a project needs.
    ///
    /// # Errors
    /// Where the answer is not known. Metadata that is there and no good is
    /// [`MetadataAnswer::Unusable`].
    fn metadata(&self, project: &Arc<Project>, file: FileId) -> Result<MetadataAnswer, IndexError>;

    /// The one release that a source named outright holds: a commit, an archive, a folder.
    ///
    /// # Errors
    /// Where the answer is not known.
    fn source(&self, name: &DistributionName, source: &Source) -> Result<SourceAnswer, IndexError>;

    /// Takes a hint of what is going to be asked. Returns at once.
    fn expect(&self, _hint: Hint<'_>) {}

    /// The names that it happens to know, for guessing which one was mistyped. Asks nobody.
    fn known_names(&self) -> Vec<DistributionName> {
        Vec::new()
    }

    /// What this is, for messages: `the index https://…`, without secrets.
    fn describe(&self) -> String;
}

/// Goes where a solve will probably go, before it does: from a project to the file whose metadata will be asked for first,
/// and from there to the next projects. Called on any thread; each call takes microseconds.
pub trait Scout: Send + Sync {
    /// The file of the project whose metadata will be asked for first.
    fn best(&self, project: &Project) -> Option<FileId>;

    /// The projects that the metadata of that file leads to, with who goes on from there.
    fn next(&self, metadata: &Metadata) -> Vec<(DistributionName, Arc<dyn Scout>)>;
}

/// What is going to be asked.
#[derive(Clone, Copy)]
pub enum Hint<'a> {
    /// A project, and as soon as it is there the metadata of its best file, and so on.
    Project {
        /// The project's name.
        name: &'a DistributionName,
        /// Which file that is, and where it leads.
        scout: &'a Arc<dyn Scout>,
    },
    /// The metadata of a file.
    Metadata(&'a Arc<Project>, FileId),
}

/// The metadata of a file.
#[derive(Debug, Clone)]
pub enum MetadataAnswer {
    /// It is this.
    Known(Arc<Metadata>),
    /// The file cannot be used, and why, in one line: its metadata is damaged, it is not in the
    /// cache and there is no connection, it would have to be built.
    Unusable(String),
}

/// A source, fixed to what it holds now.
#[derive(Debug, Clone)]
pub struct SourceRelease {
    /// The distribution.
    pub name: DistributionName,
    /// Its version.
    pub version: Version,
    /// What it needs.
    pub metadata: Arc<Metadata>,
    /// The source as a lock records it: with the commit, with the hash.
    pub locked: Origin,
}

/// What a source holds.
#[derive(Debug, Clone)]
pub enum SourceAnswer {
    /// It is this.
    Known(Arc<SourceRelease>),
    /// It cannot be used, and why, in one line.
    Unusable(String),
}

/// An error of whoever implements [`Index`]; its text and its sources are kept.
#[derive(Debug, thiserror::Error)]
#[error(transparent)]
pub struct IndexError(Box<dyn std::error::Error + Send + Sync>);

impl IndexError {
    /// Wraps an error.
    pub fn new(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        IndexError(error.into())
    }

    /// The wrapped error again, for a caller that knows what to look for.
    pub fn into_inner(self) -> Box<dyn std::error::Error + Send + Sync> {
        self.0
    }
}
