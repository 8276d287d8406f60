//! Why a text is not a context. Every error names the place in the file, and what to do where that is not plain.

use std::path::PathBuf;

/// A context cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ContextError {
    /// The text is larger than [`MAX_BYTES`](super::MAX_BYTES).
    #[error("the context has {bytes} bytes, more than the {limit} that are read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The limit.
        limit: usize,
    },
    /// The text starts as JSON does, and is none.
    #[error("line {line}, column {column}: this is not JSON: {message}")]
    NotJson {
        /// The line of the mistake, from 1.
        line: usize,
        /// Its column, from 1.
        column: usize,
        /// What is wrong there.
        message: String,
    },
    /// The text is neither JSON nor YAML.
    #[error("line {line}: {message}")]
    NotYaml {
        /// The line of the mistake, from 1.
        line: u32,
        /// What is wrong there.
        message: String,
    },
    /// Keys that every context has are not there.
    #[error("{place} lacks {}", quoted(keys))]
    Missing {
        /// The table that lacks them.
        place: String,
        /// The missing keys.
        keys: Vec<String>,
    },
    /// A value is of another type than rez writes there.
    #[error("{place} should be {expected}, not {found}")]
    WrongType {
        /// The key, as a path: `` `resolved_packages[2].variables.name` ``.
        place: String,
        /// What rez writes there, in words.
        expected: &'static str,
        /// What was found.
        found: &'static str,
    },
    /// A text does not mean what it should.
    #[error("{place}: {message}")]
    WrongValue {
        /// The key, as a path.
        place: String,
        /// What the text is, and what is wrong with it.
        message: String,
    },
    /// A newer rez wrote the file in a form that is not known here.
    #[error(
        "the context has the form {found} of a newer rez, only 4.x is known; save it with a rez of the 2.x or 3.x series"
    )]
    Newer {
        /// The version of its form.
        found: String,
    },
    /// A rez of before 2.0 wrote the file.
    #[error(
        "the context has the old form {found}, only 4.x is known; load it with rez once and save it: `rez-env --input OLD --output NEW`"
    )]
    Older {
        /// The version of its form.
        found: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Disk(#[from] ayon_disk::DiskError),
    /// The file can be read, and is wrong.
    #[error("`{}` is not a rez context", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What is wrong in it.
        source: Box<ContextError>,
    },
}

fn quoted(keys: &[String]) -> String {
    let keys: Vec<_> = keys.iter().map(|key| format!("`{key}`")).collect();
    keys.join(", ")
}
