//! The solve alone: recorded worlds in memory, in this process, on one thread.
//!
//! A solve begins with projects and metadata as a cache hands them out, so it reads the requirements it meets; the
//! prototype, whose figures stand in the project's reference, had read all of them before. Both of its figures are shown,
//! for orientation: they were taken on another day.

use serde::Serialize;

use crate::Shared;
use crate::compare::CompareError;
use crate::compare::clock::cpu_of_thread;
use crate::compare::summary::{Spread, Table};
use crate::conformance::Snapshot;
use crate::python::Form;

/// What solving took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Solving {
    /// World by world; none without the shared data.
    pub worlds: Vec<Solve>,
}

/// One recorded world.
#[derive(Clone, Debug, Serialize)]
pub struct Solve {
    /// Its name.
    pub world: &'static str,
    /// Processor seconds of a solve.
    pub seconds: Spread,
    /// What the prototype took: for its solve, and for reading all requirements before it.
    pub prototype: (f64, f64),
}

/// The recorded worlds, and the prototype's seconds: the solve, and reading all requirements.
const WORLDS: [(&str, &str, (f64, f64)); 3] = [
    ("vfx", "snapshots/vfx.json", (0.0002, 0.0015)),
    ("airflow3", "snapshots/airflow3.json.gz", (0.0225, 0.036)),
    ("conflict", "snapshots/conflict.json", (0.085, 0.007)),
];

/// How often each is solved.
const TIMES: usize = 21;

impl Solving {
    /// Solves each of them.
    pub(super) fn measure() -> Result<Self, CompareError> {
        let Ok(shared) = Shared::find() else {
            return Ok(Self::default());
        };
        let mut solving = Self::default();
        for (world, file, prototype) in WORLDS {
            let snapshot = Snapshot::read(&shared.pypi(file))?;
            let index = snapshot.index(Form::Json).map_err(std::io::Error::other)?;
            let ask = snapshot.ask();
            let mut seconds = Vec::new();
            for _ in 0..TIMES {
                let (_, cost) =
                    cpu_of_thread(|| pypi_solve::solve(&index, &ask, &|| false).is_ok())?;
                seconds.push(cost);
            }
            solving.worlds.push(Solve {
                world,
                seconds: Spread::of(seconds),
                prototype,
            });
        }
        Ok(solving)
    }

    /// As a table.
    pub(super) fn table(&self) -> String {
        let heads = ["median", "least", "most", "prototype", "+ reading"];
        let mut table = Table::narrow("Solve alone, index in memory, milliseconds", &heads);
        for Solve {
            world,
            seconds,
            prototype: (solve, reading),
        } in &self.worlds
        {
            let cells = [
                seconds.median,
                seconds.least,
                seconds.most,
                *solve,
                solve + reading,
            ];
            table.row(world, cells.map(|seconds| format!("{:.2}", seconds * 1e3)));
        }
        if cfg!(debug_assertions) {
            table.note("from a debug build of this program: these figures say nothing");
        }
        if self.worlds.is_empty() {
            table.note("skipped: the recorded worlds are not there");
        }
        table.finish()
    }
}
