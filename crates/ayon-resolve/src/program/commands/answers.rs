//! Which answer a command explains: the arguments that say so, and the answer, whole.
//!
//! `why`, `tree`, `graph`, `diff` and `outdated` explain the same thing, the answer to the main job. Without `--with` it ends
//! at what addons ask for; with it, at what a solver chose for that. Where an answer comes from is told here alone.

use std::path::Path;

use ayon_explain::Graph;
use ayon_resolve::lock::Lock;
use ayon_resolve::{BundleAsk, Error, Outdated, Resolution, Selection};
use clap::Args;

#[cfg(feature = "conda")]
use super::conda::arguments::CondaArguments;
use super::lock::{emitting, making};
#[cfg(feature = "venv")]
use super::pypi::arguments::{ChoiceArguments, IndexArguments};
use crate::program::Report;
use crate::program::flags::{
    BundleArguments, HintArguments, LockUseArguments, TargetArguments, paths, text,
};
use crate::program::printer::Printer;
use crate::program::session::{self, Session, bundle_ask};
use crate::program::setting::Layer;
use crate::program::settings::Settings;

/// Which answer is explained.
#[derive(Debug, Args)]
pub(crate) struct AnswerArguments {
    /// Explain the packages too that this backend chooses: conda, rez or venv
    ///
    /// Without it the answer ends at what addons ask for. With it everything is solved for as `--emit` does, from channels,
    /// rez repositories or package indexes.
    #[arg(short, long, value_name = "WHAT", help_heading = "What is explained")]
    with: Option<String>,
    /// Folders of packages for rez, separated as in PATH [default: as rez is configured]
    #[arg(long, value_name = "PATHS", help_heading = "What is explained")]
    rez_path: Option<String>,
    #[command(flatten)]
    lock: LockUseArguments,
    #[command(flatten)]
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
    #[command(flatten)]
    hints: HintArguments,
    #[cfg(feature = "conda")]
    #[command(flatten)]
    conda: CondaArguments,
    #[cfg(feature = "venv")]
    #[command(flatten)]
    choices: ChoiceArguments,
    #[cfg(feature = "venv")]
    #[command(flatten)]
    indexes: IndexArguments,
}

impl AnswerArguments {
    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        text(layer, "with", self.with.as_deref());
        paths(layer, "rez-path", self.rez_path.as_deref());
        self.lock.record(layer);
        self.bundle.record(layer);
        self.targets.record(layer);
        self.hints.record(layer);
        #[cfg(feature = "conda")]
        self.conda.record(layer);
        #[cfg(feature = "venv")]
        {
            self.choices.record(layer);
            self.indexes.record(layer);
        }
    }
}

/// What is explained: one resolution per target, and what to call it.
pub(super) struct Answer {
    /// Such as `bundle staging`.
    pub(super) title: String,
    /// In the order of the targets asked.
    pub(super) resolutions: Vec<Resolution>,
}

impl Answer {
    /// Each target's graph, with what to call the target.
    pub(super) fn graphs(&self) -> Vec<(String, Graph)> {
        let graph =
            |resolution: &Resolution| (resolution.target.to_string(), Graph::of(resolution));
        self.resolutions.iter().map(graph).collect()
    }
}

/// Whoever is asked for answers: a lock, or a studio that is opened when it is needed.
pub(super) struct Asking<'a> {
    settings: &'a Settings,
    ask: BundleAsk,
    opened: Option<Opened>,
}

/// A studio, and what `--with` needs beside it.
struct Opened {
    session: Session,
    /// Backend and format.
    with: Option<(String, &'static str)>,
}

impl<'a> Asking<'a> {
    /// Asks as the settings say.
    pub(super) fn new(settings: &'a Settings) -> Result<Self, Report> {
        Ok(Self {
            settings,
            ask: bundle_ask(settings)?,
            opened: None,
        })
    }

    fn opened(&mut self, printer: &Printer) -> Result<&mut Opened, Report> {
        let opened = if let Some(opened) = self.opened.take() {
            opened
        } else {
            let mut session = Session::open(self.settings, printer)?;
            let with = match &self.settings.explaining.with {
                None => None,
                Some(backend) => {
                    let format = session.solved_format(backend)?;
                    session.prepare_emission(&self.settings.emitting(backend, format))?;
                    Some((backend.clone(), format))
                }
            };
            Opened { session, with }
        };
        Ok(self.opened.insert(opened))
    }

    /// The answer that the settings name: what a lock has, or what a studio gives, where the error may be a conflict.
    pub(super) fn try_answer(
        &mut self,
        printer: &mut Printer,
    ) -> Result<Result<Answer, Error>, Report> {
        if self.settings.lock.is_used() {
            let (lock, resolutions) = emitting::resolutions(self.settings, printer)?;
            self.ask.selection = making::selection(lock.subject());
            return Ok(Ok(of_lock(&lock, resolutions)));
        }
        let ask = self.ask.clone();
        let Opened { session, with } = self.opened(printer)?;
        let answer = session.run(async |resolver| {
            let answer = match resolver.resolve_bundle(&ask).await {
                Ok(answer) => answer,
                Err(error) => return Ok(Err(error)),
            };
            let completed = match with {
                None => Ok(answer.resolutions.clone()),
                Some((backend, format)) => {
                    let resolutions = answer.resolutions.clone();
                    resolver.completed(backend, format, resolutions).await
                }
            };
            Ok(completed.map(|resolutions| (answer, resolutions)))
        })?;
        Ok(answer.map(|(answer, resolutions)| {
            for note in &answer.notes {
                printer.warning(note);
            }
            Answer {
                title: format!("bundle {}", answer.bundle.name),
                resolutions,
            }
        }))
    }

    /// As [`Asking::try_answer`], where a conflict is an error like any other.
    pub(super) fn answer(&mut self, printer: &mut Printer) -> Result<Answer, Report> {
        let is_verbose = self.settings.display.verbosity > 0;
        let answer = self.try_answer(printer)?;
        answer.map_err(|error| session::report(&error, is_verbose))
    }

    /// The answer about something else: a lock's file, or a bundle by its name or as `production`, `staging` or `dev`.
    pub(super) fn answer_about(
        &mut self,
        what: &str,
        printer: &mut Printer,
    ) -> Result<Answer, Report> {
        let path = Path::new(what);
        let is_lock = path.is_file() || path.extension().is_some_and(|end| end == "lock");
        let mut settings = self.settings.clone();
        settings.lock = crate::program::settings::Lock {
            named: is_lock.then(|| path.to_owned()),
            ..Default::default()
        };
        if is_lock {
            // Whatever bundle it is of.
            settings.selection = Selection::default();
            let (lock, resolutions) = emitting::resolutions(&settings, printer)?;
            return Ok(of_lock(&lock, resolutions));
        }
        settings.selection.bundle = Some(what.to_owned());
        settings.selection.staging = what == "staging";
        settings.selection.dev = what == "dev";
        let mut other = Asking {
            ask: bundle_ask(&settings)?,
            settings: &settings,
            opened: self.opened.take(),
        };
        let answer = other.answer(printer);
        self.opened = other.opened;
        answer
    }

    /// What of the bundle is not the newest.
    pub(super) fn outdated(&mut self, printer: &Printer) -> Result<Vec<Outdated>, Report> {
        let ask = self.ask.clone();
        let opened = self.opened(printer)?;
        opened.session.run(async |resolver| {
            let answer = resolver.resolve_bundle(&ask).await?;
            resolver.outdated(&ask, &answer).await
        })
    }

    /// Takes the progress line away, so that the answer can be printed.
    pub(super) fn finish(self, printer: &mut Printer) {
        if let Some(opened) = self.opened {
            opened.session.finish(printer);
        }
    }
}

fn of_lock(lock: &Lock, resolutions: Vec<Resolution>) -> Answer {
    let bundle = lock.subject().bundle.as_deref();
    Answer {
        title: bundle.map_or_else(
            || "your request".to_owned(),
            |bundle| format!("bundle {bundle}"),
        ),
        resolutions,
    }
}

/// The one answer that a command explains.
pub(super) fn answer(settings: &Settings, printer: &mut Printer) -> Result<Answer, Report> {
    let mut asking = Asking::new(settings)?;
    let answer = asking.answer(printer)?;
    asking.finish(printer);
    Ok(answer)
}
