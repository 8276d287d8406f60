//! `pypi`: Python packages without a studio. What decides here is the library ([`ayon_resolve::pypi`]).

use clap::Subcommand;

use crate::program::printer::Printer;
use crate::program::setting::Layer;
use crate::program::settings::Settings;
use crate::program::{Report, Verdict};

pub(in crate::program) mod arguments;
mod lock;
mod outputs;
mod telling;

/// What can be asked about Python packages.
#[derive(Debug, Subcommand)]
pub(crate) enum PypiCommand {
    /// Choose versions for requirements, and write them as a lock that uv and pip install
    Lock(Box<lock::LockArguments>),
}

impl PypiCommand {
    /// The words that lead to it.
    pub(crate) fn words(&self) -> &'static [&'static str] {
        match self {
            Self::Lock(_) => &["pypi", "lock"],
        }
    }

    /// Adds what was typed to `layer`.
    pub(crate) fn record(&self, layer: &mut Layer) {
        match self {
            Self::Lock(arguments) => arguments.record(layer),
        }
    }

    /// Does what it says.
    pub(crate) fn run(
        &self,
        settings: &Settings,
        printer: &mut Printer,
    ) -> Result<Verdict, Report> {
        match self {
            Self::Lock(arguments) => lock::run(arguments, settings, printer),
        }
    }
}
