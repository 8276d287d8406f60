//! Why a phase failed, in rez's own words.
//!
//! The search does not keep what only a message needs. When a failure is to be told, the same search runs once more with
//! a [`Telling`], up to that failure; only then are reductions done in rez's order, from the largest pair of scopes down,
//! because that order decides which of several total reductions rez reports.

use std::collections::BTreeSet;
use std::fmt;

use rustc_hash::FxHashSet;

use super::phase::{conflicts, ruled_out};
use super::pool::FamilyId;
use super::scope::{Scope, Slice};
use super::search::{Mark, Place, Search};
use crate::requirement::Requirement;

/// Why rez says that a resolve failed (`FailureReason`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reason {
    /// What packages ask for excludes what is asked elsewhere (`DependencyConflicts`).
    Conflict {
        /// What all variants of some scopes ask for.
        dependency: Requirement,
        /// What excludes it.
        request: Requirement,
    },
    /// Every variant of a package was ruled out (`TotalReduction`).
    Reduction(Vec<Reduction>),
    /// Packages that need each other (`Cycle`): `name-version`, each needing the next, the last the first.
    Cycle(Vec<String>),
    /// rez gives no reason.
    Unknown,
}

/// A variant that was ruled out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reduction {
    /// The variant: `name-version[index]`.
    pub variant: String,
    /// What it asks for.
    pub dependency: Requirement,
    /// What excludes that.
    pub request: Requirement,
}

impl Reason {
    /// rez's name of its class.
    pub fn class(&self) -> &'static str {
        match self {
            Self::Conflict { .. } => "DependencyConflicts",
            Self::Reduction(_) => "TotalReduction",
            Self::Cycle(_) => "Cycle",
            Self::Unknown => "NoneType",
        }
    }
}

/// As `rez-env` prints it.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Conflict {
                dependency,
                request,
            } => {
                write!(
                    f,
                    "The following package conflicts occurred: ({dependency} <--!--> {request})"
                )
            }
            Self::Reduction(reductions) => {
                f.write_str("A package was completely reduced:")?;
                reductions
                    .iter()
                    .try_for_each(|reduction| write!(f, " ({reduction})"))
            }
            Self::Cycle(packages) => {
                f.write_str("A cyclic dependency was detected: ")?;
                packages
                    .iter()
                    .try_for_each(|package| write!(f, "{package} --> "))?;
                f.write_str(packages.first().map_or("", String::as_str))
            }
            Self::Unknown => f.write_str("Solver failed with unknown reason."),
        }
    }
}

impl fmt::Display for Reduction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            variant,
            dependency,
            request,
        } = self;
        write!(f, "{variant} (dep({dependency}) <--!--> {request})")
    }
}

/// Which failure to tell, and what its words depend on.
#[derive(Debug)]
pub(super) struct Telling {
    /// Number of the failure, from 1.
    pub(super) failure: u64,
    /// Releases whose variants rez has sorted by now, which it does when it first looks closely at one.
    sorted: FxHashSet<(FamilyId, usize)>,
}

impl Telling {
    pub(super) fn new(failure: u64) -> Self {
        Self {
            failure,
            sorted: FxHashSet::default(),
        }
    }

    /// rez sorts the first release of a slice when it looks at what the slice asks for.
    pub(super) fn looked_at(&mut self, slice: &Slice) {
        if let Some((release, _)) = slice.releases().first() {
            self.sort(slice.candidates.family.id, *release);
        }
    }

    /// rez sorts a release when it splits there.
    pub(super) fn sort(&mut self, family: FamilyId, release: usize) {
        self.sorted.insert((family, release));
    }
}

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
        let request = against.request(self.pool);
        let mut reductions = Vec::new();
        for (release, mut variants) in slice.releases() {
            let key = (slice.candidates.family.id, release);
            if self
                .telling
                .as_ref()
                .is_some_and(|telling| telling.sorted.contains(&key))
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
                            let (about, term) = self.pool.term(requirement);
                            about == family
                                && term.is_some_and(|term| conflicts(self.pool, term, against))
                        });
                if let Some(dependency) = dependency {
                    reductions.push(Reduction {
                        variant: slice.qualified(variant),
                        dependency: self.pool.value(dependency).clone(),
                        request: request.clone(),
                    });
                }
            }
        }
        reductions
    }
}
