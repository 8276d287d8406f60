//! `conda`: channels and what is chosen from them.

use clap::Subcommand;

use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

pub(in crate::program) mod arguments;
mod choice;
mod choosing;
mod lock;
mod telling;

/// What can be asked about conda packages.
#[derive(Debug, Subcommand)]
pub(crate) enum CondaCommand {
    /// Choose packages for specs, and write them as a lock that conda, pixi and conda-lock install
    Lock(Box<lock::LockArguments>),
    /// Choose packages for specs, and list them
    Solve(Box<lock::SolveArguments>),
}

impl CondaCommand {
    /// The words that lead to it.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Lock(_) => &["conda", "lock"],
            Self::Solve(_) => &["conda", "solve"],
        }
    }

    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Lock(arguments) => arguments.record(layer),
            Self::Solve(arguments) => arguments.record(layer),
        }
    }

    /// Does what it says.
    pub(crate) fn run(
        &self,
        settings: &Settings,
        printer: &mut Printer,
    ) -> Result<Verdict, Report> {
        match self {
            Self::Lock(arguments) => lock::lock(arguments, settings, printer),
            Self::Solve(arguments) => lock::solve(arguments, settings, printer),
        }
    }
}
