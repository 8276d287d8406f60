//! After the last phase: cycles, and the order in which packages come out (`_ResolvePhase.finalise`).

use super::bits::Bits;
use super::pool::FamilyId;
use super::scope::{Scope, Slice};
use super::search::{Place, Search};
use super::{Resolve, ResolvedVariant};

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
        let needs: Vec<Vec<Place>> = (0..self.scopes.len())
            .map(|place| self.needs(place))
            .collect();
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
                        let family =
                            |(place, _): &(Place, usize)| self.scopes[*place].family(self.pool);
                        return Some(path[from..].iter().map(family).collect());
                    }
                }
            }
        }
        None
    }

    /// The scopes that the variant at a place needs, in its own order.
    fn needs(&self, place: Place) -> Vec<Place> {
        let Some((slice, variant)) = self.scopes[place]
            .slice()
            .and_then(|slice| Some((slice, slice.only()?)))
        else {
            return Vec::new();
        };
        slice
            .candidates
            .requirements(variant)
            .iter()
            .map(|&requirement| self.pool.requirement(requirement))
            .filter(|entry| !entry.is_conflict)
            .filter_map(|entry| self.place(entry.family))
            .collect()
    }

    /// The scopes of a solved state that are not conflicts, dependencies first; otherwise requests as they came, then by
    /// name (`_get_dependency_order`).
    pub(super) fn order(&self) -> Vec<Place> {
        let ranked = self.ranked();
        let mut ranks = vec![usize::MAX; self.scopes.len()];
        for (rank, &place) in ranked.iter().enumerate() {
            ranks[place] = rank;
        }
        let mut reach: Vec<Option<Bits>> = vec![None; ranked.len()];
        for rank in 0..ranked.len() {
            self.reach(rank, &ranked, &ranks, &mut reach);
        }
        let mut order = Vec::with_capacity(ranked.len());
        let mut waiting = Bits::all(ranked.len());
        for first in 0..ranked.len() {
            let mut path = if waiting.contains(first) {
                vec![first]
            } else {
                Vec::new()
            };
            while let Some(&rank) = path.last() {
                waiting.remove(rank);
                let mut next = waiting.clone();
                if let Some(reach) = &reach[rank] {
                    next.keep_only(reach);
                }
                if let Some(dependency) = next.first() {
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
        let counts = |place: &Place| !self.scopes[*place].is_conflict(self.pool);
        let requested = self.requests.len().min(self.scopes.len());
        let mut others: Vec<Place> = (requested..self.scopes.len()).filter(counts).collect();
        let name = |place: &Place| {
            self.pool
                .name(self.scopes[*place].family(self.pool))
                .clone()
        };
        others.sort_by_cached_key(name);
        (0..requested).filter(counts).chain(others).collect()
    }

    /// All that a scope needs, directly or not, by rank. There are no cycles, so this ends.
    fn reach(&self, start: usize, ranked: &[Place], ranks: &[usize], known: &mut [Option<Bits>]) {
        let mut path = vec![start];
        while let Some(&rank) = path.last() {
            let needs: Vec<usize> = self
                .needs(ranked[rank])
                .into_iter()
                .map(|place| ranks[place])
                .collect();
            let needs = needs.into_iter().filter(|&rank| rank != usize::MAX);
            if let Some(unknown) = needs.clone().find(|&rank| known[rank].is_none()) {
                path.push(unknown);
                continue;
            }
            let mut all = Bits::none(ranked.len());
            for need in needs {
                all.insert(need);
                if let Some(further) = &known[need] {
                    all.add_all(further);
                }
            }
            known[rank] = Some(all);
            path.pop();
        }
    }

    /// The variant at a place, of a solved state.
    pub(super) fn solved(&self, place: Place) -> Option<(&Slice, usize)> {
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
                    .push(self.pool.requirement(*request).value.clone());
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
                .map(|&requirement| self.pool.requirement(requirement).value.clone())
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
