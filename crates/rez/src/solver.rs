//! The solver, with rez's own choices.
//!
//! [`solve`] gives what rez 3.4.0 gives for the same request and repositories: the same variants in the same order, or the
//! same refusal (`src/rez/solver.py`, solver version 2). A studio compares, so the algorithm is rez's, step by step, and
//! only the representation is ours.
//!
//! # How rez solves
//! A *scope* is what is still possible for a family. What all variants of a scope ask for is *extracted*: it opens or
//! narrows the scope of that family. What a scope still allows *reduces* the others, whose variants that cannot live with it
//! go. When nothing changes any more, the first scope with several variants is *split*, the better part is tried first,
//! and the other waits. A failure takes the latest part that waits. Neither a cycle nor a missing package does: they end
//! the resolve ([`SolveError`]).
//!
//! # How we do it
//! A scope is a set of bits over its `candidates`; extraction and reduction are operations on words. The phases are one
//! state with a trail (`search`), so that a split costs nothing and a failure costs what it undoes. Ranges are
//! numbered (`pool`) and computed only where a result can depend on them. Words are made only when a failure is
//! told (`failure`), by running the search again up to it.

mod bits;
mod candidates;
mod clash;
mod error;
mod failure;
mod finish;
mod phase;
mod pool;
mod preference;
mod scope;
mod search;
mod split;

use crate::filter::PackageFilterList;
use crate::orderer::PackageOrderList;
use crate::package::PackageKind;
use crate::requirement::{Requirement, RequirementList};
use crate::version::Version;
use std::sync::Arc;

pub(crate) use clash::join;
pub use clash::{Contested, Statement, Subject};
pub use error::SolveError;
pub use failure::{Reason, Reduction};
pub use pool::Pool;

use failure::Telling;
use preference::Preference;
use search::{Search, SearchEnd};

/// What is asked of a solve.
#[derive(Clone, Debug, Default)]
pub struct Ask {
    /// What the user asks for, in order of importance.
    pub requests: Vec<Requirement>,
    /// What the site adds after them (rez: `implicit_packages`).
    pub implicit: Vec<Requirement>,
    /// Packages that it may not see.
    pub filter: PackageFilterList,
    /// Hides packages that were released after this time, in seconds since 1970.
    pub timestamp: Option<i64>,
    /// Which versions come first.
    pub orderers: PackageOrderList,
    /// Which variant of a package is better.
    pub variant_select_mode: VariantSelectMode,
    /// Whether packages' `build_requires` count too.
    pub building: bool,
    /// Whether a family that a package needs and no repository has ends the resolve, as it does by default, or only this
    /// way of resolving.
    pub tolerate_missing_families: bool,
    /// How many failed phases are one too many.
    pub max_fails: Option<u64>,
}

/// Which variant of a package is better (rez: `variant_select_mode`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum VariantSelectMode {
    /// The one with higher versions of what is requested.
    #[default]
    VersionPriority,
    /// The one that shares more with the request.
    IntersectionPriority,
}

/// How far a solve is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Phases solved.
    pub num_solves: u64,
    /// Phases that failed.
    pub num_fails: u64,
}

/// A reason to stop a solve: time is up, somebody asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop(pub String);

/// Asked after each phase whether to stop.
pub type Control<'a> = dyn FnMut(Progress) -> Option<Stop> + 'a;

/// What came of a solve.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// It resolves.
    Solved(Resolve),
    /// It does not.
    Failed(Failure),
    /// It was stopped by its [`Control`].
    Aborted(Stop, Progress),
}

/// A resolve.
#[derive(Clone, Debug)]
pub struct Resolve {
    /// What was chosen, in rez's order: dependencies first.
    pub packages: Vec<ResolvedVariant>,
    /// What packages agreed on without a package behind it.
    pub ephemerals: Vec<Requirement>,
    /// What it took.
    pub progress: Progress,
}

/// A chosen variant.
#[derive(Clone, Debug)]
pub struct ResolvedVariant {
    /// Its family.
    pub name: Arc<str>,
    /// Its version; empty for an unversioned package.
    pub version: Version,
    /// Which variant of the package; `None` for a package without variants.
    pub index: Option<usize>,
    /// Which of the pool's repositories it is from.
    pub repository: usize,
    /// How that repository stores it.
    pub kind: PackageKind,
    /// What it asks for, merged.
    pub requires: Vec<Requirement>,
}

impl std::fmt::Display for ResolvedVariant {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let package = pool::qualified(&self.name, &self.version);
        f.write_str(&pool::qualified_variant(&package, self.index))
    }
}

/// A request that does not resolve.
#[derive(Clone, Debug)]
pub struct Failure {
    /// Why, as rez sees it.
    pub reason: Reason,
    /// Set where a limit ended the solve; rez's words for it.
    pub limit: Option<String>,
    /// What it took.
    pub progress: Progress,
}

/// rez's own failure description.
impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if let Some(limit) = &self.limit {
            writeln!(f, "{limit}:")?;
        }
        self.reason.fmt(f)
    }
}

/// Resolves a request.
///
/// # Errors
/// What ends a resolve at once, however many other ways there are; see [`SolveError`].
pub fn solve(pool: &mut Pool, ask: &Ask, control: &mut Control<'_>) -> Result<Outcome, SolveError> {
    let list = RequirementList::new(ask.requests.iter().chain(&ask.implicit).cloned())?;
    if let Some((first, second)) = list.conflict() {
        return Ok(Outcome::Failed(Failure {
            reason: Reason::Conflict {
                dependency: first.clone(),
                request: second.clone(),
            },
            limit: None,
            progress: Progress {
                num_solves: 0,
                num_fails: 1,
            },
        }));
    }
    let requests: Vec<Requirement> = list.iter().cloned().collect();
    let preference = Preference::new(ask);
    pool.prefer(&preference);
    let mut limit = None;
    let mut limited = |progress: Progress| {
        if ask
            .max_fails
            .is_some_and(|most| progress.num_fails >= most.max(1))
        {
            let text = format!(
                "fail limit reached: aborted after {} failures",
                progress.num_fails
            );
            limit = Some(text.clone());
            return Some(Stop(text));
        }
        control(progress)
    };
    let mut search = Search::new(pool, &preference, &requests, ask);
    let end = search.run(&mut limited)?;
    let progress = search.progress;
    let failure = match end {
        SearchEnd::Solved => return Ok(Outcome::Solved(search.resolve())),
        SearchEnd::Cyclic(cycle) => {
            return Ok(Outcome::Failed(Failure {
                reason: Reason::Cycle(search.qualified(&cycle)),
                limit: None,
                progress,
            }));
        }
        SearchEnd::Stopped(stop) if limit.is_none() => return Ok(Outcome::Aborted(stop, progress)),
        // rez reports the first failure, but the latest where a limit ended the solve.
        SearchEnd::Stopped(_) => progress.num_fails,
        SearchEnd::Failed | SearchEnd::Told(_) => 1,
    };
    let reason = tell(pool, ask, &preference, &requests, failure)?;
    Ok(Outcome::Failed(Failure {
        reason,
        limit,
        progress,
    }))
}

/// Runs a search again up to a failure, and tells that in rez's words.
fn tell(
    pool: &mut Pool,
    ask: &Ask,
    preference: &Preference,
    requests: &[Requirement],
    failure: u64,
) -> Result<Reason, SolveError> {
    let mut search = Search::new(pool, preference, requests, ask);
    search.telling = Some(Telling::new(failure));
    let end = search.run(&mut |_| None)?;
    search.read_all_asks()?;
    Ok(match end {
        SearchEnd::Told(Some(reason)) => reason,
        _ => Reason::Unknown,
    })
}

/// How many failed phases are looked into when a failure is explained.
const CLASHES: usize = 24;

/// Whether a request fails within so many phases, and what stands against what in its failed phases.
///
/// # Errors
/// As [`solve`].
pub(crate) fn clashes(
    pool: &mut Pool,
    ask: &Ask,
    phases: u64,
    wanted: bool,
) -> Result<Clashes, SolveError> {
    let list = RequirementList::new(ask.requests.iter().chain(&ask.implicit).cloned())?;
    if list.conflict().is_some() {
        return Ok(Clashes::Failed(Vec::new()));
    }
    let requests: Vec<Requirement> = list.iter().cloned().collect();
    let preference = Preference::new(ask);
    pool.prefer(&preference);
    let mut search = Search::new(pool, &preference, &requests, ask);
    search.clashes = wanted.then(Vec::new);
    let stop = |progress: Progress| (progress.num_solves >= phases).then(|| Stop(String::new()));
    Ok(match search.run(&mut { stop })? {
        SearchEnd::Solved => Clashes::None,
        SearchEnd::Stopped(_) if !wanted => Clashes::None,
        _ => Clashes::Failed(search.clashes.take().unwrap_or_default()),
    })
}

/// What [`clashes`] found.
pub(crate) enum Clashes {
    /// It resolves, or nobody knows within the limit.
    None,
    /// It fails, with what stood against what in each failed phase that was looked into.
    Failed(Vec<Vec<Contested>>),
}
