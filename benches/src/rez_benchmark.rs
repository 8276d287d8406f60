//! rez's own benchmark: a real studio's repository with other names, 188 requests, and rez's answers to them.
//!
//! The forms are those of the shared data (`data/rez/README.md`): one file of packages, one of recorded answers, each of
//! which repeats its request. There are no implicit packages, filters or orderers, as in rez's command `rez-benchmark`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rez::solver::{Ask, Pool};
use rez::{MemoryRepository, Requirement};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::corpus::CorpusError;
use crate::rez_data::{Answer, Packages, repository};
use crate::shared::read;
use crate::{Shared, SharedAbsent};

/// The benchmark.
pub struct Benchmark {
    /// Its packages.
    pub repository: Arc<MemoryRepository>,
    /// Its requests.
    pub cases: Vec<Case>,
}

/// A request with rez's answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Case {
    /// What is asked.
    #[serde(deserialize_with = "requirements")]
    pub request: Vec<Requirement>,
    /// What rez answers.
    #[serde(flatten)]
    pub expected: Answer,
}

/// The benchmark cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum BenchmarkError {
    /// The shared data is not there.
    #[error(transparent)]
    Absent(#[from] SharedAbsent),
    /// A file of it cannot be used.
    #[error(transparent)]
    Corpus(#[from] CorpusError),
}

impl Benchmark {
    /// Reads a file of packages and one of answers.
    pub fn read(packages: &Path, expected: &Path) -> Result<Self, CorpusError> {
        Ok(Self {
            repository: Arc::new(read_packages(packages)?),
            cases: parse(expected, &read(expected)?)?,
        })
    }

    /// The benchmark as the shared data has it.
    pub fn shared() -> Result<Self, BenchmarkError> {
        let shared = Shared::find()?;
        let packages = shared.rez("packages.json.gz");
        Ok(Self::read(&packages, &shared.rez("expected.json.gz"))?)
    }

    /// A pool of its packages that has learnt nothing yet.
    pub fn pool(&self) -> Pool {
        Pool::new(vec![self.repository.clone()])
    }
}

impl Case {
    /// The question for the solver.
    pub fn ask(&self) -> Ask {
        Ask {
            requests: self.request.clone(),
            ..Ask::default()
        }
    }
}

/// The repository in a file of packages.
pub(crate) fn read_packages(file: &Path) -> Result<MemoryRepository, CorpusError> {
    parse_packages(file, &read(file)?)
}

/// The repository in the text of a file of packages.
pub(crate) fn parse_packages(file: &Path, text: &str) -> Result<MemoryRepository, CorpusError> {
    let packages: Packages = parse(file, text)?;
    Ok(repository(&packages))
}

/// The file of packages in a folder, if there is one.
pub(crate) fn packages_in(folder: &Path) -> Option<PathBuf> {
    let names = ["packages.json.gz", "packages.json"];
    let mut files = names.iter().map(|name| folder.join(name));
    files.find(|file| file.is_file())
}

fn parse<'a, T: Deserialize<'a>>(file: &Path, text: &'a str) -> Result<T, CorpusError> {
    serde_json::from_str(text).map_err(|error| CorpusError::Form {
        file: file.display().to_string(),
        error,
    })
}

fn requirements<'de, D: Deserializer<'de>>(data: D) -> Result<Vec<Requirement>, D::Error> {
    let texts = Vec::<String>::deserialize(data)?;
    let read = texts.iter().map(|text| Requirement::parse_request(text));
    read.collect::<Result<_, _>>().map_err(D::Error::custom)
}
