//! Which answer a command explains: the arguments that say so, and the answer, whole.
//!
//! `why`, `tree`, `graph`, `diff` and `outdated` explain the same thing, the answer to the main job. Without `--with` it ends
//! at what addons ask for; with it, at what a solver chose for that. Where an answer comes from is told here alone.

use ayon_explain::Graph;
use ayon_resolve::{BundleAsk, Error, Outdated, Resolution, Selection};
use clap::Args;

#[cfg(feature = "conda")]
use super::conda::arguments::CondaArguments;
#[cfg(feature = "venv")]
use super::pypi::arguments::{ChoiceArguments, IndexArguments};
use crate::program::Report;
use crate::program::flags::{BundleArguments, HintArguments, TargetArguments, list, paths, text};
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
    bundle: BundleArguments,
    #[command(flatten)]
    targets: TargetArguments,
    /// A process: launcher, headless, or a host such as maya/2025; may be given several times [default: launcher]
    #[arg(
        long,
        value_name = "PROCESS",
        value_delimiter = ',',
        help_heading = "What for"
    )]
    process: Vec<String>,
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
        self.bundle.record(layer);
        self.targets.record(layer);
        list(layer, "process", &self.process);
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

/// A studio that is asked for answers.
pub(super) struct Asking {
    session: Session,
    ask: BundleAsk,
    /// Backend and format.
    with: Option<(String, &'static str)>,
    is_verbose: bool,
}

impl Asking {
    /// Opens the studio, and what `--with` needs beside it.
    pub(super) fn open(settings: &Settings, printer: &Printer) -> Result<Self, Report> {
        let ask = bundle_ask(settings)?;
        let mut session = Session::open(settings, printer)?;
        let with = match &settings.explaining.with {
            None => None,
            Some(backend) => {
                let format = session.solved_format(backend)?;
                session.prepare_emission(&settings.emitting(backend, format))?;
                Some((backend.clone(), format))
            }
        };
        Ok(Self {
            session,
            ask,
            with,
            is_verbose: settings.display.verbosity > 0,
        })
    }

    /// The answer about the bundle that the settings name; the error may be a conflict.
    pub(super) fn try_answer(
        &mut self,
        printer: &mut Printer,
    ) -> Result<Result<Answer, Error>, Report> {
        let (ask, with) = (&self.ask, &self.with);
        let answer = self.session.run(async |resolver| {
            let answer = match resolver.resolve_bundle(ask).await {
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
        let is_verbose = self.is_verbose;
        let answer = self.try_answer(printer)?;
        answer.map_err(|error| session::report(&error, is_verbose))
    }

    /// The answer about another bundle, by its name or as `production`, `staging` or `dev`.
    pub(super) fn answer_about(
        &mut self,
        bundle: &str,
        printer: &mut Printer,
    ) -> Result<Answer, Report> {
        let selection = Selection {
            bundle: Some(bundle.to_owned()),
            staging: bundle == "staging",
            dev: bundle == "dev",
            ..self.ask.selection.clone()
        };
        let asked = std::mem::replace(&mut self.ask.selection, selection);
        let answer = self.answer(printer);
        self.ask.selection = asked;
        answer
    }

    /// What of the bundle is not the newest.
    pub(super) fn outdated(&mut self) -> Result<Vec<Outdated>, Report> {
        let ask = &self.ask;
        self.session.run(async |resolver| {
            let answer = resolver.resolve_bundle(ask).await?;
            resolver.outdated(ask, &answer).await
        })
    }

    /// Takes the progress line away, so that the answer can be printed.
    pub(super) fn finish(self, printer: &mut Printer) {
        self.session.finish(printer);
    }
}

/// The one answer that a command explains.
pub(super) fn answer(settings: &Settings, printer: &mut Printer) -> Result<Answer, Report> {
    let mut asking = Asking::open(settings, printer)?;
    let answer = asking.answer(printer)?;
    asking.finish(printer);
    Ok(answer)
}
