//! Solving with all packages loaded: rez's solver and ours, request by request in turn, on one thread each.
//!
//! Only the time of processors counts, and whatever else the machine does hits both alike, since each request is solved by
//! both within moments. rez keeps its loaded packages from one solve to the next and nothing else, so a [`Pool`] that has
//! loaded them and forgets what it learnt is its equal. A new pool for each request, which reads requests anew, is less; one
//! pool for all is what a program that stays can have. `rez-benchmark` times a whole context, which is solver, checks and
//! graph; beside that stands our solve with its graph.

use std::sync::Arc;

use rez::context::Graph;
use rez::repository::FilesystemRepository;
use rez::solver::{Ask, Outcome, Pool, solve};
use rez::{Repository, Requirement};
use serde::Serialize;

use super::clock::cpu_of_thread;
use super::rez_process::Rez;
use super::summary::{Summary, Table};
use super::{CompareError, Difference, Question};
use crate::Answer;

/// What solving took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Solving {
    /// Each request.
    pub requests: Vec<Solve>,
}

/// The processor seconds of one request.
#[derive(Clone, Debug, Serialize)]
pub struct Solve {
    /// Its place among the benchmark's requests, from 0.
    pub request: usize,
    /// rez's solver.
    pub rez_solver: f64,
    /// rez's whole context.
    pub rez_context: f64,
    /// Our solver with a new pool.
    pub new_pool: f64,
    /// Our solver with a new pool, and the graph of the context.
    pub new_pool_and_graph: f64,
    /// Our solver with a pool that has read all packages and learnt nothing.
    pub loaded_pool: f64,
    /// Our solver with the pool of the requests before.
    pub kept_pool: f64,
}

/// The whole of it in few figures.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Figures {
    /// rez's solver.
    pub rez_solver: Summary,
    /// rez's whole context.
    pub rez_context: Summary,
    /// Our solver with a new pool each.
    pub new_pool: Summary,
    /// The same, and the graph of the context.
    pub new_pool_and_graph: Summary,
    /// Our solver with a pool that has read all packages and learnt nothing.
    pub loaded_pool: Summary,
    /// Our solver with one pool for all.
    pub kept_pool: Summary,
}

/// Solves every question with both.
pub(super) fn measure(
    rez: &mut Rez,
    repository: &Arc<FilesystemRepository>,
    questions: &[Question],
    progress: &mut dyn FnMut(&str),
) -> Result<(Solving, Vec<Difference>), CompareError> {
    let repository: Arc<dyn Repository> = repository.clone();
    let mut kept = Pool::new(vec![repository.clone()]);
    let mut loaded = Pool::new(vec![repository.clone()]);
    loaded.load()?;
    let mut solving = Solving::default();
    let mut differences = Vec::new();
    for (done, question) in questions.iter().enumerate() {
        let theirs = rez.solve(&question.texts)?;
        let ask = question.ask()?;
        let ((new, with_graph), new_pool) = solve_anew(&repository, &ask)?;
        loaded.forget();
        let (loaded_answer, loaded_pool) =
            cpu_of_thread(|| solve(&mut loaded, &ask, &mut |_| None))?;
        let (kept_answer, kept_pool) = cpu_of_thread(|| solve(&mut kept, &ask, &mut |_| None))?;
        for (ours, place) in [
            (new, "solved"),
            (Answer::of(loaded_answer), "solved with packages loaded"),
            (
                Answer::of(kept_answer),
                "solved with what other requests taught",
            ),
        ] {
            differences.extend(Difference::of(
                question,
                place,
                theirs.answer.differences(&ours),
            ));
        }
        progress(&format!(
            "solved request {} ({} of {}): rez {:.3} s, ours {new_pool:.5} s",
            question.number,
            done + 1,
            questions.len(),
            theirs.context_cpu
        ));
        solving.requests.push(Solve {
            request: question.number,
            rez_solver: theirs.solver_cpu,
            rez_context: theirs.context_cpu,
            new_pool,
            new_pool_and_graph: new_pool + with_graph,
            loaded_pool,
            kept_pool,
        });
    }
    Ok((solving, differences))
}

/// Our answer from a new pool with the seconds of its graph, and the seconds of the answer.
fn solve_anew(
    repository: &Arc<dyn Repository>,
    ask: &Ask,
) -> Result<((Answer, f64), f64), CompareError> {
    let (outcome, solving) = cpu_of_thread(|| {
        let mut pool = Pool::new(vec![repository.clone()]);
        solve(&mut pool, ask, &mut |_| None)
    })?;
    let (graph, drawing) = cpu_of_thread(|| graph(&ask.requests, outcome.as_ref().ok()))?;
    drop(graph);
    Ok(((Answer::of(outcome), drawing), solving))
}

fn graph(requests: &[Requirement], outcome: Option<&Outcome>) -> Option<Graph> {
    match outcome? {
        Outcome::Solved(resolve) => Some(Graph::of_resolve(requests, resolve)),
        Outcome::Failed(failure) => Some(Graph::of_failure(requests, &failure.reason)),
        Outcome::Aborted(..) => None,
    }
}

impl Solving {
    /// In few figures.
    pub fn figures(&self) -> Figures {
        let summary = |figure: fn(&Solve) -> f64| Summary::of(self.requests.iter().map(figure));
        Figures {
            rez_solver: summary(|solve| solve.rez_solver),
            rez_context: summary(|solve| solve.rez_context),
            new_pool: summary(|solve| solve.new_pool),
            new_pool_and_graph: summary(|solve| solve.new_pool_and_graph),
            loaded_pool: summary(|solve| solve.loaded_pool),
            kept_pool: summary(|solve| solve.kept_pool),
        }
    }

    /// As a table.
    pub(super) fn table(&self) -> String {
        let figures = self.figures();
        let mut table = Table::new(
            "Solving, packages loaded, one thread, processor time",
            &["sum", "median", "worst"],
        );
        let values = |summary: Summary| [summary.sum, summary.median, summary.worst];
        for (name, summary) in [
            (
                "rez: context, as rez-benchmark times it",
                figures.rez_context,
            ),
            ("rez: its solver alone", figures.rez_solver),
            (
                "ours: a new pool each, and the graph",
                figures.new_pool_and_graph,
            ),
            ("ours: a new pool each", figures.new_pool),
            ("ours: packages loaded, nothing learnt", figures.loaded_pool),
            ("ours: one pool for all", figures.kept_pool),
        ] {
            table.seconds(name, &values(summary));
        }
        for (name, rez, ours) in [
            (
                "context : new pool and graph",
                figures.rez_context,
                figures.new_pool_and_graph,
            ),
            (
                "solver alone : new pool",
                figures.rez_solver,
                figures.new_pool,
            ),
            (
                "solver alone : packages loaded",
                figures.rez_solver,
                figures.loaded_pool,
            ),
            (
                "solver alone : one pool",
                figures.rez_solver,
                figures.kept_pool,
            ),
        ] {
            table.times(name, &values(rez.over(ours)));
        }
        table.finish()
    }
}
