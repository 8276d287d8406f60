//! Packages into a repository: everything is looked at first, then each package appears whole.
//!
//! A package's folder is built beside under a hidden name, which every rez skips, and takes its name by one rename; while
//! that lasts, the family has rez's own mark (`.building1.9.7`). That the mark comes and goes changes the family folder's
//! time, by which rez and our index notice a change.
//!
//! *A package that is there is never touched.* The same content is "already there", whenever it was written: the time of
//! the release is no part of the comparison. Anything else stops the publication before its first write.

use std::path::{Path, PathBuf};

use ayon_disk::{DiskError, FolderEntry, FolderEntryKind};

use super::{PlannedPackage, Publication};

/// More than any package file has.
const LIMIT: u64 = 16 << 20;
const FILE: &str = "package.py";
/// Files that define a package, or in a repository's folder a whole family.
const ENDINGS: [&str; 2] = ["py", "yaml"];
/// The digits of a version in a series.
const STAMP: usize = 14;

/// What was done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Every package of the publication, in its order.
    pub packages: Vec<(PlannedPackage, Outcome)>,
}

/// What was done with one package.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It was not there.
    Written {
        /// Its file.
        file: PathBuf,
    },
    /// It is there, with the same content.
    AlreadyThere {
        /// Its file; for a bundle that of the newest in its series.
        file: PathBuf,
    },
}

/// Why nothing was written, or not everything.
#[derive(Debug, thiserror::Error)]
pub enum WriteError {
    /// Another package is there.
    #[error(
        "{what} is in `{}` already, and differs in line {line}: `{there}` there, `{new}` now; a published package is \
         never changed: publish to another repository, or take that folder away if nobody uses it",
        .file.display()
    )]
    Different {
        /// What was to be published.
        what: String,
        /// The file that is there.
        file: PathBuf,
        /// The first line that differs, from 1.
        line: usize,
        /// That line there.
        there: String,
        /// That line now.
        new: String,
    },
    /// Something stands in the way.
    #[error("{what} cannot be published: `{}` {reason}", .path.display())]
    InTheWay {
        /// What was to be published.
        what: String,
        /// What stands in the way.
        path: PathBuf,
        /// How.
        reason: String,
    },
    /// The series has a later version already.
    #[error(
        "{what} cannot be published: `{}` is as new or newer, so that nobody would get this one; wait a second, or set the clock right",
        .newest.display()
    )]
    Late {
        /// What was to be published.
        what: String,
        /// The version that is there.
        newest: PathBuf,
    },
    /// The disk.
    #[error(transparent)]
    Disk(#[from] DiskError),
}

/// Writes a publication into a repository.
///
/// # Errors
/// Where a package of the same version is there and differs, or anything else stands in the way, nothing has been
/// written. Where the disk fails on the way, packages before that are whole and there, and no half of one is seen.
pub fn write(publication: &Publication, repository: &Path) -> Result<Report, WriteError> {
    let mut report = examine(publication, repository)?;
    for (package, outcome) in &mut report.packages {
        if let Outcome::Written { file } = outcome {
            *outcome = put(package, repository, file.clone())?;
        }
    }
    Ok(report)
}

/// What [`write()`] would do. Writes nothing.
///
/// # Errors
/// Where something stands in the way.
pub fn examine(publication: &Publication, repository: &Path) -> Result<Report, WriteError> {
    let listing = ayon_disk::read_dir(repository)?;
    let mut report = Report::default();
    for package in &publication.packages {
        let outcome = look(package, repository, &listing)?;
        report.packages.push((package.clone(), outcome));
    }
    Ok(report)
}

/// What is to be done with a package. Writes nothing.
fn look(
    package: &PlannedPackage,
    repository: &Path,
    listing: &[FolderEntry],
) -> Result<Outcome, WriteError> {
    let in_the_way = |path: &Path, reason: &str| WriteError::InTheWay {
        what: package.what.clone(),
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    let folder = repository.join(&package.family);
    let file = folder.join(&package.version).join(FILE);
    for entry in listing {
        let Some(name) = entry.name.to_str() else {
            continue;
        };
        let is_family = name == package.family;
        if is_family && entry.kind != FolderEntryKind::Folder {
            return Err(in_the_way(&entry.path, "is no folder"));
        }
        if !is_family && name.eq_ignore_ascii_case(&package.family) {
            return Err(in_the_way(
                &entry.path,
                "is the same name where case does not count",
            ));
        }
        let is_combined = ENDINGS
            .iter()
            .any(|ending| name.strip_suffix(ending) == Some(&format!("{}.", package.family)));
        if is_combined {
            return Err(in_the_way(&entry.path, "defines the whole family"));
        }
    }
    if !listing.iter().any(|entry| *entry.name == *package.family) {
        return Ok(Outcome::Written { file });
    }
    let versions = ayon_disk::read_dir(&folder)?;
    for entry in &versions {
        let Some(name) = entry.name.to_str() else {
            continue;
        };
        if ENDINGS
            .iter()
            .any(|ending| name == format!("package.{ending}"))
        {
            return Err(in_the_way(
                &entry.path,
                "is an unversioned package, which hides all versions",
            ));
        }
        if name == format!(".ignore{}", package.version) {
            return Err(in_the_way(&entry.path, "hides this version"));
        }
        let is_visible = !name.starts_with('.') && entry.kind == FolderEntryKind::Folder;
        if is_visible && name != package.version && are_equal(name, &package.version) {
            return Err(in_the_way(
                &entry.path,
                "is the same version to rez or to the disk",
            ));
        }
    }
    match &package.series {
        Some(series) => look_at_series(package, series, &versions, file),
        None => match entry_of(&versions, &package.version) {
            None => Ok(Outcome::Written { file }),
            Some(entry) => compare(package, &entry.path),
        },
    }
}

/// Whether two names of folders would be one version to rez, or one folder to a disk that knows no case.
fn are_equal(one: &str, two: &str) -> bool {
    let versions = (rez::Version::parse(one), rez::Version::parse(two));
    one.eq_ignore_ascii_case(two) || matches!(versions, (Ok(one), Ok(two)) if one == two)
}

fn entry_of<'a>(versions: &'a [FolderEntry], version: &str) -> Option<&'a FolderEntry> {
    versions.iter().find(|entry| *entry.name == *version)
}

/// A bundle is written unless it is just what the newest of its series is.
fn look_at_series(
    package: &PlannedPackage,
    series: &str,
    versions: &[FolderEntry],
    file: PathBuf,
) -> Result<Outcome, WriteError> {
    let is_of_series = |entry: &&FolderEntry| {
        let stamp = entry
            .name
            .to_str()
            .and_then(|name| name.strip_prefix(series)?.strip_prefix('.'));
        entry.kind == FolderEntryKind::Folder
            && stamp.is_some_and(|stamp| {
                stamp.len() == STAMP && stamp.bytes().all(|byte| byte.is_ascii_digit())
            })
    };
    // All are of one length, so the order of texts is that of times.
    let Some(newest) = versions
        .iter()
        .filter(is_of_series)
        .max_by_key(|entry| &entry.name)
    else {
        return Ok(Outcome::Written { file });
    };
    match compare(package, &newest.path) {
        Err(WriteError::Different { .. }) if *newest.name < *package.version => {
            Ok(Outcome::Written { file })
        }
        Err(WriteError::Different { .. }) => Err(WriteError::Late {
            what: package.what.clone(),
            newest: newest.path.clone(),
        }),
        outcome => outcome,
    }
}

/// Whether the package in `folder` is the one that is to be published.
fn compare(package: &PlannedPackage, folder: &Path) -> Result<Outcome, WriteError> {
    let in_the_way = |reason: &str| WriteError::InTheWay {
        what: package.what.clone(),
        path: folder.to_owned(),
        reason: reason.to_owned(),
    };
    let entries = ayon_disk::read_dir(folder)?;
    let has = |name: &str| entries.iter().any(|entry| *entry.name == *name);
    if !has(FILE) {
        return Err(in_the_way(if has("package.yaml") {
            "holds a package.yaml that nobody published from here"
        } else {
            "holds no package file; somebody may be writing it"
        }));
    }
    let file = folder.join(FILE);
    let there = ayon_disk::read_to_string(&file, LIMIT)?;
    match first_difference(&there, &package.text, package.series.is_some()) {
        None => Ok(Outcome::AlreadyThere { file }),
        Some((line, there, new)) => Err(WriteError::Different {
            what: package.what.clone(),
            file,
            line,
            there: ayon_model::printable(there),
            new: ayon_model::printable(new),
        }),
    }
}

/// The first line in which two package files differ, the time of the release aside, and in a series the version.
fn first_difference<'a>(
    there: &'a str,
    new: &'a str,
    is_series: bool,
) -> Option<(usize, &'a str, &'a str)> {
    let both_start =
        |one: &str, two: &str, start: &str| one.starts_with(start) && two.starts_with(start);
    let is_same = |one: &str, two: &str| {
        one == two
            || both_start(one, two, "timestamp = ")
            || (is_series && both_start(one, two, "version = "))
    };
    let mut lines = (there.lines(), new.lines());
    for line in 1.. {
        match (lines.0.next(), lines.1.next()) {
            (None, None) => break,
            (one, two) if one.zip(two).is_some_and(|(one, two)| is_same(one, two)) => {}
            (one, two) => return Some((line, one.unwrap_or_default(), two.unwrap_or_default())),
        }
    }
    None
}

/// Writes one package. Somebody else may have done so since it was looked for.
fn put(package: &PlannedPackage, repository: &Path, file: PathBuf) -> Result<Outcome, WriteError> {
    let family = repository.join(&package.family);
    ayon_disk::create_dir_all(&family)?;
    let mark = family.join(format!(".building{}", package.version));
    ayon_disk::write_atomic(&mark, b"")?;
    let folder = family.join(&package.version);
    let written = ayon_disk::write_folder(
        &folder,
        &package.folders,
        &[(FILE, package.text.as_bytes())],
    );
    // Whatever became of it: a mark that stays hides nothing that is whole, but is in the way of the next one.
    let unmarked = ayon_disk::remove_file(&mark);
    if written? {
        unmarked?;
        return Ok(Outcome::Written { file });
    }
    compare(package, &folder)
}
