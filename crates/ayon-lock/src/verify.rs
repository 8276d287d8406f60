//! Whether files are those of the lock: what is expected, and what is wrong with what was found.
//!
//! Nothing is read here. Whoever has the files is asked for each by what the lock says of it, and answers with size and
//! hashes. A package may be had in one of several files (wheels that fit, a source distribution): one is enough, but every
//! one that is there must be right.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ayon_model::{Target, printable};
use ayon_solve::{Artefact, Resolution};
use pypi::lock::{FileLocation, LockedFile, LockedPackage, Origin};

use crate::lock::Lock;

/// A file as the lock has it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ExpectedFile {
    /// What it is a file of.
    pub owner: Owner,
    /// Its name.
    pub name: String,
    /// Its URL, or its path on this disk.
    pub location: String,
    /// Its bytes, where known.
    pub size: Option<u64>,
    /// By algorithm, as lower-case hexadecimal digits.
    pub hashes: BTreeMap<String, String>,
}

/// What a file belongs to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Owner {
    /// The package.
    pub name: String,
    /// Its version, where it has one.
    pub version: String,
    /// Its build, where it has one.
    pub build: Option<String>,
}

/// A file as it was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundFile {
    /// Its bytes.
    pub size: u64,
    /// By algorithm, as lower-case hexadecimal digits; at least those that the lock has, else it is not proven.
    pub hashes: BTreeMap<String, String>,
}

/// What is wrong with a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileFinding {
    /// None of the files of a package is there.
    Missing {
        /// The package.
        owner: Owner,
        /// The files any of which would do, the best first.
        files: Vec<ExpectedFile>,
        /// The targets that need it.
        targets: Vec<Target>,
    },
    /// Longer or shorter than the lock says.
    Size {
        /// The file.
        file: ExpectedFile,
        /// Its size as found.
        found: u64,
    },
    /// Other bytes than those that were locked.
    Hash {
        /// The file.
        file: ExpectedFile,
        /// Which hash.
        algorithm: String,
        /// Its digits as found.
        found: String,
    },
    /// No strong hash is known on both sides, so nobody can tell.
    Unproven {
        /// The file.
        file: ExpectedFile,
    },
}

/// Hashes that prove what a file is. Others can only show that it is wrong.
const STRONG: [&str; 7] = [
    "sha256", "sha384", "sha512", "sha3_256", "sha3_384", "sha3_512", "blake2b",
];

/// All files of a lock, each once, by what they belong to; of one package the best first.
pub fn files(lock: &Lock) -> Vec<ExpectedFile> {
    let mut seen = BTreeSet::new();
    let all = choices(lock).into_iter().flat_map(|choice| choice.files);
    all.filter(|file| seen.insert(file.clone())).collect()
}

/// What is wrong with the files that `find` finds, by package. A file that several targets share is asked for once.
pub fn verify(
    lock: &Lock,
    mut find: impl FnMut(&ExpectedFile) -> Option<FoundFile>,
) -> Vec<FileFinding> {
    let mut known: BTreeMap<ExpectedFile, bool> = BTreeMap::new();
    let mut findings = Vec::new();
    for choice in choices(lock) {
        let mut is_there = false;
        for file in &choice.files {
            is_there |= *known.entry(file.clone()).or_insert_with(|| {
                let found = find(file);
                if let Some(found) = &found {
                    findings.extend(check(file, found));
                }
                found.is_some()
            });
        }
        if !is_there {
            findings.push(FileFinding::Missing {
                owner: choice.owner,
                files: choice.files,
                targets: choice.targets,
            });
        }
    }
    findings
}

/// What is wrong with one file. Where its hash is wrong that is said, and its size only where no hash says so.
pub fn check(file: &ExpectedFile, found: &FoundFile) -> Option<FileFinding> {
    let common = || {
        let both = file.hashes.iter();
        both.filter_map(|(algorithm, digits)| {
            Some((algorithm, digits, found.hashes.get(algorithm)?))
        })
    };
    if let Some((algorithm, _, digits)) = common().find(|(_, expected, found)| expected != found) {
        return Some(FileFinding::Hash {
            file: file.clone(),
            algorithm: algorithm.clone(),
            found: digits.clone(),
        });
    }
    if file.size.is_some_and(|size| size != found.size) {
        return Some(FileFinding::Size {
            file: file.clone(),
            found: found.size,
        });
    }
    let is_proven = common().any(|(algorithm, ..)| STRONG.contains(&algorithm.as_str()));
    (!is_proven).then(|| FileFinding::Unproven { file: file.clone() })
}

/// A package, and the files any of which is enough.
struct Choice {
    owner: Owner,
    files: Vec<ExpectedFile>,
    targets: Vec<Target>,
}

/// By package and files, so that equal choices of several targets are one.
fn choices(lock: &Lock) -> Vec<Choice> {
    let mut choices: BTreeMap<(Owner, Vec<ExpectedFile>), Vec<Target>> = BTreeMap::new();
    for resolution in lock.resolutions() {
        for (owner, files) in of_target(resolution) {
            if files.is_empty() {
                continue;
            }
            let targets = choices.entry((owner, files)).or_default();
            if !targets.contains(&resolution.target) {
                targets.push(resolution.target.clone());
            }
        }
    }
    let choice = |((owner, files), targets)| Choice {
        owner,
        files,
        targets,
    };
    choices.into_iter().map(choice).collect()
}

fn of_target(resolution: &Resolution) -> impl Iterator<Item = (Owner, Vec<ExpectedFile>)> {
    let artefacts = resolution.artefacts.iter().map(of_artefact);
    let packages = resolution.lock.iter().flat_map(|lock| &lock.packages);
    artefacts.chain(packages.map(of_package))
}

fn of_artefact(artefact: &Artefact) -> (Owner, Vec<ExpectedFile>) {
    let owner = Owner {
        name: artefact.name.clone(),
        version: artefact.version.clone(),
        build: artefact.build.clone(),
    };
    let file = artefact.file.iter().map(|file| {
        let hash = |name: &str, digits: &Option<String>| Some((name.to_owned(), digits.clone()?));
        let hashes = [hash("sha256", &file.sha256), hash("md5", &file.md5)];
        ExpectedFile {
            owner: owner.clone(),
            name: file.name.clone(),
            location: file.url.clone(),
            size: file.size,
            hashes: hashes.into_iter().flatten().collect(),
        }
    });
    let files = file.collect();
    (owner, files)
}

fn of_package(package: &LockedPackage) -> (Owner, Vec<ExpectedFile>) {
    let version = package.version.as_ref().map(ToString::to_string);
    let owner = Owner {
        name: package.name.to_string(),
        version: version.unwrap_or_default(),
        build: None,
    };
    let files: Vec<&LockedFile> = match &package.origin {
        Origin::Files { wheels, sdist } => wheels.iter().chain(sdist).collect(),
        Origin::Archive { file, .. } => vec![file],
        // A commit is its own hash, and a folder has none.
        Origin::Git { .. } | Origin::Directory { .. } => Vec::new(),
    };
    let file = |file: &LockedFile| ExpectedFile {
        owner: owner.clone(),
        name: file.name.clone(),
        location: match &file.location {
            FileLocation::Url(url) => url.clone(),
            FileLocation::Path(path) => path.to_string_lossy().into_owned(),
        },
        size: file.size,
        hashes: file.hashes.clone(),
    };
    let files = files.into_iter().map(file).collect();
    (owner, files)
}

impl fmt::Display for Owner {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&printable(&self.name))?;
        let rest = [Some(&self.version), self.build.as_ref()];
        rest.into_iter()
            .flatten()
            .filter(|text| !text.is_empty())
            .try_for_each(|text| write!(formatter, " {}", printable(text)))
    }
}

impl fmt::Display for FileFinding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let titled = |file: &ExpectedFile| format!("{} ({})", printable(&file.name), file.owner);
        match self {
            Self::Missing {
                owner,
                files,
                targets,
            } => {
                let names: Vec<String> = files.iter().map(|file| printable(&file.name)).collect();
                let targets = crate::error::listed(targets);
                write!(
                    formatter,
                    "{owner}: no {} for {targets}",
                    names.join(" and no ")
                )
            }
            Self::Size { file, found } => {
                let expected = file.size.unwrap_or_default();
                write!(
                    formatter,
                    "{}: {found} bytes, the lock says {expected}: it is damaged, or another file",
                    titled(file)
                )
            }
            Self::Hash {
                file,
                algorithm,
                found,
            } => {
                let expected = file.hashes.get(algorithm).map_or("", String::as_str);
                write!(
                    formatter,
                    "{}: {} is {}, the lock says {}: these are not the bytes that were locked",
                    titled(file),
                    printable(algorithm),
                    printable(found),
                    printable(expected)
                )
            }
            Self::Unproven { file } => write!(
                formatter,
                "{}: the lock has no hash that proves it",
                titled(file)
            ),
        }
    }
}
