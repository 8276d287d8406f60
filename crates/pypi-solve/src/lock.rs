//! A solution as a lock: every file that may be installed on the target, with its hashes, and every reason in words.

use std::collections::{BTreeMap, BTreeSet};

use pypi::lock::{
    FileLocation, HeldBack, Lock, LockTarget, LockedFile, LockedPackage, Origin, WantedBy,
};
use pypi::{FileId, FileKind, Location, Project};

use crate::solution::Place;
use crate::{Asker, Edge, From, Package, Solution};

/// The caller's words for what only the caller knows.
pub trait LockWords {
    /// Who an asker is: `tools.in:3`, `addon ftrack 1.6.4 (…)`.
    fn asker(&self, asker: Asker) -> String;
}

impl<F: Fn(Asker) -> String> LockWords for F {
    fn asker(&self, asker: Asker) -> String {
        self(asker)
    }
}

impl Solution {
    /// What is to be installed, for writing down. What is given is left out, also among dependencies.
    pub fn lock(&self, target: LockTarget, words: &dyn LockWords) -> Lock {
        let mut dependencies: BTreeMap<_, BTreeSet<_>> = BTreeMap::new();
        for package in self.packages().filter(|package| !package.is_given()) {
            for edge in &package.wanted_by {
                if let From::Package(name, _) = &edge.from {
                    dependencies
                        .entry(name.clone())
                        .or_default()
                        .insert(package.name.clone());
                }
            }
        }
        let packages = self.packages().filter_map(|package| {
            let mut locked = self.locked(package, words)?;
            locked.dependencies = dependencies.remove(&package.name).unwrap_or_default();
            Some(locked)
        });
        Lock {
            packages: packages.collect(),
            target,
        }
    }

    fn locked(&self, package: &Package, words: &dyn LockWords) -> Option<LockedPackage> {
        let (origin, index, requires_python) = match &package.place {
            Place::Given => return None,
            Place::Source(release) => (
                release.locked.clone(),
                None,
                release.metadata.requires_python_text().map(str::to_owned),
            ),
            Place::Release {
                project,
                position,
                files,
            } => {
                let all = || project.files(*position).map(|file| file.id()).collect();
                let listed: Vec<FileId> = if self.all_wheels {
                    all()
                } else {
                    files.clone()
                };
                let range = files
                    .first()
                    .and_then(|file| project.file(*file).requires_python());
                let requires_python =
                    range.and_then(|range| project.python_ranges().get(usize::from(range)));
                // A wheelhouse may have added files to what an index offers.
                let is_remote =
                    |file: &FileId| matches!(project.file(*file).location(), Location::Url(_));
                let index = Some(project.index()).filter(|index| !index.is_empty());
                (
                    origin(project, &listed),
                    index
                        .filter(|_| listed.iter().all(is_remote))
                        .map(str::to_owned),
                    requires_python.map(|range| range.text().to_owned()),
                )
            }
        };
        let wanted = |edge: &Edge| WantedBy {
            who: edge.from.text(words),
            requirement: edge.requirement.to_string(),
            is_root: matches!(edge.from, From::Asker(_)),
        };
        let held_back = package.held_back.as_ref().map(|(newest, by)| HeldBack {
            newest: newest.clone(),
            by: by
                .iter()
                .map(|edge| format!("{} ({})", edge.from.text(words), edge.requirement))
                .collect(),
        });
        Some(LockedPackage {
            name: package.name.clone(),
            version: Some(package.version.clone()),
            requires_python,
            index,
            extras: package.extras.clone(),
            origin,
            dependencies: BTreeSet::new(),
            wanted_by: package.wanted_by.iter().map(wanted).collect(),
            half: None,
            held_back,
            is_yanked: package.is_yanked,
        })
    }
}

impl From {
    /// Who that is, for people.
    pub fn text(&self, words: &dyn LockWords) -> String {
        match self {
            Self::Asker(asker) => words.asker(*asker),
            Self::Package(name, version) => format!("{name} {version}"),
        }
    }
}

fn origin(project: &Project, files: &[FileId]) -> Origin {
    let of_kind = |wheel: bool| {
        let files = files.iter().map(|file| project.file(*file));
        files
            .filter(move |file| matches!(file.kind(), FileKind::Wheel { .. }) == wheel)
            .map(|file| LockedFile {
                name: file.name().to_owned(),
                location: match file.location() {
                    Location::Url(url) => FileLocation::Url(url.to_owned()),
                    Location::Path(path) => FileLocation::Path(path.into()),
                },
                size: file.size(),
                uploaded: file.uploaded(),
                hashes: file
                    .hashes()
                    .map(|(algorithm, digest)| (algorithm.to_owned(), digest))
                    .collect(),
            })
    };
    Origin::Files {
        wheels: of_kind(true).collect(),
        sdist: of_kind(false).next(),
    }
}
