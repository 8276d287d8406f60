//! Reading one package file, whatever comes of it.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::SystemTime;

use ayon_disk::{Stamp, read_stamped};

use super::layout::{Layout, Listing, PackageFile, Place};
use crate::package::{Defect, DefectKind, Definition};
use crate::repository::definition::{self, Format, MAX_BYTES};
use crate::repository::entry::{Problem, Source};
use crate::version::Version;

/// A folder whose package file is to be read.
pub(super) struct Job {
    folder: PathBuf,
    /// The file, where it has been found already.
    known: Option<PackageFile>,
}

/// What came of it.
pub(super) struct FileRead {
    pub(super) definition: Result<Arc<Definition>, Defect>,
    pub(super) source: Source,
    pub(super) problem: Option<Problem>,
    /// Whether it can be kept for the next run.
    pub(super) keep: bool,
}

/// What is to be read of a family's folder, in the order of its packages.
pub(super) fn jobs(place: &Place, listing: &Listing) -> impl Iterator<Item = Job> {
    let unversioned = listing.unversioned.iter().map(|file| Job {
        folder: place.path.clone(),
        known: Some(file.clone()),
    });
    let versions = listing.versions.iter().map(|version| Job {
        folder: version_folder(&place.path, version),
        known: None,
    });
    unversioned.chain(versions)
}

/// The folder of a version; the family's own for an unversioned package.
pub(super) fn version_folder(family: &Path, version: &Version) -> PathBuf {
    if version.is_empty() {
        family.to_owned()
    } else {
        family.join(version.as_str())
    }
}

/// Whether what a package was read from is as it was then, and would show it if it were not.
pub(super) fn is_unchanged(
    layout: Layout<'_>,
    folder: &Path,
    source: &Source,
    read_at: SystemTime,
) -> bool {
    match &source.file {
        None => is_settled_and_same(folder, &source.stamp, read_at),
        // A file that is preferred to the one that was read may have come up.
        Some(file) => match layout.package_file(folder) {
            Ok(Some(found)) => {
                *found.name == **file
                    && found.stamp == source.stamp
                    && found.stamp.is_settled(read_at)
            }
            _ => false,
        },
    }
}

/// Whether a file or folder still has the stamp it had when it was read, and that stamp is to be trusted.
pub(super) fn is_settled_and_same(path: &Path, stamp: &Stamp, read_at: SystemTime) -> bool {
    stamp.is_settled(read_at)
        && fs::metadata(path).is_ok_and(|metadata| Stamp::of(&metadata) == *stamp)
}

impl Job {
    /// Finds and reads the package file.
    pub(super) fn read(&self, layout: Layout<'_>) -> FileRead {
        let found = match &self.known {
            Some(file) => Ok(Some(file.clone())),
            None => layout.package_file(&self.folder),
        };
        match found {
            Ok(Some(file)) => self.read_file(&file),
            Ok(None) => self.missing(layout),
            Err((path, error)) => unreadable(path, &error),
        }
    }

    fn missing(&self, layout: Layout<'_>) -> FileRead {
        let stamp = fs::metadata(&self.folder)
            .map_or_else(|_| Stamp::default(), |metadata| Stamp::of(&metadata));
        // Once more: a file that came up before the stamp was taken would never be noticed.
        if let Ok(Some(file)) = layout.package_file(&self.folder) {
            return self.read_file(&file);
        }
        let stems = &layout.options.package_filenames;
        let names: Vec<String> = stems
            .iter()
            .flat_map(|stem| Format::ALL.map(|format| format!("{stem}.{}", format.extension())))
            .collect();
        FileRead {
            definition: Err(Defect {
                kind: DefectKind::Missing,
                file: self.folder.clone(),
                line: None,
                message: format!(
                    "the folder counts as a version but has no package file ({})",
                    names.join(" or ")
                ),
            }),
            source: Source { file: None, stamp },
            problem: None,
            keep: true,
        }
    }

    fn read_file(&self, file: &PackageFile) -> FileRead {
        let path = self.folder.join(&file.name);
        let (bytes, stamp) = match read_stamped(&path, MAX_BYTES) {
            Ok(read) => read,
            Err(error) => return unreadable(error.path, &error.source),
        };
        let (definition, problem) = match definition::read(file.format, &bytes, &path) {
            Ok((mut definition, attributes)) => {
                if !attributes.has_timestamp() {
                    definition.timestamp = old_release_time(&self.folder);
                }
                let problem = attributes.format_problem();
                (Ok(Arc::new(definition)), problem)
            }
            Err(defect) => (Err(defect), None),
        };
        FileRead {
            definition,
            source: Source {
                file: Some(file.name.as_str().into()),
                stamp,
            },
            problem: problem.map(|message| Problem::of(&path, message)),
            keep: true,
        }
    }
}

fn unreadable(path: PathBuf, error: &io::Error) -> FileRead {
    FileRead {
        definition: Err(Defect {
            kind: DefectKind::Unreadable,
            file: path,
            line: None,
            message: format!("it cannot be read: {error}"),
        }),
        source: Source {
            file: None,
            stamp: Stamp::default(),
        },
        problem: None,
        keep: false,
    }
}

/// The time of release as versions of rez before 2 kept it, beside the package file.
pub(super) fn old_release_time(folder: &Path) -> Option<i64> {
    if let Ok((bytes, _)) = read_stamped(&folder.join("release.yaml"), MAX_BYTES) {
        return definition::release_time(&bytes);
    }
    let path = folder.join(".metadata").join("release_time.txt");
    let (bytes, _) = read_stamped(&path, MAX_BYTES).ok()?;
    std::str::from_utf8(&bytes).ok()?.trim().parse().ok()
}
