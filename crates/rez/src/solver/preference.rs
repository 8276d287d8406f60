//! What a solve prefers, and what it will not see: order of versions, order of variants, filters.

use std::cmp::Reverse;

use smallvec::SmallVec;

use super::candidates::Candidates;
use super::pool::{FamilyId, PooledFamily, RangeId};
use super::search::Search;
use super::{Ask, VariantSelectMode};
use crate::filter::PackageFilterList;
use crate::orderer::{FamilyOrder, PackageOrderList, sort_best_first};

/// The preferences of one ask, as far as candidates depend on them.
#[derive(Clone, Debug, Default)]
pub(super) struct Preference {
    mode: VariantSelectMode,
    building: bool,
    /// With the requested timestamp in it.
    filter: PackageFilterList,
    orderers: PackageOrderList,
}

impl PartialEq for Preference {
    fn eq(&self, other: &Self) -> bool {
        self.mode == other.mode
            && self.building == other.building
            && self.orderers == other.orderers
            && self.filter.to_pod() == other.filter.to_pod()
    }
}

/// What a variant's place among those of its release depends on (`_PackageEntry.sort`); the greatest comes first. `K` is
/// how a range compares.
///
/// rez crashes when it compares `~x`, which has no range, with a requirement of x that has one. Here it is the lowest.
#[derive(PartialEq, PartialOrd)]
struct VariantKey<'a, K> {
    /// How much it shares with the request, where that comes first.
    shared: usize,
    /// What it asks of requested families, earlier requests first.
    requested: SmallVec<[(Reverse<usize>, Option<K>); 8]>,
    additional_count: Reverse<usize>,
    /// What it asks of other families, without conflicts, in its own order.
    additional: SmallVec<[(K, &'a str); 8]>,
    index: Option<usize>,
}

impl Preference {
    pub(super) fn new(ask: &Ask) -> Self {
        Self {
            mode: ask.variant_select_mode,
            building: ask.building,
            filter: ask
                .filter
                .clone()
                .with_timestamp(ask.timestamp.unwrap_or(0)),
            orderers: ask.orderers.clone(),
        }
    }

    /// Takes away the releases that the ask excludes and puts the others in order, best first; they come newest first.
    pub(super) fn filter_and_sort(
        &self,
        family: &PooledFamily,
        releases: &mut SmallVec<[u32; 32]>,
    ) {
        let release = |number: u32| &family.releases[number as usize];
        if !self.filter.is_empty() {
            releases.retain(|number| {
                let release = release(*number);
                !self
                    .filter
                    .excludes(&family.name, &release.package.version, release.timestamp)
            });
        }
        let order = self.family_order(family);
        if !order.is_default() {
            let mut listed = releases.to_vec();
            listed.sort_unstable();
            sort_best_first(&mut listed, |&number| {
                order.key(Some(&release(number).package.version))
            });
            *releases = listed.into();
        }
    }

    fn family_order(&self, family: &PooledFamily) -> FamilyOrder {
        self.orderers.family_order(&family.name, || {
            let releases = family.releases.iter();
            releases
                .map(|release| (release.package.version.clone(), release.timestamp))
                .collect()
        })
    }
}

impl Search<'_> {
    /// Puts variants of one release in order, best first.
    pub(super) fn sort_variants(&mut self, candidates: &Candidates, variants: &mut Vec<usize>) {
        if variants.len() < 2 {
            return;
        }
        if self.preference.orderers.is_empty() {
            sort_best_first(variants, |&variant| {
                self.variant_key(candidates, variant, |_, range| self.pool.range(range))
            });
            return;
        }
        for &variant in &*variants {
            for &requirement in candidates.requirements(variant) {
                self.learn_order(self.pool.term(requirement).0);
            }
        }
        sort_best_first(variants, |&variant| {
            self.variant_key(candidates, variant, |family, range| {
                let order = self.orders.get(&family).cloned().unwrap_or_default();
                order.range_key(self.pool.range(range))
            })
        });
    }

    /// Finds out how the versions of a family are ordered. One that cannot be read has no versions to order.
    fn learn_order(&mut self, family: FamilyId) {
        if !self.orders.contains_key(&family) {
            let order = match self.pool.family(family) {
                Ok(Some(pooled)) => self.preference.family_order(&pooled),
                _ => self
                    .preference
                    .orderers
                    .family_order(self.pool.name(family), Vec::new),
            };
            self.orders.insert(family, order);
        }
    }

    fn variant_key<K>(
        &self,
        candidates: &Candidates,
        variant: usize,
        key: impl Fn(FamilyId, RangeId) -> K,
    ) -> VariantKey<'_, K> {
        let mut requested = SmallVec::new();
        let mut additional = SmallVec::new();
        for &requirement in candidates.requirements(variant) {
            let (family, term) = self.pool.term(requirement);
            // The first scopes are those of the requests, one each.
            let request = self.place(family).filter(|&place| {
                let request = self.requests.get(place);
                request.is_some_and(|request| !request.is_conflict())
            });
            if let Some(request) = request {
                requested.push((Reverse(request), term.map(|term| key(family, term.range))));
            } else if let Some(term) = term.filter(|term| !term.is_conflict) {
                additional.push((key(family, term.range), &**self.pool.name(family)));
            }
        }
        requested.sort_by_key(|(request, _)| Reverse(*request));
        VariantKey {
            shared: match self.preference.mode {
                VariantSelectMode::VersionPriority => 0,
                VariantSelectMode::IntersectionPriority => requested.len(),
            },
            requested,
            additional_count: Reverse(additional.len()),
            additional,
            index: candidates.variants[variant].index(),
        }
    }
}
