//! From locks to the entries of one file.

use std::collections::{BTreeMap, BTreeSet, btree_map};

use super::super::{
    FileLocation, Lock, LockError, LockTarget, LockedFile, LockedPackage, Origin, paths,
};
use super::{Dependency, File, Location, Notes, Options, Package, Pylock, Source};
use crate::marker::Marker;
use crate::name::DistributionName;
use crate::source::without_secret;
use crate::version::Version;
use crate::version::set::VersionSet;

/// What makes two packages of two locks one entry. In the order in which entries stand.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Identity {
    name: DistributionName,
    version: Option<Version>,
    index: Option<String>,
    requires_python: Option<String>,
    half: Option<String>,
    /// Empty for files: those of several targets differ, and are put together.
    source: Vec<String>,
}

/// An entry that is being made, and the numbers of the locks that have it.
struct Entry {
    package: Package,
    targets: BTreeSet<usize>,
    /// By the lock that says so.
    dependencies: BTreeSet<(usize, DistributionName)>,
}

impl Pylock {
    /// The file of one lock, or of several that no installer can mistake for one another.
    ///
    /// # Errors
    /// Two environments overlap, a file has no hash, a package has no file or is there twice, or a local file has no
    /// path relative to the lock.
    pub fn of(locks: &[Lock], options: Options<'_>) -> Result<Self, LockError> {
        let mut locks: Vec<&Lock> = locks.iter().collect();
        locks.sort_by_key(|lock| &lock.target.marker);
        are_disjoint(&locks)?;
        let mut entries: BTreeMap<Identity, Entry> = BTreeMap::new();
        for (number, lock) in locks.iter().enumerate() {
            let mut names = BTreeSet::new();
            for locked in &lock.packages {
                if !names.insert(&locked.name) {
                    return Err(LockError::Twice {
                        package: locked.name.to_string(),
                        platform: lock.target.platform.clone(),
                    });
                }
                let package = package(locked, &lock.target, options)?;
                let entry = match entries.entry(identity(&package)) {
                    btree_map::Entry::Vacant(vacant) => vacant.insert(Entry {
                        package,
                        targets: BTreeSet::new(),
                        dependencies: BTreeSet::new(),
                    }),
                    btree_map::Entry::Occupied(occupied) => {
                        let entry = occupied.into_mut();
                        join(&mut entry.package, package);
                        entry
                    }
                };
                entry.targets.insert(number);
                let dependencies = locked.dependencies.iter();
                entry
                    .dependencies
                    .extend(dependencies.map(|name| (number, name.clone())));
            }
        }
        let mut entries: Vec<Entry> = entries.into_values().collect();
        for entry in &mut entries {
            entry.package.marker = marker(&entry.targets, &locks);
        }
        Ok(Self {
            lock_version: (1, 0),
            environments: locks
                .iter()
                .map(|lock| lock.target.marker.clone())
                .collect(),
            requires_python: requires_python(&locks),
            created_by: options.tool.to_owned(),
            packages: with_dependencies(entries),
            platforms: locks
                .iter()
                .map(|lock| lock.target.platform.clone())
                .collect(),
        })
    }
}

/// Fails where the environment of one lock is let in by the marker of another.
fn are_disjoint(locks: &[&Lock]) -> Result<(), LockError> {
    for lock in locks {
        let marker: Marker = lock
            .target
            .marker
            .parse()
            .map_err(|error| LockError::Marker {
                platform: lock.target.platform.clone(),
                reason: format!("{error}"),
            })?;
        let other = locks.iter().find(|other| {
            !std::ptr::eq(**other, *lock) && marker.evaluate(&other.target.environment, &[])
        });
        if let Some(other) = other {
            return Err(LockError::Overlap {
                first: lock.target.platform.clone(),
                second: other.target.platform.clone(),
            });
        }
    }
    Ok(())
}

fn identity(package: &Package) -> Identity {
    let text = |location: &Location| match location {
        Location::Url(text) | Location::Path(text) => text.clone(),
    };
    let source = match &package.source {
        Source::Files { .. } => Vec::new(),
        Source::Vcs {
            location,
            commit_id,
            subdirectory,
            ..
        } => vec![
            text(location),
            commit_id.clone(),
            subdirectory.clone().unwrap_or_default(),
        ],
        Source::Archive { file, subdirectory } => vec![
            text(&file.location),
            subdirectory.clone().unwrap_or_default(),
        ],
        Source::Directory {
            path, subdirectory, ..
        } => vec![path.clone(), subdirectory.clone().unwrap_or_default()],
    };
    Identity {
        name: package.name.clone(),
        version: package.version.clone(),
        index: package.index.clone(),
        requires_python: package.requires_python.clone(),
        half: package.notes.half.clone(),
        source,
    }
}

/// Adds what another target says of the same release.
fn join(package: &mut Package, other: Package) {
    if let (
        Source::Files { wheels, sdist },
        Source::Files {
            wheels: more,
            sdist: other_sdist,
        },
    ) = (&mut package.source, other.source)
    {
        for wheel in more {
            if !wheels.iter().any(|known| known.name == wheel.name) {
                wheels.push(wheel);
            }
        }
        if sdist.is_none() {
            *sdist = other_sdist;
        }
    }
    let notes = &mut package.notes;
    notes.extras.extend(other.notes.extras);
    notes.wanted_by.extend(other.notes.wanted_by);
    notes.wanted_by.sort();
    notes.wanted_by.dedup();
    notes.is_yanked |= other.notes.is_yanked;
    if notes.held_back.is_none() {
        notes.held_back = other.notes.held_back;
    }
}

/// Where some of the locks have an entry; none where all of them do.
fn marker(targets: &BTreeSet<usize>, locks: &[&Lock]) -> Option<String> {
    if targets.len() == locks.len() {
        return None;
    }
    let markers: Vec<&str> = targets
        .iter()
        .map(|number| locks[*number].target.marker.as_str())
        .collect();
    Some(match markers.as_slice() {
        [only] => (*only).to_owned(),
        several => format!("({})", several.join(") or (")),
    })
}

/// The Python of all locks, where one list of specifiers says it. Otherwise `environments` says it alone.
fn requires_python(locks: &[&Lock]) -> Option<String> {
    let texts: BTreeSet<&str> = locks
        .iter()
        .map(|lock| lock.target.requires_python.as_str())
        .collect();
    if texts.len() == 1 {
        return texts.first().map(|text| (*text).to_owned());
    }
    let mut all: Option<VersionSet> = None;
    for text in texts {
        let set = VersionSet::from_specifiers(text).ok()?;
        all = Some(all.map_or_else(|| set.clone(), |all| all.union(&set)));
    }
    let specifiers = all?.specifiers();
    match specifiers.alternatives() {
        [only] if specifiers.is_exact() => Some(only.clone()),
        _ => None,
    }
}

/// The packages, with the names they need made to keys that tell entries apart.
fn with_dependencies(entries: Vec<Entry>) -> Vec<Package> {
    let mut by_name: BTreeMap<DistributionName, Vec<(BTreeSet<usize>, Dependency)>> =
        BTreeMap::new();
    for entry in &entries {
        let package = &entry.package;
        let key = Dependency {
            name: package.name.clone(),
            version: package.version.clone(),
            marker: package.marker.clone(),
        };
        by_name
            .entry(package.name.clone())
            .or_default()
            .push((entry.targets.clone(), key));
    }
    for keys in by_name.values_mut() {
        let versions: Vec<Option<Version>> =
            keys.iter().map(|(_, key)| key.version.clone()).collect();
        for (_, key) in keys {
            let alike = versions.iter().filter(|other| **other == key.version);
            if alike.count() == 1 {
                key.marker = None;
            }
            if versions.len() == 1 {
                key.version = None;
            }
        }
    }
    entries
        .into_iter()
        .map(|entry| {
            let found = entry
                .dependencies
                .iter()
                .filter_map(|(number, name)| {
                    let keys = by_name.get(name)?.iter();
                    keys.filter(|(targets, _)| targets.contains(number))
                        .map(|(_, key)| key.clone())
                        .next()
                })
                .collect::<BTreeSet<_>>();
            Package {
                dependencies: found.into_iter().collect(),
                ..entry.package
            }
        })
        .collect()
}

fn package(
    locked: &LockedPackage,
    target: &LockTarget,
    options: Options<'_>,
) -> Result<Package, LockError> {
    let source = match &locked.origin {
        Origin::Files { wheels, sdist } => {
            if wheels.is_empty() && sdist.is_none() {
                return Err(LockError::NoFile {
                    package: locked.title(),
                });
            }
            let wheels = wheels.iter().map(|wheel| file(wheel, locked, options));
            let sdist = sdist.iter().map(|sdist| file(sdist, locked, options));
            Source::Files {
                wheels: wheels.collect::<Result<_, _>>()?,
                sdist: sdist.collect::<Result<Vec<_>, _>>()?.pop(),
            }
        }
        Origin::Git {
            url,
            commit,
            requested,
            subdirectory,
        } => Source::Vcs {
            kind: "git".to_owned(),
            location: Location::Url(without_secret(url.strip_prefix("git+").unwrap_or(url)).0),
            requested_revision: requested.clone(),
            commit_id: commit.clone(),
            subdirectory: subdirectory.clone(),
        },
        Origin::Archive {
            file: archive,
            subdirectory,
        } => {
            let mut file = file(archive, locked, options)?;
            // The standard has no key for it.
            file.name = file.location.last_part();
            Source::Archive {
                file,
                subdirectory: subdirectory.clone(),
            }
        }
        Origin::Directory { path, subdirectory } => Source::Directory {
            path: paths::written(path, options)?,
            editable: false,
            subdirectory: subdirectory.clone(),
        },
    };
    let roots = locked.wanted_by.iter().filter(|wanted| wanted.is_root);
    let wanted_by: BTreeSet<_> = roots.cloned().collect();
    Ok(Package {
        name: locked.name.clone(),
        version: locked.version.clone(),
        marker: None,
        requires_python: python_that_holds(locked, target),
        dependencies: Vec::new(),
        index: locked.index.as_deref().map(|index| without_secret(index).0),
        source,
        notes: Notes {
            half: locked.half.clone(),
            extras: locked.extras.clone(),
            wanted_by: wanted_by.into_iter().collect(),
            held_back: locked.held_back.clone(),
            is_yanked: locked.is_yanked,
        },
    })
}

fn file(
    file: &LockedFile,
    package: &LockedPackage,
    options: Options<'_>,
) -> Result<File, LockError> {
    if file.hashes.is_empty() {
        return Err(LockError::NoHash {
            package: package.title(),
            file: file.name.clone(),
        });
    }
    Ok(File {
        name: file.name.clone(),
        uploaded: file.uploaded,
        location: match &file.location {
            FileLocation::Url(url) => Location::Url(without_secret(url).0),
            FileLocation::Path(path) => Location::Path(paths::written(path, options)?),
        },
        size: file.size,
        hashes: file.hashes.clone(),
    })
}

/// What a package says of Python, where the target is among it. Solvers overlook upper bounds, which authors set out of
/// fear; an installer that meets one would refuse the whole lock.
fn python_that_holds(locked: &LockedPackage, target: &LockTarget) -> Option<String> {
    let text = locked.requires_python.as_deref()?;
    let set = VersionSet::from_specifiers(text).ok()?;
    let python = target.environment.python_full_version().parse().ok()?;
    set.contains(&python).then(|| text.to_owned())
}
