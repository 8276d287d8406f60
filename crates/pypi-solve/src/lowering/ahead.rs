//! What the index is told before it is asked.
//!
//! One answer of an index is one round trip, so waiting for one after the other is what makes a resolve slow. Two things
//! are known early: a project whose name was just read will be asked for, with the metadata of its best version; and a
//! distribution that was tried several times will be tried again, at the next versions that what is known by now allows.

use std::cell::RefCell;
use std::sync::Arc;

use indexmap::IndexSet;
use pypi::{Best, DistributionName, Hint, VersionSet};
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};
use universe::Positions;

use super::Lowering;
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
    pub(super) fn announce(&self, name: &DistributionName, set: Option<&VersionSet>) {
        if self.settings.is_indexed(self.ask, name)
            && self.ahead.projects.borrow_mut().insert(name.clone())
        {
            let policy = self.settings.policy.clone();
            let particular = self.settings.particular(self.ask, name);
            let set = set.cloned().unwrap_or_else(VersionSet::any);
            let best: Best = Arc::new(move |project| {
                // The project is borrowed here, and candidates own theirs: the pass over its table is the cost.
                Candidates::best_file(project, &policy, &particular, &set)
            });
            self.index.expect(Hint::Project { name, best: &best });
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
