//! After the last phase: cycles, and the order in which packages come out (`_ResolvePhase.finalise`).

use super::answer::{Resolve, ResolvedVariant};
use super::bits::Bits;
use super::packages::FamilyId;
use super::scope::{Scope, Slice};
use super::search::{Place, Search};

impl Search<'_> {
    /// Families that need each other, in a solved state; the first cycle from the first scope on.
    ///
    /// rez says that there is one, too; which one it names depends on the hash seed of its Python.
    pub(super) fn cycle(&self) -> Option<Vec<FamilyId>> {
        #[derive(Clone, Copy, PartialEq)]
        enum Mark {
            New,
            OnPath,
            Done,
        }
        let needs: Vec<Vec<Place>> = self.needs();
        let mut marks = vec![Mark::New; self.scopes.len()];
        for start in 0..self.scopes.len() {
            if marks[start] != Mark::New {
                continue;
            }
            marks[start] = Mark::OnPath;
            let mut path: Vec<(Place, usize)> = vec![(start, 0)];
            while let Some((place, next)) = path.last_mut() {
                let Some(&needed) = needs[*place].get(*next) else {
                    marks[*place] = Mark::Done;
                    path.pop();
                    continue;
                };
                *next += 1;
                match marks[needed] {
                    Mark::Done => {}
                    Mark::New => {
                        marks[needed] = Mark::OnPath;
                        path.push((needed, 0));
                    }
                    Mark::OnPath => {
                        let from = path
                            .iter()
                            .position(|(place, _)| *place == needed)
                            .unwrap_or(0);
                        let family = |(place, _): &(Place, usize)| self.families[*place];
                        return Some(path[from..].iter().map(family).collect());
                    }
                }
            }
        }
        None
    }

    /// For each scope of a solved state, those that its variant needs, in its own order.
    fn needs(&self) -> Vec<Vec<Place>> {
        let needs = |place| {
            let Some((slice, variant)) = self.solved(place) else {
                return Vec::new();
            };
            let requirements = slice.candidates.requirements(variant).iter();
            requirements
                .map(|&requirement| self.pool.packages.term(requirement))
                .filter(|(_, term)| term.is_some_and(|term| !term.is_conflict))
                .filter_map(|(family, _)| self.place(family))
                .collect()
        };
        (0..self.scopes.len()).map(needs).collect()
    }

    /// The scopes of a solved state that are not conflicts, dependencies first; otherwise requests as they came, then by
    /// name (`_get_dependency_order`).
    fn order(&self) -> Vec<Place> {
        let ranked = self.ranked();
        let reach = self.reach(&ranked);
        let mut order = Vec::with_capacity(ranked.len());
        let mut waiting = Bits::all(ranked.len());
        let mut path = Vec::new();
        for first in 0..ranked.len() {
            if waiting.contains(first) {
                path.push(first);
            }
            while let Some(&rank) = path.last() {
                waiting.remove(rank);
                if let Some(dependency) = waiting.first_within(&reach[rank]) {
                    path.push(dependency);
                } else {
                    order.push(ranked[rank]);
                    path.pop();
                }
            }
        }
        order
    }

    /// The scopes that are not conflicts: those of the request in its order, then the others by name.
    fn ranked(&self) -> Vec<Place> {
        let counts = |place: &Place| !self.scopes[*place].is_conflict(&self.pool.packages);
        let requested = self.requests.len().min(self.scopes.len());
        let mut others: Vec<Place> = (requested..self.scopes.len()).filter(counts).collect();
        others.sort_unstable_by_key(|&place| self.pool.packages.name(self.families[place]));
        (0..requested).filter(counts).chain(others).collect()
    }

    /// All that each scope needs, directly or not, by rank. There are no cycles, so this ends.
    fn reach(&self, ranked: &[Place]) -> Vec<Bits> {
        let needs = self.needs();
        let mut ranks = vec![None; self.scopes.len()];
        for (rank, &place) in ranked.iter().enumerate() {
            ranks[place] = Some(rank);
        }
        let needs = |rank: usize| needs[ranked[rank]].iter().filter_map(|&place| ranks[place]);
        let mut reach = vec![Bits::none(ranked.len()); ranked.len()];
        let mut is_known = vec![false; ranked.len()];
        let mut path: Vec<usize> = (0..ranked.len()).collect();
        while let Some(&rank) = path.last() {
            let waiting = path.len();
            if !is_known[rank] {
                path.extend(needs(rank).filter(|&need| !is_known[need]));
            }
            if path.len() > waiting {
                continue;
            }
            let mut all = Bits::none(ranked.len());
            for need in needs(rank) {
                all.insert(need);
                all.add_all(&reach[need]);
            }
            reach[rank] = all;
            is_known[rank] = true;
            path.pop();
        }
        reach
    }

    /// The variant at a place, of a solved state.
    fn solved(&self, place: Place) -> Option<(&Slice, usize)> {
        match &*self.scopes[place] {
            Scope::Packages(slice) => Some((slice, slice.only()?)),
            Scope::Conflict(_) | Scope::Ephemeral(_) => None,
        }
    }

    /// A solved state as a resolve.
    pub(super) fn resolve(&self) -> Resolve {
        let mut resolve = Resolve {
            packages: Vec::new(),
            ephemerals: Vec::new(),
            progress: self.progress,
        };
        for place in self.order() {
            if let Some((slice, variant)) = self.solved(place) {
                resolve.packages.push(self.resolved_variant(slice, variant));
            } else if let Scope::Ephemeral(request) = &*self.scopes[place] {
                resolve
                    .ephemerals
                    .push(self.pool.packages.value(*request).clone());
            }
        }
        resolve
    }

    fn resolved_variant(&self, slice: &Slice, variant: usize) -> ResolvedVariant {
        let candidate = slice.candidates.variants[variant];
        let family = &slice.candidates.family;
        let release = &family.releases[candidate.release()];
        let requires = slice.candidates.requirements(variant).iter();
        ResolvedVariant {
            name: family.name.clone(),
            version: release.package.version.clone(),
            index: candidate.index(),
            repository: release.repository,
            kind: release.package.kind.clone(),
            requires: requires
                .map(|&requirement| self.pool.packages.value(requirement).clone())
                .collect(),
        }
    }

    /// The chosen packages of families, `name-version`.
    pub(super) fn qualified(&self, families: &[FamilyId]) -> Vec<String> {
        let solved = families
            .iter()
            .filter_map(|&family| self.solved(self.place(family)?));
        solved
            .map(|(slice, variant)| {
                slice
                    .candidates
                    .family
                    .qualified(slice.candidates.variants[variant].release())
            })
            .collect()
    }
}
