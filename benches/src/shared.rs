//! Finds the shared data.

use std::io::{self, Read};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

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

    /// A file or folder of rez's data, such as `solver_cases.json.gz`.
    pub fn rez(&self, path: &str) -> PathBuf {
        self.root.join("data/rez").join(path)
    }

    /// A file or folder of the Python data, such as `packse.json`.
    pub fn pypi(&self, path: &str) -> PathBuf {
        self.root.join("data/pypi").join(path)
    }

    /// A file or folder of conda's data, such as `specs.json`.
    pub fn conda(&self, path: &str) -> PathBuf {
        self.root.join("data/conda").join(path)
    }

    /// A program that comes with the data, such as `inflate.py`.
    pub fn tool(&self, name: &str) -> PathBuf {
        self.root.join("tools").join(name)
    }

    /// The text of a file of the AYON data.
    pub fn ayon_text(&self, path: &str) -> Result<String, CorpusError> {
        read(&self.ayon(path))
    }
}

/// The text of `file`, which may be compressed with gzip.
pub(crate) fn read(file: &Path) -> Result<String, CorpusError> {
    let text = || {
        let bytes = std::fs::read(file)?;
        if !bytes.starts_with(&GZIP) {
            return String::from_utf8(bytes).map_err(io::Error::other);
        }
        let mut text = String::new();
        MultiGzDecoder::new(&bytes[..]).read_to_string(&mut text)?;
        Ok(text)
    };
    text().map_err(|error| CorpusError::Read {
        file: file.to_owned(),
        error,
    })
}

/// What a file compressed with gzip begins with, whatever it is called.
const GZIP: [u8; 2] = [0x1f, 0x8b];

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
