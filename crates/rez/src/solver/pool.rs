//! The packages that solves draw from, in the form that makes solving fast.
//!
//! A [`Pool`] asks its repositories for a family when a solve first touches it, lays the repositories over each other as
//! rez does, and gives everything a number: families, requirements, ranges. Two requirements with the same text are one
//! number, so that a question about them ("which versions does it accept?") is answered once. Nothing in a pool depends on
//! a request; keep it, and the next solve starts with what this one learnt.

use std::sync::{Arc, OnceLock};

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::SolveError;
use crate::package::{Definition, Package};
use crate::repository::Repository;
use crate::requirement::{Requirement, RequirementList};
use crate::version::{Version, VersionRange};

/// A family name, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct FamilyId(u32);

/// A range of versions of one family, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RangeId(u32);

/// A requirement, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RequirementId(u32);

macro_rules! index {
    ($id:ty) => {
        impl $id {
            /// Its place in a list that has one element for each.
            pub(super) fn index(self) -> usize {
                self.0 as usize
            }

            #[expect(
                clippy::cast_possible_truncation,
                reason = "a repository of 2^32 requests does not fit into memory"
            )]
            fn at(index: usize) -> Self {
                Self(index as u32)
            }
        }
    };
}
index!(FamilyId);
index!(RangeId);
index!(RequirementId);

/// Packages from several repositories, earlier ones hiding later ones.
pub struct Pool {
    repositories: Vec<Arc<dyn Repository>>,
    names: Vec<Arc<str>>,
    name_ids: FxHashMap<Arc<str>, FamilyId>,
    families: Vec<FamilyState>,
    ranges: Vec<RangeEntry>,
    range_ids: FxHashMap<(FamilyId, VersionRange), RangeId>,
    requirements: Vec<RequirementEntry>,
    requirement_ids: FxHashMap<Arc<str>, RequirementId>,
    unions: FxHashMap<SmallVec<[RangeId; 4]>, RangeId>,
    intersections: FxHashMap<(RangeId, RangeId), Option<RangeId>>,
    supersets: FxHashMap<(RangeId, RangeId), bool>,
}

#[derive(Clone)]
enum FamilyState {
    Unread,
    Missing,
    Read(Arc<PooledFamily>),
}

/// A range, and which releases of its family are in it.
struct RangeEntry {
    family: FamilyId,
    range: VersionRange,
    /// Half-open spans of ranks; known once the family is read.
    spans: Option<Spans>,
}

/// Half-open spans of ranks, ascending.
pub(super) type Spans = SmallVec<[(u32, u32); 2]>;

/// A requirement of a variant, or a merged one.
pub(super) struct RequirementEntry {
    pub(super) family: FamilyId,
    /// `!x` and `~x`.
    pub(super) is_conflict: bool,
    /// `None` for `~x`, which has no effect.
    pub(super) range: Option<RangeId>,
    /// The requirement itself, for words.
    pub(super) value: Requirement,
}

/// A family with the packages of all repositories.
pub(super) struct PooledFamily {
    pub(super) id: FamilyId,
    pub(super) name: Arc<str>,
    /// In listing order, repository by repository.
    pub(super) releases: Vec<Release>,
    /// The versions, ascending; a release's rank is its version's place here.
    versions: Vec<Version>,
}

/// One version of a family.
pub(super) struct Release {
    pub(super) package: Package,
    /// Which repository it is from.
    pub(super) repository: usize,
    pub(super) rank: u32,
    /// What its variants ask for, once asked: for a run, and for a build.
    variants: [OnceLock<Arc<[VariantRequires]>>; 2],
}

/// What one variant asks for.
#[derive(Clone, Debug)]
pub(super) struct VariantRequires {
    /// In the order of rez's merged list.
    pub(super) requirements: Arc<[RequirementId]>,
}

impl Pool {
    /// A pool over repositories in the order of rez's `packages_path`.
    pub fn new(repositories: Vec<Arc<dyn Repository>>) -> Self {
        Self {
            repositories,
            names: Vec::new(),
            name_ids: FxHashMap::default(),
            families: Vec::new(),
            ranges: Vec::new(),
            range_ids: FxHashMap::default(),
            requirements: Vec::new(),
            requirement_ids: FxHashMap::default(),
            unions: FxHashMap::default(),
            intersections: FxHashMap::default(),
            supersets: FxHashMap::default(),
        }
    }

    /// The repositories, in order.
    pub fn repositories(&self) -> &[Arc<dyn Repository>] {
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

    pub(super) fn family_id(&mut self, name: &Arc<str>) -> FamilyId {
        if let Some(&id) = self.name_ids.get(name) {
            return id;
        }
        let id = FamilyId::at(self.names.len());
        self.names.push(name.clone());
        self.families.push(FamilyState::Unread);
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
    pub(super) fn family(&mut self, id: FamilyId) -> Result<Option<Arc<PooledFamily>>, SolveError> {
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
            FamilyState::Read(Arc::new(PooledFamily::new(id, name, releases)))
        };
        self.families[id.index()] = state.clone();
        Ok(match state {
            FamilyState::Read(family) => Some(family),
            FamilyState::Unread | FamilyState::Missing => None,
        })
    }

    pub(super) fn requirement(&self, id: RequirementId) -> &RequirementEntry {
        &self.requirements[id.index()]
    }

    /// The number of a requirement.
    pub(super) fn intern(&mut self, requirement: &Requirement) -> RequirementId {
        let text: Arc<str> = requirement.to_string().into();
        match self.requirement_ids.get(&text) {
            Some(&id) => id,
            None => self.add(text, requirement.clone()),
        }
    }

    fn add(&mut self, text: Arc<str>, value: Requirement) -> RequirementId {
        let family = self.family_id(value.name_shared());
        let range = value.range().map(|range| self.range_id(family, range));
        let id = RequirementId::at(self.requirements.len());
        self.requirements.push(RequirementEntry {
            family,
            is_conflict: value.is_conflict(),
            range,
            value,
        });
        self.requirement_ids.insert(text, id);
        id
    }

    pub(super) fn range_id(&mut self, family: FamilyId, range: &VersionRange) -> RangeId {
        let key = (family, range.clone());
        if let Some(&id) = self.range_ids.get(&key) {
            return id;
        }
        let id = RangeId::at(self.ranges.len());
        self.ranges.push(RangeEntry {
            family,
            range: range.clone(),
            spans: None,
        });
        self.range_ids.insert(key, id);
        id
    }

    pub(super) fn range(&self, id: RangeId) -> &VersionRange {
        &self.ranges[id.index()].range
    }

    /// The ranks of a family that a range contains.
    pub(super) fn spans(&mut self, id: RangeId, family: &PooledFamily) -> &Spans {
        let entry = &mut self.ranges[id.index()];
        debug_assert_eq!(entry.family, family.id, "a range belongs to one family");
        entry
            .spans
            .get_or_insert_with(|| family.spans(&entry.range))
    }

    /// rez's union of several ranges, which is one operation, not many (see [`VersionRange::union_of`]).
    pub(super) fn union(&mut self, family: FamilyId, ranges: &[RangeId]) -> RangeId {
        if let [only] = ranges {
            return *only;
        }
        let mut key = SmallVec::<[RangeId; 4]>::from_slice(ranges);
        key.sort_unstable();
        if let Some(&id) = self.unions.get(&key) {
            return id;
        }
        let union = VersionRange::union_of(key.iter().map(|&id| self.range(id)));
        let id = self.range_id(family, &union.unwrap_or_else(VersionRange::any));
        self.unions.insert(key, id);
        id
    }

    /// What two ranges have in common.
    pub(super) fn intersection(
        &mut self,
        family: FamilyId,
        a: RangeId,
        b: RangeId,
    ) -> Option<RangeId> {
        if a == b {
            return Some(a);
        }
        if let Some(&known) = self.intersections.get(&(a, b)) {
            return known;
        }
        let common = self
            .range(a)
            .intersection(self.range(b))
            .map(|range| self.range_id(family, &range));
        self.intersections.insert((a, b), common);
        common
    }

    /// Whether every version of `b`, released or not, is in `a`.
    pub(super) fn is_superset(&mut self, a: RangeId, b: RangeId) -> bool {
        if let Some(&known) = self.supersets.get(&(a, b)) {
            return known;
        }
        let answer = self.range(a).is_superset(self.range(b));
        self.supersets.insert((a, b), answer);
        answer
    }

    /// What the variants of a release ask for, each list merged.
    ///
    /// # Errors
    /// A definition that cannot be read, a request that is none, or a variant that contradicts itself: what rez raises
    /// when it first looks at the release.
    pub(super) fn variants(
        &mut self,
        family: &PooledFamily,
        release: usize,
        building: bool,
    ) -> Result<Arc<[VariantRequires]>, SolveError> {
        let entry = &family.releases[release];
        let cell = &entry.variants[usize::from(building)];
        if let Some(known) = cell.get() {
            return Ok(known.clone());
        }
        let definition = entry.definition(&family.name)?;
        let none = [Vec::new()];
        let variants = definition.variants().unwrap_or(&none);
        let mut compiled = Vec::with_capacity(variants.len());
        for (index, own) in variants.iter().enumerate() {
            let build: &[Arc<str>] = if building {
                &definition.build_requires
            } else {
                &[]
            };
            let texts = definition.requires.iter().chain(own).chain(build);
            compiled.push(self.merge(texts, || {
                let index = definition.variants().map(|_| index);
                (
                    family.qualified(release),
                    qualified_variant(&family.qualified(release), index),
                )
            })?);
        }
        let compiled: Arc<[VariantRequires]> = compiled.into();
        Ok(cell.get_or_init(|| compiled).clone())
    }

    fn merge<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a Arc<str>>,
        words: impl Fn() -> (String, String),
    ) -> Result<VariantRequires, SolveError> {
        let mut requirements: SmallVec<[RequirementId; 16]> = SmallVec::new();
        let mut overlap = false;
        for text in texts {
            let id = if let Some(&id) = self.requirement_ids.get(text) {
                id
            } else {
                let value = Requirement::parse_request(text).map_err(|error| {
                    SolveError::InvalidRequest {
                        package: words().0,
                        error,
                    }
                })?;
                self.add(text.clone(), value)
            };
            let family = self.requirements[id.index()].family;
            overlap |= requirements
                .iter()
                .any(|other| self.requirements[other.index()].family == family);
            requirements.push(id);
        }
        if overlap {
            let list = RequirementList::new(
                requirements
                    .iter()
                    .map(|id| self.requirements[id.index()].value.clone()),
            )?;
            if let Some((first, second)) = list.conflict() {
                return Err(SolveError::SelfConflict {
                    package: words().1,
                    first: first.clone(),
                    second: second.clone(),
                });
            }
            requirements = list
                .iter()
                .map(|requirement| self.intern(requirement))
                .collect();
        }
        Ok(VariantRequires {
            requirements: requirements.as_slice().into(),
        })
    }
}

impl PooledFamily {
    fn new(id: FamilyId, name: Arc<str>, mut releases: Vec<Release>) -> Self {
        let mut versions: Vec<Version> = releases
            .iter()
            .map(|release| release.package.version.clone())
            .collect();
        versions.sort();
        for release in &mut releases {
            let place = versions.partition_point(|version| *version < release.package.version);
            release.rank = FamilyId::at(place).0;
        }
        Self {
            id,
            name,
            releases,
            versions,
        }
    }

    /// `name-version`, or the name alone for an unversioned package.
    pub(super) fn qualified(&self, release: usize) -> String {
        qualified(&self.name, &self.releases[release].package.version)
    }

    fn spans(&self, range: &VersionRange) -> Spans {
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
    fn new(package: Package, repository: usize) -> Self {
        Self {
            package,
            repository,
            rank: 0,
            variants: Default::default(),
        }
    }

    /// What its file says.
    pub(super) fn definition(&self, family: &str) -> Result<Arc<Definition>, SolveError> {
        self.package
            .definition
            .clone()
            .map_err(|defect| SolveError::Broken {
                package: qualified(family, &self.package.version),
                defect,
            })
    }

    /// How many variants it has; `None` for a package without any, which counts as one.
    pub(super) fn variant_count(&self) -> Option<u32> {
        let definition = self.package.definition.as_ref().ok()?;
        let count = definition.variants()?.len();
        Some(FamilyId::at(count).0)
    }
}

/// `name-version`, or the name alone for an unversioned package.
pub(super) fn qualified(name: &str, version: &Version) -> String {
    if version.is_empty() {
        name.to_owned()
    } else {
        format!("{name}-{version}")
    }
}

/// `name-version[index]`, `name-version[]` where there are no variants.
pub(super) fn qualified_variant(package: &str, index: Option<usize>) -> String {
    match index {
        Some(index) => format!("{package}[{index}]"),
        None => format!("{package}[]"),
    }
}
