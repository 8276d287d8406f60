//! The packages that solves draw from, by number.
//!
//! [`Packages`] asks its repositories for a family when a solve first touches it, lays the repositories over each other as
//! rez does, and gives everything a number: families, requirements, ranges. Two requirements with the same text are one
//! number, so that a question about them ("which versions does it accept?") is answered once.

mod family;
mod ids;
mod ranges;
mod requirements;

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::SolveError;
use crate::repository::{Repository, RepositoryError};
use crate::requirement::Requirement;
use crate::version::{Version, VersionRange};

pub(super) use family::{PackageFamily, VariantRequires};
pub(super) use ids::{FamilyId, RangeId, RequirementId};

pub(super) use requirements::Term;

use family::Release;
use ranges::RangeEntry;

/// Packages from several repositories, earlier ones hiding later ones.
pub(super) struct Packages {
    repositories: Vec<Arc<dyn Repository>>,
    names: Vec<Arc<str>>,
    name_ids: FxHashMap<Arc<str>, FamilyId>,
    families: Vec<FamilyState>,
    /// How many ranges each family has.
    range_counts: Vec<u32>,
    ranges: Vec<RangeEntry>,
    range_ids: FxHashMap<(FamilyId, VersionRange), RangeId>,
    requirements: Vec<Requirement>,
    /// What each requirement comes down to.
    terms: Vec<(FamilyId, Option<Term>)>,
    requirement_ids: FxHashMap<Arc<str>, RequirementId>,
    merges: FxHashMap<(RequirementId, RequirementId), Option<RequirementId>>,
    unions: FxHashMap<SmallVec<[RangeId; 4]>, RangeId>,
    intersections: FxHashMap<(RangeId, RangeId), Option<RangeId>>,
    supersets: FxHashMap<(RangeId, RangeId), bool>,
    /// Scratch space: where something about a family is in a list that is being made, plus one.
    places: Vec<u32>,
}

#[derive(Clone)]
enum FamilyState {
    Unread,
    Missing,
    Read(Arc<PackageFamily>),
}

impl Packages {
    /// Over repositories in the order of rez's `packages_path`.
    pub(super) fn new(repositories: Vec<Arc<dyn Repository>>) -> Self {
        Self {
            repositories,
            names: Vec::new(),
            name_ids: FxHashMap::default(),
            families: Vec::new(),
            range_counts: Vec::new(),
            ranges: Vec::new(),
            range_ids: FxHashMap::default(),
            requirements: Vec::new(),
            terms: Vec::new(),
            requirement_ids: FxHashMap::default(),
            merges: FxHashMap::default(),
            unions: FxHashMap::default(),
            intersections: FxHashMap::default(),
            supersets: FxHashMap::default(),
            places: Vec::new(),
        }
    }

    /// The repositories, in order.
    pub(super) fn repositories(&self) -> &[Arc<dyn Repository>] {
        &self.repositories
    }

    /// The locations that are searched, as rez lists them.
    pub(super) fn searched(&self) -> String {
        let locations: Vec<String> = self
            .repositories
            .iter()
            .map(|repository| repository.location().to_string())
            .collect();
        locations.join("; ")
    }

    /// Reads every package of every repository.
    pub(super) fn load(&mut self) -> Result<(), RepositoryError> {
        for repository in self.repositories.clone() {
            for name in repository.family_names()? {
                let id = self.family_id(&name);
                // What is wrong with a family or a package is told by the solve that needs it.
                let Ok(Some(family)) = self.family(id) else {
                    continue;
                };
                for release in 0..family.releases.len() {
                    let _ = self.variants(&family, release, false);
                }
            }
        }
        Ok(())
    }

    pub(super) fn family_id(&mut self, name: &Arc<str>) -> FamilyId {
        if let Some(&id) = self.name_ids.get(name) {
            return id;
        }
        let id = FamilyId::at(self.names.len());
        self.names.push(name.clone());
        self.families.push(FamilyState::Unread);
        self.range_counts.push(0);
        self.places.push(0);
        self.name_ids.insert(name.clone(), id);
        id
    }

    pub(super) fn name(&self, family: FamilyId) -> &Arc<str> {
        &self.names[family.index()]
    }

    /// How many families have a number.
    pub(super) fn family_count(&self) -> usize {
        self.names.len()
    }

    /// A family's packages; `None` where no repository has any.
    pub(super) fn family(
        &mut self,
        id: FamilyId,
    ) -> Result<Option<Arc<PackageFamily>>, SolveError> {
        match &self.families[id.index()] {
            FamilyState::Read(family) => return Ok(Some(family.clone())),
            FamilyState::Missing => return Ok(None),
            FamilyState::Unread => {}
        }
        let name = self.names[id.index()].clone();
        let mut releases: Vec<Release> = Vec::new();
        let mut seen: FxHashSet<Version> = FxHashSet::default();
        for (repository, source) in self.repositories.iter().enumerate() {
            let Some(family) = source.family(&name)? else {
                continue;
            };
            for package in &family.packages {
                if seen.insert(package.version.clone()) {
                    releases.push(Release::new(package.clone(), repository));
                }
            }
        }
        let state = if releases.is_empty() {
            FamilyState::Missing
        } else {
            FamilyState::Read(Arc::new(PackageFamily::new(id, name, releases)))
        };
        self.families[id.index()] = state.clone();
        Ok(match state {
            FamilyState::Read(family) => Some(family),
            FamilyState::Unread | FamilyState::Missing => None,
        })
    }

    /// Where a family is in the list that is being made; `next` where it is not there yet.
    pub(super) fn place_or_next(&mut self, family: FamilyId, next: usize) -> usize {
        let place = &mut self.places[family.index()];
        if *place == 0 {
            *place = FamilyId::at(next + 1).0;
        }
        *place as usize - 1
    }

    /// Clears the scratch space after a list is made.
    pub(super) fn forget_places(&mut self, families: impl Iterator<Item = FamilyId>) {
        for family in families {
            self.places[family.index()] = 0;
        }
    }
}
