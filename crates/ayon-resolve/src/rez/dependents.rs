//! Who depends on a package: directly, and through others.
//!
//! No resolve is made. As `rez-depends` does, this looks at the latest version of each family and at the requests of
//! all its variants; conflict and weak requests do not count. Beside rez's levels it keeps, for each dependent, the
//! requests that make it one.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rez::package::Defect;
use rez::repository::RepositoryError;
use rez::requirement::Requirement;
use rez::version::Version;

use super::catalogue::{Catalogue, all_requests};

/// Who depends on a package.
#[derive(Clone, Debug)]
pub struct Dependents {
    /// By distance: those that ask for the package itself, those that ask for one of these, and so on; each by name.
    pub levels: Vec<Vec<Dependent>>,
    /// Packages that might be dependents, and could not be read.
    pub unread: Vec<(Arc<str>, Version, Defect)>,
}

/// A package that depends on another.
#[derive(Clone, Debug)]
pub struct Dependent {
    /// Its name.
    pub name: Arc<str>,
    /// Its latest version, the one that was looked at.
    pub version: Version,
    /// What it asks for of the levels before, as written; sorted.
    pub requests: Vec<Arc<str>>,
}

/// How far to look, and at what.
#[derive(Clone, Copy, Debug, Default)]
pub struct Reach {
    /// The number of levels; none for all.
    pub depth: Option<u32>,
    /// Whether build requirements count.
    pub build_requires: bool,
}

/// Who asks for each name, and in which words.
type Askers = BTreeMap<String, Vec<(Arc<str>, Arc<str>)>>;

/// Finds the dependents of `family`; `step` hears how many families are read, and of how many.
///
/// # Errors
/// Where a repository cannot be read. `None` where there is no such family.
pub fn dependents(
    catalogue: Catalogue<'_>,
    family: &str,
    reach: Reach,
    mut step: impl FnMut(usize, usize),
) -> Result<Option<Dependents>, RepositoryError> {
    let names = catalogue.family_names()?;
    if !names.iter().any(|name| **name == *family) {
        return Ok(None);
    }
    let mut askers: Askers = BTreeMap::new();
    let mut latest: BTreeMap<Arc<str>, Version> = BTreeMap::new();
    let mut unread = Vec::new();
    for (done, name) in names.iter().enumerate() {
        step(done, names.len());
        let Some(found) = catalogue.packages(name)?.pop() else {
            continue;
        };
        let package = found.package;
        let definition = match package.definition {
            Ok(definition) => definition,
            Err(defect) => {
                unread.push((Arc::clone(name), package.version, defect));
                continue;
            }
        };
        latest.insert(Arc::clone(name), package.version);
        for text in all_requests(&definition, reach.build_requires) {
            // A request that is none would abort a resolve of this package; here it asks for nothing.
            if let Ok(request) = Requirement::parse(text)
                && !request.is_conflict()
            {
                askers
                    .entry(request.name().to_owned())
                    .or_default()
                    .push((Arc::clone(name), Arc::clone(text)));
            }
        }
    }
    let levels = levels(family, &askers, &latest, reach.depth);
    Ok(Some(Dependents { levels, unread }))
}

fn levels(
    family: &str,
    askers: &Askers,
    latest: &BTreeMap<Arc<str>, Version>,
    depth: Option<u32>,
) -> Vec<Vec<Dependent>> {
    let mut levels = Vec::new();
    let mut seen: BTreeSet<Arc<str>> = BTreeSet::from([family.into()]);
    let mut frontier: Vec<Arc<str>> = vec![family.into()];
    while depth.is_none_or(|depth| levels.len() < depth as usize) {
        let mut level: BTreeMap<Arc<str>, BTreeSet<Arc<str>>> = BTreeMap::new();
        for child in &frontier {
            for (name, text) in askers.get(&**child).into_iter().flatten() {
                if !seen.contains(name) {
                    level
                        .entry(Arc::clone(name))
                        .or_default()
                        .insert(Arc::clone(text));
                }
            }
        }
        if level.is_empty() {
            break;
        }
        seen.extend(level.keys().cloned());
        frontier = level.keys().cloned().collect();
        let dependent = |(name, requests): (Arc<str>, BTreeSet<Arc<str>>)| Dependent {
            version: latest.get(&name).cloned().unwrap_or_else(Version::empty),
            name,
            requests: requests.into_iter().collect(),
        };
        levels.push(level.into_iter().map(dependent).collect());
    }
    levels
}
