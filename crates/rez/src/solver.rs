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

pub use answer::{Failure, Outcome, Reason, Reduction, Resolve, ResolvedVariant};
pub use ask::{Ask, Control, Progress, Stop, VariantSelectMode};
pub use error::SolveError;
pub use pool::Pool;
pub(crate) use statement::gather;
pub use statement::{Contested, Statement, Subject};

use search::{Search, SearchEnd};
use telling::Telling;

/// Resolves a request.
///
/// # Errors
/// What ends a resolve at once, however many other ways there are; see [`SolveError`].
pub fn solve(pool: &mut Pool, ask: &Ask, control: &mut Control<'_>) -> Result<Outcome, SolveError> {
    let requests = ask.merged()?;
    if let Some((first, second)) = requests.conflict() {
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
    let mut search = Search::new(pool, ask, &requests);
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
    let reason = tell(Search::new(pool, ask, &requests), failure)?;
    Ok(Outcome::Failed(Failure {
        reason,
        limit,
        progress,
    }))
}

/// Runs a search again up to a failure, and tells that in rez's words.
fn tell(mut search: Search<'_>, failure: u64) -> Result<Reason, SolveError> {
    search.telling = Some(Telling::new(failure));
    let end = search.run(&mut |_| None)?;
    search.read_all_asks()?;
    Ok(match end {
        SearchEnd::Told(Some(reason)) => reason,
        _ => Reason::Unknown,
    })
}

/// What stands against what in each failed phase of a request that fails; with `wanted` unset, only that it fails.
/// `None` where it resolves, or where its control stops it and nothing is wanted.
///
/// # Errors
/// As [`solve`].
pub(crate) fn clashes(
    pool: &mut Pool,
    ask: &Ask,
    control: &mut Control<'_>,
    wanted: bool,
) -> Result<Option<Vec<Vec<Contested>>>, SolveError> {
    let requests = ask.merged()?;
    if requests.conflict().is_some() {
        return Ok(Some(Vec::new()));
    }
    let mut search = Search::new(pool, ask, &requests);
    search.clashes = wanted.then(Vec::new);
    Ok(match search.run(control)? {
        SearchEnd::Solved => None,
        SearchEnd::Stopped(_) if !wanted => None,
        _ => Some(search.clashes.unwrap_or_default()),
    })
}
