//! uv and we, side by side in one run, on requirement files: `compare uv`.
//!
//! uv is installed from PyPI, and both lock the same files from the same index, with wheels only, for the same platform,
//! in three ways: *cold*, with an empty cache; *warm*, with the cache of a run before; *relock*, warm, with a lock at hand
//! that lacks one root, as after a change of one addon. The two take turns, and whoever is first changes too. uv is
//! measured at its best: what its cache holds lives for a day, and its interpreter is named. Every answer is held against
//! uv's, and a figure is worth nothing where they differ.
//!
//! The solve alone is timed in this process, on the recorded worlds of the shared data ([`Solving`]).

mod driver;
mod programs;
mod solving;

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::CompareError;
use super::summary::{Spread, Table};
use crate::python::differences;

pub(crate) use driver::{Driver, Run};
pub use programs::{Asked, UV_VERSION, Whose};
pub(crate) use programs::{Outcome, Programs, outcome};
pub use solving::{Solve, Solving};

/// What is compared, and where.
#[derive(Clone, Debug)]
pub struct UvOptions {
    /// Requirement files, one requirement a line.
    pub sets: Vec<PathBuf>,
    /// In which ways.
    pub ways: Vec<Way>,
    /// How often each is timed.
    pub runs: usize,
    /// For what.
    pub asked: Asked,
    /// The simple index; without one, the one that uv asks by itself.
    pub index: Option<String>,
    /// The Python that makes uv's virtual environment.
    pub python: PathBuf,
    /// Our program.
    pub program: PathBuf,
    /// Where uv is installed and caches are made; an installed uv is used.
    pub folder: PathBuf,
}

/// With what at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// Nothing.
    Cold,
    /// A cache.
    Warm,
    /// A cache, and a lock that lacks one root.
    Relock,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct UvComparison {
    /// The uv it was.
    pub uv: String,
    /// For what.
    pub asked: Asked,
    /// Set by set, way by way.
    pub pairs: Vec<Pair>,
    /// The solve alone.
    pub solving: Solving,
}

/// One file, locked one way by both.
#[derive(Clone, Debug, Serialize)]
pub struct Pair {
    /// The file's name.
    pub set: String,
    /// How.
    pub way: Way,
    /// How many packages; none where there is no solution.
    pub packages: Option<usize>,
    /// uv's runs.
    pub uv: Costs,
    /// Ours.
    pub ours: Costs,
    /// How our answer differs from uv's, or changed from run to run.
    pub differences: Vec<String>,
}

/// What the runs of one program took.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Costs {
    /// Seconds on the wall, run by run.
    pub walls: Vec<f64>,
    /// Processor seconds, run by run.
    pub cpus: Vec<f64>,
    /// The most memory that any of them held, in bytes.
    pub peak_memory: u64,
}

/// Compares. `progress` hears what is going on; that takes minutes.
pub fn uv(
    options: &UvOptions,
    progress: &mut dyn FnMut(&str),
) -> Result<UvComparison, CompareError> {
    progress(&format!("installing uv {UV_VERSION} where it is not yet"));
    let mut driver = Driver::start(&options.python)?;
    let programs = Programs::prepare(options, &driver.python)?;
    let mut pairs = Vec::new();
    for set in &options.sets {
        for &way in &options.ways {
            let mut contest = Contest::new(options, &programs, set, way)?;
            let pair = contest.hold(&mut driver)?;
            progress(&pair.in_words());
            pairs.push(pair);
        }
    }
    progress("solving recorded worlds");
    Ok(UvComparison {
        uv: programs.uv_words()?,
        asked: options.asked.clone(),
        pairs,
        solving: Solving::measure()?,
    })
}

/// One file, one way: where everything lies.
struct Contest<'a> {
    programs: &'a Programs,
    set: &'a Path,
    way: Way,
    runs: usize,
    folder: tempfile::TempDir,
    /// The cache is another one in every cold run.
    turn: usize,
    /// What each answered first.
    first: [Option<Outcome>; 2],
    costs: [Costs; 2],
    differences: Vec<String>,
}

const BOTH: [Whose; 2] = [Whose::Uv, Whose::Ours];

impl<'a> Contest<'a> {
    fn new(
        options: &UvOptions,
        programs: &'a Programs,
        set: &'a Path,
        way: Way,
    ) -> Result<Self, CompareError> {
        Ok(Self {
            programs,
            set,
            way,
            runs: options.runs,
            folder: tempfile::tempdir_in(&options.folder)?,
            turn: 0,
            first: [None, None],
            costs: Default::default(),
            differences: Vec::new(),
        })
    }

    fn hold(&mut self, driver: &mut Driver) -> Result<Pair, CompareError> {
        if self.way != Way::Cold {
            for whose in BOTH {
                self.prepare(driver, whose)?;
            }
        }
        for turn in 0..self.runs {
            let mut order = BOTH;
            if turn % 2 == 1 {
                order.reverse();
            }
            if self.way == Way::Cold {
                self.turn = turn;
            }
            for whose in order {
                self.run(driver, whose)?;
            }
        }
        self.compare();
        let [uv, ours] = std::mem::take(&mut self.costs);
        Ok(Pair {
            set: self
                .set
                .file_stem()
                .unwrap_or_default()
                .to_string_lossy()
                .into_owned(),
            way: self.way,
            packages: match &self.first[0] {
                Some(Outcome::Solved(choice)) => Some(choice.len()),
                _ => None,
            },
            uv,
            ours,
            differences: std::mem::take(&mut self.differences),
        })
    }

    /// Fills the cache, and for a relock writes the old lock.
    fn prepare(&self, driver: &mut Driver, whose: Whose) -> Result<(), CompareError> {
        let lock = self.place(whose, "lock");
        self.lock(driver, whose, self.set, &lock)?;
        if self.way == Way::Relock {
            let fewer = self.folder.path().join("fewer.in");
            write(
                &fewer,
                without_last_root(&crate::shared::read(self.set)?).as_bytes(),
            )?;
            let old = self.place(whose, "old");
            self.lock(driver, whose, &fewer, &old)?;
        }
        Ok(())
    }

    /// One timed run.
    fn run(&mut self, driver: &mut Driver, whose: Whose) -> Result<(), CompareError> {
        let lock = self.place(whose, "lock");
        // A base without a solution has no lock to begin with.
        match crate::shared::read(&self.place(whose, "old")) {
            Ok(old) if self.way == Way::Relock => write(&lock, old.as_bytes())?,
            _ => drop(ayon_disk::remove_file(&lock)),
        }
        let (run, outcome) = self.lock(driver, whose, self.set, &lock)?;
        let costs = &mut self.costs[whose as usize];
        costs.walls.push(run.wall);
        costs.cpus.push(run.cpu);
        costs.peak_memory = costs.peak_memory.max(run.peak_memory);
        match &self.first[whose as usize] {
            None => self.first[whose as usize] = Some(outcome),
            Some(first) if *first != outcome => {
                self.differences
                    .push(format!("{whose:?} answers otherwise in another run"));
            }
            Some(_) => {}
        }
        Ok(())
    }

    /// Has a program lock `requirements`.
    fn lock(
        &self,
        driver: &mut Driver,
        whose: Whose,
        requirements: &Path,
        lock: &Path,
    ) -> Result<(Run, Outcome), CompareError> {
        let cache = self.cache(whose);
        let run = driver.run(&self.programs.command(whose, requirements, &cache, lock))?;
        let outcome = outcome(whose, &run, lock)?;
        Ok((run, outcome))
    }

    fn compare(&mut self) {
        match &self.first {
            [Some(Outcome::Solved(uv)), Some(Outcome::Solved(ours))] => {
                self.differences.extend(differences(uv, ours));
            }
            [Some(uv), Some(ours)] if uv != ours => {
                let word = |outcome: &Outcome| match outcome {
                    Outcome::Solved(_) => "a solution",
                    Outcome::NoSolution => "no solution",
                };
                self.differences
                    .push(format!("{} by uv, {} by us", word(uv), word(ours)));
            }
            _ => {}
        }
    }

    fn cache(&self, whose: Whose) -> PathBuf {
        self.place(whose, &format!("cache{}", self.turn))
    }

    /// A file or folder of one of the two. Its last part is a name that both take for a lock's.
    fn place(&self, whose: Whose, what: &str) -> PathBuf {
        let name = match whose {
            Whose::Uv => format!("uv.{what}.txt"),
            Whose::Ours => format!("pylock.{what}.toml"),
        };
        self.folder.path().join(name)
    }
}

pub(crate) fn write(file: &Path, bytes: &[u8]) -> Result<(), CompareError> {
    ayon_disk::write_atomic(file, bytes)
        .map_err(|error| CompareError::Clock(std::io::Error::other(error)))
}

/// A requirement file less its last requirement.
fn without_last_root(text: &str) -> String {
    let lines = text.lines().map(str::trim);
    let mut roots: Vec<&str> = lines
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .collect();
    if roots.len() > 1 {
        roots.pop();
    }
    roots.join("\n") + "\n"
}

impl Pair {
    /// How many times longer than uv we take: of the medians, and the least and the most of any turn.
    pub fn ratio(&self) -> Spread {
        let turns = self.ours.walls.iter().zip(&self.uv.walls);
        let mut ratio = Spread::of(turns.map(|(ours, uv)| ours / uv.max(1e-6)));
        let medians =
            [&self.ours, &self.uv].map(|costs| Spread::of(costs.walls.iter().copied()).median);
        ratio.median = medians[0] / medians[1].max(1e-6);
        ratio
    }

    fn in_words(&self) -> String {
        let wall = |costs: &Costs| Spread::of(costs.walls.iter().copied()).median;
        let same = if self.differences.is_empty() {
            "same answer"
        } else {
            "ANOTHER ANSWER"
        };
        let (uv, ours) = (wall(&self.uv), wall(&self.ours));
        format!(
            "{} {}: uv {uv:.3} s, ours {ours:.3} s, {same}",
            self.set,
            self.way.name()
        )
    }
}

impl Way {
    /// All three.
    pub const ALL: [Self; 3] = [Self::Cold, Self::Warm, Self::Relock];

    /// As typed.
    pub fn name(self) -> &'static str {
        match self {
            Self::Cold => "cold",
            Self::Warm => "warm",
            Self::Relock => "relock",
        }
    }
}

impl UvComparison {
    /// Whether every answer is uv's.
    pub fn is_equal(&self) -> bool {
        self.pairs.iter().all(|pair| pair.differences.is_empty())
    }

    /// All figures as JSON.
    pub fn json(&self) -> String {
        let ratios = self.pairs.iter().map(|pair| {
            serde_json::json!({"set": pair.set, "way": pair.way, "ours_to_uv": pair.ratio()})
        });
        let ratios: Vec<_> = ratios.collect();
        format!(
            "{:#}\n",
            serde_json::json!({"comparison": self, "ratios": ratios})
        )
    }
}

/// As tables for people.
impl fmt::Display for UvComparison {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Asked { python, glibc } = &self.asked;
        writeln!(
            f,
            "{}; Python {python}, linux-64, glibc {glibc}, wheels only\n",
            self.uv
        )?;
        let heads = [
            "uv", "(from", "to)", "ours", "(from", "to)", "ours/uv", "(from", "to)", "MB uv",
            "MB ours",
        ];
        let mut table = Table::narrow("Wall seconds, whole processes: medians", &heads);
        for pair in &self.pairs {
            let [uv, ours] =
                [&pair.uv, &pair.ours].map(|costs| Spread::of(costs.walls.iter().copied()));
            let ratio = pair.ratio();
            let packages = pair.packages.map_or("no solution".to_owned(), |count| {
                format!("{count} packages")
            });
            let mut cells: Vec<String> = [uv, ours]
                .iter()
                .flat_map(|spread| [spread.median, spread.least, spread.most])
                .map(|seconds| format!("{seconds:.3}"))
                .collect();
            cells
                .extend([ratio.median, ratio.least, ratio.most].map(|ratio| format!("{ratio:.2}")));
            #[expect(clippy::cast_precision_loss, reason = "memory in megabytes")]
            let memory = [&pair.uv, &pair.ours]
                .map(|costs| format!("{:.0}", costs.peak_memory as f64 / 1e6));
            cells.extend(memory);
            table.row(
                &format!("{} {} ({packages})", pair.set, pair.way.name()),
                cells,
            );
        }
        writeln!(f, "{}", table.finish())?;
        writeln!(f, "{}", self.solving.table())?;
        for pair in self
            .pairs
            .iter()
            .filter(|pair| !pair.differences.is_empty())
        {
            writeln!(f, "DIFFERS: {} {}", pair.set, pair.way.name())?;
            pair.differences
                .iter()
                .try_for_each(|line| writeln!(f, "  {line}"))?;
        }
        let different = self
            .pairs
            .iter()
            .filter(|pair| !pair.differences.is_empty())
            .count();
        match different {
            0 => write!(f, "Every answer is uv's."),
            count => write!(f, "{count} of {} answers are not uv's.", self.pairs.len()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_root_less_is_the_set_of_the_day_before() {
        assert_eq!(without_last_root("# all\na>1\n\nb\n c \n"), "a>1\nb\n");
        assert_eq!(without_last_root("a\n"), "a\n");
    }

    #[test]
    fn ratios_are_of_medians_with_the_spread_of_turns() {
        let costs = |walls: &[f64]| Costs {
            walls: walls.to_vec(),
            ..Costs::default()
        };
        let pair = Pair {
            set: "x".to_owned(),
            way: Way::Warm,
            packages: Some(1),
            uv: costs(&[2.0, 4.0, 2.0]),
            ours: costs(&[1.0, 1.0, 3.0]),
            differences: Vec::new(),
        };
        let ratio = pair.ratio();
        assert_eq!((ratio.least, ratio.median, ratio.most), (0.25, 0.5, 1.5));
    }
}
