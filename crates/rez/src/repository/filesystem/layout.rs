//! Which files and folders are families, versions and package files
//! (`src/rezplugins/package_repository/filesystem.py`). Nothing is read here but names.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use ayon_disk::{DiskError, FolderEntryKind, Stamp, read_dir};

use super::Options;
use crate::repository::RepositoryError;
use crate::repository::definition::Format;
use crate::repository::entry::Problem;
use crate::requirement::is_package_name;
use crate::version::Version;

/// A file of a repository's own, never a family.
const SETTINGS: &str = "settings.yaml";

/// Whether rez takes `Maya` and `maya` for different names here. It says yes on macOS too.
const CASE_SENSITIVE: bool = !cfg!(windows);

/// The rules, applied to one repository.
#[derive(Clone, Copy)]
pub(super) struct Layout<'a> {
    pub(super) root: &'a Path,
    pub(super) options: &'a Options,
}

/// What holds a family, and its state before it was read.
#[derive(Clone, Debug)]
pub(super) struct Place {
    pub(super) path: PathBuf,
    pub(super) stamp: Stamp,
    /// None for a folder, else the format of the one file.
    pub(super) combined: Option<Format>,
}

/// The versions in a family's folder.
#[derive(Debug, Default)]
pub(super) struct Listing {
    /// Newest first. Of equal versions (`1.0` and `1-0`) the one with the most dots is first.
    pub(super) versions: Vec<Version>,
    /// The unversioned package's file; then there are no versions.
    pub(super) unversioned: Option<PackageFile>,
    /// Folders that are no versions now, but will be once they have a package file.
    pub(super) hidden: Vec<(Arc<str>, Stamp)>,
    pub(super) problems: Vec<Problem>,
}

/// A package file that is there.
#[derive(Clone, Debug)]
pub(super) struct PackageFile {
    /// Its name in its folder.
    pub(super) name: String,
    pub(super) format: Format,
    pub(super) stamp: Stamp,
}

impl Layout<'_> {
    /// The names of all families. A repository that does not exist is empty: paths that are only there for some users
    /// are usual.
    pub(super) fn families(self) -> Result<BTreeSet<Arc<str>>, RepositoryError> {
        let entries = match read_dir(self.root) {
            Ok(entries) => entries,
            Err(error) if is_absent(error.source.kind()) => return Ok(BTreeSet::new()),
            Err(error) => return Err(failed("list", error)),
        };
        let names = entries.iter().filter_map(|entry| {
            let name = entry.name.to_str()?;
            let name = match entry.kind {
                FolderEntryKind::Folder => name,
                FolderEntryKind::File => {
                    let (stem, extension) = name.rsplit_once('.')?;
                    matches!(extension, "py" | "yaml").then_some(stem)?
                }
                FolderEntryKind::Other => return None,
            };
            (!self.is_reserved(entry.name.to_str()?) && is_package_name(name)).then(|| name.into())
        });
        Ok(names.collect())
    }

    fn is_reserved(self, file_name: &str) -> bool {
        file_name == SETTINGS || self.options.lock_folder.as_deref() == Some(file_name)
    }

    /// Where a family is: its folder, or else its one file.
    pub(super) fn place(self, family: &str) -> Result<Option<Place>, RepositoryError> {
        if !is_package_name(family) {
            return Ok(None);
        }
        let candidates = [
            (family.to_owned(), None),
            (format!("{family}.py"), Some(Format::Python)),
            (format!("{family}.yaml"), Some(Format::Yaml)),
        ];
        for (name, combined) in candidates {
            if self.is_reserved(&name) {
                continue;
            }
            let path = self.root.join(&name);
            let metadata = match fs::metadata(&path) {
                Ok(metadata) => metadata,
                Err(error) if is_absent(error.kind()) => continue,
                Err(error) => return Err(failed_on("look at", path, &error)),
            };
            let fits = match combined {
                None => metadata.is_dir(),
                Some(_) => metadata.is_file(),
            };
            if fits && (CASE_SENSITIVE || self.is_spelled_so(&name)?) {
                let stamp = Stamp::of(&metadata);
                return Ok(Some(Place {
                    path,
                    stamp,
                    combined,
                }));
            }
        }
        Ok(None)
    }

    /// Whether the repository holds a name in just these capitals, where the system would not tell.
    fn is_spelled_so(self, name: &str) -> Result<bool, RepositoryError> {
        let entries = read_dir(self.root).map_err(|error| failed("list", error))?;
        Ok(entries.iter().any(|entry| entry.name == name))
    }

    /// What a family's folder holds.
    pub(super) fn versions(self, folder: &Path) -> Result<Listing, RepositoryError> {
        let entries = read_dir(folder).map_err(|error| failed("list", error))?;
        let mut listing = Listing::default();
        if self.options.allow_unversioned {
            listing.unversioned = self
                .package_file(folder)
                .map_err(|(path, error)| failed_on("look at", path, &error))?;
            if listing.unversioned.is_some() {
                return Ok(listing);
            }
        }
        let mut ignored = BTreeSet::new();
        let mut building = BTreeSet::new();
        for entry in &entries {
            let Some(name) = entry.name.to_str() else {
                continue;
            };
            if let Some(version) = name.strip_prefix(".ignore")
                && entry.kind == FolderEntryKind::File
            {
                ignored.insert(version);
            } else if let Some(version) = name.strip_prefix(".building") {
                building.insert(version);
            }
        }
        for entry in &entries {
            if entry.kind != FolderEntryKind::Folder {
                continue;
            }
            let Some(name) = entry.name.to_str() else {
                let message = "it is skipped: its name is not Unicode".to_owned();
                listing.problems.push(Problem::of(&entry.path, message));
                continue;
            };
            if name.starts_with('.') || ignored.contains(name) {
                continue;
            }
            if self.is_hidden(&entry.path, building.contains(name)) {
                // A folder that went away meanwhile changed its family's stamp as well.
                let stamp = fs::metadata(&entry.path)
                    .map_or_else(|_| Stamp::default(), |found| Stamp::of(&found));
                listing.hidden.push((name.into(), stamp));
                continue;
            }
            match Version::parse(name) {
                Ok(version) => listing.versions.push(version),
                Err(error) => listing
                    .problems
                    .push(Problem::of(&entry.path, format!("it is skipped: {error}"))),
            }
        }
        listing
            .versions
            .sort_by(|one, other| (other, other.as_str()).cmp(&(one, one.as_str())));
        Ok(listing)
    }

    /// Whether a version's folder does not count for want of a package file.
    fn is_hidden(self, folder: &Path, building: bool) -> bool {
        let has_plain_file = || {
            Format::ALL.iter().any(|format| {
                folder
                    .join(format!("package.{}", format.extension()))
                    .is_file()
            })
        };
        if self.options.require_package_files {
            !has_plain_file() || !matches!(self.package_file(folder), Ok(Some(_)))
        } else {
            // rez looks for this one name here, whatever the configured ones are.
            building && !has_plain_file()
        }
    }

    /// The package file in a folder: the first of the possible names that is a file.
    pub(super) fn package_file(
        self,
        folder: &Path,
    ) -> Result<Option<PackageFile>, (PathBuf, io::Error)> {
        for stem in &self.options.package_filenames {
            for format in Format::ALL {
                let name = format!("{stem}.{}", format.extension());
                let path = folder.join(&name);
                match fs::metadata(&path) {
                    Ok(metadata) if metadata.is_file() => {
                        let stamp = Stamp::of(&metadata);
                        return Ok(Some(PackageFile {
                            name,
                            format,
                            stamp,
                        }));
                    }
                    Ok(_) => {}
                    Err(error) if is_absent(error.kind()) => {}
                    Err(error) => return Err((path, error)),
                }
            }
        }
        Ok(None)
    }
}

/// Whether the system says that there is nothing.
fn is_absent(kind: io::ErrorKind) -> bool {
    matches!(
        kind,
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory | io::ErrorKind::InvalidFilename
    )
}

pub(super) fn failed(action: &'static str, error: DiskError) -> RepositoryError {
    failed_on(action, error.path, &error.source)
}

pub(super) fn failed_on(action: &'static str, path: PathBuf, error: &io::Error) -> RepositoryError {
    RepositoryError {
        action,
        path,
        reason: error.to_string(),
    }
}
