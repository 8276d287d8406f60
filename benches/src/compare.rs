//! Other implementations and we, side by side in one run. This is `compare rez`, on rez's own benchmark; `compare uv` is
//! the module `uv`, `compare conda` the module `conda`, and `compare growth` runs both uv and us on an index of our own.
//!
//! rez is installed from PyPI, with the benchmark's packages and requests that ship in it, so the shared data is not
//! needed. Each measure is a module: `solving` with packages loaded, `reading` the repository, and whole
//! `processes`. Each also holds our answers against rez's, and a figure is worth nothing where they differ.
//!
//! Times of one run are only compared with each other: the machine, its load and its Python are whatever they are.

mod clock;
mod conda;
mod growth;
mod page;
mod processes;
mod reading;
mod rez_process;
mod solving;
mod summary;
mod uv;
mod venv;

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use rez::solver::Ask;
use rez::{ContextError, RepositoryError, Requirement, RequirementError};
use serde::Serialize;
use serde_json::json;

use crate::corpus::CorpusError;

pub use clock::Cost;
pub use conda::{
    Answer as CondaAnswer, CondaComparison, CondaOptions, PY_RATTLER_VERSION,
    Request as CondaRequest, Row as CondaRow, Setting as CondaSetting, Way as CondaWay,
    Whose as CondaWhose, answer as conda_answer, conda,
};
pub use growth::{Growth, Locked, SIZES, Size, growth};
pub use processes::{Pair, Processes};
pub use reading::{Count, Reading};
pub use rez_process::REZ_VERSION;
pub use solving::{Figures, Solve, Solving};
pub use summary::{Spread, Summary};
pub use uv::{
    Asked, Costs, Pair as UvPair, Solve as PypiSolve, Solving as PypiSolving, UV_VERSION,
    UvComparison, UvOptions, Way, Whose, uv,
};

use processes::Programs;
use rez_process::Installation;

/// What is compared, and where.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many of the requests, evenly taken; all without.
    pub requests: Option<usize>,
    /// The Python that makes rez's virtual environment.
    pub python: PathBuf,
    /// Our program.
    pub program: PathBuf,
    /// Where rez is installed and the packages are unpacked; what is there already is used.
    pub folder: PathBuf,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct Comparison {
    /// The rez it was, and the Python that ran it.
    pub rez: String,
    /// How many requests of how many.
    pub requests: (usize, usize),
    /// Reading the repository.
    pub reading: Reading,
    /// Solving with packages loaded.
    pub solving: Solving,
    /// Whole processes.
    pub processes: Processes,
    /// Where we answer otherwise than rez.
    pub differences: Vec<Difference>,
}

/// An answer of ours that is not rez's.
#[derive(Clone, Debug, Serialize)]
pub struct Difference {
    /// What was answered, and how.
    pub place: String,
    /// How the answers differ.
    pub lines: Vec<String>,
}

/// A comparison that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CompareError {
    /// A program that cannot be run.
    #[error("cannot run `{program}`: {error}")]
    Start {
        /// Which.
        program: String,
        /// Why.
        error: io::Error,
    },
    /// A program that did not do what it should.
    #[error("`{program}` ended with {status}: {said}")]
    Refused {
        /// Which.
        program: String,
        /// How it ended.
        status: String,
        /// Its last words.
        said: String,
    },
    /// The driver does not answer.
    #[error("the other program does not answer: {0}")]
    Silent(String),
    /// A clock or a disk.
    #[error("cannot measure: {0}")]
    Clock(#[from] io::Error),
    /// The repository.
    #[error(transparent)]
    Repository(#[from] RepositoryError),
    /// A request of the benchmark.
    #[error(transparent)]
    Requirement(#[from] RequirementError),
    /// A context that was written.
    #[error(transparent)]
    File(#[from] CorpusError),
    /// A context that makes no sense.
    #[error("{}: {error}", file.display())]
    Context {
        /// Its file.
        file: PathBuf,
        /// What is wrong.
        error: ContextError,
    },
}

/// A request of the benchmark.
pub(crate) struct Question {
    /// Its place among them, from 0.
    number: usize,
    texts: Vec<String>,
}

/// Compares. `progress` hears what is going on; that takes minutes.
pub fn rez(options: &Options, progress: &mut dyn FnMut(&str)) -> Result<Comparison, CompareError> {
    progress(&format!("installing rez {REZ_VERSION} where it is not yet"));
    let installation = Installation::make(&options.folder, &options.python)?;
    let scratch = tempfile::tempdir_in(&options.folder)?;
    progress("unpacking the packages where they are not yet");
    let mut rez = installation.start(&options.folder)?;
    let hello = rez.hello.clone();
    let all = hello.requests.len();
    let questions = sample(hello.requests, options.requests);

    progress("reading the repository");
    let loaded = rez.load()?;
    let index = scratch.path().join("index");
    let (reading, repository, difference) = reading::measure(&hello.repository, &index, loaded)?;
    let (solving, solved_otherwise) =
        solving::measure(&mut rez, &repository, &questions, progress)?;
    // Neither its memory nor its end may count for what follows.
    drop(rez);
    let programs = Programs {
        rez: &installation,
        ours: &options.program,
        repository: &hello.repository,
        folder: scratch.path(),
    };
    let (processes, resolved_otherwise) = processes::measure(&programs, &questions, progress)?;
    Ok(Comparison {
        rez: format!("rez {} on Python {}", hello.rez, hello.python),
        requests: (questions.len(), all),
        reading,
        solving,
        processes,
        differences: difference
            .into_iter()
            .chain(solved_otherwise)
            .chain(resolved_otherwise)
            .collect(),
    })
}

/// `count` of the requests, evenly taken.
fn sample(requests: Vec<Vec<String>>, count: Option<usize>) -> Vec<Question> {
    let all = requests.len();
    let count = count.map_or(all, |count| count.min(all));
    let mut chosen = (0..count).map(|place| place * all / count).peekable();
    let numbered = requests.into_iter().enumerate();
    numbered
        .filter(|(number, _)| chosen.next_if_eq(number).is_some())
        .map(|(number, texts)| Question { number, texts })
        .collect()
}

impl Question {
    fn ask(&self) -> Result<Ask, CompareError> {
        let texts = self.texts.iter();
        let requests = texts.map(|text| Requirement::parse_request(text));
        Ok(Ask {
            requests: requests.collect::<Result<_, _>>()?,
            ..Ask::default()
        })
    }
}

impl Difference {
    /// Of an answer to `question`, if there is any.
    fn of(question: &Question, how: &str, lines: Vec<String>) -> Option<Self> {
        (!lines.is_empty()).then(|| Self {
            place: format!("request {}, {how}", question.number),
            lines,
        })
    }
}

impl CompareError {
    fn start(command: &Command, error: io::Error) -> Self {
        Self::Start {
            program: name(command),
            error,
        }
    }

    fn refused(command: &Command, output: &Output) -> Self {
        let said = String::from_utf8_lossy(&output.stderr);
        let said = said.trim();
        // The end of what it said is where the reason stands.
        let last = said.char_indices().rev().take(400).last();
        Self::Refused {
            program: name(command),
            status: output.status.to_string(),
            said: said[last.map_or(0, |(start, _)| start)..].to_owned(),
        }
    }
}

fn name(command: &Command) -> String {
    Path::new(command.get_program()).display().to_string()
}

impl Comparison {
    /// All figures as JSON.
    pub fn json(&self) -> String {
        let (wall, processors) = self.processes.ratios();
        let document = json!({
            "comparison": self,
            "solving": self.solving.figures(),
            "median_process_ratio": {"wall": wall, "cpu": processors},
        });
        format!("{document:#}\n")
    }
}

/// As tables for people.
impl fmt::Display for Comparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (some, all) = self.requests;
        writeln!(f, "{}; {some} of its {all} requests\n", self.rez)?;
        writeln!(f, "{}", self.solving.table())?;
        writeln!(f, "{}", self.reading.table())?;
        writeln!(f, "{}", self.processes.table())?;
        for Difference { place, lines } in &self.differences {
            writeln!(f, "DIFFERS: {place}")?;
            lines.iter().try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        match self.differences.len() {
            0 => write!(
                f,
                "Every answer is rez's: packages, variants, order, counts, words."
            ),
            count => write!(f, "{count} answers are not rez's."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples_are_even_and_keep_their_numbers() {
        let requests = |count: usize| vec![Vec::new(); count];
        let numbers = |count, of| -> Vec<usize> {
            let questions = sample(requests(of), count);
            questions.iter().map(|question| question.number).collect()
        };
        assert_eq!(numbers(Some(6), 188), [0, 31, 62, 94, 125, 156]);
        assert_eq!(numbers(None, 3), [0, 1, 2]);
        assert_eq!(numbers(Some(9), 3), [0, 1, 2]);
        assert_eq!(numbers(Some(0), 3), Vec::<usize>::new());
        assert_eq!(numbers(Some(1), 0), Vec::<usize>::new());
    }
}
