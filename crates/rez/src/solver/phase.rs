//! One phase: extract, intersect, reduce, until nothing changes (`_ResolvePhase.solve`).
//!
//! What all variants of a scope ask for is *extracted*: it narrows the scope of that family, or opens one. What a scope
//! then still allows *reduces* the others: variants that cannot live with it go. The rounds and their order are rez's,
//! because they decide which scopes open, in which order, and which missing package ends a resolve. Within the reductions
//! the order decides nothing but the words of a failure, so they are done from a list of what changed.
//!
//! *Ranges are only computed where they can matter.* Where every variant of an existing scope is within what is asked, the
//! intersection changes nothing and its range is never built; that is most of them.

use smallvec::SmallVec;

use super::SolveError;
use super::answer::Reason;
use super::bits::Bits;
use super::candidates::{Asks, Candidates};
use super::packages::{FamilyId, RangeId, RequirementId, Term};
use super::pool::Pool;
use super::scope::{Scope, Slice};
use super::search::{Asked, Extraction, PhaseEnd, Place, Search};

impl Search<'_> {
    /// Solves a phase in which the scopes at `changed` are new or narrowed.
    pub(super) fn phase(&mut self, mut changed: Vec<Place>) -> Result<PhaseEnd, SolveError> {
        self.extractions.clear();
        loop {
            let before = self.scopes.len();
            let mut widened: Vec<Place> = Vec::new();
            loop {
                let first = self.extractions.len();
                self.extract()?;
                if self.extractions.len() == first {
                    break;
                }
                if let Some(failed) = self.apply(first, &mut changed, &mut widened)? {
                    return Ok(failed);
                }
            }
            if self.scopes.len() == before && changed.is_empty() && widened.is_empty() {
                break;
            }
            let mark = self.mark();
            if !self.reduce(before, &changed, &widened) {
                let reason = self.tell_reduction(mark, before, &changed, &widened);
                return Ok(PhaseEnd::Failed(reason));
            }
            changed.clear();
        }
        let open = self.scopes.iter().position(|scope| scope.is_open());
        Ok(open.map_or(PhaseEnd::Solved, PhaseEnd::Exhausted))
    }

    /// Notes what all variants of each changed scope ask for, scope by scope.
    fn extract(&mut self) -> Result<(), SolveError> {
        let mut places = std::mem::take(&mut self.unextracted);
        places.sort_unstable();
        places.dedup();
        for place in places.drain(..) {
            let scope = self.scopes[place].clone();
            let Some(slice) = scope.slice() else {
                continue;
            };
            let asks = self.read_asks(&slice.candidates)?;
            if let Some(telling) = &mut self.telling {
                telling.looked_at(slice);
            }
            for asked in &asks.families {
                if !slice.alive.is_within(&asked.wanted) {
                    continue;
                }
                let wanted = asked
                    .terms
                    .iter()
                    .filter(|(term, who)| !term.is_conflict && who.meets(&slice.alive));
                self.extractions.push(Extraction {
                    scope: self.families[place],
                    family: asked.family,
                    ranges: wanted.map(|(term, _)| term.range).collect(),
                });
            }
        }
        self.unextracted = places;
        Ok(())
    }

    /// Reads what all scopes ask for. rez does when it draws the graph of a failure, and may end with an error there.
    pub(super) fn read_all_asks(&mut self) -> Result<(), SolveError> {
        for place in 0..self.scopes.len() {
            let scope = self.scopes[place].clone();
            if let Some(slice) = scope.slice() {
                self.read_asks(&slice.candidates)?;
            }
        }
        Ok(())
    }

    fn read_asks<'c>(&mut self, candidates: &'c Candidates) -> Result<&'c Asks, SolveError> {
        let asks = candidates.read_asks(&mut self.pool.packages, self.pool.preference.building)?;
        self.note_askers(candidates, asks);
        Ok(asks)
    }

    /// Merges the extractions from `first` on, narrows the scopes they concern and opens the new ones.
    fn apply(
        &mut self,
        first: usize,
        changed: &mut Vec<Place>,
        widened: &mut Vec<Place>,
    ) -> Result<Option<PhaseEnd>, SolveError> {
        let mut asked = std::mem::take(&mut self.asked);
        self.group(first, &mut asked);
        let end = match self.merge(first, &mut asked) {
            Err(reason) => Some(PhaseEnd::Failed(reason)),
            Ok(()) => match self.narrow(&asked, changed, widened)? {
                Some(failed) => Some(failed),
                None => self.open_extracted(&asked)?,
            },
        };
        asked.clear();
        self.asked = asked;
        Ok(end)
    }

    /// Groups extractions by family, in order of first appearance.
    fn group(&mut self, first: usize, asked: &mut Vec<Asked>) {
        for number in first..self.extractions.len() {
            let family = self.extractions[number].family;
            let at = self.pool.packages.place_or_next(family, asked.len());
            if at == asked.len() {
                asked.push(Asked {
                    family,
                    place: self.place(family),
                    changes_nothing: true,
                    range: None,
                });
            }
            let asked = &mut asked[at];
            asked.changes_nothing = asked.changes_nothing
                && asked
                    .place
                    .is_some_and(|place| self.is_within(place, number));
        }
    }

    /// Whether all variants of a scope are within what an extraction asks for.
    fn is_within(&mut self, place: Place, extraction: usize) -> bool {
        let Some(slice) = self.scopes[place].slice() else {
            return false;
        };
        let ranges = &self.extractions[extraction].ranges;
        if let [range] = ranges[..] {
            return slice
                .alive
                .is_within(self.pool.within(&slice.candidates, range));
        }
        let mut rest = slice.alive.clone();
        for &range in ranges {
            rest.remove_all(self.pool.within(&slice.candidates, range));
        }
        rest.is_empty()
    }

    /// Intersects the ranges asked of each family that may change (`RequirementList`).
    ///
    /// # Errors
    /// The first extraction that excludes what was merged before it, as it is to be told.
    fn merge(&mut self, first: usize, asked: &mut [Asked]) -> Result<(), Option<Reason>> {
        let mut end = Ok(());
        for number in first..self.extractions.len() {
            let family = self.extractions[number].family;
            let asked = &mut asked[self.pool.packages.place_or_next(family, 0)];
            if asked.changes_nothing {
                continue;
            }
            let range = self
                .pool
                .packages
                .union(family, &self.extractions[number].ranges);
            let Some(before) = asked.range else {
                asked.range = Some(range);
                continue;
            };
            asked.range = self.pool.packages.intersection(family, before, range);
            if asked.range.is_none() {
                self.failed = Some(family);
                end = Err(self.telling.is_some().then(|| Reason::Conflict {
                    dependency: self.requirement(family, before),
                    request: self.requirement(family, range),
                }));
                break;
            }
        }
        self.pool
            .packages
            .forget_places(asked.iter().map(|asked| asked.family));
        end
    }

    /// Intersects scopes with what is asked of them, in their order; a reason where nothing is left of one.
    fn narrow(
        &mut self,
        asked: &[Asked],
        changed: &mut Vec<Place>,
        widened: &mut Vec<Place>,
    ) -> Result<Option<PhaseEnd>, SolveError> {
        let mut narrowing: SmallVec<[(Place, FamilyId, RangeId); 8]> = asked
            .iter()
            .filter_map(|asked| Some((asked.place?, asked.family, asked.range?)))
            .collect();
        narrowing.sort_unstable_by_key(|(place, ..)| *place);
        for (place, family, range) in narrowing {
            let was_conflict = self.scopes[place].is_conflict(&self.pool.packages);
            match self.intersect(place, family, range)? {
                Intersection::Unchanged => {}
                Intersection::Narrowed(scope) => {
                    if was_conflict && !scope.is_conflict(&self.pool.packages) {
                        widened.push(place);
                    }
                    self.replace(place, scope);
                    changed.push(place);
                }
                Intersection::Nothing => {
                    self.failed = Some(family);
                    let reason = self.telling.is_some().then(|| Reason::Conflict {
                        dependency: self.requirement(family, range),
                        request: self.scopes[place].request(&self.pool.packages),
                    });
                    return Ok(Some(PhaseEnd::Failed(reason)));
                }
            }
        }
        Ok(None)
    }

    /// Opens a scope for each family that is asked for and has none.
    fn open_extracted(&mut self, asked: &[Asked]) -> Result<Option<PhaseEnd>, SolveError> {
        for new in asked.iter().filter(|asked| asked.place.is_none()) {
            let Some(range) = new.range else {
                continue;
            };
            match self.open(new.family, range) {
                Ok(scope) => self.push(new.family, scope),
                Err(SolveError::FamilyNotFound { .. }) if self.tolerate_missing_families => {
                    self.failed = Some(new.family);
                    return Ok(Some(PhaseEnd::Failed(Some(Reason::Unknown))));
                }
                Err(SolveError::FamilyNotFound {
                    family, searched, ..
                }) => {
                    return Err(SolveError::FamilyNotFound {
                        family,
                        required_by: self.requesters(new.family),
                        searched,
                    });
                }
                Err(other) => return Err(other),
            }
        }
        Ok(None)
    }

    /// What is left of a scope within a range (`_PackageScope.intersect`).
    fn intersect(
        &mut self,
        place: Place,
        family: FamilyId,
        range: RangeId,
    ) -> Result<Intersection, SolveError> {
        let scope = self.scopes[place].clone();
        Ok(match &*scope {
            Scope::Packages(slice) => {
                let mut alive = slice.alive.clone();
                alive.keep_only(self.pool.within(&slice.candidates, range));
                if alive.is_empty() {
                    Intersection::Nothing
                } else if alive == slice.alive {
                    Intersection::Unchanged
                } else {
                    Intersection::Narrowed(Scope::Packages(slice.with(alive)))
                }
            }
            Scope::Conflict(request) => {
                let Some(range) = self.outside(family, range, *request)? else {
                    return Ok(Intersection::Nothing);
                };
                match self.pool.open(family, range)? {
                    Some(candidates) => {
                        Intersection::Narrowed(Scope::Packages(Slice::new(candidates)))
                    }
                    None => Intersection::Nothing,
                }
            }
            Scope::Ephemeral(request) => {
                let before = self.pool.packages.term(*request).1;
                let common = match before {
                    None => Some(range),
                    Some(before) if before.is_conflict => self.outside(family, range, *request)?,
                    Some(before) => self.pool.packages.intersection(family, range, before.range),
                };
                let before = before.map(|before| before.range);
                match common {
                    None => Intersection::Nothing,
                    Some(common) if Some(common) == before => Intersection::Unchanged,
                    Some(common) => {
                        let requirement = self.requirement(family, common);
                        Intersection::Narrowed(Scope::Ephemeral(
                            self.pool.packages.intern(&requirement),
                        ))
                    }
                }
            }
        })
    }

    /// A range without what a conflict request forbids.
    fn outside(
        &mut self,
        family: FamilyId,
        range: RangeId,
        conflict: RequirementId,
    ) -> Result<Option<RangeId>, SolveError> {
        let Some(forbidden) = self.pool.packages.term(conflict).1.map(|term| term.range) else {
            return Ok(Some(range));
        };
        let rest = self
            .pool
            .packages
            .range(range)
            .difference(self.pool.packages.range(forbidden))?;
        Ok(rest.map(|rest| self.pool.packages.range_id(family, &rest)))
    }

    /// Takes away variants that cannot live with another scope, until none is left to take; false where a scope lost all.
    fn reduce(&mut self, before: usize, changed: &[Place], widened: &[Place]) -> bool {
        let added = before..self.scopes.len();
        let mut waiting: Vec<Place> = Vec::new();
        for place in widened.iter().copied().chain(added.clone()) {
            if !self.reduce_by_all(place, &mut waiting) {
                return false;
            }
        }
        waiting.extend(changed.iter().copied().chain(added));
        while let Some(place) = waiting.pop() {
            let family = self.families[place];
            for number in 0..self.askers(family).len() {
                let asker = self.askers(family)[number];
                if let Some(asker) = self.place(asker)
                    && asker != place
                    && !self.reduce_by(asker, place, &mut waiting)
                {
                    return false;
                }
            }
        }
        true
    }

    /// Reduces one scope by all that its variants ask about.
    fn reduce_by_all(&mut self, place: Place, waiting: &mut Vec<Place>) -> bool {
        let scope = self.scopes[place].clone();
        let Some(asks) = scope.slice().and_then(|slice| slice.candidates.asks()) else {
            return true;
        };
        asks.families
            .iter()
            .all(|asked| match self.place(asked.family) {
                Some(other) if other != place => self.reduce_by(place, other, waiting),
                _ => true,
            })
    }

    /// Reduces the scope at `place` by the request of `other` (`_PackageScope.reduce_by`).
    fn reduce_by(&mut self, place: Place, other: Place, waiting: &mut Vec<Place>) -> bool {
        let Some(slice) = self.scopes[place].slice() else {
            return true;
        };
        let Some(out) = ruled_out(self.pool, slice, self.families[other], &self.scopes[other])
        else {
            return true;
        };
        let mut alive = slice.alive.clone();
        alive.remove_all(&out);
        if alive.is_empty() {
            self.failed = Some(self.families[place]);
            return false;
        }
        let scope = Scope::Packages(slice.with(alive));
        self.replace(place, scope);
        if !waiting.contains(&place) {
            waiting.push(place);
        }
        true
    }
}

/// What came of an intersection.
enum Intersection {
    Unchanged,
    Narrowed(Scope),
    Nothing,
}

/// The variants left in `slice` that cannot live with `against`, which is about `family`; `None` where all can.
pub(super) fn ruled_out(
    pool: &mut Pool,
    slice: &Slice,
    family: FamilyId,
    against: &Scope,
) -> Option<Bits> {
    let asked = slice.candidates.asks()?.of(family)?;
    let mut out: Option<Bits> = None;
    for (term, who) in &asked.terms {
        if who.meets(&slice.alive) && conflicts(pool, *term, against) {
            match &mut out {
                None => out = Some(who.clone()),
                Some(out) => out.add_all(who),
            }
        }
    }
    out
}

/// Whether what is wanted or refused excludes all that a scope still allows (`Requirement.conflicts_with`).
pub(super) fn conflicts(pool: &mut Pool, term: Term, against: &Scope) -> bool {
    match against {
        Scope::Packages(slice) => {
            let within = pool.within(&slice.candidates, term.range);
            if term.is_conflict {
                slice.alive.is_within(within)
            } else {
                !slice.alive.meets(within)
            }
        }
        Scope::Conflict(request) | Scope::Ephemeral(request) => {
            let (_, Some(other)) = pool.packages.term(*request) else {
                return false;
            };
            match (term.is_conflict, other.is_conflict) {
                (true, true) => false,
                (true, false) => pool.packages.is_superset(term.range, other.range),
                (false, true) => pool.packages.is_superset(other.range, term.range),
                (false, false) => !pool
                    .packages
                    .range(term.range)
                    .intersects(pool.packages.range(other.range)),
            }
        }
    }
}
