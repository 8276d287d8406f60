//! One question, answered.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use rattler_conda_types::{MatchSpec, RepoDataRecord};
use rattler_solve::CancellationToken;

use crate::conflict::explain;
use crate::engine::{self, Outcome, Task};
use crate::own::OwnRecords;
use crate::reduce::reduce;
use crate::world::World;
use crate::{Ask, Conflict, Record, RecordsError, Solution, Strategy};

/// Why there is no solution.
#[derive(Debug, thiserror::Error)]
pub enum SolveError {
    /// A channel could not be read.
    #[error(transparent)]
    Records(#[from] RecordsError),
    /// Somebody said stop.
    #[error("stopped")]
    Stopped,
    /// The answer is no.
    #[error("there is no solution")]
    Conflict(Box<Conflict>),
    /// The solver was given something it does not do. That is never so of a question that [`crate::Spec`]s make.
    #[error("the solver cannot answer this: {0}")]
    Unsupported(String),
}

/// Chooses a record of everything that is needed, or tells why that cannot be. `stop` is asked regularly, from another
/// thread.
///
/// Blocks while channels are read. The same channels and question give the same answer, in whatever order the roots come.
///
/// # Errors
/// If there is no solution, if a channel cannot be read, or if `stop` says so.
pub fn solve(ask: &Ask, stop: &(dyn Fn() -> bool + Sync)) -> Result<Solution, SolveError> {
    if let Some(world) = reduce(ask)? {
        if stop() {
            return Err(SolveError::Stopped);
        }
        match watched(stop, |token| choose(ask, &world, token, false))? {
            Answer::Chosen(chosen) => return Ok(Solution::tell(ask, chosen)),
            // Why is told with everything there is.
            Answer::Unsolvable(_) => {}
        }
    }
    let world = World::read(ask)?;
    if stop() {
        return Err(SolveError::Stopped);
    }
    watched(stop, |token| match choose(ask, &world, token, true)? {
        Answer::Chosen(chosen) => Ok(Solution::tell(ask, chosen)),
        Answer::Unsolvable(trouble) => {
            let conflict = explain(ask, &world, trouble, token)?;
            Err(SolveError::Conflict(Box::new(conflict)))
        }
    })
}

/// What became of a question.
pub(crate) enum Answer {
    Chosen(Vec<Record>),
    Unsolvable(engine::Trouble),
}

/// Lets `work` be cancelled by what `stop` says.
fn watched<T>(stop: &(dyn Fn() -> bool + Sync), work: impl FnOnce(&CancellationToken) -> T) -> T {
    let token = CancellationToken::new();
    thread::scope(|scope| {
        let (alive, over) = mpsc::channel::<()>();
        let watching = token.clone();
        let watch = move || {
            while over.recv_timeout(PATIENCE) == Err(RecvTimeoutError::Timeout) {
                if stop() {
                    watching.cancel();
                    break;
                }
            }
        };
        // Where no thread can be had the solve merely cannot be stopped.
        let _watcher = thread::Builder::new().spawn_scoped(scope, watch);
        let answer = work(&token);
        drop(alive);
        answer
    })
}

/// How long nobody notices that the answer is no longer wanted.
const PATIENCE: Duration = Duration::from_millis(20);

/// Asks the solver. `tell` says whether a conflict is to be told.
pub(crate) fn choose(
    ask: &Ask,
    world: &World,
    token: &CancellationToken,
    tell: bool,
) -> Result<Answer, SolveError> {
    let own = OwnRecords::of(ask);
    let machine = ask.target.to_rattler();
    let lists = world.lists().into_iter();
    let task = Task {
        lists: std::iter::once(own.records.iter().collect())
            .chain(lists)
            .collect(),
        preferred: preferred(ask, world),
        machine: &machine,
        specs: specs(ask, &own),
        constraints: ask
            .constraints
            .iter()
            .map(|root| root.spec.rattler().clone())
            .collect(),
        priority: ask.priority,
        strategy: ask.strategy,
    };
    match engine::ask(task, token, tell).map_err(SolveError::Unsupported)? {
        Outcome::Chosen(chosen) => {
            let records = chosen.into_iter().filter_map(|record| world.find(record));
            Ok(Answer::Chosen(records.collect()))
        }
        Outcome::Unsolvable(trouble) => Ok(Answer::Unsolvable(trouble)),
        Outcome::Stopped => Err(SolveError::Stopped),
    }
}

/// What is asked of the solver directly. In one order, whichever the question has.
fn specs(ask: &Ask, own: &OwnRecords) -> Vec<MatchSpec> {
    let mut roots: Vec<_> = ask.roots.iter().map(|root| &root.spec).collect();
    roots.sort_by_key(|spec| (spec.name().clone(), spec.to_string()));
    roots.dedup();
    let mut specs: Vec<MatchSpec> = own.specs();
    specs.extend(roots.into_iter().map(|spec| spec.rattler().clone()));
    if ask.strategy == Strategy::LowestDirect {
        // What one's own records ask is asked from outside too.
        let asked = ask.own.iter().flat_map(|own| &own.depends);
        specs.extend(asked.map(|root| MatchSpec::from(root.spec.name().to_rattler())));
    }
    specs
}

/// The preferred records that a channel still offers, and that priority allows.
fn preferred<'a>(ask: &Ask, world: &'a World) -> Vec<&'a RepoDataRecord> {
    let offered = ask.preferred.iter().filter_map(|record| {
        let offer = world.offer(record.name().as_str())?;
        let mut usable = offer.usable();
        let found = usable.find(|candidate| candidate.record.is_same_file(record))?;
        Some(found.for_solver())
    });
    offered.collect()
}
