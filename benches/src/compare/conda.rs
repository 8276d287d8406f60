//! `rattler_solve` as it is used by hand, py-rattler and we, side by side in one run, on one channel: `compare conda`.
//!
//! Every figure is of a whole process that answers one request of the shared data. *Plain* maps the uncompressed repodata
//! with rattler's sparse reader, loads what the names can reach and solves. *py-rattler* is the same from Python, from
//! PyPI. *First* is ours with an empty cache, *again* is ours with the records of a run before, and *same* with its answer
//! too. They take turns, and every answer is held against plain's: a figure is worth nothing where they differ.
//!
//! Where there is no solution, ours has solved again and again until it can tell why, which the others do not: such
//! requests are told apart.
//!
//! The seconds of processors are what counts on a machine with other load; those on the wall are told beside.

mod child;
mod machine;
mod told;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::{Deserialize, Serialize};

use super::summary::Spread;
use super::venv::{self, Venv};
use super::{CompareError, clock};
use crate::shared::Shared;

pub use child::{Whose, answer};

/// The py-rattler that is installed.
pub const PY_RATTLER_VERSION: &str = "0.28.0";

const DRIVER: &str = include_str!("conda/driver.py");

/// What is compared, and where.
#[derive(Clone, Debug)]
pub struct CondaOptions {
    /// Names of requests; all without.
    pub requests: Vec<String>,
    /// How often each is timed.
    pub runs: usize,
    /// The Python that makes py-rattler's virtual environment, and larger channels.
    pub python: PathBuf,
    /// Whether py-rattler takes part.
    pub with_python: bool,
    /// This program, which is run for each answer.
    pub program: PathBuf,
    /// How many records the channel has for each real one: see `inflate.py` of the shared data.
    pub times: u32,
    /// Where py-rattler is installed, channels are unpacked and caches are made.
    pub folder: PathBuf,
}

/// A request of the shared data.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Request {
    /// What it is called there.
    pub name: String,
    /// For which platform.
    pub platform: String,
    /// What its machine has.
    pub virtual_packages: Vec<String>,
    /// What is asked.
    pub specs: Vec<String>,
}

#[derive(Deserialize)]
struct Requests {
    requests: Vec<Request>,
}

/// One answer, and the seconds on the wall of its stages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Answer {
    /// Until the channel can be asked.
    pub open: f64,
    /// Until the records are there. With ours a part of the solve.
    pub load: f64,
    /// Until the answer is.
    pub solve: f64,
    /// The most memory that the process had, in bytes.
    pub memory: u64,
    /// `name=version=build` of each chosen record, sorted; none if there is no solution.
    pub packages: Option<Vec<String>>,
}

/// What came of it.
#[derive(Clone, Debug, Serialize)]
pub struct CondaComparison {
    /// What was compared where.
    pub setting: Setting,
    /// Request by request.
    pub rows: Vec<Row>,
}

/// What figures depend on beside what they are of.
#[derive(Clone, Debug, Serialize)]
pub struct Setting {
    /// How many records there are for each real one.
    pub times: u32,
    /// The bytes of all repodata.
    pub bytes: u64,
    /// How often each was timed.
    pub runs: usize,
    /// The processor's name, if the system tells it, and how many there are.
    pub machine: String,
    /// How many processes wanted a processor, over the minute before the comparison and its last one, if the system tells.
    pub load: Option<[f64; 2]>,
}

/// One request, answered by all.
#[derive(Clone, Debug, Serialize)]
pub struct Row {
    /// What it is called.
    pub name: String,
    /// How many packages; none if there is no solution.
    pub packages: Option<usize>,
    /// Each way, in the order of [`Whose::ALL`]; without py-rattler if it was left out.
    pub ways: Vec<Way>,
}

/// One way's runs.
#[derive(Clone, Debug, Serialize)]
pub struct Way {
    /// Whose.
    pub whose: Whose,
    /// Of the whole process, in seconds on the wall.
    pub wall: Spread,
    /// Of the whole process, in seconds of processors.
    pub cpu: Spread,
    /// Until the channel can be asked, in seconds on the wall.
    pub open: Spread,
    /// Until the records are there.
    pub load: Spread,
    /// Until the answer is.
    pub solve: Spread,
    /// In bytes.
    pub memory: Spread,
    /// Whether its answer is plain's, every time.
    pub is_equal: bool,
}

/// Answers every request in every way.
///
/// # Errors
/// Where something cannot be installed, unpacked or run.
pub fn conda(
    options: &CondaOptions,
    shared: &Shared,
    progress: &mut dyn FnMut(&str),
) -> Result<CondaComparison, CompareError> {
    let text = std::fs::read(shared.conda("specs.json"))?;
    let Requests { requests } = serde_json::from_slice(&text).map_err(std::io::Error::other)?;
    let is_asked =
        |request: &Request| options.requests.is_empty() || options.requests.contains(&request.name);
    let requests: Vec<Request> = requests.into_iter().filter(is_asked).collect();
    let before = machine::load();
    let programs = Programs::make(options, shared, &requests, progress)?;
    let mut rows = Vec::new();
    for request in &requests {
        progress(&format!("asking {}", request.name));
        rows.push(programs.row(request, options.runs)?);
    }
    let setting = Setting {
        times: options.times,
        bytes: programs.bytes,
        runs: options.runs,
        machine: machine::name(),
        load: before.zip(machine::load()).map(<[f64; 2]>::from),
    };
    Ok(CondaComparison { setting, rows })
}

/// What is run.
struct Programs {
    ours: PathBuf,
    python: Option<PathBuf>,
    driver: PathBuf,
    channel: PathBuf,
    folder: PathBuf,
    /// Of all repodata.
    bytes: u64,
}

impl Programs {
    fn make(
        options: &CondaOptions,
        shared: &Shared,
        requests: &[Request],
        progress: &mut dyn FnMut(&str),
    ) -> Result<Self, CompareError> {
        let python = if options.with_python {
            progress(&format!(
                "installing py-rattler {PY_RATTLER_VERSION} where it is not yet"
            ));
            let folder = options.folder.join("py-rattler");
            let venv = Venv::with(folder, &options.python, "py-rattler", PY_RATTLER_VERSION)?;
            Some(venv.program("python"))
        } else {
            None
        };
        let platforms = requests.iter().map(|request| request.platform.as_str());
        let subdirs: BTreeSet<&str> = platforms.chain(["noarch"]).collect();
        let (channel, bytes) = channel(options, shared, &subdirs, progress)?;
        let driver = options.folder.join("conda_driver.py");
        ayon_disk::write_atomic(&driver, DRIVER.as_bytes()).map_err(std::io::Error::other)?;
        Ok(Programs {
            ours: options.program.clone(),
            python,
            driver,
            channel,
            folder: options.folder.clone(),
            bytes,
        })
    }

    fn row(&self, request: &Request, runs: usize) -> Result<Row, CompareError> {
        let ways = Whose::ALL
            .into_iter()
            .filter(|whose| *whose != Whose::PyRattler || self.python.is_some());
        let ways: Vec<Whose> = ways.collect();
        let warm = tempfile::tempdir_in(&self.folder)?;
        // Fills our cache, and the system's.
        self.ask(Whose::Same, request, warm.path())?;
        let mut taken: Vec<Vec<(clock::Cost, Answer)>> = vec![Vec::new(); ways.len()];
        for turn in 0..runs.max(1) {
            for place in 0..ways.len() {
                // Whoever is first changes.
                let place = (place + turn) % ways.len();
                let empty = tempfile::tempdir_in(&self.folder)?;
                let cache = if ways[place] == Whose::First {
                    empty.path()
                } else {
                    warm.path()
                };
                taken[place].push(self.ask(ways[place], request, cache)?);
            }
        }
        let plain = taken[0][0].1.packages.clone();
        let ways = ways
            .into_iter()
            .zip(taken)
            .map(|(whose, taken)| Way::of(whose, &taken, plain.as_ref()));
        Ok(Row {
            name: request.name.clone(),
            ways: ways.collect(),
            packages: plain.map(|packages| packages.len()),
        })
    }

    fn ask(
        &self,
        whose: Whose,
        request: &Request,
        cache: &Path,
    ) -> Result<(clock::Cost, Answer), CompareError> {
        let request = serde_json::to_string(request).map_err(std::io::Error::other)?;
        let mut command = if let (Whose::PyRattler, Some(python)) = (whose, &self.python) {
            let mut command = Command::new(python);
            command.arg(&self.driver);
            command
        } else {
            let mut command = Command::new(&self.ours);
            command.args(["conda-answer", whose.name()]);
            command
        };
        command.arg(&self.channel).arg(request).arg(cache);
        let (output, cost) = clock::of_child(&mut command)?;
        if !output.status.success() {
            return Err(CompareError::refused(&command, &output));
        }
        let answer = serde_json::from_slice(&output.stdout)
            .map_err(|error| CompareError::Silent(error.to_string()))?;
        Ok((cost, answer))
    }
}

/// The folder of a channel, and the bytes of its repodata: unpacked, and with more records where more are asked for.
fn channel(
    options: &CondaOptions,
    shared: &Shared,
    subdirs: &BTreeSet<&str>,
    progress: &mut dyn FnMut(&str),
) -> Result<(PathBuf, u64), CompareError> {
    let real = options.folder.join("channel");
    let large = options.folder.join(format!("channel-{}", options.times));
    let mut bytes = 0;
    for subdir in subdirs {
        let file = real.join(subdir).join("repodata.json");
        if !file.is_file() {
            let packed = shared.conda(&format!("conda-forge-harvest/{subdir}/repodata.json.zst"));
            let unpacked = zstd::decode_all(std::fs::File::open(packed)?)?;
            ayon_disk::create_dir_all(&real.join(subdir)).map_err(std::io::Error::other)?;
            ayon_disk::write_atomic(&file, &unpacked).map_err(std::io::Error::other)?;
        }
        let file = if options.times > 1 {
            let file = large.join(subdir).join("repodata.json");
            if !file.is_file() {
                progress(&format!("making {subdir} {} times as large", options.times));
                let mut command = Command::new(&options.python);
                command
                    .arg(shared.tool("inflate.py"))
                    .arg(&real)
                    .arg(&large);
                command.args(["--times", &options.times.to_string(), "--subdir", subdir]);
                venv::run(&mut command)?;
            }
            file
        } else {
            file
        };
        bytes += std::fs::metadata(file)?.len();
    }
    Ok((if options.times > 1 { large } else { real }, bytes))
}

impl Way {
    fn of(whose: Whose, taken: &[(clock::Cost, Answer)], plain: Option<&Vec<String>>) -> Self {
        let spread =
            |figure: fn(&(clock::Cost, Answer)) -> f64| Spread::of(taken.iter().map(figure));
        Way {
            whose,
            wall: spread(|(cost, _)| cost.wall),
            cpu: spread(|(cost, _)| cost.cpu),
            open: spread(|(_, answer)| answer.open),
            load: spread(|(_, answer)| answer.load),
            solve: spread(|(_, answer)| answer.solve),
            #[expect(
                clippy::cast_precision_loss,
                reason = "no process has the bytes that would be rounded"
            )]
            memory: spread(|(_, answer)| answer.memory as f64),
            is_equal: taken
                .iter()
                .all(|(_, answer)| answer.packages.as_ref() == plain),
        }
    }
}
