//! What is kept from one solve to the next.
//!
//! A [`Pool`] holds the packages by number and the candidates that were opened of them. Neither depends on a request, and
//! candidates only on what the ask prefers and filters; so the next solve starts with what this one learnt.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::SolveError;
use super::bits::Bits;
use super::candidates::Candidates;
use super::packages::{FamilyId, Packages, RangeId};
use super::preference::Preference;
use crate::repository::{Repository, RepositoryError};

/// Packages from several repositories, earlier ones hiding later ones, and what solves have learnt about them.
pub struct Pool {
    pub(super) packages: Packages,
    /// Candidates by the range they were opened with; `None` where no release is in it.
    candidates: FxHashMap<RangeId, Option<Arc<Candidates>>>,
    /// What the latest search prefers; besides the range, what those candidates depend on.
    pub(super) preference: Preference,
    /// Of each candidates, which are within a range, by the range's number among those of its family.
    within: Vec<Vec<Option<Bits>>>,
}

impl Pool {
    /// A pool over repositories in the order of rez's `packages_path`.
    pub fn new(repositories: Vec<Arc<dyn Repository>>) -> Self {
        Self {
            packages: Packages::new(repositories),
            candidates: FxHashMap::default(),
            preference: Preference::default(),
            within: Vec::new(),
        }
    }

    /// Reads every package of every repository, so that no solve has to. What cannot be read is told by the solve that
    /// needs it.
    ///
    /// # Errors
    /// A repository that cannot say which families it has.
    pub fn load(&mut self) -> Result<(), RepositoryError> {
        self.packages.load()
    }

    /// Forgets what solves have learnt, but not the packages.
    pub fn forget(&mut self) {
        self.candidates.clear();
        self.within.clear();
    }

    /// The repositories, in order.
    pub fn repositories(&self) -> &[Arc<dyn Repository>] {
        self.packages.repositories()
    }

    /// Forgets the candidates of another preference.
    pub(super) fn prefer(&mut self, preference: Preference) {
        if self.preference != preference {
            self.preference = preference;
            self.forget();
        }
    }

    /// The candidates of a family within a range; `None` where no release is in it.
    ///
    /// # Errors
    /// No repository has the family; or a release in range cannot be read.
    pub(super) fn open(
        &mut self,
        family: FamilyId,
        range: RangeId,
    ) -> Result<Option<Arc<Candidates>>, SolveError> {
        if let Some(known) = self.candidates.get(&range) {
            return Ok(known.clone());
        }
        let packages = &mut self.packages;
        let Some(read) = packages.family(family)? else {
            return Err(SolveError::FamilyNotFound {
                family: packages.name(family).clone(),
                required_by: Vec::new(),
                searched: packages.searched(),
            });
        };
        let number = self.within.len();
        let spans = packages.spans(range, &read);
        let candidates = Candidates::new(number, &read, spans, &self.preference)?.map(Arc::new);
        self.within.push(Vec::new());
        self.candidates.insert(range, candidates.clone());
        Ok(candidates)
    }

    /// The candidates whose version is in a range.
    pub(super) fn within(&mut self, candidates: &Candidates, range: RangeId) -> &Bits {
        let packages = &mut self.packages;
        let number = packages.number_in_family(range);
        let known = &mut self.within[candidates.number];
        if known.len() <= number {
            known.resize(number + 1, None);
        }
        known[number]
            .get_or_insert_with(|| candidates.in_spans(packages.spans(range, &candidates.family)))
    }
}
