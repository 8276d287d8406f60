//! Reading the repository: every package from its file, and every package from our index.
//!
//! Nothing here can empty the system's file cache, and rez has read every file moments before: "cold" means that there is
//! no index, not that there is a disk to wait for.

use std::path::Path;
use std::sync::Arc;
use std::time::SystemTime;

use rez::repository::{FilesystemRepository, Options, index_cache};
use rez::{Repository, RepositoryError};
use serde::Serialize;

use super::clock::{Cost, of_process};
use super::rez_process::Loaded;
use super::summary::{Table, median, ratio};
use super::{CompareError, Difference};

/// How often the index is opened; the median counts.
const OPENINGS: usize = 9;

/// What reading took.
#[derive(Clone, Debug, Serialize)]
pub struct Reading {
    /// How many packages there are.
    pub packages: Count,
    /// rez's own loading of all packages.
    pub rez: Cost,
    /// Ours, without an index, which it also writes.
    pub cold: Cost,
    /// Ours, from the index: the median of several times.
    pub indexed: Cost,
}

/// How much a repository holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// Families.
    pub families: usize,
    /// Versions of all families.
    pub versions: usize,
    /// Variants of all versions; a version without any counts as one.
    pub variants: usize,
}

/// Reads the repository both ways; the index is kept in `index`, which is empty. Also gives the repository, all of it read.
pub(super) fn measure(
    path: &Path,
    index: &Path,
    rez: Loaded,
) -> Result<(Reading, Arc<FilesystemRepository>, Option<Difference>), CompareError> {
    let open = || open(path, index);
    let (cold_repository, cold) = of_process(|| {
        let repository = open()?;
        repository.save();
        Ok::<_, RepositoryError>(repository)
    })?;
    let packages = Count::of(&cold_repository?)?;
    let mut openings = Vec::new();
    let mut repository = open()?;
    for _ in 0..OPENINGS {
        let (opened, cost) = of_process(open)?;
        repository = opened?;
        openings.push(cost);
    }
    let read = repository.statistics().read;
    let theirs = Count {
        families: rez.families,
        versions: rez.versions,
        variants: rez.variants,
    };
    let difference = if theirs != packages {
        Some(format!("{theirs:?} by rez, {packages:?} by us"))
    } else if read > 0 {
        Some(format!("{read} families are not served from the index"))
    } else {
        None
    };
    let reading = Reading {
        packages,
        rez: Cost {
            wall: rez.wall,
            cpu: rez.cpu,
        },
        cold,
        indexed: Cost {
            wall: median(openings.iter().map(|cost| cost.wall).collect()),
            cpu: median(openings.iter().map(|cost| cost.cpu).collect()),
        },
    };
    let difference = difference.map(|line| Difference {
        place: "the repository, read".to_owned(),
        lines: vec![line],
    });
    Ok((reading, Arc::new(repository), difference))
}

fn open(path: &Path, index: &Path) -> Result<FilesystemRepository, RepositoryError> {
    #[expect(
        clippy::disallowed_methods,
        reason = "a program has a clock, and this is one's own work"
    )]
    let now = SystemTime::now();
    let options = Options {
        cache: Arc::new(index_cache(index)),
        ..Options::new(now)
    };
    let repository = FilesystemRepository::open(path, &options)?;
    repository.read_all()?;
    Ok(repository)
}

impl Count {
    fn of(repository: &FilesystemRepository) -> Result<Self, CompareError> {
        let mut count = Self {
            families: 0,
            versions: 0,
            variants: 0,
        };
        for name in repository.family_names()? {
            let Some(family) = repository.family(&name)? else {
                continue;
            };
            count.families += 1;
            count.versions += family.packages.len();
            let definitions = family.packages.iter().map(|package| &package.definition);
            count.variants += definitions
                .flatten()
                .map(|definition| definition.variants().map_or(1, <[_]>::len))
                .sum::<usize>();
        }
        Ok(count)
    }
}

impl Reading {
    /// As a table.
    pub(super) fn table(&self) -> String {
        let Count {
            families,
            versions,
            variants,
        } = self.packages;
        let title =
            format!("Reading {families} families, {versions} packages, {variants} variants");
        let mut table = Table::new(&title, &["wall", "processors"]);
        for (name, cost) in [
            ("rez: every package, loaded", self.rez),
            ("ours: every package file, and the index written", self.cold),
            ("ours: from the index", self.indexed),
        ] {
            table.seconds(name, &[cost.wall, cost.cpu]);
        }
        for (name, ours) in [("files", self.cold), ("index", self.indexed)] {
            let ratios = [
                ratio(self.rez.wall, ours.wall),
                ratio(self.rez.cpu, ours.cpu),
            ];
            table.times(&format!("rez : ours from {name}"), &ratios);
        }
        table.finish()
    }
}
