//! What the index is told before it is asked.
//!
//! One answer of an index is one round trip, so waiting for one after the other is what makes a resolve slow. Two things
//! are known early: a project whose name was just read will be asked for, with the metadata of its best version; and a
//! distribution that was tried several times will be tried again, at the next versions that what is known by now allows.
//! The first of these goes on without the solver: a [`Pathfinder`] walks from best version to best version as fast as the
//! index answers, so that a deep set costs the round trips of its depth and not of its length.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use indexmap::IndexSet;
use pypi::{
    DistributionName, ExtraName, FileId, Hint, Memo, Metadata, Project, Requirement, Scout,
    VersionSet,
};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use universe::Positions;

use super::line::{Settings, set_of};
use super::{Lowering, Saying};
use crate::candidates::{Candidates, number};

/// From how many tries of one distribution on its next versions are announced, and how many at first and at most.
const PATIENCE: u32 = 2;
const FIRST_BATCH: u32 = 5;
const LARGEST_BATCH: u32 = 50;

/// What was announced.
#[derive(Default)]
pub(super) struct Ahead {
    projects: RefCell<IndexSet<DistributionName, FxBuildHasher>>,
    tries: RefCell<FxHashMap<DistributionName, Tries>>,
}

/// Which candidates of a distribution were looked at, and which others are announced.
#[derive(Default)]
struct Tries {
    batch: u32,
    seen: FxHashSet<u32>,
    announced: FxHashSet<u32>,
}

impl Lowering<'_> {
    /// Lets the index know that a project will be asked for, and what of it.
    pub(super) fn announce(&self, requirement: &Requirement) {
        self.announce_once(&requirement.name, || {
            Pathfinder::new(&self.settings, requirement)
        });
    }

    /// The same where nothing is required yet.
    pub(super) fn announce_any(&self, name: &DistributionName) {
        self.announce_once(name, || {
            Some(Pathfinder {
                settings: Arc::clone(&self.settings),
                name: name.clone(),
                set: VersionSet::any(),
                extras: BTreeSet::new(),
            })
        });
    }

    fn announce_once(&self, name: &DistributionName, scout: impl FnOnce() -> Option<Pathfinder>) {
        let mut projects = self.ahead.projects.borrow_mut();
        if !projects.contains(name)
            && self.settings.is_indexed(name)
            && let Some(scout) = scout()
        {
            projects.insert(name.clone());
            let scout: Arc<dyn Scout> = Arc::new(scout);
            self.index.expect(Hint::Project {
                name,
                scout: &scout,
            });
        }
    }

    /// Announces the next versions of a distribution that is tried again and again: those that what is known by now
    /// allows, best first. The best of all is about to be looked at anyway.
    pub(super) fn announce_next(
        &self,
        name: &DistributionName,
        candidates: &Candidates,
        allowed: &Positions,
    ) {
        let below = |candidate: &u32| allowed.highest_in(0..*candidate);
        let Some(best) = below(&number(candidates.len())) else {
            return;
        };
        let mut all = self.ahead.tries.borrow_mut();
        let tries = all.entry(name.clone()).or_default();
        if !tries.seen.insert(best) || number(tries.seen.len()) <= PATIENCE {
            return;
        }
        let next = || std::iter::successors(below(&best), below);
        // While half a batch is under way there is no hurry.
        let half = usize::try_from(tries.batch / 2).unwrap_or(0).max(1);
        if next()
            .take(half)
            .all(|candidate| tries.announced.contains(&candidate))
        {
            return;
        }
        tries.batch = (tries.batch * 2).clamp(FIRST_BATCH, LARGEST_BATCH);
        let unknown = next().filter(|candidate| {
            !tries.seen.contains(candidate) && !tries.announced.contains(candidate)
        });
        let batch: Vec<u32> = unknown.take(tries.batch as usize).collect();
        for file in batch
            .iter()
            .filter_map(|candidate| candidates.file(*candidate))
        {
            self.index.expect(Hint::Metadata(&candidates.project, file));
        }
        tries.announced.extend(batch);
    }
}

/// Walks from the best version of one distribution to those of what it needs, as if nothing stood in the way.
struct Pathfinder {
    settings: Arc<Settings>,
    name: DistributionName,
    set: VersionSet,
    extras: BTreeSet<ExtraName>,
}

impl Pathfinder {
    /// From what is required; none where that is not about versions.
    fn new(settings: &Arc<Settings>, requirement: &Requirement) -> Option<Self> {
        Some(Self {
            settings: Arc::clone(settings),
            name: requirement.name.clone(),
            set: set_of(requirement)?.clone(),
            extras: requirement.extras.clone(),
        })
    }
}

impl Scout for Pathfinder {
    fn best(&self, project: &Project) -> Option<FileId> {
        let particular = self.settings.particular(&self.name);
        Candidates::best_file(project, &self.settings.policy, &particular, &self.set)
    }

    fn next(&self, metadata: &Metadata) -> Vec<(DistributionName, Arc<dyn Scout>)> {
        let policy = &self.settings.policy;
        if policy.refused_python(metadata).is_some() {
            return Vec::new();
        }
        // The solver's own is not for other threads.
        let memo = Memo::default();
        let environment = policy.target.environment();
        let wanted = std::iter::once(None).chain(self.extras.iter().map(Some));
        let needs = wanted.flat_map(|extra| {
            metadata
                .needs(environment, extra, &memo)
                .unwrap_or_default()
        });
        // Nobody hears the words.
        needs
            .flat_map(|need| self.settings.replace(Saying::Request, &need))
            .filter(|(_, need)| self.settings.is_indexed(&need.name))
            .filter_map(|(_, need)| {
                let scout: Arc<dyn Scout> = Arc::new(Pathfinder::new(&self.settings, &need)?);
                Some((need.name.clone(), scout))
            })
            .collect()
    }
}
