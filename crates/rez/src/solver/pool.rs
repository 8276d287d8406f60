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
use super::bits::Bits;
use super::candidates::{Candidates, Term};
use super::preference::Preference;
use crate::package::Package;
use crate::repository::Repository;
use crate::requirement::Requirement;
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
    /// Candidates by the range they were opened with; `None` where no release is in it.
    opened: FxHashMap<RangeId, Option<Arc<Candidates>>>,
    /// What besides the range those candidates depend on.
    opened_for: Preference,
    /// Of each candidates, which are within a range, by the range's number among those of its family.
    within: Vec<Vec<Option<Bits>>>,
    /// Scratch space: where something about a family is in a list that is being made, plus one.
    places: Vec<u32>,
}

#[derive(Clone)]
enum FamilyState {
    Unread,
    Missing,
    Read(Arc<PooledFamily>),
}

/// A range, and which releases of its family are in it.
struct RangeEntry {
    /// Its number among the ranges of that family.
    number: u32,
    range: VersionRange,
    /// Half-open spans of ranks; known once the family is read.
    spans: Option<Spans>,
}

/// Half-open spans of ranks, ascending.
pub(super) type Spans = SmallVec<[(u32, u32); 2]>;

/// A family with the packages of all repositories.
pub(super) struct PooledFamily {
    pub(super) id: FamilyId,
    pub(super) name: Arc<str>,
    /// In listing order, repository by repository.
    pub(super) releases: Vec<Release>,
    /// The versions, ascending; a release's rank is its version's place here.
    versions: Vec<Version>,
    /// The release of each rank.
    by_rank: Vec<u32>,
}

/// One version of a family.
pub(super) struct Release {
    pub(super) package: Package,
    /// Which repository it is from.
    pub(super) repository: usize,
    pub(super) rank: u32,
    pub(super) timestamp: Option<i64>,
    /// How many variants it has; none counts as one without an index.
    pub(super) variant_count: u32,
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
            opened: FxHashMap::default(),
            opened_for: Preference::default(),
            within: Vec::new(),
            places: Vec::new(),
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

    /// A requirement in words.
    pub(super) fn value(&self, id: RequirementId) -> &Requirement {
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
        let is_conflict = value.is_conflict();
        self.terms
            .push((family, range.map(|range| Term { range, is_conflict })));
        self.requirements.push(value);
        self.requirement_ids.insert(text, id);
        id
    }

    pub(super) fn range_id(&mut self, family: FamilyId, range: &VersionRange) -> RangeId {
        let key = (family, range.clone());
        if let Some(&id) = self.range_ids.get(&key) {
            return id;
        }
        let id = RangeId::at(self.ranges.len());
        let count = &mut self.range_counts[family.index()];
        *count += 1;
        self.ranges.push(RangeEntry {
            number: *count - 1,
            range: range.clone(),
            spans: None,
        });
        self.range_ids.insert(key, id);
        id
    }

    pub(super) fn range(&self, id: RangeId) -> &VersionRange {
        &self.ranges[id.index()].range
    }

    /// Forgets the candidates of another preference.
    pub(super) fn prefer(&mut self, preference: &Preference) {
        if self.opened_for != *preference {
            self.opened_for = preference.clone();
            self.opened.clear();
            self.within.clear();
        }
    }

    /// The candidates of a family within a range; `None` where no release is in it.
    ///
    /// # Errors
    /// No repository has the family; or a release in range cannot be read.
    pub(super) fn open(
        &mut self,
        family: FamilyId,
        range: RangeId,
    ) -> Result<Option<Arc<Candidates>>, SolveError> {
        if let Some(known) = self.opened.get(&range) {
            return Ok(known.clone());
        }
        let pooled = self
            .family(family)?
            .ok_or_else(|| SolveError::FamilyNotFound {
                family: self.name(family).clone(),
                required_by: Vec::new(),
                searched: self.searched(),
            })?;
        let number = self.within.len();
        let spans = self.ranges[range.index()].spans(&pooled);
        let candidates = Candidates::new(number, &pooled, spans, &self.opened_for)?.map(Arc::new);
        self.within.push(Vec::new());
        self.opened.insert(range, candidates.clone());
        Ok(candidates)
    }

    /// The candidates whose version is in a range.
    pub(super) fn within(&mut self, candidates: &Candidates, range: RangeId) -> &Bits {
        let Self { ranges, within, .. } = self;
        let entry = &mut ranges[range.index()];
        let known = &mut within[candidates.number];
        let number = entry.number as usize;
        if known.len() <= number {
            known.resize(number + 1, None);
        }
        known[number].get_or_insert_with(|| candidates.in_spans(entry.spans(&candidates.family)))
    }

    /// The family that a requirement is about and what it wants of it; `None` where that is nothing (`~x`).
    pub(super) fn term(&self, id: RequirementId) -> (FamilyId, Option<Term>) {
        self.terms[id.index()]
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

    /// rez's union of several ranges, which is one operation, not many (see [`VersionRange::union_of`]).
    pub(super) fn union(&mut self, family: FamilyId, ranges: &[RangeId]) -> RangeId {
        if let [only] = ranges
            && self.range(*only).bounds().len() == 1
        {
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
        let definition = match &entry.package.definition {
            Ok(definition) => definition,
            Err(defect) => {
                return Err(SolveError::Broken {
                    package: family.qualified(release),
                    defect: defect.clone(),
                });
            }
        };
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

    /// Merges a list of requests (`RequirementList`).
    fn merge<'a>(
        &mut self,
        texts: impl Iterator<Item = &'a Arc<str>>,
        words: impl Fn() -> (String, String),
    ) -> Result<VariantRequires, SolveError> {
        let mut list: SmallVec<[RequirementId; 16]> = SmallVec::new();
        for text in texts {
            let new = if let Some(&id) = self.requirement_ids.get(text) {
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
            let family = self.term(new).0;
            match list.iter().position(|&other| self.term(other).0 == family) {
                None => list.push(new),
                Some(at) => {
                    let before = list[at];
                    list[at] =
                        self.merged(before, new)?
                            .ok_or_else(|| SolveError::SelfConflict {
                                package: words().1,
                                first: self.value(before).clone(),
                                second: self.value(new).clone(),
                            })?;
                }
            }
        }
        Ok(VariantRequires {
            requirements: list.as_slice().into(),
        })
    }

    /// Two requirements of one family as one; `None` where they exclude each other.
    fn merged(
        &mut self,
        a: RequirementId,
        b: RequirementId,
    ) -> Result<Option<RequirementId>, SolveError> {
        if let Some(&known) = self.merges.get(&(a, b)) {
            return Ok(known);
        }
        let merged = self.value(a).merged(self.value(b))?;
        let merged = merged.map(|requirement| self.intern(&requirement));
        self.merges.insert((a, b), merged);
        Ok(merged)
    }
}

impl RangeEntry {
    /// The ranks of its family that are in it.
    fn spans(&mut self, family: &PooledFamily) -> &Spans {
        self.spans.get_or_insert_with(|| family.spans(&self.range))
    }
}

impl PooledFamily {
    fn new(id: FamilyId, name: Arc<str>, mut releases: Vec<Release>) -> Self {
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
    pub(super) fn defect(&self, release: usize) -> Option<SolveError> {
        let defect = self.releases[release].package.definition.as_ref().err()?;
        Some(SolveError::Broken {
            package: self.qualified(release),
            defect: defect.clone(),
        })
    }

    /// The releases with these ranks, best version first.
    pub(super) fn best_first(&self, ranks: std::ops::Range<u32>) -> impl Iterator<Item = u32> + '_ {
        ranks.rev().map(|rank| self.by_rank[rank as usize])
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
