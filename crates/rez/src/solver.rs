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
//! and the other waits. A failure goes on with the latest part that waits. A cycle is a final failure, and a missing package an
//! error ([`SolveError`]), however many parts still wait.
//!
//! # How we do it
//! A scope is a set of bits over its `candidates`; extraction and reduction are operations on words. The phases are one
//! state with a trail (`search`), so that a split costs nothing and a failure costs what it undoes. Ranges are
//! numbered (`packages`) and computed only where a result can depend on them. Words are made only when a failure is
//! told (`telling`), by running the search again up to it.

mod answer;
mod ask;
mod bits;
mod candidates;
mod clash;
mod error;
mod finish;
mod packages;
mod phase;
mod pool;
mod preference;
mod scope;
mod search;
mod split;
mod statement;
mod telling;
mod total_reduction;
mod variant_order;

use crate::requirement::{Requirement, RequirementList};

pub use answer::{Failure, Outcome, Reason, Reduction, Resolve, ResolvedVariant};
pub use ask::{Ask, Control, Progress, Stop, VariantSelectMode};
pub use error::SolveError;
pub use pool::Pool;
pub(crate) use statement::join;
pub use statement::{Contested, Statement, Subject};

use preference::Preference;
use search::{Search, SearchEnd};
use telling::Telling;

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

/// Whether a request fails before its control stops it, and what stands against what in its failed phases.
///
/// # Errors
/// As [`solve`].
pub(crate) fn clashes(
    pool: &mut Pool,
    ask: &Ask,
    control: &mut Control<'_>,
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
    Ok(match search.run(control)? {
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
