//! Repositories in temporary folders, one rule at a time.

mod combined;
mod definitions;
mod evaluation;
mod fixture;
mod index;
mod layout;
mod places;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use rez::package::{Defect, Definition, Family};
use rez::repository::{FilesystemRepository, Options, Repository, RepositoryError};

/// A repository that a test fills.
pub(crate) struct Folder {
    folder: tempfile::TempDir,
}

#[expect(
    clippy::disallowed_methods,
    reason = "a test makes its own repositories, in a temporary folder, and has a clock"
)]
impl Folder {
    pub(crate) fn new() -> Self {
        Folder {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Folder::new();
        for (path, content) in files {
            folder.write(path, content);
        }
        folder
    }

    /// The real path.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.path().canonicalize().unwrap()
    }

    /// Writes a file, making its folders; a path that ends in a slash is a folder.
    pub(crate) fn write(&self, path: &str, content: &str) {
        let full = self.path().join(path);
        if path.ends_with('/') {
            std::fs::create_dir_all(full).unwrap();
        } else {
            std::fs::create_dir_all(full.parent().unwrap()).unwrap();
            std::fs::write(full, content).unwrap();
        }
    }

    pub(crate) fn remove(&self, path: &str) {
        let full = self.path().join(path);
        if full.is_dir() {
            std::fs::remove_dir_all(full).unwrap();
        } else {
            std::fs::remove_file(full).unwrap();
        }
    }

    pub(crate) fn options() -> Options {
        Options::new(SystemTime::now())
    }

    pub(crate) fn open(&self) -> FilesystemRepository {
        FilesystemRepository::open(&self.path(), &Self::options()).unwrap()
    }

    pub(crate) fn family(&self, name: &str) -> Option<Arc<Family>> {
        self.open().family(name).unwrap()
    }

    pub(crate) fn failure(&self, name: &str) -> RepositoryError {
        self.open().family(name).unwrap_err()
    }

    /// A text from this folder, without the folder's own path, which no two runs share.
    pub(crate) fn shorten(&self, text: &str) -> String {
        shorten(&self.path(), text)
    }

    /// What is odd, a line each.
    pub(crate) fn problems(&self) -> String {
        let repository = self.open();
        repository.read_all().unwrap();
        let problems: Vec<String> = repository
            .problems()
            .iter()
            .map(|problem| self.shorten(&problem.to_string()))
            .collect();
        problems.join("\n")
    }

    /// The definition or the defect of the only package of the only family.
    pub(crate) fn only(&self) -> Result<Arc<Definition>, Defect> {
        let repository = self.open();
        let names = repository.family_names().unwrap();
        assert_eq!(names.len(), 1, "{names:?}");
        let family = repository.family(&names[0]).unwrap().unwrap();
        assert_eq!(family.packages.len(), 1, "{family:?}");
        family.packages[0].definition.clone()
    }
}

pub(crate) fn shorten(root: &Path, text: &str) -> String {
    text.replace(root.to_str().unwrap(), "…")
}

/// A family's versions in the order listed, each with what it requires or the kind of its defect.
pub(crate) fn told(family: &Family) -> Vec<String> {
    let told = family.packages.iter().map(|package| {
        let version = &package.version;
        match &package.definition {
            Ok(definition) => {
                let requires: Vec<&str> = definition.requires.iter().map(|text| &**text).collect();
                format!("{version} [{}]", requires.join(" "))
            }
            Err(defect) => format!("{version} {:?}", defect.kind),
        }
    });
    told.collect()
}
