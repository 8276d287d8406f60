//! What a backend gives back: files as values, and what the reader should know about them.

/// Files, in the order to write or print them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Emission {
    /// The files.
    pub files: Vec<EmittedFile>,
    /// What could not be said in the format as it was meant, and what was done instead.
    pub notes: Vec<String>,
    /// What is worth knowing about the choice, although nothing is amiss: what holds a package back.
    pub remarks: Vec<String>,
}

/// One file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmittedFile {
    /// Its name, without a folder.
    pub name: String,
    /// Its content.
    pub content: Vec<u8>,
}

/// An answer that cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum EmitError {
    /// No such format.
    #[error("backend {backend} writes no `{format}`; it writes {}", .known.join(", "))]
    UnknownFormat {
        /// The backend.
        backend: &'static str,
        /// What was asked.
        format: String,
        /// What it writes.
        known: Vec<&'static str>,
    },
    /// Something in the resolution has no form in this format.
    #[error("{what} cannot be written as {format}: {reason}")]
    Inexpressible {
        /// The thing.
        what: String,
        /// The format.
        format: &'static str,
        /// Why, and the way out.
        reason: String,
    },
}

impl Emission {
    /// No files yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// With one more file.
    #[must_use]
    pub fn with_file(mut self, name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        self.files.push(EmittedFile {
            name: name.into(),
            content: content.into(),
        });
        self
    }
}
