//! Which variant of a release comes first (`_PackageEntry.sort`).

use std::cmp::Reverse;

use smallvec::SmallVec;

use super::ask::VariantSelectMode;
use super::candidates::Candidates;
use super::packages::{FamilyId, RangeId};
use super::search::Search;
use crate::orderer::sort_best_first;

/// What a variant's place among those of its release depends on; the greatest comes first. `K` is
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

impl Search<'_> {
    /// Puts variants of one release in order, best first.
    pub(super) fn sort_variants(&mut self, candidates: &Candidates, variants: &mut Vec<usize>) {
        if variants.len() < 2 {
            return;
        }
        if self.pool.preference.orderers.is_empty() {
            sort_best_first(variants, |&variant| {
                self.variant_key(candidates, variant, |_, range| {
                    self.pool.packages.range(range)
                })
            });
            return;
        }
        for &variant in &*variants {
            for &requirement in candidates.requirements(variant) {
                self.learn_order(self.pool.packages.term(requirement).0);
            }
        }
        sort_best_first(variants, |&variant| {
            self.variant_key(candidates, variant, |family, range| {
                let order = self.orders.get(&family).cloned().unwrap_or_default();
                order.range_key(self.pool.packages.range(range))
            })
        });
    }

    /// Finds out how the versions of a family are ordered. One that cannot be read has no versions to order.
    fn learn_order(&mut self, family: FamilyId) {
        if !self.orders.contains_key(&family) {
            let order = match self.pool.packages.family(family) {
                Ok(Some(pooled)) => self.pool.preference.family_order(&pooled),
                _ => self
                    .pool
                    .preference
                    .orderers
                    .family_order(self.pool.packages.name(family), Vec::new),
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
            let (family, term) = self.pool.packages.term(requirement);
            // The first scopes are those of the requests, one each.
            let request = self.place(family).filter(|&place| {
                let request = self.requests.get(place);
                request.is_some_and(|request| !request.is_conflict())
            });
            if let Some(request) = request {
                requested.push((Reverse(request), term.map(|term| key(family, term.range))));
            } else if let Some(term) = term.filter(|term| !term.is_conflict) {
                additional.push((key(family, term.range), &**self.pool.packages.name(family)));
            }
        }
        requested.sort_by_key(|(request, _)| Reverse(*request));
        VariantKey {
            shared: match self.pool.preference.mode {
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
