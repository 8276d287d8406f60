//! Why a lock cannot be written.

use std::path::PathBuf;

/// A lock that has no form in a file.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LockError {
    /// Nobody knows a hash of a file.
    #[error(
        "{package}: no hash of {file} is known, so a lock cannot say what it is; use an index that gives hashes, or \
         download the file into a folder and lock from there"
    )]
    NoHash {
        /// The package and its version.
        package: String,
        /// The file.
        file: String,
    },
    /// A package without any file.
    #[error("{package}: there is no file to install")]
    NoFile {
        /// The package and its version.
        package: String,
    },
    /// One target has a package twice.
    #[error("{package} is twice in the lock for {platform}")]
    Twice {
        /// The package.
        package: String,
        /// The target.
        platform: String,
    },
    /// An installer could not tell two targets apart.
    #[error(
        "the locks for {first} and for {second} cannot share a file: an installer cannot tell their environments apart; \
         write one file for each"
    )]
    Overlap {
        /// One target.
        first: String,
        /// The other.
        second: String,
    },
    /// A marker of a target that cannot be read.
    #[error("the marker of {platform} cannot be read: {reason}")]
    Marker {
        /// The target.
        platform: String,
        /// Why.
        reason: String,
    },
    /// A local file that has no path from the lock.
    #[error(
        "{} has no path relative to the lock: {reason}; write the lock to a file beside it, or write absolute paths",
        .path.display()
    )]
    NoRelativePath {
        /// The file.
        path: PathBuf,
        /// Why.
        reason: &'static str,
    },
    /// A path that is no text.
    #[error("{} cannot be written: its name is not UTF-8", .path.display())]
    NotText {
        /// The file.
        path: PathBuf,
    },
    /// A source whose content no hash can fix, in a format that wants a hash for everything.
    #[error(
        "{package} comes from {origin}, which has no hash: one such line makes pip refuse the whole file; write a \
         pylock.toml, or publish the package as a wheel"
    )]
    NotHashable {
        /// The package.
        package: String,
        /// Its source.
        origin: String,
    },
}
