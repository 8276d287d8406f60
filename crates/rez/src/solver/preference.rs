//! What a solve prefers, and what it will not see: order of versions, order of variants, filters.

use smallvec::SmallVec;

use super::candidates::Candidates;
use super::pool::{Pool, PooledFamily, Release, RequirementId};
use super::search::Search;
use super::{Ask, VariantSelectMode};
use crate::requirement::Requirement;
use crate::version::{Version, VersionRange};

/// The preferences of one ask.
pub(super) struct Preference<'a> {
    ask: &'a Ask,
}

/// What a variant's place depends on (`_PackageEntry.sort`); greater is better.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct VariantKey {
    /// Only where sharing more of the request comes first.
    shared: usize,
    requested: Vec<(std::cmp::Reverse<usize>, Option<RangeKey>)>,
    additional_count: std::cmp::Reverse<usize>,
    additional: Vec<(Option<RangeKey>, std::sync::Arc<str>)>,
    index: Option<usize>,
}

/// A range as the orderer of its family sees it. A requirement without a range comes below all others; rez crashes when
/// it compares one with a range.
type RangeKey = Vec<((VersionKey, i8), (VersionKey, i8))>;

/// A version as an orderer sees it.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum VersionKey {
    At(Version),
    Infinity,
}

impl<'a> Preference<'a> {
    pub(super) fn new(ask: &'a Ask) -> Self {
        Self { ask }
    }

    pub(super) fn excludes(&self, family: &str, release: &Release) -> bool {
        let _ = (family, release, self.ask);
        false
    }

    /// Puts releases of a family in order, best first; equal ones stay as listed.
    pub(super) fn sort_releases(&self, family: &PooledFamily, releases: &mut [u32]) {
        releases.sort_by_key(|&release| std::cmp::Reverse(family.releases[release as usize].rank));
    }

    fn variant_key(
        &self,
        pool: &Pool,
        requests: &[Requirement],
        candidates: &Candidates,
        variant: usize,
    ) -> VariantKey {
        let own: SmallVec<[&Requirement; 16]> = candidates
            .requirements(variant)
            .iter()
            .map(|&id: &RequirementId| &pool.requirement(id).value)
            .collect();
        let mut requested = Vec::new();
        for (number, request) in requests.iter().enumerate() {
            if request.is_conflict() {
                continue;
            }
            if let Some(shared) = own
                .iter()
                .find(|requirement| requirement.name() == request.name())
            {
                requested.push((std::cmp::Reverse(number), self.range_key(shared)));
            }
        }
        let is_requested = |name: &str| {
            requests
                .iter()
                .any(|request| !request.is_conflict() && request.name() == name)
        };
        let additional: Vec<_> = own
            .iter()
            .filter(|requirement| !requirement.is_conflict() && !is_requested(requirement.name()))
            .map(|requirement| {
                (
                    self.range_key(requirement),
                    requirement.name_shared().clone(),
                )
            })
            .collect();
        VariantKey {
            shared: match self.ask.variant_select_mode {
                VariantSelectMode::VersionPriority => 0,
                VariantSelectMode::IntersectionPriority => requested.len(),
            },
            requested,
            additional_count: std::cmp::Reverse(additional.len()),
            additional,
            index: candidates.variants[variant].index(),
        }
    }

    fn range_key(&self, requirement: &Requirement) -> Option<RangeKey> {
        let range: &VersionRange = requirement.range()?;
        let key = range.bounds().iter().map(|bound| {
            let lower = VersionKey::At(bound.lower.version.clone());
            let upper = bound
                .upper
                .version
                .clone()
                .map_or(VersionKey::Infinity, VersionKey::At);
            (
                (lower, if bound.lower.inclusive { -2 } else { -1 }),
                (upper, if bound.upper.inclusive { 2 } else { 1 }),
            )
        });
        Some(key.collect())
    }
}

impl Search<'_> {
    /// Puts variants of one release in order, best first.
    pub(super) fn sort_variants(&self, candidates: &Candidates, variants: &mut [usize]) {
        if variants.len() > 1 {
            let key = |&variant: &usize| {
                std::cmp::Reverse(self.preference.variant_key(
                    self.pool,
                    self.requests,
                    candidates,
                    variant,
                ))
            };
            variants.sort_by_cached_key(key);
        }
    }
}
