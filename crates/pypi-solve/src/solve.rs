//! One question, answered.

use pypi::{Index, IndexError};
use universe::{Control, Failure, StopReason};

use crate::lowering::Lowering;
use crate::{Ask, Conflict, Solution};

/// Why there is no solution.
#[derive(Debug, thiserror::Error)]
pub enum Refusal {
    /// The answer is no.
    #[error("there is no solution")]
    Conflict(Box<Conflict>),
    /// The index could not answer.
    #[error(transparent)]
    Index(IndexError),
    /// Somebody said stop.
    #[error("stopped")]
    Stopped,
}

/// Chooses a version of everything that is needed, or tells why that cannot be. `stop` is asked regularly.
///
/// Blocks while the index is asked. The same index and question give the same answer, in whatever order the roots come.
///
/// # Errors
/// If there is no solution, if the index fails, or if `stop` says so.
pub fn solve(index: &dyn Index, ask: &Ask, stop: &dyn Fn() -> bool) -> Result<Solution, Refusal> {
    let lowering = Lowering::new(index, ask);
    let request = lowering.request();
    let should_stop = || stop().then_some(StopReason::Cancelled);
    match universe::solve(&lowering, &request, &Control::new(&should_stop)) {
        Ok(solution) => Ok(Solution::tell(&lowering, &solution)),
        Err(Failure::Conflict(conflict)) => Err(Refusal::Conflict(Box::new(Conflict::tell(
            &lowering, &conflict,
        )))),
        Err(Failure::Stopped(_)) => Err(Refusal::Stopped),
        Err(Failure::Universe { source, .. }) => {
            let error = source.into_inner();
            Err(Refusal::Index(match error.downcast::<IndexError>() {
                Ok(error) => *error,
                Err(other) => IndexError::new(other),
            }))
        }
    }
}
