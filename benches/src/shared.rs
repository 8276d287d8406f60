//! Finds the shared data.

use std::path::{Path, PathBuf};

use crate::corpus::CorpusError;

/// The environment variable that names the folder.
const VARIABLE: &str = "AYON_RESOLVE_SHARED";

/// The folder with corpora and recorded answers.
#[derive(Clone, Debug)]
pub struct Shared {
    root: PathBuf,
}

/// The folder is not there. Its text is the one line to print.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("shared corpora not found at {}; set {VARIABLE}", .0.display())]
pub struct SharedAbsent(PathBuf);

impl Shared {
    /// The folder `AYON_RESOLVE_SHARED` names, else the one beside the repository.
    pub fn find() -> Result<Self, SharedAbsent> {
        #[expect(
            clippy::disallowed_methods,
            reason = "this package is no part of the program; its one variable is here"
        )]
        let named = std::env::var_os(VARIABLE).map(PathBuf::from);
        // This package lies one folder below the workspace's root, and the data beside that.
        let beside = || {
            let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().skip(2);
            above.next().unwrap_or(Path::new("..")).join("shared")
        };
        Self::at(named.unwrap_or_else(beside))
    }

    /// The folder at `root`.
    pub fn at(root: PathBuf) -> Result<Self, SharedAbsent> {
        // The corpus everything else refers to: a folder without it is some other folder.
        if root.join("data/ayon/addons.json").is_file() {
            Ok(Self { root })
        } else {
            Err(SharedAbsent(root))
        }
    }

    /// A file or folder of the AYON data, such as `launchers.json`.
    pub fn ayon(&self, path: &str) -> PathBuf {
        self.root.join("data/ayon").join(path)
    }

    /// The text of a file of the AYON data.
    pub fn ayon_text(&self, path: &str) -> Result<String, CorpusError> {
        read(&self.ayon(path))
    }
}

/// The text of `file`.
pub(crate) fn read(file: &Path) -> Result<String, CorpusError> {
    std::fs::read_to_string(file).map_err(|error| CorpusError::Read {
        file: file.to_owned(),
        error,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn absence_is_told_in_one_line_with_the_way_out() {
        let absent = Shared::at(PathBuf::from("nowhere")).unwrap_err();
        assert_eq!(
            absent.to_string(),
            "shared corpora not found at nowhere; set AYON_RESOLVE_SHARED"
        );
    }
}
