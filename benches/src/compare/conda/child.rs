//! One answer, in a process of its own.

use std::error::Error;
use std::path::Path;
use std::time::{Instant, SystemTime};

use conda::{
    Answers, Ask, Asker, Channel, ChannelBase, Dialect, Moment, Platform, Root, SolveError, Spec,
    Target,
};
use conda_client::{Client, Options, Subdir};
use rattler_conda_types::package::BuildString;
use rattler_conda_types::{
    ChannelConfig, GenericVirtualPackage, MatchSpec, PackageName, ParseStrictness,
};
use rattler_repodata_gateway::sparse::{PackageFormatSelection, SparseRepoData};
use rattler_solve::{SolverImpl, SolverTask};
use serde::Serialize;

use super::{Answer, Request, machine};

/// Who answers, and with what at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Whose {
    /// `rattler_solve` with sparse repodata.
    Plain,
    /// The same from Python.
    PyRattler,
    /// Ours, with an empty cache.
    First,
    /// Ours, with the records of a run before.
    Again,
    /// Ours, with the answer of a run before.
    Same,
}

impl Whose {
    /// All of them, plain first.
    pub const ALL: [Self; 5] = [
        Self::Plain,
        Self::PyRattler,
        Self::First,
        Self::Again,
        Self::Same,
    ];

    /// As it is written on a command line.
    pub fn name(self) -> &'static str {
        match self {
            Self::Plain => "plain",
            Self::PyRattler => "py-rattler",
            Self::First => "first",
            Self::Again => "again",
            Self::Same => "same",
        }
    }
}

/// Answers a request, given as JSON, on a channel's folder with a cache's, as JSON.
///
/// # Errors
/// Where the request, the channel or the answer makes no sense.
pub fn answer(
    whose: &str,
    channel: &Path,
    request: &str,
    cache: &Path,
) -> Result<String, Box<dyn Error>> {
    let request: Request = serde_json::from_str(request)?;
    let mut answer = match whose {
        "plain" => plain(channel, &request)?,
        _ => ours(channel, &request, cache, whose == Whose::Same.name())?,
    };
    answer.memory = machine::peak().unwrap_or_default();
    Ok(serde_json::to_string(&answer)?)
}

fn plain(folder: &Path, request: &Request) -> Result<Answer, Box<dyn Error>> {
    let begin = Instant::now();
    let config = ChannelConfig::default_with_root_dir(folder.to_owned());
    let channel =
        rattler_conda_types::Channel::from_str(format!("file://{}", folder.display()), &config)?;
    let mut subdirs = Vec::new();
    for subdir in [request.platform.as_str(), "noarch"] {
        let file = folder.join(subdir).join("repodata.json");
        subdirs.push(SparseRepoData::from_file(
            channel.clone(),
            subdir,
            file,
            None,
        )?);
    }
    let opened = Instant::now();
    let parse = |text: &String| MatchSpec::from_str(text, ParseStrictness::Strict);
    let specs: Vec<MatchSpec> = request.specs.iter().map(parse).collect::<Result<_, _>>()?;
    let names: Vec<PackageName> = specs
        .iter()
        .filter_map(|spec| spec.name.as_exact().cloned())
        .collect();
    let records = SparseRepoData::load_records_recursive(
        &subdirs,
        names,
        None,
        PackageFormatSelection::default(),
    )?;
    let loaded = Instant::now();
    let mut machine = Vec::new();
    for text in &request.virtual_packages {
        let mut parts = text.split('=');
        machine.push(GenericVirtualPackage {
            name: PackageName::new_unchecked(parts.next().unwrap_or_default()),
            version: parts.next().unwrap_or_default().parse()?,
            build_string: BuildString::new_unchecked(parts.next().unwrap_or("0")),
        });
    }
    let task = SolverTask {
        virtual_packages: machine,
        specs,
        ..SolverTask::from_iter(&records)
    };
    let chosen = match rattler_solve::resolvo::Solver.solve(task) {
        Ok(chosen) => Some(chosen.records),
        Err(rattler_solve::SolveError::Unsolvable(_)) => None,
        Err(error) => return Err(error.into()),
    };
    let packages = chosen.map(|records| {
        let packages = records.iter().map(|record| {
            let record = &record.package_record;
            format!(
                "{}={}={}",
                record.name.as_normalized(),
                record.version,
                record.build.as_str()
            )
        });
        sorted(packages)
    });
    Ok(Answer {
        open: (opened - begin).as_secs_f64(),
        load: (loaded - opened).as_secs_f64(),
        solve: loaded.elapsed().as_secs_f64(),
        memory: 0,
        packages,
    })
}

fn ours(
    folder: &Path,
    request: &Request,
    cache: &Path,
    is_remembered: bool,
) -> Result<Answer, Box<dyn Error>> {
    let begin = Instant::now();
    let channel = Channel::parse(
        &format!("file://{}", folder.display()),
        &ChannelBase::new(folder),
    )?;
    let platform: Platform = request.platform.parse()?;
    let answers = if is_remembered {
        Answers::new(cache)
    } else {
        Answers::disabled()
    };
    let mut options = Options::new(now()?);
    options.cache = Some(cache.to_owned());
    let client = Client::new(options);
    let subdirs = client.open(&[channel], &[platform, Platform::NOARCH])?;
    let records = |subdir: Subdir| subdir.records;
    let channels = subdirs
        .into_iter()
        .map(|subdirs| subdirs.into_iter().map(records).collect());
    let channels = channels.collect();
    let opened = Instant::now();
    let mut machine = Vec::new();
    for text in &request.virtual_packages {
        machine.push(text.parse()?);
    }
    let mut ask = Ask::new(Target::with_only(platform, machine));
    ask.channels = channels;
    for text in &request.specs {
        ask.roots.push(Root {
            spec: Spec::parse(text, Dialect::Strict)?,
            asker: Asker(0),
        });
    }
    let packages = match answers.solve(&ask, &|| false) {
        Ok(solution) => {
            let records = solution.records.iter();
            let told = records
                .map(|record| format!("{}={}={}", record.name(), record.version(), record.build()));
            Some(sorted(told))
        }
        Err(SolveError::Conflict(_)) => None,
        Err(error) => return Err(error.into()),
    };
    Ok(Answer {
        open: (opened - begin).as_secs_f64(),
        load: 0.0,
        solve: opened.elapsed().as_secs_f64(),
        memory: 0,
        packages,
    })
}

#[expect(
    clippy::disallowed_methods,
    reason = "a program has a clock, the libraries are told the time"
)]
fn now() -> Result<Moment, Box<dyn Error>> {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?;
    let milliseconds = i64::try_from(since.as_millis())?;
    Moment::from_milliseconds(milliseconds).ok_or_else(|| "no time there is".into())
}

fn sorted(packages: impl Iterator<Item = String>) -> Vec<String> {
    let mut packages: Vec<String> = packages.collect();
    packages.sort();
    packages
}
