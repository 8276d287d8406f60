//! The reductions of a failing phase, in rez's order.
//!
//! Reductions are a fixpoint: their order decides nothing but which of several total reductions rez reports, and in which
//! words. So they are done in that order, from the largest pair of scopes down, only where a failure is told.

use std::collections::BTreeSet;

use super::answer::{Reason, Reduction};
use super::packages::FamilyId;
use super::phase::{conflicts, ruled_out};
use super::scope::{Scope, Slice};
use super::search::{Mark, Place, Search};

impl Search<'_> {
    /// Does the reductions of a pass again, from its mark on, in rez's order, and tells which one took the last variant.
    pub(super) fn tell_reduction(
        &mut self,
        mark: Mark,
        before: usize,
        changed: &[Place],
        widened: &[Place],
    ) -> Option<Reason> {
        self.telling.as_ref()?;
        self.undo(mark);
        let all = 0..self.scopes.len();
        let added = before..self.scopes.len();
        let mut pairs: BTreeSet<(Place, Place)> = BTreeSet::new();
        for x in 0..before {
            pairs.extend(changed.iter().copied().chain(added.clone()).map(|y| (x, y)));
        }
        for x in added.chain(widened.iter().copied()) {
            pairs.extend(all.clone().map(|y| (x, y)));
        }
        let mut pairs: Vec<(Place, Place)> = pairs.into_iter().collect();
        while let Some((x, y)) = pairs.pop() {
            if x == y {
                continue;
            }
            let against = self.scopes[y].clone();
            let scope = self.scopes[x].clone();
            let Some(slice) = scope.slice() else {
                continue;
            };
            if let Some(telling) = &mut self.telling {
                telling.looked_at(slice);
            }
            let Some(out) = ruled_out(self.pool, slice, self.families[y], &against) else {
                continue;
            };
            let mut alive = slice.alive.clone();
            alive.remove_all(&out);
            if alive.is_empty() {
                return Some(Reason::Reduction(self.reductions(
                    slice,
                    self.families[y],
                    &against,
                )));
            }
            self.replace(x, Scope::Packages(slice.with(alive)));
            pairs.extend(all.clone().filter(|&j| j != x).map(|j| (j, x)));
        }
        None
    }

    /// Every variant of a slice with what rules it out, in rez's order.
    fn reductions(&mut self, slice: &Slice, family: FamilyId, against: &Scope) -> Vec<Reduction> {
        let request = against.request(&self.pool.packages);
        let mut reductions = Vec::new();
        for (release, mut variants) in slice.releases() {
            let key = (slice.candidates.family.id, release);
            if self
                .telling
                .as_ref()
                .is_some_and(|telling| telling.is_sorted(key))
            {
                self.sort_variants(&slice.candidates, &mut variants);
            }
            for variant in variants {
                let dependency =
                    slice
                        .candidates
                        .requirements(variant)
                        .iter()
                        .copied()
                        .find(|&requirement| {
                            let (about, term) = self.pool.packages.term(requirement);
                            about == family
                                && term.is_some_and(|term| conflicts(self.pool, term, against))
                        });
                if let Some(dependency) = dependency {
                    reductions.push(Reduction {
                        variant: slice.qualified(variant),
                        dependency: self.pool.packages.value(dependency).clone(),
                        request: request.clone(),
                    });
                }
            }
        }
        reductions
    }
}
