//! `Requires-Python`: the Pythons for which a file is made.
//!
//! What is asked is about releases of Python: whoever writes `>=3.13` means 3.13.0rc1 too, and
//! whoever writes `<3.14.0a1` means every 3.13. So pre-release parts are dropped on both sides, as
//! `pip` and `uv` do where they ask. Which words are forgiven `lenient.rs` says.

use std::sync::OnceLock;

use crate::metadata::lenient;
use crate::version::Version;
use crate::version::set::{SpecifierError, VersionSet};

/// A `Requires-Python` of a page: its text, and the versions once somebody asks.
#[derive(Debug, Clone)]
pub struct PythonRange {
    text: Box<str>,
    versions: OnceLock<Result<VersionSet, SpecifierError>>,
}

impl PythonRange {
    /// A range by its text, which is parsed when first asked for.
    pub fn new(text: &str) -> Self {
        PythonRange {
            text: text.into(),
            versions: OnceLock::new(),
        }
    }

    /// The text as the index has it.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The releases that are accepted.
    ///
    /// # Errors
    /// If the text is no list of version clauses. A file that says so cannot be used.
    pub fn versions(&self) -> Result<&VersionSet, &SpecifierError> {
        let versions = self
            .versions
            .get_or_init(|| lenient::python_versions(&self.text));
        versions.as_ref()
    }

    /// Whether a Python is accepted: its release is. No Python is, where the text says nothing.
    pub fn accepts(&self, python: &Version) -> bool {
        let release = python.release_prefix(python.release().len());
        self.versions()
            .is_ok_and(|versions| versions.contains(&release))
    }
}

impl PartialEq for PythonRange {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl Eq for PythonRange {}
