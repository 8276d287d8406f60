//! A family with the packages of all repositories, in the order of its versions.

use std::ops::Range;
use std::sync::{Arc, OnceLock};

use smallvec::SmallVec;

use super::{FamilyId, RequirementId};
use crate::package::{Package, qualified};
use crate::solver::SolveError;
use crate::version::{Version, VersionRange};

/// Half-open spans of ranks, ascending.
pub(in crate::solver) type Spans = SmallVec<[(u32, u32); 2]>;

/// A family with the packages of all repositories.
pub(in crate::solver) struct PackageFamily {
    pub(in crate::solver) id: FamilyId,
    pub(in crate::solver) name: Arc<str>,
    /// In listing order, repository by repository.
    pub(in crate::solver) releases: Vec<Release>,
    /// The versions, ascending; a release's rank is its version's place here.
    versions: Vec<Version>,
    /// The release of each rank.
    by_rank: Vec<u32>,
}

/// One version of a family.
pub(in crate::solver) struct Release {
    pub(in crate::solver) package: Package,
    /// Which repository it is from.
    pub(in crate::solver) repository: usize,
    pub(in crate::solver) rank: u32,
    pub(in crate::solver) timestamp: Option<i64>,
    /// How many variants it has; none counts as one without an index.
    pub(in crate::solver) variant_count: u32,
    /// What its variants ask for, once asked: for a run, and for a build.
    pub(super) variants: [OnceLock<Arc<[VariantRequires]>>; 2],
}

/// What one variant asks for.
#[derive(Clone, Debug)]
pub(in crate::solver) struct VariantRequires {
    /// In the order of rez's merged list.
    pub(in crate::solver) requirements: Arc<[RequirementId]>,
}

impl PackageFamily {
    pub(super) fn new(id: FamilyId, name: Arc<str>, mut releases: Vec<Release>) -> Self {
        let mut by_rank: Vec<u32> = (0..).zip(&releases).map(|(release, _)| release).collect();
        let version = |&release: &u32| releases[release as usize].package.version.clone();
        by_rank.sort_by_cached_key(version);
        let versions = by_rank.iter().map(version).collect();
        for (rank, &release) in (0..).zip(&by_rank) {
            releases[release as usize].rank = rank;
        }
        Self {
            id,
            name,
            releases,
            versions,
            by_rank,
        }
    }

    /// What is wrong with the definition of a release, if anything is.
    pub(in crate::solver) fn defect(&self, release: usize) -> Option<SolveError> {
        let defect = self.releases[release].package.definition.as_ref().err()?;
        Some(SolveError::Broken {
            package: self.qualified(release),
            defect: defect.clone(),
        })
    }

    /// The releases with these ranks, best version first.
    pub(in crate::solver) fn best_first(
        &self,
        ranks: Range<u32>,
    ) -> impl Iterator<Item = u32> + '_ {
        ranks.rev().map(|rank| self.by_rank[rank as usize])
    }

    /// `name-version`, or the name alone for an unversioned package.
    pub(in crate::solver) fn qualified(&self, release: usize) -> String {
        qualified(&self.name, &self.releases[release].package.version)
    }

    /// The ranks that a range contains.
    pub(super) fn spans(&self, range: &VersionRange) -> Spans {
        let place = |index: usize| FamilyId::at(index).0;
        let mut spans = Spans::new();
        for bound in range.bounds() {
            let start = self.versions.partition_point(|version| {
                *version < bound.lower.version
                    || (!bound.lower.inclusive && *version == bound.lower.version)
            });
            let end = match &bound.upper.version {
                None => self.versions.len(),
                Some(upper) => self.versions.partition_point(|version| {
                    version < upper || (bound.upper.inclusive && version == upper)
                }),
            };
            if start < end {
                spans.push((place(start), place(end)));
            }
        }
        spans
    }
}

impl Release {
    pub(super) fn new(package: Package, repository: usize) -> Self {
        let definition = package.definition.as_ref().ok();
        let variants = definition.and_then(|definition| definition.variants());
        let timestamp = definition.and_then(|definition| definition.timestamp);
        Self {
            variant_count: FamilyId::at(variants.map_or(0, <[_]>::len)).0,
            package,
            repository,
            rank: 0,
            timestamp,
            variants: Default::default(),
        }
    }
}
