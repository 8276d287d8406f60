//! Several repositories read as one, as rez reads them: a version that an earlier one has hides those of later ones.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rez::filter::Glob;
use rez::package::{Definition, Package};
use rez::repository::{Repository, RepositoryError};
use rez::requirement::Requirement;
use rez::version::{Version, VersionRange};

/// The repositories of a site, in the order in which they are searched.
#[derive(Clone, Copy)]
pub struct Catalogue<'a> {
    repositories: &'a [Arc<dyn Repository>],
}

/// A package and the repository it was found in.
#[derive(Clone, Debug)]
pub struct Found {
    /// Position of the repository.
    pub repository: usize,
    /// The package.
    pub package: Package,
}

impl<'a> Catalogue<'a> {
    /// What `repositories` hold together.
    pub fn new(repositories: &'a [Arc<dyn Repository>]) -> Self {
        Self { repositories }
    }

    /// Where each repository is.
    pub fn location(&self, repository: usize) -> &'a str {
        self.repositories
            .get(repository)
            .map_or("", |repository| repository.location().path.as_str())
    }

    /// The names of all families, sorted.
    pub fn family_names(&self) -> Result<Vec<Arc<str>>, RepositoryError> {
        let mut names = BTreeSet::new();
        for repository in self.repositories {
            names.extend(repository.family_names()?);
        }
        Ok(names.into_iter().collect())
    }

    /// The packages of a family, the lowest version first; none where no repository has such a family.
    pub fn packages(&self, family: &str) -> Result<Vec<Found>, RepositoryError> {
        let mut found: BTreeMap<Version, Found> = BTreeMap::new();
        for (repository, source) in self.repositories.iter().enumerate() {
            let Some(family) = source.family(family)? else {
                continue;
            };
            for package in &family.packages {
                found
                    .entry(package.version.clone())
                    .or_insert_with(|| Found {
                        repository,
                        package: package.clone(),
                    });
            }
        }
        Ok(found.into_values().collect())
    }

    /// The package of a family with exactly this version.
    pub fn package(
        &self,
        family: &str,
        version: &Version,
    ) -> Result<Option<Found>, RepositoryError> {
        for (repository, source) in self.repositories.iter().enumerate() {
            let family = source.family(family)?;
            let packages = family.iter().flat_map(|family| &family.packages);
            if let Some(package) = packages
                .into_iter()
                .find(|package| package.version == *version)
            {
                let package = package.clone();
                return Ok(Some(Found {
                    repository,
                    package,
                }));
            }
        }
        Ok(None)
    }
}

/// What somebody looks for: a pattern for names of families, and the versions that count.
#[derive(Clone, Debug)]
pub struct Pattern {
    name: Glob,
    range: Option<VersionRange>,
}

impl Pattern {
    /// Reads `text` as `rez-search` does: a request such as `maya-2024+`, or a pattern such as `ma*`, or both.
    pub fn read(text: &str) -> Self {
        // What is no request is a pattern for names.
        match Requirement::parse(text) {
            Ok(request) => Self {
                name: Glob::new(request.name()),
                range: request.range().filter(|range| !range.is_any()).cloned(),
            },
            Err(_) => Self {
                name: Glob::new(text),
                range: None,
            },
        }
    }

    /// Every family.
    pub fn all() -> Self {
        Self {
            name: Glob::new("*"),
            range: None,
        }
    }

    /// Whether versions matter.
    pub fn has_range(&self) -> bool {
        self.range.is_some()
    }

    /// The pattern for names.
    pub fn name(&self) -> &str {
        self.name.as_str()
    }

    /// Whether a family of this name is meant.
    pub fn matches_name(&self, name: &str) -> bool {
        self.name.matches(name)
    }

    /// Whether this version is meant.
    pub fn matches_version(&self, version: &Version) -> bool {
        self.range
            .as_ref()
            .is_none_or(|range| range.contains(version))
    }
}

/// The requests of every variant of a package together, each once, as rez's reverse search reads them.
pub(super) fn all_requests(definition: &Definition, with_build: bool) -> Vec<&Arc<str>> {
    let build = definition.build_requires.iter().filter(|_| with_build);
    let variants = definition.variants.iter().flatten().flatten();
    let mut seen = BTreeSet::new();
    let all = definition.requires.iter().chain(variants).chain(build);
    all.filter(|request| seen.insert(Arc::clone(request)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_request_is_a_pattern() {
        let pattern = Pattern::read("maya-2024+");
        assert!(pattern.has_range() && pattern.matches_name("maya"));
        assert!(pattern.matches_version(&Version::parse("2025").unwrap()));
        assert!(!pattern.matches_version(&Version::parse("2023").unwrap()));
        assert!(Pattern::read("ma*").matches_name("maya"));
        assert!(!Pattern::read("ma*").has_range());
    }
}
