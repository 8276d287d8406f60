//! What `conda lock` and `conda solve` have in common: specs asked of the channels, platform by platform.

use ayon_backend::Cancellation;
use ayon_backend_conda::{Channels, Options};
use ayon_model::Platform;
use conda::lock::{Environment, LockedPlatform};
use conda::{Ask, Asker, Dialect, Root, Solution, Spec};

use super::choice::Choice;
use super::telling;
use crate::program::Report;
use crate::program::backends::conda::choices;
use crate::program::opening::channels::{self, Asked};
use crate::program::printer::Printer;
use crate::program::session::line;
use crate::program::settings::Settings;

/// Asks the channels for every platform that the settings name.
pub(super) fn choose(
    specs: &[String],
    settings: &Settings,
    printer: &mut Printer,
) -> Result<Choice, Report> {
    let roots = roots(specs)?;
    let platforms = platforms(settings)?;
    let cancellation = match settings.solving.time_limit {
        Some(limit) => Cancellation::default().with_time_limit(limit),
        None => Cancellation::default(),
    };
    let progress = line(printer, "resolving");
    let question = Question {
        roots,
        options: choices(settings)?,
        channels: channels::open(settings, progress, cancellation.clone())?,
        cancellation,
        settings,
    };
    let solved = platforms.iter().map(|platform| question.on(*platform));
    let solved: Result<Vec<_>, Report> = solved.collect();
    question.channels.finish(printer);
    let (platforms, solutions) = solved?.into_iter().unzip();
    let environment = Environment {
        name: "default".to_owned(),
        channels: question.channels.urls(),
        priority: question.options.priority,
        indexes: Vec::new(),
        platforms,
    };
    Ok(Choice {
        environment,
        solutions,
    })
}

/// What is asked, of whom.
struct Question<'a> {
    roots: Vec<Root>,
    options: Options,
    channels: Asked,
    cancellation: Cancellation,
    settings: &'a Settings,
}

impl Question<'_> {
    /// What is chosen for one platform.
    fn on(&self, platform: conda::Platform) -> Result<(LockedPlatform, Solution), Report> {
        let open = self.channels.open(platform).map_err(|error| {
            let what = format!("{} could not be asked", self.channels.describe());
            Report::unknown(what).because_of(&*error)
        })?;
        let options = &self.options;
        let target = options.target(platform);
        let has = target.virtual_packages().iter().map(ToString::to_string);
        let virtual_packages = has.collect();
        let mut ask = Ask::new(target);
        ask.channels = open.channels;
        ask.elsewhere = open.elsewhere;
        ask.priority = options.priority;
        ask.exclude_newer = options.exclude_newer;
        ask.strategy = options.strategy;
        ask.roots.clone_from(&self.roots);
        let stop = || self.cancellation.stopped().is_some();
        let solution = self
            .channels
            .answers()
            .solve(&ask, &stop)
            .map_err(|error| {
                telling::refusal(error, platform, &self.cancellation, self.settings)
            })?;
        let locked = LockedPlatform {
            platform,
            virtual_packages,
            records: solution.records.clone(),
            distributions: Vec::new(),
        };
        Ok((locked, solution))
    }
}

/// The platforms that the settings name, each once; else this machine's.
fn platforms(settings: &Settings) -> Result<Vec<conda::Platform>, Report> {
    let here = [Platform::current()];
    let named = match settings.targets.platforms.as_slice() {
        [] => &here,
        platforms => platforms,
    };
    let mut platforms = Vec::new();
    for platform in named {
        let platform: conda::Platform = platform
            .to_string()
            .parse()
            .map_err(|error| Report::unknown("conda has no such platform").because_of(&error))?;
        if !platforms.contains(&platform) {
            platforms.push(platform);
        }
    }
    Ok(platforms)
}

/// The specs that were typed, by either dialect. Every mistake is told, not only the first.
fn roots(specs: &[String]) -> Result<Vec<Root>, Report> {
    if specs.is_empty() {
        let report = Report::unknown("nothing is asked for");
        return Err(report.hint(
            "say what to choose, as in `ayon-resolve conda solve \"python 3.11.*\" \"numpy >=1.26\"`",
        ));
    }
    let (mut roots, mut mistakes) = (Vec::new(), Vec::new());
    for text in specs {
        match Spec::parse(text, Dialect::Lenient) {
            Ok(spec) => roots.push(Root {
                spec,
                asker: Asker(0),
            }),
            Err(mistake) => mistakes.push(mistake),
        }
    }
    if mistakes.is_empty() {
        Ok(roots)
    } else {
        Err(telling::mistakes(&mistakes))
    }
}
