//! One error for everything that happens on a disk: what was being done, to which file, and what the system said.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Something that a disk did not do.
#[derive(Debug, thiserror::Error)]
#[error("cannot {action} `{}`: {source}", .path.display())]
pub struct DiskError {
    /// What was being done.
    pub action: Action,
    /// To which file or folder, as the caller named it.
    pub path: PathBuf,
    /// What the system said, or this crate: a limit that was passed, a lock that was not released in time.
    pub source: io::Error,
}

/// What was being done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Action {
    /// Reading a file.
    Read,
    /// Listing a folder.
    List,
    /// Writing a file.
    Write,
    /// Making a folder.
    CreateFolder,
    /// Removing a file.
    Remove,
    /// Locking a file.
    Lock,
}

impl fmt::Display for Action {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Action::Read => "read",
            Action::List => "list the folder",
            Action::Write => "write",
            Action::CreateFolder => "make the folder",
            Action::Remove => "remove",
            Action::Lock => "lock",
        })
    }
}

impl Action {
    /// Names the action and the path in an error of the system's.
    pub(crate) fn on(self, path: &Path) -> impl FnOnce(io::Error) -> DiskError {
        let path = path.to_owned();
        move |source| DiskError {
            action: self,
            path,
            source,
        }
    }
}
