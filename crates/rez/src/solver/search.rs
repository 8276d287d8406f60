//! The search: rez's stack of phases, kept as one state and a trail of what changed.
//!
//! rez copies every scope of a phase whenever it splits one. Here there is one list of scopes; a split notes how long the
//! trail was, and what the other half of the split scope would be. Where a phase fails, the trail is undone to that mark
//! and the other half put in. The phases that result, their order and their number are rez's.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use smallvec::SmallVec;

use super::SolveError;
use super::answer::Reason;
use super::ask::{Ask, Control, Progress, Stop};
use super::candidates::{Asks, Candidates};
use super::packages::{FamilyId, RangeId};
use super::pool::Pool;
use super::preference::Preference;
use super::scope::{Scope, Slice};
use super::statement::Contested;
use super::telling::Telling;
use crate::orderer::FamilyOrder;
use crate::requirement::{Requirement, RequirementList};

/// How many failed phases are looked into when a failure is explained.
const CLASHES: usize = 24;

/// A scope's place in the list.
pub(super) type Place = usize;

/// Everything that a solve keeps.
pub(super) struct Search<'a> {
    pub(super) pool: &'a mut Pool,
    /// The merged request.
    pub(super) requests: &'a [Requirement],
    pub(super) tolerate_missing_families: bool,
    /// In the order in which they were requested, then extracted.
    pub(super) scopes: Vec<Rc<Scope>>,
    /// The family of each scope.
    pub(super) families: Vec<FamilyId>,
    /// Where the scope of a family is, plus one.
    places: Vec<u32>,
    /// Families that some candidates ask a family for; may name more than there are now.
    askers: Vec<Vec<FamilyId>>,
    /// Scopes that changed since they were last extracted from.
    pub(super) unextracted: Vec<Place>,
    /// The extractions of the current phase.
    pub(super) extractions: Vec<Extraction>,
    /// Scratch space of a round of extractions.
    pub(super) asked: Vec<Asked>,
    /// Scopes that were replaced, with what they were.
    trail: Vec<(Place, Rc<Scope>)>,
    /// Candidates whose families are among the askers, by their number.
    noted: Vec<bool>,
    /// How versions are ordered, of families for which somebody asked.
    pub(super) orders: FxHashMap<FamilyId, FamilyOrder>,
    /// The family of which a failed phase left nothing.
    pub(super) failed: Option<FamilyId>,
    /// What stood against what in each failed phase, where somebody wants to know.
    pub(super) clashes: Option<Vec<Vec<Contested>>>,
    pub(super) progress: Progress,
    /// Which failure to tell in rez's words, if any.
    pub(super) telling: Option<Telling>,
}

/// What all variants of a scope ask of one family.
#[derive(Clone, Debug)]
pub(super) struct Extraction {
    pub(super) scope: FamilyId,
    pub(super) family: FamilyId,
    /// The ranges they ask for; the extracted one is their union.
    pub(super) ranges: SmallVec<[RangeId; 4]>,
}

/// All that a round of extractions asks of one family.
pub(super) struct Asked {
    pub(super) family: FamilyId,
    pub(super) place: Option<Place>,
    /// Whether every variant left in the family's scope is within it.
    pub(super) changes_nothing: bool,
    /// The intersection of the extracted ranges; only where something may change.
    pub(super) range: Option<RangeId>,
}

/// A state to come back to.
#[derive(Clone, Copy)]
pub(super) struct Mark {
    /// Length of the trail.
    trail: usize,
    /// Number of scopes.
    scopes: usize,
}

/// The other half of a split.
struct Branch {
    /// The state before the split.
    mark: Mark,
    /// Which scope was split.
    place: Place,
    rest: Scope,
}

/// How a phase ended.
pub(super) enum PhaseEnd {
    Failed(Option<Reason>),
    /// No scope has more than one variant.
    Solved,
    /// The scope at this place has to be split.
    Exhausted(Place),
}

/// How a search ended.
pub(super) enum SearchEnd {
    Solved,
    /// Nothing is left to try.
    Failed,
    /// A cycle, which rez does not try to get round.
    Cyclic(Vec<FamilyId>),
    /// The caller said stop; with whether it counts as a failure.
    Stopped(Stop),
    /// The failure that was to be told.
    Told(Option<Reason>),
}

impl<'a> Search<'a> {
    /// A search for a merged request, with what the ask prefers.
    pub(super) fn new(pool: &'a mut Pool, ask: &Ask, requests: &'a RequirementList) -> Self {
        pool.prefer(Preference::new(ask));
        Self {
            pool,
            requests: requests.iter().as_slice(),
            tolerate_missing_families: ask.tolerate_missing_families,
            scopes: Vec::new(),
            families: Vec::new(),
            asked: Vec::new(),
            places: Vec::new(),
            askers: Vec::new(),
            unextracted: Vec::new(),
            extractions: Vec::new(),
            trail: Vec::new(),
            noted: Vec::new(),
            orders: FxHashMap::default(),
            failed: None,
            clashes: None,
            progress: Progress::default(),
            telling: None,
        }
    }

    /// Runs phases until one is solved or none is left (`Solver.solve`).
    pub(super) fn run(&mut self, control: &mut Control<'_>) -> Result<SearchEnd, SolveError> {
        self.open_requests()?;
        let mut branches: Vec<Branch> = Vec::new();
        let mut changed: Vec<Place> = (0..self.scopes.len()).collect();
        self.unextracted.clone_from(&changed);
        loop {
            let end = self.phase(changed)?;
            self.progress.num_solves += 1;
            match end {
                PhaseEnd::Solved => {
                    return Ok(match self.cycle() {
                        None => SearchEnd::Solved,
                        Some(cycle) => {
                            self.progress.num_fails += 1;
                            SearchEnd::Cyclic(cycle)
                        }
                    });
                }
                PhaseEnd::Failed(reason) => {
                    self.progress.num_fails += 1;
                    self.note_clash();
                    if self.is_to_be_told() {
                        return Ok(SearchEnd::Told(reason));
                    }
                    let Some(branch) = branches.pop() else {
                        return Ok(SearchEnd::Failed);
                    };
                    if let Some(stop) = control(self.progress) {
                        return Ok(SearchEnd::Stopped(stop));
                    }
                    changed = vec![branch.place];
                    self.take(branch);
                }
                PhaseEnd::Exhausted(place) => {
                    if let Some(stop) = control(self.progress) {
                        return Ok(SearchEnd::Stopped(stop));
                    }
                    branches.push(self.split(place));
                    changed = vec![place];
                }
            }
        }
    }

    /// Keeps what stood against what, as long as there are few enough failures for somebody to read of them.
    fn note_clash(&mut self) {
        let few = self
            .clashes
            .as_ref()
            .is_some_and(|clashes| clashes.len() < CLASHES);
        if let Some(family) = self.failed.filter(|_| few) {
            let clash = self.clash(family);
            self.clashes.get_or_insert_default().push(clash);
        }
    }

    fn is_to_be_told(&self) -> bool {
        self.telling
            .as_ref()
            .is_some_and(|telling| telling.failure == self.progress.num_fails)
    }

    /// One scope for each merged request (`_ResolvePhase.__init__`).
    fn open_requests(&mut self) -> Result<(), SolveError> {
        for request in self.requests {
            let id = self.pool.packages.intern(request);
            let scope = match self.pool.packages.term(id) {
                (family, Some(term)) if !term.is_conflict => self.open(family, term.range)?,
                _ if request.is_ephemeral() => Scope::Ephemeral(id),
                _ => Scope::Conflict(id),
            };
            self.push(self.pool.packages.term(id).0, scope);
        }
        Ok(())
    }

    /// A new scope for a family in a range (`_PackageScope.__init__`).
    pub(super) fn open(&mut self, family: FamilyId, range: RangeId) -> Result<Scope, SolveError> {
        if self.pool.packages.name(family).starts_with('.') {
            let request = self.requirement(family, range);
            return Ok(Scope::Ephemeral(self.pool.packages.intern(&request)));
        }
        match self.pool.open(family, range)? {
            Some(candidates) => Ok(Scope::Packages(Slice::new(candidates))),
            None => Err(SolveError::PackageNotFound {
                request: self.requirement(family, range),
                required_by: self.requesters(family),
            }),
        }
    }

    /// The families whose packages ask for a family, in the order in which this phase found out.
    pub(super) fn requesters(&self, family: FamilyId) -> Vec<Arc<str>> {
        let mut names: Vec<Arc<str>> = Vec::new();
        for extraction in self
            .extractions
            .iter()
            .filter(|extraction| extraction.family == family)
        {
            let name = self.pool.packages.name(extraction.scope);
            if !names.contains(name) {
                names.push(name.clone());
            }
        }
        names
    }

    /// `family` in a range, as a requirement.
    pub(super) fn requirement(&self, family: FamilyId, range: RangeId) -> Requirement {
        let range = self.pool.packages.range(range).clone();
        Requirement::construct(self.pool.packages.name(family).clone(), Some(range))
    }

    /// Where the scope of a family is.
    pub(super) fn place(&self, family: FamilyId) -> Option<Place> {
        let place = *self.places.get(family.index())?;
        (place as usize).checked_sub(1)
    }

    pub(super) fn push(&mut self, family: FamilyId, scope: Scope) {
        if self.places.len() <= family.index() {
            self.places
                .resize(self.pool.packages.family_count().max(family.index() + 1), 0);
        }
        self.scopes.push(Rc::new(scope));
        self.families.push(family);
        self.places[family.index()] = u32::try_from(self.scopes.len()).unwrap_or(u32::MAX);
        self.unextracted.push(self.scopes.len() - 1);
    }

    /// Puts a narrowed scope in place of another.
    pub(super) fn replace(&mut self, place: Place, scope: Scope) {
        let before = std::mem::replace(&mut self.scopes[place], Rc::new(scope));
        self.trail.push((place, before));
        self.unextracted.push(place);
    }

    /// A mark for [`undo`](Self::undo).
    pub(super) fn mark(&self) -> Mark {
        Mark {
            trail: self.trail.len(),
            scopes: self.scopes.len(),
        }
    }

    /// Takes back everything since a mark.
    pub(super) fn undo(&mut self, mark: Mark) {
        for (place, before) in self.trail.drain(mark.trail..).rev() {
            self.scopes[place] = before;
        }
        self.scopes.truncate(mark.scopes);
        for family in self.families.drain(mark.scopes..) {
            self.places[family.index()] = 0;
        }
        self.unextracted.clear();
    }

    /// Goes on with the other half of a split.
    fn take(&mut self, branch: Branch) {
        self.undo(branch.mark);
        self.replace(branch.place, branch.rest);
    }

    /// Splits a scope in two, leaving the better half in place (`_ResolvePhase.split`).
    fn split(&mut self, place: Place) -> Branch {
        let mark = self.mark();
        let (best, rest) = self.split_scope(place);
        self.replace(place, best);
        Branch { mark, place, rest }
    }

    /// Notes once which families some candidates ask for.
    pub(super) fn note_askers(&mut self, candidates: &Candidates, asks: &Asks) {
        if self.noted.len() <= candidates.number {
            self.noted.resize(candidates.number + 1, false);
        }
        if std::mem::replace(&mut self.noted[candidates.number], true) {
            return;
        }
        if self.askers.len() < self.pool.packages.family_count() {
            self.askers
                .resize(self.pool.packages.family_count(), Vec::new());
        }
        for asked in &asks.families {
            let askers = &mut self.askers[asked.family.index()];
            if !askers.contains(&candidates.family.id) {
                askers.push(candidates.family.id);
            }
        }
    }

    /// The places of scopes whose candidates may ask for a family.
    pub(super) fn askers(&self, family: FamilyId) -> &[FamilyId] {
        self.askers.get(family.index()).map_or(&[], Vec::as_slice)
    }
}
