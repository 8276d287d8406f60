//! `rez index`: the file on disk that makes an unchanged repository cheap to open.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use clap::Args;
use rez::repository::{FilesystemRepository, Repository as _};
use serde::Serialize;

use super::arguments::RepositoryArguments;
use crate::program::flags::switch;
use crate::program::opening::site;
use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

const EXAMPLES: &str = "\
Examples:
  ayon-resolve rez index
  ayon-resolve rez index --paths /packages/int:/packages/ext --check
  ayon-resolve rez index --refresh

Every command keeps the index current as it goes, in the cache folder; this one reads everything at once, say before
artists come in.

Exit codes: 0 the index is current; 1 with --check, it is not; 2 a repository could not be read.";

/// What `rez index` takes.
#[derive(Debug, Args)]
#[command(after_long_help = EXAMPLES)]
pub(crate) struct IndexArguments {
    /// Only say whether the index is current; write nothing
    #[arg(long, conflicts_with = "refresh", help_heading = "What is done")]
    check: bool,
    #[command(flatten)]
    repositories: RepositoryArguments,
}

impl IndexArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        switch(layer, "check", self.check);
        self.repositories.record(layer);
    }
}

/// Reads every repository and keeps the index, or says whether it is current.
pub(crate) fn run(settings: &Settings, printer: &mut Printer) -> Result<Verdict, Report> {
    let site = site::open(settings, None)?;
    let is_check = settings.rez.check;
    if settings.access.cache.is_none() && !is_check {
        return Err(Report::unknown("there is no folder for the index")
            .hint("name one: `--cache-dir FOLDER`, without `--no-cache`"));
    }
    let mut figures = Vec::new();
    for repository in site.repositories() {
        let path = &repository.location().path;
        let progress = printer.progress(&format!("reading {path}"));
        let started = Instant::now();
        let read = repository.read_all();
        drop(progress);
        read.map_err(|error| site::unread(&error))?;
        figures.push(figure(repository, started.elapsed())?);
    }
    let is_kept = if is_check {
        site.tell(printer)
    } else {
        site.finish(printer)
    };
    if !is_kept {
        return Err(Report::unknown("the index cannot be kept")
            .hint("name a folder that can be written: `--cache-dir FOLDER`"));
    }
    let is_current = figures.iter().all(|figure| figure.read == 0);
    if printer.is_json() {
        let document = Document {
            current: is_current || !is_check,
            repositories: figures,
        };
        printer.json("rez-index", 1, &document)?;
    } else {
        printer.text(&text(&figures, is_check))?;
    }
    Ok(if is_current || !is_check {
        Verdict::Fine
    } else {
        Verdict::No
    })
}

#[derive(Serialize)]
struct Document {
    /// Whether the index is current now.
    current: bool,
    repositories: Vec<Figure>,
}

/// A repository in figures.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Figure {
    repository: String,
    families: usize,
    packages: usize,
    /// Families that are as the index knew them.
    indexed: usize,
    /// Families that had to be read.
    read: usize,
    /// Packages that cannot be read.
    broken: usize,
    seconds: f64,
}

fn figure(repository: &FilesystemRepository, spent: Duration) -> Result<Figure, Report> {
    let names = repository.family_names();
    let names = names.map_err(|error| site::unread(&error))?;
    let (mut families, mut packages, mut broken) = (0, 0, 0);
    for name in &names {
        // A family that cannot be read at all counts as one broken package; `rez search` tells more.
        match repository.family(name) {
            Ok(Some(family)) => {
                families += 1;
                packages += family.packages.len();
                let faulty = family.packages.iter();
                broken += faulty.filter(|package| package.definition.is_err()).count();
            }
            Ok(None) => {}
            Err(_) => broken += 1,
        }
    }
    let statistics = repository.statistics();
    Ok(Figure {
        repository: repository.location().path.clone(),
        families,
        packages,
        indexed: statistics.indexed,
        read: statistics.read,
        broken,
        seconds: spent.as_secs_f64(),
    })
}

fn text(figures: &[Figure], is_check: bool) -> String {
    let mut text = String::new();
    for figure in figures {
        let state = match (figure.read, is_check) {
            (0, _) => "current".to_owned(),
            (read, true) => format!("not current: {read} families have to be read"),
            (read, false) => format!("made current: {read} families were read"),
        };
        let broken = match figure.broken {
            0 => String::new(),
            broken => format!(", {broken} of them cannot be read"),
        };
        let _ = writeln!(
            text,
            "{}: {} families, {} packages{broken}; {state}",
            figure.repository, figure.families, figure.packages
        );
    }
    text
}
